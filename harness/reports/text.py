"""A report in, text for a person out: the worst first, counts that add up, what to type next."""

import shlex
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from harness.escaping import no_command, printable
from harness.inputs.books import DEFAULT_SOURCE
from harness.model.baseline import BaselineState
from harness.model.reasons import Level, Outcome, Reason
from harness.model.report import LeftOut, Report
from harness.model.settings import Verb
from harness.model.verdict import Dependencies, Diagnostic, Verdict
from harness.reports.lines import BLUE, DIM, PLAIN, Look, Piece, line, rendered
from harness.verdicts.gate import exit_code
from harness.verdicts.grouping import Group, Summary, group_findings, summarise
from harness.verdicts.wording import place

_LOOKS = {
    Level.ERROR: Look("red", is_bold=True),
    Level.WARNING: Look("yellow"),
    Level.NOTE: Look("cyan"),
    Level.NONE: PLAIN,
}
_MOST_DIAGNOSTICS = 3
Line = tuple[Piece, ...]
_MOST_PLACES = 5


def render(report: Report, is_coloured: bool) -> str:
    """The whole report."""
    lines = (rendered(pieces, is_coloured=is_coloured) for pieces in _lines(report))
    return "".join(f"{no_command(each)}\n" for each in lines)


def _lines(report: Report) -> Iterator[Line]:
    is_empty = not report.verdicts and not report.baselines
    if is_empty and report.environment.verb != "claims":
        for item in report.left_out:
            yield _row("left out", _left_out(item))
        why = "no Rust block, nothing to check"
        if not report.documents and report.notes:
            why = printable(report.notes[-1])
        yield _row("blocks", f"0 in {_documents(report)}: {why}")
        return
    if report.environment.verb == Verb.BENCH.value:
        from harness.reports.bench_table import bench_lines  # noqa: PLC0415 - for benches alone

        yield from (line(each) for each in bench_lines(report))
        yield from _closing(report, summarise(report.verdicts))
        return
    groups = group_findings(report.verdicts)
    for group in groups:
        yield from _finding(group.verdicts[0]) if group.is_single else _group(group)
    if groups:
        yield line()
    yield from _closing(report, summarise(report.verdicts))


def _finding(verdict: Verdict) -> Iterator[Line]:
    path, row, column = place(verdict)
    level = verdict.effective_level
    name = _first_code(verdict) or verdict.reason.value
    look = _LOOKS[level]
    head: list[Piece] = [(f"{level.value}[{name}]", look)]
    head.append((f" {printable(path)}:{row}:{column}", replace(look, is_bold=True)))
    if verdict.message:
        head.append((f"  {printable(verdict.message)}", replace(look, is_bold=False)))
    head.append((f"  [{printable(verdict.id)}]", replace(look, is_dim=True)))
    if verdict.standing is not None:
        head.append((f"  {verdict.standing.value.upper()}", replace(look, is_bold=True)))
    yield tuple(head)
    if path != verdict.path:
        yield line((f"      included at {printable(verdict.path)}:{verdict.line}", DIM))
    told = [d for d in verdict.diagnostics if d.level != "warning"]
    for diagnostic in told[:_MOST_DIAGNOSTICS]:
        yield from _excerpt(diagnostic, is_first=diagnostic is told[0])
    if len(told) > _MOST_DIAGNOSTICS:
        yield line((f"      {len(told) - _MOST_DIAGNOSTICS} more: {_show(verdict)}", DIM))
    if verdict.is_incomplete:
        why = "      the list may be incomplete: names that are not known hide other errors"
        yield line((why, DIM))
    if weak := _weak_basis(verdict):
        yield line((f"      rests on {weak}", DIM))


def _first_code(verdict: Verdict) -> str:
    """The code of the error that is shown first, where an error is all that there is to say."""
    errors = [d for d in verdict.diagnostics if d.level == "error"]
    is_plain = verdict.reason is Reason.COMPILE_ERROR and bool(errors)
    return (errors[0].code or "") if is_plain else ""


def _excerpt(diagnostic: Diagnostic, *, is_first: bool) -> Iterator[Line]:
    if not is_first:
        code = f"[{diagnostic.code}]" if diagnostic.code else ""
        at = diagnostic.position
        where = f"{printable(at.path)}:{at.line}:{at.column}"
        yield line(
            f"      also {where} {diagnostic.level}{code}: {printable(_first(diagnostic.text))}"
        )
    if diagnostic.source:
        number = f"{diagnostic.position.line:>5}"
        yield line((f"{number} | ", BLUE), printable(diagnostic.source))
    label = _first(diagnostic.labels[0]) if diagnostic.labels else ""
    if label:
        yield line(("      = ", BLUE), printable(label))


def _group(group: Group) -> Iterator[Line]:
    level = group.verdicts[0].effective_level
    look = _LOOKS[level]
    bold = replace(look, is_bold=True)
    standings = sorted({v.standing.value.upper() for v in group.verdicts if v.standing})
    yield (
        (f"{level.value}[{group.verdicts[0].reason.value}]", look),
        (f" {printable(group.cause)}", bold),
        (f"  {'; '.join(standings)}" if standings else "", bold),
    )
    places = [f"{printable(p)}:{row}" for p, row, _ in map(place, group.verdicts)]
    shown = ", ".join(places[:_MOST_PLACES])
    more = f" and {len(places) - _MOST_PLACES} more" if len(places) > _MOST_PLACES else ""
    yield line((f"      at {shown}{more}", DIM))
    yield line((f"      {printable(group.cure)}", DIM))


def _weak_basis(verdict: Verdict) -> str:
    basis = verdict.basis
    parts = []
    if basis.dependencies in (Dependencies.STUB, Dependencies.FICTIONAL):
        stubs = [c for c in basis.crates if c.rsplit(" ", 1)[-1] in ("stub", "fictional")]
        parts.append(", ".join(f"{c.rsplit(' ', 1)[-1]} {c.split(' ')[0]}" for c in stubs))
    parts += basis.steps
    return "; ".join(parts)


def _closing(report: Report, summary: Summary) -> Iterator[Line]:
    if summary.ignored:
        parts = " + ".join(f"{count} {word}" for word, count in summary.ignored_as)
        yield _row("ignored", f"{summary.ignored} = {parts}")
    for item in report.left_out:
        yield _row("left out", _left_out(item))
    for state in report.baselines:
        yield from _baseline(state)
    is_bench = report.environment.verb == Verb.BENCH.value
    is_audit = report.environment.verb == Verb.CLAIMS.value
    if is_audit or any(verdict.kind == "claim" for verdict in report.verdicts):
        yield _row("claims", _claims_line(report))
    if is_bench:
        yield _row("rests on", _rests_on(report))
    elif not is_audit:
        yield _row("blocks", _count_line(report, summary))
        yield _row("rests on", _rests_on(report))
        yield _row("read as", ", ".join(report.editions) or "no edition: no Rust block")
        if any(DEFAULT_SOURCE in told for told in report.editions):
            told = "a book that states no edition is read as mdBook reads it; in book.toml: [rust] "
            yield _row("", told + 'edition = "2024"')
    yield _row("run", _run_line(report))
    for note in report.notes:
        yield _row("note", printable(note))
    code = exit_code(report)
    if step := _next_step(report):
        yield _row("next", step)
    yield _row("exit", f"{code} ({_EXITS[code]})")


_EXITS = {0: "clean", 1: "findings", 6: "could not tell"}


def _row(name: str, text: str) -> Line:
    return line((f"{name:<9} ", DIM), text)


def _left_out(item: LeftOut) -> str:
    is_all = item.count <= len(item.names) or any(name.endswith("/") for name in item.names)
    more = "" if is_all else ", …"
    names = f" ({', '.join(printable(name) for name in item.names)}{more})" if item.names else ""
    return f"{_counted(item.count, 'file')}: {printable(item.cause)}{names}"


def _baseline(state: BaselineState) -> Iterator[Line]:
    path = printable(state.path)
    gone = f"{len(state.gone)} gone" if state.gone else "none gone"
    parts = [f"{state.known} in {path}", gone]
    if state.changed:
        parts.append(f"{state.changed} known, changed")
    if state.not_found:
        parts.append(f"{state.not_found} not found here (a run over their folder decides)")
    if state.not_judged:
        parts.append(f"{state.not_judged} not judged by this run")
    yield _row("known", ", ".join(parts))
    if state.gone:
        ids = ", ".join(printable(entry.id) for entry in state.gone[:_MOST_PLACES])
        rest = len(state.gone) - _MOST_PLACES
        more = f" and {rest} more" if rest > 0 else ""
        does = "tolerated" if state.is_stale_allowed else "take them out with --prune-baseline"
        yield _row("gone", f"{len(state.gone)} no longer found: {ids}{more}; {does}")
    if state.update:
        yield _row("baseline", f"{path}: {state.update}")


def _count_line(report: Report, summary: Summary) -> str:
    failed = f"{summary.failed} fail"
    parts = [f"{summary.passed} pass", failed]
    parts += [f"{summary.known} known"] if report.baselines else []
    parts += [f"{n} {w}" for n, w in ((summary.could_not_tell, "could not tell"),) if n]
    parts += [
        f"{n} {w}" for n, w in ((summary.skipped, "other"), (summary.ignored, "ignored")) if n
    ]
    total = f"{summary.blocks} in {_documents(report)} = " + " + ".join(parts)
    warned = f"; {_counted(summary.warnings, 'warning')}" if summary.warnings else ""
    only = f"; {summary.tested_by_rustdoc} tested by rustdoc too"
    ours = (
        f", {summary.looked_at_by_us_only} looked at by us only"
        if summary.looked_at_by_us_only
        else ""
    )
    return total + warned + only + ours


def _claims_line(report: Report) -> str:
    claims = [verdict for verdict in report.verdicts if verdict.kind == "claim"]
    counts = sorted(Counter(verdict.reason.value for verdict in claims).items())
    parts = " + ".join(f"{count} {reason}" for reason, count in counts)
    return f"{len(claims)} in {_documents(report)} = {parts or 'none'}"


def _documents(report: Report) -> str:
    return _counted(report.documents, "document")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _rests_on(report: Report) -> str:
    crates: dict[str, set[str]] = {"real": set(), "stub": set(), "fictional": set()}
    for verdict in report.verdicts:
        for crate in verdict.basis.crates:
            name, _, kind = crate.split(" ")[0], None, crate.rsplit(" ", 1)[-1]
            crates[kind].add(name)
    parts = [_counted(len(crates["real"]), "real crate"), _counted(len(crates["stub"]), "stub")]
    if crates["stub"]:
        parts[-1] += f" ({', '.join(sorted(crates['stub']))})"
    if crates["fictional"]:
        names = ", ".join(sorted(crates["fictional"]))
        parts.append(f"{len(crates['fictional'])} that do not exist ({names})")
    blocks = (v for v in report.verdicts if v.kind == "snippet" and v.outcome is Outcome.PASS)
    context = sum(1 for v in blocks if v.basis.context.value != "none")
    if context:
        passes = "passes" if context == 1 else "pass"
        parts.append(f"{_counted(context, 'block')} {passes} with context")
    return ", ".join(parts) + f" · rustc {report.environment.rustc}"


def _run_line(report: Report) -> str:
    if report.environment.verb == Verb.CLAIMS.value:
        return f"{report.seconds:.1f} s, no compiler"
    if report.environment.verb == Verb.BENCH.value:
        is_held = report.environment.runner == "docker"
        how = "ran in containers" if is_held else "ran unconfined"
        return f"{report.seconds:.1f} s · benches {how} ({report.environment.runner})"
    is_run = report.environment.verb == Verb.TEST.value
    held = " · snippets ran unconfined (local)" if is_run else " · compiled unconfined (local)"
    if report.environment.runner == "docker":
        how = "compiled and ran" if is_run else "compiled"
        held = f" · {how} in containers (docker, image {report.environment.image[7:19]})"
    count = report.packing
    starts = f"{_counted(report.compilations, 'compilation')} of {_counted(count.units, 'unit')}"
    known = f", {count.recalled} remembered" if count.recalled else ""
    known += f", {count.unhashed} that cannot be remembered" if count.unhashed else ""
    return f"{report.seconds:.1f} s, {starts}{known}{held}"


def _next_step(report: Report) -> str:
    gating = [v for v in report.verdicts if v.effective_level is Level.ERROR]
    if not gating:
        return ""
    first = _worst(gating)
    steps = [_show(first)] if first.kind == "snippet" else []
    steps.append(f"harness explain {first.reason.value}")
    return " · ".join(steps)


def _show(verdict: Verdict) -> str:
    """What to type to see the block; a shell takes it as it stands."""
    return f"harness show {shlex.quote(printable(verdict.id))}"


def _worst(verdicts: Iterable[Verdict]) -> Verdict:
    return min(
        verdicts,
        key=lambda v: (v.reason in (Reason.NEEDS_CONTEXT, Reason.UNKNOWN_CRATE), v.path, v.line),
    )


def _first(text: str) -> str:
    return text.split("\n", 1)[0]
