"""Documents in, the Cargo project around each out, and what is wrong with it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from harness.errors import ConfigurationError, UsageError
from harness.inputs.corpus import Source, read_context, read_contracts, read_page_context
from harness.inputs.places import find_upwards, shown
from harness.model.project import CargoChoice, Project
from harness.model.reasons import Reason
from harness.model.settings import CheckSettings, RunnerChoice
from harness.model.source import Snippet
from harness.model.verdict import Verdict
from harness.runners.project import ProjectReader
from harness.rust.shape import shape_of
from harness.units.dependencies import STANDARD

MANIFEST = "Cargo.toml"


def manifest_around(source: Source, asked: CargoChoice) -> tuple[Path, CargoChoice] | None:
    """The Cargo.toml of the project that a document lives in, and what is taken of it.

    The nearest one upwards, to the root of the repository, unless one is named.
    """
    choice = asked.over(source.configuration.cargo)
    if choice.is_off:
        return None
    if choice.manifest is not None:
        named = Path(choice.manifest).resolve()
        manifest = named / MANIFEST if named.is_dir() else named
        if not manifest.is_file():
            message = f"there is no Cargo project at {named}; mend `project`, or --manifest-path"
            error = UsageError if asked.manifest else ConfigurationError
            raise error(message)
        return manifest, replace(choice, manifest=None)
    of_other = source.configuration.source is not None and source.configuration.folder
    found = find_upwards((of_other or source.folder).resolve(), MANIFEST)
    return None if found is None else (found, choice)


class Projects:
    """The projects of a run, each read once."""

    def __init__(
        self,
        reader: ProjectReader,
        asked: CargoChoice,
        snippets_of: Callable[[Source], Iterable[Snippet]],
    ) -> None:
        """`asked` is what the command line says."""
        self._snippets_of = snippets_of
        self._by_document: dict[str, Project | None] = {}
        self._reader = reader
        self._asked = asked
        self._known: dict[object, Project] = {}

    def around(self, source: Source) -> Project | None:
        """The project that a document lives in; None where there is none."""
        if source.document.id not in self._by_document:
            self._by_document[source.document.id] = self._around(source)
        return self._by_document[source.document.id]

    def _around(self, source: Source) -> Project | None:
        found = manifest_around(source, self._asked)
        if found is None:
            return None
        manifest, choice = found
        extra = source.configuration.dependencies
        names = _names(source, self._snippets_of(source)) - {key.replace("-", "_") for key in extra}
        key = (manifest, choice, repr(extra), bool(names))
        if key not in self._known:
            project, members = self._reader.read(manifest, choice)
            if names and not project.cause:
                project = self._reader.resolve(project, members, extra)
            self._known[key] = project
        return self._known[key]

    @property
    def by_folder(self) -> dict[str, Project]:
        """The projects by the name under which bases know them."""
        return {project.folder or project.manifest: project for project in self._known.values()}

    def notes(self, sources: Iterable[Source], settings: CheckSettings) -> tuple[str, ...]:
        """What a reader of the report must know of the projects, and of what is not in force."""
        told = dict.fromkeys(n for p in self._known.values() for n in p.notes)
        return (*told, *_toolchain_notes(sources, settings))

    def refuse_unused_options(self) -> None:
        """An option about packages or features that no document's project heeds is a mistake."""
        asked = self._asked
        if self._known or not (
            asked.packages or asked.features or asked.all_features or asked.no_default_features
        ):
            return
        message = (
            "--package and options about features are for a Cargo project, and no document is in "
            "one; name it with --manifest-path"
        )
        raise UsageError(message)

    def findings(self, broken: Mapping[str, str]) -> Iterator[Verdict]:
        """One for each project that cannot be resolved or that Cargo could not build."""
        for name, project in self.by_folder.items():
            cause = project.cause or broken.get(name)
            if cause:
                path = shown(Path(project.manifest))
                yield Verdict(
                    id=path.removesuffix(".toml"),
                    kind="document",
                    path=path,
                    line=1,
                    column=1,
                    reason=Reason.PROJECT_BROKEN,
                    message=cause,
                )


def toolchain_folder(sources: Iterable[Source], settings: CheckSettings) -> Path:
    """The folder whose toolchain is in force: that of the first document's project, or its own.

    With containers it is no folder of a checkout: a toolchain file can name a program.
    """
    if settings.runner is not RunnerChoice.LOCAL:
        return Path(Path.cwd().anchor)
    return next((_toolchain_folder(source, settings.cargo) for source in sources), Path.cwd())


def _toolchain_folder(source: Source, asked: CargoChoice) -> Path:
    found = manifest_around(source, asked)
    return source.folder if found is None else found[0].parent


def _toolchain_notes(sources: Iterable[Source], settings: CheckSettings) -> Iterator[str]:
    """The documents whose own toolchain is not that of the run."""
    if settings.runner is not RunnerChoice.LOCAL:
        return  # the runner's own note says that none is
    asked = settings.cargo
    others: dict[str, list[str]] = {}
    in_force: tuple[str, bytes] | None = None
    for number, source in enumerate(sources):
        stated = _toolchain_file(_toolchain_folder(source, asked).resolve())
        if number == 0:
            in_force = stated
        elif (stated or ("", b""))[1] != (in_force or ("", b""))[1]:
            others.setdefault(stated[0] if stated else "no file", []).append(source.document.path)
    for file, documents in others.items():
        more = f" and {len(documents) - 1} more" if len(documents) > 1 else ""
        used = in_force[0] if in_force else "the default one"
        yield (
            f"{documents[0]}{more}: the toolchain ({file}) is not in force, this run has one for "
            f"all documents ({used}); check them in a run of their own"
        )


def _toolchain_file(folder: Path) -> tuple[str, bytes] | None:
    """The file by which rustup chooses in a folder, and its content."""
    for above in (folder, *folder.parents):
        for name in ("rust-toolchain", "rust-toolchain.toml"):
            if (above / name).is_file():
                return shown(above / name), (above / name).read_bytes()
    return None


def _names(source: Source, snippets: Iterable[Snippet]) -> set[str]:
    """Names in the document's code that a crate could stand behind."""
    edition = source.document.edition or "2021"
    texts = [snippet.code for snippet in snippets]
    page = read_page_context(source)
    folder = source.configuration.folder or source.folder
    settings = source.configuration.snippets.values()
    named = {name for own in settings for name in (own.context, own.charitable) if name}
    contexts = [read_context(folder, name) for name in sorted(named)]
    contexts += [text for _, text, _ in read_contracts(source, with_real=True)]
    texts += [context.text for context in (page, *contexts) if context is not None]
    roots = {root.removeprefix("r#") for text in texts for root in shape_of(text, edition).roots}
    stated = {name.replace("-", "_") for own in settings for name in own.dependencies}
    return (roots | stated) - STANDARD
