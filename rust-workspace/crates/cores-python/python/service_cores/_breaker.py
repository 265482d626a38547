"""Permits of the core → decorators and context managers that sort exceptions and results."""

import functools
import inspect
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, ParamSpec, Self, TypeVar, Unpack, cast

from service_cores import _native
from service_cores._settings import Errors, Seconds, Settings, SimpleSettings

P = ParamSpec("P")
R = TypeVar("R")


class Guard:
    """One call: entering asks for a permit, leaving gives it back with the result.

    For `with` and `async with`. An exception counts as the breaker's `failures` and `ignore` say;
    `failed()` inside the block makes a call without exception a failure.
    """

    def __init__(self, breaker: "CircuitBreaker") -> None:
        self._breaker = breaker
        self._permit: _native.Permit | None = None
        self._failed = False

    def failed(self) -> None:
        """Count this call as a failure, even if the block ends well."""
        self._failed = True

    def __enter__(self) -> Self:
        if self._permit is not None:
            raise RuntimeError("a guard is for one call; make another with guard()")
        self._permit = self._breaker.acquire()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        permit = self._permit
        if permit is None:
            return
        if error is not None:
            self._breaker._settle_error(permit, error)
        elif self._failed:
            self._breaker.failure(permit)
        else:
            self._breaker.success(permit)

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.__exit__(kind, error, trace)


class CircuitBreaker(_native.CircuitBreaker):
    """Stop calling what is down.

    Closed, it permits and records calls. When the share of failures or of slow calls in the window
    reaches its threshold it opens and rejects calls for `wait` seconds; then it is half-open and
    lets `permits` probes through, whose results close or open it. All settings go by name:

    window: results that count together: the last so many, 1 to 1,000,000. Default 100.
    window_seconds: instead of `window`, the results of the last so many seconds, in `buckets`.
    buckets: parts of `window_seconds`, 1 to 100,000. Default 10.
    failure_count, failure_seconds: instead of windows and rates, open on so many failures (1 to
        100,000) within so many seconds; see failures_within.
    failure_rate: share of failures that opens, above 0 up to 1. Default 0.5.
    slow_rate: share of slow calls that opens, above 0 up to 1. Default 1.
    slow_after: a call is slow if it takes longer than this many seconds. Default 60.
    minimum_calls: results needed before a rate means anything, at least 1; a window that holds
        fewer calls needs to be full. Default 100.
    permits: probes of one half-open state, 1 to 100,000. Default 10.
    lease: seconds after which a probe that has not come back gives its permit back. Default 60.
    wait: seconds open. Default 60.
    wait_growth: growth of the wait per further opening in a row, from 1. Default 1.
    max_wait: longest wait in seconds. Default: no bound.
    half_open_limit: longest half-open state in seconds. Default: no bound.
    half_open_end: what follows that limit, "open" or "closed". Default "open".
    failures: exception classes that count as failures. Default Exception.
    ignore: exception classes that count as nothing, before `failures`. Default none.
    failed_result: called with what a decorated function returned; true makes it a failure.
    on_transition: called with the old and the new state's name after each change of state, without
        any lock. What it raises goes to sys.unraisablehook.
    clock: None for the machine's monotonic clock, a ManualClock, or a callable giving nanoseconds.

    Seconds are an int, a float or a timedelta. An exception that is neither in `failures` nor in
    `ignore` counts as a success: the other side answered. Cancellation and other exceptions outside
    Exception give the permit back as if the call had not been made, unless `failures` names them.
    Each result counts only in the era its permit is from. Safe to share between threads.
    """

    _failures: Errors
    _ignore: Errors
    _failed_result: Callable[[Any], object] | None

    def __new__(
        cls,
        *,
        failures: Errors = Exception,
        ignore: Errors = (),
        failed_result: Callable[[Any], object] | None = None,
        **settings: Unpack[Settings],
    ) -> Self:
        """Settings are those of the class's description; each is checked and named if wrong."""
        for name, errors in (("failures", failures), ("ignore", ignore)):
            _check_errors(name, errors)
        breaker = super().__new__(cls, **settings)
        breaker._failures = failures
        breaker._ignore = ignore
        breaker._failed_result = failed_result
        return breaker

    @classmethod
    def failures_within(
        cls,
        failure_count: int,
        seconds: Seconds,
        wait: Seconds = 60.0,
        **settings: Unpack[SimpleSettings],
    ) -> Self:
        """A breaker that opens on the `failure_count`-th failure within `seconds`, waits `wait`
        seconds, then lets one probe (or `permits=`) decide. Other settings as for the class, except
        that rates and windows play no part."""
        settings.setdefault("permits", 1)
        return cls(failure_count=failure_count, failure_seconds=seconds, wait=wait, **settings)

    def guard(self) -> Guard:
        """A context manager for one call, for `with` and `async with`."""
        return Guard(self)

    def __call__(self, function: Callable[P, R]) -> Callable[P, R]:
        """Decorate `function`, which may be `async`: calls raise CircuitOpen while rejected."""
        if inspect.iscoroutinefunction(function):
            call = cast("Callable[P, Awaitable[object]]", function)

            @functools.wraps(function)
            async def guarded_async(*args: P.args, **kwargs: P.kwargs) -> object:
                permit = self.acquire()
                try:
                    result = await call(*args, **kwargs)
                except BaseException as error:
                    self._settle_error(permit, error)
                    raise
                self._settle_result(permit, result)
                return result

            return cast("Callable[P, R]", guarded_async)

        @functools.wraps(function)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            permit = self.acquire()
            try:
                result = function(*args, **kwargs)
            except BaseException as error:
                self._settle_error(permit, error)
                raise
            self._settle_result(permit, result)
            return result

        return guarded

    def _settle_result(self, permit: _native.Permit, result: object) -> None:
        """Give a permit back with a result; if `failed_result` raises, the call is a failure."""
        failed_result = self._failed_result
        if failed_result is None:
            self.success(permit)
            return
        try:
            failed = failed_result(result)
        except BaseException:
            self.failure(permit)
            raise
        if failed:
            self.failure(permit)
        else:
            self.success(permit)

    def _settle_error(self, permit: _native.Permit, error: BaseException) -> None:
        """Give a permit back with an exception."""
        if isinstance(error, self._ignore):
            self.cancel(permit)
        elif isinstance(error, self._failures):
            self.failure(permit)
        elif isinstance(error, Exception):
            self.success(permit)
        else:
            self.cancel(permit)


def _check_errors(name: str, errors: object) -> None:
    classes = errors if isinstance(errors, tuple) else (errors,)
    for given in classes:
        if not (isinstance(given, type) and issubclass(given, BaseException)):
            raise TypeError(f"{name} must be exception classes, got {given!r}")
