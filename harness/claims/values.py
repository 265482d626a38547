"""The values of the audit, in the order in which they flow."""

# ruff: noqa: RUF002

from collections.abc import Mapping
from enum import Enum

from harness.claims.label_kinds import LabelKind
from harness.claims.labels import Found
from harness.claims.prose import Passage
from harness.claims.quantity import Quantity
from harness.model.reasons import Level, Outcome
from harness.model.values import dataclass


class ClaimKind(Enum):
    """What sort of statement a number makes (DESIGN §9)."""

    SUM = "sum"
    CONSISTENCY = "consistency"
    LIMIT = "limit"
    MEASURED = "measured"
    REPORTED = "reported"
    BEHAVIOUR = "behaviour"
    COUNT = "count"
    EXTERNAL = "external"
    NONE = "none"
    """Nothing says what the number is."""


class ClaimReason(Enum):
    """Why a claim has its outcome; the values are the names in reports."""

    RIGHT = "claim-right"
    MET = "met"
    KEPT = "kept"
    WRONG = "claim-wrong"
    MISSED = "missed"
    BROKEN_PROMISE = "broken-promise"
    DIMENSION_ERROR = "dimension-error"
    QUOTE_NOT_FOUND = "quote-not-found"
    UNREADABLE_CLAIM = "unreadable-claim"
    EVIDENCE_NOT_FOUND = "evidence-not-found"
    STALE_EVIDENCE = "stale-evidence"
    REPORTED = "reported"
    UNDECIDED = "undecided"
    NOT_MEASURABLE = "not-measurable"
    NOT_RUN = "not-run"
    DISPUTED = "disputed"
    EXTERNAL = "external"
    UNACCOUNTED = "unaccounted"

    @property
    def outcome(self) -> Outcome:
        """The outcome that the reason belongs to."""
        if self in _PASSES:
            return Outcome.PASS
        return Outcome.FAIL if self in _FAILS else Outcome.SKIP

    @property
    def level(self) -> Level:
        """The level before any `--deny` or `--allow`."""
        if self in _PASSES:
            return Level.NONE
        if self in _FAILS:
            return Level.ERROR
        return (
            Level.WARNING if self in (ClaimReason.REPORTED, ClaimReason.UNDECIDED) else Level.NOTE
        )


_PASSES = (ClaimReason.RIGHT, ClaimReason.MET, ClaimReason.KEPT)
_FAILS = (
    ClaimReason.WRONG,
    ClaimReason.MISSED,
    ClaimReason.BROKEN_PROMISE,
    ClaimReason.DIMENSION_ERROR,
    ClaimReason.QUOTE_NOT_FOUND,
    ClaimReason.UNREADABLE_CLAIM,
    ClaimReason.EVIDENCE_NOT_FOUND,
    ClaimReason.STALE_EVIDENCE,
)


@dataclass(frozen=True, slots=True)
class Statement:
    """One passage with its numbers, and among them its quantities."""

    passage: Passage
    found: tuple[Found, ...]

    @property
    def text(self) -> str:
        """The passage's prose."""
        return self.passage.text

    def quantity(self, index: int) -> Quantity:
        """The quantity of number `index`, which must be one."""
        quantity = self.found[index].quantity
        assert quantity is not None
        return quantity


Spot = tuple[int, int]
"""A number of the document: index of its statement, index in it."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What one check says.

    `subject` is the number that it holds against a recomputation, `terms` are the others that
    the recomputation rests on.
    """

    kind: ClaimKind
    reason: ClaimReason
    subject: Spot
    terms: tuple[Spot, ...]
    formula: str
    """The recomputation in words and figures."""
    recomputed: str = ""
    name: str = ""
    """Of the bound claim; empty for an automatic check."""
    check: str = ""
    """Of the automatic check: `equation`, `arrow`, …; empty for a bound claim."""


@dataclass(frozen=True, slots=True)
class ClaimVerdict:
    """The one verdict on one number, or on a bound claim that has lost its number."""

    id: str
    path: str
    line: int
    column: int
    end_column: int
    figure: str
    claim_kind: ClaimKind
    reason: ClaimReason
    message: str
    formula: str = ""
    recomputed: str = ""
    name: str = ""
    check: str = ""
    section: str = ""
    content_hash: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """A number that claims nothing, with its place and why."""

    line: int
    column: int
    text: str
    kind: LabelKind


@dataclass(frozen=True, slots=True)
class Summary:
    """How many numbers came to what. `numbers` = all labels + all verdicts − `without_number`."""

    numbers: int
    by_reason: Mapping[str, int]
    by_label: Mapping[str, int]
    without_number: int
    """Verdicts on bound claims whose number is not in the document."""

    @property
    def adds_up(self) -> bool:
        """Every number has ended in exactly one class."""
        counted = sum(self.by_reason.values()) + sum(self.by_label.values())
        return counted == self.numbers + self.without_number


@dataclass(frozen=True, slots=True)
class Audit:
    """What the audit of one document says."""

    verdicts: tuple[ClaimVerdict, ...]
    labels: tuple[Label, ...]
    summary: Summary
