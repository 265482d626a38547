"""Result files of criterion and hyperfine in git repositories: their date, commit and age."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.command_line import harness

CRITERION = "target/criterion/append/new/estimates.json"
PAGE = """# Page

An append takes 18 ms.
"""
HOUR = 3600
MORNING = 1_790_000_000


def estimates(milliseconds: float) -> str:
    """A file as criterion 0.5 writes it, in nanoseconds."""
    sample = {
        "confidence_interval": {
            "confidence_level": 0.95,
            "lower_bound": milliseconds * 0.99e6,
            "upper_bound": milliseconds * 1.01e6,
        },
        "point_estimate": milliseconds * 1e6,
        "standard_error": 1234.5,
    }
    names = ("mean", "median", "median_abs_dev", "slope", "std_dev")
    return json.dumps(dict.fromkeys(names, sample))


def hyperfine(seconds: float) -> str:
    """A file as `hyperfine --export-json` writes it."""
    result = {
        "command": "./append",
        "mean": seconds,
        "stddev": 0.0001,
        "median": seconds,
        "user": seconds / 2,
        "system": 0.001,
        "min": seconds * 0.9,
        "max": seconds * 1.1,
        "times": [seconds * 0.9, seconds, seconds * 1.1],
        "exit_codes": [0, 0, 0],
    }
    return json.dumps({"results": [result]})


class Repository:
    """A git repository with a Cargo package and a page; times are hours after a morning."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir()
        self.git("init", "-q", at=0)

    def git(self, *arguments: str, at: float) -> None:
        """Run git, its commits dated by the hour."""
        date = f"@{int(MORNING + at * HOUR)} +0000"
        identity = {
            "GIT_AUTHOR_NAME": "a",
            "GIT_AUTHOR_EMAIL": "a@example.com",
            "GIT_COMMITTER_NAME": "a",
            "GIT_COMMITTER_EMAIL": "a@example.com",
            "GIT_CONFIG_GLOBAL": os.devnull,
        }
        dates = {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
        subprocess.run(
            ["git", *arguments],
            cwd=self.root,
            env={**os.environ, **identity, **dates},
            check=True,
            capture_output=True,
        )

    def write(self, name: str, text: str, at: float) -> None:
        """A file, changed at an hour."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        os.utime(path, (MORNING + at * HOUR, MORNING + at * HOUR))

    def commit(self, at: float) -> None:
        """Commit everything, as of an hour."""
        self.git("add", "-A", at=at)
        self.git("commit", "-qm", "-", at=at)

    def cloned(self, place: Path) -> "Repository":
        """A clone, all of whose files are new."""
        subprocess.run(["git", "clone", "-q", str(self.root), str(place)], check=True)
        clone = object.__new__(Repository)
        clone.root = place
        return clone


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A package whose code was edited in hour 1 and committed in hour 3."""
    if shutil.which("git") is None:
        pytest.skip("no git")
    made = Repository(tmp_path / "own")
    made.write("Cargo.toml", '[package]\nname = "own"\nversion = "0.1.0"\n', at=1)
    made.write("src/lib.rs", "pub fn append() {}\n", at=1)
    made.write(".gitignore", "target\n", at=1)
    made.write("page.md", PAGE, at=1)
    claim(made, CRITERION)
    made.commit(at=3)
    return made


def claim(own: Repository, evidence: str, more: str = "") -> None:
    """Bind the page's number to a result file."""
    table = f'figure = "18 ms"\nevidence = "{evidence}"\n{more}'
    own.write("harness.toml", f"project = false\n[claims.append]\n{table}", at=1)


def seen(own: Repository, tmp_path: Path) -> tuple[str, str]:
    """Reason and message of the page's one number."""
    done = harness(
        "claims", "--output-format", "json", "page.md", cwd=own.root, cache=tmp_path / "cache"
    )
    (verdict,) = json.loads(done.stdout)["verdicts"]
    return verdict["reason"], verdict["message"]


def test_measured_before_the_code_was_committed(repository: Repository, tmp_path: Path) -> None:
    repository.write(CRITERION, estimates(18.2), at=2)
    reason, message = seen(repository, tmp_path)
    assert reason == "reported"
    assert "2026-09-21T16:13:20Z" in message
    assert "not committed" in message


def test_the_commit_on_which_it_was_made_is_named(repository: Repository, tmp_path: Path) -> None:
    repository.write(CRITERION, estimates(18.2), at=4)
    reason, message = seen(repository, tmp_path)
    head = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        cwd=repository.root,
        check=True,
        capture_output=True,
        text=True,
    )
    assert (reason, f"not committed, made on {head.stdout.strip()}" in message) == (
        "reported",
        True,
    ), message


@pytest.mark.parametrize("is_committed", [True, False])
def test_code_that_changed_later_is_a_finding(
    repository: Repository, tmp_path: Path, is_committed: bool
) -> None:
    repository.write(CRITERION, estimates(18.2), at=4)
    repository.write("src/lib.rs", "pub fn append() { /* slower */ }\n", at=5)
    if is_committed:
        repository.commit(at=6)
    reason, message = seen(repository, tmp_path)
    assert reason == "stale-evidence"
    assert "older than src/lib.rs, changed 2026-09-21T19:13:20Z" in message


BENCH = '[package]\nname = "bench"\nversion = "0.1.0"\n[dev-dependencies]\nown = { path = ".." }\n'


def bench_crate(own: Repository, manifest: str = BENCH) -> None:
    """A crate in a folder of its own that measures the package; its result is of hour 4."""
    own.write("bench/Cargo.toml", manifest, at=1)
    own.write("bench/out.json", '{"mean": 18.2}', at=4)
    claim(own, "bench/out.json#/mean", 'unit = "ms"\n')


@pytest.mark.parametrize(("changed_at", "reason"), [(1, "reported"), (6, "stale-evidence")])
def test_the_crate_that_a_bench_crate_measures_is_its_code(
    repository: Repository, tmp_path: Path, changed_at: float, reason: str
) -> None:
    bench_crate(repository)
    repository.write("src/lib.rs", "pub fn append() { /* more */ }\n", at=changed_at)
    found, message = seen(repository, tmp_path)
    assert (found, "src/lib.rs" in message) == (reason, reason == "stale-evidence"), message


def test_a_manifest_that_cannot_be_read_is_said(repository: Repository, tmp_path: Path) -> None:
    bench_crate(repository, BENCH.replace('".."', '"../gone"'))
    reason, message = seen(repository, tmp_path)
    assert (reason, "bench/Cargo.toml" in message) == ("evidence-not-found", True), message


def test_a_file_that_was_only_touched_is_not_younger(
    repository: Repository, tmp_path: Path
) -> None:
    repository.write(CRITERION, estimates(18.2), at=4)
    repository.write("src/lib.rs", "pub fn append() {}\n", at=5)
    assert seen(repository, tmp_path)[0] == "reported"


@pytest.mark.parametrize(("changed_at", "reason"), [(None, "reported"), (6, "stale-evidence")])
def test_a_fresh_clone_goes_by_commits(
    repository: Repository, tmp_path: Path, changed_at: int | None, reason: str
) -> None:
    claim(repository, "results/append.json")
    repository.write("results/append.json", hyperfine(0.0182), at=4)
    repository.commit(at=5)
    if changed_at is not None:
        repository.write("src/lib.rs", "pub fn append() { /* slower */ }\n", at=changed_at)
        repository.commit(at=changed_at)
    clone = repository.cloned(tmp_path / "clone")
    found, message = seen(clone, tmp_path)
    assert found == reason, message
    assert "2026-09-21T19:13:20Z, commit " in message


def test_a_result_committed_with_its_code_is_not_old(
    repository: Repository, tmp_path: Path
) -> None:
    claim(repository, "results/append.json")
    repository.write("src/lib.rs", "pub fn append() { /* quicker */ }\n", at=4)
    repository.write("results/append.json", hyperfine(0.018), at=5)
    repository.commit(at=6)
    for own in (repository, repository.cloned(tmp_path / "clone")):
        assert seen(own, tmp_path)[0] == "reported"


def test_stated_code_takes_the_place_of_the_package(repository: Repository, tmp_path: Path) -> None:
    claim(repository, CRITERION, 'code = ["scripts/*.py"]\n')
    repository.write("scripts/run.py", "print(1)\n", at=3)
    repository.write(CRITERION, estimates(18), at=4)
    repository.write("src/lib.rs", "pub fn append() { /* slower */ }\n", at=5)
    assert seen(repository, tmp_path)[0] == "reported"
    repository.write("scripts/run.py", "print(2)\n", at=5)
    assert seen(repository, tmp_path)[0] == "stale-evidence"
    claim(repository, CRITERION, 'code = ["scripts/*.rb"]\n')
    reason, message = seen(repository, tmp_path)
    assert reason == "evidence-not-found"
    assert "names no file: scripts/*.rb" in message


def test_a_claim_in_a_comment_has_its_file(repository: Repository, tmp_path: Path) -> None:
    (repository.root / "harness.toml").write_text("project = false\n")
    bound = f'append = {{ figure = "18 ms", evidence = "{CRITERION}" }}'
    repository.write("page.md", f"{PAGE}\n<!-- harness-claims:\n{bound}\n-->\n", at=1)
    assert seen(repository, tmp_path)[0] == "evidence-not-found"
    repository.write(CRITERION, estimates(18), at=4)
    assert seen(repository, tmp_path)[0] == "reported"
    repository.write(CRITERION, estimates(25), at=4)
    assert seen(repository, tmp_path)[0] == "claim-wrong"


def test_without_git_the_files_own_times_count(repository: Repository, tmp_path: Path) -> None:
    shutil.rmtree(repository.root / ".git")
    repository.write(CRITERION, estimates(18), at=4)
    reason, message = seen(repository, tmp_path)
    assert (reason, "no commit is known" in message) == ("reported", True)
    repository.write("src/lib.rs", "pub fn append() {}\n", at=5)
    assert seen(repository, tmp_path)[0] == "stale-evidence"


def test_nothing_of_the_repository_is_run(repository: Repository, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    for key in ("core.fsmonitor", "gpg.program", "diff.external", "filter.x.clean", "core.pager"):
        repository.git("config", key, f"touch {ran}; cat", at=3)
    repository.git("config", "log.showSignature", "true", at=3)
    repository.write(".gitattributes", "* filter=x diff=x\n", at=3)
    repository.write(CRITERION, estimates(18), at=4)
    repository.write("src/lib.rs", "pub fn append() { /* slower */ }\n", at=5)
    assert seen(repository, tmp_path)[0] == "stale-evidence"
    assert not ran.exists()
