"""The same bench twice, and one with a fifth more work: how often two runs are told apart.

`python -m benchmarks.repeat [SAME] [MORE]`: pairs of runs of one program (A/A) and of one with
20 % added work (A/B). Due: of 300 A/A at most 2 decided and 60 undecided, of 100 A/B 95 found.
"""

import sys
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

from harness.bench_pipeline import program_of
from harness.cli.settings import settings_of
from harness.files import cache_folder
from harness.host import read_host
from harness.launching import launch_once
from harness.measuring.comparing import Change, compare_reports
from harness.measuring.judging import row
from harness.measuring.own_clock import OwnClock
from harness.model.bench import Dimension, Launch, Sampling, Side, Stated
from harness.model.unit import Compilation
from harness.model.verdict import Basis, Position
from harness.progress import Progress
from harness.reports.bench_json import bench_table
from harness.runners.local import Local

# A fifth of the time that launches have in use: one that lasts no longer than another program's
# burst is measured with all of it, and twelve of such can hide a fifth more work.
SAMPLING = Sampling(launches=12, warm_up_ms=5, measure_ms=60)
_DUE = ("300", "100")
PAGE = """# Work

```rust
pub fn work(rounds: u64) -> u64 {
    (0..rounds).fold(1, |sum: u64, n| std::hint::black_box(sum ^ n).rotate_left(7).wrapping_mul(31))
}
```
"""
BENCHES = """use super::*;
use probe::Bench;

fn usual(bench: &mut Bench) {
    bench.calls(|| work(std::hint::black_box(2_000)));
}

fn more(bench: &mut Bench) {
    bench.calls(|| work(std::hint::black_box(2_400)));
}
"""


def run(launcher: Local, program: Compilation, name: str) -> dict[str, object]:
    """One run, as a saved report has it."""
    cores, clock = read_host().pinned(1), OwnClock(1)
    launches: list[Launch] = [
        launch_once(launcher, program, name, cores, number, SAMPLING, clock)
        for number in range(SAMPLING.launches)
    ]
    place = Position("work.md", 1, 1, 1, 1)
    stated = Stated("work", "work", "1 s", 1.0, Dimension.TIME, Side.AT_MOST, 0.0, "p50", 1, place)
    found = row("work", stated, 1, [(1, launches)], Basis(), is_quick=False)
    return {"benches": [bench_table(found)]}


def main() -> int:
    """Print both counts; the exit code."""
    given = sys.argv[1:]
    same, more = (int(n) for n in (*given, *_DUE[len(given) :]))
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "work.md"
        page.write_text(PAGE, encoding="utf-8")
        (page.parent / "benches").mkdir()
        (page.parent / "benches" / "work.rs").write_text(BENCHES, encoding="utf-8")
        settings = replace(settings_of("bench", {}), is_isolated=True, is_cached=False)
        with program_of(page, settings, cache_folder(), Progress()) as (launcher, program):
            aa = pairs(launcher, program, same, "usual")
            ab = pairs(launcher, program, more, "more")
    decided = aa[Change.WORSE] + aa[Change.BETTER]
    undecided = aa[Change.UNDECIDED]
    print(f"A/A {same}: {decided} decided, {undecided} undecided, {aa[Change.SAME]} the same")  # noqa: T201
    print(f"A/B {more}, 20 % added: {ab[Change.WORSE]} found, {ab[Change.UNDECIDED]} undecided")  # noqa: T201
    is_good = (
        decided * 150 <= same and undecided * 5 <= same and ab[Change.WORSE] * 100 >= 95 * more
    )
    return 0 if is_good else 1


def pairs(launcher: Local, program: Compilation, count: int, second: str) -> Counter[Change]:
    """Runs of `usual` against runs of another bench, by what is told of each pair."""
    found: Counter[Change] = Counter()
    for _ in range(count):
        before, after = run(launcher, program, "usual"), run(launcher, program, second)
        found[compare_reports(before, after)[0].change] += 1
    return found


if __name__ == "__main__":
    sys.exit(main())
