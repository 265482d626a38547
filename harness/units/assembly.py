"""A snippet and a program made of it in, a unit out."""

from dataclasses import replace

from harness.model.source import Snippet
from harness.model.unit import Base, CrateType, Origin, Unit
from harness.model.verdict import Basis, Context, Position
from harness.rust import program
from harness.units.dependencies import describe


def rustdoc_unit(snippet: Snippet, edition: str) -> Unit:
    """The block alone, as rustdoc compiles it."""
    made = program.as_rustdoc(snippet.code, edition, test_harness=snippet.attributes.test_harness)
    unit = unit_of(snippet, made, edition, Base(), Basis(), "rustdoc")
    return replace(unit, dropped=_dropped(snippet, made))


def _dropped(snippet: Snippet, made: program.Program) -> Position | None:
    if not made.left_out:
        return None
    before = snippet.code[: made.left_out[0][0]]
    line = snippet.lines[before.count("\n")]
    column = line.column(len(before) - before.rfind("\n"))
    return Position(line.path, line.line, column, line.line, column)


def fence_of(snippet: Snippet) -> Position:
    """Where the block begins."""
    return Position(snippet.path, snippet.line, snippet.column, snippet.line, snippet.column)


def unit_of(
    snippet: Snippet,
    made: program.Program,
    edition: str,
    base: Base,
    basis: Basis,
    rung: str,
) -> Unit:
    """A program made of one snippet, as a unit to compile."""
    return Unit(
        snippet_id=snippet.id,
        rung=rung,
        text=made.text,
        origins=tuple(None if o is None else Origin(o.line, o.shift, o.text) for o in made.origins),
        sources=(snippet.lines,),
        fence=fence_of(snippet),
        edition=edition,
        crate_type=CrateType.BIN,
        with_tests=snippet.attributes.test_harness,
        base=base,
        basis=basis,
    )


def basis_of(base: Base, context: Context, steps: tuple[str, ...]) -> Basis:
    """What a verdict rests on when these crates and steps were added."""
    return Basis(base.weakest, context, describe(base), steps)
