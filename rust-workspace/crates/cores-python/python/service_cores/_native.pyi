"""The compiled half of `service_cores`; import from there."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any, Literal, Self, final

from typing_extensions import disjoint_base

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

_Key = str | bytes | int
_Seconds = float | timedelta
# A buffer; numpy's arrays tell type checkers so only from Python 3.12.
_Buffer = Any

@final
class ManualClock:
    """A clock that moves only when told, for tests."""

    def __new__(cls, start: _Seconds | None = None) -> Self: ...
    def advance(self, seconds: _Seconds) -> None: ...
    def set_ns(self, now_ns: int) -> None: ...
    def now_ns(self) -> int: ...

_Clock = ManualClock | Callable[[], int] | None

@disjoint_base
class RateLimiter:
    """Admit at most `rate` calls per `per` seconds, and `burst` at once."""

    def __new__(
        cls,
        rate: int,
        per: _Seconds | None = None,
        burst: int | None = None,
        *,
        clock: _Clock = None,
    ) -> Self: ...
    def allow(self, cost: int = 1) -> bool: ...
    def allow_at(self, now_ns: int, cost: int = 1) -> bool: ...
    def try_acquire(self, cost: int = 1) -> float: ...
    def check(self, cost: int = 1) -> None: ...
    def allow_many(self, costs: _Buffer, out: _Buffer) -> int: ...
    def available(self) -> int: ...
    def set_rate(
        self, rate: int, per: _Seconds | None = None, burst: int | None = None
    ) -> None: ...

@disjoint_base
class KeyedRateLimiter:
    """Admit at most `rate` calls per `per` seconds, and `burst` at once, for each key."""

    def __new__(
        cls,
        rate: int,
        per: _Seconds | None = None,
        burst: int | None = None,
        *,
        max_keys: int = 100_000,
        always: Iterable[_Key] | None = None,
        clock: _Clock = None,
    ) -> Self: ...
    def allow(self, key: _Key, cost: int = 1) -> bool: ...
    def try_acquire(self, key: _Key, cost: int = 1) -> float: ...
    def check(self, key: _Key, cost: int = 1) -> None: ...
    def allow_many(self, keys: _Buffer, out: _Buffer) -> int: ...
    def always_allow(self, key: _Key) -> None: ...
    def limit_again(self, key: _Key) -> bool: ...
    def set_rate(
        self, rate: int, per: _Seconds | None = None, burst: int | None = None
    ) -> None: ...
    def forget_idle(self) -> int: ...
    def key_count(self) -> int: ...

@final
class Permit:
    """Leave to make one call, from `CircuitBreaker.acquire`."""

    @property
    def is_probe(self) -> bool: ...

_State = Literal["closed", "open", "half_open", "forced_open", "disabled", "metrics_only"]

@disjoint_base
class CircuitBreaker:
    """Stop calling what is down."""

    def __new__(
        cls,
        *,
        window: int | None = None,
        window_seconds: _Seconds | None = None,
        buckets: int = 10,
        failure_rate: float = 0.5,
        slow_rate: float = 1.0,
        slow_after: _Seconds | None = None,
        minimum_calls: int = 100,
        permits: int = 10,
        lease: _Seconds | None = None,
        wait: _Seconds | None = None,
        wait_growth: float = 1.0,
        max_wait: _Seconds | None = None,
        half_open_limit: _Seconds | None = None,
        half_open_end: Literal["open", "closed"] = "open",
        failure_count: int | None = None,
        failure_seconds: _Seconds | None = None,
        on_transition: Callable[[_State, _State], object] | None = None,
        clock: _Clock = None,
    ) -> Self: ...
    def acquire(self) -> Permit: ...
    def try_acquire(self) -> Permit | None: ...
    def success(self, permit: Permit) -> bool: ...
    def failure(self, permit: Permit) -> bool: ...
    def cancel(self, permit: Permit) -> None: ...
    @property
    def state(self) -> _State: ...
    def snapshot(self) -> dict[str, Any]: ...
    def set_state(self, state: _State) -> None: ...
    def reset(self) -> None: ...

@final
class JumpRouter:
    """Route keys to `shards` shards; one more shard moves only the keys that go to it."""

    def __new__(cls, shards: int) -> Self: ...
    def route(self, key: _Key) -> int: ...
    def route_many(self, keys: _Buffer, out: _Buffer) -> None: ...

@final
class RangeRouter:
    """Route int keys by ranges that follow each other without gap or overlap."""

    def __new__(
        cls,
        starts: list[int],
        shards: list[int] | None = None,
        last: int | None = None,
    ) -> Self: ...
    @staticmethod
    def even(first: int, width: int, count: int) -> RangeRouter: ...
    def route(self, key: int) -> int: ...
    def touching(self, low: int, high: int) -> list[tuple[int, int, int]]: ...
    def route_many(self, keys: _Buffer, out: _Buffer) -> None: ...

@final
class Rollout:
    """Send a share of users the new way."""

    def __new__(cls, name: str) -> Self: ...
    def includes(self, user: _Key, share: float) -> bool: ...
    def includes_many(self, users: _Buffer, share: float, out: _Buffer) -> None: ...

def jump_hash(key: int, buckets: int) -> int: ...
def split(amount: int, weights: list[int], caps: list[int] | None = None) -> list[int]: ...
def _fork_begin() -> None: ...
def _fork_end() -> None: ...
