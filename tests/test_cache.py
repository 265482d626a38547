"""The cache: nothing that decides a verdict changes without a recompile, and nothing breaks it."""

import os
import random
import shutil
import signal
import sqlite3
import threading
import time

import pytest

from harness import cache as cache_module
from harness import memory, shipped
from harness.cache import Cache, digest, environment_identity
from harness.model.settings import CheckSettings
from harness.package_identity import sources_identity
from harness.pipeline import check
from harness.progress import Progress
from harness.runners.executor import Executor
from tests.command_line import kill_processes_of, started, wait_for
from tests.support import check_settings

PAGE = "```\nlet x: u8 = 1;\n```\n\n```\nlet y: u8 = true;\n```\n\n```no_run\nloop {}\n```\n"


def _run(file, folder, **settings):
    chosen: CheckSettings = check_settings(cache=folder, deps="stub", offline=True, **settings)
    return check([file], chosen, Executor(), Progress(is_quiet=True))


def _page(folder, text=PAGE):
    file = folder / "page.md"
    file.parent.mkdir(exist_ok=True, parents=True)
    file.write_text(text)
    return file


def _reasons(report):
    return [(v.line, v.reason.value, v.codes) for v in report.verdicts]


@pytest.mark.compiler
class TestParts:
    """Each part of the key, changed: the compiler is asked again, and only then."""

    @pytest.fixture
    def warm(self, tmp_path):
        file = _page(tmp_path / "pages")
        first = _run(file, tmp_path / "cache")
        assert first.compilations > 0
        assert _run(file, tmp_path / "cache").compilations == 0
        return file, tmp_path / "cache", first

    def test_a_run_without_a_change_starts_no_process(self, warm, monkeypatch):
        file, folder, first = warm

        def refuse(self, command):
            raise AssertionError(command.argv)

        monkeypatch.setattr(Executor, "run", refuse)
        assert _reasons(_run(file, folder)) == _reasons(first)

    def test_a_move_of_the_block_is_no_change_and_moves_the_places(self, warm):
        file, folder, first = warm
        _page(file.parent, "text\n\n" + PAGE)
        moved = _run(file, folder)
        assert moved.compilations == 0
        assert [line - 2 for line, *_ in _reasons(moved)] == [line for line, *_ in _reasons(first)]
        errors = [d.position.line for v in moved.verdicts for d in v.diagnostics]
        assert errors == [d.position.line + 2 for v in first.verdicts for d in v.diagnostics]

    def test_text(self, warm):
        file, folder, _ = warm
        _page(file.parent, PAGE.replace("x: u8 = 1", "x: u8 = false"))
        report = _run(file, folder)
        assert report.compilations > 0
        assert report.verdicts[0].reason.value == "compile-error"

    @pytest.mark.parametrize(
        ("info", "reason"),
        [
            ("compile_fail", "compiles-though-it-should-fail"),
            ("ignore", "ignored-but-compiles"),
            ("no_run", "compiles"),
            ("should_panic", "compiles"),
            ("edition2018", "compiles"),
        ],
    )
    def test_attributes(self, warm, info, reason):
        file, folder, _ = warm
        _page(file.parent, PAGE.replace("```\nlet x", f"```{info}\nlet x"))
        assert _run(file, folder).verdicts[0].reason.value == reason

    def test_edition(self, warm):
        file, folder, _ = warm
        assert _run(file, folder, edition="2018").compilations > 0

    def test_depth(self, warm):
        file, folder, _ = warm
        report = _run(file, folder, verb="test")
        assert report.compilations > 0
        assert report.verdicts[0].reason.value == "ran"

    def test_environment(self, warm, monkeypatch):
        file, folder, _ = warm
        monkeypatch.setenv("RUSTFLAGS_FOR_A_TEST", "1")
        assert _run(file, folder).compilations > 0

    def test_harness(self, warm, monkeypatch):
        file, folder, _ = warm
        monkeypatch.setattr(shipped, "__version__", "0.0.0-other")
        shipped.harness_identity.cache_clear()
        assert _run(file, folder).compilations > 0
        shipped.harness_identity.cache_clear()

    def test_compiler(self, warm, monkeypatch):
        file, folder, _ = warm
        real = cache_module.compiler_identity
        for module in ("harness.memory", "harness.runners.known_toolchain"):
            monkeypatch.setattr(f"{module}.compiler_identity", lambda rustc: (real(rustc), "other"))
        assert _run(file, folder).compilations > 0

    def test_engine(self, warm):
        file, folder, _ = warm
        assert _run(file, folder, is_isolated=True).compilations > 0

    def test_context(self, warm):
        file, folder, _ = warm
        _page(file.parent, "```\nstruct Earlier;\n```\n\n```\nlet y = Earlier;\n```\n")
        assert [v.outcome.value for v in _run(file, folder).verdicts] == ["PASS", "PASS"]
        _page(file.parent, "```\nstruct Other;\n```\n\n```\nlet y = Earlier;\n```\n")
        assert [v.outcome.value for v in _run(file, folder).verdicts] == ["PASS", "FAIL"]

    def test_what_reads_variables_is_never_kept(self, warm, monkeypatch):
        file, folder, _ = warm
        _page(file.parent, '```\nconst X: &str = env!("A_NAME_FOR_A_TEST");\n```\n')
        assert _run(file, folder).verdicts[0].outcome.value == "FAIL"
        monkeypatch.setenv("A_NAME_FOR_A_TEST", "1")
        assert _run(file, folder).verdicts[0].outcome.value == "PASS"

    def test_no_cache(self, warm):
        file, folder, _ = warm
        assert _run(file, folder, is_cached=False).compilations > 0

    def test_a_file_that_is_no_database_is_replaced(self, warm):
        file, folder, first = warm
        for entry in folder.glob("compiled-*"):
            entry.write_bytes(b"not a database" * 1000)
        report = _run(file, folder)
        assert report.compilations > 0
        assert _reasons(report) == _reasons(first)
        assert _run(file, folder).compilations == 0

    def test_a_changed_byte_is_no_entry(self, warm):
        file, folder, first = warm
        (database,) = folder.glob("compiled-*.sqlite")
        with sqlite3.connect(database) as connection:
            connection.execute("UPDATE entries SET value = substr(value, 1, 17) || x'00ff'")
        connection.close()
        report = _run(file, folder)
        assert report.compilations > 0
        assert _reasons(report) == _reasons(first)


@pytest.mark.compiler
class TestDependencies:
    """Each part of the key that is of a crate which a block names."""

    @pytest.fixture
    def warm(self, tmp_path):
        _package(tmp_path / "one")
        pages = tmp_path / "pages"
        file = _page(pages, "```\nlet x: () = one::one();\n```\n")
        (pages / "harness.toml").write_text('[dependencies]\none = { path = "../one" }\n')
        first = _run(file, tmp_path / "cache")
        assert [v.outcome.value for v in first.verdicts] == ["PASS"]
        assert _run(file, tmp_path / "cache").compilations == 0
        return file, tmp_path

    def test_its_source(self, warm):
        file, folder = warm
        (folder / "one" / "src" / "lib.rs").write_text("pub fn one() -> u8 { 1 }\n")
        report = _run(file, folder / "cache")
        assert report.compilations > 0
        assert [v.codes for v in report.verdicts] == [("E0308",)]

    def test_its_manifest(self, warm):
        file, folder = warm
        manifest = folder / "one" / "Cargo.toml"
        manifest.write_text(manifest.read_text() + 'edition = "2018"\n')
        assert _run(file, folder / "cache").compilations > 0

    def test_the_lock(self, warm):
        file, folder = warm
        locks = list((folder / "cache" / "bases").glob("*/Cargo.lock"))
        assert locks
        for lock in locks:
            lock.write_text(lock.read_text() + "# changed\n")
        assert _run(file, folder / "cache").compilations > 0

    def test_cargos_configuration(self, warm):
        file, folder = warm
        (folder / ".cargo").mkdir()
        (folder / ".cargo" / "config.toml").write_text("[profile.dev]\noverflow-checks = false\n")
        assert _run(file, folder / "cache").compilations > 0


@pytest.mark.compiler
def test_a_kill_at_any_moment_leaves_right_verdicts(tmp_path):
    file = _page(tmp_path / "pages")
    folder = tmp_path / "cache"
    started_at = time.monotonic()
    wanted = _reasons(_run(file, tmp_path / "other"))
    whole = time.monotonic() - started_at
    moments = random.Random(5)
    for _ in range(20):
        process = started("check", file.name, cwd=file.parent, cache=folder)
        time.sleep(moments.uniform(0.05, 1.5 * whole + 1.0))
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        wait_for(lambda: not kill_processes_of(folder), seconds=1)
        assert _reasons(_run(file, folder)) == wanted
        for entry in folder.glob("compiled-*"):
            entry.unlink()


def test_two_that_open_a_new_file_at_once_keep_everything(tmp_path):
    """Opened at the same moment, where one may find the file busy: it is no reason to replace it."""
    for turn in range(40):
        folder, both = tmp_path / str(turn), threading.Barrier(2)

        def write(name, folder=folder, both=both):
            both.wait()
            with Cache(folder) as cache:
                for number in range(300):
                    cache.put(digest(name, number), str(number).encode())

        threads = [threading.Thread(target=write, args=(name,)) for name in "ab"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with Cache(folder) as cache:
            assert all(cache.get(digest(n, i)) == str(i).encode() for n in "ab" for i in range(300))


def test_a_file_that_is_damaged_inside_is_replaced_by_the_next_run(tmp_path):
    """As an engine without power leaves it: the head is whole, what it leads to is not."""
    with Cache(tmp_path) as cache:
        for number in range(300):
            cache.put(str(number), bytes(random.Random(number).randbytes(500)))
    (database,) = tmp_path.glob("*.sqlite")
    data = bytearray(database.read_bytes())
    data[4096 : len(data)] = b"\xff" * (len(data) - 4096)
    database.write_bytes(data)
    with Cache(tmp_path) as cache:
        assert cache.get("7") is None
    with Cache(tmp_path) as cache:
        cache.put("7", b"again")
    with Cache(tmp_path) as cache:
        assert cache.get("7") == b"again"


def test_a_run_whose_file_was_damaged_leaves_the_one_that_took_its_place(tmp_path):
    with Cache(tmp_path) as old:
        old._unlink()
        with Cache(tmp_path) as other:
            other.put("kept", b"1")
        error = sqlite3.DatabaseError("damaged")
        error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        old._drop_damaged(error)
    with Cache(tmp_path) as cache:
        assert cache.get("kept") == b"1"


def test_the_bound_holds_and_what_was_used_last_stays(tmp_path):
    for number in range(20):
        with Cache(tmp_path, bound=1 << 20) as cache:
            for part in range(10):
                cache.put(digest(number, part), os.urandom(20_000))
    (database,) = tmp_path.glob("*.sqlite")
    assert database.stat().st_size < 2 << 20
    with Cache(tmp_path) as cache:
        assert cache.get(digest(19, 9)) is not None
        assert cache.get(digest(0, 0)) is None


def test_a_folder_that_cannot_be_written_keeps_nothing(tmp_path):
    (tmp_path / "file").write_text("")
    with Cache(tmp_path / "file") as cache:
        cache.put("key", b"value")
        assert cache.get("key") is None


def _package(folder):
    (folder / "src").mkdir(parents=True)
    (folder / "Cargo.toml").write_text('[package]\nname = "one"\nversion = "0.1.0"\n')
    (folder / "src" / "lib.rs").write_text("pub fn one() {}\n")
    return folder


class TestSources:
    """The sources of a dependency that is given by its path."""

    def test_every_file_counts(self, tmp_path):
        package = _package(tmp_path / "one")
        before = sources_identity(package)
        (package / "src" / "lib.rs").write_text("pub fn two() {}\n")
        after = sources_identity(package)
        (package / "src" / "more.rs").write_text("")
        assert len({before, after, sources_identity(package)}) == 3

    def test_what_it_depends_on_by_path_counts(self, tmp_path):
        package, other = _package(tmp_path / "one"), _package(tmp_path / "two")
        manifest = package / "Cargo.toml"
        manifest.write_text(manifest.read_text() + '[dependencies.two]\npath = "../two"\n')
        before = sources_identity(package)
        (other / "src" / "lib.rs").write_text("pub fn changed() {}\n")
        assert sources_identity(package) != before

    def test_the_manifest_of_its_workspace_counts(self, tmp_path):
        package = _package(tmp_path / "one")
        before = sources_identity(package)
        (tmp_path / "Cargo.toml").write_text("[workspace]\n")
        assert sources_identity(package) != before

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("build.rs", "fn main() {}"),
            ("src/lib.rs", 'pub const X: &str = include_str!("../../outside.txt");'),
            ("src/lib.rs", '#[path = "../../outside.rs"]\nmod outside;'),
        ],
    )
    def test_what_may_look_elsewhere_is_not_kept(self, tmp_path, name, text):
        package = _package(tmp_path / "one")
        (package / name).write_text(text)
        assert sources_identity(package) is None

    def test_a_missing_package_is_not_kept(self, tmp_path):
        assert sources_identity(tmp_path / "absent") is None


def test_variables_that_a_compiler_never_reads_do_not_count(monkeypatch):
    before = environment_identity()
    monkeypatch.setenv("SOME_OTHER_NAME", "1")
    assert environment_identity() == before
    monkeypatch.setenv("CARGO_BUILD_TARGET", "1")
    assert environment_identity() != before


@pytest.mark.compiler
def test_stub_sources_count(tmp_path, monkeypatch):
    copy = tmp_path / "rust"
    shutil.copytree(shipped.rust_folder(), copy, ignore=shutil.ignore_patterns("target", "units"))
    monkeypatch.setattr(shipped, "rust_folder", lambda: copy)
    file = _page(tmp_path / "pages", "```\nfn f(_: redis::Client) {}\n```\n")
    folder = tmp_path / "cache"
    assert _run(file, folder).verdicts[0].outcome.value == "PASS"
    assert _run(file, folder).compilations == 0
    source = copy / "stubs" / "redis" / "src" / "lib.rs"
    source.write_text(source.read_text().replace("pub struct Client", "pub struct Other"))
    assert _run(file, folder).verdicts[0].outcome.value != "PASS"


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ('const A: &str = env!("A");', True),
        ('use std::env as e;\nconst A: &str = e!("A");', True),
        ('use std::include_str as i;\nconst A: &str = i!("/a");', True),
        ('use std::{include as i};\ni!("/a");', True),
        ('#[cfg_attr(all(), path = "/a.rs")]\nmod a;', True),
        ('#[path = "/a.rs"]\nmod a;', True),
        ('static A: Dir = include_dir!("/a");', True),
        ('use include_dir::include_dir as i;\nstatic A: Dir = i!("/a");', True),
        ('const A: Option<&str> = option_env ! ( "A" );', True),
        ("// what is included, and what we include\nuse std::env;", False),
        ('let path = "a";', False),
    ],
)
def test_which_texts_ask_their_surroundings(text, asks):
    assert bool(memory._ASKS.search(text)) is asks
