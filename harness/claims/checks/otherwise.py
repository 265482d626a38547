"""An equation that does not hold in, whether its text means something else by it out.

Integers as machines have them, bits, base two, remainders, texts that are joined, brackets that
were left out: of such an equation nothing is said.
"""

# ruff: noqa: RUF001, RUF002

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import partial

from harness.claims.arithmetic import amount, is_right, significant, to_power
from harness.claims.folding import folded, in_integers, is_plain
from harness.claims.quantity import Quantity
from harness.claims.recompute import recomputed
from harness.claims.terms import Expression
from harness.claims.values import Statement

_WORDS = (8, 16, 32, 64)
_SATURATED = frozenset(2**bits for word in _WORDS for bits in (word, word - 1))
_MODULAR = re.compile(r"\bmod(?:ulo|ular|ulus)?\b", re.IGNORECASE)
_DENIED = re.compile(
    r"\b(?:false|incorrect(?:ly)?|wrong(?:ly)?|absurd|nonsense|untrue|contradict\w*|invalid|"
    r"suppos\w+|pretend\w*|solve for|"
    r"(?:decides?|believes?|claims?|insists?|thinks?|agrees?|says?) that)\b"
    r"|[≠❌✗✘]",
    re.IGNORECASE,
)
_NEAR = 60
"""Characters on both sides of an outcome in which the text may deny it, or lay it on others."""
_POINTED = re.compile(r"\d{1,3}(?:\.\d{3})+\Z")
_MEAN = re.compile(r"\b(?:average|avg|mean|median|weighted|blended|overall)\b", re.IGNORECASE)
_BESIDE = 24
"""Characters after an outcome in which the text may call it a mean."""
_LONG, _LONG_DECIMAL = 7, 4
"""Significant digits from which on a whole number, or a decimal, has mostly been rounded."""
_BITS = re.compile(r"[01]+\Z")


def is_meant_otherwise(
    statement: Statement, expression: Expression, number: int, exact: Fraction
) -> bool:
    """The outcome, the statement's number at an index, is what another reading gives."""
    stated = statement.quantity(number)
    terms = [statement.quantity(index) for index in expression.numbers]
    start = statement.found[number].start
    if _DENIED.search(statement.text, max(0, start - _NEAR), start + _NEAR):
        return True
    if _has_other_brackets(statement, expression, stated) or _is_of_measured(
        expression, terms, stated, exact
    ):
        return True
    is_factor = stated.unit.strip() in ("x", "×", "-fold")
    if is_factor and expression.operators == "/" and exact and is_right(stated, 1 / exact):
        return True
    if set(expression.operators) <= {"+", "-"} and _are_of_rounded(terms, stated, exact):
        return True
    is_mean = _MEAN.search(statement.text, start, statement.found[number].end + _BESIDE)
    values = [amount(term).value for term in terms]
    if is_mean and min(values) <= amount(stated).value <= max(values):
        return True
    if any(term.sign and term.power.startswith("^") for term in terms):
        return True
    if _has_points(expression, statement, stated):
        return True
    if stated.unit or stated.money or not is_plain(statement, expression):
        return False
    if len(terms) == 1 and "/" in terms[0].digits and is_right(stated, exact * 100):
        return True
    if not all(each.digits.isdigit() for each in (stated, *terms)):
        return _is_machine_arithmetic(statement, expression, stated, exact)
    return (
        _MODULAR.search(statement.text) is not None
        or _is_machine_arithmetic(statement, expression, stated, exact)
        or _is_of_bits(statement, expression, terms, stated)
        or _is_joined(expression, terms, stated)
        or _has_lost_power(statement, expression, stated)
    )


def tells_unit(statement: Statement, expression: Expression, number: int) -> bool:
    """`9,999 steps = 9,999 × 65,536 CU`, `1 post = 64 bytes + 140 bytes`: what a thing is worth.

    So does `100 posts = 100 writes + 100 messages`.
    """
    stated = statement.quantity(number)
    terms = [statement.quantity(index) for index in expression.numbers]
    noun = statement.found[number].noun
    nouns = [statement.found[index].noun for index in expression.numbers]
    if noun and noun not in nouns and all(nouns) and all(t.face == stated.face for t in terms):
        return True
    measures = [each.measure for each in (stated, *terms)]
    has_unit = [bool(measure and measure.dimensions) for measure in measures]
    if stated.face == 1 and not has_unit[0] and any(has_unit):
        return True
    return set(expression.operators) == {"×"} and stated.face in [each.face for each in terms]


def _has_other_brackets(statement: Statement, expression: Expression, stated: Quantity) -> bool:
    """`16 × 28 / 2 × 2 = 112`, `90 + 120 / 2 = 105`: brackets were left out."""
    return any(
        is_right(stated, value)
        for meant in _bracketed(expression)
        for value in recomputed(statement, meant, stated)
    )


def _bracketed(whole: Expression) -> Iterator[Expression]:
    """`a / b × c` as `a / (b × c)`, and `a + b × c`, `a × b + c` with the sum first."""
    left, right = whole.left, whole.right
    if left is None or right is None:
        return
    if whole.op == "×" and left.op == "/" and left.left and left.right:
        yield Expression("/", -1, left.left, Expression("×", -1, left.right, right))
    if whole.op == "+" and right.op == "×" and right.left and right.right:
        yield Expression("+", -1, Expression("×", -1, left, right.right), right.left)
    if whole.op in ("+", "-"):
        if right.op in ("×", "/") and right.left and right.right:
            yield Expression(right.op, -1, Expression(whole.op, -1, left, right.left), right.right)
        if left.op in ("×", "/") and left.left and left.right:
            yield Expression(left.op, -1, left.left, Expression(whole.op, -1, left.right, right))


def _is_of_measured(
    expression: Expression, terms: list[Quantity], stated: Quantity, exact: Fraction
) -> bool:
    """`3.41 / 1.9 = 1.82`: the quotient of two decimals may be that of what was measured."""
    if expression.op != "/" or len(terms) != 2 or not all("." in term.digits for term in terms):
        return False
    if not all(term.face for term in terms):
        return False
    above, below = (term.step / 2 / abs(term.face) for term in terms)
    ends = sorted((exact * (1 - above) / (1 + below), exact * (1 + above) / (1 - below)))
    return ends[0] - stated.step / 2 <= stated.face <= ends[1] + stated.step / 2


def _are_of_rounded(terms: list[Quantity], stated: Quantity, exact: Fraction) -> bool:
    """`993,999,999 + 6,000,000 = 1,000,000,000`: each term may have been rounded, or cut off.

    So it is with very long numbers and with long decimals; but cents are exact.
    """
    longest = max(significant(term) for term in terms)
    is_decimal = all("." in term.digits and not term.money for term in terms)
    if longest < (_LONG_DECIMAL if is_decimal else _LONG):
        return False
    measure = stated.measure
    size = measure.size if measure else Fraction(1)
    steps = [term.step * (term.measure.size if term.measure else 1) / size for term in terms]
    return abs(exact - stated.face) <= (sum(steps, Fraction(0)) + stated.step) / 2


def _has_points(expression: Expression, statement: Statement, stated: Quantity) -> bool:
    """`1.000 + 500 = 1.500`: the points part thousands."""

    def face(quantity: Quantity) -> Fraction:
        if not _POINTED.match(quantity.digits):
            return quantity.face
        return replace(quantity, digits=quantity.digits.replace(".", "")).face

    quantities = [statement.quantity(index) for index in expression.numbers]
    if not any(_POINTED.match(quantity.digits) for quantity in (stated, *quantities)):
        return False
    return folded(expression, lambda index: face(statement.quantity(index))) == face(stated)


def _is_machine_arithmetic(
    statement: Statement, expression: Expression, stated: Quantity, exact: Fraction
) -> bool:
    """Integers as a machine has them: quotients cut off, sums wrapped round or held at a limit."""
    if stated.step != 1:
        return False
    if stated.face in (int(exact), exact // 1, in_integers(statement, expression)):
        return True
    if stated.face + 1 in _SATURATED and exact > stated.face:
        return True
    off = exact - stated.face
    return off.denominator == 1 and any(
        int(off) % 2**bits == 0 and -(2 ** (bits - 1)) <= stated.face < 2**bits for bits in _WORDS
    )


def _is_of_bits(
    statement: Statement, expression: Expression, terms: list[Quantity], stated: Quantity
) -> bool:
    """`5 ^ 3 = 6` by bits, `11 + 1 = 100` in base two, `1 + 1 = 1` of truth values."""
    if expression.op == "^" and len(terms) == 2:
        return int(terms[0].digits) ^ int(terms[1].digits) == stated.face
    if len(terms) == 1 and terms[0].power.startswith("^"):
        exponent = terms[0].power[1:]
        return exponent.isdigit() and int(terms[0].digits) ^ int(exponent) == stated.face
    if not all(_BITS.match(each.digits) for each in (stated, *terms)):
        return False
    if all(len(each.digits) == 1 for each in (stated, *terms)):
        return True
    value = folded(expression, lambda index: Fraction(int(statement.quantity(index).digits, 2)))
    return value == int(stated.digits, 2)


def _has_lost_power(statement: Statement, expression: Expression, stated: Quantity) -> bool:
    """`163 − 1 = 4095`: the three was written small, and the text has lost that."""

    def face(index: int, lost: int) -> Fraction:
        digits = statement.quantity(index).digits
        if index == lost and len(digits) > 1:
            return to_power(Fraction(int(digits[:-1])), Fraction(int(digits[-1]))) or Fraction(0)
        return Fraction(int(digits))

    return any(
        folded(expression, partial(face, lost=index)) == stated.face for index in expression.numbers
    )


def _is_joined(expression: Expression, terms: list[Quantity], stated: Quantity) -> bool:
    """`1 + 1 = 11`: texts are joined, no numbers added."""
    return set(expression.operators) == {"+"} and stated.digits == "".join(
        term.digits for term in terms
    )
