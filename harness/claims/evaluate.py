"""A formula's tree and named amounts in, an exact amount with its unit out."""

# ruff: noqa: RUF001

from collections.abc import Mapping, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction

from harness.claims.arithmetic import Amount, amount, times
from harness.claims.formula import FUNCTIONS, DimensionError, FormulaError, Node
from harness.claims.units import PLAIN, in_words, multiply

LARGEST = 10**4
"""The size of what a root or an exponential is taken of."""


def value_of(node: Node, names: Mapping[str, Amount]) -> Amount:
    """The amount that a tree comes to; FormulaError for an unknown name or a division by zero."""
    if node.op == "number" and node.quantity is not None:
        return amount(node.quantity)
    if node.op == "name":
        if node.name not in names:
            raise FormulaError(f"no quantity is called `{node.name}`")
        return names[node.name]
    parts = [value_of(part, names) for part in node.parts]
    if node.op == "negative":
        return Amount(-parts[0].value, parts[0].dimensions, parts[0].is_bare)
    if node.op == "^":
        return _to_power(parts[0], int(node.name))
    if node.op in ("×", "/"):
        product = times(parts[0], parts[1], 1 if node.op == "×" else -1)
        if product is None:
            msg = "the formula divides by zero"
            raise FormulaError(msg)
        return product
    return _folded(node.op, parts)


def _to_power(base: Amount, exponent: int) -> Amount:
    dimensions = PLAIN
    for _ in range(exponent):
        dimensions = multiply(dimensions, base.dimensions)
    return Amount(base.value**exponent, dimensions, base.is_bare)


def _folded(op: str, parts: Sequence[Amount]) -> Amount:
    """Sums, differences and functions; all parts must have the same dimensions."""
    first = parts[0]
    for part in parts[1:]:
        if part.dimensions != first.dimensions:
            raise DimensionError(
                f"{in_words(first.dimensions)} and {in_words(part.dimensions)} "
                "cannot be added or compared"
            )
    values = [part.value for part in parts]
    is_bare = all(part.is_bare for part in parts)
    match op:
        case "+" | "sum":
            value = sum(values, Fraction(0))
        case "-":
            value = values[0] - values[1]
        case "min":
            value = min(values)
        case "max":
            value = max(values)
        case "abs":
            value = abs(values[0])
        case "sqrt" | "exp":
            value = _irrational(op, first)
        case _:
            value = Fraction(-(-values[0].numerator // values[0].denominator))
    return Amount(value, first.dimensions, is_bare)


def _irrational(op: str, of: Amount) -> Fraction:
    """A root or an exponential, exact to forty digits; FormulaError where there is none."""
    if of.dimensions:
        raise DimensionError(f"`{op}` is of a plain number, not of {in_words(of.dimensions)}")
    if (op == "sqrt" and of.value < 0) or abs(of.value) > LARGEST:
        raise FormulaError(f"`{op}` of {float(of.value):g} is not computed")
    with localcontext(prec=50):
        value = Decimal(of.value.numerator) / Decimal(of.value.denominator)
        return Fraction(value.sqrt() if op == "sqrt" else value.exp())


def in_text(node: Node, figures: Mapping[str, str]) -> str:
    """The tree with each name's figure: `$1.26M / ($8K + $20K)`."""
    if node.op == "number" and node.quantity is not None:
        return node.quantity.text.strip()
    if node.op == "name":
        return figures.get(node.name, node.name)
    parts = [in_text(part, figures) for part in node.parts]
    if node.op == "negative":
        return f"−{parts[0]}"
    if node.op == "^":
        return f"{parts[0]}^{node.name}"
    if node.op in FUNCTIONS:
        return f"{node.op}({', '.join(parts)})"
    left, right = (
        f"({text})" if part.op in ("+", "-") and node.op in ("×", "/") else text
        for part, text in zip(node.parts, parts, strict=True)
    )
    if (
        node.op in ("/", "-")
        and node.parts[1].op in ("+", "-", "×", "/")
        and not right.startswith("(")
    ):
        right = f"({right})"
    return f"{left} {'−' if node.op == '-' else node.op} {right}"


def holds(left: Amount, test: str, right: Amount) -> bool:
    """The comparison of two amounts; DimensionError where they cannot be compared."""
    _folded("max", (left, right))
    match test:
        case "<":
            return left.value < right.value
        case "≤":
            return left.value <= right.value
        case ">":
            return left.value > right.value
        case _:
            return left.value >= right.value
