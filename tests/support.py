"""What several test modules share: settings, and documents on disk."""

import os
from pathlib import Path

from harness.model.settings import CheckSettings, ContextChoice, DependencyChoice, Verb
from harness.pipeline import check
from harness.progress import Progress
from harness.runners.executor import Executor


def check_settings(
    verb="check",
    *,
    deps="auto",
    context="added",
    edition=None,
    look_at_ignored=True,
    cache=None,
    run_seconds=10.0,
    compile_seconds=60.0,
    select=(),
    **more,
):
    """Settings as the command line makes them without options."""
    defaults = {
        "deny": (),
        "allow": (),
        "strict": False,
        "offline": False,
        "run_directory": None,
        "workspace": None,
        "max_document_bytes": 64 << 20,
        "config": None,
        "workers": os.cpu_count() or 1,
    }
    return CheckSettings(
        verb=Verb(verb),
        deps=DependencyChoice(deps),
        context=ContextChoice(context),
        edition=edition,
        look_at_ignored=look_at_ignored,
        run_seconds=run_seconds,
        compile_seconds=compile_seconds,
        select=tuple(select),
        cache=cache,
        **(defaults | more),
    )


def report_of(text: str, folder: Path, name: str = "page.md", **settings):
    """The report on one document with this text."""
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="")
    return check([file], check_settings(**settings), Executor(), Progress(is_quiet=True))
