"""The process in, its exit code out."""

import signal
import sys
from types import FrameType

from harness.cli import run


def _interrupt(number: int, frame: FrameType | None) -> None:
    del number, frame
    raise KeyboardInterrupt


def main() -> None:
    """Run the command line; being told to end is as good as Ctrl-C."""
    signal.signal(signal.SIGTERM, _interrupt)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, _interrupt)
    sys.exit(run())


if __name__ == "__main__":
    main()
