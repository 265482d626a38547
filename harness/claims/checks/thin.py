"""An equation that does not hold in, whether too little says that it was meant as one out.

A unit that no term has, a factor that stands beside it, a rate among what is added, a list that
goes on: of such an equation nothing is said.
"""

# ruff: noqa: RUF001, RUF002

import re
from collections.abc import Iterator
from fractions import Fraction

from harness.claims.arithmetic import (
    HEDGE_SHARE,
    amount,
    is_about_power,
    is_like_a_slip,
    is_right,
    significant,
    significant_step,
)
from harness.claims.quantity import Quantity
from harness.claims.recompute import has_same_dimensions, recomputed
from harness.claims.terms import Expression
from harness.claims.units import SCALE_WORDS, UNITS
from harness.claims.values import Statement

_FAR = Fraction(10)
"""How far off an outcome is that no term's unit, noun or money vouches for."""
_LEFT_OUT, _LEFT_OUT_OF_UNLIKE = 100, 2
"""The least number beside an equation that is taken for a factor that it leaves out."""
_ELEMENTS = (2, 4, 8)
"""Bytes of one number: `1536 × 20M = 120 GB`."""
_EQUALS = re.compile(r"=|≈|\bequals\b")
_NOUN = 30
"""Characters after the last term in which its noun is looked for."""
_EACH = re.compile(r"\beach\b", re.IGNORECASE)
_RATE = re.compile(r"[^=+()]{0,40}?\bper\b")
_PREFIXED = re.compile(r"[kMGTPE]i?(?:F|FLOPS?|OPS?|Ops?|FLOPs|Tok\w*|H|V|A|Pix\w*|IPS|Hashes)\Z")
"""`TFLOP`, `GiOps`: a unit that is not known."""
_SPOKEN = re.compile(
    r"[ \t]*\n\s*(?:" + "|".join((*SCALE_WORDS, *filter(str.isalpha, UNITS))) + r")(?!\w)"
)
"""A line's end parts an outcome from its scale or unit."""
_PARALLEL = re.compile(r"\b(?:parallel|concurrently|simultaneously)\b", re.IGNORECASE)
_NEAR = 60
"""Characters on both sides of an equation in which the text may say that its terms overlap."""
_NEGATIVE = re.compile(r"\bnegative\s\Z", re.IGNORECASE)
_DASHED = re.compile(r"[A-Za-z]\s+[-–—]\s+\Z")


def is_thin(
    statement: Statement,
    expression: Expression,
    number: int,
    values: list[Fraction],
    *,
    chained: bool,
) -> bool:
    """The outcome, the statement's number at an index, may be of something else.

    `values` are what the expression may come to; `chained` says that the expression itself
    follows a sign of equality.
    """
    stated, found = statement.quantity(number), statement.found[number]
    terms = [statement.quantity(index) for index in expression.numbers]
    is_sum = set(expression.operators) <= {"+", "-"}
    is_plain = not (stated.unit or stated.money or stated.scale)
    if _SPOKEN.match(statement.text, found.end) or any(term.unit == "m" for term in terms):
        return True
    if _NEGATIVE.search(statement.text, max(0, found.start - 12), found.start):
        return any(is_right(stated, abs(value)) for value in values)
    # A percentage whose sign is elsewhere.
    if is_plain and "/" in expression.operators and any(is_right(stated, v * 100) for v in values):
        return True
    nouns = [statement.found[index].noun for index in expression.numbers]
    if any(map(_PREFIXED.match, [found.noun] * is_plain + nouns)):
        return True
    exact = likeliest(values, stated)
    if is_about_power(stated, exact) or _EACH.search(_said(statement, expression)):
        return True
    if is_far(exact, stated) and not (
        _is_of_figures_alone(statement, expression, number)
        or (is_sum and all(term.measure for term in terms))
    ):
        return True
    if is_sum:
        return _is_no_sum(statement, expression, number, chained=chained)
    return (
        _is_product_of_others(statement, expression, number)
        or _leaves_out_factor(statement, expression, number, exact)
        or _is_of_rounded_factors(terms, stated, exact)
        or _ends_another(statement, expression, number, chained=chained)
        or _are_at_once(statement, expression, found.end)
    )


def likeliest(values: list[Fraction], stated: Quantity) -> Fraction:
    """Of what an expression may come to, the first; where that is far off, what is nearest."""

    def factor(value: Fraction) -> Fraction:
        ratio = abs(value / stated.face) if stated.face else Fraction(0)
        return max(ratio, 1 / ratio) if ratio else Fraction(10**60)

    return min(values, key=factor) if is_far(values[0], stated) else values[0]


def is_far(exact: Fraction, stated: Quantity) -> bool:
    """So far off, and by no usual factor, that the outcome may be of something else."""
    return not is_like_a_slip(exact / stated.face if stated.face else exact, _FAR)


def _are_at_once(statement: Statement, expression: Expression, end: int) -> bool:
    """`10 workers × 35s ≈ 40s` in parallel: what is done at once is not added."""
    first = statement.found[min(expression.numbers)].start
    return _PARALLEL.search(statement.text, max(0, first - _NEAR), end + _NEAR) is not None


def _is_of_figures_alone(statement: Statement, expression: Expression, number: int) -> bool:
    """Nothing but numbers: what they count is not in doubt."""
    indexes = (number, *expression.numbers)
    quantities = [statement.quantity(index) for index in indexes]
    nouns = [statement.found[index].noun for index in indexes]
    return not any(nouns) and not any(q.unit or q.money or q.scale for q in quantities)


def _is_no_sum(statement: Statement, expression: Expression, number: int, *, chained: bool) -> bool:
    """`30s + threshold 3 = 90s`, `12 replicas per index + 12 = 4,320`, `3 + 3 = 2 coins`."""
    stated, noun = statement.quantity(number), statement.found[number].noun
    indexes = expression.numbers
    terms = [statement.quantity(index) for index in indexes]
    if any(_RATE.match(statement.text[statement.found[n].end :][:60]) for n in indexes[:-1]):
        return True
    last = _words_after(statement, indexes[-1])
    if re.search(r"\bper\b", last) or (noun and stated.face == len(terms)):
        return True
    nouns = [statement.found[n].noun for n in indexes]
    has_unit = stated.measure is not None and stated.measure.dimensions
    if has_unit and all(nouns) and not any(term.measure for term in terms):
        return True
    if stated.is_percent and set(expression.operators) == {"+"}:
        overlap = _overlapping(terms)
        return overlap is None or abs(overlap - stated.face) <= stated.face * HEDGE_SHARE
    if len(terms) == 2 and expression.op == "+" and bool(terms[0].unit) != bool(terms[1].unit):
        product = Expression("×", -1, expression.left, expression.right)
        if any(is_right(stated, value) for value in recomputed(statement, product, stated)):
            return True
    return _ends_another(statement, expression, number, chained=chained)


def _words_after(statement: Statement, index: int) -> str:
    end = statement.found[index].end
    return _EQUALS.split(statement.text[end : end + _NOUN])[0]


def _overlapping(terms: list[Quantity]) -> Fraction | None:
    """What savings one after another come to; None where one is no percentage."""
    rest = Fraction(1)
    for term in terms:
        if not term.is_percent:
            return None
        rest *= 1 - term.face / 100
    return (1 - rest) * 100


def _is_product_of_others(statement: Statement, expression: Expression, number: int) -> bool:
    """`3 ENIs × 10 IPs = 29 pods`: three things are counted, and none of them is another.

    So it is where things alone come to a unit: `10 GbE × 100 nodes = 125 GB/s`.
    """
    nouns = [_stem(statement.found[index].noun) for index in (number, *expression.numbers)]
    terms = [statement.quantity(index) for index in (number, *expression.numbers)]
    if any(term.unit or term.money for term in terms[1:]):
        return False
    measure = terms[0].measure
    if measure is not None and measure.dimensions:
        return any(nouns[1:])
    return all(nouns) and len(set(nouns)) == len(nouns) > 2


def _is_of_rounded_factors(terms: list[Quantity], stated: Quantity, exact: Fraction) -> bool:
    """`29 × 16,700 = 483k`: numbers of three digits and more before zeros may be rounded."""
    slack = sum(
        significant_step(term) / 2 / abs(term.face)
        for term in terms
        if significant(term) >= 3 and significant_step(term) > term.step
    )
    return abs(exact - stated.face) <= abs(exact) * slack + stated.step / 2


def _said(statement: Statement, expression: Expression) -> str:
    """The expression as it is written."""
    first, last = min(expression.numbers), max(expression.numbers)
    return statement.text[statement.found[first].start : statement.found[last].end]


def _stem(noun: str) -> str:
    return noun.lower().rstrip("s")


def _leaves_out_factor(
    statement: Statement, expression: Expression, number: int, exact: Fraction
) -> bool:
    """`20 counters × 8 bytes = 160 MB`, where 1M keys are beside it: that many times as much.

    Or what a share leaves is meant: `5M × 90% cached = 500K` come through.
    """
    stated = statement.quantity(number)
    is_alike = has_same_dimensions(statement, expression, stated)
    least = _LEFT_OUT if is_alike else _LEFT_OUT_OF_UNLIKE
    beside = [
        found.quantity.face
        for index, found in enumerate(statement.found)
        if index != number and index not in expression.numbers and found.quantity is not None
    ]
    factors = [Fraction(face) for face in beside if face >= least]
    is_size = stated.measure and "information" in dict(stated.measure.dimensions)
    if not is_alike and is_size:
        factors += [
            Fraction(stated.face) / exact
            for size in _ELEMENTS
            if exact and abs(exact * size - stated.face) <= stated.face * HEDGE_SHARE
        ]
    shares = [statement.quantity(index) for index in expression.numbers]
    factors += [
        (100 - share.face) / share.face for share in shares if share.is_percent and share.face
    ]
    return any(is_right(stated, exact * factor) for factor in factors)


def _ends_another(
    statement: Statement, expression: Expression, number: int, *, chained: bool
) -> bool:
    """What comes last in it holds alone: `= 20 GB + 10M × 200B = 2 GB`, `Trees - 5 × 5 = 25`."""
    stated = statement.quantity(number)
    for left, rest in _rests(expression):
        last, first = max(left.numbers), min(rest.numbers)
        between = statement.text[statement.found[last].end : statement.found[first].start]
        is_apart = chained or "plus" in between or _DASHED.search(between)
        if is_apart and any(is_right(stated, v) for v in recomputed(statement, rest, stated)):
            return True
    return False


def _rests(whole: Expression) -> Iterator[tuple[Expression, Expression]]:
    """A sum's first terms and its others, parted at each of its operators."""
    rest: Expression | None = None
    while whole.op in ("+", "-") and whole.left is not None and whole.right is not None:
        rest = _joined(whole.right, rest)
        following, whole = whole.op, whole.left
        yield whole, rest
        if following == "-":
            return


def _joined(first: Expression, rest: Expression | None) -> Expression:
    return first if rest is None else Expression("+", -1, first, rest)


def is_score(statement: Statement, expression: Expression, stated: Quantity) -> bool:
    """`24/30 = 5 + 4 + 2 + 4 + 5 + 4`: so many of so many."""
    above, slash, _ = stated.digits.partition("/")
    if not slash:
        return False
    values = [amount(statement.quantity(index)).value for index in expression.numbers]
    return set(expression.operators) == {"+"} and sum(values) == int(above)
