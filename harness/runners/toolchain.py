"""The folder of a document in, the Rust toolchain that is in force there out."""

import os
import re
import shutil
from pathlib import Path

from harness.errors import MissingToolError
from harness.model.command import Command, Limits
from harness.model.toolchain import Toolchain
from harness.runners.executor import Executor

OLDEST = (1, 85)
"""The oldest Rust that the harness works with: the first with edition 2024."""

_VERSION = re.compile(r"^release: (\d+)\.(\d+)\.(\S+)$", re.MULTILINE)
_HOST = re.compile(r"^host: (\S+)$", re.MULTILINE)
_INSTALL = "install Rust 1.85 or newer (https://rustup.rs), or put it on PATH"


def find_toolchain(folder: Path, executor: Executor) -> Toolchain:
    """The toolchain of `folder`; a `MissingToolError` where there is none or it is too old."""
    environment = tuple(os.environ.items())
    named = os.environ.get("RUSTC") or shutil.which("rustc")
    if named is None:
        message = f"no rustc found on PATH; {_INSTALL}"
        raise MissingToolError(message)
    asked = executor.run(
        Command((named, "--print", "sysroot"), folder, environment, Limits(seconds=600))
    )
    sysroot = Path(os.fsdecode(asked.stdout.strip()))
    if asked.status != 0 or not asked.stdout.strip():
        said = asked.not_started or asked.stderr.decode(errors="replace").strip()
        message = f"`{named} --print sysroot` failed: {said}; {_INSTALL}"
        raise MissingToolError(message)
    rustc = _beside(sysroot, "rustc", named)
    cargo = _beside(sysroot, "cargo", shutil.which("cargo"))
    if rustc is None or cargo is None:
        message = f"rustc is there but no cargo, neither in its toolchain nor on PATH; {_INSTALL}"
        raise MissingToolError(message)
    return _describe(rustc, cargo, folder, executor)


def _beside(sysroot: Path, name: str, otherwise: str | None) -> Path | None:
    suffix = ".exe" if os.name == "nt" else ""
    inside = sysroot / "bin" / (name + suffix)
    if inside.is_file():
        return inside
    return Path(otherwise) if otherwise else None


def _describe(rustc: Path, cargo: Path, folder: Path, executor: Executor) -> Toolchain:
    asked = executor.run(
        Command((str(rustc), "-vV"), folder, tuple(os.environ.items()), Limits(seconds=60))
    )
    verbose = asked.stdout.decode(errors="replace")
    version, host = _VERSION.search(verbose), _HOST.search(verbose)
    if version is None or host is None:
        message = f"`{rustc} -vV` did not answer as a Rust compiler does; {_INSTALL}"
        raise MissingToolError(message)
    if (int(version[1]), int(version[2])) < OLDEST:
        message = (
            f"rustc {version[1]}.{version[2]} is too old; "
            f"the harness needs {OLDEST[0]}.{OLDEST[1]} or newer; {_INSTALL}"
        )
        raise MissingToolError(message)
    release = f"{version[1]}.{version[2]}.{version[3]}"
    return Toolchain(rustc, cargo, release, verbose.strip(), host[1])
