"""A document and what changed on disk in, out whether anything that its verdicts rest on did."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from harness import last_report
from harness.errors import ConfigurationError
from harness.inputs import facts
from harness.inputs.books import BOOK
from harness.inputs.cargo_places import looked_from, manifest_around
from harness.inputs.configuration import parse_comment
from harness.inputs.corpus import Corpus, Source
from harness.inputs.facts import Fact
from harness.inputs.places import CONFIGURATION, is_of_page, repository_root
from harness.model.cargo_choice import CargoChoice
from harness.model.changes import Changes
from harness.model.settings import SnippetSettings
from harness.packages import LOCK, MANIFEST, PROSE, closure, members_around
from harness.planning import snippets_of

_ABOVE = (
    CONFIGURATION,
    BOOK,
    ".gitignore",
    "rust-toolchain",
    "rust-toolchain.toml",
    ".cargo/config",
    ".cargo/config.toml",
    MANIFEST,
    LOCK,
)
"""What is in force for all that stands below it: also where it came or went."""
_TEXTS = PROSE


def touched(
    corpus: Corpus,
    changes: Changes,
    asked: CargoChoice,
    also: Callable[[Source, Changes], bool] | None = None,
) -> Iterator[Source]:
    """The documents whose text, includes, context, configuration or dependencies changed.

    `asked` is what the command line says of the Cargo project around them; `also` knows more
    that their verdicts rest on.
    """
    packages = _Packages(asked)
    for source in corpus.sources:
        if _is_touched(source, changes, packages) or (also is not None and also(source, changes)):
            yield source


def _is_touched(source: Source, changes: Changes, packages: "_Packages") -> bool:
    folder = source.file.resolve().parent
    return (
        any(changes.has(file) for file in _files(source))
        or any(changes.names(above / n) for above in (folder, *folder.parents) for n in _ABOVE)
        or any(changes.names(file) for file in _beside(source, folder, changes))
        or (bool(source.notes) and changes.has_other_than(_TEXTS))
        or any(_is_package_touched(found, changes) for found in packages.of(source))
    )


def rests_on(source: Source, asked: CargoChoice) -> Iterator[Fact]:
    """All that the verdicts on a document may rest on besides what `Source.read` holds.

    Files that are not there are named, too: one that appears changes a verdict as well.
    """
    folder, stem = source.folder, source.file.stem
    yield facts.root_of(folder.resolve())
    yield facts.beside(folder, stem)
    book = source.found.book
    contracts = [f"{stem}{end}" for end in (".rs", ".real.rs", ".faults.toml", ".real.faults.toml")]
    for path in (
        *_named(source),
        *last_report.files_of(source),
        folder / "contexts" / f"{stem}.rs",
        *(folder / "contracts" / name for name in contracts),
        *((book / BOOK,) if book is not None else ()),
    ):
        yield facts.file(path)
    below = source.configuration.folder or folder
    for name in [settings.contract for settings in _settings(source)]:
        if name is not None:
            yield facts.file(below / name)
            yield facts.file(below / (name.removesuffix(".rs") + ".context.rs"))
    if source.configuration.locks is not None:
        yield facts.locks(below / source.configuration.locks)
    yield from _project(source, asked)


def _project(source: Source, asked: CargoChoice) -> Iterator[Fact]:
    """The Cargo project around a document, and every place where there could be a nearer one."""
    found = manifest_around(source.folder, source.configuration, asked)
    choice = asked.over(source.configuration.cargo)
    if not choice.is_off and choice.manifest is None:
        start = looked_from(source.folder, source.configuration)
        yield facts.root_of(start)
        for above in (start, *start.parents):
            yield facts.file(above / MANIFEST)
    if found is not None:
        manifest, taken = found
        yield facts.project(manifest, is_whole=bool(taken.packages))


def _files(source: Source) -> Iterator[Path]:
    """The document and its includes; what is excluded from version control counts as changed."""
    yield source.file
    base = repository_root(Path.cwd()) or Path.cwd()
    for name in dict.fromkeys(line.path for line in source.lines):
        if name != source.document.path:
            yield base / name
    yield from _named(source)


def _named(source: Source) -> Iterator[Path]:
    """The configuration, and the files that it or a comment in the page names."""
    if source.configuration.path is not None:
        yield source.configuration.path
    below = source.configuration.folder or source.folder
    for settings in _settings(source):
        for stated in (settings.context, settings.charitable, settings.schema):
            if stated is not None:
                yield below / stated
    if source.configuration.locks is not None:
        yield from sorted((below / source.configuration.locks).glob("*.lock"))


def _settings(source: Source) -> Iterator[SnippetSettings]:
    yield from source.configuration.snippets.values()
    for snippet in snippets_of(source):
        if snippet.comment:
            with suppress(ConfigurationError):  # its verdict says so
                yield parse_comment(snippet.comment)


def _beside(source: Source, folder: Path, changes: Changes) -> Iterator[Path]:
    """What changed of the page's contexts and contracts, its locks, and a book's chapters.

    Changes are looked through, not the disk: a file that is gone stands only there.
    """
    below = (source.configuration.folder or source.folder).resolve()
    stated = (settings.contract for settings in _settings(source))
    contracts = [(below / name).with_suffix("") for name in stated if name is not None]
    locks = source.configuration.locks
    locks_folder = None if locks is None else (below / locks).resolve()
    for path in changes.paths:
        if path.parent == locks_folder and path.suffix == ".lock":
            yield path
        is_own = is_of_page(path.name, source.file.stem)
        if path.parent in (folder / "contexts", folder / "contracts") and is_own:
            yield path
        if any(str(path).startswith(f"{contract}.") for contract in contracts):
            yield path
        if path.name == "SUMMARY.md" and folder.is_relative_to(path.parent):
            yield path


class _Packages:
    """The packages that documents depend on by their place, each folder read once."""

    def __init__(self, asked: CargoChoice) -> None:
        self._asked = asked
        self._known: dict[tuple[Path, bool], tuple[Path, ...] | None] = {}

    def of(self, source: Source) -> Iterator[tuple[Path, ...] | None]:
        """Folders of packages; None where a manifest cannot be read."""
        project = manifest_around(source.folder, source.configuration, self._asked)
        if project is not None:
            manifest, taken = project
            yield self._closure(manifest.parent, is_whole=bool(taken.packages))
        stated = source.configuration
        for table in stated.dependencies.values():
            path = table.get("path")
            if isinstance(path, str):
                yield self._closure(((stated.folder or source.folder) / path).resolve())

    def _closure(self, package: Path, *, is_whole: bool = False) -> tuple[Path, ...] | None:
        key = package, is_whole
        if key not in self._known:
            try:
                also = members_around(package) if is_whole else ()
                self._known[key] = tuple(closure(package, *also))
            except (OSError, ValueError):
                self._known[key] = None
        return self._known[key]


def _is_package_touched(folders: tuple[Path, ...] | None, changes: Changes) -> bool:
    """Any file of a package may be read while it is compiled; its prose aside."""
    if folders is None:
        return True
    return any(
        changes.has_below(folder, _TEXTS)
        or any(changes.names(above / name) for above in folder.parents for name in _ABOVE)
        for folder in folders
    )
