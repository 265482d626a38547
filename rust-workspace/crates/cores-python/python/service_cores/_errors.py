"""Refusals → exceptions with the time after which to try again."""


class ServiceCoresError(Exception):
    """A call that was not let through. Base of the others."""

    retry_after: float
    """Seconds after which a retry may pass; `inf` if no time is known."""


class RateLimited(ServiceCoresError):
    """The rate limiter refuses for now.

    `retry_after`: seconds until the same call would pass, if no other does before.
    """

    def __init__(self, retry_after: float) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after

    def __str__(self) -> str:
        return f"rate limited; retry after {self.retry_after:.9g} s"


class CircuitOpen(ServiceCoresError):
    """The circuit breaker rejects the call.

    `reason`: "open", "half_open" (all probes taken) or "forced_open".
    `retry_after`: seconds until a call may be permitted.
    """

    def __init__(self, reason: str, retry_after: float) -> None:
        super().__init__(reason, retry_after)
        self.reason = reason
        self.retry_after = retry_after

    def __str__(self) -> str:
        return f"circuit {self.reason}; retry after {self.retry_after:.9g} s"
