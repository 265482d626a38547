"""The options of `harness bench` in, a run and its reports out."""

from dataclasses import replace
from typing import Any

import click

from harness import bench_pipeline
from harness.benching import BenchSettings
from harness.cli.output import is_coloured, write
from harness.cli.settings import paths_of, reports_of, settings_of
from harness.errors import UsageError
from harness.files import write_atomically
from harness.host import read_host
from harness.model.bench import Sampling
from harness.model.report import Report
from harness.new_bench import new_bench
from harness.progress import Progress
from harness.reports import renderer
from harness.runners.executor import Executor
from harness.verdicts.gate import exit_code

_QUICK = BenchSettings(Sampling(launches=3, warm_up_ms=50, measure_ms=100), is_quick=True)


def run_benches(options: dict[str, Any]) -> None:
    """Measure, write the reports after each bench, print the table, and exit."""
    if options["new"] is not None:
        paths = paths_of(options)
        if len(paths) != 1:
            message = "--new: name one document"
            raise UsageError(message)
        size = options["max_size"] << 20
        write(new_bench(options["new"], paths[0], size, options["config"]).text)
        return
    wanted = reports_of(options)
    settings = settings_of("bench", options)
    # A unit of its own for each page, compiled in this run: what is timed is what is there now.
    settings = replace(settings, is_isolated=True, is_cached=False)
    files = [*wanted, *([("json", options["save"])] if options["save"] else [])]

    def written(report: Report) -> None:
        for name, file in files:
            write_atomically(file, renderer(name)(report, False))

    executor = Executor(is_whole_process=True)
    progress = Progress(is_quiet=options["quiet"])
    try:
        report = bench_pipeline.bench(
            paths_of(options),
            settings,
            _measuring(options),
            read_host(),
            executor,
            progress,
            written,
        )
    except BaseException:
        executor.stop()
        progress.clear()
        raise
    if options["compare"]:
        report = bench_pipeline.compare(report, options["compare"])
    written(report)
    write(renderer(options["output_format"])(report, is_coloured()))
    if not options["exit_zero"]:
        raise click.exceptions.Exit(exit_code(report))


def _measuring(options: dict[str, Any]) -> BenchSettings:
    named = {key: options[key] for key in ("launches", "measure_ms") if options[key] is not None}
    if not options["quick"]:
        return BenchSettings(Sampling(**named))
    if named:
        words = " and ".join("--" + key.replace("_", "-") for key in named)
        message = f"--quick has launches of its own; leave out {words}, or --quick"
        raise UsageError(message)
    return _QUICK
