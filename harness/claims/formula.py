"""Formula text in, a tree out; the tree and named amounts in, an exact amount with its unit out.

    formula    = [name "="] sum [("<" | "<=" | "≤" | ">" | ">=" | "≥") sum]
    sum        = product { ("+" | "-") product }
    product    = power { ("*" | "×" | "/") power }
    power      = ["-"] atom ["^" integer]
    atom       = number [unit] | name | function "(" sum { "," sum } ")" | "(" sum ")"

A unit directly after a number is one of the table (`40 h/week`, `12 mo`); functions are `sum`,
`min`, `max`, `abs` and `ceil`. Sums and comparisons need equal dimensions.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from harness.claims.arithmetic import Amount, amount, in_digits, times
from harness.claims.quantity import DIGITS, LONGEST, Quantity, read_quantity
from harness.claims.units import PLAIN, in_words, multiply

FUNCTIONS = ("sum", "min", "max", "abs", "ceil")
COMPARISONS = {"<": "<", "<=": "≤", "≤": "≤", ">": ">", ">=": "≥", "≥": "≥"}

_NAME = re.compile(r"[^\W\d]\w*")
_SYMBOL = re.compile(r"<=|>=|[-+*×/^()<>≤≥,=−]")


class FormulaError(Exception):
    """A formula that cannot be read or has no value; the text says why."""


class DimensionError(FormulaError):
    """Amounts of different dimensions are added, compared, or stated as each other."""


@dataclass(frozen=True, slots=True)
class Node:
    """A number (`quantity`), a name, or an operation on `parts`."""

    op: str
    parts: tuple["Node", ...] = ()
    name: str = ""
    quantity: Quantity | None = None


@dataclass(frozen=True, slots=True)
class Formula:
    """A value, or two values held against each other by `test`."""

    left: Node
    test: str = ""
    right: Node | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Every name in it, in order, each once."""
        found = _names(self.left) + (_names(self.right) if self.right else ())
        return tuple(dict.fromkeys(found))


def _names(node: Node) -> tuple[str, ...]:
    if node.op == "name":
        return (node.name,)
    return tuple(name for part in node.parts for name in _names(part))


def parse_formula(text: str) -> Formula:
    """The formula that a text holds; FormulaError where it holds none."""
    if len(text) > 2000:
        raise FormulaError("the formula is longer than 2000 characters")
    reader = _Reader(_split(text))
    if len(reader.tokens) > 1 and isinstance(reader.tokens[0], str) and reader.tokens[1] == "=":
        reader.position = 2
    left = reader.sum(0)
    test = reader.symbol()
    if test in COMPARISONS:
        reader.position += 1
        formula = Formula(left, COMPARISONS[test], reader.sum(0))
    else:
        formula = Formula(left)
    if reader.position != len(reader.tokens):
        raise FormulaError(f"cannot read the formula from `{_shown(reader.tokens[reader.position])}` on")
    return formula


def _shown(token: "str | Quantity") -> str:
    return token if isinstance(token, str) else token.text


def _split(text: str) -> list[str | Quantity]:
    tokens: list[str | Quantity] = []
    position = 0
    while position < len(text):
        if text[position].isspace():
            position += 1
            continue
        digits = DIGITS.match(text, position + (text[position] == "$"))
        if digits and digits.lastgroup in ("plain", "grouped"):
            quantity = read_quantity(text, digits)
            if quantity is None:
                raise FormulaError(f"cannot read the number at `{text[position : position + 20]}`")
            head = len(quantity.comparison) + len(quantity.sign)
            tail = quantity.text[head:]
            tokens.append(Quantity(quantity.digits, "", "", quantity.money, quantity.power, quantity.scale, quantity.unit))
            position += len(tail)
            continue
        name = _NAME.match(text, position) or _SYMBOL.match(text, position)
        if name is None:
            raise FormulaError(f"cannot read the formula at `{text[position : position + 20]}`")
        tokens.append(name[0])
        position = name.end()
    return tokens


class _Reader:
    """Reads a sum, a product, … from the tokens at `position` on, and moves it."""

    def __init__(self, tokens: list[str | Quantity]) -> None:
        self.tokens = tokens
        self.position = 0

    def symbol(self) -> str:
        """The next token if it is a symbol or a name; empty at the end."""
        if self.position >= len(self.tokens):
            return ""
        token = self.tokens[self.position]
        return token if isinstance(token, str) else ""

    def sum(self, depth: int) -> Node:
        """A sum of products."""
        left = self.product(depth)
        while self.symbol() in ("+", "-", "−"):
            op = "+" if self.symbol() == "+" else "-"
            self.position += 1
            left = Node(op, (left, self.product(depth)))
        return left

    def product(self, depth: int) -> Node:
        """A product of powers."""
        left = self.power(depth)
        while self.symbol() in ("*", "×", "/"):
            op = "/" if self.symbol() == "/" else "×"
            self.position += 1
            left = Node(op, (left, self.power(depth)))
        return left

    def power(self, depth: int) -> Node:
        """An atom, perhaps with a sign or to an integer power."""
        if self.symbol() in ("-", "−"):
            self.position += 1
            return Node("negative", (self.power(depth + 1),))
        base = self.atom(depth)
        if self.symbol() != "^":
            return base
        self.position += 1
        exponent = self.tokens[self.position] if self.position < len(self.tokens) else ""
        if isinstance(exponent, str) or not exponent.digits.isdigit() or int(exponent.digits) > LONGEST:
            raise FormulaError("a power must be an integer up to 60")
        self.position += 1
        return Node("^", (base,), exponent.digits)

    def atom(self, depth: int) -> Node:
        """A number, a name, a function, or a sum in brackets."""
        if self.position >= len(self.tokens) or depth > 50:
            raise FormulaError("the formula ends too early")
        token = self.tokens[self.position]
        self.position += 1
        if not isinstance(token, str):
            return Node("number", quantity=token)
        if token == "(":
            inner = self.sum(depth + 1)
            self._close()
            return inner
        if not _NAME.fullmatch(token):
            raise FormulaError(f"`{token}` stands where a value must stand")
        if self.symbol() != "(":
            return Node("name", name=token)
        if token not in FUNCTIONS:
            raise FormulaError(f"no function `{token}`; there are {', '.join(FUNCTIONS)}")
        self.position += 1
        parts = [self.sum(depth + 1)]
        while self.symbol() == ",":
            self.position += 1
            parts.append(self.sum(depth + 1))
        self._close()
        return Node(token, tuple(parts))

    def _close(self) -> None:
        if self.symbol() != ")":
            raise FormulaError("a bracket is not closed")
        self.position += 1


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
            raise FormulaError("the formula divides by zero")
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
                f"{in_words(first.dimensions)} and {in_words(part.dimensions)} cannot be added or compared"
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
        case _:
            value = Fraction(-(-values[0].numerator // values[0].denominator))
    return Amount(value, first.dimensions, is_bare)


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
    if node.op in ("/", "-") and node.parts[1].op in ("+", "-", "×", "/") and not right.startswith("("):
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


def shown(exact: Amount) -> str:
    """An amount in base units, for a message."""
    return f"{in_digits(exact.value)} ({in_words(exact.dimensions)})"
