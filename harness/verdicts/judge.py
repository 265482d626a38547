"""An expectation and what was observed in, one verdict out."""

import hashlib
import re
from dataclasses import dataclass, replace

from harness.model.reasons import Reason
from harness.model.settings import SnippetSettings, Verb
from harness.model.source import Attributes, Ignore, Snippet
from harness.model.unit import Attempt, Compilation, Compiled, Ended, Run
from harness.model.verdict import Context, Dependencies, Diagnostic, Position, Verdict
from harness.units.grammar_probe import placed
from harness.units.ladder import is_satisfied
from harness.units.second_pass import hidden_errors
from harness.verdicts.names import is_about_a_name, missing_names


@dataclass(frozen=True, slots=True)
class Observed:
    """All that a run of the harness saw of one snippet."""

    attempts: tuple[Attempt, ...]
    """In the order of the ladder; the first is rustdoc's own program."""
    syntax_alone: Compilation | None = None
    """The text where nothing but its grammar was looked at; None where that was not needed."""
    more: Compilation | None = None
    """A second pass without the failing bodies; None where it was not sound or not needed."""
    run: Run | None = None
    """Of the chosen unit."""
    rustdoc_run: Run | None = None
    """Of rustdoc's own program."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What is expected of a snippet in this run."""

    snippet: Snippet
    settings: SnippetSettings
    verb: Verb
    target: str
    stubs_checked: bool
    environment_macros: frozenset[str]
    """Names of macros that ask something outside, such as a database, while they expand."""


def content_hash(snippet: Snippet) -> str:
    """SHA-256 of what a reader sees as the block: info string and text."""
    return text_hash(f"{snippet.info}\0{snippet.code}")


def text_hash(text: str) -> str:
    """SHA-256 of a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def is_ignored(attributes: Attributes, target: str) -> bool:
    """Whether rustdoc would leave the block out on this target."""
    if attributes.ignore is Ignore.ON_TARGETS:
        return any(part in target for part in attributes.ignored_targets)
    return attributes.ignore is Ignore.ALWAYS


def must_run(snippet: Snippet, target: str, verb: Verb) -> bool:
    """Whether the block's program is to be run."""
    attributes = snippet.attributes
    return (
        verb is Verb.TEST
        and attributes.gap is None
        and not attributes.no_run
        and not attributes.compile_fail
        and not is_ignored(attributes, target)
    )


def blank_verdict(snippet: Snippet, reason: Reason, message: str = "") -> Verdict:
    """A verdict for a snippet that was not compiled."""
    return Verdict(
        id=snippet.id,
        kind="snippet",
        path=snippet.path,
        line=snippet.line,
        column=snippet.column,
        reason=reason,
        message=message,
        info=snippet.info,
        content_hash=content_hash(snippet),
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


def _errors(compilation: Compilation) -> tuple[Diagnostic, ...]:
    return tuple(d for d in compilation.diagnostics if d.level == "error")


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
    if chosen.status is Compiled.CRASHED:
        return replace(blank, reason=Reason.COMPILER_CRASHED, message=_first_line(detail))
    if chosen.status is Compiled.NO_EVIDENCE:
        return replace(blank, message=_first_line(detail))
    if chosen.status is Compiled.PROJECT_BROKEN:
        names = _crate_names(chosen)
        return replace(blank, reason=Reason.NEEDS_PROJECT, message=detail, names=names)
    if chosen.status is Compiled.BASE_BROKEN and chosen.unit.base.ambiguous:
        return replace(blank, reason=Reason.AMBIGUOUS_DEPENDENCY, message=detail)
    if chosen.status is Compiled.BASE_BROKEN:
        names = _crate_names(chosen)
        return replace(blank, reason=Reason.DEPENDENCY_BROKEN, message=detail, names=names)
    if snippet.attributes.compile_fail:
        found = _judge_compile_fail(blank, snippet.attributes, chosen)
        if chosen.status is Compiled.REJECTED and _leans_on_a_stub(chosen, expectation):
            return _stub_lacks(found, chosen, "fails against the stub of {}, which may be why")
        return found
    if chosen.status is Compiled.REJECTED:
        return _judge_errors(expectation, observed, chosen)
    if chosen.unit.dropped is not None:
        return _judge_dropped(blank, chosen.unit.dropped)
    return _judge_accepted(expectation, observed, chosen)


def _judge_dropped(blank: Verdict, place: Position) -> Verdict:
    """Rustdoc compiles only a part of the text, and says nothing of the rest."""
    message = "rustdoc leaves out the text from here on without a word"
    dropped = Diagnostic("error", None, message, place)
    return replace(blank, reason=Reason.NOT_RUST, message=message, diagnostics=(dropped,))


def _judge_compile_fail(blank: Verdict, attributes: Attributes, chosen: Attempt) -> Verdict:
    errors = chosen.errors
    codes = _codes(errors)
    stated = set(attributes.codes)
    found = replace(blank, codes=codes, diagnostics=errors)
    if chosen.status is Compiled.ACCEPTED:
        wanted = f"wants {', '.join(sorted(stated))}, compiles" if stated else "compiles"
        return replace(found, reason=Reason.COMPILES_THOUGH_IT_SHOULD_FAIL, message=wanted)
    seen = ", ".join(codes) or _summary(errors)
    if stated <= set(codes):
        note = "" if stated else f"fails with {seen}; the block states no code"
        return replace(found, reason=Reason.FAILS_AS_STATED, message=note)
    wants = f"wants {', '.join(sorted(stated))}, fails with {seen}"
    return replace(found, reason=Reason.FAILED_FOR_ANOTHER_REASON, message=wants)


def _judge_errors(expectation: Expectation, observed: Observed, chosen: Attempt) -> Verdict:
    errors = chosen.errors
    more = () if observed.more is None else hidden_errors(errors, observed.more.diagnostics)
    every = errors + more
    blank = blank_verdict(expectation.snippet, Reason.COMPILE_ERROR, _summary(every))
    found = replace(blank, codes=_codes(every), diagnostics=every)
    if _passes_charitably(observed):
        assumption = expectation.settings.assumption or "the charitable reading"
        return replace(found, reason=Reason.COMPILES_ONLY_IF, message=assumption)
    if observed.syntax_alone is not None and observed.syntax_alone.status is Compiled.REJECTED:
        read = _errors(observed.syntax_alone)
        syntax = placed(read, expectation.snippet, observed.syntax_alone.unit.edition)
        return replace(
            found,
            reason=Reason.NOT_RUST,
            message=_summary(syntax),
            codes=_codes(syntax),
            diagnostics=syntax,
        )
    damaged = sorted({error.text for error in every if error.code in _DAMAGED_CRATE})
    if damaged:
        told = f"{damaged[0]}; run `harness clean` if a crate of the cache is damaged"
        return replace(found, reason=Reason.DEPENDENCY_BROKEN, message=told)
    if _asks_the_environment(every, expectation):
        return replace(found, reason=Reason.NEEDS_ENVIRONMENT, message=_environment_message(every))
    missing = missing_names(every, _crate_names(chosen))
    is_hiding = observed.more is None and any(is_about_a_name(e) for e in errors)
    could_be_stubs = _leans_on_a_stub(chosen, expectation)
    if missing is not None and not (could_be_stubs and _imports_all_of_a_stub(chosen)):
        reason = Reason.UNKNOWN_CRATE if missing.crates else Reason.NEEDS_CONTEXT
        names = missing.crates or missing.others
        told = f"{'no crate' if missing.crates else 'not defined:'} {', '.join(names)}"
        return replace(found, reason=reason, names=names, message=told, is_incomplete=is_hiding)
    if could_be_stubs:
        return _stub_lacks(found, chosen, f"fails against the stub of {{}}: {_summary(every)}")
    return replace(found, is_incomplete=is_hiding)


def _leans_on_a_stub(chosen: Attempt, expectation: Expectation) -> bool:
    """Whether a stub, as wide as it was never checked to be, could be what is at fault."""
    return chosen.unit.base.weakest is Dependencies.STUB and not expectation.stubs_checked


def _ran_into_a_stub(run: Run, chosen: Attempt) -> bool:
    """Whether a run that failed may have failed for the stub's sake: no panic is the snippet's."""
    is_own = any(p.position != chosen.unit.fence and not p.in_context for p in run.panics)
    links_one = chosen.unit.base.weakest is Dependencies.STUB
    return links_one and run.ended is not Ended.SUCCESS and not is_own


def _imports_all_of_a_stub(chosen: Attempt) -> bool:
    """Whether a name that is missing could be one that `use stub::*` should bring in."""
    globs = set(_GLOB_ROOT.findall(chosen.unit.text))
    return bool(globs & set(_stub_names(chosen)))


_GLOB_ROOT = re.compile(r"\buse\s+(?:::)?\s*(?:r#)?(\w+)[^;]*\*")


def _stub_names(chosen: Attempt) -> tuple[str, ...]:
    return tuple(c.name for c in chosen.unit.base.crates if c.kind is Dependencies.STUB)


def _stub_lacks(found: Verdict, chosen: Attempt, told: str) -> Verdict:
    stubs = _stub_names(chosen)
    message = told.format(", ".join(stubs))
    return replace(found, reason=Reason.STUB_LACKS, message=message, names=stubs)


_DAMAGED_CRATE = frozenset({"E0460", "E0461", "E0462", "E0464", "E0786"})
"""The compiler cannot read a crate that was given to it: never the block's fault."""


def _passes_charitably(observed: Observed) -> bool:
    return any(
        a.unit.rung == "charitable" and a.status is Compiled.ACCEPTED for a in observed.attempts
    )


def _asks_the_environment(errors: tuple[Diagnostic, ...], expectation: Expectation) -> bool:
    """Every error comes out of a macro that looks for something outside.

    Errors about names that the macro's missing result leaves behind are its consequence.
    """
    known = expectation.environment_macros
    asking = [e for e in errors if e.code is None and any(_bare(m) in known for m in e.macros)]
    return bool(asking) and len(asking) == len(errors)


def _bare(macro: str) -> str:
    return macro.rpartition("::")[2].rstrip("!")


def _environment_message(errors: tuple[Diagnostic, ...]) -> str:
    macros = sorted({_bare(m) + "!" for e in errors for m in e.macros if m})
    return f"{macros[-1]} is checked against a database; none is given"


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
        found = _judge_run(found, snippet.attributes, observed.run)
        if _ran_into_a_stub(observed.run, chosen):
            return _stub_lacks(found, chosen, "ran into the stub of {}, which does nothing")
        if found.reason is not Reason.RAN:
            return found
    if basis.context is not Context.NONE:
        return replace(found, reason=Reason.COMPILES_WITH_CONTEXT)
    return found


_OUT_OF_MEMORY = "memory allocation of "
"""How std says that it ends a program for want of memory; the signal alone would say "aborted"."""


def _judge_run(found: Verdict, attributes: Attributes, run: Run) -> Verdict:
    shown = replace(found, diagnostics=run.panics + found.diagnostics)
    tail = _last_line(run.output)
    match run.ended:
        case Ended.TIMED_OUT:
            return replace(shown, reason=Reason.TIME_LIMIT, message=f"after {run.seconds:.1f} s")
        case Ended.TOO_MUCH_OUTPUT:
            return replace(shown, reason=Reason.OUTPUT_LIMIT)
        case Ended.NOT_STARTED:
            return replace(shown, reason=Reason.NO_EVIDENCE, message="the program did not start")
        case Ended.SUCCESS if attributes.should_panic:
            return replace(shown, reason=Reason.DID_NOT_PANIC)
        case Ended.SUCCESS:
            return replace(found, reason=Reason.RAN)
        case Ended.FAILURE if attributes.should_panic:
            return replace(found, reason=Reason.PANICKED_AS_STATED)
        case Ended.SIGNAL if _OUT_OF_MEMORY in run.output:
            return replace(shown, reason=Reason.OUT_OF_MEMORY, message=tail)
        case Ended.SIGNAL:
            return replace(
                shown, reason=Reason.KILLED_BY_SIGNAL, message=f"signal {run.status} {tail}".strip()
            )
        case Ended.FAILURE if run.panics:
            return replace(shown, reason=Reason.PANICKED, message=run.panics[0].text)
        case Ended.FAILURE:
            told = f"exit status {run.status} {tail}".strip()
            return replace(shown, reason=Reason.FAILED_RUN, message=told)


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


def _codes(errors: tuple[Diagnostic, ...]) -> tuple[str, ...]:
    return tuple(sorted({error.code for error in errors if error.code}))


def _summary(errors: tuple[Diagnostic, ...]) -> str:
    if not errors:
        return ""
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return errors[0].text.split("\n")[0] + more


def _crate_names(chosen: Attempt) -> tuple[str, ...]:
    return tuple(crate.name for crate in chosen.unit.base.crates)


def _first_line(text: str) -> str:
    return text.split("\n", maxsplit=1)[0]


def _last_line(text: str) -> str:
    lines = [line for line in text.strip().split("\n") if line.strip()]
    return lines[-1] if lines else ""
