"""Verdicts in, levels and the exit code out."""

from collections.abc import Iterable
from dataclasses import replace

from harness.errors import UsageError
from harness.model.reasons import Level, Outcome, Reason
from harness.model.report import Report
from harness.model.verdict import Verdict

CLEAN, FINDINGS, COULD_NOT_TELL = 0, 1, 6


def apply_levels(
    verdicts: Iterable[Verdict], deny: tuple[str, ...], allow: tuple[str, ...]
) -> tuple[Verdict, ...]:
    """Each verdict with its level in this run: a denied reason gates, an allowed one is counted.

    A reason that is both denied and allowed is denied.
    """
    denied = {_reason(name, "--deny") for name in deny}
    allowed = {_reason(name, "--allow") for name in allow}
    return tuple(_moved(verdict, denied, allowed) for verdict in verdicts)


def _moved(verdict: Verdict, denied: set[Reason], allowed: set[Reason]) -> Verdict:
    if verdict.reason in denied:
        return replace(verdict, level=Level.ERROR)
    if verdict.reason in allowed:
        return replace(verdict, level=Level.NOTE)
    return verdict


def _reason(name: str, option: str) -> Reason:
    try:
        return Reason(name)
    except ValueError:
        message = f"{option}: there is no reason `{name}`; `harness explain` lists them"
        raise UsageError(message) from None


def exit_code(report: Report) -> int:
    """0 clean, 1 findings, 6 where something could not be told and nothing was found."""
    gating = [v for v in report.verdicts if v.effective_level is Level.ERROR]
    if any(v.outcome is not Outcome.ERROR for v in gating):
        return FINDINGS
    return COULD_NOT_TELL if gating else CLEAN
