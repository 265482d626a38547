"""The reference document's numbers, each accounted for, against the golden file.

`CLAIMS_BLESS=1` writes the golden file anew.
"""

import os
import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from harness.claims import Audit, audit, read_settings

FIXTURES = Path(__file__).parents[2] / "fixtures" / "reference-document"
SOURCE = Path(__file__).parents[3] / "shared" / "seeds" / "000_d80e3e4b93c73160.txt"
GOLDEN = FIXTURES / "claims.golden.txt"

needs_source = pytest.mark.skipif(not SOURCE.exists(), reason="the reference document is not here")


@pytest.fixture(scope="module")
def seen() -> Audit:
    """The audit of the reference document with its configuration."""
    table = tomllib.loads((FIXTURES / "claims.toml").read_text())["claims"]
    return audit("reference-document.md", SOURCE.read_text(), read_settings(table))


def rendered(seen: Audit) -> str:
    """The golden text: counts, findings, then every other number."""
    claims, labels = len(seen.verdicts), len(seen.labels)
    lines = [f"{seen.summary.numbers} numbers = {claims} claims + {labels} labels"]
    lines += [f"{count:5} {name}" for name, count in seen.summary.by_reason.items()]
    lines += [f"{count:5} label: {name}" for name, count in seen.summary.by_label.items()]
    lines += ["", "findings"]
    fails = [v for v in seen.verdicts if v.reason.outcome.value == "FAIL"]
    lines += [
        f"{v.line}:{v.column} {v.reason.value} [{v.name or v.check}] {v.message}" for v in fails
    ]
    lines += ["", "other numbers"]
    others = [v for v in seen.verdicts if v.reason.outcome.value != "FAIL"]
    lines += [
        f"{v.line}:{v.column} {v.figure} {v.reason.value} [{v.name or v.check}]" for v in others
    ]
    return "\n".join(lines) + "\n"


@needs_source
def test_golden(seen: Audit) -> None:
    text = rendered(seen)
    if os.environ.get("CLAIMS_BLESS"):
        GOLDEN.write_text(text)
    assert text == GOLDEN.read_text()


@needs_source
def test_every_number_is_accounted_for(seen: Audit) -> None:
    reasons = seen.summary.by_reason
    assert seen.summary.adds_up
    assert "unaccounted" not in reasons
    assert "quote-not-found" not in reasons
    assert "unreadable-claim" not in reasons
    assert reasons["external"] <= len(seen.verdicts) / 4


SLIPS = {
    2: "$62K/mo", 4: "60% 6.25TB", 7: "200ms", 9: "14-person", 10: "+60ms ≈3TB", 11: "$200/mo",
    12: "63mo", 13: "700/s", 14: "2083_hrs/week 3mo $50M", 16: "21mo", 18: "$4.5K/mo $54K",
    20: "$100M", 21: "8%", 23: "$5K", 27: "180ms", 28: "2.8mo",
}  # fmt: skip
"""Slips found by hand, by question."""


@needs_source
@pytest.mark.parametrize("question", sorted(SLIPS))
def test_slips_found_by_hand(seen: Audit, question: int) -> None:
    found = {
        v.figure
        for v in seen.verdicts
        if v.section.startswith(f"Q{question}:") and v.reason.outcome.value == "FAIL"
    }
    assert {figure.replace("_", " ") for figure in SLIPS[question].split()} <= found


@needs_source
def test_its_report_on_itself(seen: Audit) -> None:
    own = [v for v in seen.verdicts if v.section.startswith("3.")]
    wrong = Counter(v.name for v in own if v.reason.value == "claim-wrong")
    for name in (
        "difficulty F",
        "difficulty A",
        "cites",
        "share of lengths",
        "phases",
        "citations in English",
    ):
        assert wrong[f"own {name}"] == 1
    words = [v for v in seen.verdicts if v.check == "own count"]
    assert len(words) == 28
    assert {v.reason.value for v in words} == {"claim-wrong"}


@needs_source
@pytest.mark.parametrize("name", ["claims.toml", "claims.golden.txt"])
def test_nothing_quotes_more_than_seven_words(name: str) -> None:
    words = re.compile(r"[A-Za-z_]{2,}")
    theirs = words.findall(SOURCE.read_text())
    ours = words.findall((FIXTURES / name).read_text())
    runs = {tuple(theirs[n : n + 8]) for n in range(len(theirs) - 7)}
    assert not [ours[n : n + 8] for n in range(len(ours) - 7) if tuple(ours[n : n + 8]) in runs]
