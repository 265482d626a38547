"""Documents and settings in, what a run stands on out: toolchain, crates, projects, a stage."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from harness import registry, shipped
from harness.cache import Cache
from harness.files import RunFolder, cache_folder
from harness.inputs.corpus import Corpus, read_corpus
from harness.inputs.places import repository_root
from harness.model.registry import Registry
from harness.model.settings import CheckSettings
from harness.model.toolchain import Toolchain
from harness.planning import snippets_of
from harness.progress import Progress
from harness.projects import Projects
from harness.recalling import folder_of_toolchain
from harness.runners.executor import Executor
from harness.runners.known_toolchain import known_toolchain
from harness.runners.place import Place, open_place
from harness.runners.project import ProjectReader
from harness.stage import Stage, folders_below


def read_documents(paths: Iterable[Path], settings: CheckSettings) -> Corpus:
    """The documents below the paths."""
    return read_corpus(
        paths,
        settings.max_document_bytes,
        settings.config,
        settings.exclude,
        excludes_named=settings.excludes_named,
    )


@dataclass(frozen=True, slots=True)
class Ground:
    """What is found out once before anything is compiled."""

    settings: CheckSettings
    cache: Path
    kept: Cache
    toolchain: Toolchain
    registry: Registry
    projects: Projects
    executor: Executor
    progress: Progress


def prepare(
    corpus: Corpus, settings: CheckSettings, executor: Executor, progress: Progress
) -> Ground:
    """Find the toolchain, the registry and the Cargo projects of the documents."""
    cache = settings.cache or cache_folder()
    kept = Cache(cache)
    toolchain = known_toolchain(folder_of_toolchain(corpus.walk, settings), executor, kept)
    reader = ProjectReader(folders_below(cache), toolchain, executor, settings.offline)
    return Ground(
        settings=settings,
        cache=cache,
        kept=kept,
        toolchain=toolchain,
        registry=registry.read_registry(shipped.rust_folder(), cache),
        projects=Projects(reader, settings.cargo, snippets_of),
        executor=executor,
        progress=progress,
    )


@contextmanager
def opened(
    ground: Ground, corpus: Corpus, *, is_remembering: bool = True
) -> Iterator[tuple[Stage, Place]]:
    """A stage in the place that the settings choose; closed, nothing of it is left."""
    settings, toolchain, cache = ground.settings, ground.toolchain, ground.cache
    with (
        RunFolder(cache) as folder,
        ground.kept as kept,
        open_place(
            settings, toolchain, ground.executor, cache, folder.path, _roots(corpus)
        ) as place,
    ):
        yield (
            Stage(
                settings,
                toolchain,
                place,
                ground.progress,
                cache,
                folder.path,
                kept if is_remembering else None,
                ground.projects.by_folder,
            ),
            place,
        )


def _roots(corpus: Corpus) -> tuple[Path, ...]:
    """The repositories that the documents are in; a document's own folder where it is in none."""
    found = {repository_root(s.folder.absolute()) or s.folder.absolute() for s in corpus.sources}
    return tuple(sorted(found))
