"""Paths and settings in, a report out: the one module that joins the stages."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from harness import workspace
from harness.closure import touched
from harness.errors import NothingFoundError
from harness.finishing import (
    all_said,
    editions_of,
    environment,
    notes_of,
    refuse_nothing,
)
from harness.ground import prepared, read_documents
from harness.inputs.corpus import Corpus, Source, read_walked
from harness.judged import Judged, judge_corpus, keep_judged
from harness.model.changes import Changes
from harness.model.report import Report
from harness.model.said import Said
from harness.model.settings import CheckSettings
from harness.model.source import Snippet
from harness.model.unit import Unit
from harness.planning import plan_contracts, snippets_of
from harness.progress import Progress
from harness.recalling import Recalled, recall, remembered_report
from harness.remembered import may_remember
from harness.runners.executor import Executor
from harness.runners.git import changes_since
from harness.runners.place import choose_runner
from harness.trial import Caught, try_faults
from harness.units.contracts import contract_unit
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
        corpus = only_changed(corpus, changes, settings)
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


def only_changed(
    corpus: Corpus,
    changes: Changes,
    settings: CheckSettings,
    also: Callable[[Source, Changes], bool] | None = None,
) -> Corpus:
    """The documents that changes touch, with a note of how many; `also` as `touched` has it."""
    found = tuple(touched(corpus, changes, settings.cargo, also))
    told = f"{len(found)} of {len(corpus.sources)} documents changed {changes.since}"
    return replace(corpus, sources=found, notes=(*corpus.notes, told))


def changes_of(
    paths: Iterable[Path], settings: CheckSettings, executor: Executor
) -> Changes | None:
    """What limits the run to some of the documents; None looks at all."""
    if settings.changed_since is None:
        return settings.changes
    first = next(iter(paths), Path())
    folder = first if first.is_dir() else first.parent
    return changes_since(folder, settings.changed_since, executor)


def check(
    paths: Iterable[Path],
    settings: CheckSettings,
    executor: Executor,
    progress: Progress,
    recalled: Recalled | None = None,
) -> Report:
    """Compile, and for `test` run, the snippets of all documents below the paths.

    Documents of which nothing changed since an earlier run are not looked at again; `recalled`
    is what was found of that before.
    """
    if not may_remember(settings):
        return check_with_units(paths, settings, executor, progress)[0]
    recalled = recalled or recall(paths, settings)
    report = remembered_report(recalled, settings)
    if report is not None:
        return report
    files = [file for key, file in recalled.walk.files.items() if key not in recalled.said]
    corpus = read_walked(recalled.walk, files)
    selected = tuple(snippet for source in corpus.sources for snippet in snippets_of(source))
    run = judge_corpus(
        corpus,
        selected,
        settings,
        executor,
        progress,
        is_remembering=True,
        remembered=recalled.said.values(),
    )
    keep_judged(run, settings, recalled)
    by_file = {page.source.file: page.said for page in run.pages}
    said = tuple(
        recalled.said.get(key) or by_file[file.path] for key, file in recalled.walk.files.items()
    )
    refuse_nothing(said, named_files_only=corpus.named_files_only)
    return replace(
        _report(run, said, corpus, settings), seconds=time.monotonic() - recalled.started
    )


def check_with_units(
    paths: Iterable[Path], settings: CheckSettings, executor: Executor, progress: Progress
) -> tuple[Report, tuple[Unit, ...]]:
    """As `check`, with the units that decided; every document is looked at."""
    started = time.monotonic()
    read_levels(
        settings.deny, settings.allow, is_strict=settings.strict
    )  # before anything is built
    settings, chosen_runner = choose_runner(settings)
    if chosen_runner:
        progress.say(chosen_runner)
    paths = tuple(paths)
    changes = changes_of(paths, settings, executor)
    corpus, selected = read_snippets(paths, settings, changes)
    run = judge_corpus(corpus, selected, settings, executor, progress)
    if settings.workspace is not None:
        held = (contract_unit(contract) for page in run.pages for contract in page.contracts)
        workspace.write_units([*run.chosen, *filter(None, held)], settings.workspace)
    report = _report(run, [page.said for page in run.pages], corpus, settings, chosen_runner)
    scope = replace(corpus.scope, is_selected=bool(settings.select) or changes is not None)
    return replace(report, scope=scope, seconds=time.monotonic() - started), run.chosen


def _report(
    run: Judged,
    said: Sequence[Said],
    corpus: Corpus,
    settings: CheckSettings,
    chosen_runner: str = "",
) -> Report:
    """The report on documents that were looked at in this run or an earlier one."""
    place, stage = run.ground.place, run.stage
    earlier = sum(each.units for each in said) - sum(page.said.units for page in run.pages)
    packing = stage.packing
    return Report(
        environment=environment(
            settings, run.ground.toolchain, place.name, place.identity, place.packages
        ),
        verdicts=all_said(said, run.others, settings),
        editions=editions_of(said),
        documents=len(said),
        left_out=corpus.left_out,
        seconds=0.0,
        compilations=stage.compilations,
        packing=replace(packing, recalled=packing.recalled + earlier),
        notes=(
            *corpus.notes,
            *notes_of(said, settings),
            *filter(None, (chosen_runner,)),
            *place.told(),
        ),
        scope=corpus.scope,
    )


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
