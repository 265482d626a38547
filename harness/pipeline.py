"""Paths and settings in, a report out: the one module that joins the stages."""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path

from harness import __version__, registry, workspace
from harness.benching import BenchSettings, Page, host_in_words, measure, unbound
from harness.cache import Cache
from harness.errors import ConfigurationError, NothingFoundError
from harness.files import RunFolder, cache_folder
from harness.host import Host
from harness.inputs.corpus import Corpus, read_corpus
from harness.measuring.comparing import Change, compare_reports, differing_environment
from harness.measuring.wording import bench_verdict, compared_in_words, regressed
from harness.model.bench import BenchRow
from harness.model.report import Environment, Report
from harness.model.settings import CheckSettings
from harness.model.source import Snippet
from harness.model.unit import Unit
from harness.model.verdict import Verdict
from harness.observe import observe_snippets
from harness.planning import Plan, plan_benches, plan_contracts, plan_document, snippets_of
from harness.progress import Progress
from harness.projects import Projects, toolchain_folder
from harness.reports.json_report import as_table
from harness.runners.executor import Executor
from harness.runners.known_toolchain import known_toolchain
from harness.runners.local import NAME
from harness.runners.project import ProjectReader
from harness.runners.toolchain import Toolchain
from harness.stage import Stage, folders_below
from harness.trial import Caught, try_contracts, try_faults
from harness.units.contracts import Contract
from harness.verdicts import judge
from harness.verdicts.findings import note_verdicts, snippet_findings
from harness.verdicts.gate import apply_levels, read_levels
from harness.verdicts.selection import select


def read_snippets(
    paths: Iterable[Path], settings: CheckSettings
) -> tuple[Corpus, tuple[Snippet, ...]]:
    """The documents below the paths and their selected snippets; says where there are none."""
    corpus = read_corpus(paths, settings.max_document_bytes, settings.config, settings.exclude)
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
    read_levels(
        settings.deny, settings.allow, is_strict=settings.strict
    )  # before anything is built
    corpus, selected = read_snippets(paths, settings)
    cache = settings.cache or cache_folder()
    kept = Cache(cache)
    toolchain = known_toolchain(toolchain_folder(corpus.sources, settings.cargo), executor, kept)
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
    contracts = [
        contract
        for source in corpus.sources
        for contract, _ in plan_contracts(source, settings, known, projects.around(source))
    ]
    verdicts += (finding for snippet in selected for finding in snippet_findings(snippet))
    with RunFolder(cache) as folder, kept:
        stage = Stage(
            settings, toolchain, executor, progress, cache, folder.path, kept, projects.by_folder
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
        workspace.write_units(chosen, settings.workspace)
    progress.clear()
    report = Report(
        environment=_environment(settings, toolchain),
        verdicts=_ordered(_with_levels(verdicts, corpus, settings)),
        editions=tuple(editions),
        documents=len(corpus.sources),
        left_out=corpus.left_out,
        seconds=time.monotonic() - started,
        compilations=stage.compilations,
        packing=stage.packing,
        notes=(*corpus.notes, *projects.notes),
        scope=replace(corpus.scope, is_selected=bool(settings.select)),
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


def _with_levels(
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


def selftest(
    paths: Iterable[Path], settings: CheckSettings, executor: Executor, progress: Progress
) -> tuple[Caught, ...]:
    """Put every seeded fault of the contracts below the paths into its page, one at a time."""
    corpus, _ = read_snippets(paths, settings)
    cache = settings.cache or cache_folder()
    kept = Cache(cache)
    toolchain = known_toolchain(toolchain_folder(corpus.sources, settings.cargo), executor, kept)
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
    with RunFolder(cache) as folder, kept:
        stage = Stage(
            settings, toolchain, executor, progress, cache, folder.path, kept, projects.by_folder
        )
        caught = tuple(try_faults(faults, stage, settings))
    progress.clear()
    return tuple(sorted(caught, key=lambda c: (c.contract.id, c.fault.line, c.fault.test)))


def claims(paths: Iterable[Path], settings: CheckSettings, report_from: Path | None) -> Report:
    """Audit the numbers of all documents below the paths; no compiler is started."""
    # Loading its grammar takes longer than a check of a page that is known.
    from harness.auditing import (  # noqa: PLC0415
        audit_source,
        claim_verdict,
        read_decisions,
        remembered_benches,
    )

    started = time.monotonic()
    read_levels(settings.deny, settings.allow, is_strict=settings.strict)
    corpus = read_corpus(paths, settings.max_document_bytes, settings.config, settings.exclude)
    verdicts: list[Verdict] = []
    decisions = read_decisions(report_from) if report_from else ()
    numbers = labels = recalled = 0
    for source in corpus.sources:
        own = decisions or remembered_benches(settings.cache or cache_folder(), source)
        recalled += 0 if decisions else len(own)
        seen = audit_source(source, own)
        verdicts += (claim_verdict(found, source.document.id) for found in seen.verdicts)
        numbers += seen.summary.numbers
        labels += len(seen.labels)
    told = f"{numbers} numbers, {labels} of them names, dates, versions and the like"
    return Report(
        environment=Environment(__version__, "", "", "none", "none", "none", "claims"),
        verdicts=_ordered(_with_levels(verdicts, corpus, settings)),
        editions=(),
        documents=len(corpus.sources),
        left_out=corpus.left_out,
        seconds=time.monotonic() - started,
        compilations=0,
        notes=(told, *([_RECALLED.format(recalled)] if recalled else [])),
    )


_RECALLED = "{} measured claims as the last `harness bench` on this machine decided them"


def bench(
    paths: Iterable[Path],
    settings: CheckSettings,
    measuring: BenchSettings,
    host: Host,
    executor: Executor,
    progress: Progress,
    written: Callable[[Report], None],
) -> Report:
    """Measure what the documents below the paths state; `written` sees the report grow."""
    from harness.auditing import bench_key, claim_settings, remember_benches  # noqa: PLC0415 - as in `claims`
    from harness.claims.measured import measured_claims  # noqa: PLC0415

    started = time.monotonic()
    read_levels(settings.deny, settings.allow, is_strict=settings.strict)
    corpus = read_corpus(paths, settings.max_document_bytes, settings.config, settings.exclude)
    cache = settings.cache or cache_folder()
    folder = toolchain_folder(corpus.sources, settings.cargo)
    toolchain = known_toolchain(folder, executor, Cache(cache))
    known = registry.read_registry(registry.rust_folder(), cache)
    reader = ProjectReader(folders_below(cache), toolchain, executor, settings.offline)
    projects = Projects(reader, settings.cargo, snippets_of)
    probe = registry.probe_folder()
    pages = [
        Page(
            source.document.id,
            plan_benches(source, settings, known, probe, projects.around(source)),
            measured_claims(source.document.path, source.document.text, claim_settings(source)),
            source.document.path,
        )
        for source in corpus.sources
    ]
    pages = _selected_pages(pages, settings.select)
    blank = Report(
        environment=_environment(settings, toolchain),
        verdicts=(),
        editions=(),
        documents=len(corpus.sources),
        left_out=corpus.left_out,
        seconds=0.0,
        compilations=0,
        notes=(*corpus.notes, *projects.notes, *unbound(pages)),
        host=host_in_words(host, measuring),
    )
    rows: list[BenchRow] = []
    report = blank
    with RunFolder(cache) as run:
        stage = Stage(
            settings,
            toolchain,
            executor,
            progress,
            cache,
            run.path,
            projects=projects.by_folder,
        )
        keys = {source.document.id: bench_key(source) for source in corpus.sources}
        for found in measure(pages, stage, stage.launcher, host, measuring, progress):
            rows += found
            verdicts = [bench_verdict(row) for row in rows]
            report = replace(
                blank,
                benches=tuple(sorted(rows, key=lambda r: (r.stated.place.path, r.id))),
                verdicts=_ordered(_with_levels(verdicts, corpus, settings)),
                seconds=time.monotonic() - started,
                compilations=stage.compilations,
            )
            written(report)
        if not measuring.is_quick:
            remember_benches(cache, keys, report.verdicts)
    progress.clear()
    if not rows:
        message = 'no measured claim found: bind one with `bench = "NAME"` in harness.toml'
        raise NothingFoundError(message)
    return report


def _selected_pages(pages: list[Page], select: tuple[str, ...]) -> list[Page]:
    """The claims that are named, by the names of claims or benches, or their ids."""
    if not select:
        return pages
    chosen = [
        replace(
            page,
            claims=tuple(
                claim
                for claim in page.claims
                if any(
                    fnmatchcase(name, pattern)
                    for pattern in select
                    for name in (claim.name, f"{page.id}/bench/{claim.name}")
                )
            ),
        )
        for page in pages
    ]
    if not any(page.claims for page in chosen):
        message = f"no measured claim is named by {', '.join(select)}"
        raise NothingFoundError(message)
    return [page for page in chosen if page.claims]


def compare(report: Report, saved: Path) -> Report:
    """The report held against a saved one: a figure that got worse is a finding."""
    try:
        before = json.loads(saved.read_text(encoding="utf-8"))
        after = as_table(report)
        if told := differing_environment(before, after):
            lines = (f"not compared with {saved}: {told}",)
            return replace(report, compared=lines)
        found = compare_reports(before, after)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        message = f"{saved}: is no saved bench run: {error}"
        raise ConfigurationError(message) from error
    by_id = {row.id: row for row in report.benches}
    worse = [regressed(by_id[one.id], one) for one in found if one.change is Change.WORSE]
    return replace(
        report,
        compared=tuple(compared_in_words(one) for one in found),
        verdicts=_ordered((*report.verdicts, *worse)),
    )
