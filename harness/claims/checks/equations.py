"""Statement in, rulings on what it states with `=` out: sums, products, quotients, conversions."""

# ruff: noqa: RUF001, RUF002

from dataclasses import dataclass
from fractions import Fraction

from harness.claims.arithmetic import (
    has_many_digits,
    in_digits,
    is_hedged,
    is_right,
    is_rounded,
    significant_step,
)
from harness.claims.checks.conversions import converted
from harness.claims.quantity import Quantity
from harness.claims.recompute import in_figures, in_integers, is_plain, recomputed
from harness.claims.terms import Expression, expression_from, expression_until
from harness.claims.tokens import Token, tokens, windows
from harness.claims.values import ClaimKind, ClaimReason, Ruling, Statement

_AFTER = frozenset("^!%*&<>~\\_{}[]/+-×")
_BY = frozenset("×xX")
"""Multiplies, too, where no number follows: `120 KB = 12 B x backends`."""
_FLOAT_DIGITS = 15
_WORDS = (8, 16, 32, 64)
_SATURATED = frozenset(2**bits for word in _WORDS for bits in (word, word - 1))


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
        left = expression_until(made, index)
        right = expression_from(made, index + 1)
        if left is None or right is None or not _may_end(made, right[1]):
            continue
        if is_share and not _is_share(made, left[1], index):
            continue
        if any(one.kind == "word" and one.text in _BY for one in made[left[1] : right[1]]):
            continue
        sides = Sides(statement, left[0], right[0], token.text == "≈", rounded)
        counts = len(left[0].numbers), len(right[0].numbers)
        if counts == (1, 1) and not _computes(statement.quantity(left[0].number)):
            if made[index - 1].kind == "number" and made[index + 1].kind == "number":
                ruling = converted(statement, at, left[0].number, right[0].number)
            else:
                ruling = None
        elif counts[0] == 1 and right[1] < len(made) and made[right[1]].kind == "equals":
            ruling = None
        else:
            ruling = _judge(sides, at)
        aside = _has_count_aside(statement, made[left[1] : index], left[0])
        if ruling is not None and not (aside and ruling.reason is ClaimReason.WRONG):
            rulings.append(ruling)
    return rulings


def _has_count_aside(statement: Statement, made: list[Token], expression: Expression) -> bool:
    """`1 test (4 loads) + 4 others = 8 runs`: a count beside a term may be what is added.

    Not beside `15 ms (3 calls) + 8 ms`: of terms that are no counts a count is no part.
    """
    if not all(_is_count(statement.quantity(number)) for number in expression.numbers):
        return False
    beside = [token.number for token in made if token.kind == "number"]
    return any(
        number not in expression.numbers and _is_count(statement.quantity(number))
        for number in beside
    )


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


def _is_share(made: list[Token], start: int, end: int) -> bool:
    """Beside `is`, only "x % of y" is taken for arithmetic."""
    return any(token.kind == "op" and token.text == "of" for token in made[start:end])


def _may_end(made: list[Token], position: int) -> bool:
    if position >= len(made):
        return True
    after = made[position]
    if after.kind == "op" or after.text in _AFTER:
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
    if len(quantity.digits.partition(".")[2]) >= _FLOAT_DIGITS:
        return None
    if is_fraction and (quantity.unit not in ("", "%", " %") or "/" in quantity.digits):
        return None
    hedged = sides.hedged or is_hedged(statement.text, statement.found[number].start, quantity)
    if quantity.unit.strip() in ("×", "x") and "/" not in expression.operators:
        return None
    exact = recomputed(statement, expression, quantity)
    if not exact or _is_width(statement, expression, quantity):
        return None
    agreeing = [value for value in exact if _agrees(sides, expression, quantity, value, hedged)]
    if not agreeing and (
        (not is_forward and _tells_unit(statement, expression, quantity))
        or _divides_by_product(statement, expression, quantity)
        or _is_machine_arithmetic(statement, expression, quantity, exact[0])
    ):
        return None
    value = (agreeing or exact)[0]
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


def _agrees(
    sides: Sides, expression: Expression, stated: Quantity, exact: Fraction, hedged: bool
) -> bool:
    """Right as it stands; or rounded as quotients are; or as near as its rounded operands allow."""
    if is_right(stated, exact, hedged):
        return True
    is_product = not set(expression.operators) & {"+", "-"}
    is_abbreviated = _is_abbreviated(sides.statement, expression, stated)
    if is_rounded(stated, exact) and (
        "/" in expression.operators
        or not expression.operators
        or (is_product and (is_abbreviated or has_many_digits(exact)))
    ):
        return True
    slack = Fraction(0)
    for index in expression.numbers:
        operand = sides.statement.quantity(index)
        if operand.face and operand.face in sides.rounded:
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


def _tells_unit(statement: Statement, expression: Expression, stated: Quantity) -> bool:
    """`9,999 steps = 9,999 × 65,536 CU`, `1 post = 64 bytes + 140 bytes`: what a thing is worth."""
    terms = [statement.quantity(index) for index in expression.numbers]
    measures = [each.measure for each in (stated, *terms)]
    has_unit = [bool(measure and measure.dimensions) for measure in measures]
    if stated.face == 1 and not has_unit[0] and any(has_unit):
        return True
    return set(expression.operators) == {"×"} and stated.face in [each.face for each in terms]


def _divides_by_product(statement: Statement, expression: Expression, stated: Quantity) -> bool:
    """`16 × 28 / 2 × 2 = 112`: what stands after the stroke may be meant as one divisor."""
    whole, divided = expression.left, expression.right
    if expression.op != "×" or whole is None or divided is None or whole.op != "/":
        return False
    if whole.left is None or whole.right is None:
        return False
    meant = Expression("/", -1, whole.left, Expression("×", -1, whole.right, divided))
    return any(is_right(stated, value) for value in recomputed(statement, meant, stated))


def _is_width(statement: Statement, expression: Expression, stated: Quantity) -> bool:
    """`64 x 64 = 128 bit` is about the width of a multiplication."""
    if stated.unit.strip(" -") not in ("bit", "bits") or set(expression.operators) != {"×"}:
        return False
    return sum(statement.quantity(index).face for index in expression.numbers) == stated.face


def _is_machine_arithmetic(
    statement: Statement, expression: Expression, stated: Quantity, exact: Fraction
) -> bool:
    """Integers as a machine has them: quotients cut off, sums wrapped round or held at a limit."""
    if stated.unit or stated.money or not is_plain(statement, expression):
        return False
    if stated.step != 1:
        return False
    if stated.face in (int(exact), exact // 1, in_integers(statement, expression)):
        return True
    if stated.face + 1 in _SATURATED and exact > stated.face:
        return True
    off = exact - stated.face
    return off.denominator == 1 and any(int(off) % 2**bits == 0 for bits in _WORDS)
