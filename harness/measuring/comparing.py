"""Two runs' launches of one bench in, whether the second is another out.

Launches of the two runs are not paired, so this is Welch's interval on the logarithms of the
launches' values: the ratio of their geometric means. Runs are compared on one machine only; how
the calibration kernel moved between them widens the interval.
"""

import math
from collections.abc import Mapping, Sequence
from enum import Enum
from statistics import fmean, median, variance
from typing import Any

from harness.measuring.distributions import student_quantile
from harness.model.values import dataclass

CHANGED = 0.05
"""A change is told only where the whole interval is farther off than this."""
SAME = 0.10
"""Two runs are the same where the whole interval is nearer than this."""
_STUDENT = 0.0125


class Change(Enum):
    """What became of a figure."""

    SAME = "same"
    WORSE = "worse"
    BETTER = "better"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure of two runs: the ratio of the second to the first, with its interval."""

    id: str
    change: Change
    ratio: float
    low: float
    high: float
    message: str = ""


def compare_values(
    before: Sequence[float], after: Sequence[float], *, more_is_better: bool, drift: float = 0.0
) -> tuple[Change, float, float, float]:
    """The change between two sets of launch values, all above zero; `drift` is the machine's."""
    first, second = [math.log(v) for v in before], [math.log(v) for v in after]
    parts = [variance(values) / len(values) for values in (first, second)]
    distance = fmean(second) - fmean(first)
    half = math.log1p(drift)
    if sum(parts) > 0:
        freedom = sum(parts) ** 2 / sum(
            part**2 / (len(values) - 1) for part, values in zip(parts, (first, second), strict=True)
        )
        half += student_quantile(1 - _STUDENT, freedom) * math.sqrt(sum(parts))
    low, high = math.exp(distance - half), math.exp(distance + half)
    return _change(low, high, more_is_better=more_is_better), math.exp(distance), low, high


def _change(low: float, high: float, *, more_is_better: bool) -> Change:
    if low > 1 + CHANGED:
        return Change.BETTER if more_is_better else Change.WORSE
    if high < 1 / (1 + CHANGED):
        return Change.WORSE if more_is_better else Change.BETTER
    if low > 1 / (1 + SAME) and high < 1 + SAME:
        return Change.SAME
    return Change.UNDECIDED


def compare_reports(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Compared, ...]:
    """Each figure of the second report that the first one has too."""
    known = {row["id"]: row for row in before.get("benches", [])}
    return tuple(
        _compared(known[row["id"]], row)
        for row in after.get("benches", [])
        if row["id"] in known and row["launches"] and known[row["id"]]["launches"]
    )


def differing_environment(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """Why two reports cannot be compared; empty where they can."""
    for key in ("rustc", "target", "runner", "host"):
        first, second = (report["environment"].get(key) for report in (before, after))
        if first != second:
            return f"{key} was {first}, is {second}"
    return ""


def _compared(before: Mapping[str, Any], after: Mapping[str, Any]) -> Compared:
    # A percentile of a launch's own calls hangs on how many there are.
    same = ("statistic", "cores_stated", "bench", "sampling")
    blank = Compared(after["id"], Change.UNDECIDED, math.nan, 0.0, math.inf)
    if any(before.get(key) != after.get(key) for key in same):
        return Compared(blank.id, blank.change, math.nan, 0.0, math.inf, "another measurement")
    values = [[launch["value"] for launch in row["launches"]] for row in (before, after)]
    if any(v is None or v <= 0 for each in values for v in each) or min(map(len, values)) < 2:
        return Compared(blank.id, blank.change, math.nan, 0.0, math.inf, "no ratio of these")
    rounds = [
        median(fmean(launch["calibration_ps"]) for launch in row["launches"])
        for row in (before, after)
    ]
    drift = 0.0 if after["statistic"] == "share" else abs(rounds[1] / rounds[0] - 1)
    change, ratio, low, high = compare_values(
        values[0], values[1], more_is_better=after["side"] == "at least", drift=drift
    )
    doubts = [[*row["points"][-1]["doubts"]] for row in (before, after)]
    low *= _product(doubts[1], "low") / _product(doubts[0], "high")
    below = _product(doubts[0], "low")
    high = high * _product(doubts[1], "high") / below if below > 0 else math.inf
    if _change(low, high, more_is_better=after["side"] == "at least") is not change:
        # What disturbed one of the runs can look just like a change of the code.
        told = "; ".join(dict.fromkeys(d["text"] for each in doubts for d in each))
        return Compared(after["id"], Change.UNDECIDED, ratio, low, high, told)
    return Compared(after["id"], change, ratio, low, high)


def _product(doubts: Sequence[Mapping[str, Any]], end: str) -> float:
    """How far all doubts together may move one end; null stands for infinity."""
    return math.prod(math.inf if d[end] is None else float(d[end]) for d in doubts)
