"""An expectation and what was observed in, one verdict out."""

from dataclasses import replace

from harness.model.reasons import Reason
from harness.model.source import Snippet
from harness.model.unit import Attempt, Compiled, Ended
from harness.model.verdict import Context, Dependencies, Diagnostic, Position, Verdict
from harness.units.ladder import is_satisfied
from harness.verdicts.ending import BOUND_REASONS, judge_run
from harness.verdicts.expectation import Expectation, Observed, blank_verdict, is_ignored
from harness.verdicts.names import is_about_a_name
from harness.verdicts.refusal import (
    crate_names,
    judge_compile_fail,
    judge_errors,
    leans_on_a_stub,
    ran_into_a_stub,
    stub_lacks,
)


def judge(expectation: Expectation, observed: Observed) -> Verdict:
    """The verdict on one snippet that was compiled."""
    snippet = expectation.snippet
    chosen = choose(observed.attempts, expectation)
    verdict = replace(
        _judge_text(expectation, observed, chosen),
        as_rustdoc=_as_rustdoc(expectation, observed),
        basis=chosen.unit.basis,
    )
    if snippet.attributes.gap is not None:
        return _gap_verdict(snippet, verdict)
    if is_ignored(snippet.attributes, expectation.target):
        return _ignored_verdict(verdict)
    if expectation.settings.cause:
        return replace(verdict, message=f"{verdict.message} ({expectation.settings.cause})".strip())
    return verdict


def choose(attempts: tuple[Attempt, ...], expectation: Expectation) -> Attempt:
    """The attempt that decides.

    The one that gave what was wanted; else the natural reading, where a context was given;
    else the earliest with the fewest errors of the snippet's own.
    """
    last = attempts[-1]
    if is_satisfied(expectation.snippet.attributes, last) and last.unit.rung != "charitable":
        return last
    given = [a for a in attempts if a.unit.rung in ("context", "page")]
    if given:
        return given[0]
    with_crates = [a for a in attempts if a.unit.rung != "rustdoc"]
    if any(a.unit.rung == "crates" for a in attempts):
        attempts = tuple(with_crates)
    broken = [a for a in attempts if a.status in (Compiled.BASE_BROKEN, Compiled.PROJECT_BROKEN)]
    if broken:
        return broken[0]
    own = [a for a in attempts if not any(error.in_context for error in a.errors)]
    return min(own or attempts, key=_weight)


def _weight(attempt: Attempt) -> tuple[int, int]:
    """Errors about names weigh more than others: they hide the others."""
    return sum(1 for e in attempt.errors if is_about_a_name(e)), len(attempt.errors)


def _as_rustdoc(expectation: Expectation, observed: Observed) -> str | None:
    attributes = expectation.snippet.attributes
    first = observed.attempts[0].compilation
    if attributes.gap is not None or is_ignored(attributes, expectation.target):
        return None
    if first.status not in (Compiled.ACCEPTED, Compiled.REJECTED, Compiled.CRASHED):
        return None
    accepted = first.status is Compiled.ACCEPTED
    if attributes.compile_fail:
        return "FAIL" if accepted else "PASS"
    if not accepted:
        return "FAIL"
    run = observed.rustdoc_run
    if run is None:
        return "PASS"
    if run.ended in (Ended.NOT_STARTED, Ended.TIMED_OUT):
        return None
    return "PASS" if (run.ended is Ended.SUCCESS) != attributes.should_panic else "FAIL"


def _judge_text(expectation: Expectation, observed: Observed, chosen: Attempt) -> Verdict:
    snippet = expectation.snippet
    blank = blank_verdict(snippet, Reason.NO_EVIDENCE)
    detail = chosen.deciding.detail
    if chosen.status is Compiled.TIMED_OUT:
        return replace(blank, reason=Reason.COMPILE_TIME_LIMIT, message=detail)
    if chosen.status is Compiled.STOPPED:
        bound = chosen.deciding.bound
        reason = BOUND_REASONS[bound] if bound else Reason.NO_EVIDENCE
        return replace(blank, reason=reason, message=_first_line(detail))
    if chosen.status is Compiled.CRASHED:
        return replace(blank, reason=Reason.COMPILER_CRASHED, message=_first_line(detail))
    if chosen.status is Compiled.NO_EVIDENCE:
        return replace(blank, message=_first_line(detail))
    if chosen.status is Compiled.PROJECT_BROKEN:
        names = crate_names(chosen)
        return replace(blank, reason=Reason.NEEDS_PROJECT, message=detail, names=names)
    if chosen.status is Compiled.BASE_BROKEN and chosen.unit.base.ambiguous:
        return replace(blank, reason=Reason.AMBIGUOUS_DEPENDENCY, message=detail)
    if chosen.status is Compiled.BASE_BROKEN:
        names = crate_names(chosen)
        return replace(blank, reason=Reason.DEPENDENCY_BROKEN, message=detail, names=names)
    if snippet.attributes.compile_fail:
        found = judge_compile_fail(blank, snippet.attributes, chosen)
        if chosen.status is Compiled.REJECTED and leans_on_a_stub(chosen, expectation):
            return stub_lacks(found, chosen, "fails against the stub of {}, which may be why")
        return found
    if chosen.status is Compiled.REJECTED:
        return judge_errors(expectation, observed, chosen)
    if chosen.unit.dropped is not None:
        return _judge_dropped(blank, chosen.unit.dropped)
    return _judge_accepted(expectation, observed, chosen)


def _judge_dropped(blank: Verdict, place: Position) -> Verdict:
    """Rustdoc compiles only a part of the text, and says nothing of the rest."""
    message = "rustdoc leaves out the text from here on without a word"
    dropped = Diagnostic("error", None, message, place)
    return replace(blank, reason=Reason.NOT_RUST, message=message, diagnostics=(dropped,))


def _judge_accepted(expectation: Expectation, observed: Observed, chosen: Attempt) -> Verdict:
    snippet = expectation.snippet
    warnings = tuple(
        d for d in chosen.compilation.diagnostics if d.level == "warning" and not d.in_context
    )
    basis = chosen.unit.basis
    found = replace(blank_verdict(snippet, Reason.COMPILES), diagnostics=warnings)
    if chosen.unit.base.weakest is Dependencies.FICTIONAL:
        crates = ", ".join(
            c.name for c in chosen.unit.base.crates if c.kind is Dependencies.FICTIONAL
        )
        return replace(found, reason=Reason.COMPILES_ONLY_IF, message=f"{crates} does not exist")
    if observed.run is not None:
        found = judge_run(found, snippet.attributes, observed.run)
        if ran_into_a_stub(observed.run, chosen):
            return stub_lacks(found, chosen, "ran into the stub of {}, which does nothing")
        if found.reason is not Reason.RAN:
            return found
    if basis.context is not Context.NONE:
        return replace(found, reason=Reason.COMPILES_WITH_CONTEXT)
    return found


def _gap_verdict(snippet: Snippet, verdict: Verdict) -> Verdict:
    gap = snippet.attributes.gap or ""
    compiles = verdict.outcome.value == "PASS"
    state = "it compiles" if compiles else f"it does not compile: {verdict.message}"
    return replace(
        verdict, reason=Reason.NOT_TESTED_BY_RUSTDOC, message=f"{gap} ({state})", as_rustdoc=None
    )


def _ignored_verdict(verdict: Verdict) -> Verdict:
    reason = {
        "PASS": Reason.IGNORED_BUT_COMPILES,
        "ERROR": verdict.reason,
    }.get(verdict.outcome.value, Reason.IGNORED_AND_BROKEN)
    if verdict.reason is Reason.NOT_RUST:
        reason = Reason.IGNORED_AND_NOT_RUST
    return replace(verdict, reason=reason, as_rustdoc=None)


def _first_line(text: str) -> str:
    return text.split("\n", maxsplit=1)[0]
