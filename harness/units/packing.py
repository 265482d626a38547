"""Requests in, the crates that they are compiled as out."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from harness.model.unit import Depth, Request
from harness.units.alone import Alone
from harness.units.grammar_probe import is_grammar_unit
from harness.units.routing import reason_to_go_alone

CRATE_SIZE = 500
"""Units of one crate at most: the cost of a unit is level from 300 to 1,000, and memory is not."""
_WORTH_A_CRATE = 40
"""Fewer units than this are not split for the sake of another core."""


class Packing:
    """Which units share a crate when they are compiled, told as soon as enough of them are known.

    Only units of one edition, one base, one depth, one kind of crate, one environment and one
    expectation do, with test code or without.
    """

    def __init__(self, expected: int, workers: int) -> None:
        """`expected`: about how many units there will be, for `workers` compilers."""
        self._workers = workers
        crates = min(workers, expected // _WORTH_A_CRATE)
        self._full = min(-(-expected // crates), CRATE_SIZE) if crates > 1 else CRATE_SIZE
        self._shared: dict[tuple[object, ...], list[Request]] = {}
        self._begun: Counter[tuple[object, ...]] = Counter()

    def add(self, request: Request) -> tuple[Request, ...]:
        """Take a unit that may share a crate; its crate, if that is full with it."""
        key = _key(request)
        members = self._shared.setdefault(key, [])
        members.append(request)
        if len(members) < self._full:
            return ()
        self._begun[key] += 1
        return tuple(self._shared.pop(key))

    def rest(self) -> Iterator[tuple[Request, ...]]:
        """The crates of all others; some of one unit, which has nothing to share with."""
        for key, members in self._shared.items():
            free = self._workers - self._begun[key] % self._workers
            yield from split(members, max(1, min(free, len(members) // _WORTH_A_CRATE)))


def reason(request: Request, trusted: frozenset[str] = frozenset()) -> Alone | None:
    """Why a unit goes alone; None where it may share a crate.

    `trusted` says which names of its base stand for known crates.
    """
    if request.unit.with_tests and request.depth is Depth.LINK:
        return Alone.TEST_CODE  # the compiler's own program runs its tests, all of a crate's
    return reason_to_go_alone(request.unit, trusted)


def split(members: Sequence[Request], parts: int) -> list[tuple[Request, ...]]:
    """Members in `parts` runs of nearly the same length, empty ones left out."""
    edges = [len(members) * part // parts for part in range(parts + 1)]
    runs = (tuple(members[a:b]) for a, b in pairwise(edges))
    return [run for run in runs if run]


def _key(request: Request) -> tuple[object, ...]:
    unit = request.unit
    kind = request.depth, unit.crate_type, unit.with_tests, request.is_expected_to_fail
    return unit.edition, unit.base, kind, is_grammar_unit(unit), unit.environment
