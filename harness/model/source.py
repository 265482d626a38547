"""What is read: a document, its code blocks, and the snippets among them.

Lines and columns are 1-based; a column counts Unicode scalar values, as rustc does, and a
tab is one column.
"""

from enum import Enum

from harness.model.values import dataclass


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One line of code with the place where it stands in a file that a person can open.

    `shifts` maps columns: pairs `(from, shift)`, ascending, where from code column `from`
    (1-based) on, the file's column is the code column plus `shift`.
    """

    text: str
    path: str
    line: int
    shifts: tuple[tuple[int, int], ...] = ((1, 0),)
    included_from: tuple[str, int] | None = None
    """For a line of an included file: path and line of the outermost include, in the document."""

    def column(self, code_column: int) -> int:
        """The file's column for a column of the code."""
        shift = 0
        for start, value in self.shifts:
            if code_column >= start:
                shift = value
        return max(1, code_column + shift)


class Ignore(Enum):
    """Whether an info string asks for its block to be left out."""

    NO = "no"
    ALWAYS = "always"
    ON_TARGETS = "on-targets"


@dataclass(frozen=True, slots=True)
class Attributes:
    """An info string with the meaning that stable rustdoc gives it."""

    is_tested: bool
    """rustdoc takes the block as a Rust test (an ignored one included)."""
    is_rust_meant: bool
    """The block is Rust to its author: tested, or its first word says so in some spelling."""
    ignore: Ignore = Ignore.NO
    ignored_targets: tuple[str, ...] = ()
    """For `ignore-X`: the parts of a target triple that leave the block out."""
    should_panic: bool = False
    no_run: bool = False
    compile_fail: bool = False
    test_harness: bool = False
    standalone_crate: bool = False
    edition: str | None = None
    """"2015", "2018", "2021" or "2024"; None where the info string names none that exists."""
    codes: tuple[str, ...] = ()
    """Error codes that a `compile_fail` block states; rustdoc checks them on nightly only."""
    unknown: tuple[str, ...] = ()
    """Words that rustdoc does not know."""
    gap: str | None = None
    """Why rustdoc leaves the block out although Rust was meant, in words; None where it does not.

    It ends with the info string that would be tested; the other attributes are that one's, but
    for `is_tested` and `unknown`.
    """
    misspelt: tuple[tuple[str, str], ...] = ()
    """Unknown words that are near an attribute: pairs (word, attribute)."""


@dataclass(frozen=True, slots=True)
class Document:
    """A Markdown file under test.

    `path` is how reports name it; `text` has LF line ends and no BOM.
    """

    path: str
    text: str
    id: str
    """The stable prefix of the ids of its blocks: the path without its ending."""
    edition: str | None = None
    edition_source: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Something about a document that is not about one snippet, with its place."""

    path: str
    line: int
    column: int
    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class Block:
    """One code block of a document as Markdown has it, before any meaning is given to it."""

    line: int
    """Of the opening fence, or the first line of an indented block."""
    column: int
    info: str
    """The info string as written; empty for an indented block."""
    is_fenced: bool
    is_closed: bool
    lines: tuple[SourceLine, ...]
    heading: str
    """The nearest heading above, as plain text; empty before the first."""
    heading_line: int
    """Counted in the text after includes; 0 before the first heading."""
    comment: str = ""
    """The text of a `<!-- harness: … -->` comment right before the block."""
    path: str = ""
    """The file that the opening fence stands in: the document, or one that it includes."""
    comment_line: int = 0
    """Where that comment begins; 0 without one."""
    end_line: int = 0
    """The block's last line in the same file, a closing fence included."""
    included_from: tuple[str, int] | None = None
    """For a fence in an included file: path and line of the include."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """One Rust code block with its place."""

    id: str
    path: str
    line: int
    column: int
    info: str
    attributes: Attributes
    lines: tuple[SourceLine, ...]
    """The tested text: hidden-line marks taken away, includes resolved."""
    hidden: tuple[bool, ...]
    """For each line, whether a reader of the page does not see it."""
    heading: str
    ordinal: int
    """From 1 within the document."""
    comment: str = ""
    is_closed: bool = True
    comment_line: int = 0
    """Where that comment begins; 0 without one."""
    end_line: int = 0
    """The block's last line in the same file, a closing fence included."""
    included_from: tuple[str, int] | None = None
    """For a fence in an included file: path and line of the include."""

    @property
    def code(self) -> str:
        """The tested text, each line ended by LF."""
        return "".join(line.text + "\n" for line in self.lines)
