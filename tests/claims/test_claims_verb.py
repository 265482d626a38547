"""`harness claims` and `harness check --claims` as a user runs them."""

# ruff: noqa: RUF001

import json
from pathlib import Path

import pytest

from tests.command_line import harness

WRONG = "# Page\n\nTogether 15 ms + 8 ms = 24 ms.\n"
RIGHT = WRONG.replace("24", "23")
PROMISE = """# Page

The sum of two and three is 5.

```rust
pub fn sum(a: u32, b: u32) -> u32 {
    a + b
}
```
"""
CONTRACT = """use super::*;

/// P.1 the sum is five
#[test]
fn adds() {
    assert_eq!(sum(2, 3), 5);
}
"""
BOUND = '[claims]\nsum = { figure = "5", contract = "P.1" }\n'


def folder(tmp_path: Path, **files: str) -> Path:
    """A repository with some files; `a__b_c` stands for `a/b.c`."""
    own = tmp_path / "own"
    for name, text in {"page_md": WRONG, **files}.items():
        place, _, ending = name.replace("__", "/").rpartition("_")
        path = own / f"{place}.{ending}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (own / ".git").mkdir(exist_ok=True)
    return own


def reasons(own: Path, cache: Path, *options: object, verb: str = "claims") -> list[str]:
    """The reasons of a run's verdicts on numbers, in order."""
    done = harness(verb, "--output-format", "json", *options, cwd=own, cache=cache)
    verdicts = json.loads(done.stdout)["verdicts"]
    return [v["reason"] for v in verdicts if v["kind"] == "claim"]


def test_a_known_finding_does_not_gate_and_a_new_one_does(tmp_path: Path) -> None:
    own, cache = folder(tmp_path), tmp_path / "cache"
    assert harness("claims", cwd=own, cache=cache).returncode == 1
    accepted = harness("claims", "--update-baseline", cwd=own, cache=cache)
    assert (accepted.returncode, "+1 −0" in accepted.stdout) == (0, True), accepted.stdout
    assert 'verb = "claims"' in (own / "harness-baseline.toml").read_text()
    assert harness("claims", cwd=own, cache=cache).returncode == 0
    (own / "page.md").write_text(WRONG + "\nAnd 1 ms + 1 ms = 3 ms.\n")
    again = harness("claims", cwd=own, cache=cache)
    assert again.returncode == 1
    assert "page.md:5:19" in again.stdout
    assert "page.md:3" not in again.stdout


def test_a_finding_that_is_gone_gates_until_it_is_taken_out(tmp_path: Path) -> None:
    own, cache = folder(tmp_path), tmp_path / "cache"
    harness("claims", "--update-baseline", cwd=own, cache=cache)
    (own / "page.md").write_text(RIGHT)
    assert harness("claims", cwd=own, cache=cache).returncode == 1
    assert harness("claims", "--allow-stale", cwd=own, cache=cache).returncode == 0
    pruned = harness("claims", "--prune-baseline", cwd=own, cache=cache)
    assert (pruned.returncode, "+0 −1" in pruned.stdout) == (0, True), pruned.stdout
    assert harness("claims", cwd=own, cache=cache).returncode == 0


def test_a_number_is_selected_by_its_place_or_id(tmp_path: Path) -> None:
    own, cache = folder(tmp_path, page_md=WRONG + "\nAlso 7 ms.\n"), tmp_path / "cache"
    assert reasons(own, cache) == ["disputed", "disputed", "claim-wrong", "unaccounted"]
    assert reasons(own, cache, "--select", "page.md:5") == ["unaccounted"]
    assert reasons(own, cache, "--select", "page/page#24-ms-1") == ["claim-wrong"]
    assert harness("claims", "--select", "page.md:9", cwd=own, cache=cache).returncode == 5


def test_a_claim_of_a_document_that_is_not_there_is_refused(tmp_path: Path) -> None:
    table = (
        '[claims]\nx = { document = "DOC", figure = "24 ms", kind = "external", reason = "r" }\n'
    )
    own, cache = folder(tmp_path, harness_toml=table.replace("DOC", "page")), tmp_path / "cache"
    assert reasons(own, cache)[2] == "claim-wrong"
    (own / "other.md").write_text("nothing\n")
    assert harness("claims", cwd=own, cache=cache).returncode == 1
    (own / "harness.toml").write_text(table.replace("DOC", "pgae"))
    refused = harness("claims", cwd=own, cache=cache)
    assert refused.returncode == 3
    assert "no document is called `pgae`" in refused.stderr
    assert harness("claims", "other.md", cwd=own, cache=cache).returncode == 0


@pytest.mark.compiler
def test_one_report_holds_blocks_and_numbers(tmp_path: Path) -> None:
    text = WRONG + "\n```rust\nlet x: u8 = 300;\n```\n"
    own, cache = folder(tmp_path, page_md=text), tmp_path / "cache"
    done = harness("check", "--claims", cwd=own, cache=cache)
    assert done.returncode == 1
    assert "error[claim-wrong] page.md:3:25" in done.stdout
    assert "error[overflowing_literals] page.md:6:13" in done.stdout
    assert "claims    3 in 1 document = 1 claim-wrong + 2 disputed" in done.stdout
    assert "blocks    1 in 1 document = 0 pass + 1 fail" in done.stdout
    accepted = harness("check", "--claims", "--update-baseline", cwd=own, cache=cache)
    assert accepted.returncode == 0, accepted.stdout
    known = (own / "harness-baseline.toml").read_text()
    assert (known.count('verb = "claims"'), known.count('verb = "check"')) == (1, 1)
    both = harness("check", "--claims", cwd=own, cache=cache)
    assert both.returncode == 0
    assert "known     2 in harness-baseline.toml, none gone\n" in both.stdout
    alone = harness("check", cwd=own, cache=cache)
    assert "known     1 in harness-baseline.toml, none gone, 1 not judged" in alone.stdout


@pytest.mark.compiler
def test_blocks_are_run_and_numbers_are_held_to_that_very_run(tmp_path: Path) -> None:
    text = PROMISE.replace("is 5.", "is 5, which takes 2 ms + 3 ms = 6 ms.")
    text += "\n```rust\nassert_eq!(1 + 1, 3);\n```\n"
    bound = '[claims]\nsum = { quote = "three is 5", contract = "P.1" }\n'
    own = folder(tmp_path, page_md=text, contracts__page_rs=CONTRACT, claims__page_toml=bound)
    cache, report = tmp_path / "cache", tmp_path / "report.json"
    options = ("test", "--claims", "--report", f"json={report}")
    done = harness(*options, cwd=own, cache=cache)
    assert done.returncode == 1, done.stderr
    assert "error[claim-wrong] page.md:3:" in done.stdout
    assert "stated 6 ms, recomputed 5 ms: 2 ms + 3 ms = 5 ms" in done.stdout
    verdicts = json.loads(report.read_text())["verdicts"]
    assert [v["reason"] for v in verdicts if v["kind"] == "claim"] == [
        "kept",
        *("disputed", "disputed", "claim-wrong"),
    ]
    ran = {v["kind"]: v["outcome"] for v in verdicts if v["kind"] != "claim"}
    assert ran["contract"] == "PASS"
    assert [v["reason"] for v in verdicts if v["kind"] == "snippet"][1] == "panicked"
    right = text.replace("= 6 ms", "= 5 ms").replace("assert_eq!(1 + 1, 3)", "assert_eq!(1 + 1, 2)")
    (own / "page.md").write_text(right)
    assert harness(*options, cwd=own, cache=cache).returncode == 0
    (own / "page.md").write_text(right.replace("a + b", "a * b"))
    broken = harness(*options, cwd=own, cache=cache)
    assert broken.returncode == 1
    verdicts = json.loads(report.read_text())["verdicts"]
    assert next(v for v in verdicts if v["kind"] == "claim")["reason"] == "broken-promise"


@pytest.mark.compiler
def test_a_behaviour_claim_takes_its_contracts_verdict(tmp_path: Path) -> None:
    own = folder(tmp_path, page_md=PROMISE, contracts__page_rs=CONTRACT, claims__page_toml=BOUND)
    cache = tmp_path / "cache"
    assert reasons(own, cache) == ["not-run"]
    assert reasons(own, cache, verb="check") == []
    assert reasons(own, cache) == ["not-run"], "check compiles a contract and runs nothing"
    report = own / "report.json"
    tested = harness("test", "--report", f"json={report}", cwd=own, cache=cache)
    assert tested.returncode == 0, tested.stdout
    assert reasons(own, cache) == ["kept"]
    harness("check", cwd=own, cache=cache)
    assert reasons(own, cache) == ["kept"], "what the last test run said still holds"
    (own / "page.md").write_text(PROMISE.replace("a + b", "a * b"))
    assert reasons(own, cache) == ["not-run"], "another text of the page was never run"
    assert reasons(own, cache, "--report-from", report) == ["kept"]
    harness("test", cwd=own, cache=cache)
    assert reasons(own, cache) == ["broken-promise"]
    assert harness("claims", cwd=own, cache=cache).returncode == 1
    assert harness("claims", "--report-from", own / "page.md", cwd=own, cache=cache).returncode == 3


@pytest.mark.compiler
def test_what_is_kept_is_small_and_can_be_spoilt(tmp_path: Path) -> None:
    own = folder(tmp_path, page_md=PROMISE, contracts__page_rs=CONTRACT, claims__page_toml=BOUND)
    cache = tmp_path / "cache"
    harness("test", cwd=own, cache=cache)
    (kept,) = (cache / "last").iterdir()
    assert kept.stat().st_size < 1000
    kept.write_text("{")
    assert reasons(own, cache) == ["not-run"]
    harness("test", "--no-cache", cwd=own, cache=cache)
    assert kept.read_text() == "{"


CRATE = '[package]\nname = "one"\nversion = "0.1.0"\nedition = "2021"\n'
TWO = "pub fn two() -> u32 { 2 }\n"
CALLING = PROMISE.replace("    a + b", "    a + b + one::two() - 2")


@pytest.mark.compiler
@pytest.mark.parametrize("where", ["path", "project"])
def test_what_was_kept_is_forgotten_with_the_code_that_the_page_calls(
    tmp_path: Path, where: str
) -> None:
    own = folder(tmp_path, page_md=CALLING, contracts__page_rs=CONTRACT, claims__page_toml=BOUND)
    library = tmp_path / ("one" if where == "path" else "own") / "src" / "lib.rs"
    library.parent.mkdir(parents=True)
    library.write_text(TWO)
    (library.parents[1] / "Cargo.toml").write_text(CRATE)
    if where == "path":
        (own / "harness.toml").write_text('[dependencies]\none = { path = "../one" }\n')
    cache = tmp_path / "cache"
    tested = harness("test", cwd=own, cache=cache)
    assert tested.returncode == 0, tested.stdout
    assert reasons(own, cache) == ["kept"]
    library.write_text(TWO.replace("2 }", "3 }"))
    assert reasons(own, cache) == ["not-run"]
    harness("test", "--select", "no-such", cwd=own, cache=cache)
    assert reasons(own, cache) == ["not-run"]
    harness("test", cwd=own, cache=cache)
    assert reasons(own, cache) == ["broken-promise"]


@pytest.mark.compiler
def test_what_a_run_with_other_options_decided_stands_beside(tmp_path: Path) -> None:
    own = folder(tmp_path, page_md=PROMISE, contracts__page_rs=CONTRACT, claims__page_toml=BOUND)
    cache = tmp_path / "cache"
    harness("test", "--deps", "stub", cwd=own, cache=cache)
    harness("check", "--deps", "real", "--no-project", cwd=own, cache=cache)
    assert reasons(own, cache) == ["kept"]
    (own / "Cargo.toml").write_text(CRATE)
    assert reasons(own, cache) == ["not-run"], "the page is in a project now"
