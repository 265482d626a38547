"""What is known of crates: real ones with versions and features, and stubs."""

from collections.abc import Mapping
from dataclasses import field
from pathlib import Path

from harness.model.values import dataclass
from harness.model.verdict import Dependencies


@dataclass(frozen=True, slots=True)
class Stub:
    """A crate of ours that stands for a real one."""

    name: str
    """As code names it."""
    package: str
    version: str
    kind: Dependencies
    """STUB for a faithful one, FICTIONAL where what it stands for does not exist."""
    why: str
    environment_macros: frozenset[str] = frozenset()
    """Macros that ask something outside, such as a database, while they expand."""


@dataclass(frozen=True, slots=True)
class Registry:
    """The real crates that may be named without being declared, and the stubs.

    Names are as code has them, with underscores.
    """

    real: Mapping[str, tuple[str, Mapping[str, object]]] = field(default_factory=dict)
    """Name → (name in a manifest, dependency table in Cargo's syntax)."""
    light: frozenset[str] = frozenset()
    """Crates that build within seconds."""
    stubs: Mapping[str, Stub] = field(default_factory=dict)
    stub_folder: Path | None = None
    """Where the stubs' packages are, one folder a package; None where there are none."""

    @property
    def environment_macros(self) -> frozenset[str]:
        """Macros of any crate that ask something outside while they expand."""
        return frozenset[str]().union(*(stub.environment_macros for stub in self.stubs.values()))

    @property
    def asking_crates(self) -> frozenset[str]:
        """The crates that those macros are of."""
        return frozenset(name for name, stub in self.stubs.items() if stub.environment_macros)
