"""A snippet and its page's earlier snippets in, the earlier definitions that it leans on out."""

import re
from collections.abc import Iterable
from functools import lru_cache

from harness.model.source import Snippet
from harness.model.values import dataclass
from harness.rust.shape import Definition, Shape, shape_of

_NAMED = frozenset(
    {"struct", "enum", "union", "fn", "trait", "type", "const", "static", "mod", "macro_rules"}
)
_WORD = re.compile(r"(?:r#)?\b[^\W\d]\w*")
_IMPORTED = re.compile(r"(\w+)\s*(?=[,};]|$)")


@dataclass(frozen=True, slots=True)
class Borrowed:
    """One item of an earlier snippet."""

    snippet: Snippet
    name: str
    start: int
    """Offset in the snippet's code."""
    end: int

    @property
    def text(self) -> str:
        """The item's text."""
        return self.snippet.code[self.start : self.end]


def borrow(
    snippet: Snippet, earlier: Iterable[Snippet], edition: str, page: str = ""
) -> tuple[Borrowed, ...]:
    """The items of earlier snippets that the snippet needs, in the page's order.

    An item is needed when the snippet, or another needed item, says its name; of two items with
    one name the later one is meant. With a type come its impls, from the snippet that defines it
    on; with any item come the `use` declarations of its snippet that import what is needed.
    What the snippet itself, or its page's context, defines or imports is not borrowed.
    """
    own = _shape(snippet.code, edition)
    taken = {
        name
        for code in (snippet.code, page)
        for definition in _shape(code, edition).definitions
        for name in _names(definition, code)
    }
    pool = [
        (index, other, definition)
        for index, other in enumerate(earlier)
        for definition in _shape(other.code, edition).definitions
    ]
    latest = {
        definition.name: (index, other, definition)
        for index, other, definition in pool
        if definition.kind in _NAMED and definition.name != "main"
    }
    chosen: dict[tuple[int, int], Borrowed] = {}
    wanted = set(own.idents) - taken
    seen: set[str] = set()
    while names := wanted - seen:
        seen |= names
        for entry in _needed(names, latest, pool, chosen):
            index, other, definition = entry
            text = other.code[definition.start : definition.end]
            chosen[index, definition.start] = Borrowed(
                other, definition.name, definition.start, definition.end
            )
            wanted |= set(_WORD.findall(text)) - taken
    imports = _imports(pool, chosen, seen - set(latest), taken)
    return (
        tuple(chosen[key] for key in sorted(chosen))
        if not imports
        else tuple((chosen | imports)[key] for key in sorted(chosen | imports))
    )


_Entry = tuple[int, Snippet, Definition]


def _needed(
    names: set[str],
    latest: dict[str, _Entry],
    pool: list[_Entry],
    chosen: dict[tuple[int, int], Borrowed],
) -> list[_Entry]:
    found = [latest[name] for name in names if name in latest]
    types = {entry[2].name: entry[0] for entry in found}
    found += [
        entry
        for entry in pool
        if entry[2].kind == "impl" and entry[2].name in types and entry[0] >= types[entry[2].name]
    ]
    return [entry for entry in found if (entry[0], entry[2].start) not in chosen]


def _imports(
    pool: list[_Entry],
    chosen: dict[tuple[int, int], Borrowed],
    wanted: set[str],
    taken: set[str],
) -> dict[tuple[int, int], Borrowed]:
    """The `use` and `extern crate` items that bring in a wanted name, each text once."""
    found: dict[tuple[int, int], Borrowed] = {}
    texts: set[str] = set()
    givers = {index for index, _ in chosen}
    for index, other, definition in pool:
        if definition.kind not in ("use", "extern crate"):
            continue
        names = set(_names(definition, other.code))
        text = " ".join(other.code[definition.start : definition.end].split())
        brings = bool(names & wanted) or ("*" in text and index in givers)
        if brings and not names & taken and text not in texts:
            texts.add(text)
            found[index, definition.start] = Borrowed(
                other, ", ".join(sorted(names)), definition.start, definition.end
            )
    return found


def _names(definition: Definition, code: str) -> tuple[str, ...]:
    if definition.kind in ("use", "extern crate"):
        return tuple(_IMPORTED.findall(code[definition.start : definition.end]))
    return (definition.name,) if definition.kind in _NAMED else ()


@lru_cache(maxsize=4096)
def _shape(code: str, edition: str) -> Shape:
    return shape_of(code, edition)
