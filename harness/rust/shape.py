"""A Rust text → what it is: items, statements, an expression or methods, and what it leans on.

Facts come from tokens alone; they are right for Rust and a guess for anything else.
"""

from enum import Enum

from harness.model.values import dataclass
from harness.rust.bodies import function_bodies, is_value, own_tokens
from harness.rust.lexer import Kind, Tokens, trees
from harness.rust.paths import attribute_names, derive_names, macro_names, path_roots
from harness.rust.statements import Block, Form, Statement, split
from harness.rust.syntax import can_stand_in_a_function
from harness.rust.words import KEYWORDS, words

LINT_WORDS = frozenset({"allow", "warn", "deny", "forbid", "expect"})


class Content(Enum):
    """What the top level of a text consists of."""

    NOTHING = "nothing"
    ITEMS = "items"
    METHODS = "methods"
    """Functions, all or some with a `self` parameter, and nothing that an `impl` cannot hold."""
    STATEMENTS = "statements"
    EXPRESSION = "expression"
    """One expression alone, without a semicolon."""
    UNREADABLE = "unreadable"
    """Brackets or literals without an end, or no Rust statement at all."""


@dataclass(frozen=True, slots=True)
class InnerAttribute:
    """A leading `#![…]` or `//!`, from offset `start` to before `end`."""

    start: int
    end: int
    name: str
    """The attribute's path; `doc` for documentation."""
    is_lint: bool


@dataclass(frozen=True, slots=True)
class Definition:
    """One top-level item with its attributes, from offset `start` to before `end`."""

    kind: str
    name: str
    """Without `r#`. Of an `impl`, the last word of the type that it is for."""
    start: int
    end: int
    body: tuple[int, int] | None
    """What its braces hold, as offsets."""
    is_public: bool
    has_self: bool
    """A function with a `self` parameter."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Facts on one text."""

    tokens: Tokens
    block: Block
    content: Content
    inner_attributes: tuple[InnerAttribute, ...]
    definitions: tuple[Definition, ...]
    has_main: bool
    """A top-level function `main`, or `fn main (` directly inside a top-level macro call."""
    has_tail: bool
    """The last statement is an expression without a semicolon: it may have a value."""
    tail: tuple[int, int]
    """The extent of that expression as offsets; (0, 0) without one."""
    awaits: bool
    """`.await` stands outside every async function, block and closure."""
    asks: bool
    """The operator `?` stands outside every function, closure and async block."""
    uses_self: bool
    """`self` stands outside every function and module."""
    has_tests: bool
    """`#[test]` or `#[cfg(test)]`, at any depth."""
    roots: frozenset[str]
    """First segments of paths: of `use` and `extern crate`, and of `foo::…` anywhere."""
    macros: frozenset[str]
    """Names before `!(…)`, `![…]` and `!{…}`, without their path."""
    attributes: frozenset[str]
    """Attributes' paths, as `tokio::main`, at any depth."""
    derives: frozenset[str]
    """Last words of derived traits."""
    idents: frozenset[str]
    """Every identifier and keyword at any depth, macros' tokens included."""
    bodies: tuple[tuple[int, int], ...]
    """What the braces of functions hold, as offsets: top-level functions and those directly in
    top-level modules, traits and impls, in order."""


def shape_of(code: str, edition: str = "2021") -> Shape:
    """The facts on `code`, in linear time. Never fails."""
    tokens = trees(code, edition)
    block = split(tokens)
    own = own_tokens(tokens, block.statements)
    texts = [token.text for token in tokens.tokens]
    last = block.statements[-1] if block.statements else None
    has_tail = last is not None and last.form is Form.EXPRESSION and not last.is_ended
    names = attribute_names(tokens)
    definitions = tuple(_definition(tokens, s) for s in block.statements if s.form is Form.ITEM)
    return Shape(
        tokens=tokens,
        block=block,
        content=_content(tokens, block, definitions),
        inner_attributes=tuple(_inner(tokens, *pair) for pair in block.inner_attributes),
        definitions=definitions,
        has_main=any(is_main(tokens, statement) for statement in block.statements),
        has_tail=has_tail,
        tail=_extent(tokens, last.start, last.stop) if last and has_tail else (0, 0),
        awaits=any(texts[i] == "await" and i and texts[i - 1] == "." for i in own),
        asks=any(texts[i] == "?" and i and is_value(tokens, i - 1) for i in own),
        uses_self=any(texts[i] == "self" and texts[i + 1 : i + 2] != ["::"] for i in own),
        has_tests="test" in names or "cfg(test)" in names,
        roots=path_roots(tokens),
        macros=macro_names(tokens),
        attributes=names,
        derives=derive_names(tokens),
        idents=frozenset(t.text for t in tokens.tokens if t.kind is Kind.IDENT),
        bodies=tuple(function_bodies(tokens, block.statements)),
    )


def is_main(tokens: Tokens, statement: Statement) -> bool:
    """Whether rustdoc takes a top-level statement for the main function.

    That is `fn main` itself, or a macro call directly among whose tokens `fn main (` stands
    (rust-lang/rust#56898).
    """
    if statement.form is Form.ITEM:
        return statement.kind == "fn" and statement.name == "main"
    if statement.form is not Form.MACRO:
        return False
    at = statement.body + 1
    while at < tokens.partner[statement.body]:
        one, two, three = words(tokens, at, len(tokens.tokens), 3)
        if one == "fn" and two in ("main", "r#main") and three == "(":
            return True
        at = tokens.after(at)
    return False


def is_lint(tokens: Tokens, first: int, end: int) -> bool:
    """Whether an inner attribute sets a lint's level, as rustdoc sees it.

    Not for `internal_features`, which counts for the whole crate only.
    """
    name, following = words(tokens, first + 3, end, 2)
    if name not in LINT_WORDS or following == "::":
        return False
    if name != "allow" or following != "(":
        return True
    at = first + 5
    while at < end and tokens.tokens[at].text != "internal_features":
        at = tokens.after(at)
    return at >= end


def _inner(tokens: Tokens, first: int, end: int) -> InnerAttribute:
    start, stop = _extent(tokens, first, end)
    if tokens.tokens[first].kind is Kind.DOC_INNER:
        return InnerAttribute(start, stop, "doc", is_lint=False)
    at = first + 3
    while at < end - 1 and tokens.tokens[at].kind in (Kind.IDENT, Kind.PUNCT):
        if tokens.tokens[at].text == "=":
            break
        at += 1
    name = "".join(token.text for token in tokens.tokens[first + 3 : at])
    return InnerAttribute(start, stop, name, is_lint(tokens, first, end))


def _content(tokens: Tokens, block: Block, definitions: tuple[Definition, ...]) -> Content:
    statements = block.statements
    if tokens.imbalance is not None or not can_stand_in_a_function(tokens, block):
        return Content.UNREADABLE
    if not statements:
        return Content.NOTHING
    if all(s.form in (Form.ITEM, Form.MACRO) for s in statements) and definitions:
        fits = len(definitions) == len(statements)
        fits = fits and all(d.kind in ("fn", "const", "type") for d in definitions)
        has_self = any(d.has_self for d in definitions)
        return Content.METHODS if fits and has_self else Content.ITEMS
    if len(statements) == 1 and statements[0].form is Form.EXPRESSION:
        return Content.STATEMENTS if statements[0].is_ended else Content.EXPRESSION
    return Content.STATEMENTS


def _definition(tokens: Tokens, statement: Statement) -> Definition:
    start, end = _extent(tokens, statement.first, statement.stop)
    body = None
    if statement.body >= 0 and tokens.partner[statement.body] > 0:
        close = tokens.partner[statement.body]
        body = (tokens.tokens[statement.body].end, tokens.tokens[close].start)
    name = _impl_type(tokens, statement) if statement.kind == "impl" else statement.name
    is_public = tokens.tokens[statement.start].text == "pub"
    has_self = statement.kind == "fn" and _has_self(tokens, statement)
    return Definition(statement.kind, name, start, end, body, is_public, has_self)


def _impl_type(tokens: Tokens, statement: Statement) -> str:
    """The last word of the path of the type that an `impl` is for, its generics aside."""
    name, angles = "", 0
    at = statement.start
    while at < statement.body:
        token = tokens.tokens[at]
        if token.text == "where":
            break
        if token.kind is Kind.IDENT and not angles and token.text not in KEYWORDS:
            name = token.text
        angles += {"<": 1, ">": -1}.get(token.text, 0)
        at = tokens.after(at)
    return name.removeprefix("r#")


def _has_self(tokens: Tokens, statement: Statement) -> bool:
    angles = 0
    for at in range(statement.start, statement.stop):
        text = tokens.tokens[at].text
        angles += {"<": 1, ">": -1}.get(text, 0)
        if text == "(" and angles <= 0 and tokens.tokens[at - 1].text != "pub":
            first = tokens.tokens[at + 1 : at + 5]
            leading = [
                t for t in first if t.text not in ("&", "mut") and t.kind is not Kind.LIFETIME
            ]
            return bool(leading) and leading[0].text == "self"
    return False


def _extent(tokens: Tokens, first: int, stop: int) -> tuple[int, int]:
    return tokens.tokens[first].start, tokens.tokens[stop - 1].end
