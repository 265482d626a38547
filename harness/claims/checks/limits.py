"""Statement in, rulings on values beside their own stated limit out."""

import re
from fractions import Fraction
from itertools import pairwise

from harness.claims.arithmetic import amount
from harness.claims.quantity import Quantity
from harness.claims.values import ClaimKind, ClaimReason, Ruling, Statement

_LIMIT = re.compile(
    r"[^.\n:;]{0,30}?\b(?:target|limit|goal|budget|SLA|SLO|max(?:imum)?|threshold|within|cap|bound|"
    r"requirement|required|allowed)\s*(?:of|is|=|:)?\s*\Z",
    re.IGNORECASE,
)
_ADMITS = re.compile(
    r"\b(?:miss|exceed|over|above|beyond|fail|not|never|un\w+|violat|breach|too|but|instead|"
    r"alert|if|when|"
    r"vs|versus|before|was|default|set)\w*\b|[✗❌✘]",
    re.IGNORECASE,
)
_OBSERVED = re.compile(
    r"\b(?:observ\w*|symptom\w*|incident\w*|alerts?|problem\w*|bottleneck\w*|degrad\w*|"
    r"regress\w*|spik\w+|fail\w*|violat\w*|breach\w*|currently|today|baseline|if|when|"
    r"suppos\w*|say)\b",
    re.IGNORECASE,
)
"""Before a value: the text tells of a limit that is missed, or only may be."""
_BOUND = re.compile(
    r"\b(?:within|max(?:imum)?|limit|up to|at most|at least|SLA|SLO)(?:\s(?:of|is))?\s\Z",
    re.IGNORECASE,
)
"""Before a value: it is a bound by itself."""
_TESTS = {"<": "<", "≤": "≤", "<=": "≤", ">": ">", ">=": "≥", "≥": "≥"}


def limits(statement: Statement, at: int) -> list[Ruling]:
    """A ruling for each `value … target ≤ limit` whose two quantities follow each other.

    Where the text itself says that the limit is missed, there is nothing to find.
    """
    text = statement.text
    rulings: list[Ruling] = []
    for first, second in pairwise(range(len(statement.found))):
        value, limit = statement.found[first].quantity, statement.found[second].quantity
        if value is None or limit is None or value.comparison:
            continue
        test = _TESTS.get(limit.comparison.strip())
        if test is None or not _alike(value, limit):
            continue
        gap = text[statement.found[first].end : statement.found[second].start]
        if len(gap) > 44 or not _LIMIT.match(gap) or _ADMITS.search(gap):
            continue
        holds = holds_limit(value, test, limit)
        after = text[statement.found[second].end : statement.found[second].end + 24]
        start = statement.found[first].start
        if not holds and (
            _ADMITS.search(after)
            or _OBSERVED.search(text, 0, start)
            or _BOUND.search(text, max(0, start - 16), start)
        ):
            continue
        shown = f"{value.text.strip()} {test} {limit.text.removeprefix(limit.comparison)}"
        rulings.append(
            Ruling(
                ClaimKind.LIMIT,
                ClaimReason.RIGHT if holds else ClaimReason.WRONG,
                (at, first),
                ((at, second),),
                shown if holds else f"{shown} does not hold",
                check="limit",
            )
        )
    return rulings


def _alike(value: Quantity, limit: Quantity) -> bool:
    """Both have a unit and the same dimension, and both or neither is a percentage."""
    one, other = value.measure, limit.measure
    if one is None or other is None or one.dimensions != other.dimensions:
        return False
    return value.is_percent == limit.is_percent and bool(one.dimensions or value.is_percent)


def keeps_bound(stated: Quantity, exact: Fraction) -> bool:
    """`>100` bounds the exact face value, which keeps the bound."""
    match _TESTS.get(stated.comparison.strip()):
        case "<":
            return exact < stated.face
        case "≤":
            return exact <= stated.face
        case ">":
            return exact > stated.face
        case "≥":
            return exact >= stated.face
        case _:
            return False


def holds_limit(value: Quantity, test: str, limit: Quantity) -> bool:
    """The stated value is on the right side of the limit; `test` is one of `< ≤ > ≥`."""
    left, right = amount(value).value, amount(limit).value
    match test:
        case "<":
            return left < right
        case "≤":
            return left <= right
        case ">":
            return left > right
        case _:
            return left >= right
