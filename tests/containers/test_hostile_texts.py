"""No text of a checkout, and no name that a build reports, ends the run; no engine needed."""

import os
import tomllib
from pathlib import PurePosixPath
from types import SimpleNamespace

import pytest

from harness.model.cargo_choice import CargoChoice
from harness.model.project import Project
from harness.model.unit import Base, CrateSpec
from harness.model.verdict import Dependencies
from harness.packages import cargo_settings_identity, linked
from harness.runners.containers.generated import Survey
from harness.runners.containers.origins import Origins, started_lock
from harness.runners.containers.projects import CargoInContainers
from harness.runners.containers.settings import settings_between
from harness.runners.containers.sources import RefusedError, Rooms, inside_containers
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


def said_of_base(root, path):
    """What is said of a base with one crate at this path of a repository; empty where nothing is."""
    crate = CrateSpec("a", "a", Dependencies.REAL, "", (("path", path),))
    rooms = Rooms(None, (root,), False)
    try:
        inside_containers(Base((crate,)), rooms)
        rooms.mounts(Base((crate,)))
    except RefusedError as error:
        return str(error)
    return ""


def package(folder, text=""):
    folder.mkdir()
    (folder / "Cargo.toml").write_text(f"[package]\nname = '{folder.name}'\n{text}")


def test_a_long_chain_of_path_crates_is_followed_to_its_end(root):
    for number in range(1200):
        package(root / str(number), f"[dependencies]\nx.path = '../{number + 1}'\n")
    package(root / "1200")
    assert not said_of_base(root, str(root / "0"))
    (root / "1200" / "Cargo.toml").write_text("[dependencies]\nx.git = 'https://192.0.2.1/x'\n")
    assert "--allow-sources" in said_of_base(root, str(root / "0"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x = " + "[" * 9999, "cannot be read: too many tables in tables"),
        ('[dependencies]\nx.path = "../a\\u0000b"\n', "cannot be read"),
        (f"[dependencies]\nx.path = '../{'n' * 300}'\n", "cannot be read"),
        ("[dependencies]\nx.path = '../loop'\n", ""),
        ("[dependencies]\nx.path = 3\n", ""),
        ("dependencies = 3\ntarget = [1]\nworkspace = 'x'\n", ""),
    ],
)
def test_a_path_crate_that_cannot_be_read_is_a_finding_of_its_base(root, text, told):
    (root / "loop").symlink_to("loop")
    package(root / "a", text)
    assert told in said_of_base(root, str(root / "a"))


@pytest.mark.parametrize("name", ["a\0b", "n" * 300, "loop"])
def test_a_path_that_leads_nowhere_is_a_finding_of_its_base_at_most(root, name):
    (root / "loop").symlink_to("loop")
    told = said_of_base(root, str(root / name))
    assert name == "loop" or "cannot be read" in told


def test_settings_in_a_looped_link_do_not_hold(root):
    (root / ".cargo").mkdir()
    (root / ".cargo" / "config.toml").symlink_to("config.toml")
    (found,) = settings_between(root, root, THERE)
    assert not found.kept
    assert found.dropped


@pytest.mark.parametrize("path", ["/a\0b", "{root}/loop"])
def test_a_path_that_cargo_tells_of_is_no_end_of_the_run(root, path):
    (root / "loop").symlink_to("loop")
    found = Origins(Rooms(None, (root,), False), (root, THERE), lambda _: {"packages": []})
    found._pending.append((root / "a", False))
    found._told[str(root / "a" / "Cargo.toml")] = {
        "dependencies": [
            {"name": "x", "kind": None, "req": "*", "source": None, "path": path.format(root=root)}
        ]
    }
    with pytest.raises((RefusedError, CargoError)):
        found.follow()


def key(cargo, root, manifest, *members, is_locked):
    """What decides whether the sources of a project are fetched again."""
    survey = Survey((root, THERE), {"packages": list(members)}, manifest, b"version = 4\n")
    project = Project(str(root / "Cargo.toml"), str(root), CargoChoice(is_locked=is_locked))
    return cargo._placed(project, survey, {"": {}}).told


def member(*names):
    told = {"kind": None, "req": "^1", "source": CRATES_IO, "registry": None}
    return {"name": "b", "dependencies": [told | {"name": name} for name in names]}


def test_a_lock_is_held_against_all_members_again_when_one_of_them_changes(cargo, root):
    def keys(*, is_locked):
        before = key(cargo, root, b"", member("x"), is_locked=is_locked)
        grown = key(cargo, root, b"", member("x", "y"), is_locked=is_locked)
        other = key(cargo, root, b"[patch]\n", member("x"), is_locked=is_locked)
        return {before, grown, other}

    assert len(keys(is_locked=True)) == 3
    assert len(keys(is_locked=False)) == 1


@pytest.mark.parametrize(
    "text", ["x = " + "[" * 9999, f"[{'.'.join('a' * 9999)}]\n", "x", "\0", "pipe", "huge"]
)
def test_a_manifest_that_this_machine_reads_is_a_value_or_an_error_that_is_caught(root, text):
    if text == "pipe":
        os.mkfifo(root / "Cargo.toml")
    else:
        (root / "Cargo.toml").write_text("#" * (33 << 20) if text == "huge" else text)
    with pytest.raises((OSError, ValueError)):
        list(linked(root))


def test_cargos_settings_that_are_too_deep_are_cargos_to_refuse(root):
    (root / ".cargo").mkdir()
    (root / ".cargo" / "config.toml").write_text("x = " + "[" * 9999)
    assert cargo_settings_identity(root)
