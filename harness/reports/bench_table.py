"""Measured rows in, the table of a bench run as text out."""

from collections.abc import Iterator, Sequence
from statistics import fmean

from harness.escaping import printable
from harness.measuring.wording import (
    cores,
    in_unit,
    interval,
    measured,
    remarks,
    stated,
    verdict_word,
)
from harness.model.bench import BenchRow, Dimension, Launch
from harness.model.reasons import Reason
from harness.model.report import Report

_HEADS = ("line", "claim", "stated", "measured", "95 % interval", "cores", "verdict", "")
_LONGEST = 34
_PINNED = {"local": "affinity", "docker": "cpuset"}
"""How each runner holds a bench to its cores."""


def bench_lines(report: Report) -> Iterator[str]:
    """A table a document, then the counts and how many verdicts may be wrong by chance."""
    by_path: dict[str, list[BenchRow]] = {}
    for row in report.benches:
        by_path.setdefault(row.stated.place.path, []).append(row)
    host = " · ".join(f"{name} {value}" for name, value in report.host)
    for path, rows in by_path.items():
        count = f"{len(rows)} measured claim{'' if len(rows) == 1 else 's'}"
        runner = report.environment.runner
        yield f"{printable(path)} · {count} · {runner}, {_PINNED[runner]}, {host}"
        yield from _table(sorted(rows, key=lambda r: r.stated.place.line))
        yield ""
    decided = [r for r in report.benches if r.reason in (Reason.MET, Reason.MISSED)]
    counts: dict[str, int] = {}
    for row in report.benches:
        counts[row.reason.value] = counts.get(row.reason.value, 0) + 1
    yield from _machine([launch for row in report.benches for launch in row.series])
    told = " + ".join(f"{n} {reason}" for reason, n in sorted(counts.items()))
    yield f"measured  {len(report.benches)} = {told}"
    if decided:
        # One in forty of a two-sided interval misses on the side that would mislead.
        yield (
            f"chance    {len(decided)} decided at 95 %: "
            f"{len(decided) / 40:.1f} of them may be wrong by chance"
        )
    for line in report.compared:
        yield f"compared  {printable(line)}"
    if any(row.is_quick for row in report.benches):
        yield "quick     a first look: nothing here decides or gates"


def _machine(launches: Sequence[Launch]) -> Iterator[str]:
    """How busy the machine was, and how steady the kernel before and after each launch."""
    if not launches:
        return
    load = [launch.cpu.load for launch in launches]
    steal = [launch.cpu.steal for launch in launches if launch.cpu.steal is not None]
    held = sum(launch.cpu.throttled or 0 for launch in launches)
    rounds = [time * 1e-12 for launch in launches for time in launch.calibration]
    low, high = (in_unit(end, Dimension.TIME, "") for end in (min(rounds), max(rounds)))
    told = f"{100 * fmean(steal):.1f} %" if steal else "not told"
    yield (
        f"machine   load {min(load):.1f} … {max(load):.1f}, steal {told}, throttled {held}, "
        f"calibration {low} … {high}"
    )


def _table(rows: Sequence[BenchRow]) -> Iterator[str]:
    cells = [_HEADS, *(_cells(row) for row in rows)]
    widths = [max(len(line[n]) for line in cells) for n in range(len(_HEADS) - 1)]
    for line, row in zip(cells, [None, *rows], strict=True):
        first = line[0].rjust(widths[0])
        rest = "  ".join(line[n].ljust(widths[n]) for n in range(1, len(widths)))
        yield f"{first}  {rest}  {line[-1]}".rstrip()
        for remark in remarks(row) if row is not None else ():
            yield f"{' ' * widths[0]}    {remark}"


def _cells(row: BenchRow) -> tuple[str, ...]:
    name = printable(row.stated.name)
    name = name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"
    statistic = f" {row.statistic}" if row.points and row.statistic.startswith("p") else ""
    quick = " (quick)" if row.is_quick else ""
    return (
        str(row.stated.place.line),
        name + statistic,
        stated(row),
        measured(row),
        interval(row),
        cores(row),
        verdict_word(row) + quick,
        printable(row.message),
    )
