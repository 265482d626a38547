"""All statements in, rulings on a name that is given two values in one section out."""

import re
from collections.abc import Iterable

from harness.claims.arithmetic import amount
from harness.claims.units import Dimensions
from harness.claims.values import ClaimKind, ClaimReason, Ruling, Spot, Statement

_NAME = re.compile(r"(?:\A|[|;.]\s+)(?:\w+:\s+)?([A-Z][A-Za-z0-9 /-]{3,40}?)\s*=\s*\Z")
_LEADS_IN = re.compile(r"[^\n]*:[ \t]*(?:\n|\Z)")
_PROSE = 120
"""Characters of a paragraph without an equals sign that tells of something else."""
_NESTED = 4
"""Columns up to which the text of an item of an outer list begins."""
_ENDS = re.compile(r"\s*(?:\Z|[|;.)])")


def restated(statements: Iterable[tuple[int, Statement]]) -> list[Ruling]:
    """A ruling for each later `Name = value` of one name in one section, in prose.

    Only whole segments count, with a unit; in tables a name stands for a column, and its
    values differ by right. A line that leads in with a colon, a paragraph of prose, and an item
    of the list above begin another example, whose names are its own.
    """
    known: dict[tuple[int, int, str, Dimensions], tuple[Spot, Statement]] = {}
    example, indent, last = 0, 0, 0
    rulings: list[Ruling] = []
    for at, statement in statements:
        if statement.passage.kind == "cell":
            continue
        _, line, column = statement.passage.lines[0]
        leads_in = _LEADS_IN.match(statement.text) is not None
        is_prose = "=" not in statement.text and len(statement.text) > _PROSE
        is_other_item = column < indent or (column > _NESTED and line > last + 1)
        if leads_in or is_prose or is_other_item:
            example += 1
        indent, last = column, statement.passage.lines[-1][1]
        if "=" not in statement.text:
            continue
        for number, found in enumerate(statement.found):
            quantity = found.quantity
            if quantity is None or quantity.measure is None:
                continue
            name = _NAME.search(statement.text, max(0, found.start - 60), found.start)
            if name is None or not _ENDS.match(statement.text, found.end):
                continue
            key = (statement.passage.section, example, name[1].lower(), quantity.measure.dimensions)
            if key not in known:
                known[key] = ((at, number), statement)
                continue
            rulings.append(_judge(known[key], ((at, number), statement), name[1]))
    return rulings


def _judge(first: tuple[Spot, Statement], second: tuple[Spot, Statement], name: str) -> Ruling:
    one, other = first[1].quantity(first[0][1]), second[1].quantity(second[0][1])
    agrees = amount(one).value == amount(other).value
    return Ruling(
        ClaimKind.CONSISTENCY,
        ClaimReason.RIGHT if agrees else ClaimReason.WRONG,
        second[0],
        (first[0],),
        f"{name} is {one.text.strip()} {'here too' if agrees else 'earlier in the section'}",
        one.text.strip(),
        check="restated",
    )
