"""Statements → the tokens that run in their own body, and the bodies of their functions."""

from harness.rust.lexer import Kind, Tokens
from harness.rust.statements import Form, Statement, item_body, split
from harness.rust.words import KEYWORDS, VALUE_WORDS, words


def own_tokens(tokens: Tokens, statements: tuple[Statement, ...]) -> list[int]:
    """The tokens that run in the text's own body.

    Not those of items, nested functions, closures, async blocks and attributes.
    """
    own: list[int] = []
    for statement in statements:
        if statement.form is Form.ITEM:
            continue
        at = statement.start
        while at < statement.stop:
            end = _foreign_end(tokens, at, statement.stop)
            if end <= at:
                own.append(at)
                end = at + 1
            at = end
    return own


def _foreign_end(tokens: Tokens, at: int, stop: int) -> int:
    """The index after a body of its own that begins at `at`; `at` where none does."""
    one, two, three = words(tokens, at, stop, 3)
    if one == "async":
        brace = at + 1 + (two == "move")
        if words(tokens, brace, stop, 1)[0] == "{":
            return tokens.after(brace)
        return at
    if one == "fn" and three in ("(", "<"):
        return min(item_body(tokens, at + 1, stop)[1], stop)
    if one == "#" and two == "[":
        return tokens.after(at + 1)
    if one in ("|", "||") and not (at and is_value(tokens, at - 1)):
        return _closure_end(tokens, at, stop)
    return at


def _closure_end(tokens: Tokens, at: int, stop: int) -> int:
    """The index after a closure whose parameters begin at `at`."""
    if tokens.tokens[at].text == "|":
        at += 1
        while at < stop and tokens.tokens[at].text != "|":
            at = tokens.after(at)
    at += 1
    if words(tokens, at, stop, 1)[0] == "->":
        while at < stop and tokens.tokens[at].text != "{":
            at = tokens.after(at)
    if words(tokens, at, stop, 1)[0] == "{":
        return tokens.after(at)
    while at < stop and tokens.tokens[at].text not in (",", ";"):
        if tokens.tokens[at].kind is Kind.CLOSE:
            break
        at = tokens.after(at)
    return at


def is_value(tokens: Tokens, at: int) -> bool:
    """Whether a value may end with token `at`."""
    token = tokens.tokens[at]
    if token.kind is Kind.IDENT:
        return token.text not in KEYWORDS or token.text in VALUE_WORDS
    return token.kind not in (Kind.PUNCT, Kind.OPEN) or token.text == "?"


def function_bodies(tokens: Tokens, statements: tuple[Statement, ...]) -> list[tuple[int, int]]:
    """What the braces of functions hold, as offsets.

    Those of functions among the statements, and directly in their modules, traits and impls.
    """
    found: list[tuple[int, int]] = []
    pending = list(reversed(statements))
    while pending:
        statement = pending.pop()
        if statement.body < 0 or tokens.partner[statement.body] < 0:
            continue
        close = tokens.partner[statement.body]
        if statement.kind == "fn":
            found.append((tokens.tokens[statement.body].end, tokens.tokens[close].start))
        elif statement.kind in ("impl", "trait", "mod"):
            pending += reversed(split(tokens, statement.body + 1, close).statements)
    return found
