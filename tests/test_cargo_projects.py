"""Documents that live in a Cargo project: its crates, without configuration, as Cargo has them."""

import shutil
import subprocess

import pytest

from tests.command_line import ROOT, Page, harness, judged, report_of_run

pytestmark = pytest.mark.compiler
FIXTURE = ROOT / "fixtures" / "cargo-project"


def package(folder, name, text, manifest="", *, edition="2021", version="1.2.3"):
    """A package on disk."""
    (folder / "src").mkdir(parents=True, exist_ok=True)
    (folder / "Cargo.toml").write_text(
        f'[package]\nname = "{name}"\nversion = "{version}"\nedition = "{edition}"\n{manifest}'
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
def test_a_second_run_remembers_though_a_build_script_may_read_anything(workspace):
    folder, cache = workspace
    for _ in range(2):
        done = harness("check", "shapes", cwd=folder, cache=cache)
    assert "0 compilations" in done.stdout
    script = folder / "shapes" / "build.rs"
    script.write_text(script.read_text().replace("usize = 4", "u8 = 4"))
    done = harness("check", "shapes", cwd=folder, cache=cache)
    assert "0 compilations" not in done.stdout


@pytest.mark.network
def test_no_run_writes_into_the_workspace(workspace):
    folder, _ = workspace
    before = everything_in(folder)
    verdicts_of("book", workspace=workspace)
    assert everything_in(folder) == before


# What goes wrong


def reasons(page, folder, *options, cache):
    found = judged(page, folder, "check", *options, cache=cache)
    return {name: verdict["reason"] for name, verdict in found.items()}


def run_on(page, folder, *options, cache):
    page.write(folder)
    return harness("check", "page.md", *options, cwd=folder, cache=cache)


def findings(page, folder, *options, cache):
    done = run_on(page, folder, *options, "--output-format", "json", cache=cache)
    report = report_of_run(done)
    told = [v for v in report["verdicts"] if v["reason"] == "project-broken"]
    others = {v["id"].rpartition("/")[2]: v["reason"] for v in report["verdicts"]}
    return done.returncode, told, others


def test_a_package_that_does_not_build_is_one_finding_and_no_failure_of_a_block(one, tmp_path):
    (one / "src" / "lib.rs").write_text('pub fn three() -> u8 { "" }\n')
    page = Page().add("own", "main_crate::three();").add("again", "use main_crate::three;")
    page.add("near", "near_by::one();").add("std", "let a = 1;")
    code, told, reasons = findings(page, one, cache=tmp_path / "cache")
    assert code == 6
    assert [v["path"].rpartition("/")[2] for v in told] == ["Cargo.toml"]
    assert "main_crate does not compile: E0308" in told[0]["message"]
    assert "src/lib.rs:1" in told[0]["message"]
    assert reasons["own-1"] == reasons["again-1"] == "needs-project"
    assert reasons["near-1"] == reasons["std-1"] == "compiles"
    text = run_on(page, one, cache=tmp_path / "cache").stdout
    assert "--no-project" in text
    assert text.count("does not compile") == 1


def test_a_broken_project_hides_no_fault_of_a_block_that_needs_none_of_it(one, tmp_path):
    (one / "src" / "lib.rs").write_text("pub fn three( {\n")
    page = Page().add("own", "main_crate::three();").add("broken", 'let a: u8 = "";')
    code, told, reasons = findings(page, one, cache=tmp_path / "cache")
    assert (code, len(told), reasons["broken-1"]) == (1, 1, "compile-error")


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        ("[package]\nname = 3\n", "invalid type"),
        ("[workspace]\nmembers = ['nowhere']\n", "nowhere"),
        ("[package]\nname = 'x'\nversion = '1.0.0'\n[dependencies]\ny = { path = 'y' }\n", "y"),
        ("no toml", "Cargo.toml"),
    ],
)
def test_a_project_that_cannot_be_read_is_one_finding(manifest, said, tmp_path):
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "lib.rs").write_text("")
    (tmp_path / "Cargo.toml").write_text(manifest)
    page = Page().add("crate", "use some_crate::Thing;").add("std", "let a = 1;")
    page.add("module", "mod own { pub fn f() {} }\nown::f();")
    page.add("crate of the registry", "let a = rand::nothing_of_this_name();")
    code, told, reasons = findings(page, tmp_path / "docs", cache=tmp_path / "cache")
    assert code == 6
    assert len(told) == 1
    assert said in told[0]["message"]
    assert reasons["crate-1"] == reasons["crate-of-the-registry-1"] == "needs-project"
    assert reasons["std-1"] == reasons["module-1"] == "compiles"


@pytest.mark.parametrize("way", ["option", "configuration"])
def test_a_project_that_has_nothing_to_do_with_a_page_can_be_switched_off(way, tmp_path):
    (tmp_path / "Cargo.toml").write_text("[package]\nname = 3\n")
    if way == "configuration":
        (tmp_path / "harness.toml").write_text("project = false\n")
    page = Page().add("crate", "use some_crate::Thing;")
    options = ("--no-project",) if way == "option" else ()
    code, told, reasons = findings(page, tmp_path, *options, cache=tmp_path / "cache")
    assert (code, told, reasons["crate-1"]) == (1, [], "unknown-crate")


def test_a_project_that_does_not_build_is_not_looked_at_for_pages_without_crates(one, tmp_path):
    (one / "src" / "lib.rs").write_text("pub fn three( {\n")
    page = Page().add("std", "let a = 1;").add("module", "mod own { pub fn f() {} }\nown::f();")
    code, told, _ = findings(page, one, cache=tmp_path / "cache")
    assert (code, told) == (0, [])


# Cargo's options


def test_locked_refuses_a_project_without_a_lock_and_takes_one_that_has_it(one, tmp_path):
    page = Page().add("own", "main_crate::three();")
    cache = tmp_path / "cache"
    _, told, _ = findings(page, one, "--locked", cache=cache)
    assert "--locked" in told[0]["message"]
    subprocess.run(["cargo", "generate-lockfile", "--offline"], cwd=one, check=True)
    before = everything_in(one)
    assert findings(page, one, "--locked", cache=cache)[0] == 0
    assert everything_in(one) == before | {"page.md": page.text.encode()}


def test_a_package_that_is_not_there_is_told_with_those_that_are(one, tmp_path):
    page = Page().add("own", "main_crate::three();")
    _, told, _ = findings(page, one, "--package", "other", cache=tmp_path / "cache")
    assert told[0]["message"] == "there is no package other; the workspace has main-crate"


def test_a_feature_that_is_not_there_is_told_in_cargos_words(one, tmp_path):
    page = Page().add("own", "main_crate::three();")
    _, told, _ = findings(page, one, "--features", "nope", cache=tmp_path / "cache")
    assert "nope" in told[0]["message"]


@pytest.mark.parametrize(
    "options", [("-p", "x"), ("-F", "x"), ("--all-features",), ("--no-default-features",)]
)
def test_an_option_that_no_project_could_heed_is_refused(options, tmp_path):
    done = run_on(Page().add("std", "let a = 1;"), tmp_path, *options, cache=tmp_path / "cache")
    assert done.returncode == 2
    assert "--manifest-path" in done.stderr


def test_a_project_elsewhere_is_named_by_option_or_by_configuration(one, tmp_path):
    page = Page().add("own", "main_crate::three();")
    cache, away = tmp_path / "cache", tmp_path / "away"
    assert reasons(page, away, "--manifest-path", one, cache=cache) == {"own": "compiles"}
    (away / "harness.toml").write_text('project = "../main"\n')
    assert reasons(page, away, cache=cache) == {"own": "compiles"}
    (away / "harness.toml").write_text('project = "../mein"\n')
    page.write(away)
    done = harness("check", "page.md", cwd=away, cache=cache)
    assert done.returncode == 3
    assert "mein" in done.stderr


def test_the_configuration_chooses_package_and_features(workspace):
    folder, cache = workspace
    (folder / "book" / "harness.toml").write_text('package = "shapes"\nfeatures = ["round"]\n')
    try:
        done = harness("test", "book", "--output-format", "concise", cwd=folder, cache=cache)
    finally:
        (folder / "book" / "harness.toml").unlink()
    assert "ambiguous-dependency" not in done.stdout
    assert "circle" not in done.stdout


def test_what_the_documents_declare_comes_before_what_the_project_has(one, tmp_path):
    package(tmp_path / "other", "near-by", "pub fn other() {}\n", version="2.0.0")
    (one / "harness.toml").write_text('[dependencies]\nnear-by = { path = "../other" }\n')
    page = Page().add("declared", "near_by::other();")
    page.add("with own", "near_by::other();\nmain_crate::three();")
    found = reasons(page, one, cache=tmp_path / "cache")
    assert found == {"declared": "compiles", "with own": "compiles"}


# Settings of Cargo and of the toolchain


def test_a_target_that_the_project_sets_is_said_not_to_be_in_force(one, tmp_path):
    (one / ".cargo").mkdir()
    (one / ".cargo" / "config.toml").write_text('[build]\ntarget = "wasm32-unknown-unknown"\n')
    page = Page().add("own", "main_crate::three();")
    done = run_on(page, one, cache=tmp_path / "cache")
    assert done.returncode == 0
    assert "build.target = 'wasm32-unknown-unknown' is not in force" in done.stdout


def has_nightly():
    rustup = shutil.which("rustup")
    told = subprocess.run([rustup, "toolchain", "list"], capture_output=True) if rustup else None
    return told is not None and b"nightly" in told.stdout


@pytest.mark.skipif(not has_nightly(), reason="rustup has no nightly toolchain here")
def test_the_projects_toolchain_holds_for_documents_wherever_they_are(one, tmp_path):
    (one / "rust-toolchain.toml").write_text('[toolchain]\nchannel = "nightly"\n')
    page = Page().add(
        "own", "#![feature(never_type)]\nfn f() -> ! { loop {} }\nmain_crate::three();"
    )
    cache, away = tmp_path / "cache", tmp_path / "away"
    assert reasons(page, one / "docs", cache=cache) == {"own": "compiles"}
    assert reasons(page, away, "--manifest-path", one, cache=cache) == {"own": "compiles"}
    Page().add("std", "let a = 1;").write(tmp_path, "a.md")
    done = harness("check", "a.md", "main/docs", cwd=tmp_path, cache=cache)
    assert (
        "main/docs/page.md: the toolchain (main/rust-toolchain.toml) is not in force" in done.stdout
    )


def test_the_packages_edition_holds_where_nothing_nearer_states_one(tmp_path):
    package(tmp_path, "old", "", edition="2018")
    page = (
        Page().add("word of 2024", "let gen = 1u8;").add("prelude", "let a: u8 = 1u32.try_into();")
    )
    found = judged(page, tmp_path, cache=tmp_path / "cache")
    assert found["word of 2024"]["outcome"] == "PASS"
    assert found["prelude"]["codes"] == ["E0599"]
    book = tmp_path / "book"
    (book / "src").mkdir(parents=True)
    (book / "book.toml").write_text("[book]\ntitle = 't'\n")
    (book / "src" / "SUMMARY.md").write_text("[Page](page.md)\n")
    page.write(book / "src")
    done = harness("check", "book", cwd=tmp_path, cache=tmp_path / "cache")
    assert "2018 (the Cargo package)" in done.stdout
    done = harness("check", "book", "--no-project", cwd=tmp_path, cache=tmp_path / "cache")
    assert "2015 (mdBook's default)" in done.stdout
