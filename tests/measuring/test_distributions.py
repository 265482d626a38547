"""Our quantiles against scipy's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from harness.measuring.distributions import (
    beta_cdf,
    beta_quantile,
    binomial_cdf,
    binomial_quantile,
    student_quantile,
)
from harness.measuring.intervals import order_ranks, share_interval, smallest_sample

SHARES = st.floats(0.001, 0.999)


@given(SHARES, st.floats(0.5, 500), st.floats(0.5, 500))
def test_the_beta_distribution_is_scipys(x, a, b):
    assert beta_cdf(x, a, b) == pytest.approx(stats.beta.cdf(x, a, b), abs=1e-10)
    assert beta_quantile(x, a, b) == pytest.approx(stats.beta.ppf(x, a, b), abs=1e-9)


@given(st.floats(0.9, 0.9999), st.floats(1, 300))
def test_students_quantile_is_scipys(p, freedom):
    assert student_quantile(p, freedom) == pytest.approx(stats.t.ppf(p, freedom), rel=1e-8)


@given(st.integers(1, 5000), SHARES, st.data())
def test_the_binomial_distribution_is_scipys(n, p, data):
    k = data.draw(st.integers(-1, n))
    assert binomial_cdf(k, n, p) == pytest.approx(stats.binom.cdf(k, n, p), abs=1e-9)


@given(st.integers(1, 5000), SHARES, st.sampled_from((0.025, 0.5, 0.975)))
def test_a_binomial_quantile_is_the_least_that_reaches_its_share(n, p, q):
    k = binomial_quantile(q, n, p)
    assert binomial_cdf(k, n, p) >= q > binomial_cdf(k - 1, n, p)


@pytest.mark.parametrize(("share", "least"), [(0.95, 72), (0.99, 368), (0.999, 3688)])
def test_a_percentile_has_a_finite_end_from_this_sample_on(share, least):
    assert smallest_sample(share) == least
    assert order_ranks(least, share)[1] <= least
    assert order_ranks(least - 1, share)[1] == least  # one past the last: above all


@given(st.integers(1, 3000), st.floats(0.01, 0.99))
def test_order_ranks_hold_the_percentile_in_95_of_100(n, share):
    low, high = order_ranks(n, share)
    covered = stats.binom.cdf(high - 1, n, share) - stats.binom.cdf(low - 1, n, share)
    assert covered >= 0.95 - 1e-9


@given(st.integers(0, 200), st.integers(1, 200), st.integers(2, 12))
def test_an_even_share_has_clopper_and_pearsons_interval(hits, trials, launches):
    hits = min(hits, trials)
    found = share_interval([hits] * launches, [trials] * launches)
    due = stats.binomtest(hits * launches, trials * launches).proportion_ci(method="exact")
    assert (found.low, found.high) == pytest.approx((due.low, due.high), abs=1e-7)
