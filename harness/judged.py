"""A corpus in, what is said of each document out, kept for later runs where it can be."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from harness.cache import Cache
from harness.closure import rests_on
from harness.finishing import refuse_unused_options
from harness.ground import Ground, prepared
from harness.inputs import facts
from harness.inputs.corpus import Corpus, Source
from harness.inputs.facts import Fact, Facts
from harness.inputs.touched import were_still
from harness.last_report import Fingerprints, keep_verdicts
from harness.memory import Memory
from harness.model.said import Said
from harness.model.settings import CheckSettings
from harness.model.source import Snippet
from harness.model.unit import Unit
from harness.model.values import dataclass
from harness.model.verdict import Verdict
from harness.observe import Seen, observe_snippets
from harness.planning import Plan, plan_contracts, plan_document, snippets_of
from harness.progress import Progress
from harness.recalling import Recalled
from harness.remembered import Answers, Remembered, answered
from harness.runners.executor import Executor
from harness.stage import Stage
from harness.trial import try_contracts
from harness.units.contracts import Contract
from harness.verdicts import judge
from harness.verdicts.findings import note_verdicts, snippet_findings


@dataclass(slots=True)
class Page:
    """A document, what is to be done for it, and what was said of it so far."""

    source: Source
    said: Said
    plans: tuple[Plan, ...]
    contracts: tuple[Contract, ...]
    answers: Answers | None
    """What it rests on besides what was compiled; None where that cannot be known."""


@dataclass(frozen=True, slots=True)
class Judged:
    """All that a run found out."""

    pages: tuple[Page, ...]
    others: tuple[Verdict, ...]
    """About projects, not about documents."""
    chosen: tuple[Unit, ...]
    ground: Ground
    stage: Stage
    known: Facts | None
    """What was looked up of files before anything was compiled; None if nothing is to be kept."""


def judge_corpus(
    corpus: Corpus,
    selected: tuple[Snippet, ...],
    settings: CheckSettings,
    executor: Executor,
    progress: Progress,
    *,
    is_remembering: bool = False,
    remembered: Iterable[Said] = (),
) -> Judged:
    """Compile and judge the selected snippets of a corpus, with the contracts of its pages.

    `remembered` is what was said earlier of the run's other documents.
    """
    wanted = {snippet.id for snippet in selected}
    known = Facts(with_times=True) if is_remembering else None
    with prepared(corpus, settings, executor, progress) as ground:
        asked = ground.asked(corpus)
        before = Fingerprints(known).of_all(corpus.sources, asked) if settings.is_cached else {}
        pages = tuple(_planned(source, wanted, ground, known) for source in corpus.sources)
        refuse_unused_options((*remembered, *(page.said for page in pages)), settings)
        plans = [plan for page in pages for plan in page.plans]
        contracts = [contract for page in pages for contract in page.contracts]
        stage = ground.stage(known)
        observed = observe_snippets(plans, stage, settings)
        promised = list(try_contracts(_chosen(contracts, selected, settings), stage, settings))
    for page in pages:
        page.said = replace(
            page.said, verdicts=(*page.said.verdicts, *_verdicts(page, observed, promised))
        )
    progress.clear()
    if settings.is_cached:
        verdicts = [verdict for page in pages for verdict in page.said.verdicts]
        keep_verdicts(verdicts, corpus.sources, ground.cache, asked, before)
    return Judged(
        pages,
        tuple(ground.projects.findings(stage.broken_projects)),
        tuple(
            judge.choose(observed[plan.snippet.id].attempts, plan.expectation).unit
            for plan in plans
        ),
        ground,
        stage,
        known,
    )


def _planned(source: Source, wanted: set[str], ground: Ground, known: Facts | None) -> Page:
    """What is to be done for a document; what it rests on is looked up before it is read."""
    answers = None
    if known is not None:
        answers = answered(rests_on(source, ground.settings.cargo), known)
        for fact in _declared(source):
            known.answer(fact)  # before Cargo reads it
    project = ground.projects.around(source)
    snippets = [snippet for snippet in snippets_of(source) if snippet.id in wanted]
    planned = plan_document(
        source, snippets, ground.settings, ground.registry, ground.toolchain.target, project
    )
    contracts = plan_contracts(source, ground.settings, ground.registry, project)
    found = (finding for snippet in snippets for finding in snippet_findings(snippet))
    verdicts = (*note_verdicts(source.notes, source.document.id), *planned.verdicts, *found)
    blank = ground.projects.blank(source)
    said = replace(
        blank, verdicts=verdicts, editions=planned.editions, blocks=len(snippets_of(source))
    )
    is_broken = project is not None and bool(project.cause)
    return Page(
        source, said, planned.plans, tuple(c for c, _ in contracts), None if is_broken else answers
    )


def _declared(source: Source) -> tuple[Fact, ...]:
    """The packages that a document's configuration names by a path."""
    tables = source.configuration.dependencies.values()
    paths = (table.get("path") for table in tables)
    return tuple(facts.package(Path(path)) for path in paths if isinstance(path, str))


def _verdicts(page: Page, observed: Seen, promised: list[Verdict]) -> Iterator[Verdict]:
    for plan in page.plans:
        yield judge.judge(plan.expectation, observed[plan.snippet.id])
    names = tuple(contract.id for contract in page.contracts)
    yield from (
        v for v in promised if v.id in names or v.id.startswith(tuple(f"{n}/" for n in names))
    )


def keep_judged(run: Judged, settings: CheckSettings, recalled: Recalled) -> None:
    """Keep what was said of each document, where all that it rests on is known and still so."""
    memory, known, now = run.stage.memory, run.known, Facts()
    assert memory is not None
    assert known is not None
    cache = run.ground.cache
    with Cache(cache) as kept:
        is_same = run.ground.toolchain == recalled.toolchain
        run_key = recalled.run_key if is_same else None
        remembered = Remembered(kept, settings, run.ground.toolchain, cache, run_key)
        for page in run.pages:
            names = [*(p.snippet.id for p in page.plans), *(c.id for c in page.contracts)]
            page.said = replace(page.said, units=memory.units_of(names))
            answers = _answers(page, names, memory, known, now, recalled.started_at)
            if answers is not None and not run.others:
                remembered.keep(page.source.found, page.said, answers)


_COARSE_SECONDS = 0.05
"""How far a file system's clock may be behind."""


def _answers(
    page: Page,
    names: Sequence[str],
    memory: Memory,
    known: Facts,
    now: Facts,
    started_at: float,
) -> Answers | None:
    """What the verdicts on a document rest on; None where it may have changed in between.

    `known` is what was looked up before anything was compiled, `now` what holds afterwards.
    """
    if page.answers is None:
        return None
    read = (*page.source.read, *page.answers)
    built = memory.rests_of(names, now)
    # Cargo resolves a project with all that its documents declare, whichever of it they use.
    beside = answered(_declared(page.source) if memory.uses_project(names) else (), known)
    if built is None or beside is None:
        return None
    if not were_still((fact for fact, _ in read), started_at - _COARSE_SECONDS):
        return None
    answers = (*read, *built, *beside)
    timed = [fact for fact, _ in answers if fact[0] in facts.TIMED]
    return answers if now.hold(answers) and known.untouched(timed, now) else None


def _chosen(
    contracts: list[Contract], selected: Iterable[Snippet], settings: CheckSettings
) -> list[Contract]:
    """A selection leaves out the contracts of pages, and those of blocks that it leaves out."""
    if not settings.select:
        return contracts
    wanted = {snippet.id for snippet in selected}
    return [c for c in contracts if c.id.removesuffix("/contract") in wanted]
