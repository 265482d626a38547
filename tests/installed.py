"""The harness as somebody else has it: a wheel of a copy of the sources, installed alone."""

import shutil
import subprocess
import sys
import venv
from importlib.metadata import entry_points
from pathlib import Path

from tests.command_line import environment_of

ROOT = Path(__file__).parents[1]
SHIPPED = (
    "harness",
    "rust-workspace/Cargo.toml",
    "rust-workspace/registry.lock",
    "rust-workspace/stubs",
    "rust-workspace/crates/probe",
    ".pre-commit-hooks.yaml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "pyproject.toml",
)


def _is_installed():
    return any(e.value == "harness.pytest_plugin" for e in entry_points(group="pytest11"))


PLUGIN = () if _is_installed() else ("-p", "harness.pytest_plugin")
"""What makes pytest take our plugin, which an installed package brings by itself."""


def copy_of_the_sources(folder):
    """What a wheel is made of, away from the checkout."""
    for name in SHIPPED:
        source, target = ROOT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "target")
            shutil.copytree(source, target, ignore=ignored)
        else:
            shutil.copy(source, target)
    return folder


def wheel_of(sources, folder):
    """The wheel that pip builds."""
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", folder, sources]
    subprocess.run(list(map(str, command)), check=True, timeout=300, env=environment())
    return next(folder.glob("*.whl"))


def environment_with(folder, *packages):
    """An environment that holds just these packages; its folder of programs."""
    venv.create(folder, with_pip=True)
    programs = folder / "bin"
    command = [programs / "python", "-m", "pip", "install", "-q", *packages]
    subprocess.run(list(map(str, command)), check=True, timeout=600, env=environment())
    return programs


def environment(programs=None, **more):
    """The environment of a process that knows nothing of the checkout."""
    found = environment_of(PYTHONPATH=None, **more)
    if programs is not None:
        found["PATH"] = f"{programs}:{found['PATH']}"
    return found


def git(folder, *arguments):
    """Run git in a folder, with a name that it takes; its output."""
    who = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false")
    done = subprocess.run(
        ["git", *who, *arguments], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout


def committed(folder):
    """Make a repository of a folder and commit all of it; the commit."""
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "All")
    return git(folder, "rev-parse", "HEAD").strip()
