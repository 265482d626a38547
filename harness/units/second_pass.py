"""A rejected unit in, the same without the bodies that failed out, to look for hidden errors.

A function's body can be taken away without changing what anything else means, as long as its
signature says its type: what fails then, fails in the block too.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from harness.model.source import SourceLine
from harness.model.unit import Attempt, Compiled, CrateType, Unit
from harness.model.verdict import Diagnostic, Position
from harness.rust.shape import shape_of

_EMPTY = " loop {} "
_OPAQUE = re.compile(r"->[^;{]*\bimpl\b")
_Place = tuple[int, int]
"""Line and column of the code, from 0."""


def without_failing_bodies(attempt: Attempt) -> Unit | None:
    """The unit with each failing function's body replaced by an endless loop.

    None where that would not be sound, or would tell nothing: an error outside every body, a
    body whose type the signature leaves open, a text that does not parse, a macro crate.
    """
    unit = attempt.unit
    code = "".join(line.text + "\n" for line in unit.sources[0])
    if attempt.status is not Compiled.REJECTED or unit.crate_type is CrateType.PROC_MACRO:
        return None
    shape = shape_of(code, unit.edition)
    if shape.tokens.imbalance is not None:
        return None
    bodies = [body for body in shape.bodies if not _is_opaque(code, body[0])]
    failing = set()
    for error in attempt.errors:
        place = _code_place(error, unit.sources[0])
        body = next((b for b in bodies if place and _holds(code, b, place)), None)
        if body is None:
            return None
        failing.add(body)
    emptied = unit.text.split("\n")
    for start, end in sorted(failing):
        _empty(emptied, unit, _place(code, start), _place(code, end))
    return replace(unit, text="\n".join(emptied), rung=f"{unit.rung}, second pass")


def hidden_errors(
    first: Iterable[Diagnostic], second: Iterable[Diagnostic]
) -> tuple[Diagnostic, ...]:
    """The errors of the second pass that the first did not show, in the snippet itself."""
    seen = {(error.code, error.position.path, error.position.line) for error in first}
    return tuple(
        error
        for error in second
        if error.level == "error"
        and not error.in_context
        and (error.code, error.position.path, error.position.line) not in seen
    )


def _is_opaque(code: str, start: int) -> bool:
    """Whether the function whose body begins at `start` returns a type that its body decides."""
    head = code[:start].rpartition("fn ")[2]
    return bool(_OPAQUE.search(head))


def _code_place(error: Diagnostic, lines: tuple[SourceLine, ...]) -> _Place | None:
    at: Position = error.position
    if error.in_context:
        return None
    for number, line in enumerate(lines):
        if line.path == at.path and line.line == at.line:
            shift = next((s for start, s in reversed(line.shifts) if at.column - s >= start), 0)
            return number, max(0, at.column - shift - 1)
    return None


def _place(code: str, offset: int) -> _Place:
    before = code[:offset]
    return before.count("\n"), offset - (before.rfind("\n") + 1)


def _holds(code: str, body: tuple[int, int], place: _Place) -> bool:
    return _place(code, body[0]) <= place < _place(code, body[1])


def _empty(lines: list[str], unit: Unit, start: _Place, end: _Place) -> None:
    """Blank what stands between two places of the snippet in the unit's lines."""
    for number, origin in enumerate(unit.origins):
        if origin is None or origin.source != 0 or not start[0] <= origin.line <= end[0]:
            continue
        text = lines[number]
        first = max(0, start[1] - origin.shift) if origin.line == start[0] else 0
        last = max(0, end[1] - origin.shift) if origin.line == end[0] else len(text)
        filling = _EMPTY if origin.line == start[0] else ""
        lines[number] = text[:first] + filling.ljust(last - first) + text[last:]
