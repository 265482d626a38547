"""A Cargo project in, what Cargo says of it and what it built out: all of it in containers.

Cargo is asked about packages without network and outside the checkout, so that it is Cargo who
answers. What that shows of the sources decides whether a container with network fetches them.
Only the last step runs anything of the project: the build, without network.
"""

import json
import tempfile
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from harness import toml_text
from harness.errors import HarnessError, MissingToolError
from harness.model.project import Project
from harness.model.unit import Base, CrateSpec
from harness.runners.cargo import (
    BaseFolders,
    BuiltProject,
    direct_names,
    libraries_of,
)
from harness.runners.cargo_project import feature_options
from harness.runners.containers.confinement import BASES, BUILDING, COMPILING, Purpose
from harness.runners.containers.container import Container
from harness.runners.containers.frames import TamperedError
from harness.runners.containers.generated import (
    LARGEST,
    Generated,
    Survey,
    files_of,
    in_words,
    named_back,
    named_here,
    options_of,
    read_metadata,
    read_text,
)
from harness.runners.containers.origins import Origins, entries_of, placed, started_lock
from harness.runners.containers.recipes import BUILD_PROJECT, FETCH_PROJECT, SURVEY
from harness.runners.containers.settings import (
    folder_below,
    registries_between,
    settings_between,
    told_of,
    write_settings,
)
from harness.runners.containers.sources import RefusedError, inside_containers
from harness.runners.containers.told import (
    MALFORMED,
    broken,
    digest,
    is_plain,
    leads_into,
    pack,
    read_told,
    renamed,
)
from harness.runners.containers.yard import (
    ARCHIVE,
    CRATES,
    TARGET,
    Asked,
    Mount,
    Yard,
    take_archive,
)
from harness.runners.project import CargoError
from harness.units.project import Member
from harness.units.reaching import reaching
from harness.workspace import BESIDE, beside_package, dependency_tables

LetSee = Callable[[str, tuple[Mount, ...], tuple[Mount, ...]], None]


class CargoInContainers:
    """Cargo, as it is asked about projects and builds them, in containers."""

    def __init__(self, yard: Yard, let_see: LetSee) -> None:
        """`let_see` is told which folders units of a project may look into."""
        self._yard = yard
        self._let_see = let_see
        self._surveys: dict[Path, Survey] = {}
        self._generated: dict[str, Generated] = {}
        self._desks: dict[Mount, Container] = {}
        (yard.folder / "projects").mkdir(parents=True, exist_ok=True)

    # What `AsksCargo` promises

    def tell_packages(self, manifest: Path) -> Mapping[str, Any]:
        """As `AsksCargo`."""
        return self._survey(manifest).told

    def resolve(
        self, project: Project, members: tuple[Member, ...], extra: Mapping[str, object]
    ) -> tuple[str, Mapping[str, Any]]:
        """As `AsksCargo`."""
        manifest = Path(project.manifest)
        survey = self._survey(manifest)
        try:
            stated = toml_text.parse(survey.manifest.decode())
            manifests = reaching(members, stated, project.root, extra)
            generated = self._placed(project, survey, manifests)
            generated, told = self._fetch(generated)
            metadata = read_metadata(told, generated.room)
        except MissingToolError:
            raise  # of this machine or its engine, and no fault of the project
        except tomllib.TOMLDecodeError as error:
            message = f"its Cargo.toml and Cargo.lock cannot be read: {error}"
            raise CargoError(message) from error
        except (RefusedError, HarnessError, ValueError) as error:
            raise CargoError(in_words(str(error), survey.room)) from error
        except MALFORMED as error:
            message = "its Cargo.toml and Cargo.lock cannot be read: they are not what Cargo writes"
            raise CargoError(message) from error
        files = {"Cargo.lock": generated.lock, "told": told, "here": str(survey.room).encode()}
        name = f"project-{digest(files)}"
        self._generated[name] = generated
        self._let_see(name, self._yard.seen([survey.room]), named_back(survey.room))
        return name, metadata

    def not_in_force(self, project: Project) -> tuple[str, ...]:
        """As `AsksCargo`."""
        here, there = self._room(Path(project.root))
        found = settings_between(here, Path(project.root), there)
        return tuple(filter(None, map(told_of, found)))

    # Building, as `Place.build_project` promises

    def build(self, project: Project, base: Base, folders: BaseFolders) -> BuiltProject:
        """Build the generated workspace of a project, and crates that are no project's beside."""
        del folders
        generated = self._generated[project.folder]
        try:
            beside: Mapping[str, str] = {}
            others = tuple(crate for crate in base.crates if not crate.id)
            if others:
                generated, told = self._fetch(self._with_beside(generated, others))
                names = direct_names(read_metadata(told, generated.room), BESIDE)
                beside = {name: package for package, name in names.items()}
            return replace(self._build(project, generated), beside=beside)
        except MissingToolError:
            raise
        except (CargoError, RefusedError, HarnessError) as error:
            return BuiltProject({}, (), in_words(str(error), generated.room))
        except MALFORMED:
            return BuiltProject({}, (), "what Cargo told of the build is not what Cargo writes")

    # Steps

    def _room(self, path: Path) -> Mount:
        try:
            return self._yard.rooms.room(path)
        except RefusedError as error:
            message = (
                f"the project at {path} is outside the documents' repositories, where containers "
                "do not look; name it with --manifest-path"
            )
            raise CargoError(message) from error

    def _survey(self, manifest: Path) -> "Survey":
        if manifest in self._surveys:
            return self._surveys[manifest]
        here, there = room = self._room(manifest.parent)
        place = there / manifest.parent.resolve().relative_to(here).as_posix() / manifest.name
        environment = registries_between(here, manifest.parent.resolve())
        environment["MANIFEST"] = str(place)
        asked = Asked(SURVEY, environment, {}, ("metadata", "manifest", "lock"))
        purpose = Purpose("survey", COMPILING, (*self._yard.mounts, *self._yard.seen([room])))
        with tempfile.TemporaryDirectory(dir=self._yard.folder / "projects") as scratch:
            folder = Path(scratch) / "survey"
            container = self._desks.pop(room, None) or self._yard.pool.take(purpose, more=0)
            finished, is_usable = self._yard.ask_in(container, asked, folder)
            if is_usable:
                self._desks[room] = container
            else:
                self._yard.pool.give_back(container)
            if cause := broken(finished):
                raise CargoError(in_words(cause.replace("building its crates", "reading it"), room))
            try:
                told = read_metadata(read_told(folder / "metadata"), room)
                texts = [read_text(folder / name) for name in LARGEST]
            except TamperedError as error:
                raise CargoError(str(error)) from error
        found = Survey(room, told, *texts)
        self._surveys[manifest] = found
        return found

    def _placed(
        self, project: Project, survey: "Survey", manifests: Mapping[str, dict[str, object]]
    ) -> Generated:
        """The generated workspace, once all that it draws on is known to be allowed."""
        yard = self._yard
        origins = Origins(yard.rooms, survey.room, lambda manifest: self._survey(manifest).told)
        is_locked = project.choice.is_locked
        if is_locked:
            origins.follow_members(survey.told)
        there = {name: placed(table, origins) for name, table in manifests.items()}
        origins.follow()
        lock = started_lock(survey.lock, allow_sources=yard.rooms.allow_sources)
        if is_locked and lock != survey.lock:
            message = "its Cargo.lock names git or another registry; allow it: --allow-sources"
            raise RefusedError(message)
        # Cargo holds a lock against all members, also those that no document takes.
        held = [survey.told, survey.manifest.decode()] if is_locked else []
        entries = [table for each in manifests.values() for _, table in entries_of(each)]
        place = survey.room[1] / Path(project.manifest).relative_to(survey.room[0]).as_posix()
        return Generated(
            room=survey.room,
            rooms=origins.rooms,
            manifests=there,
            lock=lock,
            told=json.dumps([origins.packages, held], sort_keys=True).encode(),
            features=feature_options(project),
            registries=registries_between(survey.room[0], Path(project.root)),
            has_registry=origins.has_registry or any("path" not in table for table in entries),
            locked=str(place) if is_locked else "",
        )

    def _with_beside(self, generated: Generated, others: tuple[CrateSpec, ...]) -> Generated:
        base = Base(others)
        there = inside_containers(base, self._yard.rooms)
        manifests = {name: dict(table) for name, table in generated.manifests.items()}
        members = manifests[""]["workspace"]
        assert isinstance(members, dict)
        manifests[""]["workspace"] = members | {"members": [*members["members"], BESIDE]}
        manifests[BESIDE] = beside_package(dependency_tables(there))
        rooms = {*generated.rooms, *self._yard.rooms.mounts(base)}
        return replace(
            generated, manifests=manifests, rooms=tuple(sorted(rooms)), has_registry=True
        )

    def _fetch(self, generated: Generated) -> tuple[Generated, bytes]:
        """Get the sources of all crates: the workspace with its lock, and Cargo's metadata."""
        yard = self._yard
        files = {"workspace.tar": pack(dict(files_of(generated)))}
        known = {
            "told": generated.told,
            "asked": repr(options_of(generated)).encode(),
        }
        environment = {**generated.registries, "LOCKED": generated.locked}
        leaves = ("Cargo.lock", "metadata", ARCHIVE)
        asked = Asked(FETCH_PROJECT, environment, files, leaves, generated.features)
        with tempfile.TemporaryDirectory(dir=yard.folder / "projects") as scratch:
            try:
                lock, metadata = yard.fetch(
                    asked,
                    generated.rooms,
                    digest({**files, **known}),
                    Path(scratch) / "fetch",
                    has_network=generated.has_registry,
                )
            except CargoError as error:
                raise CargoError(in_words(str(error), generated.room)) from error
        return replace(generated, lock=lock), metadata

    def _build(self, project: Project, generated: Generated) -> BuiltProject:
        yard = self._yard
        here, there = generated.room
        trust = "project-" + digest({"root": project.root.encode(), "at": str(there).encode()})
        settings = settings_between(here, Path(project.root), there)
        held = {
            f"{folder_below(here, own.folder)}/.cargo/config.toml": write_settings(own)
            for own in settings
        }
        below = folder_below(here, Path(project.root))
        held[f"{below}/empty"] = b""
        files = {"workspace.tar": pack(dict(files_of(generated)) | held)}
        yard.bases.mkdir(parents=True, exist_ok=True)
        seen = (*yard.seen(generated.rooms), (yard.crates, CRATES), (yard.bases, BASES))
        purpose = Purpose("build", BUILDING, (*yard.mounts, *seen))
        environment = {**generated.registries, "SAVED": str(BASES / trust), "SETTINGS": below}
        asked = Asked(BUILD_PROJECT, environment, files, ("messages", ARCHIVE), generated.features)
        saved = yard.bases / trust
        with tempfile.TemporaryDirectory(dir=yard.folder / "projects") as scratch:
            folder = Path(scratch) / "build"
            finished = yard.ask(purpose, asked, folder)
            told = read_told(folder / "messages")
            take_archive(folder, saved, BUILDING)
        messages = renamed(named_here(told, generated.room), str(TARGET), str(saved))
        libraries, search = libraries_of(messages, yard.target)
        # A unit of the project sees its sources, too.
        sources = (place for room in generated.rooms for place in room)
        places = (saved, *map(Path, sources))
        return BuiltProject(
            {package: file for package, file in libraries.items() if is_plain(file, saved)},
            tuple(path for path in search if leads_into(path, *places)),
            in_words(broken(finished, messages), generated.room),
        )
