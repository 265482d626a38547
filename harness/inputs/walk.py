"""Paths in, the files of a run out, with all that was passed over and why."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from harness.errors import ConfigurationError, UsageError
from harness.inputs import books
from harness.inputs.found import Found, Walk, refuse_equal_ids
from harness.inputs.ignore_patterns import Pattern, decide, read_patterns
from harness.inputs.ignore_rules import IgnoreRules
from harness.inputs.places import CONFIGURATION, decoded, read_document, relative, shown
from harness.model.values import dataclass
from harness.packages import PROSE

_ENDINGS = PROSE
_BUILT = {"target", "node_modules"}
_MOST_COUNTED = 20_000


@dataclass(frozen=True, slots=True)
class _Around:
    """What holds for everything in the folder that is being walked."""

    root: Path
    rules: IgnoreRules
    exclude: tuple[tuple[Path, tuple[Pattern, ...]], ...]

    def excludes(self, path: Path) -> bool:
        """Whether `exclude` or `--exclude` names the path, or a folder that it stands in."""
        return any(_names(patterns, path, base) for base, patterns in self.exclude)


def _names(patterns: tuple[Pattern, ...], path: Path, base: Path) -> bool:
    if not path.is_relative_to(base) or path == base:
        return False
    decided = decide(patterns, path.relative_to(base).as_posix(), is_folder=path.is_dir())
    return _names(patterns, path.parent, base) if decided is None else decided


def walk_paths(
    paths: Iterable[Path],
    max_bytes: int,
    config: Path | None,
    exclude: tuple[str, ...],
    *,
    excludes_named: bool = False,
) -> Walk:
    """All documents below the paths, each once, in path order.

    A file that is named itself is read whatever `exclude` says, unless `excludes_named`.
    """
    walk = Walk(max_bytes, config, exclude)
    for named in paths:
        if not named.exists():
            message = f"{named}: no such file or folder"
            raise UsageError(message)
        path = Path(os.path.normpath(named.absolute()))
        if path.is_dir():
            walk.folders.append(path)
            found = _tree(path, _around(path, walk), walk)
        elif path.is_file() and excludes_named and _around_file(path, walk).excludes(path):
            root = walk.known.root(path.parent) or path.parent
            walk.leave_out("excluded by `exclude`", path, _identity(path, root, is_folder=False))
            continue
        elif path.is_file():
            found = iter((_file(path, path.parent, walk),))
        else:
            message = f"{named}: neither a file nor a folder; name a Markdown file"
            raise UsageError(message)
        for file in found:
            walk.files.setdefault(walk.known.real(file.path), file)
    refuse_equal_ids(walk.files.values())
    return walk


def _around(folder: Path, walk: Walk) -> _Around:
    root = walk.known.root(folder)
    asked = read_patterns(walk.exclude)
    bases = dict.fromkeys((folder, Path.cwd())) if asked else {}
    around = _Around(
        root or folder, IgnoreRules.above(folder, root), tuple((base, asked) for base in bases)
    )
    config = walk.config or walk.known.configured(folder)
    if config is None or config.parent == folder:
        return around
    return _with_exclude(around, config.absolute(), walk)


def _around_file(path: Path, walk: Walk) -> _Around:
    around = _around(path.parent, walk)
    beside = path.parent / CONFIGURATION
    is_used = walk.config is None and beside.is_file()
    return _with_exclude(around, beside, walk) if is_used else around


def _tree(path: Path, around: _Around, walk: Walk) -> Iterator[Found]:
    config = path / CONFIGURATION
    if config.is_file():
        if (source := _source_of(config, walk)) is not None:
            yield Found(source, around.root, None, relative(path, around.root), config, True)
            return
        around = _with_exclude(around, config, walk)
    if (path / books.BOOK).is_file():
        yield from _book(path, around, walk)
    else:
        yield from _folder(path, around, walk)


def _with_exclude(around: _Around, config: Path, walk: Walk) -> _Around:
    stated = read_patterns(walk.known.configuration(config).exclude)
    if not stated:
        return around
    return replace(around, exclude=(*around.exclude, (config.parent, stated)))


def _source_of(config: Path, walk: Walk) -> Path | None:
    stated = walk.known.configuration(config).source
    if stated is None:
        return None
    source = config.parent / stated
    if not source.is_file():
        message = f"{config}: `source` names {source}, which is no file"
        raise ConfigurationError(message)
    return source


def _folder(path: Path, around: _Around, walk: Walk) -> Iterator[Found]:
    inner = replace(around, rules=around.rules.entering(path))
    for entry, is_folder in _entries(path):
        if cause := _cause(entry, inner, is_folder=is_folder):
            count = _markdown_below(entry) if is_folder and not entry.is_symlink() else 1
            walk.leave_out(cause, entry, _identity(entry, around.root, is_folder), count)
        elif is_folder:
            yield from _tree(entry, inner, walk)
        else:
            yield replace(_file(entry, around.root, walk), is_walked=True)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Whether an entry is a folder or leads to one; a link that leads in a circle is none."""
    return Path(entry.path).is_dir() if entry.is_symlink() else entry.is_dir()


def _entries(folder: Path) -> Iterator[tuple[Path, bool]]:
    """The folders and documents in a folder by name, and whether each is a folder."""
    with os.scandir(folder) as found:
        entries = sorted(found, key=_name)
    for entry in entries:
        is_folder = _is_folder(entry)
        is_named = is_folder or entry.name.lower().endswith(_ENDINGS)
        path = folder / entry.name if is_named else None
        if path is not None and (is_folder or (path.suffix.lower() in _ENDINGS and path.is_file())):
            yield path, is_folder


def _cause(path: Path, around: _Around, *, is_folder: bool) -> str:
    """Why a walk leaves a path out; empty where it does not."""
    if is_folder and path.name.startswith("."):
        return "in hidden folders"
    if is_folder and path.name in _BUILT:
        return "in target or node_modules"
    if is_folder and path.is_symlink():
        return "links to folders are not followed"
    if around.excludes(path):
        return "excluded by `exclude`"
    if around.rules.ignores(path, is_folder=is_folder):
        return "ignored by .gitignore"
    return ""


def _identity(path: Path, root: Path, is_folder: bool) -> str:
    return relative(path if is_folder else path.with_suffix(""), root)


def _markdown_below(folder: Path) -> int:
    """How many Markdown files a folder holds, as far as can be told quickly."""
    if folder.name == ".git":
        return 0
    names = (name for _, _, files in os.walk(folder) for name in files)
    return sum(1 for name in islice(names, _MOST_COUNTED) if Path(name).suffix.lower() in _ENDINGS)


def _file(path: Path, folder: Path, walk: Walk) -> Found:
    book = walk.known.book_of(path)
    if book is not None:
        return _chapter(path, book, walk)
    root = walk.known.root(path.parent) or folder
    config = walk.config or walk.known.configured(path.parent)
    return Found(path, root, None, relative(path.with_suffix(""), root), config, False)


def _book(folder: Path, around: _Around, walk: Walk) -> Iterator[Found]:
    """The chapters that SUMMARY.md lists; other files of the book are counted as left out."""
    source = walk.known.book(folder).source
    summary = source / books.SUMMARY
    if not summary.is_file():
        message = f"{folder / books.BOOK}: the book has no {summary.name} in {source}"
        raise ConfigurationError(message)
    if names := walk.known.book(folder).preprocessors:
        walk.notes[
            f"{shown(folder / books.BOOK)}: preprocessors are not run: {', '.join(names)}; "
            "blocks are read as they stand before them"
        ] = None
    links = books.links_of(decoded(summary, read_document(summary, walk.max_bytes)))
    listed = dict.fromkeys(walk.known.real(source / link) for link in links)
    for path in listed:
        chapter = replace(_chapter(path, folder, walk), is_walked=True)
        if not path.is_file():
            walk.leave_out("listed in SUMMARY.md but missing", path, "")
        elif around.excludes(path):
            walk.leave_out("excluded by `exclude`", path, chapter.id)
        else:
            yield chapter
    known = {*listed, summary.resolve()}
    for path in _unlisted(folder, source, around, walk):
        real = walk.known.real(path)
        if real not in known:
            known.add(real)
            walk.leave_out("not in the book's SUMMARY.md", path, _chapter(path, folder, walk).id)


def _unlisted(folder: Path, source: Path, around: _Around, walk: Walk) -> Iterator[Path]:
    """The Markdown files of a book's two folders that a walk would take."""
    for top in dict.fromkeys((source, folder)):
        rules = IgnoreRules.above(top, walk.known.root(top))
        pending = [(str(top), replace(around, rules=rules))]
        walked = str(source) if top == folder else ""
        while pending:
            place, inner = pending.pop()
            has_rules, named = _quickly_listed(place)
            if has_rules:
                inner = replace(inner, rules=inner.rules.entering(Path(place)))
            for name, entry, is_folder in named:
                if entry.path == walked or _is_skipped(entry, inner, is_folder=is_folder):
                    continue
                if is_folder:
                    pending.append((entry.path, inner))
                elif entry.is_file() and Path(name).suffix.lower() in _ENDINGS:
                    yield Path(entry.path)


def _quickly_listed(place: str) -> tuple[bool, list[tuple[str, os.DirEntry[str], bool]]]:
    """Whether a folder has a .gitignore; its folders and documents by name, and which is which.

    A book can have a thousand folders, most of which hold code only: of what is neither, only
    the name is looked at.
    """
    has_rules, named = False, []
    with os.scandir(place) as found:
        for entry in found:
            name = entry.name
            if entry.is_dir(follow_symlinks=False) or (entry.is_symlink() and _is_folder(entry)):
                named.append((name, entry, True))
            elif name[-9:].lower().endswith(_ENDINGS):
                named.append((name, entry, False))
            elif name == ".gitignore":
                has_rules = True
    return has_rules, sorted(named, key=_first) if len(named) > 1 else named


def _first(listed: tuple[str, os.DirEntry[str], bool]) -> str:
    return listed[0]


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name


def _is_skipped(entry: os.DirEntry[str], around: _Around, *, is_folder: bool) -> bool:
    """As `_cause`, for the hundreds of folders of a book, most of which no rule is about."""
    is_left_out = entry.name.startswith(".") or entry.name in _BUILT or entry.is_symlink()
    if is_folder and is_left_out:
        return True
    has_rules = bool(around.rules.levels or around.exclude)
    return has_rules and bool(_cause(Path(entry.path), around, is_folder=is_folder))


def _chapter(path: Path, book: Path, walk: Walk) -> Found:
    source = walk.known.real_source(book)
    root = walk.known.root(book) or book
    config = walk.config or walk.known.configured(path.parent)
    real = walk.known.real(path)
    inside = real.is_relative_to(source)
    identity = relative(real, source if inside else walk.known.real(root))
    return Found(path, root, book, Path(identity).with_suffix("").as_posix(), config, False)
