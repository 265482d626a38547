"""The crate and its extension → formatted, linted, tested; the long run, Miri, seeded faults.

Usage: python check.py tests | long | miri | mutants [SHARD/OF]. Runs in the Cargo workspace.
"""

import os
import subprocess
import sys
from pathlib import Path

CRATE = Path(__file__).resolve().parent
WORKSPACE = CRATE.parent.parent


def cargo(*arguments: str, **environment: str) -> None:
    """Run Cargo in the workspace; its failure is this script's."""
    print("+ cargo", *arguments, flush=True)
    command = ["cargo", *arguments]
    done = subprocess.run(command, cwd=WORKSPACE, env={**os.environ, **environment}, check=False)
    if done.returncode:
        sys.exit(done.returncode)


def tests() -> None:
    """Formatting, lints, unit, model and stress tests, and all interleavings under loom."""
    both = ("-p", "cores", "-p", "cores-python")
    cargo("fmt", *both, "--check")
    cargo("clippy", *both, "--all-targets", "--", "-D", "warnings")
    cargo("test", "-p", "cores", "--release", "--", "--nocapture")
    loom()


def loom() -> None:
    """The state machines under the model checker, in a target folder of their own."""
    flags = f"{os.environ.get('RUSTFLAGS', '')} --cfg loom".strip()
    target = Path(os.environ.get("CARGO_TARGET_DIR", WORKSPACE / "target")) / "loom"
    cargo(
        *("test", "-p", "cores", "--release", "--test", "loom_cores"),
        RUSTFLAGS=flags,
        CARGO_TARGET_DIR=str(target),
    )


def long() -> None:
    """Ten million steps in each model test, another history than the short run's."""
    steps = os.environ.get("CORES_STEPS", "10000000")
    models = ("limiter_model", "breaker_model", "router_model", "governor")
    chosen = [word for model in models for word in ("--test", model)]
    cargo(
        *("test", "-p", "cores", "--release", *chosen, "--", "--nocapture"),
        CORES_STEPS=steps,
        CORES_SEED=os.environ.get("CORES_SEED", "23"),
    )


def miri() -> None:
    """The tests under Miri (nightly component); few steps, because it is slow."""
    cargo(
        *("+nightly", "miri", "test", "-p", "cores", "--lib", "--tests"),
        MIRIFLAGS="-Zmiri-disable-isolation",
        CORES_STEPS=os.environ.get("CORES_STEPS", "200"),
    )


def mutants(shard: str = "0/1") -> None:
    """Seeded faults: how many the tests catch."""
    cargo(
        *("mutants", "-p", "cores", "--sharding", "round-robin", "--shard", shard),
        *("--timeout", "60", "--", "--lib", "--tests"),
        CORES_STEPS=os.environ.get("CORES_STEPS", "5000"),
        CARGO_PROFILE_TEST_OPT_LEVEL="1",
    )


COMMANDS = {"tests": tests, "long": long, "miri": miri, "mutants": mutants}


def main() -> None:
    """The command line."""
    match sys.argv[1:]:
        case [name, *rest] if name in COMMANDS and (not rest or name == "mutants"):
            COMMANDS[name](*rest)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
