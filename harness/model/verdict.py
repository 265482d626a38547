"""What is decided: diagnostics, the basis, and the verdict on one snippet."""

from dataclasses import field
from enum import Enum

from harness.model.baseline import Standing
from harness.model.reasons import Level, Outcome, Reason
from harness.model.values import dataclass


class Dependencies(Enum):
    """What the crates were that a verdict rests on, from strong to weak."""

    NONE = "none"
    REAL = "real"
    STUB = "stub"
    FICTIONAL = "fictional"


class Context(Enum):
    """What stood around the snippet that its block does not hold."""

    NONE = "none"
    GIVEN = "given"
    """Earlier blocks of the page, a context file, or a file that the configuration names."""
    ADDED = "added"
    """Something that the harness made: a function around the text, a declaration."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What a verdict rests on."""

    dependencies: Dependencies = Dependencies.NONE
    context: Context = Context.NONE
    crates: tuple[str, ...] = ()
    """`name version kind` of each crate that the unit could name, sorted."""
    steps: tuple[str, ...] = ()
    """What was put around the snippet, in words, in order."""


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a file that a person can open; columns count Unicode scalar values."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    included_at: str | None = None
    """`document:line` where the file was included, if the place is in included text."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One message of the compiler, or one panic, at its place in the document."""

    level: str
    """`error`, `warning`, or `panic`."""
    code: str | None
    text: str
    position: Position
    labels: tuple[str, ...] = ()
    """What the compiler says at the marked place, and its notes and helps, in order."""
    source: str = ""
    """The line of the file at `position`, as the compiler saw it."""
    marked: str = ""
    """The text that the compiler points at, as far as it stands on one line."""
    path_before: str = ""
    """The path before the marked text on its line: `a::b` where `c` of `a::b::c` is marked."""
    in_context: bool = False
    """The place is not in the snippet: a context file, an earlier block, or nobody's text."""
    macros: tuple[str, ...] = ()
    """Names of the macros whose expansion the place is in, from the inside out."""
    is_macro_name: bool = False
    """The marked text is the name of a macro, an attribute or a derive that is not known."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One expectation held against what was observed."""

    id: str
    kind: str
    """`snippet`, `contract` or `document`."""
    path: str
    line: int
    column: int
    reason: Reason
    message: str = ""
    as_rustdoc: str | None = None
    """`PASS` or `FAIL` of the block alone, as rustdoc has it; None where it runs no test."""
    codes: tuple[str, ...] = ()
    """Error codes, sorted, each once."""
    basis: Basis = field(default_factory=Basis)
    info: str = ""
    diagnostics: tuple[Diagnostic, ...] = ()
    is_incomplete: bool = False
    """Errors that were found may hide others."""
    names: tuple[str, ...] = ()
    """For `needs-context` and `unknown-crate`: the names that are missing, sorted."""
    cure: str = ""
    """The next step for just this verdict; empty where the reason's own is all there is."""
    level: Level | None = None
    """The level after `--deny` and `--allow`; None: the reason's own."""
    content_hash: str = ""
    """SHA-256 of the tested text and its info string."""
    standing: Standing | None = None
    """How the finding stands to the baseline; None where it is held against none."""

    @property
    def outcome(self) -> Outcome:
        """The outcome that the reason belongs to."""
        return self.reason.outcome

    @property
    def effective_level(self) -> Level:
        """What the verdict does to CI in this run."""
        return self.reason.level if self.level is None else self.level
