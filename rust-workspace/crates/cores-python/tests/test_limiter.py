"""Limiters: single calls, waiting, decorators, batches, threads, forks."""

import asyncio
import math
import os
import threading
import time
from array import array

import numpy as np
import pytest
import service_cores as sc
from service_cores import _native


def test_rates_costs_and_waits_on_a_manual_clock() -> None:
    clock = sc.ManualClock(5)
    limiter = sc.RateLimiter(2, per=10, burst=3, clock=clock)
    assert limiter.available() == 3
    assert limiter.allow(2)
    assert not limiter.allow(2)
    assert limiter.try_acquire(2) == 5.0
    clock.advance(4.999999999)
    assert not limiter.allow(2)
    clock.set_ns(clock.now_ns() + 1)
    assert limiter.allow(2)
    with pytest.raises(sc.RateLimited) as refusal:
        limiter.check()
    assert refusal.value.retry_after == 5.0
    assert str(refusal.value) == "rate limited; retry after 5 s"
    assert isinstance(refusal.value, sc.ServiceCoresError)


def test_no_refill_is_never() -> None:
    limiter = sc.RateLimiter(0, burst=1)
    assert limiter.allow()
    assert limiter.try_acquire() == math.inf
    with pytest.raises(sc.RateLimited):
        asyncio.run(limiter.acquire())


def test_a_change_of_rate_grants_nothing() -> None:
    clock = sc.ManualClock()
    limiter = sc.RateLimiter(1, per=10, clock=clock)
    assert limiter.allow()
    limiter.set_rate(5)
    assert not limiter.allow()
    clock.advance(0.2)
    assert limiter.allow()


def test_any_callable_is_a_clock_and_its_errors_come_through() -> None:
    times = iter([10, 20])
    limiter = sc.RateLimiter(1, per=1e-9, clock=lambda: next(times))
    assert limiter.allow()
    assert limiter.allow()
    with pytest.raises(StopIteration):
        limiter.allow()


def test_keys_are_apart_by_type_and_value() -> None:
    keyed = sc.KeyedRateLimiter(1, per=60, max_keys=10, always=["root"])
    keys: list[str | bytes | int] = ["a", "b", b"a", 1, 2, "", "é", 2**64 - 1]
    assert all(keyed.allow(key) for key in keys)
    assert not any(keyed.allow(key) for key in keys)
    assert keyed.key_count() == 8
    assert all(keyed.allow("root") for _ in range(9))
    assert keyed.limit_again("root")
    assert keyed.allow("root")
    with pytest.raises(sc.RateLimited) as refusal:
        keyed.check("root")
    assert 59 < refusal.value.retry_after <= 60


def test_the_bound_on_keys() -> None:
    clock = sc.ManualClock()
    keyed = sc.KeyedRateLimiter(1, per=60, max_keys=2, clock=clock)
    assert keyed.allow("a")
    clock.advance(20)
    assert keyed.allow("b")
    assert keyed.try_acquire("c") == 40.0
    clock.advance(40)
    assert keyed.allow("c")
    assert keyed.try_acquire("b") == 20.0
    clock.advance(600)
    assert keyed.forget_idle() == 2


def test_limit_guards_functions_and_blocks() -> None:
    clock = sc.ManualClock()
    limiter = sc.RateLimiter(2, per=60, clock=clock)

    @limiter.limit()
    def double(number: int) -> int:
        """Twice."""
        return 2 * number

    assert (double(4), double.__doc__) == (8, "Twice.")
    with limiter.limit():
        pass
    with pytest.raises(sc.RateLimited):
        double(4)
    with pytest.raises(sc.RateLimited), limiter.limit():
        raise AssertionError("not entered")


def test_sync_waiting_waits() -> None:
    limiter = sc.RateLimiter(1, per=0.05)
    start = time.monotonic()
    for _ in range(3):
        with limiter.limit(timeout=5):
            pass
    assert 0.09 < time.monotonic() - start < 2


def test_async_waiting_waits_and_gives_up_early() -> None:
    limiter = sc.RateLimiter(1, per=0.05)
    keyed = sc.KeyedRateLimiter(1, per=60)

    @limiter.limit(timeout=None)
    async def answer() -> int:
        return 42

    async def main() -> None:
        start = time.monotonic()
        assert await answer() == 42
        async with limiter.limit(timeout=5):
            pass
        await limiter.acquire(timeout=5)
        assert 0.09 < time.monotonic() - start < 2
        await keyed.acquire("k")
        start = time.monotonic()
        with pytest.raises(sc.RateLimited):
            await keyed.acquire("k", timeout=0.2)
        with pytest.raises(sc.RateLimited):
            async with keyed.limit("k"):
                raise AssertionError("not entered")
        assert time.monotonic() - start < 0.1

    asyncio.run(main())


def test_a_cancelled_wait_has_taken_nothing() -> None:
    limiter = sc.RateLimiter(1, per=0.2)

    async def main() -> None:
        await limiter.acquire()
        waiters = [asyncio.create_task(limiter.acquire()) for _ in range(5)]
        await asyncio.sleep(0.02)
        for waiter in waiters:
            waiter.cancel()
        results = await asyncio.gather(*waiters, return_exceptions=True)
        assert all(isinstance(result, asyncio.CancelledError) for result in results)
        await asyncio.sleep(0.2)
        assert limiter.allow()

    asyncio.run(main())


def test_tiers_share_nothing() -> None:
    tiers = sc.TieredRateLimiter({"free": sc.RateLimiter(1, 60), "paid": sc.RateLimiter(5, 60)})
    tiers.check("free")
    assert not tiers.allow("free")
    assert tiers.allow("paid", 5)
    with pytest.raises(sc.RateLimited):
        tiers.check("free")


def test_batches_answer_like_single_calls() -> None:
    clock = sc.ManualClock()
    costs = array("Q", [1, 3, 9, 1, 0, 1])
    out = np.zeros(6, dtype=np.uint8)
    assert sc.RateLimiter(5, clock=clock).allow_many(costs, out) == 4
    assert out.tolist() == [1, 1, 0, 1, 1, 0]
    keys = np.arange(1000, dtype=np.uint64) % 7
    answers = bytearray(1000)
    batch, single = (sc.KeyedRateLimiter(3, 60, clock=clock) for _ in range(2))
    taken = batch.allow_many(keys, answers)
    assert taken == 21 == sum(answers)
    assert list(answers) == [int(single.allow(int(key))) for key in keys]
    assert not batch.allow(3)


def test_threads_share_one_limit() -> None:
    limiter = sc.RateLimiter(0, burst=1000)
    keyed = sc.KeyedRateLimiter(0, burst=100)
    taken = [[0, 0] for _ in range(8)]

    def work(counts: list[int]) -> None:
        for _ in range(500):
            counts[0] += limiter.allow()
            counts[1] += keyed.allow("k")

    threads = [threading.Thread(target=work, args=(counts,)) for counts in taken]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [sum(column) for column in zip(*taken, strict=True)] == [1000, 100]


def test_a_forked_child_goes_on_even_while_batches_run() -> None:
    keyed = sc.KeyedRateLimiter(1, 3600, max_keys=200_000)
    breaker = sc.CircuitBreaker()
    stop = threading.Event()

    def batches() -> None:
        keys, out = np.arange(50_000, dtype=np.uint64), bytearray(50_000)
        while not stop.is_set():
            keyed.allow_many(keys, out)

    thread = threading.Thread(target=batches)
    thread.start()
    try:
        for number in range(20):
            child = os.fork()
            if child == 0:
                fine = keyed.allow(f"child-{number}") and breaker.success(breaker.acquire())
                out = bytearray(10)
                keyed.allow_many(np.arange(10, dtype=np.uint64), out)
                os._exit(0 if fine else 1)
            deadline = time.monotonic() + 10
            while (done := os.waitpid(child, os.WNOHANG))[0] == 0:
                assert time.monotonic() < deadline, "the child hangs"
                time.sleep(0.002)
            assert os.waitstatus_to_exitcode(done[1]) == 0
    finally:
        stop.set()
        thread.join()


def test_the_gate_holds_batches_back_while_forking() -> None:
    done = threading.Event()

    def batch() -> None:
        sc.RateLimiter(1).allow_many(array("Q", [1]), bytearray(1))
        done.set()

    _native._fork_begin()
    thread = threading.Thread(target=batch)
    thread.start()
    assert not done.wait(0.1)
    _native._fork_end()
    assert done.wait(5)
    thread.join()
