"""A page's snippets and its bench file in, the program that times the page's own code out.

The program holds the items of the page that the benches need, each as it stands, below the
page's context; then the bench file as a module that sees them. Only those items are taken, so
that the crates that the program links are those of the timed path: a stub among them says that
a stub is timed, whatever anybody declares.
"""

import re
from dataclasses import replace

from harness.model.source import Ignore, Snippet, SourceLine
from harness.model.unit import CrateSpec, CrateType, Origin, Unit
from harness.model.values import dataclass
from harness.model.verdict import Basis, Context, Dependencies, Position
from harness.rust import program
from harness.rust.shape import shape_of
from harness.units.dependencies import choose_base, describe
from harness.units.earlier import Borrowed, borrow
from harness.units.surroundings import ContextText, Surroundings

MODULE = "bench"
RELEASE = "release"
_BENCH = re.compile(r"\bfn\s+(\w+)\s*\(\s*\w+\s*:\s*&\s*mut\s+(?:probe\s*::\s*)?Bench\s*\)")


@dataclass(frozen=True, slots=True)
class BenchFile:
    """The file of benches beside a page."""

    id: str
    """`<page id>/bench`."""
    path: str
    lines: tuple[SourceLine, ...]
    snippets: tuple[Snippet, ...]
    """The page's."""
    around: Surroundings
    page: ContextText | None
    probe: str
    """The folder of the crate that times."""

    @property
    def text(self) -> str:
        """The file's text."""
        return "".join(line.text + "\n" for line in self.lines)

    @property
    def names(self) -> tuple[str, ...]:
        """The benches: functions that are given a `&mut Bench`."""
        return tuple(dict.fromkeys(_BENCH.findall(self.text)))


def bench_unit(file: BenchFile) -> Unit:
    """The program of all benches of a page, to be compiled as a release is."""
    lines: list[str] = ["#![allow(unused)]"]
    origins: list[Origin | None] = [None]
    sources: list[tuple[SourceLine, ...]] = []

    def add(source: tuple[SourceLine, ...], texts: list[str]) -> None:
        lines.extend(texts)
        origins.extend(Origin(number, 0, len(sources)) for number in range(len(texts)))
        sources.append(source)

    if file.page is not None:
        add(file.page.lines, [line.text for line in file.page.lines])
    needed = _needed(file)
    for snippet, text in needed:
        add(snippet.lines, text.removesuffix("\n").split("\n"))
    lines.append(f"mod {MODULE} {{")
    origins.append(None)
    add(file.lines, [line.text for line in file.lines])
    listed = ", ".join(f'("{name}", {name})' for name in file.names)
    lines += [
        f"pub fn harness_main() -> std::process::ExitCode {{ probe::main(&[{listed}]) }}",
        "}",
        f"fn main() -> std::process::ExitCode {{ {MODULE}::harness_main() }}",
    ]
    origins += [None] * 3
    return _unit(file, lines, origins, tuple(sources), [snippet for snippet, _ in needed])


def _needed(file: BenchFile) -> list[tuple[Snippet, str]]:
    """Each snippet that the benches need something of, its other items blanked."""
    around = file.around
    pool = tuple(
        s
        for s in file.snippets
        if not s.attributes.compile_fail and s.attributes.ignore is Ignore.NO
    )
    pool = tuple(s for s in pool if _is_wanted(s, file))
    if not pool:
        return []
    asking = replace(pool[0], lines=_without_imports(file))
    page = file.page.text if file.page is not None else ""
    by_snippet: dict[str, list[Borrowed]] = {}
    for item in borrow(asking, pool, around.edition, page):
        by_snippet.setdefault(item.snippet.id, []).append(item)
    return [(items[0].snippet, _kept(items)) for items in by_snippet.values()]


def _is_wanted(snippet: Snippet, file: BenchFile) -> bool:
    """A snippet that names a stub is drawn on only if the bench itself names an item of it.

    Names are read without their meaning: a field `network` of another snippet is no reason to
    link a stub for the function `network`.
    """
    around = file.around
    shape = shape_of(snippet.code, around.edition)
    base = choose_base(
        shape.roots, around.configuration, around.registry, around.deps, around.project
    )
    if base.weakest not in (Dependencies.STUB, Dependencies.FICTIONAL):
        return True
    named = set(shape_of(file.text, around.edition).idents)
    return any(d.name in named for d in shape.definitions if d.kind not in ("use", "impl"))


def _kept(items: list[Borrowed]) -> str:
    code = items[0].snippet.code
    kept = sorted((item.start, item.end) for item in items)
    edges = [0, *(edge for pair in kept for edge in pair), len(code)]
    gaps = tuple(program.Piece(edges[i], edges[i + 1]) for i in range(0, len(edges), 2))
    return program.blanked(code, gaps)


def _without_imports(file: BenchFile) -> tuple[SourceLine, ...]:
    """The bench file without its `use` items: they hold in its module only, not on the page."""
    code = file.text
    gaps = tuple(
        program.Piece(d.start, d.end)
        for d in shape_of(code, file.around.edition).definitions
        if d.kind == "use"
    )
    texts = program.blanked(code, gaps).removesuffix("\n").split("\n")
    return tuple(SourceLine(text, file.path, n) for n, text in enumerate(texts, 1))


def _unit(
    file: BenchFile,
    lines: list[str],
    origins: list[Origin | None],
    sources: tuple[tuple[SourceLine, ...], ...],
    needed: list[Snippet],
) -> Unit:
    around = file.around
    text = "".join(line + "\n" for line in lines)
    roots = set(shape_of(text, around.edition).roots) - {"probe"}
    chosen = choose_base(roots, around.configuration, around.registry, around.deps, around.project)
    probe = CrateSpec("probe", "probe", Dependencies.REAL, "0.1.0", (("path", file.probe),))
    base = replace(chosen, crates=(*chosen.crates, probe), profile=RELEASE)
    told = ", ".join(f"{s.path}:{s.line}" for s in needed)
    return Unit(
        snippet_id=file.id,
        rung="bench",
        text=text,
        origins=tuple(origins),
        sources=sources,
        fence=Position(file.path, 1, 1, 1, 1),
        edition=around.edition,
        crate_type=CrateType.BIN,
        with_tests=False,
        base=base,
        basis=Basis(
            chosen.weakest,
            Context.GIVEN if needed or file.page else Context.NONE,
            describe(base),
            (f"items of {told}",) if told else (),
        ),
        environment=around.environment,
    )
