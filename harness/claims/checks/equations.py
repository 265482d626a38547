"""Statement in, rulings on what it states with `=` out: sums, products, quotients, conversions."""

from fractions import Fraction
from itertools import pairwise

from harness.claims.arithmetic import Amount, amount, in_digits, is_hedged, is_right, times
from harness.claims.quantity import Quantity
from harness.claims.terms import Expression, Token, expression_from, expression_until, tokens
from harness.claims.units import Dimensions, multiply
from harness.claims.values import ClaimKind, ClaimReason, Ruling, Statement

_AFTER = frozenset("^!%*&<>~\\_{}[]/+-×")
_FLOAT_DIGITS = 15
_WORDS = (8, 16, 32, 64)


def equations(statement: Statement, at: int) -> list[Ruling]:
    """A ruling for each `expression = quantity` and each `quantity = expression`; `at` is the
    statement's index."""
    if not any(mark in statement.text for mark in ("=", "≈", "equals", " is ")):
        return []
    made = tokens(statement)
    rulings: list[Ruling] = []
    for index, token in enumerate(made):
        is_share = token.kind == "word" and token.text == "is"
        if token.kind != "equals" and not is_share:
            continue
        left = expression_until(made, index)
        right = expression_from(made, index + 1)
        if left is None or right is None or not _may_end(made, right[1]):
            continue
        if is_share and not _is_share(statement, made, left[1], index):
            continue
        ruling = _judge(statement, at, left[0], right[0], token.text == "≈")
        if ruling is not None:
            rulings.append(ruling)
    return rulings


def _is_share(statement: Statement, made: list[Token], start: int, end: int) -> bool:
    """Beside `is`, only "x % of y" is taken for arithmetic."""
    return any(token.kind == "op" and token.text == "of" for token in made[start:end])


def _may_end(made: list[Token], position: int) -> bool:
    if position >= len(made):
        return True
    after = made[position]
    if after.kind == "op" or after.text in _AFTER:
        return False
    following = made[position + 1].text.lower() if position + 1 < len(made) else ""
    return not (after.text in ("(", "mod") and following in ("mod", "modulo")) and after.text != "mod"


def _judge(
    statement: Statement, at: int, left: Expression, right: Expression, hedged: bool
) -> Ruling | None:
    counts = len(left.numbers), len(right.numbers)
    if min(counts) != 1 or counts == (1, 1):
        return None
    stated, expression = (right, left) if counts[1] == 1 else (left, right)
    number = stated.numbers[0]
    quantity = statement.quantity(number)
    if len(quantity.digits.partition(".")[2]) >= _FLOAT_DIGITS:
        return None
    hedged = hedged or is_hedged(statement.text, statement.found[number].start, quantity)
    exact = recomputed(statement, expression, quantity)
    if not exact:
        return None
    right_ones = [value for value in exact if is_right(quantity, value, hedged)]
    if not right_ones and _is_machine_arithmetic(statement, expression, quantity, exact[0]):
        return None
    shown = f"{in_figures(statement, expression)} = {in_digits((right_ones or exact)[0], quantity)}"
    return Ruling(
        ClaimKind.SUM,
        ClaimReason.RIGHT if right_ones else ClaimReason.WRONG,
        (at, number),
        tuple((at, index) for index in expression.numbers),
        shown,
        in_digits((right_ones or exact)[0], quantity),
        check="equation",
    )


def recomputed(statement: Statement, expression: Expression, stated: Quantity) -> list[Fraction]:
    """The face values, in the stated quantity's unit, that the expression may come to.

    The first is by dimensions where they agree. Where they differ by a time that one side
    leaves out (`$5K × 6 = $30K/mo`), or where one side has no unit, numbers alone are compared.
    Nothing where the two sides cannot be compared, or for a division by zero.
    """
    values: list[Fraction] = []
    measure = stated.measure
    dimensions: Dimensions = measure.dimensions if measure else ()
    exact = _by_dimensions(statement, expression, binary=False)
    percent = Fraction(1, 100) if stated.is_percent else Fraction(1)
    if exact is not None and exact.dimensions == dimensions and not (exact.is_bare and measure and dimensions):
        values.append(exact.value / (measure.size if measure else 1))
        other = _by_dimensions(statement, expression, binary=True)
        if other is not None and measure is not None and other.dimensions == dimensions:
            values.extend(other.value / size for size in {measure.size, measure.binary or measure.size})
    face = _by_face(statement, expression)
    if face is None:
        return values
    comparable = exact is None or _differ_by_time(exact.dimensions, dimensions) or not dimensions
    if not values and (comparable or is_right(stated, face / percent)):
        values.append(face / percent)
        if _all_plain(statement, expression):
            values.append(face * stated.multiplier)
            values.append(face)
    elif stated.is_percent and _all_plain(statement, expression):
        values.append(face)
    return values


def _differ_by_time(left: Dimensions, right: Dimensions) -> bool:
    rest = multiply(left, right, -1)
    return not left or not right or all(name == "time" for name, _ in rest)


def _all_plain(statement: Statement, expression: Expression) -> bool:
    quantities = [statement.quantity(index) for index in expression.numbers]
    return not any(q.unit or q.scale or q.money for q in quantities)


def _by_dimensions(statement: Statement, expression: Expression, *, binary: bool) -> Amount | None:
    if expression.left is None or expression.right is None:
        quantity = statement.quantity(expression.number)
        measure = quantity.measure
        if binary and measure is not None and measure.binary is not None:
            return Amount(quantity.face * measure.binary, measure.dimensions)
        return amount(quantity)
    left = _by_dimensions(statement, expression.left, binary=binary)
    right = _by_dimensions(statement, expression.right, binary=binary)
    if left is None or right is None:
        return None
    if expression.op in ("×", "/"):
        return times(left, right, 1 if expression.op == "×" else -1)
    if left.dimensions != right.dimensions or left.is_bare != right.is_bare:
        return None
    sign = 1 if expression.op == "+" else -1
    return Amount(left.value + sign * right.value, left.dimensions, left.is_bare)


def _by_face(statement: Statement, expression: Expression) -> Fraction | None:
    if expression.left is None or expression.right is None:
        quantity = statement.quantity(expression.number)
        return quantity.face / 100 if quantity.is_percent else quantity.face
    left = _by_face(statement, expression.left)
    right = _by_face(statement, expression.right)
    if left is None or right is None or (expression.op == "/" and right == 0):
        return None
    match expression.op:
        case "×":
            return left * right
        case "/":
            return left / right
        case "+":
            return left + right
        case _:
            return left - right


def _is_machine_arithmetic(
    statement: Statement, expression: Expression, stated: Quantity, exact: Fraction
) -> bool:
    """Integers as a machine has them: a quotient cut off, a sum wrapped round at a word's size."""
    if stated.unit or stated.money or not _all_plain(statement, expression):
        return False
    if stated.step != 1:
        return False
    if int(exact) == stated.face or exact // 1 == stated.face:
        return True
    off = exact - stated.face
    return off.denominator == 1 and any(int(off) % 2**bits == 0 for bits in _WORDS)


def in_figures(statement: Statement, expression: Expression) -> str:
    """The expression with its quantities as they are written."""
    if expression.left is None or expression.right is None:
        quantity = statement.quantity(expression.number)
        return f"{quantity.sign}{quantity.money}{quantity.digits}{quantity.power}{quantity.scale}{quantity.unit}"
    left, right = in_figures(statement, expression.left), in_figures(statement, expression.right)
    if expression.op in ("×", "/") and expression.left.op in ("+", "-"):
        left = f"({left})"
    if expression.op in ("×", "/", "-") and expression.right.op in ("+", "-"):
        right = f"({right})"
    return f"{left} {expression.op} {right}"


def neighbours(statement: Statement) -> list[tuple[int, int]]:
    """Pairs of indexes of quantities that follow each other."""
    indexes = [index for index, found in enumerate(statement.found) if found.quantity]
    return list(pairwise(indexes))
