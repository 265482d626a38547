"""Tokens of a text → the names it leans on: path roots, macros, attributes, foreign impls.

All of it at any depth, tokens inside macro calls included: what is asked for is which names a
text could mean, and one too many does less harm than one too few.
"""

from collections.abc import Iterator

from harness.rust.lexer import Kind, Tokens
from harness.rust.words import KEYWORDS, PATH_WORDS, words


def path_roots(tokens: Tokens) -> frozenset[str]:
    """First segments of `use` and `extern crate` items and of `foo::…`, without `r#`.

    Never `crate`, `self`, `super` or `Self`.
    """
    roots: set[str] = set()
    for at, token in enumerate(tokens.tokens):
        if token.text == "use":
            roots.update(_use_roots(tokens, at + 1))
        elif token.text == "crate" and at and tokens.tokens[at - 1].text == "extern":
            roots.update(words(tokens, at + 1, len(tokens.tokens), 1))
        elif token.text == "::":
            roots.update(_root_at(tokens, at))
    plain = {root.removeprefix("r#") for root in roots}
    return frozenset(root for root in plain - PATH_WORDS if root.isidentifier())


def _root_at(tokens: Tokens, at: int) -> tuple[str, ...]:
    """The first segment of the path whose `::` stands at `at`; none where it is not the first."""
    before = tokens.tokens[at - 1] if at else None
    if before is None or before.text in KEYWORDS - PATH_WORDS:
        return words(tokens, at + 1, len(tokens.tokens), 1)
    if before.kind is Kind.IDENT:
        is_first = at < 2 or tokens.tokens[at - 2].text not in ("::", ".")
        return (before.text,) if is_first else ()
    return () if before.text in (">", "::") else words(tokens, at + 1, len(tokens.tokens), 1)


def _use_roots(tokens: Tokens, at: int) -> Iterator[str]:
    """The first segments of one use tree; of each branch where it begins with braces."""
    stop = len(tokens.tokens)
    if words(tokens, at, stop, 1)[0] == "::":
        at += 1
    if at >= stop:
        return
    if tokens.tokens[at].text != "{":
        if tokens.tokens[at].kind is Kind.IDENT:
            yield tokens.tokens[at].text
        return
    end = tokens.partner[at]
    begins = True
    at += 1
    while at < end:
        if begins and tokens.tokens[at].kind is Kind.IDENT:
            yield tokens.tokens[at].text
        begins = tokens.tokens[at].text == "," or (begins and tokens.tokens[at].text == "::")
        at = tokens.after(at)


def macro_names(tokens: Tokens) -> frozenset[str]:
    """Names of called macros, the last segment of their path."""
    found = set()
    for at in range(len(tokens.tokens) - 2):
        name, bang, bracket = tokens.tokens[at : at + 3]
        if name.kind is Kind.IDENT and bang.text == "!" and bracket.kind is Kind.OPEN:
            found.add(name.text.removeprefix("r#"))
    return frozenset(found - KEYWORDS)


def attribute_names(tokens: Tokens) -> frozenset[str]:
    """Paths of attributes, inner and outer; `cfg(test)` as such."""
    found = set()
    for at in _attribute_openings(tokens):
        end = tokens.partner[at]
        stop = at + 1
        while stop < end and (
            tokens.tokens[stop].kind is Kind.IDENT or tokens.tokens[stop].text == "::"
        ):
            stop += 1
        found.add("".join(token.text for token in tokens.tokens[at + 1 : stop]))
        if words(tokens, at + 1, end, 4) == ("cfg", "(", "test", ")"):
            found.add("cfg(test)")
    return frozenset(found - {""})


def derive_names(tokens: Tokens) -> frozenset[str]:
    """Last words of the traits in `derive(…)`, also where `cfg_attr` gives it."""
    found = set()
    for at, token in enumerate(tokens.tokens[:-1]):
        if token.text != "derive" or tokens.tokens[at + 1].text != "(":
            continue
        inner, end = at + 2, tokens.partner[at + 1]
        while inner < end:
            if tokens.tokens[inner + 1].text in (",", ")"):
                found.add(tokens.tokens[inner].text)
            inner = tokens.after(inner)
    return frozenset(found - {",", ")", ""})


def _attribute_openings(tokens: Tokens) -> Iterator[int]:
    for at, token in enumerate(tokens.tokens):
        if token.text != "#":
            continue
        one, two = words(tokens, at + 1, len(tokens.tokens), 2)
        opening = at + 1 if one == "[" else at + 2 if (one, two) == ("!", "[") else -1
        if opening > 0 and tokens.partner[opening] > 0:
            yield opening
