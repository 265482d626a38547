"""What containers are told of a Cargo project, and what they said of it, as values."""

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from harness.manifests import write_toml
from harness.model.values import dataclass
from harness.runners.containers.frames import TamperedError
from harness.runners.containers.told import read_told, renamed
from harness.runners.containers.yard import HERE, Mount
from harness.runners.project import CargoError


@dataclass(frozen=True, slots=True)
class Generated:
    """A workspace that depends on a project, as containers see it."""

    room: Mount
    """The project's repository."""
    rooms: tuple[Mount, ...]
    """All folders that it takes crates from."""
    manifests: Mapping[str, Mapping[str, object]]
    lock: bytes
    told: bytes
    """What else decides: the packages that it depends on by a path, and what its lock is of."""
    features: tuple[str, ...]
    registries: Mapping[str, str]
    """What names of registries mean, as variables for Cargo."""
    has_registry: bool
    """Whether it depends on anything that no folder holds."""
    locked: str = ""
    """The manifest whose lock must be complete."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What Cargo says of the packages at a manifest."""

    room: Mount
    told: Mapping[str, Any]
    manifest: bytes
    """The one of the workspace."""
    lock: bytes


LARGEST = {"manifest": ("Cargo.toml", 4 << 20), "lock": ("Cargo.lock", 16 << 20)}
"""File of a survey → what it is of, and the most bytes that are read of it."""


def read_text(file: Path) -> bytes:
    """A file of a survey; a `CargoError` where the checkout's is too large."""
    name, most_bytes = LARGEST[file.name]
    try:
        return read_told(file, most_bytes)
    except TamperedError as error:
        message = f"its {name} has more than {most_bytes >> 20} MiB"
        raise CargoError(message) from error


def options_of(generated: Generated) -> tuple[object, ...]:
    """What decides of resolving besides the files."""
    return generated.features, generated.locked, sorted(generated.registries.items())


def files_of(generated: Generated) -> Iterator[tuple[str, bytes]]:
    """The workspace's files by name."""
    for name, table in generated.manifests.items():
        yield f"{name}/Cargo.toml".lstrip("/"), write_toml(table).encode()
        if name:
            yield f"{name}/lib.rs", b""
    if generated.lock:
        yield "Cargo.lock", generated.lock


def named_here(told: bytes, room: Mount) -> bytes:
    """A text of Cargo's in JSON, with the repository under its name on this machine."""
    return renamed(told, str(room[1]), json.dumps(str(room[0]))[1:-1])


def in_words(cause: str, room: Mount) -> str:
    """A cause in words with the repository's own name; Cargo's are relative to where it runs."""
    cause = cause.replace(os.path.relpath(room[1], HERE), str(room[1]))
    return renamed(cause.encode(errors="replace"), str(room[1]), str(room[0])).decode()


def named_back(room: Mount) -> tuple[Mount, ...]:
    """The names to put for each other, unless that could break a compiler's JSON."""
    return (room,) if json.dumps(str(room[0])) == f'"{room[0]}"' else ()


def read_metadata(told: bytes, room: Mount) -> Mapping[str, Any]:
    """What Cargo says, with the repository under its name on this machine."""
    try:
        found: Mapping[str, Any] = json.loads(named_here(told, room))
    except (ValueError, RecursionError) as error:
        message = "what Cargo says of the project cannot be read"
        raise CargoError(message) from error
    return found
