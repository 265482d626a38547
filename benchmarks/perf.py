"""The harness beside rustdoc, alternating in one run: `nox -s perf [-- BOOK ...]`.

Ratios are judged, not seconds: both run on the same pages, one after the other, and each figure
is the median of the repeats with the smallest and largest beside it.
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

from benchmarks.pages import book_pages, synthetic

ROOT = Path(__file__).parents[1]
# No crates: rustdoc is given none, and building them would be what is measured.
_ALIKE = ("--context", "none", "--no-ignored", "--deps", "stub")


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


def rows(
    pages: Path, edition: str, repeats: int, folder: Path
) -> Iterator[tuple[str, list[Cost], list[Cost]]]:
    """Name, costs of the harness, and rustdoc's in the same repeats."""
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
                lambda c=cache: harness(pages, edition, c, "check", "--no-cache"),
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


def line(name: str, what: str, ours: list[Cost], theirs: list[Cost]) -> str:
    """One row of the table."""
    ratios = sorted(b.wall / a.wall for a, b in zip(ours, theirs, strict=True))
    cpu = statistics.median(b.cpu / a.cpu for a, b in zip(ours, theirs, strict=True))
    wall = statistics.median(a.wall for a in ours)
    other = statistics.median(b.wall for b in theirs)
    peak = max(a.peak_mb for a in ours)
    spread = f"{statistics.median(ratios):.1f} ({ratios[0]:.1f} to {ratios[-1]:.1f})"
    return f"| {name} | {what} | {other:.2f} | {wall:.2f} | {spread} | {cpu:.1f} | {peak:.0f} |"


def main() -> None:
    """Measure, print the table as it grows, and write it to docs/."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("books", nargs="*", type=Path)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--editions", nargs="+", default=["2021", "2024"])
    parser.add_argument("--write", type=Path, default=ROOT / "docs" / "perf.md")
    options = parser.parse_args()
    version = subprocess.run(["rustc", "-V"], capture_output=True, text=True, check=True).stdout  # noqa: S607
    out = [
        "# The harness beside rustdoc",
        "",
        (
            f"{version.strip()}, Python {platform.python_version()}, {os.cpu_count()} cores, "
            f"load {os.getloadavg()[0]:.1f} at the start; {options.repeats} repeats, alternating."
        ),
        "Ratio = rustdoc / harness in wall time: median (smallest to largest).",
        "",
        "| pages | what | rustdoc s | harness s | ratio | CPU ratio | peak MB of one process |",
        "|---|---|--:|--:|--:|--:|--:|",
    ]
    sys.stdout.write("\n".join(out) + "\n")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for pages in _prepared(folder, options.books):
            for edition in options.editions:
                for what, ours, theirs in rows(pages, edition, options.repeats, folder):
                    out.append(line(f"{pages.name} {edition}", what, ours, theirs))
                    sys.stdout.write(out[-1] + "\n")
                    sys.stdout.flush()
    options.write.write_text("\n".join(out) + "\n", encoding="utf-8")


def _prepared(folder: Path, books: list[Path]) -> Iterator[Path]:
    for name, broken in (("300-clean", 0), ("300-one-broken", 1), ("300-tenth-broken", 30)):
        pages = folder / name
        pages.mkdir()
        (pages / "page.md").write_text(synthetic(300, broken), encoding="utf-8")
        yield pages
    for book in books:
        pages = folder / book.resolve().name
        pages.mkdir()
        for file, text in book_pages(book):
            (pages / file).write_text(text, encoding="utf-8")
        yield pages


if __name__ == "__main__":
    main()
