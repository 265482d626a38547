"""Markdown text in, its code blocks and headings as rustdoc's parser has them out.

The block rules are CommonMark's with tables, footnotes and task lists, and where
pulldown-cmark 0.11 differs from CommonMark, they are pulldown-cmark's.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from harness import marks
from harness.cursor import ITEM, LIST, NOTE, QUOTE, Container, Cursor

_WHITE = " \t\x0b\x0c"
_LONGEST_REFERENCE = 100
_HARNESS_COMMENT = re.compile(r"<!--\s*harness:(.*?)-->", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of code: the number of its line from 0, where it begins there, and what a tab left.

    The code is `spaces` spaces, which stand for a tab that Markdown cut, and then the line
    from `at` on.
    """

    line: int
    at: int
    spaces: int


@dataclass(frozen=True, slots=True)
class Code:
    """A code block by lines from 0: `first` holds the fence, or the code where none stands."""

    first: int
    end: int
    """The line after the block's last one, a closing fence included."""
    at: int
    """Where the fence, or the code, begins in its line."""
    info: str
    is_fenced: bool
    is_closed: bool
    rows: tuple[Row, ...]
    heading: tuple[str, int]
    """Text (with its inline Markdown) and line of the nearest heading; line -1 without one."""
    comment: str
    comment_line: int
    """-1 without a comment."""


@dataclass(frozen=True, slots=True)
class Found:
    """The code blocks and the headings (text and line) of a text, in their order."""

    codes: tuple[Code, ...]
    headings: tuple[tuple[str, int], ...]


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
        self.heading = ("", -1)
        self.comments: list[str] = []
        self.comment_line = -1
        self.open: list[Container] = []
        self.is_item_empty = False
        """The last item began with a blank line."""
        self.was_blank = False

    def read_block(self) -> None:
        """Read one block, or the marks of a container and the block in it."""
        line = self.lines[self.number]
        if not self.open:
            if not line:
                self.number += 1
                return
            if line[0].isalpha():
                self._finish_list()
                self._read_paragraph(line, 0)
                return
        cursor = Cursor(line)
        kept = self._enter(cursor)
        while len(self.open) > kept:
            self._close()
        if not self._open_containers(cursor):
            self.number += 1
            return
        if cursor.is_blank():
            self._read_blank()
            return
        self._finish_list()
        indent = cursor.space(4)
        if indent == 4:
            self._read_indented(cursor)
        else:
            self._read_leaf(cursor, indent)

    def _enter(self, cursor: Cursor) -> int:
        """Pass the marks of the open containers; how many of them the line continues."""
        for depth, container in enumerate(self.open):
            if container.kind == QUOTE:
                if not cursor.quote():
                    return depth
            elif container.kind != LIST:
                state = cursor.state()
                if cursor.space(container.indent) < container.indent and not cursor.is_at_end():
                    cursor.back(state)
                    return depth
        return len(self.open)

    def _open_containers(self, cursor: Cursor) -> bool:
        """Open what the line's marks begin; False where nothing follows the mark of an item."""
        while True:
            state = cursor.state()
            note = 0
            if cursor.space(4) < 4:
                note = marks.footnote_end(cursor.text, cursor.at)
            if note:
                self._finish_list()
                if self.open and self.open[-1].kind == NOTE:
                    self._close()
                self._push(NOTE, 4)
                cursor.jump(note)
                continue
            cursor.back(state)
            marker = cursor.list_marker()
            if marker:
                self._continue_list(marker[0])
                self._push(ITEM, marker[1])
                if cursor.is_blank() or cursor.task() and cursor.is_blank():
                    self.is_item_empty = True
                    return False
            elif cursor.quote():
                self._finish_list()
                self._push(QUOTE, 0)
            else:
                return True

    def _push(self, kind: int, indent: int, mark: str = "") -> None:
        self.open.append(Container(kind, indent, mark, self.heading))

    def _close(self) -> None:
        container = self.open.pop()
        self.heading = container.heading
        if container.kind == LIST and container.is_tight:
            self.is_item_empty = False

    def _read_blank(self) -> None:
        self.number += 1
        if not self.open or self.open[-1].kind == QUOTE:
            return
        if self.open[-1].kind == ITEM and self.is_item_empty:
            # An item that begins with two blank lines holds nothing more.
            self.open[-1].indent = 0
        self.was_blank = True

    def _finish_item(self) -> None:
        if self.is_item_empty and self.was_blank and self.open and self.open[-1].kind == ITEM:
            self._close()
        self.is_item_empty = False

    def _finish_list(self) -> None:
        self._finish_item()
        if self.open and self.open[-1].kind == LIST:
            self._close()
        if self.was_blank:
            if len(self.open) > 1 and self.open[-2].kind == LIST:
                self.open[-2].is_tight = False
            self.was_blank = False

    def _continue_list(self, mark: str) -> None:
        self._finish_item()
        if self.open:
            top = self.open[-1]
            if top.kind == LIST and top.mark == mark:
                if self.was_blank:
                    top.is_tight = False
                    self.was_blank = False
                return
            self._finish_list()
        self._push(LIST, 0, mark)
        self.was_blank = False

    def _read_leaf(self, cursor: Cursor, indent: int) -> None:
        """Read a block that holds no blocks, other than indented code."""
        text, at = cursor.text, cursor.at
        first = text[at]
        if first == "<":
            end = marks.html_end(text, at)
            if end is not None:
                self._read_html(at, end)
                return
        if first in "-*_" and marks.RULE.match(text, at):
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
            is_inside = self._enter(cursor) == len(self.open)
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
            is_inside = self._enter(cursor) == len(self.open)
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
        if self._enter(cursor) < len(self.open):
            return False
        return marks.table_columns(cursor.text[cursor.at :]) == columns

    def _read_paragraph(self, text: str, at: int) -> None:
        """Read a paragraph, a heading that is underlined, or a table, from its first line."""
        self._forget_comment()
        if "|" in text and not _ends_in_backslash(text) and self._begins_table(text, at, self.number):
            self._read_table()
            return
        first = self.number
        words = [text[at:]]
        while True:
            self.number += 1
            if self.number >= len(self.lines):
                return
            line = self.lines[self.number]
            if not self.open:
                if not line:
                    return
                if line[0].isalpha():
                    words.append(line)
                    continue
            cursor = Cursor(line)
            is_inside = self._enter(cursor) == len(self.open)
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
            if self._enter(cursor) < len(self.open):
                return
            cursor.all_space()
            text, at = cursor.text, cursor.at
            if marks.interrupts(text, at, True, True):
                return
            if marks.BLANK.match(text, at + text.startswith("|", at)):
                return
            self.number += 1

    def _add_heading(self, text: str, line: int | None = None) -> None:
        self._forget_comment()
        self.heading = (text.strip(), self.number if line is None else line)
        self.headings.append(self.heading)

    def _read_html(self, at: int, end: str) -> None:
        """Read an HTML block to its end: `end`, or a blank line where that is empty."""
        first, begin = self.number, at
        while True:
            text = self.lines[self.number]
            self.number += 1
            if end and end in text[at:] or self.number >= len(self.lines):
                break
            cursor = Cursor(self.lines[self.number])
            if self._enter(cursor) < len(self.open) or not end and cursor.is_blank():
                break
            at = cursor.at
        lines = self.lines[first : self.number]
        html = "\n".join([lines[0][begin:], *lines[1:]])
        comment = _harness_comment(html) if "harness:" in html else None
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
        self.was_blank = False
        while True:
            self.number += 1
            if self.number >= len(self.lines):
                break
            cursor = Cursor(self.lines[self.number])
            if self._enter(cursor) < len(self.open):
                break
            if cursor.space(4) < 4 and not cursor.is_at_end():
                break
            rows.append(Row(self.number, cursor.at, cursor.left))
            self.was_blank = cursor.is_blank()
            if not self.was_blank:
                kept = len(rows)
        self._add_code(first, rows[kept - 1].line + 1, at, None, True, rows[:kept])

    def _read_fenced(self, at: int, fence: str, indent: int) -> None:
        first = self.number
        info = self.lines[first][at + len(fence) :].strip(_WHITE)
        closing = re.compile(re.escape(fence[0]) + "{%d,} *\\Z" % len(fence))
        rows: list[Row] = []
        is_closed = False
        self.number += 1
        while self.number < len(self.lines):
            cursor = Cursor(self.lines[self.number])
            if self._enter(cursor) < len(self.open):
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
                heading=self.heading,
                comment="\n".join(self.comments),
                comment_line=self.comment_line,
            )
        )
        self._forget_comment()


def _ends_in_backslash(text: str) -> bool:
    return (len(text) - len(text.rstrip("\\"))) % 2 == 1


def _harness_comment(html: str) -> str | None:
    """The text of the harness comment that an HTML block ends with."""
    last = None
    for last in _HARNESS_COMMENT.finditer(html):
        pass
    if last is None or html[last.end() :].strip():
        return None
    return last.group(1).strip()
