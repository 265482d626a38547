"""The bound claims as values, and what the caller adds to them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import field
from fractions import Fraction

from harness.claims.values import ClaimKind, ClaimReason
from harness.model.bench import Stated
from harness.model.values import dataclass


@dataclass(frozen=True, slots=True)
class FigureName:
    """How a configuration names numbers: their text, and which of those with this text.

    Written `TEXT`, `TEXT@2`, `TEXT@1,3`, `TEXT@*` (all), or `HEADING:: TEXT@2` for another
    question than the claim's own.
    """

    text: str
    which: tuple[int, ...] = (1,)
    """Occurrences, from 1; empty for all."""
    question: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """How the audit counts the document. Patterns are regular expressions over its raw lines.

    `headings`: headings whose title has the pattern; `lines`: lines; `distinct`: different
    texts of the pattern's first group; `blocks`: fences whose info string begins so;
    `sections`: headings with that pattern, of which those whose lines have `with` and have not
    `without`. `under` bounds all of them to one heading.
    """

    what: str
    pattern: str
    having: str = ""
    lacking: str = ""
    under: str = ""
    words: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Binding:
    """One bound claim."""

    name: str
    kind: ClaimKind
    quote: str = ""
    question: str = ""
    sha256: str = ""
    figures: tuple[FigureName, ...] = ()
    formula: str = ""
    given: tuple[tuple[str, FigureName], ...] = ()
    counts: tuple[tuple[str, Count], ...] = ()
    is_same: bool = False
    """All figures must be equal."""
    is_unsigned: bool = False
    """For equal figures: a minus sign is no difference, as where a cost is written with one."""
    times: int | None = None
    """How many figures the names must find."""
    part: int = 0
    """For a figure `n/m`: 1 takes n, 2 takes m."""
    unit: str = ""
    bench: str = ""
    contract: str = ""
    evidence: str = ""
    code: tuple[str, ...] = ()
    """Files, folders or globs that the evidence measures; empty: the Cargo project around it."""
    reason: str = ""
    statistic: str = ""
    """What of the bench it states: `p99`, `mean`, …; empty: what the bench's kind measures."""
    cores: int = 1
    side: str = ""
    """`at most`, `at least` or `about`; empty: by its sign or its dimension."""
    tolerance: Fraction | None = None
    """A share of the stated value."""
    line: int = 0
    """Of the comment in the document that holds it; 0 for the configuration."""

    @property
    def identifier(self) -> str:
        """The name as formulas write it."""
        return identifier(self.name)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A result file's text, and what the caller knows of it; times are ISO 8601 in UTC."""

    text: str
    written: str = ""
    commit: str = ""
    """What is said of the commit that holds it, or that it was made on."""
    code_written: str = ""
    """When the code that it measures was last changed, if that was after it was written."""
    code: str = ""
    """The file that changed."""
    fault: str = ""
    """Why it cannot be held against its code."""


def no_evidence(_: Binding) -> Evidence | None:
    """No result file is at hand."""
    return None


@dataclass(frozen=True, slots=True)
class ClaimSettings:
    """What the audit knows besides the document."""

    claims: tuple[Binding, ...] = ()
    read_blocks: tuple[str, ...] = ()
    """Headings whose fences are read as prose."""
    evidence: Callable[[Binding], Evidence | None] = no_evidence
    """Reads the result file that a claim names."""
    measured: Mapping[str, Callable[[Stated], tuple[ClaimReason, str]]] = field(
        default_factory=dict
    )
    """By a claim's name: holds what it states now against what its bench measured, with why."""
    decided: Mapping[str, str] = field(default_factory=dict)
    """Reason of the last report's verdict on a bench or contract, by its id."""
    numbers: Mapping[str, int] = field(default_factory=dict)
    """Counts of the last report that formulas may name: `snippets`, `snippets_passed`, …"""


def identifier(name: str) -> str:
    """`append p95` → `append_p95`."""
    return re.sub(r"\W+", "_", name).strip("_")
