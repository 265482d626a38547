"""The crate and its extension → formatted, linted, tested; the long run, Miri.

Usage: python check.py tests | wheel | long | miri. Runs in the workspace.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

CRATE = Path(__file__).resolve().parent
WORKSPACE = CRATE.parent.parent
# The other crates that the cores are held against have a workspace and a lock of their own.
PEERS = ("--manifest-path", str(WORKSPACE / "crates/cores-bench/Cargo.toml"))


# What the wheel must do, each kind of core once; it prints nothing.
FIRST_CALLS = """
import service_cores as sc
clock = sc.ManualClock()
limiter = sc.RateLimiter(1, burst=1, clock=clock)
assert (limiter.allow(), limiter.allow()) == (True, False)
breaker = sc.CircuitBreaker(clock=clock)
assert breaker.success(breaker.acquire()) and breaker.state == "closed"
assert sc.jump_hash(2, 60) == sc.JumpRouter(60).route(2) == 46
"""


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
    cargo("test", *PEERS, "-p", "cores-differential", "--", "--nocapture")
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


def wheel() -> None:
    """A wheel, installed into an empty environment where no Rust is found, imports and works."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", folder]
        subprocess.run([*build, WORKSPACE / "crates/cores-python"], check=True)
        (built,) = folder.glob("service_cores-*.whl")
        venv.create(folder / "empty", with_pip=True)
        python = folder / "empty" / "bin" / "python"
        without_rust = {"PATH": "/usr/bin:/bin", "HOME": name}
        for tool in ("cargo", "rustc"):
            if shutil.which(tool, path=without_rust["PATH"]):
                sys.exit(f"{tool} is in {without_rust['PATH']}: cannot show that it is not needed")
        pip = [python, "-m", "pip", "install", "-q", "--no-index", built]
        subprocess.run(pip, env=without_rust, check=True)
        subprocess.run([python, "-I", "-c", FIRST_CALLS], env=without_rust, check=True)
        print(f"{built.name}: installed without Rust, imported, called")


def long() -> None:
    """Ten million steps in each model test, another history than the short run's."""
    steps = os.environ.get("CORES_STEPS", "10000000")
    environment = {"CORES_STEPS": steps, "CORES_SEED": os.environ.get("CORES_SEED", "23")}
    run = ("--release", "--test", "cores", "--", "--nocapture")
    cargo("test", "-p", "cores", *run, **environment)
    peers = ("--release", "-p", "cores-differential", "--", "--nocapture")
    cargo("test", *PEERS, *peers, **environment)


def miri() -> None:
    """The tests under Miri (nightly component); one history each, because it is slow."""
    cargo(
        *("+nightly", "miri", "test", "-p", "cores", "--lib", "--tests"),
        MIRIFLAGS="-Zmiri-disable-isolation",
        CORES_STEPS=os.environ.get("CORES_STEPS", "1"),
    )


COMMANDS = {"tests": tests, "wheel": wheel, "long": long, "miri": miri}


def main() -> None:
    """The command line."""
    match sys.argv[1:]:
        case [name] if name in COMMANDS:
            COMMANDS[name]()
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
