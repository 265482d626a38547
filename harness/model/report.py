"""All verdicts of a run, and the environment that they were made in."""

from dataclasses import dataclass

from harness.model.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Environment:
    """What the verdicts depend on besides the documents."""

    harness: str
    rustc: str
    target: str
    runner: str
    deps: str
    context: str
    verb: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Files that were not read, counted by cause."""

    cause: str
    count: int


@dataclass(frozen=True, slots=True)
class Report:
    """What a run says."""

    environment: Environment
    verdicts: tuple[Verdict, ...]
    editions: tuple[str, ...]
    """`2021 (book.toml)`: each edition in force and where it comes from."""
    documents: int
    left_out: tuple[LeftOut, ...]
    seconds: float
    compilations: int
    """How many times the compiler was started for a unit."""
    notes: tuple[str, ...] = ()
    """What a reader of the report must know besides the verdicts."""
