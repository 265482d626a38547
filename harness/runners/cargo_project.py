"""A Cargo project in, what Cargo built of it on this machine out, or how far it came."""

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path

from harness import workspace
from harness.model.command import Command, Finished, Limits
from harness.model.project import Project
from harness.model.toolchain import Toolchain
from harness.model.unit import Base, Compiled
from harness.runners.cargo import (
    BaseFolders,
    Broken,
    Built,
    BuiltProject,
    direct_names,
    libraries_of,
)
from harness.runners.cargo_words import first_error, last_words
from harness.runners.executor import Executor
from harness.units.project import IN_REACH


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
