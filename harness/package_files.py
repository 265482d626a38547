"""The folder of a Cargo package in, its files out, and what stands above it and has effect there.

Left out is what Cargo or a tool has put there.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from harness.files import read_regular

QUERIES = ".sqlx"
"""A hidden folder that macros read: beside a package's manifest, or beside its workspace's."""
VARIABLES = ".env"
"""A file from which macros take variables, in any folder above."""
_HISTORY = frozenset({".git", ".hg", ".jj", ".svn"})
_MOST_FILES = 20_000
_MOST_BYTES = 256 << 20


class UnknowableError(Exception):
    """What a package is made of cannot be told from its files."""


def named(package: Path) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file of a package, up to a bound for all."""
    total = 0
    for number, file in enumerate(files(package)):
        content = read_regular(file)
        total += len(content)
        if total > _MOST_BYTES or number > _MOST_FILES:
            raise UnknowableError
        yield file.relative_to(package).as_posix(), content


def times(package: Path, endings_left_out: tuple[str, ...]) -> Iterator[object]:
    """What a change of a file or of a folder's list leaves behind, also if it is changed back.

    Cheaper than the content by far; nothing is read.
    """
    for entry in _walked(package):
        if not entry.name.endswith(endings_left_out):
            yield (entry.path, *_touched(entry.stat()))
    yield _touched(package.stat())


def times_of(paths: Iterable[Path]) -> Iterator[object]:
    """As `times`, of single files; those that are not there are told, too."""
    for path in paths:
        try:
            yield (str(path), *_touched(path.stat()))
        except OSError:
            yield (str(path), None)


def _touched(status: os.stat_result) -> tuple[int, ...]:
    return (status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino)


def files(package: Path) -> Iterator[Path]:
    """The files of a package; what Cargo or a tool has put there is left out."""
    return (Path(entry.path) for entry in _walked(package) if entry.is_file())


def _walked(package: Path) -> Iterator[os.DirEntry[str]]:
    """Files and folders below a package, in an order that only their names decide."""
    pending = [package]
    while pending:
        folder = pending.pop()
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
        for entry in found:
            if not entry.is_dir():
                if entry.is_file():
                    yield entry
            elif _is_left_out(entry, is_at_root=folder == package):
                continue
            elif entry.is_symlink():
                raise UnknowableError
            else:
                yield entry
                pending.append(Path(entry.path))


def _is_left_out(entry: os.DirEntry[str], *, is_at_root: bool) -> bool:
    """Whether a folder is a tool's: its state, its history, what it built."""
    if is_at_root and entry.name != QUERIES and entry.name.startswith("."):
        return True
    if entry.name in _HISTORY or (is_at_root and entry.name == "target"):
        return True
    return any((Path(entry.path) / mark).is_file() for mark in ("CACHEDIR.TAG", "pyvenv.cfg"))


def standing_above(package: Path, names: Iterable[str]) -> Iterator[Path]:
    """What may stand in a package's folder or above and has effect below.

    With the file of variables also the queries above: macros look for both there.
    """
    for folder in (package, *package.parents):
        yield from (folder / name for name in names)
        if VARIABLES in names and folder != package:
            with suppress(OSError):
                yield from sorted((folder / QUERIES).iterdir())


def contents_of(paths: Iterable[Path]) -> Iterator[object]:
    """Place and content of single files; only the place of those that cannot be read."""
    for path in paths:
        with suppress(OSError):
            yield str(path)
            yield read_regular(path)
