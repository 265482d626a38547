"""A rejected snippet in, units that tell whether it is Rust at all out.

The compiler parses an item that `#[cfg(any())]` takes away and does nothing else with it, so
such a unit is rejected for the text's grammar alone.
"""

from dataclasses import replace

from harness.model.source import Snippet
from harness.model.unit import Attempt, Base, Compilation, Compiled, CrateType, Origin, Unit
from harness.model.verdict import Basis, Diagnostic, Position
from harness.rust.shape import shape_of
from harness.units.assembly import fence_of

_RUNG = "grammar"
_AS_STATEMENTS = ("#[cfg(any())] fn _text() {", "}", "fn main() {}")
_AS_ITEMS = ("#[cfg(any())] mod _text {", "}", "fn main() {}")


_LEXER_CODES = frozenset({"E0748", "E0758", "E0762", "E0763", "E0765", "E0766", "E0768"})
"""Texts that never end: strings, characters, comments."""


def needs_grammar_probe(chosen: Attempt, known: Compilation | None) -> bool:
    """Whether a text was rejected with an error that could be one of grammar.

    Such an error has no code, or one of the lexer's. False once one way of reading the text was
    found to hold.
    """
    if known is not None:
        return known.status is Compiled.REJECTED
    return chosen.status is Compiled.REJECTED and any(
        (d.code is None and not d.is_macro_name and not d.in_context) or d.code in _LEXER_CODES
        for d in chosen.errors
    )


def is_grammar_unit(unit: Unit) -> bool:
    """Whether nothing but a unit's grammar is looked at."""
    return unit.rung == _RUNG


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
        rung=_RUNG,
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


def better_reading(first: Compilation | None, second: Compilation) -> Compilation:
    """Of two ways to read a text, the one that holds, else the one that gets further."""
    if first is None or second.status is Compiled.ACCEPTED:
        return second
    if first.status is Compiled.ACCEPTED:
        return first
    return second if _first_place(second) > _first_place(first) else first


def _first_place(compilation: Compilation) -> tuple[int, int]:
    fence = compilation.unit.fence
    return min(
        (
            (d.position.line, d.position.column)
            for d in compilation.diagnostics
            if d.level == "error" and d.position != fence
        ),
        default=(0, 0),
    )


def placed(
    errors: tuple[Diagnostic, ...], snippet: Snippet, edition: str
) -> tuple[Diagnostic, ...]:
    """Errors that point at no line of the block, put at the bracket that has no partner."""
    tokens = shape_of(snippet.code, edition).tokens
    at = tokens.early_close if tokens.early_close is not None else tokens.imbalance
    fence = fence_of(snippet)
    if at is None:
        return errors
    row, column = tokens.place(tokens.tokens[at].start)
    line = snippet.lines[min(row, len(snippet.lines)) - 1]
    shown = line.column(column)
    position = Position(line.path, line.line, shown, line.line, shown + 1)
    if tokens.early_close is not None:
        # What comes after it is compiled outside of what was to hold it: those errors say nothing.
        message = "this bracket closes nothing"
        return (Diagnostic("error", None, message, position, source=line.text),)
    return tuple(
        replace(error, position=position, source=line.text) if error.position == fence else error
        for error in errors
    )
