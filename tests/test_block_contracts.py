"""A contract on one block: what it sees, what it says, and when it is left out."""

import json

import pytest

from tests.command_line import harness

PAGE = """# Doubling

```rust
pub fn double(x: u64) -> u64 {
    offset() + 2 * x
}
```

# Halving

```rust
pub fn half(x: u64) -> u64 {
    x / 2
}
```
"""
CONFIGURATION = """
[snippets.double]
heading = "Doubling"
context = "natural.rs"
contract = "double.rs"

[snippets.half]
heading = "Halving"
contract = "half.real.rs"
"""
CONTRACT = """use super::*;

/// P1 twice is twice
#[test]
fn twice() {
    assert_eq!(double(2), 4);
}

/// P2 nothing doubled is nothing
#[test]
fn nothing() {
    assert_eq!(double(0), OFFSET);
}
"""

pytestmark = pytest.mark.compiler


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    (folder / "page.md").write_text(PAGE)
    (folder / "harness.toml").write_text(CONFIGURATION)
    (folder / "natural.rs").write_text('fn offset() -> u64 { unimplemented!("never run") }\n')
    (folder / "double.context.rs").write_text(
        "const OFFSET: u64 = 1;\nfn offset() -> u64 { OFFSET }\n"
    )
    (folder / "double.rs").write_text(CONTRACT)
    (folder / "half.real.rs").write_text(
        "use super::*;\n/// P3 halves\n#[test]\nfn halves() { assert_eq!(half(3), 1); }\n"
    )
    return folder


def _contracts(folder, *options):
    done = harness("test", "page.md", *options, "--output-format", "json", cwd=folder)
    verdicts = json.loads(done.stdout)["verdicts"]
    found = {v["id"]: v for v in verdicts if v["kind"] == "contract"}
    return done.returncode, found


def test_a_block_runs_below_its_fakes_and_each_test_has_a_verdict(folder):
    code, found = _contracts(folder)
    assert code == 1
    assert sorted(found) == ["page/double/contract/nothing", "page/double/contract/twice"]
    kept, broken = (found[f"page/double/contract/{name}"] for name in ("nothing", "twice"))
    assert kept["reason"] == "kept"
    assert (broken["reason"], broken["path"], broken["line"]) == ("broken-promise", "double.rs", 5)
    assert broken["message"].startswith("P1 twice is twice")


def test_a_selection_takes_the_contracts_of_its_blocks(folder):
    assert len(_contracts(folder, "--select", "page/double")[1]) == 2
    code, found = _contracts(folder, "--select", "page/half")
    assert (code, found) == (0, {})


def test_real_contracts_wait_for_real_crates(folder):
    _, found = _contracts(folder, "--select", "page/half", "--deps", "real")
    assert [v["reason"] for v in found.values()] == ["kept"]


def test_without_context_there_is_no_contract(folder):
    assert _contracts(folder, "--context", "none")[1] == {}


def test_a_contract_that_is_missing_is_an_error(folder, tmp_path):
    (tmp_path / "page.md").write_text(PAGE)
    (tmp_path / "harness.toml").write_text(CONFIGURATION.replace('context = "natural.rs"\n', ""))
    done = harness("test", "page.md", cwd=tmp_path)
    assert done.returncode == 3
    assert "double.rs" in done.stderr


def test_a_contract_that_does_not_fit_its_block_is_a_finding(folder, tmp_path):
    for file in folder.iterdir():
        if file.is_file():
            (tmp_path / file.name).write_text(file.read_text())
    (tmp_path / "double.rs").write_text(CONTRACT.replace("double(2)", "treble(2)"))
    _, found = _contracts(tmp_path, "--select", "page/double")
    assert [v["reason"] for v in found.values()] == ["compile-error"]
