"""A rejected snippet in, units that tell whether it is Rust at all out.

The compiler parses an item that `#[cfg(any())]` takes away and does nothing else with it, so
such a unit is rejected for the text's grammar alone.
"""

from harness.judge import Expectation, Observed, choose
from harness.ladder import fence_of
from harness.model.source import Snippet
from harness.model.unit import Base, Compiled, CrateType, Origin, Unit
from harness.model.verdict import Basis

_AS_STATEMENTS = ("#[cfg(any())] fn _text() {", "}", "fn main() {}")
_AS_ITEMS = ("#[cfg(any())] mod _text {", "}", "fn main() {}")


def needs_grammar_probe(observed: Observed, expectation: Expectation) -> bool:
    """Whether a text was rejected with an error that could be one of grammar: one without a code.

    False once one way of reading the text was found to hold.
    """
    if expectation.snippet.attributes.compile_fail:
        return False
    known = observed.syntax_alone
    if known is not None:
        return known.status is Compiled.REJECTED
    chosen = choose(observed.attempts, expectation)
    return chosen.status is Compiled.REJECTED and any(
        d.code is None and not d.is_macro_name and not d.in_context
        for d in chosen.errors
    )


def grammar_units(snippet: Snippet, edition: str) -> tuple[Unit, Unit]:
    """The text as a function's body, and as a module's items, with nothing but its grammar seen."""
    first = _unit(snippet, edition, _AS_STATEMENTS)
    return first, _unit(snippet, edition, _AS_ITEMS)


def _unit(snippet: Snippet, edition: str, frame: tuple[str, str, str]) -> Unit:
    before, after, main = frame
    lines = [before, *(line.text for line in snippet.lines), after, main]
    origins = [None, *(Origin(n, 0) for n in range(len(snippet.lines))), None, None]
    return Unit(
        snippet_id=snippet.id,
        rung="grammar",
        text="".join(line + "\n" for line in lines),
        origins=tuple(origins),
        sources=(snippet.lines,),
        fence=fence_of(snippet),
        edition=edition,
        crate_type=CrateType.BIN,
        with_tests=False,
        base=Base(),
        basis=Basis(),
    )
