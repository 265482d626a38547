"""Verdicts of a report in, what they say of the contracts and benches that claims name out."""

import re
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase

from harness.claims.values import ClaimReason
from harness.model.decision import Decision

_PROMISE = re.compile(r"(\w+\.\d+)\s")
_WORST = (
    ClaimReason.BROKEN_PROMISE,
    ClaimReason.MISSED,
    ClaimReason.NOT_RUN,
    ClaimReason.NOT_MEASURABLE,
    ClaimReason.UNDECIDED,
    ClaimReason.KEPT,
    ClaimReason.MET,
)
"""Where one name stands for several verdicts, the first of these that occurs decides."""


def decided(decisions: Iterable[Decision], document_id: str) -> Mapping[str, str]:
    """The reasons of a document's contracts and benches, by each name that a claim may use.

    A name is a verdict's id, the end of it below the document's id, or a contract's promise
    (`Q7.1`), which stands for every test that keeps it.
    """
    named: dict[str, list[ClaimReason]] = {}
    for decision in decisions:
        if decision.kind in ("snippet", "document", "claim"):
            continue
        reason = _reason(decision)
        names = {decision.id}
        if decision.id.startswith(f"{document_id}/"):
            names.add(decision.id.removeprefix(f"{document_id}/"))
            names.add(decision.id.rpartition("/")[2])
            promise = _PROMISE.match(decision.message)
            if promise is not None:
                names.add(promise[1])
        for name in names:
            named.setdefault(name, []).append(reason)
    return {name: worst(reasons).value for name, reasons in named.items()}


def _reason(decision: Decision) -> ClaimReason:
    """What a verdict means for a claim: a contract that did not end well breaks its promise."""
    if decision.kind == "contract" and decision.outcome == "FAIL":
        return ClaimReason.BROKEN_PROMISE
    known = {reason.value: reason for reason in _WORST}
    return known.get(decision.reason, ClaimReason.NOT_RUN)


def worst(reasons: Iterable[ClaimReason]) -> ClaimReason:
    """The reason that decides where several are said; not-run for none."""
    found = set(reasons)
    return next((reason for reason in _WORST if reason in found), ClaimReason.NOT_RUN)


def look_up(name: str, known: Mapping[str, str]) -> ClaimReason:
    """What is decided of a bench or contract, named exactly or by a glob; not-run where nothing."""
    values = {reason.value: reason for reason in _WORST}
    if name in known:
        return values.get(known[name], ClaimReason.NOT_RUN)
    return worst(
        values.get(reason, ClaimReason.NOT_RUN)
        for other, reason in known.items()
        if fnmatchcase(other, name)
    )
