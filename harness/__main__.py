"""The process in, its exit code out."""

import gc
import os
import signal
import sys
from pathlib import Path
from types import FrameType

_OBJECTS_BETWEEN_COLLECTIONS = 50_000
"""More than a run in which nothing changed makes. What is made stays to the end of most runs, so
that looking for rubbish, which by default is done each 700 objects, finds none."""
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
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    from harness.cli import run  # noqa: PLC0415 - the modules are the first of those objects

    for each in _ENDING:
        signal.signal(each, _interrupt)
    if sys.stderr is None:  # closed before we began
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - to the end
    code = run()
    gc.freeze()  # at its end Python would look through all once more
    sys.exit(code)


if __name__ == "__main__":
    main()
