"""Who shares a container: compilations in which no code of a document runs, and no others."""

import re

import pytest

from tests.command_line import Page, harness, report_of_run

pytestmark = [pytest.mark.containers, pytest.mark.compiler]

JOBS = 2
USED = re.compile(r"(\d+) containers?, ")
HOSTNAME = """
use proc_macro::TokenStream;

#[proc_macro]
pub fn container(_: TokenStream) -> TokenStream {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap();
    format!("compile_error!(\\"in {}\\");", name.trim()).parse().unwrap()
}
"""
MANIFEST = """
[package]
name = "own"
version = "0.1.0"
edition = "2024"

[lib]
proc-macro = true
"""


def run(folder, cache, *options):
    """The report, and how many containers were used."""
    done = harness(
        "check", ".", "--runner", "docker", "--no-cache", "--jobs", JOBS, *options,
        "--output-format", "json", cwd=folder, cache=cache,
    )  # fmt: skip
    report = report_of_run(done)
    told = "\n".join(report["summary"]["notes"])
    return report, int(USED.search(told)[1])


def test_documents_that_bring_no_code_share_as_many_containers_as_compile_side_by_side(
    containers, tmp_path
):
    for number in range(6):
        page = Page()
        for block in range(3):
            page.add(f"wrong {block}", f'let x{block}: u8 = "{number}";')
        page.write(tmp_path / "book", f"page-{number}.md")
    report, used = run(tmp_path / "book", tmp_path / "cache", "--isolate")
    assert {verdict["reason"] for verdict in report["verdicts"]} == {"compile-error"}
    assert report["summary"]["compilations"] >= 18
    assert used <= JOBS


@pytest.mark.network
def test_bases_of_our_registry_are_fetched_and_built_in_one_container_each(containers, tmp_path):
    for number, names in enumerate((("lru",), ("uuid",), ("lru", "uuid"))):
        uses = "".join(f"use {name} as _;\n" for name in names)
        Page().add("uses", uses).write(tmp_path / "book", f"page-{number}.md")
    report, used = run(tmp_path / "book", tmp_path / "cache")
    assert {verdict["outcome"] for verdict in report["verdicts"]} == {"PASS"}
    # Twice as many for compilers: the first fetch makes a folder of sources that they are to see.
    assert used <= 2 + 2 * JOBS


def test_macros_that_a_document_brings_never_run_in_the_container_of_another(containers, tmp_path):
    root = tmp_path / "book"
    (root / ".git").mkdir(parents=True)
    (root / "own" / "src").mkdir(parents=True)
    (root / "own" / "Cargo.toml").write_text(MANIFEST)
    (root / "own" / "src" / "lib.rs").write_text(HOSTNAME)
    (root / "harness.toml").write_text('[dependencies]\nown = { path = "own" }\n')
    for number in range(3):
        page = Page().add("std", 'let x: u8 = "";')
        for block in range(2):
            page.add(f"where {block}", f"own::container!();\nlet x = {block};")
        page.write(root, f"page-{number}.md")
    report, _ = run(root, tmp_path / "cache")
    seen = {}
    for verdict in report["verdicts"]:
        for name in re.findall(r"\bin ([0-9a-f]{12})\b", str(verdict["diagnostics"])):
            seen.setdefault(name, set()).add(verdict["path"])
    assert {path for paths in seen.values() for path in paths} == {
        f"page-{number}.md" for number in range(3)
    }
    assert all(len(paths) == 1 for paths in seen.values()), seen
