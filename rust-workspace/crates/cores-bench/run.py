"""Cores and peers → tables of times and instruction counts, Rust and Python, in one run.

Usage: python run.py [--save] [LAUNCHES]. `--save` writes the tables to docs/bench-cores.md as well.
The Python with which it runs needs `python/requirements.txt`, the extension and the floor module.
Pins one-threaded parts to the last processor with `taskset`, where there is one; counts
instructions with `valgrind`, where there is one. Ten launches take 5 to 8 minutes on a quiet
machine of two cores, and building everything first about 3.
"""

import datetime as dt
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import report

FOLDER = Path(__file__).resolve().parent
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", FOLDER / "target"))
BINARY = TARGET / "release" / "cores-bench"
SAVED = FOLDER.parents[2] / "docs" / "bench-cores.md"
REPEATS = 11
CALLS = 20_000
COUNTED = re.compile(r"^(limiter|breaker, count|router, jump hash, 64)")


def run(*command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command and keep its output; its failure is this script's."""
    words = [str(word) for word in command]
    whole = {**os.environ, **environment}
    done = subprocess.run(words, cwd=FOLDER, env=whole, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(words)}\n{done.stderr}")
    return done


def pin(last: bool) -> list[str]:
    """The prefix that keeps a command on the last processor, or on the first and the last."""
    processors = sorted(os.sched_getaffinity(0))
    if shutil.which("taskset") is None:
        return []
    chosen = processors[-1:] if last else [processors[0], processors[-1]]
    return ["taskset", "-c", ",".join(str(number) for number in chosen)]


def rust(mode: str) -> Iterator[tuple[report.Key, list[float]]]:
    """One launch of the Rust half."""
    command = [*pin(last=mode == "one"), BINARY, mode, str(REPEATS)]
    for line in run(*command).stdout.splitlines():
        group, row, kind, *samples = line.split("\t")
        yield (group, row, kind), [float(sample) for sample in samples]


def python() -> Iterator[tuple[report.Key, list[float]]]:
    """One launch of the Python half."""
    command = [*pin(last=True), sys.executable, "python/bench.py", str(REPEATS)]
    for group, rows in json.loads(run(*command).stdout).items():
        for row, samples in rows.items():
            yield (f"python, {group}", row, "processor"), samples


def launch(number: int) -> report.Measured:
    """All launches, one of each kind after the other."""
    measured: report.Measured = {}
    for turn in range(number):
        for part in (rust("one"), rust("two"), python()):
            for key, samples in part:
                measured.setdefault(key, []).append(samples)
        print(f"launch {turn + 1} of {number}", file=sys.stderr, flush=True)
    return measured


def instructions() -> dict[tuple[str, str], float]:
    """Instructions per call of each chosen row: they repeat where times do not."""
    if shutil.which("valgrind") is None:
        print("instruction counts: not run, there is no valgrind", file=sys.stderr)
        return {}
    counts: dict[tuple[str, str], float] = {}
    for row in filter(COUNTED.match, run(BINARY, "count", "list").stdout.splitlines()):
        command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
        command += ["--toggle-collect=cores_bench::counted*", str(BINARY), "count", row]
        counted = run(*command, CALLS=str(CALLS)).stderr
        collected = re.search(r"Collected : (\d+)", counted)
        if collected is None:
            sys.exit(f"no count for {row}:\n{counted}")
        group, name = row.split("/", 1)
        counts[group, name] = int(collected[1]) / CALLS
    return counts


def environment(begun: float, load: tuple[float, ...], launches: int) -> str:
    """What the figures were measured on."""
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    now = ", ".join(f"{value:.2f}" for value in os.getloadavg())
    then = ", ".join(f"{value:.2f}" for value in load)
    return "\n".join(
        [
            f"- {dt.datetime.now(tz=dt.UTC).date()}, {(time.monotonic() - begun) / 60:.1f} minutes",
            f"- {launches} launches of {REPEATS} interleaved repeats of {CALLS} calls each",
            f"- {model[1] if model else platform.machine()}, {len(os.sched_getaffinity(0))} cores",
            f"- {run('rustc', '--version').stdout.strip()}, Python {platform.python_version()}",
            f"- load before {then}, after {now}",
        ]
    )


def main() -> None:
    """The command line."""
    words = [word for word in sys.argv[1:] if word != "--save"]
    launches = int(words[0]) if words else 10
    begun, load = time.monotonic(), os.getloadavg()
    print(f"{launches} launches: about {launches * 0.7:.0f} minutes", file=sys.stderr, flush=True)
    run("cargo", "build", "--release", "-p", "cores-bench")
    text = report.page(launch(launches), instructions())
    text = text.replace("ENVIRONMENT", environment(begun, load, launches))
    print(text)
    if "--save" in sys.argv[1:]:
        SAVED.write_text(text)
        print(f"written to {SAVED}", file=sys.stderr)


if __name__ == "__main__":
    main()
