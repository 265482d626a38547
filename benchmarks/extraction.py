"""How fast documents are taken apart: `python -m benchmarks.extraction PATH ...`.

Megabytes of text, after includes, that are read into blocks for each second of processor time;
the goal is 3. Reading files and following includes is not in it.
"""

import sys
import time
from pathlib import Path

from harness.document.extract import extract
from harness.inputs.corpus import Source, read_corpus

GOAL_MB = 3.0


def speed(sources: tuple[Source, ...], least_seconds: float = 2.0) -> tuple[float, int, int]:
    """Megabytes a second, the best of the rounds; bytes and blocks of one round."""
    size = sum(len(line.text.encode()) + 1 for source in sources for line in source.lines)
    best, used, blocks = float("inf"), 0.0, 0
    while used < least_seconds:
        began = time.process_time()
        blocks = sum(len(extract(source.document, source.lines)) for source in sources)
        took = time.process_time() - began
        best, used = min(best, took), used + took
    return size / 1e6 / best, size, blocks


def main() -> None:
    """Print the speed for each path."""
    for name in sys.argv[1:]:
        found, size, blocks = speed(read_corpus([Path(name)], 64 << 20, None).sources)
        told = "met" if found >= GOAL_MB else "missed"
        line = f"{Path(name).name}: {size / 1e6:.2f} MB, {blocks} blocks, {found:.1f} MB/s"
        sys.stdout.write(f"{line} (goal {GOAL_MB:g}: {told})\n")


if __name__ == "__main__":
    main()
