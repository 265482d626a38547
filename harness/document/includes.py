"""Document with mdBook's include marks in, its lines with the included ones among them out."""

import posixpath
import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import field, replace

from harness.document.columns import shifted
from harness.document.included import Part, parse_part, taken
from harness.document.markdown import normalised
from harness.model.source import Document, Note, SourceLine
from harness.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Outside:
    """The reader's answer for a path that a document may not include."""


@dataclass(frozen=True, slots=True)
class Binary:
    """The reader's answer for a file that is not UTF-8 text."""


Read = Callable[[str], "str | Outside | Binary | None"]
"""Text of a file by its path, written like `Document.path`; None where there is no such file."""

DEEPEST = 10
"""Includes within includes that mdBook follows."""
MOST = 20_000
"""Includes of one document; more can only come from files that include each other."""

_MARK = re.compile(r"\\\{\{#.*\}\}|\{\{\s*#([a-zA-Z0-9_]+)\s+([^}]+)\}\}")
_KINDS = ("include", "rustdoc_include", "playground", "playpen")
_REFUSED = {
    "include-missing": "there is no such file",
    "include-outside": "it is outside the repository",
    "include-binary": "it is not UTF-8 text",
}


@dataclass(slots=True)
class _Walk:
    """What all includes of one document share."""

    read: Read
    notes: list[Note] = field(default_factory=list)
    count: int = 0


@dataclass(frozen=True, slots=True)
class _Level:
    """Where in the nest of includes a text stands."""

    folder: str
    chain: tuple[tuple[str, Part | None], ...] = ()
    root: tuple[str, int] | None = None


def expand(document: Document, read: Read) -> tuple[tuple[SourceLine, ...], tuple[Note, ...]]:
    """The lines of a document after includes, each with its place, and what went wrong.

    Marks, ranges, anchors, escapes and nesting are those of mdBook 0.5. A mark that cannot be
    followed stays as it is, as in mdBook, and is noted; an include that leads back to itself is
    left empty. Never raises for what a document or a file holds.
    """
    texts = normalised(document.text).split("\n")
    lines = [SourceLine(text, document.path, number) for number, text in enumerate(texts, 1)]
    walk = _Walk(read)
    level = _Level(posixpath.dirname(document.path), ((posixpath.normpath(document.path), None),))
    return tuple(_replaced(lines, level, walk)), tuple(walk.notes)


def _replaced(lines: list[SourceLine], level: _Level, walk: _Walk) -> list[SourceLine]:
    """The lines with every include mark replaced by what it stands for."""
    text = "\n".join(line.text for line in lines)
    if "{{" not in text:
        return lines
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line.text) + 1)
    out: list[SourceLine] = []
    done = 0
    for match in _MARK.finditer(text):
        number = bisect_right(starts, match.start()) - 1
        place = replace(_cut(lines[number], match.start() - starts[number], None), text="")
        put = _put(match, place, level, walk)
        if put is None:
            continue
        _append(out, _between(lines, starts, done, match.start()))
        _append(out, put)
        done = match.end()
    if not done:
        return lines
    _append(out, _between(lines, starts, done, len(text)))
    return out


def _put(
    match: re.Match[str], place: SourceLine, level: _Level, walk: _Walk
) -> list[SourceLine] | None:
    """What a mark stands for, as lines; None where the mark stays. `place`: empty, at the mark."""
    if match.group().startswith("\\"):
        return [replace(place, text=match.group()[1:], shifts=shifted(place.shifts, ((1, 1),)))]
    kind, words = match.group(1), match.group(2).split()
    if kind == "title":
        return [place]
    if kind not in _KINDS or not words:
        return None
    name, _, rest = words[0].partition(":")
    if kind in ("playground", "playpen"):
        name, rest = words[0], ""
    path = posixpath.normpath(posixpath.join(level.folder, name))
    part = parse_part(rest)
    step = (path, part)
    if step in level.chain or ((path, None) == level.chain[0] and part.is_all):
        _note(walk, place, "include-cycle", f"`{path}` includes itself")
        return [place]
    if len(level.chain) > DEEPEST or walk.count >= MOST:
        _note(walk, place, "include-cycle", f"`{path}` is included too deep")
        return [place]
    walk.count += 1
    text = _read(walk, place, path)
    if text is None:
        return None
    root = level.root or (place.path, place.line)
    lines, is_found = taken(_lines(text, path, root), part, kind == "rustdoc_include")
    if not is_found:
        _note(walk, place, "include-empty", f"`{path}` has no {part.in_words}")
    if kind in ("playground", "playpen"):
        info = ",".join(["rust", *words[1:]])
        fences = [replace(place, text=text) for text in (f"```{info}", "```", "")]
        lines = [fences[0], *lines, *fences[1:]]
    below = _Level(posixpath.dirname(path), (*level.chain, step), root)
    return _replaced(lines or [place], below, walk)


def _read(walk: _Walk, place: SourceLine, path: str) -> str | None:
    answer = walk.read(path)
    if isinstance(answer, str):
        return answer
    reason = "include-missing"
    if isinstance(answer, Outside):
        reason = "include-outside"
    elif isinstance(answer, Binary):
        reason = "include-binary"
    _note(walk, place, reason, f"cannot include `{path}`: {_REFUSED[reason]}")
    return None


def _lines(text: str, path: str, root: tuple[str, int]) -> list[SourceLine]:
    texts = normalised(text).split("\n")
    if not texts[-1]:
        texts.pop()
    return [
        SourceLine(text, path, number, included_from=root) for number, text in enumerate(texts, 1)
    ]


def _note(walk: _Walk, place: SourceLine, reason: str, message: str) -> None:
    walk.notes.append(Note(place.path, place.line, place.column(1), reason, message))


def _between(
    lines: Sequence[SourceLine], starts: Sequence[int], begin: int, end: int
) -> list[SourceLine]:
    """The text from one offset to another, as pieces of its lines; at least one."""
    first = bisect_right(starts, begin) - 1
    last = bisect_right(starts, end) - 1
    if first == last:
        return [_cut(lines[first], begin - starts[first], end - starts[first])]
    head = _cut(lines[first], begin - starts[first], None)
    return [head, *lines[first + 1 : last], _cut(lines[last], 0, end - starts[last])]


def _cut(line: SourceLine, begin: int, end: int | None) -> SourceLine:
    if not begin:
        return line if end is None else replace(line, text=line.text[:end])
    return replace(line, text=line.text[begin:end], shifts=shifted(line.shifts, ((1, begin),)))


def _append(out: list[SourceLine], pieces: Sequence[SourceLine]) -> None:
    """Add pieces of lines to lines: the first one goes on where the last line ended."""
    if out:
        out[-1] = _joined(out[-1], pieces[0])
        out.extend(pieces[1:])
    else:
        out.extend(pieces)


def _joined(left: SourceLine, right: SourceLine) -> SourceLine:
    """One line from two pieces; it counts as a line of the included file, if that says anything.

    A line has one place, so the columns of the other piece are lost.
    """
    if not right.text:
        return left
    if not left.text:
        return right
    text = left.text + right.text
    width = len(left.text)
    if (left.path, left.line) == (right.path, right.line):
        moved = tuple((start + width, shift - width) for start, shift in right.shifts)
        return replace(left, text=text, shifts=(*left.shifts, *moved))
    is_right = bool(right.text.strip()) and (
        not left.text.strip() or (left.included_from is None and right.included_from is not None)
    )
    if not is_right:
        return replace(left, text=text)
    moved = tuple((start + width, shift - width) for start, shift in right.shifts)
    return replace(right, text=text, shifts=((1, moved[0][1]), *moved[1:]))
