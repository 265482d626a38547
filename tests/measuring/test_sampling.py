"""How launches are laid out: by the claims' statistics alone, and enough for their intervals."""

import math

import pytest

from harness.measuring.intervals import percentile_interval, smallest_sample
from harness.measuring.reading import PERCENTILES
from harness.measuring.sampling import sampling_for
from harness.model.bench import STATISTICS, Sampling
from tests.measuring.launches import around

USUAL = Sampling()


def laid_out(*statistics, quick=False):
    return sampling_for(USUAL, statistics, is_quick=quick)


def test_a_mean_is_launched_as_usual():
    others = [name for name in STATISTICS if name not in PERCENTILES]
    assert {laid_out(name) for name in others} == {USUAL}
    assert laid_out() == laid_out("") == USUAL


@pytest.mark.parametrize("statistic", PERCENTILES)
def test_a_percentile_spreads_the_same_time_over_more_launches(statistic):
    found = laid_out(statistic)
    assert found.launches % USUAL.launches == 0
    total = found.launches * found.measure_ms
    assert total == pytest.approx(USUAL.launches * USUAL.measure_ms, rel=0.02)
    assert found.launches * found.calls >= 4 * smallest_sample(PERCENTILES[statistic])
    assert found.longest_ms > found.measure_ms


@pytest.mark.parametrize("statistic", ["p50", "p95", "p99", "p99.9"])
def test_the_calls_that_are_due_give_an_interval_with_both_ends(statistic):
    found = laid_out(statistic)
    launches = around(1000, found.launches, found.calls, spread=0.9)
    interval = percentile_interval([each.times for each in launches], PERCENTILES[statistic])
    assert math.isfinite(interval.high)


def test_claims_of_one_bench_share_launches_that_suffice_for_each():
    both = laid_out("p50", "p99", "mean")
    assert both.launches == laid_out("p99").launches
    assert both.calls >= max(laid_out("p50").calls, laid_out("p99").calls)


def test_a_first_look_is_not_laid_out_for_percentiles():
    quick = Sampling(3, 50, 100)
    assert sampling_for(quick, ["p99"], is_quick=True) == quick
