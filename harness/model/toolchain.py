"""A Rust toolchain."""

from pathlib import Path

from harness.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Toolchain:
    """A compiler and its Cargo, called directly, without rustup in between."""

    rustc: Path
    cargo: Path
    version: str
    """`1.95.0`."""
    verbose: str
    """All of `rustc -vV`."""
    target: str
