"""Documents and settings in, a plan for each snippet out: what is expected and what is around."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from weakref import WeakKeyDictionary

from harness import database
from harness.document.extract import extract
from harness.errors import ConfigurationError
from harness.inputs.books import DEFAULT_SOURCE
from harness.inputs.configuration import EDITIONS, merge_settings, parse_comment
from harness.inputs.corpus import (
    Source,
    read_benches,
    read_context,
    read_contracts,
    read_locks,
    read_page_context,
)
from harness.model.fault import Fault
from harness.model.project import Project
from harness.model.reasons import Reason
from harness.model.registry import Registry
from harness.model.settings import (
    CheckSettings,
    ContextChoice,
    DependencyChoice,
    SnippetSettings,
)
from harness.model.source import Snippet
from harness.model.values import dataclass
from harness.model.verdict import Verdict
from harness.units.benches import BenchFile
from harness.units.contracts import Contract
from harness.units.surroundings import ContextText, Surroundings
from harness.verdicts.expectation import Expectation, blank_verdict, content_hash, is_ignored
from harness.verdicts.identity import name_snippets, settings_for

NEWEST_EDITION = EDITIONS[-1]


@dataclass(frozen=True, slots=True)
class Plan:
    """One snippet to compile: what is expected of it, and what its units may draw on."""

    snippet: Snippet
    around: Surroundings
    expectation: Expectation
    run_seconds: float
    compile_seconds: float


@dataclass(frozen=True, slots=True)
class Planned:
    """What is to be done with a document's snippets."""

    plans: tuple[Plan, ...]
    verdicts: tuple[Verdict, ...]
    """Those that need no compiler."""
    editions: tuple[str, ...]


_KNOWN: WeakKeyDictionary[Source, tuple[Snippet, ...]] = WeakKeyDictionary()


def snippets_of(source: Source) -> tuple[Snippet, ...]:
    """The Rust snippets of a document, with the ids that its configuration gives them."""
    if source not in _KNOWN:
        found = extract(source.document, source.lines)
        stated = source.configuration.snippets
        _KNOWN[source] = name_snippets(found, source.document.id, stated)
    return _KNOWN[source]


def plan_document(
    source: Source,
    selected: Iterable[Snippet],
    settings: CheckSettings,
    registry: Registry,
    target: str,
    project: Project | None = None,
) -> Planned:
    """Plan the selected snippets of one document."""
    snippets = snippets_of(source)
    wanted = {snippet.id for snippet in selected}
    plans: list[Plan] = []
    verdicts: list[Verdict] = []
    editions: dict[str, None] = {}
    for index, snippet in enumerate(snippets):
        if snippet.id not in wanted:
            continue
        try:
            own = _settings(snippet, source)
        except ConfigurationError as error:
            verdicts.append(_unreadable_comment(snippet, str(error)))
            own = SnippetSettings()
        edition, told = choose_edition(snippet, own, source, settings, project)
        editions[told] = None
        if skipped := _skipped(snippet, settings, target):
            verdicts.append(skipped)
            continue
        try:
            around = _surroundings(
                source, own, settings, registry, edition, snippets[:index], project
            )
        except ConfigurationError as error:
            if not snippet.comment:
                message = f"{source.configuration.path}: {error}"
                raise ConfigurationError(message) from error
            verdicts.append(_unreadable_comment(snippet, str(error)))
            around = _surroundings(
                source, SnippetSettings(), settings, registry, edition, snippets[:index], project
            )
        plans.append(_plan(snippet, around, settings, target))
    return Planned(tuple(plans), tuple(verdicts), tuple(editions))


def choose_edition(
    snippet: Snippet,
    own: SnippetSettings,
    source: Source,
    settings: CheckSettings,
    project: Project | None = None,
) -> tuple[str, str]:
    """The edition in force for a snippet, and where it comes from, in words.

    A book that states none has mdBook's only where no Cargo package states one.
    """
    is_default = source.document.edition_source == DEFAULT_SOURCE
    of_document = (source.document.edition, source.document.edition_source)
    of_project = (project.edition, "the Cargo package") if project else (None, "")
    stated = (
        (snippet.attributes.edition, "stated by the block"),
        (own.edition, "stated for the block"),
        (settings.edition, "--edition"),
        *((of_project, of_document) if is_default else (of_document, of_project)),
    )
    for edition, where in stated:
        if edition:
            return edition, f"{edition} ({where})"
    return NEWEST_EDITION, f"{NEWEST_EDITION} (the newest stable)"


def _settings(snippet: Snippet, source: Source) -> SnippetSettings:
    configured = settings_for(snippet, source.document.id, source.configuration.snippets)
    if not snippet.comment:
        return configured
    return merge_settings(configured, parse_comment(snippet.comment))


def _unreadable_comment(snippet: Snippet, message: str) -> Verdict:
    return Verdict(
        id=snippet.id,
        kind="document",
        path=snippet.path,
        line=snippet.comment_line or snippet.line,
        column=1,
        reason=Reason.UNREADABLE_COMMENT,
        message=message,
        content_hash=content_hash(snippet),
    )


def _skipped(snippet: Snippet, settings: CheckSettings, target: str) -> Verdict | None:
    attributes = snippet.attributes
    if not is_ignored(attributes, target):
        return None
    if attributes.ignored_targets:
        return blank_verdict(snippet, Reason.NOT_SELECTED_TARGET, f"target {target}")
    if not settings.look_at_ignored:
        return blank_verdict(snippet, Reason.IGNORED)
    return None


def _surroundings(
    source: Source,
    own: SnippetSettings,
    settings: CheckSettings,
    registry: Registry,
    edition: str,
    earlier: tuple[Snippet, ...],
    project: Project | None,
) -> Surroundings:
    folder = source.configuration.folder or source.folder
    allows_context = settings.context is not ContextChoice.NONE
    return Surroundings(
        edition=edition,
        settings=own,
        configuration=source.configuration,
        registry=registry,
        deps=settings.deps,
        context=settings.context,
        given=_context(folder, own.context, own) if allows_context else None,
        charitable=_context(folder, own.charitable, own) if allows_context else None,
        page=read_page_context(source) if allows_context else None,
        locks=read_locks(folder, source.configuration.locks),
        environment=database.environment(own.schema, folder),
        earlier=tuple(e for e in earlier if not e.attributes.compile_fail),
        project=project,
    )


def plan_contracts(
    source: Source, settings: CheckSettings, registry: Registry, project: Project | None = None
) -> Iterator[tuple[Contract, tuple[Fault, ...]]]:
    """The contracts of a page, each with its seeded faults; and those of single blocks."""
    snippets = snippets_of(source)
    if not snippets or settings.context is ContextChoice.NONE:
        return
    for snippet in snippets:
        if contract := _own_contract(snippet, source, settings, registry, project):
            yield contract, ()
    edition, _ = choose_edition(snippets[0], SnippetSettings(), source, settings, project)
    around = _surroundings(source, SnippetSettings(), settings, registry, edition, (), project)
    with_real = settings.deps is DependencyChoice.REAL
    for name, text, faults in read_contracts(source, with_real=with_real):
        identity = f"{source.document.id}/{name}"
        contract = Contract(identity, text.path, text.lines, snippets, around, around.page)
        yield contract, faults


def plan_benches(
    source: Source,
    settings: CheckSettings,
    registry: Registry,
    probe: Path,
    project: Project | None,
) -> BenchFile | None:
    """The bench file of a page; None where it has none."""
    text = read_benches(source)
    if text is None:
        return None
    snippets = snippets_of(source)
    edition = settings.edition or source.document.edition or NEWEST_EDITION
    if snippets:
        edition, _ = choose_edition(snippets[0], SnippetSettings(), source, settings, project)
    around = _surroundings(source, SnippetSettings(), settings, registry, edition, (), project)
    identity = f"{source.document.id}/bench"
    return BenchFile(identity, text.path, text.lines, snippets, around, around.page, str(probe))


def _own_contract(
    snippet: Snippet,
    source: Source,
    settings: CheckSettings,
    registry: Registry,
    project: Project | None,
) -> Contract | None:
    """The contract that the configuration names for a block; it sees that block alone."""
    try:
        own = _settings(snippet, source)
    except ConfigurationError:  # told where the block is planned
        return None
    wants_real = settings.deps is DependencyChoice.REAL
    if own.contract is None or (own.contract.endswith(".real.rs") and not wants_real):
        return None
    edition, _ = choose_edition(snippet, own, source, settings, project)
    around = _surroundings(source, own, settings, registry, edition, (), project)
    folder = source.configuration.folder or source.folder
    text = read_context(folder, own.contract)
    # What lets the block run may differ from what lets it compile: fakes that answer.
    running = own.contract.removesuffix(".rs") + ".context.rs"
    below = read_context(folder, running) if (folder / running).is_file() else around.given
    return Contract(f"{snippet.id}/contract", text.path, text.lines, (snippet,), around, below)


def _context(folder: Path, name: str | None, own: SnippetSettings) -> ContextText | None:
    if name is None:
        return None
    return replace(read_context(folder, name), schema=own.schema or "")


def _plan(snippet: Snippet, around: Surroundings, settings: CheckSettings, target: str) -> Plan:
    expectation = Expectation(
        snippet=snippet,
        settings=around.settings,
        verb=settings.verb,
        target=target,
        stubs_checked=around.configuration.stubs_checked,
        environment_macros=around.registry.environment_macros,
    )
    return Plan(
        snippet,
        around,
        expectation,
        run_seconds=around.settings.timeout or settings.run_seconds,
        compile_seconds=around.settings.compile_timeout or settings.compile_seconds,
    )
