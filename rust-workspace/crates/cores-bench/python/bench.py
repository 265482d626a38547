"""Extension and peers → medians in ns and ratios with 95 % intervals, interleaved.

Usage: python bench.py [repeats]. Needs the extension, the floor module and requirements.txt.
The loop's own time (an empty statement) is taken off every figure, and a peer's wrapped function,
called plainly, off the peer's wrapped call.
"""

import math
import statistics
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


def loop(statement: str, **names: Any) -> Measure:
    """Nanoseconds per execution of a statement, loop included."""
    # Processor time: leaves out what other processes took away.
    timer = timeit.Timer(statement, timer=time.thread_time, globals=names)
    return lambda: timer.timeit(CALLS) / CALLS * 1e9


def rust(what: str) -> Measure:
    return lambda: cores_floor.rust_time(what, CALLS)


def empty() -> None:
    """What the peers' breakers wrap."""


def sample(measures: dict[str, Measure], repeats: int) -> dict[str, list[float]]:
    """All in turn, each repeat starting with another one."""
    names = list(measures)
    samples: dict[str, list[float]] = {name: [] for name in names}
    for repeat in range(repeats):
        for turn in range(len(names)):
            name = names[(repeat + turn) % len(names)]
            samples[name].append(measures[name]())
    return samples


def interval(values: list[float]) -> tuple[float, float]:
    """95 % interval of the median by order statistics at binomial ranks."""
    n, cumulated, rank = len(values), 0.0, 0
    while cumulated + math.comb(n, rank) / 2**n <= 0.025:
        cumulated += math.comb(n, rank) / 2**n
        rank += 1
    low = max(rank - 1, 0)
    return sorted(values)[low], sorted(values)[n - 1 - low]


def show(name: str, values: list[float], note: str = "") -> None:
    low, high = interval(values)
    print(f"  {name:46} {statistics.median(values):9.3f}  [{low:.3f}, {high:.3f}] {note}")


def crossings(repeats: int) -> None:
    """Each call against 1.4 times the cheapest PyO3 call of its shape, plus the core's own time."""
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
    print(
        f"\ncrossings: (call - core's Rust time) / cheapest PyO3 call; goal 1.4 ({repeats} repeats)"
    )
    for name in pairs:
        ours, cheapest = (
            [
                value - base
                for value, base in zip(samples[f"{name} {kind}"], samples["loop"], strict=True)
            ]
            for kind in ("ours", "floor")
        )
        own = samples[f"{name} rust"]
        ratios = [(a - c) / b for a, b, c in zip(ours, cheapest, own, strict=True)]
        medians = [statistics.median(values) for values in (ours, cheapest, own)]
        show(name, ratios, "ours {:.1f} floor {:.1f} core {:.1f} ns".format(*medians))


def peers(repeats: int) -> None:
    """Ours against each peer of its kind: how many times faster."""
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
    router = sc.JumpRouter(64)
    routers = {
        "ours, JumpRouter.route": loop("f(key)", f=router.route, key=key),
        "ours, jump_hash": loop("f(key, 64)", f=sc.jump_hash, key=key),
        "jump-consistent-hash (C)": loop("f(key, 64)", f=jump.hash, key=key),
        "uhashring": loop("f(key)", f=ring.get_node, key=text),
    }
    assert sc.jump_hash(key, 64) == jump.hash(key, 64) == router.route(key), "the same mapping"
    base = {"loop": loop("pass"), "function": loop("f()", f=empty)}
    samples = sample({**base, **limiters, **breakers, **routers}, repeats)

    def net(name: str) -> list[float]:
        plain = name == "ours, acquire and success" or name not in breakers
        taken = samples["loop"] if plain else samples["function"]
        return [value - off for value, off in zip(samples[name], taken, strict=True)]

    for title, group, ours in (
        ("limiters, un-keyed; goal 3.5 against the fastest keyed peer", limiters, "ours, un-keyed"),
        ("limiters, keyed; goal 1.5", limiters, "ours, keyed"),
        ("breakers; goal 6 against the fastest peer", breakers, "ours, acquire and success"),
        ("routers; goal 1.8 with the same hash", routers, "ours, JumpRouter.route"),
        ("routers, by the function", routers, "ours, jump_hash"),
    ):
        print(f"\n{title}: peer's ns / ours ({repeats} repeats)")
        for name in group:
            ratios = [a / b for a, b in zip(net(name), net(ours), strict=True)]
            show(name, ratios, f"{statistics.median(net(name)):.1f} ns")


def batches(repeats: int) -> None:
    """Nanoseconds per key above the same loop in Rust."""
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
        "jump": per_key("f(k, o)", f=router.route_many, k=keys, o=shards),
        "jump rust": lambda: cores_floor.rust_batch("jump", plain, 20),
        "allow": per_key("f(k, o)", f=limiter.allow_many, k=costs, o=flags),
        "allow rust": lambda: cores_floor.rust_batch("allow", plain, 20),
    }
    samples = sample(measures, repeats)
    print(f"\nbatches of 10,000: ns per key above the loop in Rust; goal 1.5 ({repeats} repeats)")
    for name in ("jump", "allow"):
        above = [a - b for a, b in zip(samples[name], samples[f"{name} rust"], strict=True)]
        medians = [statistics.median(samples[key]) for key in (name, f"{name} rust")]
        show(f"{name}_many", above, "{:.2f} against {:.2f} ns".format(*medians))


def main() -> None:
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 51
    crossings(repeats)
    peers(repeats)
    batches(repeats)


if __name__ == "__main__":
    main()
