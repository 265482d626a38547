"""Calls and their results → admitted or refused, made or rejected, routed.

Rate limiters, a circuit breaker and routers with a Rust core. All state is per process.
"""

import os

from service_cores import _native
from service_cores._breaker import CircuitBreaker
from service_cores._errors import CircuitOpen, RateLimited, ServiceCoresError
from service_cores._limiter import KeyedRateLimiter, RateLimiter, TieredRateLimiter
from service_cores._native import (
    JumpRouter,
    ManualClock,
    Permit,
    RangeRouter,
    Rollout,
    jump_hash,
    split,
)

__all__ = [
    "CircuitBreaker",
    "CircuitOpen",
    "JumpRouter",
    "KeyedRateLimiter",
    "ManualClock",
    "Permit",
    "RangeRouter",
    "RateLimited",
    "RateLimiter",
    "Rollout",
    "ServiceCoresError",
    "TieredRateLimiter",
    "jump_hash",
    "split",
]

if hasattr(os, "register_at_fork"):  # Not on Windows, where nothing forks.
    os.register_at_fork(
        before=_native._fork_begin,
        after_in_parent=_native._fork_end,
        after_in_child=_native._fork_end,
    )
