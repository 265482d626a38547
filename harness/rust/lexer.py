"""Rust source text → its tokens with their places, and which bracket closes which.

The token rules are those of the Rust Reference, "Lexical structure". Whitespace and comments
that document nothing are the gaps between tokens; documentation comments are tokens.
"""

import re
from bisect import bisect_right
from dataclasses import field
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from harness.model.values import dataclass


class Kind(Enum):
    """What a token is."""

    IDENT = "ident"
    """An identifier or a keyword; a raw identifier keeps its `r#`."""
    LIFETIME = "lifetime"
    NUMBER = "number"
    STRING = "string"
    """A string of any sort: plain, raw, byte or C, with its prefix and suffix marks."""
    CHAR = "char"
    """A character or a byte."""
    PUNCT = "punct"
    """An operator or separator; `<` and `>` never join with each other, because they may be
    brackets of generics."""
    OPEN = "open"
    CLOSE = "close"
    DOC_OUTER = "doc_outer"
    DOC_INNER = "doc_inner"
    SHEBANG = "shebang"
    FRONTMATTER = "frontmatter"
    UNKNOWN = "unknown"
    """A character that begins no token."""
    BROKEN = "broken"
    """A literal or comment without an end, or a raw string without its quote: the compiler stops
    reading here."""


class Token(NamedTuple):
    """One token: its text stands at `start`, an offset in Unicode scalar values."""

    kind: Kind
    text: str
    start: int

    @property
    def end(self) -> int:
        """The offset after the last character."""
        return self.start + len(self.text)


# By what they are not: ranges beyond ASCII cost much time to compile.
_START = r"[^\x00-@\[-^`{-\x7f]"
_CONTINUE = r"[^\x00-/:-@\[-^`{-\x7f]"
_SPACE = r" \t\n\r\x0b\x0c\x85\u200e\u200f\u2028\u2029"

# Every quantifier that could give characters back is possessive: no text is read twice.
# The first alternative is the common word; one that may be a literal's prefix comes later.
_TOKENS = r"""
(?:[SPACE]++|//(?:(?![/!])|//)[^\n]*+)*+
(?:
  (?P<ident>STARTCONTINUE*+(?!["'\#]))
| (?P<punct>::|->|=>|==|!=|<=|>=|&&|\|\||\.\.[.=]?|[-+*%^&|]=|/=|[-+*%^!&|=<>@.,;:\#$?~]|/(?![/*]))
| (?P<open>[(\[{])
| (?P<close>[)\]}])
| (?P<string>(?:PLAIN)?"(?:[^"\\]++|\\.)*+"(?:STARTCONTINUE*+)?)
| (?P<number>
    (?:0[bo](?=[0-9_])[0-9_]*+|0x(?=[0-9a-fA-F_])[0-9a-fA-F_]*+|[0-9][0-9_]*+)
    (?:\.(?!\.|START)(?:[0-9][0-9_]*+(?:[eE][-+]?_*+[0-9][0-9_]*+)?)?
      |[eE][-+]?_*+[0-9][0-9_]*+)?
    CONTINUE*+)
| (?P<lifetime>LIFETIME)
| (?P<char>b?'(?:[^\\]'|(?:\\.|[^'\\/\n])*+')(?:STARTCONTINUE*+)?)
| (?P<raw>(?:RAW)\#*+")
| (?P<raw_ident>r\#STARTCONTINUE*+)
| (?P<broken>(?:RAW)\#|b?'(?:\\.|[^'\\/\n])*+|(?:PLAIN)?".*+)
| (?P<word>STARTCONTINUE*+)
| (?P<doc_outer>///[^\n]*+)
| (?P<doc_inner>//![^\n]*+)
| (?P<block>/\*)
| (?P<unknown>.)
| (?P<finish>\Z)
)"""


@lru_cache(maxsize=2)
def _pattern(*, is_new: bool) -> re.Pattern[str]:
    """The tokens before and since edition 2021."""
    plain, raw, lifetime = _NEW if is_new else _OLD
    source = _TOKENS.replace("PLAIN", plain).replace("RAW", raw).replace("LIFETIME", lifetime)
    source = source.replace("SPACE", _SPACE).replace("START", _START).replace("CONTINUE", _CONTINUE)
    return re.compile(source, re.VERBOSE | re.DOTALL)


# A quote, a word, and no quote after its first character. One quote may end it: then it is a
# character of too many, for example a letter with a combining accent.
_OLD = ("b", "b?r", r"'(?!.')CONTINUE++'?")
_NEW = ("[bc]", "[bc]?r", r"'(?!.')(?:r\#(?=START))?CONTINUE++'?")
_COMMENT_EDGE = re.compile(r"/\*|\*/")
_NOT_SHEBANG = re.compile(rf"#!(?:[{_SPACE}]++|//(?![/!])[^\n]*+|/\*(?![*!]).*?\*/)*+\[", re.DOTALL)
_FRONTMATTER = re.compile(r"\s*?^(-{3,})[^\n-][^\n]*\n|\s*?^(-{3,})\n", re.MULTILINE)
_KINDS = {kind.value: kind for kind in Kind}
_CLOSES = {")": "(", "]": "[", "}": "{"}


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text's tokens as trees.

    `partner[i]` is the index of the bracket that belongs to bracket `i`, and -1 for any other
    token and for a bracket without a partner.

    `imbalance` is the index of the bracket where matching first fails, or None: a closing one
    that fits nothing (matching then goes on as if it were not there), else the innermost one
    that stays open. `early_close` is the index of a `}` that would close a block put around the
    whole text, where that is the text's only fault and a later `{` takes the block's own end.
    Unknown characters are left out of `tokens`: the compiler reads on as if they were blanks.
    """

    text: str
    tokens: tuple[Token, ...]
    partner: tuple[int, ...]
    imbalance: int | None
    early_close: int | None
    has_unknown: bool = False
    _line_starts: list[int] = field(default_factory=list, repr=False, compare=False)

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both from 1."""
        if not self._line_starts:
            self._line_starts.extend([0, *(m.end() for m in re.finditer("\n", self.text))])
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def after(self, index: int) -> int:
        """The index after the tree that begins at token `index`, which may be past the end."""
        if index >= len(self.partner):
            return index + 1
        return max(self.partner[index], index) + 1


def lex(text: str, edition: str = "2021", *, is_file: bool = False) -> list[Token]:
    """The tokens of `text`, in order. Any text has them; a reading error is a token.

    `is_file` says that the text begins a file, where `#!…` is a shebang and `---` front matter.
    """
    match, new = _pattern(is_new=edition >= "2021").match, tuple.__new__
    tokens: list[Token] = []
    position = 0
    if is_file:
        position = _file_start(text, tokens)
    while True:
        found = match(text, position)
        if found is None or found.lastgroup is None or found.lastgroup == "finish":
            return tokens
        name = found.lastgroup
        start, position = found.span(name)
        kind = _KINDS.get(name)
        word = text[start:position]
        if kind is None or (kind is Kind.IDENT and not word.isascii()):
            position = _rare(text, tokens, name, start, position)
        elif kind is Kind.LIFETIME and word[-1] == "'":
            tokens.append(Token(Kind.CHAR, word, start))
        else:
            # As `Token(…)` does it, in half the time: most of a text's tokens come by here.
            tokens.append(new(Token, (kind, word, start)))


@lru_cache(maxsize=8)
def trees(text: str, edition: str = "2021", *, is_file: bool = False) -> Tokens:
    """The tokens of `text` with their brackets matched, in linear time at any depth.

    The last few texts are remembered: what a text needs is asked of it several times in a row.
    """
    found = lex(text, edition, is_file=is_file)
    tokens = tuple([token for token in found if token.kind is not Kind.UNKNOWN])
    partner = [-1] * len(tokens)
    opened: list[int] = []
    stray: list[int] = []
    outer = False
    for index, token in enumerate(tokens):
        if token.kind is Kind.OPEN:
            opened.append(index)
        elif token.kind is Kind.CLOSE:
            if opened and tokens[opened[-1]].text == _CLOSES[token.text]:
                partner[index] = opened.pop()
                partner[partner[index]] = index
            else:
                outer = not opened and token.text == "}" and not stray
                stray.append(index)
    imbalance = stray[0] if stray else opened[-1] if opened else None
    early = None
    if len(stray) == len(opened) == 1 and outer and tokens[opened[0]].text == "{":
        early = stray[0]
    return Tokens(text, tokens, tuple(partner), imbalance, early, len(found) > len(tokens))


def _file_start(text: str, tokens: list[Token]) -> int:
    """Take what only a file's first lines may hold; the offset after it."""
    position = 0
    if text.startswith("#!") and not _NOT_SHEBANG.match(text):
        line = text.partition("\n")[0]
        tokens.append(Token(Kind.SHEBANG, line, 0))
        position = len(line)
    found = _FRONTMATTER.match(text, position)
    if found:
        dashes = found[1] or found[2]
        start = found.start(1 if found[1] else 2)
        end = re.compile(rf"^{dashes}[ \t]*$", re.MULTILINE).search(text, found.end())
        position = end.end() if end else len(text)
        tokens.append(Token(Kind.FRONTMATTER, text[start:position], start))
    return position


def _rare(text: str, tokens: list[Token], name: str, start: int, end: int) -> int:
    """Take a token whose end the regular expression does not know; the offset after it."""
    if name == "block":
        return _block_comment(text, tokens, start)
    if name == "raw":
        opening = text[start:end]
        closing = '"' + "#" * opening.count("#")
        found = text.find(closing, end)
        kind = Kind.STRING if found >= 0 else Kind.BROKEN
        end = found + len(closing) if found >= 0 else len(text)
        tokens.append(Token(kind, text[start:end], start))
        return end
    word = text[start:end]
    if word.isascii() or word.removeprefix("r#").isidentifier():
        tokens.append(Token(Kind.IDENT, word, start))
    else:
        _foreign_run(word, tokens, start)
    return end


def _foreign_run(word: str, tokens: list[Token], start: int) -> None:
    """Split a run with characters outside ASCII into identifiers, numbers and unknown ones."""
    first = 0
    for index in range(len(word) + 1):
        if index < len(word) and (word[index].isascii() or ("a" + word[index]).isidentifier()):
            continue
        if first < index:
            part = word[first:index]
            kind = Kind.IDENT if part.isidentifier() else Kind.UNKNOWN
            tokens.append(Token(kind, part, start + first))
        if index < len(word) and word[index] not in "\x85\u200e\u200f\u2028\u2029":
            tokens.append(Token(Kind.UNKNOWN, word[index], start + index))
        first = index + 1


def _block_comment(text: str, tokens: list[Token], start: int) -> int:
    """Pass over a comment with the comments inside it; the offset after it."""
    depth, position = 1, start + 2
    while depth:
        edge = _COMMENT_EDGE.search(text, position)
        if edge is None:
            tokens.append(Token(Kind.BROKEN, text[start:], start))
            return len(text)
        depth += 1 if edge[0] == "/*" else -1
        position = edge.end()
    mark = text[start + 2 : start + 4]
    if mark[0] == "!":
        tokens.append(Token(Kind.DOC_INNER, text[start:position], start))
    elif mark[0] == "*" and mark[1] not in "*/":
        tokens.append(Token(Kind.DOC_OUTER, text[start:position], start))
    return position
