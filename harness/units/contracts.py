"""A page's snippets and its contract in, the unit that holds the one against the other out.

The unit is one module: the page's context, all its Rust items in order, then the contract's
tests as a module of their own that sees everything above it.
"""

import re
from collections.abc import Iterable

from harness.model.fault import Fault
from harness.model.source import Ignore, Snippet, SourceLine
from harness.model.unit import CrateType, Origin, Unit
from harness.model.values import dataclass
from harness.model.verdict import Basis, Context, Position
from harness.rust.shape import Content, shape_of
from harness.units.dependencies import choose_base, describe
from harness.units.surroundings import ContextText, Surroundings

MODULE = "contract"
_TEST = re.compile(r"\bfn\s+(?:r#)?(\w+)\s*\(")


@dataclass(frozen=True, slots=True)
class Contract:
    """The file of tests that states what a page's prose promises."""

    id: str
    """`<page id>/contract`."""
    path: str
    lines: tuple[SourceLine, ...]
    snippets: tuple[Snippet, ...]
    """The page's."""
    around: Surroundings
    page: ContextText | None


def contract_unit(contract: Contract, changed: Fault | None = None) -> Unit | None:
    """The contract's unit, or the same with a fault in it.

    None where the fault's text does not stand exactly once in the page's Rust.
    """
    parts = [contract.page.lines] if contract.page is not None else []
    parts += [snippet.lines for snippet in promised(contract.snippets)]
    sources = (*parts, contract.lines)
    lines: list[str] = ["#![allow(unused)]"]
    origins: list[Origin | None] = [None]
    for index, source in enumerate(parts):
        for number, line in enumerate(source):
            lines.append(line.text)
            origins.append(Origin(number, 0, index))
    if changed is not None:
        faulty = _with_fault("\n".join(lines), changed)
        if faulty is None:
            return None
        lines = faulty.split("\n")
        origins = [None] * len(lines)
    lines.append(f"#[cfg(test)] mod {MODULE} {{")
    origins.append(None)
    for number, line in enumerate(contract.lines):
        lines.append(line.text)
        origins.append(Origin(number, 0, len(parts)))
    lines.append("}")
    origins.append(None)
    return _unit(contract, lines, origins, sources)


def promised(snippets: Iterable[Snippet]) -> tuple[Snippet, ...]:
    """The snippets that a contract is about: the page's items that are meant to compile."""
    return tuple(
        snippet
        for snippet in snippets
        if not snippet.attributes.compile_fail
        and snippet.attributes.ignore is Ignore.NO
        and shape_of(snippet.code).content is Content.ITEMS
    )


def _with_fault(text: str, fault: Fault) -> str | None:
    return text.replace(fault.find, fault.replacement) if text.count(fault.find) == 1 else None


def _unit(
    contract: Contract,
    lines: list[str],
    origins: list[Origin | None],
    sources: tuple[tuple[SourceLine, ...], ...],
) -> Unit:
    around = contract.around
    text = "".join(line + "\n" for line in lines)
    roots = shape_of(text, around.edition).roots
    base = choose_base(roots, around.configuration, around.registry, around.deps, around.project)
    first = contract.lines[0] if contract.lines else SourceLine("", contract.path, 1)
    return Unit(
        snippet_id=contract.id,
        rung="contract",
        text=text,
        origins=tuple(origins),
        sources=sources,
        fence=Position(contract.path, first.line, 1, first.line, 1),
        edition=around.edition,
        crate_type=CrateType.LIB,
        with_tests=True,
        base=base,
        basis=Basis(base.weakest, Context.GIVEN, describe(base), ("all items of its page",)),
        environment=around.environment,
    )


def test_places(contract: Contract) -> dict[str, Position]:
    """Where each function of the contract's file begins, by its name."""
    places: dict[str, Position] = {}
    for line in contract.lines:
        for match in _TEST.finditer(line.text):
            column = line.column(match.start(1) + 1)
            position = Position(line.path, line.line, column, line.line, column)
            places.setdefault(match[1], position)
    return places


def promise_of(contract: Contract, test: str) -> str:
    """The first line of a test's documentation: the promise that it holds the page to."""
    told: list[str] = []
    for line in contract.lines:
        text = line.text.strip()
        if text.startswith("///"):
            told.append(text.removeprefix("///").strip())
        elif re.search(rf"\bfn\s+{re.escape(test)}\b", text):
            return told[0] if told else ""
        elif not text.startswith("#"):
            told = []
    return ""
