"""A statement in, its tokens near a sign of equality out."""

# ruff: noqa: RUF001, RUF002

import re

from harness.claims.values import Statement
from harness.model.values import dataclass

NEAR = 400
"""Characters on each side of a sign of equality that are looked at."""

_GAP = re.compile(
    r"""[^\S\n]++
    |(?P<line>\n\s*+)
    |(?P<arrow>→|⟶|➜|⇒|-{1,2}>|=>)
    |(?P<other2>[=!<>:+*/-]=+|=[~=]|\*\*|<<|>>)
    |(?P<equals>=|≈|\bequals\b)
    |(?P<op>[+−*×·÷/]|(?<=[\s)])\^(?=[\s(])|(?<=[\s)])[-–](?=[\s(])|\b(?:plus|minus|times|of)\b
      |(?<=[\s\d])x(?=\s?[$€£\d(]))
    |(?P<open>\()
    |(?P<close>\))
    |(?P<word>[^\W\d_](?:[\w'’&-]*[\w])?)
    |(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_EQUALITY = re.compile(r"=|≈|\bequals\b| is ")
_OPERATORS = {
    "−": "-",
    "–": "-",
    "*": "×",
    "·": "×",
    "x": "×",
    "times": "×",
    "÷": "/",
    "plus": "+",
    "minus": "-",
}


@dataclass(frozen=True, slots=True)
class Token:
    """One token: `kind` is number, op, equals, arrow, open, close, word or other."""

    kind: str
    text: str
    start: int
    end: int
    number: int = -1
    """For a number: its index in the statement."""


def is_inside_number(made: list[Token], position: int) -> bool:
    """The mark at a position stands at once between figures: `4,5`, `1'000`, `11-2`, `14–16`."""
    if not 0 < position < len(made) - 1 or made[position].kind != "other":
        return False
    before, mark, after = made[position - 1 : position + 2]
    is_glued = before.end == mark.start and mark.end == after.start
    is_mark = mark.text in ",.:;'’-–"
    return is_glued and is_mark and before.text[-1].isalnum() and after.text[0].isdigit()


def windows(text: str) -> list[tuple[int, int]]:
    """The stretches of a text, from blank to blank, that are near a sign of equality."""
    found: list[tuple[int, int]] = []
    for sign in _EQUALITY.finditer(text):
        start, end = max(0, sign.start() - NEAR), min(len(text), sign.end() + NEAR)
        start = text.find(" ", start, sign.start()) + 1 if start else 0
        if found and start <= found[-1][1]:
            start = found.pop()[0]
        found.append((start, end))
    return found


def tokens(statement: Statement, start: int, end: int) -> list[Token]:
    """The tokens of a stretch of the statement in order; a label is a token `other`."""
    text, position = statement.text, start
    made: list[Token] = []
    for index, found in enumerate(statement.found):
        if found.start < position:
            continue
        if found.end > end:
            break
        _gap(text, position, found.start, made)
        quantity = found.quantity
        if quantity is None and made and made[-1].kind == "word" and made[-1].end == found.start:
            made[-1] = Token("word", made[-1].text + found.text, made[-1].start, found.end)
        elif quantity is None:
            made.append(Token("other", found.text, found.start, found.end))
        else:
            if (
                quantity.comparison.strip() == "≈"
                and made
                and made[-1].kind in ("number", "word", "close")
            ):
                made.append(Token("equals", "≈", found.start, found.start + 1))
            made.append(Token("number", found.text, found.start, found.end, index))
        position = max(position, found.end)
    _gap(text, position, end, made)
    return _without_soft_breaks(made)


def _without_soft_breaks(made: list[Token]) -> list[Token]:
    """A line's end parts what stands on both sides, unless an operator joins it."""
    joins = ("op", "equals")
    return [
        token
        for index, token in enumerate(made)
        if token.kind != "line"
        or not (
            made[index - 1].kind in joins
            or (index + 1 < len(made) and made[index + 1].kind in joins)
        )
    ]


def _gap(text: str, start: int, end: int, made: list[Token]) -> None:
    position = start
    while position < end:
        match = _GAP.match(text, position)
        if match is not None and match.end() > end:
            match = _GAP.match(text, position, end)
        if match is None:
            return
        kind = match.lastgroup
        if kind is not None:
            shown = _OPERATORS.get(match[0], match[0])
            made.append(Token(kind.removesuffix("2"), shown, match.start(), match.end()))
        position = match.end()
