"""A command that ended in, nothing of it that still runs out: on Linux.

What a command starts in another process group outlives the kill of its own. So this process
becomes the parent of all that loses its parent, and every command finds a mark of its own in its
environment. What bears the mark of a command that has ended is ended, too; what took the mark
off is ended as soon as no command runs.
"""

import ctypes
import os
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36
_MARK = "HARNESS_COMMAND"
_RUN = os.urandom(8).hex()
MARK_OF_RUN = f"{_MARK}={_RUN}"
"""How the mark of every command of this process begins, as an environment has it."""
_ROUNDS = 50
"""Something may fork while it is ended; each round ends what is left."""


class Orphans:
    """Knows which processes belong to commands that run, and ends the others."""

    def __init__(self, *, is_whole_process: bool) -> None:
        """`is_whole_process`: all children of this process are those of commands.

        Where that is not so, as in a test runner, nothing is adopted.
        """
        self._lock = threading.Lock()
        self._live: set[str] = set()
        self._leaders: set[int] = set()
        self._can_adopt = is_whole_process and _adopt()

    def begin(self) -> tuple[str, str]:
        """A variable for the environment of a command that is about to start."""
        mark = f"{_RUN}-{os.urandom(8).hex()}"
        with self._lock:
            self._live.add(mark)
        return _MARK, mark

    def started(self, leader: int) -> None:
        """The command's own process has begun: whoever started it waits for it."""
        with self._lock:
            self._leaders.add(leader)

    def end(self, mark: str, leader: int | None) -> None:
        """End what a command left, after its own process was waited for."""
        with self._lock:
            self._live.discard(mark)
            if leader is not None:
                self._leaders.discard(leader)
            if not self._can_adopt:
                return
            for _ in range(_ROUNDS):
                left = [pid for pid in _children() if self._is_left(pid, mark)]
                if not left:
                    return
                for pid in left:
                    _end(pid)

    def _is_left(self, pid: int, mark: str) -> bool:
        if pid in self._leaders:
            return False
        # A leader between its fork and `started` is not known yet, but its mark is live.
        return _mark_of(pid) == mark or not self._live


def _adopt() -> bool:
    """Become the parent of orphans below this process; False where the system has no such thing."""
    if not sys.platform.startswith("linux") or not Path("/proc/self/task").is_dir():
        return False
    with suppress(OSError, AttributeError):
        return bool(ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0)
    return False


def _children() -> list[int]:
    """The processes whose parent this one is; those that ended and were not waited for, too."""
    found: list[int] = []
    for thread in Path("/proc/self/task").iterdir():
        with suppress(OSError):
            found += map(int, (thread / "children").read_text().split())
    return found


def _mark_of(pid: int) -> str:
    with suppress(OSError):
        for entry in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0"):
            name, _, value = entry.partition(b"=")
            if name == _MARK.encode():
                return value.decode(errors="replace")
    return ""


def _end(pid: int) -> None:
    with suppress(OSError):
        os.kill(pid, signal.SIGKILL)
    with suppress(OSError):
        os.waitpid(pid, 0)
