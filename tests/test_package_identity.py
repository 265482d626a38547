"""What a package is made of: known by its files, or not known, and then never remembered."""

import time

import pytest

from harness.package_identity import (
    home_identity,
    project_identity,
    project_times,
    sources_identity,
)
from harness.pipeline import check
from harness.progress import Progress
from harness.recalling import recall
from harness.runners.executor import Executor
from tests.support import check_settings

PLAIN = '[package]\nname = "one"\nversion = "0.1.0"\nedition = "2021"\n'


def put(file, text=""):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def package(folder, manifest="", source="pub fn one() -> u8 { 1 }\n"):
    name = PLAIN.replace('"one"', f'"{folder.name}"')
    put(folder / "Cargo.toml", manifest.replace("[package]\n", name) if manifest else name)
    put(folder / "src" / "lib.rs", source)
    return folder


def identities(folder):
    return sources_identity(folder), project_identity(folder / "Cargo.toml")


UNKNOWABLE = {
    "build script": '[package]\nbuild = "gen.rs"\n',
    "build scripts": '[package]\nbuild = ["gen.rs", "more.rs"]\n',
    "build script by its usual name": "[package]\nbuild = true\n",
    "library elsewhere": '[package]\n[lib]\npath = "../outside.rs"\n',
    "library at an absolute place": '[package]\n[lib]\npath = "/outside.rs"\n',
    "library in a folder that is left out": '[package]\n[lib]\npath = "target/lib.rs"\n',
    "library in a hidden folder": '[package]\n[lib]\npath = ".hidden/lib.rs"\n',
    "library that is no .rs": '[package]\n[lib]\npath = "src/lib.inc"\n',
    "program elsewhere": '[package]\n[[bin]]\nname = "a"\npath = "../outside.rs"\n',
    "workspace elsewhere": '[package]\nworkspace = "../other"\n',
}


def test_beside_the_packages_of_a_workspace_a_link_does_not_count(tmp_path):
    put(tmp_path / "Cargo.toml", '[workspace]\nmembers = ["one"]\n')
    package(tmp_path / "one")
    (tmp_path / "docs").symlink_to(tmp_path / "one")
    assert project_identity(tmp_path / "Cargo.toml") is not None
    assert project_times(tmp_path / "Cargo.toml") is not None


class TestManifests:
    """A manifest can lead to files that are no files of the package."""

    @pytest.mark.parametrize("manifest", UNKNOWABLE.values(), ids=UNKNOWABLE)
    def test_what_leads_elsewhere_is_unknown(self, tmp_path, manifest):
        assert identities(package(tmp_path / "one", manifest)) == (None, None)

    @pytest.mark.parametrize(
        "manifest",
        [
            "[package]\nbuild = false\n",
            '[package]\n[lib]\npath = "src/lib.rs"\n',
            '[package]\n[lib]\nname = "other"\n',
        ],
    )
    def test_what_stays_inside_is_known(self, tmp_path, manifest):
        assert None not in identities(package(tmp_path / "one", manifest))

    def test_a_module_named_build_is_no_build_script(self, tmp_path):
        folder = package(tmp_path / "one")
        put(folder / "src" / "build.rs", "pub fn build() {}\n")
        assert None not in identities(folder)
        put(folder / "build.rs", "fn main() {}\n")
        assert identities(folder) == (None, None)

    def test_the_old_name_of_the_package_table(self, tmp_path):
        folder = package(tmp_path / "one")
        put(folder / "Cargo.toml", PLAIN.replace("[package]", "[project]"))
        before = project_identity(folder / "Cargo.toml")
        put(folder / "src" / "lib.rs", "pub fn one() -> u16 { 1 }\n")
        assert before is None or project_identity(folder / "Cargo.toml") != before

    def test_a_path_that_the_workspace_states(self, tmp_path):
        put(
            tmp_path / "Cargo.toml",
            '[workspace]\nmembers = ["one"]\n[workspace.dependencies]\ntwo = { path = "two" }\n',
        )
        two = package(tmp_path / "two")
        one = package(tmp_path / "one", "[package]\n[dependencies]\ntwo = { workspace = true }\n")
        before = identities(one)
        put(two / "src" / "lib.rs", "pub fn two() -> u16 { 1 }\n")
        after = identities(one)
        assert before[0] != after[0]
        assert before[1] != after[1]


@pytest.fixture
def linked(tmp_path):
    """A package behind a link that names its neighbour: Cargo takes the one beside the link."""
    package(tmp_path / "real" / "one", '[package]\n[dependencies]\ntwo = { path = "../two" }\n')
    put(tmp_path / "real" / "one" / "src" / "lib.rs", "pub use two::two as one;\n")
    for place in ("real", "up"):
        package(tmp_path / place / "two", source="pub fn two() -> u8 { 1 }\n")
    (tmp_path / "up" / "one").symlink_to(tmp_path / "real" / "one")
    return tmp_path / "up" / "one"


class TestLinks:
    """Cargo joins paths by their text, whatever links lead to."""

    def test_what_stands_beside_the_link(self, linked):
        before = identities(linked)
        put(linked.parent / "two" / "src" / "lib.rs", "pub fn two() -> u16 { 1 }\n")
        assert None not in before
        assert not set(before) & set(identities(linked))

    def test_the_workspace_above_the_link(self, linked):
        before = identities(linked)
        put(linked.parent / "Cargo.toml", "[workspace]\n")
        assert not set(before) & set(identities(linked))

    def test_packages_that_lead_on_without_end(self, tmp_path):
        one = package(tmp_path / "one", '[package]\n[dependencies]\none = { path = "self" }\n')
        (one / "self").symlink_to(one)
        assert identities(one) == (None, None)


LOOKS = 'pub fn f() -> String { std::fs::read_to_string("/x").unwrap() }\n'


class TestMacros:
    """The code of a procedural macro, with all that it links, runs while others are compiled."""

    @pytest.mark.parametrize(
        "library",
        [
            "proc-macro = true",
            "proc_macro = true",
            'crate-type = ["proc-macro"]',
            'crate_type = ["proc-macro"]',
        ],
    )
    def test_one_that_looks_around(self, tmp_path, library):
        manifest = f"[package]\n[lib]\n{library}\n"
        assert None not in identities(package(tmp_path / "one", manifest))
        assert identities(package(tmp_path / "one", manifest, LOOKS)) == (None, None)

    @pytest.mark.parametrize(
        "source",
        [
            "use std::{fs as f, io};",
            "use std::fs::OpenOptions;",
            'fn f() { std::path::Path::new("x").exists(); }',
            'fn f() { std::path::Path::new("x").read_dir().ok(); }',
            "fn f() { std::time::SystemTime::now(); }",
        ],
    )
    def test_ways_to_look_around(self, tmp_path, source):
        manifest = "[package]\n[lib]\nproc-macro = true\n"
        assert identities(package(tmp_path / "one", manifest, source)) == (None, None)

    def test_a_crate_that_it_links(self, tmp_path):
        package(tmp_path / "two", source=LOOKS)
        manifest = (
            '[package]\n[lib]\nproc-macro = true\n[dependencies]\ntwo = { path = "../two" }\n'
        )
        assert identities(package(tmp_path / "one", manifest)) == (None, None)

    def test_a_crate_that_it_links_by_the_workspace(self, tmp_path):
        put(
            tmp_path / "Cargo.toml",
            '[workspace]\nmembers = ["one"]\n[workspace.dependencies]\ntwo = { path = "two" }\n',
        )
        package(tmp_path / "two", source=LOOKS)
        manifest = "[package]\n[lib]\nproc-macro = true\n[dependencies]\ntwo.workspace = true\n"
        assert identities(package(tmp_path / "one", manifest)) == (None, None)

    def test_a_crate_that_it_does_not_link_may_look(self, tmp_path):
        package(tmp_path / "macro", "[package]\n[lib]\nproc-macro = true\n")
        manifest = '[package]\n[dependencies]\nmacro = { path = "../macro" }\n'
        assert None not in identities(package(tmp_path / "one", manifest, LOOKS))


class TestSources:
    """A source that reads what no file of its package tells."""

    @pytest.mark.parametrize(
        "source",
        [
            '#[path = r"../../b.rs"]\nmod b;',
            '#[path = r##"/b.rs"##]\nmod b;',
            '#[path = "b.inc"]\nmod b;',
            'use std::include_str as inc;\npub const X: &str = inc!("../../x.txt");',
            'use std::{fmt, include_bytes as inc};\npub const X: &[u8] = inc!("../../x.txt");',
            'use core::env as e;\npub const X: &str = e!("A_NAME");',
            'macro_rules! i { ($p:literal) => { include_str!($p); } }\ni!("/x");',
            'macro_rules! i { ($m:ident) => { $m!("/x"); } }\ni!(include_str);',
            'include!("made.inc");',
            'pub const X: &str = include_str!(r"/x");',
            'pub const X: &str = include_str!("a/.hidden/x");',
            'pub const X: &str = include_str!("\\x2e\\x2e/x");',
        ],
    )
    def test_unknown(self, tmp_path, source):
        assert identities(package(tmp_path / "one", source=source)) == (None, None)

    @pytest.mark.parametrize(
        "source",
        [
            '#[path = "b.rs"]\nmod b;',
            'include!("made.rs");',
            'pub const X: &str = include_str!("x.txt");',
            'pub static D: Dir = include_dir!("$CARGO_MANIFEST_DIR/assets");',
            "// what we include as text\nuse std::fmt as f;",
        ],
    )
    def test_known(self, tmp_path, source):
        assert None not in identities(package(tmp_path / "one", source=source))


class TestFolders:
    """Which folders of a package hold what may be read."""

    @pytest.mark.parametrize("name", [".sqlx/q.json", "assets/.well-known/a", ".env"])
    def test_counted(self, tmp_path, name):
        folder = package(tmp_path / "one")
        put(folder / name, "1")
        before = (*identities(folder), home_identity(folder))
        put(folder / name, "2")
        after = (*identities(folder), home_identity(folder))
        assert not set(before) & set(after)

    @pytest.mark.parametrize("name", [".sqlx/q.json", ".env"])
    def test_above_a_package_of_a_project(self, tmp_path, name):
        folder = package(tmp_path / "one")
        put(tmp_path / name, "1")
        before = (project_identity(folder / "Cargo.toml"), home_identity(folder))
        put(tmp_path / name, "2")
        assert not set(before) & {project_identity(folder / "Cargo.toml"), home_identity(folder)}

    @pytest.mark.parametrize(
        "name", [".git/a", "deep/.git/a", ".tool/a", "target/a", "made/a", "python/.venv/a"]
    )
    def test_left_out(self, tmp_path, name):
        folder = package(tmp_path / "one")
        put(folder / "made" / "CACHEDIR.TAG")
        put(folder / "python" / ".venv" / "pyvenv.cfg")
        before = (*identities(folder), home_identity(folder))
        put(folder / name, "2")
        assert (*identities(folder), home_identity(folder)) == before
        assert None not in before

    def test_prose_is_no_part_of_a_home(self, tmp_path):
        folder = package(tmp_path / "one")
        before = home_identity(folder)
        put(folder / "README.md", "prose")
        assert home_identity(folder) == before

    def test_a_folder_behind_a_link_is_unknown(self, tmp_path):
        folder = package(tmp_path / "one")
        put(tmp_path / "elsewhere" / "page.html")
        (folder / "templates").symlink_to(tmp_path / "elsewhere")
        assert home_identity(folder) is None


def run(path, folder, **more):
    settings = check_settings(cache=folder / "cache", deps="stub", offline=True, **more)
    report = check([path], settings, Executor(), Progress(is_quiet=True))
    return [verdict.outcome.value for verdict in report.verdicts]


def is_remembered(path, folder):
    settings = check_settings(cache=folder / "cache", deps="stub", offline=True)
    return recall([path], settings).report_toolchain is not None


@pytest.mark.compiler
class TestVerdicts:
    """A changed file from elsewhere turns the page red, whatever the run before said."""

    @pytest.fixture
    def page(self, tmp_path):
        put(tmp_path / "docs" / "harness.toml", '[dependencies]\none = { path = "../one" }\n')
        return put(tmp_path / "docs" / "page.md", "```\nlet x: u8 = one::one();\n```\n")

    def changed(self, page, folder, file, text):
        time.sleep(0.1)
        assert run(page, folder) == ["PASS"]
        put(file, text)
        assert run(page, folder) == ["FAIL"]

    def test_a_package_behind_a_link(self, page, tmp_path, linked):
        manifest = '[package]\n[dependencies]\none = { path = "../up/one" }\n'
        package(tmp_path / "first", manifest, "pub use one::one;\n")
        stated = '[dependencies]\none = { package = "first", path = "../first" }\n'
        put(page.parent / "harness.toml", stated)
        beside = linked.parent / "two" / "src" / "lib.rs"
        self.changed(page, tmp_path, beside, "pub fn two() -> u16 { 1 }\n")

    def test_a_build_script_by_another_name(self, page, tmp_path):
        flag = put(tmp_path / "flag", "")
        source = (
            "#[cfg(wide)]\npub fn one() -> u16 { 1 }\n#[cfg(not(wide))]\npub fn one() -> u8 { 1 }\n"
        )
        package(tmp_path / "one", '[package]\nbuild = "gen.rs"\n', source)
        put(
            tmp_path / "one" / "gen.rs",
            "fn main() {\n"
            f'    println!("cargo::rerun-if-changed={flag}");\n'
            '    println!("cargo::rustc-check-cfg=cfg(wide)");\n'
            f'    if std::fs::read_to_string("{flag}").unwrap() == "wide" {{\n'
            '        println!("cargo::rustc-cfg=wide");\n    }\n}\n',
        )
        self.changed(page, tmp_path, flag, "wide")

    def test_a_library_elsewhere(self, page, tmp_path):
        package(tmp_path / "one", '[package]\n[lib]\npath = "../outside.rs"\n')
        outside = put(tmp_path / "outside.rs", "pub fn one() -> u8 { 1 }\n")
        self.changed(page, tmp_path, outside, "pub fn one() -> u16 { 1 }\n")

    def test_a_path_that_the_workspace_states(self, page, tmp_path):
        put(
            tmp_path / "Cargo.toml",
            '[workspace]\nmembers = ["one", "two"]\n'
            '[workspace.dependencies]\ntwo = { path = "two" }\n',
        )
        source = "pub fn two() -> u8 { 1 }\n"
        two = package(tmp_path / "two", source=source) / "src" / "lib.rs"
        manifest = "[package]\n[dependencies]\ntwo = { workspace = true }\n"
        package(tmp_path / "one", manifest, "pub use two::two as one;\n")
        put(
            page.parent / "harness.toml",
            'project = false\n[dependencies]\none = { path = "../one" }\n',
        )
        self.changed(page, tmp_path, two, source.replace("u8", "u16"))
