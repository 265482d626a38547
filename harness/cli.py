"""The command line and the environment in, calls of the pipeline out."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from harness import __version__
from harness.errors import HarnessError, MissingToolError, UsageError
from harness.reports import FORMATS

if TYPE_CHECKING:
    from harness.model.settings import CheckSettings

_EDITIONS = ("2015", "2018", "2021", "2024")


class _Group(click.Group):
    """Verbs in the order in which they are defined."""

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


def _paths(function: Any) -> Any:
    return click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))(
        function
    )


def _common(function: Any) -> Any:
    options = (
        click.option(
            "--select",
            metavar="ID",
            multiple=True,
            help="Only these blocks: an id, a glob of ids, or PATH:LINE. Repeatable.",
        ),
        click.option(
            "--config",
            metavar="FILE",
            type=click.Path(path_type=Path, dir_okay=False),
            help="Use this harness.toml instead of the nearest one upwards.",
        ),
        click.option(
            "--exclude",
            metavar="PATTERN",
            multiple=True,
            help="Leave out of a folder's walk, as .gitignore writes it. Repeatable.",
        ),
        click.option(
            "--max-size",
            metavar="MB",
            type=click.IntRange(1, 4096),
            default=64,
            show_default=True,
            help="Refuse documents larger than this.",
        ),
    )
    for option in reversed(options):
        function = option(function)
    return function


def _compiling(function: Any) -> Any:
    options = (
        click.option(
            "--edition", type=click.Choice(_EDITIONS), help="Edition of blocks that state none."
        ),
        click.option(
            "--deps",
            type=click.Choice(("auto", "stub", "real")),
            default="auto",
            show_default=True,
            help="For crates that are not declared: light ones real and others as stubs, "
            "or one side only.",
        ),
        click.option(
            "--context",
            "context_",
            type=click.Choice(("none", "document", "added")),
            default="added",
            show_default=True,
            help="How much may be put around a block to make it a program.",
        ),
        click.option("--no-ignored", is_flag=True, help="Leave out blocks marked `ignore`."),
        click.option(
            "--compile-timeout",
            metavar="SECONDS",
            type=click.FloatRange(0.1, 86400),
            default=60.0,
            show_default=True,
            help="For one block; dependencies excepted.",
        ),
        click.option(
            "--jobs",
            "-j",
            metavar="N",
            type=click.IntRange(1, 1024),
            help="How many compilers run side by side.  [default: the cores]",
        ),
        click.option(
            "--isolate", is_flag=True, help="Compile every block as a crate of its own: slower."
        ),
        click.option("--no-cache", is_flag=True, help="Compile everything anew, and keep nothing."),
        click.option("--deny", metavar="REASON", multiple=True, help="Let this reason gate."),
        click.option("--allow", metavar="REASON", multiple=True, help="Only count this reason."),
        click.option("--strict", is_flag=True, help="Let warnings gate too."),
        click.option("--exit-zero", is_flag=True, help="Report findings without gating."),
        click.option("--offline", is_flag=True, help="Let Cargo use no network."),
        click.option(
            "--output-format",
            type=click.Choice(tuple(FORMATS)),
            default="text",
            show_default=True,
            envvar="HARNESS_OUTPUT_FORMAT",
            help="What goes to standard output.",
        ),
        click.option(
            "--report",
            metavar="FORMAT=FILE",
            multiple=True,
            help="Write a report to a file too. Repeatable.",
        ),
        click.option(
            "--workspace",
            metavar="DIR",
            type=click.Path(path_type=Path, file_okay=False),
            help="Write the units as Cargo workspaces, for you to open.",
        ),
        click.option("--quiet", "-q", is_flag=True, help="No progress on standard error."),
    )
    for option in reversed(options):
        function = option(function)
    return function


def _baseline(function: Any) -> Any:
    options = (
        click.option(
            "--baseline",
            metavar="FILE",
            type=click.Path(path_type=Path, dir_okay=False),
            help="Known findings.  [default: harness-baseline.toml beside harness.toml, else at "
            "the repository's root]",
        ),
        click.option(
            "--update-baseline", is_flag=True, help="Accept all findings: write them down as known."
        ),
        click.option(
            "--prune-baseline", is_flag=True, help="Take out what is gone, and accept nothing."
        ),
        click.option("--allow-stale", is_flag=True, help="Let no entry that is gone gate."),
    )
    for option in reversed(options):
        function = option(function)
    return function


@main.command("check")
@_paths
@_common
@_compiling
@_baseline
def check_command(**options: Any) -> None:
    """Compile every Rust block, and say of each whether it holds."""
    _check("check", options)


@main.command("test")
@_paths
@_common
@_compiling
@_baseline
@click.option(
    "--timeout",
    metavar="SECONDS",
    type=click.FloatRange(0.1, 86400),
    default=10.0,
    show_default=True,
    help="For the run of one block.",
)
@click.option(
    "--test-run-directory",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Run blocks here instead of in an empty folder each.",
)
def test_command(**options: Any) -> None:
    """Compile every Rust block, and run those that rustdoc would run."""
    _check("test", options)


@main.command("claims")
@_paths
@_common
@click.option(
    "--report-from",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A JSON report whose verdicts decide claims that name a bench or a contract.",
)
@click.option("--deny", metavar="REASON", multiple=True, help="Let this reason gate.")
@click.option("--allow", metavar="REASON", multiple=True, help="Only count this reason.")
@click.option("--strict", is_flag=True, help="Let warnings gate, and numbers without account.")
@click.option("--exit-zero", is_flag=True, help="Report findings without gating.")
@click.option(
    "--output-format",
    type=click.Choice(tuple(FORMATS)),
    default="text",
    show_default=True,
    envvar="HARNESS_OUTPUT_FORMAT",
    help="What goes to standard output.",
)
@click.option(
    "--report",
    metavar="FORMAT=FILE",
    multiple=True,
    help="Write a report to a file too. Repeatable.",
)
def claims_command(report_from: Path | None, **options: Any) -> None:
    """Recompute the numbers that a document states; compile nothing."""
    from harness import pipeline
    from harness.files import write_atomically
    from harness.reports import renderer
    from harness.verdicts.gate import exit_code

    wanted = _reports(options["report"])
    settings = settings_of("claims", options)
    report = pipeline.claims(options["paths"] or (Path(),), settings, report_from)
    for name, file in wanted:
        write_atomically(file, renderer(name)(report, False))
    _write(renderer(options["output_format"])(report, _is_coloured()))
    if not options["exit_zero"]:
        raise click.exceptions.Exit(exit_code(report))


@main.command("bench")
@_paths
@_common
@_compiling
@click.option(
    "--launches",
    metavar="N",
    type=click.IntRange(2, 1000),
    default=12,
    show_default=True,
    help="Processes that run each bench; under 10 nothing is decided.",
)
@click.option(
    "--measure-ms",
    metavar="MS",
    type=click.IntRange(1, 60_000),
    default=300,
    show_default=True,
    help="How long a launch measures, after its warm-up.",
)
@click.option("--quick", is_flag=True, help="A first look: few short launches, nothing gates.")
@click.option(
    "--save",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the JSON report here, after each bench.",
)
@click.option(
    "--compare",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Hold this run against a saved one of the same machine.",
)
def bench_command(**options: Any) -> None:
    """Measure what documents state, and say of each figure whether it is met."""
    from harness.bench_verb import run_benches

    run_benches(options, settings_of("bench", options), _reports(options["report"]), _write)


@main.command("list")
@_paths
@_common
@click.option(
    "--reason",
    metavar="REASON",
    multiple=True,
    help="Check, and list the verdicts with this reason. Repeatable.",
)
@click.option(
    "--output-format", type=click.Choice(("text", "json")), default="text", show_default=True
)
def list_command(reason: tuple[str, ...], output_format: str, **options: Any) -> None:
    """List the Rust blocks and their ids; compile nothing, unless --reason asks for verdicts."""
    from harness.listing import list_blocks, list_verdicts
    from harness.progress import Progress
    from harness.runners.executor import Executor

    paths = options["paths"] or (Path(),)
    settings = settings_of("check", options)
    if not reason:
        _write(list_blocks(paths, settings, output_format))
        return
    _write(list_verdicts(paths, settings, reason, output_format, Executor(), Progress()))


@main.command("show")
@click.argument("id_", metavar="ID")
@_paths
@_common
@_compiling
def show_command(id_: str, **options: Any) -> None:
    """Show what was compiled for one block, and the way back to the document's lines.

    ID is an id as reports print it, a glob, or PATH:LINE.
    """
    from harness.listing import show_block
    from harness.progress import Progress
    from harness.runners.executor import Executor

    options["select"] = (id_,)
    place, _, line = id_.rpartition(":")
    paths = options["paths"] or (
        (Path(place),) if line.isdigit() and Path(place).exists() else (Path(),)
    )
    settings = settings_of("check", options)
    _write(show_block(paths, settings, Executor(), Progress(is_quiet=options["quiet"])))


@main.command("selftest")
@_paths
@_common
@_compiling
def selftest_command(**options: Any) -> None:
    """Seed the contracts' faults into their pages, and count those that a test notices."""
    from harness import pipeline
    from harness.listing import faults_text
    from harness.progress import Progress
    from harness.runners.executor import Executor

    settings = settings_of("test", options)
    progress = Progress(is_quiet=options["quiet"])
    caught = pipeline.selftest(options["paths"] or (Path(),), settings, Executor(), progress)
    _write(faults_text(caught))
    if not all(c.is_caught and not c.unrelated for c in caught):
        raise click.exceptions.Exit(1)


@main.command("explain")
@click.argument("name", metavar="[REASON|CODE]", required=False)
@click.option("--schema", is_flag=True, help="Print the JSON Schema of `--output-format json`.")
def explain_command(name: str | None, *, schema: bool) -> None:
    """Explain a reason, or an error code of the compiler; without one, list the reasons."""
    from harness.reports.json_report import schema_text
    from harness.verdicts.explain import explain

    _write(schema_text() if schema else explain(name))


@main.command("completion")
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
def completion_command(shell: str) -> None:
    """Print the completion script for a shell: `eval "$(harness completion bash)"`."""
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    _write(kind(main, {}, "harness", "_HARNESS_COMPLETE").source() + "\n")


@main.command("clean")
def clean_command() -> None:
    """Remove everything that the harness keeps between runs."""
    from harness.files import cache_folder, remove_cache

    removed = remove_cache(cache_folder())
    _write(f"removed {removed}\n")


def _check(verb: str, options: dict[str, Any]) -> None:
    from harness import pipeline
    from harness.baseline_files import BaselineSettings, check_settings, hold_against_baselines
    from harness.files import write_atomically
    from harness.progress import Progress
    from harness.reports import renderer
    from harness.runners.executor import Executor
    from harness.verdicts.gate import exit_code

    wanted = _reports(options["report"])
    settings = settings_of(verb, options)
    baseline = BaselineSettings(
        options["baseline"],
        update=options["update_baseline"],
        prune=options["prune_baseline"],
        allow_stale=options["allow_stale"],
    )
    check_settings(baseline, options["paths"] or (Path(),))
    executor = Executor()
    progress = Progress(is_quiet=options["quiet"])
    try:
        report = pipeline.check(options["paths"] or (Path(),), settings, executor, progress)
    except BaseException:
        executor.stop()
        progress.clear()
        raise
    report = hold_against_baselines(report, baseline)
    for name, file in wanted:
        write_atomically(file, renderer(name)(report, False))
    _write(renderer(options["output_format"])(report, _is_coloured()))
    if not options["exit_zero"]:
        raise click.exceptions.Exit(exit_code(report))


def _reports(stated: tuple[str, ...]) -> list[tuple[str, Path]]:
    wanted = []
    for item in stated:
        name, separator, file = item.partition("=")
        if not separator or not file or name not in FORMATS:
            message = f"--report {item}: write FORMAT=FILE, with a format of {', '.join(FORMATS)}"
            raise UsageError(message)
        wanted.append((name, Path(file)))
    return wanted


def settings_of(verb: str, options: dict[str, Any]) -> "CheckSettings":
    """The settings that options ask for; an option that is missing has its default."""
    from harness.model.settings import CheckSettings, ContextChoice, DependencyChoice, Verb

    config = options.get("config")
    if config is not None and not config.is_file():
        message = f"--config {config}: no such file"
        raise UsageError(message)
    return CheckSettings(
        verb=Verb(verb),
        deps=DependencyChoice(options.get("deps", "auto")),
        context=ContextChoice(options.get("context_", "added")),
        edition=options.get("edition"),
        look_at_ignored=not options.get("no_ignored", False),
        run_seconds=options.get("timeout", 10.0),
        compile_seconds=options.get("compile_timeout", 60.0),
        workers=options.get("jobs") or os.cpu_count() or 1,
        select=tuple(options.get("select", ())),
        deny=tuple(options.get("deny", ())),
        allow=tuple(options.get("allow", ())),
        strict=options.get("strict", False),
        offline=options.get("offline", False),
        run_directory=_absolute(options.get("test_run_directory")),
        workspace=options.get("workspace"),
        cache=None,
        max_document_bytes=options.get("max_size", 64) << 20,
        config=config,
        exclude=tuple(options.get("exclude", ())),
        is_isolated=options.get("isolate", False),
        is_cached=not options.get("no_cache", False),
    )


def _absolute(path: Path | None) -> Path | None:
    return None if path is None else path.absolute()


def _is_coloured() -> bool:
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or sys.stdout.isatty()


def _write(text: str) -> None:
    """Write to standard output as UTF-8, whatever the locale says."""
    if sys.stdout is None:  # closed before we began: nobody listens
        return
    stream = getattr(sys.stdout, "buffer", None)
    if stream is None:
        sys.stdout.write(text)
        return
    try:
        stream.write(text.encode("utf-8", "backslashreplace"))
        stream.flush()
    except BrokenPipeError:
        # The reader has seen enough; keep Python from complaining once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        message = f"cannot write to standard output: {error.strerror}"
        raise MissingToolError(message) from error


def run() -> int:
    """Run the command line; the exit code."""
    try:
        code = main.main(prog_name="harness", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        sys.stderr.write("\nharness: interrupted; nothing was left running\n")
        return 130
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        sys.stderr.write(
            f"harness: {place}{error.strerror or error}; free some space there, "
            "or name another place with HARNESS_CACHE\n"
        )
        return MissingToolError.exit_code
    except HarnessError as error:
        from harness.escaping import printable

        sys.stderr.write(f"harness: {printable(str(error))}\n")
        return error.exit_code
    return code if isinstance(code, int) else 0
