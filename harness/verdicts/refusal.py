"""What the compiler refused in, whose fault it is out."""

import re
from dataclasses import replace

from harness.model.reasons import Reason
from harness.model.source import Attributes
from harness.model.unit import Attempt, Compilation, Compiled, Ended, Run
from harness.model.verdict import Dependencies, Diagnostic, Verdict
from harness.units.grammar_probe import placed
from harness.units.second_pass import hidden_errors
from harness.verdicts.expectation import Expectation, Observed, blank_verdict
from harness.verdicts.names import is_about_a_name, missing_names


def errors_of(compilation: Compilation) -> tuple[Diagnostic, ...]:
    """The errors of a compilation."""
    return tuple(d for d in compilation.diagnostics if d.level == "error")


def codes_of(errors: tuple[Diagnostic, ...]) -> tuple[str, ...]:
    """The errors' codes, each once."""
    return tuple(sorted({error.code for error in errors if error.code}))


def summary_of(errors: tuple[Diagnostic, ...]) -> str:
    """The first error, and how many more there are."""
    if not errors:
        return ""
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return errors[0].text.split("\n")[0] + more


def crate_names(chosen: Attempt) -> tuple[str, ...]:
    """The crates that a unit was compiled with."""
    return tuple(crate.name for crate in chosen.unit.base.crates)


def judge_compile_fail(blank: Verdict, attributes: Attributes, chosen: Attempt) -> Verdict:
    """A block that states that it does not compile."""
    errors = chosen.errors
    codes = codes_of(errors)
    stated = set(attributes.codes)
    found = replace(blank, codes=codes, diagnostics=errors)
    if chosen.status is Compiled.ACCEPTED:
        wanted = f"wants {', '.join(sorted(stated))}, compiles" if stated else "compiles"
        return replace(found, reason=Reason.COMPILES_THOUGH_IT_SHOULD_FAIL, message=wanted)
    seen = ", ".join(codes) or summary_of(errors)
    if stated <= set(codes):
        note = "" if stated else f"fails with {seen}; the block states no code"
        return replace(found, reason=Reason.FAILS_AS_STATED, message=note)
    wants = f"wants {', '.join(sorted(stated))}, fails with {seen}"
    return replace(found, reason=Reason.FAILED_FOR_ANOTHER_REASON, message=wants)


def judge_errors(expectation: Expectation, observed: Observed, chosen: Attempt) -> Verdict:
    """A block that should have compiled, and whose fault it is that it does not."""
    errors = chosen.errors
    more = () if observed.more is None else hidden_errors(errors, observed.more.diagnostics)
    every = errors + more
    blank = blank_verdict(expectation.snippet, Reason.COMPILE_ERROR, summary_of(every))
    found = replace(blank, codes=codes_of(every), diagnostics=every)
    if _passes_charitably(observed):
        assumption = expectation.settings.assumption or "the charitable reading"
        return replace(found, reason=Reason.COMPILES_ONLY_IF, message=assumption)
    if observed.syntax_alone is not None and observed.syntax_alone.status is Compiled.REJECTED:
        read = errors_of(observed.syntax_alone)
        syntax = placed(read, expectation.snippet, observed.syntax_alone.unit.edition)
        return replace(
            found,
            reason=Reason.NOT_RUST,
            message=summary_of(syntax),
            codes=codes_of(syntax),
            diagnostics=syntax,
        )
    damaged = sorted({error.text for error in every if error.code in _DAMAGED_CRATE})
    if damaged:
        told = f"{damaged[0]}; run `harness clean` if a crate of the cache is damaged"
        return replace(found, reason=Reason.DEPENDENCY_BROKEN, message=told)
    if _asks_the_environment(every, expectation):
        return replace(found, reason=Reason.NEEDS_ENVIRONMENT, message=_environment_message(every))
    missing = missing_names(every, crate_names(chosen))
    is_hiding = observed.more is None and any(is_about_a_name(e) for e in errors)
    could_be_stubs = leans_on_a_stub(chosen, expectation)
    if missing is not None and not (could_be_stubs and _imports_all_of_a_stub(chosen)):
        reason = Reason.UNKNOWN_CRATE if missing.crates else Reason.NEEDS_CONTEXT
        names = missing.crates or missing.others
        told = f"{'no crate' if missing.crates else 'not defined:'} {', '.join(names)}"
        return replace(found, reason=reason, names=names, message=told, is_incomplete=is_hiding)
    if could_be_stubs:
        return stub_lacks(found, chosen, f"fails against the stub of {{}}: {summary_of(every)}")
    return replace(found, is_incomplete=is_hiding)


def leans_on_a_stub(chosen: Attempt, expectation: Expectation) -> bool:
    """Whether a stub, as wide as it was never checked to be, could be what is at fault."""
    return chosen.unit.base.weakest is Dependencies.STUB and not expectation.stubs_checked


def ran_into_a_stub(run: Run, chosen: Attempt) -> bool:
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


def stub_lacks(found: Verdict, chosen: Attempt, told: str) -> Verdict:
    """Could not tell: a stub may be at fault; `told` has a place for its name."""
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
