"""A source file and its changes → one text that holds them all, each behind its number.

A function's body becomes a choice: itself, or, when the environment names the number of one of its
changes, a copy of itself with that one change. So all changes are compiled at once, and a test run
picks one. Where a function lies in another, the outer one is copied.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

# What picks the change; it is put at the end of the crate's root.
CHOICE = """
mod seeded {
    pub(crate) fn active() -> u32 {
        static NUMBER: std::sync::OnceLock<u32> = std::sync::OnceLock::new();
        let read = || std::env::var("CORES_MUTANT").ok()?.parse().ok();
        *NUMBER.get_or_init(|| read().unwrap_or(u32::MAX))
    }
}
"""


@dataclass(frozen=True)
class Span:
    """A part of a text, by offsets."""

    begin: int
    end: int

    def holds(self, other: "Span") -> bool:
        """Whether the other lies in this one."""
        return self.begin <= other.begin and other.end <= self.end


@dataclass(frozen=True)
class Change:
    """One change of one function, as cargo-mutants lists it."""

    number: int
    file: str
    name: str
    function: Span | None
    """What holds it; None if no choice at run time can: a constant, a result of unnamed type."""
    span: Span
    replacement: str


@dataclass(frozen=True)
class Woven:
    """A text, and which of its lines belong to which change."""

    text: str
    lines: dict[int, range]


def change(number: int, listed: dict[str, Any], text: str) -> Change:
    """One entry of `cargo mutants --list --json`, its lines and columns turned into offsets."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))

    def span(given: dict[str, Any]) -> Span:
        begin, end = (
            starts[given[edge]["line"] - 1] + given[edge]["column"] - 1 for edge in ("start", "end")
        )
        return Span(begin, end)

    name = listed["name"].split(": ", 1)[1]
    holder = listed["function"]
    is_fixed = holder is None or "impl " in holder["return_type"]
    function = None if is_fixed else span(holder["span"])
    replaced = listed["replacement"]
    return Change(number, listed["file"], name, function, span(listed["span"]), replaced)


def applied(text: str, one: Change, part: Span) -> str:
    """A part of the text with one change made."""
    return text[part.begin : one.span.begin] + one.replacement + text[one.span.end : part.end]


def body(text: str, function: Span) -> Span:
    """The block of a function, its braces included."""
    place, depth = function.begin, 0
    while place < function.end:
        two = text[place : place + 2]
        if two == "//" or (two == "#[" and depth == 0):
            place = text.index("\n", place)
        elif text[place] in "([":
            depth += 1
        elif text[place] in ")]":
            depth -= 1
        elif text[place] == "{" and depth == 0:
            return Span(place, function.end)
        place += 1
    raise ValueError(f"no block in {text[function.begin : function.end]!r}")


def outermost(changes: Sequence[Change]) -> dict[Span, list[Change]]:
    """The changes by the outermost function that holds them, in the order of the text."""
    functions = {one.function for one in changes if one.function}
    outer = [
        function
        for function in functions
        if not any(other != function and other.holds(function) for other in functions)
    ]
    outer.sort(key=lambda function: function.begin)
    return {function: [one for one in changes if function.holds(one.span)] for function in outer}


def weave(text: str, changes: Sequence[Change]) -> Woven:
    """The text with all its changes."""
    parts: list[str] = []
    spans: dict[int, Span] = {}
    done = 0

    def put(part: str) -> Span:
        begin = sum(map(len, parts))
        parts.append(part)
        return Span(begin, begin + len(part))

    for function, own in outermost(changes).items():
        block = body(text, function)
        put(text[done : function.begin])
        # A choice at run time is not for constants.
        put(text[function.begin : block.begin].replace("const fn", "fn"))
        numbers = " | ".join(str(one.number) for one in own)
        # The function as it is comes first: it says what type the others must have.
        put(f"{{ if !matches!(crate::seeded::active(), {numbers}) ")
        put(text[block.begin : block.end])
        put(" else { match crate::seeded::active() {\n")
        for one in own:
            put(f"{one.number} => ")
            spans[one.number] = put(applied(text, one, block))
            put("\n")
        put("_ => unreachable!() } } }")
        done = block.end
    put(text[done:])
    whole = "".join(parts)
    return Woven(whole, dict(lines(whole, spans)))


def lines(text: str, spans: dict[int, Span]) -> Iterator[tuple[int, range]]:
    """Spans as ranges of lines, from 1."""
    for number, span in spans.items():
        first = text.count("\n", 0, span.begin) + 1
        yield number, range(first, text.count("\n", 0, span.end) + 2)
