"""One quantity as text in, its parts out, and back: the published grammar.

    quantity   = [comparison] [sign] [money] digits [power] [scale] [unit]
    comparison = ("<" | ">" | "<=" | ">=" | "≤" | "≥" | "≈" | "~") [" "]
    sign       = "+" | "-" | "−" | "±"
    money      = "$" | "US$" | "€" | "£" | "¥" | "₹" | "Ξ"
    digits     = plain number | number with , _ or thin spaces every three digits | n "/" m
    power      = "^" integer | "e" integer | [" "] ("×" | "x") [" "] "10^" integer
    scale      = "k" | "K" | "M" | "B" | "T" | " " ("thousand" | "million" | "billion" | …)
    unit       = [" " | "-"] name { ("/" | " per ") name }

Printing what was parsed gives the text back, character for character.
"""

# ruff: noqa: RUF001, RUF002

import re
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache

from harness.claims.units import (
    BINARY_SCALES,
    GLUED,
    MONEY,
    SCALE_WORDS,
    SCALES,
    SPACED,
    UNITS,
    Dimensions,
    Unit,
    compound,
    multiply,
)
from harness.model.values import dataclass

LONGEST = 60
"""Digits and power of ten that a quantity may have; a longer one is notation, not a claim."""

_BEFORE = re.compile(r"((?:[<>]=?|[≤≥≈~∼≃])\s?)?([-+−±])?((?:US)?\$|[€£¥₹Ξ])?\Z")
_POWER = re.compile(r"\^[-−]?\d+(?![\w.])|[eE][-+]?\d+(?!\w)|[  ]?[×x*][  ]?10\^[-−]?\d+(?!\w)")
_GLUED = re.compile(r"[A-Za-zµμ%‰°Φ×ΞΩ$€£]+")
_SPACED = re.compile(r"[  \u202f]([A-Za-zµμ%‰°$€£][A-Za-z$€£]*)(?![\w-])")
_HYPHENED = re.compile(r"-([A-Za-z]{3,})(?![\w])")
_TAIL = re.compile(r"(?:/(?:[A-Za-zµμ%]+)(?![\w]))+|[  ]per[  ](?:[a-z]+)(?!\w)")
_RATE = re.compile(r"[  ]([A-Za-z]+)(?:/|[  ]per[  ])([A-Za-zµμ]+)(?!\w)")
_SCALE_WORD = re.compile(r"[  ]?(" + "|".join(SCALE_WORDS) + r")(?![\w])")
_SCALE_RATE = re.compile(r"([  ][KMB])(/(?:s|sec|min|h|hr|hour|day|week|mo|month|year))(?!\w)")
_TIMES = re.compile(r"[×x](?=[  ]?[$€£\d]|\()|×(?=[A-Za-z])")
_TYPE_TAIL = re.compile(r"/([A-Za-z]+)")

DIGITS = re.compile(
    r"""
    (?P<hex>0[xX][0-9A-Fa-f_]++|0[bo][0-7_]{2,}+)
    |(?P<date>(?:19|20)\d{2}-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?(?!\d)
       |\d{1,2}(?P<dot>[./])\d{1,2}(?P=dot)(?:19|20)\d{2}(?!\d)
       |(?:19|20)\d{2}/\d{1,2}/\d{1,2}(?!\d))
    |(?P<version>\d+(?:\.\d+){2,}+[\w+-]*)
    |(?P<clock>\d+(?::\d+)++)
    |(?P<fraction>(?<!\d/)\d+/\d+(?![\d/]))
    |(?P<grouped>\d{1,3}(?:,\d{3})++(?!\d)(?:\.\d++)?|\d{1,3}(?:_\d{3})++(?!\d)
       |\d{1,3}(?:[\u202f\u2009]\d{3})++(?!\d)(?:\.\d++)?|\d{1,3}(?:\ 000)++(?![\d.,]\d|\d))
    |(?P<plain>\d++(?:\.\d++)?|(?<![\w.)\]])\.\d++)
    """,
    re.VERBOSE,
)
"""Where digits stand, and what sort of number they are."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """The parts of a quantity, each as it was written, with the spaces that it was written with."""

    digits: str
    comparison: str = ""
    sign: str = ""
    money: str = ""
    power: str = ""
    scale: str = ""
    unit: str = ""

    @property
    def text(self) -> str:
        """The quantity as it was written."""
        before = self.comparison + self.sign + self.money
        return before + self.digits + self.power + self.scale + self.unit

    @property
    def face(self) -> Fraction:
        """The number with its scale and sign, its unit left aside."""
        value = _worth(self.digits, self.power, self.scale)
        return -value if self.sign in ("-", "−") else value

    @property
    def multiplier(self) -> Fraction:
        """What the power and the scale multiply the digits by."""
        return _multiplier(self.power, self.scale)

    @property
    def step(self) -> Fraction:
        """The worth of one in the last digit that is written; 0 for a fraction of integers."""
        if "/" in self.digits:
            return Fraction(0)
        if self.power.startswith("^"):
            return Fraction(1)
        _, _, decimals = self.digits.partition(".")
        return Fraction(1, 10 ** len(decimals)) * self.multiplier

    @property
    def measure(self) -> Unit | None:
        """The unit with its money, or None for a bare number."""
        return _measure(self.unit, self.money)

    @property
    def is_percent(self) -> bool:
        """The unit is the percent sign or its word."""
        return self.unit.strip() in ("%", "percent", "pct")


@lru_cache(4096)
def _worth(digits: str, power: str, scale: str) -> Fraction:
    value = _number(digits)
    if power.startswith("^"):
        value = value ** _exponent(power)
    return value * _multiplier(power, scale)


@lru_cache(1024)
def _multiplier(power: str, scale: str) -> Fraction:
    known = SCALES.get(scale.strip()) or BINARY_SCALES.get(scale, Fraction(1))
    if not power or power.startswith("^"):
        return known
    return Fraction(10) ** _exponent(power) * known


@lru_cache(4096)
def _measure(text: str, money: str) -> Unit | None:
    unit = compound(text.strip().removeprefix("-"))
    if not money:
        return unit
    dimensions: Dimensions = ((MONEY[money], 1),)
    if unit is None:
        return Unit(dimensions, Fraction(1))
    return replace(unit, dimensions=multiply(dimensions, unit.dimensions), binary=None)


def _number(digits: str) -> Fraction:
    above, slash, below = digits.partition("/")
    if slash:
        return Fraction(int(above), int(below)) if int(below) else Fraction(0)
    return Fraction(re.sub(r"[,_ \u202f\u2009]", "", digits))


def _exponent(power: str) -> int:
    return int(re.split(r"\^|[eE]", power)[-1].replace("−", "-"))


def read_quantity(text: str, digits: re.Match[str]) -> Quantity | None:
    """The longest quantity around the digits; None where letters at once after them are no unit."""
    before = _BEFORE.search(text, max(0, digits.start() - 7), digits.start())
    comparison, sign, money = (
        (before[1] or "", before[2] or "", before[3] or "") if before else ("",) * 3
    )
    start = digits.start() - len(sign) - len(money)
    if sign and start and (text[start - 1].isalnum() or text[start - 1] in ")]%_"):
        sign = comparison = ""
    if comparison and not _opens(text, start - len(comparison)):
        comparison = ""
    number = digits[0]
    if len(number) > LONGEST or (digits.lastgroup == "fraction" and money):
        return None
    position = digits.end()
    power = ""
    shown = _POWER.match(text, position)
    if shown and len(shown[0]) < 9 and digits.lastgroup == "plain":
        power = shown[0]
        position = shown.end()
        if abs(_exponent(power)) > LONGEST or (power.startswith("^") and len(number) > 4):
            return None
        if power.startswith("^") and not number.strip("0"):
            return None
    tail = _scale_and_unit(text, position, number, money)
    if tail is None:
        return None
    return Quantity(number, comparison, sign, money, power, *tail)


def _opens(text: str, start: int) -> bool:
    """A comparison opens a quantity only where no arrow, tag or operand ends before it."""
    return start <= 0 or text[start - 1] not in "-=<>!&|~:"


def _scale_and_unit(text: str, position: int, number: str, money: str) -> tuple[str, str] | None:
    """The scale and the unit that stand at a position; None for letters that are neither."""
    glued = _GLUED.match(text, position)
    if glued and not _TIMES.match(text, position):
        return _glued(text, glued, number, money)
    word = _SCALE_WORD.match(text, position)
    if word:
        return word[0], _spaced(text, word.end())
    letter = _SCALE_RATE.match(text, position)
    if letter:
        return letter[1], letter[2]
    hyphened = _HYPHENED.match(text, position)
    if hyphened:
        return "", hyphened[0]
    return "", ("" if money else _spaced(text, position)) or _tail(text, position, money)


def _tail(text: str, position: int, money: str) -> str:
    """`/mo` after money or a scale, ` per second`; a bare number takes any `/unit`."""
    tail = _TAIL.match(text, position)
    if tail is None:
        return ""
    known = _TYPE_TAIL.match(tail[0])
    if money or tail[0].startswith((" ", " ")) or (known and known[1] in UNITS):
        return tail[0]
    return ""


def _glued(text: str, glued: re.Match[str], number: str, money: str) -> tuple[str, str] | None:
    letters, end = glued[0], glued.end()
    if end < len(text) and (text[end].isalnum() or text[end] == "_"):
        return None
    scale = ""
    if letters == "B" and _is_billion(text, end, number, money):
        scale, letters = "B", ""
    elif letters in SCALES and letters not in UNITS:
        scale, letters = letters, ""
    elif (
        letters not in GLUED and letters[0] in "kKMB" and len(letters) > 2 and letters[1:] in GLUED
    ):
        scale, letters = letters[0], letters[1:]
    if letters and letters not in GLUED:
        return None
    tail = _TAIL.match(text, end)
    if tail and letters + tail[0] in GLUED:
        return scale, letters + tail[0]
    if not letters:
        return scale, tail[0] if tail else ("" if money else _spaced(text, end))
    return scale, letters + (tail[0] if tail else "")


def _is_billion(text: str, end: int, number: str, money: str) -> bool:
    """`1B` is a billion; `64B` without money, rate or noun is bytes."""
    if money or (text.startswith("/", end) and not text.startswith("/s", end)):
        return True
    if re.match(r" [a-z]{3,}", text[end : end + 5]):
        return True
    return not (number.isdigit() and int(number) % 8 == 0)


def _spaced(text: str, position: int) -> str:
    """A unit after a space, a rate of counted things (` events/s`), or nothing."""
    rate = _RATE.match(text, position)
    if rate and rate[2] in UNITS and UNITS[rate[2]].dimensions != ():
        return rate[0]
    word = _SPACED.match(text, position)
    if word is None or word[1] not in SPACED:
        return ""
    if word[1] == "%" and re.match(r" ?\d", text[word.end() : word.end() + 2]):
        return ""
    tail = _TAIL.match(text, word.end())
    return word[0] + (tail[0] if tail else "")
