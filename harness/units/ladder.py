"""A snippet and what surrounds it in, the units to try out, from the least context to the most."""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from harness.model.settings import ContextChoice, DependencyChoice
from harness.model.source import Attributes, Snippet, SourceLine
from harness.model.unit import Attempt, Base, Compiled, CrateType, Depth, Origin, Unit
from harness.model.values import dataclass
from harness.model.verdict import Context
from harness.rust import program
from harness.rust.shape import Content, Shape, shape_of
from harness.rust.shaped import Asks, Setting, is_with_main, setting_for, shaped
from harness.units.assembly import basis_of, fence_of, rustdoc_unit, unit_of
from harness.units.dependencies import choose_base
from harness.units.earlier import Borrowed, borrow
from harness.units.surroundings import ContextText, Surroundings


def is_satisfied(attributes: Attributes, attempt: Attempt) -> bool:
    """Whether an attempt shows what the block's attributes ask for, so that the ladder ends."""
    if attempt.status in (Compiled.TIMED_OUT, Compiled.CRASHED, Compiled.STOPPED):
        return True
    if attributes.compile_fail:
        codes = {error.code for error in attempt.errors}
        rejected = attempt.status is Compiled.REJECTED
        # Without a stated code any error will do; an accepted text cannot fail with more context.
        # A crate that is at hand and was not given is no error of the block.
        return not attempt.unit.lacks_crates and (
            (rejected and set(attributes.codes) <= codes)
            or (attempt.status is Compiled.ACCEPTED and not attributes.codes)
        )
    return attempt.status is Compiled.ACCEPTED and attempt.unit.dropped is None


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
    base = _base(snippet, around, ())
    has_crates = bool(base.crates or base.project or base.ambiguous)
    yield replace(rustdoc_unit(snippet, around.edition), lacks_crates=has_crates)
    if has_crates:
        yield _with_crates(snippet, around, base)
    if around.context is ContextChoice.NONE:
        return
    if around.context is ContextChoice.ADDED:
        yield from _shaped(snippet, around, "shape", ())
    borrowed = _earlier_texts(snippet, around)
    if around.given is None and borrowed:
        yield from _shaped(snippet, around, "document", borrowed)
    if around.given is None and around.page is not None:
        page = _Above(around.page.text, around.page.lines, around.page.told)
        yield from _shaped(snippet, around, "page", (page, *borrowed))
    if around.given is None and around.settings.crate_type in ("lib", "proc-macro"):
        yield from _below_context(snippet, around, "context", None)
    for rung, text in (("context", around.given), ("charitable", around.charitable)):
        if text is not None:
            yield from _below_context(snippet, around, rung, text)


def depth_for(attributes: Attributes, *, must_run: bool) -> Depth:
    """How far a block's units are compiled: as rustdoc does, or to what code generation sees."""
    if must_run:
        return Depth.LINK
    if attributes.no_run and not attributes.compile_fail:
        return Depth.METADATA
    return Depth.MIR


def with_test_code(snippet: Snippet, chosen: Unit) -> Unit | None:
    """The unit that compiles the snippet's test code too; None where it has none.

    Items go to the top level, where a person would have them: rustdoc's main function is no
    place that `super::` reaches.
    """
    shape = _shape(snippet.code, chosen.edition)
    if chosen.with_tests or not shape.has_tests:
        return None
    if chosen.rung in ("rustdoc", "crates") and shape.content is Content.ITEMS:
        made = shaped(snippet.code, chosen.edition, Setting(at_top=True))
        if made is not None:
            unit = unit_of(snippet, made, chosen.edition, chosen.base, chosen.basis, chosen.rung)
            return replace(unit, with_tests=True)
    return replace(chosen, with_tests=True)


def _with_crates(snippet: Snippet, around: Surroundings, base: Base) -> Unit:
    """The same program, where crates can be named."""
    unit = rustdoc_unit(snippet, around.edition)
    return replace(unit, rung="crates", base=base, basis=basis_of(base, Context.NONE, ()))


@dataclass(frozen=True, slots=True)
class _Above:
    """A text that stands above a snippet."""

    text: str
    lines: tuple[SourceLine, ...]
    told: str
    """What it is, in words."""


def _shaped(
    snippet: Snippet, around: Surroundings, rung: str, above: tuple[_Above, ...]
) -> Iterator[Unit]:
    """The snippet in the setting that its shape asks for, below other texts."""
    shape = _shape(snippet.code, around.edition)
    setting = setting_for(shape)
    if setting is None and is_with_main(shape):
        setting = Setting(at_top=True)
    if setting is None:
        return
    made = shaped(snippet.code, around.edition, setting, above=[item.text for item in above])
    if made is None:
        return
    base = _base(snippet, around, above)
    told = (*(item.told for item in above), *_told(setting))
    context = Context.ADDED if _told(setting) else Context.GIVEN if above else Context.NONE
    unit = unit_of(snippet, made, around.edition, base, basis_of(base, context, told), rung)
    runs = "_snippet()" in made.text.rsplit("\n", 2)[-2] or is_with_main(shape)
    yield replace(
        unit,
        sources=(snippet.lines, *(item.lines for item in above)),
        environment=around.environment,
        is_runnable=runs,
    )


def _told(setting: Setting) -> tuple[str, ...]:
    """What a setting puts around a text beyond what rustdoc does, in words."""
    words = (
        (setting.is_method and setting.at_top, "in an impl of a type of our own"),
        (setting.is_method and not setting.at_top, "in a method of a type of our own"),
        (setting.is_async, "in an async function"),
        (setting.asks is not Asks.NOTHING, f"in a function that returns {setting.asks.value}"),
        (setting.drops_value, "its value dropped"),
    )
    return tuple(word for holds, word in words if holds)


def _earlier_texts(snippet: Snippet, around: Surroundings) -> tuple[_Above, ...]:
    """For each earlier snippet that the snippet needs something of, its text with only that."""
    by_snippet: dict[str, list[Borrowed]] = {}
    page = around.page.text if around.page is not None else ""
    for item in borrow(snippet, around.earlier, around.edition, page):
        by_snippet.setdefault(item.snippet.id, []).append(item)
    texts = []
    for items in by_snippet.values():
        first = items[0].snippet
        kept = sorted((item.start, item.end) for item in items)
        edges = [0, *(edge for pair in kept for edge in pair), len(first.code)]
        gaps = tuple(program.Piece(edges[i], edges[i + 1]) for i in range(0, len(edges), 2))
        names = ", ".join(sorted({item.name for item in items if item.name}))
        told = f"below {names} of {first.path}:{first.line}"
        texts.append(_Above(program.blanked(first.code, gaps), first.lines, told))
    return tuple(texts)


def _below_context(
    snippet: Snippet, around: Surroundings, rung: str, context: ContextText | None
) -> Iterator[Unit]:
    """The snippet below a context file: items in one module with it, as a library."""
    above = () if context is None else (_Above(context.text, context.lines, context.told),)
    shape = _shape(snippet.code, around.edition)
    stated = around.settings.crate_type
    if stated in (None, "bin") and (shape.content is not Content.ITEMS or shape.has_main):
        yield from _shaped(snippet, around, rung, above)
        return
    base = _base(snippet, around, above)
    lines: list[str] = [program.ALLOW_UNUSED]
    origins: list[Origin | None] = [None]
    given = () if context is None else context.lines
    for source, texts in ((1, given), (0, snippet.lines)):
        for number, line in enumerate(texts):
            lines.append(line.text)
            origins.append(Origin(number, 0, source))
    yield Unit(
        snippet_id=snippet.id,
        rung=rung,
        text="".join(line + "\n" for line in lines),
        origins=tuple(origins),
        sources=(snippet.lines, given),
        fence=fence_of(snippet),
        edition=around.edition,
        crate_type=CrateType(stated or "lib"),
        with_tests=False,
        base=base,
        basis=basis_of(
            base,
            Context.NONE if context is None else Context.GIVEN,
            tuple(item.told for item in above) + ((f"as a {stated} crate",) if stated else ()),
        ),
        environment=around.environment,
        is_runnable=False,
    )


def _base(snippet: Snippet, around: Surroundings, above: tuple[_Above, ...]) -> Base:
    """The crates that the texts name, modules of their own aside, and those that are stated."""
    names = {name.replace("-", "_") for name in around.settings.dependencies}
    for text in (snippet.code, *(item.text for item in above)):
        shape = _shape(text, around.edition)
        own = {d.name for d in shape.definitions if d.kind == "mod"}
        names |= {name.removeprefix("r#") for name in shape.roots} - own
    choice = around.deps
    if around.settings.schema and choice is DependencyChoice.AUTO:
        asking = names & around.registry.asking_crates
        of = (around.configuration, around.registry)
        real = choose_base(asking, *of, DependencyChoice.REAL, around.project)
        rest = choose_base(names - asking, *of, choice, around.project)
        crates = tuple(sorted(real.crates + rest.crates, key=lambda crate: crate.name))
        chosen = replace(rest, crates=crates, project=rest.project or real.project)
    else:
        chosen = choose_base(names, around.configuration, around.registry, choice, around.project)
    keys = "+".join(sorted(crate.key for crate in chosen.crates))
    return replace(chosen, lock=around.locks.get(keys, ""))


@lru_cache(maxsize=4096)
def _shape(code: str, edition: str) -> Shape:
    return shape_of(code, edition)
