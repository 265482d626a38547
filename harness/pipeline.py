"""Paths and settings in, a report out: the one module that joins the stages."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from harness import __version__, judge, registry, workspace
from harness.corpus import Corpus, read_corpus
from harness.errors import NothingFoundError
from harness.files import RunFolder, cache_folder
from harness.findings import note_verdicts, snippet_findings
from harness.gate import apply_levels
from harness.grammar_probe import grammar_units, needs_grammar_probe
from harness.ladder import climb, depth_for, is_satisfied, with_test_code
from harness.model.report import Environment, LeftOut, Report
from harness.model.settings import CheckSettings
from harness.model.source import Snippet
from harness.model.unit import Attempt, Base, Compilation, Compiled, Depth, Run, Unit
from harness.model.verdict import Verdict
from harness.packing import pack
from harness.planning import Plan, find_folder, plan_document, snippets_of
from harness.progress import Progress
from harness.runners.cargo import BaseFolders, Broken, Built, build_base
from harness.runners.executor import Executor
from harness.runners.local import NAME, Local, Request
from harness.runners.toolchain import Toolchain, find_toolchain
from harness.selection import select


def read_snippets(
    paths: Iterable[Path], settings: CheckSettings
) -> tuple[Corpus, tuple[Snippet, ...]]:
    """The documents below the paths and their selected snippets; says where there are none."""
    corpus = read_corpus(paths, settings.max_document_bytes, settings.config)
    every = tuple(snippet for source in corpus.sources for snippet in snippets_of(source))
    selected = select(every, settings.select)
    if settings.select and not selected:
        message = f"no block is named by {', '.join(settings.select)}; `harness list` shows the ids"
        raise NothingFoundError(message)
    if not every and not corpus.named_files_only:
        message = "no Rust block found; name a file, a folder or an mdBook that has some"
        raise NothingFoundError(message)
    return corpus, selected


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
    corpus, selected = read_snippets(paths, settings)
    toolchain = find_toolchain(find_folder(corpus.sources), executor)
    cache = settings.cache or cache_folder()
    known = registry.read_registry(registry.rust_folder(), cache)
    verdicts: list[Verdict] = []
    plans: list[Plan] = []
    editions: dict[str, None] = {}
    for source in corpus.sources:
        verdicts += note_verdicts(source.notes, source.document.id)
        planned = plan_document(source, selected, settings, known, toolchain.target)
        verdicts += planned.verdicts
        plans += planned.plans
        editions |= dict.fromkeys(planned.editions)
    verdicts += (finding for snippet in selected for finding in snippet_findings(snippet))
    with RunFolder(cache) as folder:
        stage = Stage(settings, toolchain, executor, progress, cache, folder.path)
        observed = stage.observe(plans)
    chosen = []
    for plan in plans:
        seen = observed[plan.snippet.id]
        verdicts.append(judge.judge(plan.expectation, seen))
        chosen.append(judge.choose(seen.attempts, plan.expectation).unit)
    if settings.workspace is not None:
        workspace.write_units(chosen, settings.workspace)
    progress.clear()
    report = Report(
        environment=_environment(settings, toolchain),
        verdicts=_ordered(apply_levels(verdicts, settings.deny, settings.allow)),
        editions=tuple(editions),
        documents=len(corpus.sources),
        left_out=tuple(LeftOut(cause, count) for cause, count in corpus.left_out),
        seconds=time.monotonic() - started,
        compilations=stage.compilations,
    )
    return report, tuple(chosen)


def _environment(settings: CheckSettings, toolchain: Toolchain) -> Environment:
    return Environment(
        harness=__version__,
        rustc=toolchain.version,
        target=toolchain.target,
        runner=NAME,
        deps=settings.deps.value,
        context=settings.context.value,
        verb=settings.verb.value,
    )


def _ordered(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    return tuple(sorted(verdicts, key=lambda v: (v.path, v.line, v.column, v.kind, v.id)))


@dataclass(slots=True)
class _Climb:
    """How far the ladder has been climbed for one snippet."""

    plan: Plan
    units: Iterator[Unit]
    attempts: list[Attempt] = field(default_factory=list)

    def next_unit(self) -> Unit | None:
        """The next unit to try; None where the ladder ends."""
        attributes = self.plan.snippet.attributes
        if self.attempts and is_satisfied(attributes, self.attempts[-1]):
            return None
        return next(self.units, None)

    def test_unit(self) -> Unit | None:
        """The last attempt's unit with its test code, where that is still to be compiled."""
        last = self.attempts[-1]
        if last.compilation.status is not Compiled.ACCEPTED or last.tests is not None:
            return None
        return with_test_code(self.plan.snippet, last.unit)


class Stage:
    """Has units compiled and run, round by round, and gathers what was observed."""

    def __init__(
        self,
        settings: CheckSettings,
        toolchain: Toolchain,
        executor: Executor,
        progress: Progress,
        cache: Path,
        folder: Path,
    ) -> None:
        self._settings = settings
        self._toolchain = toolchain
        self._executor = executor
        self._progress = progress
        self._cache = cache
        self._local = Local(toolchain, executor, folder, settings.workers)
        self._bases: dict[Base, Built | Broken] = {}
        self.compilations = 0

    def observe(self, plans: list[Plan]) -> dict[str, judge.Observed]:
        """All that is to be seen of each snippet, by its id."""
        climbs = {plan.snippet.id: _Climb(plan, climb(plan.snippet, plan.around)) for plan in plans}
        pending = list(climbs.values())
        while pending:
            units = [(c.plan, unit) for c in pending if (unit := c.next_unit()) is not None]
            for compilation in self._compile(units, "compiling"):
                climbs[compilation.unit.snippet_id].attempts.append(Attempt(compilation))
            pending = [climbs[plan.snippet.id] for plan, _ in units]
            tests = [(c.plan, unit) for c in pending if (unit := c.test_unit()) is not None]
            for compilation in self._compile(tests, "compiling test code", Depth.MIR):
                attempts = climbs[compilation.unit.snippet_id].attempts
                attempts[-1] = replace(attempts[-1], tests=compilation)
        observed = {name: judge.Observed(attempts=tuple(c.attempts)) for name, c in climbs.items()}
        self._probe_grammar(plans, observed)
        self._run(plans, observed)
        return observed

    def _probe_grammar(self, plans: list[Plan], observed: dict[str, judge.Observed]) -> None:
        """Find out which of the rejected texts are not Rust at all."""
        for step in (0, 1):
            units = [
                (plan, grammar_units(plan.snippet, plan.around.edition)[step])
                for plan in plans
                if needs_grammar_probe(observed[plan.snippet.id], plan.expectation)
            ]
            for compilation in self._compile(units, "reading grammar", Depth.METADATA):
                name = compilation.unit.snippet_id
                observed[name] = replace(observed[name], syntax_alone=compilation)

    def _run(self, plans: list[Plan], observed: dict[str, judge.Observed]) -> None:
        programs = []
        for plan in plans:
            chosen = judge.choose(observed[plan.snippet.id].attempts, plan.expectation)
            is_accepted = chosen.status is Compiled.ACCEPTED
            if is_accepted and chosen.compilation.program and chosen.unit.is_runnable:
                programs.append((chosen.compilation, plan.run_seconds, self._settings.run_directory))
        done = 0
        for compilation, run in self._local.run(programs):
            done += 1
            self._progress.show("running", done, len(programs))
            name = compilation.unit.snippet_id
            observed[name] = _with_run(observed[name], compilation, run)

    def _compile(
        self, units: list[tuple[Plan, Unit]], what: str, depth: Depth | None = None
    ) -> Iterator[Compilation]:
        self._build_bases(unit.base for _, unit in units)
        plans = {unit: plan for plan, unit in units}
        requests = [
            Request(unit, depth or self._depth(plans[unit], unit), plans[unit].compile_seconds)
            for crate in pack(plans)
            for unit in crate
        ]
        for done, compilation in enumerate(self._local.compile(requests, self._bases), 1):
            self.compilations += 1
            self._progress.show(what, done, len(requests))
            yield compilation

    def _depth(self, plan: Plan, unit: Unit) -> Depth:
        runs = judge.must_run(plan.snippet, self._toolchain.target, self._settings.verb)
        return depth_for(plan.snippet.attributes, must_run=runs and unit.is_runnable)

    def _build_bases(self, bases: Iterable[Base]) -> None:
        missing = [base for base in dict.fromkeys(bases) if base not in self._bases]
        lock = registry.rust_folder() / "registry.lock"
        folders = BaseFolders(
            self._cache / "bases", self._cache / "target", lock if lock.is_file() else None
        )
        for number, base in enumerate(missing, 1):
            if base.crates:
                names = ", ".join(crate.name for crate in base.crates)
                self._progress.say(f"building crates ({number} of {len(missing)}): {names}")
            self._bases[base] = build_base(
                base, folders, self._toolchain, self._executor, offline=self._settings.offline
            )


def _with_run(observed: judge.Observed, compilation: Compilation, run: Run) -> judge.Observed:
    is_rustdoc = compilation.unit.rung == "rustdoc"
    return replace(observed, run=run, rustdoc_run=run if is_rustdoc else observed.rustdoc_run)
