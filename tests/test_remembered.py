"""What an earlier run said of a document is believed only while all that decided it is the same."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from harness import remembered, shipped
from harness.inputs import facts
from harness.inputs.facts import Facts
from harness.inputs.touched import were_still
from harness.model.cargo_choice import CargoChoice
from harness.package_identity import project_identity, sources_identity
from harness.packages import paths_of_dependencies
from harness.pipeline import check
from harness.progress import Progress
from harness.recalling import recall
from harness.reports import FORMATS, renderer
from harness.runners.executor import Executor
from tests.command_line import (
    COMMAND,
    environment_of,
    harness,
    kill_processes_of,
    started,
    wait_for,
)
from tests.support import check_settings

GOOD = "```\nlet x: u8 = 1;\n```\n"
BAD = "```\nlet y: u8 = true;\n```\n"
BOOK = '[book]\nsrc = "src"\n[rust]\nedition = "2021"\n'


def settings(folder, **more):
    return check_settings(cache=folder / "cache", **({"deps": "stub", "offline": True} | more))


def run(path, folder, **more):
    return check([path], settings(folder, **more), Executor(), Progress(is_quiet=True))


def is_remembered(path, folder, **more):
    """Whether every document below the path is taken from an earlier run."""
    found = recall([path], settings(folder, **more))
    return found.report_toolchain is not None


def put(file, text):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


@pytest.fixture
def book(tmp_path):
    """A book of one page with an include, a context and a configuration; remembered."""
    root = tmp_path / "repository"
    (root / ".git").mkdir(parents=True)
    put(root / "book.toml", BOOK)
    put(root / "src" / "SUMMARY.md", "[Page](page.md)\n")
    put(root / "src" / "page.md", GOOD + "\n```rust\n{{#include part.rs}}\n```\n\n" + BAD)
    put(root / "src" / "part.rs", "fn part() {}\n")
    put(root / "src" / "contexts" / "page.rs", "struct Around;\n")
    put(root / "harness.toml", 'allow = ["ignored"]\n')
    time.sleep(0.1)  # what is written while a run begins is not believed
    run(root, tmp_path)
    assert is_remembered(root, tmp_path)
    return root


FILES = {
    "text": ("src/page.md", GOOD),
    "include": ("src/part.rs", "fn part() -> u8 {}\n"),
    "include goes": ("src/part.rs", None),
    "context": ("src/contexts/page.rs", "struct Other;\n"),
    "context goes": ("src/contexts/page.rs", None),
    "contract comes": ("src/contracts/page.rs", "#[test]\nfn kept() {}\n"),
    "contract for real crates comes": ("src/contracts/page.real.rs", "#[test]\nfn kept() {}\n"),
    "faults come": ("src/contracts/page.faults.toml", ""),
    "benches come": ("src/benches/page.rs", "fn bench() {}\n"),
    "configuration": ("harness.toml", 'edition = "2018"\n'),
    "configuration goes": ("harness.toml", None),
    "nearer configuration comes": ("src/harness.toml", ""),
    "claims come": ("claims.toml", "[claims]\n"),
    "book": ("book.toml", BOOK.replace("2021", "2018")),
    "manifest comes": ("Cargo.toml", '[package]\nname = "a"\nversion = "0.1.0"\n'),
    "nearer manifest comes": ("src/Cargo.toml", '[package]\nname = "a"\nversion = "0.1.0"\n'),
    "the repository's root": ("src/.git/HEAD", "ref"),
}


@pytest.mark.compiler
class TestParts:
    """Each part of the key, changed: the document is looked at again."""

    @pytest.mark.parametrize(("name", "text"), FILES.values(), ids=FILES)
    def test_files(self, book, tmp_path, name, text):
        if text is None:
            (book / name).unlink()
        else:
            put(book / name, text)
        assert not is_remembered(book, tmp_path)

    @pytest.mark.parametrize(
        "changed",
        [
            {"deps": "real"},
            {"context": "none"},
            {"edition": "2018"},
            {"look_at_ignored": False},
            {"compile_seconds": 1.0},
            {"offline": False},
            {"is_isolated": True},
            {"verb": "test"},
            {"is_cached": False},
            {"select": ("*",)},
            {"max_document_bytes": 1 << 21},
        ],
        ids=lambda changed: next(iter(changed)),
    )
    def test_settings(self, book, tmp_path, changed):
        assert not is_remembered(book, tmp_path, **changed)

    @pytest.mark.parametrize("levels", [{"deny": ("compiles",)}, {"strict": True}])
    def test_levels_are_applied_anew(self, book, tmp_path, levels):
        assert is_remembered(book, tmp_path, **levels)
        plain, changed = run(book, tmp_path), run(book, tmp_path, **levels)
        assert changed.compilations == 0
        if "deny" in levels:
            assert plain.verdicts[0].effective_level is not changed.verdicts[0].effective_level

    def test_environment(self, book, tmp_path, monkeypatch):
        monkeypatch.setenv("RUSTFLAGS_FOR_A_TEST", "1")
        assert not is_remembered(book, tmp_path)

    def test_working_folder(self, book, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        assert not is_remembered(book, tmp_path)

    def test_harness(self, book, tmp_path, monkeypatch):
        monkeypatch.setattr(remembered, "harness_identity", lambda: "other")
        assert not is_remembered(book, tmp_path)

    def test_registry_and_stubs(self, book, tmp_path, monkeypatch):
        monkeypatch.setattr(remembered, "registry_identity", lambda: "other")
        assert not is_remembered(book, tmp_path)

    def test_compiler(self, book, tmp_path, monkeypatch):
        real = remembered.compiler_identity
        monkeypatch.setattr(remembered, "compiler_identity", lambda rustc: (real(rustc), "other"))
        assert not is_remembered(book, tmp_path)

    def test_toolchain_file(self, book, tmp_path):
        put(book / "rust-toolchain", "another\n")
        assert not is_remembered(book, tmp_path)

    def test_a_file_that_is_ignored_from_now_on_is_no_document(self, book, tmp_path):
        (book / "book.toml").unlink()
        run(book, tmp_path)
        put(book / ".gitignore", "page.md\n")
        assert list(recall([book], settings(tmp_path)).said) == [
            (book / "src" / "SUMMARY.md").resolve()
        ]

    def test_a_file_that_was_touched_while_the_run_began_is_not_believed(
        self, book, tmp_path, monkeypatch
    ):
        page = put(book / "src" / "page.md", GOOD)
        touched = page.stat().st_mtime
        for began, is_kept in ((touched, False), (touched + 1, True)):
            with monkeypatch.context() as patch:
                patch.setattr("harness.recalling.time.time", lambda began=began: began)
                run(book, tmp_path)
            assert is_remembered(book, tmp_path) is is_kept

    def test_a_link_above_a_document_that_leads_elsewhere(self, tmp_path):
        for name, answer in (("v1", "1"), ("v2", "true")):
            package = tmp_path / name
            put(package / "Cargo.toml", '[package]\nname = "answers"\nedition = "2021"\n')
            put(package / "src" / "lib.rs", f"pub fn answer() -> u8 {{ {answer} }}\n")
            put(package / "docs" / "page.md", "```\nassert_eq!(answers::answer(), 1);\n```\n")
        link = tmp_path / "docs"
        link.symlink_to(tmp_path / "v1" / "docs")
        time.sleep(0.1)
        assert [v.outcome.value for v in run(link, tmp_path).verdicts] == ["PASS"]
        assert is_remembered(link, tmp_path)
        run(tmp_path / "v2" / "docs", tmp_path)
        link.unlink()
        link.symlink_to(tmp_path / "v2" / "docs")
        assert not is_remembered(link, tmp_path)

    def test_a_folder_above_behind_a_link_is_where_the_link_leads(self, tmp_path):
        docs = tmp_path / "real" / "docs"
        put(docs / "page.md", "```\nlet x: u8 = given();\n```\n")
        put(docs / "harness.toml", '[snippets."page/page-1"]\ncontext = "../ctx/a.rs"\n')
        context = put(tmp_path / "real" / "ctx" / "a.rs", "fn given() -> u8 { 1 }\n")
        (tmp_path / "docs").symlink_to(docs)
        time.sleep(0.1)
        run(tmp_path / "docs", tmp_path)
        assert is_remembered(tmp_path / "docs", tmp_path)
        put(context, "fn given() -> u8 { true }\n")
        assert not is_remembered(tmp_path / "docs", tmp_path)

    def test_a_time_limit_is_not_kept(self, tmp_path):
        page = put(tmp_path / "page.md", GOOD)
        time.sleep(0.1)
        (verdict,) = run(page, tmp_path, compile_seconds=0.001).verdicts
        assert verdict.reason.value == "compile-time-limit"
        assert not is_remembered(page, tmp_path, compile_seconds=0.001)

    def test_what_reads_variables_is_not_kept_and_said(self, tmp_path):
        page = put(
            tmp_path / "page.md",
            GOOD + '\n```\nconst X: Option<&str> = option_env!("X_FOR_A_TEST");\n```\n',
        )
        time.sleep(0.1)
        for _ in range(2):
            report = run(page, tmp_path)
            assert report.packing.unhashed == 1
            assert "1 that cannot be remembered" in renderer("text")(report, False)
        assert not is_remembered(page, tmp_path)


@pytest.mark.compiler
class TestReports:
    """A report says the same, whether its documents are remembered or not."""

    @pytest.mark.parametrize("name", FORMATS)
    def test_every_format(self, book, tmp_path, name):
        fresh, again = run(book, tmp_path, is_cached=False), run(book, tmp_path)
        assert again.compilations == 0
        assert self.told(name, fresh) == self.told(name, again)

    def told(self, name, report):
        text = renderer(name)(report, False)
        if name == "json":
            table = json.loads(text)
            for key in (
                "seconds",
                "compilations",
                "units",
                "packed",
                "alone",
                "shared_compilations",
                "recalled",
                "unhashed",
            ):
                del table["summary"][key]
            return table
        return [
            line for line in text.split("\n") if not line.startswith("run ") and "time=" not in line
        ]

    def test_one_page_edited(self, book, tmp_path):
        put(book / "src" / "SUMMARY.md", "[Page](page.md)\n[Other](other.md)\n")
        put(book / "src" / "other.md", GOOD)
        time.sleep(0.1)
        run(book, tmp_path)
        put(book / "src" / "other.md", BAD.replace("y", "z"))
        again, fresh = run(book, tmp_path), run(book, tmp_path, is_cached=False)
        assert again.compilations > 0
        assert again.verdicts == fresh.verdicts
        assert again.documents == 2
        assert again.scope == fresh.scope


@pytest.mark.compiler
def test_a_run_without_a_change_loads_no_parser_and_starts_nothing(book, tmp_path):
    asked = (
        "import sys, subprocess\n"
        "def refuse(event, arguments):\n"
        "    if event in ('subprocess.Popen', 'os.fork', 'os.posix_spawn', 'os.exec', 'os.system'):\n"
        "        raise SystemExit('a process: ' + repr(arguments))\n"
        "sys.addaudithook(refuse)\n"
        "from harness.cli import run\n"
        "sys.argv = ['harness', 'check', sys.argv[1], '--deps', 'stub', '-q']\n"
        "run()\n"
        "print('\\n'.join(sorted(sys.modules)))\n"
    )
    for _ in range(3):  # the settings of a command line, and entries for them
        done = subprocess.run(
            [*COMMAND, "check", book, "--deps", "stub", "-q"],
            cwd=book,
            env=environment_of(tmp_path / "cache"),
            capture_output=True,
        )
        assert done.returncode == 1, done.stderr
    done = subprocess.run(
        [sys.executable, "-c", asked, book],
        cwd=book,
        env=environment_of(tmp_path / "cache"),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    loaded = set(done.stdout.split("\n"))
    assert "0 compilations of 0 units" in done.stdout
    assert "harness.recalling" in loaded
    for name in (
        "harness.document.markdown",
        "harness.document.extract",
        "harness.rust.lexer",
        "harness.pipeline",
        "harness.stage",
        "harness.claims",
        "harness.runners.executor",
        "markdown_it",
        "rich",
        "toml",
        "docker",
        "tempfile",
    ):
        assert name not in loaded


@pytest.mark.compiler
def test_a_changed_byte_or_another_shape_is_no_entry(book, tmp_path, monkeypatch):
    wanted = run(book, tmp_path).verdicts
    for data in (b"{}", b"[]", b'{"facts": [], "said": [1], "last": ""}', b"\xff", b"null"):
        monkeypatch.setattr(
            remembered.Cache, "get", lambda _, key, data=data: data if key else None
        )
        found = recall([book], settings(tmp_path))
        assert found.report_toolchain is None
        monkeypatch.undo()
    assert run(book, tmp_path).verdicts == wanted


@pytest.mark.compiler
def test_clean_and_no_cache_forget(book, tmp_path):
    cache = tmp_path / "cache"
    done = harness(
        "check",
        book,
        "--deps",
        "stub",
        "--offline",
        "--no-cache",
        "--output-format",
        "json",
        cwd=book,
        cache=cache,
    )
    assert json.loads(done.stdout)["summary"]["compilations"] > 0
    harness("clean", cwd=book, cache=cache)
    assert not cache.exists()
    assert not is_remembered(book, tmp_path)


@pytest.mark.compiler
def test_a_kill_at_any_moment_leaves_right_verdicts(book, tmp_path):
    """The entries of documents are written at a run's end, with a page changed in between."""
    cache = tmp_path / "cache"
    moments = random.Random(7)
    pages = dict.fromkeys((GOOD, BAD))
    for text in pages:
        put(book / "src" / "page.md", text)
        pages[text] = run(book, tmp_path, is_cached=False).verdicts
    began = time.monotonic()
    run(book, tmp_path)
    whole = time.monotonic() - began
    for number in range(20):
        text = (GOOD, BAD)[number % 2]
        put(book / "src" / "page.md", text)
        process = started("check", ".", "--deps", "stub", "--offline", cwd=book, cache=cache)
        time.sleep(moments.uniform(0.05, 1.5 * whole + 0.5))
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        wait_for(lambda: not kill_processes_of(cache), seconds=1)
        assert run(book, tmp_path).verdicts == pages[text], f"killed in round {number}"
        put(book / "src" / "page.md", (BAD, GOOD)[number % 2])
        assert run(book, tmp_path).verdicts == pages[(BAD, GOOD)[number % 2]]


@pytest.mark.compiler
def test_two_runs_at_once_are_both_right(book, tmp_path):
    wanted = run(book, tmp_path).verdicts
    put(book / "harness.toml", 'allow = ["not-run"]\n')
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(run(book, tmp_path).verdicts))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [wanted] * 3


@pytest.mark.compiler
class TestProjects:
    """A document in a Cargo project rests on all that Cargo builds the project from."""

    @pytest.fixture
    def project(self, tmp_path):
        root = tmp_path / "repository"
        (root / ".git").mkdir(parents=True)
        put(
            root / "Cargo.toml",
            '[package]\nname = "one"\nversion = "0.1.0"\nedition = "2021"\n\n[dependencies]\ntwo = { path = "two" }\n',
        )
        put(root / "src" / "lib.rs", "pub fn one() -> u8 { two::two() }\n")
        put(root / "two" / "Cargo.toml", '[package]\nname = "two"\nversion = "0.1.0"\n')
        put(root / "two" / "src" / "lib.rs", "pub fn two() -> u8 { 2 }\n")
        put(root / "README.md", "```\nlet x: u8 = one::one();\n```\n")
        put(root / "NOTES.md", "prose\n")
        time.sleep(0.1)
        assert [v.outcome.value for v in run(root / "README.md", tmp_path).verdicts] == ["PASS"]
        assert is_remembered(root / "README.md", tmp_path)
        return root

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("src/lib.rs", "pub fn one() -> u16 { 1 }\n"),
            ("two/src/lib.rs", "pub fn two() -> u8 { 3 }\n"),
            ("two/src/more.rs", ""),
            ("two/Cargo.toml", '[package]\nname = "two"\nversion = "0.1.1"\n'),
            ("Cargo.lock", "# changed\nversion = 4\n"),
            (".cargo/config.toml", "[build]\nrustflags = []\n"),
            (".cargo/config.toml", 'paths = ["elsewhere"]\n'),
            ("build.rs", "fn main() {}\n"),
            ("rust-toolchain", "another\n"),
        ],
    )
    def test_parts(self, project, tmp_path, name, text):
        put(project / name, text)
        assert not is_remembered(project / "README.md", tmp_path)

    def test_prose_beside_does_not_count(self, project, tmp_path):
        put(project / "NOTES.md", "other prose\n")
        assert is_remembered(project / "README.md", tmp_path)

    def test_prose_that_a_source_includes_does(self, project):
        put(
            project / "src" / "lib.rs",
            '#![doc = include_str!("NOTES.md")]\npub fn one() -> u8 { 1 }\n',
        )
        before = project_identity(project / "Cargo.toml")
        put(project / "NOTES.md", "other prose\n")
        assert project_identity(project / "Cargo.toml") != before

    def test_an_option_is_heeded_by_a_project_of_a_remembered_document(self, project, tmp_path):
        outside = put(tmp_path / "outside" / "page.md", GOOD)
        asked = settings(tmp_path, cargo=CargoChoice(no_default_features=True))
        paths = [project / "README.md", outside]
        time.sleep(0.1)
        for text in (GOOD, BAD):
            put(outside, text)
            seen = check(paths, asked, Executor(), Progress(is_quiet=True))
            assert seen.documents == 2

    def test_the_page_turns_red(self, project, tmp_path):
        put(project / "src" / "lib.rs", "pub fn one() -> u16 { 1 }\n")
        assert [v.codes for v in run(project / "README.md", tmp_path).verdicts] == [("E0308",)]


class TestPackages:
    """What the files of a package cannot tell."""

    @pytest.fixture
    def package(self, tmp_path):
        put(tmp_path / "one" / "Cargo.toml", '[package]\nname = "one"\nversion = "0.1.0"\n')
        put(tmp_path / "one" / "src" / "lib.rs", "pub fn one() {}\n")
        return tmp_path / "one"

    @pytest.mark.parametrize(
        "text",
        [
            'pub const A: &str = env!("A_NAME");',
            'pub const A: Option<&str> = option_env!("A_NAME");',
            'pub const A: &str = include_str!(".hidden/a");',
            '#[path = "a/../../b.rs"]\nmod b;',
        ],
    )
    def test_a_source_that_asks_elsewhere(self, package, text):
        assert sources_identity(package) is not None
        put(package / "src" / "lib.rs", text)
        assert sources_identity(package) is None

    def test_what_cargo_says_of_a_package_is_known(self, package):
        put(package / "src" / "lib.rs", 'pub const A: &str = env!("CARGO_PKG_VERSION");')
        assert sources_identity(package) is not None

    def test_a_folder_behind_a_link(self, package, tmp_path):
        put(tmp_path / "elsewhere" / "a.rs", "")
        (package / "src" / "linked").symlink_to(tmp_path / "elsewhere")
        assert sources_identity(package) is None

    def test_a_procedural_macro_that_looks_around(self, package):
        manifest = package / "Cargo.toml"
        manifest.write_text(manifest.read_text() + "[lib]\nproc-macro = true\n")
        assert sources_identity(package) is not None
        put(package / "src" / "lib.rs", 'fn f() { std::env::var("A").ok(); }')
        assert sources_identity(package) is None

    def test_patches_are_dependencies(self):
        table = {
            "patch": {"crates-io": {"a": {"path": "x"}}},
            "replace": {"b:1.0.0": {"path": "y"}},
        }
        assert sorted(paths_of_dependencies(table)) == ["x", "y"]


class TestFacts:
    """Answers about files."""

    def test_a_link_that_leads_out_is_outside(self, tmp_path):
        inside = tmp_path / "in"
        put(tmp_path / "out.rs", "")
        put(inside / "a.rs", "a")
        (inside / "b.rs").symlink_to(tmp_path / "out.rs")
        known = Facts()
        assert known.answer(facts.included(inside, inside / "b.rs")) == facts.OUTSIDE
        assert known.answer(facts.included(inside, tmp_path / "out.rs")) == facts.OUTSIDE
        assert known.answer(facts.included(inside, inside / "a.rs")) == facts.content_answer(b"a")
        assert known.answer(facts.included(inside, inside / "c.rs")) == facts.ABSENT

    def test_a_file_changed_and_changed_back_was_touched(self, tmp_path):
        file = put(tmp_path / "a", "1")
        fact = facts.file(file)
        time.sleep(0.1)
        began = time.time()
        assert were_still([fact], began - 0.05)
        put(file, "2")
        put(file, "1")
        assert not were_still([fact], began - 0.05)


def test_every_module_counts_as_the_harness(tmp_path, monkeypatch):
    package = Path(shipped.__file__).parent
    copy = tmp_path / "harness"
    shutil.copytree(package, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(shipped, "__file__", str(copy / "shipped.py"))
    identity = shipped.harness_identity.__wrapped__
    known = {identity()}
    modules = sorted(copy.rglob("*.py"))
    for module in modules[:: len(modules) // 20]:
        module.write_bytes(module.read_bytes() + b"#")
        known.add(identity())
    assert len(known) == 1 + len(modules[:: len(modules) // 20])
