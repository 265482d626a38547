"""A choice of runner in, the place where commands run out: this machine, or containers."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from harness.errors import MissingToolError
from harness.model.settings import CheckSettings, RunnerChoice
from harness.model.unit import Base
from harness.runners import local
from harness.runners.cargo import BaseFolders, Broken, Built, build_base
from harness.runners.executor import Executor, Runs
from harness.runners.toolchain import Toolchain


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
    told: Callable[[], tuple[str, ...]] = tuple
    """What a reader of the report must know of it."""
    packages: tuple[str, ...] = ()
    """What is installed there, for a place that is an image."""


def choose_runner(settings: CheckSettings) -> tuple[CheckSettings, str]:
    """The settings with `auto` made a choice, and the choice in words; empty where none was."""
    if settings.runner is not RunnerChoice.AUTO:
        return settings, ""
    from harness.runners.containers.engine import connect  # noqa: PLC0415 - only if asked for
    from harness.runners.containers.image import find_image  # noqa: PLC0415

    try:
        find_image(connect())
    except MissingToolError as error:
        return replace(settings, runner=RunnerChoice.LOCAL), f"runner auto chose local: {error}"
    return replace(settings, runner=RunnerChoice.DOCKER), "runner auto chose docker"


def toolchain_folder(settings: CheckSettings, documents: Path) -> Path:
    """Where to ask for the toolchain: nothing of a checkout chooses one for containers."""
    is_here = settings.runner is RunnerChoice.LOCAL
    return documents if is_here else Path(documents.absolute().anchor)


@contextmanager
def open_place(
    settings: CheckSettings,
    host: Toolchain,
    executor: Executor,
    cache: Path,
    folder: Path,
    roots: tuple[Path, ...],
) -> Iterator[Place]:
    """The place that the settings choose, for as long as the block lasts.

    `roots` are the repositories of the documents: crates may come from folders of them.
    `docker` never falls back: what it lacks is a `MissingToolError`.
    """
    if settings.runner is RunnerChoice.DOCKER:
        from harness.runners.docker import open_docker  # noqa: PLC0415 - its SDK may be missing

        with open_docker(settings, host, cache, folder, roots) as place:
            yield place
        return

    def build(base: Base, folders: BaseFolders) -> Built | Broken:
        return build_base(base, folders, host, executor, offline=settings.offline)

    yield Place(local.NAME, "", executor, host, None, build)
