"""Documents and settings in, what a run stands on out: toolchain, crates, projects, a stage."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from harness import registry, shipped
from harness.cache import Cache
from harness.files import RunFolder, cache_folder
from harness.inputs.corpus import Corpus, read_corpus
from harness.inputs.facts import Facts
from harness.inputs.places import find_upwards, repository_root
from harness.last_report import Asked, asked_of
from harness.model.registry import Registry
from harness.model.settings import CheckSettings, RunnerChoice
from harness.model.toolchain import Toolchain
from harness.model.values import dataclass
from harness.packages import MANIFEST
from harness.planning import snippets_of
from harness.progress import Progress
from harness.projects import Projects
from harness.recalling import folder_of_toolchain
from harness.runners.cargo import BaseFolders
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
    """What is found out and opened once before anything is compiled."""

    settings: CheckSettings
    cache: Path
    kept: Cache
    toolchain: Toolchain
    registry: Registry
    place: Place
    projects: Projects
    folders: BaseFolders
    folder: Path
    """Of this run."""
    progress: Progress

    def asked(self, corpus: Corpus) -> Asked:
        """What decisions of this run rest on besides its documents."""
        folder = folder_of_toolchain(corpus.walk, self.settings)
        return asked_of(self.settings, self.toolchain, folder, self.place.identity)

    def stage(self, known: Facts | None = None, *, is_remembering: bool = True) -> Stage:
        """Where units are compiled and programs run; for as long as this is open.

        `known` is what was looked up of files before, with times.
        """
        return Stage(
            self.settings,
            self.toolchain,
            self.place,
            self.progress,
            self.folders,
            self.folder,
            self.kept if is_remembering else None,
            self.projects.by_folder,
            known,
        )


@contextmanager
def prepared(
    corpus: Corpus, settings: CheckSettings, executor: Executor, progress: Progress
) -> Iterator[Ground]:
    """Find the toolchain and the registry, and open the place that the settings choose.

    Closed, nothing of the place is left.
    """
    cache = settings.cache or cache_folder()
    toolchain = known_toolchain(
        folder_of_toolchain(corpus.walk, settings), executor, kept := Cache(cache)
    )
    roots = _roots(corpus, settings)
    folders = folders_below(cache)
    if settings.runner is RunnerChoice.DOCKER:
        folders = replace(folders, roots=(*roots, *_configured(corpus)))
    with (
        RunFolder(cache) as folder,
        kept,
        open_place(settings, toolchain, executor, cache, folder.path, roots, folders) as place,
    ):
        yield Ground(
            settings=settings,
            cache=cache,
            kept=kept,
            toolchain=toolchain,
            registry=registry.known_registry(shipped.rust_folder(), cache, kept),
            place=place,
            projects=Projects(ProjectReader(place.cargo), settings.cargo, snippets_of),
            folders=folders,
            folder=folder.path,
            progress=progress,
        )


def _roots(corpus: Corpus, settings: CheckSettings) -> tuple[Path, ...]:
    """The repositories of the documents, and of the Cargo project that the command line names.

    Where there is none, a document's own folder, or that of its Cargo project.
    """
    found = {_root(source.folder.absolute()) for source in corpus.sources}
    if settings.cargo.manifest is not None:
        named = Path(settings.cargo.manifest).resolve()
        found.add(_root(named if named.is_dir() else named.parent))
    return tuple(sorted(found))


def _configured(corpus: Corpus) -> Iterator[Path]:
    """The folders of configurations: one that the command line names may stand elsewhere."""
    for source in corpus.sources:
        if (folder := source.configuration.folder) is not None:
            yield folder


def _root(folder: Path) -> Path:
    if repository := repository_root(folder):
        return repository
    manifest = find_upwards(folder.resolve(), MANIFEST)
    return folder if manifest is None else manifest.parent
