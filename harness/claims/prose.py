"""Markdown text in, its passages of prose, its headings and its blocks out.

Headings, paragraphs and table cells are prose; code, HTML, front matter, link targets and
addresses are not. A long text is read in parts, cut where no block can go on.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from harness.claims.inline import Cuts, plain
from harness.model.values import dataclass

PART = 1 << 17
"""About how many characters are given to the Markdown parser at a time."""

_DIGIT = re.compile(r"\d")
_CUT = re.compile(r"\n[ \t]*\n(?=[^\s])")
_COMMENT = re.compile(r"<!--\s*harness-claims:(.*?)-->", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Passage:
    """A heading, a paragraph with a digit in it, a table cell, or one line of a block."""

    kind: str
    """`heading`, `paragraph`, `cell` or `block`."""
    text: str
    section: int
    """Index of the heading that it stands under (a heading stands under itself); 0 before any."""
    lines: tuple[tuple[int, int, int], ...]
    """Triples (position in the raw text, line, column), one for each line, ascending."""
    cuts: Cuts
    cell: tuple[int, int, int] = (-1, -1, -1)
    """For a cell: number of the table in the document, row (0 is the head), column."""

    def place(self, position: int) -> tuple[int, int]:
        """Line and column in the document of a position of `text`, both from 1."""
        at, raw = self.cuts[bisect_right(self.cuts, (position, 1 << 60)) - 1]
        raw += position - at
        start, line, column = self.lines[bisect_right(self.lines, (raw, 1 << 60, 0)) - 1]
        return line, column + raw - start


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading; the first of a document is a stand-in for what comes before any."""

    level: int
    title: str
    line: int


@dataclass(frozen=True, slots=True)
class Fence:
    """One block of code, with the section that it stands in."""

    info: str
    line: int
    section: int


@dataclass(frozen=True, slots=True)
class Outline:
    """A document as the audit sees it."""

    passages: tuple[Passage, ...]
    headings: tuple[Heading, ...]
    fences: tuple[Fence, ...]
    comments: tuple[tuple[int, str], ...]
    """`harness-claims` comments: line and the TOML in them."""
    lines: int

    def scope(self, heading: str) -> range | None:
        """Sections from the first heading that begins with the text to the next of its rank."""
        for index, found in enumerate(self.headings):
            if index and found.title.startswith(heading):
                following = self.headings[index + 1 :]
                deeper = next(
                    (n for n, h in enumerate(following) if h.level <= found.level), len(following)
                )
                return range(index, index + 1 + deeper)
        return None


def read_prose(text: str, read_blocks: Iterable[str] = ()) -> Outline:
    """The outline of a document.

    Blocks under a heading that begins with one of `read_blocks` are read as prose, line by line.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    reader = _Reader(tuple(read_blocks))
    parser = MarkdownIt("commonmark").enable("table").use(footnote_plugin)
    parser.core.ruler.enableOnly(["normalize", "block"])
    first = MarkdownIt("commonmark").enable("table").use(footnote_plugin).use(front_matter_plugin)
    first.core.ruler.enableOnly(["normalize", "block"])
    line = 0
    for part, tokens in _parts(text, first, parser):
        reader.take(tokens, part, line)
        line += part.count("\n")
    return Outline(
        tuple(reader.passages),
        tuple(reader.headings),
        tuple(reader.fences),
        tuple(reader.comments),
        line + 1,
    )


def _parts(text: str, first: MarkdownIt, later: MarkdownIt) -> Iterator[tuple[str, list[Token]]]:
    """Parts of the text with their tokens. A part that ends inside a block is read again longer."""
    start, size = 0, PART
    while start < len(text) or start == 0:
        cut = _CUT.search(text, start + size)
        end = cut.end() if cut else len(text)
        part = text[start:end]
        tokens = (later if start else first).parse(part, {})
        if cut and _is_open(tokens, part):
            size *= 2
            continue
        yield part, tokens
        start, size = end, PART
        if end == len(text):
            return


def _is_open(tokens: list[Token], part: str) -> bool:
    """The last block of a part reaches its end, so it may go on in the next."""
    if not tokens:
        return False
    last = tokens[-1]
    if last.type not in ("fence", "html_block", "front_matter") or last.map is None:
        return False
    return last.map[1] >= part.count("\n")


class _Reader:
    """Collects passages from the tokens of one part after another."""

    def __init__(self, read_blocks: tuple[str, ...]) -> None:
        self.passages: list[Passage] = []
        self.headings: list[Heading] = [Heading(0, "", 1)]
        self.fences: list[Fence] = []
        self.comments: list[tuple[int, str]] = []
        self._read_blocks = read_blocks
        self._tables = 0
        self._row = 0
        self._column = 0
        self._from = 0

    def take(self, tokens: list[Token], part: str, first_line: int) -> None:
        """Add what one part holds; its first line has `first_line` lines before it."""
        lines = part.split("\n")
        previous = ""
        for token in tokens:
            kind = token.type
            if kind == "inline" and token.map is not None:
                self._inline(token, previous, lines, first_line)
            elif kind == "table_open":
                self._tables, self._row = self._tables + 1, -1
            elif kind == "tr_open":
                self._row, self._column, self._from = self._row + 1, -1, 0
            elif kind in ("fence", "code_block") and token.map is not None:
                self._block(token, lines, first_line)
            elif kind == "html_block" and token.map is not None:
                for comment in _COMMENT.finditer(token.content):
                    self.comments.append((first_line + token.map[0] + 1, comment[1]))
            previous = kind + token.tag

    def _inline(self, token: Token, previous: str, lines: list[str], first_line: int) -> None:
        assert token.map is not None
        start, raw = token.map[0], token.content
        cell = (-1, -1, -1)
        if previous.startswith("heading_open"):
            title, _ = plain(raw)
            self.headings.append(Heading(int(previous[-1]), title.strip(), first_line + start + 1))
            kind = "heading"
        elif previous.startswith(("th_open", "td_open")):
            kind = "cell"
            self._column += 1
            cell = (self._tables, self._row, self._column)
            source = lines[start] if start < len(lines) else ""
            if "|" in raw and source.find(raw, self._from) < 0:
                raw = raw.replace("|", "\\|")
        else:
            kind = "paragraph"
        if kind == "paragraph" and not _DIGIT.search(raw):
            return
        places = self._places(raw, lines, start, first_line, kind)
        if not raw:
            return
        text, cuts = plain(raw)
        self.passages.append(Passage(kind, text, len(self.headings) - 1, places, cuts, cell))

    def _places(
        self, raw: str, lines: list[str], start: int, first_line: int, kind: str
    ) -> tuple[tuple[int, int, int], ...]:
        """Where each line of raw inline text begins in the document."""
        places: list[tuple[int, int, int]] = []
        position = 0
        for offset, content in enumerate(raw.split("\n")):
            source = lines[start + offset] if start + offset < len(lines) else ""
            if kind == "cell":
                column = max(0, source.find(content, self._from))
                self._from = column + len(content)
            else:
                lead = len(content) - len(content.lstrip(" \t"))
                column = max(0, source.rfind(content.strip(" \t")) - lead)
            places.append((position, first_line + start + offset + 1, column + 1))
            position += len(content) + 1
        return tuple(places)

    def _block(self, token: Token, lines: list[str], first_line: int) -> None:
        assert token.map is not None
        first = token.map[0] + 1
        section = len(self.headings) - 1
        self.fences.append(Fence(token.info.strip(), first_line + first, section))
        title = self.headings[section].title
        if not any(title.startswith(heading) for heading in self._read_blocks):
            return
        for offset, content in enumerate(token.content.split("\n")):
            if not content.strip() or first + offset >= len(lines):
                continue
            column = max(0, lines[first + offset].rfind(content.strip()))
            text, cuts = plain(content.strip())
            place = ((0, first_line + first + offset + 1, column + 1),)
            self.passages.append(Passage("block", text, section, place, cuts))
