"""A purpose in, one running container out: commands go in, what was seen of them comes out."""

import os
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import HarnessError, MissingToolError
from harness.model.command import Bound, Command, Finished, Usage
from harness.runners.containers.confinement import Purpose, wanted
from harness.runners.containers.engine import create, told_plainly
from harness.runners.containers.frames import (
    Decoder,
    Kind,
    Said,
    TamperedError,
    encode_command,
    read_end,
    read_word,
)

if TYPE_CHECKING:
    from docker import DockerClient

_START_SECONDS = 60.0
_CHUNK = 1 << 18
_NO_DEADLINE = 24 * 3600.0


class GoneError(HarnessError):
    """The container ended while something was asked of it."""


class Container:
    """One container with its worker; commands run in it one at a time."""

    def __init__(
        self,
        client: "DockerClient",
        purpose: Purpose,
        image: str,
        handed: Path,
        owner: str,
        runtime: str | None,
    ) -> None:
        """Create and start it; `handed` is a folder of this machine for it alone."""
        self._api = client.api
        self.purpose = purpose
        self.handed = handed
        self.engine_seconds = 0.0
        """Time that the engine took to make it and to take it away."""
        self._is_ready = False
        self._decoder = Decoder()
        self._frames: Iterator[Said] = iter(())
        handed.mkdir(parents=True)
        handed.chmod(0o755)
        started = time.monotonic()
        with told_plainly("start a container"):
            self._id = create(client, wanted(purpose, image, handed, owner, runtime))
            try:
                told = {"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1}
                attached = self._api.attach_socket(self._id, told)
                self._attached = attached
                self._socket: socket.socket = getattr(attached, "_sock", attached)
                self._api.start(self._id)
            except BaseException:
                self.remove()
                raise
        self.engine_seconds += time.monotonic() - started

    def wait_until_ready(self) -> None:
        """Wait for the worker's first word."""
        if self._is_ready:
            return
        try:
            said = self._next(time.monotonic() + _START_SECONDS)
        except (TimeoutError, GoneError, TamperedError) as error:
            words = self._decoder.last_words.decode(errors="replace").strip()
            message = (
                f"a container does not start: {words or error}; `harness image` builds its image"
            )
            raise MissingToolError(message) from error
        if said.kind is not Kind.READY:
            message = "a container's worker is not the harness's; `harness image` builds its image"
            raise MissingToolError(message)
        self._is_ready = True

    def run(self, command: Command, files: dict[str, bytes], keep: "Keep") -> tuple[Finished, bool]:
        """Run one command; also whether the container can be used again."""
        limits = command.limits
        started = time.monotonic()
        until = started + (_NO_DEADLINE if limits.seconds is None else limits.seconds)
        seen = _Seen(keep)
        frame = encode_command(
            str(command.cwd),
            limits.output_bytes,
            command.argv,
            command.environment,
            files,
            command.leaves,
            command.stdin,
        )
        try:
            self._send(frame, until)
            while (said := self._next(until)).kind is not Kind.END:
                seen.take(said)
            told, cause = read_end(said.payload), read_word(said.payload, "not_started")
            cores = read_word(said.payload, "cores")
        except TimeoutError:
            self.kill()
            return seen.finished(-9, started, timed_out=True), False
        except TamperedError:
            self.kill()
            return seen.finished(-9, started, bound=Bound.TAMPERED), False
        except GoneError:
            bound = Bound.MEMORY if self._ended_for_memory() else None
            return seen.finished(-9, started, bound=bound), False
        finally:
            keep.close()
        finished = seen.finished(
            os.waitstatus_to_exitcode(told["status"]),
            started,
            bound=_bound(told),
            too_much_output=bool(told["flooded"]),
            cause=cause,
            usage=Usage(told["peak"], told["cpu"] / 1e9, told.get("throttled", 0), cores),
        )
        return finished, bool(told["clean"])

    def kill(self) -> None:
        """End everything in it at once; harmless where it has ended."""
        with suppress(Exception):  # it may be gone: what matters is `remove`
            self._api.kill(self._id)

    def remove(self) -> None:
        """Take it away, whatever it does."""
        from docker.errors import APIError, NotFound  # noqa: PLC0415

        started = time.monotonic()
        try:
            for _ in range(3):
                try:
                    self._api.remove_container(self._id, v=True, force=True)
                except NotFound:
                    break
                except APIError as error:
                    if error.status_code != 409:  # it is being removed already
                        raise
                    time.sleep(0.1)
                else:
                    break
        finally:
            for each in ("_socket", "_attached"):
                with suppress(OSError, AttributeError):
                    getattr(self, each).close()
            shutil.rmtree(self.handed, ignore_errors=True)
            self.engine_seconds += time.monotonic() - started

    def _ended_for_memory(self) -> bool:
        with suppress(Exception):
            return bool(self._api.inspect_container(self._id)["State"].get("OOMKilled"))
        return False

    def _send(self, data: bytes, until: float) -> None:
        view = memoryview(data)
        while view:
            self._socket.settimeout(_left(until))
            try:
                sent = self._socket.send(view)
            except TimeoutError:
                raise
            except OSError as error:
                raise GoneError(str(error)) from error
            view = view[sent:]

    def _next(self, until: float) -> Said:
        while True:
            said = next(self._frames, None)
            if said is not None:
                return said
            self._socket.settimeout(_left(until))
            try:
                data = self._socket.recv(_CHUNK)
            except TimeoutError:
                raise
            except OSError as error:
                raise GoneError(str(error)) from error
            if not data:
                message = "the container ended"
                raise GoneError(message)
            self._frames = self._decoder.feed(data)


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _bound(told: dict[str, int]) -> Bound | None:
    """The bound that ended a command, if one did: a command that copes has met none."""
    if told["flooded"]:
        return Bound.OUTPUT
    if told["status"] == 0:
        return None
    if told["oom"]:
        return Bound.MEMORY
    if told["pids"]:
        return Bound.PROCESSES
    return Bound.DISK if told["disk_full"] else None


class Keep:
    """Where files go that a command leaves: into a folder of this machine, as plain new files."""

    def __init__(self, folder: Path, names: tuple[str, ...], most_bytes: int) -> None:
        self._folder = folder
        self._names = set(names)
        self._left = most_bytes
        self._file: int | None = None

    def begin(self, name: str) -> None:
        """Open the file of this name; it must be one that was asked for, and come once."""
        self.close()
        if name not in self._names:
            message = "a container handed out a file that was not asked for"
            raise TamperedError(message)
        self._names.discard(name)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
        self._file = os.open(self._folder / name, flags, 0o755)
        os.fchmod(self._file, 0o755)  # whatever the umask: containers read it as nobody

    def add(self, data: bytes) -> None:
        """More of the file that was begun last."""
        self._left -= len(data)
        if self._file is None or self._left < 0:
            message = "a container handed out more than can be"
            raise TamperedError(message)
        while data:
            data = data[os.write(self._file, data) :]  # it may take a part, and then says no error

    def close(self) -> None:
        """No more comes."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


class _Seen:
    """What was read of one command so far."""

    def __init__(self, keep: Keep) -> None:
        self._stdout = bytearray()
        self._stderr = bytearray()
        self._keep = keep
        self._takers: dict[Kind, Callable[[bytes], object]] = {
            Kind.STDOUT: self._stdout.extend,
            Kind.STDERR: self._stderr.extend,
            Kind.FILE: lambda name: keep.begin(os.fsdecode(name)),
            Kind.DATA: keep.add,
        }

    def take(self, said: Said) -> None:
        taker = self._takers.get(said.kind)
        if taker is None:
            message = "a container's worker said something out of turn"
            raise TamperedError(message)
        taker(said.payload)

    def finished(
        self,
        status: int,
        started: float,
        *,
        timed_out: bool = False,
        too_much_output: bool = False,
        bound: Bound | None = None,
        cause: str = "",
        usage: Usage | None = None,
    ) -> Finished:
        return Finished(
            status,
            bytes(self._stdout),
            bytes(self._stderr),
            time.monotonic() - started,
            timed_out=timed_out,
            too_much_output=too_much_output,
            not_started=cause,
            bound=bound,
            usage=usage,
        )
