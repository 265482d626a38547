"""A report in, Markdown for GitHub's step summary out: counts, a table of findings, their texts."""

import re

from harness.escaping import printable
from harness.model.report import Report
from harness.verdicts.gate import exit_code
from harness.verdicts.grouping import Group, Summary, group_findings, summarise
from harness.verdicts.wording import details, gone_lines, headline, place

MOST_BYTES = 1 << 20
"""GitHub drops a summary that is larger."""
_ROOM = 1000
_MOST_DETAILED = 50


def render(report: Report, is_coloured: bool) -> str:
    """All findings, the worst first, as far as they fit; then how many did not."""
    del is_coloured
    summary = summarise(report.verdicts)
    groups = group_findings(report.verdicts)
    parts = [_head(report, summary)]
    if groups:
        parts.append("| level | place | finding |\n|---|---|---|\n")
    left = _take(parts, [_row(group) for group in groups])
    if left:
        parts.append(f"\n{left} more findings are left out: the summary may hold 1 MiB.\n")
    else:
        _take(parts, [_detailed(group) for group in groups if group.is_single][:_MOST_DETAILED])
    return "".join(parts)


def _take(parts: list[str], more: list[str]) -> int:
    """Append as many texts as there is room for; how many there was none for."""
    used = sum(len(part.encode("utf-8", "replace")) for part in parts)
    for number, part in enumerate(more):
        used += len(part.encode("utf-8", "replace"))
        if used > MOST_BYTES - _ROOM:
            return len(more) - number
        parts.append(part)
    return 0


def _head(report: Report, summary: Summary) -> str:
    counts = {
        "blocks": summary.blocks,
        "pass": summary.passed,
        "fail": summary.failed,
        "could not tell": summary.could_not_tell,
        "known": summary.known,
        "ignored": summary.ignored,
        "other": summary.skipped,
        "warnings": summary.warnings,
    }
    rows = "".join(f"| {name} | {count} |\n" for name, count in counts.items())
    gone = "".join(f"- {code(line)}\n" for line in gone_lines(report))
    notes = "".join(f"- {code(printable(note))}\n" for note in report.notes)
    return (
        f"## harness {report.environment.verb}: exit {exit_code(report)}\n\n"
        f"| | |\n|---|---|\n{rows}\n" + (f"{gone}{notes}\n" if gone or notes else "")
    )


def _row(group: Group) -> str:
    verdict = group.verdicts[0]
    path, line, column = place(verdict)
    text = headline(verdict) if group.is_single else f"{group.cause}; {group.cure}"
    where = f"{printable(path)}:{line}:{column}"
    return f"| {verdict.effective_level.value} | {code(where)} | {code(printable(text))} |\n"


def _detailed(group: Group) -> str:
    verdict = group.verdicts[0]
    lines = details(verdict)
    if not lines:
        return ""
    return f"\n{code(printable(verdict.id))}\n\n" + fenced("\n".join(lines))


def code(text: str) -> str:
    """Text as code that Markdown, HTML and GitHub's own links leave as it is.

    Every mark of ASCII is written as a character reference, which cannot begin anything.
    """
    marked = re.sub(r"[!-/:-@\[-`{-~]", lambda match: f"&#{ord(match[0])};", text)
    return f"<code>{marked}</code>"


def fenced(text: str) -> str:
    """Text in a fence that is longer than any run of backticks in it."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}\n"
