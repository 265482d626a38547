"""The shipped pages' numbers: each accounted for, and a fault in one is noticed."""

import random
from fractions import Fraction

import pytest

from tests.claims.faults import Page, faults, is_noticed, read_pages, share, table

SEED = 9
COUNT = 300


@pytest.fixture(scope="module")
def pages() -> list[Page]:
    """Every shipped page."""
    return read_pages()


def test_every_number_is_accounted_for(pages: list[Page]) -> None:
    verdicts = [verdict for page in pages for verdict in page.seen.verdicts]
    reasons = [verdict.reason.value for verdict in verdicts]
    assert len(pages) == 28
    assert all(page.seen.summary.adds_up for page in pages)
    assert "unaccounted" not in reasons
    findings = [v for v in verdicts if v.reason.outcome.value == "FAIL"]
    assert not findings, [(v.path, v.line, v.message) for v in findings]
    assert reasons.count("external") <= len(reasons) * 15 / 100


def test_seeded_faults_are_noticed(pages: list[Page], capsys: pytest.CaptureFixture[str]) -> None:
    draw = random.Random(SEED)
    every = [fault for page in pages for fault in faults(page, draw)]
    told = [(fault, is_noticed(fault)) for fault in draw.sample(every, COUNT)]
    with capsys.disabled():
        print(f"\nseed {SEED}: {COUNT} of {len(every)} faults\n{table(told)}")
    assert share(told, "arithmetic") >= Fraction(99, 100)
    assert share(told, "limit or consistency") >= Fraction(95, 100)
    assert share(told, "external") == 0
