"""Documents that live in a Cargo project: its crates, without configuration, as Cargo has them."""

import pytest

from tests.command_line import Page, harness, judged

pytestmark = pytest.mark.compiler


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
