"""Markdown text in, its code blocks and headings as rustdoc's parser has them out.

The block rules are CommonMark's with tables, footnotes and task lists, and where
pulldown-cmark 0.11 differs from CommonMark, they are pulldown-cmark's.
"""

import re
from collections.abc import Sequence

from harness.document import marks
from harness.document.code import Code, Found, Row
from harness.document.comments import harness_comment
from harness.document.containers import Containers
from harness.document.cursor import BLANK, RULE, Cursor

_MAY_CONTAIN = frozenset(" \t\x0b\x0c>[-+*0123456789")
_MAY_CLOSE = ("`", "~", " ", "\t")
_WHITE = " \t\x0b\x0c"
_LONGEST_REFERENCE = 100


def normalised(text: str) -> str:
    """The text with LF line ends and without a BOM."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def read_markdown(lines: Sequence[str], start: int = 0) -> Found:
    """All code blocks and headings of a text, given by its lines, from line `start` on."""
    reader = _Reader(lines, start)
    while reader.number < len(lines):
        reader.read_block()
    return Found(tuple(reader.codes), tuple(reader.headings))


class _Reader:
    """Walks over the lines, block by block; never goes back."""

    def __init__(self, lines: Sequence[str], start: int) -> None:
        self.lines = lines
        self.number = start
        self.codes: list[Code] = []
        self.headings: list[tuple[str, int]] = []
        self.within = Containers()
        self.comments: list[str] = []
        self.comment_line = -1

    def read_block(self) -> None:
        """Read one block, or the marks of a container and the block in it."""
        line = self.lines[self.number]
        if not self.within.open:
            if not line:
                self.number += 1
                return
            if line[0] not in _MAY_CONTAIN:
                self.within.finish_list()
                self._read_leaf(Cursor(line), 0)
                return
        cursor = Cursor(line)
        self.within.keep(self.within.enter(cursor))
        if not self.within.begin(cursor):
            self.number += 1
            return
        if cursor.is_blank():
            self.number += 1
            self.within.blank()
            return
        self.within.finish_list()
        indent = cursor.space(4)
        if indent == 4:
            self._read_indented(cursor)
        else:
            self._read_leaf(cursor, indent)

    def _read_leaf(self, cursor: Cursor, indent: int) -> None:
        """Read a block that holds no blocks, other than indented code."""
        text, at = cursor.text, cursor.at
        first = text[at]
        end = marks.html_end(text, at) if first == "<" else None
        if end is not None:
            self._read_html(at, end)
            return
        if first in "-*_" and RULE.match(text, at):
            self._forget_comment()
            self.number += 1
            return
        heading = marks.HEADING.match(text, at) if first == "#" else None
        if heading:
            self._add_heading(re.sub(r"(?:^|[ \t])#+[ \t]*\Z", "", text[heading.end() :]))
            self.number += 1
            return
        fence = marks.FENCE.match(text, at) if first in "`~" else None
        if fence:
            self._read_fenced(at, fence.group(), indent)
            return
        while first == "[":
            lines = self._reference_lines(text[at:])
            if not lines:
                break
            self._forget_comment()
            self.number += lines
            if self.number >= len(self.lines):
                return
            cursor = Cursor(self.lines[self.number])
            is_inside = self.within.is_inside(cursor)
            if cursor.space(4) < 4 and self._interrupts(cursor, is_inside, self.number):
                return
            cursor.all_space()
            text, at = cursor.text, cursor.at
            first = text[at : at + 1]
        self._read_paragraph(text, at)

    def _reference_lines(self, text: str) -> int:
        """The lines of the link reference definition that begins with this text, or 0."""
        number = self.number + 1
        if number >= len(self.lines) or not marks.needs_more(text, self.lines[number]):
            return marks.reference_lines(text)
        words = [text]
        while number < len(self.lines) and len(words) < _LONGEST_REFERENCE:
            cursor = Cursor(self.lines[number])
            is_inside = self.within.is_inside(cursor)
            if cursor.space(4) < 4 and (
                marks.UNDERLINE.match(cursor.text, cursor.at)
                or self._interrupts(cursor, is_inside, number)
            ):
                break
            words.append(cursor.text[cursor.at :])
            number += 1
        return marks.reference_lines("\n".join(words))

    def _interrupts(self, cursor: Cursor, is_inside: bool, number: int) -> bool:
        """Whether the line begins a block that ends a paragraph, a table with `|` included."""
        text, at = cursor.text, cursor.at
        if text.startswith("|", at):
            return self._begins_table(text, at, number)
        return marks.interrupts(text, at, is_inside, False)

    def _begins_table(self, text: str, at: int, number: int) -> bool:
        """Whether this is the header row of a table: the next line is its delimiter row."""
        if number + 1 >= len(self.lines):
            return False
        columns = marks.header_columns(text, at)
        if not columns:
            return False
        cursor = Cursor(self.lines[number + 1])
        if not self.within.is_inside(cursor):
            return False
        return marks.table_columns(cursor.text[cursor.at :]) == columns

    def _read_paragraph(self, text: str, at: int) -> None:
        """Read a paragraph, a heading that is underlined, or a table, from its first line."""
        self._forget_comment()
        if (
            "|" in text
            and not _ends_in_backslash(text)
            and self._begins_table(text, at, self.number)
        ):
            self._read_table()
            return
        first = self.number
        words = [text[at:]]
        while True:
            self.number += 1
            if self.number >= len(self.lines):
                return
            line = self.lines[self.number]
            if not self.within.open:
                if not line:
                    return
                if line[0].isalpha():
                    words.append(line)
                    continue
            cursor = Cursor(line)
            is_inside = self.within.is_inside(cursor)
            if cursor.space(4) < 4:
                if is_inside and marks.UNDERLINE.match(line, cursor.at):
                    self.number += 1
                    self._add_heading(" ".join(words), first)
                    return
                if self._interrupts(cursor, is_inside, self.number):
                    return
            cursor.all_space()
            if cursor.is_at_end():
                return
            words.append(line[cursor.at :])

    def _read_table(self) -> None:
        self.number += 2
        while self.number < len(self.lines):
            cursor = Cursor(self.lines[self.number])
            if not self.within.is_inside(cursor):
                return
            cursor.all_space()
            text, at = cursor.text, cursor.at
            if marks.interrupts(text, at, True, True):
                return
            if BLANK.match(text, at + text.startswith("|", at)):
                return
            self.number += 1

    def _add_heading(self, text: str, line: int | None = None) -> None:
        self._forget_comment()
        self.within.heading = (text.strip(), self.number if line is None else line)
        self.headings.append(self.within.heading)

    def _read_html(self, at: int, end: str) -> None:
        """Read an HTML block to its end: `end`, or a blank line where that is empty."""
        first, begin = self.number, at
        while True:
            text = self.lines[self.number]
            self.number += 1
            if (end and end in text[at:]) or self.number >= len(self.lines):
                break
            cursor = Cursor(self.lines[self.number])
            if not self.within.is_inside(cursor) or (not end and cursor.is_blank()):
                break
            at = cursor.at
        lines = self.lines[first : self.number]
        html = "\n".join([lines[0][begin:], *lines[1:]])
        comment = harness_comment(html)
        if comment is None:
            self._forget_comment()
            return
        if not self.comments:
            self.comment_line = first
        self.comments.append(comment)

    def _forget_comment(self) -> None:
        if self.comments:
            self.comments = []
            self.comment_line = -1

    def _read_indented(self, cursor: Cursor) -> None:
        first, at = self.number, cursor.at
        rows = [Row(first, at, cursor.left)]
        kept = 1
        self.within.was_blank = False
        while True:
            self.number += 1
            if self.number >= len(self.lines):
                break
            cursor = Cursor(self.lines[self.number])
            if not self.within.is_inside(cursor):
                break
            if cursor.space(4) < 4 and not cursor.is_at_end():
                break
            rows.append(Row(self.number, cursor.at, cursor.left))
            self.within.was_blank = cursor.is_blank()
            if not self.within.was_blank:
                kept = len(rows)
        self._add_code(first, rows[kept - 1].line + 1, at, None, True, rows[:kept])

    def _read_fenced(self, at: int, fence: str, indent: int) -> None:
        first = self.number
        info = self.lines[first][at + len(fence) :].strip(_WHITE)
        closing = re.compile(rf"{fence}{fence[0]}* *\Z")
        rows: list[Row] = []
        is_closed = False
        self.number += 1
        is_plain = not indent and not self.within.open
        while self.number < len(self.lines):
            line = self.lines[self.number]
            if is_plain and line[:1] not in _MAY_CLOSE:
                rows.append(Row(self.number, 0, 0))
                self.number += 1
                continue
            cursor = Cursor(line)
            if not self.within.is_inside(cursor):
                break
            cursor.space(indent)
            row = Row(self.number, cursor.at, cursor.left)
            is_near = cursor.space(4 - indent) < 4 - indent
            self.number += 1
            if is_near and closing.match(cursor.text, cursor.at):
                is_closed = True
                break
            rows.append(row)
        self._add_code(first, self.number, at, info, is_closed, rows)

    def _add_code(
        self, first: int, end: int, at: int, info: str | None, is_closed: bool, rows: list[Row]
    ) -> None:
        self.codes.append(
            Code(
                first=first,
                end=end,
                at=at,
                info=info or "",
                is_fenced=info is not None,
                is_closed=is_closed,
                rows=tuple(rows),
                heading=self.within.heading,
                comment="\n".join(self.comments),
                comment_line=self.comment_line,
            )
        )
        self._forget_comment()


def _ends_in_backslash(text: str) -> bool:
    return (len(text) - len(text.rstrip("\\"))) % 2 == 1
