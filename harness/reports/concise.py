"""A report in, one line a finding out: `path:line:column: level: reason: text [id]`."""

from harness.escaping import printable
from harness.model.reasons import Level
from harness.model.report import Report
from harness.model.verdict import Verdict


def render(report: Report, is_coloured: bool) -> str:
    """All findings in the order of the documents; nothing where there are none."""
    del is_coloured
    shown = (v for v in report.verdicts if v.effective_level in (Level.ERROR, Level.WARNING))
    return "".join(line(verdict) + "\n" for verdict in shown)


def line(verdict: Verdict) -> str:
    """One finding."""
    path, row, column = place(verdict)
    level = verdict.effective_level.value
    codes = f" {','.join(verdict.codes)}" if verdict.codes else ""
    text = f": {printable(verdict.message)}" if verdict.message else ""
    return (
        f"{printable(path)}:{row}:{column}: {level}: {verdict.reason.value}{codes}{text} "
        f"[{printable(verdict.id)}]"
    )


def place(verdict: Verdict) -> tuple[str, int, int]:
    """Where a finding is shown: its first error or panic, else the block's fence."""
    for diagnostic in verdict.diagnostics:
        if diagnostic.level != "warning" and not diagnostic.in_context:
            position = diagnostic.position
            return position.path, position.line, position.column
    return verdict.path, verdict.line, verdict.column
