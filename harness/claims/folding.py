"""An expression of a statement in, its value by plain numbers and its figures out."""

# ruff: noqa: RUF001

from collections.abc import Callable
from fractions import Fraction

from harness.claims.arithmetic import to_power
from harness.claims.terms import Expression
from harness.claims.values import Statement


def in_integers(statement: Statement, expression: Expression) -> Fraction | None:
    """The value as whole numbers have it, every quotient cut off; None for a division by zero."""
    if expression.left is None or expression.right is None:
        quantity = statement.quantity(expression.number)
        return Fraction(quantity.face // 1) if "/" in quantity.digits else quantity.face
    left, right = in_integers(statement, expression.left), in_integers(statement, expression.right)
    if left is None or right is None:
        return None
    if expression.op == "/":
        return Fraction(left // right) if right else None
    return _operate(expression.op, left, right)


def is_plain(statement: Statement, expression: Expression) -> bool:
    """No quantity of the expression has a unit, a scale or money."""
    quantities = [statement.quantity(index) for index in expression.numbers]
    return not any(q.unit or q.scale or q.money for q in quantities)


def folded(expression: Expression, value: Callable[[int], Fraction]) -> Fraction | None:
    """The expression's value from its numbers' values; None for a division by zero."""
    if expression.left is None or expression.right is None:
        return value(expression.number)
    left, right = folded(expression.left, value), folded(expression.right, value)
    if left is None or right is None or (expression.op == "/" and right == 0):
        return None
    return _operate(expression.op, left, right)


def _operate(op: str, left: Fraction, right: Fraction) -> Fraction | None:
    match op:
        case "^":
            return to_power(left, right)
        case "×":
            return left * right
        case "/":
            return left / right
        case "+":
            return left + right
        case _:
            return left - right


def in_figures(statement: Statement, expression: Expression) -> str:
    """The expression with its quantities as they are written."""
    if expression.left is None or expression.right is None:
        quantity = statement.quantity(expression.number)
        return quantity.text.removeprefix(quantity.comparison)
    left, right = in_figures(statement, expression.left), in_figures(statement, expression.right)
    if expression.op in ("×", "/", "^") and expression.left.op in ("+", "-"):
        left = f"({left})"
    if (expression.op in ("×", "/", "-") and expression.right.op in ("+", "-")) or (
        expression.op == "/" and expression.right.op
    ):
        right = f"({right})"
    return f"{left} {expression.op} {right}"
