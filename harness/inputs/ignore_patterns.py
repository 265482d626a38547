"""A line of a .gitignore in, whether it names a path out: git's rules, and nothing of its files.

Source: gitignore(5), and the matcher that it calls wildmatch. A pattern is held against the path
itself only; a walk that goes top down never asks about what stands below an ignored folder.
"""

import re
from collections.abc import Iterable

from harness.model.values import dataclass

_POSIX = {
    "alnum": "A-Za-z0-9",
    "alpha": "A-Za-z",
    "blank": " \\t",
    "cntrl": "\\x00-\\x1f\\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": "!-/:-@\\[-`{-~",
    "space": "\\s",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}


class _NoPatternError(ValueError):
    """The text can match nothing."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One line."""

    expression: re.Pattern[str]
    is_kept: bool
    """It begins with `!`: what it names is not ignored after all."""
    is_folder_only: bool
    is_anchored: bool
    """It is held against the whole path from the file's folder on, not the last part alone."""

    def names(self, path: str, *, is_folder: bool) -> bool:
        """Whether the line names a path, relative to the folder of its file."""
        if self.is_folder_only and not is_folder:
            return False
        text = path if self.is_anchored else path.rpartition("/")[2]
        return self.expression.fullmatch(text) is not None


def read_patterns(lines: Iterable[str]) -> tuple[Pattern, ...]:
    """The patterns of a file; a line that is none is passed over, as git does."""
    return tuple(found for line in lines if (found := _pattern(line)) is not None)


def decide(patterns: tuple[Pattern, ...], path: str, *, is_folder: bool) -> bool | None:
    """Whether the path is ignored, by the last pattern that names it; None where none does."""
    for pattern in reversed(patterns):
        if pattern.names(path, is_folder=is_folder):
            return not pattern.is_kept
    return None


def _pattern(line: str) -> Pattern | None:
    text = line.removesuffix("\r")
    while text.endswith(" ") and not text.endswith("\\ "):
        text = text[:-1]
    if not text or text.startswith("#"):
        return None
    is_kept = text.startswith("!")
    text = text.removeprefix("!") if is_kept else text
    is_folder_only = text.endswith("/")
    text = text.removesuffix("/")
    if not text:
        return None
    is_anchored = "/" in text
    try:
        expression = re.compile(_translated(text.removeprefix("/")), re.DOTALL)
    except (_NoPatternError, re.error):
        return None
    return Pattern(expression, is_kept, is_folder_only, is_anchored)


def _translated(text: str) -> str:
    out = []
    position = 0
    while position < len(text):
        character = text[position]
        if character == "*":
            piece, position = _stars(text, position)
        elif character == "[":
            piece, position = _class(text, position + 1)
        elif character == "\\":
            if position + 1 == len(text):
                raise _NoPatternError
            piece, position = re.escape(text[position + 1]), position + 2
        else:
            piece = "[^/]" if character == "?" else re.escape(character)
            position += 1
        out.append(piece)
    return "".join(out)


def _stars(text: str, start: int) -> tuple[str, int]:
    """`*` stays within a folder; `**` between slashes or at an end spans them."""
    end = start
    while end < len(text) and text[end] == "*":
        end += 1
    is_whole = (start == 0 or text[start - 1] == "/") and (end == len(text) or text[end] == "/")
    if end - start != 2 or not is_whole:
        return "[^/]*", end
    return (".*", end) if end == len(text) else ("(?:.*/)?", end + 1)


def _class(text: str, start: int) -> tuple[str, int]:
    """`[a-z]`, `[!a]`, `[[:digit:]]`; it never matches a slash."""
    position = start
    is_negated = text[position : position + 1] in ("!", "^")
    position += is_negated
    parts = []
    is_first = True
    while is_first or text[position : position + 1] != "]":
        is_first = False
        if text[position : position + 2] == "[:":
            end = text.find(":]", position)
            name = text[position + 2 : end] if end > 0 else ""
            if name not in _POSIX:
                raise _NoPatternError
            parts.append(_POSIX[name])
            position = end + 2
            continue
        low, position = _member(text, position)
        after = text[position : position + 2]
        if after.startswith("-") and after not in ("-", "-]"):
            high, position = _member(text, position + 1)
            parts.append(f"{re.escape(low)}-{re.escape(high)}" if low <= high else "")
        else:
            parts.append(re.escape(low))
    members = "".join(parts)
    if is_negated:
        return f"[^/{members}]", position + 1
    return (f"(?!/)[{members}]" if members else "(?!)"), position + 1


def _member(text: str, position: int) -> tuple[str, int]:
    if text[position : position + 1] == "\\":
        position += 1
    if position >= len(text):
        raise _NoPatternError
    return text[position], position + 1
