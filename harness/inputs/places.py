"""A path in, the repository around it, the files above it, and its name in reports out."""

import os
from pathlib import Path, PurePosixPath

from harness.errors import ConfigurationError
from harness.inputs.configuration import parse_configuration
from harness.model.settings import Configuration

CONFIGURATION = "harness.toml"
BESIDE = ("benches", "claims", "contexts", "contracts")
"""The folders beside a page that hold files of its name."""


def is_of_page(name: str, stem: str) -> bool:
    """Whether a file in one of these folders is a page's: `v1.2.rs` and `v1.2.real.rs` of `v1.2`.

    What belongs to `v1.2` counts for `v1`, too: it costs another look at that page, no more.
    """
    return name.startswith(f"{stem}.")


def repository_root(path: Path) -> Path | None:
    """The nearest folder upwards that is a repository."""
    return next((folder for folder in (path, *path.parents) if (folder / ".git").exists()), None)


def find_upwards(folder: Path, name: str) -> Path | None:
    """The nearest file of that name, upwards to the root of the repository."""
    root = repository_root(folder)
    for candidate in (folder, *folder.parents):
        if (candidate / name).is_file():
            return candidate / name
        if candidate == root:
            break
    return None


def shown(path: Path) -> str:
    """How reports name a file: relative to the repository, else to the working folder."""
    base = repository_root(Path.cwd()) or Path.cwd()
    whole = Path(os.path.normpath(path.absolute()))
    try:
        return whole.relative_to(base).as_posix()
    except ValueError:
        relative = os.path.relpath(whole, base)
        return path.as_posix() if relative.count("..") > 3 else PurePosixPath(relative).as_posix()


def relative(path: Path, root: Path) -> str:
    """The path from `root` on; its last part alone where it does not stand below."""
    try:
        return path.absolute().relative_to(root.absolute()).as_posix()
    except ValueError:
        return path.name


def read_configuration(path: Path) -> Configuration:
    """A harness.toml; what cannot be read is a `ConfigurationError`."""
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        message = f"{path}: cannot be read: {error.strerror}"
        raise ConfigurationError(message) from error
    except UnicodeDecodeError as error:
        message = f"{path}: not UTF-8: byte {error.start} cannot be decoded"
        raise ConfigurationError(message) from error
    return parse_configuration(text, path)


def read_document(path: Path, max_bytes: int) -> bytes:
    """What a document holds; one that is too large is refused."""
    try:
        size = path.stat().st_size
        if size > max_bytes:
            message = (
                f"{path}: {size} bytes are more than --max-size allows "
                f"({max_bytes}); raise it to read the file"
            )
            raise ConfigurationError(message)
        return path.read_bytes()
    except OSError as error:
        message = f"{path}: cannot be read: {error.strerror}"
        raise ConfigurationError(message) from error


def decoded(path: Path, data: bytes) -> str:
    """The text of a document without its BOM; one that is not UTF-8 is refused."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = (
            f"{path}: not UTF-8: byte {error.start} cannot be decoded; "
            "save the document as UTF-8, or leave it out with `exclude`"
        )
        raise ConfigurationError(message) from error
