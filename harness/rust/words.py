"""The words of Rust: which are keywords, and the words at a place among tokens."""

from harness.rust.lexer import Tokens

PATH_WORDS = frozenset({"self", "Self", "super", "crate"})
VALUE_WORDS = PATH_WORDS | {"true", "false", "await", "_"}
_STRICT = """
as async break const continue dyn else enum extern fn for if impl in let loop match mod move
mut pub ref return static struct trait type unsafe use where while
"""
KEYWORDS = VALUE_WORDS | frozenset(_STRICT.split())
"""What no identifier may be in the newest edition, those aside that have no use yet; and `_`."""


def words(tokens: Tokens, at: int, stop: int, count: int) -> tuple[str, ...]:
    """The texts of up to `count` tokens from `at`, filled up with empty ones."""
    found = [token.text for token in tokens.tokens[at : min(at + count, stop)]]
    return (*found, *[""] * (count - len(found)))
