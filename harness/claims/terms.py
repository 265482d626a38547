"""Tokens in, the arithmetic expressions in them out.

    sum     = product { ("+" | "-" | "−" | "plus" | "minus") product }
    product = power { ("×" | "x" | "*" | "·" | "/" | "÷" | "times" | "of") power }
    power   = factor [" ^ " factor]
    factor  = words quantity words ["(" remark ")"] | words "(" sum ")" words

`words` are up to five words that name the quantity; one letter alone is a variable, and the
expression is then none of ours. A signed quantity after another is added.
"""

# ruff: noqa: RUF001, RUF002

from harness.claims.inline import OBJECT
from harness.claims.tokens import Token, is_inside_number
from harness.claims.units import GLUED
from harness.model.values import dataclass

WORDS = 5
REACH = 60
"""How many tokens one side of an equation may have."""

_RAISED = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺")
"""A power that is written small is none that is read: `10⁻²` would be ten."""

_BREAKS_TEXT = (
    "and or is are was were if then than that which when while to from vs versus so "
    "because since but with by for at gives makes yields means about into mod modulo "
    "where not"
)
_BREAKS = frozenset(_BREAKS_TEXT.split())
_RELATES = frozenset(("at", "with", "for", "by", "to", "from", "into", "of"))
"""What stands before such a word belongs to what stands after it."""
_RECURS = frozenset(("per", "every"))
_CLAUSE = 6
"""Characters of a Chinese or Japanese word from which on it is more than a noun."""
_IDEOGRAPHS = "\u2e80"
_MULTIPLES = frozenset(("dozen", "dozens", "hundred", "lakh", "lakhs", "crore", "crores"))
_MULTIPLE = frozenset("万亿千百億萬兆만억")
_FUNCTIONS_TEXT = (
    "sin cos tan log ln exp sqrt abs min max floor ceil round gcd lcm pow hash len mod xor"
)
_FUNCTIONS = frozenset(_FUNCTIONS_TEXT.split())


@dataclass(frozen=True, slots=True)
class Expression:
    """A quantity (`op` empty, `number` given) or an operation on two expressions."""

    op: str
    number: int = -1
    left: "Expression | None" = None
    right: "Expression | None" = None

    @property
    def numbers(self) -> tuple[int, ...]:
        """Indexes of its quantities, in order."""
        if self.left is None or self.right is None:
            return (self.number,)
        return self.left.numbers + self.right.numbers

    @property
    def operators(self) -> str:
        """Every operator in it."""
        if self.left is None or self.right is None:
            return ""
        return self.left.operators + self.op + self.right.operators


def multiplies(word: str) -> bool:
    """The word makes the number before it another: `2 dozen`, `1.76万亿`."""
    return word.lower() in _MULTIPLES or word[0] in _MULTIPLE


def _breaks(word: str) -> bool:
    """The word begins or ends what an expression may be: "gives", or a clause without blanks."""
    return word.lower() in _BREAKS or (len(word) > _CLAUSE and word[0] >= _IDEOGRAPHS)


def expression_from(made: list[Token], start: int) -> tuple[Expression, int] | None:
    """The longest expression that begins at a token, and the token after it."""
    return _sum(made, start, min(len(made), start + REACH))


def expression_until(made: list[Token], end: int) -> tuple[Expression, int] | None:
    """The longest expression that ends just before a token, and the token it begins with.

    None where an operator or a list stands before it, so that it is only the end of more.
    """
    first = end
    while first > 0 and end - first < REACH and made[first - 1].kind not in ("equals", "arrow"):
        first -= 1
    for start in range(first, end):
        if (
            start > first
            and made[start - 1].kind == "word"
            and not _breaks(made[start - 1].text)
            and made[start].kind in ("word", "number")
        ):
            continue
        read = _sum(made, start, end)
        if read is None or read[1] != end:
            continue
        return (read[0], start) if _may_begin(made, start) else None
    return None


def is_rest_of_more(made: list[Token], start: int) -> bool:
    """`1 request at 10s = 149 ms`, `3 brokers in 2 minutes = 9`: what is before may count, too.

    No operator, mark, or word that begins a clause stands between the number before it and the
    first of the expression.
    """
    if start and made[start - 1].text.lower() in ("at", "@"):
        return True
    position = start
    while position < len(made) and made[position].kind == "word":
        position += 1
    for token in reversed(made[:position]):
        if token.kind != "word":
            return token.kind == "number"
        if token.text.lower() == "each":
            return True
        if _breaks(token.text) and token.text.lower() not in _RELATES:
            return False
    return False


def _may_begin(made: list[Token], start: int) -> bool:
    """What stands before an expression does not belong to it."""
    if start == 0:
        return True
    before = made[start - 1]
    is_glued = before.end == made[start].start
    if made[start].kind == "open" and before.kind in ("word", "number") and is_glued:
        return False
    if before.kind == made[start].kind == "number" or is_inside_number(made, start - 1):
        return False
    if before.kind == "op" or before.text in (
        "^",
        "%",
        "!",
        "\\",
        "_",
        "&",
        "~",
        "<",
        ">",
        "[",
        "{",
    ):
        return False
    if before.text == "," and start > 1 and made[start - 2].kind in ("number", "other"):
        return False
    return not (before.kind == "other" and before.text == OBJECT and is_glued)


def _sum(made: list[Token], start: int, end: int, depth: int = 0) -> tuple[Expression, int] | None:
    read = _product(made, start, end, depth)
    while read is not None:
        left, position = read
        if position < end and made[position].kind == "op" and made[position].text in "+-":
            right = _product(made, position + 1, end, depth)
            op = made[position].text
        elif position < end and made[position].kind == "number" and made[position].text[0] in "+-−":
            right = _product(made, position, end, depth)
            op = "+"
        else:
            return read
        if right is None:
            return None
        read = Expression(op, -1, left, right[0]), right[1]
    return None


def _product(made: list[Token], start: int, end: int, depth: int) -> tuple[Expression, int] | None:
    read = _power(made, start, end, depth)
    while read is not None:
        left, position = read
        if position >= end or made[position].kind != "op" or made[position].text in "+-^":
            return read
        if made[position].text == "of" and not made[position - 1].text.endswith(("%", "percent")):
            return read
        right = _power(made, position + 1, end, depth)
        if right is None:
            return None
        op = "/" if made[position].text == "/" else "×"
        read = Expression(op, -1, left, right[0]), right[1]
    return None


def _power(made: list[Token], start: int, end: int, depth: int) -> tuple[Expression, int] | None:
    read = _factor(made, start, end, depth)
    if read is None or read[1] >= end or made[read[1]].kind != "op" or made[read[1]].text != "^":
        return read
    exponent = _factor(made, read[1] + 1, end, depth)
    return None if exponent is None else (Expression("^", -1, read[0], exponent[0]), exponent[1])


def _factor(made: list[Token], start: int, end: int, depth: int) -> tuple[Expression, int] | None:
    position = _words(made, start, end)
    if position is None or position >= end or depth > 8:
        return None
    if position > start and made[position - 1].text.lower() in _RECURS:
        return None
    token = made[position]
    if token.kind == "number":
        read = Expression("", token.number), position + 1
        follows = made[position + 1] if position + 1 < end else None
        if (
            follows is not None
            and follows.start == token.end
            and (follows.kind == "open" or follows.text[0] in _RAISED)
        ):
            return None
    elif token.kind == "open" and _may_open(made, start, position):
        inner = _sum(made, position + 1, end, depth + 1)
        if inner is None or inner[1] >= end or made[inner[1]].kind != "close":
            return None
        read = inner[0], inner[1] + 1
    else:
        return None
    after = _words(made, read[1], end)
    if after is None:
        return None
    if after < end and made[after].kind == "open" and token.kind == "number":
        remark = _remark(made, after, end)
        if remark is None:
            return None
        if _is_counted(made, position, after, remark):
            read = Expression("", made[after + 1].number), remark
        after = _words(made, remark, end)
    return None if after is None else (read[0], after)


def _is_counted(made: list[Token], position: int, opened: int, remark: int) -> bool:
    """`9 nodes ($6.3K)`: what is added is the value in brackets, not how many things it buys."""
    counts = made[position].text.isdigit() and opened > position + 1
    inner = made[opened + 1]
    return counts and remark == opened + 3 and inner.kind == "number" and not inner.text.isdigit()


def _words(made: list[Token], start: int, end: int) -> int | None:
    """The token after the words at `start`; None where one is a variable, or they are too many."""
    position = start
    while position < end and made[position].kind == "word" and not _breaks(made[position].text):
        text = made[position].text
        if (len(text) == 1 and text not in GLUED) or multiplies(text):
            return None
        position += 1
    return position if position - start <= WORDS else None


def _may_open(made: list[Token], start: int, position: int) -> bool:
    """`label(15)` is a named value, `f(15)` and `max(15)` are functions."""
    if position == start:
        return True
    word = made[position - 1]
    return word.text.lower().rstrip("0123456789") not in _FUNCTIONS and len(word.text) > 1


def _remark(made: list[Token], opened: int, end: int) -> int | None:
    """The token after a remark in brackets; None without its end, and for `(mod 7)`."""
    level = 0
    for position in range(opened, min(end, opened + 20)):
        kind = made[position].kind
        if kind == "word" and made[position].text.lower() in ("mod", "modulo"):
            return None
        level += (kind == "open") - (kind == "close")
        if level == 0:
            return position + 1
    return None
