"""Verdicts in, levels and the exit code out."""

from collections.abc import Iterable
from dataclasses import replace

from harness.errors import UsageError
from harness.model.reasons import Level, Outcome, Reason
from harness.model.report import Report
from harness.model.values import dataclass
from harness.model.verdict import Verdict

CLEAN, FINDINGS, COULD_NOT_TELL = 0, 1, 6


@dataclass(frozen=True, slots=True)
class Levels:
    """Which reasons gate and which are only counted, against the table."""

    deny: frozenset[Reason] = frozenset()
    allow: frozenset[Reason] = frozenset()
    is_strict: bool = False
    """Warnings gate, and numbers that nothing accounts for."""

    def over(self, other: "Levels") -> "Levels":
        """These, and where they say nothing, the other's."""
        return Levels(
            self.deny | (other.deny - self.allow),
            self.allow | (other.allow - self.deny),
            self.is_strict or other.is_strict,
        )


_MILD = (Reason.UNACCOUNTED, Reason.NOT_MEASURABLE)
"""Notes that gate under `--strict`."""


def read_levels(deny: Iterable[str], allow: Iterable[str], *, is_strict: bool) -> Levels:
    """The levels that a command line states; an unknown reason is a `UsageError`."""
    denied = frozenset(_reason(name, "--deny") for name in deny)
    allowed = frozenset(_reason(name, "--allow") for name in allow)
    return Levels(denied, allowed - denied, is_strict)


def apply_levels(verdict: Verdict, levels: Levels) -> Verdict:
    """The verdict with its level in this run: a denied reason gates, an allowed one is counted.

    A reason that is both denied and allowed is denied.
    """
    if verdict.reason in levels.deny:
        return replace(verdict, level=Level.ERROR)
    if verdict.reason in levels.allow:
        return replace(verdict, level=Level.NOTE)
    is_mild = verdict.reason.level is Level.WARNING or verdict.reason in _MILD
    if verdict.level is not None:
        return verdict  # a first look at a bench: it gates nothing
    if levels.is_strict and is_mild:
        return replace(verdict, level=Level.ERROR)
    return verdict


def _reason(name: str, option: str) -> Reason:
    try:
        return Reason(name)
    except ValueError:
        message = f"{option}: there is no reason `{name}`; `harness explain` lists them"
        raise UsageError(message) from None


def exit_code(report: Report) -> int:
    """0 clean, 1 findings, 6 where something could not be told and nothing was found.

    An entry of a baseline whose finding is gone is a finding, too, until it is taken out.
    """
    gating = [v for v in report.verdicts if v.effective_level is Level.ERROR]
    is_stale = any(b.gone and not b.is_stale_allowed for b in report.baselines)
    if is_stale or any(v.outcome is not Outcome.ERROR for v in gating):
        return FINDINGS
    return COULD_NOT_TELL if gating else CLEAN
