"""A file that changes while a run goes on: no verdict on what it held before is kept for after."""

import time
from pathlib import Path

import pytest

from harness import judged
from harness.inputs import facts
from harness.inputs.facts import Facts
from harness.pipeline import check
from harness.progress import Progress
from harness.recalling import recall
from harness.runners.executor import Executor
from harness.stage import Stage
from tests.support import check_settings

PAGE = "```\nlet x: u8 = one::one();\n```\n"
NARROW = "pub fn one() -> u8 { 1 }\n"
WIDE = "pub fn one() -> u16 { 1 }\n"


def put(file, text=""):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def package(folder, source=NARROW, more=""):
    put(
        folder / "Cargo.toml",
        f'[package]\nname = "{folder.name}"\nversion = "0.1.0"\nedition = "2021"\n{more}',
    )
    return put(folder / "src" / "lib.rs", source)


def settings(folder, **more):
    return check_settings(cache=folder / "cache", deps="stub", offline=True, **more)


def run(path, folder, **more):
    report = check([path], settings(folder, **more), Executor(), Progress(is_quiet=True))
    return [verdict.outcome.value for verdict in report.verdicts]


def is_remembered(path, folder):
    return recall([path], settings(folder)).report_toolchain is not None


def after(monkeypatch, place, name, change):
    """Let `change` happen once, right after a step of a run."""
    real, done = getattr(place, name), []

    def stepped(*arguments, **named):
        result = real(*arguments, **named)
        if not done and change(*arguments) is not False:
            done.append(True)
        return result

    monkeypatch.setattr(place, name, stepped)
    return done


def there_and_back(file, between):
    """Another text, and the same as before again."""
    before = file.read_text()
    file.write_text(between)
    time.sleep(0.05)
    file.write_text(before)


@pytest.fixture
def docs(tmp_path):
    """A page that uses a crate by its path, outside any Cargo project."""
    put(tmp_path / "docs" / "harness.toml", '[dependencies]\none = { path = "../one" }\n')
    put(tmp_path / "docs" / "page.md", PAGE)
    package(tmp_path / "one")
    time.sleep(0.1)
    return tmp_path / "docs"


@pytest.fixture
def project(tmp_path):
    """A page in a Cargo project."""
    root = tmp_path / "one"
    package(root)
    put(root / "README.md", PAGE)
    time.sleep(0.1)
    return root


@pytest.mark.compiler
class TestPathDependencies:
    """The sources of a crate that a page takes from a folder."""

    def test_after_it_was_built(self, docs, tmp_path, monkeypatch):
        source = tmp_path / "one" / "src" / "lib.rs"
        real = Stage._build_base
        seen = []

        def edited(self, base):
            real(self, base)
            if base.crates and not seen:
                seen.append(source.write_text(WIDE))

        monkeypatch.setattr(Stage, "_build_base", edited)
        assert run(docs, tmp_path) == ["PASS"]
        assert seen
        put(docs / "page.md", PAGE + "\nMore prose.\n")
        assert run(docs, tmp_path) == ["FAIL"]

    def test_after_it_was_compiled(self, docs, tmp_path, monkeypatch):
        source = tmp_path / "one" / "src" / "lib.rs"
        done = after(monkeypatch, judged, "observe_snippets", lambda *_: source.write_text(WIDE))
        assert run(docs, tmp_path) == ["PASS"]
        assert done
        assert not is_remembered(docs, tmp_path)
        assert run(docs, tmp_path) == ["FAIL"]

    def test_there_and_back(self, docs, tmp_path, monkeypatch):
        """What Cargo built in between may have been either."""
        source = tmp_path / "one" / "src" / "lib.rs"
        done = after(
            monkeypatch, judged, "observe_snippets", lambda *_: there_and_back(source, WIDE)
        )
        run(docs, tmp_path)
        assert done
        assert not is_remembered(docs, tmp_path)

    def test_units_there_and_back(self, docs, tmp_path):
        source = tmp_path / "one" / "src" / "lib.rs"
        source.write_text(WIDE)
        time.sleep(0.1)
        real = Stage._build_base

        def edited(self, base):
            source.write_text(NARROW)
            real(self, base)
            source.write_text(WIDE)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Stage, "_build_base", edited)
            assert run(docs, tmp_path) == ["PASS"]
        put(docs / "page.md", PAGE + "\nMore prose.\n")
        time.sleep(0.1)
        assert run(docs, tmp_path) == ["FAIL"]

    def test_a_run_in_peace_is_remembered(self, docs, tmp_path):
        assert run(docs, tmp_path) == ["PASS"]
        assert is_remembered(docs, tmp_path)

    def test_cargos_configuration(self, docs, tmp_path, monkeypatch):
        file = tmp_path / ".cargo" / "config.toml"
        text = '[target.x86_64-unknown-none]\nlinker = "a"\n'
        after(monkeypatch, judged, "observe_snippets", lambda *_: put(file, text))
        run(docs, tmp_path)
        assert not is_remembered(docs, tmp_path)


@pytest.mark.compiler
class TestProjects:
    """The sources of the Cargo project around a page."""

    def test_after_it_was_compiled(self, project, tmp_path, monkeypatch):
        source = project / "src" / "lib.rs"
        after(monkeypatch, judged, "observe_snippets", lambda *_: source.write_text(WIDE))
        assert run(project / "README.md", tmp_path) == ["PASS"]
        assert not is_remembered(project / "README.md", tmp_path)

    def test_there_and_back(self, project, tmp_path, monkeypatch):
        source = project / "src" / "lib.rs"
        after(monkeypatch, judged, "observe_snippets", lambda *_: there_and_back(source, WIDE))
        run(project / "README.md", tmp_path)
        assert not is_remembered(project / "README.md", tmp_path)

    def test_a_crate_beside_the_project(self, project, tmp_path):
        """A page in a project that names a crate by its path besides."""
        source = package(tmp_path / "two", NARROW.replace("one", "two"))
        put(project / "harness.toml", '[dependencies]\ntwo = { path = "../two" }\n')
        put(project / "README.md", "```\nlet x: u8 = two::two() + one::one();\n```\n")
        time.sleep(0.1)
        assert run(project / "README.md", tmp_path) == ["PASS"]
        assert is_remembered(project / "README.md", tmp_path)
        source.write_text(WIDE.replace("one", "two"))
        assert run(project / "README.md", tmp_path) == ["FAIL"]

    def test_another_package_of_the_workspace(self, project, tmp_path):
        """A configuration can take a package that the nearest manifest does not name."""
        put(tmp_path / "Cargo.toml", '[workspace]\nmembers = ["one", "two"]\n')
        source = package(tmp_path / "two", NARROW.replace("one", "two"))
        put(project / "harness.toml", 'package = "two"\n')
        put(project / "README.md", "```\nlet x: u8 = two::two();\n```\n")
        time.sleep(0.1)
        assert run(project / "README.md", tmp_path) == ["PASS"]
        assert is_remembered(project / "README.md", tmp_path)
        source.write_text(WIDE.replace("one", "two"))
        assert run(project / "README.md", tmp_path) == ["FAIL"]


@pytest.mark.compiler
class TestFilesOfAPage:
    """Contexts, contracts and locks are looked at as the page itself is."""

    @pytest.mark.parametrize(
        "name", ["contexts/page.rs", "contracts/page.rs", "contracts/page.faults.toml"]
    )
    def test_there_and_back(self, tmp_path, monkeypatch, name):
        page = put(tmp_path / "docs" / "page.md", "```\nlet x: u8 = 1;\n```\n")
        file = put(page.parent / name, "")
        time.sleep(0.1)
        done = after(
            monkeypatch, judged, "observe_snippets", lambda *_: there_and_back(file, "// other\n")
        )
        run(page, tmp_path)
        assert done
        assert not is_remembered(page, tmp_path)

    @pytest.mark.parametrize("name", ["contexts/page.rs", "benches/page.rs"])
    def test_come_and_gone(self, tmp_path, monkeypatch, name):
        page = put(tmp_path / "docs" / "page.md", "```\nlet x: u8 = 1;\n```\n")
        file = page.parent / name
        file.parent.mkdir()
        time.sleep(0.1)
        after(monkeypatch, judged, "observe_snippets", lambda *_: put(file).unlink())
        run(page, tmp_path)
        assert not is_remembered(page, tmp_path)

    def test_locks(self, docs, tmp_path, monkeypatch):
        stated = docs / "harness.toml"
        stated.write_text('locks = "locks"\n' + stated.read_text())
        lock = put(docs / "locks" / "page.lock", "version = 4\n")
        time.sleep(0.1)
        after(monkeypatch, judged, "observe_snippets", lambda *_: there_and_back(lock, "# other\n"))
        run(docs, tmp_path)
        assert not is_remembered(docs, tmp_path)


@pytest.mark.parametrize(
    ("name", "fact"),
    [
        ("src/lib.rs", facts.package),
        ("Cargo.toml", lambda folder: facts.project(folder / "Cargo.toml")),
        ("src/lib.rs", facts.home),
    ],
)
def test_a_package_changed_and_changed_back_was_touched(tmp_path, name, fact):
    package(tmp_path / "one")
    asked = fact(tmp_path / "one")
    time.sleep(0.05)
    known = Facts(with_times=True)
    assert known.answer(asked) is not None
    assert known.untouched([asked], Facts())
    there_and_back(tmp_path / "one" / name, "# other\n")
    assert Facts().answer(asked) == known.answer(asked)
    assert not known.untouched([asked], Facts())


@pytest.mark.compiler
def test_each_package_is_hashed_once_at_a_runs_end(tmp_path, monkeypatch):
    """However many pages rest on it."""
    asked = []
    real = facts._package

    def counted(self, folder):
        asked.append(Path(folder))
        return real(self, folder)

    monkeypatch.setitem(facts._KINDS, "package", counted)
    for number in range(5):
        put(tmp_path / "docs" / f"page{number}.md", PAGE)
    put(tmp_path / "docs" / "harness.toml", '[dependencies]\none = { path = "../one" }\n')
    package(tmp_path / "one")
    time.sleep(0.1)
    assert run(tmp_path / "docs", tmp_path) == ["PASS"] * 5
    assert is_remembered(tmp_path / "docs", tmp_path)
    assert len(asked) <= 6
