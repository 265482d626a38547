"""A report in, JSON of schema version 1 out. Fields are added, never renamed, within a version."""

from pathlib import Path
from typing import Any

from harness.escaping import json_text
from harness.model.baseline import BaselineState
from harness.model.report import Report
from harness.model.verdict import Diagnostic, Verdict
from harness.reports.bench_json import bench_table
from harness.verdicts.grouping import summarise

SCHEMA = 1


def render(report: Report, is_coloured: bool) -> str:
    """The whole report; what documents and tools wrote is in it as it is, escaped as JSON."""
    del is_coloured
    return json_text(as_table(report)) + "\n"


def schema_text() -> str:
    """The JSON Schema of the report."""
    return (Path(__file__).parent / "schema.json").read_text(encoding="utf-8")


def as_table(report: Report) -> dict[str, Any]:
    """The report as plain tables and arrays."""
    summary = summarise(report.verdicts)
    return {
        "schema": SCHEMA,
        "environment": {
            "harness": report.environment.harness,
            "rustc": report.environment.rustc,
            "target": report.environment.target,
            "runner": report.environment.runner,
            "deps": report.environment.deps,
            "context": report.environment.context,
            "verb": report.environment.verb,
            "image": report.environment.image,
            "packages": list(report.environment.packages),
            "host": dict(report.host),
        },
        "summary": {
            "documents": report.documents,
            "blocks": summary.blocks,
            "pass": summary.passed,
            "fail": summary.failed,
            "could_not_tell": summary.could_not_tell,
            "ignored": summary.ignored,
            "skip": summary.skipped,
            "warnings": summary.warnings,
            "ignored_as": dict(summary.ignored_as),
            "tested_by_rustdoc": summary.tested_by_rustdoc,
            "looked_at_by_us_only": summary.looked_at_by_us_only,
            "reasons": dict(summary.by_reason),
            "known": summary.known,
            "editions": list(report.editions),
            "left_out": {item.cause: item.count for item in report.left_out},
            "left_out_names": {item.cause: list(item.names) for item in report.left_out},
            "compilations": report.compilations,
            "units": report.packing.units,
            "packed": report.packing.packed,
            "alone": dict(report.packing.alone),
            "shared_compilations": report.packing.shared_compilations,
            "recalled": report.packing.recalled,
            "unhashed": report.packing.unhashed,
            "seconds": round(report.seconds, 3),
            "notes": list(report.notes),
        },
        "baselines": [_baseline(state) for state in report.baselines],
        "compared": list(report.compared),
        "benches": [bench_table(row) for row in report.benches],
        "verdicts": [_verdict(verdict) for verdict in report.verdicts],
    }


def _baseline(state: BaselineState) -> dict[str, Any]:
    return {
        "path": state.path,
        "known": state.known,
        "changed": state.changed,
        "new": state.new,
        "gone": [
            {"id": e.id, "hash": e.content_hash, "reason": e.reason, "verb": e.verb, "deps": e.deps}
            for e in state.gone
        ],
        "stale_allowed": state.is_stale_allowed,
        "not_found": state.not_found,
        "not_judged": state.not_judged,
        "update": state.update,
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "id": verdict.id,
        "kind": verdict.kind,
        "path": verdict.path,
        "line": verdict.line,
        "column": verdict.column,
        "outcome": verdict.outcome.value,
        "reason": verdict.reason.value,
        "level": verdict.effective_level.value,
        "as_rustdoc": verdict.as_rustdoc,
        "codes": list(verdict.codes),
        "basis": {
            "dependencies": verdict.basis.dependencies.value,
            "context": verdict.basis.context.value,
            "crates": list(verdict.basis.crates),
            "steps": list(verdict.basis.steps),
        },
        "info": verdict.info,
        "message": verdict.message,
        "names": list(verdict.names),
        "incomplete": verdict.is_incomplete,
        "content_hash": verdict.content_hash,
        "standing": verdict.standing.value if verdict.standing else None,
        "diagnostics": [_diagnostic(item) for item in verdict.diagnostics],
    }


def _diagnostic(diagnostic: Diagnostic) -> dict[str, Any]:
    position = diagnostic.position
    table: dict[str, Any] = {
        "path": position.path,
        "line": position.line,
        "column": position.column,
        "end_line": position.end_line,
        "end_column": position.end_column,
        "level": diagnostic.level,
        "code": diagnostic.code,
        "text": diagnostic.text,
        "labels": list(diagnostic.labels),
        "in_context": diagnostic.in_context,
    }
    if position.included_at:
        table["included_at"] = position.included_at
    return table
