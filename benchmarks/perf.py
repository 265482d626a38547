"""The harness beside rustdoc, alternating in one run: `nox -s perf [-- BOOK ...] [--only PART]`.

Ratios are judged, not seconds: both run on the same pages, one after the other, and each figure
is the median of the repeats. The parts (`documents`, `books`, `start`, `sizes`, `crates`) can be
measured apart. Each figure is written when it is known; docs/perf.md holds the last of each, so
that books can be measured one after the other. `--quick` measures little and writes nothing: it
shows that the session works.
"""

import argparse
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import goals
from benchmarks.one_crate import check_argv, one_crate
from benchmarks.pages import book_pages, crates_of, pages_of, synthetic, tested_blocks
from benchmarks.perf_table import PARTS, joined, read_parts, table, write
from harness.model.source import SourceLine

ROOT = Path(__file__).parents[1]
# No crates: rustdoc is given none, and building them would be what is measured.
_ALIKE = ("--context", "none", "--no-ignored", "--deps", "stub")
_OF_RUSTDOC = (0, 1, 101)
"""All pass, some fail, and the same of a block's program in its own words."""
_SLEEP = re.compile(r"\bsleep\(\s*((?:\w+::)*Duration)::from_\w+\([^()]*\)\s*\)")
_ANY_SLEEP = re.compile(r"\bsleep(?:_ms|_until)?\(")


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command took."""

    wall: float
    cpu: float
    peak_mb: float


def measure(
    *argv: str,
    cwd: Path,
    cache: Path | None = None,
    due: tuple[int, ...] = (0,),
    says: bytes = b"",
) -> Cost:
    """Run a command to its end, with all that it starts.

    Raises RuntimeError for an exit code that is not due, and for an output without what it `says`.
    """
    environment = dict(os.environ) | {"PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # as where it is installed
    if cache is not None:
        environment["HARNESS_CACHE"] = str(cache)
    started = time.monotonic()
    with (cwd / "output.txt").open("wb") as output:
        process = subprocess.Popen(  # noqa: S603
            argv,
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,  # a block may read it
            stdout=output,
            stderr=output,
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - started
    if process.returncode not in due or says not in (cwd / "output.txt").read_bytes():
        told = (cwd / "output.txt").read_text("utf-8", "replace")[-2000:]
        message = f"{' '.join(argv)} ended with {process.returncode}:\n{told}"
        raise RuntimeError(message)
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def rustdoc(pages: Path, edition: str) -> Cost:
    """`rustdoc --test` a page, as mdBook calls it."""
    argv = ("rustdoc", "--test", "--edition", edition)
    costs = [
        measure(*argv, page.name, cwd=pages, due=_OF_RUSTDOC) for page in sorted(pages.glob("*.md"))
    ]
    return Cost(
        sum(c.wall for c in costs), sum(c.cpu for c in costs), max(c.peak_mb for c in costs)
    )


def harness(pages: Path, edition: str, cache: Path, verb: str, *more: str) -> Cost:
    """One call of the command line for all pages."""
    argv = (sys.executable, "-m", "harness", verb, ".", "--edition", edition, "-q", *more)
    return judged(*argv, cwd=pages, cache=cache)


def judged(*argv: str, cwd: Path, cache: Path) -> Cost:
    """A call of the harness to the last line of its report: a failing Python ends with 1, too."""
    return measure(*argv, cwd=cwd, cache=cache, due=(0, 1), says=b"\nexit      ")


def ratio_rows(
    pages: Path, edition: str, repeats: int, folder: Path, sleepless: Path | None = None
) -> list[dict[str, Any]]:
    """Each use of the harness, beside rustdoc in the same repeats."""
    ours: dict[str, list[Cost]] = {}
    theirs: dict[str, list[Cost]] = {}

    def add(what: str, cost: Cost, other: Cost) -> None:
        ours.setdefault(what, []).append(cost)
        theirs.setdefault(what, []).append(other)

    cache = folder / f"cache-{pages.name}-{edition}"
    # Rustdoc is given no crates: the stubs that blocks name are built before, and nothing else
    # of this run is kept.
    harness(pages, edition, cache, "check", "--deps", "stub")
    for _ in range(repeats):
        other = rustdoc(pages, edition)
        add(goals.CHECK, harness(pages, edition, cache, "check", *_ALIKE, "--no-cache"), other)
        run = harness(pages, edition, cache, "test", *_ALIKE, "--no-cache")
        add(goals.RUN, run, other)
        if sleepless is not None:
            other = rustdoc(sleepless, edition)
            run = harness(sleepless, edition, cache, "test", *_ALIKE, "--no-cache")
            add(goals.SLEEPLESS, run, other)
        whole = harness(pages, edition, cache, "check", "--deps", "stub", "--no-cache")
        add(goals.WITH_CONTEXT, whole, other)
    common = {"pages": pages.name, "edition": edition, "fences": len(tested_blocks(pages))}
    common |= {"is_book": sleepless is not None, "sleeps": _sleeps(pages)}
    return [common | {"what": what} | _costs(ours[what], theirs[what]) for what in ours]


def _costs(ours: Sequence[Cost], theirs: Sequence[Cost]) -> dict[str, Any]:
    pairs = list(zip(ours, theirs, strict=True))
    return {
        "walls": [a.wall for a in ours],
        "ratios": [b.wall / a.wall for a, b in pairs],
        "cpu_ratio": statistics.median(b.cpu / a.cpu for a, b in pairs),
        "ours": statistics.median(a.wall for a in ours),
        "theirs": statistics.median(b.wall for b in theirs),
        "cpu": statistics.median(a.cpu for a in ours),
        "peak": max(a.peak_mb for a in ours),
    }


def _sleeps(pages: Path) -> tuple[int, int]:
    """How many sleeps of the pages are put to nothing, and how many are written otherwise."""
    texts = [page.read_text("utf-8") for page in pages.glob("*.md")]
    put = sum(len(_SLEEP.findall(text)) for text in texts)
    return put, sum(len(_ANY_SLEEP.findall(text)) for text in texts) - put


def documents(options: argparse.Namespace, folder: Path) -> Iterator[dict[str, Any]]:
    """One page, clean, with one broken block, and with a tenth broken."""
    blocks = 60 if options.quick else 300
    for name, broken in (("clean", 0), ("one-broken", 1), ("tenth-broken", blocks // 10)):
        pages = folder / f"{blocks}-{name}"
        pages.mkdir()
        (pages / "page.md").write_text(synthetic(blocks, broken), encoding="utf-8")
        for edition in options.editions:
            yield from ratio_rows(pages, edition, options.repeats, folder)


def books(options: argparse.Namespace, folder: Path) -> Iterator[dict[str, Any]]:
    """Each book as its chapters, and the same in which no block sleeps."""
    for book in options.books:
        pages = folder / book.resolve().name
        awake = folder / f"{pages.name}-awake"
        pages.mkdir()
        awake.mkdir()
        for file, text in book_pages(book):
            (pages / file).write_text(text, encoding="utf-8")
            told = _SLEEP.sub(r"sleep(\1::from_millis(0))", text)
            (awake / file).write_text(told, encoding="utf-8")
        for edition in options.editions:
            yield from ratio_rows(pages, edition, options.repeats, folder, awake)


def start(options: argparse.Namespace, folder: Path) -> Iterator[dict[str, Any]]:
    """What starting costs over Python alone: help, a run without a change, a block edited."""
    book = folder / "started"
    if options.books:
        shutil.copytree(options.books[0], book)
    else:
        pages_of(60 if options.quick else 650, book)
    block = editable(book)
    cache = folder / "cache-started"
    check = ("-m", "harness", "check", ".", "-q", *_ALIKE)
    for _ in range(2):  # what is compiled, and the modules of Python
        judged(sys.executable, *check, cwd=book, cache=cache)
    found: dict[str, list[Cost]] = {}
    for number in range(3 * options.repeats):
        calls = (("python -c pass", ("-c", "pass")), ("--help", ("-m", "harness", "--help")))
        for what, argv in (*calls, ("no-op", check), ("one block edited", check)):
            if what == "one block edited":
                edit(block, number)
                time.sleep(0.3)  # nobody starts a run in the moment of a save
            call = judged if argv is check else measure
            cost = call(sys.executable, *argv, cwd=book, cache=cache)
            found.setdefault(what, []).append(cost)
    floor = [cost.wall for cost in found["python -c pass"]]
    for what, costs in found.items():
        yield {
            "what": what,
            "wall": statistics.median(cost.wall for cost in costs),
            "cpu": statistics.median(cost.cpu for cost in costs),
            "over": [cost.wall - low for cost, low in zip(costs, floor, strict=True)],
        }


def editable(pages: Path) -> SourceLine:
    """The first line of the first block that is written in its page and begins with a statement."""
    return next(
        first
        for snippet in tested_blocks(pages)
        if (first := snippet.lines[0]).included_from is None and first.text.startswith("let ")
    )


def edit(block: SourceLine, number: int) -> None:
    """Put a statement before a line of a block, each time another."""
    page = Path(block.path)
    lines = page.read_text(encoding="utf-8").split("\n")
    lines[block.line - 1] = f"let _edited = {number}; {block.text}"
    page.write_text("\n".join(lines), encoding="utf-8")


def sizes(options: argparse.Namespace, folder: Path) -> Iterator[dict[str, Any]]:
    """Blocks, what checking them costs, and the same crates given to rustc by itself, once."""
    for count in options.sizes:
        pages = folder / f"blocks-{count}"
        pages_of(count, pages)
        cost = harness(pages, "2021", folder / f"cache-{count}", "check", *_ALIKE, "--no-cache")
        pages_of(count, folder / f"clean-{count}", is_clean=True)
        crates_of(folder / f"clean-{count}", folder / f"bare-{count}")
        other = measure(sys.executable, "-m", "benchmarks.bare", cwd=folder / f"bare-{count}")
        row = {"blocks": count, "wall": cost.wall, "cpu": cost.cpu, "peak": cost.peak_mb}
        yield row | {"bare_wall": other.wall, "bare_cpu": other.cpu}


def crates(options: argparse.Namespace, folder: Path) -> Iterator[dict[str, Any]]:
    """The reference document with what its snippets depend on built, beside one `cargo check`."""
    page = ROOT / "fixtures" / "reference-document"
    cache, workspaces, crate = folder / "cache-crates", folder / "workspaces", folder / "crate"
    argv = (sys.executable, "-m", "harness", "check", str(page), "-q", "--deps", "stub")
    judged(*argv, "--workspace", str(workspaces), cwd=folder, cache=cache)
    units = one_crate(workspaces, crate)
    ours, theirs = [], []
    for _ in range(options.repeats):
        for file in cache.glob("compiled-*"):
            file.unlink()  # what compilers said; what Cargo built stays
        ours.append(judged(*argv, cwd=folder, cache=cache))
        theirs.append(measure(*check_argv(crate), cwd=crate))
    yield {"pages": "reference document", "units": len(units)} | _costs(ours, theirs)


_MEASURED: dict[str, Callable[[argparse.Namespace, Path], Iterator[dict[str, Any]]]] = {
    "documents": documents,
    "books": books,
    "start": start,
    "sizes": sizes,
    "crates": crates,
}


def main() -> None:
    """Measure the parts that are asked for, print each, and write them to docs/."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("books", nargs="*", type=Path)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--editions", nargs="+", default=["2021", "2024"])
    parser.add_argument("--sizes", nargs="*", type=int, default=[1000, 3000, 10000])
    parser.add_argument("--quick", action="store_true", help="little, and nothing is written")
    parser.add_argument("--write", type=Path, default=ROOT / "docs")
    options = parser.parse_args()
    if options.quick:
        options.repeats, options.editions, options.sizes = 1, ["2021"], [200]
    options.write.mkdir(parents=True, exist_ok=True)
    parts = read_parts(options.write)
    for name in options.only:
        where = _where(options.repeats)
        rows = []
        with tempfile.TemporaryDirectory() as folder:
            for row in _MEASURED[name](options, Path(folder)):
                rows.append(row | {"where": where})
                if not options.quick:
                    write(joined(parts, name, rows), options.write)
        sys.stdout.write("\n".join(table({name: rows})) + "\n")
        sys.stdout.flush()
        parts = joined(parts, name, rows)


def _where(repeats: int) -> str:
    """The machine, and how busy it was."""
    asked = subprocess.run(["rustc", "-V"], capture_output=True, text=True, check=True)  # noqa: S607
    rust = asked.stdout.strip()
    return (
        f"{datetime.now(UTC):%Y-%m-%d}: {rust}, Python {platform.python_version()}, "
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, load "
        f"{os.getloadavg()[0]:.1f} at the start; {repeats} repeats, alternating."
    )


if __name__ == "__main__":
    main()
