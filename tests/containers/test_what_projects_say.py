"""What a checkout says of its Cargo project is read as from somebody who lies; no engine needed."""

import os
import tomllib
from pathlib import Path, PurePosixPath

import pytest

from harness.files import read_regular
from harness.runners.cargo import libraries_of
from harness.runners.containers.origins import Origins, placed, started_lock
from harness.runners.containers.settings import (
    folder_below,
    registries_between,
    settings_between,
    told_of,
    write_settings,
)
from harness.runners.containers.sources import RefusedError, Rooms
from harness.runners.containers.told import MALFORMED, is_plain, pack, renamed

CRATES_IO = "registry+https://github.com/rust-lang/crates.io-index"


def settings(root, text, below="."):
    place = root / below / ".cargo"
    place.mkdir(parents=True)
    (place / "config.toml").write_text(text)


def test_of_settings_only_what_makes_a_crate_another_one_holds(tmp_path):
    settings(
        tmp_path,
        '[build]\nrustflags = ["--cfg", "x"]\nrustc = "evil"\ntarget = "t"\n'
        '[target.t]\nrustflags = "-g"\nlinker = "evil"\n[target."cfg(unix)"]\nrunner = "evil"\n'
        '[env]\nA = "b"\nC = { value = "d", relative = true }\nN = 1\n[alias]\nx = "y"\n'
        "[profile.dev]\noverflow-checks = false\n[term]\nverbose = true\n"
        '[registries.my-own]\nindex = "sparse+https://192.0.2.1/"\ntoken = "x"\n',
    )
    (found,) = settings_between(tmp_path, tmp_path, PurePosixPath("/sources/0"))
    assert tomllib.loads(write_settings(found).decode()) == {
        "build": {"rustflags": ["--cfg", "x"]},
        "target": {"t": {"rustflags": "-g"}},
        "env": {"A": "b", "C": {"value": "/sources/0/d", "force": False}},
        "profile": {"dev": {"overflow-checks": False}},
    }
    assert told_of(found).endswith(
        "build.rustc, build.target, target.t.linker, target.cfg(unix).runner, alias, "
        "registries.my-own.token"
    )
    assert registries_between(tmp_path, tmp_path) == {
        "CARGO_REGISTRIES_MY_OWN_INDEX": "sparse+https://192.0.2.1/"
    }


def test_settings_are_those_of_the_folder_and_above_it_to_the_root(tmp_path):
    root = tmp_path / "root"
    settings(tmp_path, '[env]\nA = "above the repository"\n')
    settings(root, '[env]\nA = "root"\n')
    settings(root, '[env]\nA = "deep"\n', "a/b")
    settings(root, '[env]\nA = "beside"\n', "c")
    found = list(settings_between(root, root / "a" / "b", PurePosixPath("/sources/0")))
    assert [own.kept["env"]["A"] for own in found] == ["deep", "root"]
    assert [folder_below(root, own.folder) for own in found] == ["settings/a/b", "settings"]


@pytest.mark.parametrize("what", ["pipe", "device", "outside", "huge", "deep", "not toml"])
def test_settings_that_cannot_be_read_are_said_not_to_hold(what, tmp_path):
    root = tmp_path / "root"
    place = root / ".cargo" / "config.toml"
    place.parent.mkdir(parents=True)
    (tmp_path / "secret.toml").write_text('[env]\nTOKEN = "secret"\n')
    if what == "pipe":
        os.mkfifo(place)
    elif what in ("device", "outside"):
        place.symlink_to("/dev/zero" if what == "device" else tmp_path / "secret.toml")
    else:
        texts = {"huge": "#" * (2 << 20), "deep": "x = " + "[" * 100_000, "not toml": "x"}
        place.write_text(texts[what])
    (found,) = settings_between(root, root, PurePosixPath("/sources/0"))
    assert not found.kept
    assert "not in force in containers: it " in told_of(found)


def package(name, folder, *dependencies):
    return {
        "name": name,
        "manifest_path": f"{folder}/Cargo.toml",
        "dependencies": [
            {"name": "d", "kind": None, "req": "*", "source": None, "registry": None} | each
            for each in dependencies
        ],
    }


def origins(root, packages, *, allow=False):
    rooms = Rooms(None, (root, root.parent / "other"), allow)
    told = {each["manifest_path"]: {"packages": [each]} for each in packages}
    return Origins(rooms, (root, PurePosixPath("/sources/0")), lambda file: told[str(file)])


def follow(root, table, *packages, allow=False):
    found = origins(root, packages, allow=allow)
    manifest = {"package": {"name": "x"}, "dependencies": {"d": table}}
    there = placed(manifest, found)
    found.follow()
    return there["dependencies"]["d"], found


@pytest.fixture
def root(tmp_path):
    (tmp_path / "root" / "a").mkdir(parents=True)
    (tmp_path / "other").mkdir()
    return tmp_path / "root"


def test_paths_are_followed_and_named_as_containers_see_them(root):
    near = package("a", root / "a", {"path": str(root / "b")}, {"source": CRATES_IO, "req": "^1"})
    table, found = follow(root, {"path": str(root / "a")}, near, package("b", root / "b"))
    assert table == {"path": "/sources/0/a"}
    assert sorted(found.packages) == [str(root / "a"), str(root / "b")]
    assert found.has_registry


@pytest.mark.parametrize(
    ("dependency", "told"),
    [
        ({"path": "/sources/side"}, "../side leaves"),
        ({"path": "/sources/1/x"}, "../1/x leaves"),
        ({"path": "/etc"}, "/etc leaves"),
        ({"source": "git+https://192.0.2.1/x"}, "--allow-sources"),
        (
            {"source": "registry+https://192.0.2.1/", "registry": "https://192.0.2.1/"},
            "--allow-sources",
        ),
        ({"source": "git+https://192.0.2.1/x", "kind": "build"}, "--allow-sources"),
    ],
)
def test_what_a_package_of_a_path_draws_on_elsewhere_is_refused(root, dependency, told):
    with pytest.raises(RefusedError, match=told):
        follow(root, {"path": str(root / "a")}, package("a", root / "a", dependency))


def test_a_path_into_another_repository_of_the_run_is_refused_too(root):
    with pytest.raises(RefusedError, match=r"\.\./other leaves"):
        follow(root, {"path": str(root.parent / "other")})


def test_a_patch_is_a_source_like_any_other(root):
    found = origins(root, [])
    manifest = {"workspace": {}, "patch": {"crates-io": {"x": {"git": "https://192.0.2.1/x"}}}}
    with pytest.raises(RefusedError, match="--allow-sources"):
        placed(manifest, found)


def test_a_lock_loses_what_comes_from_elsewhere_and_nothing_else():
    crates = [
        {"name": "own", "version": "0.1.0", "dependencies": ["a", "b"]},
        {"name": "a", "version": "1.0.0", "source": CRATES_IO, "checksum": "0"},
        {"name": "b", "version": "1.0.0", "source": "git+https://192.0.2.1/b#0"},
    ]
    lines = ["version = 4"]
    for crate in crates:
        lines += ["[[package]]", *(f"{key} = {value!r}" for key, value in crate.items())]
    lock = "\n".join(lines).encode()
    assert started_lock(lock, allow_sources=True) == lock
    kept = tomllib.loads(started_lock(lock, allow_sources=False).decode())
    assert kept == {"version": 4, "package": crates[:2]}
    pure = lock[: lock.rindex(b"[[package]]")]
    assert started_lock(pure, allow_sources=False) == pure


@pytest.mark.parametrize(
    "line",
    [
        b'{"reason": "compiler-artifact"}',
        b'{"reason": "compiler-artifact", "target": 1}',
        b'{"reason": "compiler-artifact", "target": {"kind": ["lib"]}, "filenames": 3}',
        b'{"reason": "build-script-executed", "linked_paths": 3}',
        b'{"a": ' + b"[" * 100_000,
    ],
)
def test_what_is_not_cargos_is_told_apart(line):
    with pytest.raises(MALFORMED):
        libraries_of(line, "t")


def test_a_library_is_a_file_that_was_unpacked(tmp_path):
    (tmp_path / "saved").mkdir()
    (tmp_path / "saved" / "a.rlib").write_text("")
    (tmp_path / "b.rlib").write_text("")
    (tmp_path / "saved" / "c.rlib").symlink_to(tmp_path / "b.rlib")
    saved = tmp_path / "saved"
    assert is_plain(saved / "a.rlib", saved)
    for other in (saved / "b.rlib", saved / ".." / "b.rlib", tmp_path / "b.rlib", saved / "c.rlib"):
        assert not is_plain(other, saved)
    assert not is_plain(Path("a.rlib"), saved)


def test_a_folder_is_renamed_as_a_whole_and_alone():
    told = b"/a/b /a/b/c x=/a/b: /a/bc /a/b-c /x/a/b /a/b.d file:///a/b#1"
    assert renamed(told, "/a/b", "/N") == b"/N /N/c x=/N: /a/bc /a/b-c /x/a/b /a/b.d file:///N#1"


def test_the_same_files_are_the_same_archive():
    assert pack({"a": b"1", "b/c": b"2"}) == pack({"b/c": b"2", "a": b"1"})


def test_only_regular_files_of_a_bounded_size_are_read(tmp_path):
    (tmp_path / "a").write_bytes(b"12345")
    assert read_regular(tmp_path / "a", 5) == b"12345"
    os.mkfifo(tmp_path / "pipe")
    for file, most in ((tmp_path / "a", 4), (tmp_path / "pipe", 9), (Path("/dev/zero"), 9)):
        with pytest.raises(OSError, match=r"regular|bytes"):
            read_regular(file, most)
