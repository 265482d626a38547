"""Two quantities of one dimension in different units in, a ruling on whether they agree out."""

# ruff: noqa: RUF001

import re
from fractions import Fraction
from itertools import pairwise

from harness.claims.arithmetic import (
    HEDGE_SHARE,
    in_digits,
    is_about_power,
    is_hedged,
    is_like_a_slip,
    is_right,
    is_rounded,
    significant,
    significant_step,
    sizes,
)
from harness.claims.quantity import Quantity
from harness.claims.units import DAY, ROUND_DAY, YEAR, Unit, counted_things, per_things
from harness.claims.values import ClaimKind, ClaimReason, Ruling, Statement

_OPEN = re.compile(r"\s?[(\[](?:=|≈|~|i\.e\.,?|that is,?|or|about|approximately|equals)?\s*\Z")
_OPERATOR = re.compile(r"[×x*·/÷]\s*\Z|\d,\Z")
"""Before a quantity: it is the end of a product, or of a number with a decimal comma."""
_BESIDE, _EQUAL = Fraction(3, 2), Fraction(10)
"""How far off a value in brackets, and one after `=`, is still a conversion gone wrong."""

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
        if _OPERATOR.search(statement.text, max(0, left.start - 3), left.start):
            continue
        ruling = converted(statement, at, first, second)
        if ruling is not None and (
            ruling.reason is ClaimReason.RIGHT or _is_slip(statement, first, second, _BESIDE)
        ):
            rulings.append(ruling)
    return rulings


def equated(statement: Statement, at: int, first: int, second: int) -> Ruling | None:
    """A ruling on `left = right`, which may also tell one thing by another: `1min = 90d`.

    Where both count the same things (`4M orders/day = 46 orders/s`) it is surely a conversion.
    """
    ruling = converted(statement, at, first, second)
    if ruling is None or ruling.reason is ClaimReason.RIGHT:
        return ruling
    left, right = statement.quantity(first), statement.quantity(second)
    things, others = counted_things(left.unit), counted_things(right.unit)
    if things and others and things != others:
        return None
    are_same = bool(things) and things == others and left.unit != right.unit
    return ruling if are_same or _is_slip(statement, first, second, _EQUAL) else None


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
    if not agrees and hedged:
        agrees = any(is_right(right, value, hedged) for value in _by_round_day(one, other, left))
    if not agrees and (
        left.comparison.strip() in ("<", ">")
        or _is_working_time(left, right)
        or _is_round(left, right, values)
        or any(is_about_power(right, value) for value in values)
    ):
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


def _by_round_day(one: Unit, other: Unit, left: Quantity) -> list[Fraction]:
    """A daily rate by the second, where a day has about 100,000 of them."""
    if one.size * DAY != one.timeless or other.size != other.timeless:
        return []
    return [left.face * one.timeless / ROUND_DAY / other.timeless]


def _is_round(left: Quantity, right: Quantity, values: list[Fraction]) -> bool:
    """`100K/s (8.5B/day)`: a value that ends with zeros stands for one that is near it."""
    ends_round = significant_step(left) > left.step and significant(left) < significant(right)
    return ends_round and any(abs(value - right.face) <= value * HEDGE_SHARE for value in values)


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


def _is_slip(statement: Statement, first: int, second: int, near: Fraction) -> bool:
    left, right = statement.quantity(first), statement.quantity(second)
    one, other = left.measure, right.measure
    if one is None or other is None or not left.face or not right.face:
        return False
    if left.digits == right.digits:
        return False
    is_same = left.unit.strip() == right.unit.strip()
    if is_same or per_things(left.unit) != per_things(right.unit):
        return False
    return is_like_a_slip(left.face * one.size / (right.face * other.size), near)
