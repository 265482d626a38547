"""Counts in, one line on standard error out, for anything that takes over a second."""

import sys
import time
from typing import TextIO

_FIRST_SECONDS = 1.0
_STEP_SECONDS = 0.2
_PLAIN_STEP_SECONDS = 10.0


class Progress:
    """Shows how far a step is, in place on a terminal, now and then as a line elsewhere."""

    def __init__(self, stream: TextIO | None = None, *, is_quiet: bool = False) -> None:
        self._stream = sys.stderr if stream is None else stream
        self._is_quiet = is_quiet
        self._is_terminal = self._stream.isatty()
        self._started = time.monotonic()
        self._last = self._started + _FIRST_SECONDS - self._step
        self._width = 0

    @property
    def _step(self) -> float:
        return _STEP_SECONDS if self._is_terminal else _PLAIN_STEP_SECONDS

    def show(self, what: str, done: int, total: int) -> None:
        """Say that `done` of `total` are done, if it is time to."""
        self.say_now_and_then(f"{what}: {done} of {total}")

    def say_now_and_then(self, text: str) -> None:
        """Say how far something is, if it is time to."""
        now = time.monotonic()
        if self._is_quiet or now - self._started < _FIRST_SECONDS or now - self._last < self._step:
            return
        self._last = now
        self._write(text)

    def say(self, text: str) -> None:
        """Say something that takes long from now on, at once."""
        if not self._is_quiet:
            self._write(text)
            if self._is_terminal:
                self._last = time.monotonic()

    def clear(self) -> None:
        """Leave nothing of a line in place behind."""
        if self._width and not self._is_quiet:
            self._stream.write("\r" + " " * self._width + "\r")
            self._stream.flush()
            self._width = 0

    def _write(self, text: str) -> None:
        shown = text.replace("\n", " ")
        if self._is_terminal:
            self._stream.write("\r" + shown[:100].ljust(self._width))
            self._width = min(len(shown), 100)
        else:
            self._stream.write(shown + "\n")
        self._stream.flush()
