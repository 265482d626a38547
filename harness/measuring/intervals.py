"""Launches in, a point and a 95 % interval for a percentile, a mean or a share out.

Calls within a launch are not independent, and launches differ, so launches are what varies
here. The plain bootstrap of 10 to 20 launches covers 88 to 93 % only. What is used instead was
chosen by simulation (`benchmarks/coverage.py`; docs/benches.md has its table):

- a **percentile**: each launch's share of calls at or below the pooled percentile; Student's
  interval around their mean, turned back into values of the pooled calls (Woodruff's interval
  with launches as clusters). Joined with the interval of order statistics, which holds by
  itself where calls are independent and few.
- a **mean**, a rate, an overhead: Student's interval on the launches' values.
- a **share**: the same, joined with Clopper and Pearson's interval on all trials.

Student's quantile is taken at 97.5 %, not 95 %: with 12 launches, skewed or of two sorts, the
interval at 95 % covers 92 %.
"""

import bisect
import math
from collections.abc import Sequence
from statistics import fmean, stdev

from harness.measuring.distributions import beta_quantile, binomial_quantile, student_quantile
from harness.model.bench import Interval

Counts = Sequence[tuple[int, int]]
"""Values with how often each was seen, ascending."""

_STUDENT = 0.0125
"""Left out on each side by Student's quantile; see above."""
_ORDER = 0.025
"""Left out on each side by order statistics."""


def percentile_interval(launches: Sequence[Counts], share: float) -> Interval:
    """The pooled calls' percentile; its high end is infinite where the samples do not hold it."""
    pooled = _Pool(launches)
    low_rank, high_rank = order_ranks(pooled.total, share)
    low, high = pooled.at_rank(low_rank), pooled.at_rank(high_rank)
    point = pooled.at_rank(max(1, math.ceil(share * pooled.total)))
    if len(launches) > 1:
        half = _half([_share_up_to(launch, point) for launch in launches])
        low = min(low, pooled.at_rank(math.floor((share - half) * pooled.total)))
        high = max(high, pooled.at_rank(math.ceil((share + half) * pooled.total)))
    else:
        low, high = 0.0, math.inf
    return Interval(point, low, high, pooled.total)


def mean_interval(values: Sequence[float]) -> Interval:
    """The launches' mean."""
    point = fmean(values)
    half = _half(values)
    return Interval(point, point - half, point + half, len(values))


def share_interval(hits: Sequence[int], trials: Sequence[int]) -> Interval:
    """A share of all trials."""
    shares = [h / n for h, n in zip(hits, trials, strict=True)]
    half = _half(shares)
    k, n = sum(hits), sum(trials)
    exact_low = beta_quantile(0.025, k, n - k + 1) if k else 0.0
    exact_high = beta_quantile(0.975, k + 1, n - k) if k < n else 1.0
    point = k / n
    return Interval(
        point, max(0.0, min(exact_low, point - half)), min(1.0, max(exact_high, point + half)), n
    )


def order_ranks(total: int, share: float) -> tuple[int, int]:
    """The ranks, from 1, between whose order statistics a percentile lies with 95 %.

    Distribution-free. 0 and `total + 1` stand for "below all" and "above all": a p99 has a
    finite upper end from 368 samples on.
    """
    low = binomial_quantile(_ORDER, total, share)
    high = binomial_quantile(1 - _ORDER, total, share) + 1
    return low, high


def smallest_sample(share: float) -> int:
    """How many samples a finite two-sided interval of a percentile needs at least."""
    return math.ceil(math.log(_ORDER) / math.log(share))


def _half(values: Sequence[float]) -> float:
    """Half of Student's interval around the mean; infinite for a single value."""
    if len(values) < 2:
        return math.inf
    t = student_quantile(1 - _STUDENT, len(values) - 1)
    return t * stdev(values) / math.sqrt(len(values))


def _share_up_to(launch: Counts, value: float) -> float:
    at = bisect.bisect_right(launch, value, key=lambda pair: pair[0])
    total = sum(count for _, count in launch)
    return sum(count for _, count in launch[:at]) / total


class _Pool:
    """All launches' calls in order; each launch weighs by its calls."""

    def __init__(self, launches: Sequence[Counts]) -> None:
        counts: dict[int, int] = {}
        for launch in launches:
            for value, count in launch:
                counts[value] = counts.get(value, 0) + count
        self._values = sorted(counts)
        self._ranks: list[int] = []
        self.total = 0
        for value in self._values:
            self.total += counts[value]
            self._ranks.append(self.total)

    def at_rank(self, rank: float) -> float:
        """The order statistic of a rank from 1; 0 below all, infinite above all."""
        if rank < 1:
            return 0.0
        if rank > self.total:
            return math.inf
        return float(self._values[bisect.bisect_left(self._ranks, rank)])
