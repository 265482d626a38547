"""What is compiled and run: bases, units, and what was observed of them."""

from enum import Enum
from pathlib import PurePath

from harness.model.command import Bound
from harness.model.source import SourceLine
from harness.model.values import dataclass
from harness.model.verdict import Basis, Dependencies, Diagnostic, Position


@dataclass(frozen=True, slots=True)
class CrateSpec:
    """One dependency of a base: how Cargo is told of it, and what stands behind the name."""

    name: str
    """As code names it, with underscores."""
    key: str
    """As the manifest names it."""
    kind: Dependencies
    version: str
    table: tuple[tuple[str, object], ...]
    """The dependency's table in Cargo's own syntax, sorted by key."""
    id: str = ""
    """What Cargo calls a crate of the project around the document; empty for any other."""


@dataclass(frozen=True, slots=True)
class Base:
    """One set of dependencies, shared by all units with just that set; empty for std alone."""

    crates: tuple[CrateSpec, ...] = ()
    lock: str = ""
    """The lock file that its resolution starts from; empty for the registry's own."""
    project: str = ""
    """The generated workspace by which it uses the crates of a Cargo project; empty for none."""
    ambiguous: tuple[str, ...] = ()
    """For each name that the project gives to several crates, what it may mean, in words."""
    profile: str = ""
    """`release` for what is timed; empty for what is only compiled or tested."""

    @property
    def weakest(self) -> Dependencies:
        """The weakest kind among the crates."""
        order = tuple(Dependencies)
        return max(
            (crate.kind for crate in self.crates), key=order.index, default=Dependencies.NONE
        )


@dataclass(frozen=True, slots=True)
class Origin:
    """Where one line of a unit comes from: the snippet's line and the columns' shift."""

    line: int
    """0-based index into the lines of `source`."""
    shift: int
    """Added to a unit's column it gives the source line's column."""
    source: int = 0
    """Index into `Unit.sources`."""


class CrateType(Enum):
    """What rustc makes of a unit."""

    BIN = "bin"
    LIB = "lib"
    PROC_MACRO = "proc-macro"


class Depth(Enum):
    """How far a unit is compiled."""

    METADATA = "metadata"
    """As rustdoc does for `no_run`."""
    MIR = "mir"
    """Also what code generation would see, without a linker."""
    LINK = "link"
    """A program that can run."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One Rust source made from a snippet and its context, with the way back."""

    snippet_id: str
    rung: str
    """The step of the ladder: `rustdoc`, `crates`, `shape`, `document`, `context` …"""
    text: str
    origins: tuple[Origin | None, ...]
    """For each line of `text`; None for lines that are nobody's."""
    sources: tuple[tuple[SourceLine, ...], ...]
    """The texts that it was made from: the snippet first, then what stands around it."""
    fence: Position
    """Where the snippet's block begins: the place of what has no other place."""
    edition: str
    crate_type: CrateType
    with_tests: bool
    base: Base
    basis: Basis
    environment: tuple[tuple[str, str], ...] = ()
    is_runnable: bool = True
    """Running the program runs the snippet; a library, or a main that calls nothing, does not."""
    lacks_crates: bool = False
    """The text names crates that could be given to it, and this unit was not given them."""
    dropped: Position | None = None
    """Where the text begins that rustdoc silently leaves out of its program; None if nowhere."""


@dataclass(frozen=True, slots=True)
class Request:
    """One unit to compile, and how far."""

    unit: Unit
    depth: Depth
    seconds: float
    is_expected_to_fail: bool = False
    """The block's attributes say that it does not compile."""
    is_shown: bool = True
    """What the compiler says of it may be shown; else it is enough to know that it refuses it."""


class Compiled(Enum):
    """What the compiler's end says."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    TIMED_OUT = "timed-out"
    CRASHED = "crashed"
    STOPPED = "stopped"
    """A bound of its surroundings ended the compiler."""
    NO_EVIDENCE = "no-evidence"
    BASE_BROKEN = "base-broken"
    PROJECT_BROKEN = "project-broken"
    """The Cargo project around the document, not a crate besides it."""


@dataclass(frozen=True, slots=True)
class Selector:
    """What makes a program that holds several units run one of them."""

    variable: str
    """The variable that chooses; the program takes it away before the unit's main runs."""
    value: str
    file: str
    """The name under which the program knows the unit's text."""


@dataclass(frozen=True, slots=True)
class Compilation:
    """What compiling one unit showed."""

    unit: Unit
    status: Compiled
    diagnostics: tuple[Diagnostic, ...] = ()
    detail: str = ""
    """The last words of a compiler that crashed, or of a base that did not build."""
    program: PurePath | None = None
    """The program, where one was linked."""
    selector: Selector | None = None
    """For a program that holds several units; None for a program of the unit's own."""
    messages: bytes = b""
    """What the compiler wrote, as it wrote it."""
    bound: Bound | None = None
    """What stopped the compiler, where something did."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One step of the ladder: a unit, and the same with its test code, where it has any."""

    compilation: Compilation
    tests: Compilation | None = None

    @property
    def unit(self) -> Unit:
        """The unit that was tried."""
        return self.compilation.unit

    @property
    def deciding(self) -> Compilation:
        """The compilation that says how the attempt went: the first that was not accepted."""
        if self.tests is not None and self.compilation.status is Compiled.ACCEPTED:
            return self.tests
        return self.compilation

    @property
    def status(self) -> Compiled:
        """Accepted only if the test code was, too."""
        return self.deciding.status

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The errors of what was not accepted."""
        return tuple(d for d in self.deciding.diagnostics if d.level == "error")


class Ended(Enum):
    """How a run ended."""

    SUCCESS = "success"
    FAILURE = "failure"
    SIGNAL = "signal"
    TIMED_OUT = "timed-out"
    TOO_MUCH_OUTPUT = "too-much-output"
    NOT_STARTED = "not-started"


@dataclass(frozen=True, slots=True)
class Run:
    """What running one unit's program showed."""

    ended: Ended
    status: int
    """The exit status, or the number of the signal."""
    panics: tuple[Diagnostic, ...]
    output: str
    """The last part of what was written, with names of the document put in."""
    seconds: float
    bound: Bound | None = None
    """The bound that the program met, where its surroundings tell."""
