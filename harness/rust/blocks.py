"""Tokens from an `if`, `match`, loop or block on → where it ends."""

from harness.rust.lexer import Kind, Tokens
from harness.rust.words import KEYWORDS, VALUE_WORDS, words


def block_like_end(tokens: Tokens, at: int, stop: int) -> int:
    """The index after the `if`, `match`, loop or block that begins at `at`, or 0 for none."""
    if tokens.tokens[at].kind is Kind.LIFETIME and words(tokens, at + 1, stop, 1)[0] == ":":
        at += 2
    one, two = words(tokens, at, stop, 2)
    if one == "{":
        return tokens.after(at)
    if one in ("unsafe", "loop", "const", "try") and two == "{":
        return tokens.after(at + 1)
    if one == "for" and two != "<":
        while at < stop and tokens.tokens[at].text != "in":
            at = tokens.after(at)
        return _after_head(tokens, at + 1, stop)
    if one in ("while", "match"):
        return _after_head(tokens, at + 1, stop)
    while one == "if":
        at = _after_head(tokens, at + 1, stop)
        if not at or words(tokens, at, stop, 1)[0] != "else":
            return at
        one, two = words(tokens, at + 1, stop, 2)
        if one == "{":
            return tokens.after(at + 1)
        at += 1
    return 0


def _after_head(tokens: Tokens, at: int, stop: int) -> int:
    """The index after the braces that follow a condition, or 0.

    Braces where a value is due are part of the condition; so are those of a `match` or `if`
    that stands inside it.
    """
    has_value = False
    inner = 0
    while at < stop:
        token = tokens.tokens[at]
        if token.text == "let":
            while at < stop - 1 and tokens.tokens[at].text != "=":
                at = tokens.after(at)
            if at >= stop:
                break
            has_value = False
        elif token.text == "{" and has_value and not inner:
            return tokens.after(at)
        elif token.text == "{":
            inner -= has_value
            has_value = True
        elif token.kind is Kind.IDENT:
            inner += token.text in ("match", "if", "while", "for")
            has_value = token.text not in KEYWORDS or token.text in VALUE_WORDS
        else:
            # `..` and `>` may end a value: `for i in 0.. {`, `match x as Vec<u8> {`.
            has_value = token.kind is not Kind.PUNCT or token.text in ("?", "..", ">")
        at = tokens.after(at)
    return 0
