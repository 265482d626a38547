"""An archive that a container handed out in, plain files below one folder out.

Whoever wrote the archive is not trusted: links, devices and names that lead elsewhere are
refused, and so is more than the bounds allow.
"""

import os
import tarfile
from pathlib import Path, PurePosixPath

from harness.runners.containers.frames import TamperedError


def unpack(archive: Path, folder: Path, most_bytes: int, most_files: int) -> int:
    """Put the archive's files below `folder`, over those of the same name; how many there were."""
    folder.mkdir(parents=True, exist_ok=True)
    count = size = 0
    try:
        with tarfile.open(archive, "r:") as opened:
            for member in opened:
                count += 1
                size += member.size
                if count > most_files or size > most_bytes:
                    message = "a container handed out more than can be"
                    raise TamperedError(message)
                _place(opened, member, folder)
    except tarfile.TarError as error:
        message = f"a container handed out what is no archive: {error}"
        raise TamperedError(message) from error
    return count


def _place(opened: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    name = PurePosixPath(member.name)
    if name.is_absolute() or ".." in name.parts or "\0" in member.name:
        message = "a container handed out a name that leads elsewhere"
        raise TamperedError(message)
    target = folder.joinpath(*name.parts)
    if member.isdir():
        _make_folders(folder, name)
        return
    if not member.isreg():
        message = "a container handed out what is no plain file"
        raise TamperedError(message)
    _make_folders(folder, name.parent)
    draft = target.with_name(f".{os.getpid()}-{target.name}"[:200])
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0)
    content = opened.extractfile(member)
    assert content is not None
    mode = 0o755 if member.mode & 0o100 else 0o644
    with os.fdopen(os.open(draft, flags, mode), "wb") as out:
        os.fchmod(out.fileno(), mode)  # whatever the umask: containers read it as nobody
        while data := content.read(1 << 20):
            out.write(data)
    moment = int(member.mtime * 1_000_000_000)
    os.utime(draft, ns=(moment, moment))
    draft.replace(target)


def _make_folders(folder: Path, name: PurePosixPath) -> None:
    here = folder
    for part in name.parts:
        here /= part
        if here.is_symlink():
            message = "a container handed out a name that leads elsewhere"
            raise TamperedError(message)
        if not here.is_dir():
            here.mkdir(exist_ok=True)
            here.chmod(0o755)
