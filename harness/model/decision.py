"""What a run decided, as far as claims may rest on it."""

from harness.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Decision:
    """One verdict of a report, as far as claims may rest on it."""

    id: str
    kind: str
    """`contract`, `bench`, …"""
    outcome: str
    reason: str
    message: str
    """A contract's begins with its promise: `Q7.1 opens on the fifth failure`."""
