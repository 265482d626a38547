"""Launches in, a point and a 95 % interval for a percentile, a mean or a share out.

Calls within a launch are not independent, and launches differ, so launches are what varies
here. The plain bootstrap of 10 to 20 launches covers 88 to 93 % only. What is used instead was
chosen by simulation (`benchmarks/coverage.py`; docs/benches.md has its table):

- a **percentile**: at each value the share of calls up to it, with Student's interval over
  launches; the values where that holds the percentile's share (the test of each value turned
  around). Joined with the interval of order statistics, which holds by itself where calls are
  independent and few.
- a **mean**, a rate, an overhead: Student's interval on the launches' values.
- a **share**: the same, joined with Clopper and Pearson's interval on all trials.

Student's quantile is taken at 97.5 %, not 95 %: with 12 launches, skewed or of two sorts, the
interval at 95 % covers 92 %.
"""

import bisect
import math
from collections.abc import Iterator, Sequence
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
        surely_below, surely_reached = _by_launches(launches, share)
        low, high = min(low, surely_below, point), max(high, surely_reached, point)
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


def _by_launches(launches: Sequence[Counts], share: float) -> tuple[float, float]:
    """The values between which the launches' own shares leave a percentile.

    Up to the first, surely less than `share` of all calls lie below; from the second on, surely
    that much is reached. "Surely" is Student's quantile of the standard error of a ratio whose
    clusters are the launches (Cochran, Sampling Techniques, 6.3), taken at that value: where
    every launch has nearly all of its calls below it, launches that differ elsewhere say
    nothing against it. Calls above a far value are few, and their spread is small; were the
    percentile there, they would be more, so the error is taken as large as it then would be.
    """
    t = student_quantile(1 - _STUDENT, len(launches) - 1)
    low, high = 0.0, math.inf
    is_below, spread = True, _Spread([sum(n for _, n in launch) for launch in launches])
    for value, calls in _by_value(launches):
        if is_below:
            low = value
        for launch, count in calls:
            spread.add(launch, count)
        half = t * spread.error(share)
        is_below = is_below and spread.share() + half < share
        high = min(high, value) if spread.share() - half >= share else math.inf
    return low, high


def _by_value(launches: Sequence[Counts]) -> Iterator[tuple[float, list[tuple[int, int]]]]:
    """Each value, ascending, with the launches that hold it and how often."""
    calls: dict[int, list[tuple[int, int]]] = {}
    for number, launch in enumerate(launches):
        for value, count in launch:
            calls.setdefault(value, []).append((number, count))
    for value in sorted(calls):
        yield float(value), calls[value]


class _Spread:
    """How many of each launch's calls lie up to a value that rises, in whole numbers."""

    def __init__(self, calls: Sequence[int]) -> None:
        self._calls = calls
        self._below = [0] * len(calls)
        self._all = sum(calls)
        self._reached = self._squares = self._products = 0
        self._calls_squared = sum(n * n for n in calls)

    def add(self, launch: int, count: int) -> None:
        """`count` more calls of a launch lie below."""
        before = self._below[launch]
        self._below[launch] = before + count
        self._reached += count
        self._squares += count * (2 * before + count)
        self._products += count * self._calls[launch]

    def share(self) -> float:
        """Of all calls."""
        return self._reached / self._all

    def error(self, due: float) -> float:
        """The share's standard error by launches, as it would be at least were it `due`."""
        launches = len(self._calls)
        apart = (  # the squared distance of each launch from the share, times all calls squared
            self._all**2 * self._squares
            - 2 * self._all * self._reached * self._products
            + self._reached**2 * self._calls_squared
        )
        reached = self.share()
        if reached == 1:
            return 0.0
        wider = max(1.0, due * (1 - due) / (reached * (1 - reached)))
        return math.sqrt(wider * (apart / self._all**4) * launches / (launches - 1))


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
