"""A snippet and what surrounds it in, the units to try out, from the least context to the most."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from harness import program
from harness.dependencies import choose_base, describe
from harness.model.registry import Registry
from harness.model.settings import (
    Configuration,
    ContextChoice,
    DependencyChoice,
    SnippetSettings,
)
from harness.model.source import Attributes, Snippet, SourceLine
from harness.model.unit import (
    Base,
    Compilation,
    Compiled,
    CrateType,
    Depth,
    Origin,
    Unit,
)
from harness.model.verdict import Basis, Context, Position


@dataclass(frozen=True, slots=True)
class ContextText:
    """A file of Rust items that stand above a snippet."""

    path: str
    lines: tuple[SourceLine, ...]

    @property
    def text(self) -> str:
        """The items."""
        return "".join(line.text + "\n" for line in self.lines)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a snippet's units may draw on."""

    edition: str
    settings: SnippetSettings
    configuration: Configuration
    registry: Registry
    deps: DependencyChoice
    context: ContextChoice
    given: ContextText | None = None
    """The natural reading."""
    charitable: ContextText | None = None
    earlier: tuple[Snippet, ...] = ()
    """The document's Rust before the snippet."""
    environment: tuple[tuple[str, str], ...] = ()
    """Variables that the compiler sees, such as the address of a database."""


def is_satisfied(attributes: Attributes, compilation: Compilation) -> bool:
    """Whether a compilation shows what the block's attributes ask for, so that the ladder ends."""
    if compilation.status in (Compiled.TIMED_OUT, Compiled.CRASHED):
        return True
    if attributes.compile_fail:
        codes = {d.code for d in compilation.diagnostics if d.level == "error"}
        rejected = compilation.status is Compiled.REJECTED
        # Without a stated code any error will do; an accepted text cannot fail with more context.
        return (rejected and set(attributes.codes) <= codes) or (
            compilation.status is Compiled.ACCEPTED and not attributes.codes
        )
    return compilation.status is Compiled.ACCEPTED


def climb(snippet: Snippet, around: Surroundings) -> Iterator[Unit]:
    """The units to try, in order, none twice.

    First rustdoc's own program, alone; then with crates; then, as far as `--context` allows,
    in the shape that the text has, with the document's earlier definitions, with the context
    file, and with the charitable one.
    """
    seen: set[tuple[str, Base]] = set()
    for unit in _rungs(snippet, around):
        key = (unit.text, unit.base)
        if key not in seen:
            seen.add(key)
            yield unit


def _rungs(snippet: Snippet, around: Surroundings) -> Iterator[Unit]:
    yield rustdoc_unit(snippet, around.edition)
    base = _base(snippet.code, around)
    if base.crates:
        yield _as_rustdoc_with(snippet, around, base)
    if around.context is ContextChoice.NONE:
        return
    if around.given is not None:
        yield context_unit(snippet, around, around.given, "context")
    if around.charitable is not None:
        yield context_unit(snippet, around, around.charitable, "charitable")


def depth_for(attributes: Attributes, *, must_run: bool) -> Depth:
    """How far a block's units are compiled: as rustdoc does, or to see what code generation sees."""
    if must_run:
        return Depth.LINK
    if attributes.no_run and not attributes.compile_fail:
        return Depth.METADATA
    return Depth.MIR


_TEST_CODE = re.compile(
    r"#\s*\[\s*(?:[\w:]+::)?test\s*[\](]|\bcfg\s*\(\s*(?:all|any|not)?\s*\(?\s*test\b"
)


def has_test_code(snippet: Snippet) -> bool:
    """Whether the text holds code that only a test build compiles."""
    return bool(_TEST_CODE.search(snippet.code))


def rustdoc_unit(snippet: Snippet, edition: str) -> Unit:
    """The block alone, as rustdoc compiles it."""
    made = program.as_rustdoc(snippet.code, edition, test_harness=snippet.attributes.test_harness)
    return _unit(snippet, made, edition, Base(), Basis(), "rustdoc")


def _as_rustdoc_with(snippet: Snippet, around: Surroundings, base: Base) -> Unit:
    made = program.as_rustdoc(
        snippet.code, around.edition, test_harness=snippet.attributes.test_harness
    )
    return _unit(snippet, made, around.edition, base, _basis(base, Context.NONE, ()), "crates")


def context_unit(snippet: Snippet, around: Surroundings, context: ContextText, rung: str) -> Unit:
    """The snippet's items below a context file's, in one module, as a library."""
    base = _base(snippet.code + context.text, around)
    lines: list[str] = ["#![allow(unused)]"]
    origins: list[Origin | None] = [None]
    for source, texts in ((1, context.lines), (0, snippet.lines)):
        for number, line in enumerate(texts):
            lines.append(line.text)
            origins.append(Origin(number, 0, source))
    crate_type = CrateType(around.settings.crate_type or "lib")
    basis = _basis(base, Context.GIVEN, (f"below the items of {context.path}",))
    return Unit(
        snippet_id=snippet.id,
        rung=rung,
        text="".join(line + "\n" for line in lines),
        origins=tuple(origins),
        sources=(snippet.lines, context.lines),
        fence=fence_of(snippet),
        edition=around.edition,
        crate_type=crate_type,
        with_tests=False,
        base=base,
        basis=basis,
        environment=around.environment,
    )


def fence_of(snippet: Snippet) -> Position:
    """Where the block begins."""
    return Position(snippet.path, snippet.line, snippet.column, snippet.line, snippet.column)


def _unit(
    snippet: Snippet,
    made: program.Program,
    edition: str,
    base: Base,
    basis: Basis,
    rung: str,
) -> Unit:
    return Unit(
        snippet_id=snippet.id,
        rung=rung,
        text=made.text,
        origins=tuple(None if o is None else Origin(o.line, o.shift) for o in made.origins),
        sources=(snippet.lines,),
        fence=fence_of(snippet),
        edition=edition,
        crate_type=CrateType.BIN,
        with_tests=snippet.attributes.test_harness,
        base=base,
        basis=basis,
    )


def _basis(base: Base, context: Context, steps: tuple[str, ...]) -> Basis:
    return Basis(base.weakest, context, describe(base), steps)


_PATH_ROOT = re.compile(r"(?<![\w:.])(?:r#)?([a-z_][a-z0-9_]*)\s*::")
_USE_ROOT = re.compile(r"\b(?:use|extern\s+crate)\s+(?:::)?(?:r#)?([A-Za-z_]\w*)")


def _base(code: str, around: Surroundings) -> Base:
    names = set(_PATH_ROOT.findall(code)) | set(_USE_ROOT.findall(code))
    names |= {name.replace("-", "_") for name in around.settings.dependencies}
    return choose_base(names, around.configuration, around.registry, around.deps)
