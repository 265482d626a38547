"""Folders of Markdown that was not written for the audit in, numbers to judge by hand out.

`python -m benchmarks.claims_foreign FOLDER... --seed N` draws numbers with the class that each
was given: the folders take turns, a document of the folder is drawn, and one number of it, so
that no long document and no large folder counts for more. `--fired` lists the automatic checks
that said right or wrong instead. Nothing of what is read is kept.
"""

import argparse
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from harness.claims import Audit, audit
from harness.claims.values import ClaimVerdict


@dataclass(frozen=True, slots=True)
class Drawn:
    """One number of a document, with its class and the text around it."""

    document: str
    line: int
    column: int
    figure: str
    said: str
    context: str


def documents(folder: Path) -> list[Path]:
    """The Markdown files below a folder, in an order that does not depend on the machine."""
    return sorted(path for path in folder.rglob("*.md") if path.is_file())


def seen(path: Path, folder: Path) -> tuple[str, str, Audit]:
    """A document's name, its text, and what the audit says of it without configuration."""
    text = path.read_text(encoding="utf-8", errors="replace")
    name = f"{folder.name}/{path.relative_to(folder)}"
    return name, text, audit(name, text)


def drawn_from(folder: Path, draw: random.Random, width: int) -> Iterator[Drawn]:
    """One number each of the folder's documents, which are taken in a drawn order."""
    paths = documents(folder)
    draw.shuffle(paths)
    for path in paths:
        name, text, audited = seen(path, folder)
        numbers = [
            (v.line, v.column, v.figure, f"claim, {v.reason.value}") for v in audited.verdicts
        ] + [(x.line, x.column, x.text, f"label, {x.kind.value}") for x in audited.labels]
        if not numbers:
            continue
        line, column, figure, said = draw.choice(sorted(numbers))
        source = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
        yield Drawn(name, line, column, figure, said, _around(source, line, column, width))


def _around(lines: list[str], line: int, column: int, width: int) -> str:
    """The line's characters around a place, which is marked, below the head of its table."""
    text = lines[line - 1]
    before, after = text[max(0, column - 1 - width) : column - 1], text[column - 1 :]
    shown = f"{before}⟦{after[:width]}"
    if text.lstrip().startswith("|"):
        top = line - 1
        while top and lines[top - 1].lstrip().startswith("|"):
            top -= 1
        shown = f"{lines[top][:width]} ‖ {shown}"
    elif len(before) < width // 2 and line > 1:
        shown = f"{lines[line - 2][-width // 2 :]} ⏎ {shown}"
    return shown


def draws(folders: list[Path], seed: int, count: int, width: int) -> list[Drawn]:
    """`count` numbers, the folders in turn; a folder that has no more is left out."""
    draw = random.Random(seed)  # noqa: S311 - a sample that can be drawn again
    sources = {folder: drawn_from(folder, draw, width) for folder in sorted(folders)}
    taken: list[Drawn] = []
    for folder in cycle(sorted(folders)):
        if len(taken) == count or not sources:
            return taken
        if folder in sources:
            more = list(islice(sources[folder], 1))
            taken += more
            if not more:
                del sources[folder]
    return taken


def fired(folder: Path) -> Iterator[tuple[str, ClaimVerdict]]:
    """The numbers of a folder that an automatic check calls right or wrong as its outcome."""
    for path in documents(folder):
        name, _, audited = seen(path, folder)
        for verdict in audited.verdicts:
            if verdict.recomputed or is_held_to_limit(verdict):
                yield name, verdict


def is_held_to_limit(verdict: ClaimVerdict) -> bool:
    """A value beside its limit recomputes nothing; the formula begins with the value."""
    return verdict.check == "limit" and verdict.formula.startswith(verdict.figure)


def main() -> int:
    """Print what was drawn, or what has fired."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--width", type=int, default=70, help="characters on each side")
    parser.add_argument("--fired", action="store_true", help="list the checks that fired")
    options = parser.parse_args()
    folders: list[Path] = options.folders
    if options.fired:
        for folder in folders:
            for name, verdict in fired(folder):
                sys.stdout.write(
                    f"{name} | {verdict.line} | {verdict.check} | {verdict.formula} | "
                    f"{verdict.reason.value}\n"
                )
        return 0
    sys.stdout.write(f"seed {options.seed}, {len(folders)} folders\n")
    for number, one in enumerate(draws(folders, options.seed, options.count, options.width), 1):
        sys.stdout.write(
            f"{number:3} {one.document}:{one.line}:{one.column}  {one.figure}  [{one.said}]\n"
            f"      {one.context}\n"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
