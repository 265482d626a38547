"""Lines of a document in, how many of them are front matter out."""

import re
from collections.abc import Sequence

_KEY = re.compile(r"[\"']?[\w.-][^:]*:(?:\s|\Z)")


def front_matter_lines(lines: Sequence[str]) -> int:
    """How many lines at the top are YAML front matter; 0 where there is none.

    `---` can also be a rule above ordinary text, so a key must follow it, and a fence at the
    margin, which YAML cannot hold, shows that it is text.
    """
    if not lines or lines[0].rstrip() != "---":
        return 0
    has_key = False
    for number, line in enumerate(lines[1:], 1):
        if line.rstrip() in ("---", "..."):
            return number + 1 if has_key else 0
        if line.startswith(("```", "~~~")):
            return 0
        if not has_key and line.strip() and not line.startswith("#"):
            if not _KEY.match(line):
                return 0
            has_key = True
    return 0
