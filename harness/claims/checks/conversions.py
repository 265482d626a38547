"""Two quantities of one dimension in different units in, a ruling on whether they agree out."""

import re
from fractions import Fraction
from itertools import pairwise

from harness.claims.arithmetic import in_digits, is_hedged, is_right, is_rounded, significant, sizes
from harness.claims.quantity import Quantity
from harness.claims.units import DAY, YEAR, counted_things
from harness.claims.values import ClaimKind, ClaimReason, Ruling, Statement

_OPEN = re.compile(r"\s?[(\[](?:=|≈|~|i\.e\.,?|that is,?|or|about|approximately|equals)?\s*\Z")
_SLIPS = tuple(Fraction(n) for n in (10, 100, 1000, 10**6, 10**9, 1024, 60, 3600, 24, 7, 8, 12))
"""Factors by which a wrong conversion is off, apart from being near: a prefix, a time, a byte."""

_WORKED = {
    Fraction(3600): (1, 1),
    DAY: (8, 8),
    7 * DAY: (40, 40),
    YEAR / 12: (160, 184),
    YEAR: (1760, 2112),
}
"""Hours that are worked in a unit of time, by its size."""


def conversions(statement: Statement, at: int) -> list[Ruling]:
    """A ruling for each `quantity (quantity)` that says the same in another unit.

    A bracket may also hold something else (a maximum, a neighbour's value): it is taken for a
    wrong conversion only where it is off by less than half, or by just such a factor as a slip
    would give.
    """
    if "(" not in statement.text and "[" not in statement.text:
        return []
    rulings: list[Ruling] = []
    for first, second in pairwise(range(len(statement.found))):
        left, right = statement.found[first], statement.found[second]
        if left.quantity is None or right.quantity is None:
            continue
        gap = statement.text[left.end : right.start]
        if (
            len(gap) > 16
            or not _OPEN.match(gap)
            or statement.text[right.end : right.end + 1] not in (")", "]")
        ):
            continue
        ruling = converted(statement, at, first, second)
        if ruling is not None and (
            ruling.reason is ClaimReason.RIGHT or _is_slip(statement, first, second)
        ):
            rulings.append(ruling)
    return rulings


def converted(statement: Statement, at: int, first: int, second: int) -> Ruling | None:
    """A ruling on `left = right`; None where they are not of one dimension in two units."""
    left, right = statement.quantity(first), statement.quantity(second)
    one, other = left.measure, right.measure
    if one is None or other is None or not one.dimensions or one.dimensions != other.dimensions:
        return None
    if one.size == other.size and left.scale == right.scale:
        return None
    things = counted_things(left.unit)[-1:], counted_things(right.unit)[-1:]
    if all(things) and things[0] != things[1] and "information" in dict(one.dimensions):
        return None
    hedged = any(
        is_hedged(statement.text, statement.found[n].start, statement.quantity(n))
        for n in (first, second)
    )
    values = [left.face * a / b for a in sizes(left) for b in sizes(right)]
    agrees = any(is_right(right, value, hedged) or is_rounded(right, value) for value in values)
    if one.span or other.span:
        agrees = agrees or min(values) <= right.face <= max(values)
    if not agrees and _may_be_rounded(left, right):
        agrees = any(
            is_right(left, right.face * left.face / value, hedged) for value in values if value
        )
    if not agrees and _is_working_time(left, right):
        return None
    exact = left.face * one.size / other.size
    return Ruling(
        ClaimKind.SUM,
        ClaimReason.RIGHT if agrees else ClaimReason.WRONG,
        (at, second),
        ((at, first),),
        f"{left.text.strip()} = {in_digits(exact, right)}",
        in_digits(exact, right),
        check="conversion",
    )


def _may_be_rounded(left: Quantity, right: Quantity) -> bool:
    """`61 GB/s = 487 Gbps`: the left side, not written longer, may be the rounded one."""
    return 2 <= significant(left) <= significant(right)


def _is_working_time(left: Quantity, right: Quantity) -> bool:
    """`1 week (5 days)`, `1 month (22 days)`, `5 days = 40 h`: only what is worked is counted."""
    ends: list[tuple[Fraction, Fraction]] = []
    for quantity in (left, right):
        size = quantity.measure.size if quantity.measure else Fraction(0)
        if quantity.measure is None or size not in _WORKED:
            return False
        shortest, longest = _WORKED[size]
        ends.append((quantity.face * shortest, quantity.face * longest))
    return ends[0][0] <= ends[1][1] and ends[1][0] <= ends[0][1]


def _is_slip(statement: Statement, first: int, second: int) -> bool:
    left, right = statement.quantity(first), statement.quantity(second)
    one, other = left.measure, right.measure
    if one is None or other is None or not left.face or not right.face:
        return False
    if left.digits == right.digits:
        return False
    ratio = abs(left.face * one.size / (right.face * other.size))
    ratio = max(ratio, 1 / ratio)
    return ratio < Fraction(3, 2) or ratio in _SLIPS
