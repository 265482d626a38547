"""An archive that a container handed out in, plain files below one folder out.

Whoever wrote the archive is not trusted: links, devices and names that lead elsewhere are
refused, and so is more than the bounds allow.
"""

import errno
import io
import os
import tarfile
import threading
from pathlib import Path, PurePosixPath
from typing import NoReturn

from harness.runners.containers.frames import TamperedError

_MOST_HEADERS = 1 << 20
"""Bytes that may stand before one member's content: tarfile holds them all in memory."""
_AT_ONCE = 1 << 20
_DEEPEST = 64
_MALFORMED = (tarfile.TarError, ValueError, ArithmeticError, LookupError, TypeError, RecursionError)
"""What tarfile, and a moment that no clock shows, raise of an archive that no tar wrote."""
_OF_THE_MACHINE = frozenset(
    {
        errno.ENOSPC,
        errno.EDQUOT,
        errno.EROFS,
        errno.EACCES,
        errno.EPERM,
        errno.EIO,
        errno.EMFILE,
        errno.ENFILE,
        errno.ENOMEM,
    }
)
"""Errors that no archive can bring about."""


def unpack(archive: Path, folder: Path, most_bytes: int, most_files: int) -> int:
    """Put the archive's files below `folder`, over those of the same name.

    Returns how many files there were, with folders that are new. A `TamperedError` for what an
    honest container does not hand out; an `OSError` only for what is this machine's fault.
    """
    folder.mkdir(parents=True, exist_ok=True)
    count = size = 0
    try:
        with _Bounded(archive) as file, tarfile.open(fileobj=file, mode="r:") as opened:
            while (member := _next(opened, file)) is not None:
                count += 1
                size += member.size
                if count > most_files or size > most_bytes:
                    _refuse("more than can be")
                count += _place(opened, member, folder, most_files - count)
    except _MALFORMED as error:
        message = f"a container handed out what is no archive: {error}"
        raise TamperedError(message) from error
    except OSError as error:
        if error.errno in _OF_THE_MACHINE:
            raise
        message = f"a container handed out what cannot be kept: {error.strerror}"
        raise TamperedError(message) from error
    return count


class _Bounded(io.FileIO):
    """An archive of which only so much is read before a member is known."""

    left = _MOST_HEADERS

    def read(self, size: int | None = -1, /) -> bytes:
        """As a file's; a `TamperedError` for more than is left."""
        if size is None or not 0 <= size <= self.left:
            _refuse("more than can be")
        self.left -= size
        return super().read(size) or b""


def _next(opened: tarfile.TarFile, file: _Bounded) -> tarfile.TarInfo | None:
    file.left = _MOST_HEADERS
    member = opened.next()
    # Or the headers of all members are held until the end.
    opened.members.clear()  # type: ignore[attr-defined]
    if member is not None and member.size < 0:
        _refuse("a size below zero")
    return member


def _place(opened: tarfile.TarFile, member: tarfile.TarInfo, folder: Path, most: int) -> int:
    """Put one member in its place; how many folders it took, of which it may be one itself."""
    name = PurePosixPath(member.name)
    if name.is_absolute() or ".." in name.parts or "\0" in member.name:
        _refuse("a name that leads elsewhere")
    if len(name.parts) > _DEEPEST:
        _refuse("too many folders in folders")
    target = folder.joinpath(*name.parts)
    if member.isdir():
        return max(_make_folders(folder, name, most + 1) - 1, 0)
    if not member.isreg() or member.issparse():
        _refuse("what is no plain file")
    made = _make_folders(folder, name.parent, most)
    draft = target.with_name(f".{os.getpid()}-{threading.get_native_id()}")
    try:
        _write(opened, member, draft)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return made


def _write(opened: tarfile.TarFile, member: tarfile.TarInfo, draft: Path) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0)
    content = opened.extractfile(member)
    assert content is not None
    assert isinstance(opened.fileobj, _Bounded)
    mode = 0o755 if member.mode & 0o100 else 0o644
    with os.fdopen(os.open(draft, flags, mode), "wb") as out:
        os.fchmod(out.fileno(), mode)  # whatever the umask: containers read it as nobody
        opened.fileobj.left = member.size
        while data := content.read(_AT_ONCE):
            out.write(data)
    moment = int(member.mtime * 1_000_000_000)
    os.utime(draft, ns=(moment, moment))


def _make_folders(folder: Path, name: PurePosixPath, most: int) -> int:
    here, made = folder, 0
    for part in name.parts:
        here /= part
        if here.is_symlink():
            _refuse("a name that leads elsewhere")
        if not here.is_dir():
            if made >= most:
                _refuse("more than can be")
            here.mkdir(exist_ok=True)
            here.chmod(0o755)
            made += 1
    return made


def _refuse(what: str) -> NoReturn:
    raise TamperedError(f"a container handed out {what}")
