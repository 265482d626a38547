"""Process groups that run in; none of them outlives this process, however it ends.

Who is killed cannot kill. So a shell waits at the end of a pipe that only this process holds
open, and knows which groups run. When the pipe ends it ends them, and on Linux also what left
its group and still bears a mark of this run. It is started with the first command.
"""

import os
import subprocess
import threading
from contextlib import suppress

_SCRIPT = r"""
trap '' HUP INT QUIT TERM
live=' '
starting=
while read -r word group; do
  case $word in
    '?') starting="x$starting" ;;
    '!') starting="${starting#x}" ;;
    +) starting="${starting#x}" live="$live$group " ;;
    -) live="${live%% $group *} ${live#* $group }" ;;
  esac
done
[ "$live$starting" != ' ' ] || exit 0
for group in $live; do kill -KILL "-$group"; done
for round in 1 2 3 4 5 6 7 8 9 10; do
  left=$(grep -lsz "^$1" /proc/[0-9]*/environ)
  if [ ! "$left" ]; then
    [ "$starting" ] || exit 0
    # Between its fork and its exec it bears no mark yet.
    starting=
    sleep 1
  fi
  for file in $left; do
    file=${file#/proc/}
    kill -KILL "${file%/environ}"
  done
done
"""


class Guard:
    """The shell that waits, and what it is told."""

    def __init__(self, mark: str) -> None:
        """`mark`: how the environment entry of all that this process starts begins."""
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        # Where there is no shell, as on Windows, nothing waits.
        with suppress(OSError):
            self._process = subprocess.Popen(  # noqa: S603 - a script of our own
                ("/bin/sh", "-c", _SCRIPT, "sh", mark),
                cwd="/",
                env={"PATH": os.environ.get("PATH", os.defpath)},
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )

    @property
    def pid(self) -> int | None:
        """Of the shell, if there is one."""
        return None if self._process is None else self._process.pid

    def starts(self) -> None:
        """A process group is about to begin: from now on it could be there, unknown by number."""
        self._tell(b"?\n")

    def not_started(self) -> None:
        """What was about to begin did not."""
        self._tell(b"!\n")

    def begins(self, group: int) -> None:
        """What was about to begin runs, as this process group."""
        self._tell(b"+ %d\n" % group)

    def ended(self, group: int) -> None:
        """A process group has ended and was waited for."""
        self._tell(b"- %d\n" % group)

    def _tell(self, line: bytes) -> None:
        if self._process is None or self._process.stdin is None:
            return
        with self._lock, suppress(OSError):
            os.write(self._process.stdin.fileno(), line)


_guards: dict[str, Guard] = {}
_making = threading.Lock()


def the_guard(mark: str) -> Guard:
    """The one of this process."""
    with _making:  # a second one would be a child that nobody knows
        if mark not in _guards:
            _guards[mark] = Guard(mark)
        return _guards[mark]
