"""A base in, the crates that Cargo built for it out, or why it could not."""

import json
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from harness import workspace
from harness.files import read_regular
from harness.model.command import Command, Limits
from harness.model.toolchain import Toolchain
from harness.model.unit import Base, Compiled
from harness.model.values import dataclass
from harness.runners.cargo_words import artifacts, first_error, last_words
from harness.runners.executor import Executor


@dataclass(frozen=True, slots=True)
class Built:
    """What rustc needs in order to use a base's crates."""

    externs: tuple[tuple[str, Path], ...]
    """Name in code → the file that Cargo reported for it."""
    search: tuple[Path, ...]
    """Folders with the crates that those depend on."""
    environment: tuple[tuple[str, str], ...] = ()
    """What a package of a project tells the compiler of itself."""
    packages: tuple[tuple[str, str], ...] = ()
    """Name in code → what Cargo calls the package; empty where its word does not count."""
    others: tuple[str, ...] = ()
    """What Cargo calls every package that it built."""
    libraries: tuple[Path, ...] = ()
    """The files of these packages, in the same order."""
    is_ours: bool = False
    """No code that a document brings runs while the compiler uses it: std alone, or crates that
    are all of the harness's own registry. Told of containers only; nothing here asks."""


@dataclass(frozen=True, slots=True)
class Broken:
    """Why a base did not resolve or build."""

    cause: str
    status: Compiled = Compiled.BASE_BROKEN


@dataclass(frozen=True, slots=True)
class BuiltProject:
    """What Cargo built of a generated workspace, as far as it came."""

    libraries: Mapping[str, Path]
    """What Cargo calls a package → the file of its library."""
    search: tuple[Path, ...]
    cause: str
    """Why Cargo did not end well; empty where it did."""
    beside: Mapping[str, str] = field(default_factory=dict)
    """Name in code → what Cargo calls it, for crates that are no project's."""


@dataclass(frozen=True, slots=True)
class BaseFolders:
    """Where bases are written, and what their resolution starts from."""

    bases: Path
    target: Path
    lock: Path | None
    roots: tuple[Path, ...] | None = None
    """The repositories that a document's own locks must stand in; None: they stand anywhere."""


class LockError(Exception):
    """The lock that a base is to start from cannot be read; the text is a cause."""


def write_package(base: Base, folders: BaseFolders) -> Path:
    """The package of a base, started from its lock; a `LockError` where that cannot be read."""
    return workspace.write_base(base, folders.bases, _lock(base, folders))


def _lock(base: Base, folders: BaseFolders) -> bytes:
    if not base.lock:
        return folders.lock.read_bytes() if folders.lock is not None else b""
    lock = Path(base.lock)
    try:
        real = lock.resolve()
        is_inside = folders.roots is None or any(
            real.is_relative_to(root.resolve()) for root in folders.roots
        )
        if is_inside:
            return read_regular(real, _LOCK_BYTES)
    except (OSError, RuntimeError) as error:  # a loop of links is a RuntimeError until 3.13
        cause = error.strerror if isinstance(error, OSError) else error
        message = f"its lock {lock} cannot be read: {cause}"
        raise LockError(message) from error
    message = f"its lock {lock} leaves the repository"
    raise LockError(message)


_LOCK_BYTES = 16 << 20


def build_base(
    base: Base, folders: BaseFolders, toolchain: Toolchain, executor: Executor, *, offline: bool
) -> Built | Broken:
    """Let Cargo resolve and build the crates of a base; only what Cargo reports is used.

    The bases share one target directory: Cargo keeps a crate that is built with other
    features or versions as another artifact, so nothing leaks, and nothing is built twice.
    """
    if not base.crates:
        return Built((), ())
    try:
        package = write_package(base, folders)
    except LockError as error:
        return Broken(str(error))
    told = executor.run(_command(toolchain, package, folders, "metadata", offline=offline))
    if told.status != 0:
        return Broken(last_words(told))
    names = direct_names(json.loads(told.stdout), workspace.base_name(base))
    target = ""
    built = executor.run(_command(toolchain, package, folders, "build", offline=offline))
    if built.status == 0 and is_doubled(built.stdout, names):
        target = toolchain.target
        again = _command(toolchain, package, folders, "build", offline=offline, target=target)
        built = executor.run(again)
    if built.status != 0:
        return Broken(first_error(built.stdout) or last_words(built))
    return collect(built.stdout, names, target)


def _command(
    toolchain: Toolchain,
    package: Path,
    folders: BaseFolders,
    verb: str,
    *,
    offline: bool,
    target: str = "",
) -> Command:
    argv = [str(toolchain.cargo), verb, "--manifest-path", str(package / "Cargo.toml")]
    argv += ["--format-version", "1"] if verb == "metadata" else ["--message-format", "json"]
    argv += ["--target", target] if target else []
    if offline:
        argv.append("--offline")
    environment = dict(os.environ)
    for name in (
        "RUSTFLAGS",
        "CARGO_ENCODED_RUSTFLAGS",
        "RUSTC_WRAPPER",
        "RUSTC_WORKSPACE_WRAPPER",
    ):
        environment.pop(name, None)
    environment["RUSTC"] = str(toolchain.rustc)
    environment["CARGO_TARGET_DIR"] = str(folders.target)
    environment["CARGO_TERM_COLOR"] = "never"
    # Where a lock leaves a choice, take a version that this compiler can build.
    environment["CARGO_RESOLVER_INCOMPATIBLE_RUST_VERSIONS"] = "fallback"
    # All metadata of a large base passes the usual bound on output.
    limits = Limits(seconds=None, output_bytes=1 << 30)
    return Command(tuple(argv), package, tuple(environment.items()), limits)


def libraries_of(stdout: bytes, target: str) -> tuple[dict[str, Path], tuple[Path, ...]]:
    """What Cargo reported of a build: the library of each package, that of `target` if built twice.

    With it the folders in which others are to be looked for.
    """
    libraries: dict[str, Path] = {}
    search: dict[Path, None] = {}
    for package, file in artifacts(stdout, search):
        is_ours = target in file.parts or file.suffix in (".so", ".dylib", ".dll")
        if is_ours or package not in libraries:
            libraries[package] = file
    return libraries, tuple(search)


def direct_names(metadata: Mapping[str, Any], name: str) -> Mapping[str, str]:
    """Package id → name in code, for each direct dependency of the package `name`."""
    roots = {package["id"] for package in metadata["packages"] if package["name"] == name}
    return {
        dependency["pkg"]: dependency["name"]
        for node in metadata["resolve"]["nodes"]
        if node["id"] in roots
        for dependency in node["deps"]
    }


def is_doubled(stdout: bytes, names: Mapping[str, str]) -> bool:
    """Whether a crate that was named was built twice: for macros or build scripts as well.

    Cargo does not tell which is which, unless the target is named; then it builds in two places.
    """
    built = Counter(package for package, _ in artifacts(stdout, {}) if package in names)
    return any(count > 1 for count in built.values())


def collect(stdout: bytes, names: Mapping[str, str], target: str = "") -> Built | Broken:
    """What Cargo reported of a build: the crates that were named, and where others are.

    `target` is the one that the build named, if it did.
    """
    libraries, search = libraries_of(stdout, target)
    externs = {name: libraries[package] for package, name in names.items() if package in libraries}
    missing = sorted(set(names.values()) - set(externs))
    if missing:
        return Broken(f"Cargo reported no library for {', '.join(missing)}")
    packages = tuple((name, package) for package, name in names.items())
    return Built(
        tuple(sorted(externs.items())),
        search,
        packages=packages,
        others=tuple(libraries),
        libraries=tuple(libraries.values()),
    )
