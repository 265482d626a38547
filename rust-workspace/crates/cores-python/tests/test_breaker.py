"""Breaker: what counts, decorators and guards, transitions, half-open, threads."""

import asyncio
import math
import sys
import threading
from typing import Any, cast

import pytest
import service_cores as sc


def make(clock: sc.ManualClock, **settings: Any) -> sc.CircuitBreaker:
    return sc.CircuitBreaker.failures_within(2, 30, wait=60, clock=clock, **settings)


def fail(breaker: sc.CircuitBreaker, times: int) -> None:
    for _ in range(times):
        breaker.failure(breaker.acquire())


def test_opens_waits_probes_closes() -> None:
    clock = sc.ManualClock()
    seen: list[tuple[str, str]] = []
    breaker = make(clock, on_transition=lambda old, new: seen.append((old, new)))
    fail(breaker, 2)
    with pytest.raises(sc.CircuitOpen) as rejection:
        breaker.acquire()
    assert (rejection.value.reason, round(rejection.value.retry_after, 6)) == ("open", 60.0)
    assert str(rejection.value).startswith("circuit open; retry after 60")
    clock.advance(60)
    assert breaker.try_acquire() is None
    clock.set_ns(clock.now_ns() + 1)
    probe = breaker.acquire()
    assert probe.is_probe
    with pytest.raises(sc.CircuitOpen, match="half_open"):
        breaker.acquire()
    assert breaker.success(probe)
    assert not breaker.success(probe)
    assert breaker.state == "closed"
    assert seen == [("closed", "open"), ("open", "half_open"), ("half_open", "closed")]


def test_which_exceptions_and_results_count() -> None:
    breaker = sc.CircuitBreaker(
        window=10,
        failures=OSError,
        ignore=(TimeoutError,),
        failed_result=lambda result: result == "bad",
    )
    outcomes: list[tuple[object, int, int]] = [
        ("good", 1, 0),
        ("bad", 2, 1),
        (OSError(), 3, 2),
        (TimeoutError(), 3, 2),  # An OSError that is ignored.
        (ValueError(), 4, 2),  # The other side answered.
        (KeyboardInterrupt(), 4, 2),
    ]

    @breaker
    def call(outcome: object) -> object:
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    for outcome, calls, failures in outcomes:
        if isinstance(outcome, BaseException):
            with pytest.raises(type(outcome)):
                call(outcome)
        else:
            assert call(outcome) == outcome
        figures = breaker.snapshot()
        assert (figures["calls"], figures["failures"]) == (calls, failures), outcome


def test_a_failing_failed_result_is_a_failure_and_comes_through() -> None:
    breaker = sc.CircuitBreaker(failed_result=lambda result: result.missing)
    with pytest.raises(AttributeError):
        breaker(lambda: 3)()
    assert breaker.snapshot()["failures"] == 1


def test_guards_and_async() -> None:
    breaker = sc.CircuitBreaker(window=10)

    @breaker
    async def good() -> int:
        await asyncio.sleep(0)
        return 7

    @breaker
    async def slow() -> None:
        await asyncio.sleep(60)

    async def main() -> None:
        assert await good() == 7
        async with breaker.guard() as guard:
            guard.failed()
        task = asyncio.create_task(slow())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    with breaker.guard():
        pass
    with pytest.raises(OSError, match="x"), breaker.guard():
        raise OSError("x")
    guard = breaker.guard()
    with guard, pytest.raises(RuntimeError, match="one call"), guard:
        pass
    figures = breaker.snapshot()
    assert (figures["calls"], figures["failures"]) == (5, 2)


def test_a_cancelled_probe_gives_its_permit_back() -> None:
    clock = sc.ManualClock()
    breaker = make(clock)
    fail(breaker, 2)
    clock.advance(61)

    @breaker
    async def probe() -> None:
        await asyncio.sleep(60)

    async def main() -> None:
        task = asyncio.create_task(probe())
        await asyncio.sleep(0)
        assert breaker.snapshot()["probes"] == 1
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert breaker.snapshot()["probes"] == 0

    asyncio.run(main())
    assert breaker.acquire().is_probe


def test_on_transition_is_outside_the_lock_and_its_errors_are_contained(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = sc.ManualClock()
    caught: list[str] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda args: caught.append(str(args.exc_value)))
    states: list[tuple[str, float]] = []

    def watch(old: str, new: str) -> None:
        # Would hang if the breaker's lock were held.
        states.append((breaker.state, breaker.snapshot()["retry_after"]))
        raise RuntimeError(f"{old} to {new}")

    breaker = make(clock, on_transition=watch)
    fail(breaker, 2)
    breaker.reset()
    breaker.set_state("forced_open")
    breaker.set_state("forced_open")
    assert [state for state, _ in states] == ["open", "closed", "forced_open"]
    assert states[2][1] == math.inf
    assert caught == ["closed to open", "open to closed", "closed to forced_open"]


def test_slow_calls_rates_and_snapshot() -> None:
    clock = sc.ManualClock()
    breaker = sc.CircuitBreaker(
        window_seconds=10, buckets=5, minimum_calls=4, slow_after=1, slow_rate=0.5, clock=clock
    )
    for duration in (1, 1.5, 0):
        permit = breaker.acquire()
        clock.advance(duration)
        assert breaker.success(permit)
    assert breaker.snapshot() == {
        "state": "closed",
        "era": 0,
        "calls": 3,
        "failures": 0,
        "slow": 1,
        "failure_rate": None,
        "slow_rate": None,
        "probes": 0,
        "rejected": 0,
        "attempt": 0,
        "retry_after": 0.0,
    }
    permit = breaker.acquire()
    clock.advance(2)
    breaker.success(permit)
    assert breaker.state == "open"
    assert breaker.try_acquire() is None
    assert breaker.snapshot()["rejected"] == 1


def test_a_stale_result_and_a_lease() -> None:
    clock = sc.ManualClock()
    breaker = make(clock, lease=5)
    late = breaker.acquire()
    fail(breaker, 2)
    assert not breaker.failure(late)
    clock.advance(61)
    lost = breaker.acquire()
    clock.advance(5.1)
    found = breaker.acquire()
    assert not breaker.failure(lost)
    assert breaker.success(found)
    breaker.cancel(breaker.acquire())
    assert breaker.state == "closed"


def test_threads_get_one_probe() -> None:
    clock = sc.ManualClock()
    breaker = make(clock)
    fail(breaker, 2)
    clock.advance(61)
    start, probes = threading.Barrier(16), []

    def work() -> None:
        start.wait()
        permit = breaker.try_acquire()
        if permit is not None:
            probes.append(permit)

    threads = [threading.Thread(target=work) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(probes) == 1


def test_the_half_open_limit() -> None:
    for end in ("open", "closed"):
        clock = sc.ManualClock()
        breaker = make(clock, half_open_limit=10, half_open_end=cast("Any", end), lease=1000)
        fail(breaker, 2)
        clock.advance(61)
        breaker.acquire()
        clock.advance(11)
        breaker.try_acquire()
        assert breaker.state == end


def test_growing_waits() -> None:
    clock = sc.ManualClock()
    breaker = make(clock, wait_growth=2, max_wait=150)
    fail(breaker, 2)
    waits = []
    for _ in range(3):
        waits.append(round(breaker.snapshot()["retry_after"]))
        clock.advance(breaker.snapshot()["retry_after"] + 0.001)
        fail(breaker, 1)
    assert waits == [60, 120, 150]
