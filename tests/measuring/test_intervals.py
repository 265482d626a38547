"""Laws of the intervals, and a short simulation of how often they hold the truth."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.coverage import POPULATIONS, coverage
from harness.measuring.intervals import mean_interval, percentile_interval

CALLS = st.lists(st.integers(1, 10**9), min_size=5, max_size=60)


def counted(values):
    return [(value, values.count(value)) for value in sorted(set(values))]


@given(st.lists(CALLS, min_size=2, max_size=12), st.sampled_from((0.5, 0.9, 0.95)))
def test_the_point_lies_in_its_interval(launches, share):
    found = percentile_interval([counted(each) for each in launches], share)
    assert found.low <= found.point <= found.high
    assert found.samples == sum(map(len, launches))


@given(st.lists(CALLS, min_size=2, max_size=8), st.integers(2, 50))
def test_slower_calls_make_an_interval_as_much_slower(launches, factor):
    one = percentile_interval([counted(each) for each in launches], 0.5)
    many = percentile_interval([counted([v * factor for v in each]) for each in launches], 0.5)
    assert (many.low, many.point) == (one.low * factor, one.point * factor)
    assert many.high == one.high * factor


@given(st.lists(CALLS, min_size=2, max_size=8), st.randoms())
def test_the_order_of_launches_changes_nothing(launches, shuffler):
    counts = [counted(each) for each in launches]
    first = percentile_interval(counts, 0.9)
    shuffler.shuffle(counts)
    second = percentile_interval(counts, 0.9)
    assert (first.low, first.high) == pytest.approx((second.low, second.high))


def test_one_launch_says_nothing_of_others():
    found = percentile_interval([[(n, 1) for n in range(1, 2000)]], 0.5)
    assert (found.low, found.high) == (0.0, math.inf)
    assert mean_interval([3.0]).high == math.inf


def test_too_few_samples_have_no_upper_end():
    launches = [[(n, 1) for n in range(1, 30)] for _ in range(12)]
    assert percentile_interval(launches, 0.99).high == math.inf
    assert percentile_interval(launches, 0.5).high < 30


def test_launches_that_differ_widen_the_interval():
    alike = [[(n, 1) for n in range(900, 1100)] for _ in range(12)]
    apart = [[(n + 100 * (k % 2), 1) for n in range(900, 1100)] for k in range(12)]
    narrow, wide = (percentile_interval(each, 0.5) for each in (alike, apart))
    assert wide.high - wide.low > 2 * (narrow.high - narrow.low)


@pytest.mark.parametrize("population", POPULATIONS, ids=lambda p: p.name)
def test_intervals_hold_the_truth(population):
    # 100 trials: 95 % due, 88 of 100 is three standard deviations below. The long run is
    # `nox -s measuring`.
    found = dict(coverage(population, 100, 7))
    assert min(found.values()) >= 0.88, found


def test_a_few_launches_that_are_slow_as_a_whole_leave_an_end_where_all_calls_are():
    usual, slow = [(10, 1000)], [(90, 1000)]
    launches = [slow if k % 60 == 0 else usual for k in range(190)]
    assert percentile_interval(launches, 0.99).high == 90


def test_one_launch_of_many_that_is_slow_leaves_the_end_where_others_are_fast():
    usual, slow = [(10, 990), (20, 10)], [(90, 1000)]
    launches = [slow if k == 7 else usual for k in range(190)]
    assert percentile_interval(launches, 0.95).high <= 20
    assert percentile_interval(launches, 0.99).high == 90
