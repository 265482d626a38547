"""Units and programs in, compilations and runs out, with bases built and progress shown."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from harness import shipped
from harness.cache import Cache
from harness.inputs.facts import Facts
from harness.memory import Memory
from harness.model.packing import PackingCount
from harness.model.project import Project
from harness.model.settings import CheckSettings
from harness.model.toolchain import Toolchain
from harness.model.unit import Base, Compilation, Compiled, CrateSpec, Run
from harness.progress import Progress
from harness.runners.cargo import (
    BaseFolders,
    Broken,
    Built,
    BuiltProject,
)
from harness.runners.cargo_project import of_project
from harness.runners.local import Local, Request, RunRequest
from harness.runners.packed import Packed, busyness
from harness.runners.place import Place


class Stage:
    """Where units are compiled and programs run: one for a run of the harness."""

    def __init__(
        self,
        settings: CheckSettings,
        toolchain: Toolchain,
        place: Place,
        progress: Progress,
        folders: BaseFolders,
        folder: Path,
        kept: Cache | None = None,
        projects: Mapping[str, Project] | None = None,
        known: Facts | None = None,
    ) -> None:
        """`kept` holds what compilers said in earlier runs; None compiles everything.

        `projects` are the Cargo projects that bases name, by that name; `known` is what was
        looked up of files before.
        """
        self._projects = projects or {}
        self._built: dict[tuple[str, tuple[CrateSpec, ...]], BuiltProject] = {}
        self._settings = settings
        self._place = place
        self._progress = progress
        local = Local(place.toolchain, place.executor, folder, settings.workers, place.environment)
        self.launcher = local
        self._packed = Packed(
            local, place.executor, settings.workers, is_confined=bool(place.identity)
        )
        self._engine: Local | Packed = local if settings.is_isolated else self._packed
        self._bases: dict[Base, Built | Broken] = {}
        self._folders = folders
        self._memory: Memory | None = None
        if kept is not None and settings.is_cached:
            isolated = settings.is_isolated
            self._memory = Memory(
                kept,
                toolchain,
                self._folders,
                place.identity,
                self._projects,
                self._built_base,
                known,
                is_isolated=isolated,
            )
        self._local = local
        self.units = 0
        """Units that were compiled in this run."""

    @property
    def compilations(self) -> int:
        """How many times the compiler was started for units."""
        return self._local.starts

    @property
    def packing(self) -> PackingCount:
        """How many units shared a crate, why others did not, and how many were recalled."""
        count = replace(self._packed.count, units=self.units)
        if self._memory is None:
            return count
        memory = self._memory
        return replace(count, recalled=memory.recalled, unhashed=memory.unhashed)

    @property
    def memory(self) -> Memory | None:
        """What is kept between runs; None where nothing is."""
        return self._memory

    @property
    def broken_projects(self) -> dict[str, str]:
        """Why Cargo could not build a project, by the name under which bases know it."""
        return {
            name: b.cause for (name, beside), b in self._built.items() if b.cause and not beside
        }

    def compile(
        self, requests: Iterable[Request], what: str, expected: int | None = None
    ) -> Iterator[Compilation]:
        """Compile units, each once, after the crates that they name; in any order.

        Requests may be made while others are compiled, if it is said how many are `expected`.
        """
        if expected is None:
            requests = list(requests)
            expected = len(requests)
        by_unit: dict[int, Request] = {}
        recalled: list[Compilation] = []
        missing = self._missing(requests, by_unit, recalled)
        for done, compilation in enumerate(self._engine.compile(missing, self._bases, expected), 1):
            self.units += 1
            if self._memory:
                self._memory.keep(by_unit[id(compilation.unit)], compilation)
            self._progress.show(what, done + len(recalled), len(by_unit) + len(recalled))
            yield compilation
        yield from recalled
        if self._memory:
            self._memory.settle()

    def _missing(
        self,
        requests: Iterable[Request],
        by_unit: dict[int, Request],
        recalled: list[Compilation],
    ) -> Iterator[Request]:
        """Those that need a compiler, each when its base is built; others are recalled."""
        for each in requests:
            request = _with_time_to_load(each)
            known = self._memory.recall(request) if self._memory else None
            if known is not None:
                recalled.append(known)
                continue
            by_unit[id(request.unit)] = request
            self._build_base(request.unit.base)
            yield request

    def run(self, requests: Iterable[RunRequest], what: str) -> Iterator[tuple[RunRequest, Run]]:
        """Run programs, each once; in any order."""
        wanted = list(requests)
        for done, observed in enumerate(self._engine.run(wanted), 1):
            self._progress.show(what, done, len(wanted))
            yield observed

    def _build_base(self, base: Base) -> None:
        if base in self._bases:
            return
        known = self._memory.recall_base(base) if self._memory else None
        if known is not None:
            self._bases[base] = known
            return
        if base.crates and not base.project:
            names = ", ".join(crate.name for crate in base.crates)
            self._progress.say(f"building crates: {names}")
        self._bases[base] = self._build(base)
        if self._memory:
            self._memory.forget_bases()

    def _built_base(self, base: Base) -> Built | Broken:
        if base not in self._bases:
            self._bases[base] = self._build(base)
        return self._bases[base]

    def _build(self, base: Base) -> Built | Broken:
        if base.ambiguous:
            return Broken("; ".join(base.ambiguous))
        project = self._projects.get(base.project)
        if project is None:
            built = self._place.build(base, self._folders)
            if self._memory and isinstance(built, Built):
                self._memory.keep_base(base, built)
            return built
        if not project.folder:
            return Broken(project.cause, Compiled.PROJECT_BROKEN)
        beside = tuple(crate for crate in base.crates if not crate.id)
        known = self._built.get((base.project, beside))
        if known is None:
            names = ", ".join((*project.packages, *(crate.name for crate in beside)))
            self._progress.say(f"building the Cargo project of {names}, with all that it uses")
            known = self._place.build_project(project, base, self._folders)
            self._built[base.project, beside] = known
        return of_project(base, project, known)


def folders_below(cache: Path) -> BaseFolders:
    """Where bases are kept below a cache folder."""
    lock = shipped.rust_folder() / "registry.lock"
    return BaseFolders(cache / "bases", cache / "target", lock if lock.is_file() else None)


_SECONDS_A_CRATE = 2.0


def _with_time_to_load(request: Request) -> Request:
    """A unit that names crates needs time to load and link them, and a busy machine more."""
    seconds = request.seconds + _SECONDS_A_CRATE * len(request.unit.base.crates)
    return replace(request, seconds=float(round(seconds * busyness(), 1)))
