"""Which compiler is in force is remembered only while nothing could choose another."""

import os

import pytest

from harness.cache import Cache
from harness.runners.executor import Executor
from harness.runners.known_toolchain import known_toolchain, recalled_toolchain

RUSTUP = """#!/bin/sh
exec "$RUSTUP_HOME/toolchains/own/bin/${0##*/}" "$@"
"""
RUSTC = """#!/bin/sh
case $1 in
  --print) echo {sysroot} ;;
  *) printf 'rustc {version}\\nrelease: {version}\\nhost: x86_64-unknown-linux-gnu\\n' ;;
esac
"""


def program(file, text):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    file.chmod(0o755)


@pytest.fixture
def rustup(tmp_path, monkeypatch):
    """A rustup of our own, with two toolchains that `rustup toolchain link` can name."""
    for version in ("1.95.0", "1.96.0"):
        sysroot = tmp_path / version
        program(sysroot / "bin" / "rustc", RUSTC.format(sysroot=sysroot, version=version))
        program(sysroot / "bin" / "cargo", "#!/bin/sh\n")
    program(tmp_path / "path" / "rustup", RUSTUP)
    for name in ("rustc", "cargo"):
        (tmp_path / "path" / name).symlink_to("rustup")
    (tmp_path / "home" / "toolchains").mkdir(parents=True)
    monkeypatch.setenv("PATH", f"{tmp_path / 'path'}:{os.environ['PATH']}")
    monkeypatch.setenv("RUSTUP_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("RUSTC", raising=False)
    return tmp_path


def link(file, target):
    file.unlink(missing_ok=True)
    file.symlink_to(target)


@pytest.mark.parametrize("steps", [1, 2])
def test_a_link_that_was_moved_is_another_compiler(rustup, steps):
    """By `rustup toolchain link`, or below what it links to."""
    own = rustup / "home" / "toolchains" / "own"
    moved = own if steps == 1 else rustup / "current"
    link(moved, rustup / "1.95.0")
    if steps == 2:
        link(own, rustup / "current")
    with Cache(rustup / "cache") as cache:
        assert known_toolchain(rustup, Executor(), cache).version == "1.95.0"
    with Cache(rustup / "cache") as cache:
        assert recalled_toolchain(rustup, cache) is not None, "it is remembered at all"
        link(moved, rustup / "1.96.0")
        assert known_toolchain(rustup, Executor(), cache).version == "1.96.0"


def test_a_home_without_toolchains_is_none_of_rustups(rustup):
    (rustup / "home" / "toolchains").rmdir()
    with Cache(rustup / "cache") as cache:
        assert recalled_toolchain(rustup, cache) is None
