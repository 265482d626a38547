"""Checks of the core → decorators, context managers and waiting, for sync and async code."""

import asyncio
import functools
import inspect
import math
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from types import TracebackType
from typing import ParamSpec, TypeVar, cast

from service_cores import _native
from service_cores._errors import RateLimited

P = ParamSpec("P")
R = TypeVar("R")
Key = str | bytes | int


def _bounded(timeout: float | None) -> float:
    """The timeout in seconds, infinite for None; ValueError if it is negative or no number."""
    if timeout is None:
        return math.inf
    if not timeout >= 0:
        raise ValueError(f"timeout must be at least 0 seconds or None, got {timeout}")
    return timeout


def _pauses(attempt: Callable[[], float], timeout: float) -> Iterator[float]:
    """Try until it works; gives the seconds to sleep before each next try.

    Nothing is taken before `attempt` gives 0.0, and nothing is awaited after: so a caller that is
    cancelled while it sleeps has taken nothing.
    """
    deadline = time.monotonic() + timeout
    while (wait := attempt()) > 0.0:
        if not time.monotonic() + wait <= deadline or math.isinf(wait):
            raise RateLimited(wait)
        yield wait


class Limit:
    """One call's worth of a limiter: a decorator and a context manager, sync and async.

    Entering takes the call: at once, or after a wait of at most `timeout` seconds (None: as long
    as it takes), or raises RateLimited. Leaving does nothing. Reusable and re-entrant.
    """

    def __init__(self, attempt: Callable[[], float], timeout: float | None) -> None:
        self._attempt = attempt
        self._timeout = _bounded(timeout)

    def _wait(self) -> None:
        for seconds in _pauses(self._attempt, self._timeout):
            time.sleep(seconds)

    async def _wait_async(self) -> None:
        for seconds in _pauses(self._attempt, self._timeout):
            await asyncio.sleep(seconds)

    def __enter__(self) -> None:
        self._wait()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None

    async def __aenter__(self) -> None:
        await self._wait_async()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None

    def __call__(self, function: Callable[P, R]) -> Callable[P, R]:
        """Limit each call of `function`, which may be `async`."""
        if inspect.iscoroutinefunction(function):
            call = cast("Callable[P, Awaitable[object]]", function)

            @functools.wraps(function)
            async def limited_async(*args: P.args, **kwargs: P.kwargs) -> object:
                await self._wait_async()
                return await call(*args, **kwargs)

            return cast("Callable[P, R]", limited_async)

        @functools.wraps(function)
        def limited(*args: P.args, **kwargs: P.kwargs) -> R:
            self._wait()
            return function(*args, **kwargs)

        return limited


class RateLimiter(_native.RateLimiter):
    __doc__ = _native.RateLimiter.__doc__

    def limit(self, cost: int = 1, *, timeout: float | None = 0.0) -> Limit:
        """A decorator and context manager that takes `cost` calls; see Limit.

        With the default timeout a refused call raises RateLimited at once.
        """
        return Limit(functools.partial(self.try_acquire, cost), timeout)

    async def acquire(self, cost: int = 1, *, timeout: float | None = None) -> None:
        """Wait until `cost` calls may pass, and take them.

        Raises RateLimited, without waiting, as soon as it is clear that `timeout` seconds will not
        do. Cancelled while it waits, it has taken nothing. Waiters are not queued: who asks first
        after the wait is served.
        """
        for seconds in _pauses(functools.partial(self.try_acquire, cost), _bounded(timeout)):
            await asyncio.sleep(seconds)


class KeyedRateLimiter(_native.KeyedRateLimiter):
    __doc__ = _native.KeyedRateLimiter.__doc__

    def limit(self, key: Key, cost: int = 1, *, timeout: float | None = 0.0) -> Limit:
        """A decorator and context manager that takes `cost` calls of `key`; see Limit."""
        return Limit(functools.partial(self.try_acquire, key, cost), timeout)

    async def acquire(self, key: Key, cost: int = 1, *, timeout: float | None = None) -> None:
        """Wait until `cost` calls of `key` may pass, and take them; as RateLimiter.acquire."""
        attempt = functools.partial(self.try_acquire, key, cost)
        for seconds in _pauses(attempt, _bounded(timeout)):
            await asyncio.sleep(seconds)


class TieredRateLimiter:
    """Named limiters that share nothing: what one tier uses, no other lacks.

    tiers: name → RateLimiter, at least one.
    """

    def __init__(self, tiers: Mapping[str, RateLimiter]) -> None:
        if not tiers:
            raise ValueError("tiers must hold at least 1 limiter, got 0")
        self._tiers = dict(tiers)

    def __getitem__(self, tier: str) -> RateLimiter:
        """The tier's limiter; KeyError names the known tiers for an unknown one."""
        try:
            return self._tiers[tier]
        except KeyError:
            known = ", ".join(self._tiers)
            raise KeyError(f"tier must be one of {known}, got {tier!r}") from None

    def allow(self, tier: str, cost: int = 1) -> bool:
        """Whether `cost` calls of `tier` may pass now."""
        return self[tier].allow(cost)

    def check(self, tier: str, cost: int = 1) -> None:
        """Take `cost` calls of `tier`, or raise RateLimited."""
        self[tier].check(cost)
