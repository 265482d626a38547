"""Measured rows in, plain tables for JSON out; what `--compare` reads back is all in them."""

import math
from dataclasses import asdict
from typing import Any

from harness.measuring.reading import MismatchError, launch_value
from harness.model.bench import BenchRow, Launch, Point

_QUANTILES = (0.5, 0.9, 0.95, 0.99, 0.999)


def bench_table(row: BenchRow) -> dict[str, Any]:
    """One row; values in seconds, per second, or plain."""
    return {
        "id": row.id,
        "claim": row.stated.name,
        "bench": row.stated.bench,
        "figure": row.stated.figure,
        "stated": row.stated.value,
        "dimension": row.stated.dimension.value,
        "side": row.stated.side.value,
        "tolerance": row.stated.tolerance,
        "statistic": row.statistic,
        "statistic_stated": row.stated.statistic,
        "cores_stated": row.stated.cores,
        "cores_here": row.host_cores,
        "reason": row.reason.value,
        "message": row.message,
        "quick": row.is_quick,
        "assumed": row.assumed,
        "bound": row.bound,
        "band": list(row.band) if row.band else None,
        "sampling": asdict(row.sampling) if row.sampling else None,
        "points": [_point(point) for point in row.points],
        "launches": [_launch(launch, row.statistic) for launch in row.series],
    }


def _point(point: Point) -> dict[str, Any]:
    return {
        "cores": point.cores,
        "value": point.interval.point,
        "low": point.interval.low,
        "high": _finite(point.interval.high),
        "samples": point.interval.samples,
        "launches": point.launches,
        "doubts": [
            {"kind": d.kind.value, "text": d.text, "low": d.low, "high": _finite(d.high)}
            for d in point.doubts
        ],
    }


def _finite(value: float) -> float | None:
    """JSON has no infinity: null stands for it."""
    return value if math.isfinite(value) else None


def _launch(launch: Launch, statistic: str) -> dict[str, Any]:
    try:
        value: float | None = launch_value(launch, statistic)
    except MismatchError:
        value = None
    return {
        "value": value,
        "operations": launch.operations,
        "elapsed_ps": launch.elapsed,
        "base": list(launch.base),
        "threads": launch.threads,
        "ran_ns": launch.ran,
        "waited_ns": launch.waited,
        "slices": launch.slices,
        "calibration_ps": list(launch.calibration),
        "clock_cost_ps": launch.clock_cost,
        "cores_allowed": list(launch.cores_allowed),
        "load": launch.cpu.load,
        "steal": launch.cpu.steal,
        "throttled": launch.cpu.throttled,
        "times_ps": _quantiles(launch),
    }


def _quantiles(launch: Launch) -> dict[str, int]:
    """The least, the greatest, and percentiles of a launch's calls or blocks."""
    total = sum(count for _, count in launch.times)
    if not total:
        return {}
    found = {"min": launch.times[0][0], "max": launch.times[-1][0]}
    for share in _QUANTILES:
        rank, seen = math.ceil(share * total), 0
        for value, count in launch.times:
            seen += count
            if seen >= rank:
                found[f"p{100 * share:g}"] = value
                break
    return found
