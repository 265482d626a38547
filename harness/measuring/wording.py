"""Rows in, verdicts and the words and figures of reports out."""

# ruff: noqa: RUF001

import math
from dataclasses import replace

from harness.measuring.comparing import Compared
from harness.model.bench import BenchRow, Dimension, Interval, Side
from harness.model.reasons import Level, Reason
from harness.model.verdict import Verdict

_TIMES = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns"))
_SCALES = ((1e9, "G"), (1e6, "M"), (1e3, "K"), (1.0, ""))
_SIDES = {Side.AT_MOST: "≤", Side.AT_LEAST: "≥", Side.ABOUT: "≈"}


def bench_verdict(row: BenchRow) -> Verdict:
    """The verdict of one measured claim, at its figure's place."""
    place = row.stated.place
    return Verdict(
        id=row.id,
        kind="bench",
        path=place.path,
        line=place.line,
        column=place.column,
        reason=row.reason,
        message=message(row),
        basis=row.basis,
        # A first look decides nothing, so it gates nothing.
        level=Level.NOTE if row.is_quick else None,
    )


def message(row: BenchRow) -> str:
    """`stated ≤ 50 ns, measured 71 ns (69 … 74 ns), by 38 % or more`."""
    parts = [f"{row.stated.name}: stated {stated(row)}"]
    if row.points:
        parts.append(f"measured {measured(row)} ({interval(row)}), {row.statistic}")
    if row.message:
        parts.append(row.message)
    return ", ".join(parts)


def regressed(row: BenchRow, found: Compared) -> Verdict:
    """The finding that a figure is worse than in a saved run."""
    verdict = bench_verdict(row)
    return replace(
        verdict,
        id=f"{row.id}/compared",
        reason=Reason.REGRESSED,
        message=f"{row.stated.name}: {compared_in_words(found)}",
    )


def compared_in_words(found: Compared) -> str:
    """`worse: 1.21 times as much (1.18 … 1.24) [id]`."""
    if found.message:
        return f"undecided: {found.message} [{found.id}]"
    span = f"{found.low:.2f} … {found.high:.2f}"
    return f"{found.change.value}: {found.ratio:.2f} times the saved value ({span}) [{found.id}]"


def stated(row: BenchRow) -> str:
    """The claim's figure with its side and, where there is one, its tolerance."""
    if not row.stated.figure:
        return "–"
    figure = row.stated.figure.lstrip("<>≤≥≈~= ")
    spare = f" ±{100 * row.stated.tolerance:g} %" if row.stated.tolerance else ""
    return f"{_SIDES[row.stated.side]} {figure}{spare}"


def measured(row: BenchRow) -> str:
    """The deciding point, or a dash."""
    return _value(row, row.points[-1].interval.point) if row.points else "–"


def interval(row: BenchRow) -> str:
    """The deciding interval, or a dash."""
    return _range(row, row.points[-1].interval) if row.points else "–"


def cores(row: BenchRow) -> str:
    """`2 of 8`: measured with, and stated."""
    return f"{row.points[-1].cores if row.points else '–'} of {row.stated.cores}"


def remarks(row: BenchRow) -> tuple[str, ...]:
    """What else a reader must know of a row, each on a line of its own."""
    told = []
    if row.assumed is not None and row.points:
        point = row.points[-1].interval.point
        added = point if row.statistic == "added" else point - row.assumed
        told.append(f"{_value(row, row.assumed)} assumed + {_value(row, added)} measured")
    if row.stated.cores > row.host_cores and row.points:
        told += [f"{p.cores} cores: {_value(row, p.interval.point)}" for p in row.points]
    if row.bound is not None:
        told.append(
            f"work bound at {row.stated.cores} cores: {_value(row, row.bound)}, "
            "assuming equal core speed"
        )
    if row.band is not None:
        low, high = row.band
        told.append(
            f"projection to {row.stated.cores} cores, no verdict: "
            f"{_value(row, low)} … {_value(row, high)}"
        )
    elif row.bound is not None:
        is_unsure = any(point.doubts for point in row.points)
        why = "the points are in doubt" if is_unsure else "not within twice the measured cores"
        told.append(f"no projection: {why}")
    return tuple(told)


def verdict_word(row: BenchRow) -> str:
    """The verdict as the table has it; a miss stands out without colour."""
    word = row.reason.value.replace("-", " ")
    return word.upper() if row.reason is Reason.MISSED else word


def _range(row: BenchRow, found: Interval) -> str:
    least = found.low if row.statistic == "overhead" else max(found.low, 0.0)
    low, high = _value(row, least), _value(row, found.high)
    low_number, _, low_unit = low.partition(" ")
    return f"{low_number} … {high}" if low_unit == high.partition(" ")[2] else f"{low} … {high}"


def _value(row: BenchRow, value: float) -> str:
    return in_unit(value, row.stated.dimension, row.statistic)


def in_unit(value: float, dimension: Dimension, statistic: str) -> str:
    """A value with three digits, in the unit that suits it."""
    if math.isinf(value):
        return "∞"
    if dimension is Dimension.TIME:
        size, unit = next(((s, u) for s, u in _TIMES if abs(value) >= s), _TIMES[-1])
        return f"{_digits(value / size)} {unit}"
    if dimension is Dimension.RATE:
        size, unit = next(((s, u) for s, u in _SCALES if abs(value) >= s), _SCALES[-1])
        return f"{_digits(value / size)}{unit}/s"
    if statistic == "share":
        return f"{_digits(100 * value)} %"
    return f"{_digits(value)}×"


def _digits(value: float) -> str:
    """Three significant digits, without an exponent."""
    if value == 0:
        return "0"
    decimals = max(0, 2 - math.floor(math.log10(abs(value))))
    return f"{value:.{min(decimals, 6)}f}"
