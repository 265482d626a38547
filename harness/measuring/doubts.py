"""The launches of a point in, what makes their figure less sure out.

A doubt has a size: how far it may have moved the figure. A verdict stands only if it would be
the same with the interval widened by every doubt. Waiting for a core, stolen time and
throttling only ever make code slower, so they cannot make a false `met` of "at most 5 ms", but
they can make a false `missed`.
"""

import math
from collections.abc import Iterator, Sequence
from statistics import fmean, median

from harness.measuring.intervals import percentile_interval, smallest_sample
from harness.measuring.reading import PERCENTILES, launch_value
from harness.model.bench import Doubt, DoubtKind, Interval, Launch

LEAST_LAUNCHES = 10
_DRIFT = {10: 0.794, 12: 0.727, 15: 0.654, 20: 0.570}
"""Spearman's coefficient that chance passes once in a hundred, by launches."""
_NORMAL = 2.576
"""The same of many launches, times the root of one less than their number."""
_WAITED = 0.01
_STOLEN = 0.01
_UNSTEADY = 0.05


def doubts_of(launches: Sequence[Launch], statistic: str, interval: Interval) -> tuple[Doubt, ...]:
    """Every doubt about a figure of these launches."""
    return tuple(_doubts(launches, statistic, interval))


def _doubts(launches: Sequence[Launch], statistic: str, interval: Interval) -> Iterator[Doubt]:
    if len(launches) < LEAST_LAUNCHES:
        text = f"{len(launches)} launches, {LEAST_LAUNCHES} are due"
        yield Doubt(DoubtKind.FEW_LAUNCHES, text, 0.0, math.inf)
    if statistic in PERCENTILES and interval.samples < (
        least := smallest_sample(PERCENTILES[statistic])
    ):
        text = f"{interval.samples} samples, {statistic} needs {least}"
        yield Doubt(DoubtKind.FEW_SAMPLES, text, 0.0, math.inf)
    if statistic == "share":
        return  # counted, not timed: how fast the machine is does not matter
    yield from _drift([launch_value(launch, statistic) for launch in launches])
    if statistic != "ratio":
        yield from _disturbed(launches, statistic)


def _drift(values: Sequence[float]) -> Iterator[Doubt]:
    """A trend over the launches may go on: its whole size is added on both sides."""
    if len(values) < min(_DRIFT) or min(values) <= 0:
        return
    r = spearman(values)
    if abs(r) < _usual_correlation(len(values)):
        return
    size = math.exp(abs(_slope([math.log(v) for v in values])) * len(values))
    text = f"launches drift by {100 * (size - 1):.0f} %, r = {r:.2f}"
    yield Doubt(DoubtKind.DRIFT, text, 1 / size, size)


def _usual_correlation(launches: int) -> float:
    if launches > max(_DRIFT):
        return _NORMAL / math.sqrt(launches - 1)
    return _DRIFT[max(n for n in _DRIFT if n <= launches)]


def _disturbed(launches: Sequence[Launch], statistic: str) -> Iterator[Doubt]:
    """What made the code slower than it is: the figure could be faster, by how much."""
    waits = [
        launch.waited / (launch.ran + launch.waited)
        for launch in launches
        if launch.ran and launch.waited is not None
    ]
    if waits and (share := fmean(waits)) > _WAITED:
        text = f"waited {100 * share:.0f} %"
        if statistic in PERCENTILES:
            yield Doubt(DoubtKind.CONTENTION, text, _undisturbed(launches, statistic))
        else:
            yield _slower(DoubtKind.CONTENTION, text, share, statistic)
    stolen = [launch.cpu.steal for launch in launches if launch.cpu.steal is not None]
    if stolen and (share := fmean(stolen)) > _STOLEN:
        yield _slower(DoubtKind.STEAL, f"steal {100 * share:.0f} %", share, statistic)
    throttled = sum(launch.cpu.throttled or 0 for launch in launches)
    if throttled:
        yield _slower(DoubtKind.THROTTLED, f"throttled {throttled} times", 1.0, statistic)
    rounds = [fmean(launch.calibration) for launch in launches]
    usual = median(rounds)
    moved = fmean(abs(each - usual) for each in rounds) / usual
    if moved > _UNSTEADY:
        text = f"calibration moves by {100 * moved:.0f} %"
        yield Doubt(DoubtKind.UNSTEADY, text, 1 / (1 + moved), 1 + moved)


def _undisturbed(launches: Sequence[Launch], statistic: str) -> float:
    """How much lower a percentile could be, had nobody else run on its cores.

    Each time that the threads were put on a core, one call may have been interrupted. Without
    those calls the percentile is one of a lower share of the rest.
    """
    calls = sum(launch.operations for launch in launches)
    interrupted = sum(launch.slices or 0 for launch in launches) / calls
    share = PERCENTILES[statistic] - interrupted
    if share <= 0 or any(launch.slices is None for launch in launches):
        return 0.0
    times = [launch.times for launch in launches]
    now = percentile_interval(times, PERCENTILES[statistic]).point
    return percentile_interval(times, share).point / now if now > 0 else 0.0


def _slower(kind: DoubtKind, text: str, share: float, statistic: str) -> Doubt:
    """Of a mean, `share` of the time may be the disturbance; of a percentile, all of it."""
    if statistic == "rate":
        return Doubt(kind, text, 1.0, 1 / (1 - share) if share < 1 else math.inf)
    is_mean = statistic in ("mean", "added") and share < 1
    if statistic == "overhead":
        return Doubt(kind, text, 0.0, 1 / (1 - share) if share < 1 else math.inf)
    return Doubt(kind, text, 1 - share if is_mean else 0.0, 1.0)


def spearman(values: Sequence[float]) -> float:
    """Rank correlation of values with their order; 0 where all are equal."""
    ranks = _ranks(values)
    places = list(range(1, len(values) + 1))
    mean = (len(values) + 1) / 2
    above = sum((r - mean) * (p - mean) for r, p in zip(ranks, places, strict=True))
    spread = sum((r - mean) ** 2 for r in ranks) * sum((p - mean) ** 2 for p in places)
    return above / math.sqrt(spread) if spread else 0.0


def _ranks(values: Sequence[float]) -> list[float]:
    """Ranks from 1; equal values share the mean of theirs."""
    order = sorted(values)
    first: dict[float, int] = {}
    count: dict[float, int] = {}
    for place, value in enumerate(order, 1):
        first.setdefault(value, place)
        count[value] = count.get(value, 0) + 1
    return [first[value] + (count[value] - 1) / 2 for value in values]


def _slope(values: Sequence[float]) -> float:
    """Of the straight line through the values, per launch."""
    middle = (len(values) - 1) / 2
    mean = fmean(values)
    above = sum((n - middle) * (v - mean) for n, v in enumerate(values))
    return above / sum((n - middle) ** 2 for n in range(len(values)))
