"""Rust tokens → the statements and items of one block, each with its extent.

A reader of token trees, not a parser: it finds where each statement ends as the Rust Reference
describes ("Statements", "Items"), and looks inside only as far as that needs. It never fails;
where a text is not Rust, the extents are a guess.
"""

from enum import Enum

from harness.model.values import dataclass
from harness.rust.blocks import block_like_end
from harness.rust.lexer import Kind, Tokens
from harness.rust.words import KEYWORDS, PATH_WORDS, words

_TYPE_ITEMS = {"struct", "enum", "trait", "mod", "use", "type", "impl", "fn"}
_FUNCTION_WORDS = {"fn", "unsafe", "async", "extern", "const", "safe", "gen"}
# Words that may stand before an item's keyword, and what may follow each.
_AFTER = {
    "unsafe": _FUNCTION_WORDS | {"impl", "trait", "mod", "auto", "static"},
    "auto": {"trait"},
    **dict.fromkeys(("const", "async", "safe", "gen"), _FUNCTION_WORDS | {"static"}),
}


class Form(Enum):
    """What a statement is, as far as its ending goes."""

    ITEM = "item"
    MACRO = "macro"
    """A macro call that ends itself, with braces or a semicolon: it may stand for items."""
    LET = "let"
    EXPRESSION = "expression"
    EMPTY = "empty"
    """A semicolon alone."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement: tokens `first` to before `stop`; `start` comes after its attributes."""

    form: Form
    first: int
    start: int
    stop: int
    is_ended: bool
    """It has the end that its form asks for; only an expression may do without."""
    kind: str = ""
    """Of an item: its keyword, with `extern crate` and `extern` (a foreign block) told apart."""
    name: str = ""
    """Of an item; empty for `impl`, `use` and foreign blocks. Without `r#`."""
    body: int = -1
    """The token that opens the item's braces, or -1."""
    is_block_like: bool = False
    """An expression that needs no semicolon to be a statement: `if`, `match`, a block …"""


@dataclass(frozen=True, slots=True)
class Block:
    """The content of one block or file."""

    inner_attributes: tuple[tuple[int, int], ...]
    """Leading `#![…]` and `//!`: pairs of token indices, from and before."""
    statements: tuple[Statement, ...]
    leftover: int
    """The token after the last statement; attributes without a statement may follow it."""


def split(tokens: Tokens, start: int = 0, stop: int | None = None) -> Block:
    """The statements from token `start` to before `stop`, in linear time."""
    stop = len(tokens.tokens) if stop is None else stop
    inner: list[tuple[int, int]] = []
    at = start
    while at < stop and (end := _inner_attribute(tokens, at, stop)) > at:
        inner.append((at, end))
        at = end
    statements: list[Statement] = []
    while at < stop:
        begin = _after_attributes(tokens, at, stop)
        if begin >= stop or (begin == stop - 1 and tokens.tokens[begin].text == "pub"):
            break
        statements.append(_statement(tokens, at, begin, stop))
        at = statements[-1].stop
    return Block(tuple(inner), tuple(statements), at)


def _inner_attribute(tokens: Tokens, at: int, stop: int) -> int:
    if tokens.tokens[at].kind is Kind.DOC_INNER:
        return at + 1
    if words(tokens, at, stop, 3) == ("#", "!", "["):
        return tokens.after(at + 2)
    return at


def _after_attributes(tokens: Tokens, at: int, stop: int) -> int:
    while at < stop:
        if tokens.tokens[at].kind in (Kind.DOC_OUTER, Kind.DOC_INNER):
            at += 1
            continue
        one, two, three = words(tokens, at, stop, 3)
        if one == "#" and two == "[":
            at = tokens.after(at + 1)
        elif one == "#" and two == "!" and three == "[":
            at = tokens.after(at + 2)
        else:
            break
    return at


def _statement(tokens: Tokens, first: int, start: int, stop: int) -> Statement:
    head = tokens.tokens[start]
    if head.text == ";":
        return Statement(Form.EMPTY, first, start, start + 1, True)
    if head.text == "let":
        end = _semicolon(tokens, start, stop)
        return Statement(Form.LET, first, start, min(end + 1, stop), end < stop)
    kind, keyword = _item_keyword(tokens, start, stop)
    if kind:
        return _item(tokens, (first, start, stop), kind, keyword)
    bang = _macro_bang(tokens, start, stop)
    if bang:
        macro = _macro(tokens, (first, start, stop), bang)
        if macro:
            return macro
    end = block_like_end(tokens, start, stop)
    if end and words(tokens, end, stop, 1)[0] not in (".", "?"):
        ended = words(tokens, end, stop, 1)[0] == ";"
        return Statement(Form.EXPRESSION, first, start, end + ended, ended, is_block_like=True)
    end = _semicolon(tokens, start, stop)
    return Statement(Form.EXPRESSION, first, start, min(end + 1, stop), end < stop)


def _semicolon(tokens: Tokens, at: int, stop: int) -> int:
    """The next semicolon outside brackets, or `stop`."""
    while at < stop and tokens.tokens[at].text != ";":
        at = tokens.after(at)
    return min(at, stop)


def _item_keyword(tokens: Tokens, at: int, stop: int) -> tuple[str, int]:
    """The kind of the item that begins at `at` and its keyword's index; no kind for no item."""
    is_item = tokens.tokens[at].text == "pub"
    if is_item:
        at += 1
        one, two = words(tokens, at, stop, 2)
        if one == "(" and two in PATH_WORDS | {"in"}:
            at = tokens.after(at)
    one, two = words(tokens, at, stop, 2)
    if one == "default" and two in (_FUNCTION_WORDS | {"impl", "type"}):
        at += 1
    elif one == "auto" and two == "trait":
        return "trait", at + 1
    while True:
        one, two = words(tokens, at, stop, 2)
        if one in _TYPE_ITEMS:
            return one, at
        if one == "extern":
            return _extern(tokens, at, stop)
        if one == "macro_rules" and two == "!":
            return "macro_rules", at + 1
        name_follows = at + 1 < stop and tokens.tokens[at + 1].kind is Kind.IDENT
        if one in ("union", "macro") and name_follows and two not in KEYWORDS:
            return one, at
        if one in ("const", "static") and _is_named_value(tokens, at, stop):
            return one, at
        if two not in _AFTER.get(one, ()):
            break
        at += 1
    return ("unknown", at) if is_item else ("", at)


def _is_named_value(tokens: Tokens, at: int, stop: int) -> bool:
    """Whether `const` or `static` at `at` names a value, and begins no closure or function."""
    _, two, three = words(tokens, at, stop, 3)
    if two == "mut" or three in (":", "=", ";"):
        return True
    if at + 1 >= stop or tokens.tokens[at + 1].kind is not Kind.IDENT:
        return False
    return two not in _FUNCTION_WORDS | {"move"}


def _extern(tokens: Tokens, at: int, stop: int) -> tuple[str, int]:
    one, two = words(tokens, at + 1, stop, 2)
    if one == "crate":
        return "extern crate", at + 1
    if one == "fn":
        return "fn", at + 1
    if one == "{":
        return "extern", at
    if at + 1 < stop and tokens.tokens[at + 1].kind is Kind.STRING:
        return ("fn", at + 2) if two == "fn" else ("extern", at)
    return "unknown", at


def _item(tokens: Tokens, extent: tuple[int, int, int], kind: str, keyword: int) -> Statement:
    first, start, stop = extent
    name = words(tokens, keyword + 1, stop, 1)[0].removeprefix("r#")
    if kind in ("impl", "use", "extern", "unknown"):
        name = ""
    if kind in ("use", "const", "static", "type", "extern crate"):
        end = _semicolon(tokens, keyword, stop)
        return Statement(Form.ITEM, first, start, min(end + 1, stop), end < stop, kind, name)
    if kind == "macro_rules":
        return _macro_item(tokens, extent, keyword + 2, name)
    body, end = item_body(tokens, keyword + 1, stop)
    return Statement(Form.ITEM, first, start, min(end, stop), end <= stop, kind, name, body)


def _macro_item(tokens: Tokens, extent: tuple[int, int, int], at: int, name: str) -> Statement:
    first, start, stop = extent
    if at >= stop or tokens.tokens[at].kind is not Kind.OPEN:
        return Statement(Form.ITEM, first, start, stop, False, "macro_rules", name)
    end = tokens.after(at)
    ended = tokens.tokens[at].text == "{"
    if not ended and words(tokens, end, stop, 1)[0] == ";":
        end, ended = end + 1, True
    return Statement(Form.ITEM, first, start, min(end, stop), ended, "macro_rules", name, at)


def item_body(tokens: Tokens, at: int, stop: int) -> tuple[int, int]:
    """The brace that opens an item's body (or -1) and the index after the item.

    Braces between angle brackets are constants given to generics. An index over `stop` says
    that the item has no end.
    """
    angles = 0
    while at < stop:
        text = tokens.tokens[at].text
        if text == "{" and angles <= 0:
            return at, tokens.after(at)
        if text == ";":
            return -1, at + 1
        angles += {"<": 1, ">": -1, ">=": -1}.get(text, 0)
        at = tokens.after(at)
    return -1, stop + 1


def _macro_bang(tokens: Tokens, at: int, stop: int) -> int:
    """The `!` of a macro call whose path begins at `at`, or 0."""
    if tokens.tokens[at].text == "::":
        at += 1
    while at + 2 < stop and tokens.tokens[at].kind is Kind.IDENT:
        text, following = tokens.tokens[at].text, tokens.tokens[at + 1].text
        if text in KEYWORDS and text not in PATH_WORDS:
            return 0
        if following == "!":
            return at + 1 if tokens.tokens[at + 2].kind is Kind.OPEN else 0
        if following != "::":
            return 0
        at += 2
    return 0


def _macro(tokens: Tokens, extent: tuple[int, int, int], bang: int) -> Statement | None:
    """The macro call as a statement of its own, or None where it begins an expression."""
    first, start, stop = extent
    end = tokens.after(bang + 1)
    following = words(tokens, end, stop, 1)[0]
    is_braced = tokens.tokens[bang + 1].text == "{"
    if following == ";":
        return Statement(Form.MACRO, first, start, end + 1, True, body=bang + 1)
    if is_braced and following not in (".", "?"):
        return Statement(Form.MACRO, first, start, min(end, stop), True, body=bang + 1)
    return None
