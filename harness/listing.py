"""Paths in, what a person asks about blocks out: a list of them, or one with its unit."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from harness import pipeline
from harness.errors import UsageError
from harness.escaping import json_text, no_command, printable
from harness.model.reasons import Reason
from harness.model.settings import CheckSettings
from harness.model.source import Ignore, Snippet
from harness.model.unit import Unit
from harness.model.verdict import Verdict
from harness.progress import Progress
from harness.reports.concise import line as concise_line
from harness.reports.json_report import as_table
from harness.runners.executor import Executor
from harness.trial import Caught


def list_blocks(paths: Iterable[Path], settings: CheckSettings, output_format: str) -> str:
    """The Rust blocks below the paths, in order: place, id, what their info strings ask for."""
    corpus, snippets = pipeline.read_snippets(paths, settings)
    if output_format == "json":
        return json_text([_entry(s) for s in snippets]) + "\n"
    lines = [
        no_command(
            f"{printable(s.path)}:{s.line}:{s.column}  {printable(s.id)}  {what_is_asked(s)}"
        )
        for s in snippets
    ]
    total = f"{len(snippets)} Rust blocks in {len(corpus.sources)} documents"
    tested = sum(1 for s in snippets if s.attributes.gap is None)
    ignored = sum(1 for s in snippets if s.attributes.ignore is not Ignore.NO)
    lines.append(f"{total}; {tested} tested by rustdoc, {ignored} of them marked `ignore`")
    return "\n".join(lines) + "\n"


def list_verdicts(
    paths: Iterable[Path],
    settings: CheckSettings,
    reasons: tuple[str, ...],
    output_format: str,
    executor: Executor,
    progress: Progress,
) -> str:
    """The verdicts with one of the reasons, a line each, and how many they are."""
    known = [reason.value for reason in Reason]
    for name in reasons:
        if name not in known:
            message = f"--reason: there is no reason `{name}`; `harness explain` lists them"
            raise UsageError(message)
    report = pipeline.check(paths, settings, executor, progress)
    found = tuple(v for v in report.verdicts if v.reason.value in reasons)
    if output_format == "json":
        return json_text(as_table(replace(report, verdicts=found))["verdicts"]) + "\n"
    lines = [concise_line(verdict) for verdict in found]
    asked = ", ".join(reasons)
    return "\n".join([*lines, f"{len(found)} of {len(report.verdicts)} verdicts: {asked}"]) + "\n"


def what_is_asked(snippet: Snippet) -> str:
    """The attributes of a block in a few words."""
    attributes = snippet.attributes
    words = [
        word
        for word, holds in (
            ("ignore", attributes.ignore is Ignore.ALWAYS),
            ("should_panic", attributes.should_panic),
            ("no_run", attributes.no_run and not attributes.compile_fail),
            ("compile_fail", attributes.compile_fail),
            ("test_harness", attributes.test_harness),
        )
        if holds
    ]
    words += [f"ignore-{target}" for target in attributes.ignored_targets]
    words += attributes.codes
    words += [f"edition {attributes.edition}"] if attributes.edition else []
    words += ["not tested by rustdoc"] if attributes.gap is not None else []
    return ", ".join(words) or "run"


def _entry(snippet: Snippet) -> dict[str, object]:
    attributes = snippet.attributes
    return {
        "id": snippet.id,
        "path": snippet.path,
        "line": snippet.line,
        "column": snippet.column,
        "end_line": snippet.end_line,
        "info": snippet.info,
        "heading": snippet.heading,
        "tested_by_rustdoc": attributes.gap is None,
        "gap": attributes.gap,
        "ignore": attributes.ignore.value,
        "should_panic": attributes.should_panic,
        "no_run": attributes.no_run,
        "compile_fail": attributes.compile_fail,
        "codes": list(attributes.codes),
        "edition": attributes.edition,
    }


def show_block(
    paths: Iterable[Path], settings: CheckSettings, executor: Executor, progress: Progress
) -> str:
    """One block: its verdict, and the unit that decided, each line beside the document's."""
    report, units = pipeline.check_with_units(paths, settings, executor, progress)
    if len(units) > 1:
        ids = ", ".join(unit.snippet_id for unit in units[:5])
        message = f"`{settings.select[0]}` names {len(units)} blocks: {ids}; name one"
        raise UsageError(message)
    verdicts = [v for v in report.verdicts if v.kind == "snippet"]
    if not units:
        return "".join(concise_line(v) + "\n" for v in verdicts)
    return _shown(verdicts[0], units[0])


def _shown(verdict: Verdict, unit: Unit) -> str:
    head = [
        concise_line(verdict),
        f"outcome     {verdict.outcome.value} ({verdict.reason.value})",
        f"as rustdoc  {verdict.as_rustdoc or 'not tested'}",
        f"edition     {unit.edition}",
        f"built as    {unit.crate_type.value}, step `{unit.rung}` of the ladder",
        f"crates      {', '.join(verdict.basis.crates) or 'none'}",
        f"context     {'; '.join(verdict.basis.steps) or 'none'}",
        "",
    ]
    width = max((len(_origin(unit, n)) for n in range(len(unit.origins))), default=0)
    body = [
        f"{_origin(unit, number):>{width}} | {printable(text)}"
        for number, text in enumerate(unit.text.removesuffix("\n").split("\n"))
    ]
    tail = []
    for diagnostic in verdict.diagnostics:
        at = diagnostic.position
        code = f"[{diagnostic.code}]" if diagnostic.code else ""
        text = printable(diagnostic.text)
        tail.append(f"{printable(at.path)}:{at.line}:{at.column}: {diagnostic.level}{code}: {text}")
        tail += [f"    {printable(label)}" for label in diagnostic.labels]
    return "\n".join([*head, *body, *([""] if tail else []), *tail]) + "\n"


def _origin(unit: Unit, number: int) -> str:
    """Where a line of the unit stands: the document's line, or the file and line of its context."""
    origin = unit.origins[number]
    if origin is None:
        return ""
    line = unit.sources[origin.source][origin.line]
    is_elsewhere = line.path != unit.fence.path
    return f"{Path(line.path).name}:{line.line}" if is_elsewhere else str(line.line)


def faults_text(caught: tuple[Caught, ...]) -> str:
    """One line a seeded fault, then how many were noticed."""
    lines = []
    for item in caught:
        word = "caught" if item.is_caught else "MISSED"
        also = f"; unrelated: {', '.join(item.unrelated)}" if item.unrelated else ""
        cause = f"; {item.cause}" if item.cause else ""
        told = printable(f"{item.fault.line:<6} {item.contract.id} {item.fault.test}{cause}{also}")
        lines.append(f"{word}  {told}")
    count = sum(item.is_caught for item in caught)
    clean = sum(item.is_caught and not item.unrelated for item in caught)
    lines.append(f"{count} of {len(caught)} faults caught, {clean} of them by related tests alone")
    return "\n".join(lines) + "\n"
