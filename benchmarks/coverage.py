"""How often the intervals of benches hold the true value, on data whose quantiles are known.

`python -m benchmarks.coverage [TRIALS]`: launches as in use, 95 % stated; ends with 1 where one
case is held less often than in 94 of 100.
"""

import math
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from statistics import NormalDist, fmean

from harness.measuring.intervals import mean_interval, percentile_interval
from harness.measuring.sampling import sampling_for
from harness.model.bench import Sampling

USUAL = Sampling()
CALLS = 2_400
"""Of a run, in all its launches; a percentile has as many, in more launches."""
LEAST = 0.94
_UNIT = 1_000_000
_NORMAL = NormalDist()
_SHARES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}

Draw = Callable[[random.Random, int], list[float]]
"""So many calls of one launch."""


@dataclass(frozen=True, slots=True)
class Population:
    """Launches of calls, with what all calls of all launches have in truth."""

    name: str
    draw: Draw
    share_below: Callable[[float], float]
    mean: float
    known: dict[float, float] = field(default_factory=dict)

    def percentile(self, share: float) -> float:
        """Where the share of all calls passes `share`."""
        if share in self.known:
            return self.known[share]
        low, high = 0.0, 1e6
        for _ in range(100):
            middle = (low + high) / 2
            low, high = (middle, high) if self.share_below(middle) < share else (low, middle)
        self.known[share] = low
        return low


def _lognormal(sigma: float) -> Callable[[float], float]:
    return lambda x: _NORMAL.cdf(math.log(x) / sigma) if x > 0 else 0.0


def _skewed(source: random.Random, calls: int) -> list[float]:
    return [math.exp(source.gauss(0, 0.8)) for _ in range(calls)]


def _bimodal(source: random.Random, calls: int) -> list[float]:
    return [
        abs(source.gauss(10, 1) if source.random() < 0.03 else source.gauss(1, 0.1))
        for _ in range(calls)
    ]


def _autocorrelated(source: random.Random, calls: int) -> list[float]:
    state, found = source.gauss(0, 1), []
    for _ in range(calls):
        state = 0.9 * state + math.sqrt(1 - 0.81) * source.gauss(0, 1)
        found.append(math.exp(0.3 * state))
    return found


def _with_effect(source: random.Random, calls: int) -> list[float]:
    effect = source.gauss(0, 0.05)
    return [math.exp(effect + source.gauss(0, 0.3)) for _ in range(calls)]


def _of_two_sorts(source: random.Random, calls: int) -> list[float]:
    slower = 1.2 if source.random() < 0.3 else 1.0
    return [slower * math.exp(source.gauss(0, 0.3)) for _ in range(calls)]


def _with_stalls(source: random.Random, calls: int) -> list[float]:
    stalls = 1.5 if source.random() < 0.5 else 0.5
    return [
        math.exp(source.gauss(0, 0.2)) * (8 if source.random() < 0.01 * stalls else 1)
        for _ in range(calls)
    ]


def _stalled_share(x: float) -> float:
    below = _lognormal(0.2)
    return 0.99 * below(x) + 0.01 * below(x / 8)


POPULATIONS = (
    Population("skewed", _skewed, _lognormal(0.8), math.exp(0.32)),
    Population(
        "bimodal",
        _bimodal,
        lambda x: 0.97 * _NORMAL.cdf((x - 1) / 0.1) + 0.03 * _NORMAL.cdf(x - 10),
        0.97 + 0.3,
    ),
    Population("autocorrelated", _autocorrelated, _lognormal(0.3), math.exp(0.045)),
    Population(
        "launch effect",
        _with_effect,
        _lognormal(math.hypot(0.05, 0.3)),
        math.exp((0.0025 + 0.09) / 2),
    ),
    Population(
        "launches of two sorts",
        _of_two_sorts,
        lambda x: 0.7 * _lognormal(0.3)(x) + 0.3 * _lognormal(0.3)(x / 1.2),
        math.exp(0.045) * 1.06,
    ),
    Population(
        "launches that stall", _with_stalls, _stalled_share, math.exp(0.02) * (1 + 7 * 0.01)
    ),
)


def coverage(population: Population, trials: int, seed: int) -> Iterator[tuple[str, float]]:
    """For each figure, the share of trials whose interval holds the truth."""
    source = random.Random(seed)  # noqa: S311 - a simulation, no secret
    held = dict.fromkeys((*_SHARES, "mean"), 0)
    for _ in range(trials):
        for name in held:
            launches = drawn(population, name, source)
            if name == "mean":
                found = mean_interval([fmean(launch) for launch in launches])
                truth = population.mean
            else:
                counts = [[(round(x * _UNIT), 1) for x in sorted(each)] for each in launches]
                found = percentile_interval(counts, _SHARES[name])
                truth = population.percentile(_SHARES[name]) * _UNIT
            held[name] += found.low <= truth <= found.high
    for name, count in held.items():
        yield name, count / trials


def drawn(population: Population, statistic: str, source: random.Random) -> list[list[float]]:
    """The launches of one run, laid out as a bench's are for the statistic."""
    launches = sampling_for(USUAL, [statistic], is_quick=False).launches
    return [population.draw(source, CALLS // launches) for _ in range(launches)]


def main() -> int:
    """Print the table; the exit code."""
    trials = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    worst = 1.0
    print(f"{trials} trials of {CALLS} calls; 95 % stated")  # noqa: T201
    for number, population in enumerate(POPULATIONS):
        found = dict(coverage(population, trials, number))
        worst = min(worst, *found.values())
        told = "  ".join(f"{name} {100 * share:.1f} %" for name, share in found.items())
        print(f"{population.name:<22} {told}", flush=True)  # noqa: T201
    print(f"least {100 * worst:.1f} %, {100 * LEAST:.0f} % is due")  # noqa: T201
    return 0 if worst >= LEAST else 1


if __name__ == "__main__":
    sys.exit(main())
