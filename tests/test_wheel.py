"""The wheel in an empty environment checks a book in a folder that it may not write to."""

import json
import shutil
import stat
import subprocess

import pytest

from tests.installed import (
    committed,
    copy_of_the_sources,
    environment,
    environment_with,
    git,
    wheel_of,
)

pytestmark = [pytest.mark.network, pytest.mark.compiler]


@pytest.fixture(scope="module")
def programs(tmp_path_factory):
    """The programs of an environment with the wheel; its sources are gone."""
    folder = tmp_path_factory.mktemp("wheel")
    wheel = wheel_of(copy_of_the_sources(folder / "sources"), folder / "wheel")
    shutil.rmtree(folder / "sources")
    found = environment_with(folder / "environment", wheel)
    wheel.unlink()
    return found


@pytest.fixture
def book(tmp_path):
    """A committed book that nobody may write to."""
    folder = tmp_path / "book"
    (folder / "src").mkdir(parents=True)
    (folder / "book.toml").write_text('[book]\ntitle = "A"\n[rust]\nedition = "2021"\n')
    (folder / "src" / "SUMMARY.md").write_text("- [One](one.md)\n")
    (folder / "src" / "one.md").write_text(
        '# One\n\n```rust\nlet a = 1;\n```\n\n```rust\nlet a: u8 = "";\n```\n\n'
        "# Stubs\n\n```rust\nuse sqlx::PgPool;\nfn f(_: &PgPool) {}\n```\n"
    )
    committed(folder)
    entries = [folder, *folder.rglob("*")]
    for entry in entries:
        entry.chmod(entry.stat().st_mode & ~0o222)
    yield folder
    for entry in entries:
        if not entry.is_symlink() and entry.exists():
            entry.chmod(entry.stat().st_mode | stat.S_IWUSR)


def contents(folder):
    """Every file with its time and bytes, without git's own index."""
    return {
        path.relative_to(folder): (path.stat().st_mtime_ns, path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file() and path.name != "index"
    }


def test_a_read_only_book_is_checked_and_left_as_it_was(programs, book, tmp_path):
    before = contents(book)
    done = subprocess.run(
        [programs / "harness", "check", "--deps", "stub", "--output-format", "json", "-q"],
        cwd=book,
        env=environment(programs, HARNESS_CACHE=str(tmp_path / "cache")),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    reasons = {v["id"]: v["reason"] for v in json.loads(done.stdout)["verdicts"]}
    assert reasons["one/one-1"] == "compiles"
    assert reasons["one/one-2"] == "compile-error"
    assert reasons["one/stubs-1"] in ("compiles", "compiles-with-context")
    assert contents(book) == before
    assert git(book, "status", "--porcelain", "--ignored") == ""
    assert list((tmp_path / "cache" / "runs").iterdir()) == []


def test_the_installed_package_has_what_it_needs(programs, tmp_path):
    asked = (
        "import harness, harness.shipped as s, harness.reports.json_report as j\n"
        "print(harness.__file__)\n"
        "print(s.rust_folder())\n"
        "print((s.rust_folder() / 'registry.lock').is_file(), len(j.schema_text()) > 1000)\n"
    )
    done = subprocess.run(
        [programs / "python", "-c", asked],
        cwd=tmp_path,
        env=environment(programs),
        capture_output=True,
        text=True,
        check=True,
    )
    package, rust, rest = done.stdout.split("\n")[:3]
    assert str(programs.parent) in package
    assert str(programs.parent) in rust
    assert rest == "True True"


def test_every_verb_answers_there(programs, tmp_path):
    for arguments in (["--version"], ["explain"], ["explain", "--schema"], ["completion", "bash"]):
        subprocess.run(
            [programs / "harness", *arguments],
            cwd=tmp_path,
            env=environment(programs),
            check=True,
            capture_output=True,
        )
