"""The breaker's settings by name → their types, for type checkers."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Literal, TypedDict

from service_cores import _native

Errors = type[BaseException] | tuple[type[BaseException], ...]
Seconds = float | timedelta


class Common(TypedDict, total=False):
    """What every breaker can be told."""

    permits: int
    lease: Seconds | None
    wait_growth: float
    max_wait: Seconds | None
    half_open_limit: Seconds | None
    half_open_end: Literal["open", "closed"]
    on_transition: Callable[[str, str], object] | None
    clock: _native.ManualClock | Callable[[], int] | None


class SimpleSettings(Common, total=False):
    """What a breaker can be told that opens on failures within a time."""

    failures: Errors
    ignore: Errors
    failed_result: Callable[[Any], object] | None


class Settings(Common, total=False):
    """What CircuitBreaker describes, but for what sorts exceptions and results."""

    window: int | None
    window_seconds: Seconds | None
    buckets: int
    failure_count: int | None
    failure_seconds: Seconds | None
    failure_rate: float
    slow_rate: float
    slow_after: Seconds | None
    minimum_calls: int
    wait: Seconds | None
