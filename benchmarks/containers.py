"""What containers cost: one command with each runner, in turn, and the engine's time for each.

`python -m benchmarks.containers [ROUNDS] [PATH]...`: `check` and `test` of the paths, by default
the shipped edition and, where it is at hand, the reference document. Crates are built and the
caches of both are filled before the first round; `--no-cache` makes every round compile.
Due: `check` with containers takes at most 1.5 s more, and the engine 0.3 s for a container.
"""

import json
import re
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
PATHS = (ROOT / "snippets" / "chain-systems", ROOT / "fixtures" / "reference-document")
MORE_SECONDS = 1.5
ENGINE_SECONDS = 0.3
_USED = re.compile(r"(\d+) containers, ([\d.]+) s of the engine each")


def run(verb: str, path: Path, runner: str) -> tuple[float, int, float, int]:
    """Seconds, containers, the engine's median for one, and blocks judged."""
    command = (sys.executable, "-m", "harness", verb, str(path), "--runner", runner)
    options = ("--no-cache", "--quiet", "--exit-zero", "--output-format", "json")
    started = time.perf_counter()
    done = subprocess.run([*command, *options], capture_output=True, check=False, cwd=ROOT)  # noqa: S603
    seconds = time.perf_counter() - started
    if done.returncode:
        sys.exit(done.stderr.decode(errors="replace"))
    report = json.loads(done.stdout)
    used = _USED.search("\n".join(report["summary"]["notes"]))
    blocks = sum(verdict["kind"] == "snippet" for verdict in report["verdicts"])
    return seconds, int(used[1]) if used else 0, float(used[2]) if used else 0.0, blocks


def compared(verb: str, path: Path, rounds: int) -> bool:
    """Print one line; whether the costs are within what is due."""
    seen: dict[str, list[tuple[float, int, float, int]]] = {"local": [], "docker": []}
    for runner in seen:
        run(verb, path, runner)
    for _ in range(rounds):
        for runner, found in seen.items():
            found.append(run(verb, path, runner))
    here, there = (median(each[0] for each in seen[name]) for name in seen)
    more = median(b[0] - a[0] for a, b in zip(seen["local"], seen["docker"], strict=True))
    engine = median(each[2] for each in seen["docker"])
    _, containers, _, blocks = seen["docker"][0]
    print(  # noqa: T201
        f"{verb:5} {path.name:18} {blocks:3} blocks  local {here:5.2f} s  docker {there:5.2f} s  "
        f"+{more:.2f} s  {there / here:.2f} times  "
        f"{containers:3} containers, engine {engine:.2f} s each",
        flush=True,
    )
    return engine <= ENGINE_SECONDS and (verb != "check" or more <= MORE_SECONDS)


def main() -> int:
    """Print the lines; the exit code."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    paths = [Path(name).absolute() for name in sys.argv[2:]] or [p for p in PATHS if p.is_dir()]
    is_within = [compared(verb, path, rounds) for verb in ("check", "test") for path in paths]
    return 0 if all(is_within) else 1


if __name__ == "__main__":
    sys.exit(main())
