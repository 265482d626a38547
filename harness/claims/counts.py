"""What to count in, how often the document has it out."""

import re
from collections.abc import Sequence

from harness.claims.bindings import Count
from harness.claims.prose import Outline


def counted(count: Count, outline: Outline, lines: Sequence[str]) -> int | None:
    """The count; None where the heading that bounds it is not in the document."""
    scope: range | None = None
    first, last = 1, len(lines)
    if count.under:
        scope = outline.scope(count.under)
        if scope is None:
            return None
        first, last = _lines_of(outline, scope, len(lines))
    pattern = re.compile(count.pattern)
    within = lines[first - 1 : last]
    match count.what:
        case "lines":
            return sum(1 for line in within if pattern.search(line))
        case "distinct":
            texts = {
                match[match.re.groups and 1] for line in within for match in pattern.finditer(line)
            }
            return len(texts)
        case "blocks":
            return sum(
                1
                for fence in outline.fences
                if pattern.match(fence.info) and (scope is None or fence.section in scope)
            )
        case _:
            return _sections(count, outline, lines, scope)


def _lines_of(outline: Outline, scope: range, total: int) -> tuple[int, int]:
    """First and last line of sections, the first heading's line included."""
    first = outline.headings[scope.start].line
    last = outline.headings[scope.stop].line - 1 if scope.stop < len(outline.headings) else total
    return first, last


def _sections(count: Count, outline: Outline, lines: Sequence[str], scope: range | None) -> int:
    """Headings with the pattern, of which the lines up to the next heading have and lack others."""
    pattern = re.compile(count.pattern)
    having, lacking = re.compile(count.having), re.compile(count.lacking)
    found = 0
    for index in scope or range(1, len(outline.headings)):
        if not index or not pattern.search(outline.headings[index].title):
            continue
        if not (count.having or count.lacking):
            found += 1
            continue
        first, last = _lines_of(outline, range(index, index + 1), len(lines))
        body = lines[first:last]
        has = not count.having or any(_has(line, having, count.words) for line in body)
        lacks = not count.lacking or not any(lacking.search(line) for line in body)
        found += has and lacks
    return found


def _has(line: str, having: re.Pattern[str], words: tuple[int, int] | None) -> bool:
    """The line has the pattern, and after it so many words, parted by white space."""
    match = having.search(line)
    if match is None:
        return False
    return words is None or words[0] <= len(line[match.end() :].split()) <= words[1]
