"""Launches and claims made by hand, for tests of what is concluded from them."""

from harness.model.bench import Cpu, Dimension, Launch, Side, Stated
from harness.model.verdict import Position

QUIET = Cpu(0.1, 0.0, 0)
NANO = 1_000
MILLI = 1_000_000_000


def launch(
    values=(),
    *,
    kind="calls",
    operations=None,
    elapsed=None,
    base=(0, 0),
    ran=1_000_000,
    waited=0,
    slices=0,
    calibration=(100, 100),
    cpu=QUIET,
    cores=(1,),
    threads=1,
):
    """One launch; `values` are its calls in picoseconds."""
    counts = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return Launch(
        kind=kind,
        operations=len(values) if operations is None else operations,
        elapsed=sum(values) if elapsed is None else elapsed,
        base=base,
        threads=threads,
        ran=ran,
        waited=waited,
        slices=slices,
        calibration=calibration,
        times=tuple(sorted(counts.items())),
        cores_allowed=cores,
        clock_cost=10,
        alive=0,
        cpu=cpu,
    )


def around(center, count=12, calls=400, spread=0.02):
    """Launches whose calls lie within a share of a center, the launches nearly alike."""
    found = []
    for number in range(count):
        # Not a trend: launches alternate around the center.
        middle = center * (1 + spread / 20 * (-1) ** number)
        step = 2 * spread * middle / calls
        found.append(launch([round(middle * (1 - spread) + n * step) for n in range(calls)]))
    return found


def stated(value, *, side=Side.AT_MOST, statistic="", cores=1, tolerance=0.0, figure="", of=None):
    """A claim."""
    dimension = of or Dimension.TIME
    place = Position("notes.md", 3, 1, 3, 9)
    told = figure or f"{value:g} s"
    return Stated(
        "claim", "bench", told, value, dimension, side, tolerance, statistic, cores, place
    )
