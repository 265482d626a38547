"""Paths and settings in, a report out: the one module that joins the stages."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from harness import __version__, last_report, registry, workspace
from harness.cache import Cache
from harness.closure import touched
from harness.errors import NothingFoundError
from harness.files import RunFolder, cache_folder
from harness.inputs.corpus import Corpus, read_corpus
from harness.inputs.places import repository_root
from harness.model.changes import Changes
from harness.model.report import Environment, Report
from harness.model.settings import CheckSettings
from harness.model.source import Snippet
from harness.model.unit import Unit
from harness.model.verdict import Verdict
from harness.observe import observe_snippets
from harness.planning import Plan, plan_contracts, plan_document, snippets_of
from harness.progress import Progress
from harness.projects import Projects, toolchain_folder
from harness.runners.executor import Executor
from harness.runners.git import changes_since
from harness.runners.known_toolchain import known_toolchain
from harness.runners.place import Place, choose_runner, open_place
from harness.runners.project import ProjectReader
from harness.runners.toolchain import Toolchain
from harness.stage import Stage, folders_below
from harness.trial import Caught, try_contracts, try_faults
from harness.units.contracts import Contract, contract_unit
from harness.verdicts import judge
from harness.verdicts.findings import note_verdicts, snippet_findings
from harness.verdicts.gate import apply_levels, read_levels
from harness.verdicts.joining import join_states
from harness.verdicts.selection import select, select_claims


def read_documents(paths: Iterable[Path], settings: CheckSettings) -> Corpus:
    """The documents below the paths."""
    return read_corpus(
        paths,
        settings.max_document_bytes,
        settings.config,
        settings.exclude,
        excludes_named=settings.excludes_named,
    )


def read_snippets(
    paths: Iterable[Path], settings: CheckSettings, changes: Changes | None = None
) -> tuple[Corpus, tuple[Snippet, ...]]:
    """The documents below the paths and their selected snippets; says where there are none.

    With `changes` only documents that are touched by them, of which there may be none.
    """
    corpus = read_documents(paths, settings)
    if changes is not None:
        corpus = _changed(corpus, changes, settings)
        if not corpus.sources:
            return corpus, ()
    every = tuple(snippet for source in corpus.sources for snippet in snippets_of(source))
    selected = select(every, settings.select)
    if settings.select and not selected:
        message = f"no block is named by {', '.join(settings.select)}; `harness list` shows the ids"
        raise NothingFoundError(message)
    if not every and not corpus.named_files_only:
        message = "no Rust block found; name a file, a folder or an mdBook that has some"
        raise NothingFoundError(message)
    return corpus, selected


def _changed(corpus: Corpus, changes: Changes, settings: CheckSettings) -> Corpus:
    found = tuple(touched(corpus, changes, settings.cargo))
    told = f"{len(found)} of {len(corpus.sources)} documents changed {changes.since}"
    return replace(corpus, sources=found, notes=(*corpus.notes, told))


def _changes(paths: Iterable[Path], settings: CheckSettings, executor: Executor) -> Changes | None:
    """What limits the run to some of the documents; None looks at all."""
    if settings.changed_since is None:
        return settings.changes
    first = next(iter(paths), Path())
    folder = first if first.is_dir() else first.parent
    return changes_since(folder, settings.changed_since, executor)


def check(
    paths: Iterable[Path], settings: CheckSettings, executor: Executor, progress: Progress
) -> Report:
    """Compile, and for `test` run, the snippets of all documents below the paths."""
    return check_with_units(paths, settings, executor, progress)[0]


def check_with_units(
    paths: Iterable[Path], settings: CheckSettings, executor: Executor, progress: Progress
) -> tuple[Report, tuple[Unit, ...]]:
    """As `check`, with the units that decided."""
    started = time.monotonic()
    read_levels(
        settings.deny, settings.allow, is_strict=settings.strict
    )  # before anything is built
    settings, chosen_runner = choose_runner(settings)
    if chosen_runner:
        progress.say(chosen_runner)
    paths = tuple(paths)
    changes = _changes(paths, settings, executor)
    corpus, selected = read_snippets(paths, settings, changes)
    cache = settings.cache or cache_folder()
    kept = Cache(cache)
    toolchain = known_toolchain(toolchain_folder(corpus.sources, settings), executor, kept)
    known = registry.read_registry(registry.rust_folder(), cache)
    reader = ProjectReader(folders_below(cache), toolchain, executor, settings.offline)
    projects = Projects(reader, settings.cargo, snippets_of)
    verdicts: list[Verdict] = []
    plans: list[Plan] = []
    editions: dict[str, None] = {}
    for source in corpus.sources:
        verdicts += note_verdicts(source.notes, source.document.id)
        project = projects.around(source)
        planned = plan_document(source, selected, settings, known, toolchain.target, project)
        verdicts += planned.verdicts
        plans += planned.plans
        editions |= dict.fromkeys(planned.editions)
    projects.refuse_unused_options()
    contracts = [
        contract
        for source in corpus.sources
        for contract, _ in plan_contracts(source, settings, known, projects.around(source))
    ]
    verdicts += (finding for snippet in selected for finding in snippet_findings(snippet))
    with (
        RunFolder(cache) as folder,
        kept,
        open_place(settings, toolchain, executor, cache, folder.path, roots_of(corpus)) as place,
    ):
        stage = Stage(
            settings, toolchain, place, progress, cache, folder.path, kept, projects.by_folder
        )
        observed = observe_snippets(plans, stage, settings)
        verdicts += try_contracts(_chosen(contracts, selected, settings), stage, settings)
    verdicts += projects.findings(stage.broken_projects)
    chosen = []
    for plan in plans:
        seen = observed[plan.snippet.id]
        verdicts.append(judge.judge(plan.expectation, seen))
        chosen.append(judge.choose(seen.attempts, plan.expectation).unit)
    if settings.workspace is not None:
        held = (contract_unit(contract) for contract in contracts)
        workspace.write_units([*chosen, *filter(None, held)], settings.workspace)
    progress.clear()
    if settings.is_cached:
        last_report.keep_verdicts(verdicts, corpus.sources, cache)
    report = Report(
        environment=environment(settings, toolchain, place),
        verdicts=ordered(with_levels(verdicts, corpus, settings)),
        editions=tuple(editions),
        documents=len(corpus.sources),
        left_out=corpus.left_out,
        seconds=time.monotonic() - started,
        compilations=stage.compilations,
        packing=stage.packing,
        notes=(
            *corpus.notes,
            *projects.notes(corpus.sources, settings),
            *filter(None, (chosen_runner,)),
            *place.told(),
        ),
        scope=replace(corpus.scope, is_selected=bool(settings.select) or changes is not None),
    )
    return report, tuple(chosen)


def _chosen(
    contracts: list[Contract], selected: Iterable[Snippet], settings: CheckSettings
) -> list[Contract]:
    """A selection leaves out the contracts of pages, and those of blocks that it leaves out."""
    if not settings.select:
        return contracts
    wanted = {snippet.id for snippet in selected}
    return [c for c in contracts if c.id.removesuffix("/contract") in wanted]


def with_levels(
    verdicts: Iterable[Verdict], corpus: Corpus, settings: CheckSettings
) -> Iterator[Verdict]:
    """Each verdict with its level: by the command line, then by its document's configuration."""
    stated = read_levels(settings.deny, settings.allow, is_strict=settings.strict)
    known = {
        source.document.id: stated.over(
            read_levels(source.configuration.deny, source.configuration.allow, is_strict=False)
        )
        for source in corpus.sources
    }
    for verdict in verdicts:
        parts = verdict.id.split("/")
        ids = ("/".join(parts[:n]) for n in range(len(parts), 0, -1))
        yield apply_levels(verdict, next((known[i] for i in ids if i in known), stated))


def roots_of(corpus: Corpus) -> tuple[Path, ...]:
    """The repositories that the documents are in; a document's own folder where it is in none."""
    found = {repository_root(s.folder.absolute()) or s.folder.absolute() for s in corpus.sources}
    return tuple(sorted(found))


def environment(settings: CheckSettings, toolchain: Toolchain, place: Place) -> Environment:
    """What the verdicts of a run depend on."""
    return Environment(
        harness=__version__,
        rustc=toolchain.version,
        target=toolchain.target,
        runner=place.name,
        deps=settings.deps.value,
        context=settings.context.value,
        verb=settings.verb.value,
        image=place.identity,
        packages=place.packages,
    )


def ordered(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """The verdicts in the order of reports."""
    return tuple(sorted(verdicts, key=lambda v: (v.path, v.line, v.column, v.kind, v.id)))


def selftest(
    paths: Iterable[Path], settings: CheckSettings, executor: Executor, progress: Progress
) -> tuple[Caught, ...]:
    """Put every seeded fault of the contracts below the paths into its page, one at a time."""
    corpus, _ = read_snippets(paths, settings)
    cache = settings.cache or cache_folder()
    kept = Cache(cache)
    settings, chosen_runner = choose_runner(settings)
    if chosen_runner:
        progress.say(chosen_runner)
    toolchain = known_toolchain(toolchain_folder(corpus.sources, settings), executor, kept)
    known = registry.read_registry(registry.rust_folder(), cache)
    reader = ProjectReader(folders_below(cache), toolchain, executor, settings.offline)
    projects = Projects(reader, settings.cargo, snippets_of)
    faults = [
        (contract, fault)
        for source in corpus.sources
        for contract, told in plan_contracts(source, settings, known, projects.around(source))
        for fault in told
    ]
    if not faults:
        message = "no seeded fault found; a page's are in contracts/<page>.faults.toml"
        raise NothingFoundError(message)
    with (
        RunFolder(cache) as folder,
        kept,
        open_place(settings, toolchain, executor, cache, folder.path, roots_of(corpus)) as place,
    ):
        stage = Stage(
            settings, toolchain, place, progress, cache, folder.path, kept, projects.by_folder
        )
        caught = tuple(try_faults(faults, stage, settings))
    progress.clear()
    return tuple(sorted(caught, key=lambda c: (c.contract.id, c.fault.line, c.fault.test)))


def claims(
    paths: Iterable[Path],
    settings: CheckSettings,
    report_from: Path | None,
    fresh: tuple[Verdict, ...] = (),
) -> Report:
    """Audit the numbers of all documents below the paths; no compiler is started.

    What contracts and benches decided comes from the report that is named, else from the cache;
    `fresh` are the verdicts of a run that has just ended.
    """
    # Loading its grammar takes longer than a check of a page that is known.
    from harness.auditing import (  # noqa: PLC0415
        audit_source,
        check_documents,
        claim_verdict,
        read_decisions,
    )

    started = time.monotonic()
    read_levels(settings.deny, settings.allow, is_strict=settings.strict)
    corpus = read_documents(paths, settings)
    check_documents(corpus)
    cache = settings.cache or cache_folder()
    named = read_decisions(report_from) if report_from else None
    verdicts: list[Verdict] = []
    numbers = labels = recalled = 0
    for source in corpus.sources:
        known = last_report.decisions(source, cache, fresh) if named is None else named
        recalled += 0 if named else sum(1 for d in known if d.kind == "bench")
        seen = audit_source(source, known)
        verdicts += (claim_verdict(found, source.document.id) for found in seen.verdicts)
        numbers += seen.summary.numbers
        labels += len(seen.labels)
    verdicts = list(select_claims(verdicts, settings.select))
    if settings.select and not verdicts and not fresh:
        message = f"no number is named by {', '.join(settings.select)}; the JSON report has ids"
        raise NothingFoundError(message)
    told = f"{numbers} numbers, {labels} of them names, dates, versions and the like"
    return Report(
        environment=Environment(__version__, "", "", "none", "none", "none", "claims"),
        verdicts=ordered(with_levels(verdicts, corpus, settings)),
        editions=(),
        documents=len(corpus.sources),
        left_out=corpus.left_out,
        seconds=time.monotonic() - started,
        compilations=0,
        notes=(told, *([_RECALLED.format(recalled)] if recalled else [])),
        scope=replace(corpus.scope, is_selected=bool(settings.select)),
    )


def joined(checked: Report, audited: Report) -> Report:
    """One report of what was compiled and of what was recomputed, each finding once."""
    return replace(
        checked,
        verdicts=ordered((*checked.verdicts, *audited.verdicts)),
        seconds=checked.seconds + audited.seconds,
        notes=(*checked.notes, *audited.notes),
        baselines=join_states(checked.baselines, audited.baselines),
    )


_RECALLED = "{} measured claims as the last `harness bench` on this machine decided them"
