"""Tokens of a text → whether it can be the body of a function, as far as tokens tell."""

from harness.rust.blocks import block_like_end
from harness.rust.lexer import Kind, Token, Tokens
from harness.rust.statements import Block, Form, Statement
from harness.rust.words import KEYWORDS, VALUE_WORDS, words

# Words that are keywords only before certain others, so that a name may follow them.
_SOFT_WORDS = frozenset(
    (
        "union",
        "auto",
        "default",
        "safe",
        "raw",
        "async",
        "gen",
        "try",
        "box",
        "yield",
        "macro",
        "dyn",
        "become",
        "do",
        "builtin",
    )
)
_OPERAND_KINDS = frozenset({Kind.IDENT, Kind.NUMBER, Kind.STRING, Kind.CHAR})
_NO_START = frozenset(
    (
        ".",
        ",",
        "=",
        "=>",
        "->",
        ":",
        "?",
        "@",
        "$",
        "#",
        "/",
        "%",
        "^",
        ">",
        "==",
        "!=",
        "<=",
        ">=",
        "+=",
        "-=",
        "*=",
        "/=",
        "%=",
        "^=",
        "|=",
        "&=",
        "...",
        "else",
        "where",
        "ref",
        "in",
        "as",
    )
)
_NO_END = frozenset(
    (
        "=",
        "=>",
        "->",
        ":",
        "@",
        "$",
        "+",
        "-",
        "*",
        "/",
        "%",
        "^",
        "&",
        "&&",
        "||",
        "!",
        "<",
        "==",
        "!=",
        "<=",
        ">=",
        "::",
    )
)
_BLOCK_WORDS = frozenset({"match", "while", "loop"})
_STATEMENT_WORDS = frozenset(
    (
        "let",
        "fn",
        "struct",
        "enum",
        "trait",
        "impl",
        "mod",
        "use",
        "pub",
        "type",
        "static",
        "extern",
        "while",
        "for",
        "loop",
        "match",
    )
)


def can_stand_in_a_function(tokens: Tokens, block: Block) -> bool:
    """False only for a text that the compiler refuses inside `fn f() { … }`.

    True is no promise: the compiler's parser reads on after many errors, and what it does read
    is compiled (and refused) there.
    """
    if any(token.kind is Kind.BROKEN for token in tokens.tokens):
        return False
    last = block.statements[-1] if block.statements else None
    if last and last.form is Form.EXPRESSION and not last.is_ended and not last.is_block_like:
        after = tokens.tokens[block.leftover : block.leftover + 1]
        if after and after[0].text in ("#", "pub"):
            return False
    return all(_is_plausible(tokens, statement) for statement in block.statements)


def _is_plausible(tokens: Tokens, statement: Statement) -> bool:
    if statement.form in (Form.EMPTY, Form.MACRO) or statement.is_block_like:
        return True
    if statement.form is Form.ITEM:
        return _is_named(statement)
    one = tokens.tokens[statement.start].text
    if one in _NO_START:
        return False
    if one in _BLOCK_WORDS and not block_like_end(tokens, statement.start, statement.stop):
        return False
    if one == "if" and statement.stop - statement.start < 3:
        return False
    last = statement.stop - 1 - statement.is_ended
    if tokens.tokens[max(last, statement.start)].text in _NO_END:
        return False
    if statement.form is Form.LET:
        _, two, three = words(tokens, statement.start, statement.stop, 3)
        if two in ("", ";") or (two, three) == ("mut", "="):
            return False
        # An unknown character may be the name that is missed here.
        if two == "=" and not tokens.has_unknown:
            return False
        return not _has_neighbours(tokens, statement, same_line=True)
    return not _lists(tokens, statement) and not _has_neighbours(tokens, statement)


def _is_named(statement: Statement) -> bool:
    if statement.kind in ("fn", "macro_rules"):
        return bool(statement.name)
    is_braced = statement.kind in ("struct", "enum", "union", "trait")
    return not is_braced or (statement.is_ended and bool(statement.name))


def _lists(tokens: Tokens, statement: Statement) -> bool:
    """Whether a comma or colon stands outside brackets, generics and closures' parameters."""
    at = statement.start
    while at < statement.stop:
        text = tokens.tokens[at].text
        if text in ("|", "||", "<"):
            return False
        if text == "," or (text == ":" and tokens.tokens[at - 1].kind is not Kind.LIFETIME):
            return True
        at = tokens.after(at)
    return False


def _has_neighbours(tokens: Tokens, statement: Statement, *, same_line: bool = False) -> bool:
    """Whether two values stand side by side, which no expression has.

    After a `let`, the compiler forgives a missing semicolon at the end of a line.
    """
    before: Token | None = None
    at = statement.start
    while at < statement.stop:
        token = tokens.tokens[at]
        if before and _ends_value(before) and _begins_value(token):
            gap = tokens.text[before.end : token.start]
            if not (same_line and "\n" in gap):
                return True
        before = token
        if token.text == "#":
            # An attribute inside an expression: what follows its bracket begins anew.
            before = None
            at += 1
        elif token.kind is Kind.OPEN:
            before = tokens.tokens[tokens.partner[at]] if token.text != "{" else None
        at = tokens.after(at)
    return False


def _ends_value(token: Token) -> bool:
    if token.kind is Kind.CLOSE:
        return True
    if token.kind not in _OPERAND_KINDS or token.text in _SOFT_WORDS:
        return False
    return token.text not in KEYWORDS or token.text in VALUE_WORDS


def _begins_value(token: Token) -> bool:
    if token.text in _STATEMENT_WORDS:
        return True
    return token.kind in _OPERAND_KINDS and token.text not in KEYWORDS
