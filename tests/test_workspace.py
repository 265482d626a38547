"""`check --workspace DIR`: plain Cargo says of each written unit what the report says."""

import json
import os
import subprocess
import tomllib

import pytest

from harness.workspace import package_name
from tests.command_line import Page, by_name, harness, report_of_run

pytestmark = pytest.mark.compiler

BLOCKS = {
    "statements": "let a = 1;\nassert_eq!(a, 1);",
    "items": "pub struct Point { pub x: f64 }\n"
    "impl Point { pub fn new(x: f64) -> Self { Self { x } } }",
    "uses items": "let p = Point::new(1.0);\nassert!(p.x > 0.0);",
    "main": 'fn main() {\n    println!("main");\n}',
    "question": 'let n: u8 = "1".parse()?;\n# Ok::<(), std::num::ParseIntError>(())',
    "question without end": 'let n: u8 = "1".parse()?;',
    "asynchronous": "async fn one() -> u8 { 1 }\nlet n = one().await;",
    "method": "fn double(&self) -> u8 { 2 }",
    "context": "pub fn audit(ledger: &Ledger) -> u64 { ledger.total() }",
    "crate": "pub fn fill(cell: &mut near::Cell) { cell.put(3); }",
    "crate statement": "let mut cell = near::Cell::default();\ncell.put(3);",
    "async items": "pub async fn wait() -> u8 { std::future::ready(1).await }",
    "wrong type": 'let a: u8 = "";',
    "wrong method": "let s = String::new();\ns.no_such_method();",
    "wrong name": "let a = no_such_name;",
    "wrong use of crate": "let a: String = near::Cell::default();",
    "wrong use of context": "pub fn audit(ledger: &Ledger) -> u64 { ledger.sum() }",
    "moved": "let a = String::new();\nlet b = a;\nlet c = a;",
    "should panic": 'panic!("x");',
    "older edition": "let async = 1;",
    "wrong in tests aside": "pub fn three() -> u8 { 3 }",
}
INFOS = {"should panic": "rust,should_panic", "older edition": "rust,edition2015"}


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("written")
    crate = folder / "near"
    (crate / "src").mkdir(parents=True)
    (crate / "Cargo.toml").write_text(
        '[package]\nname = "near"\nversion = "1.0.0"\nedition = "2021"\n[workspace]\n'
    )
    (crate / "src" / "lib.rs").write_text(
        "#[derive(Default)]\npub struct Cell(u8);\n"
        "impl Cell { pub fn put(&mut self, n: u8) { self.0 = n } }\n"
    )
    (folder / "ledger.rs").write_text(
        "pub struct Ledger(u64);\nimpl Ledger { pub fn total(&self) -> u64 { self.0 } }\n"
    )
    (folder / "harness.toml").write_text(f'[dependencies]\nnear = {{ path = "{crate}" }}\n')
    page = Page()
    for name, code in BLOCKS.items():
        comment = '<!-- harness: context = "ledger.rs" -->\n' if "Ledger" in code else ""
        page.add(name, code, INFOS.get(name, "rust"), comment)
    page.add("stated to fail", 'let a: u8 = "";', "rust,compile_fail")
    page.write(folder)
    done = harness(
        "check", "page.md", "--workspace", folder / "out", "--output-format", "json", cwd=folder
    )
    return page, by_name(page, report_of_run(done)), folder / "out"


def cargo_says(folder):
    """For each package of a workspace, whether plain `cargo check` accepts it."""
    done = subprocess.run(
        ["cargo", "check", "--offline", "--keep-going", "--message-format", "json"],
        cwd=folder,
        capture_output=True,
        env={k: v for k, v in os.environ.items() if k != "RUSTFLAGS"},
        timeout=200,
        check=False,
    )
    accepted, rejected = set(), set()
    for line in done.stdout.splitlines():
        message = json.loads(line)
        if message["reason"] == "compiler-artifact":
            accepted.add(message["target"]["name"])
        elif message["reason"] == "compiler-message" and message["message"]["level"] == "error":
            rejected.add(message["target"]["name"])
    assert accepted | rejected, done.stderr.decode()
    plain = {name.replace("-", "_") for name in accepted}
    return plain, {name.replace("-", "_") for name in rejected}


@pytest.fixture(scope="module")
def said(written):
    folders = [path.parent for path in sorted(written[2].glob("*/Cargo.toml"))]
    assert len(folders) >= 2, "one workspace a base"
    accepted, rejected = set(), set()
    for folder in folders:
        plain, wrong = cargo_says(folder)
        accepted |= plain
        rejected |= wrong
    return accepted, rejected


@pytest.mark.parametrize("name", BLOCKS)
def test_plain_cargo_says_what_the_report_says(name, written, said):
    verdict = written[1][name]
    package = package_name(verdict["id"]).replace("-", "_")
    accepted, rejected = said
    assert package in accepted | rejected, "Cargo did not see the unit"
    assert (package in accepted and package not in rejected) == (verdict["outcome"] == "PASS"), (
        verdict
    )


def test_the_document_has_units_of_both_kinds(written):
    outcomes = [written[1][name]["outcome"] for name in BLOCKS]
    assert outcomes.count("PASS") >= 10
    assert outcomes.count("FAIL") >= 6


def test_each_block_is_one_package_and_the_workspace_says_what_it_rests_on(written):
    found = {path.parent.name for path in written[2].glob("*/unit-*/Cargo.toml")}
    assert found == {package_name(v["id"]) for v in written[1].values()}
    told = (written[2] / "BASES.txt").read_text()
    assert "near" in told
    assert "std: no crates" in told


def test_every_manifest_holds_only_its_own(written):
    for path in written[2].glob("*/unit-*/Cargo.toml"):
        manifest = tomllib.loads(path.read_text())
        assert manifest["package"]["name"] == path.parent.name
        assert set(manifest.get("dependencies", {})) <= {"near"}
        assert manifest["package"]["publish"] is False


def test_the_code_of_a_block_stands_in_its_unit_word_for_word(written):
    for name, code in BLOCKS.items():
        package = package_name(written[1][name]["id"])
        text = "".join(p.read_text() for p in written[2].glob(f"*/{package}/src/*.rs"))
        for line in code.split("\n"):
            assert line.removeprefix("# ").strip() in text


def test_writing_again_changes_nothing_and_what_is_gone_is_gone(written, tmp_path):
    page = Page().add("one", "let a = 1;").add("two", "let b = 2;")
    page.write(tmp_path)
    options = ("check", "page.md", "--workspace", "out", "--output-format", "json")
    harness(*options, cwd=tmp_path)
    before = {
        p: (p.stat().st_mtime_ns, p.read_bytes())
        for p in (tmp_path / "out").rglob("*")
        if p.is_file()
    }
    harness(*options, cwd=tmp_path)
    after = {
        p: (p.stat().st_mtime_ns, p.read_bytes())
        for p in (tmp_path / "out").rglob("*")
        if p.is_file()
    }
    assert before == after
    Page().add("one", "let a = 1;").write(tmp_path)
    harness(*options, cwd=tmp_path)
    members = tomllib.loads((tmp_path / "out" / "std" / "Cargo.toml").read_text())
    assert len(members["workspace"]["members"]) == 1


def test_a_workspace_inside_another_cargo_project_is_a_workspace_of_its_own(tmp_path):
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "lib.rs").write_text("")
    (tmp_path / "Cargo.toml").write_text(
        '[package]\nname = "outer"\nversion = "1.0.0"\nedition = "2021"\n[workspace]\n'
    )
    Page().add("one", "let a = 1;").write(tmp_path)
    harness("check", "page.md", "--workspace", "out", cwd=tmp_path)
    accepted, rejected = cargo_says(tmp_path / "out" / "std")
    assert len(accepted) == 1
    assert not rejected
