"""Values in, files out: written whole or not at all; and folders of our own, removed for sure."""

import errno
import json
import os
import shutil
import stat
import time
from contextlib import suppress
from pathlib import Path
from typing import Self

from harness.errors import MissingToolError


def write_atomically(path: Path, content: str | bytes) -> None:
    """Put a file at `path` in one step: a reader sees the old file or the new one."""
    data = content.encode() if isinstance(content, str) else content
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        name = f"{path.parent}{os.sep}.{path.name}-{os.urandom(8).hex()}"
        descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise _cannot_write(path, error) from error
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError as error:
        raise _cannot_write(path, error) from error
    finally:
        with suppress(OSError):
            Path(name).unlink()


def write_if_changed(path: Path, text: str) -> None:
    """As `write_atomically`, leaving alone a file that already holds just this text."""
    try:
        if path.read_text(encoding="utf-8") == text:
            return
    except (OSError, UnicodeDecodeError):
        pass
    write_atomically(path, text)


MOST_BYTES = 256 << 20
"""Of one file of a checkout."""


def read_regular(path: Path, most_bytes: int = MOST_BYTES) -> bytes:
    """The content of a file that somebody else made.

    An `OSError` for a pipe, a device, and for more than `most_bytes`.
    """
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "is no regular file", str(path))
        data = file.read(most_bytes + 1)
    if len(data) > most_bytes:
        raise OSError(errno.EFBIG, f"has more than {most_bytes} bytes", str(path))
    return data


def cache_folder() -> Path:
    """Where generated files are kept between runs: the user's cache folder.

    `HARNESS_CACHE` names another one.
    """
    if named := os.environ.get("HARNESS_CACHE"):
        return Path(named).absolute()
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "markdown-rust-harness"


def remove_cache(folder: Path) -> str:
    """Remove all that is kept between runs; returns what was removed, in words.

    A `MissingToolError` where something is left, after all else was removed.
    """
    if not folder.exists():
        return f"nothing: {folder} does not exist"
    shutil.rmtree(folder, ignore_errors=True)
    if folder.exists():
        _remove_what_is_left(folder)
    return str(folder)


def _remove_what_is_left(folder: Path) -> None:
    try:
        shutil.rmtree(folder)
    except OSError as error:
        message = (
            f"cannot remove {folder}: {error.filename or folder}: {error.strerror or error}; "
            "remove it by hand"
        )
        raise MissingToolError(message) from error


class RunFolder:
    """A fresh folder for one run of the harness, removed at its end.

    What a harness that was killed left behind is removed at the next start.
    """

    def __init__(self, cache: Path) -> None:
        self._runs = cache / "runs"
        try:
            self._runs.mkdir(parents=True, exist_ok=True)
            self._remove_orphans()
            self.path = self._runs / f"run-{os.urandom(8).hex()}"
            self.path.mkdir(0o700)
            (self.path / "owner.json").write_text(json.dumps(_identity(os.getpid())))
        except OSError as error:
            raise _cannot_write(self._runs, error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.path, ignore_errors=True)

    def _remove_orphans(self) -> None:
        for folder in self._runs.glob("run-*"):
            try:
                owner = json.loads((folder / "owner.json").read_text())
                is_alive = _identity(owner["pid"]) == owner
            except (OSError, ValueError, KeyError, TypeError):
                # A folder without an owner may be one that is being made just now; another run
                # may have removed it since it was listed.
                is_alive = True
                with suppress(OSError):
                    is_alive = _age_seconds(folder) < 3600
            if not is_alive:
                shutil.rmtree(folder, ignore_errors=True)


def _age_seconds(folder: Path) -> float:
    return time.time() - folder.stat().st_mtime


def _identity(pid: int) -> dict[str, object]:
    """What tells a process from another one that got its number later."""
    started = ""
    with suppress(OSError, IndexError):
        stat = Path(f"/proc/{pid}/stat").read_text()
        started = stat.rpartition(")")[2].split()[19]
    if not started:
        try:
            os.kill(pid, 0)
        except OSError:
            return {}
    return {"pid": pid, "started": started}


def next_step(error: OSError) -> str:
    """What to do about a file that could not be used; empty where nothing general can be said."""
    elsewhere = "name another place with HARNESS_CACHE"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"free some space there, or {elsewhere}"
    named = error.filename
    is_cached = isinstance(named, str) and Path(named).is_relative_to(cache_folder())
    return elsewhere if is_cached else ""


def _cannot_write(path: Path, error: OSError) -> MissingToolError:
    told = (f"cannot write {path}: {error.strerror or error}", next_step(error))
    return MissingToolError("; ".join(filter(None, told)))
