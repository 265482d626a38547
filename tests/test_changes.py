"""What changed, and which documents it touches: `--changed-since` and `watch`."""

import json
import os
import shutil
import subprocess
import time

import pytest

from harness.errors import UsageError
from harness.pipeline import check
from harness.progress import Progress
from harness.runners.executor import Executor
from tests.command_line import COMMAND, environment_of, harness
from tests.support import check_settings

pytestmark = pytest.mark.compiler

GOOD = "```\nlet x = 1;\n```\n"


def git(folder, *arguments):
    environment = dict(os.environ) | {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_AUTHOR_NAME": "a",
        "GIT_AUTHOR_EMAIL": "a@a",
        "GIT_COMMITTER_NAME": "a",
        "GIT_COMMITTER_EMAIL": "a@a",
    }
    command = ["git", "-c", "commit.gpgsign=false", *arguments]
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)


def put(folder, files):
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            file.unlink()
        else:
            file.write_text(text)


FILES = {
    ".gitignore": "target\nhidden.md\n",
    "one.md": GOOD,
    "two.md": GOOD,
    "several/Cargo.toml": '[workspace]\nmembers = ["near", "meant"]\n',
    "several/near/Cargo.toml": '[package]\nname = "near"\nversion = "0.1.0"\n',
    "several/near/src/lib.rs": "",
    "several/near/harness.toml": 'package = "meant"\n',
    "several/near/nine.md": GOOD,
    "several/meant/Cargo.toml": '[package]\nname = "meant"\nversion = "0.1.0"\n',
    "several/meant/src/lib.rs": "pub fn one() {}\n",
    "configured/harness.toml": 'edition = "2021"\n[snippets."three-1"]\ncontext = "given.rs"\n',
    "configured/given.rs": "pub struct Given;\n",
    "configured/three.md": GOOD,
    "configured/contexts/three.rs": "pub struct OfThePage;\n",
    "configured/four.md": GOOD,
    "commented/five.md": f'<!-- harness: context = "five/own.rs" -->\n{GOOD}',
    "commented/five/own.rs": "pub struct Own;\n",
    "book/book.toml": '[book]\ntitle = "b"\n',
    "book/src/SUMMARY.md": "- [Six](six.md)\n- [Seven](seven.md)\n",
    "book/src/six.md": "```rust\n{{#include ../listing.rs}}\n```\n",
    "book/src/seven.md": GOOD,
    "book/listing.rs": "pub fn listing() {}\n",
    "package/Cargo.toml": (
        '[package]\nname = "package"\nversion = "0.1.0"\nedition = "2021"\n'
        '[dependencies]\nother = { path = "../other" }\n'
    ),
    "package/src/lib.rs": "pub fn one() {}\n",
    "package/README.md": GOOD,
    "other/Cargo.toml": '[package]\nname = "other"\nversion = "0.1.0"\nedition = "2021"\n',
    "other/src/lib.rs": "pub fn other() {}\n",
    "stated/harness.toml": (
        'edition = "2021"\nlocks = "locks"\n[dependencies]\nother = { path = "../other" }\n'
    ),
    "stated/locks/other.lock": "version = 4\n",
    "stated/eight.md": GOOD,
}
EVERY = {
    "one.md",
    "two.md",
    "several/near/nine.md",
    "configured/three.md",
    "configured/four.md",
    "commented/five.md",
    "book/src/six.md",
    "book/src/seven.md",
    "package/README.md",
    "stated/eight.md",
}


@pytest.fixture
def repository(tmp_path, monkeypatch):
    if shutil.which("git") is None:
        pytest.skip("git is not on the PATH")
    folder = tmp_path / "repository"
    put(folder, FILES)
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "first")
    monkeypatch.chdir(folder)
    return folder


def looked_at(folder, *paths, revision="HEAD", **settings):
    chosen = check_settings(
        changed_since=revision, cache=folder.parent / "cache", offline=True, **settings
    )
    report = check(paths or (folder,), chosen, Executor(), Progress(is_quiet=True))
    assert report.scope.is_selected
    return {verdict.path for verdict in report.verdicts}


CHANGES = {
    "nothing": ({}, set()),
    "the text": ({"one.md": GOOD + "\n"}, {"one.md"}),
    "a new document": ({"new.md": GOOD}, {"new.md"}),
    "an include": ({"book/listing.rs": "pub fn l() {}\n"}, {"book/src/six.md"}),
    "an include that is gone": ({"book/listing.rs": None}, {"book/src/six.md"}),
    "a context of the configuration": (
        {"configured/given.rs": "pub struct Other;\n"},
        {"configured/three.md", "configured/four.md"},
    ),
    "a context of the page": (
        {"configured/contexts/three.rs": "pub struct Other;\n"},
        {"configured/three.md"},
    ),
    "a context that is gone": ({"configured/contexts/three.rs": None}, {"configured/three.md"}),
    "a new context": (
        {"configured/contexts/four.rs": "pub struct New;\n"},
        {"configured/four.md"},
    ),
    "a context of a comment": (
        {"commented/five/own.rs": "pub struct Other;\n"},
        {"commented/five.md"},
    ),
    "the configuration": (
        {"configured/harness.toml": 'edition = "2024"\n'},
        {"configured/three.md", "configured/four.md"},
    ),
    "the configuration is gone": (
        {"stated/harness.toml": None},
        {"stated/eight.md"},
    ),
    "the book": (
        {"book/book.toml": '[rust]\nedition = "2021"\n'},
        {"book/src/six.md", "book/src/seven.md"},
    ),
    "another package of the workspace": (
        {"several/meant/src/lib.rs": "pub fn two() {}\n"},
        {"several/near/nine.md"},
    ),
    "the package": ({"package/src/lib.rs": "pub fn two() {}\n"}, {"package/README.md"}),
    "a package that it depends on": (
        {"other/src/lib.rs": "pub fn changed() {}\n"},
        {"package/README.md", "stated/eight.md"},
    ),
    "the lock": ({"package/Cargo.lock": "version = 4\n"}, {"package/README.md"}),
    "a lock to start from": ({"stated/locks/other.lock": "version = 3\n"}, {"stated/eight.md"}),
    "a lock that is gone": ({"stated/locks/other.lock": None}, {"stated/eight.md"}),
    "a new lock": ({"stated/locks/new.lock": "version = 4\n"}, {"stated/eight.md"}),
    "beside the locks": ({"stated/locks/notes.txt": "a\n"}, set()),
    "the toolchain": ({"rust-toolchain": "stable\n"}, EVERY),
    "what is left out": ({".gitignore": "target\n"}, EVERY),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_is_touched_is_looked_at(repository, what):
    changed, wanted = CHANGES[what]
    put(repository, changed)
    assert looked_at(repository, deps="stub", context="none") == wanted


CLAIMED = {
    "claims.toml": (
        '[claims.call]\nfigure = "9 ms"\nevidence = "out/run.json#/mean"\nunit = "ms"\n'
        'code = ["timed", "more/*.c"]\ndocument = "one"\n'
        '[claims.other]\nfigure = "8 ms"\nevidence = "package/out.json#/mean"\nunit = "ms"\n'
        'document = "two"\n'
    ),
    "one.md": "A call takes 9 ms.\n",
    "two.md": (
        "A call takes 8 ms.\n\nAnother 7 ms.\n\n<!-- harness-claims:\n"
        '[third]\nfigure = "7 ms"\nevidence = "third.json#/mean"\nunit = "ms"\n-->\n'
    ),
    "three.md": "Nothing but 3 s.\n",
    "out/run.json": '{"mean": 9}',
    "third.json": '{"mean": 7}',
    "timed/lib.c": "int main;\n",
    "more/a.c": "int a;\n",
    "package/Cargo.toml": (
        '[package]\nname = "package"\nversion = "0.1.0"\n'
        '[dependencies]\nmeasured = { path = "../measured" }\n'
    ),
    "measured/Cargo.toml": '[package]\nname = "measured"\nversion = "0.1.0"\n',
    "measured/src/lib.rs": "pub fn two() {}\n",
    "package/src/lib.rs": "pub fn one() {}\n",
    "package/out.json": '{"mean": 8}',
    "unrelated.c": "int b;\n",
}


@pytest.mark.parametrize(
    ("what", "wanted"),
    [
        ("out/run.json", {"one.md"}),
        ("timed/lib.c", {"one.md"}),
        ("timed/new.c", {"one.md"}),
        ("more/a.c", {"one.md"}),
        ("more/b.c", {"one.md"}),
        ("package/src/lib.rs", {"two.md"}),
        ("package/out.json", {"two.md"}),
        ("measured/src/lib.rs", {"two.md"}),
        ("measured/Cargo.toml", {"two.md"}),
        ("measured/notes.txt", set()),
        ("third.json", {"two.md"}),
        ("claims.toml", {"one.md", "two.md", "three.md"}),
        ("claims/three.toml", {"three.md"}),
        ("unrelated.c", set()),
        ("one.md", {"one.md"}),
    ],
)
@pytest.mark.parametrize("is_gone", [False, True])
def test_what_claims_rest_on_is_looked_at(tmp_path, what, wanted, is_gone):
    folder = tmp_path / "repository"
    put(folder, CLAIMED)
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "first")
    if is_gone and what in CLAIMED and not what.endswith(".md"):
        (folder / what).unlink()
    else:
        more = {"claims.toml": "\n", "claims/three.toml": "[claims]\n"}.get(what, " ")
        put(folder, {what: CLAIMED.get(what, "") + more})
    seen = harness(
        *("claims", ".", "--changed-since", "HEAD", "--output-format", "json"),
        cwd=folder,
        cache=tmp_path / "cache",
    )
    assert {v["path"] for v in json.loads(seen.stdout)["verdicts"]} == wanted, seen.stdout


def test_check_audits_the_numbers_of_what_changed_only(repository):
    put(repository, {**CLAIMED, "one.md": "A call takes 9 ms.\n", "package/README.md": GOOD})
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "claims")
    put(repository, {"out/run.json": '{"mean": 5}'})
    ended = harness(
        *("check", "--claims", ".", "--changed-since", "HEAD", "--output-format", "json"),
        cwd=repository,
        cache=repository.parent / "cache",
    )
    (found,) = json.loads(ended.stdout)["verdicts"]
    assert (found["path"], found["reason"], ended.returncode) == ("one.md", "claim-wrong", 1)


def test_a_commit_counts_from_the_revision_on(repository):
    put(repository, {"one.md": GOOD + "\n"})
    git(repository, "commit", "-q", "-a", "-m", "second")
    assert looked_at(repository) == set()
    assert looked_at(repository, revision="HEAD~1") == {"one.md"}


def test_what_git_does_not_see_counts_as_changed(repository):
    put(repository, {"hidden.md": GOOD})
    assert looked_at(repository, repository / "hidden.md") == {"hidden.md"}


@pytest.mark.parametrize("revision", ["no-such", "--output=x", ""])
def test_a_revision_that_is_none_is_an_error(repository, revision):
    with pytest.raises(UsageError, match="git cannot say"):
        looked_at(repository, revision=revision)
    assert not (repository / "x").exists()


def test_an_empty_selection_is_clean_and_one_line(repository):
    ended = harness("check", ".", "--changed-since", "HEAD", cwd=repository)
    assert ended.returncode == 0
    assert len(ended.stdout.strip().split("\n")) == 1
    assert "documents changed since HEAD" in ended.stdout


def test_a_run_of_some_makes_no_finding_gone(repository):
    put(repository, {"two.md": "```\nlet x: u8 = true;\n```\n"})
    cache = repository.parent / "cache"
    assert harness("check", ".", "--update-baseline", cwd=repository, cache=cache).returncode == 0
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "known")
    put(repository, {"two.md": GOOD})
    git(repository, "commit", "-q", "-a", "-m", "mended")
    ended = harness("check", ".", "--changed-since", "HEAD", cwd=repository, cache=cache)
    assert ended.returncode == 0
    assert harness("check", ".", cwd=repository, cache=cache).returncode == 1


def test_watch_tells_of_a_save(tmp_path):
    pytest.importorskip("watchfiles", reason="the package watchfiles is not installed")
    page, other = tmp_path / "page.md", tmp_path / "other.md"
    page.write_text(GOOD)
    other.write_text(GOOD)
    output = tmp_path / "output.txt"
    with output.open("wb") as stream:
        process = subprocess.Popen(
            [*COMMAND, "watch", ".", "-q"],
            cwd=tmp_path,
            env=environment_of(tmp_path / "cache"),
            stdout=stream,
            stderr=stream,
        )
        try:
            _wait_for(output, "in 2 documents")
            page.write_text("```\nlet x: u8 = true;\n```\n")
            _wait_for(output, "E0308")
            _wait_for(output, "in 1 document =")
            page.write_text(GOOD)
            _wait_for(output, "1 pass + 0 fail")
        finally:
            process.kill()
            process.wait()


def _wait_for(output, words):
    ends = time.monotonic() + 60
    while words not in output.read_text():
        assert time.monotonic() < ends, output.read_text()
        time.sleep(0.05)
