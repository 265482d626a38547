"""Which runner is in force: only the command line and one variable say so, and nothing falls back."""

import hashlib
import json
import subprocess
import sys

import pytest

from tests.command_line import COMMAND, environment_of, harness, report_of_run
from tests.installed import PLUGIN

pytest.importorskip("docker", reason="the SDK is not installed here")
pytestmark = pytest.mark.compiler

NOWHERE = "unix:///nonexistent/engine.sock"


@pytest.fixture
def page(tmp_path):
    (tmp_path / "page.md").write_text("```rust\nlet x = 1;\n```\n")
    return tmp_path


def run(folder, *options, **environment):
    return harness("check", "page.md", *options, cwd=folder, cache=folder / "cache", **environment)


@pytest.mark.parametrize(
    ("options", "environment"),
    [(("--runner", "docker"), {}), ((), {"HARNESS_RUNNER": "docker"})],
)
def test_docker_never_falls_back(page, options, environment):
    done = run(page, *options, DOCKER_HOST=NOWHERE, **environment)
    assert done.returncode == 4, done.stdout
    assert not done.stdout
    assert "DOCKER_HOST" in done.stderr
    assert "--runner local" in done.stderr


COMPILING = [
    ("check", "page.md"),
    ("test", "page.md"),
    ("bench", "page.md"),
    ("list", "--reason", "compiles", "page.md"),
    ("show", "page.md:1"),
    ("selftest", "page.md"),
]
"""Every verb that compiles and ends by itself."""


@pytest.mark.parametrize("words", COMPILING, ids=lambda words: words[0])
@pytest.mark.parametrize("by", ["option", "variable"])
def test_no_verb_that_compiles_falls_back(page, words, by):
    options = ("--runner", "docker") if by == "option" else ()
    environment = {"HARNESS_RUNNER": "docker"} if by == "variable" else {}
    done = harness(
        *words, *options, cwd=page, cache=page / "cache", DOCKER_HOST=NOWHERE, **environment
    )
    assert done.returncode == 4, done.stdout + done.stderr
    assert "DOCKER_HOST" in done.stderr


@pytest.mark.parametrize("by", ["option", "variable"])
def test_watch_does_not_fall_back(page, by):
    pytest.importorskip("watchfiles", reason="the package watchfiles is not installed")
    options = ("--runner", "docker") if by == "option" else ()
    environment = {"HARNESS_RUNNER": "docker"} if by == "variable" else {}
    watching = subprocess.Popen(
        [*COMMAND, "watch", "page.md", *options],
        cwd=page,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment_of(page / "cache", DOCKER_HOST=NOWHERE, **environment),
        text=True,
    )
    try:
        first = watching.stdout.readline()
    finally:
        watching.kill()
        watching.communicate()
    assert first.startswith("harness: "), first
    assert "DOCKER_HOST" in first


def test_the_pytest_plugin_does_not_fall_back(page):
    (page / "pytest.ini").write_text("[pytest]\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *PLUGIN, "page.md"],
        cwd=page,
        env=environment_of(page / "cache", DOCKER_HOST=NOWHERE, HARNESS_RUNNER="docker"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout
    assert "DOCKER_HOST" in done.stdout


@pytest.mark.parametrize("words", [("check", "page.md"), ("claims", "page.md")])
def test_a_runner_that_does_not_exist_is_refused(page, words):
    done = harness(*words, cwd=page, cache=page / "cache", HARNESS_RUNNER="dokcer")
    assert done.returncode == 2, done.stdout
    assert "dokcer" in done.stderr


def test_auto_says_what_it_chose_first_and_in_the_report(page):
    done = run(page, "--runner", "auto", "--output-format", "json", DOCKER_HOST=NOWHERE)
    assert done.returncode == 0
    assert done.stderr.startswith("runner auto chose local")
    report = report_of_run(done)
    assert report["environment"]["runner"] == "local"
    assert any("runner auto chose local" in note for note in report["summary"]["notes"])


def test_the_engine_is_that_of_the_current_context(page):
    config = page / "docker"
    meta = config / "contexts/meta" / hashlib.sha256(b"elsewhere").hexdigest()
    meta.mkdir(parents=True)
    endpoint = {"Host": NOWHERE, "SkipTLSVerify": False}
    told = {"Name": "elsewhere", "Metadata": {}, "Endpoints": {"docker": endpoint}}
    (meta / "meta.json").write_text(json.dumps(told))
    (config / "config.json").write_text(json.dumps({"currentContext": "elsewhere"}))
    done = run(page, "--runner", "docker", DOCKER_CONFIG=str(config), DOCKER_HOST=None)
    assert done.returncode == 4, done.stdout


@pytest.mark.parametrize("key", ["runner", "runtime", "network", "memory"])
def test_no_configuration_and_no_comment_chooses_it(page, key):
    (page / "harness.toml").write_text(f'{key} = "local"\n')
    done = run(page, "--runner", "docker", DOCKER_HOST=NOWHERE)
    assert done.returncode == 3
    (page / "harness.toml").unlink()
    comment = f'<!-- harness: {key} = "local" -->\n'
    (page / "page.md").write_text(comment + (page / "page.md").read_text())
    report = report_of_run(run(page, "--output-format", "json"))
    assert "unreadable-comment" in {verdict["reason"] for verdict in report["verdicts"]}


def test_what_would_run_here_is_refused(page):
    done = run(page, "--runner", "docker", "--changed-since", "HEAD")
    assert done.returncode == 2
    assert "--runner docker" in done.stderr
