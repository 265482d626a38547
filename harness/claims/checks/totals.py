"""The statements of tables in, rulings on their totals out."""

import re
from collections.abc import Iterable
from fractions import Fraction
from itertools import accumulate

from harness.claims.arithmetic import HEDGE_SHARE, amount, in_digits, is_right, significant
from harness.claims.quantity import Quantity
from harness.claims.units import counted_things
from harness.claims.values import ClaimKind, ClaimReason, Ruling, Spot, Statement

_TOTAL = re.compile(r"\s*(?:grand |overall )?(?:total|totals|sum|∑|Σ)\s*:?\s*\Z", re.IGNORECASE)
_PARTIAL = re.compile(
    r"sub-?total|average|\b(?:avg|mean|median|peak|max|min|before|after)\b|of which|including",
    re.IGNORECASE,
)
_TOTALS = re.compile(r"\btotals?\b", re.IGNORECASE)
_REMARK = re.compile(r"[A-Za-z]{3,}")
_NO_SUM = re.compile(
    r"average|avg|mean|median|ratio|rate|p\d\d|percentile|max|min|speed|per\b|/|share|%|"
    r"std|version|unique|distinct|accuracy|precision|recall|f1\b|utili[sz]ation|efficiency|"
    r"factor|index|rating|density|frequency|throughput|bandwidth|[fqt]ps\b|iops|score",
    re.IGNORECASE,
)

_COUNTS = re.compile(
    r"(?:no\.? of |number of |# ?)?(?:instances?|replicas?|counts?|qty|quantit(?:y|ies)|nodes?|"
    r"units?|copies|machines?|servers?|hosts?|pods?|vms?|#)",
    re.IGNORECASE,
)

_BOUNDS = frozenset(("<", ">", "≤", "≥", "<=", ">="))

_LONG = 4
"""Digits from which on a whole number is mostly computed, and rounded."""

Table = dict[tuple[int, int], tuple[int, Statement]]


def totals(statements: Iterable[tuple[int, Statement]]) -> list[Ruling]:
    """A ruling for each column over a row called total, and each row of a column called so."""
    tables: dict[int, Table] = {}
    for at, statement in statements:
        number, row, column = statement.passage.cell
        if number >= 0:
            tables.setdefault(number, {})[row, column] = (at, statement)
    rulings: list[Ruling] = []
    for table in tables.values():
        if any(_TOTAL.match(cell.text) for _, cell in table.values()):
            rulings.extend(_table(table))
    return rulings


def _table(table: Table) -> list[Ruling]:
    """A table is left alone where a row is a partial sum, or a column cannot be added.

    Where a row besides the last is called a total of something, only what holds is said.
    """
    rows = max(row for row, _ in table)
    heads = {row: cell.text for (row, column), (_, cell) in table.items() if column == 0}
    if any(_PARTIAL.search(head) for head in heads.values()):
        return []
    columns = max(column for _, column in table)
    rulings = _totals(table, heads, rows, columns)
    if _is_ragged(table, rows, columns) or _has_counts(table, columns):
        return [ruling for ruling in rulings if ruling.reason is ClaimReason.RIGHT]
    return rulings


def _has_counts(table: Table, columns: int) -> bool:
    """A column says how many there are of what a row tells of: its total weighs the others."""
    heads = [table[0, column][1].text for column in range(columns + 1) if (0, column) in table]
    return any(_COUNTS.fullmatch(head.strip(" *_")) for head in heads)


def _is_ragged(table: Table, rows: int, columns: int) -> bool:
    """A row ends early: what its cells mean may stand in other columns."""
    return any((row, columns) not in table for row in range(1, rows))


def _totals(table: Table, heads: dict[int, str], rows: int, columns: int) -> list[Ruling]:
    """The last row's totals, and those of the last column."""
    rulings: list[Ruling] = []
    if rows > 2 and _is_total(table, (rows, 0)):
        found = _unless_none_holds(_columns(table, rows, columns))
        has_totals = any(_TOTALS.search(head) for row, head in heads.items() if row < rows)
        rulings.extend(each for each in found if each.reason is ClaimReason.RIGHT or not has_totals)
    if columns > 2 and _is_total(table, (0, columns)):
        rulings.extend(_unless_none_holds(_rows(table, rows, columns)))
    return rulings


def _unless_none_holds(rulings: list[Ruling]) -> list[Ruling]:
    """Nothing where three totals and more all fail: `total` is something else than the sum."""
    return [] if len(rulings) > 2 and not _count_right(rulings) else rulings


def _columns(table: Table, rows: int, columns: int) -> list[Ruling]:
    """Each column's total; none that is a mean by its size, where no column adds up.

    Where all of several columns hold only without one and the same row, or without the first
    rows, what these rows have is no part: `initial share`, from which the others come.
    """
    places = tuple(range(1, rows))
    of_all = _columns_of(table, places, rows, columns)
    if 2 * _count_right(of_all) > len(of_all):
        return of_all
    leading = [places[first:] for first in range(2, rows - 2)]
    but_one = [tuple(row for row in places if row != left) for left in places]
    for some in but_one + leading:
        found = _columns_of(table, some, rows, columns) if len(some) > 1 else []
        if len(found) > 1 and _count_right(found) == len(found) >= len(of_all):
            return found
    return of_all


def _count_right(rulings: list[Ruling]) -> int:
    return sum(ruling.reason is ClaimReason.RIGHT for ruling in rulings)


def _columns_of(table: Table, parts: tuple[int, ...], rows: int, columns: int) -> list[Ruling]:
    """Each column's total of some rows."""
    rulings: list[Ruling] = []
    means: list[Ruling] = []
    for column in range(1, columns + 1):
        if _may_add(table, (0, column)):
            places = [(row, column) for row in parts]
            found = _unless_remarked(table, rows, _line(table, places, (rows, column)))
            rulings.extend(found)
            means.extend(found if _is_between(table, places, (rows, column)) else [])
    adds_up = _count_right(rulings) > 0
    return rulings if adds_up else [ruling for ruling in rulings if ruling not in means]


def _is_between(table: Table, places: list[tuple[int, int]], total: tuple[int, int]) -> bool:
    """What stands between the least and the greatest part: `447`, `463`, total `461`."""
    stated = _only_quantity(table, total)
    parts = [part for place in places if (part := _only_quantity(table, place)) is not None]
    if stated is None or not parts:
        return False
    values = [amount(quantity).value for _, quantity in parts]
    return min(values) < amount(stated[1]).value < max(values)


def _rows(table: Table, rows: int, columns: int) -> list[Ruling]:
    """Each row's total, of all cells after the first, or of those after what the rows are for.

    `size | layers | pull | push | total`: where most rows hold only without `layers`, that
    column is no part of them.
    """
    of_all: list[Ruling] = []
    for first in range(1, max(2, columns - 1)):
        if not all(_may_add(table, (0, column)) for column in range(first, columns)):
            continue
        found: list[Ruling] = []
        for row in range(1, rows + 1):
            places = [(row, column) for column in range(first, columns)]
            found.extend(_line(table, places, (row, columns)))
        if 2 * _count_right(found) > len(found):
            return found
        of_all = found if first == 1 else of_all
    return of_all


def _unless_remarked(table: Table, row: int, rulings: list[Ruling]) -> list[Ruling]:
    """A total with a remark beside it ("cache only", "peak") may leave rows out by right."""
    remarked = any(
        _REMARK.search(cell.text)
        for (at_row, column), (_, cell) in table.items()
        if at_row == row and column and not any(found.quantity for found in cell.found)
    )
    return [] if remarked and rulings and rulings[0].reason is ClaimReason.WRONG else rulings


def _is_total(table: Table, place: tuple[int, int]) -> bool:
    return place in table and _TOTAL.match(table[place][1].text) is not None


def _may_add(table: Table, head: tuple[int, int]) -> bool:
    return head not in table or not _NO_SUM.search(table[head][1].text)


def _line(table: Table, places: list[tuple[int, int]], total: tuple[int, int]) -> list[Ruling]:
    stated = _only_quantity(table, total)
    parts = [_only_quantity(table, place) for place in places]
    known = [part for part in parts if part is not None]
    if stated is None or len(known) != len(parts) or len(known) < 2 or stated[1].is_percent:
        return []
    measure = stated[1].measure
    dimensions = measure.dimensions if measure else ()
    amounts = [amount(quantity) for _, quantity in known]
    things = {counted_things(quantity.unit) for _, quantity in (stated, *known)}
    if any(each.dimensions != dimensions for each in amounts) or len(things) > 1:
        return []
    exact = sum((each.value for each in amounts), Fraction(0)) / (measure.size if measure else 1)
    hedged = any(quantity.comparison.strip() in ("~", "≈") for _, quantity in (stated, *known))
    agrees = is_right(stated[1], exact, hedged)
    quantities = [quantity for _, quantity in known]
    if not agrees and (
        any(quantity.comparison.strip() in _BOUNDS for quantity in quantities)
        or stated[1].face == max(quantity.face for quantity in quantities)
        or _may_be_rounded(stated[1], quantities, exact)
        or _holds_sums(stated[1], quantities)
        or _counts_twice(stated[1], quantities, exact)
    ):
        return []
    figures = " + ".join(quantity.text.strip() for _, quantity in known[:8])
    more = " + …" if len(known) > 8 else ""
    return [
        Ruling(
            ClaimKind.SUM,
            ClaimReason.RIGHT if agrees else ClaimReason.WRONG,
            stated[0],
            tuple(spot for spot, _ in known),
            f"{figures}{more} = {in_digits(exact, stated[1])}",
            in_digits(exact, stated[1]),
            check="total",
        )
    ]


def _may_be_rounded(stated: Quantity, parts: list[Quantity], exact: Fraction) -> bool:
    """The total may be that of the exact parts, which were rounded one by one.

    Decimals and numbers of four digits and more are mostly computed, and each is off by up to
    half of its last digit; a short time is measured, and its total may be off by one.
    """
    measure = stated.measure
    size = measure.size if measure else Fraction(1)
    steps = [part.step * (part.measure.size if part.measure else 1) / size for part in parts]
    off = abs(exact - stated.face)
    is_long = any("." in each.digits or significant(each) >= _LONG for each in (stated, *parts))
    if is_long and off <= (sum(steps, Fraction(0)) + stated.step) / 2:
        return True
    is_time = measure is not None and measure.dimensions == (("time", 1),)
    return is_time and off <= max(steps)


def _holds_sums(stated: Quantity, parts: list[Quantity]) -> bool:
    """The total is right without those parts that are sums of the ones beside them."""
    values = [amount(part).value for part in parts]
    left = [
        value
        for index, value in enumerate(values)
        if not (_is_sum(value, values[index + 1 :]) or _is_sum(value, values[:index][::-1]))
    ]
    measure = stated.measure
    exact = sum(left, Fraction(0)) / (measure.size if measure else 1)
    return bool(left) and len(left) < len(values) and is_right(stated, exact)


def _counts_twice(stated: Quantity, parts: list[Quantity], exact: Fraction) -> bool:
    """The parts come to about twice the total: groups stand among what they are of, rounded."""
    return len(parts) > 3 and abs(exact - 2 * stated.face) <= abs(stated.face) * HEDGE_SHARE


def _is_sum(value: Fraction, beside: list[Fraction]) -> bool:
    """The next two or more values come to it."""
    return bool(value) and value in list(accumulate(beside))[1:]


def _only_quantity(table: Table, place: tuple[int, int]) -> tuple[Spot, Quantity] | None:
    """The quantity that is all that a cell holds."""
    if place not in table:
        return None
    at, cell = table[place]
    if len(cell.found) != 1 or cell.found[0].quantity is None:
        return None
    found = cell.found[0]
    rest = (cell.text[: found.start] + cell.text[found.end :]).strip(" \t*~")
    return None if rest else ((at, 0), cell.quantity(0))
