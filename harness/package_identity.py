"""The folder of a Cargo package in, all that it is made of out: by content, or by time.

What cannot be known by reading files has no identity: build scripts, manifests that lead out of
the package, sources that read files or variables from elsewhere, links to folders, folders
beyond all measure.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath

from harness.cache import digest
from harness.outside import may_look_around, may_read_outside, reads_prose
from harness.package_files import (
    VARIABLES,
    UnknowableError,
    contents_of,
    named,
    standing_above,
    times,
    times_of,
)
from harness.packages import (
    LOCK,
    MANIFEST,
    PROSE,
    as_cargo_finds,
    cargo_settings_files,
    cargo_settings_identity,
    linked,
    manifest_of,
    members_around,
    texts,
)

_IN_FORCE_BELOW = (MANIFEST, LOCK, VARIABLES)


def sources_identity(folder: Path) -> str | None:
    """All files of a path dependency, and of those that it depends on by path.

    With them the manifests above, from which a package can inherit. None where something could
    not be read, or may come from elsewhere.
    """
    try:
        packages = tuple(as_cargo_finds(folder))
        running = _run_by_macros(packages)
        parts: list[object] = []
        for package in packages:
            parts += [str(package), *_contents(package, running, with_prose=True)]
            parts += contents_of(standing_above(package, (MANIFEST,)))
    except (OSError, ValueError, UnknowableError):
        return None
    return digest(*parts) if packages else None


def project_identity(manifest: Path, *, is_whole: bool = False) -> str | None:
    """All that Cargo builds a project from: `sources_identity` for each package in reach.

    With it the locks above, and what macros find above their package. Prose counts only where a
    source includes some, since documents are judged one by one. `is_whole` takes all packages of
    the workspace, whichever of them the manifest reaches.
    """
    try:
        packages = _of_project(manifest, is_whole=is_whole)
        running = _run_by_macros(packages)
        parts: list[object] = []
        for package in packages:
            parts += [str(package), *_contents(package, running, with_prose=False)]
            parts += contents_of(standing_above(package, _IN_FORCE_BELOW))
        parts += contents_of(standing_above(manifest.parent, _IN_FORCE_BELOW))
    except (OSError, ValueError, UnknowableError):
        return None
    settings = cargo_settings_identity(manifest.parent.resolve())
    return None if settings is None else digest(settings, *parts)


def _of_project(manifest: Path, *, is_whole: bool) -> tuple[Path, ...]:
    folder = manifest.parent
    return tuple(as_cargo_finds(folder, *(members_around(folder) if is_whole else ())))


def home_identity(folder: Path) -> str | None:
    """What the macros of a unit may read where they find their package; prose is left out.

    None where it cannot be read, or is beyond all measure.
    """
    try:
        parts = [part for file in named(folder) if not _is_prose(file[0]) for part in file]
        return digest(*parts, *contents_of(standing_above(folder, (VARIABLES,))))
    except (OSError, UnknowableError):
        return None


def sources_times(folder: Path) -> str | None:
    """What any touch of what `sources_identity` rests on changes, also one that is undone."""
    with suppress(OSError, ValueError, UnknowableError):
        return _times(as_cargo_finds(folder), (MANIFEST,), ())
    return None


def project_times(manifest: Path, *, is_whole: bool = False) -> str | None:
    """As `sources_times`, for `project_identity`."""
    with suppress(OSError, ValueError, UnknowableError):
        packages = _of_project(manifest, is_whole=is_whole)
        around = times_of(standing_above(manifest.parent, _IN_FORCE_BELOW))
        settings = settings_times(manifest.parent.resolve())
        return digest(settings, *around, _times(packages, _IN_FORCE_BELOW, PROSE))
    return None


def home_times(folder: Path) -> str | None:
    """As `sources_times`, for `home_identity`."""
    with suppress(OSError, UnknowableError):
        return _times((folder,), (VARIABLES,), PROSE)
    return None


def settings_times(folder: Path) -> str:
    """As `sources_times`, for Cargo's configuration."""
    return digest(*times_of(cargo_settings_files(folder)))


def _times(packages: Iterable[Path], names: tuple[str, ...], left_out: tuple[str, ...]) -> str:
    parts: list[object] = []
    for package in packages:
        parts += times(package, left_out)
        parts += times_of(standing_above(package, names))
    return digest(*parts)


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
    return name.endswith(PROSE)


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
            pending += linked(package)
    return seen


def _is_macro(manifest: Mapping[str, object]) -> bool:
    library = manifest.get("lib")
    if not isinstance(library, dict):
        return False
    kinds = library.get("crate-type", library.get("crate_type"))
    return bool(library.get("proc-macro", library.get("proc_macro"))) or (
        "proc-macro" in texts(kinds)
    )
