"""The toolchain of a folder, without a process where nothing that decides it has changed."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from harness.cache import Cache, compiler_identity, digest, file_identity
from harness.model.toolchain import Toolchain

if TYPE_CHECKING:
    from harness.runners.executor import Executor

_FILES = ("rust-toolchain", "rust-toolchain.toml")


def recalled_toolchain(folder: Path, cache: Cache) -> Toolchain | None:
    """As `known_toolchain` where it starts no process; None where it would."""
    program = _program()
    return None if program is None else _read(cache.get(_key(folder, program)), program)


def known_toolchain(folder: Path, executor: "Executor", cache: Cache) -> Toolchain:
    """As `find_toolchain`; asked again whenever rustup could choose another compiler.

    rustup chooses by its variable, an override, the nearest toolchain file and its default: all
    of them are in the key. A `rustc` that is neither rustup's nor a toolchain's own program may
    choose as it likes, so it is asked every time.
    """
    known = recalled_toolchain(folder, cache)
    if known is not None:
        return known
    from harness.runners.toolchain import find_toolchain  # noqa: PLC0415 - brings subprocess

    found = find_toolchain(folder, executor)
    program = _program()
    if program is not None:
        cache.put(_key(folder, program), _written(found))
    return found


def chosen_identity(folder: Path, rustc: Path) -> str | None:
    """All by which rustup chose a folder's compiler, and that compiler; starts no process.

    None where nothing is chosen by files, or by a program that must be asked every time.
    """
    program = _program()
    if program is None or not _is_by_files(program, rustc):
        return None
    return digest(_key(folder, program), compiler_identity(rustc))


def _program() -> Path | None:
    """The `rustc` that would be started."""
    named = os.environ.get("RUSTC") or shutil.which("rustc")
    program = Path(shutil.which(named) or named).absolute() if named else None
    return program if program is not None and program.exists() else None


def _key(folder: Path, program: Path) -> str:
    home = Path(os.environ.get("RUSTUP_HOME") or Path.home() / ".rustup")
    return digest(
        "toolchain",
        str(folder.absolute()),
        file_identity(program.resolve()),
        str(program),
        shutil.which("cargo"),
        [os.environ.get(name) for name in ("RUSTUP_TOOLCHAIN", "RUSTC", "RUSTUP_HOME")],
        _content(home / "settings.toml"),
        list(_toolchain_files(folder.absolute())),
    )


def _toolchain_files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for above in (folder, *folder.parents):
        for name in _FILES:
            content = _content(above / name)
            if content is not None:
                yield str(above / name), content


def _content(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None


def _written(found: Toolchain) -> bytes:
    table = {
        "rustc": str(found.rustc),
        "cargo": str(found.cargo),
        "version": found.version,
        "verbose": found.verbose,
        "target": found.target,
        "identity": repr(compiler_identity(found.rustc)),
    }
    return json.dumps(table).encode()


def _read(data: bytes | None, program: Path) -> Toolchain | None:
    try:
        table = json.loads(data or b"")
        found = Toolchain(
            Path(table["rustc"]),
            Path(table["cargo"]),
            str(table["version"]),
            str(table["verbose"]),
            str(table["target"]),
        )
    except (ValueError, KeyError, TypeError):
        return None
    if not found.cargo.is_file() or repr(compiler_identity(found.rustc)) != table.get("identity"):
        return None
    return found if _is_by_files(program, found.rustc) else None


def _is_by_files(program: Path, rustc: Path) -> bool:
    """Whether a program that led to a compiler will do so while no file and no variable changes."""
    return program.resolve() == rustc.resolve() or _is_rustups(program)


def _is_rustups(program: Path) -> bool:
    """Whether a program is rustup under another name: a link to it, or the same file."""
    real = program.resolve()
    if real.stem == "rustup":
        return True
    try:
        return real.samefile(program.with_name("rustup" + program.suffix))
    except OSError:
        return False
