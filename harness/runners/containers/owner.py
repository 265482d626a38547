"""This process in, a label that tells it from all others out; and whether one of that label lives.

A process is known by its number, its start, the boot of its machine, and the set of process
numbers that it lives in: a harness inside a container counts its own.
"""

import json
import os
from contextlib import suppress
from pathlib import Path


def own_label() -> str:
    """The label of this process."""
    return json.dumps(
        {
            "pid": os.getpid(),
            "started": _started(os.getpid()),
            "boot": _boot(),
            "numbers": _numbers(),
        },
        sort_keys=True,
    )


def is_gone(label: str) -> bool | None:
    """Whether the process of a label has ended; None where this machine cannot know."""
    try:
        told = json.loads(label)
        pid, started = int(told["pid"]), str(told["started"])
        if (told["boot"], told["numbers"]) != (_boot(), _numbers()) or not told["boot"]:
            return None
    except (ValueError, KeyError, TypeError):
        return None
    return _started(pid) != started


def _started(pid: int) -> str:
    with suppress(OSError, IndexError):
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        return stat.rpartition(")")[2].split()[19]
    return ""


def _boot() -> str:
    with suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="utf-8").strip()
    return ""


def _numbers() -> str:
    with suppress(OSError):
        return str(Path("/proc/self/ns/pid").readlink())
    return ""
