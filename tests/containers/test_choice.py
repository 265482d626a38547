"""Which runner is in force: only the command line and one variable say so, and nothing falls back."""

import hashlib
import json

import pytest

from tests.command_line import harness, report_of_run

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
