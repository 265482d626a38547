"""What a bench's program wrote and the launch's key in, what the probe reported out.

A frame is a line `@probe NUMBER TAG TEXT` with an HMAC over number and text; everything else is
output. The key is the launch's own, so nobody who did not see it can write a frame, and a frame
cannot be left out, doubled or taken from another launch.
"""

import hmac
import json
from typing import Any

from harness.model.values import dataclass

MARK = b"@probe "
KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Reported:
    """The frames' tables in order, and why they cannot be believed, if they cannot."""

    tables: tuple[dict[str, Any], ...]
    fault: str = ""
    is_tampered: bool = False
    """Something that is no frame of this launch looked like one."""


def read_frames(output: bytes, key: bytes) -> Reported:
    """The frames of one launch; an incomplete or forged report has a fault."""
    tables: list[dict[str, Any]] = []
    for line in output.split(b"\n"):
        if not line.startswith(MARK):
            continue
        parts = line.split(b" ", 3)
        if len(parts) != 4 or not _is_authentic(parts, len(tables), key):
            return Reported(tuple(tables), "a line that looks like a frame and is none", True)
        tables.append(json.loads(parts[3]))
    if not tables or tables[-1] != {"end": True}:
        return Reported(tuple(tables), "the program ended before its report did")
    if len(tables) != 3:
        return Reported(tuple(tables), f"{len(tables)} frames where 3 are due")
    return Reported(tuple(tables))


def _is_authentic(parts: list[bytes], number: int, key: bytes) -> bool:
    _, told, tag, text = parts
    if told != str(number).encode():
        return False
    due = hmac.new(key, told + b" " + text, "sha256").hexdigest().encode()
    return hmac.compare_digest(due, tag)
