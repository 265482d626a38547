"""The folder of a Cargo package in, all that it is made of out: by its paths, and by content.

What cannot be known by reading files has no identity: build scripts, manifests that lead out of
the package, sources that read files or variables from elsewhere, links to folders, folders
beyond all measure.
"""

import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath

from harness.cache import digest
from harness.outside import may_look_around, may_read_outside, reads_prose
from harness.package_files import VARIABLES, UnknowableError, named, standing_above

MANIFEST = "Cargo.toml"
LOCK = "Cargo.lock"
_PROSE = (".md", ".markdown")
_IN_FORCE_BELOW = (MANIFEST, LOCK, VARIABLES)


def sources_identity(folder: Path) -> str | None:
    """All files of a path dependency, and of those that it depends on by path.

    With them the manifests above, from which a package can inherit. None where something could
    not be read, or may come from elsewhere.
    """
    try:
        packages = tuple(closure(folder))
        running = _run_by_macros(packages)
        parts: list[object] = []
        for package in packages:
            parts += [str(package), *_contents(package, running, with_prose=True)]
            parts += standing_above(package, (MANIFEST,))
    except (OSError, ValueError, UnknowableError):
        return None
    return digest(*parts) if packages else None


def project_identity(manifest: Path) -> str | None:
    """All that Cargo builds a project from: `sources_identity` for each package in reach.

    With it the locks above, and what macros find above their package. Prose counts only where a
    source includes some, since documents are judged one by one.
    """
    try:
        packages = tuple(closure(manifest.parent))
        running = _run_by_macros(packages)
        parts: list[object] = []
        for package in packages:
            parts += [str(package), *_contents(package, running, with_prose=False)]
            parts += standing_above(package, _IN_FORCE_BELOW)
        parts += standing_above(manifest.parent.resolve(), _IN_FORCE_BELOW)
    except (OSError, ValueError, UnknowableError):
        return None
    settings = cargo_settings_identity(manifest.parent.resolve())
    return None if settings is None else digest(settings, *parts)


def home_identity(folder: Path) -> str | None:
    """What the macros of a unit may read where they find their package; prose is left out.

    None where it cannot be read, or is beyond all measure.
    """
    try:
        parts = [part for named in named(folder) for part in named if not _is_prose(named[0])]
        return digest(*parts, *standing_above(folder, (VARIABLES,)))
    except (OSError, UnknowableError):
        return None


def _contents(package: Path, running: set[Path], *, with_prose: bool) -> list[object]:
    """Name and content of each file, in order; `running` are packages whose code macros run."""
    _refuse_elsewhere(package, manifest_of(package))
    parts: list[object] = []
    prose: list[object] = []
    for name, content in named(package):
        if name.endswith(".rs"):
            if may_read_outside(content) or (package in running and may_look_around(content)):
                raise UnknowableError
            with_prose = with_prose or reads_prose(content)
        (prose if _is_prose(name) else parts).extend((name, content))
    return [*parts, *prose] if with_prose else parts


def _is_prose(name: str) -> bool:
    return name.endswith(_PROSE)


def _refuse_elsewhere(package: Path, manifest: Mapping[str, object]) -> None:
    """`UnknowableError` for a manifest that leads to what the package's files do not tell."""
    stated = manifest.get("package")
    if not isinstance(stated, dict) or "workspace" in stated:
        raise UnknowableError
    if stated.get("build", (package / "build.rs").exists()) is not False:
        raise UnknowableError
    for target in _targets(manifest):
        path = PurePosixPath(str(target.get("path", "lib.rs")))
        is_left_out = path.parts[:1] == ("target",) or str(path).startswith(".")
        if path.is_absolute() or ".." in path.parts or is_left_out or path.suffix != ".rs":
            raise UnknowableError


def _targets(manifest: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    for name in ("lib", "bin", "example", "test", "bench"):
        stated = manifest.get(name)
        for target in stated if isinstance(stated, list) else [stated]:
            if isinstance(target, dict):
                yield target


def _run_by_macros(packages: Iterable[Path]) -> set[Path]:
    """The procedural macros among packages, and what they link by a path."""
    pending = [package for package in packages if _is_macro(manifest_of(package))]
    seen = set[Path]()
    while pending:
        package = pending.pop()
        if package not in seen:
            seen.add(package)
            pending += [path.resolve() for path in _linked(package)]
    return seen


def _is_macro(manifest: Mapping[str, object]) -> bool:
    library = manifest.get("lib")
    if not isinstance(library, dict):
        return False
    kinds = library.get("crate-type", library.get("crate_type"))
    return bool(library.get("proc-macro", library.get("proc_macro"))) or (
        "proc-macro" in _texts(kinds)
    )


def _linked(package: Path) -> Iterator[Path]:
    """The packages that a package names by a path, itself or by its workspace."""
    table = manifest_of(package)
    yield from (package / path for path in paths_of_dependencies(table))
    above = _workspace_above(package, table)
    if above is not None:
        root, stated = above
        shared = stated["workspace"]
        known = shared.get("dependencies") if isinstance(shared, dict) else None
        names = set(_inherited(table))
        taken = {name: each for name, each in (known or {}).items() if name in names}
        yield from (root / path for path in _paths(taken))
        replaced = {key: stated[key] for key in _REPLACING if key in stated}
        yield from (root / path for path in paths_of_dependencies(replaced))


def _inherited(table: object) -> Iterator[str]:
    """Names of dependencies that a manifest takes from its workspace."""
    for name, value in table.items() if isinstance(table, dict) else ():
        if name.endswith("dependencies") and isinstance(value, dict):
            yield from (n for n, e in value.items() if isinstance(e, dict) and "workspace" in e)
        else:
            yield from _inherited(value)


def closure(package: Path) -> Iterator[Path]:
    """A package, its workspace's manifest, and all packages that either names by a path.

    Folders of packages, each once; `OSError` or `ValueError` where a manifest cannot be read.
    """
    pending, seen = [package.resolve()], set[Path]()
    while pending:
        folder = pending.pop()
        if folder in seen:
            continue
        seen.add(folder)
        table = manifest_of(folder)
        if "project" in table:
            message = f"{folder / MANIFEST}: write [package] in place of [project]"
            raise ValueError(message)
        if "package" in table:
            yield folder
        pending += [(folder / path).resolve() for path in paths_of_dependencies(table)]
        workspace = table.get("workspace")
        if isinstance(workspace, dict) and "package" not in table:
            for member in _texts(workspace.get("members")):
                pending += [m.resolve() for m in folder.glob(member) if (m / MANIFEST).is_file()]
        above = _workspace_above(folder, table)
        if above is not None:
            root, stated = above
            named = {key: stated[key] for key in ("workspace", *_REPLACING) if key in stated}
            pending += [(root / path).resolve() for path in paths_of_dependencies(named)]


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
    """The Cargo.toml of a folder."""
    return tomllib.loads((folder / MANIFEST).read_text(encoding="utf-8"))


def _texts(value: object) -> Iterable[str]:
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
    home = Path(os.environ.get("CARGO_HOME") or Path.home() / ".cargo")
    places = [above / ".cargo" for above in (folder, *folder.parents)]
    found: list[object] = []
    for place in (*places, home):
        for name in ("config.toml", "config"):
            try:
                content = (place / name).read_bytes()
            except OSError:
                continue
            with suppress(ValueError):  # Cargo will say so
                if _ELSEWHERE & tomllib.loads(content.decode()).keys():
                    return None
            found.append((str(place / name), content))
    return tuple(found)
