"""An arithmetic expression of a statement in, the face values that it may come to out."""

# ruff: noqa: RUF001, RUF002

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from harness.claims.arithmetic import Amount, amount, is_right, is_rounded, times, to_power
from harness.claims.folding import folded
from harness.claims.quantity import Quantity
from harness.claims.terms import Expression
from harness.claims.units import DAY, ROUND_DAY, SCALES, UNITS, YEAR, Dimensions, Unit, multiply
from harness.claims.values import Statement

_TIMES = (
    Fraction(1),
    Fraction(60),
    Fraction(3600),
    DAY,
    7 * DAY,
    30 * DAY,
    YEAR / 12,
    365 * DAY,
    YEAR,
)

_SECONDS = (60, 3600, 86_400, 604_800, 2_592_000, 31_536_000, ROUND_DAY)
_MINUTES, _HOURS, _DAYS = (1440, 525_600), (24, 168, 720, 730, 8760), (7, 30, 180, 365, 366)
_TIME_FACTORS = frozenset((Fraction(12), Fraction(52), *_SECONDS, *_MINUTES, *_HOURS, *_DAYS))
_COUNTS_TIME = re.compile(r"\s[a-z]+\s(?:seconds|minutes|hours|days|weeks|months|quarters|years)\b")
"""`252 trading days`"""
_PREFIX_FACTORS = frozenset(Fraction(n) for n in (1000, 1024, 10**6, 10**9))

_MEASURED = tuple(((name, 1),) for name in ("time", "length", "mass", "power", "energy"))
_METRIC = tuple(Fraction(1000) ** power for power in range(-3, 4))

Reading = Mapping[int, Quantity]
"""Quantities by their index in the statement."""


def recomputed(statement: Statement, expression: Expression, stated: Quantity) -> list[Fraction]:
    """The face values, in the stated quantity's unit, that the expression may come to.

    The first is by dimensions where they agree. Where they differ by a time that one side
    leaves out (`$5K × 6 = $30K/mo`), or where one side has no unit, numbers alone are compared.
    Nothing where the two sides cannot be compared, or for a division by zero.
    """
    values: list[Fraction] = []
    if _is_mixed(statement, expression):
        return values
    counts_time = any(
        _COUNTS_TIME.match(statement.text, statement.found[index].end)
        for index in expression.numbers
    )
    for reading in _readings(statement, expression):
        values.extend(_read(reading, expression, stated, counts_time=counts_time))
        if stated.scale == "B" and not stated.money:
            as_bytes = replace(stated, scale="", unit="B" + stated.unit)
            values.extend(v * stated.multiplier for v in _read(reading, expression, as_bytes))
    values.extend(_in_binary(statement, expression, stated))
    values.extend(_grown(statement, expression, stated))
    return values


def _grown(statement: Statement, expression: Expression, stated: Quantity) -> list[Fraction]:
    """`15 + 20% = 18`: the share is of what it is added to; none that is not stated."""
    if (
        expression.left is None
        or expression.right is None
        or not _adds_share(statement, expression)
    ):
        return []
    share = 1 + (-1 if expression.op == "-" else 1) * statement.quantity(
        expression.right.number
    ).face / Fraction(100)
    grown = [value * share for value in recomputed(statement, expression.left, stated)]
    return [value for value in grown if is_right(stated, value) or is_rounded(stated, value)]


def _adds_share(statement: Statement, expression: Expression) -> bool:
    """A percentage is added to what is none."""
    left, right = expression.left, expression.right
    if left is None or right is None or right.op or expression.op not in ("+", "-"):
        return False
    return statement.quantity(right.number).is_percent and not any(
        statement.quantity(index).is_percent for index in left.numbers
    )


def has_same_dimensions(statement: Statement, expression: Expression, stated: Quantity) -> bool:
    """Units and outcome agree, with none that one side alone has."""
    reading = {index: statement.quantity(index) for index in expression.numbers}
    exact = _by_dimensions(reading, expression, binary=False)
    dimensions = stated.measure.dimensions if stated.measure else ()
    if exact is None or exact.dimensions != dimensions:
        return False
    has_unit = stated.measure is not None and stated.measure.size != 1 and not stated.is_percent
    return not (exact.is_bare and has_unit)


def _in_binary(statement: Statement, expression: Expression, stated: Quantity) -> list[Fraction]:
    """The value where `K` and `M` count in 1,024: `64K - 1 = 65535`; none that is not stated."""
    quantities = {index: statement.quantity(index) for index in expression.numbers}
    every = (stated, *quantities.values())
    if any(each.unit or each.money for each in every) or not any(each.scale for each in every):
        return []
    value = folded(expression, lambda index: _binary(quantities[index]).face)
    if value is None or not is_right(_binary(stated), value):
        return []
    return [value * stated.multiplier / _binary(stated).multiplier]


def _binary(quantity: Quantity) -> Quantity:
    """The quantity with a scale that counts in 1,024, where it has one."""
    scale = {"k": "Ki", "K": "Ki", "M": "Mi", "B": "Gi", "T": "Ti"}.get(quantity.scale)
    return replace(quantity, scale=scale) if scale else quantity


def _readings(statement: Statement, expression: Expression) -> list[Reading]:
    """The quantities as they are first read, then each `500B` the other way.

    That is as bytes instead of billions, or (an `8B` model, two bytes each) the reverse.
    """
    first = {index: statement.quantity(index) for index in expression.numbers}
    others = [
        (index, other)
        for index, quantity in first.items()
        if (other := _other_way(quantity)) is not None
    ][:3]
    return [first, *({**first, index: other} for index, other in others)]


def _other_way(quantity: Quantity) -> Quantity | None:
    """Billions as bytes, bytes as billions; None where no glued `B` leaves that open."""
    if quantity.scale == "B" and not quantity.money:
        return replace(quantity, scale="", unit="B" + quantity.unit)
    if quantity.unit == "B" and not quantity.scale:
        return replace(quantity, scale="B", unit="")
    return None


def _read(
    reading: Reading, expression: Expression, stated: Quantity, *, counts_time: bool = False
) -> list[Fraction]:
    """The face values under one reading; the likeliest first."""
    values: list[Fraction] = []
    measure = stated.measure
    dimensions: Dimensions = measure.dimensions if measure else ()
    percent = Fraction(1, 100) if stated.is_percent else Fraction(1)
    exact = _by_dimensions(reading, expression, binary=False)
    if (
        exact is not None
        and exact.dimensions == dimensions
        and not (exact.is_bare and measure and dimensions)
    ):
        values.append(exact.value / (measure.size if measure else 1))
        if measure is not None:
            values.extend(_with_bare_added(reading, expression, measure))
        if _has_two_prefixes(reading, stated):
            other = _by_dimensions(reading, expression, binary=True)
            if other is not None and other.dimensions == dimensions:
                values.append(other.value / ((measure.binary or measure.size) if measure else 1))
    face = folded(expression, lambda index: _timeless(reading[index]))
    if face is None:
        return values
    timeless = measure.timeless if measure and not stated.is_percent else Fraction(1)
    if all(not (q.unit or q.money) for q in reading.values()) and measure is not None:
        values.extend(_prefixed(face, stated) if dimensions else [face / percent, face])
        values.extend(_in_other_times(face, stated))
    elif not values and _is_of_bytes(exact, measure):
        values.extend(_in_bytes(reading, expression, exact, stated) if exact else [])
    elif not values and _is_of_seconds(exact, measure, stated):
        values.extend([exact.value] if exact else [])
    elif not values and _is_comparable(exact, measure):
        values.append(face / timeless / percent)
        if measure is not None and measure.binary:
            values.append(face / timeless * measure.size / measure.binary)
        if any("time" in dict(q.measure.dimensions) for q in reading.values() if q.measure):
            values.extend(_in_times(exact, measure))
    elif not values and exact is not None and measure is not None:
        values.extend(_by_hand_in_times(exact, face / timeless / percent, stated))
    if measure is None and stated.scale and exact is not None and exact.is_bare:
        values.extend(_in_scales(exact.value, stated))
    if measure is None and (exact is None or exact.dimensions):
        digits = folded(expression, lambda index: reading[index].face)
        values.extend(v for v in (digits,) if v is not None and is_right(stated, v))
    if counts_time or any(
        _is_factor(quantity, (*reading.values(), stated)) for quantity in reading.values()
    ):
        digits = folded(expression, lambda index: reading[index].face)
        seconds = folded(expression, lambda index: _in_seconds(reading[index]))
        by_hand = [v for v in (face / timeless / percent, digits, seconds) if v is not None]
        if exact is not None and exact.dimensions == dimensions == (("time", 1),):
            by_hand.append(exact.value)
        has_others = bool(values)
        values.extend(v for v in by_hand if has_others or is_right(stated, v))
    values.extend(_with_rough_factors(reading, expression, stated, values))
    return values


def _with_rough_factors(
    reading: Reading, expression: Expression, stated: Quantity, values: list[Fraction]
) -> list[Fraction]:
    """What a factor may mean by hand: `× 8` of bytes in bits, `/ 10^5` a day's seconds."""
    faces = [quantity.face for quantity in reading.values() if not quantity.unit]
    dimensions = dict(stated.measure.dimensions) if stated.measure else {}
    measures = [quantity.measure for quantity in (stated, *reading.values())]
    found: list[Fraction] = []
    if 8 in faces and any(each and "information" in dict(each.dimensions) for each in measures):
        found.extend(v for value in values for v in (value / 8, value * 8))
        digits = folded(expression, lambda index: reading[index].face)
        if "information" not in dimensions and digits is not None:
            found.append(digits)
    is_rate = "time" in dimensions or stated.measure is None
    if ROUND_DAY in faces and "/" in expression.operators and is_rate:
        found.extend(value * ROUND_DAY / DAY for value in values)
    return found


def _in_other_times(face: Fraction, stated: Quantity) -> list[Fraction]:
    """`8.76 / 12 = 43 minutes per month`: bare numbers may have counted hours; what comes to it."""
    unit = UNITS.get(re.split("/| per ", stated.unit.strip())[0])
    if unit is None or unit.dimensions not in _MEASURED:
        return []
    sizes = _TIMES if unit.dimensions == _MEASURED[0] else _METRIC
    found = [face * size / unit.size for size in sizes]
    return [value for value in found if is_right(stated, value) or is_rounded(stated, value)]


def _with_bare_added(reading: Reading, expression: Expression, measure: Unit) -> list[Fraction]:
    """`1 KB + 24 = 1024 bytes`, `100k$ - 48,000 = 52k$`: what bare numbers may count is added.

    It is the outcome's unit, or one dollar.
    """
    is_binary = measure.binary is not None or any(
        each.measure and each.measure.binary for each in reading.values()
    )
    found: list[Fraction] = []
    for added in (measure.size, Fraction(1)):
        for binary in (False, True)[: 1 + is_binary]:
            other = _by_dimensions(reading, expression, binary=binary, added=added)
            if other is not None and other.dimensions == measure.dimensions:
                found.append(other.value / measure.size)
    return found


def _is_factor(quantity: Quantity, beside: Iterable[Quantity]) -> bool:
    """A bare number by which a text converts units by hand: 86,400 for a time, 1,024, …."""
    if quantity.unit or quantity.money or (quantity.scale and quantity.face != ROUND_DAY):
        return False
    if quantity.face in _PREFIX_FACTORS:
        return True
    measures = [each.measure for each in beside]
    has_time = any(measure and "time" in dict(measure.dimensions) for measure in measures)
    return quantity.face in _TIME_FACTORS and (has_time or not any(measures))


def _has_two_prefixes(reading: Reading, stated: Quantity) -> bool:
    """KB and MB both stand there, so that it matters whether a kilobyte is 1000 or 1024."""
    measures = [quantity.measure for quantity in (stated, *reading.values())]
    return len({measure.binary for measure in measures if measure and measure.binary}) > 1 or any(
        measure is not None and measure.dimensions == (("information", 1),) and not measure.binary
        for measure in measures
    )


def _is_comparable(exact: Amount | None, measure: Unit | None) -> bool:
    """Both sides agree but for a time that one of them leaves out, or one has no unit at all."""
    if exact is None or exact.is_bare or measure is None:
        return True
    rest = multiply(exact.dimensions, measure.dimensions, -1)
    return all(name == "time" and abs(power) == 1 for name, power in rest)


def _is_of_bytes(exact: Amount | None, measure: Unit | None) -> bool:
    return measure is None and exact is not None and exact.dimensions == (("information", 1),)


def _is_of_seconds(exact: Amount | None, measure: Unit | None, stated: Quantity) -> bool:
    """`17,000 × 130ms = 2,200`: a bare outcome may count what a second's rate makes of seconds."""
    if measure is not None or exact is None or exact.dimensions != (("time", 1),):
        return False
    return is_right(stated, exact.value) or is_rounded(stated, exact.value)


def _in_bytes(
    reading: Reading, expression: Expression, exact: Amount, stated: Quantity
) -> list[Fraction]:
    """`10KB / 4 = 2,560`: a bare outcome may count bytes; what comes to it."""
    binary = _by_dimensions(reading, expression, binary=True)
    found = [each.value / 8 for each in (exact, binary) if each is not None]
    return [value for value in found if is_right(stated, value)]


def _by_hand_in_times(exact: Amount, value: Fraction, stated: Quantity) -> list[Fraction]:
    """`30 days × 24h × 60min = 43,200 minutes`: what comes to it, where only times differ."""
    measure = stated.measure
    rest = multiply(exact.dimensions, measure.dimensions if measure else (), -1)
    only_times = all(name == "time" for name, _ in rest)
    return [value] if only_times and (is_right(stated, value) or is_rounded(stated, value)) else []


def _in_times(exact: Amount | None, measure: Unit | None) -> list[Fraction]:
    """What is left over of a time may count seconds, hours, days, …."""
    if exact is None or measure is None:
        return []
    rest = dict(multiply(exact.dimensions, measure.dimensions, -1))
    power = rest.pop("time", 0)
    if rest or not power:
        return []
    return [exact.value / measure.size / size**power for size in _TIMES]


def _is_mixed(statement: Statement, expression: Expression) -> bool:
    """Something is added that cannot be (`100 ms + 1 MB`): the text means something else.

    So it does by `2x + 5`, where x is an unknown.
    """
    if expression.left is None or expression.right is None:
        return False
    if _is_mixed(statement, expression.left) or _is_mixed(statement, expression.right):
        return True
    if expression.op not in ("+", "-"):
        return False
    reading = {index: statement.quantity(index) for index in expression.numbers}
    sides = [
        _by_dimensions(reading, side, binary=False) for side in (expression.left, expression.right)
    ]
    left, right = sides
    if any(_is_fold(statement, one) for one in (expression.left, expression.right)):
        return not all(_is_fold(statement, one) for one in (expression.left, expression.right))
    if left is None or right is None or left.is_bare or right.is_bare:
        return False
    return any(name != "time" for name, _ in multiply(left.dimensions, right.dimensions, -1))


def _is_fold(statement: Statement, side: Expression) -> bool:
    return not side.op and statement.quantity(side.number).unit == "x"


def _in_seconds(quantity: Quantity) -> Fraction:
    """The value with a time by itself in seconds, for rates whose seconds are bare numbers."""
    measure = quantity.measure
    is_time = measure is not None and measure.dimensions == (("time", 1),)
    return quantity.face * measure.size if measure and is_time else _timeless(quantity)


def _timeless(quantity: Quantity) -> Fraction:
    """The value with every time counted as one, for rates whose seconds are bare numbers."""
    measure = quantity.measure
    return quantity.face * (measure.timeless if measure else 1)


def _in_scales(face: Fraction, stated: Quantity) -> list[Fraction]:
    """Bare numbers that come to `82K` may have counted thousands: those that do come to it."""
    scaled = [face * scale for scale in sorted(set(SCALES.values()))]
    return [value for value in scaled if is_right(stated, value) or is_rounded(stated, value)]


def _prefixed(face: Fraction, stated: Quantity) -> list[Fraction]:
    """Bare numbers that come to `145 KB` may have counted KB or bytes: the nearest is taken."""
    found = [face * Fraction(base) ** power for base in (1000, 1024) for power in range(-4, 1)]
    found.append(face * stated.multiplier)
    return sorted(found, key=lambda value: abs(value - stated.face))


def _by_dimensions(
    reading: Reading, expression: Expression, *, binary: bool, added: Fraction | None = None
) -> Amount | None:
    """The amount by units, KB as 1024 where `binary`; None where what is added does not agree.

    A bare number that is added to one with a unit counts this unit, or one of the size `added`.
    """
    if expression.left is None or expression.right is None:
        quantity = reading[expression.number]
        measure = quantity.measure
        if binary and measure is not None and measure.binary is not None:
            return Amount(quantity.face * measure.binary, measure.dimensions, False, measure.binary)
        return amount(quantity)
    left = _by_dimensions(reading, expression.left, binary=binary, added=added)
    right = _by_dimensions(reading, expression.right, binary=binary, added=added)
    if left is None or right is None:
        return None
    if expression.op in ("×", "/"):
        return times(left, right, 1 if expression.op == "×" else -1)
    if expression.op == "^":
        value = to_power(left.value, right.value)
        plain = not (left.dimensions or right.dimensions)
        return Amount(value, (), left.is_bare) if plain and value is not None else None
    if left.is_bare and right.dimensions:
        left = Amount(left.value * (added or right.size), right.dimensions, False, right.size)
    elif right.is_bare and left.dimensions:
        right = Amount(right.value * (added or left.size), left.dimensions, False, left.size)
    if left.dimensions != right.dimensions or left.is_bare != right.is_bare:
        return None
    sign = 1 if expression.op == "+" else -1
    return Amount(left.value + sign * right.value, left.dimensions, left.is_bare, left.size)
