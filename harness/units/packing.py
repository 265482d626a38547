"""Requests in, the crates that they are compiled as out."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from harness.model.unit import Base, Depth, Request
from harness.model.values import dataclass
from harness.units.alone import Alone
from harness.units.grammar_probe import is_grammar_unit
from harness.units.routing import reason_to_go_alone

CRATE_SIZE = 500
"""Units of one crate at most: the cost of a unit is level from 300 to 1,000, and memory is not."""
_WORTH_A_CRATE = 40
"""Fewer units than this are not split for the sake of another core."""


@dataclass(frozen=True, slots=True)
class Packed:
    """What is compiled together, and what is not."""

    crates: tuple[tuple[Request, ...], ...]
    """Each of at least two units, which differ in their text only."""
    alone: tuple[tuple[Request, Alone], ...]


def pack(
    requests: Iterable[Request],
    workers: int = 1,
    trusted: Mapping[Base, frozenset[str]] | None = None,
) -> Packed:
    """Which units share a crate when they are compiled.

    Only units of one edition, one base, one depth, one kind of crate, one environment and one
    expectation do, with test code or without. `trusted` says for a base which of its names stand
    for known crates.
    """
    known = trusted or {}
    shared: dict[tuple[object, ...], list[Request]] = {}
    alone: list[tuple[Request, Alone]] = []
    for request in requests:
        reason = _reason(request, known.get(request.unit.base, frozenset()))
        if reason is not None:
            alone.append((request, reason))
        else:
            shared.setdefault(_key(request), []).append(request)
    crates: list[tuple[Request, ...]] = []
    for members in shared.values():
        if len(members) == 1:
            alone.append((members[0], Alone.LEFT_OVER))
        else:
            wanted = min(workers, len(members) // _WORTH_A_CRATE)
            crates += split(members, max(1, wanted, -(-len(members) // CRATE_SIZE)))
    return Packed(tuple(crates), tuple(alone))


def split(members: Sequence[Request], parts: int) -> list[tuple[Request, ...]]:
    """Members in `parts` runs of nearly the same length, empty ones left out."""
    edges = [len(members) * part // parts for part in range(parts + 1)]
    runs = (tuple(members[a:b]) for a, b in pairwise(edges))
    return [run for run in runs if run]


def _reason(request: Request, trusted: frozenset[str]) -> Alone | None:
    if request.unit.with_tests and request.depth is Depth.LINK:
        return Alone.TEST_CODE  # the compiler's own program runs its tests, all of a crate's
    return reason_to_go_alone(request.unit, trusted)


def _key(request: Request) -> tuple[object, ...]:
    unit = request.unit
    kind = request.depth, unit.crate_type, unit.with_tests, request.is_expected_to_fail
    return unit.edition, unit.base, kind, is_grammar_unit(unit), unit.environment
