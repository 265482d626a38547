"""Snippets and what was asked for in, the selected ones out."""

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase

from harness.model.source import Snippet
from harness.model.verdict import Verdict

_PLACE = re.compile(r"(?P<path>.+):(?P<line>\d+)\Z")


def select(snippets: Iterable[Snippet], wanted: tuple[str, ...]) -> tuple[Snippet, ...]:
    """The snippets that any of the patterns names; all where there are no patterns.

    A pattern is an id, a glob of ids, or `PATH:LINE` with any line of the block, its fences
    included; PATH may be the end of the document's path.
    """
    if not wanted:
        return tuple(snippets)
    ids = frozenset(wanted)
    return tuple(s for s in snippets if s.id in ids or any(is_named(s, w) for w in wanted))


def select_claims(verdicts: Iterable[Verdict], wanted: tuple[str, ...]) -> tuple[Verdict, ...]:
    """The verdicts on numbers that any of the patterns names: an id, a glob, or `PATH:LINE`."""
    if not wanted:
        return tuple(verdicts)
    return tuple(v for v in verdicts if any(_is_claim_named(v, w) for w in wanted))


def _is_claim_named(verdict: Verdict, wanted: str) -> bool:
    if verdict.id == wanted or fnmatchcase(verdict.id, wanted):
        return True
    place = _PLACE.match(wanted)
    if place is None or not _is_path(verdict.path, place["path"]):
        return False
    return verdict.line == int(place["line"])


def is_named(snippet: Snippet, wanted: str) -> bool:
    """Whether a pattern names a snippet."""
    if snippet.id == wanted or fnmatchcase(snippet.id, wanted):
        return True
    place = _PLACE.match(wanted)
    if place is None or not _is_path(snippet.path, place["path"]):
        return False
    return snippet.line <= int(place["line"]) <= max(snippet.end_line, snippet.line)


def _is_path(path: str, wanted: str) -> bool:
    tail = wanted.lstrip("./")
    return path == wanted or path.lstrip("./") == tail or path.endswith("/" + tail)
