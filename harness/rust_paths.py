"""Tokens of a text → the names it leans on: path roots, macros, attributes, foreign impls.

All of it at any depth, tokens inside macro calls included: what is asked for is which names a
text could mean, and one too many does less harm than one too few.
"""

from collections.abc import Iterator

from harness.rust_lexer import Kind, Tokens
from harness.rust_words import KEYWORDS, PATH_WORDS, words


def has_sequence(tokens: Tokens, *texts: str) -> bool:
    """Whether tokens with these texts stand directly one after the other."""
    found = [token.text for token in tokens.tokens]
    first = -1
    for _ in range(found.count(texts[0])):
        first = found.index(texts[0], first + 1)
        if tuple(found[first : first + len(texts)]) == texts:
            return True
    return False


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
    for at in range(len(tokens.tokens) - 1):
        if words(tokens, at, len(tokens.tokens), 2) != ("derive", "("):
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


def local_types(tokens: Tokens) -> frozenset[str]:
    """Names of the structs, enums, unions and traits that the text declares, at any depth."""
    found = set()
    for before, token in zip(tokens.tokens, tokens.tokens[1:], strict=False):
        if before.text in ("struct", "enum", "union", "trait") and token.kind is Kind.IDENT:
            found.add(token.text.removeprefix("r#"))
    return frozenset(found - KEYWORDS)


def foreign_impls(tokens: Tokens) -> tuple[int, ...]:
    """Offsets of `impl Trait for T` where the text declares neither the trait nor T's head.

    `Box<Local>`, `&Local` and `(Local,)` have a foreign head. A path of several segments counts
    as foreign even if it leads to a type of the text.
    """
    local = local_types(tokens)
    found = []
    for at, token in enumerate(tokens.tokens):
        if token.text == "impl":
            heads = _impl_heads(tokens, at + 1)
            if heads and not local.intersection(heads):
                found.append(token.start)
    return tuple(found)


def _impl_heads(tokens: Tokens, at: int) -> tuple[str, str] | None:
    """The heads of the trait and of the type of `impl … for …`; None for any other `impl`."""
    stop = len(tokens.tokens)
    if words(tokens, at, stop, 1)[0] == "<":
        at = _after_angles(tokens, at)
    trait_start = at + (words(tokens, at, stop, 1)[0] == "!")
    angles = 0
    while at < stop:
        text = tokens.tokens[at].text
        following = words(tokens, at + 1, stop, 1)[0]
        if text == "for" and following != "<" and not angles:
            return _head(tokens, trait_start), _head(tokens, at + 1)
        # No header holds another `impl`: what comes is that one's header.
        if text == "impl" or (text in ("{", ";", ",", "=") and not angles):
            return None
        angles += {"<": 1, ">": -1}.get(text, 0)
        if angles < 0 or tokens.tokens[at].kind is Kind.CLOSE:
            return None
        at = tokens.after(at)
    return None


def _after_angles(tokens: Tokens, at: int) -> int:
    angles = 0
    while at < len(tokens.tokens) and tokens.tokens[at].text != "impl":
        angles += {"<": 1, ">": -1, ">=": -1}.get(tokens.tokens[at].text, 0)
        at = tokens.after(at)
        if angles <= 0:
            break
    return at


def _head(tokens: Tokens, at: int) -> str:
    """The one word of a path at `at`, also behind `dyn`; empty for anything longer."""
    one, two, three = words(tokens, at, len(tokens.tokens), 3)
    if one == "dyn":
        one, two = two, three
    return "" if two == "::" else one.removeprefix("r#")
