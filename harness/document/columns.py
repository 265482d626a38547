"""A whole line and the code in it in, the code with its columns mapped to the file out."""

from harness.model.source import SourceLine

# What Rust's `str::trim` takes away; Python's `strip` takes some control characters more.
_WHITE = "\t\n\x0b\x0c\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
_WHITE += "\u2009\u200a\u2028\u2029\u202f\u205f\u3000"


def within(whole: SourceLine, at: int, spaces: int) -> SourceLine:
    """The code that begins at place `at` of a whole line of a file, at its columns there.

    `spaces` spaces before it stand for the rest of a tab that Markdown cut in two: all of them
    are at the tab's column.
    """
    if not at and not spaces:
        return whole
    text = " " * spaces + whole.text[at:]
    pairs = [(column, at - column) for column in range(1, spaces + 1)]
    pairs.append((spaces + 1, at - spaces))
    return _put(whole, text, shifted(whole.shifts, tuple(pairs)))


def tested(line: SourceLine) -> tuple[SourceLine, bool]:
    """The line as rustdoc tests it, and whether a reader of the page does not see it.

    `# text` is hidden and loses its mark and indentation; a line that begins with `##` loses
    one `#`; all others stay.
    """
    if "#" not in line.text:
        return line, False
    bare = line.text.strip(_WHITE)
    if bare.startswith("##"):
        mark = line.text.index("##") + 1
        text = line.text[: mark - 1] + line.text[mark:]
        pairs = ((1, 0), (mark + 1, 1))
        return _put(line, text, shifted(line.shifts, pairs)), False
    if bare.startswith("# "):
        text = bare[2:]
        start = line.text.index("#") + 2
        return _put(line, text, shifted(line.shifts, ((1, start),))), True
    if bare == "#":
        start = line.text.index("#") + 1
        return _put(line, "", shifted(line.shifts, ((1, start),))), True
    return line, False


def _put(line: SourceLine, text: str, shifts: tuple[tuple[int, int], ...]) -> SourceLine:
    # `dataclasses.replace` takes four times as long, and this is done for each line of code.
    return SourceLine(text, line.path, line.line, shifts, line.included_from)


def shifted(
    outer: tuple[tuple[int, int], ...], inner: tuple[tuple[int, int], ...]
) -> tuple[tuple[int, int], ...]:
    """One map of columns from two: `inner` from code to text, `outer` from text to file."""
    if outer == ((1, 0),):
        return inner
    pairs: list[tuple[int, int]] = []
    for number, (start, shift) in enumerate(inner):
        end = inner[number + 1][0] if number + 1 < len(inner) else None
        pairs.append((start, shift + _shift_at(outer, start + shift)))
        for boundary, value in outer:
            at = boundary - shift
            if at > start and (end is None or at < end):
                pairs.append((at, shift + value))
    return tuple(pairs)


def _shift_at(shifts: tuple[tuple[int, int], ...], column: int) -> int:
    found = shifts[0][1]
    for start, shift in shifts:
        if start <= column:
            found = shift
    return found
