"""The folder of a Cargo package in, the packages that it leads to by paths out.

And which configuration of Cargo is in force in a folder.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from harness import toml_text
from harness.files import read_regular

MANIFEST = "Cargo.toml"
LOCK = "Cargo.lock"
PROSE = (".md", ".markdown")
"""How names of Markdown files end: documents, or what stands beside code."""

_MOST_BYTES = 32 << 20
_DEEPEST = 64
"""Tables in tables of a manifest, all of which are looked through."""
_MOST_PACKAGES = 5_000
"""With more, a link leads back to where it stands."""


def closure(*packages: Path) -> Iterator[Path]:
    """Packages, their workspaces' manifests, and all packages that any of these names by a path.

    Folders of packages, each once, where links lead; `OSError` or `ValueError` where a manifest
    cannot be read.
    """
    seen = set[Path]()
    for folder in as_cargo_finds(*packages):
        real = folder.resolve()
        if real not in seen:
            seen.add(real)
            yield real


def as_cargo_finds(*packages: Path) -> Iterator[Path]:
    """As `closure`, at the places by which Cargo knows them: it joins paths by their text.

    What a package behind a link names with `..` thus stands beside the link.
    """
    pending, seen = [_joined(package) for package in packages], set[Path]()
    while pending:
        folder = pending.pop()
        if folder in seen:
            continue
        seen.add(folder)
        table = manifest_of(folder)
        if "project" in table or len(seen) > _MOST_PACKAGES:
            wrong = "[project], write [package]" if "project" in table else "too many packages"
            message = f"{folder / MANIFEST}: {wrong}"
            raise ValueError(message)
        if "package" in table:
            yield folder
        pending += [_joined(folder, path) for path in paths_of_dependencies(table)]
        if "package" not in table:
            pending += _members(folder, table)
        above = _workspace_above(folder, table)
        if above is not None:
            root, stated = above
            named = {key: stated[key] for key in ("workspace", *_REPLACING) if key in stated}
            pending += [_joined(root, path) for path in paths_of_dependencies(named)]


def _joined(folder: Path, path: str = "") -> Path:
    return Path(os.path.abspath(folder / path))  # noqa: PTH100 - `resolve` follows links


def linked(package: Path) -> Iterator[Path]:
    """The packages that a package names by a path, itself or by its workspace."""
    table = manifest_of(package)
    yield from (_joined(package, path) for path in paths_of_dependencies(table))
    above = _workspace_above(package, table)
    if above is not None:
        root, stated = above
        shared = stated["workspace"]
        known = shared.get("dependencies") if isinstance(shared, dict) else None
        names = set(_inherited(table))
        entries = known.items() if isinstance(known, dict) else ()
        yield from (
            _joined(root, p) for p in _paths({n: each for n, each in entries if n in names})
        )
        replaced = {key: stated[key] for key in _REPLACING if key in stated}
        yield from (_joined(root, path) for path in paths_of_dependencies(replaced))


def _inherited(table: object) -> Iterator[str]:
    """Names of dependencies that a manifest takes from its workspace."""
    for name, value in table.items() if isinstance(table, dict) else ():
        if name.endswith("dependencies") and isinstance(value, dict):
            yield from (n for n, e in value.items() if isinstance(e, dict) and "workspace" in e)
        else:
            yield from _inherited(value)


def members_around(package: Path) -> Iterator[Path]:
    """The packages that the workspace around a package names as its members."""
    table = manifest_of(package)
    root, stated = _workspace_above(package, table) or (package, table)
    yield from _members(root, stated)


def _members(folder: Path, table: Mapping[str, object]) -> Iterator[Path]:
    workspace = table.get("workspace")
    for member in texts(workspace.get("members")) if isinstance(workspace, dict) else ():
        found = [Path(member)] if Path(member).is_absolute() else folder.glob(member)
        yield from (_joined(m) for m in found if (m / MANIFEST).is_file())


def _workspace_above(
    folder: Path, table: Mapping[str, object]
) -> tuple[Path, Mapping[str, object]] | None:
    """Folder and manifest of the workspace that a package is in; None where it is its own."""
    if "workspace" not in table:
        for above in folder.parents:
            if (above / MANIFEST).is_file() and "workspace" in (stated := manifest_of(above)):
                return above, stated
    return None


def manifest_of(folder: Path) -> dict[str, object]:
    """The Cargo.toml of a folder; an `OSError` or `ValueError` where none can be read."""
    table = toml_text.parse(read_regular(folder / MANIFEST, _MOST_BYTES).decode())
    inner: list[object] = [table]
    for _ in range(_DEEPEST):
        inner = [each for own in inner if isinstance(own, dict) for each in own.values()]
    if inner:
        message = f"{folder / MANIFEST}: too many tables in tables"
        raise ValueError(message)
    return table


def texts(value: object) -> Iterable[str]:
    """The strings of an array; nothing for what is no array."""
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


_REPLACING = ("patch", "replace")


def paths_of_dependencies(table: object) -> Iterator[str]:
    """Every `path` of a dependency or of a patch, wherever in the manifest it stands."""
    if not isinstance(table, dict):
        return
    for name, value in table.items():
        if not isinstance(value, dict):
            continue
        if name.endswith("dependencies") or name in _REPLACING:
            yield from _paths(value)
            for inner in value.values():
                yield from _paths(inner)
        yield from paths_of_dependencies(value)


def _paths(table: object) -> Iterator[str]:
    for entry in table.values() if isinstance(table, dict) else ():
        if isinstance(entry, dict) and isinstance(entry.get("path"), str):
            yield entry["path"]


_ELSEWHERE = frozenset({"paths", "patch", "include"})
"""Keys of Cargo's configuration by which crates, or more configuration, come from elsewhere."""


def cargo_settings_identity(folder: Path) -> tuple[object, ...] | None:
    """Every configuration of Cargo that is in force in a folder, by content.

    None where one of them takes crates or more configuration from a place that is not looked at.
    """
    found: list[object] = []
    for file in cargo_settings_files(folder):
        try:
            content = read_regular(file)
        except OSError:
            continue
        with suppress(ValueError):  # Cargo will say so
            if _ELSEWHERE & toml_text.parse(content.decode()).keys():
                return None
        found.append((str(file), content))
    return tuple(found)


def cargo_settings_files(folder: Path) -> Iterator[Path]:
    """Every place where there may be configuration of Cargo for a folder."""
    home = Path(os.environ.get("CARGO_HOME") or Path.home() / ".cargo")
    for place in (*(above / ".cargo" for above in (folder, *folder.parents)), home):
        yield from (place / name for name in ("config.toml", "config"))
