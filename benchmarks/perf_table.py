"""The measured parts in, docs/perf.md and its plot out."""

import json
import statistics
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import goals
from benchmarks.plot import Bar, chart
from harness.files import write_atomically

PARTS = ("documents", "books", "start", "sizes", "crates")
Rows = Sequence[Mapping[str, Any]]
_WHICH = ("pages", "edition", "what", "blocks")
"""What tells one row of a part from another."""


def read_parts(folder: Path) -> dict[str, Rows]:
    """What earlier sessions measured, by part."""
    try:
        found: dict[str, Rows] = json.loads((folder / "perf.json").read_text("utf-8"))
    except FileNotFoundError:
        return {}
    return found


def joined(parts: Mapping[str, Rows], name: str, rows: Rows) -> dict[str, Rows]:
    """Rows of a part, put in the place of those that measured the same before."""
    new = {_which(row) for row in rows}
    kept = [row for row in parts.get(name, ()) if _which(row) not in new]
    return {**parts, name: [*kept, *rows]}


def _which(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row.get(key) for key in _WHICH)


def write(parts: Mapping[str, Rows], folder: Path) -> None:
    """Write the figures, the table and the plot."""
    kept = {name: parts[name] for name in PARTS if name in parts}
    write_atomically(folder / "perf.json", json.dumps(kept, indent=1) + "\n")
    text = "\n".join(table(kept))
    write_atomically(folder / "perf.md", text + "\n\n![ratios](perf.svg)\n")
    bars = [
        Bar(f"{row['pages']} {row['edition']}, {row['what']}", *_spread(row["ratios"]))
        for part in ("documents", "books")
        for row in kept.get(part, ())
        if row["what"] in (goals.CHECK, goals.RUN, goals.SLEEPLESS)
    ]
    picture = chart("rustdoc's wall time / the harness's", "times as fast", bars)
    write_atomically(folder / "perf.svg", picture)


def table(parts: Mapping[str, Rows]) -> Iterator[str]:
    """The page, line by line."""
    yield "# The harness beside rustdoc"
    yield ""
    yield "`nox -s perf` measures this; `--only` measures a part, and the others stay as they were."
    yield "Ratio = rustdoc / harness in wall time: median (smallest to largest) of the repeats."
    yield "Peak memory is that of the largest single process."
    for name in PARTS:
        if name in parts:
            rows = parts[name]
            for number, where in enumerate(dict.fromkeys(row["where"] for row in rows)):
                yield from ("", f"## {_TITLES[name]}" if not number else "", "", where, "")
                yield from _TABLES[name]([row for row in rows if row["where"] == where])


_TITLES = {
    "documents": "A document of 300 blocks",
    "books": "Whole books, a call of rustdoc a chapter",
    "start": "Starting, and starting again",
    "sizes": "Many blocks",
    "crates": "Snippets that name crates",
}


def _spread(values: list[float]) -> tuple[float, float, float]:
    return min(values), statistics.median(values), max(values)


def _ratios(rows: Rows) -> Iterator[str]:
    yield "| pages | what | rustdoc s | harness s | CPU s | ratio | CPU ratio | peak MB | goal |"
    yield "|---|---|--:|--:|--:|--:|--:|--:|---|"
    for row in rows:
        low, middle, high = _spread(row["ratios"])
        goal = goals.goal_of(
            row["pages"], row["what"], row["edition"], row["fences"], is_book=row["is_book"]
        )
        cells = (
            f"{row['pages']} {row['edition']}",
            row["what"],
            f"{row['theirs']:.2f}",
            f"{row['ours']:.2f}",
            f"{row['cpu']:.2f}",
            f"{middle:.1f} ({low:.1f} to {high:.1f})",
            f"{row['cpu_ratio']:.1f}",
            f"{row['peak']:.0f}",
            goal.told(middle) if goal else "",
        )
        yield f"| {' | '.join(cells)} |"


def _documents(rows: Rows) -> Iterator[str]:
    yield from _ratios(rows)
    yield ""
    yield "| with breakage against clean, the harness's own time | ratio | goal |"
    yield "|---|--:|---|"
    ours = {(row["pages"], row["edition"], row["what"]): row["ours"] for row in rows}
    for (pages, edition, what), seconds in ours.items():
        clean = ours.get((f"{pages.split('-')[0]}-clean", edition, what))
        if clean and not pages.endswith("clean") and what in (goals.CHECK, goals.RUN):
            ratio = seconds / clean
            told = goals.BREAKAGE.told(ratio)
            yield f"| {pages} {edition}, {what} | {ratio:.2f} | {told} |"


def _books(rows: Rows) -> Iterator[str]:
    yield from _ratios(rows)
    yield ""
    yield f'"{goals.SLEEPLESS}": each `sleep(Duration::from_…(…))` of the pages lasts no time, for'
    yield "rustdoc as for us; sleeps that are written otherwise stay, and are counted here."
    yield ""
    yield "| book | fences | sleeps put to nothing | left | context ladder / without | goal |"
    yield "|---|--:|--:|--:|--:|---|"
    known = {(row["pages"], row["edition"], row["what"]): row for row in rows}
    for (pages, edition, what), row in known.items():
        if what == goals.WITH_CONTEXT:
            plain = known.get((pages, edition, goals.CHECK))
            if plain is None:
                continue  # the rows of a book come one by one
            pairs = zip(row["walls"], plain["walls"], strict=True)
            ratio = statistics.median(most / least for most, least in pairs)
            cells = (f"{pages} {edition}", row["fences"], *row["sleeps"], f"{ratio:.2f}")
            told = " | ".join(map(str, cells))
            yield f"| {told} | {goals.LADDER.told(ratio)} |"


def _start(rows: Rows) -> Iterator[str]:
    yield "| start | wall s, median | CPU s | over `python -c pass` s | goal |"
    yield "|---|--:|--:|--:|---|"
    for row in rows:
        over = statistics.median(row["over"])
        goal = goals.START.get(row["what"])
        cells = (row["what"], f"{row['wall']:.3f}", f"{row['cpu']:.3f}", f"{over:.3f}")
        yield f"| {' | '.join(cells)} | {goal.told(over) if goal else ''} |"


def _sizes(rows: Rows) -> Iterator[str]:
    yield "| blocks | harness s | CPU s | rustc alone s | CPU s | ratio | goal | peak MB | goal |"
    yield "|--:|--:|--:|--:|--:|--:|---|--:|---|"
    for row in rows:
        ratio = row["wall"] / row["bare_wall"]
        cells = [f"{row[key]:.2f}" for key in ("wall", "cpu", "bare_wall", "bare_cpu")]
        judged = (f"{ratio:.2f}", goals.SIZE.told(ratio) if row["blocks"] == 10_000 else "")
        peak = (f"{row['peak']:.0f}", goals.PEAK.told(row["peak"]))
        yield f"| {row['blocks']} | {' | '.join((*cells, *judged, *peak))} |"
    walls = {row["blocks"]: row["wall"] for row in rows}
    if (found := goals.slope(walls.items())) is not None:
        told = goals.SLOPE.told(found)
        yield from (
            "",
            f"A block from 3,000 to 10,000 against 1,000 to 3,000: {found:.2f} ({told})",
        )
    if {10_000, 100_000} <= walls.keys():
        ratio = walls[100_000] / walls[10_000]
        yield from ("", f"100,000 blocks against 10,000: {ratio:.2f} ({goals.TENFOLD.told(ratio)})")


def _crates(rows: Rows) -> Iterator[str]:
    yield "| pages | harness s | CPU s | one `cargo check` s | units in it | ratio | goal |"
    yield "|---|--:|--:|--:|--:|--:|---|"
    for row in rows:
        low, middle, high = _spread([1 / ratio for ratio in row["ratios"]])
        figures = (f"{row['ours']:.2f}", f"{row['cpu']:.2f}", f"{row['theirs']:.2f}")
        cells = (row["pages"], *figures, row["units"], f"{middle:.2f} ({low:.2f} to {high:.2f})")
        yield f"| {' | '.join(map(str, cells))} | {goals.ONE_CRATE.told(middle)} |"
    yield ""
    yield "All crates and stubs are built before. `cargo check` is of one crate with those units"
    yield "that compile, context and contracts included; the harness also finds out which do, what"
    yield "context they need, and what the others say."


_TABLES = {
    "documents": _documents,
    "books": _books,
    "start": _start,
    "sizes": _sizes,
    "crates": _crates,
}
