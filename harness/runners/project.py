"""The Cargo.toml of a project in, what Cargo says of it out; nothing is written beside it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from harness import toml_text, workspace
from harness.files import read_regular
from harness.inputs.places import shown
from harness.model.cargo_choice import CargoChoice
from harness.model.command import Command, Limits
from harness.model.project import Project
from harness.model.toolchain import Toolchain
from harness.model.values import dataclass
from harness.runners.cargo import BaseFolders
from harness.runners.cargo_project import feature_options, project_environment
from harness.runners.cargo_words import last_words
from harness.runners.executor import Runs
from harness.units.project import (
    DECLARED,
    IN_REACH,
    Member,
    members_of,
    reach_of,
    taken,
)
from harness.units.reaching import DECLARING, reaching


class CargoError(Exception):
    """Why there is no answer of Cargo, mostly in its own words."""


class AsksCargo(Protocol):
    """Cargo where it is asked about projects: a part of a runner. It speaks of paths here."""

    def tell_packages(self, manifest: Path) -> Mapping[str, Any]:
        """What `cargo metadata --no-deps` says; a `CargoError` where it says nothing."""

    def resolve(
        self, project: Project, members: tuple[Member, ...], extra: Mapping[str, object]
    ) -> tuple[str, Mapping[str, Any]]:
        """A name for the workspace that depends on all of it, and Cargo's metadata of that one."""

    def not_in_force(self, project: Project) -> tuple[str, ...]:
        """Settings of Cargo that hold in the project's folder and not for its documents."""


@dataclass(frozen=True, slots=True)
class ProjectReader:
    """Asks Cargo about projects."""

    cargo: AsksCargo

    def read(self, manifest: Path, choice: CargoChoice) -> tuple[Project, tuple[Member, ...]]:
        """The packages that are taken of the project at `manifest`; resolves nothing."""
        unread = Project(str(manifest), str(manifest.parent), choice)
        try:
            told = self.cargo.tell_packages(manifest)
            members = taken(members_of(told), str(manifest), choice.packages)
            root = Path(told["workspace_root"])
        except CargoError as error:
            return replace(unread, cause=str(error)), ()
        names = {member.name for member in members}
        if missing := [name for name in choice.packages if name not in names]:
            known = ", ".join(member.name for member in members_of(told))
            cause = f"there is no package {', '.join(missing)}; the workspace has {known}"
            return replace(unread, root=str(root), cause=cause), ()
        editions = {member.edition for member in members}
        found = replace(
            unread,
            root=str(root),
            packages=tuple(member.name for member in members),
            edition=editions.pop() if len(editions) == 1 else None,
            home=members[0].folder if len(members) == 1 else "",
        )
        return replace(found, notes=self.cargo.not_in_force(found)), members

    def resolve(
        self, project: Project, members: tuple[Member, ...], extra: Mapping[str, object]
    ) -> Project:
        """The project with the crates in its reach, and in that of `extra` dependencies."""
        try:
            folder, told = self.cargo.resolve(project, members, extra)
        except CargoError as error:
            return replace(project, cause=str(error))
        names = {f"{member.name}{IN_REACH}": member.name for member in members}
        names |= {DECLARING: DECLARED}
        return replace(project, folder=folder, reach=reach_of(told, names))


@dataclass(frozen=True, slots=True)
class CargoHere:
    """Cargo on this machine, called in the project's folder so that its settings hold."""

    folders: BaseFolders
    toolchain: Toolchain
    executor: Runs
    is_offline: bool

    def tell_packages(self, manifest: Path) -> Mapping[str, Any]:
        """As `AsksCargo`."""
        return self._ask(manifest, manifest.parent, "--no-deps")

    def resolve(
        self, project: Project, members: tuple[Member, ...], extra: Mapping[str, object]
    ) -> tuple[str, Mapping[str, Any]]:
        """As `AsksCargo`; the name is the folder of the workspace."""
        root = Path(project.root)
        if project.choice.is_locked:
            self._ask(Path(project.manifest), root, "--locked")
        try:
            stated = toml_text.parse(read_regular(root / "Cargo.toml").decode())
            manifests = reaching(members, stated, project.root, extra)
            lock = root / "Cargo.lock"
            started = read_regular(lock) if lock.is_file() else b""
            folder = workspace.write_workspace(manifests, self.folders.bases, started)
        except (OSError, ValueError) as error:
            raise CargoError(str(error)) from error
        platform = ("--filter-platform", self.toolchain.target)
        return str(folder), self._ask(
            folder / "Cargo.toml", root, *platform, *feature_options(project)
        )

    def not_in_force(self, project: Project) -> tuple[str, ...]:
        """As `AsksCargo`."""
        return tuple(_other_target(Path(project.root), self.toolchain.target))

    def _ask(self, manifest: Path, cwd: Path, *options: str) -> Mapping[str, Any]:
        argv = [str(self.toolchain.cargo), "metadata", "--manifest-path", str(manifest)]
        argv += ["--format-version", "1", *options, *(["--offline"] if self.is_offline else [])]
        environment = project_environment(self.toolchain, self.folders)
        limits = Limits(seconds=None, output_bytes=1 << 30)
        told = self.executor.run(Command(tuple(argv), cwd, environment, limits))
        if told.status != 0:
            raise CargoError(last_words(told))
        found: Mapping[str, Any] = json.loads(told.stdout)
        return found


def _other_target(folder: Path, host: str) -> Iterator[str]:
    for above in (folder, *folder.parents):
        for name in ("config.toml", "config"):
            file = above / ".cargo" / name
            try:
                build = toml_text.parse(read_regular(file).decode()).get("build", {})
            except (OSError, ValueError, AttributeError):
                continue
            if isinstance(build, dict) and build.get("target", host) not in (host, [host]):
                yield (
                    f"{shown(file)}: build.target = {build['target']!r} is not in force: "
                    f"blocks are compiled for {host}, where they can run"
                )
