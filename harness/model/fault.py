"""A seeded fault of a contract."""

from harness.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """A change of the page's code that one test of the contract must notice."""

    line: str
    """The promise, as `Q7.1`."""
    test: str
    find: str
    """Occurs once in the page's Rust."""
    replacement: str
    why: str
