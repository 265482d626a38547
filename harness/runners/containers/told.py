"""What a container said or left in, what of it can be read out: its writer may have lied."""

import hashlib
import io
import os
import re
import tarfile
from collections.abc import Mapping
from pathlib import Path

from harness.files import read_regular
from harness.model.command import Bound, Finished
from harness.runners.cargo_words import first_error, last_words
from harness.runners.containers.frames import TamperedError

MOST_TOLD = 64 << 20
"""Bytes of what Cargo says in a container that the harness reads."""


def broken(finished: Finished, messages: bytes = b"") -> str:
    """Why a script did not end well; empty where it did."""
    told = {
        Bound.MEMORY: "building its crates used more memory than the limit",
        Bound.PROCESSES: "building its crates started more processes than the limit",
        Bound.DISK: "building its crates filled the space of its container",
        Bound.OUTPUT: "building its crates wrote more output than the limit",
        Bound.TAMPERED: "building its crates tampered with the container",
    }
    if finished.bound is not None:
        return told[finished.bound]
    if finished.timed_out:
        return "building its crates took longer than --build-timeout"
    if finished.status == 0:
        return ""
    return _first_error(messages) or last_words(finished)


def _first_error(messages: bytes) -> str:
    try:
        # A lone surrogate of its JSON could be written nowhere.
        return first_error(messages).encode(errors="replace").decode()
    except MALFORMED:
        return ""


MALFORMED = (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)
"""What reading raises of a text that is not what Cargo writes: its writer may have been another."""


def read_told(file: Path, most_bytes: int = MOST_TOLD) -> bytes:
    """A file that a container left, empty where it left none; a `TamperedError` for too much."""
    try:
        return read_regular(file, most_bytes)
    except FileNotFoundError:
        return b""
    except OSError as error:
        message = f"Cargo said more in a container than can be read: {error.strerror}"
        raise TamperedError(message) from error


def leads_into(path: Path, *folders: Path) -> bool:
    """Whether a path that a build reported is plainly one of these folders or below one."""
    text = str(path)
    try:
        is_plain_text = b"\0" not in os.fsencode(text) and os.path.normpath(text) == text
    except UnicodeEncodeError:
        return False
    return is_plain_text and any(path.is_relative_to(folder) for folder in folders)


def is_plain(file: Path, folder: Path) -> bool:
    """Whether it is a file that this harness unpacked: who said its name is not trusted."""
    return leads_into(file, folder) and file.is_file() and not file.is_symlink()


def pack(files: Mapping[str, bytes]) -> bytes:
    """Files as an archive; the same files make the same bytes."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, data in sorted(files.items()):
            told = tarfile.TarInfo(name)
            told.size = len(data)
            archive.addfile(told, io.BytesIO(data))
    return out.getvalue()


def digest(files: Mapping[str, bytes]) -> str:
    """What tells files from others by name and content."""
    told = hashlib.sha256()
    for name, data in sorted(files.items()):
        told.update(f"{name}\0{len(data)}\0".encode() + data)
    return told.hexdigest()[:32]


def renamed(data: bytes, old: str, new: str) -> bytes:
    """A text with one folder under another name; paths that only hold that name stay."""
    whole = rb"(?<![\w.~-])" + re.escape(old.encode()) + rb"(?![\w.-])"
    return re.sub(whole, lambda _: new.encode(), data)
