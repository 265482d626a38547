"""Bases: features stay where they were asked for, and nothing unchecked reaches a manifest."""

import math
import os
import re
import string
import tomllib
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from harness.errors import HarnessError
from harness.manifests import write_toml
from harness.model.unit import Base, CrateSpec, CrateType, Unit
from harness.model.verdict import Basis, Dependencies, Position
from harness.runners.cargo import BaseFolders, LockError, write_package
from harness.workspace import base_name, package_name, write_units
from tests.command_line import Page, by_name, harness, report_of_run

FULL = '[dependencies]\ntokio = { version = "1", features = ["full"] }\n'
SYNC = '[dependencies]\ntokio = { version = "1", default-features = false, features = ["sync"] }\n'
SLEEP = "pub async fn f() { tokio::time::sleep(std::time::Duration::ZERO).await }"
LOCK = "pub async fn f(m: &tokio::sync::Mutex<u8>) -> u8 { *m.lock().await }"


# Features


@pytest.fixture(scope="module")
def two_bases(tmp_path_factory):
    """One crate with two sets of features, in one run."""
    folder = tmp_path_factory.mktemp("bases")
    pages = {}
    for name, configuration in (("full", FULL), ("sync", SYNC)):
        page = Page().add(f"{name} sleep", SLEEP).add(f"{name} lock", LOCK)
        page.write(folder / name)
        (folder / name / "harness.toml").write_text(configuration)
        pages[name] = page
    done = harness("check", ".", "--output-format", "json", cwd=folder)
    report = report_of_run(done)
    verdicts = {}
    for name, page in pages.items():
        own = [v for v in report["verdicts"] if v["path"].startswith(name)]
        verdicts |= by_name(page, report | {"verdicts": own})
    return verdicts


@pytest.mark.compiler
@pytest.mark.network
def test_a_feature_never_leaks_into_a_base_that_did_not_ask_for_it(two_bases):
    assert two_bases["full sleep"]["outcome"] == "PASS"
    assert two_bases["sync sleep"]["outcome"] == "FAIL"
    assert two_bases["sync sleep"]["codes"] == ["E0433"]
    assert two_bases["full lock"]["outcome"] == "PASS"
    assert two_bases["sync lock"]["outcome"] == "PASS"


@pytest.mark.compiler
@pytest.mark.network
def test_a_feature_that_a_crate_lacks_is_not_called_an_unknown_crate(two_bases):
    assert two_bases["sync sleep"]["reason"] == "compile-error"


def spec(**table):
    return CrateSpec("tokio", "tokio", Dependencies.REAL, "1", tuple(sorted(table.items())))


def test_a_bases_name_tells_features_versions_and_kinds_apart():
    tables = [
        {"version": "1"},
        {"version": "1.0"},
        {"version": "1", "features": ("full",)},
        {"version": "1", "features": ("sync",)},
        {"version": "1", "features": ("full", "sync")},
        {"version": "1", "default-features": False},
        {"version": "1", "default-features": True},
        {"path": "a"},
        {"path": "b"},
    ]
    names = {base_name(Base((spec(**table),))) for table in tables}
    assert len(names) == len(tables)


def test_a_bases_name_is_the_same_for_the_same_crates():
    assert base_name(Base((spec(version="1"),))) == base_name(Base((spec(version="1"),)))


# Dependencies


def crate(folder, name, text, **more):
    (folder / name / "src").mkdir(parents=True)
    told = "".join(f"{key} = {value}\n" for key, value in more.items())
    (folder / name / "Cargo.toml").write_text(
        f'[package]\nname = "{name}"\nversion = "1.2.3"\nedition = "2021"\n{told}[workspace]\n'
    )
    (folder / name / "src" / "lib.rs").write_text(text)


@pytest.fixture(scope="module")
def declared(tmp_path_factory):
    """A page whose configuration declares crates that build, and crates that do not."""
    folder = tmp_path_factory.mktemp("declared")
    crate(folder, "near-by", "pub fn one() -> u8 { 1 }\n")
    crate(folder, "broken", 'pub fn one() -> u8 { "" }\n')
    crate(folder, "too-new", "pub fn one() {}\n", **{"rust-version": '"1.999"'})
    crate(folder, "shouts", 'compile_error!("\\u{1b}[31m::error::x");\n')
    (folder / "harness.toml").write_text(
        "[dependencies]\n"
        'near-by = { path = "near-by" }\n'
        'renamed = { path = "near-by", package = "near-by" }\n'
        'broken = { path = "broken" }\n'
        'too-new = { path = "too-new" }\n'
        'shouts = { path = "shouts" }\n'
        'missing = { path = "nowhere" }\n'
        'no_version = "9999"\n'
    )
    page = Page()
    page.add("near", "let a: u8 = near_by::one();")
    page.add("renamed", "let a: u8 = renamed::one();")
    page.add("near wrong", "let a: String = near_by::one();")
    page.add("broken", "let a = broken::one();")
    page.add("broken with near", "let a = broken::one();\nlet b = near_by::one();")
    page.add("too new", "too_new::one();")
    page.add("shouts", "shouts::one();")
    page.add("missing", "missing::one();")
    page.add("std", "let a = 1;")
    page.add("broken and wrong", 'let a: u8 = "";\nbroken::one();')
    page.add("broken, stated to fail", "broken::one();", "rust,compile_fail")
    page.add("broken, ignored", "broken::one();", "rust,ignore")
    page.write(folder)
    cache = tmp_path_factory.mktemp("cache")
    done = harness(
        "check", "page.md", "--offline", "--output-format", "json", cwd=folder, cache=cache
    )
    text = harness("check", "page.md", "--offline", cwd=folder, cache=cache)
    return by_name(page, report_of_run(done)), text, folder


@pytest.mark.compiler
@pytest.mark.parametrize("name", ["near", "renamed", "std"])
def test_a_path_is_relative_to_the_configuration_that_states_it(name, declared):
    assert declared[0][name]["outcome"] == "PASS", declared[0][name]["message"]


@pytest.mark.compiler
@pytest.mark.parametrize(
    "name",
    [
        "broken",
        "broken with near",
        "too new",
        "shouts",
        "missing",
        "broken and wrong",
        "broken, stated to fail",
    ],
)
def test_a_dependency_that_does_not_build_is_no_fault_of_the_block(name, declared):
    verdict = declared[0][name]
    assert (verdict["outcome"], verdict["reason"]) == ("ERROR", "dependency-broken")
    assert verdict["message"]


@pytest.mark.compiler
def test_a_broken_dependency_touches_only_the_blocks_that_need_it(declared):
    verdicts = declared[0]
    assert verdicts["near wrong"]["codes"] == ["E0308"]
    assert verdicts["near"]["basis"]["crates"] == ["near_by 1.2.3 real"] or (
        verdicts["near"]["basis"]["crates"][0].startswith("near_by ")
    )


@pytest.mark.compiler
def test_the_cause_of_a_broken_dependency_is_told_in_its_own_words(declared):
    verdicts = declared[0]
    assert "E0308" in verdicts["broken"]["message"]
    assert "1.999" in verdicts["too new"]["message"]
    assert "nowhere" in verdicts["missing"]["message"]


@pytest.mark.compiler
def test_what_a_dependency_says_reaches_no_terminal_raw(declared):
    text = declared[1].stdout
    assert "\x1b" not in text
    assert not any(line.startswith("::") for line in text.splitlines())


@pytest.mark.compiler
def test_nothing_is_written_beside_a_declared_crate_or_a_document(declared):
    folder = declared[2]
    for name in ("near-by", "broken", "."):
        assert not (folder / name / "target").exists()
        assert not (folder / name / "Cargo.lock").exists()


# Locks of a checkout


NEAR = '[dependencies]\nnear = { path = "near" }\n'


def page_with_a_lock(folder):
    """A page whose configuration names a folder of locks; where the lock of its crate stands."""
    (folder / "locks").mkdir(parents=True)
    (folder / "near" / "src").mkdir(parents=True)
    (folder / "near" / "src" / "lib.rs").write_text("pub fn f() {}\n")
    (folder / "near" / "Cargo.toml").write_text('[package]\nname = "near"\nversion = "1.0.0"\n')
    (folder / "harness.toml").write_text(f'locks = "locks"\n{NEAR}')
    (folder / "page.md").write_text("```rust\nnear::f();\n```\n")
    return folder / "locks" / "near.lock"


@pytest.mark.compiler
@pytest.mark.parametrize("kind", ["pipe", "device", "folder"])
@pytest.mark.parametrize("options", [(), ("--no-cache",)])
def test_a_lock_that_is_no_plain_file_breaks_its_base_and_nothing_hangs(tmp_path, kind, options):
    lock = page_with_a_lock(tmp_path / "page")
    {
        "pipe": lambda: os.mkfifo(lock),
        "device": lambda: lock.symlink_to("/dev/zero"),
        "folder": lock.mkdir,
    }[kind]()
    folder, cache = lock.parents[1], tmp_path / "cache"
    done = harness("check", "page.md", *options, cwd=folder, cache=cache, seconds=20)
    assert done.returncode == 6, done.stdout + done.stderr
    assert "dependency-broken" in done.stdout
    assert "near.lock cannot be read" in done.stdout


def test_a_lock_is_handed_to_cargo_byte_for_byte(tmp_path):
    lock = page_with_a_lock(tmp_path / "page")
    lock.write_bytes(b"\xff\r\n")
    package = write_package(base_from(lock), folders_in(tmp_path))
    assert (package / "Cargo.lock").read_bytes() == b"\xff\r\n"


def test_where_repositories_bound_a_lock_a_link_out_of_them_is_not_read(tmp_path):
    lock = page_with_a_lock(tmp_path / "page")
    (tmp_path / "secret").write_text("SECRET=1\n")
    lock.symlink_to(tmp_path / "secret")
    folders = folders_in(tmp_path)
    assert write_package(base_from(lock), folders).is_dir(), "Cargo would read it, too"
    bounded = replace(folders, roots=(lock.parents[1],))
    with pytest.raises(LockError, match=r"near\.lock leaves the repository"):
        write_package(base_from(lock), bounded)
    lock.unlink()
    lock.write_text("version = 4\n")
    assert write_package(base_from(lock), bounded).is_dir()


def base_from(lock):
    near = CrateSpec("near", "near", Dependencies.REAL, "1.0.0", (("path", "near"),))
    return Base((near,), str(lock))


def folders_in(folder):
    return BaseFolders(folder / "bases", folder / "target", None)


# One crate, built twice


def page_of_doubled_crates(folder):
    """Cargo builds two crates for macros and for blocks, and tells of each in another order.

    What needs `slow` ends last: of `late` it is what macros use, of `early` what blocks link.
    """
    slow = "pub const SLOW: u32 = { let mut n = 0; while n < 300_000 { n += 1; } n };\n"
    either = '#[cfg(feature = "slow")] pub use slow::SLOW;\n'
    either += '#[cfg(not(feature = "slow"))] pub fn fast() {}\n'
    macro = "#[proc_macro] pub fn nothing(_: proc_macro::TokenStream) -> proc_macro::TokenStream"
    macro += " { let _ = late::SLOW; early::fast(); Default::default() }\n"
    uses = '[lib]\nproc-macro = true\n[dependencies]\nearly = { path = "../early" }\n'
    uses += 'late = { path = "../late", features = ["slow"] }\n'
    optional = '[dependencies]\nslow = { path = "../slow", optional = true }\n'
    crates = {
        "slow": ("", slow),
        "late": (optional, either),
        "early": (optional, either),
        "macros": (uses, macro),
    }
    for name, (more, text) in crates.items():
        (folder / name / "src").mkdir(parents=True, exist_ok=True)
        head = f'[package]\nname = "{name}"\nversion = "1.0.0"\nedition = "2021"\n'
        (folder / name / "Cargo.toml").write_text(head + more)
        (folder / name / "src" / "lib.rs").write_text(text)
    (folder / "harness.toml").write_text(
        '[dependencies]\nlate = { path = "late" }\nmacros = { path = "macros" }\n'
        'early = { path = "early", features = ["slow"] }\n'
    )
    page = Page().add("doubled", "late::fast();\nlet _ = early::SLOW;\nmacros::nothing!();")
    page.write(folder)
    return page


@pytest.mark.compiler
def test_a_crate_that_macros_use_with_other_features_is_not_taken_for_the_one_that_blocks_link(
    tmp_path,
):
    page = page_of_doubled_crates(tmp_path)
    cache = tmp_path / "cache"
    done = harness("check", "page.md", "--output-format", "json", cwd=tmp_path, cache=cache)
    verdict = by_name(page, report_of_run(done))["doubled"]
    assert verdict["outcome"] == "PASS", verdict["message"]


# Manifests

NAMES = st.text(string.ascii_letters + string.digits + "-_", min_size=1, max_size=12)
PLAIN_TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
LEAVES = st.one_of(
    PLAIN_TEXT,
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.sampled_from(
        [
            "\\x41",
            "\x00",
            "\x7f",
            "\x1b",
            "\\",
            '"',
            "'",
            "'''",
            "\r\n",
            "\t",
            "\\u0041",
            "a\nb",
            "\\x",
            "\\U0010ffff",
            "\x85",
            "\u2028",
            "x\\",
            "[a]",
            "#",
            "= 1",
        ]
    ),
)
TABLES = st.dictionaries(
    st.one_of(NAMES, PLAIN_TEXT),
    st.recursive(
        LEAVES,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(st.one_of(NAMES, PLAIN_TEXT), inner, max_size=3),
        ),
        max_leaves=8,
    ),
    max_size=4,
)


def plainly(value):
    if isinstance(value, dict):
        return {key: plainly(item) for key, item in value.items()}
    return [plainly(item) for item in value] if isinstance(value, list) else value


@settings(max_examples=600, deadline=None)
@given(TABLES)
@example({"a": "\\x41"})
@example({"a": "\x01"})
@example({"a": "\x7f"})
@example({"a": [{"b": [{"c": 1}]}]})
@example({"a": [[1, 2], ["x"]]})
@example({"a": {"b.c": {"d e": 1}}})
@example({"": {"": ""}})
@example({"a": [{}, {"b": 1}]})
@example({"a": []})
@example({"a\nb": 1})
@example({'a"]\n[evil': {"x": 1}})
def test_a_manifest_reads_back_as_it_was_meant_or_is_refused(table):
    try:
        text = write_toml(table)
    except HarnessError:
        return
    assert tomllib.loads(text) == plainly(table)


@settings(max_examples=300, deadline=None)
@given(
    st.dictionaries(
        NAMES,
        st.dictionaries(
            NAMES,
            st.one_of(
                st.text(string.printable.strip(), max_size=12).filter(
                    lambda t: "\\" not in t and "\x0b" not in t and "\x0c" not in t
                ),
                st.booleans(),
                st.integers(0, 999),
                st.lists(NAMES, max_size=3),
            ),
            max_size=3,
        ),
        max_size=4,
    )
)
def test_a_usual_manifest_is_never_refused(table):
    assert tomllib.loads(write_toml({"dependencies": table})) == {"dependencies": table}


@pytest.mark.parametrize("value", [None, b"x", object(), {1, 2}, 1j, math.nan])
def test_what_is_no_plain_value_is_refused(value):
    with pytest.raises(HarnessError, match="manifest"):
        write_toml({"a": value})


# Names

IDS = st.one_of(
    st.text(max_size=80),
    st.text("/.-_ \\\0:*?\"<>|'$`{}()[]~%\n\r\t\u202e\ud800", max_size=40),
    st.sampled_from(
        [
            "",
            "..",
            "../..",
            "/etc/passwd",
            "CON",
            "-",
            "--help",
            "a" * 5000,
            "nul",
            "\uff41",
            "É",
            "é",
            "a/b-1",
            "A/B-1",
            "a-b-1",
            "\udcff",
            "$(id)",
            "a\x00b",
        ]
    ),
)


@settings(max_examples=500, deadline=None)
@given(IDS)
@example("\udcff")
@example("\ud800")
def test_a_package_name_holds_nothing_but_letters_digits_and_hyphens(snippet_id):
    name = package_name(snippet_id)
    assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name)
    assert len(name) <= 64


@settings(max_examples=500, deadline=None)
@given(IDS, IDS)
@example("a/b", "a-b")
@example("A", "a")
@example("é", "e\u0301")
def test_different_ids_never_share_a_package(one, other):
    assert (package_name(one) == package_name(other)) == (one == other)


def unit(snippet_id, text="fn main() {}\n", base=None, crate_type=CrateType.BIN):
    return Unit(
        snippet_id=snippet_id,
        rung="rustdoc",
        text=text,
        origins=(None,),
        sources=((),),
        fence=Position("page.md", 1, 1, 1, 1),
        edition="2024",
        crate_type=crate_type,
        with_tests=False,
        base=base or Base(),
        basis=Basis(),
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(IDS, min_size=1, max_size=5, unique=True))
def test_no_id_leads_out_of_the_folder_that_units_are_written_to(tmp_path_factory, ids):
    folder = tmp_path_factory.mktemp("units")
    write_units([unit(name) for name in ids], folder / "out")
    assert [path.name for path in folder.iterdir()] == ["out"]
    manifests = sorted((folder / "out" / "std").glob("*/Cargo.toml"))
    assert len(manifests) == len(ids)
    told = tomllib.loads((folder / "out" / "std" / "Cargo.toml").read_text())
    members = told["workspace"]["members"]
    assert members == [path.parent.name for path in manifests]


def test_a_dependencys_strings_reach_a_manifest_whole_or_not_at_all(tmp_path):
    for number, text in enumerate(['1"\n[evil]\nx = "', "\\x41", "a\x01b", "'''", "1\\"]):
        base = Base((spec(version=text),))
        folder = tmp_path / str(number)
        try:
            write_units([unit("a", base=base)], folder)
        except HarnessError:
            assert not list(folder.rglob("Cargo.toml"))
            continue
        found = list(folder.glob("*/unit-*/Cargo.toml"))
        table = tomllib.loads(found[0].read_text())
        assert set(table) == {"package", "dependencies"}
        assert table["dependencies"]["tokio"]["version"] == text
