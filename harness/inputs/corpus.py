"""Paths in, documents out, each with what surrounds it on disk."""

import dataclasses
from collections.abc import Iterable, Iterator
from pathlib import Path

from harness.document.includes import Binary, Outside, expand
from harness.document.markdown import normalised
from harness.errors import ConfigurationError
from harness.files import read_regular
from harness.inputs import books, facts
from harness.inputs.configuration import parse_faults
from harness.inputs.facts import Fact
from harness.inputs.found import Found, Walk
from harness.inputs.places import (
    CONFIGURATION,
    decoded,
    read_document,
    repository_root,
    shown,
)
from harness.inputs.walk import walk_paths
from harness.model.fault import Fault
from harness.model.report import LeftOut, Scope
from harness.model.settings import Configuration
from harness.model.source import Document, Note, SourceLine
from harness.model.values import dataclass
from harness.rust.shape import shape_of
from harness.units.surroundings import ContextText


@dataclasses.dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Source:
    """A document with what surrounds it on disk, as it was read once: equal to itself alone."""

    document: Document
    lines: tuple[SourceLine, ...]
    """The text after includes."""
    notes: tuple[Note, ...]
    configuration: Configuration
    file: Path
    found: Found
    read: tuple[tuple[Fact, str], ...]
    """What the document and each file that it includes held."""

    @property
    def folder(self) -> Path:
        """The folder that holds the file."""
        return self.file.parent


@dataclass(frozen=True, slots=True)
class Corpus:
    """The documents of a run, and what was passed over."""

    sources: tuple[Source, ...]
    left_out: tuple[LeftOut, ...]
    named_files_only: bool
    """Every path named a file, so that a document without blocks is no mistake."""
    scope: Scope
    notes: tuple[str, ...]
    """What a reader of the report must know of how the documents were read."""
    walk: Walk

    @property
    def levels(self) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
        """Id of a document → `deny` and `allow` of its configuration."""
        return {s.document.id: (s.configuration.deny, s.configuration.allow) for s in self.sources}


def read_corpus(
    paths: Iterable[Path],
    max_bytes: int,
    config: Path | None,
    exclude: tuple[str, ...] = (),
    *,
    excludes_named: bool = False,
) -> Corpus:
    """All documents below the paths, each once, in path order."""
    walk = walk_paths(paths, max_bytes, config, exclude, excludes_named=excludes_named)
    return read_walked(walk, walk.files.values())


def read_walked(walk: Walk, files: Iterable[Found]) -> Corpus:
    """Some of the documents that a walk has found."""
    sources = tuple(_read(file, walk) for file in files)
    return Corpus(
        sources,
        walk.left_out,
        named_files_only=not walk.folders,
        scope=walk.scope(walk.files.values()),
        notes=tuple(walk.notes),
        walk=walk,
    )


def read_context(folder: Path, name: str) -> ContextText:
    """A context file, as a configuration in `folder` names it."""
    path = folder / name
    try:
        text = normalised(read_regular(path).decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        message = f"the context file {path} cannot be read: {error}"
        raise ConfigurationError(message) from error
    at = shown(path)
    tokens = shape_of(text).tokens
    if tokens.imbalance is not None:
        line, column = tokens.place(tokens.tokens[tokens.imbalance].start)
        message = f"{at}:{line}:{column}: a bracket without a partner; mend the context file"
        raise ConfigurationError(message)
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


def read_benches(source: Source) -> ContextText | None:
    """`benches/<page>.rs` beside the page; None where there is none."""
    name = f"benches/{source.file.stem}.rs"
    return read_context(source.folder, name) if (source.folder / name).is_file() else None


def read_locks(folder: Path, name: str | None) -> dict[str, str]:
    """The lock files of a folder that a configuration names, by their names without ending."""
    if name is None:
        return {}
    if not (folder / name).is_dir():
        message = f"{folder / CONFIGURATION}: `locks` names {folder / name}, which is no folder"
        raise ConfigurationError(message)
    return {path.stem: str(path) for path in sorted((folder / name).glob("*.lock"))}


def _read(file: Found, walk: Walk) -> Source:
    data = read_document(file.path, walk.max_bytes)
    configuration = walk.known.configuration(file.config)
    edition, source = _edition(file, configuration, walk)
    document = Document(
        path=shown(file.path),
        text=normalised(decoded(file.path, data)),
        id=file.id,
        edition=edition,
        edition_source=source,
    )
    read = {facts.file(file.path): facts.content_answer(data)}
    lines, notes = _expand(document, file, read)
    return Source(document, lines, notes, configuration, file.path, file, tuple(read.items()))


def _expand(
    document: Document, file: Found, answers: dict[Fact, str]
) -> tuple[tuple[SourceLine, ...], tuple[Note, ...]]:
    """Includes are mdBook's: outside a book the marks are text like any other.

    Adds to `answers` what the included files hold.
    """
    if file.book is None:
        lines = document.text.split("\n")
        return tuple(SourceLine(t, document.path, n) for n, t in enumerate(lines, 1)), ()
    base = repository_root(Path.cwd()) or Path.cwd()
    root = file.root.resolve()

    def read(path: str) -> str | Outside | Binary | None:
        found = (base / path).resolve()
        fact = facts.included(root, base / path)
        if not found.is_relative_to(root):
            answers[fact] = facts.OUTSIDE
            return Outside()
        try:
            content = read_regular(found)
        except OSError:
            answers[fact] = facts.ABSENT
            return None
        answers[fact] = facts.content_answer(content)
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError:
            return Binary()

    return expand(document, read)


def _edition(file: Found, configuration: Configuration, walk: Walk) -> tuple[str | None, str]:
    if configuration.edition:
        return configuration.edition, CONFIGURATION
    if file.book is not None:
        stated = walk.known.book(file.book).edition
        return (stated, books.BOOK) if stated else (books.DEFAULT_EDITION, books.DEFAULT_SOURCE)
    return None, ""
