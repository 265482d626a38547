"""A base in, the crates that Cargo built for it out, or why it could not."""

import json
import os
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness import workspace
from harness.model.command import Command, Finished, Limits
from harness.model.project import Project
from harness.model.unit import Base, Compiled
from harness.runners.cargo_words import artifacts, first_error, last_words
from harness.runners.executor import Executor
from harness.runners.toolchain import Toolchain
from harness.units.project import IN_REACH


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


def build_base(
    base: Base, folders: BaseFolders, toolchain: Toolchain, executor: Executor, *, offline: bool
) -> Built | Broken:
    """Let Cargo resolve and build the crates of a base; only what Cargo reports is used.

    The bases share one target directory: Cargo keeps a crate that is built with other
    features or versions as another artifact, so nothing leaks, and nothing is built twice.
    """
    if not base.crates:
        return Built((), ())
    lock = Path(base.lock) if base.lock else folders.lock
    package = workspace.write_base(base, folders.bases, lock)
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


def build_project(
    project: Project,
    base: Base,
    folders: BaseFolders,
    toolchain: Toolchain,
    executor: Executor,
    *,
    offline: bool,
) -> BuiltProject:
    """Let Cargo build a generated workspace, in the project's folder so that its settings hold.

    What builds is used though something else does not. The target is named, so that a crate
    that build scripts use as well is told from the same crate built for them.
    """
    folder = Path(project.folder)
    options = (*feature_options(project), *(("--offline",) if offline else ()))
    environment = project_environment(toolchain, folders)
    limits = Limits(seconds=None, output_bytes=1 << 30)

    def run(verb: str, *words: str) -> Finished:
        manifest = ("--manifest-path", str(folder / "Cargo.toml"))
        argv = (str(toolchain.cargo), verb, *manifest, *words, *options)
        return executor.run(Command(argv, Path(project.root), environment, limits))

    beside: Mapping[str, str] = {}
    if not all(crate.id for crate in base.crates):
        folder = workspace.write_beside(folder, base)
        told = run("metadata", "--format-version", "1")
        if told.status != 0:
            return BuiltProject({}, (), last_words(told))
        names = direct_names(json.loads(told.stdout), workspace.BESIDE)
        beside = {name: package for package, name in names.items()}
    built = run("build", "--message-format", "json", "--keep-going", "--target", toolchain.target)
    cause = "" if built.status == 0 else first_error(built.stdout) or last_words(built)
    libraries, search = libraries_of(built.stdout, toolchain.target)
    return BuiltProject(libraries, search, cause, beside)


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


def of_project(base: Base, project: Project, built: BuiltProject) -> Built | Broken:
    """The crates of a base among what was built of its project."""
    externs = []
    for crate in base.crates:
        file = built.libraries.get(crate.id or built.beside.get(crate.name, ""))
        if file is None:
            cause = built.cause or f"Cargo reported no library for {crate.name}"
            return Broken(cause, Compiled.PROJECT_BROKEN if crate.id else Compiled.BASE_BROKEN)
        externs.append((crate.name, file))
    environment: list[tuple[str, str]] = []
    if project.home:
        environment += [("CARGO_MANIFEST_DIR", project.home)]
        environment += [("CARGO_PKG_NAME", project.packages[0])]
    packages = ((c.name, c.id or built.beside.get(c.name, "")) for c in base.crates)
    return Built(
        tuple(externs), built.search, tuple(environment), tuple(packages), tuple(built.libraries)
    )


def feature_options(project: Project) -> tuple[str, ...]:
    """The options by which Cargo is told of features.

    A package's feature is that of the generated package which stands for it.
    """
    choice = project.choice
    stated = [each for told in choice.features for each in re.split(r"[\s,]+", told) if each]
    features = []
    for feature in stated:
        package, slash, name = feature.partition("/")
        is_member = bool(slash) and package in project.packages
        features.append(f"{package}{IN_REACH}/{name}" if is_member else feature)
    return (
        *(word for feature in features for word in ("--features", feature)),
        *(("--all-features",) if choice.all_features else ()),
        *(("--no-default-features",) if choice.no_default_features else ()),
    )


def project_environment(toolchain: Toolchain, folders: BaseFolders) -> tuple[tuple[str, str], ...]:
    """The user's environment, with all that Cargo builds in the harness's own folder."""
    target = str(folders.target)
    changed = {
        "RUSTC": str(toolchain.rustc),
        "CARGO_TARGET_DIR": target,
        "CARGO_BUILD_BUILD_DIR": target,
        "CARGO_TERM_COLOR": "never",
        # Where a project has no lock, take versions that this compiler can build.
        "CARGO_RESOLVER_INCOMPATIBLE_RUST_VERSIONS": "fallback",
    }
    return tuple((dict(os.environ) | changed).items())


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
    return Built(tuple(sorted(externs.items())), search, packages=packages, others=tuple(libraries))
