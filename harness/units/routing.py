"""A unit in, out whether it may share a crate with other units, or why it goes alone.

A crate of many modules says of each unit what a crate of its own would say only if no unit can
be seen by another. docs/packing.md lists the ways in which one could be, each with its rule here
and its trap in tests/packing. Rules look at tokens, those inside macros included, and refuse
what they do not know: a unit that goes alone for nothing costs a compilation, no more.
"""

from harness.model.unit import CrateType, Unit
from harness.rust.known import (
    ITEM_ATTRIBUTES,
    LOCAL_LINTS,
    LOUD_LINT_WORDS,
    QUIET_MACROS,
    STD_DERIVES,
    TELLING_MACROS,
    TELLING_WORDS,
)
from harness.rust.lexer import Kind, Tokens, trees
from harness.rust.scopes import Scopes
from harness.rust.statements import Form, split
from harness.rust.words import KEYWORDS, words
from harness.units.alone import Alone
from harness.units.crate_names import attribute_path, by_crates
from harness.units.foreign_macros import ForeignMacros
from harness.units.grammar_probe import is_grammar_unit

_HEADER = "#![allow(unused)]\n"


def reason_to_go_alone(unit: Unit, trusted: frozenset[str] = frozenset()) -> Alone | None:
    """Why the unit cannot share a crate; None where it can.

    `trusted` are the names of its crates behind which the known ones are (`foreign_macros`).
    """
    if unit.crate_type is CrateType.PROC_MACRO:
        return Alone.CRATE_KIND
    is_grammar = is_grammar_unit(unit)
    if not is_grammar and not unit.text.startswith(_HEADER):
        return Alone.AS_WRITTEN
    tokens = trees(unit.text, unit.edition)
    if tokens.imbalance is not None or tokens.has_unknown:
        return Alone.UNREADABLE
    if is_grammar:
        return _by_frame(tokens)
    foreign = ForeignMacros(tokens, unit.base, trusted)
    return (
        _by_words(tokens)
        or _by_attributes(tokens, foreign)
        or _by_structure(tokens, foreign)
        or by_crates(tokens, unit)
        or (_by_main(tokens, foreign) if _has_own_main(unit) else None)
    )


def _has_own_main(unit: Unit) -> bool:
    """With test code the program is the compiler's own, and nobody calls a `main`."""
    return unit.crate_type is CrateType.BIN and not unit.with_tests


def _by_frame(tokens: Tokens) -> Alone | None:
    """A text of which nothing but the grammar is looked at, as long as it stays in its frame."""
    found = tokens.tokens
    for token in found:
        if token.kind is Kind.BROKEN:
            return Alone.UNREADABLE
        if token.kind is Kind.IDENT and not token.text.isascii():
            return Alone.NAMES
    opening = next(at for at, token in enumerate(found) if token.text == "{")
    frame_ends = tokens.partner[opening] == len(found) - 1 - len(_AFTER_FRAME)
    return None if frame_ends else Alone.UNREADABLE


_AFTER_FRAME = ("fn", "main", "(", ")", "{", "}")


def _by_words(tokens: Tokens) -> Alone | None:
    found = tokens.tokens
    is_use = False
    for at, token in enumerate(found):
        text, kind = token.text, token.kind
        is_use = (is_use and text != ";") or text == "use"
        if kind is Kind.BROKEN:
            return Alone.UNREADABLE
        if kind is Kind.STRING and "/proc/" in text:
            return Alone.SYMBOLS
        if kind is not Kind.IDENT:
            continue
        if not text.isascii():
            return Alone.NAMES
        word = text.removeprefix("r#")
        if word in _LOOKED_AT and (reason := _by_word(tokens, at, word, is_use=is_use)):
            return reason
    return None


_LOOKED_AT = TELLING_WORDS | TELLING_MACROS | {"location", "crate", "extern", "mod"}


def _by_word(tokens: Tokens, at: int, word: str, *, is_use: bool) -> Alone | None:
    before, _, after = words(tokens, max(at - 1, 0), len(tokens.tokens), 3)
    if word in TELLING_WORDS or (word == "location" and before == "."):
        return Alone.SYMBOLS
    if word in TELLING_MACROS and (is_use or before == "::" or after == "!"):
        return Alone.SYMBOLS
    if word == "crate" and not _is_visibility(tokens, at):
        return Alone.CRATE_PATH
    if word == "extern" and _is_foreign_item(tokens, at):
        return Alone.EXTERN
    if word == "mod" and words(tokens, at + 2, len(tokens.tokens), 1)[0] != "{":
        return Alone.SYMBOLS
    return None


def _is_visibility(tokens: Tokens, at: int) -> bool:
    """Whether the `crate` at `at` is that of `pub(crate)`."""
    around = words(tokens, max(at - 2, 0), len(tokens.tokens), 4)
    return around == ("pub", "(", "crate", ")")


def _is_foreign_item(tokens: Tokens, at: int) -> bool:
    """Whether `extern` begins a foreign block or names a crate, and not a function's ABI."""
    stop = len(tokens.tokens)
    following = at + 1 + (at + 1 < stop and tokens.tokens[at + 1].kind is Kind.STRING)
    return words(tokens, following, stop, 1)[0] != "fn"


def _by_attributes(tokens: Tokens, foreign: ForeignMacros) -> Alone | None:
    found = tokens.tokens
    stop = len(found)
    for at, token in enumerate(found):
        if token.text != "#":
            continue
        is_inner = words(tokens, at + 1, stop, 2) == ("!", "[")
        opening = at + 1 + is_inner
        if words(tokens, opening, stop, 1)[0] != "[":
            continue
        path = attribute_path(tokens, opening + 1)
        inside = found[opening + 1 : tokens.partner[opening]]
        if path in ITEM_ATTRIBUTES:
            if not foreign.is_standard(path):
                return Alone.ATTRIBUTE
        elif not path.startswith("clippy::") and not foreign.knows_attribute(path, inside):
            return Alone.ATTRIBUTE
        if is_inner and path not in LOUD_LINT_WORDS | {"allow"}:
            return Alone.ATTRIBUTE
        if path in LOUD_LINT_WORDS:
            named = {t.text for t in inside[1:] if t.kind is Kind.IDENT} - {"reason"}
            if not named <= LOCAL_LINTS:
                return Alone.LINT
        elif path == "derive":
            if not foreign.knows_derives(inside[1:], STD_DERIVES):
                return Alone.MACRO
        elif path == "macro_use" and words(tokens, opening + 3, stop, 1)[0] == "extern":
            return Alone.EXTERN
        elif path == "doc" and any(t.text == "!" for t in inside):
            return Alone.ATTRIBUTE
    return None


def _by_structure(tokens: Tokens, foreign: ForeignMacros) -> Alone | None:
    """By macros, by `super`, and by impls."""
    found = tokens.tokens
    own = {
        words(tokens, at + 2, len(found), 1)[0]
        for at, token in enumerate(found)
        if token.text == "macro_rules"
    }
    scopes = Scopes(tokens, QUIET_MACROS - own)
    for at, token in enumerate(found):
        if token.kind is not Kind.IDENT:
            continue
        if token.text == "super" and not _is_inside(tokens, scopes, at):
            return Alone.ABOVE
        if at + 2 >= len(found) or found[at + 1].text != "!" or found[at + 2].kind is not Kind.OPEN:
            continue
        if token.text not in KEYWORDS and not _is_known(tokens, at, own, foreign):
            return Alone.MACRO
    if next(scopes.foreign_impls(), None) is not None:
        return Alone.FOREIGN_IMPL
    return None


def _is_inside(tokens: Tokens, scopes: Scopes, at: int) -> bool:
    """Whether the `super` at `at` stays inside the unit's own modules."""
    found = tokens.tokens
    bracket = scopes.parent[at]
    if scopes.rewritten[bracket]:
        return False
    if bracket >= 1 and found[bracket].text == "{" and found[bracket - 1].text == "::":
        return False
    above, first = 1, at
    while first >= 2 and found[first - 1].text == "::" and found[first - 2].text == "super":
        above, first = above + 1, first - 2
    return above <= scopes.modules[bracket]


def _is_known(tokens: Tokens, at: int, own: set[str], foreign: ForeignMacros) -> bool:
    """Whether the macro called at `at` is the unit's own, or a known one that adds no items."""
    name = tokens.tokens[at].text
    first = at
    while first >= 2 and tokens.tokens[first - 1].text == "::":
        first -= 2
    path = "".join(token.text for token in tokens.tokens[first : at + 1])
    if first < at:
        is_std = path in (f"std::{name}", f"core::{name}")
        return (is_std and name in QUIET_MACROS) or foreign.knows_call(path)
    if name in own:
        return True
    if name in QUIET_MACROS:
        return foreign.is_standard(name)
    return foreign.knows_call(name)


def _by_main(tokens: Tokens, foreign: ForeignMacros) -> Alone | None:
    """By the main function: one, at the top level, without generics, and private attributes.

    `#[tokio::main]` makes a plain function of one that is `async`.
    """
    found = tokens.tokens
    mains = [
        s
        for s in split(tokens).statements
        if s.form is Form.ITEM and s.kind == "fn" and s.name == "main"
    ]
    if len(mains) != 1:
        return Alone.MAIN
    main = mains[0]
    paths = [
        attribute_path(tokens, at + 2)
        for at in range(main.first, main.start)
        if found[at].text == "#"
    ]
    made_plain = paths.count("tokio::main")
    if not {*paths} <= {"allow", "doc", "tokio::main"} or made_plain > 1:
        return Alone.MAIN
    head = words(tokens, main.start, len(found), 6)
    if made_plain:
        is_plain = head[0] == "async" and foreign.knows_attribute("tokio::main", ())
        head = head[1:] if is_plain else ()
    if head[:4] != ("fn", "main", "(", ")") or head[4] not in ("{", "->"):
        return Alone.MAIN
    header = {token.text for token in found[main.start : max(main.body, main.start)]}
    return Alone.MAIN if {"impl", "where"} & header or main.body < 0 else None
