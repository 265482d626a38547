"""A choice of runner in, the place where commands run out: this machine, or containers."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from harness.errors import MissingToolError, UsageError
from harness.model.command import Finished
from harness.model.project import Project
from harness.model.settings import CheckSettings, RunnerChoice
from harness.model.toolchain import Toolchain
from harness.model.unit import Base, Compilation
from harness.model.values import dataclass
from harness.runners import local
from harness.runners.cargo import (
    BaseFolders,
    Broken,
    Built,
    BuiltProject,
    build_base,
)
from harness.runners.cargo_project import build_project
from harness.runners.executor import Executor, Runs
from harness.runners.project import AsksCargo, CargoHere


class Launcher(Protocol):
    """Starts the program of a bench: a part of a runner."""

    def launch(
        self, program: Compilation, arguments: tuple[str, ...], key: bytes, cores: tuple[int, ...]
    ) -> Finished:
        """Run it alone on just these cores, with the key of its report."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where compilers and programs run."""

    name: str
    """`local` or `docker`."""
    identity: str
    """What of the place a compiler's answer may hang on: an image's id; empty for here."""
    executor: Runs
    toolchain: Toolchain
    """As commands there see it."""
    environment: Mapping[str, str] | None
    """Of commands there; None for the harness's own."""
    build: Callable[[Base, BaseFolders], Built | Broken]
    """Build the crates of a base there."""
    build_project: Callable[[Project, Base, BaseFolders], BuiltProject]
    """Build the Cargo project around a document there."""
    cargo: AsksCargo
    """Cargo there, which is asked about those projects."""
    launcher: Launcher | None = None
    """What starts benches there; None for this machine's own way."""
    told: Callable[[], tuple[str, ...]] = tuple
    """What a reader of the report must know of it."""
    packages: tuple[str, ...] = ()
    """What is installed there, for a place that is an image."""


def choose_runner(settings: CheckSettings) -> tuple[CheckSettings, str]:
    """The settings with `auto` made a choice, and the choice in words; empty where none was."""
    if settings.runner is RunnerChoice.LOCAL:
        return settings, ""
    if settings.runner is RunnerChoice.DOCKER:
        _refuse_what_is_of_here(settings)
        return settings, ""
    from harness.runners.containers.engine import connect  # noqa: PLC0415 - only if asked for
    from harness.runners.containers.image import find_image  # noqa: PLC0415

    try:
        find_image(connect())
    except MissingToolError as error:
        return replace(settings, runner=RunnerChoice.LOCAL), f"runner auto chose local: {error}"
    _refuse_what_is_of_here(settings)
    return replace(settings, runner=RunnerChoice.DOCKER), "runner auto chose docker"


def _refuse_what_is_of_here(settings: CheckSettings) -> None:
    if settings.run_directory is not None:
        message = "--test-run-directory is of this machine; it cannot be used with --runner docker"
        raise UsageError(message)
    if settings.changed_since is not None:
        message = "--changed-since asks git here, whose settings may be the checkout's; "
        message += "it cannot be used with --runner docker"
        raise UsageError(message)


@contextmanager
def open_place(
    settings: CheckSettings,
    host: Toolchain,
    executor: Executor,
    cache: Path,
    folder: Path,
    roots: tuple[Path, ...],
    folders: BaseFolders,
) -> Iterator[Place]:
    """The place that the settings choose, for as long as the block lasts.

    `roots` are the repositories of the documents: crates may come from folders of them.
    `folders` are where bases are kept here.
    `docker` never falls back: what it lacks is a `MissingToolError`.
    """
    if settings.runner is RunnerChoice.DOCKER:
        from harness.runners.docker import open_docker  # noqa: PLC0415 - its SDK may be missing

        with open_docker(settings, host, cache, folder, roots) as place:
            yield place
        return

    yield local_place(settings, host, executor, folders)


def local_place(
    settings: CheckSettings, host: Toolchain, executor: Executor, folders: BaseFolders
) -> Place:
    """This machine, where nothing is confined."""

    def build(base: Base, folders: BaseFolders) -> Built | Broken:
        return build_base(base, folders, host, executor, offline=settings.offline)

    def build_whole(project: Project, base: Base, folders: BaseFolders) -> BuiltProject:
        return build_project(project, base, folders, host, executor, offline=settings.offline)

    cargo = CargoHere(folders, host, executor, settings.offline)
    return Place(local.NAME, "", executor, host, None, build, build_whole, cargo)
