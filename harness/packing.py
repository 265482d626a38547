"""Units in, the crates that they are compiled as out."""

from collections.abc import Iterable

from harness.model.unit import Unit


def pack(units: Iterable[Unit]) -> tuple[tuple[Unit, ...], ...]:
    """Which units share a crate when they are compiled: for now, each is a crate of its own."""
    return tuple((unit,) for unit in units)
