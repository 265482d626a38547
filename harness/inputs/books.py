"""The folder of an mdBook in, what its book.toml and SUMMARY.md say out."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from harness import toml_text
from harness.errors import ConfigurationError
from harness.inputs.configuration import EDITIONS
from harness.model.values import dataclass

BOOK = "book.toml"
SUMMARY = "SUMMARY.md"
DEFAULT_EDITION = "2015"
DEFAULT_SOURCE = "mdBook's default"
_BUILT_IN = {"links", "index"}
_LINK = re.compile(r"\]\(<?([^)>\s]+?\.md)>?(?:\s[^)]*)?\)")


@dataclass(frozen=True, slots=True)
class Book:
    """A book.toml, read; a key is looked at when it is asked for."""

    folder: Path
    tables: Mapping[str, Any]

    @property
    def source(self) -> Path:
        """The folder that holds the book's chapters."""
        source = self._table("book").get("src", "src")
        if not isinstance(source, str):
            message = f"{self.folder / BOOK}: `book.src` must be a string"
            raise ConfigurationError(message)
        return self.folder / source

    @property
    def edition(self) -> str | None:
        """The edition that the book states; None where it states none."""
        stated = self._table("rust").get("edition")
        if stated is not None and stated not in EDITIONS:
            known = ", ".join(EDITIONS)
            message = f"{self.folder / BOOK}: `rust.edition` must be one of {known}, not {stated!r}"
            raise ConfigurationError(message)
        return stated

    @property
    def preprocessors(self) -> tuple[str, ...]:
        """The preprocessors that mdBook would run before it tests, besides those built into it."""
        named = set(self._table("preprocessor")) - _BUILT_IN
        return tuple(sorted(named))

    def _table(self, name: str) -> Mapping[str, Any]:
        table = self.tables.get(name, {})
        if not isinstance(table, dict):
            message = f"{self.folder / BOOK}: `{name}` must be a table"
            raise ConfigurationError(message)
        return table


def read_book(folder: Path) -> Book:
    """The book of a folder; what cannot be read is a `ConfigurationError`."""
    path = folder / BOOK
    try:
        return Book(folder, toml_text.parse(path.read_text(encoding="utf-8-sig")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        message = f"{path}: cannot be read: {error}"
        raise ConfigurationError(message) from error


def links_of(summary: str) -> tuple[str, ...]:
    """The files that the text of a SUMMARY.md links to, each once, in its order."""
    return tuple(dict.fromkeys(_LINK.findall(summary)))
