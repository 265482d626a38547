"""Verdicts in, plain rows out, and back: what stands between two runs of the harness.

Rows name no fields, so they hold for one text of the harness only; the cache's keys see to that.
"""

from typing import Any

from harness.model.reasons import Level, Reason
from harness.model.verdict import (
    Basis,
    Context,
    Dependencies,
    Diagnostic,
    Position,
    Verdict,
)

Row = list[Any]
# What an enumeration gives for a value, at a tenth of the time: a run asks for thousands.
_REASONS = {reason.value: reason for reason in Reason}
_DEPENDENCIES = {kind.value: kind for kind in Dependencies}
_CONTEXTS = {kind.value: kind for kind in Context}


def row_of(verdict: Verdict) -> Row:
    """A verdict, held against no baseline yet, as JSON can hold it."""
    assert verdict.standing is None
    basis = verdict.basis
    return [
        verdict.id,
        verdict.kind,
        verdict.path,
        verdict.line,
        verdict.column,
        verdict.reason.value,
        verdict.message,
        verdict.as_rustdoc,
        verdict.codes,
        [basis.dependencies.value, basis.context.value, basis.crates, basis.steps],
        verdict.info,
        [_diagnostic_row(diagnostic) for diagnostic in verdict.diagnostics],
        verdict.is_incomplete,
        verdict.names,
        verdict.cure,
        None if verdict.level is None else verdict.level.value,
        verdict.content_hash,
    ]


def _diagnostic_row(told: Diagnostic) -> Row:
    at = told.position
    return [
        told.level,
        told.code,
        told.text,
        [at.path, at.line, at.column, at.end_line, at.end_column, at.included_at],
        told.labels,
        told.source,
        told.marked,
        told.path_before,
        told.in_context,
        told.macros,
        told.is_macro_name,
    ]


def verdict_of(row: Row) -> Verdict:
    """The verdict that a row was made of."""
    (name, kind, path, line, column, reason, message, as_rustdoc, codes, basis, *rest) = row
    info, diagnostics, is_incomplete, names, cure, level, content_hash = rest
    dependencies, context, crates, steps = basis
    return Verdict(
        name,
        kind,
        path,
        line,
        column,
        _REASONS[reason],
        message,
        as_rustdoc,
        tuple(codes),
        Basis(_DEPENDENCIES[dependencies], _CONTEXTS[context], tuple(crates), tuple(steps)),
        info,
        tuple(_diagnostic(told) for told in diagnostics),
        is_incomplete,
        tuple(names),
        cure,
        None if level is None else Level(level),
        content_hash,
    )


def _diagnostic(row: Row) -> Diagnostic:
    level, code, text, at, labels, source, marked, before, in_context, macros, is_name = row
    return Diagnostic(
        level,
        code,
        text,
        Position(*at),
        tuple(labels),
        source,
        marked,
        before,
        in_context,
        tuple(macros),
        is_name,
    )
