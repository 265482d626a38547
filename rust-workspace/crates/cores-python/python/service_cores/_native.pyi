"""The compiled half of `service_cores`; import from there."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any, Literal, Self, final

__all__ = [
    "CircuitBreaker",
    "JumpRouter",
    "KeyedRateLimiter",
    "ManualClock",
    "Permit",
    "RangeRouter",
    "RateLimiter",
    "Rollout",
    "_fork_begin",
    "_fork_end",
    "jump_hash",
    "split",
]

Key = str | bytes | int
Seconds = float | timedelta
# A buffer; numpy's arrays tell type checkers so only from Python 3.12.
Buffer = Any

@final
class ManualClock:
    """A clock that moves only when told, for tests."""

    def __new__(cls, start: Seconds | None = None) -> Self: ...
    def advance(self, seconds: Seconds) -> None: ...
    def set_ns(self, now_ns: int) -> None: ...
    def now_ns(self) -> int: ...

Clock = ManualClock | Callable[[], int] | None

class RateLimiter:
    """Admit at most `rate` calls per `per` seconds, and `burst` at once."""

    def __new__(
        cls,
        rate: int,
        per: Seconds | None = None,
        burst: int | None = None,
        *,
        clock: Clock = None,
    ) -> Self: ...
    def allow(self, cost: int = 1) -> bool: ...
    def allow_at(self, now_ns: int, cost: int = 1) -> bool: ...
    def try_acquire(self, cost: int = 1) -> float: ...
    def check(self, cost: int = 1) -> None: ...
    def allow_many(self, costs: Buffer, out: Buffer) -> int: ...
    def available(self) -> int: ...
    def set_rate(self, rate: int, per: Seconds | None = None, burst: int | None = None) -> None: ...

class KeyedRateLimiter:
    """Admit at most `rate` calls per `per` seconds, and `burst` at once, for each key."""

    def __new__(
        cls,
        rate: int,
        per: Seconds | None = None,
        burst: int | None = None,
        *,
        max_keys: int = 100_000,
        always: Iterable[Key] | None = None,
        clock: Clock = None,
    ) -> Self: ...
    def allow(self, key: Key, cost: int = 1) -> bool: ...
    def try_acquire(self, key: Key, cost: int = 1) -> float: ...
    def check(self, key: Key, cost: int = 1) -> None: ...
    def allow_many(self, keys: Buffer, out: Buffer) -> int: ...
    def always_allow(self, key: Key) -> None: ...
    def limit_again(self, key: Key) -> bool: ...
    def set_rate(self, rate: int, per: Seconds | None = None, burst: int | None = None) -> None: ...
    def forget_idle(self) -> int: ...
    def key_count(self) -> int: ...

@final
class Permit:
    """Leave to make one call, from `CircuitBreaker.acquire`."""

    @property
    def is_probe(self) -> bool: ...

State = Literal["closed", "open", "half_open", "forced_open", "disabled", "metrics_only"]

class CircuitBreaker:
    """Stop calling what is down."""

    def __new__(
        cls,
        *,
        window: int | None = None,
        window_seconds: Seconds | None = None,
        buckets: int = 10,
        failure_rate: float = 0.5,
        slow_rate: float = 1.0,
        slow_after: Seconds | None = None,
        minimum_calls: int = 100,
        permits: int = 10,
        lease: Seconds | None = None,
        wait: Seconds | None = None,
        wait_growth: float = 1.0,
        max_wait: Seconds | None = None,
        half_open_limit: Seconds | None = None,
        half_open_end: Literal["open", "closed"] = "open",
        failure_count: int | None = None,
        failure_seconds: Seconds | None = None,
        on_transition: Callable[[State, State], object] | None = None,
        clock: Clock = None,
    ) -> Self: ...
    def acquire(self) -> Permit: ...
    def try_acquire(self) -> Permit | None: ...
    def success(self, permit: Permit) -> bool: ...
    def failure(self, permit: Permit) -> bool: ...
    def cancel(self, permit: Permit) -> None: ...
    @property
    def state(self) -> State: ...
    def snapshot(self) -> dict[str, Any]: ...
    def set_state(self, state: State) -> None: ...
    def reset(self) -> None: ...

@final
class JumpRouter:
    """Route keys to `shards` shards; one more shard moves only the keys that go to it."""

    def __new__(cls, shards: int) -> Self: ...
    def route(self, key: Key) -> int: ...
    def route_many(self, keys: Buffer, out: Buffer) -> None: ...

@final
class RangeRouter:
    """Route int keys by ranges that follow each other without gap or overlap."""

    def __new__(
        cls,
        starts: list[int],
        shards: list[int] | None = None,
        last: int = 18446744073709551615,
    ) -> Self: ...
    @staticmethod
    def even(first: int, width: int, count: int) -> RangeRouter: ...
    def route(self, key: int) -> int: ...
    def touching(self, low: int, high: int) -> list[tuple[int, int, int]]: ...
    def route_many(self, keys: Buffer, out: Buffer) -> None: ...

@final
class Rollout:
    """Send a share of users the new way."""

    def __new__(cls, name: str) -> Self: ...
    def includes(self, user: Key, share: float) -> bool: ...
    def includes_many(self, users: Buffer, share: float, out: Buffer) -> None: ...

def jump_hash(key: int, buckets: int) -> int: ...
def split(amount: int, weights: list[int], caps: list[int] | None = None) -> list[int]: ...
def _fork_begin() -> None: ...
def _fork_end() -> None: ...
