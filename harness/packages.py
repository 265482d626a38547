"""The folder of a Cargo package in, all that it is made of out: by its paths, and by content.

What cannot be known by reading files has no identity: build scripts, sources that read files or
variables from elsewhere, links to folders, folders beyond all measure.
"""

import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from harness.cache import digest

MANIFEST = "Cargo.toml"
LOCK = "Cargo.lock"
_PROSE = (".md", ".markdown")
_MOST_FILES = 20_000
_MOST_BYTES = 256 << 20

# A source that reads files from outside its package, or from a hidden folder of it.
_READS = re.compile(
    rb"include\w*\s*!\s*[(\[{][^;]*(?:\.\.|\"[/.])|\[[^\]]*\bpath\s*=\s*\"(?:\.|/|[^\"]*\.\.)"
)
# Variables that Cargo sets from the manifest are known; others are anybody's.
_ASKS = re.compile(rb"\b(?:option_)?env\s*!\s*[(\[{]\s*(?!\"CARGO_)")
# What the code of a procedural macro may ask while it expands.
_LOOKS_AROUND = re.compile(rb"\benv\s*::|\bfs\s*::|\bFile\s*::|\bCommand\b|\bTcpStream\b")
_PROSE_READ = re.compile(rb"include\w*\s*!\s*[(\[{][^;]*\.(?:md|markdown)\b", re.IGNORECASE)


class _UnknowableError(Exception):
    """What a package is made of cannot be told from its files."""


def sources_identity(folder: Path) -> str | None:
    """All files of a path dependency, and of those that it depends on by path.

    With them the manifests above, from which a package can inherit. None where something could
    not be read, or may come from elsewhere.
    """
    parts: list[object] = []
    pending, seen = [folder], set[Path]()
    try:
        while pending:
            package = pending.pop().resolve()
            if package in seen:
                continue
            seen.add(package)
            parts += _contents(package, with_prose=True)
            parts += _above(package, (MANIFEST,))
            pending += [package / path for path in paths_of_dependencies(manifest_of(package))]
    except (OSError, ValueError, _UnknowableError):
        return None
    return digest(*parts)


def project_identity(manifest: Path) -> str | None:
    """All that Cargo builds a project from: `sources_identity` for each package in reach.

    With it the locks above. Prose counts only where a source includes some, since documents are
    judged one by one.
    """
    parts: list[object] = []
    try:
        for package in closure(manifest.parent):
            parts += [str(package), *_contents(package, with_prose=False)]
            parts += _above(package, (MANIFEST, LOCK))
        parts += _above(manifest.parent.resolve(), (MANIFEST, LOCK))
    except (OSError, ValueError, _UnknowableError):
        return None
    settings = cargo_settings_identity(manifest.parent.resolve())
    return None if settings is None else digest(settings, *parts)


def _contents(package: Path, *, with_prose: bool) -> list[object]:
    """Name and content of each file, in order."""
    is_macro = _is_macro(manifest_of(package))
    parts: list[object] = []
    prose: list[object] = []
    total = 0
    for file in _files(package):
        content = file.read_bytes()
        total += len(content)
        if file.name == "build.rs" or total > _MOST_BYTES or len(parts) > 2 * _MOST_FILES:
            raise _UnknowableError
        if file.suffix == ".rs":
            if _READS.search(content) or _ASKS.search(content):
                raise _UnknowableError
            if is_macro and _LOOKS_AROUND.search(content):
                raise _UnknowableError
            with_prose = with_prose or bool(_PROSE_READ.search(content))
        named = [file.relative_to(package).as_posix(), content]
        if file.suffix in _PROSE:
            prose += named
        else:
            parts += named
    return [*parts, *prose] if with_prose else parts


def _files(package: Path) -> Iterator[Path]:
    """The files of a package; what Cargo or a tool has put there is left out."""
    pending = [package]
    while pending:
        folder = pending.pop()
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
        for entry in found:
            if not entry.is_dir():
                if entry.is_file():
                    yield Path(entry.path)
            elif entry.name.startswith(".") or _is_built(entry, package):
                continue
            elif entry.is_symlink():
                raise _UnknowableError
            else:
                pending.append(Path(entry.path))


def _is_built(entry: os.DirEntry[str], package: Path) -> bool:
    if entry.name == "target" and Path(entry.path).parent == package:
        return True
    return (Path(entry.path) / "CACHEDIR.TAG").is_file()


def _is_macro(manifest: Mapping[str, object]) -> bool:
    library = manifest.get("lib")
    return isinstance(library, dict) and bool(library.get("proc-macro", library.get("proc_macro")))


def _above(package: Path, names: Iterable[str]) -> Iterator[object]:
    for folder in (package, *package.parents):
        for name in names:
            with suppress(OSError):
                yield str(folder / name)
                yield (folder / name).read_bytes()


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
        if "package" in table:
            yield folder
        pending += [(folder / path).resolve() for path in paths_of_dependencies(table)]
        workspace = table.get("workspace")
        if isinstance(workspace, dict) and "package" not in table:
            for member in _texts(workspace.get("members")):
                pending += [m.resolve() for m in folder.glob(member) if (m / MANIFEST).is_file()]
        for above in folder.parents:
            if (above / MANIFEST).is_file() and "workspace" in manifest_of(above):
                stated = manifest_of(above)
                named = {key: stated[key] for key in ("workspace", *_REPLACING) if key in stated}
                pending += [(above / path).resolve() for path in paths_of_dependencies(named)]
                break


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
