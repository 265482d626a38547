"""Figures at few cores in, what they say of more cores out: a bound, and a labelled band.

From two cores nothing is ever `met` at eight: the two parameters of a scaling law cannot be told
apart by two points. What remains is the work law: N cores that are as fast as these do at most
N / (processor seconds an operation) operations a second. It can refute. The band spans Amdahl's
law and the universal scaling law with all of the loss in its second parameter; published errors
speak for at most twice the measured cores, so it ends there.
"""

from collections.abc import Sequence

from harness.model.bench import Interval, Launch, Point

FARTHEST = 2
"""Times the measured cores: no band beyond."""


def work_bound(launches: Sequence[Launch], cores: int) -> float | None:
    """Operations a second that `cores` cores cannot pass, by the processor time of an operation.

    None where the kernel did not say how long the threads ran.
    """
    ran = [launch.ran for launch in launches]
    operations = sum(launch.operations for launch in launches)
    if operations == 0 or any(each is None for each in ran):
        return None
    seconds = sum(each for each in ran if each is not None) * 1e-9
    return cores * operations / seconds if seconds > 0 else None


def projection(points: Sequence[Point], cores: int) -> tuple[float, float] | None:
    """The band of a rate at `cores` cores, from those measured; None where it would be a guess.

    Needs one core and another count; the ends of the intervals go into the band.
    """
    one = next((p for p in points if p.cores == 1), None)
    most = max(points, key=lambda p: p.cores, default=None)
    if one is None or most is None or most.cores < 2 or cores > FARTHEST * most.cores:
        return None
    ends = [
        _project(one.interval.point, gain, most.cores, cores, law)
        for gain in _gains(one.interval, most.interval)
        for law in (_amdahl, _retrograde)
    ]
    return min(ends), max(ends)


def _gains(one: Interval, most: Interval) -> tuple[float, float]:
    """How many times as much the cores do, at the ends of both intervals."""
    return most.low / one.high, most.high / one.low if one.low > 0 else most.high / one.point


def _project(rate: float, gain: float, measured: int, cores: int, law: object) -> float:
    assert callable(law)
    return rate * float(law(gain, measured, cores))


def _amdahl(gain: float, measured: int, cores: int) -> float:
    """All of the loss is a serial part."""
    serial = max(0.0, (measured / gain - 1) / (measured - 1))
    return cores / (1 + serial * (cores - 1))


def _retrograde(gain: float, measured: int, cores: int) -> float:
    """All of the loss is the traffic between each two cores."""
    traffic = max(0.0, (measured / gain - 1) / (measured * (measured - 1)))
    return cores / (1 + traffic * cores * (cores - 1))
