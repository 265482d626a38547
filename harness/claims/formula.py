"""Formula text in, its tree out.

    formula    = [name "="] sum [("<" | "<=" | "≤" | ">" | ">=" | "≥") sum]
    sum        = product { ("+" | "-") product }
    product    = power { ("*" | "×" | "/") power }
    power      = ["-"] atom ["^" integer]
    atom       = number [unit] | name | function "(" sum { "," sum } ")" | "(" sum ")"

A unit directly after a number is one of the table (`40 h/week`, `12 mo`); functions are `sum`,
`min`, `max`, `abs`, `ceil`, and of plain numbers `sqrt` and `exp`. Sums and
comparisons need equal dimensions.
"""

# ruff: noqa: RUF001, RUF002

import re

from harness.claims.quantity import DIGITS, LONGEST, Quantity, read_quantity
from harness.model.values import dataclass

FUNCTIONS = ("sum", "min", "max", "abs", "ceil", "sqrt", "exp")
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
        msg = "the formula is longer than 2000 characters"
        raise FormulaError(msg)
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
        raise FormulaError(
            f"cannot read the formula from `{_shown(reader.tokens[reader.position])}` on"
        )
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
            tokens.append(
                Quantity(
                    quantity.digits,
                    "",
                    "",
                    quantity.money,
                    quantity.power,
                    quantity.scale,
                    quantity.unit,
                )
            )
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
        if (
            isinstance(exponent, str)
            or not exponent.digits.isdigit()
            or int(exponent.digits) > LONGEST
        ):
            msg = "a power must be an integer up to 60"
            raise FormulaError(msg)
        self.position += 1
        return Node("^", (base,), exponent.digits)

    def atom(self, depth: int) -> Node:
        """A number, a name, a function, or a sum in brackets."""
        if self.position >= len(self.tokens) or depth > 50:
            msg = "the formula ends too early"
            raise FormulaError(msg)
        read = self.tokens[self.position]
        self.position += 1
        if not isinstance(read, str):
            return Node("number", quantity=read)
        if read == "(":
            inner = self.sum(depth + 1)
            self._close()
            return inner
        if not _NAME.fullmatch(read):
            raise FormulaError(f"`{read}` stands where a value must stand")
        if self.symbol() != "(":
            return Node("name", name=read)
        if read not in FUNCTIONS:
            raise FormulaError(f"no function `{read}`; there are {', '.join(FUNCTIONS)}")
        self.position += 1
        parts = [self.sum(depth + 1)]
        while self.symbol() == ",":
            self.position += 1
            parts.append(self.sum(depth + 1))
        self._close()
        return Node(read, tuple(parts))

    def _close(self) -> None:
        if self.symbol() != ")":
            msg = "a bracket is not closed"
            raise FormulaError(msg)
        self.position += 1
