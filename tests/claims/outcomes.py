"""A text in, what the automatic checks say of it out."""

from harness.claims import Audit, ClaimReason, audit


def fired(text: str) -> list[tuple[str, str]]:
    """Outcomes of the checks in a text: (reason, figure) of what a check decided by itself."""
    seen: Audit = audit("document.md", text)
    return [
        (v.reason.value, v.figure)
        for v in seen.verdicts
        if v.reason is ClaimReason.WRONG
        or (v.reason is ClaimReason.RIGHT and v.recomputed)
        or (v.reason is ClaimReason.RIGHT and v.check in ("limit", "own count"))
    ]
