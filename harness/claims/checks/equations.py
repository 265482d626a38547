"""Statement in, rulings on what it states with `=` out: sums, products, quotients, conversions."""

# ruff: noqa: RUF001, RUF002

from fractions import Fraction
from itertools import pairwise

from harness.claims.arithmetic import (
    has_many_digits,
    in_digits,
    is_hedged,
    is_right,
    is_rounded,
    significant_step,
)
from harness.claims.checks.conversions import equated
from harness.claims.checks.limits import keeps_bound
from harness.claims.checks.otherwise import is_meant_otherwise, tells_unit
from harness.claims.checks.thin import is_score, is_thin, likeliest
from harness.claims.folding import in_figures, is_plain
from harness.claims.quantity import Quantity
from harness.claims.recompute import recomputed
from harness.claims.terms import (
    Expression,
    expression_from,
    expression_until,
    is_rest_of_more,
    multiplies,
)
from harness.claims.tokens import Token, is_inside_number, tokens, windows
from harness.claims.values import ClaimKind, ClaimReason, Ruling, Statement
from harness.model.values import dataclass

_AFTER = frozenset("^!%*&<>~\\_{}[]/+-×")
_BY = frozenset("×xX")
"""Multiplies, too, where no number follows: `120 KB = 12 B x backends`."""
_COMPARED = frozenset("<>≤≥≈~")
_FLOAT_DIGITS, _SHORT_FLOAT_DIGITS = 15, 6
_FLOAT_SHARE = Fraction(1, 10**6)
"""How far floating-point digits of which some were left out may be off."""


def equations(statement: Statement, at: int, rounded: set[Fraction]) -> list[Ruling]:
    """A ruling for each `expression = quantity` and each `quantity = expression`.

    `at` is the statement's index. `rounded` holds the values that the document has rounded so
    far, and is added to: what is computed from one is only as exact as it is.
    """
    text = statement.text
    has_share = " is " in text and " of " in text and ("%" in text or "percent" in text)
    if not (has_share or "=" in text or "≈" in text or "equals" in text):
        return []
    rulings: list[Ruling] = []
    for start, end in windows(text):
        rulings.extend(_equations(statement, at, tokens(statement, start, end), rounded))
    return rulings


def _equations(
    statement: Statement, at: int, made: list[Token], rounded: set[Fraction]
) -> list[Ruling]:
    rulings: list[Ruling] = []
    for index, token in enumerate(made):
        is_share = token.kind == "word" and token.text == "is"
        if token.kind != "equals" and not is_share:
            continue
        if _assigns(made, index):
            continue
        left = expression_until(made, index)
        right = expression_from(made, index + 1)
        if left is None or right is None or not _may_end(made, right[1]):
            continue
        if is_share and not _is_share(made, left[1], index):
            continue
        if any(one.kind == "word" and one.text in _BY for one in made[left[1] : right[1]]):
            continue
        chained = _is_chained(made, left[1])
        sides = Sides(statement, left[0], right[0], token.text == "≈", rounded, chained)
        counts = len(left[0].numbers), len(right[0].numbers)
        if counts == (1, 1) and not _computes(statement.quantity(left[0].number)):
            if made[index - 1].kind == "number" and made[index + 1].kind == "number":
                ruling = equated(statement, at, left[0].number, right[0].number)
            else:
                ruling = None
        elif counts[0] == 1 and right[1] < len(made) and made[right[1]].kind == "equals":
            ruling = None
        else:
            ruling = _judge(sides, at)
        if ruling is not None and not (
            ruling.reason is ClaimReason.WRONG
            and (
                _has_count_aside(statement, made[left[1] : index], left[0])
                or is_rest_of_more(made, left[1])
            )
        ):
            rulings.append(ruling)
    return rulings


def _is_chained(made: list[Token], start: int) -> bool:
    """What begins there is an outcome itself: `5 × 3 = 15 + 2 = 17`, and not `Sum = 15 + 2`."""
    if start < 2 or made[start - 1].kind != "equals":
        return False
    before = [token.kind for token in made[max(0, start - 3) : start - 1]]
    return before[-1] in ("number", "close") or before == ["number", "word"]


def _assigns(made: list[Token], index: int) -> bool:
    """`94 + 2 layers over PP=24`: a name that is no number's own word is given a value."""
    if not 1 < index < len(made) - 1 or made[index - 2].kind != "word":
        return False
    name, sign, value = made[index - 1 : index + 2]
    is_glued = name.end == sign.start and sign.end == value.start
    return name.kind == "word" and is_glued


def _has_count_aside(statement: Statement, made: list[Token], expression: Expression) -> bool:
    """`1 test (4 loads) + 4 others = 8 runs`: a count beside a term may be what is added.

    Not beside `15 ms (3 calls) + 8 ms`: of terms that are no counts a count is no part. What
    stands beside each of several percentages may be its weight.
    """
    terms = [statement.quantity(number) for number in expression.numbers]
    beside = [token.number for token in made if token.kind == "number"]
    asides = [statement.quantity(n) for n in beside if n not in expression.numbers]
    if any(term.is_percent for term in terms):
        return len(asides) >= len(terms)
    return all(map(_is_count, terms)) and any(map(_is_count, asides))


def _is_count(quantity: Quantity) -> bool:
    return not (quantity.unit or quantity.money or quantity.scale)


def _computes(quantity: Quantity) -> bool:
    """`1/3` and `2^10` are computations by themselves."""
    return "/" in quantity.digits or quantity.power.startswith("^")


@dataclass(frozen=True, slots=True)
class Sides:
    """Both sides of one equation, and what is known of how exact they are."""

    statement: Statement
    left: Expression
    right: Expression
    hedged: bool
    rounded: set[Fraction]
    chained: bool
    """The left side is itself what another equation comes to."""


def _is_share(made: list[Token], start: int, end: int) -> bool:
    """Beside `is`, only "x % of y" is taken for arithmetic."""
    return any(token.kind == "op" and token.text == "of" for token in made[start:end])


def _may_end(made: list[Token], position: int) -> bool:
    if position >= len(made):
        return True
    after = made[position]
    goes_on = after.kind == "op" or (after.kind == "number" and after.text[0] not in _COMPARED)
    if after.kind == "word" and multiplies(after.text):
        return False
    if goes_on or after.text in _AFTER or is_inside_number(made, position):
        return False
    following = made[position + 1].text.lower() if position + 1 < len(made) else ""
    return (
        not (after.text in ("(", "mod") and following in ("mod", "modulo")) and after.text != "mod"
    )


def _judge(sides: Sides, at: int) -> Ruling | None:
    statement = sides.statement
    if min(len(sides.left.numbers), len(sides.right.numbers)) != 1:
        return None
    is_fraction = len(sides.left.numbers) == len(sides.right.numbers)
    is_forward = len(sides.right.numbers) == 1
    stated, expression = (sides.right, sides.left) if is_forward else (sides.left, sides.right)
    number = stated.numbers[0]
    quantity = statement.quantity(number)
    if is_fraction and (quantity.unit not in ("", "%", " %") or "/" in quantity.digits):
        return None
    if is_fraction and _counts_other_things(statement, expression.number, number):
        return None
    hedged = sides.hedged or is_hedged(statement.text, statement.found[number].start, quantity)
    if quantity.unit.strip() in ("×", "x") and "/" not in expression.operators:
        return None
    exact = recomputed(statement, expression, quantity)
    if not exact or _is_width(statement, expression, quantity) or _is_float(quantity, exact[0]):
        return None
    agreeing = [value for value in exact if _agrees(sides, expression, quantity, value, hedged)]
    if not agreeing and (
        (not is_forward and tells_unit(statement, expression, number))
        or is_meant_otherwise(statement, expression, number, exact[0])
        or is_thin(statement, expression, number, exact, chained=sides.chained)
        or is_score(statement, expression, quantity)
        or (sides.chained and _is_list(statement, expression))
    ):
        return None
    value = agreeing[0] if agreeing else likeliest(exact, quantity)
    if agreeing and value != quantity.face:
        sides.rounded.add(quantity.face)
    return Ruling(
        ClaimKind.SUM,
        ClaimReason.RIGHT if agreeing else ClaimReason.WRONG,
        (at, number),
        tuple((at, index) for index in expression.numbers),
        f"{in_figures(statement, expression)} = {in_digits(value, quantity)}",
        in_digits(value, quantity),
        check="equation",
    )


def _is_list(statement: Statement, expression: Expression) -> bool:
    """`99.99% = 52.6 min · 99.999% = 5.26 min`: the dots part what is listed."""
    found = [statement.found[index] for index in sorted(expression.numbers)]
    return any(
        statement.text[one.end : other.start].strip() == "·" for one, other in pairwise(found)
    )


def _is_float(stated: Quantity, exact: Fraction) -> bool:
    """`0.1 + 0.2 = 0.30000000000000004`, which some write with fewer zeros."""
    decimals = len(stated.digits.partition(".")[2])
    is_near = abs(exact - stated.face) <= abs(exact) * _FLOAT_SHARE
    return decimals >= _FLOAT_DIGITS or (decimals >= _SHORT_FLOAT_DIGITS and is_near)


def _agrees(
    sides: Sides, expression: Expression, stated: Quantity, exact: Fraction, hedged: bool
) -> bool:
    """Right as it stands; or rounded as quotients are; or as near as its rounded operands allow."""
    if is_right(stated, exact, hedged) or keeps_bound(stated, exact):
        return True
    is_product = expression.op not in ("+", "-")
    is_abbreviated = _is_abbreviated(sides.statement, expression, stated)
    if is_rounded(stated, exact) and (
        "/" in expression.operators
        or not expression.operators
        or (stated.scale and is_plain(sides.statement, expression))
        or (is_product and _has_share(sides.statement, expression))
        or (is_product and (is_abbreviated or has_many_digits(exact)))
        or (is_product and stated.measure is None and _has_units(sides.statement, expression))
    ):
        return True
    slack = Fraction(0)
    for index in expression.numbers:
        operand = sides.statement.quantity(index)
        is_outcome = sides.chained and index == min(expression.numbers)
        if operand.face and (is_outcome or operand.face in sides.rounded):
            slack += significant_step(operand) / abs(operand.face)
    if not slack:
        return False
    return (
        is_rounded(stated, exact)
        or abs(exact - stated.face) <= abs(exact) * slack + stated.step / 2
    )


def _is_abbreviated(statement: Statement, expression: Expression, stated: Quantity) -> bool:
    """The outcome is in a larger unit than any of its terms: 2 MB a thousand times is 2 GB."""
    measures = [statement.quantity(index).measure for index in expression.numbers]
    sizes = [measure.size for measure in measures if measure and measure.dimensions]
    return bool(sizes and stated.measure and stated.measure.size > max(sizes))


def _has_units(statement: Statement, expression: Expression) -> bool:
    """Units of the terms are gone from the outcome: `17,000 × 130 ms = 2,200` at a time."""
    measures = [statement.quantity(index).measure for index in expression.numbers]
    return any(measure and measure.dimensions for measure in measures)


def _has_share(statement: Statement, expression: Expression) -> bool:
    """A percentage of whole things may be rounded to whole ones."""
    return any(statement.quantity(index).is_percent for index in expression.numbers)


def _counts_other_things(statement: Statement, first: int, second: int) -> bool:
    """`10^9 gwei = 10^18 wei`: the words after the numbers are units that are not known."""
    one, other = statement.found[first].noun, statement.found[second].noun
    return bool(one and other) and one.lower() != other.lower()


def _is_width(statement: Statement, expression: Expression, stated: Quantity) -> bool:
    """`64 x 64 = 128 bit` is about the width of a multiplication."""
    if stated.unit.strip(" -") not in ("bit", "bits") or set(expression.operators) != {"×"}:
        return False
    return sum(statement.quantity(index).face for index in expression.numbers) == stated.face
