"""Paths and settings in, a report out: the one module that joins the stages."""

import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from harness import last_report, workspace
from harness.closure import touched
from harness.errors import NothingFoundError
from harness.finishing import ordered, with_levels
from harness.ground import Ground, environment, prepared, read_documents
from harness.inputs.corpus import Corpus
from harness.model.changes import Changes
from harness.model.report import Report
from harness.model.settings import CheckSettings
from harness.model.source import Snippet
from harness.model.unit import Unit
from harness.model.verdict import Verdict
from harness.observe import observe_snippets
from harness.planning import Plan, plan_contracts, plan_document, snippets_of
from harness.progress import Progress
from harness.runners.executor import Executor
from harness.runners.git import changes_since
from harness.runners.place import choose_runner
from harness.trial import Caught, try_contracts, try_faults
from harness.units.contracts import Contract, contract_unit
from harness.verdicts import judge
from harness.verdicts.findings import note_verdicts, snippet_findings
from harness.verdicts.gate import read_levels
from harness.verdicts.selection import select


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
    with prepared(corpus, settings, executor, progress) as ground:
        plans, verdicts, editions = _plan_all(corpus, selected, ground)
        projects = ground.projects
        projects.refuse_unused_options()
        contracts = [
            contract
            for source in corpus.sources
            for contract, _ in plan_contracts(
                source, settings, ground.registry, projects.around(source)
            )
        ]
        verdicts += (finding for snippet in selected for finding in snippet_findings(snippet))
        stage = ground.stage()
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
        last_report.keep_verdicts(verdicts, corpus.sources, ground.cache)
    report = Report(
        environment=environment(settings, ground.toolchain, ground.place),
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
            *ground.place.told(),
        ),
        scope=replace(corpus.scope, is_selected=bool(settings.select) or changes is not None),
    )
    return report, tuple(chosen)


def _plan_all(
    corpus: Corpus, selected: tuple[Snippet, ...], ground: Ground
) -> tuple[list[Plan], list[Verdict], dict[str, None]]:
    """Plans, the verdicts that need none, and the editions in force, each once."""
    plans: list[Plan] = []
    verdicts: list[Verdict] = []
    editions: dict[str, None] = {}
    for source in corpus.sources:
        verdicts += note_verdicts(source.notes, source.document.id)
        planned = plan_document(
            source,
            selected,
            ground.settings,
            ground.registry,
            ground.toolchain.target,
            ground.projects.around(source),
        )
        verdicts += planned.verdicts
        plans += planned.plans
        editions |= dict.fromkeys(planned.editions)
    return plans, verdicts, editions


def _chosen(
    contracts: list[Contract], selected: Iterable[Snippet], settings: CheckSettings
) -> list[Contract]:
    """A selection leaves out the contracts of pages, and those of blocks that it leaves out."""
    if not settings.select:
        return contracts
    wanted = {snippet.id for snippet in selected}
    return [c for c in contracts if c.id.removesuffix("/contract") in wanted]


def selftest(
    paths: Iterable[Path], settings: CheckSettings, executor: Executor, progress: Progress
) -> tuple[Caught, ...]:
    """Put every seeded fault of the contracts below the paths into its page, one at a time."""
    settings, chosen_runner = choose_runner(settings)
    if chosen_runner:
        progress.say(chosen_runner)
    corpus, _ = read_snippets(paths, settings)
    with prepared(corpus, settings, executor, progress) as ground:
        known, projects = ground.registry, ground.projects
        faults = [
            (contract, fault)
            for source in corpus.sources
            for contract, told in plan_contracts(source, settings, known, projects.around(source))
            for fault in told
        ]
        if not faults:
            message = "no seeded fault found; a page's are in contracts/<page>.faults.toml"
            raise NothingFoundError(message)
        caught = tuple(try_faults(faults, ground.stage(), settings))
    progress.clear()
    return tuple(sorted(caught, key=lambda c: (c.contract.id, c.fault.line, c.fault.test)))
