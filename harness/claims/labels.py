"""A passage's text in, every number in it out: a quantity, or a label with its sort."""

# ruff: noqa: RUF001

import re

from harness.claims.label_kinds import LabelKind
from harness.claims.label_runs import Runs
from harness.claims.label_shapes import shape_label
from harness.claims.label_words import context_label
from harness.claims.quantity import DIGITS, LONGEST, Quantity, read_quantity
from harness.model.values import dataclass

_DIGIT = re.compile(r"(?<![\w.)\]])\.(?=\d)|\d")
_KINDS = {
    "hex": LabelKind.CODE,
    "date": LabelKind.DATE,
    "version": LabelKind.VERSION,
    "clock": LabelKind.CLOCK,
}
_LIST = re.compile(r"(?:,|\s?[&/–-]|,?\s(?:and|or|to|through)|\s?…,|\s?\.{3},)\s?\Z")
_NOUN = re.compile(r"[  ]([A-Za-z][A-Za-z'’-]*)")
_EXPONENT = re.compile(r"[eE][-+−]?\d")
_RATIO_NEAR = re.compile(r"\bratio", re.IGNORECASE)
_ASPECT = re.compile(r"aspect", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"\s[a-z][A-Za-z-]*=\{\Z")
"""`height={240}`: an attribute of a component between a page's lines."""
_PRIMED = frozenset("ABCEFGHIJKMNOPQRSTUVWXYZ")
"""Letters that a prime may follow in a name, `C'1`; `L'80 %` and `D'80 %` are articles."""
_LEADING = re.compile(r"\b(?:leading|trailing)\s\Z")
_STOP_TEXT = (
    "and or of in is are was were the a an to from for with on at by as but if then than "
    "that this which when where while per via vs into it its be been has have had will "
    "would can may not no yes so do does e g i s t"
)
_STOP = frozenset(_STOP_TEXT.split())


@dataclass(frozen=True, slots=True)
class Found:
    """One number of a passage, at `start` to `end` of its text.

    Exactly one of `quantity` and `label` is given. `noun` is the word after a quantity.
    """

    start: int
    end: int
    text: str
    quantity: Quantity | None
    label: LabelKind | None = None
    noun: str = ""


def scan(text: str) -> list[Found]:
    """Every number of a text in order; any text has an answer."""
    found: list[Found] = []
    digit = _DIGIT.search(text)
    if digit is None:
        return found
    runs = Runs(text)
    while digit is not None:
        match = DIGITS.match(text, digit.start())
        if match is None:
            digit = _DIGIT.search(text, digit.end())
            continue
        kind = runs.kind(match.start())
        if kind is not None:
            found.append(Found(*match.span(), match[0], None, kind))
            digit = _DIGIT.search(text, match.end())
            continue
        found.append(_classify(text, match))
        if len(found) > 1 and _goes_on(text, found[-2], found[-1]):
            found[-1] = Found(match.start(), match.end(), match[0], None, found[-2].label)
        digit = _DIGIT.search(text, match.end())
    return found


def _classify(text: str, match: re.Match[str]) -> Found:
    start, end, group = match.start(), match.end(), match.lastgroup or "plain"
    if _is_glued(text, start):
        return Found(start, end, match[0], None, LabelKind.NAME)
    if group == "clock":
        return _clock(text, match)
    if group in _KINDS:
        return Found(start, end, match[0], None, _KINDS[group])
    label = shape_label(text, match)
    if label is not None:
        return Found(start, end, match[0], None, label)
    quantity = read_quantity(text, match)
    if quantity is not None and quantity.digits == "0" and quantity.unit == "x":
        return Found(start, end, match[0], None, LabelKind.CODE)
    if match[0] == "0" and text[end : end + 1] == "s" and _LEADING.search(text, 0, start):
        return Found(start, end, match[0], None, LabelKind.NOTATION)
    if quantity is None and _EXPONENT.match(text, end):
        return Found(start, end, match[0], None, LabelKind.NOTATION)
    if quantity is None:
        kind = LabelKind.NOTATION if len(match[0]) > LONGEST else LabelKind.NAME
        return Found(start, end, match[0], None, kind)
    head = len(quantity.comparison) + len(quantity.sign) + len(quantity.money)
    start -= head
    end = start + len(quantity.text)
    noun = _noun_after(text, end)
    if not (quantity.unit or quantity.money or quantity.scale or quantity.power):
        label = context_label(text, start, match, quantity, noun)
        if label is not None:
            return Found(match.start(), match.end(), match[0], None, label)
    return Found(start, end, quantity.text, quantity, None, noun)


def _goes_on(text: str, before: Found, after: Found) -> bool:
    """`140-2` after a name is still the name, `162` after "issues 161 and" still an issue."""
    quantity, gap = after.quantity, text[before.end : after.start]
    if before.label is None or quantity is None or len(gap) > 9:
        return False
    if gap in ("-", "–") or (gap == "," and before.label is LabelKind.NAME):
        return True
    is_decimal = before.label is LabelKind.VERSION and "." in quantity.digits
    if gap == "/" and is_decimal and quantity.text == quantity.digits:
        return True
    if quantity.text != quantity.digits or _LIST.fullmatch(gap) is None:
        return False
    if after.noun and (after.noun.endswith("s") or before.label is not LabelKind.PLACE):
        return False
    if before.label in (LabelKind.PLACE, LabelKind.CODE):
        return quantity.digits.isdigit()
    is_whole = before.label is LabelKind.VERSION and before.text.isdigit()
    return is_decimal or (is_whole and quantity.digits.isdigit() and len(quantity.digits) < 3)


def _is_glued(text: str, start: int) -> bool:
    """Letters stand at once before the digits, or a hyphen after letters."""
    if not start:
        return False
    before = text[start - 1]
    if (
        before == "_"
        or (before.isascii() and before.isalnum())
        or ("À" <= before < "⺀" and before.isalpha())
    ):
        return True
    if before == "/" and text[start - 2 : start - 1] == ":":
        return text[start - 3 : start - 1] == "::"
    if before == "{" and _ATTRIBUTE.search(text, max(0, start - 30), start):
        return True
    if before in "'’" and start > 1 and text[start - 2] in _PRIMED:
        return True
    if before in "-/+#.@&:" and start > 1:
        earlier = text[start - 2]
        if earlier.isascii() and (earlier.isalpha() or earlier == "_"):
            return before != "/" or not _unit_before(text, start - 1)
    return before in "#@"


def _unit_before(text: str, slash: int) -> bool:
    """`failures/30s`: the slash divides by a quantity that has a unit of its own."""
    word = re.search(r"[A-Za-z]+\Z", text[max(0, slash - 20) : slash])
    after = re.match(r"/\d+(?:ms|s|min|h|hr|d|day|mo)\b", text[slash : slash + 12])
    return word is not None and after is not None


def _noun_after(text: str, end: int) -> str:
    word = _NOUN.match(text, end)
    if word is None or word[1].lower() in _STOP:
        return ""
    return word[1]


def _clock(text: str, match: re.Match[str]) -> Found:
    """`10:1` beside the word ratio is a quantity, but no aspect ratio is."""
    start, end = match.span()
    around = text[max(0, start - 24) : end + 8]
    aspect = _ASPECT.search(text, max(0, start - 80), end + 24)
    if match[0].count(":") == 1 and _RATIO_NEAR.search(around) and not aspect:
        above, below = match[0].split(":")
        if int(below[:LONGEST] or 0) and len(match[0]) < LONGEST:
            return Found(start, end, match[0], Quantity(f"{above}/{below}"), None, "")
    return Found(start, end, match[0], None, LabelKind.CLOCK)
