"""What a run says of one document."""

from harness.model.values import dataclass
from harness.model.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Said:
    id: str
    path: str
    """As reports name the document."""
    verdicts: tuple[Verdict, ...]
    """Before any level."""
    editions: tuple[str, ...]
    blocks: int
    """Rust blocks that the document holds."""
    units: int
    """Units that were compiled for them, in this run or in an earlier one."""
    deny: tuple[str, ...]
    allow: tuple[str, ...]
    """Of its configuration."""
    toolchain: str
    """The folder whose toolchain the document states."""
    has_project: bool
    """It lives in a Cargo project."""
    notes: tuple[str, ...]
    """What of that project's settings is not in force."""
