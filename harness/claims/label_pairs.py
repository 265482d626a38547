"""A bare number beside a dash and another in, what the pair is out."""

# ruff: noqa: RUF001

import re

from harness.claims.label_kinds import LabelKind

_SCORE_NEAR = re.compile(r"\b(?:scores?d?|won|wins|beats?|lost|tie[ds]?|draw)\b", re.IGNORECASE)
_STANDARD = re.compile(r"\b[A-Z]{2,6}\s\Z")
_DASHED = re.compile(r"[-–](?=\d)")
_NUMBERED = re.compile(r"\(\d{1,2}[-–]\d{1,2}\)")
_PAGES = re.compile(r"\d\(\d{1,3}\):\s?\Z")


def is_dashed(text: str, start: int, end: int) -> bool:
    """A bare pair `3-1`, without unit: not a range of anything."""
    after = _DASHED.match(text, end)
    return after is not None or (
        text[start - 1 : start] in ("-", "–") and text[start - 2 : start - 1].isdigit()
    )


def dashed_label(text: str, start: int, end: int, noun: str) -> LabelKind | None:
    """What `3-1` is: numbered items or pages, a score, a standard's name; None for a range."""
    if _NUMBERED.match(text, max(0, start - 1)) or _PAGES.search(text, 0, start):
        return LabelKind.PLACE
    if _SCORE_NEAR.search(text[max(0, start - 30) : end + 12]):
        return LabelKind.SCORE
    before = text[max(0, start - 32) : start]
    return LabelKind.NAME if not noun and _STANDARD.search(before) else None
