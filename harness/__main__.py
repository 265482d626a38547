"""The process in, its exit code out."""

import os
import signal
import sys
from pathlib import Path
from types import FrameType

from harness.cli import run

_ENDING = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)


def _interrupt(number: int, frame: FrameType | None) -> None:
    """End once: what comes while things are being put away is not heard."""
    del number, frame
    for each in _ENDING:
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt


def main() -> None:
    """Run the command line; being told to end is as good as Ctrl-C."""
    for each in _ENDING:
        signal.signal(each, _interrupt)
    if sys.stderr is None:  # closed before we began
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - to the end
    sys.exit(run())


if __name__ == "__main__":
    main()
