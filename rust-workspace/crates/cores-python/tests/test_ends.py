"""Ends of numbers and of time, and clocks that go back → what the README of the core says."""

import math
from array import array

import pytest
import service_cores as sc

END = 2**64 - 1


def test_huge_rates_admit_their_burst_at_each_nanosecond() -> None:
    for rate, burst in [(END, 3), (END, END), (1, 3)]:
        limiter = sc.RateLimiter(rate, per=1e-9, burst=burst)
        for now in (0, 1, 2, 2**63 - 1, 2**63, END - 1, END):
            assert limiter.allow_at(now, min(burst, 3) if rate > 1 else 1), (rate, burst, now)


def test_a_rate_of_zero_never_refills() -> None:
    limiter = sc.RateLimiter(0, burst=2)
    assert [limiter.allow_at(now) for now in (0, 1, END)] == [True, True, False]
    clock = sc.ManualClock()
    keyed = sc.KeyedRateLimiter(0, burst=1, max_keys=1, clock=clock)
    assert keyed.allow("a")
    clock.set_ns(END)
    assert keyed.try_acquire("a") == math.inf == keyed.try_acquire("b")
    assert keyed.forget_idle() == 0


def test_a_clock_that_goes_back_grants_nothing_new() -> None:
    clock = sc.ManualClock(1000)
    limiter = sc.RateLimiter(1, per=10, burst=2, clock=clock)
    keyed = sc.KeyedRateLimiter(1, per=10, burst=2, clock=clock)
    assert limiter.allow(2)
    assert keyed.allow("k", 2)
    for now in (999, 1, 0):
        clock.set_ns(now * 10**9)
        assert not limiter.allow()
        assert not keyed.allow("k")
    assert limiter.try_acquire() == keyed.try_acquire("k") == 1010
    clock.set_ns(1010 * 10**9)
    assert limiter.allow()
    assert keyed.allow("k")


def test_an_open_breaker_stays_open_when_the_clock_goes_back() -> None:
    clock = sc.ManualClock(1000)
    breaker = sc.CircuitBreaker.failures_within(1, 30, wait=60, clock=clock)
    late = breaker.acquire()
    clock.set_ns(0)
    breaker.failure(late)  # Ended before it began: no duration, and a wait from zero.
    assert breaker.snapshot()["retry_after"] == pytest.approx(60)
    clock.advance(61)
    probe = breaker.acquire()
    clock.set_ns(0)
    assert breaker.try_acquire() is None, "the one probe is under way at an earlier time, too"
    assert breaker.success(probe)
    assert breaker.state == "closed"


def test_the_end_of_time_is_no_beginning() -> None:
    clock = sc.ManualClock()
    clock.set_ns(END)
    clock.advance(1)
    assert clock.now_ns() == END
    limiter = sc.RateLimiter(1, clock=clock)
    assert limiter.allow()
    assert limiter.try_acquire() == 1.0  # A length, although no time is so much later.
    breaker = sc.CircuitBreaker.failures_within(1, 30, wait=60, clock=clock)
    breaker.failure(breaker.acquire())
    assert breaker.try_acquire() is None
    clock.set_ns(0)
    assert not limiter.allow()
    assert breaker.try_acquire() is None


def test_routers_take_all_of_u64() -> None:
    assert 0 <= sc.jump_hash(END, 2**32 - 1) < 2**32 - 1
    whole = sc.RangeRouter([0, END])
    assert (whole.route(END - 1), whole.route(END)) == (0, 1)
    assert whole.touching(0, END) == [(0, 0, END - 1), (1, END, END)]
    assert sc.split(END, [END, END]) == [2**63, 2**63 - 1]
    keys, shards = array("Q", [0, END]), array("q", [0, 0])
    whole.route_many(keys, shards)
    assert shards.tolist() == [0, 1]
