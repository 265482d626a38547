"""Documents in, the Cargo project around each out, and what is wrong with it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from harness.inputs.cargo_places import manifest_around, toolchain_folder
from harness.inputs.corpus import Source, read_context, read_contracts, read_page_context
from harness.inputs.places import shown
from harness.model.cargo_choice import CargoChoice
from harness.model.project import Project
from harness.model.reasons import Reason
from harness.model.said import Said
from harness.model.source import Snippet
from harness.model.verdict import Verdict
from harness.runners.project import ProjectReader
from harness.rust.shape import shape_of
from harness.units.dependencies import STANDARD


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
        found = manifest_around(source.folder, source.configuration, self._asked)
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

    def blank(self, source: Source) -> Said:
        """What is known of a document before anything is said of its blocks."""
        project = self.around(source)
        stated = source.configuration
        return Said(
            id=source.document.id,
            path=source.document.path,
            verdicts=(),
            editions=(),
            blocks=0,
            units=0,
            deny=stated.deny,
            allow=stated.allow,
            toolchain=str(toolchain_folder(source.folder, stated, self._asked).resolve()),
            has_project=project is not None,
            notes=project.notes if project is not None else (),
        )

    @property
    def by_folder(self) -> dict[str, Project]:
        """The projects by the name under which bases know them."""
        return {project.folder or project.manifest: project for project in self._known.values()}

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
