"""A project's generated manifests in, all places that Cargo would take crates from out.

Nothing is fetched before each of them is known to be allowed: Cargo itself says, of each package
that a path leads to, what it depends on.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from harness import toml_text
from harness.manifests import write_toml
from harness.runners.containers.sources import RefusedError, Rooms, real_path, refuse_elsewhere
from harness.runners.containers.yard import Mount
from harness.runners.project import CargoError
from harness.units.project import origin_of
from harness.units.reaching import DECLARING

_CRATES_IO = "registry+https://github.com/rust-lang/crates.io-index"


class Origins:
    """What a project draws on, as far as it was followed."""

    def __init__(
        self, rooms: Rooms, own: Mount, survey: Callable[[Path], Mapping[str, Any]]
    ) -> None:
        """`own` is the project's repository; `survey` says what packages a manifest is of."""
        self._rooms = rooms
        self._own = own
        self._survey = survey
        self._seen_rooms = {own}
        self._told: dict[str, Mapping[str, Any]] = {}
        self._pending: list[tuple[Path, bool]] = []
        self.packages: dict[str, Mapping[str, Any]] = {}
        """By folder, the packages that paths lead to, as Cargo tells of them."""
        self.has_registry = False

    @property
    def rooms(self) -> tuple[Mount, ...]:
        """The folders that crates stand in."""
        return tuple(sorted(self._seen_rooms))

    def place(self, path: str, *, is_declared: bool) -> str:
        """Where a container sees the package of a path, which is followed.

        What documents declare may stand in any of their repositories, a project's in its own.
        """
        real = real_path(Path(path))
        if not is_declared and not real.is_relative_to(self._own[0]):
            raise self._leaving(path)
        here, there = self._rooms.room(Path(path))
        self._seen_rooms.add((here, there))
        self._pending.append((real, is_declared))
        return str(there / real.relative_to(here).as_posix())

    def check(self, name: str, table: Mapping[str, object]) -> None:
        """Refuse a dependency on a source that is not allowed."""
        if not self._rooms.allow_sources:
            refuse_elsewhere(name, table)

    def follow_members(self, told: Mapping[str, Any]) -> None:
        """Follow all packages of a workspace, with what only their tests use."""
        for package in told["packages"]:
            for dependency in package["dependencies"]:
                self._depend(dependency, is_declared=False)

    def follow(self) -> None:
        """Follow every path to its end."""
        while self._pending:
            folder, is_declared = self._pending.pop()
            if str(folder) in self.packages:
                continue
            package = self._package(folder)
            self.packages[str(folder)] = package
            for dependency in package["dependencies"]:
                if dependency["kind"] != "dev":
                    self._depend(dependency, is_declared=is_declared)

    def _depend(self, dependency: Mapping[str, Any], *, is_declared: bool) -> None:
        table = origin_of(dependency)
        self.check(dependency["name"], table)
        if "path" in table:
            self.place(str(table["path"]), is_declared=is_declared)
        else:
            self.has_registry = True

    def _package(self, folder: Path) -> Mapping[str, Any]:
        manifest = str(folder / "Cargo.toml")
        if manifest not in self._told:
            for package in self._survey(folder / "Cargo.toml")["packages"]:
                self._told[package["manifest_path"]] = package
        if manifest not in self._told:
            message = f"{manifest} is the manifest of no package"
            raise CargoError(message)
        return self._told[manifest]

    def _leaving(self, path: str) -> RefusedError:
        here, there = self._own
        is_there = path.startswith(f"{there.parent}/")
        named = os.path.relpath(path, there if is_there else here)
        return RefusedError(
            f"the path dependency {path if named.count('..') > 3 else named} leaves the repository"
        )


def entries_of(manifest: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Name and table of each dependency, patch and replacement of a generated manifest."""
    places = [manifest.get("dependencies"), manifest.get("replace")]
    places += [own.get("dependencies") for own in _tables(manifest.get("target"))]
    places += _tables(manifest.get("patch"))
    for place in places:
        if isinstance(place, dict):
            for name, table in place.items():
                yield name, table if isinstance(table, dict) else {}


def _tables(value: object) -> list[dict[str, Any]]:
    return (
        [own for own in value.values() if isinstance(own, dict)] if isinstance(value, dict) else []
    )


def placed(manifest: Mapping[str, Any], origins: Origins) -> dict[str, Any]:
    """A generated manifest as a container has to see it; a `RefusedError` for what it may not."""
    is_declared = manifest.get("package", {}).get("name") == DECLARING
    for name, table in entries_of(manifest):
        origins.check(name, table)

    def inside(value: Any) -> Any:
        if not isinstance(value, Mapping):
            return value
        return {
            key: origins.place(str(item), is_declared=is_declared)
            if key == "path" and isinstance(item, str)
            else inside(item)
            for key, item in value.items()
        }

    tables = ("dependencies", "target", "patch", "replace")
    return {key: inside(item) if key in tables else item for key, item in manifest.items()}


def started_lock(lock: bytes, *, allow_sources: bool) -> bytes:
    """A project's lock without packages of sources that are not allowed.

    Who lacks a package in a lock is resolved anew; who finds one of git there would ask git. A
    `MALFORMED` error for what is no lock.
    """
    if not lock or allow_sources:
        return lock
    told = toml_text.parse(lock.decode())
    packages, patch = told.get("package", []), told.get("patch", {})
    kept = {"package": _allowed(packages)}
    if unused := _allowed(patch.get("unused", [])):
        kept["patch"] = patch | {"unused": unused}
    if kept.get("patch", {}) == patch and kept["package"] == packages:
        return lock
    others = {key: value for key, value in told.items() if key not in ("package", "patch")}
    return write_toml({**others, **kept}).encode()


def _allowed(packages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [package for package in packages if package.get("source", _CRATES_IO) == _CRATES_IO]
