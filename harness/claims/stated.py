"""A document and a claim that names a bench in, what is held against the bench out."""

from collections.abc import Sequence
from fractions import Fraction

from harness.claims.arithmetic import amount
from harness.claims.bindings import Binding
from harness.claims.locate import AmbiguousError, Document, NotFoundError, locate
from harness.claims.quantity import Quantity
from harness.claims.values import ClaimReason, Spot
from harness.model.bench import Dimension, Side, Stated
from harness.model.values import dataclass
from harness.model.verdict import Position

_SIDES = {side.value: side for side in Side}
_SIGNS = {
    "<": Side.AT_MOST,
    "≤": Side.AT_MOST,
    "<=": Side.AT_MOST,
    ">": Side.AT_LEAST,
    "≥": Side.AT_LEAST,
    ">=": Side.AT_LEAST,
    "~": Side.ABOUT,
    "≈": Side.ABOUT,
}
_DIMENSIONS = {
    (("time", 1),): Dimension.TIME,
    (("time", -1),): Dimension.RATE,
    (): Dimension.PLAIN,
}
_USUAL = {Dimension.TIME: Side.AT_MOST, Dimension.RATE: Side.AT_LEAST}
_ABOUT_TOLERANCE = 0.1
"""For a value that is stated as "about"; a bound has none."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A claim that names a bench and cannot be held against one."""

    name: str
    reason: ClaimReason
    message: str


def stated_claim(document: Document, binding: Binding) -> Stated | Unreadable:
    """What one claim states, or why it cannot be held against a bench."""
    try:
        spots = locate(document, binding)
    except NotFoundError as error:
        return Unreadable(binding.name, ClaimReason.QUOTE_NOT_FOUND, str(error))
    except AmbiguousError as error:
        return Unreadable(binding.name, ClaimReason.UNREADABLE_CLAIM, str(error))
    quantity = document.statement(spots[0]).found[spots[0][1]].quantity
    if quantity is None:
        return Unreadable(binding.name, ClaimReason.UNREADABLE_CLAIM, "the figure is no quantity")
    return _held(document, binding, spots, quantity)


def _held(
    document: Document, binding: Binding, spots: Sequence[Spot], quantity: Quantity
) -> Stated | Unreadable:
    found = amount(quantity)
    dimension = _DIMENSIONS.get(found.dimensions)
    if dimension is None:
        message = f"`{quantity.text}` is no time, rate or plain number"
        return Unreadable(binding.name, ClaimReason.DIMENSION_ERROR, message)
    side = _side(binding, quantity, dimension)
    if side is None:
        message = 'say on which `side` it must lie: "at most", "at least" or "about"'
        return Unreadable(binding.name, ClaimReason.UNREADABLE_CLAIM, message)
    usual = Fraction(_ABOUT_TOLERANCE) if side is Side.ABOUT else Fraction(0)
    statement = document.statement(spots[0])
    at = statement.found[spots[0][1]]
    line, column = statement.passage.place(at.start)
    return Stated(
        name=binding.name,
        bench=binding.bench,
        figure=quantity.text.strip(),
        value=float(found.value),
        dimension=dimension,
        side=side,
        tolerance=float(usual if binding.tolerance is None else binding.tolerance),
        statistic=binding.statistic,
        cores=binding.cores,
        place=Position(document.path, line, column, line, column + len(at.text)),
    )


def _side(binding: Binding, quantity: Quantity, dimension: Dimension) -> Side | None:
    """As the claim says, as its sign says, or as its dimension is usually meant."""
    if binding.side:
        return _SIDES[binding.side]
    return _SIGNS.get(quantity.comparison.strip()) or _USUAL.get(dimension)
