"""A report in, SARIF 2.1.0 out, within the limits that GitHub sets for what it reads.

`result` is SARIF's word. Known findings are there too, as suppressed and unchanged ones.
"""

import gzip
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from harness.escaping import json_text, printable
from harness.model.baseline import Standing
from harness.model.reasons import Level, Outcome, Reason
from harness.model.report import Report
from harness.model.verdict import Diagnostic, Verdict
from harness.verdicts.wording import first_error, gone_lines, headline

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
MOST_RESULTS = 25_000
MOST_RELATED = 100
MOST_BYTES = 10_000_000
"""After gzip."""
_STATES = {
    Standing.NEW: "new",
    Standing.KNOWN: "unchanged",
    Standing.CHANGED: "updated",
}


def render(report: Report, is_coloured: bool) -> str:
    """The findings, the worst first where not all fit; the count of the others is said."""
    del is_coloured
    found = [v for v in report.verdicts if v.effective_level is not Level.NONE]
    worst = sorted(found, key=lambda v: -v.effective_level.rank)[:MOST_RESULTS]
    while True:
        text = json_text(_log(report, worst, len(found) - len(worst))) + "\n"
        if not worst or len(gzip.compress(text.encode(), 1)) <= MOST_BYTES:
            return text
        worst = worst[: len(worst) // 2]


def _log(report: Report, verdicts: list[Verdict], left_out: int) -> dict[str, Any]:
    rules = [reason for reason in Reason if reason.outcome is not Outcome.PASS]
    ordered = sorted(verdicts, key=lambda v: (v.path, v.line, v.column, v.kind, v.id))
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "harness",
                "semanticVersion": report.environment.harness,
                "rules": [_rule(reason) for reason in rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": list(_notifications(report, left_out)),
            }
        ],
        "properties": {"leftOut": left_out, "rustc": report.environment.rustc},
        "results": list(_results(ordered, rules)),
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(reason: Reason) -> dict[str, Any]:
    entry = reason.entry
    return {
        "id": reason.value,
        "shortDescription": {"text": entry.meaning},
        "help": {"text": f"{entry.meaning}. Next: {entry.next_step}."},
        "defaultConfiguration": {"level": entry.level.value},
        "properties": {"tags": ["markdown", "rust"]},
    }


def _notifications(report: Report, left_out: int) -> Iterator[dict[str, Any]]:
    if left_out:
        text = f"{left_out} findings were left out to stay within the limits of code scanning"
        yield {"level": "warning", "message": {"text": text}}
    for line in gone_lines(report):
        yield {"level": "error", "message": {"text": line}}
    for note in report.notes:
        yield {"level": "note", "message": {"text": printable(note)}}


def _results(verdicts: Iterable[Verdict], rules: list[Reason]) -> Iterator[dict[str, Any]]:
    indexes = {reason: number for number, reason in enumerate(rules)}
    seen: Counter[str] = Counter()
    for verdict in verdicts:
        result: dict[str, Any] = {
            "ruleId": verdict.reason.value,
            "level": verdict.effective_level.value,
            "message": {"text": headline(verdict)},
            "locations": [_location(verdict)],
            "partialFingerprints": _fingerprints(verdict, seen),
            "properties": {"id": verdict.id, "outcome": verdict.outcome.value},
        }
        if verdict.reason in indexes:
            result["ruleIndex"] = indexes[verdict.reason]
        if related := _related(verdict):
            result["relatedLocations"] = related
        if verdict.standing is not None:
            result["baselineState"] = _STATES[verdict.standing]
        if verdict.standing is Standing.KNOWN:
            result["suppressions"] = [{"kind": "external", "status": "accepted"}]
        yield result


def _fingerprints(verdict: Verdict, seen: Counter[str]) -> dict[str, str]:
    """What stays the same while lines above change: by the block's text, and by its id.

    GitHub compares the first; the number tells equal blocks apart.
    """
    content = _digest(verdict.content_hash or verdict.id, verdict.reason.value)
    seen[content] += 1
    return {
        "primaryLocationLineHash": f"{content}:{seen[content]}",
        "blockId/v1": _digest(verdict.id, verdict.reason.value),
    }


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _location(verdict: Verdict) -> dict[str, Any]:
    diagnostic = first_error(verdict)
    if diagnostic is not None:
        return _at(diagnostic)
    region = {"startLine": verdict.line, "startColumn": verdict.column}
    return {"physicalLocation": {"artifactLocation": _artifact(verdict.path), "region": region}}


def _at(diagnostic: Diagnostic) -> dict[str, Any]:
    at = diagnostic.position
    region = {"startLine": at.line, "startColumn": at.column}
    if (at.end_line, at.end_column) >= (at.line, at.column):
        region |= {"endLine": at.end_line, "endColumn": at.end_column}
    return {"physicalLocation": {"artifactLocation": _artifact(at.path), "region": region}}


def _artifact(path: str) -> dict[str, str]:
    """A path as a URI relative to the repository: nothing in it can be a scheme or a query."""
    return {"uri": quote(path.encode("utf-8", "surrogateescape"), safe="/")}


def _related(verdict: Verdict) -> list[dict[str, Any]]:
    first = first_error(verdict)
    others = [d for d in verdict.diagnostics if d is not first and d.level != "warning"]
    return [
        _at(d) | {"message": {"text": printable(f"{d.code or d.level}: {d.text}")}}
        for d in others[:MOST_RELATED]
    ]
