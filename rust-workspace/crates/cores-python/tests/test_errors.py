"""Wrong arguments → errors that name the argument and its bounds."""

import inspect
import re
from array import array
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import service_cores as sc
from service_cores import _native
from service_cores._settings import Settings, SimpleSettings

limiter = sc.RateLimiter(2)
keyed = sc.KeyedRateLimiter(2)
jump = sc.JumpRouter(3)
keys = array("Q", [1, 2, 3])
any_of: Any = sc  # For calls that a type checker would refuse.

CASES: list[tuple[Callable[[], object], type[Exception], str]] = [
    (lambda: sc.RateLimiter(-1), ValueError, "rate must be in 0 ..= 18446744073709551615, got -1"),
    (lambda: sc.RateLimiter(2**64), ValueError, "rate must be in 0"),
    (lambda: any_of.RateLimiter("2"), TypeError, "rate must be an int, got str"),
    (lambda: sc.RateLimiter(1, burst=0), ValueError, "burst must be in 1"),
    (lambda: sc.RateLimiter(1, burst=-2), ValueError, "burst must be in 1"),
    (lambda: sc.RateLimiter(1, per=0), ValueError, "per must be at least 1 ns"),
    (lambda: sc.RateLimiter(1, per=-1.5), ValueError, "per must be in 0"),
    (lambda: sc.RateLimiter(1, per=float("nan")), ValueError, "per must be in 0"),
    (lambda: sc.RateLimiter(1, per=2**40), ValueError, "per must be in 0 ..= 18446744073 seconds"),
    (lambda: any_of.RateLimiter(1, per="1"), TypeError, "per must be seconds"),
    (lambda: any_of.RateLimiter(1, clock=3), TypeError, "clock must be None"),
    (lambda: limiter.allow(3), ValueError, "cost must be in 0 ..= 2 (the burst), got 3"),
    (lambda: limiter.check(3), ValueError, "cost must be in 0"),
    (lambda: limiter.try_acquire(-3), ValueError, "cost must be in 0"),
    (lambda: limiter.allow_at(-3), ValueError, "now_ns must be in 0"),
    (lambda: limiter.limit(timeout=-1), ValueError, "timeout must be at least 0"),
    (lambda: sc.KeyedRateLimiter(1, max_keys=0), ValueError, "max_keys must be in 1"),
    (lambda: sc.KeyedRateLimiter(1, always="ab"), TypeError, "always must be keys"),
    (lambda: any_of.KeyedRateLimiter(1).allow(1.5), TypeError, "key must be a str, int or bytes"),
    (lambda: keyed.allow(-1), ValueError, "key must be in 0"),
    (lambda: keyed.allow("a", 3), ValueError, "cost must be in 0"),
    (lambda: sc.TieredRateLimiter({}), ValueError, "tiers must hold at least 1"),
    (
        lambda: sc.TieredRateLimiter({"free": limiter}).allow("gold"),
        KeyError,
        "tier must be one of free, got 'gold'",
    ),
    (lambda: sc.CircuitBreaker(window=0), ValueError, "window must be in 1 ..= 1000000, got 0"),
    (lambda: sc.CircuitBreaker(window=2**40), ValueError, "window must be in 1 ..= 1000000"),
    (lambda: sc.CircuitBreaker(window=3, window_seconds=3), ValueError, "exclude each other"),
    (lambda: sc.CircuitBreaker(window_seconds=1e-9), ValueError, "window_seconds must be a whole"),
    (
        lambda: sc.CircuitBreaker(window_seconds=1, buckets=0),
        ValueError,
        "buckets must be in 1 ..= 100000",
    ),
    (
        lambda: sc.CircuitBreaker.failures_within(0, 30),
        ValueError,
        "failure_count must be in 1 ..= 100000, got 0",
    ),
    (lambda: sc.CircuitBreaker(failure_rate=0), ValueError, "failure_rate must be in 0.000001"),
    (lambda: sc.CircuitBreaker(slow_rate=1.1), ValueError, "slow_rate must be in 0.000001"),
    (lambda: sc.CircuitBreaker(slow_after=-1), ValueError, "slow_after must be in 0"),
    (lambda: sc.CircuitBreaker(minimum_calls=0), ValueError, "minimum_calls must be in 1"),
    (lambda: sc.CircuitBreaker(permits=0), ValueError, "permits must be in 1 ..= 100000"),
    (lambda: sc.CircuitBreaker(lease=0), ValueError, "lease must be at least 1 ns"),
    (lambda: sc.CircuitBreaker(wait_growth=0.5), ValueError, "wait_growth must be in 1"),
    (lambda: any_of.CircuitBreaker(half_open_end="x"), ValueError, "half_open_end must be"),
    (lambda: sc.CircuitBreaker(failure_count=3), ValueError, "need each other"),
    (lambda: any_of.CircuitBreaker(failures=3), TypeError, "failures must be exception classes"),
    (lambda: any_of.CircuitBreaker(ignore=(3,)), TypeError, "ignore must be exception classes"),
    (lambda: any_of.CircuitBreaker().set_state("ajar"), ValueError, "state must be one of closed"),
    (lambda: sc.CircuitBreaker().set_state("half_open"), ValueError, "no transition from closed"),
    (lambda: sc.JumpRouter(0), ValueError, "shards must be in 1"),
    (lambda: sc.jump_hash(-1, 3), ValueError, "key must be in 0"),
    (lambda: sc.jump_hash(1, 0), ValueError, "buckets must be in 1"),
    (lambda: any_of.JumpRouter(3).route(None), TypeError, "key must be an int, str or bytes"),
    (lambda: jump.route(-1), ValueError, "key must be in 0"),
    (lambda: jump.route_many(b"abc", array("I", [0] * 3)), TypeError, "keys must be a buffer of"),
    (lambda: jump.route_many(keys, array("I", [0])), ValueError, "out must hold 3 items"),
    (
        lambda: jump.route_many(keys, memoryview(bytes(12)).cast("I")),
        ValueError,
        "out must be writable",
    ),
    (lambda: jump.route_many(memoryview(keys)[::2], array("I", [0] * 2)), ValueError, "contiguous"),
    (lambda: sc.RangeRouter([]), ValueError, "starts must hold at least 1"),
    (lambda: sc.RangeRouter([2, 1]), ValueError, "starts[1]"),
    (lambda: sc.RangeRouter([1], [1, 2]), ValueError, "shards must have one entry per start"),
    (lambda: sc.RangeRouter([1], last=0), ValueError, "last must be at least"),
    (lambda: sc.RangeRouter([1], last=5).route(6), KeyError, "no range holds 6"),
    (lambda: sc.Rollout("x").includes(1, 1.01), ValueError, "share must be in 0"),
    (lambda: sc.Rollout("x").includes(-1, 1.0), ValueError, "user must be in 0"),
    (lambda: sc.split(5, [1], [4]), ValueError, "amount must be at most 4"),
    (lambda: sc.split(5, [1], [4, 4]), ValueError, "caps must have one entry per weight"),
]


@pytest.mark.parametrize("number", range(len(CASES)))
def test_the_error_names_the_argument(number: int) -> None:
    call, kind, text = CASES[number]
    with pytest.raises(kind) as error:
        call()
    assert text in str(error.value)


def test_seconds_are_taken_as_int_float_and_timedelta() -> None:
    for per in (2, 2.0, timedelta(seconds=2)):
        assert repr(sc.RateLimiter(3, per)) == "RateLimiter(rate=3, per=2, burst=3)"


def test_help_reads_well() -> None:
    for name in sc.__all__:
        item = getattr(sc, name)
        assert item.__doc__, name
        if isinstance(item, type) and not issubclass(item, Exception):
            for method, value in vars(item).items():
                if callable(value) and not method.startswith("_"):
                    assert value.__doc__, f"{name}.{method}"
    assert "burst: most calls at once" in (sc.RateLimiter.__doc__ or "")
    assert "failures: exception classes" in (sc.CircuitBreaker.__doc__ or "")


def test_every_setting_is_typed_and_told() -> None:
    native = set(inspect.signature(_native.CircuitBreaker).parameters)
    assert native == set(Settings.__annotations__)
    for name in native | set(SimpleSettings.__annotations__):
        assert re.search(
            rf"^ *([a-z_]+, )?{name}(, [a-z_]+)?: ", sc.CircuitBreaker.__doc__ or "", re.M
        ), name
