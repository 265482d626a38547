"""Spelling of a unit in, its dimensions and exact factor out."""

# ruff: noqa: RUF001

import re
from fractions import Fraction
from functools import lru_cache

from harness.model.values import dataclass

Dimensions = tuple[tuple[str, int], ...]
"""Base quantities with their exponents, sorted, none of them zero; empty for a plain number."""

PLAIN: Dimensions = ()
DAY = Fraction(86_400)
ROUND_DAY = Fraction(100_000)
"""What many take for the seconds of a day when they estimate."""
YEAR = Fraction(1461, 4) * DAY
"""A year is 365.25 days and a month a twelfth of it; `CALENDAR` gives their real span."""

SCALES: dict[str, Fraction] = {
    "k": Fraction(10**3),
    "K": Fraction(10**3),
    "M": Fraction(10**6),
    "B": Fraction(10**9),
    "T": Fraction(10**12),
}
_SCALE_WORDS = {
    "thousand": Fraction(10**3),
    "million": Fraction(10**6),
    "billion": Fraction(10**9),
    "trillion": Fraction(10**12),
    "quadrillion": Fraction(10**15),
    "quintillion": Fraction(10**18),
    "bn": Fraction(10**9),
}
for _word, _worth in _SCALE_WORDS.items():
    SCALES |= dict.fromkeys((_word, _word.capitalize(), _word.upper()), _worth)
BINARY_SCALES = {letter + "i": Fraction(1024**power) for power, letter in enumerate("KMGT", 1)}
"""Readings of `K`, `M`, …, that a text may mean; no scale is written so before a unit's name."""

SCALE_WORDS = tuple(name for name in SCALES if len(name) > 1)

MONEY = {"$": "USD", "US$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "Ξ": "ETH"}


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit: `size` is how many base units it is, exactly.

    Base units are the second, bit, metre, gram, kelvin, watt-second and one of each currency.
    `binary` is the size by the other convention, for `KB`, `MB`, … which some write for 1024.
    `span` holds the shortest and longest size where a calendar decides (months, years).
    `timeless` is the size with every time in it counted as one.
    """

    dimensions: Dimensions
    size: Fraction
    binary: Fraction | None = None
    span: tuple[Fraction, Fraction] | None = None
    timeless: Fraction = Fraction(1)


def _table() -> dict[str, Unit]:
    table: dict[str, Unit] = {}
    for names, seconds in _TIMES:
        for name in names.split():
            table[name] = Unit((("time", 1),), Fraction(seconds))
    for names, months in (("mo mos mth month months", 1), ("q quarter quarters", 3)):
        for name in names.split():
            span = (28 * DAY * months + (months - 1) * DAY, 31 * DAY * months)
            table[name] = Unit((("time", 1),), YEAR / 12 * months, span=span)
    for name in ["y", "yr", "yrs", "year", "years"]:
        table[name] = Unit((("time", 1),), YEAR, span=(365 * DAY, 366 * DAY))
    _add_information(table)
    for names, dimension, size in _OTHERS:
        for name in names.split():
            table[name] = Unit(((dimension, 1),) if dimension else PLAIN, Fraction(size))
    for name in _RATES.split():
        table[name] = Unit((("time", -1),), Fraction(1))
    for prefix, size in (("k", 10**3), ("K", 10**3), ("M", 10**6), ("G", 10**9)):
        table[prefix + "Hz"] = Unit((("time", -1),), Fraction(size))
    table["rpm"] = table["RPM"] = Unit((("time", -1),), Fraction(1, 60))
    for code in ("JPY", "INR", "CHF", "ETH", "BTC", "SOL"):
        table[code] = Unit(((code, 1),), Fraction(1))
    for name in [name for name in table if name.islower() and len(name) >= _WORD]:
        table[name.capitalize()] = table[name]
    return table


_WORD = 4
"""Letters from which on a unit is a word, which some write with a capital: `40 Days`."""


_TIMES: tuple[tuple[str, Fraction | int], ...] = (
    ("ps picosecond picoseconds", Fraction(1, 10**12)),
    ("ns nsec nanosecond nanoseconds nanos", Fraction(1, 10**9)),
    ("us µs μs usec microsecond microseconds micros", Fraction(1, 10**6)),
    ("ms msec msecs millisecond milliseconds millis", Fraction(1, 10**3)),
    ("s sec secs second seconds", 1),
    ("min mins minute minutes", 60),
    ("h hr hrs hour hours", 3600),
    ("d day days", 86_400),
    ("wk wks week weeks", 7 * 86_400),
)
_OTHERS: tuple[tuple[str, str, Fraction | int], ...] = (
    ("nm", "length", Fraction(1, 10**9)),
    ("µm μm um", "length", Fraction(1, 10**6)),
    ("mm", "length", Fraction(1, 10**3)),
    ("cm", "length", Fraction(1, 100)),
    ("km kilometre kilometres kilometer kilometers", "length", 10**3),
    ("metre metres meter meters", "length", 1),
    ("mg", "mass", Fraction(1, 10**3)),
    ("gram grams", "mass", 1),
    ("kg", "mass", 10**3),
    ("kW", "power", 10**3),
    ("W watt watts", "power", 1),
    ("MW", "power", 10**6),
    ("kWh", "energy", 3_600_000),
    ("Wh", "energy", 3_600),
    ("°C", "celsius", 1),
    ("°F", "fahrenheit", 1),
    ("px pixel pixels", "pixel", 1),
    ("Φ", "gas", 1),
    ("% percent pct", "", Fraction(1, 100)),
    ("‰", "", Fraction(1, 1000)),
    ("ppm", "", Fraction(1, 10**6)),
    ("x × fold", "", 1),
    ("m", "m, metre or minute", 1),
    ("$ USD", "USD", 1),
    ("K$ k$", "USD", 10**3),
    ("M$", "USD", 10**6),
    ("€ EUR", "EUR", 1),
    ("k€ K€", "EUR", 10**3),
    ("M€", "EUR", 10**6),
    ("£ GBP", "GBP", 1),
)
_RATES = "rps RPS tps TPS qps QPS ops OPS iops IOPS fps FPS Hz"


def _add_information(table: dict[str, Unit]) -> None:
    """Bits and bytes with decimal and binary prefixes, and their rates per second."""
    table["bit"] = table["bits"] = Unit((("information", 1),), Fraction(1))
    table["byte"] = table["bytes"] = table["Bytes"] = Unit((("information", 1),), Fraction(8))
    table["B"] = table["byte"]
    for power, letter in enumerate("kMGTPE", 1):
        decimal, binary = Fraction(1000**power), Fraction(1024**power)
        word = ("kilo", "mega", "giga", "tera", "peta", "exa")[power - 1]
        for prefix in {letter, letter.upper()}:
            table[prefix + "B"] = Unit((("information", 1),), decimal * 8, binary=binary * 8)
            table[prefix + "b"] = Unit((("information", 1),), decimal, binary=binary)
            table[prefix + "bit"] = Unit((("information", 1),), decimal, binary=binary)
            table[prefix + "bits"] = table[prefix + "bit"]
            for rate in ("bps",):
                table[prefix + rate] = Unit((("information", 1), ("time", -1)), decimal)
            table[prefix + "Bps"] = Unit((("information", 1), ("time", -1)), decimal * 8)
            table[prefix.upper() + "iB"] = Unit((("information", 1),), binary * 8)
        table[word + "byte"] = table[word + "bytes"] = table[letter.upper() + "B"]
        for prefix in (letter, letter.upper()):
            table[prefix + "byte"] = table[prefix + "bytes"] = table[letter.upper() + "B"]
        table[word + "bit"] = table[word + "bits"] = table[letter.upper() + "b"]
    table["bps"] = Unit((("information", 1), ("time", -1)), Fraction(1))
    table["kB"] = Unit((("information", 1),), Fraction(8000), binary=Fraction(8192))


UNITS = _table()
"""Every unit that the audit knows, by each of its spellings. `m` has a dimension of its own: it
is metre or minute or million, and a guess would be an error."""

SPACED = frozenset(
    name for name in UNITS if name.lower() != "ops" and (len(name) > 1 or name in "%‰shdBW$€£")
)
"""Units that may stand after a space; "10 ops" counts operations, and is no rate."""

GLUED = frozenset(name for name in UNITS if name != "q")
"""Units that may stand at once after the digits."""


def multiply(left: Dimensions, right: Dimensions, power: int = 1) -> Dimensions:
    """The dimensions of `left · right^power`."""
    exponents = dict(left)
    for name, exponent in right:
        exponents[name] = exponents.get(name, 0) + exponent * power
    return tuple(sorted((name, value) for name, value in exponents.items() if value))


def _parts(text: str) -> list[str]:
    """What is measured, and what it is per: `GB` and `s`; nothing and `month`."""
    return _PARTED.split(text)


_PARTED = re.compile(r"/|(?:\A| )per ")


@lru_cache(4096)
def compound(text: str) -> Unit | None:
    """The unit that a spelling such as `GB/s`, `events/day` or `/mo` stands for.

    A word that the table does not hold counts things, and has no dimension; None for no text.
    """
    if not text:
        return None
    parts = _parts(text)
    dimensions, size, timeless = PLAIN, Fraction(1), Fraction(1)
    binary: Fraction | None = None
    for index, part in enumerate(parts):
        unit = UNITS.get(part.strip()) or (_PER.get(part.strip()) if index else None)
        if unit is None:
            continue
        power = -1 if index else 1
        dimensions = multiply(dimensions, unit.dimensions, power)
        size *= unit.size**power
        if unit.dimensions != (("time", 1),):
            timeless *= unit.size**power
        if unit.binary is not None and index == 0:
            binary = unit.binary
    if binary is not None:
        binary = binary * size / UNITS[parts[0].strip()].size
    return Unit(dimensions, size, binary, _span(parts, size), timeless)


_PER = {
    name: Unit(PLAIN, Fraction(10**power), timeless=Fraction(10**power))
    for power, names in (
        (3, "K k 1K 1k KTok kTok thousand"),
        (6, "M 1M MTok Mtok MTokens Mtokens million"),
        (9, "billion"),
    )
    for name in names.split()
}
"""How many things a price is of: `$3/M`, `$5 per million`."""


def _span(parts: list[str], size: Fraction) -> tuple[Fraction, Fraction] | None:
    """The shortest and longest size where one part is a calendar's."""
    for index, part in enumerate(parts):
        unit = UNITS.get(part.strip())
        if unit is not None and unit.span is not None:
            power = -1 if index else 1
            ends = sorted(size * (end / unit.size) ** power for end in unit.span)
            return ends[0], ends[1]
    return None


def counted_things(text: str) -> tuple[str, ...]:
    """The words of a unit that only count: `per timestamp`, `/file`."""
    parts = _parts(text.strip().removeprefix("-"))
    return tuple(
        part.strip().rstrip("s")
        for part in parts
        if part.strip() and part.strip() not in UNITS and part.strip() not in _PER
    )


def per_things(text: str) -> tuple[str, ...]:
    """Those of them that something is per: `/file` in `GB/file`, none in `files/day`."""
    return counted_things("/" + "/".join(_parts(text)[1:]))


def in_words(dimensions: Dimensions) -> str:
    """Dimensions for a message: `money per time`, `a plain number`."""
    above = [_power(name, exponent) for name, exponent in dimensions if exponent > 0]
    below = [_power(name, -exponent) for name, exponent in dimensions if exponent < 0]
    if not above and not below:
        return "a plain number"
    text = " × ".join(above) if above else "1"
    return f"{text} per {' and '.join(below)}" if below else text


def _power(name: str, exponent: int) -> str:
    return name if exponent == 1 else f"{name}^{exponent}"
