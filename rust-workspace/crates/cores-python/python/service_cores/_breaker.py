"""Permits of the core → decorators and context managers that sort exceptions and results."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Awaitable, Callable
from datetime import timedelta
from types import TracebackType
from typing import Any, ParamSpec, Self, TypeVar, cast

from service_cores import _native

P = ParamSpec("P")
R = TypeVar("R")
Errors = type[BaseException] | tuple[type[BaseException], ...]
Seconds = float | timedelta


class Guard:
    """One call: entering asks for a permit, leaving gives it back with the result.

    For `with` and `async with`. An exception counts as the breaker's `failures` and `ignore` say;
    `failed()` inside the block makes a call without exception a failure.
    """

    def __init__(self, breaker: CircuitBreaker) -> None:
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
    __doc__ = f"""{_native.CircuitBreaker.__doc__}
failures: exception classes that count as failures. Default Exception.
ignore: exception classes that count as nothing, before `failures`. Default none.
failed_result: called with what a decorated function returned; true makes it a failure.

An exception in neither counts as a success: the other side answered. Cancellation and other
exceptions outside Exception give the permit back as if the call had not been made, unless
`failures` names them.
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
        **settings: Any,
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
        cls, failure_count: int, seconds: Seconds, wait: Seconds = 60.0, **settings: Any
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
