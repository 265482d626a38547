"""Statement in, rulings on what it states with `=` out: sums, products, quotients, conversions."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from harness.claims.arithmetic import (
    Amount,
    amount,
    has_many_digits,
    in_digits,
    is_hedged,
    is_right,
    is_rounded,
    significant_step,
    times,
)
from harness.claims.checks.conversions import converted
from harness.claims.quantity import Quantity
from harness.claims.terms import Expression, Token, expression_from, expression_until, tokens, windows
from harness.claims.units import Dimensions, multiply
from harness.claims.values import ClaimKind, ClaimReason, Ruling, Statement

_AFTER = frozenset("^!%*&<>~\\_{}[]/+-×")
_FLOAT_DIGITS = 15
_WORDS = (8, 16, 32, 64)


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


def _equations(statement: Statement, at: int, made: list[Token], rounded: set[Fraction]) -> list[Ruling]:
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
        if ruling is not None:
            rulings.append(ruling)
    return rulings


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
    exact = recomputed(statement, expression, quantity)
    if not exact:
        return None
    agreeing = [value for value in exact if _agrees(sides, expression, quantity, value, hedged)]
    if not agreeing and _is_machine_arithmetic(statement, expression, quantity, exact[0]):
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
    if is_rounded(stated, exact) and (
        "/" in expression.operators or not expression.operators or (is_product and has_many_digits(exact))
    ):
        return True
    slack = Fraction(0)
    for index in expression.numbers:
        operand = sides.statement.quantity(index)
        if operand.face and operand.face in sides.rounded:
            slack += significant_step(operand) / abs(operand.face)
    if not slack:
        return False
    return is_rounded(stated, exact) or abs(exact - stated.face) <= abs(exact) * slack + stated.step / 2


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
    timeless = measure.timeless if measure and not stated.is_percent else Fraction(1)
    comparable = exact is None or _differ_by_time(exact.dimensions, dimensions) or not dimensions
    plain = _all_plain(statement, expression)
    if plain and measure is not None:
        values.extend(_prefixed(face, stated) if dimensions else [face / percent, face])
    elif comparable and not values:
        values.append(face / timeless / percent)
    for value in (face / timeless / percent, _digits_only(statement, expression)):
        if value is not None and is_right(stated, value):
            values.append(value)
    return values


def _prefixed(face: Fraction, stated: Quantity) -> list[Fraction]:
    """Bare numbers that come to `145 KB` may have counted KB or bytes: the nearest is taken."""
    found = [face * Fraction(base) ** power for base in (1000, 1024) for power in range(-4, 1)]
    found.append(face * stated.multiplier)
    return sorted(found, key=lambda value: abs(value - stated.face))


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
            return Amount(quantity.face * measure.binary, measure.dimensions, False, measure.binary)
        return amount(quantity)
    left = _by_dimensions(statement, expression.left, binary=binary)
    right = _by_dimensions(statement, expression.right, binary=binary)
    if left is None or right is None:
        return None
    if expression.op in ("×", "/"):
        return times(left, right, 1 if expression.op == "×" else -1)
    if left.is_bare and right.dimensions:
        left = Amount(left.value * right.size, right.dimensions, False, right.size)
    elif right.is_bare and left.dimensions:
        right = Amount(right.value * left.size, left.dimensions, False, left.size)
    if left.dimensions != right.dimensions or left.is_bare != right.is_bare:
        return None
    sign = 1 if expression.op == "+" else -1
    return Amount(left.value + sign * right.value, left.dimensions, left.is_bare, left.size)


def _digits_only(statement: Statement, expression: Expression) -> Fraction | None:
    """The value with every unit left out, for conversions done by hand (`bytes ÷ 1,024 = … KB`)."""
    return _folded(expression, lambda index: statement.quantity(index).face)


def _by_face(statement: Statement, expression: Expression) -> Fraction | None:
    """The value with every time counted as one, for rates whose seconds are bare numbers."""

    def value(index: int) -> Fraction:
        quantity = statement.quantity(index)
        measure = quantity.measure
        return quantity.face * (measure.timeless if measure else 1)

    return _folded(expression, value)


def _folded(expression: Expression, value: Callable[[int], Fraction]) -> Fraction | None:
    """The expression's value from its numbers' values; None for a division by zero."""
    if expression.left is None or expression.right is None:
        return value(expression.number)
    left, right = _folded(expression.left, value), _folded(expression.right, value)
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
