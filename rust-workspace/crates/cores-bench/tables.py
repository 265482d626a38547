"""Samples of several launches → medians, ratios with 95 % intervals, a table as text.

A launch is one process. Where its memory lies can make a loop faster or slower for the whole of its
life, so a ratio is taken per repeat, its median per launch, and the interval over launches.
"""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

# One launch's samples of one contender, in nanoseconds a call.
Samples = Sequence[float]


@dataclass(frozen=True)
class Estimate:
    """The median over launches, and an interval that holds it in at least 95 of 100 cases."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.median:.3f} [{self.low:.3f}, {self.high:.3f}]"


def estimate(launches: Sequence[float]) -> Estimate:
    """Interval by order statistics at binomial ranks: free of assumptions on the distribution.

    Six launches are the fewest that can hold 95 %; with fewer the interval is all that was seen.
    """
    ordered, count = sorted(launches), len(launches)
    tail, rank = 0.0, 0
    while rank < count and tail + math.comb(count, rank) / 2**count <= 0.025:
        tail += math.comb(count, rank) / 2**count
        rank += 1
    low = max(rank - 1, 0)
    return Estimate(statistics.median(ordered), ordered[low], ordered[count - 1 - low])


def medians(launches: Sequence[Samples]) -> Estimate:
    """The time of one contender."""
    return estimate([statistics.median(samples) for samples in launches])


def ratio(above: Sequence[Samples], below: Sequence[Samples]) -> Estimate:
    """One contender's time by another's, repeat by repeat within each launch."""
    return estimate(
        [
            statistics.median(a / b for a, b in zip(one, other, strict=True))
            for one, other in zip(above, below, strict=True)
        ]
    )


def verdict(measured: Estimate, bound: float, most: bool) -> str:
    """Whether a ratio keeps its goal: only an interval wholly on one side decides."""
    kept = measured.high <= bound if most else measured.low >= bound
    broken = measured.low > bound if most else measured.high < bound
    word = "met" if kept else "missed" if broken else "undecided"
    return f"{word}, goal {'≤' if most else '≥'} {bound:g}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table that also reads well as text."""
    lines = [list(head), *[list(row) for row in rows]]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]

    def shown(line: Sequence[str]) -> str:
        cells = [cell.ljust(width) for cell, width in zip(line, widths, strict=True)]
        return "| " + " | ".join(cells) + " |"

    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([shown(lines[0]), rule, *map(shown, lines[1:])])
