"""A document's outline in, rulings on what it says of its own length out."""

# ruff: noqa: RUF001

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction

from harness.claims.arithmetic import is_hedged, is_right
from harness.claims.prose import Outline
from harness.claims.values import ClaimKind, ClaimReason, Ruling, Statement

WORD_SHARE = Fraction(1, 50)
"""How far a count of words may be off beyond the ways of counting them."""

_WORDS = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SELF = re.compile(
    r"\b[Tt]his (?:document|page|guide|README|readme|book|file|chapter|article) "
    r"(?:has|contains|holds|consists of|comprises|shows|includes)\s(?:exactly\s|about\s|some\s)?\Z"
)
_THINGS = {
    "headings": "headings",
    "sections": "headings",
    "fences": "fences",
    "snippets": "fences",
    "words": "words",
    "code blocks": "fences",
    "code snippets": "fences",
}


def own_counts(
    statements: Iterable[tuple[int, Statement]], outline: Outline, lines: Sequence[str]
) -> list[Ruling]:
    """A ruling for each `Label (210 words): …` and each "this page has 12 code blocks"."""
    rulings: list[Ruling] = []
    for at, statement in statements:
        for number, found in enumerate(statement.found):
            if found.quantity is None or not found.noun or found.quantity.step != 1:
                continue
            after = statement.text[found.end : found.end + 18].strip()
            if found.noun == "words" and statement.passage.kind == "paragraph":
                ruling = _words_of_label(statement, at, number, lines)
                if ruling is not None:
                    rulings.append(ruling)
                    continue
            thing = next((_THINGS[name] for name in _THINGS if after.startswith(name)), None)
            before = statement.text[max(0, found.start - 60) : found.start]
            if thing is not None and _SELF.search(before):
                counted = _counted(thing, outline, lines)
                rulings.append(
                    _judge(statement, at, number, (counted, counted), after.split(" ")[0])
                )
    return rulings


def _words_of_label(
    statement: Statement, at: int, number: int, lines: Sequence[str]
) -> Ruling | None:
    """`Answer (210 words): …`: the words of the rest of the paragraph."""
    found = statement.found[number]
    text = statement.text
    if found.quantity is None or found.quantity.comparison.strip() not in ("", "~", "≈"):
        return None
    if (
        found.start > 40
        or not text[: found.start].rstrip().endswith("(")
        or "|" in text[: found.start]
    ):
        return None
    closing = re.compile(r"\s*words\)\s*:").match(text, found.end)
    if closing is None or len(text) - closing.end() < 20:
        return None
    raw = "\n".join(lines[line - 1] for _, line, _ in statement.passage.lines)
    body = raw.partition("words)")[2].lstrip(":* ")
    by_space = len(body.split())
    by_letters = len(_WORDS.findall(body))
    plain = len(_WORDS.findall(text[closing.end() :]))
    span = (min(by_space, by_letters, plain), max(by_space, by_letters, plain))
    return _judge(statement, at, number, span, f"words counted by white space: {by_space}")


def _judge(statement: Statement, at: int, number: int, span: tuple[int, int], what: str) -> Ruling:
    quantity = statement.quantity(number)
    hedged = is_hedged(statement.text, statement.found[number].start, quantity)
    slack = WORD_SHARE if what.startswith("words") else Fraction(0)
    low, high = span[0] * (1 - slack), span[1] * (1 + slack)
    agrees = low <= quantity.face <= high or is_right(quantity, Fraction(span[0]), hedged)
    shown = f"{span[0]} to {span[1]}" if span[0] != span[1] else str(span[0])
    return Ruling(
        ClaimKind.COUNT,
        ClaimReason.RIGHT if agrees else ClaimReason.WRONG,
        (at, number),
        (),
        f"counted {shown} ({what})",
        shown,
        check="own count",
    )


def _counted(thing: str, outline: Outline, lines: Sequence[str]) -> int:
    if thing == "headings":
        return len(outline.headings) - 1
    if thing == "fences":
        return len(outline.fences)
    return sum(len(line.split()) for line in lines)
