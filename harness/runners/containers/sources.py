"""A base in, where its crates come from out: what a document may draw on, and what it may not.

Without `--allow-sources` crates come from the crates.io registry and from folders of the
repository. Manifests of such folders are read here, never handed to Cargo on this machine.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

from harness import toml_text
from harness.files import read_regular
from harness.model.unit import Base, CrateSpec
from harness.model.values import dataclass
from harness.model.verdict import Dependencies
from harness.runners.containers.confinement import STUBS

_ELSEWHERE = ("git", "registry", "registry-index")
_TABLES = (
    "dependencies",
    "dev-dependencies",
    "build-dependencies",
    # Cargo takes the older spelling, too.
    "dev_dependencies",
    "build_dependencies",
)
_MANIFEST_BYTES = 32 << 20


class RefusedError(Exception):
    """A base draws on something that it may not; the text says on what."""


@dataclass(frozen=True, slots=True)
class Rooms:
    """The folders of this machine that crates may stand in, and where containers see them."""

    stubs: Path | None
    repositories: tuple[Path, ...]
    allow_sources: bool

    def mounts(self, base: Base) -> tuple[tuple[Path, PurePosixPath], ...]:
        """The folders that a base needs, each with its place in a container."""
        wanted = {self.room(Path(path)) for path in _paths_of(base)}
        return tuple(sorted(wanted))

    def inside(self, path: str) -> str:
        """Where a container sees the folder of a crate."""
        here, there = self.room(Path(path))
        return str(there / real_path(Path(path)).relative_to(here).as_posix())

    def room(self, path: Path) -> tuple[Path, PurePosixPath]:
        """The folder that a path stands in, and its place in a container."""
        real = real_path(path)
        if self.stubs is not None and real.is_relative_to(self.stubs.resolve()):
            return self.stubs.resolve(), STUBS
        for number, root in enumerate(self.repositories):
            if real.is_relative_to(root.resolve()):
                return root.resolve(), PurePosixPath(f"/sources/{number}")
        message = f"the path dependency {path} leaves the repository"
        raise RefusedError(message)


def real_path(path: Path) -> Path:
    """A path of a checkout without links; a `RefusedError` for one that no file can have."""
    try:
        return path.resolve()
    except (OSError, ValueError, RuntimeError) as error:
        raise _unreadable(path, error) from error


def inside_containers(base: Base, rooms: Rooms) -> Base:
    """The base as a container has to see it; a `RefusedError` for what it may not draw on."""
    return replace(base, crates=tuple(_inside(crate, rooms) for crate in base.crates))


def _inside(crate: CrateSpec, rooms: Rooms) -> CrateSpec:
    table = dict(crate.table)
    if not rooms.allow_sources:
        refuse_elsewhere(crate.key, table)
    path = table.get("path")
    if not isinstance(path, str):
        return crate
    there = rooms.inside(path)
    if crate.kind not in (Dependencies.STUB, Dependencies.FICTIONAL):
        _look_through(real_path(Path(path)), rooms)
    return replace(crate, table=tuple(sorted((table | {"path": there}).items())))


def refuse_elsewhere(name: str, table: Mapping[str, object]) -> None:
    """A `RefusedError` for a dependency on git or another registry than crates.io."""
    named = next((key for key in _ELSEWHERE if key in table), None)
    if named is not None:
        kind = "git" if named == "git" else "another registry"
        message = f"the crate {name} comes from {kind} ({table[named]}); allow it: --allow-sources"
        raise RefusedError(message)


def _look_through(folder: Path, rooms: Rooms) -> None:
    """Refuse what a package draws on by way of others, before anything reads its manifest."""
    pending, seen = [folder], set[Path]()
    while pending:
        for manifest in _manifests(pending.pop()):
            if manifest in seen:
                continue
            seen.add(manifest)
            for name, table, place in _dependencies(manifest):
                if not rooms.allow_sources:
                    refuse_elsewhere(name, table)
                path = table.get("path")
                if isinstance(path, str):
                    rooms.inside(str(place / path))
                    pending.append(real_path(place / path))


def _manifests(folder: Path) -> Iterator[Path]:
    """A package's manifest, and those above it that could be its workspace's."""
    for place in (folder, *folder.parents):
        try:
            has_one, is_root = (place / "Cargo.toml").is_file(), (place / ".git").exists()
        except OSError as error:
            raise _unreadable(place, error) from error
        if has_one:
            yield place / "Cargo.toml"
        if is_root:
            return


def _dependencies(manifest: Path) -> Iterator[tuple[str, Mapping[str, object], Path]]:
    try:
        told = toml_text.parse(read_regular(manifest, _MANIFEST_BYTES).decode())
    except (OSError, ValueError) as error:
        raise _unreadable(manifest, error) from error
    for table in _dependency_tables(told):
        for name, entry in table.items():
            if isinstance(entry, dict):
                yield name, entry, manifest.parent


def _unreadable(path: Path, error: Exception) -> RefusedError:
    return RefusedError(f"{path} cannot be read: {error}")


def _dependency_tables(told: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    places: list[object] = [told, told.get("workspace")]
    targets = told.get("target")
    places += targets.values() if isinstance(targets, dict) else []
    for place in places:
        if isinstance(place, dict):
            yield from (place[key] for key in _TABLES if isinstance(place.get(key), dict))


def _paths_of(base: Base) -> Iterable[str]:
    return [path for crate in base.crates if isinstance(path := dict(crate.table).get("path"), str)]
