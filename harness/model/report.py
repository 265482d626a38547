"""All verdicts of a run, and the environment that they were made in."""

from dataclasses import field
from typing import TYPE_CHECKING

from harness.model.baseline import BaselineState
from harness.model.packing import PackingCount
from harness.model.values import dataclass
from harness.model.verdict import Verdict

if TYPE_CHECKING:
    from harness.model.bench import BenchRow


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
    image: str = ""
    """The id of the image that containers were made of; empty where none were."""
    packages: tuple[str, ...] = ()
    """What is installed in the image: name and version."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Files that were not read, counted by cause."""

    cause: str
    count: int
    names: tuple[str, ...] = ()
    """Some of them, or the folders that hold them."""


@dataclass(frozen=True, slots=True)
class JudgedDocument:
    """A document of a run, as a baseline needs to know it."""

    id: str
    home: str
    """The folder that its baseline stands in, absolute."""
    is_walked: bool
    """It was found by walking a folder or a book, not named itself."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a run looked at: by it a baseline tells what is gone from what was not judged."""

    documents: tuple[JudgedDocument, ...] = ()
    walked: tuple[str, ...] = ()
    """The folders that were named and walked, absolute."""
    passed_over: tuple[str, ...] = ()
    """Ids of documents that exist and were left out, and what such ids begin with."""
    is_selected: bool = False
    """Only some of the documents' blocks were judged."""


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
    """How many times the compiler was started for units; one start can compile many."""
    notes: tuple[str, ...] = ()
    """What a reader of the report must know besides the verdicts."""
    scope: Scope = Scope()
    baselines: tuple[BaselineState, ...] = ()
    """How the run stands to each baseline that it was held against."""
    benches: "tuple[BenchRow, ...]" = ()
    """What was measured, in the order of the documents."""
    compared: tuple[str, ...] = ()
    """How the run stands to a saved one, a line a figure."""
    host: tuple[tuple[str, str], ...] = ()
    """Of a run that measured: the machine, in words."""
    packing: PackingCount = field(default_factory=PackingCount)
    """How the units were compiled."""
