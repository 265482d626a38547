"""The kernel's files in, what this machine is and how busy it is out."""

import os
import platform
import resource
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from harness.model.bench import Cpu
from harness.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Host:
    """The machine that benches run on; another value than `read_host()` stands for another one."""

    cores: tuple[int, ...]
    """Those that this process may use."""
    processor: str

    def pinned(self, count: int) -> tuple[int, ...]:
        """The cores for a bench: the last ones, since the first take most interrupts."""
        assert 0 < count <= len(self.cores)
        return self.cores[-count:]


def read_host() -> Host:
    """This machine."""
    cores = tuple(sorted(os.sched_getaffinity(0)))
    name = platform.processor() or platform.machine()
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").split("\n"):
            if line.startswith("model name"):
                name = line.partition(":")[2].strip()
                break
    return Host(cores, name)


@dataclass(frozen=True, slots=True)
class Ticks:
    """Readings of the kernel's counters at one moment."""

    stolen: int
    total: int
    throttled: int | None


def read_ticks(cores: Iterable[int]) -> Ticks | None:
    """The counters of some cores, and the quota's of our own group; None where there are none."""
    wanted = {f"cpu{core}" for core in cores}
    stolen = total = 0
    try:
        lines = Path("/proc/stat").read_text(encoding="ascii").split("\n")
    except OSError:
        return None
    for line in lines:
        name, _, rest = line.partition(" ")
        if name in wanted:
            fields = [int(field) for field in rest.split()[:8]]
            stolen += fields[7] if len(fields) > 7 else 0
            total += sum(fields)
    return Ticks(stolen, total, _throttled())


def _throttled() -> int | None:
    """How often a quota held back the group that this process is in."""
    for folder in ("/sys/fs/cgroup", "/sys/fs/cgroup/cpu", "/sys/fs/cgroup/cpu,cpuacct"):
        with suppress(OSError, ValueError):
            for line in (Path(folder) / "cpu.stat").read_text(encoding="ascii").split("\n"):
                if line.startswith("nr_throttled"):
                    return int(line.split()[1])
    return None


@dataclass(frozen=True, slots=True)
class Used:
    """What processes used."""

    seconds: float
    """Of processor time."""
    pages: int
    """Of memory that the kernel gave them, one by one or as a larger one."""


def children_used() -> Used:
    """What all processes used that this one started and that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Used(used.ru_utime + used.ru_stime, used.ru_minflt + used.ru_majflt)


def cpu_between(before: Ticks | None, after: Ticks | None) -> Cpu:
    """What happened around a launch."""
    load = 0.0
    with suppress(OSError):
        load = os.getloadavg()[0]
    if before is None or after is None:
        return Cpu(load, None, None)
    passed = after.total - before.total
    steal = (after.stolen - before.stolen) / passed if passed > 0 else 0.0
    told = before.throttled is not None and after.throttled is not None
    throttled = (after.throttled or 0) - (before.throttled or 0) if told else None
    return Cpu(load, steal, throttled)
