"""Headings of a document in, the slugs that ids of their blocks begin with out."""

import re
import unicodedata
from collections.abc import Iterable

from harness.document.escapes import unescaped

NO_HEADING = "top"
"""The slug of what stands before the first heading."""

_LONGEST = 60
_LONGEST_TEXT = 1000
_CODE_SPAN = re.compile(r"(?<![`\\])(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_INLINE = (
    (re.compile(r"[ \t]*\{[ \t]*[#.][^{}]*\}[ \t]*\Z"), ""),
    (re.compile(r"</?[A-Za-z][^<>]*>|<!--.*?-->"), ""),
    (re.compile(r"!?\[([^\[\]]*)\](?:\([^()]*\)|\[[^\[\]]*\])?"), r"\1"),
    (re.compile(r"(?<!\\)[`*]+"), ""),
    (re.compile(r"(?<![\w\\])_+(?=\w)|(?<=\w)_+(?!\w)"), ""),
)


def plain(heading: str) -> str:
    """A heading's Markdown as plain text on one line: no emphasis, links, HTML or attributes."""
    pieces = _CODE_SPAN.split(heading[:_LONGEST_TEXT])
    for number in range(0, len(pieces), 3):
        for pattern, put in _INLINE:
            pieces[number] = pattern.sub(put, pieces[number])
        pieces[number] = unescaped(pieces[number])
    del pieces[1::3]
    return " ".join("".join(pieces).split())


def slug(text: str) -> str:
    """Letters and digits of a heading in lower case, all else one hyphen; never empty.

    At most 60 characters. Letters of every script stay, so that a heading without ASCII has a
    name of its own; anything that a path, a shell or a glob could read is gone.
    """
    name = unicodedata.normalize("NFKC", text).lower().replace("'", "").replace("\u2019", "")
    letters = "".join(c if c.isalnum() or c == "_" else " " for c in name)
    cut = "-".join(letters.split())[:_LONGEST].strip("-")
    return cut or "section"


class Slugs:
    """Gives each heading of one document a slug that no other heading there has.

    The second heading with a slug gets `<slug>~2`, and so on, in the order of the document,
    whether a block follows it or not. No slug holds a `~` of its own, and the number of a block
    follows the last hyphen, so two ids can never be equal.
    """

    def __init__(self, headings: Iterable[tuple[str, int]]) -> None:
        """`headings`: plain text and line of each, in order."""
        seen = {NO_HEADING: 1}
        self._by_line: dict[int, str] = {}
        for text, line in headings:
            base = slug(text)
            count = seen[base] = seen.get(base, 0) + 1
            self._by_line[line] = base if count == 1 else f"{base}~{count}"

    def at(self, line: int) -> str:
        """The slug of the heading on this line; of the document's top if there is none."""
        return self._by_line.get(line, NO_HEADING)
