"""Lines of an included file and the part asked for in, the lines that mdBook puts out."""

import re
from collections.abc import Sequence
from dataclasses import replace

from harness.document.columns import shifted
from harness.model.source import SourceLine
from harness.model.values import dataclass

_ANCHOR = re.compile(r"ANCHOR:\s*([\w-]+)")
_ANCHOR_END = re.compile(r"ANCHOR_END:\s*([\w-]+)")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a file: an anchor, or a range of lines from 0 that leaves out `end`."""

    anchor: str | None = None
    start: int = 0
    end: int | None = None

    @property
    def is_all(self) -> bool:
        """Whether this is the whole file."""
        return self == Part()

    @property
    def in_words(self) -> str:
        """The part, for a message."""
        if self.anchor is not None:
            return f"anchor `{self.anchor}`"
        return f"line {self.start + 1}"


def parse_part(text: str) -> Part:
    """The part that stands behind the colon of an include: `name`, `2`, `2:`, `:4`, `2:4`.

    Lines count from 1 there; what is no number after the second colon means the file's end.
    """
    first, colon, rest = text.partition(":")
    last = rest.partition(":")[0]
    end = int(last) if _is_number(last) else None
    if _is_number(first):
        start = max(0, int(first) - 1)
        return Part(start=start, end=end if colon else start + 1)
    if first:
        return Part(anchor=first)
    return Part(end=end)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


def taken(
    lines: Sequence[SourceLine], part: Part, is_rest_hidden: bool
) -> tuple[list[SourceLine], bool]:
    """The lines of the part, and whether the file has it.

    With `is_rest_hidden` the other lines stay, behind rustdoc's mark for hidden lines. Lines
    with anchor marks are left out wherever an anchor is asked for.
    """
    if part.anchor is not None:
        return _anchored(lines, part.anchor, is_rest_hidden)
    if part.is_all:
        return list(lines), True
    end = len(lines) if part.end is None else part.end
    is_found = part.start < min(end, len(lines))
    if not is_rest_hidden:
        return list(lines[part.start : max(part.start, end)]), is_found
    rows = enumerate(lines)
    return [row if part.start <= n < end else _hidden(row) for n, row in rows], is_found


def _anchored(
    lines: Sequence[SourceLine], anchor: str, is_rest_hidden: bool
) -> tuple[list[SourceLine], bool]:
    """The lines between the marks of an anchor; for the rest hidden, each time that it opens."""
    out: list[SourceLine] = []
    is_found = is_inside = False
    for line in lines:
        begins, ends = _ANCHOR.search(line.text), _ANCHOR_END.search(line.text)
        if is_inside:
            if ends:
                is_inside = ends.group(1) != anchor
                if not is_inside and not is_rest_hidden:
                    break
            elif not begins:
                out.append(line)
        elif begins:
            if begins.group(1) == anchor:
                is_found = is_inside = True
        elif is_rest_hidden and not ends:
            out.append(_hidden(line))
    return out, is_found


def _hidden(line: SourceLine) -> SourceLine:
    return replace(line, text=f"# {line.text}", shifts=shifted(line.shifts, ((1, -2),)))
