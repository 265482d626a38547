"""Statements of a document in, the rulings of every automatic check out."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from harness.claims.checks.arrows import arrows
from harness.claims.checks.conversions import conversions
from harness.claims.checks.equations import equations
from harness.claims.checks.limits import limits
from harness.claims.checks.own_counts import own_counts
from harness.claims.checks.restated import restated
from harness.claims.checks.totals import totals
from harness.claims.prose import Outline
from harness.claims.values import Ruling, Statement

ON_ONE = (arrows, conversions, limits)
"""Checks that look at one statement at a time."""


def automatic(
    statements: Sequence[tuple[int, Statement]], outline: Outline, lines: Sequence[str]
) -> Iterator[Ruling]:
    """Every ruling that needs no configuration. `lines` is the document, line by line."""
    rounded: set[Fraction] = set()
    for at, statement in statements:
        if len(statement.found) > 1:
            yield from equations(statement, at, rounded)
            for check in ON_ONE:
                yield from check(statement, at)
    yield from totals(statements)
    yield from restated(statements)
    yield from own_counts(statements, outline, lines)
