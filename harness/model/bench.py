"""What a bench is held to and what it showed: stated figures, launches, intervals, rows."""

import math
from dataclasses import field
from enum import Enum

from harness.model.reasons import Reason
from harness.model.values import dataclass
from harness.model.verdict import Basis, Position

STATISTICS = (
    "mean",
    "p50",
    "p90",
    "p95",
    "p99",
    "p99.9",
    "rate",
    "overhead",
    "ratio",
    "share",
    "added",
)
"""What a claim may name. `added` is what the code adds to the time that a simulation assumes."""


class Side(Enum):
    """On which side of the stated value a measured one must lie."""

    AT_MOST = "at most"
    AT_LEAST = "at least"
    ABOUT = "about"


class Dimension(Enum):
    """What a stated value is of."""

    TIME = "time"
    """In seconds."""
    RATE = "rate"
    """Per second."""
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Stated:
    """One measured claim: the figure as its document states it, and how it is to be held."""

    name: str
    bench: str
    figure: str
    value: float
    dimension: Dimension
    side: Side
    tolerance: float
    """A share of the value, fixed before the run."""
    statistic: str
    """`mean`, `p99`, `rate`, …; empty: what the bench's kind measures."""
    cores: int
    place: Position


@dataclass(frozen=True, slots=True)
class Sampling:
    """How a bench is launched; fixed before its first launch."""

    launches: int = 12
    warm_up_ms: int = 100
    measure_ms: int = 300
    calls: int = 0
    """Where calls are timed one by one, a launch goes on until it has this many ..."""
    longest_ms: int = 0
    """... or has measured this long."""


@dataclass(frozen=True, slots=True)
class Cpu:
    """What the kernel said around one launch."""

    load: float
    """Processes that wanted to run, mean of the last minute."""
    steal: float | None
    """Share of the cores' time that the hypervisor gave to others; None where not told."""
    throttled: int | None
    """Periods in which a quota held the group back; None where not told."""


@dataclass(frozen=True, slots=True)
class Launch:
    """What one process that ran one bench reported; times in picoseconds."""

    kind: str
    operations: int
    elapsed: int
    base: tuple[int, int]
    threads: int
    ran: int | None
    """Nanoseconds that the timed threads ran."""
    waited: int | None
    """Nanoseconds that they waited for a core."""
    slices: int | None
    """How often they were put on a core: no more calls were interrupted."""
    calibration: tuple[int, int]
    """A round of the calibration kernel, before and after."""
    times: tuple[tuple[int, int], ...]
    """Values with their counts, ascending."""
    cores_allowed: tuple[int, ...]
    clock_cost: int
    alive: int
    """How long the process ran until its report, by its own clock."""
    cpu: Cpu


@dataclass(frozen=True, slots=True)
class Interval:
    """A point and the 95 % interval around it, in the claim's base unit."""

    point: float
    low: float
    high: float
    samples: int
    """Calls or blocks that the point rests on."""

    def widened(self, low: float, high: float) -> "Interval":
        """With the ends moved outwards by factors, `low` ≤ 1 ≤ `high`; never inwards."""
        above = math.inf if high == math.inf else max(self.high, self.high * high)
        return Interval(self.point, min(self.low, self.low * low), above, self.samples)


class DoubtKind(Enum):
    """What makes a measurement less sure than its interval says."""

    FEW_LAUNCHES = "too few launches"
    FEW_SAMPLES = "too few samples"
    DRIFT = "drift between launches"
    CONTENTION = "waited for a core"
    STEAL = "stolen time"
    THROTTLED = "throttled"
    UNSTEADY = "unsteady machine"


@dataclass(frozen=True, slots=True)
class Doubt:
    """One doubt, and how far the figure may be off for it: factors of the interval's ends."""

    kind: DoubtKind
    text: str
    low: float = 1.0
    high: float = 1.0


@dataclass(frozen=True, slots=True)
class Point:
    """What was measured with one number of cores."""

    cores: int
    interval: Interval
    launches: int
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class BenchRow:
    """One measured claim held against its bench."""

    id: str
    stated: Stated
    reason: Reason
    message: str
    statistic: str
    host_cores: int
    points: tuple[Point, ...] = ()
    """By the number of cores, ascending; the last one decides."""
    assumed: float | None = None
    """Of the measured value, the part that the text assumes; seconds."""
    bound: float | None = None
    """No more than this at the stated cores, by the work that an operation needs."""
    band: tuple[float, float] | None = None
    """A projection to the stated cores; no verdict rests on it."""
    series: tuple[Launch, ...] = ()
    """The launches of the deciding point."""
    sampling: Sampling | None = None
    """How they were laid out, before the first one; None where nothing was launched."""
    basis: Basis = field(default_factory=Basis)
    is_quick: bool = False
