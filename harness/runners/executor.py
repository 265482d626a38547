"""A command in, what was seen of it out: the only place that starts processes.

Each command gets a process group of its own. The group is killed at its time limit, when it
writes more than it may, and when the harness is interrupted or killed; what left the group is
ended after.
"""

import os
import select
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from typing import IO, Protocol

from harness.model.command import Command, Finished
from harness.runners.guard import the_guard
from harness.runners.orphans import MARK_OF_RUN, Orphans

try:
    import resource
except ImportError:  # not on Windows, where the limits on memory and processor time are left off
    resource = None  # type: ignore[assignment]

_CHUNK = 1 << 16
_CPU_GRACE_SECONDS = 5


class Runs(Protocol):
    """Whatever commands are given to: this machine, or containers."""

    def run(self, command: Command) -> Finished:
        """Run one command to its end or to one of its limits."""

    def run_each(
        self, commands: Iterable[tuple[object, Command]], workers: int
    ) -> Iterator[tuple[object, Finished]]:
        """Run keyed commands side by side; yield (key, finished) as they end."""

    def stop(self) -> None:
        """End everything that runs."""


def side_by_side(
    run: Callable[[Command], Finished],
    stop: Callable[[], None],
    commands: Iterable[tuple[object, Command]],
    workers: int,
) -> Iterator[tuple[object, Finished]]:
    """Run keyed commands side by side; yield (key, finished) as they end.

    When the caller stops early or is interrupted, all that runs is stopped.
    """
    with ThreadPoolExecutor(max_workers=max(1, workers)) as pool:
        pending = {pool.submit(run, command): key for key, command in commands}
        try:
            while pending:
                done, _ = wait(pending, timeout=0.5, return_when=FIRST_COMPLETED)
                for future in done:
                    yield pending.pop(future), future.result()
        except BaseException:
            for future in pending:
                future.cancel()
            stop()
            raise


class Executor:
    """Runs commands, and can end all of them at once."""

    def __init__(self, *, is_whole_process: bool = False) -> None:
        """`is_whole_process`: nothing else in this process starts others, as in the command."""
        self._lock = threading.Lock()
        self._live: set[int] = set()
        self._orphans = Orphans(is_whole_process=is_whole_process)
        self._stopped = False

    def run(self, command: Command) -> Finished:
        """Run one command to its end or to one of its limits; never raises for what it does."""
        guard = the_guard(MARK_OF_RUN)
        if guard.pid is not None:
            self._orphans.started(guard.pid)
        started = time.monotonic()
        mark = self._orphans.begin()
        guard.starts()
        try:
            with _pinned(command.cores):
                process = subprocess.Popen(  # noqa: S603 - argv comes as a tuple, no shell reads it
                    command.argv,
                    cwd=command.cwd,
                    env={**dict(command.environment), mark[0]: mark[1]},
                    stdin=subprocess.PIPE if command.stdin else subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    process_group=0,
                )
        except OSError as error:
            guard.not_started()
            self._orphans.end(mark[1], None)
            return Finished(127, b"", b"", 0.0, not_started=str(error))
        guard.begins(process.pid)
        self._orphans.started(process.pid)
        with self._lock:
            self._live.add(process.pid)
            if self._stopped:
                _kill_group(process.pid)
        _limit(process.pid, command)
        _give(process, command.stdin)
        try:
            return _watch(process, command, started)
        finally:
            _kill_group(process.pid)  # children that outlive the leader
            process.wait()
            guard.ended(process.pid)
            with self._lock:
                self._live.discard(process.pid)
            self._orphans.end(mark[1], process.pid)

    def run_each(
        self, commands: Iterable[tuple[object, Command]], workers: int
    ) -> Iterator[tuple[object, Finished]]:
        """Run keyed commands side by side; yield (key, finished) as they end."""
        return side_by_side(self.run, self.stop, commands, workers)

    def stop(self) -> None:
        """Kill every live process group, and those that would start from now on."""
        with self._lock:
            self._stopped = True
            for group in self._live:
                _kill_group(group)


@contextmanager
def _pinned(cores: tuple[int, ...]) -> Iterator[None]:
    """Let what this thread starts inherit an affinity; the thread's own is put back.

    A process that is pinned after its start has already run elsewhere, and may have counted
    the cores. Linux gives each thread an affinity of its own.
    """
    if not cores:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _give(process: subprocess.Popen[bytes], data: bytes) -> None:
    """Write standard input in one piece and close it; a reader that is gone needs none."""
    if process.stdin is not None:
        with suppress(OSError), process.stdin as pipe:
            pipe.write(data)


def _limit(pid: int, command: Command) -> None:
    if not hasattr(resource, "prlimit"):
        return
    with suppress(OSError, ValueError):
        if command.limits.memory_bytes is not None:
            bound = command.limits.memory_bytes
            resource.prlimit(pid, resource.RLIMIT_AS, (bound, bound))
        if command.limits.seconds is not None:
            # A harness that is itself killed cannot kill; this still ends what spins.
            cores = os.cpu_count() or 1
            bound = int(command.limits.seconds * cores) + _CPU_GRACE_SECONDS
            resource.prlimit(pid, resource.RLIMIT_CPU, (bound, bound))
        resource.prlimit(pid, resource.RLIMIT_CORE, (0, 0))


def _watch(process: subprocess.Popen[bytes], command: Command, started: float) -> Finished:
    """Read both streams by bytes until they end, a limit is met, or the process is gone."""
    flooded = threading.Event()

    def flood() -> None:
        flooded.set()
        _kill_group(process.pid)

    assert process.stdout is not None
    assert process.stderr is not None
    streams = [
        _Stream(process.stdout, command.limits.output_bytes, flood),
        _Stream(process.stderr, command.limits.output_bytes, flood),
    ]
    timed_out = False
    try:
        _await(process, command.limits.seconds)
    except subprocess.TimeoutExpired:
        timed_out = True
        _kill_group(process.pid)
        process.wait()
    _kill_group(process.pid)  # a child that holds the pipe open would keep the readers waiting
    for stream in streams:
        stream.finish()
    return Finished(
        status=process.returncode,
        stdout=bytes(streams[0].data),
        stderr=bytes(streams[1].data),
        seconds=time.monotonic() - started,
        timed_out=timed_out and not flooded.is_set(),
        too_much_output=flooded.is_set(),
    )


def _await(process: subprocess.Popen[bytes], seconds: float | None) -> None:
    """As `process.wait(timeout=seconds)`, which looks twenty times a second, but at once."""
    has_ended = False
    if seconds is not None and hasattr(os, "pidfd_open"):
        with suppress(OSError):  # a kernel without it, or no descriptor left
            descriptor = os.pidfd_open(process.pid)
            try:
                waiting = select.poll()
                waiting.register(descriptor, select.POLLIN)
                has_ended = bool(waiting.poll(seconds * 1000))
                seconds = 0.0
            finally:
                os.close(descriptor)
    process.wait(timeout=None if has_ended else seconds)


class _Stream:
    """Keeps what a pipe gives, up to a bound, then calls `flood` once."""

    def __init__(self, pipe: IO[bytes], bound: int, flood: Callable[[], None]) -> None:
        self.data = bytearray()
        self._pipe = pipe
        self._bound = bound
        self._flood = flood
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        with suppress(OSError, ValueError):
            while chunk := os.read(self._pipe.fileno(), _CHUNK):
                room = self._bound - len(self.data)
                self.data += chunk[:room]
                if len(chunk) > room:
                    self._flood()
                    return

    def finish(self) -> None:
        self._thread.join(timeout=5)
        self._pipe.close()


def _kill_group(group: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)
