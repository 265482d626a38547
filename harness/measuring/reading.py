"""A launch's report in, a `Launch` out; and the figure that launches give for a statistic."""

from collections.abc import Mapping, Sequence
from typing import Any

from harness.measuring.intervals import mean_interval, percentile_interval, share_interval
from harness.model.bench import Cpu, Dimension, Interval, Launch, Stated

PICO = 1e-12

PERCENTILES = {"p50": 0.5, "p90": 0.9, "p95": 0.95, "p99": 0.99, "p99.9": 0.999}
_TIMED = ("calls", "open", "steps")
_SPANNED = ("rate", "open")


class MismatchError(Exception):
    """A bench that cannot give the statistic that its claim is about; the text says why."""


def read_launch(tables: Sequence[Mapping[str, Any]], cpu: Cpu) -> Launch:
    """The launch that a complete report tells of."""
    begun, seen = tables[0], tables[1]
    ran, waited, slices = seen["scheduled_ns"] or (None, None, None)
    return Launch(
        kind=str(seen["kind"]),
        operations=int(seen["operations"]),
        elapsed=int(seen["elapsed_ps"]),
        base=(int(seen["base"][0]), int(seen["base"][1])),
        threads=int(seen["threads"]),
        ran=ran,
        waited=waited,
        slices=slices,
        calibration=(int(seen["calibration_ps"][0]), int(seen["calibration_ps"][1])),
        times=tuple((int(value), int(count)) for value, count in seen["times_ps"]),
        cores_allowed=read_cores(str(begun["cores_allowed"])),
        clock_cost=int(begun["clock_cost_ps"]),
        alive=int(seen["alive_ps"]),
        cpu=cpu,
    )


def read_cores(text: str) -> tuple[int, ...]:
    """`0-2,5` → 0, 1, 2, 5."""
    found: list[int] = []
    for part in filter(None, text.strip().split(",")):
        first, _, last = part.partition("-")
        found.extend(range(int(first), int(last or first) + 1))
    return tuple(found)


def statistic_of(stated: Stated, kind: str) -> str:
    """What is measured for a claim: as it says, else what its dimension and the bench imply."""
    if stated.statistic:
        return stated.statistic
    if stated.dimension is Dimension.RATE:
        return "rate"
    if stated.dimension is Dimension.TIME:
        return "overhead" if kind == "paired" else "mean"
    return "ratio" if kind == "paired" else "share"


def figure(launches: Sequence[Launch], statistic: str) -> Interval:
    """The figure in seconds, per second, or plain; MismatchError where the bench has none such."""
    kind = launches[0].kind
    if any(launch.kind != kind for launch in launches):
        message = "the launches measured different things"
        raise MismatchError(message)
    if statistic in PERCENTILES:
        if kind not in _TIMED:
            raise MismatchError(f"a bench of kind `{kind}` times no single calls: no {statistic}")
        found = percentile_interval([launch.times for launch in launches], PERCENTILES[statistic])
        return Interval(found.point * PICO, found.low * PICO, found.high * PICO, found.samples)
    if statistic == "share":
        if kind != "share":
            raise MismatchError(f"a bench of kind `{kind}` counts no share")
        hits = [launch.base[0] for launch in launches]
        return share_interval(hits, [launch.operations for launch in launches])
    values = [launch_value(launch, statistic) for launch in launches]
    found = mean_interval(values)
    samples = sum(launch.operations for launch in launches)
    return Interval(found.point, found.low, found.high, samples)


def launch_value(launch: Launch, statistic: str) -> float:
    """One launch's own value of a statistic; for a percentile, of its calls alone."""
    if launch.operations < 1:
        message = "a launch measured no call"
        raise MismatchError(message)
    if launch.kind == "paired" and not launch.base[1] and statistic in ("overhead", "ratio"):
        message = "what the calls are held against took no time that a clock shows"
        raise MismatchError(message)
    if not launch.elapsed and statistic == "rate":
        message = "the calls took no time that a clock shows"
        raise MismatchError(message)
    mean = launch.elapsed * PICO / launch.operations
    if statistic in PERCENTILES:
        return percentile_interval([launch.times], PERCENTILES[statistic]).point * PICO
    if statistic == "share":
        return launch.base[0] / launch.operations
    if statistic == "rate" and launch.kind != "share":
        return launch.operations / (launch.elapsed * PICO)
    if statistic == "mean" and launch.kind not in (*_SPANNED, "share"):
        return mean + (launch.base[1] * PICO / launch.operations if launch.kind == "steps" else 0)
    if statistic == "added" and launch.kind == "steps":
        return mean
    if statistic in ("overhead", "ratio") and launch.kind == "paired":
        base = launch.base[1] * PICO / launch.base[0]
        return mean - base if statistic == "overhead" else mean / base
    raise MismatchError(f"a bench of kind `{launch.kind}` has no {statistic}")


def assumed_time(launches: Sequence[Launch]) -> float | None:
    """Of a simulation, the mean time that it assumed, in seconds."""
    if launches[0].kind != "steps":
        return None
    total = sum(launch.operations for launch in launches)
    return sum(launch.base[1] for launch in launches) * PICO / total
