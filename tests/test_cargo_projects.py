"""Documents that live in a Cargo project: its crates, without configuration, as Cargo has them."""

import shutil
import subprocess

import pytest

from tests.command_line import ROOT, Page, harness, judged, report_of_run

pytestmark = pytest.mark.compiler
FIXTURE = ROOT / "fixtures" / "cargo-project"


def package(folder, name, text, manifest="", *, edition="2021"):
    """A package on disk."""
    (folder / "src").mkdir(parents=True, exist_ok=True)
    (folder / "Cargo.toml").write_text(
        f'[package]\nname = "{name}"\nversion = "1.2.3"\nedition = "{edition}"\n{manifest}'
    )
    (folder / "src" / "lib.rs").write_text(text)
    return folder


def everything_in(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def one(tmp_path):
    """One package, a sibling that it uses, and another that only its tests use."""
    package(tmp_path / "near", "near-by", "pub fn one() -> u8 { 1 }\n")
    package(tmp_path / "aid", "aid", "pub fn two() -> u8 { 2 }\n")
    return package(
        tmp_path / "main",
        "main-crate",
        "pub fn three() -> u8 { near_by::one() + 2 }\n",
        '[dependencies]\nnear-by = { path = "../near" }\n'
        '[dev-dependencies]\nhelper = { path = "../aid", package = "aid" }\n',
    )


def test_a_page_in_a_package_uses_it_its_dependencies_and_its_dev_dependencies(one, tmp_path):
    page = Page()
    page.add("own", "assert_eq!(main_crate::three(), 3);")
    page.add("dependency", "assert_eq!(near_by::one(), 1);")
    page.add("dev-dependency", "assert_eq!(helper::two(), 2);")
    page.add("no such function", "main_crate::four();")
    page.add("no such crate", "aid::two();")
    page.add("std", "let a = 1;")
    found = judged(page, one / "book" / "src", "test", cache=tmp_path / "cache")
    reasons = {name: verdict["reason"] for name, verdict in found.items()}
    assert reasons == {
        "own": "ran",
        "dependency": "ran",
        "dev-dependency": "ran",
        "no such function": "compile-error",
        "no such crate": "unknown-crate",
        "std": "ran",
    }
    assert found["own"]["basis"]["crates"] == ["main_crate 1.2.3 real"]


def test_nothing_is_written_into_a_project_that_has_no_lock(one, tmp_path_factory):
    page = Page().add("own", "main_crate::three();").write(one)
    before = everything_in(one.parent)
    cache = tmp_path_factory.mktemp("cache")
    assert harness("check", page, cwd=one, cache=cache).returncode == 0
    assert everything_in(one.parent) == before


def test_a_change_of_a_public_function_turns_an_unchanged_page_red(one, tmp_path):
    page = Page().add("own", "let a: u8 = main_crate::three();").add("near", "near_by::one();")
    cache = tmp_path / "cache"
    assert judged(page, one, cache=cache)["own"]["outcome"] == "PASS"
    again = harness("check", "page.md", cwd=one, cache=cache)
    assert "0 compilations" in again.stdout, "the second run is not one that remembers"
    (one / "src" / "lib.rs").write_text("pub fn three() -> u16 { 3 }\n")
    changed = judged(page, one, cache=cache)
    assert changed["own"]["codes"] == ["E0308"]
    assert changed["near"]["outcome"] == "PASS"
    (one.parent / "near" / "src" / "lib.rs").write_text("pub fn two() {}\n")
    assert judged(page, one, cache=cache)["near"]["codes"] == ["E0425"]


# The workspace in fixtures/cargo-project

RUNS = {
    "book": ("book",),
    "book-of-tools": ("book", "--package", "tools"),
    "book-of-shapes": ("book", "-p", "shapes"),
    "book-with-features": ("book", "--features", "shapes/round,shapes/extra"),
    "book-with-all-features": ("book", "--all-features"),
    "book-without-default-features": ("book", "--no-default-features"),
    "book-of-no-project": ("book", "--no-project"),
    "readmes": ("shapes", "tools"),
}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """A copy, as a repository of its own; and a cache that its runs share."""
    folder = tmp_path_factory.mktemp("project") / "shapes"
    shutil.copytree(FIXTURE, folder, ignore=shutil.ignore_patterns("expected", "target"))
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    return folder, tmp_path_factory.mktemp("cache")


def verdicts_of(*arguments, workspace, verb="test"):
    folder, cache = workspace
    done = harness(verb, *arguments, "--output-format", "json", cwd=folder, cache=cache)
    return report_of_run(done)["verdicts"]


def told(verdict):
    line = f"{verdict['id']}: {verdict['reason']} {','.join(verdict['codes'])}".rstrip()
    crates = ", ".join(verdict["basis"]["crates"])
    return f"{line} [{crates}]" if crates else line


@pytest.mark.network
@pytest.mark.parametrize("name", RUNS)
def test_every_block_of_the_workspaces_pages_has_its_verdict(name, workspace, bless):
    found = verdicts_of(*RUNS[name], workspace=workspace)
    text = "".join(f"{told(verdict)}\n" for verdict in sorted(found, key=lambda v: v["id"]))
    bless(FIXTURE / "expected" / f"{name}.txt", text)


@pytest.mark.network
def test_packed_and_isolated_agree_on_a_project(workspace):
    every = [
        sorted(map(told, verdicts_of("book", "shapes", "tools", *more, workspace=workspace)))
        for more in ((), ("--isolate",), ("--no-cache",))
    ]
    assert every[0] == every[1] == every[2]


@pytest.mark.network
def test_the_locked_versions_are_used_though_newer_ones_exist(workspace):
    found = verdicts_of("shapes/README.md", workspace=workspace)
    crates = {crate for verdict in found for crate in verdict["basis"]["crates"]}
    assert {"itoa 1.0.6 real", "fastrand 2.0.1 real"} <= crates


@pytest.mark.network
def test_no_run_writes_into_the_workspace(workspace):
    folder, _ = workspace
    before = everything_in(folder)
    verdicts_of("book", workspace=workspace)
    assert everything_in(folder) == before
