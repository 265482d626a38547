"""A claim and what was measured for it in, its reason and its row out.

The rule and the tolerance are fixed before the run, and a verdict depends on its own claim
alone: `met` where the whole interval is on the right side, `missed` where it is wholly on the
wrong one, else `undecided`; each of the two only if no doubt could turn it.
"""

from collections.abc import Sequence
from dataclasses import replace

from harness.measuring.doubts import doubts_of
from harness.measuring.reading import MismatchError, assumed_time, figure, statistic_of
from harness.measuring.scaling import projection, work_bound
from harness.model.bench import BenchRow, Interval, Launch, Point, Side, Stated
from harness.model.reasons import Reason
from harness.model.verdict import Basis, Dependencies

MARGIN = 0.05
"""A work bound refutes only what passes it by this share: cores are not equally fast."""


def limits(stated: Stated) -> tuple[float | None, float | None]:
    """The least and the greatest measured value that the claim allows."""
    low = stated.value * (1 - stated.tolerance)
    high = stated.value * (1 + stated.tolerance)
    if stated.side is Side.AT_MOST:
        return None, high
    return (low, None) if stated.side is Side.AT_LEAST else (low, high)


def decide(stated: Stated, point: Point) -> Reason:
    """MET, MISSED or UNDECIDED of one claim by one point."""
    reason = _by_interval(stated, point.interval)
    wide = point.interval
    for doubt in point.doubts:
        wide = wide.widened(doubt.low, doubt.high)
    return reason if _by_interval(stated, wide) is reason else Reason.UNDECIDED


def _by_interval(stated: Stated, interval: Interval) -> Reason:
    least, greatest = limits(stated)
    if (least is None or interval.low >= least) and (greatest is None or interval.high <= greatest):
        return Reason.MET
    if (least is not None and interval.high < least) or (
        greatest is not None and interval.low > greatest
    ):
        return Reason.MISSED
    return Reason.UNDECIDED


def blank(identity: str, stated: Stated, host_cores: int, reason: Reason, message: str) -> BenchRow:
    """A row without a measurement."""
    return BenchRow(identity, stated, reason, message, stated.statistic, host_cores)


def row(
    identity: str,
    stated: Stated,
    host_cores: int,
    measured: Sequence[tuple[int, Sequence[Launch]]],
    basis: Basis,
    *,
    is_quick: bool,
) -> BenchRow:
    """The row of one claim; `measured` has the launches by cores, ascending."""
    start = replace(
        blank(identity, stated, host_cores, Reason.UNDECIDED, ""), basis=basis, is_quick=is_quick
    )
    if basis.dependencies in (Dependencies.STUB, Dependencies.FICTIONAL):
        return replace(start, reason=Reason.NOT_MEASURABLE, message=touches_stub(basis))
    try:
        found = _measured(start, measured)
    except MismatchError as error:
        return replace(start, reason=Reason.UNREADABLE_CLAIM, message=str(error))
    if stated.cores > host_cores:
        return _beyond(found)
    reason = decide(stated, found.points[-1])
    return replace(found, reason=reason, message=_told(found, reason))


def touches_stub(basis: Basis) -> str:
    """Why nothing can be measured on this basis."""
    names = [c.split(" ")[0] for c in basis.crates if c.rsplit(" ", 1)[-1] in ("stub", "fictional")]
    return f"stub `{'`, `'.join(names)}` in timed path"


def _measured(start: BenchRow, measured: Sequence[tuple[int, Sequence[Launch]]]) -> BenchRow:
    statistic = statistic_of(start.stated, measured[-1][1][0].kind)
    points = []
    for cores, launches in measured:
        interval = figure(launches, statistic)
        points.append(
            Point(cores, interval, len(launches), doubts_of(launches, statistic, interval))
        )
    last = measured[-1][1]
    return replace(
        start,
        statistic=statistic,
        points=tuple(points),
        assumed=assumed_time(last),
        series=tuple(last),
    )


def _beyond(found: BenchRow) -> BenchRow:
    """More cores than here: refuted by the work bound, or not measurable with what is known."""
    stated, host = found.stated, found.host_cores
    short = f"{stated.cores} cores stated, {host} here"
    if found.statistic != "rate":
        return replace(found, reason=Reason.NOT_MEASURABLE, message=short)
    bound = work_bound(found.series, stated.cores)
    # What was disturbed says nothing of how a figure grows with the cores.
    is_sure = not any(point.doubts for point in found.points)
    band = projection(found.points, stated.cores) if is_sure else None
    found = replace(found, bound=bound, band=band)
    is_refuted = (
        bound is not None
        and stated.side is not Side.AT_MOST
        and bound * (1 + MARGIN) < stated.value * (1 - stated.tolerance)
        and is_sure
    )
    if is_refuted:
        message = f"{short}; the work bound refutes it, assuming equal core speed"
        return replace(found, reason=Reason.MISSED, message=message)
    return replace(found, reason=Reason.NOT_MEASURABLE, message=short)


def _told(found: BenchRow, reason: Reason) -> str:
    point = found.points[-1]
    doubts = ", ".join(doubt.text for doubt in point.doubts)
    if reason is Reason.MISSED:
        return _by_how_much(found)
    if reason is Reason.UNDECIDED:
        return doubts or "the interval holds the stated value"
    return doubts


def _by_how_much(found: BenchRow) -> str:
    interval = found.points[-1].interval
    least, greatest = limits(found.stated)
    if greatest is not None and interval.low > greatest:
        return f"by {100 * (interval.low / found.stated.value - 1):.0f} % or more"
    assert least is not None
    return f"by {100 * (1 - interval.high / found.stated.value):.0f} % or more"
