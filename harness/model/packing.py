"""How the units of a run were compiled, counted."""

from harness.model.values import dataclass


@dataclass(frozen=True, slots=True)
class PackingCount:
    """How units were compiled: nothing goes alone without a word."""

    packed: int = 0
    """Units whose verdict comes from a crate that they shared."""
    alone: tuple[tuple[str, int], ...] = ()
    """Units that were compiled alone, by reason, the most frequent first."""
    shared_compilations: int = 0
    """How many times the compiler was started for a crate of several units."""
    units: int = 0
    """Units that were compiled in this run."""
    recalled: int = 0
    """Units that were not compiled, because nothing changed since an earlier run."""
    unhashed: int = 0
    """Units compiled in every run, because something that they depend on cannot be hashed."""
