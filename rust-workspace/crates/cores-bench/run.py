"""Cores and peers → tables of times and instruction counts, Rust and Python, in one run.

Usage: python run.py [REPEATS]. The Python with which it runs needs `python/requirements.txt`, the
extension and the floor module. Pins one-threaded parts to the last processor with `taskset`, where
there is one; counts instructions with `valgrind`, where there is one.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", FOLDER / "target"))
BINARY = TARGET / "release" / "cores-bench"
CALLS = 20_000
COUNTED = re.compile(r"^(limiter|breaker, count|router, jump hash, 64)")


def run(*command: str | Path) -> None:
    """Run a command; its failure is this script's."""
    print("+", *command, flush=True)
    done = subprocess.run([str(word) for word in command], cwd=FOLDER, check=False)
    if done.returncode:
        sys.exit(done.returncode)


def pin(last: bool) -> list[str]:
    """The prefix that keeps a command on the last processor, or on the first and the last."""
    processors = sorted(os.sched_getaffinity(0))
    if shutil.which("taskset") is None:
        return []
    chosen = processors[-1:] if last else [processors[0], processors[-1]]
    return ["taskset", "-c", ",".join(str(number) for number in chosen)]


def count_instructions() -> None:
    """Instructions per call of each chosen row: they repeat where times do not."""
    if shutil.which("valgrind") is None:
        print("instruction counts: not run, there is no valgrind")
        return
    listing = subprocess.run([BINARY, "count", "list"], capture_output=True, text=True, check=True)
    print("\ninstructions per call (callgrind)")
    for row in filter(COUNTED.match, listing.stdout.splitlines()):
        command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
        command += ["--toggle-collect=cores_bench::counted*", str(BINARY), "count", row]
        environment = {**os.environ, "CALLS": str(CALLS)}
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
        collected = re.search(r"Collected : (\d+)", done.stderr)
        if collected is None:
            sys.exit(f"no count for {row}:\n{done.stderr}")
        print(f"  {row:70} {int(collected[1]) / CALLS:9.1f}", flush=True)


def main() -> None:
    """The command line."""
    repeats = sys.argv[1] if len(sys.argv) > 1 else "101"
    run("cargo", "build", "--release", "-p", "cores-bench")
    run(*pin(last=True), BINARY, "one", repeats)
    run(*pin(last=False), BINARY, "two", repeats)
    run(*pin(last=True), sys.executable, "python/bench.py", repeats)
    count_instructions()


if __name__ == "__main__":
    main()
