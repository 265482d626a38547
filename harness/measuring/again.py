"""A claim as it stands now and a saved bench run in, its reason by that run's figures out."""

import math
from collections.abc import Mapping
from typing import Any

from harness.measuring.judging import MARGIN, decide, limits
from harness.model.bench import Doubt, DoubtKind, Interval, Point, Side, Stated
from harness.model.reasons import Reason

QUICK = "a quick run decides nothing"


def judged_again(stated: Stated, row: Mapping[str, Any]) -> tuple[Reason, str]:
    """By the interval that was measured, whatever was stated then; `row` as the JSON report has it.

    A quick run decides nothing.
    Where another bench, statistic or number of cores is meant now, nothing was measured for it.
    KeyError, TypeError or ValueError where the row is no bench's.
    """
    is_same = (
        row["bench"] == stated.bench
        and row["dimension"] == stated.dimension.value
        and row["cores_stated"] == stated.cores
        and _is_statistic(stated.statistic, row)
    )
    if row.get("quick"):
        return Reason.NOT_RUN, QUICK
    if not is_same:
        return Reason.NOT_RUN, "the report measured something else"
    if _is_unchanged(stated, row) or not row["points"]:
        return Reason(row["reason"]), str(row["message"])
    point = _point(row["points"][-1])
    if stated.cores > int(row["cores_here"]):
        return _beyond(stated, row), f"{stated.cores} cores stated, {row['cores_here']} measured"
    reason = decide(stated, point)
    low, high = point.interval.low, point.interval.high
    return reason, f"stated {stated.figure}, measured {low:.4g} … {high:.4g} in base units"


def _is_statistic(now: str, row: Mapping[str, Any]) -> bool:
    """Named, it is what was measured; not named, it is what was implied then, too."""
    measured, stated = str(row["statistic"]), str(row["statistic_stated"])
    return now == measured if now else not stated


def _is_unchanged(stated: Stated, row: Mapping[str, Any]) -> bool:
    now = (stated.value, stated.side.value, stated.tolerance)
    return now == (row["stated"], row["side"], row["tolerance"])


def _point(row: Mapping[str, Any]) -> Point:
    interval = Interval(
        float(row["value"]), float(row["low"]), _or_infinite(row["high"]), int(row["samples"])
    )
    doubts = tuple(
        Doubt(DoubtKind(d["kind"]), str(d["text"]), float(d["low"]), _or_infinite(d["high"]))
        for d in row["doubts"]
    )
    return Point(int(row["cores"]), interval, int(row["launches"]), doubts)


def _or_infinite(value: float | None) -> float:
    """JSON has no infinity: null stands for it."""
    return math.inf if value is None else float(value)


def _beyond(stated: Stated, row: Mapping[str, Any]) -> Reason:
    """More cores than were there: the work bound may refute, nothing else decides."""
    least, _ = limits(stated)
    is_sure = not any(point["doubts"] for point in row["points"])
    if row["bound"] is None or least is None or stated.side is Side.AT_MOST or not is_sure:
        return Reason.NOT_MEASURABLE
    return Reason.MISSED if row["bound"] * (1 + MARGIN) < least else Reason.NOT_MEASURABLE
