"""The stubs → mypy's stubtest finds no difference from the compiled module."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_stubs_match_the_module(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mypy.stubtest", "service_cores"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_sources_and_tests_are_strictly_typed() -> None:
    command = [sys.executable, "-m", "mypy", "--cache-dir=/dev/null"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
