"""Extension and peers → samples of nanoseconds a call, interleaved, as JSON for `run.py`.

Usage: python bench.py [repeats]. Needs the extension, the floor module and requirements.txt.
The loop's own time (an empty statement) is taken off every sample, and a peer's wrapped function,
called plainly, off the peer's wrapped call.
"""

import json
import sys
import time
import timeit
from array import array
from collections.abc import Callable
from typing import Any

import circuitbreaker
import cores_floor
import jump
import purgatory
import pybreaker
import pyresilience
import rust_py_rate_limit
import service_cores as sc
import token_bucket
import uhashring

CALLS = 20_000
Measure = Callable[[], float]
Samples = dict[str, list[float]]


def loop(statement: str, **names: Any) -> Measure:
    """Nanoseconds per execution of a statement, loop included."""
    # Processor time: leaves out what other processes took away.
    timer = timeit.Timer(statement, timer=time.thread_time, globals=names)
    return lambda: timer.timeit(CALLS) / CALLS * 1e9


def rust(what: str) -> Measure:
    return lambda: cores_floor.rust_time(what, CALLS)


def empty() -> None:
    """What the peers' breakers wrap."""


def less(values: list[float], off: list[float]) -> list[float]:
    """What is left of each sample when the loop's own time is taken off."""
    return [value - base for value, base in zip(values, off, strict=True)]


def sample(measures: dict[str, Measure], repeats: int) -> Samples:
    """All in turn, each repeat starting with another one."""
    names = list(measures)
    samples: dict[str, list[float]] = {name: [] for name in names}
    for repeat in range(repeats):
        for turn in range(len(names)):
            name = names[(repeat + turn) % len(names)]
            samples[name].append(measures[name]())
    return samples


def crossings(repeats: int) -> Samples:
    """Each call; the cheapest PyO3 call of its shape; the core's own time in Rust."""
    floor, clock = cores_floor.Floor(), 1 << 60
    limiter = sc.RateLimiter(10**9, burst=1 << 40)
    native = sc.RateLimiter(10**9, burst=1 << 40).allow
    keyed = sc.KeyedRateLimiter(10**9, burst=1 << 40)
    breaker = sc.CircuitBreaker()
    permit, ticket = breaker.acquire(), floor.ticket()
    for _ in range(200):
        breaker.success(breaker.acquire())
    router = sc.JumpRouter(64)
    key, text = 0x5692161D100B05E5, "user-12345"
    pairs: dict[str, tuple[Measure, Measure, Measure]] = {
        "RateLimiter.allow()": (
            loop("f()", f=native),
            loop("f()", f=floor.optional),
            rust("allow"),
        ),
        "RateLimiter.allow_at(now)": (
            loop("f(now)", f=limiter.allow_at, now=clock),
            loop("f(now)", f=floor.number_optional, now=clock),
            rust("allow_at"),
        ),
        "KeyedRateLimiter.allow(str)": (
            loop("f(key)", f=keyed.allow, key=text),
            loop("f(key)", f=floor.text_optional, key=text),
            rust("keyed"),
        ),
        "CircuitBreaker.acquire()": (
            loop("f()", f=breaker.acquire),
            loop("f()", f=floor.ticket),
            rust("acquire"),
        ),
        "acquire() and success(permit)": (
            loop("g(f())", f=breaker.acquire, g=breaker.success),
            loop("g(f())", f=floor.ticket, g=floor.take),
            lambda: rust("acquire")() + rust("record")(),
        ),
        "jump_hash(key, 64)": (
            loop("f(key, 64)", f=sc.jump_hash, key=key),
            loop("f(key, 64)", f=cores_floor.two_numbers, key=key),
            rust("jump"),
        ),
        "JumpRouter.route(key)": (
            loop("f(key)", f=router.route, key=key),
            loop("f(key)", f=floor.number, key=key),
            rust("jump"),
        ),
    }
    assert not permit.is_probe
    assert floor.take(ticket)
    measures: dict[str, Measure] = {"loop": loop("pass")}
    for name, (ours, cheapest, own) in pairs.items():
        measures |= {f"{name} ours": ours, f"{name} floor": cheapest, f"{name} rust": own}
    samples = sample(measures, repeats)
    off = samples.pop("loop")
    return {
        name: values if name.endswith(" rust") else less(values, off)
        for name, values in samples.items()
    }


def peers(repeats: int) -> Samples:
    """Ours and each peer of its kind."""
    many, key, text = 10**9, 0x5692161D100B05E5, "user-12345"
    limiter = sc.RateLimiter(many, burst=1 << 40)
    keyed = sc.KeyedRateLimiter(many, burst=1 << 40)
    rust_limiter = rust_py_rate_limit.RateLimiter(2**31, 3600)
    bucket = token_bucket.Limiter(many, many, token_bucket.MemoryStorage())
    resilience = pyresilience.RateLimiter(
        pyresilience.RateLimiterConfig(max_calls=many, period=1.0)
    )
    limiters = {
        "ours, un-keyed": loop("f()", f=limiter.allow),
        "ours, keyed": loop("f(key)", f=keyed.allow, key=text),
        "rust-py-rate-limit": loop("f(key)", f=rust_limiter.allow, key=text),
        "token-bucket": loop("f(key)", f=bucket.consume, key=text),
        "pyresilience limiter": loop("f()", f=resilience.acquire),
    }
    breaker = sc.CircuitBreaker()
    for _ in range(200):
        breaker.success(breaker.acquire())
    factory = purgatory.SyncCircuitBreakerFactory()
    breakers = {
        "ours, acquire and success": loop("g(f())", f=breaker.acquire, g=breaker.success),
        "ours, decorated": loop("f()", f=breaker(empty)),
        "circuitbreaker": loop("f()", f=circuitbreaker.circuit(empty)),
        "purgatory": loop("f()", f=factory("x")(empty)),
        "pybreaker": loop("f()", f=pybreaker.CircuitBreaker()(empty)),
    }
    ring = uhashring.HashRing(nodes=[str(node) for node in range(64)])
    router, large = sc.JumpRouter(64), key + 2**63
    routers = {
        "ours, JumpRouter.route": loop("f(key)", f=router.route, key=key),
        "ours, jump_hash": loop("f(key, 64)", f=sc.jump_hash, key=key),
        "ours, JumpRouter.route, from 2^63": loop("f(key)", f=router.route, key=large),
        "jump-consistent-hash (C)": loop("f(key, 64)", f=jump.hash, key=key),
        "jump-consistent-hash (C), from 2^63": loop("f(key, 64)", f=jump.hash, key=large),
        "PyO3, nothing done": loop("f(key)", f=cores_floor.Floor().object, key=key),
        "uhashring": loop("f(key)", f=ring.get_node, key=text),
    }
    for one in (key, large):
        assert sc.jump_hash(one, 64) == jump.hash(one, 64) == router.route(one), "the same mapping"
    base = {"loop": loop("pass"), "function": loop("f()", f=empty)}
    samples = sample({**base, **limiters, **breakers, **routers}, repeats)

    plain = {"ours, acquire and success", *limiters, *routers}
    loops, functions = samples.pop("loop"), samples.pop("function")
    return {
        name: less(values, loops if name in plain else functions)
        for name, values in samples.items()
    }


def batches(repeats: int) -> Samples:
    """Nanoseconds per key, and of the same loop in Rust."""
    keys = array("Q", [sc.jump_hash(i, 2**31) * i + i for i in range(10_000)])
    costs = array("Q", [1]) * 10_000
    shards, flags = array("I", [0]) * 10_000, bytearray(10_000)
    plain = list(keys)
    router = sc.JumpRouter(64)
    limiter = sc.RateLimiter(10**9, burst=1 << 40)

    def per_key(statement: str, **names: Any) -> Measure:
        timer = timeit.Timer(statement, timer=time.thread_time, globals=names)
        return lambda: timer.timeit(20) / 20 / 10_000 * 1e9

    measures = {
        "route_many ours": per_key("f(k, o)", f=router.route_many, k=keys, o=shards),
        "route_many rust": lambda: cores_floor.rust_batch("jump", plain, 20),
        "allow_many ours": per_key("f(k, o)", f=limiter.allow_many, k=costs, o=flags),
        "allow_many rust": lambda: cores_floor.rust_batch("allow", plain, 20),
    }
    return sample(measures, repeats)


def main() -> None:
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 11
    parts = {"crossings": crossings, "peers": peers, "batches": batches}
    json.dump({name: part(repeats) for name, part in parts.items()}, sys.stdout)


if __name__ == "__main__":
    main()
