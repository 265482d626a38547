"""Pages to measure with: made from a seed, or the pages of a book with their includes put in.

And what is in pages: the blocks that rustdoc tests, and crates of them.
"""

import random
from collections.abc import Iterator
from pathlib import Path

from benchmarks.shapes import BREAKS, SHAPES
from harness.document.extract import extract
from harness.inputs.corpus import read_corpus
from harness.model.source import Ignore, Snippet
from harness.rust.program import as_rustdoc

_INTEGERS = ("i32", "u32", "u64", "i64", "u16")
# Short blocks are more frequent, as in books: 16 lines in the mean.
_WEIGHTS = [1 / (shape.count("\n") + 4) for shape in SHAPES]
_MAPS = ("HashMap", "BTreeMap")


def synthetic(count: int, broken: int, seed: int = 1, refused: int = 0) -> str:
    """A page of `count` blocks, of which some are broken and some are stated to be refused."""
    chance = random.Random(seed)  # noqa: S311 - the same pages each time
    bad = set(chance.sample(range(count), broken + refused))
    stated = set(sorted(bad)[:: max(1, len(bad) // refused)][:refused]) if refused else set()
    out = []
    for number in range(count):
        code = chance.choices(SHAPES, _WEIGHTS)[0]
        if number in bad:
            code = _broken(code, chance.choice(BREAKS))
        for mark, name in (
            ("@N", str(number)),
            ("@I", chance.choice(_INTEGERS)),
            ("@C", chance.choice(_MAPS)),
        ):
            code = code.replace(mark, name)
        info = "compile_fail" if number in stated else ""
        out.append(f"## Block {number}\n\n```{info}\n{code}\n```\n")
    return "\n".join(out)


def _broken(code: str, line: str) -> str:
    """The code with a line more where statements stand."""
    if "fn main() {" in code:
        return code.replace("fn main() {", f"fn main() {{\n    {line}")
    return f"{code}\n{line}"


def pages_of(count: int, folder: Path, *, is_clean: bool = False, blocks: int = 500) -> None:
    """A folder of pages with `count` blocks: 5 % broken, 5 % stated to be refused, or none."""
    folder.mkdir(parents=True, exist_ok=True)
    for seed, first in enumerate(range(0, count, blocks)):
        size = min(blocks, count - first)
        bad = 0 if is_clean else size // 20
        text = synthetic(size, bad, seed + 1, bad)
        (folder / f"page{seed:04}.md").write_text(text, encoding="utf-8")


def book_pages(book: Path) -> Iterator[tuple[str, str]]:
    """Name and text of each page of a book, as mdBook hands it to rustdoc."""
    for number, source in enumerate(read_corpus([book], 64 << 20, None).sources):
        yield f"page{number:03}.md", "".join(line.text + "\n" for line in source.lines)


def tested_blocks(pages: Path) -> list[Snippet]:
    """The blocks of a folder of pages that rustdoc compiles."""
    return [
        snippet
        for source in read_corpus([pages], 64 << 20, None).sources
        for snippet in extract(source.document, source.lines)
        if snippet.attributes.is_tested and snippet.attributes.ignore is Ignore.NO
    ]


def crates_of(pages: Path, folder: Path, size: int = 500) -> None:
    """The blocks of pages that are to compile, as modules of crates: a folder of `folder` each."""
    snippets = [each for each in tested_blocks(pages) if not each.attributes.compile_fail]
    for first in range(0, len(snippets), size):
        _write_crate(folder / f"crate{first:06}", snippets[first : first + size])


def _write_crate(crate: Path, snippets: list[Snippet]) -> None:
    crate.mkdir(parents=True)
    names = [f"m{number}" for number in range(len(snippets))]
    for name, snippet in zip(names, snippets, strict=True):
        text = as_rustdoc(snippet.code, "2021").text + "pub fn run() { let _ = main(); }\n"
        (crate / f"{name}.rs").write_text(text, encoding="utf-8")
    calls = "".join(f"    {name}::run();\n" for name in names)
    modules = "".join(f"pub mod {name};\n" for name in names)
    root = f"#![allow(unused)]\n{modules}fn main() {{\n{calls}}}\n"
    (crate / "root.rs").write_text(root, encoding="utf-8")
