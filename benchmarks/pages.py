"""Pages to measure with: made from a seed, or the pages of a book with their includes put in."""

import random
from collections.abc import Iterator
from pathlib import Path

from benchmarks.shapes import BREAKS, SHAPES
from harness.inputs.corpus import read_corpus

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
