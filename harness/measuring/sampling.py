"""The statistics that a bench's claims ask for in, how its launches are laid out out.

Decided by the claims alone, before anything of the bench has run: so no call, and no launch,
can have a say in how many there are.

A percentile needs two things that a mean does not. It needs **calls**: `smallest_sample` of
them in all for an upper end, more for an interval of use. And it needs **launches**: where
launches differ, the slowest tenth of them holds most of the slowest tenth of all calls, and
twelve cannot say how slow a thirteenth is. So the time of a run is spread over more, shorter
launches, and a launch of slow calls lasts until it has its share of the calls.
"""

import math
from collections.abc import Iterable

from harness.measuring.intervals import smallest_sample
from harness.measuring.reading import PERCENTILES
from harness.model.bench import Sampling

_SPREAD = {"p90": 4, "p95": 8, "p99": 16, "p99.9": 16}
"""Times as many launches for a figure far out in the tail, each as much shorter."""
_SHORTEST_WARM_UP_MS = 25
_CALLS = 4
"""Times the calls that the order statistics need: Student's quantile and the spread of the
launches' variance ask for two to three times as many (`benchmarks/coverage.py`)."""
_LONGEST = 20
"""Times its usual length that a launch lasts at most for the sake of its calls."""


def sampling_for(usual: Sampling, statistics: Iterable[str], *, is_quick: bool) -> Sampling:
    """How a bench is launched whose claims are about these statistics; `usual` is for a mean.

    The measured time in all is the usual one, except where calls are slow.
    """
    wanted = [name for name in statistics if name in PERCENTILES]
    if is_quick or not wanted:
        return usual
    spread = max(_SPREAD.get(name, 1) for name in wanted)
    launches = usual.launches * spread
    due = max(_CALLS * smallest_sample(PERCENTILES[name]) for name in wanted)
    measure = max(1, round(usual.measure_ms / spread))
    shortest = min(_SHORTEST_WARM_UP_MS, usual.warm_up_ms)
    return Sampling(
        launches,
        max(shortest, round(usual.warm_up_ms / spread)),
        measure,
        math.ceil(due / launches),
        measure * _LONGEST,
    )
