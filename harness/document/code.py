"""The values that the Markdown reader gives: code blocks by lines of the text, and headings."""

from typing import NamedTuple

from harness.model.values import dataclass


class Row(NamedTuple):
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
