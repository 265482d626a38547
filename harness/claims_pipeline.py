"""Paths and settings in, a report on the documents' numbers out: the stages of `harness claims`."""

import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from harness import __version__
from harness.auditing import (
    are_claims_touched,
    audit_source,
    check_documents,
    claim_verdict,
    read_decisions,
)
from harness.errors import NothingFoundError
from harness.files import cache_folder
from harness.finishing import ordered, with_levels
from harness.ground import read_documents
from harness.last_report import Fingerprints, decisions
from harness.model.report import Environment, Report
from harness.model.settings import CheckSettings, RunnerChoice
from harness.model.verdict import Verdict
from harness.pipeline import changes_of, only_changed
from harness.runners.executor import Executor
from harness.verdicts.gate import read_levels
from harness.verdicts.joining import join_states
from harness.verdicts.selection import select_claims


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
    started = time.monotonic()
    read_levels(settings.deny, settings.allow, is_strict=settings.strict)
    paths = tuple(paths)
    changes = changes_of(paths, settings, Executor())
    corpus = read_documents(paths, settings)
    check_documents(corpus)
    if changes is not None:
        corpus = only_changed(corpus, changes, settings, are_claims_touched)
    cache = settings.cache or cache_folder()
    named, benches = read_decisions(report_from) if report_from else (None, {})
    quick = sum(1 for row in benches.values() if row.get("quick"))
    verdicts: list[Verdict] = []
    numbers = labels = recalled = 0
    now = Fingerprints()
    executor = Executor() if settings.runner is RunnerChoice.LOCAL else None
    for source in corpus.sources:
        known = decisions(source, cache, fresh, now) if named is None else named
        recalled += 0 if report_from else sum(1 for d in known if d.kind == "bench")
        seen = audit_source(source, known, executor, benches)
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
        verdicts=ordered(with_levels(verdicts, corpus.levels, settings)),
        editions=(),
        documents=len(corpus.sources),
        left_out=corpus.left_out,
        seconds=time.monotonic() - started,
        compilations=0,
        notes=(
            told,
            *corpus.notes,
            *([_RECALLED.format(recalled)] if recalled else []),
            *([_QUICK.format(quick, report_from)] if quick else []),
        ),
        scope=replace(corpus.scope, is_selected=bool(settings.select) or changes is not None),
    )


def joined(checked: Report, audited: Report) -> Report:
    """One report of what was compiled and of what was recomputed, each finding once."""
    return replace(
        checked,
        verdicts=ordered((*checked.verdicts, *audited.verdicts)),
        seconds=checked.seconds + audited.seconds,
        notes=tuple(dict.fromkeys((*checked.notes, *audited.notes))),
        baselines=join_states(checked.baselines, audited.baselines),
    )


_RECALLED = "{} measured claims as the last `harness bench` on this machine decided them"
_QUICK = "a quick run decides nothing: {} rows of {} are not-run"
