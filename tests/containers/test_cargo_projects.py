"""Documents in a Cargo project, in containers: the same verdicts, and nothing of it runs here."""

import shutil
import subprocess

import pytest

from tests.command_line import Page, harness, report_of_run
from tests.test_cargo_projects import FIXTURE, RUNS, everything_in, told

pytestmark = [pytest.mark.containers, pytest.mark.compiler, pytest.mark.network]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """The project of fixtures/cargo-project as a repository; and a cache that its runs share."""
    folder = tmp_path_factory.mktemp("project") / "shapes"
    shutil.copytree(FIXTURE, folder, ignore=shutil.ignore_patterns("expected", "target"))
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    return folder, tmp_path_factory.mktemp("cache")


def verdicts(*arguments, workspace, verb, runner="docker"):
    folder, cache = workspace
    done = harness(
        verb, *arguments, "--runner", runner, "--output-format", "json", cwd=folder, cache=cache,
        seconds=600,
    )  # fmt: skip
    report = report_of_run(done)
    return sorted(report["verdicts"], key=lambda v: v["id"]), report


def marked(name):
    return pytest.param(name, marks=pytest.mark.real)


def lines(found):
    return "".join(f"{told(verdict)}\n" for verdict in found)


# All eight, checked and tested, are `nox -s containers -- -m real tests/containers`.
@pytest.mark.parametrize("name", ["book", *(marked(name) for name in RUNS if name != "book")])
def test_tested_in_containers_every_block_has_the_verdict_of_the_local_runner(
    name, containers, workspace
):
    before = everything_in(workspace[0])
    found, _ = verdicts(*RUNS[name], workspace=workspace, verb="test")
    assert lines(found) == (FIXTURE / "expected" / f"{name}.txt").read_text()
    assert everything_in(workspace[0]) == before


@pytest.mark.parametrize(
    "name", ["book-with-features", *(marked(n) for n in RUNS if n != "book-with-features")]
)
def test_checked_in_containers_every_block_has_the_verdict_of_the_local_runner(
    name, containers, workspace
):
    options = RUNS[name]
    there, report = verdicts(*options, workspace=workspace, verb="check")
    here, _ = verdicts(*options, workspace=workspace, verb="check", runner="local")
    keys = ("id", "outcome", "reason", "as_rustdoc", "codes", "message")
    assert [[v[key] for key in keys] for v in there] == [[v[key] for key in keys] for v in here]
    assert report["environment"]["runner"] == "docker"
    # What was fetched is there now: nothing is asked of a network.
    again, _ = verdicts(*options, "--offline", "--locked", workspace=workspace, verb="check")
    assert lines(again) == lines(there)


def test_a_package_sees_its_own_files_and_gits_own_are_hidden(containers, tmp_path):
    root = tmp_path / "repository"
    (root / "src").mkdir(parents=True)
    (root / ".git").mkdir()
    (root / ".git" / "config").write_text("token")
    (root / "Cargo.toml").write_text(
        '[package]\nname = "own"\nversion = "0.1.0"\nedition = "2021"\n'
    )
    (root / "src" / "lib.rs").write_text('/// # Panics\npub fn fails() { panic!("on purpose") }\n')
    (root / "data.txt").write_text("beside")
    page = Page()
    page.add(
        "while compiled",
        'assert_eq!(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/data.txt")), "beside");\n'
        "let _ = own::fails;",
    )
    page.add(
        "while run",
        'let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));\nlet _ = own::fails;\n'
        'assert_eq!(std::fs::read_to_string(here.join("data.txt")).unwrap(), "beside");\n'
        'assert!(std::fs::read(here.join(".git/config")).is_err());\n'
        'assert!(std::fs::write(here.join("data.txt"), "x").is_err());',
    )
    page.add("elsewhere", "own::fails();")
    page.add(
        "no crate",
        f'assert!(!std::path::Path::new("{root}").exists());\n'
        'assert!(!std::path::Path::new("/sources").exists());',
    )
    page.write(root)
    found, _ = verdicts("page.md", workspace=(root, tmp_path / "cache"), verb="test")
    assert [v["reason"] for v in sorted(found, key=lambda v: v["line"])] == [
        "ran", "ran", "panicked", "ran",
    ]  # fmt: skip
    message = next(v for v in found if v["reason"] == "panicked")
    assert f"{root}/src/lib.rs:2" in str(message), "a path of the container is told"


def test_a_project_outside_the_repository_is_looked_at_only_where_the_user_names_it(
    containers, tmp_path
):
    (tmp_path / "away" / "src").mkdir(parents=True)
    (tmp_path / "away" / "src" / "lib.rs").write_text("pub struct Thing;\n")
    (tmp_path / "away" / "Cargo.toml").write_text('[package]\nname = "away"\nversion = "0.1.0"\n')
    book = tmp_path / "book"
    (book / ".git").mkdir(parents=True)
    (book / "harness.toml").write_text('project = "../away"\n')
    Page().add("uses it", "let _ = away::Thing;").write(book)
    place = (book, tmp_path / "cache")
    found, _ = verdicts("page.md", workspace=place, verb="check")
    assert {v["reason"] for v in found} == {"project-broken", "needs-project"}
    assert "--manifest-path" in next(v["message"] for v in found if v["kind"] == "document")
    found, _ = verdicts("page.md", "--manifest-path", "../away", workspace=place, verb="check")
    assert [v["reason"] for v in found] == ["compiles"]
