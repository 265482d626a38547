"""The harness beside rustdoc, alternating in one run: `nox -s perf [-- BOOK ...] [--quick]`.

Ratios are judged, not seconds: both run on the same pages, one after the other, and each figure
is the median of the repeats with the smallest and largest beside it. `--quick` measures little
and writes nothing: it shows that the session works.
"""

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.pages import book_pages, pages_of, synthetic
from benchmarks.plot import Bar, chart

ROOT = Path(__file__).parents[1]
# No crates: rustdoc is given none, and building them would be what is measured.
_ALIKE = ("--context", "none", "--no-ignored", "--deps", "stub")


Row = tuple[str, list["Cost"], list["Cost"]]
"""What was done, what it cost us in each repeat, and what the other did."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command took."""

    wall: float
    cpu: float
    peak_mb: float


def measure(*argv: str, cwd: Path, cache: Path | None = None) -> Cost:
    """Run a command to its end, with all that it starts; its exit code does not matter here."""
    environment = dict(os.environ) | {"PYTHONPATH": str(ROOT)}
    if cache is not None:
        environment["HARNESS_CACHE"] = str(cache)
    started = time.monotonic()
    with (cwd / "output.txt").open("wb") as output:
        process = subprocess.Popen(argv, cwd=cwd, env=environment, stdout=output, stderr=output)  # noqa: S603
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - started
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def rustdoc(pages: Path, edition: str) -> Cost:
    """`rustdoc --test` a page, as mdBook calls it."""
    costs = [
        measure("rustdoc", "--test", "--edition", edition, page.name, cwd=pages)
        for page in sorted(pages.glob("*.md"))
    ]
    return Cost(
        sum(c.wall for c in costs), sum(c.cpu for c in costs), max(c.peak_mb for c in costs)
    )


def harness(pages: Path, edition: str, cache: Path, verb: str, *more: str) -> Cost:
    """One call of the command line for all pages."""
    argv = (sys.executable, "-m", "harness", verb, ".", "--edition", edition, "-q", *more)
    return measure(*argv, cwd=pages, cache=cache)


def edit(pages: Path) -> None:
    """Change one block of the first page that has one."""
    for page in sorted(pages.glob("*.md")):
        text = page.read_text(encoding="utf-8")
        if "\nlet " in text:
            page.write_text(text.replace("\nlet ", "\nlet _edited = 1;\nlet ", 1), encoding="utf-8")
            return


def rows(pages: Path, edition: str, repeats: int, folder: Path) -> Iterator[Row]:
    """Each use of the harness, beside rustdoc in the same repeats."""
    found: dict[str, list[Cost]] = {}
    theirs = []
    for number in range(repeats):
        cache = folder / f"cache-{pages.name}-{edition}-{number}"
        calls: tuple[tuple[str, Callable[[], Cost]], ...] = (
            ("check", lambda c=cache: harness(pages, edition, c, "check", *_ALIKE)),
            ("no-op", lambda c=cache: harness(pages, edition, c, "check", *_ALIKE)),
            (
                "check and run",
                lambda c=cache: harness(pages, edition, c, "test", *_ALIKE, "--no-cache"),
            ),
            (
                "check, all context and ignored blocks",
                lambda c=cache: harness(pages, edition, c, "check", "--deps", "stub", "--no-cache"),
            ),
        )
        theirs.append(rustdoc(pages, edition))
        for name, call in calls:
            found.setdefault(name, []).append(call())
        edit(pages)
        found.setdefault("one block edited", []).append(
            harness(pages, edition, cache, "check", *_ALIKE)
        )
    for name, costs in found.items():
        yield name, costs, theirs


def floors(folder: Path, repeats: int) -> Iterator[tuple[str, list[Cost]]]:
    """What starting costs: Python alone, and the list of options."""
    for name, argv in (("python -c pass", ("-c", "pass")), ("--help", ("-m", "harness", "--help"))):
        yield name, [measure(sys.executable, *argv, cwd=folder) for _ in range(repeats)]


def sizes(counts: tuple[int, ...], folder: Path) -> Iterator[tuple[int, Cost, Cost]]:
    """Blocks, what checking them costs, and the same crates given to rustc by itself, once."""
    for count in counts:
        pages = folder / f"blocks-{count}"
        pages_of(count, pages)
        cost = harness(pages, "2021", folder / f"cache-{count}", "check", *_ALIKE, "--no-cache")
        pages_of(count, folder / f"clean-{count}", is_clean=True)
        yield count, cost, bare(folder / f"clean-{count}", folder / f"bare-{count}")


def bare(pages: Path, folder: Path) -> Cost:
    """The blocks, none broken, in crates of 500 as rustc compiles them, two at a time."""
    argv = (sys.executable, "-m", "benchmarks.bare", str(pages), str(folder))
    return measure(*argv, cwd=pages)


def ratios(ours: list[Cost], theirs: list[Cost]) -> list[float]:
    """How many times as long the other takes, sorted."""
    return sorted(b.wall / a.wall for a, b in zip(ours, theirs, strict=True))


def line(name: str, what: str, ours: list[Cost], theirs: list[Cost]) -> str:
    """One row of the table."""
    times = ratios(ours, theirs)
    cpu = statistics.median(b.cpu / a.cpu for a, b in zip(ours, theirs, strict=True))
    wall = statistics.median(a.wall for a in ours)
    used = statistics.median(a.cpu for a in ours)
    other = statistics.median(b.wall for b in theirs)
    peak = max(a.peak_mb for a in ours)
    spread = f"{statistics.median(times):.1f} ({times[0]:.1f} to {times[-1]:.1f})"
    cells = (name, what, f"{other:.2f}", f"{wall:.2f}", f"{used:.2f}", spread, f"{cpu:.1f}")
    return f"| {' | '.join(cells)} | {peak:.0f} |"


def main() -> None:
    """Measure, print the table as it grows, and write it to docs/."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("books", nargs="*", type=Path)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--editions", nargs="+", default=["2021", "2024"])
    parser.add_argument("--sizes", nargs="*", type=int, default=[1000, 3000, 10000])
    parser.add_argument("--quick", action="store_true", help="little, and nothing is written")
    parser.add_argument("--write", type=Path, default=ROOT / "docs")
    options = parser.parse_args()
    if options.quick:
        options.repeats, options.editions, options.sizes = 1, ["2021"], [200]
    out = _Output()
    bars = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        out.say(*_heading(options.repeats))
        for pages in _prepared(folder, options.books, 60 if options.quick else 300):
            for edition in options.editions:
                for what, ours, theirs in rows(pages, edition, options.repeats, folder):
                    label = f"{pages.name} {edition}"
                    out.say(line(label, what, ours, theirs))
                    times = ratios(ours, theirs)
                    if what in ("check", "check and run"):
                        middle = statistics.median(times)
                        bars.append(Bar(f"{label}, {what}", times[0], middle, times[-1]))
        out.say("", "| start | wall s, median | CPU s |", "|---|--:|--:|")
        for what, costs in floors(folder, 3 * options.repeats):
            wall, cpu = (statistics.median(getattr(c, k) for c in costs) for k in ("wall", "cpu"))
            out.say(f"| {what} | {wall:.3f} | {cpu:.3f} |")
        out.say("", *_SIZES_HEADING)
        for count, ours, theirs in sizes(tuple(options.sizes), folder):
            cells = (ours.wall, ours.cpu, theirs.wall, theirs.cpu, ours.wall / theirs.wall)
            told = " | ".join(f"{cell:.2f}" for cell in cells)
            out.say(f"| {count} | {told} | {ours.cpu / count * 1000:.2f} | {ours.peak_mb:.0f} |")
    if not options.quick:
        (options.write / "perf.md").write_text(out.text + "\n![ratios](perf.svg)\n", "utf-8")
        picture = chart("rustdoc's wall time / the harness's", "times as fast", bars)
        (options.write / "perf.svg").write_text(picture, "utf-8")


_SIZES_HEADING = (
    "| blocks | harness s | CPU s | rustc alone s | CPU s | ratio | CPU ms a block | peak MB |",
    "|--:|--:|--:|--:|--:|--:|--:|--:|",
)


class _Output:
    """Lines that are shown at once, and kept."""

    def __init__(self) -> None:
        self.text = ""

    def say(self, *lines: str) -> None:
        told = "".join(f"{line}\n" for line in lines)
        self.text += told
        sys.stdout.write(told)
        sys.stdout.flush()


def _heading(repeats: int) -> Iterator[str]:
    version = subprocess.run(["rustc", "-V"], capture_output=True, text=True, check=True).stdout  # noqa: S607
    yield "# The harness beside rustdoc"
    yield ""
    yield (
        f"{version.strip()}, Python {platform.python_version()}, {platform.system()} "
        f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} "
        f"at the start; {repeats} repeats, alternating."
    )
    yield "Ratio = rustdoc / harness in wall time: median (smallest to largest)."
    yield "Peak memory is that of the largest single process."
    yield ""
    yield "| pages | what | rustdoc s | harness s | CPU s | ratio | CPU ratio | peak MB |"
    yield "|---|---|--:|--:|--:|--:|--:|--:|"


def _prepared(folder: Path, books: list[Path], blocks: int) -> Iterator[Path]:
    for name, broken in (("clean", 0), ("one-broken", 1), ("tenth-broken", blocks // 10)):
        pages = folder / f"{blocks}-{name}"
        pages.mkdir()
        (pages / "page.md").write_text(synthetic(blocks, broken), encoding="utf-8")
        yield pages
    for book in books:
        pages = folder / book.resolve().name
        pages.mkdir()
        for file, text in book_pages(book):
            (pages / file).write_text(text, encoding="utf-8")
        yield pages


if __name__ == "__main__":
    main()
