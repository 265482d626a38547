"""Verdicts in, the words that several report formats share out: all of them safe on one line."""

from harness.escaping import no_command, printable
from harness.model.report import Report
from harness.model.verdict import Diagnostic, Verdict


def place(verdict: Verdict) -> tuple[str, int, int]:
    """Where a finding is shown: its first error or panic, else the block's fence."""
    diagnostic = first_error(verdict)
    if diagnostic is None:
        return verdict.path, verdict.line, verdict.column
    position = diagnostic.position
    return position.path, position.line, position.column


def first_error(verdict: Verdict) -> Diagnostic | None:
    """The first error or panic in the document's own text; None where there is none."""
    own = (d for d in verdict.diagnostics if d.level != "warning" and not d.in_context)
    return next(own, None)


def headline(verdict: Verdict) -> str:
    """A finding in one line, without its place: `compile-error E0308: mismatched types [id]`."""
    codes = f" {','.join(verdict.codes)}" if verdict.codes else ""
    text = f": {printable(verdict.message)}" if verdict.message else ""
    return f"{standing(verdict)}{verdict.reason.value}{codes}{text} [{printable(verdict.id)}]"


def standing(verdict: Verdict) -> str:
    """`new: `, `known: ` or `known, changed: `; empty for a finding held against no baseline."""
    return f"{verdict.standing.value}: " if verdict.standing is not None else ""


def details(verdict: Verdict) -> tuple[str, ...]:
    """What the compiler or the run said, a line each: places, texts, the marked line, labels."""
    lines = []
    for diagnostic in verdict.diagnostics:
        if diagnostic.level == "warning":
            continue
        at = diagnostic.position
        code = f"[{diagnostic.code}]" if diagnostic.code else ""
        where = f"{printable(at.path)}:{at.line}:{at.column}"
        included = f" (included at {printable(at.included_at)})" if at.included_at else ""
        lines.append(f"{where}{included}: {diagnostic.level}{code}: {printable(diagnostic.text)}")
        if diagnostic.source:
            lines.append(f"{at.line} | {printable(diagnostic.source)}")
        lines += (f"= {printable(label)}" for label in diagnostic.labels)
    return tuple(no_command(line) for line in lines)


def gone_lines(report: Report) -> tuple[str, ...]:
    """One line for each entry of a baseline that is gone and gates."""
    return tuple(
        f"gone: {entry.reason} [{printable(entry.id)}] is in {printable(state.path)} and no longer "
        "found; `--prune-baseline` takes it out"
        for state in report.baselines
        if not state.is_stale_allowed
        for entry in state.gone
    )
