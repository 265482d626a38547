"""Text in, standard output out."""

import os
import sys

from harness.errors import MissingToolError


def is_coloured() -> bool:
    """Whether what is written to standard output may hold colours."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or sys.stdout.isatty()


def write(text: str) -> None:
    """Write to standard output as UTF-8, whatever the locale says."""
    if sys.stdout is None:  # closed before we began: nobody listens
        return
    stream = getattr(sys.stdout, "buffer", None)
    if stream is None:
        sys.stdout.write(text)
        return
    try:
        stream.write(text.encode("utf-8", "backslashreplace"))
        stream.flush()
    except BrokenPipeError:
        # The reader has seen enough; keep Python from complaining once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        message = f"cannot write to standard output: {error.strerror}"
        raise MissingToolError(message) from error
