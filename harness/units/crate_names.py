"""Tokens in, out whether a unit is sure to load all its crates, and declares none anew."""

from harness.model.unit import Unit
from harness.rust.known import STANDARD_CRATES
from harness.rust.lexer import Kind, Tokens
from harness.rust.words import words
from harness.units.alone import Alone


def by_crates(tokens: Tokens, unit: Unit) -> Alone | None:
    """By the names of crates: none is declared anew, and each that could be loaded is named."""
    crates = frozenset(crate.name for crate in unit.base.crates)
    names = crates | STANDARD_CRATES
    found = tokens.tokens
    is_use = False
    rooted: set[str] = set()
    arguments = _arguments(tokens) if crates else frozenset()
    for at, token in enumerate(found):
        is_use = (is_use and token.text != ";") or token.text == "use"
        if crates and is_use and token.text == "*":
            return Alone.MACRO
        if token.kind is not Kind.IDENT:
            continue
        word = token.text.removeprefix("r#")
        before = found[at - 1].text if at else ""
        if word == "main" and unit.edition == "2015" and (is_use or before == "::"):
            return Alone.MAIN
        if word not in names:
            continue
        following = words(tokens, at + 1, len(found), 1)[0]
        if before in _DECLARING or (is_use and following != "::"):
            # `use async_trait::async_trait` brings a macro, and macros have names of their own.
            if before == "::" and word in _LIKE_ITS_MACRO and found[at - 2].text == word:
                continue
            return Alone.SHADOWS
        if before in ("<", ",") and following in (">", ",", ":"):
            return Alone.SHADOWS
        if following == "::" and before not in ("::", ".") and at not in arguments:
            rooted.add(word)
    if crates and (not crates <= rooted or unit.edition == "2015" or _hides(tokens)):
        return Alone.CRATE_NOT_NAMED
    return None


_DECLARING = frozenset({"mod", "struct", "enum", "union", "trait", "type", "as"})


_LIKE_ITS_MACRO = frozenset({"async_trait"})
"""Crates with a macro of their own name, and nothing else of that name."""


def _arguments(tokens: Tokens) -> frozenset[int]:
    """The tokens that stand among an attribute's arguments, which may never be read."""
    found = tokens.tokens
    inside: set[int] = set()
    for at, token in enumerate(found):
        if token.text != "#":
            continue
        opening = at + 1 + (words(tokens, at + 1, len(found), 1)[0] == "!")
        is_attribute = words(tokens, opening, len(found), 1)[0] == "["
        if is_attribute and attribute_path(tokens, opening + 1) != "derive":
            inside.update(range(opening + 2, tokens.partner[opening]))
    return frozenset(inside)


def _hides(tokens: Tokens) -> bool:
    """Whether code may never be read: taken away by `cfg`, or inside a macro of its own."""
    texts = {token.text for token in tokens.tokens}
    return not texts.isdisjoint({"cfg", "macro_rules", "stringify"})


def attribute_path(tokens: Tokens, at: int) -> str:
    """The path that begins at `at`, as one word; empty where none does."""
    parts = []
    for token in tokens.tokens[at : at + 9]:
        if token.kind is not Kind.IDENT and token.text != "::":
            break
        parts.append(token.text)
    return "".join(parts)
