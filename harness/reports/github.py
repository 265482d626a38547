"""A report in, GitHub's annotations out: the worst ten errors and warnings, which is all it shows.

Findings with one cause are one annotation. The format `github-summary` holds all of them.
"""

from collections.abc import Iterator

from harness.escaping import no_command, printable
from harness.model.reasons import Level
from harness.model.report import Report
from harness.verdicts.gate import exit_code
from harness.verdicts.grouping import Group, group_findings, summarise
from harness.verdicts.wording import details, first_error, gone_lines, headline, place

_MOST = 10
_MOST_DETAILS = 12
_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY = _DATA | {":": "%3A", ",": "%2C"}


def render(report: Report, is_coloured: bool) -> str:
    """One workflow command a line, then one line for a person."""
    del is_coloured
    groups = group_findings(report.verdicts)
    lines: list[str] = []
    for level in (Level.ERROR, Level.WARNING):
        commands = [_annotation(g) for g in groups if g.verdicts[0].effective_level is level]
        if level is Level.ERROR:
            title = {"title": "harness: gone"}
            commands += [_command("error", title, line) for line in gone_lines(report)]
        lines += commands[:_MOST]
        if len(commands) > _MOST:
            told = f"{len(commands) - _MOST} more of level {level.value}: see the step summary"
            lines.append(_command("notice", {"title": "harness"}, told))
    lines.append(_closing(report))
    return "".join(line + "\n" for line in lines)


def _annotation(group: Group) -> str:
    verdict = group.verdicts[0]
    path, line, column = place(verdict)
    properties = {"file": printable(path), "line": str(line), "col": str(column)}
    error = first_error(verdict)
    if error is not None and error.position.end_line > line:
        properties["endLine"] = str(error.position.end_line)
    properties["title"] = f"harness: {verdict.reason.value}"
    return _command(verdict.effective_level.value, properties, "\n".join(_message(group)))


def _message(group: Group) -> Iterator[str]:
    if not group.is_single:
        yield printable(group.cause)
        yield printable(group.cure)
        return
    verdict = group.verdicts[0]
    yield headline(verdict)
    yield from details(verdict)[:_MOST_DETAILS]
    yield f"Next: {verdict.reason.entry.next_step}"


def _command(kind: str, properties: dict[str, str], data: str) -> str:
    told = ",".join(f"{key}={_escaped(value, _PROPERTY)}" for key, value in properties.items())
    return f"::{kind} {told}::{_escaped(data, _DATA)}"


def _escaped(text: str, table: dict[str, str]) -> str:
    return "".join(table.get(character, character) for character in text)


def _closing(report: Report) -> str:
    summary = summarise(report.verdicts)
    known = f", {summary.known} known" if report.baselines else ""
    return no_command(
        f"harness: {summary.blocks} blocks, {summary.passed} pass, {summary.failed} fail, "
        f"{summary.could_not_tell} could not tell{known}, {summary.ignored} ignored, "
        f"{summary.warnings} warnings; exit {exit_code(report)}"
    )
