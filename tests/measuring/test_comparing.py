"""Two runs of one bench, told apart or not."""

import random

import pytest

from harness.measuring.comparing import Change, compare_reports, compare_values
from harness.measuring.judging import row
from harness.model.verdict import Basis
from harness.reports.bench_json import bench_table
from tests.measuring.launches import MILLI, around, stated


def report(center, **change):
    launches = around(center)
    found = row("id", stated(1.0), 2, [(1, launches)], Basis(), is_quick=False)
    return {"benches": [bench_table(found) | change]}


@pytest.mark.parametrize(
    ("after", "change"),
    [
        (MILLI, Change.SAME),
        (MILLI * 1.2, Change.WORSE),
        (MILLI * 0.8, Change.BETTER),
        (MILLI * 1.08, Change.WORSE),
        (MILLI * 1.04, Change.SAME),
    ],
)
def test_a_change_is_told(after, change):
    (found,) = compare_reports(report(MILLI), report(after))
    assert found.change is change
    assert found.ratio == pytest.approx(after / MILLI, rel=0.01)


def test_more_is_better_where_the_claim_says_at_least():
    before, after = report(MILLI, side="at least"), report(MILLI * 1.2, side="at least")
    assert compare_reports(before, after)[0].change is Change.BETTER


def test_another_measurement_is_not_compared():
    (found,) = compare_reports(report(MILLI), report(MILLI, cores_stated=2))
    assert (found.change, found.message) == (Change.UNDECIDED, "another measurement")


def test_a_doubt_that_could_be_the_change_leaves_it_open():
    after = report(MILLI * 1.2)
    doubt = {"kind": "waited for a core", "text": "waited 60 %", "low": 0.4, "high": 1.0}
    after["benches"][0]["points"][-1]["doubts"] = [doubt]
    (found,) = compare_reports(report(MILLI), after)
    assert (found.change, found.message) == (Change.UNDECIDED, "waited 60 %")


def test_noise_alone_is_hardly_ever_a_change():
    source = random.Random(3)
    changes = [
        compare_values(
            [source.lognormvariate(0, 0.03) for _ in range(12)],
            [source.lognormvariate(0, 0.03) for _ in range(12)],
            more_is_better=False,
        )[0]
        for _ in range(300)
    ]
    assert sum(c in (Change.WORSE, Change.BETTER) for c in changes) <= 2
    assert sum(c is Change.UNDECIDED for c in changes) <= 60


def test_a_fifth_more_is_found():
    source = random.Random(4)
    found = [
        compare_values(
            [source.lognormvariate(0, 0.03) for _ in range(12)],
            [1.2 * source.lognormvariate(0, 0.03) for _ in range(12)],
            more_is_better=False,
        )[0]
        for _ in range(100)
    ]
    assert found.count(Change.WORSE) >= 95
