"""The verbs: their options in, calls of the pipeline and text on standard output out."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from harness import __version__
from harness.cli.options import (
    BASELINE,
    CHANGED,
    COMPILING,
    DOCUMENTS,
    GATE,
    MEASURING,
    PROJECT,
    REPORTS,
    RUNNER,
    RUNNING,
    Verb,
    options,
)
from harness.cli.output import is_coloured, write
from harness.cli.settings import baseline_of, paths_of, reports_of, settings_of

if TYPE_CHECKING:
    from harness.model.report import Report
    from harness.model.settings import CheckSettings
    from harness.recalling import Recalled

AUDIT = click.option("--claims", is_flag=True, help="Recompute the documents' numbers, too.")


class _Group(click.Group):
    """Verbs in the order in which they are defined."""

    command_class = Verb

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(self.commands)


@click.group(
    cls=_Group,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="harness")
def main() -> None:
    """Verdicts for the Rust in Markdown: every block at its own line.

    PATH is a file, a folder or an mdBook. Doc comments in .rs files are left to
    `cargo test --doc`.

    \b
    Exit codes: 0 clean, 1 findings, 2 usage, 3 configuration or document
    unreadable, 4 something missing here (cargo, disk), 5 nothing found,
    6 could not tell, 130 interrupted.
    """


@main.command("check")
@options(DOCUMENTS, CHANGED, PROJECT, COMPILING, RUNNER, GATE, REPORTS, BASELINE)
@AUDIT
def check_command(**given: Any) -> None:
    """Compile every Rust block, and say of each whether it holds."""
    _check("check", given)


@main.command("test")
@options(DOCUMENTS, CHANGED, PROJECT, COMPILING, RUNNER, RUNNING, GATE, REPORTS, BASELINE)
@AUDIT
def test_command(**given: Any) -> None:
    """Compile every Rust block, and run those that rustdoc would run."""
    _check("test", given)


@main.command("claims")
@options(DOCUMENTS, CHANGED, GATE, REPORTS, BASELINE)
@click.option(
    "--report-from",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A JSON report whose verdicts decide claims that name a bench or a contract.  "
    "[default: what the last runs said of the same text]",
)
def claims_command(report_from: Path | None, **given: Any) -> None:
    """Recompute the numbers that a document states; compile nothing."""
    from harness import claims_pipeline
    from harness.baseline_files import hold_against_baselines

    wanted = reports_of(given)
    settings = settings_of("claims", given)
    baseline = baseline_of(given)
    report = claims_pipeline.claims(paths_of(given), settings, report_from)
    _tell(hold_against_baselines(report, baseline), given, wanted)


@main.command("bench")
@options(DOCUMENTS, PROJECT, COMPILING, RUNNER, GATE, REPORTS, MEASURING)
def bench_command(**given: Any) -> None:
    """Measure what documents state, and say of each figure whether it is met."""
    from harness.cli.bench import run_benches

    run_benches(given)


@main.command("list")
@options(DOCUMENTS)
@click.option(
    "--reason",
    metavar="REASON",
    multiple=True,
    help="Check, and list the verdicts with this reason. Repeatable.",
)
@click.option(
    "--output-format", type=click.Choice(("text", "json")), default="text", show_default=True
)
def list_command(reason: tuple[str, ...], output_format: str, **given: Any) -> None:
    """List the Rust blocks and their ids; compile nothing, unless --reason asks for verdicts."""
    from harness.listing import list_blocks, list_verdicts
    from harness.progress import Progress
    from harness.runners.executor import Executor

    settings = settings_of("check", given)
    if not reason:
        write(list_blocks(paths_of(given), settings, output_format))
        return
    write(
        list_verdicts(
            paths_of(given),
            settings,
            reason,
            output_format,
            Executor(is_whole_process=True),
            Progress(),
        )
    )


@main.command("show")
@options((click.argument("id_", metavar="ID"),), DOCUMENTS, PROJECT, COMPILING, RUNNER, GATE)
def show_command(id_: str, **given: Any) -> None:
    """Show what was compiled for one block, and the way back to the document's lines.

    ID is an id as reports print it, a glob, or PATH:LINE.
    """
    from harness.listing import show_block
    from harness.progress import Progress
    from harness.runners.executor import Executor

    given["select"] = (id_,)
    place, _, line = id_.rpartition(":")
    if not given["paths"] and line.isdigit() and Path(place).exists():
        given["paths"] = (Path(place),)
    settings = settings_of("check", given)
    write(
        show_block(
            paths_of(given),
            settings,
            Executor(is_whole_process=True),
            Progress(is_quiet=given["quiet"]),
        )
    )


@main.command("selftest")
@options(DOCUMENTS, PROJECT, COMPILING, RUNNER, GATE)
def selftest_command(**given: Any) -> None:
    """Seed the contracts' faults into their pages, and count those that a test notices."""
    from harness import pipeline
    from harness.listing import faults_text
    from harness.progress import Progress
    from harness.runners.executor import Executor

    settings = settings_of("test", given)
    progress = Progress(is_quiet=given["quiet"])
    caught = pipeline.selftest(paths_of(given), settings, Executor(is_whole_process=True), progress)
    write(faults_text(caught))
    if not all(c.is_caught and not c.unrelated for c in caught):
        raise click.exceptions.Exit(1)


@main.command("watch")
@options(DOCUMENTS, PROJECT, COMPILING, GATE)
def watch_command(**given: Any) -> None:
    """Check, and after each save check again what it touches, until Ctrl-C."""
    from harness.errors import HarnessError
    from harness.escaping import printable
    from harness.watching import changes_around

    paths = paths_of(given)
    settings = settings_of("check", given)
    for changes in changes_around(paths):
        again = None if not changes.paths else changes
        try:
            _show_round(paths, replace(settings, changes=again), given)
        except HarnessError as error:
            write(f"harness: {printable(str(error))}\n")


def _show_round(paths: tuple[Path, ...], settings: "CheckSettings", given: dict[str, Any]) -> None:
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


@main.command("explain")
@click.argument("name", metavar="[REASON|CODE]", required=False)
@click.option("--schema", is_flag=True, help="Print the JSON Schema of `--output-format json`.")
def explain_command(name: str | None, *, schema: bool) -> None:
    """Explain a reason, or an error code of the compiler; without one, list the reasons."""
    from harness.reports.json_report import schema_text
    from harness.verdicts.explain import explain

    write(schema_text() if schema else explain(name))


@main.command("completion")
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
def completion_command(shell: str) -> None:
    """Print the completion script for a shell: `eval "$(harness completion bash)"`."""
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    write(kind(main, {}, "harness", "_HARNESS_COMPLETE").source() + "\n")


@main.command("image")
def image_command() -> None:
    """Build the image that `--runner docker` makes its containers of."""
    from harness.files import cache_folder
    from harness.runners.containers.engine import connect
    from harness.runners.containers.image import build_image, tag
    from harness.runners.executor import Executor

    image = build_image(connect(), Executor(is_whole_process=True), cache_folder() / "image")
    write(f"{tag()} {image.id}\n{len(image.packages)} packages\n")


@main.command("clean")
def clean_command() -> None:
    """Remove everything that the harness keeps between runs."""
    from harness.files import cache_folder, remove_cache

    removed = remove_cache(cache_folder())
    write(f"removed {removed}\n")


def _check(verb: str, given: dict[str, Any]) -> None:
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
    _tell(held, given, wanted)


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


def _tell(report: "Report", given: dict[str, Any], wanted: list[tuple[str, Path]]) -> None:
    """Write the reports that are asked for, and end with the gate's exit code."""
    from harness.files import write_atomically
    from harness.reports import renderer
    from harness.verdicts.gate import exit_code

    for name, file in wanted:
        write_atomically(file, renderer(name)(report, False))
    write(renderer(given["output_format"])(report, is_coloured()))
    if not given["exit_zero"]:
        raise click.exceptions.Exit(exit_code(report))
