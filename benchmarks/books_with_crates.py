# ruff: noqa: T201 - what it finds goes to standard output
"""Books whose blocks need crates: what rustdoc fails for want of them, and what compiles here.

    python -m benchmarks.books_with_crates --book FOLDER --edition 2021 -- OPTIONS OF harness test

Both look at the same pages in one run: rustdoc page by page, as mdBook calls it, and the harness
with the options that the book's maintainer would give it.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.inputs.corpus import read_corpus
from harness.model.source import Ignore
from harness.planning import snippets_of

ROOT = Path(__file__).parents[1]
_LINE = re.compile(r"^test .*\(line (\d+)\)[^.]* \.\.\. (ok|FAILED|ignored)", re.MULTILINE)
_SECTION = re.compile(r"^---- .*\(line (\d+)\) stdout ----$", re.MULTILINE)
_NO_CRATE = re.compile(r"^error\[E0(?:432|433|463)\]", re.MULTILINE)
_RAN_BADLY = {"panicked", "did-not-panic", "failed-run", "killed-by-signal", "time-limit"}


@dataclass(frozen=True, slots=True)
class Block:
    """One block that rustdoc tests or ignores: what it says, and what the harness says."""

    place: str
    rustdoc: str
    lacks_crate: bool
    reason: str
    compiles_here: bool
    crates: tuple[str, ...]


def rustdoc(text: str, edition: str) -> list[tuple[str, bool]]:
    """For each block of a page, in order: how it went, and whether a crate was not found."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "page.md").write_text(text, encoding="utf-8")
        command = ["rustdoc", "--test", "--edition", edition, "page.md"]
        done = subprocess.run(command, cwd=folder, capture_output=True, check=False)  # noqa: S603
    told = done.stdout.decode(errors="replace")
    parts = _SECTION.split(told)
    sections = dict(zip(map(int, parts[1::2]), parts[2::2], strict=True))
    found = {int(line): word for line, word in _LINE.findall(told)}
    return [(found[line], bool(_NO_CRATE.search(sections.get(line, "")))) for line in sorted(found)]


def harness(book: Path, options: Sequence[str]) -> dict[tuple[str, int], dict[str, object]]:
    """The verdict on each block, by its place."""
    command = [sys.executable, "-m", "harness", "test", str(book), *options]
    command += ["--output-format", "json", "--quiet"]
    environment = dict(os.environ) | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=False)  # noqa: S603
    report = json.loads(done.stdout)
    print(f"  harness {report['environment']['harness']}, rustc {report['environment']['rustc']}")
    return {(v["path"], v["line"]): v for v in report["verdicts"] if v["kind"] == "snippet"}


def compare(book: Path, edition: str, options: Sequence[str]) -> Iterator[Block]:
    """Every block that rustdoc lists, with both answers."""
    verdicts = harness(book, options)
    for source in read_corpus([book], 64 << 20, None).sources:
        listed = [s for s in snippets_of(source) if s.attributes.gap is None]
        if not listed:
            continue
        text = "".join(line.text + "\n" for line in source.lines)
        for snippet, (word, lacks) in zip(listed, rustdoc(text, edition), strict=True):
            verdict = verdicts[snippet.path, snippet.line]
            reason = str(verdict["reason"])
            basis = verdict["basis"]
            crates = basis.get("crates", ()) if isinstance(basis, dict) else ()
            passes = verdict["outcome"] == "PASS" or reason in _RAN_BADLY
            if snippet.attributes.ignore is Ignore.ALWAYS:
                passes = reason == "ignored-but-compiles"
            place = f"{snippet.path}:{snippet.line}"
            yield Block(place, word, lacks, reason, passes, tuple(crates))


def tell(blocks: Sequence[Block]) -> None:
    """Print the figures, and each block that lacked a crate and still does not compile."""
    failed = [b for b in blocks if b.rustdoc == "FAILED"]
    wanting = [b for b in failed if b.lacks_crate]
    compile_here = [b for b in wanting if b.compiles_here]
    ignored = [b for b in blocks if b.rustdoc == "ignored" and b.crates]
    print(f"  blocks {len(blocks)}; rustdoc fails {len(failed)}, for want of crates {len(wanting)}")
    print(f"  of these compile here {len(compile_here)}: {_reasons(compile_here)}")
    print(f"  ignored, and use a crate here: {len(ignored)}: {_reasons(ignored)}")
    print(f"  crates: {_count(crate for b in blocks for crate in b.crates)}")
    lost = [b for b in blocks if b.rustdoc == "ok" and not b.compiles_here]
    print(f"  rustdoc passes and we do not: {len(lost)} {[b.place for b in lost]}")
    for block in wanting:
        if not block.compiles_here:
            print(f"  still: {block.place} {block.reason}")


def _reasons(blocks: Sequence[Block]) -> str:
    return _count(b.reason for b in blocks)


def _count(words: Iterator[str]) -> str:
    return ", ".join(f"{word} {n}" for word, n in Counter(words).most_common())


def main() -> None:
    """Compare one book."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--book", type=Path, required=True)
    parser.add_argument("--edition", default="2021")
    parser.add_argument("options", nargs="*")
    arguments = parser.parse_args()
    print(f"{arguments.book.name}, edition {arguments.edition}, {' '.join(arguments.options)}")
    tell(list(compare(arguments.book, arguments.edition, arguments.options)))


if __name__ == "__main__":
    main()
