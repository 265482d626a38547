"""Known findings, and how a run stands to them."""

from enum import Enum

from harness.model.values import dataclass


@dataclass(frozen=True, slots=True)
class KnownFinding:
    """One line of a baseline."""

    id: str
    content_hash: str
    """The first 16 digits of the block's; empty for a finding that is about no block."""
    reason: str
    verb: str
    deps: str

    def __lt__(self, other: "KnownFinding") -> bool:
        return self._order < other._order

    @property
    def _order(self) -> tuple[str, ...]:
        return self.id, self.content_hash, self.reason, self.verb, self.deps


class Standing(Enum):
    """How a finding stands to the baseline."""

    NEW = "new"
    KNOWN = "known"
    CHANGED = "known, changed"
    """The baseline knows the block, but its text or its reason changed; it gates."""


@dataclass(frozen=True, slots=True)
class BaselineState:
    """How a run stands to one baseline."""

    path: str
    """How reports name the file."""
    known: int
    """Findings that it knows; they do not gate."""
    changed: int
    new: int
    gone: tuple[KnownFinding, ...]
    """Entries whose block this run judged and found without their finding."""
    not_found: int
    """Entries of documents that were looked at only in part, whose finding was not seen."""
    not_judged: int
    """Entries that this run says nothing about: other documents, another verb, other crates."""
    is_stale_allowed: bool = False
    """`--allow-stale`: entries that are gone do not gate."""
    update: str = ""
    """What was written, in words; empty where nothing was."""
