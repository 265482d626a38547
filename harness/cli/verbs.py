"""The verbs: their options in, calls of the pipeline and text on standard output out."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from harness import __version__
from harness.cli.checking import check, show_round, tell
from harness.cli.options import (
    BASELINE,
    CHANGED,
    COMPILING,
    DOCUMENTS,
    EXIT_ZERO,
    GATE,
    LEVELS,
    MEASURING,
    PROJECT,
    REPORTS,
    RUNNER,
    RUNNING,
    UNITS,
    Verb,
    options,
)
from harness.cli.output import write
from harness.cli.settings import baseline_of, paths_of, reports_of, settings_of

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
    6 could not tell or a defect of the harness, 130 interrupted.
    """


@main.command("check")
@options(DOCUMENTS, CHANGED, PROJECT, COMPILING, UNITS, RUNNER, GATE, REPORTS, BASELINE)
@AUDIT
def check_command(**given: Any) -> None:
    """Compile every Rust block, and say of each whether it holds."""
    check("check", given)


@main.command("test")
@options(DOCUMENTS, CHANGED, PROJECT, COMPILING, UNITS, RUNNER, RUNNING, GATE, REPORTS, BASELINE)
@AUDIT
def test_command(**given: Any) -> None:
    """Compile every Rust block, and run those that rustdoc would run."""
    check("test", given)


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
    tell(hold_against_baselines(report, baseline), given, wanted)


@main.command("bench")
@options(DOCUMENTS, PROJECT, COMPILING, RUNNER, GATE, REPORTS, MEASURING)
def bench_command(**given: Any) -> None:
    """Measure what documents state, and say of each figure whether it is met."""
    from harness.cli.bench import run_benches

    run_benches(given)


@main.command("list")
@options(DOCUMENTS, RUNNER)
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
@options((click.argument("id_", metavar="ID"),), DOCUMENTS, PROJECT, COMPILING, UNITS, RUNNER)
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
@options(DOCUMENTS, PROJECT, COMPILING, RUNNER, EXIT_ZERO)
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
    is_clean = all(c.is_caught and not c.unrelated for c in caught)
    if not is_clean and not given["exit_zero"]:
        raise click.exceptions.Exit(1)


@main.command("watch")
@options(DOCUMENTS, PROJECT, COMPILING, UNITS, RUNNER, LEVELS)
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
            show_round(paths, replace(settings, changes=again), given)
        except HarnessError as error:
            write(f"harness: {printable(str(error))}\n")


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
