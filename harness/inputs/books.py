"""The folder of an mdBook in, what its book.toml and SUMMARY.md say out."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from harness.errors import ConfigurationError
from harness.inputs.configuration import EDITIONS

BOOK = "book.toml"
SUMMARY = "SUMMARY.md"
DEFAULT_EDITION = "2015"
DEFAULT_SOURCE = "mdBook's default"
_BUILT_IN = {"links", "index"}
_LINK = re.compile(r"\]\(<?([^)>\s]+?\.md)>?(?:\s[^)]*)?\)")


def book_of(path: Path) -> Path | None:
    """The book that a chapter belongs to: the nearest book.toml above whose source holds it."""
    for folder in path.parents:
        if (folder / BOOK).is_file():
            return folder if path.is_relative_to(source_of(folder)) else None
        if (folder / ".git").exists():
            break
    return None


def source_of(folder: Path) -> Path:
    """The folder that holds a book's chapters."""
    source = _table(folder, "book").get("src", "src")
    if not isinstance(source, str):
        message = f"{folder / BOOK}: `book.src` must be a string"
        raise ConfigurationError(message)
    return folder / source


def edition_of(folder: Path) -> str | None:
    """The edition that the book states; None where it states none."""
    stated = _table(folder, "rust").get("edition")
    if stated is not None and stated not in EDITIONS:
        known = ", ".join(EDITIONS)
        message = f"{folder / BOOK}: `rust.edition` must be one of {known}, not {stated!r}"
        raise ConfigurationError(message)
    return stated


def preprocessors_of(folder: Path) -> tuple[str, ...]:
    """The preprocessors that mdBook would run before it tests, besides those built into it."""
    named = set(_table(folder, "preprocessor")) - _BUILT_IN
    return tuple(sorted(named))


def links_of(summary: str) -> tuple[str, ...]:
    """The files that the text of a SUMMARY.md links to, each once, in its order."""
    return tuple(dict.fromkeys(_LINK.findall(summary)))


def _table(folder: Path, name: str) -> Mapping[str, Any]:
    path = folder / BOOK
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig")).get(name, {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        message = f"{path}: cannot be read: {error}"
        raise ConfigurationError(message) from error
    if not isinstance(table, dict):
        message = f"{path}: `{name}` must be a table"
        raise ConfigurationError(message)
    return table
