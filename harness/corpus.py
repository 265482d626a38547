"""Paths in, documents out: files, folders, mdBooks, and folders whose harness.toml names a source."""

import os
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from harness.configuration import parse_configuration, parse_faults
from harness.contracts import Fault
from harness.errors import ConfigurationError, UsageError
from harness.includes import Binary, Outside, expand
from harness.ladder import ContextText
from harness.markdown import normalised
from harness.model.settings import Configuration
from harness.model.source import Document, Note, SourceLine

CONFIGURATION = "harness.toml"
_ENDINGS = {".md", ".markdown"}
_LEFT_ALONE = {"target", "node_modules"}
_BOOK_EDITION = "2015"


@dataclass(frozen=True, slots=True)
class Source:
    """A document with what surrounds it on disk."""

    document: Document
    lines: tuple[SourceLine, ...]
    """The text after includes."""
    notes: tuple[Note, ...]
    configuration: Configuration
    file: Path

    @property
    def folder(self) -> Path:
        """The folder that holds the file."""
        return self.file.parent

    is_book: bool = False


@dataclass(slots=True)
class _Walk:
    """What one walk has found so far."""

    max_bytes: int
    config: Path | None
    files: dict[Path, "_File"] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    root: Path
    """What ids and includes are relative to and stay within."""
    book: Path | None
    id: str | None
    config: Path | None


@dataclass(frozen=True, slots=True)
class Corpus:
    """The documents of a run, and what was passed over."""

    sources: tuple[Source, ...]
    left_out: tuple[tuple[str, int], ...]
    named_files_only: bool
    """Every path named a file, so that a document without blocks is no mistake."""


def read_corpus(
    paths: Iterable[Path], max_bytes: int, config: Path | None, exclude: tuple[str, ...] = ()
) -> Corpus:
    """All documents below the paths, each once, in path order."""
    walk = _Walk(max_bytes, config)
    named_files_only = True
    for path in paths:
        if not path.exists():
            message = f"{path}: no such file or folder"
            raise UsageError(message)
        named_files_only &= path.is_file()
        for file in _find(path.absolute(), walk, exclude):
            walk.files.setdefault(file.path.resolve(), file)
    sources = tuple(
        source for file in walk.files.values() if (source := _read(file, walk)) is not None
    )
    _refuse_equal_ids(sources)
    return Corpus(sources, tuple(sorted(walk.left_out.items())), named_files_only)


def read_context(folder: Path, name: str) -> ContextText:
    """A context file, as a configuration in `folder` names it."""
    path = folder / name
    try:
        text = normalised(path.read_bytes().decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        message = f"{folder / CONFIGURATION}: the context file {path} cannot be read: {error}"
        raise ConfigurationError(message) from error
    at = shown(path)
    lines = text.removesuffix("\n").split("\n")
    return ContextText(at, tuple(SourceLine(line, at, n) for n, line in enumerate(lines, 1)))


def read_page_context(source: Source) -> ContextText | None:
    """`contexts/<page>.rs` beside the page; None where there is none."""
    name = f"contexts/{source.file.stem}.rs"
    return read_context(source.folder, name) if (source.folder / name).is_file() else None


def read_contracts(
    source: Source, *, with_real: bool
) -> Iterator[tuple[str, ContextText, tuple[Fault, ...]]]:
    """`contracts/<page>.rs` beside the page, and `<page>.real.rs` where real crates are asked for.

    Yields the name of each, its text and the faults of `contracts/<page>.faults.toml`.
    """
    endings = ("", ".real") if with_real else ("",)
    for ending in endings:
        name = f"contracts/{source.file.stem}{ending}"
        path = source.folder / f"{name}.rs"
        if path.is_file():
            faults = source.folder / f"{name}.faults.toml"
            told = parse_faults(faults.read_text("utf-8"), faults) if faults.is_file() else ()
            yield f"contract{ending}", read_context(source.folder, f"{name}.rs"), told


def read_locks(folder: Path, name: str | None) -> dict[str, str]:
    """The lock files of a folder that a configuration names, by their names without ending."""
    if name is None:
        return {}
    return {path.stem: str(path) for path in sorted((folder / name).glob("*.lock"))}


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
    try:
        return path.absolute().relative_to(base).as_posix()
    except ValueError:
        relative = os.path.relpath(path.absolute(), base)
        return path.as_posix() if relative.count("..") > 3 else PurePosixPath(relative).as_posix()


def _find(path: Path, walk: _Walk, exclude: tuple[str, ...]) -> Iterator[_File]:
    if path.is_file():
        yield _file(path, path.parent, walk)
    elif (path / CONFIGURATION).is_file() and (source := _source_of(path)) is not None:
        root = repository_root(path) or path
        yield _File(source, root, None, _relative(path, root), path / CONFIGURATION)
    elif (path / "book.toml").is_file():
        yield from _book(path, walk)
    else:
        yield from _folder(path, walk, exclude)


def _file(path: Path, folder: Path, walk: _Walk) -> _File:
    book = _book_of(path)
    if book is not None:
        return _chapter(path, book, walk)
    root = repository_root(path.parent) or folder
    config = walk.config or find_upwards(path.parent, CONFIGURATION)
    return _File(path, root, None, None, config)


def _folder(path: Path, walk: _Walk, exclude: tuple[str, ...]) -> Iterator[_File]:
    config = walk.config or find_upwards(path, CONFIGURATION)
    excluded = exclude + (_configuration(config).exclude if config else ())
    for entry in sorted(path.iterdir()):
        name = entry.name
        if entry.is_dir() and not entry.is_symlink():
            if name.startswith(".") or name in _LEFT_ALONE:
                continue
            yield from _find(entry, walk, exclude)
        elif entry.is_file() and entry.suffix.lower() in _ENDINGS:
            if any(_matches(entry, path, pattern) for pattern in excluded):
                walk.left_out["excluded by `exclude`"] += 1
            else:
                yield _file(entry, path, walk)


def _matches(path: Path, folder: Path, pattern: str) -> bool:
    return path.match(pattern) or path.relative_to(folder).as_posix() == pattern


def _source_of(folder: Path) -> Path | None:
    configuration = _configuration(folder / CONFIGURATION)
    if configuration.source is None:
        return None
    source = folder / configuration.source
    if not source.is_file():
        message = f"{folder / CONFIGURATION}: `source` names {source}, which is no file"
        raise ConfigurationError(message)
    return source


def _book_of(path: Path) -> Path | None:
    """The book that a chapter belongs to: the nearest book.toml above whose source holds it."""
    for folder in path.parents:
        if (folder / "book.toml").is_file():
            return folder if path.is_relative_to(_book_source(folder)) else None
        if (folder / ".git").exists():
            break
    return None


def _book_table(folder: Path) -> dict[str, Any]:
    path = folder / "book.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        message = f"{path}: cannot be read: {error}"
        raise ConfigurationError(message) from error


def _book_source(folder: Path) -> Path:
    source = _book_table(folder).get("book", {}).get("src", "src")
    return folder / str(source)


_LINK = re.compile(r"\]\(<?([^)>\s]+?\.md)>?(?:\s[^)]*)?\)")


def _book(folder: Path, walk: _Walk) -> Iterator[_File]:
    """The chapters that SUMMARY.md lists; other files of the source are counted as left out."""
    source = _book_source(folder)
    summary = source / "SUMMARY.md"
    if not summary.is_file():
        message = f"{folder / 'book.toml'}: the book has no {summary.name} in {source}"
        raise ConfigurationError(message)
    listed = dict.fromkeys(
        (source / link).resolve() for link in _LINK.findall(_decode(summary, walk) or "")
    )
    for path in listed:
        if path.is_file():
            yield _chapter(path, folder, walk)
        else:
            walk.left_out["listed in SUMMARY.md but missing"] += 1
    others = {path.resolve() for path in source.rglob("*.md")} - set(listed) - {summary.resolve()}
    if others:
        walk.left_out["not in the book's SUMMARY.md"] += len(others)


def _chapter(path: Path, book: Path, walk: _Walk) -> _File:
    source = _book_source(book)
    config = walk.config or find_upwards(path.parent, CONFIGURATION)
    identity = path.resolve().relative_to(source.resolve()).with_suffix("").as_posix()
    return _File(path, repository_root(book) or book, book, identity, config)


def _read(file: _File, walk: _Walk) -> Source | None:
    text = _decode(file.path, walk)
    if text is None:
        return None
    configuration = _configuration(file.config) if file.config else Configuration()
    edition, source = _edition(file, configuration)
    document = Document(
        path=shown(file.path),
        text=normalised(text),
        id=file.id or _relative(file.path.with_suffix(""), file.root),
        edition=edition,
        edition_source=source,
    )
    lines, notes = _expand(document, file)
    return Source(document, lines, notes, configuration, file.path, file.book is not None)


def _expand(document: Document, file: _File) -> tuple[tuple[SourceLine, ...], tuple[Note, ...]]:
    """Includes are mdBook's: outside a book the marks are text like any other."""
    if file.book is None:
        lines = document.text.split("\n")
        return tuple(SourceLine(t, document.path, n) for n, t in enumerate(lines, 1)), ()
    base = repository_root(Path.cwd()) or Path.cwd()

    def read(path: str) -> str | None | Outside | Binary:
        found = (base / path).resolve()
        if not found.is_relative_to(file.root.resolve()):
            return Outside()
        try:
            return found.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError:
            return Binary()
        except OSError:
            return None

    return expand(document, read)


def _decode(path: Path, walk: _Walk) -> str | None:
    try:
        size = path.stat().st_size
        if size > walk.max_bytes:
            message = (
                f"{path}: {size} bytes are more than --max-size allows "
                f"({walk.max_bytes}); raise it to read the file"
            )
            raise ConfigurationError(message)
        data = path.read_bytes()
    except OSError as error:
        message = f"{path}: cannot be read: {error.strerror}"
        raise ConfigurationError(message) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = (
            f"{path}: not UTF-8: byte {error.start} cannot be decoded; "
            "save the document as UTF-8, or leave it out with `exclude`"
        )
        raise ConfigurationError(message) from error


def _configuration(path: Path) -> Configuration:
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        message = f"{path}: cannot be read: {error.strerror}"
        raise ConfigurationError(message) from error
    except UnicodeDecodeError as error:
        message = f"{path}: not UTF-8: byte {error.start} cannot be decoded"
        raise ConfigurationError(message) from error
    return parse_configuration(text, path)


def _edition(file: _File, configuration: Configuration) -> tuple[str | None, str]:
    if configuration.edition:
        return configuration.edition, CONFIGURATION
    if file.book is not None:
        stated = _book_table(file.book).get("rust", {}).get("edition")
        if stated:
            return str(stated), "book.toml"
        return _BOOK_EDITION, "mdBook's default"
    return None, ""


def _relative(path: Path, root: Path) -> str:
    try:
        return path.absolute().relative_to(root.absolute()).as_posix()
    except ValueError:
        return path.name


def _refuse_equal_ids(sources: tuple[Source, ...]) -> None:
    first: dict[str, Source] = {}
    for source in sources:
        other = first.setdefault(source.document.id, source)
        if other is not source:
            message = (
                f"{source.document.path} and {other.document.path} would have the same id "
                f"`{source.document.id}`; rename one, or check them in two runs"
            )
            raise ConfigurationError(message)
