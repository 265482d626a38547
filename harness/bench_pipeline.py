"""Paths and settings in, a report of what was measured out: the stages of `harness bench`."""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path

from harness import registry
from harness.auditing import claim_settings
from harness.benching import BenchSettings, Page, host_in_words, measure, unbound
from harness.claims.measured import measured_claims
from harness.errors import ConfigurationError, NothingFoundError
from harness.finishing import environment, notes_of, ordered, with_levels
from harness.ground import Ground, prepared, read_documents
from harness.host import Host
from harness.inputs.corpus import Corpus
from harness.last_report import Fingerprints, keep_verdicts
from harness.measuring.comparing import Change, compare_reports, differing_environment
from harness.measuring.wording import bench_verdict, compared_in_words, regressed
from harness.model.bench import BenchRow
from harness.model.report import Report
from harness.model.settings import CheckSettings
from harness.model.unit import Compilation, Depth, Request
from harness.planning import plan_benches
from harness.progress import Progress
from harness.reports.json_report import as_table
from harness.runners.executor import Executor
from harness.runners.local import Local
from harness.runners.place import choose_runner
from harness.units.benches import bench_unit
from harness.verdicts.gate import read_levels


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
    started = time.monotonic()
    read_levels(settings.deny, settings.allow, is_strict=settings.strict)
    settings, chosen_runner = choose_runner(settings)
    if chosen_runner:
        progress.say(chosen_runner)
    corpus = read_documents(paths, settings)
    rows: list[BenchRow] = []
    with prepared(corpus, settings, executor, progress) as ground:
        place, asked = ground.place, ground.asked(corpus)
        before = Fingerprints().of_all(corpus.sources, asked)
        pages = _selected_pages(_pages(corpus, ground), settings.select)
        blank = Report(
            environment=environment(
                settings, ground.toolchain, place.name, place.identity, place.packages
            ),
            verdicts=(),
            editions=(),
            documents=len(corpus.sources),
            left_out=corpus.left_out,
            seconds=0.0,
            compilations=0,
            notes=(
                *filter(None, (chosen_runner,)),
                *corpus.notes,
                *notes_of([ground.projects.blank(s) for s in corpus.sources], settings),
                *unbound(pages),
            ),
            host=host_in_words(host, measuring),
        )
        report = blank
        stage = ground.stage(is_remembering=False)
        launcher = place.launcher or stage.launcher
        for found in measure(pages, stage, launcher, host, measuring, progress):
            rows += found
            verdicts = [bench_verdict(row) for row in rows]
            report = replace(
                blank,
                benches=tuple(sorted(rows, key=lambda r: (r.stated.place.path, r.id))),
                verdicts=ordered(with_levels(verdicts, corpus.levels, settings)),
                seconds=time.monotonic() - started,
                compilations=stage.compilations,
            )
            written(report)
        report = replace(report, notes=(*report.notes, *place.told()))
        if not measuring.is_quick:
            keep_verdicts(report.verdicts, corpus.sources, ground.cache, asked, before)
    progress.clear()
    if not rows:
        message = 'no measured claim found: bind one with `bench = "NAME"` in harness.toml'
        raise NothingFoundError(message)
    return report


def _pages(corpus: Corpus, ground: Ground) -> list[Page]:
    """Each document with its benches and the claims that name them."""
    probe = registry.copy_probe(ground.cache)
    return [
        Page(
            source.document.id,
            plan_benches(
                source, ground.settings, ground.registry, probe, ground.projects.around(source)
            ),
            measured_claims(source.document.path, source.document.text, claim_settings(source)),
            source.document.path,
        )
        for source in corpus.sources
    ]


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
        verdicts=ordered((*report.verdicts, *worse)),
    )


@contextmanager
def program_of(
    path: Path, settings: CheckSettings, cache: Path, progress: Progress
) -> Iterator[tuple[Local, Compilation]]:
    """The benches of one document as a program, and what launches it; for the harness's tests."""
    settings = replace(settings, cache=cache)
    corpus = read_documents((path,), settings)
    probe = registry.copy_probe(cache)
    with prepared(corpus, settings, Executor(), progress) as ground:
        file = plan_benches(corpus.sources[0], settings, ground.registry, probe, None)
        assert file is not None
        stage = ground.stage(is_remembering=False)
        request = Request(bench_unit(file), Depth.LINK, settings.compile_seconds)
        (program,) = stage.compile([request], "compiling benches")
        yield stage.launcher, program
