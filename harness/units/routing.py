"""A unit in, out whether it may share a crate with other units, or why it goes alone.

A crate of many modules says of each unit what a crate of its own would say only if no unit can
be seen by another. docs/packing.md lists the ways in which one could be, each with its rule here
and its trap in tests/packing. Rules look at tokens, those inside macros included, and refuse
what they do not know: a unit that goes alone for nothing costs a compilation, no more.
"""

from enum import Enum

from harness.model.unit import CrateType, Unit
from harness.rust.known import (
    ITEM_ATTRIBUTES,
    LOCAL_LINTS,
    LOUD_LINT_WORDS,
    QUIET_MACROS,
    STANDARD_CRATES,
    STD_DERIVES,
    TELLING_MACROS,
    TELLING_WORDS,
)
from harness.rust.lexer import Kind, Tokens, trees
from harness.rust.scopes import Scopes
from harness.rust.statements import Form, split
from harness.rust.words import KEYWORDS, words


class Alone(Enum):
    """Why a unit goes alone, in words."""

    CRATE_KIND = "a crate for the compiler"
    TEST_CODE = "test code"
    AS_WRITTEN = "not a program"
    UNREADABLE = "brackets or characters that do not fit"
    NAMES = "letters outside ASCII in names"
    CRATE_PATH = "names its crate's root"
    ABOVE = "`super` above the snippet"
    EXTERN = "`extern crate` or a foreign block"
    ATTRIBUTE = "an attribute of the crate, or one that is not known"
    LINT = "a lint that looks at the whole crate"
    MACRO = "a macro that is not known"
    SYMBOLS = "symbols, files or names of the crate itself"
    SHADOWS = "a name of a crate is declared"
    FOREIGN_IMPL = "a foreign trait for a foreign type"
    CRATE_NOT_NAMED = "a crate that it may not load"
    MAIN = "no plain main function"
    LEFT_OVER = "nothing to share with"
    ERRORS = "it has errors to show"
    WARNINGS = "it has warnings to show"
    CULPRIT = "the compiler did not end well on a crate with it"


_HEADER = "#![allow(unused)]\n"


def reason_to_go_alone(unit: Unit) -> Alone | None:
    """Why the unit cannot share a crate; None where it can."""
    if unit.crate_type is CrateType.PROC_MACRO:
        return Alone.CRATE_KIND
    if unit.with_tests:
        return Alone.TEST_CODE
    if not unit.text.startswith(_HEADER):
        return Alone.AS_WRITTEN
    tokens = trees(unit.text, unit.edition)
    if tokens.imbalance is not None or tokens.has_unknown:
        return Alone.UNREADABLE
    return (
        _by_words(tokens)
        or _by_attributes(tokens)
        or _by_structure(tokens, unit)
        or _by_crates(tokens, unit)
        or (_by_main(tokens) if unit.crate_type is CrateType.BIN else None)
    )


def _by_words(tokens: Tokens) -> Alone | None:
    is_use = False
    for at, token in enumerate(tokens.tokens):
        is_use = (is_use and token.text != ";") or token.text == "use"
        if token.kind is Kind.BROKEN:
            return Alone.UNREADABLE
        if token.kind is Kind.STRING and "/proc/" in token.text:
            return Alone.SYMBOLS
        if token.kind is not Kind.IDENT:
            continue
        if not token.text.isascii():
            return Alone.NAMES
        word = token.text.removeprefix("r#")
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


def _by_attributes(tokens: Tokens) -> Alone | None:
    found = tokens.tokens
    stop = len(found)
    for at, token in enumerate(found):
        if token.text != "#":
            continue
        is_inner = words(tokens, at + 1, stop, 2) == ("!", "[")
        opening = at + 1 + is_inner
        if words(tokens, opening, stop, 1)[0] != "[":
            continue
        path = _path(tokens, opening + 1)
        if path not in ITEM_ATTRIBUTES and not path.startswith("clippy::"):
            return Alone.ATTRIBUTE
        if is_inner and path not in LOUD_LINT_WORDS | {"allow"}:
            return Alone.ATTRIBUTE
        inside = found[opening + 1 : tokens.partner[opening]]
        if path in LOUD_LINT_WORDS:
            named = {t.text for t in inside[1:] if t.kind is Kind.IDENT} - {"reason"}
            if not named <= LOCAL_LINTS:
                return Alone.LINT
        elif path == "derive":
            named = {t.text for t in inside[1:] if t.kind is not Kind.PUNCT} - {"(", ")"}
            if not named <= STD_DERIVES or any(t.text == "::" for t in inside):
                return Alone.MACRO
        elif path == "macro_use" and words(tokens, opening + 3, stop, 1)[0] == "extern":
            return Alone.EXTERN
        elif path == "doc" and any(t.text == "!" for t in inside):
            return Alone.ATTRIBUTE
    return None


def _path(tokens: Tokens, at: int) -> str:
    parts = []
    for token in tokens.tokens[at : at + 9]:
        if token.kind is not Kind.IDENT and token.text != "::":
            break
        parts.append(token.text)
    return "".join(parts)


def _by_structure(tokens: Tokens, unit: Unit) -> Alone | None:
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
        following = words(tokens, at + 1, len(found), 2)
        if token.text == "super" and not _is_inside(tokens, scopes, at):
            return Alone.ABOVE
        is_call = following[0] == "!" and following[1] in ("(", "[", "{")
        if is_call and token.text not in KEYWORDS and not _is_known(tokens, at, own, unit):
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


def _is_known(tokens: Tokens, at: int, own: set[str], unit: Unit) -> bool:
    """Whether the macro called at `at` is the unit's own, or one of std's that adds no items."""
    name = tokens.tokens[at].text
    is_path = at >= 2 and tokens.tokens[at - 1].text == "::"
    if is_path:
        return name in QUIET_MACROS and tokens.tokens[at - 2].text in ("std", "core")
    return name in own or (
        name in QUIET_MACROS and not (unit.base.crates and _is_used(tokens, name))
    )


def _is_used(tokens: Tokens, name: str) -> bool:
    """Whether a `use` could bring the name from another crate."""
    is_use = False
    for token in tokens.tokens:
        is_use = token.text == "use" or (is_use and token.text != ";")
        if is_use and token.text == name:
            return True
    return False


def _by_crates(tokens: Tokens, unit: Unit) -> Alone | None:
    """By the names of crates: none is declared anew, and each that could be loaded is named."""
    crates = frozenset(crate.name for crate in unit.base.crates)
    found = tokens.tokens
    is_use = False
    rooted: set[str] = set()
    for at, token in enumerate(found):
        is_use = (is_use and token.text != ";") or token.text == "use"
        if crates and is_use and token.text == "*":
            return Alone.MACRO
        if token.kind is not Kind.IDENT:
            continue
        word = token.text.removeprefix("r#")
        following = words(tokens, at + 1, len(found), 1)[0]
        before = found[at - 1].text if at else ""
        if word == "main" and unit.edition == "2015" and (is_use or before == "::"):
            return Alone.MAIN
        if word not in crates | STANDARD_CRATES:
            continue
        if before in _DECLARING or (is_use and following != "::"):
            return Alone.SHADOWS
        if before in ("<", ",") and following in (">", ",", ":"):
            return Alone.SHADOWS
        if following == "::" and before not in ("::", "."):
            rooted.add(word)
    if crates and (not crates <= rooted or unit.edition == "2015" or _hides(tokens)):
        return Alone.CRATE_NOT_NAMED
    return None


_DECLARING = frozenset({"mod", "struct", "enum", "union", "trait", "type", "as"})


def _hides(tokens: Tokens) -> bool:
    """Whether code may never be read: taken away by `cfg`, or inside a macro of its own."""
    texts = {token.text for token in tokens.tokens}
    return not texts.isdisjoint({"cfg", "macro_rules", "stringify"})


def _by_main(tokens: Tokens) -> Alone | None:
    """By the main function: one, at the top level, without generics, and private attributes."""
    found = tokens.tokens
    mains = [
        s
        for s in split(tokens).statements
        if s.form is Form.ITEM and s.kind == "fn" and s.name == "main"
    ]
    if len(mains) != 1:
        return Alone.MAIN
    main = mains[0]
    for at in range(main.first, main.start):
        if found[at].text == "#" and _path(tokens, at + 2) not in ("allow", "doc"):
            return Alone.MAIN
    head = words(tokens, main.start, len(found), 5)
    if head[:4] != ("fn", "main", "(", ")") or head[4] not in ("{", "->"):
        return Alone.MAIN
    header = {token.text for token in found[main.start : max(main.body, main.start)]}
    return Alone.MAIN if {"impl", "where"} & header or main.body < 0 else None
