"""Options in, the settings that they ask for out."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.errors import UsageError
from harness.reports import FORMATS

if TYPE_CHECKING:
    from harness.baseline_files import BaselineSettings
    from harness.model.settings import CheckSettings, RunnerChoice


def settings_of(verb: str, options: dict[str, Any]) -> "CheckSettings":
    """The settings that options ask for; an option that is missing has its default."""
    from harness.model.cargo_choice import CargoChoice
    from harness.model.settings import (
        CheckSettings,
        ContextChoice,
        DependencyChoice,
        Verb,
    )

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
        compile_seconds=options.get("compile_timeout", 6.0),
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
        excludes_named=options.get("force_exclude", False),
        is_isolated=options.get("isolate", False),
        is_cached=not options.get("no_cache", False),
        runner=_runner(options.get("runner")),
        runtime=options.get("runtime"),
        allow_sources=options.get("allow_sources", False),
        build_seconds=options.get("build_timeout", 1800.0),
        changed_since=options.get("changed_since"),
        cargo=CargoChoice(
            is_off=options.get("no_project", False),
            manifest=options.get("manifest_path"),
            packages=tuple(options.get("package", ())),
            features=tuple(options.get("features", ())),
            all_features=options.get("all_features", False),
            no_default_features=options.get("no_default_features", False),
            is_locked=options.get("locked", False),
        ),
    )


def paths_of(options: dict[str, Any]) -> tuple[Path, ...]:
    """The paths that are named, else the working folder."""
    return options["paths"] or (Path(),)


def baseline_of(options: dict[str, Any]) -> "BaselineSettings":
    """What is to be done with the known findings."""
    from harness.baseline_files import BaselineSettings, check_settings

    settings = BaselineSettings(
        options["baseline"],
        update=options["update_baseline"],
        prune=options["prune_baseline"],
        allow_stale=options["allow_stale"],
    )
    check_settings(settings, paths_of(options))
    return settings


def reports_of(options: dict[str, Any]) -> list[tuple[str, Path]]:
    """Format and file of each report that is to be written besides standard output."""
    wanted = []
    for item in options["report"]:
        name, separator, file = item.partition("=")
        if not separator or not file or name not in FORMATS:
            message = f"--report {item}: write FORMAT=FILE, with a format of {', '.join(FORMATS)}"
            raise UsageError(message)
        wanted.append((name, Path(file)))
    return wanted


def _runner(chosen: str | None) -> "RunnerChoice":
    """The runner of the option, else of the variable: also for who has no such option."""
    from harness.model.settings import RunnerChoice

    word = chosen or os.environ.get("HARNESS_RUNNER") or RunnerChoice.LOCAL.value
    try:
        return RunnerChoice(word)
    except ValueError as error:
        known = ", ".join(runner.value for runner in RunnerChoice)
        message = f"HARNESS_RUNNER: there is no runner `{word}`; there are {known}"
        raise UsageError(message) from error


def _absolute(path: Path | None) -> Path | None:
    return None if path is None else path.absolute()
