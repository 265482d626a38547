"""What comes with the harness: its own modules, and the Rust side, by content."""

import hashlib
import os
from functools import lru_cache
from pathlib import Path

from harness import __version__


def rust_folder() -> Path:
    """Where the registry and the stubs are: in a checkout, or in the installed package."""
    here = Path(__file__).parent
    checkout = here.parent / "rust-workspace"
    return checkout if (checkout / "Cargo.toml").is_file() else here / "data"


@lru_cache(maxsize=1)
def harness_identity() -> tuple[object, ...]:
    """The version and the text of every module: an install of the same sources changes nothing."""
    return (__version__, _contents(Path(__file__).parent, (".py",)))


def registry_identity(folder: Path | None = None) -> tuple[object, ...]:
    """The text of the registry, of its lock, and of every stub; of another folder than ours."""
    folder = folder or rust_folder()
    files = (folder / "Cargo.toml", folder / "registry.lock")
    told = [file.read_bytes() if file.is_file() else None for file in files]
    return (*told, _contents(folder / "stubs", (".rs", ".toml")))


def _contents(top: Path, endings: tuple[str, ...]) -> str:
    held = hashlib.sha256()
    for folder, folders, files in os.walk(top):
        folders[:] = sorted(f for f in folders if f not in ("target", "__pycache__", "data"))
        place = os.path.relpath(folder, top)
        for name in sorted(files):
            if name.endswith(endings):
                text = _read(f"{folder}{os.sep}{name}")
                held.update(f"{place}\0{name}\0{len(text)}\0".encode() + text)
    return held.hexdigest()


def _read(name: str) -> bytes:
    """A file's content; hundreds are read in each run, so nothing is made around them."""
    descriptor = os.open(name, os.O_RDONLY)
    try:
        # A buffer of just its size: a large one costs more than to read a file of ours.
        wanted = os.fstat(descriptor).st_size + 1
        text = part = os.read(descriptor, wanted)
        while len(part) == wanted:  # it has grown
            part = os.read(descriptor, wanted)
            text += part
        return text
    finally:
        os.close(descriptor)
