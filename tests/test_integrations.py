"""The shipped hook, the pytest plugin and the shipped workflow, run against a broken block."""

import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import yaml

from harness.files import cache_folder
from tests.command_line import harness
from tests.installed import (
    PLUGIN,
    ROOT,
    committed,
    copy_of_the_sources,
    environment,
    environment_with,
)

BROKEN = '# Page\n\nText.\n\n```rust\nlet a: u8 = "";\n```\n\n```rust\nlet a = 1;\n```\n'
GOOD = "# Good\n\n```rust\nlet a = 1;\n```\n"


# pytest


def run_pytest(folder, *arguments):
    """pytest with the plugin, as an installed package would bring it."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *PLUGIN, *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), "NO_COLOR": "1", "PY_COLORS": "0"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture
def book(tmp_path):
    (tmp_path / ".git").mkdir()
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "page.md").write_text(
        BROKEN + '```rust,ignore\n1\n```\n\n```rust\npanic!("here");\n```\n'
    )
    (tmp_path / "book" / "good.md").write_text(GOOD)
    (tmp_path / "book" / "prose.md").write_text("text\n")
    return tmp_path


@pytest.mark.compiler
def test_pytest_collects_one_item_a_block(book):
    done = run_pytest(book, "book/", "--collect-only", "-q")
    assert done.stdout.split("\n")[:5] == [
        "book/good.md::book/good/good-1",
        "book/page.md::book/page/page-1",
        "book/page.md::book/page/page-2",
        "book/page.md::book/page/page-3",
        "book/page.md::book/page/page-4",
    ]


@pytest.mark.compiler
def test_pytest_fails_at_the_documents_line(book):
    done = run_pytest(
        book, "book/", "-v", "-rs", "--junit-xml=out.xml", "-o", "junit_family=xunit1"
    )
    assert done.returncode == 1
    assert "1 failed, 3 passed, 1 skipped" in done.stdout
    assert "book/page.md:6:13: compile-error E0308: mismatched types" in done.stdout
    assert 'let a: u8 = "";' in done.stdout
    assert "ignored-but-compiles" in done.stdout
    cases = {e.get("name"): e for e in ET.parse(book / "out.xml").iter("testcase")}
    assert cases["book/page/page-1"].get("file") == "book/page.md"
    assert cases["book/page/page-1"].get("line") == "4", "pytest counts from 0"


@pytest.mark.compiler
def test_pytest_judges_one_block_alone(book):
    done = run_pytest(book, "book/page.md::book/page/page-2")
    assert done.returncode == 0
    assert "1 passed" in done.stdout
    assert run_pytest(book, "book", "-k", "page-1").returncode == 1


@pytest.mark.compiler
def test_pytest_runs_blocks_where_it_is_asked_to(book):
    done = run_pytest(book, "book", "--rust-verb", "test")
    assert "2 failed, 2 passed, 1 skipped" in done.stdout
    assert re.search(r"book/page\.md:17:1: panicked: here", done.stdout)
    (book / "pytest.ini").write_text("[pytest]\nrust_verb = test\n")
    assert "2 failed" in run_pytest(book, "book").stdout


@pytest.mark.compiler
def test_pytest_starts_one_run_for_a_session(book):
    (book / "conftest.py").write_text(
        "import harness.pipeline as p\n"
        "real = p.check\n"
        "def counted(*a):\n"
        "    print('ONE RUN')\n"
        "    return real(*a)\n"
        "p.check = counted\n"
    )
    assert run_pytest(book, "book", "-s").stdout.count("ONE RUN") == 1


@pytest.mark.compiler
def test_pytest_knows_the_baseline(book):
    assert harness("check", "-q", "--update-baseline", cwd=book).returncode == 0
    done = run_pytest(book, "book")
    assert done.returncode == 0
    assert "3 passed, 1 skipped, 1 xfailed" in done.stdout


def test_pytest_collects_nothing_where_it_is_told_so(book):
    assert run_pytest(book, "book", "--no-rust").returncode == 5


def test_pytest_says_what_it_cannot_read(book):
    (book / "book" / "page.md").write_bytes(b"\xff")
    done = run_pytest(book, "book", "--collect-only")
    assert done.returncode == 2
    assert "not UTF-8" in done.stdout


# pre-commit


def pre_commit(tmp_path, hook, files):
    """A repository with the shipped hook at its last commit; what runs it there."""
    revision = committed(copy_of_the_sources(tmp_path / "hooks"))
    own = tmp_path / "own"
    own.mkdir()
    (own / ".pre-commit-config.yaml").write_text(
        f"repos:\n  - repo: {tmp_path / 'hooks'}\n    rev: {revision}\n"
        f"    hooks:\n      - id: {hook}\n"
    )
    for name, text in files.items():
        (own / name).write_text(text)
    committed(own)

    def run(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "pre_commit", "run", *arguments],
            cwd=own,
            env=environment(PRE_COMMIT_HOME=str(tmp_path / "home")),
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )

    return own, run


@pytest.mark.network
def test_pre_commit_stops_the_commit_of_a_wrong_sum(tmp_path):
    wrong = "# Page\n\nTogether 15 ms + 8 ms = 24 ms.\n"
    own, run = pre_commit(tmp_path, "harness-claims", {"page.md": wrong, "prose.md": "text\n"})
    told = run("--all-files")
    assert told.returncode == 1, told.stdout + told.stderr
    assert "error[claim-wrong] page.md:3:25  24 ms: stated 24 ms, recomputed 23 ms" in told.stdout
    assert run("--files", "prose.md").returncode == 0
    (own / "page.md").write_text(wrong.replace("24", "23"))
    mended = run("--all-files")
    assert mended.returncode == 0, mended.stdout
    assert "Passed" in mended.stdout


@pytest.mark.compiler
@pytest.mark.network
def test_pre_commit_stops_the_commit_of_a_broken_block(tmp_path):
    own, run = pre_commit(tmp_path, "harness-check", {"page.md": BROKEN, "prose.md": "text\n"})
    broken = run("--all-files")
    assert broken.returncode == 1, broken.stdout + broken.stderr
    assert "error[E0308] page.md:6:13  mismatched types  [page/page-1]" in broken.stdout
    assert "exit code: 1" in broken.stdout
    assert run("--files", "prose.md").returncode == 0
    (own / "page.md").write_text(GOOD)
    mended = run("--all-files")
    assert mended.returncode == 0, mended.stdout
    assert "Passed" in mended.stdout
    assert (own / "page.md").read_text() == GOOD


def test_the_hooks_are_whole():
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert [h["id"] for h in hooks] == ["harness-check", "harness-test", "harness-claims"]
    for hook in hooks:
        assert hook["types"] == ["markdown"]
        assert hook["require_serial"] is True
        assert hook["language"] == "python"


# The workflow

WORKFLOW = ROOT / "docs" / "github-workflow.yml"


@pytest.fixture(scope="module")
def workflow():
    return yaml.safe_load(WORKFLOW.read_text())


def steps(workflow):
    (only,) = workflow["jobs"].values()
    return only["steps"]


def test_the_workflow_installs_caches_checks_and_keeps_reports(workflow):
    assert workflow[True] == {"push": {"branches": ["main"]}, "pull_request": None}
    used = [step["uses"].split("@")[0] for step in steps(workflow) if "uses" in step]
    assert used == [
        "actions/checkout",
        "actions/setup-python",
        "actions/cache",
        "github/codeql-action/upload-sarif",
        "actions/upload-artifact",
    ]
    assert workflow["permissions"] == {"contents": "read", "security-events": "write"}
    for step in steps(workflow):
        if "uses" in step:
            assert re.fullmatch(r"[\w./-]+@v\d+", step["uses"])


def test_the_workflow_caches_what_the_harness_keeps(workflow, monkeypatch):
    monkeypatch.delenv("HARNESS_CACHE", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", "/home/a")
    cache = next(
        s["with"] for s in steps(workflow) if s.get("uses", "").startswith("actions/cache")
    )
    paths = [Path(p.replace("~", "/home/a")) for p in cache["path"].split()]
    assert cache_folder() in paths
    names = {s["id"] for s in steps(workflow) if "id" in s}
    assert set(re.findall(r"steps\.(\w+)\.", cache["key"])) <= names
    assert "hashFiles('**/Cargo.lock', '**/harness.toml')" in cache["key"]


def test_the_workflow_hands_on_only_what_its_steps_write(workflow):
    written = re.findall(r"\$RUNNER_TEMP/([\w.]+)", str([s.get("run") for s in steps(workflow)]))
    taken = re.findall(r"runner\.temp }}/([\w.]+)", str([s.get("with") for s in steps(workflow)]))
    assert set(taken) == set(written)


@pytest.mark.compiler
@pytest.mark.network
@pytest.mark.parametrize(("text", "code"), [(BROKEN, 1), (GOOD, 0)])
def test_the_workflows_commands_run_as_github_runs_them(
    workflow, tmp_path, text, code, cache_of_pip
):
    own, runner = tmp_path / "own", tmp_path / "runner"
    own.mkdir()
    runner.mkdir()
    (own / "page.md").write_text(text)
    committed(own)
    files = {name: runner / name for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT")}
    for file in files.values():
        file.write_text("")
    told = {name: str(file) for name, file in files.items()}
    told |= {"RUNNER_TEMP": str(runner), "HARNESS": str(cache_of_pip[0]), "CI": "true"}
    told |= {"HARNESS_CACHE": str(cache_of_pip[1].parent / "cache")}
    ended = {}
    for step in steps(workflow):
        if "run" in step:
            ended[step["name"]] = subprocess.run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
                cwd=own,
                env=environment(cache_of_pip[1], **told),
                capture_output=True,
                text=True,
                timeout=600,
                check=False,
            )
    check = ended.pop("Check the documents")
    assert {name: done.returncode for name, done in ended.items()} == dict.fromkeys(ended, 0)
    assert re.fullmatch(r"version=1\.\d+\.\d+\n", files["GITHUB_OUTPUT"].read_text())
    assert check.returncode == code, check.stderr
    assert check.stdout.startswith("::error file=page.md,line=6,col=13,") is (code == 1)
    assert f"exit {code}" in files["GITHUB_STEP_SUMMARY"].read_text()
    assert json.loads((runner / "harness.sarif").read_text())["version"] == "2.1.0"
    assert ET.parse(runner / "harness.xml").getroot().get("failures") == str(code)
    status = subprocess.run(
        ["git", "status", "--porcelain"], cwd=own, capture_output=True, check=True
    )
    assert status.stdout == b""


@pytest.fixture(scope="module")
def cache_of_pip(tmp_path_factory):
    """The sources to install, and the programs of an empty environment to install them into."""
    folder = tmp_path_factory.mktemp("workflow")
    sources = copy_of_the_sources(folder / "sources")
    return sources, environment_with(folder / "environment", "pip")


# Lists


@pytest.mark.compiler
def test_list_tells_what_is_ignored_and_compiles(book):
    done = harness("list", "--reason", "ignored-but-compiles", cwd=book)
    assert done.returncode == 0
    assert done.stdout == (
        "book/page.md:12:1: note: ignored-but-compiles [book/page/page-3]\n"
        "1 of 5 verdicts: ignored-but-compiles\n"
    )
    asked = ("list", "--reason", "ignored-but-compiles", "--output-format", "json")
    assert [v["id"] for v in json.loads(harness(*asked, cwd=book).stdout)] == ["book/page/page-3"]
    assert harness("list", "--reason", "nothing", cwd=book).returncode == 2
