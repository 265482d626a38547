"""No text of a checkout, and no name that a build reports, ends the run; no engine needed."""

import tomllib
from pathlib import PurePosixPath
from types import SimpleNamespace

import pytest

from harness.model.cargo_choice import CargoChoice
from harness.model.project import Project
from harness.runners.containers.generated import Survey
from harness.runners.containers.origins import started_lock
from harness.runners.containers.projects import CargoInContainers
from harness.runners.containers.sources import Rooms
from harness.runners.project import CargoError

CRATES_IO = "registry+https://github.com/rust-lang/crates.io-index"
GIT = "git+https://192.0.2.1/b#0"
THERE = PurePosixPath("/sources/0")


@pytest.fixture
def root(tmp_path):
    (tmp_path / "root").mkdir()
    return tmp_path / "root"


@pytest.fixture
def cargo(root, tmp_path):
    yard = SimpleNamespace(folder=tmp_path / "kept", rooms=Rooms(None, (root,), False))
    return CargoInContainers(yard, lambda *_: None)


def resolve(cargo, root, lock=b"", manifest=b""):
    """What is said of a project whose Cargo.toml and Cargo.lock are these."""
    survey = Survey((root, THERE), {"packages": []}, manifest, lock)
    cargo._surveys[root / "Cargo.toml"] = survey
    with pytest.raises(CargoError) as told:
        cargo.resolve(Project(str(root / "Cargo.toml"), str(root), CargoChoice()), (), {})
    return str(told.value)


@pytest.mark.parametrize(
    "lock",
    ["package = 3", "package = [1]", "patch = 3", "[patch]\nunused = 3", "x = " + "[" * 9999],
)
def test_a_lock_that_cargo_did_not_write_is_a_finding_of_its_project(cargo, root, lock):
    assert "cannot be read" in resolve(cargo, root, lock=lock.encode())


@pytest.mark.parametrize("manifest", ["workspace = 3", "profile = 3", "x = " + "[" * 9999])
def test_a_manifest_that_cargo_would_not_read_is_a_finding_of_its_project(cargo, root, manifest):
    assert "cannot be read" in resolve(cargo, root, manifest=manifest.encode())


def test_patches_that_nothing_uses_stay_in_a_lock_where_their_source_is_allowed():
    unused = {
        "path": {"name": "a", "version": "1.0.0"},
        "registry": {"name": "b", "version": "1.0.0", "source": CRATES_IO},
        "git": {"name": "c", "version": "1.0.0", "source": GIT},
    }

    def lock(*kinds):
        lines = ["version = 4"]
        for kind in kinds:
            lines += ["[[patch.unused]]", *(f'{k} = "{v}"' for k, v in unused[kind].items())]
        return "\n".join(lines).encode()

    pure = lock("path", "registry")
    assert started_lock(pure, allow_sources=False) == pure
    assert started_lock(lock("git"), allow_sources=True) == lock("git")
    kept = tomllib.loads(
        started_lock(lock("path", "git", "registry"), allow_sources=False).decode()
    )
    assert kept["patch"] == {"unused": [unused["path"], unused["registry"]]}
