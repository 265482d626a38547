"""A report in, one line a finding out: `path:line:column: level: reason: text [id]`."""

from harness.escaping import no_command, printable
from harness.model.reasons import Level
from harness.model.report import Report
from harness.model.verdict import Verdict
from harness.verdicts.wording import gone_lines, headline, place


def render(report: Report, is_coloured: bool) -> str:
    """All findings in the order of the documents; nothing where there are none."""
    del is_coloured
    shown = (v for v in report.verdicts if v.effective_level in (Level.ERROR, Level.WARNING))
    lines = [line(verdict) for verdict in shown] + [no_command(g) for g in gone_lines(report)]
    return "".join(text + "\n" for text in lines)


def line(verdict: Verdict) -> str:
    """One finding."""
    path, row, column = place(verdict)
    level = verdict.effective_level.value
    return no_command(f"{printable(path)}:{row}:{column}: {level}: {headline(verdict)}")
