"""What several verbs do: options in, a run and its reports out."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from harness.cli.output import is_coloured, write
from harness.cli.settings import baseline_of, paths_of, reports_of, settings_of

if TYPE_CHECKING:
    from harness.model.report import Report
    from harness.model.settings import CheckSettings
    from harness.recalling import Recalled


def check(verb: str, given: dict[str, Any]) -> None:
    """Judge documents, and end with the gate's exit code."""
    from harness.baseline_files import hold_against_baselines
    from harness.recalling import recall, remembered_report
    from harness.remembered import may_remember

    wanted = reports_of(given)
    settings = settings_of(verb, given)
    baseline = baseline_of(given)
    recalled = recall(paths_of(given), settings) if may_remember(settings) else None
    report = remembered_report(recalled, settings) if recalled else None
    if report is None:
        report = _compiled(settings, given, recalled)
    held = hold_against_baselines(report, baseline)
    if given.get("claims"):
        from harness import claims_pipeline

        settings = settings_of("claims", given)
        audited = claims_pipeline.claims(paths_of(given), settings, None, report.verdicts)
        held = claims_pipeline.joined(held, hold_against_baselines(audited, baseline))
    tell(held, given, wanted)


def _compiled(
    settings: "CheckSettings", given: dict[str, Any], recalled: "Recalled | None"
) -> "Report":
    """The report of a run that has something to compile."""
    from harness import pipeline
    from harness.progress import Progress
    from harness.runners.executor import Executor

    executor = Executor(is_whole_process=True)
    progress = Progress(is_quiet=given["quiet"])
    try:
        return pipeline.check(paths_of(given), settings, executor, progress, recalled)
    except BaseException:
        executor.stop()
        progress.clear()
        raise


def tell(report: "Report", given: dict[str, Any], wanted: list[tuple[str, Path]]) -> None:
    """Write the reports that are asked for, and end with the gate's exit code."""
    from harness.files import write_atomically
    from harness.reports import renderer
    from harness.verdicts.gate import exit_code

    for name, file in wanted:
        write_atomically(file, renderer(name)(report, False))
    write(renderer(given["output_format"])(report, is_coloured()))
    if not given["exit_zero"]:
        raise click.exceptions.Exit(exit_code(report))


def show_round(paths: tuple[Path, ...], settings: "CheckSettings", given: dict[str, Any]) -> None:
    """Judge what a save touched, and show it."""
    from harness import pipeline
    from harness.baseline_files import BaselineSettings, hold_against_baselines
    from harness.progress import Progress
    from harness.reports import renderer
    from harness.runners.executor import Executor

    report = pipeline.check(
        paths, settings, Executor(is_whole_process=True), Progress(is_quiet=given["quiet"])
    )
    if report.documents or settings.changes is None:
        known = BaselineSettings(None, update=False, prune=False, allow_stale=True)
        write(renderer("text")(hold_against_baselines(report, known), is_coloured()))
