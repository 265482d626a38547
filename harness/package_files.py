"""The folder of a Cargo package in, its files out, and what stands above it and has effect there.

Left out is what Cargo or a tool has put there.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

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
        content = file.read_bytes()
        total += len(content)
        if total > _MOST_BYTES or number > _MOST_FILES:
            raise UnknowableError
        yield file.relative_to(package).as_posix(), content


def files(package: Path) -> Iterator[Path]:
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
            elif _is_left_out(entry, is_at_root=folder == package):
                continue
            elif entry.is_symlink():
                raise UnknowableError
            else:
                pending.append(Path(entry.path))


def _is_left_out(entry: os.DirEntry[str], *, is_at_root: bool) -> bool:
    """Whether a folder is a tool's: its state, its history, what it built."""
    if is_at_root and entry.name != QUERIES and entry.name.startswith("."):
        return True
    if entry.name in _HISTORY or (is_at_root and entry.name == "target"):
        return True
    return any((Path(entry.path) / mark).is_file() for mark in ("CACHEDIR.TAG", "pyvenv.cfg"))


def standing_above(package: Path, names: Iterable[str]) -> Iterator[object]:
    """What stands in the folders above and has effect below; queries where locks have."""
    for folder in (package, *package.parents):
        for name in names:
            with suppress(OSError):
                yield str(folder / name)
                yield (folder / name).read_bytes()
        if VARIABLES in names and folder != package:
            with suppress(OSError):
                for file in sorted((folder / QUERIES).iterdir()):
                    yield str(file)
                    yield file.read_bytes()
