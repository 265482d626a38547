"""What Cargo built is not asked for again, unless anything of it could be another."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from harness import kept_bases
from harness.model.unit import Base, CrateSpec, Dependencies
from harness.pipeline import check
from harness.progress import Progress
from harness.runners.cargo import Built
from harness.runners.executor import Executor
from tests.support import check_settings

PAGE = "```\nuse redis::Client;\n\nlet n: u8 = {};\n```\n"


class Counting(Executor):
    """An executor that notes the programs that it starts."""

    def __init__(self):
        super().__init__()
        self.started = []

    def run(self, command):
        self.started.append(Path(command.argv[0]).name)
        return super().run(command)


def _run(folder, text, **settings):
    (folder / "pages").mkdir(exist_ok=True)
    file = folder / "pages" / "page.md"
    file.write_text(text)
    executor = Counting()
    chosen = check_settings(cache=folder / "cache", deps="stub", offline=True, **settings)
    report = check([file], chosen, executor, Progress(is_quiet=True))
    return [v.outcome.value for v in report.verdicts], executor.started.count("cargo")


@pytest.mark.compiler
class TestRuns:
    @pytest.fixture
    def folder(self, tmp_path):
        assert _run(tmp_path, PAGE.format("1")) == (["PASS"], 2)
        assert _run(tmp_path, PAGE.format("true")) == (["ERROR"], 0)
        return tmp_path

    def _kept(self, folder):
        (kept,) = (folder / "cache" / "bases").glob("*/built.json")
        return kept

    def test_the_lock(self, folder):
        lock = self._kept(folder).with_name("Cargo.lock")
        lock.write_text(lock.read_text() + "# changed\n")
        assert _run(folder, PAGE.format("2")) == (["PASS"], 2)
        assert _run(folder, PAGE.format("3")) == (["PASS"], 0)

    def test_a_source_of_a_stub(self, folder):
        (source,) = (folder / "cache" / "stubs").glob("*/redis/src/lib.rs")
        source.write_text(source.read_text().replace("Client", "Patron"))
        assert _run(folder, PAGE.format("2")) == (["ERROR"], 2)

    def test_cargos_configuration(self, folder):
        (folder / "cache" / ".cargo").mkdir()
        settings = folder / "cache" / ".cargo" / "config.toml"
        settings.write_text("[profile.dev]\noverflow-checks = false\n")
        assert _run(folder, PAGE.format("2")) == (["PASS"], 2)

    def test_a_variable_that_cargo_reads(self, folder, monkeypatch):
        monkeypatch.setenv("CARGO_PROFILE_DEV_OPT_LEVEL", "1")
        assert _run(folder, PAGE.format("2")) == (["PASS"], 2)

    def test_a_library_that_is_gone(self, folder):
        for file in json.loads(self._kept(folder).read_bytes())["files"]:
            Path(file).unlink()
        assert _run(folder, PAGE.format("2")) == (["PASS"], 2)

    def test_a_library_that_was_written_anew(self, folder):
        file = Path(next(iter(json.loads(self._kept(folder).read_bytes())["files"])))
        file.write_bytes(file.read_bytes())
        assert _run(folder, PAGE.format("2"))[1] == 2

    @pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b'{"key": 1, "files": 2}'])
    def test_a_damaged_note(self, folder, content):
        self._kept(folder).write_bytes(content)
        assert _run(folder, PAGE.format("2")) == (["PASS"], 2)

    def test_without_the_cache_cargo_is_asked(self, folder):
        assert _run(folder, PAGE.format("2"), is_cached=False) == (["PASS"], 2)


@pytest.mark.compiler
def test_a_crate_in_a_folder_is_asked_for_each_time(tmp_path):
    crate = tmp_path / "one"
    (crate / "src").mkdir(parents=True)
    (crate / "Cargo.toml").write_text('[package]\nname = "one"\nversion = "0.1.0"\n')
    (crate / "src" / "lib.rs").write_text("pub fn one() -> u8 { 1 }\n")
    (tmp_path / "pages").mkdir()
    settings = '[dependencies]\none = { path = "../one" }\n'
    (tmp_path / "pages" / "harness.toml").write_text(settings)
    page = "```\nlet x: u8 = one::one() + {};\n```\n"
    assert _run(tmp_path, page.format("1")) == (["PASS"], 2)
    assert _run(tmp_path, page.format("2")) == (["PASS"], 2)


def _crate(**table):
    told = tuple(sorted(table.items()))
    return CrateSpec("one", "one", Dependencies.REAL, "1.0.0", told)


def test_whose_crates_stay():
    stubs = Path("/cache/stubs")
    shipped = _crate(path="/cache/stubs/0123/one")
    version = _crate(version="1", features=["full"])
    assert kept_bases.stays(Base((shipped, version)), stubs)
    assert not kept_bases.stays(Base((version, _crate(path="../one"))), stubs)
    assert not kept_bases.stays(Base((_crate(git="https://example.org/one"),)), stubs)
    assert not kept_bases.stays(Base((version,), project="name"), stubs)


def test_what_is_kept_is_what_was_built(tmp_path):
    library = tmp_path / "libone.rlib"
    library.write_bytes(b"one")
    built = Built(
        (("one", library),), (tmp_path,), (), (("one", "id of one"),), ("id of one",), (library,)
    )
    kept_bases.keep(tmp_path, "key", built, kept_bases.identities(built))
    assert kept_bases.recall(tmp_path, "key") == built
    assert kept_bases.recall(tmp_path, "another") is None
    assert replace(built, libraries=()) != built
