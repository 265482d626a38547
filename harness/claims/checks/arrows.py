"""Statement in, rulings on changes out: `400 → 150 ms (−62.5 %)`, `from 10 to 30 (3×)`."""

# ruff: noqa: RUF001, RUF002

import re
from fractions import Fraction
from itertools import pairwise

from harness.claims.arithmetic import in_digits, is_at_least, is_hedged, is_right, significant
from harness.claims.quantity import Quantity
from harness.claims.units import PLAIN, multiply
from harness.claims.values import ClaimKind, ClaimReason, Ruling, Statement

_ARROW = re.compile(r"[A-Za-z ]{0,16}\s*(?:→|⟶|➜|⇒|-{1,2}>)\s*[A-Za-z ]{0,12}\Z")
_OPENS = re.compile(r"\s*\(\s*(?:from\s+)?\Z")
_CLOSES = re.compile(r"[A-Za-z\s/.-]{0,30}\)")
_LEADS = re.compile(
    r"[A-Za-z\s]{0,20}\)?\s*(?:\(|=|,|:|—|–)\s*"
    r"(?:i\.e\.\s|that is\s|a\s|an\s|by\s|about\s|≈\s?|~\s?)*\Z"
)
_BY = re.compile(r"\s*(?:\(|,)?\s*by\s+(?:about\s+)?\Z")
_CHANGE = re.compile(
    r"\b(?:reduc|increas|decreas|cut|improv|dr[oa]p|gr[eo]w|fell|fall|rise|rose|risen|sav|"
    r"shrink|shr[au]nk|"
    r"lower|higher|less|fewer|more|smaller|larger|bigger|down|up\b|gain|los[et])",
    re.IGNORECASE,
)
_SPEED = re.compile(r"\b(?:fast|slow|quick|speed|throughput)", re.IGNORECASE)
_GAIN = re.compile(r"\b(?:more|increase|improvement|gain)", re.IGNORECASE)
_MEASURED = 3
"""Significant digits from which on a value is mostly measured."""
_OTHER = re.compile(
    r"\s(?:(?P<more>more|fewer|less|greater|higher|lower|bigger|smaller|larger)\s)?"
    r"(?!than\b|in\b|of\b|on\b|for\b|and\b|to\b)(?P<noun>[A-Za-z]+)"
    r"(?(more)|\s(?:reduction|drop|increase|decrease|improvement|gain|saving|speedup|growth|cut)s?\b)"
)
_OF_WHOLE = re.compile(
    r"\s(?:reduction|drop|increase|decrease|improvement|gain|saving|speedup|growth|cut)s?"
    r"\s(?:in|of)\s(?:the\s|its\s)?(?P<thing>[A-Za-z-]+(?:\s[A-Za-z-]+){0,4})"
)
_THING_ENDS = re.compile(r"\s(?:for|on|of|with|at|to|when|and|compared|over|in|is|by)\b.*")
_LENGTHS = frozenset(("m", "km", "cm", "mm", "px"))
_SHARE = re.compile(r"\b(?:to|of|at)\s*\Z")


def arrows(statement: Statement, at: int) -> list[Ruling]:
    """A ruling for each percentage or factor beside two values of which one becomes the other."""
    if not any(mark in statement.text for mark in ("→", "->", "⟶", "➜", "⇒", "from ")):
        return []
    rulings: list[Ruling] = []
    for first, second in pairwise(range(len(statement.found))):
        if not _becomes(statement, first, second):
            continue
        stated = _before(statement, first, second)
        if stated is None:
            stated = _after(statement, second)
        if stated is not None:
            ruling = _judge(statement, at, first, second, stated)
            if ruling is not None:
                rulings.append(ruling)
    return rulings


def _becomes(statement: Statement, first: int, second: int) -> bool:
    left, right = statement.found[first], statement.found[second]
    if left.quantity is None or right.quantity is None:
        return False
    gap = statement.text[left.end : right.start]
    if len(gap) > 40:
        return False
    if _ARROW.match(gap):
        return True
    return gap == " to " and statement.text[max(0, left.start - 5) : left.start].lower() == "from "


def _is_change(quantity: Quantity | None) -> bool:
    return quantity is not None and (
        quantity.is_percent or quantity.unit.strip() in ("×", "x", "fold", "-fold")
    )


def _before(statement: Statement, first: int, second: int) -> int | None:
    """`60 % (400 ms → 150 ms)`, after a word that says change."""
    if first == 0 or not _is_change(statement.found[first - 1].quantity):
        return None
    stated, left, right = (statement.found[n] for n in (first - 1, first, second))
    if not _OPENS.match(statement.text[stated.end : left.start]):
        return None
    if not _CLOSES.match(statement.text, right.end):
        return None
    words = statement.text[max(0, stated.start - 70) : stated.start]
    signed = stated.quantity is not None and stated.quantity.sign in ("+", "-", "−")
    return first - 1 if signed or _CHANGE.search(words) or _SPEED.search(words) else None


def _after(statement: Statement, second: int) -> int | None:
    """`400 → 150 ms (−62.5 %)`, `… = 62.5 %`, `… by 62.5 %`; but `128 → 3–4×` is a range."""
    if second + 1 >= len(statement.found) or not _is_change(statement.found[second + 1].quantity):
        return None
    right, stated = statement.found[second], statement.found[second + 1]
    gap = statement.text[right.end : stated.start]
    is_range = gap in ("–", "—")
    if is_range or len(gap) > 40 or not (_LEADS.match(gap) or _BY.match(gap)):
        return None
    said = statement.text[stated.end : stated.end + 16]
    signed = stated.quantity is not None and stated.quantity.sign
    if "," in gap and not signed and not _CHANGE.search(said) and not _SPEED.search(said):
        return None
    return second + 1


def _judge(statement: Statement, at: int, first: int, second: int, stated: int) -> Ruling | None:
    left, right = statement.quantity(first), statement.quantity(second)
    values = _comparable(left, right, (left.face, right.face))
    if values is None:
        return None
    before, after = values
    quantity = statement.quantity(stated)
    words = statement.text[
        max(0, statement.found[stated].start - 70) : statement.found[stated].end + 24
    ]
    exact = _candidates(quantity, before, after, words)
    if not exact:
        return None
    if not quantity.is_percent:
        exact.extend(_by_binary(left, right))
    if statement.quantity(first).is_percent and statement.quantity(second).is_percent:
        exact.append((after - before) * 100 if quantity.sign else abs(after - before) * 100)
        if before < 1 and after < 1:
            exact.extend(_candidates(quantity, 1 - before, 1 - after, words))
    hedged = is_hedged(statement.text, statement.found[stated].start, quantity)
    end = statement.found[stated].end
    agreeing = [
        value
        for value in exact
        if is_right(quantity, value, hedged) or is_at_least(statement.text, end, quantity, value)
    ]
    if not agreeing and _may_be_of_rounded(statement, first, second, quantity, words):
        agreeing = exact[:1]
    agrees = bool(agreeing)
    if not agrees and (
        not _is_meant(statement, stated, quantity, words)
        or _is_of_another(statement, second, stated)
        or _is_by_area(left, quantity, exact[0])
    ):
        return None
    names = f"{statement.found[first].text.strip()} → {statement.found[second].text.strip()}"
    shown = _shown((agreeing or exact)[0], quantity)
    return Ruling(
        ClaimKind.SUM,
        ClaimReason.RIGHT if agrees else ClaimReason.WRONG,
        (at, stated),
        ((at, first), (at, second)),
        f"change of {names} = {shown}" if quantity.is_percent else f"ratio of {names} = {shown}",
        shown,
        check="arrow" if quantity.is_percent else "ratio",
    )


def _may_be_of_rounded(
    statement: Statement, first: int, second: int, stated: Quantity, words: str
) -> bool:
    """`3.4 s → 1.9 s (−45 %)`: it may be computed from what the two values were rounded from."""
    left, right = statement.quantity(first), statement.quantity(second)
    if not (_is_measured(left) and _is_measured(right)):
        return False
    corners = [
        values
        for one in (left.face - left.step / 2, left.face + left.step / 2)
        for other in (right.face - right.step / 2, right.face + right.step / 2)
        if (values := _comparable(left, right, (one, other))) is not None
    ]
    found = [_candidates(stated, before, after, words) for before, after in corners]
    if len({len(each) for each in found}) != 1:
        return False
    half = stated.step / 2
    return any(
        min(ends) - half <= stated.face <= max(ends) + half for ends in zip(*found, strict=True)
    )


def _by_binary(left: Quantity, right: Quantity) -> list[Fraction]:
    """`4TB → 128GB (32x)`: the ratio where both count in 1,024."""
    one, other = left.measure, right.measure
    if one is None or other is None or not (one.binary and other.binary and right.face):
        return []
    ratio = left.face * one.binary / (right.face * other.binary)
    return [max(ratio, 1 / ratio)] if ratio else []


def _is_measured(quantity: Quantity) -> bool:
    """Decimals, times and numbers of three digits are measured; `$12K` is as it was set."""
    measure = quantity.measure
    is_time = measure is not None and measure.dimensions == (("time", 1),)
    return is_time or "." in quantity.digits or significant(quantity) >= _MEASURED


def _shown(change: Fraction, stated: Quantity) -> str:
    """The change as it is told: with its sign where a percentage is stated with one."""
    text = in_digits(abs(change), stated)
    if not stated.is_percent or stated.sign not in ("+", "-", "−") or not change:
        return text
    if change > 0:
        return f"+{text}"
    return ("−" if stated.sign == "+" else stated.sign) + text


def _is_meant(statement: Statement, stated: int, quantity: Quantity, words: str) -> bool:
    """The text says that the figure is the change: by a sign, a word of change, or as a factor.

    `3/4 → 4/4 (100 %)` and "down to 40 %" give the new value instead.
    """
    before = statement.text[
        max(0, statement.found[stated].start - 12) : statement.found[stated].start
    ]
    if _SHARE.search(before):
        return False
    return bool(
        quantity.sign or not quantity.is_percent or _CHANGE.search(words) or _SPEED.search(words)
    )


def _is_of_another(statement: Statement, second: int, stated: int) -> bool:
    """`1000 → 100 (80% RAM reduction)`, `$15 to $33, 5% fewer reads`: what is told of another.

    In brackets it is so where the thing is not named before.
    """
    text, found = statement.text, statement.found
    told = _OTHER.match(text, found[stated].end)
    if told is None:
        return _is_of_whole(text, found[stated].start, found[stated].end)
    is_apart = stated > second and re.search(
        r"[,—–]", text[found[second].end : found[stated].start]
    )
    is_named = told["noun"].lower() in text[: found[stated].start].lower()
    if told["more"]:
        return bool(is_apart)
    return bool(is_apart) or not is_named


def _is_of_whole(text: str, start: int, end: int) -> bool:
    """`a part from 619 to 192 bytes (27% reduction in total size)`: of what is not named before."""
    told = _OF_WHOLE.match(text, end)
    if told is None:
        return False
    before = text[:start].lower()
    return any(word not in before for word in _THING_ENDS.sub("", told["thing"]).lower().split())


def _is_by_area(left: Quantity, stated: Quantity, ratio: Fraction) -> bool:
    """`from 500m to 250m (4x more zones)`: by the square of a length."""
    return left.unit.strip() in _LENGTHS and is_right(stated, ratio * ratio)


def _comparable(
    left: Quantity, right: Quantity, faces: tuple[Fraction, Fraction]
) -> tuple[Fraction, Fraction] | None:
    """Both in one unit; a value without unit takes the other's, and one may leave out its time."""
    one, other = left.measure, right.measure
    if one is None or other is None:
        return faces
    if one.dimensions == other.dimensions:
        return faces[0] * one.size, faces[1] * other.size
    rest = multiply(one.dimensions, other.dimensions, -1)
    if rest != PLAIN and all(name == "time" for name, _ in rest):
        return faces
    return None


def _candidates(
    quantity: Quantity, before: Fraction, after: Fraction, words: str
) -> list[Fraction]:
    """The face values that the stated change may have, the likeliest first, with its sign."""
    if not before or (not after and not quantity.is_percent):
        return []
    if not quantity.is_percent:
        ratio = max(after / before, before / after)
        exact = [ratio, 1 / ratio]
        if quantity.step == 1:
            exact.append(Fraction(int(ratio)))
        return [*exact, ratio - 1] if _SPEED.search(words) or _GAIN.search(words) else exact
    change = (after - before) / before * 100
    exact = [change]
    if _SPEED.search(words) and after:
        exact.append((before - after) / after * 100)
    sign = {"-": -1, "−": -1, "+": 1}.get(quantity.sign)
    if sign is None:
        return [abs(value) for value in exact]
    if sign * change < 0 and not _SPEED.search(words):
        return [change]
    return [abs(value) * sign for value in exact]
