"""Commands and bytes in, frames out, and back: what the harness and a container's worker say.

A frame is its length in four bytes, most significant first, and as many bytes. To the worker it
is a list of strings, each after its own length; from the worker a letter and a payload.
"""

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum

from harness.errors import HarnessError
from harness.model.values import dataclass

LONGEST = 1 << 22
"""Of a frame from a worker: it sends chunks of at most a mebibyte."""


class Kind(Enum):
    """What a worker says."""

    READY = b"H"
    STDOUT = b"O"
    STDERR = b"E"
    FILE = b"F"
    """The name of a file that the command left; its content follows."""
    DATA = b"D"
    END = b"X"


class TamperedError(HarnessError):
    """What came out of a container is not what its worker says."""


@dataclass(frozen=True, slots=True)
class Said:
    """One frame of a worker."""

    kind: Kind
    payload: bytes


def encode_command(
    folder: str,
    output_bytes: int,
    argv: Sequence[str],
    environment: Iterable[tuple[str, str]],
    files: Mapping[str, bytes],
    wanted: Sequence[str],
    stdin: bytes = b"",
) -> bytes:
    """The frame that has a worker run one command in a fresh folder.

    `files` are put there before; those of `wanted` that are there at the end come back.
    """
    groups: list[list[bytes]] = [
        [_bytes(part) for part in argv],
        [_bytes(f"{name}={value}") for name, value in environment],
        [part for name, data in files.items() for part in (_bytes(name), data)],
        [_bytes(name) for name in wanted],
        [stdin],
    ]
    parts = [_bytes(folder), b"%d" % output_bytes]
    for group in groups:
        parts += [b"%d" % len(group), *group]
    body = b"".join(struct.pack(">I", len(part)) + part for part in parts)
    return struct.pack(">I", len(body)) + body


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


class Decoder:
    """Bytes of the engine's stream in, a worker's frames out.

    The engine puts eight bytes before each piece of what the container wrote: which of its
    streams it is from, and the piece's length. What a worker writes to standard error is kept as
    its last words.
    """

    def __init__(self) -> None:
        self._stream = bytearray()
        self._said = bytearray()
        self.last_words = bytearray()

    def feed(self, data: bytes) -> Iterator[Said]:
        """The frames that are complete with these bytes; `TamperedError` for anything else."""
        self._stream += data
        while len(self._stream) >= 8:
            source, length = struct.unpack_from(">BxxxI", self._stream)
            if len(self._stream) < 8 + length:
                break
            piece = self._stream[8 : 8 + length]
            del self._stream[: 8 + length]
            if source == 1:
                self._said += piece
            elif len(self.last_words) < 4096:
                self.last_words += piece
        while len(self._said) >= 4:
            (length,) = struct.unpack_from(">I", self._said)
            if not 1 <= length <= LONGEST:
                message = "a container's worker said something that is no frame"
                raise TamperedError(message)
            if len(self._said) < 4 + length:
                break
            body = bytes(self._said[4 : 4 + length])
            del self._said[: 4 + length]
            yield _said(body)


def _said(body: bytes) -> Said:
    try:
        return Said(Kind(body[:1]), body[1:])
    except ValueError as error:
        message = "a container's worker said something that is no frame"
        raise TamperedError(message) from error


def read_end(payload: bytes) -> dict[str, int]:
    """The numbers of an END frame; `TamperedError` where one is missing or no number."""
    told: dict[str, int] = {}
    try:
        for line in payload.decode().splitlines():
            name, _, value = line.partition("=")
            if name not in _WORDS:
                told[name] = int(value)
        for name in ("status", "flooded", "disk_full", "clean", "peak", "cpu", "oom", "pids"):
            told[name]  # a missing one is an error
    except (ValueError, KeyError) as error:
        message = "a container's worker ended a command without saying how"
        raise TamperedError(message) from error
    return told


_WORDS = ("not_started", "cores")


def read_word(payload: bytes, name: str) -> str:
    """What an END frame says in words: why a command was not started, which cores it had."""
    assert name in _WORDS
    lines = payload.decode(errors="replace").splitlines()
    return next((x.partition("=")[2] for x in lines if x.startswith(f"{name}=")), "")
