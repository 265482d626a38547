"""Random histories → the extension and slow models, written apart in Python, answer alike."""

import math
import os
from fractions import Fraction

import service_cores as sc
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

STEPS = int(os.environ.get("CORES_STEPS", "100000"))
# Histories of a fixed length, so that the number of steps is known.
LENGTH = 200
EXAMPLES = math.ceil(STEPS / LENGTH / 4)
SECOND = 10**9
model = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
compared = {"limiter": 0, "keyed": 0, "breaker": 0, "router": 0}


class Bucket:
    """Cells in a bucket, as an exact fraction, filled up at each look."""

    def __init__(self, rate: int, per: int, burst: int) -> None:
        self.speed = Fraction(rate, per)
        self.burst = burst
        self.cells = Fraction(burst)
        self.time = 0

    def look(self, now: int) -> Fraction:
        self.cells = min(self.cells + (now - self.time) * self.speed, Fraction(self.burst))
        self.time = now
        return self.cells

    def take(self, now: int, cost: int) -> float:
        """0.0 if taken, else the seconds to wait."""
        missing = cost - self.look(now)
        if missing <= 0:
            self.cells -= cost
            return 0.0
        if self.speed == 0:
            return math.inf
        return math.ceil(missing / self.speed) / SECOND

    def full(self, now: int) -> bool:
        return self.look(now) == self.burst

    def full_in(self, now: int) -> float:
        missing = self.burst - self.look(now)
        return math.inf if self.speed == 0 else math.ceil(missing / self.speed) / SECOND


ahead = st.one_of(st.just(0), st.integers(0, 50), st.integers(0, 5000), st.integers(0, 10**12))


@model
@given(
    st.sampled_from([0, 1, 3, 7, 1000, 999_983, 700_000_007]),
    st.sampled_from([1, 10, 97, SECOND, 86_400 * SECOND]),
    st.sampled_from([1, 2, 5, 1_000_003]),
    st.lists(
        st.tuples(ahead, st.sampled_from([0, 1, 1, 1, 2, 5])), min_size=LENGTH, max_size=LENGTH
    ),
)
def test_limiter(rate: int, per: int, burst: int, history: list[tuple[int, int]]) -> None:
    now = 0
    limiter = sc.RateLimiter(rate, per / SECOND, burst, clock=lambda: now)
    bucket = Bucket(rate, per, burst)
    for step, cost in history:
        now += step
        if cost > burst:
            try:
                limiter.allow(cost)
            except ValueError:
                continue
            raise AssertionError("a cost above the burst")
        assert limiter.available() == math.floor(bucket.look(now))
        assert limiter.try_acquire(cost) == bucket.take(now, cost)
    compared["limiter"] += len(history)


@model
@given(
    st.integers(0, 5),
    st.integers(1, 3),
    st.integers(1, 6),
    st.lists(
        st.tuples(st.integers(0, 40), st.sampled_from("abcdefgh")),
        min_size=LENGTH,
        max_size=LENGTH,
    ),
)
def test_keyed(rate: int, burst: int, most: int, history: list[tuple[int, str]]) -> None:
    now = 0
    keyed = sc.KeyedRateLimiter(rate, 100 / SECOND, burst, max_keys=most, clock=lambda: now)
    buckets: dict[str, Bucket] = {}
    for step, key in history:
        now += step
        for known in [known for known, bucket in buckets.items() if bucket.full(now)]:
            # A full bucket is like a new one, but it may hold a place: free it on both sides.
            del buckets[known]
        keyed.forget_idle()
        assert keyed.key_count() == len(buckets)
        if key not in buckets and len(buckets) == most:
            expected = min(bucket.full_in(now) for bucket in buckets.values())
        else:
            bucket = buckets.setdefault(key, Bucket(rate, 100, burst))
            if bucket.time == 0:
                bucket.time = now
            expected = bucket.take(now, 1)
        assert keyed.try_acquire(key) == expected
    compared["keyed"] += len(history)


class Breaker:
    """A count window, half-open with permits and leases; all results kept."""

    def __init__(self, size: int, least: int, permits: int, slow_after: int, wait: int) -> None:
        self.size, self.least, self.permits = size, min(least, size), permits
        self.least_probes = min(least, permits)
        self.slow_after, self.wait = slow_after, wait
        self.state, self.era, self.until = "closed", 0, 0
        self.results: list[tuple[bool, bool]] = []
        self.under_way: set[int] = set()
        self.probes = 0

    def go(self, state: str, now: int) -> None:
        self.state, self.era = state, self.era + 1
        self.results, self.under_way = [], set()
        if state == "open":
            self.until = now + self.wait

    def acquire(self, now: int) -> tuple[int, int, int] | None:
        if self.state == "open" and now > self.until:
            self.go("half_open", now)
        if self.state == "open":
            return None
        if self.state == "half_open":
            if len(self.under_way) + len(self.results) >= self.permits:
                return None
            self.probes += 1
            self.under_way.add(self.probes)
            return self.era, now, self.probes
        return self.era, now, 0

    def record(self, call: tuple[int, int, int], outcome: str, now: int) -> bool:
        era, started, probe = call
        if era != self.era:
            return False
        if probe:
            if probe not in self.under_way:
                return False
            self.under_way.remove(probe)
        if outcome == "cancel":
            return False
        self.results.append((outcome == "failure", now - started > self.slow_after))
        if self.state == "closed":
            self.results = self.results[-self.size :]
        least = self.least if self.state == "closed" else self.least_probes
        if len(self.results) >= least:
            columns = zip(*self.results, strict=True)
            bad = any(2 * sum(column) >= len(self.results) for column in columns)
            if bad:
                self.go("open", now)
            elif self.state == "half_open":
                self.go("closed", now)
        return True


@model
@given(
    st.integers(1, 9),
    st.integers(1, 6),
    st.integers(1, 4),
    st.integers(0, 30),
    st.integers(0, 40),
    st.lists(
        st.tuples(
            st.sampled_from(["acquire", "acquire", "success", "success", "failure", "cancel"]),
            st.integers(0, 9),
            st.integers(0, 10),
        ),
        min_size=LENGTH,
        max_size=LENGTH,
    ),
)
def test_breaker(
    size: int,
    least: int,
    permits: int,
    slow_after: int,
    wait: int,
    history: list[tuple[str, int, int]],
) -> None:
    now = 0
    breaker = sc.CircuitBreaker(
        window=size,
        minimum_calls=least,
        permits=permits,
        slow_after=slow_after / SECOND,
        slow_rate=0.5,
        wait=wait / SECOND,
        lease=3600,
        clock=lambda: now,
    )
    twin = Breaker(size, least, permits, slow_after, wait)
    calls: list[tuple[sc.Permit, tuple[int, int, int]]] = []
    for action, step, which in history:
        now += step
        if action == "acquire":
            permit, call = breaker.try_acquire(), twin.acquire(now)
            assert (permit is None) == (call is None)
            if permit is not None and call is not None:
                assert permit.is_probe == (call[2] != 0)
                calls.append((permit, call))
        elif calls:
            permit, call = calls.pop(which % len(calls))
            counted = getattr(breaker, action)(permit)
            assert bool(counted) == twin.record(call, action, now)
        figures = breaker.snapshot()
        failures, slow = (sum(column) for column in zip(*twin.results, (False, False), strict=True))
        assert figures["state"] == twin.state == breaker.state
        assert (figures["calls"], figures["failures"], figures["slow"]) == (
            len(twin.results),
            failures,
            slow,
        )
        assert (figures["era"], figures["probes"]) == (twin.era, len(twin.under_way))
    compared["breaker"] += len(history)


@model
@given(
    st.lists(st.integers(0, 1000), min_size=1, max_size=12, unique=True).map(sorted),
    st.integers(0, 100),
    st.lists(
        st.tuples(st.integers(0, 1200), st.integers(0, 1200)), min_size=LENGTH, max_size=LENGTH
    ),
)
def test_router(starts: list[int], beyond: int, queries: list[tuple[int, int]]) -> None:
    last = starts[-1] + beyond
    ranges = sc.RangeRouter(starts, last=last)
    ends = [start - 1 for start in starts[1:]] + [last]
    for low, high in queries:
        expected = [
            (shard, max(low, start), min(high, end))
            for shard, (start, end) in enumerate(zip(starts, ends, strict=True))
            if max(low, start) <= min(high, end)
        ]
        assert ranges.touching(low, high) == expected
    compared["router"] += len(queries)


def test_enough_steps_were_compared() -> None:
    total = sum(compared.values())
    print(f"python models: {total} steps compared {compared}, 0 differences")
    assert total >= STEPS
