"""What a build in a container reports is read as from somebody who lies; no engine needed."""

import json
import tarfile
from pathlib import PurePosixPath

import pytest

from harness.model.cargo_choice import CargoChoice
from harness.model.command import Finished
from harness.model.project import Project
from harness.model.unit import Base, CrateSpec
from harness.model.verdict import Dependencies
from harness.runners.cargo import BaseFolders, Broken
from harness.runners.containers.crates import build_in_container
from harness.runners.containers.generated import Generated
from harness.runners.containers.projects import CargoInContainers
from harness.runners.containers.sources import Rooms
from harness.runners.containers.yard import Yard
from harness.workspace import base_name

BASE = Base((CrateSpec("a", "a", Dependencies.REAL, "1", (("version", "1"),)),))
BUILT = "/room/target/debug/deps/liba-1.rlib"


@pytest.fixture
def said():
    """What a build reports: the name of its crate, its end, and Cargo's messages."""
    return {"name": "a", "status": 0, "messages": [artifact(BUILT)]}


@pytest.fixture
def yard(tmp_path, said, monkeypatch):
    def ask(_, purpose, asked, folder, **more):
        folder.mkdir()
        (folder / "Cargo.lock").write_text("version = 4\n")
        deps = [{"pkg": "a 1", "name": said["name"]}]
        told = {
            "packages": [{"id": "base 0", "name": base_name(BASE)}],
            "resolve": {"nodes": [{"id": "base 0", "deps": deps}]},
        }
        (folder / "metadata").write_text(json.dumps(told))
        (folder / "messages").write_text("\n".join(map(json.dumps, said["messages"])))
        (folder / "x").write_text("")
        with tarfile.open(folder / "handed.tar", "w") as archive:
            archive.add(folder / "x", "debug/deps/liba-1.rlib")
        return Finished(said["status"] if purpose.name == "build" else 0, b"", b"", 0.0)

    monkeypatch.setattr(Yard, "ask", ask)
    (tmp_path / "root").mkdir()
    (tmp_path / "kept").mkdir()
    rooms = Rooms(None, (tmp_path / "root",), False)
    return Yard(None, tmp_path / "kept", (), rooms, {}, "t", lambda _: False, False, 9.0, "")


def artifact(file):
    target = {"kind": ["lib"]}
    return {
        "reason": "compiler-artifact",
        "package_id": "a 1",
        "target": target,
        "filenames": [file],
    }


def linked(*paths):
    return {"reason": "build-script-executed", "linked_paths": list(paths)}


def build(yard, tmp_path):
    return build_in_container(BASE, BaseFolders(tmp_path / "b", tmp_path / "t", None), yard)


def build_project(yard, tmp_path):
    root = tmp_path / "root"
    there = PurePosixPath("/sources/0")
    cargo = CargoInContainers(yard, lambda *_: None)
    room = (root, there)
    cargo._generated["p"] = Generated(room, (room,), {"": {}}, b"", b"", (), {}, False)
    project = Project(str(root / "Cargo.toml"), str(root), CargoChoice(), folder="p")
    return cargo.build(project, Base((), project="p"), BaseFolders(tmp_path, tmp_path, None))


NOWHERE = [
    "native=/x\ud800",
    "native=/room/target/a\0b",
    "/room/target/../x",
    "relative",
    "/usr/lib",
]
OWN = "native=/room/target/debug/build/a/out"


def test_crates_are_looked_for_only_where_the_base_was_built(yard, said, tmp_path):
    said["messages"].append(linked(*NOWHERE, OWN, "/sources/0/native"))
    built = build(yard, tmp_path)
    ((name, library),) = built.externs
    deps = library.parent
    assert (name, deps.parts[:2]) == ("a", ("/", "bases"))
    assert set(built.search) == {deps, deps.parent / "build/a/out"}


def test_units_of_a_project_link_from_its_own_folders_and_its_repository(yard, said, tmp_path):
    said["messages"].append(linked(*NOWHERE, OWN, "/sources/0/native", "/sources/0/../1"))
    built = build_project(yard, tmp_path)
    (library,) = built.libraries.values()
    assert library.is_file()
    out = library.parent.parent / "build/a/out"
    assert set(built.search) == {library.parent, out, tmp_path / "root" / "native"}


@pytest.mark.parametrize(
    "file",
    ["/etc/x.rlib", "/room/target/../x.rlib", "/room/target/\ud800.rlib", "/room/target/\0.rlib",
     "x.rlib", "/room/target/debug/deps/libnone-1.rlib"],
)  # fmt: skip
def test_a_library_is_one_that_the_build_handed_out(yard, said, tmp_path, file):
    said["messages"] = [artifact(file)]
    assert isinstance(build(yard, tmp_path), Broken)
    assert not build_project(yard, tmp_path).libraries


@pytest.mark.parametrize("name", [3, None, ["a"], "a=b", "a\0", "\ud800", "a b"])
def test_a_crate_is_named_as_code_can_name_it(yard, said, tmp_path, name):
    said["name"] = name
    assert isinstance(build(yard, tmp_path), Broken)


def test_a_cause_can_be_written_down(yard, said, tmp_path):
    said["status"] = 2
    message = {"level": "error", "message": "a\ud800b"}
    said["messages"] = [{"reason": "compiler-message", "message": message}]
    assert "a?b" in build(yard, tmp_path).cause
    assert "a?b" in build_project(yard, tmp_path).cause
