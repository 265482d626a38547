"""Quantities in, exact amounts and whether a stated value is right out.

A stated value is right when the exact one lies within half of its last written digit (so a tie
may go either way). A hedged one ("about", "~", "≈", "nearly") may be off by a twentieth of
itself, or by one in its last digit that is not a trailing zero, whichever is more.
"""

# ruff: noqa: RUF001, RUF002

import re
from fractions import Fraction

from harness.claims.quantity import Quantity
from harness.claims.units import PLAIN, Dimensions, multiply
from harness.model.values import dataclass

HEDGE_SHARE = Fraction(1, 20)
"""How far a hedged value may be off, as a share of itself."""

_SLIP_SHARE = Fraction(1, 50)
_TIMES = (7, 12, 24, 60, 3600, 86_400, 60_000, 3_600_000, 86_400_000)
_SLIPS = tuple(Fraction(n) for n in (8, 1024, *_TIMES, *(10**n for n in range(1, 19))))
"""Factors by which a wrong value is off, apart from being near: a prefix, a time, a byte."""

CUT_SHARE = Fraction(1, 100)
"""How much a value that is cut off above its last digit may lose: 1,157 written 1,150."""

LARGEST_POWER, LARGEST_BASE = 64, 512
"""Of a power that is computed: its exponent's size, and the bits of its base."""

_HEDGE = re.compile(
    r"(?:\b(?:about|around|roughly|approximately|approx\.?|nearly|almost|circa|ca\.|some|"
    r"or so|(?:on|in) the order of|just (?:over|under)|"
    r"a little (?:over|under)|over|more than|less than|up to)"
    r"|[≈~∼≃])\s*\Z",
    re.IGNORECASE,
)

_OR_MORE = re.compile(r"\+(?![\d$€£ ]?\d)| or more\b")


@dataclass(frozen=True, slots=True)
class Amount:
    """An exact value in base units. `is_bare` says that nothing named a unit."""

    value: Fraction
    dimensions: Dimensions = PLAIN
    is_bare: bool = False
    size: Fraction = Fraction(1)
    """Of the unit that it was written in; a bare number added to it counts that unit."""


def amount(quantity: Quantity) -> Amount:
    """The exact amount that a quantity states."""
    measure = quantity.measure
    if measure is None:
        return Amount(quantity.face, PLAIN, True)
    return Amount(quantity.face * measure.size, measure.dimensions, False, measure.size)


def sizes(quantity: Quantity) -> tuple[Fraction, ...]:
    """What one of the quantity's unit may be in base units: 1000 or 1024, 28 to 31 days."""
    measure = quantity.measure
    if measure is None:
        return (Fraction(1),)
    found = [measure.size]
    if measure.binary is not None:
        found.append(measure.binary)
    found.extend(measure.span or ())
    return tuple(found)


def times(left: Amount, right: Amount, power: int = 1) -> Amount | None:
    """The product, or with power −1 the quotient; None for a division by zero."""
    if power < 0 and right.value == 0:
        return None
    value = left.value * right.value if power > 0 else left.value / right.value
    dimensions = multiply(left.dimensions, right.dimensions, power)
    return Amount(value, dimensions, left.is_bare and right.is_bare)


def to_power(base: Fraction, exponent: Fraction) -> Fraction | None:
    """`base^exponent` for a whole exponent up to 64 in size; None for any other, and for 1/0."""
    if exponent.denominator != 1 or abs(exponent) > LARGEST_POWER or not (base or exponent > 0):
        return None
    if max(base.numerator.bit_length(), base.denominator.bit_length()) > LARGEST_BASE:
        return None
    return Fraction(base**exponent.numerator)


def is_hedged(text: str, start: int, quantity: Quantity) -> bool:
    """The quantity at `start` of a text is stated only roughly."""
    if quantity.comparison.strip() in ("~", "≈", "∼", "≃"):
        return True
    return _HEDGE.search(text, max(0, start - 24), start) is not None


def is_at_least(text: str, end: int, stated: Quantity, exact: Fraction) -> bool:
    """`95%+`: the stated value is a bound from below, and the exact one keeps it."""
    return _OR_MORE.match(text, end) is not None and abs(exact) >= abs(stated.face)


def is_right(stated: Quantity, exact: Fraction, hedged: bool = False) -> bool:  # noqa: FBT002
    """The exact face value rounds to the stated one at the precision that it is stated with."""
    off = abs(exact - stated.face)
    if off <= stated.step / 2:
        return True
    return hedged and off <= max(abs(stated.face) * HEDGE_SHARE, significant_step(stated))


def is_rounded(stated: Quantity, exact: Fraction) -> bool:
    """The stated value is what a division or a conversion leaves.

    It is rounded at its last digit that is no trailing zero, by at most a twentieth, or cut off
    there; a whole number of things may be rounded up.
    """
    step = significant_step(stated)
    off = exact - stated.face
    largest = max(abs(stated.face), abs(exact))
    if abs(off) <= max(stated.step / 2, min(step / 2, largest * HEDGE_SHARE)):
        return True
    if _ends_in_five(stated, step) and abs(off) <= step * 5 / 2:
        return True
    counts = stated.measure is None or not (stated.measure.dimensions or stated.is_percent)
    if counts and stated.step == 1 and step == 1:
        return abs(off) < 1
    if abs(exact) <= abs(stated.face):
        return False
    cut = min(step, abs(stated.face) * CUT_SHARE) if exact.denominator > 1 else stated.step
    return abs(off) < max(stated.step, cut)


def _ends_in_five(stated: Quantity, step: Fraction) -> bool:
    """`725` for 724.32: numbers of three digits that are rounded to fives."""
    return bool(step) and significant(stated) >= 3 and abs(stated.face) / step % 10 == 5


def is_about_power(stated: Quantity, exact: Fraction) -> bool:
    """`1 day = 10^5 sec`: a power of ten alone tells the order of magnitude."""
    is_power = stated.digits == "10" and stated.power.startswith("^")
    return is_power and stated.face / 3 <= exact <= stated.face * 3


def is_like_a_slip(ratio: Fraction, near: Fraction) -> bool:
    """Two values are as far apart as a slip brings them: near, or by about a usual factor."""
    ratio = abs(ratio)
    if not ratio:
        return False
    ratio = max(ratio, 1 / ratio)
    return ratio < near or any(abs(ratio - slip) <= slip * _SLIP_SHARE for slip in _SLIPS)


def has_many_digits(exact: Fraction) -> bool:
    """The exact value needs more than three significant digits, so that it is written rounded."""
    if not exact or (exact.denominator == 1 and abs(exact.numerator) < 1000):
        return False
    scaled = abs(exact)
    while scaled >= 1000:
        scaled /= 10
    while scaled < 100:
        scaled *= 10
    return scaled.denominator != 1


def significant_step(quantity: Quantity) -> Fraction:
    """The worth of one in the last digit that is no trailing zero of an integer.

    The last zero of two decimals and more (`4.90`) may be there for its form alone.
    """
    digits = re.sub(r"[^\d.]", "", quantity.digits)
    if len(digits.partition(".")[2]) > 1 and digits.endswith("0"):
        return quantity.step * 10
    if "." in digits or not digits.strip("0"):
        return quantity.step
    return quantity.step * Fraction(10) ** (len(digits) - len(digits.rstrip("0")))


def significant(quantity: Quantity) -> int:
    """How many significant digits are written, trailing zeros of an integer left out."""
    digits = re.sub(r"[^\d.]", "", quantity.digits)
    if "." not in digits:
        digits = digits.rstrip("0")
    return len(digits.replace(".", "").lstrip("0"))


def in_digits(value: Fraction, like: Quantity | None = None) -> str:
    """A value for a message: exact where it is short, else to four significant digits.

    With `like`, the value is a face value of that quantity and is written with its power of
    ten, scale, money and unit.
    """
    if like is None:
        return _decimal(value)
    scale = ("" if like.power.startswith("^") else like.power) + like.scale
    scaled = value / like.multiplier if like.multiplier else value
    if scale and abs(scaled) < Fraction(1, 10):
        scaled, scale = value, ""
    sign = "−" if scaled < 0 else ""
    return f"{sign}{like.money}{_decimal(abs(scaled))}{scale}{like.unit}"


def _decimal(value: Fraction) -> str:
    if value == 0:
        return "0"
    sign = "−" if value < 0 else ""
    value = abs(value)
    for decimals in range(5):
        if (value * 10**decimals).denominator == 1:
            return f"{sign}{_grouped(value, decimals)}"
    decimals = 3
    while value * 10**decimals < 1000 and decimals < 40:
        decimals += 1
    while decimals and value * 10**decimals >= 10_000:
        decimals -= 1
    return f"{sign}{_grouped(value, decimals)}"


def _grouped(value: Fraction, decimals: int) -> str:
    """`value` rounded half up to so many decimals, with a comma every three digits."""
    whole = int(value * 10**decimals + Fraction(1, 2))
    digits = (
        str(whole).rjust(decimals + 1, "0")
        if whole.bit_length() < 4000
        else f"2^{whole.bit_length()}"
    )
    if not decimals:
        return f"{int(digits):,}" if digits.isdigit() else digits
    return f"{int(digits[:-decimals]):,}.{digits[-decimals:]}"
