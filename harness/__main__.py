"""The process in, its exit code out."""

import signal
import sys
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
    sys.exit(run())


if __name__ == "__main__":
    main()
