"""Commands as values, and what was seen of each when it ended."""

from enum import Enum
from pathlib import Path

from harness.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one process group; None leaves a bound off."""

    seconds: float | None = None
    memory_bytes: int | None = None
    """Of address space, for each process."""
    output_bytes: int = 8 << 20
    """Of standard output and standard error, each."""


ANY_DOCUMENT = "/"
"""The group of commands in which no code that a document brings runs; other groups are called by
their document's path, and no document is called so."""


@dataclass(frozen=True, slots=True)
class Command:
    """One process to start: nothing of it is ever read by a shell."""

    argv: tuple[str, ...]
    cwd: Path
    environment: tuple[tuple[str, str], ...]
    """The whole environment; nothing is inherited."""
    limits: Limits = Limits()
    group: str = ""
    """Commands of one group may be run one after the other in one container."""
    project: str = ""
    """The Cargo project that it may look into, by the name under which bases know it."""
    leaves: tuple[str, ...] = ()
    """Names of files in `cwd` that it may write and that are looked at afterwards."""
    stdin: bytes = b""
    """What it reads from standard input, up to a pipe's capacity."""
    cores: tuple[int, ...] = ()
    """The cores that it may run on, from its first instruction; empty for all."""


class Bound(Enum):
    """A bound of its surroundings that a command met, or how it tried to get around them."""

    MEMORY = "memory"
    PROCESSES = "processes"
    DISK = "disk"
    OUTPUT = "output"
    TAMPERED = "tampered"


@dataclass(frozen=True, slots=True)
class Usage:
    """What a command used, as the kernel counted it for the whole of its container."""

    peak_bytes: int
    cpu_seconds: float
    throttled: int
    """Periods in which it was kept from running: never more than 0 without a quota."""
    cores: str = ""
    """The cores that it could run on, as the kernel lists them."""


@dataclass(frozen=True, slots=True)
class Finished:
    """What was seen of a process."""

    status: int
    """The exit status; minus the number of the signal that ended it."""
    stdout: bytes
    stderr: bytes
    seconds: float
    timed_out: bool = False
    too_much_output: bool = False
    not_started: str = ""
    """Why the process could not be started; empty where it was."""
    bound: Bound | None = None
    """The bound that it met, where the container tells."""
    usage: Usage | None = None
    """None outside a container."""
