"""The tested text of a block → the program that stable rustdoc compiles for it, with the way back.

The rules are those of rustdoc 1.95 for one block of a Markdown file, compiled by itself. rustdoc
decides by the compiler's own parser whether a text can stand in a function; here only tokens are
known, and a text that cannot is recognised by rules that never mistake a text that can. Where
they fail to notice, the program does not compile either way: only the error codes may differ, and
`as_written` gives the text that rustdoc compiles then.
"""

import re
from bisect import bisect_right
from enum import Enum
from typing import NamedTuple

from harness.model.values import dataclass
from harness.rust.lexer import Tokens, lex, trees
from harness.rust.shape import is_lint, is_main
from harness.rust.statements import Block, Form, Statement, split
from harness.rust.syntax import can_stand_in_a_function

ALLOW_UNUSED = "#![allow(unused)]"
_MAIN = "fn main() { #[allow(non_snake_case)] fn _doctest_main"


class Origin(NamedTuple):
    """Where a line of a program comes from.

    That is a line of a text, from 0, and what to add to the program's column to get the text's.
    The code is text 0; texts above it come after.
    """

    line: int
    shift: int
    text: int = 0


class Frame(Enum):
    """What stands around the tested text."""

    NONE = "none"
    """Crate attributes only: the text has its own main, or none is wanted."""
    MAIN = "main"
    MAIN_WITH_OUTCOME = "main-with-outcome"
    """The text ends in `(())`: main unwraps what it returns."""
    AS_WRITTEN = "as-written"
    """The text alone, without anything added, because it does not parse."""
    SHAPED = "shaped"
    """Not rustdoc's: what the text's own shape asks for."""


@dataclass(frozen=True, slots=True)
class Program:
    """One Rust source.

    `origins` has one entry for each line of `text`; None for a line that is the harness's own.
    """

    text: str
    origins: tuple[Origin | None, ...]
    frame: Frame = Frame.NONE
    left_out: tuple[tuple[int, int], ...] = ()
    """Spans of the code, as offsets, that rustdoc silently drops and the program does not have:
    attributes and documentation that belong to nothing, and what follows a `}` too many."""

    def place(self, line: int, column: int) -> tuple[int, int] | None:
        """The code's line and column, from 1, for a place in the program; None outside it."""
        if not 1 <= line <= len(self.origins):
            return None
        origin = self.origins[line - 1]
        if origin is None or origin.text:
            return None
        return origin.line + 1, max(1, column + origin.shift)


class Piece(NamedTuple):
    """A part of the code, from offset `start` to before `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Parts:
    """A text taken apart as rustdoc does it, before anything is put around it."""

    tokens: Tokens
    block: Block
    crate_attributes: tuple[Piece, ...]
    """Leading inner attributes and documentation that go first, in their order."""
    lint_attributes: tuple[Piece, ...]
    """`#![allow(…)]` and its like: they come after the others."""
    externs: tuple[Piece, ...]
    """`extern crate` items with their attributes."""
    end: int
    """The offset where the last statement ends; rustdoc drops what follows."""
    has_main: bool
    """There is a main function, and no statement beside it."""
    has_outcome: bool
    """The last statement ends in the characters `(())`."""
    prelude: str
    """The text that goes above main, with the comments between, to look for `![no_std]` in."""

    @property
    def hoisted(self) -> tuple[Piece, ...]:
        """All that moves to the top, in the order in which it comes there."""
        return self.crate_attributes + self.lint_attributes + self.externs


class Writer:
    """Collects lines of a program together with their origins."""

    def __init__(self, *texts: str) -> None:
        """Write a program for the first text, with the others above it."""
        self._texts = texts
        self._starts = [[0, *(m.end() for m in re.finditer("\n", text))] for text in texts]
        self._lines: list[str] = []
        self._origins: list[Origin | None] = []

    def add(self, line: str) -> None:
        """Add a line of our own."""
        self._lines.append(line)
        self._origins.append(None)

    def take(self, piece: Piece, text: int = 0) -> None:
        """Add a part of a text."""
        source = self._texts[text]
        line = bisect_right(self._starts[text], piece.start) - 1
        shift = piece.start - self._starts[text][line]
        for index, content in enumerate(source[piece.start : piece.end].split("\n")):
            self._lines.append(content)
            self._origins.append(Origin(line + index, 0 if index else shift, text))

    def take_all(self, without: tuple[Piece, ...], text: int = 0) -> None:
        """Add a whole text with blanks for some parts: every line keeps its columns."""
        source = blanked(self._texts[text], without).removesuffix("\n")
        for index, line in enumerate(source.split("\n")):
            self._lines.append(line)
            self._origins.append(Origin(index, 0, text))

    def program(self, frame: Frame, left_out: tuple[Piece, ...] = ()) -> Program:
        """What was collected."""
        text = "".join(line + "\n" for line in self._lines)
        return Program(text, tuple(self._origins), frame, left_out)


def as_rustdoc(code: str, edition: str, *, test_harness: bool = False) -> Program:
    """The program that rustdoc compiles for `code`.

    Line k of the code is line k of the program plus a constant, except what rustdoc moves to the
    top: that leaves blanks in its place.
    """
    parts = take_apart(code, edition)
    if parts is None:
        return as_written(code)
    writer = Writer(code)
    writer.add(ALLOW_UNUSED)
    for piece in parts.hoisted:
        writer.take(piece)
    frame = Frame.MAIN
    if test_harness or parts.has_main or "![no_std]" in parts.prelude:
        frame = Frame.NONE
    elif parts.has_outcome:
        frame = Frame.MAIN_WITH_OUTCOME
    left_out = _left_out(code, edition, parts.end)
    before, after = wrapping(frame)
    if before:
        writer.add(before)
    writer.take_all((*parts.hoisted, Piece(parts.end, len(code))))
    if after:
        writer.add(after)
    return writer.program(frame, left_out)


def as_written(code: str) -> Program:
    """The text alone."""
    writer = Writer(code)
    writer.take_all(())
    return writer.program(Frame.AS_WRITTEN)


def wrapping(frame: Frame) -> tuple[str, str]:
    """The line before and the line after the text that make it a main function."""
    if frame is Frame.MAIN:
        return f"{_MAIN}() {{", "} _doctest_main() }"
    if frame is Frame.MAIN_WITH_OUTCOME:
        return (
            f"{_MAIN}() -> core::result::Result<(), impl core::fmt::Debug> {{",
            "} _doctest_main().unwrap() }",
        )
    return "", ""


def take_apart(code: str, edition: str) -> Parts | None:
    """The parts of a text, or None for one that does not parse inside a function."""
    tokens = trees(code, edition)
    stop = len(tokens.tokens) if tokens.early_close is None else tokens.early_close
    if tokens.imbalance is not None and tokens.early_close is None:
        return None
    block = split(tokens, 0, stop)
    if not can_stand_in_a_function(tokens, block):
        return None
    crate: list[Piece] = []
    lints: list[Piece] = []
    for first, end in block.inner_attributes:
        target = lints if is_lint(tokens, first, end) else crate
        target.append(_piece(tokens, first, end))
    externs = [s for s in block.statements if s.kind == "extern crate"]
    others = [s for s in block.statements if s.kind != "extern crate"]
    hoisted = tuple(_piece(tokens, s.first, s.stop) for s in externs)
    last = _piece(tokens, others[-1].first, others[-1].stop) if others else Piece(0, 0)
    ends = [*(piece.end for piece in crate + lints), *(piece.end for piece in hoisted), last.end]
    return Parts(
        tokens,
        block,
        tuple(crate),
        tuple(lints),
        hoisted,
        max(ends),
        has_main=_has_main(tokens, block.statements),
        has_outcome=code[last.start : last.end].endswith("(())"),
        prelude=_prelude(code, crate + lints, hoisted, others, tokens),
    )


def blanked(code: str, pieces: tuple[Piece, ...]) -> str:
    """The code with blanks in the place of some parts; line ends stay."""
    out: list[str] = []
    at = 0
    for start, end in sorted(pieces):
        out.append(code[at:start])
        out.append("\n".join(" " * len(line) for line in code[start:end].split("\n")))
        at = max(at, end)
    return "".join(out) + code[at:]


def _piece(tokens: Tokens, first: int, stop: int) -> Piece:
    return Piece(tokens.tokens[first].start, tokens.tokens[stop - 1].end)


def _left_out(code: str, edition: str, end: int) -> tuple[Piece, ...]:
    """What stands after the last statement, comments aside."""
    after = lex(code[end:], edition)
    return (Piece(end + after[0].start, end + after[-1].end),) if after else ()


def _has_main(tokens: Tokens, statements: tuple[Statement, ...]) -> bool:
    if any(s.form not in (Form.ITEM, Form.MACRO) for s in statements):
        return False
    return any(is_main(tokens, statement) for statement in statements)


def _prelude(
    code: str,
    attributes: list[Piece],
    externs: tuple[Piece, ...],
    others: list[Statement],
    tokens: Tokens,
) -> str:
    """What rustdoc collects above main.

    With each part comes the text between it and the part before; with attributes, also the text
    up to the first statement.
    """
    edges = sorted([*attributes, *externs, *(_piece(tokens, s.first, s.stop) for s in others)])
    taken = {*attributes, *externs}
    out: list[str] = []
    before = 0
    for index, piece in enumerate(edges):
        if piece in taken:
            out.append(code[before : piece.end])
        elif index and attributes and all(edge in taken for edge in edges[:index]):
            out.append(code[before : piece.start])
        before = piece.end
    return "".join(out)
