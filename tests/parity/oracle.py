"""Markdown texts in, what stable rustdoc finds in each out.

`found` asks for everything about every block (`--output-format=doctest`, which speaks nightly
about error codes); `listed` asks stable itself which blocks it tests.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.model.source import Ignore, Snippet

RUSTDOC = shutil.which("rustdoc")
_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Tested:
    """One block as rustdoc tests it; what `Snippet` says of it, in the same words."""

    line: int
    ignore: str
    targets: tuple[str, ...]
    should_panic: bool
    no_run: bool
    compile_fail: bool
    test_harness: bool
    standalone_crate: bool
    edition: str | None
    unknown: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Listed:
    """One block as `rustdoc --test --list` names it."""

    line: int
    is_ignored: bool


def of_snippet(snippet: Snippet) -> Tested:
    """Our snippet in the oracle's words."""
    attributes = snippet.attributes
    return Tested(
        line=snippet.line,
        ignore=attributes.ignore.value,
        targets=attributes.ignored_targets,
        should_panic=attributes.should_panic,
        no_run=attributes.no_run,
        compile_fail=attributes.compile_fail,
        test_harness=attributes.test_harness,
        standalone_crate=attributes.standalone_crate,
        edition=attributes.edition,
        unknown=attributes.unknown,
        text="\n".join(line.text for line in snippet.lines),
    )


def found(texts: Sequence[str], folder: Path) -> list[list[Tested]]:
    """For each text, its tested blocks in order, by one call of rustdoc."""
    heads = _write(texts, folder)
    command = ["rustdoc", "--edition=2024", "-Zunstable-options", "--output-format=doctest"]
    answer = json.loads(_run([*command, "lib.rs"], folder, RUSTC_BOOTSTRAP="1"))
    blocks: list[list[Tested]] = [[] for _ in texts]
    for entry in answer["doctests"]:
        number = int(re.sub(r"\D", "", Path(entry["file"]).name))
        blocks[number].append(_tested(entry, heads[number]))
    return blocks


def listed(texts: Sequence[str], folder: Path) -> list[list[Listed]]:
    """For each text, its tested blocks in order, as stable lists them without running any."""
    heads = _write(texts, folder)
    blocks: list[list[Listed]] = [[] for _ in texts]
    ignored = set(_names(folder, "--test-args=--ignored"))
    for number, line in _names(folder):
        # Before edition 2024, rustdoc adds the attribute's line in `lib.rs`: two for each text.
        at = line - heads[number] - 2 * number
        blocks[number].append(Listed(at, (number, line) in ignored))
    return [sorted(found, key=lambda block: block.line) for found in blocks]


def listed_alone(text: str, folder: Path) -> list[int]:
    """The lines of the tested blocks of one Markdown file, given to rustdoc as it is."""
    (folder / "x.md").write_text(text, encoding="utf-8", newline="")
    command = ["rustdoc", "--test", "--edition=2015", "--test-args=--list", "x.md"]
    pattern = re.compile(r"^x\.md - .*\(line ([0-9]+)\): test$", re.MULTILINE)
    return sorted(int(m[1]) for m in pattern.finditer(_run(command, folder)))


def host() -> str:
    """The target triple that rustdoc tests for."""
    text = _run(["rustc", "-vV"], Path.cwd())
    return text.partition("host: ")[2].split("\n")[0]


def listed_of_snippet(snippet: Snippet, triple: str) -> Listed:
    """Our snippet as rustdoc would list it on a machine of this target."""
    attributes = snippet.attributes
    is_ignored = attributes.ignore is Ignore.ALWAYS
    is_ignored |= any(target in triple for target in attributes.ignored_targets)
    return Listed(snippet.line, is_ignored)


def _names(folder: Path, *more: str) -> list[tuple[int, int]]:
    """Number of the text and line of every listed block."""
    # Edition 2015 has every block compiled by itself, so that a list needs no compiling.
    command = ["rustdoc", "--test", "--edition=2015", "--test-args=--list", *more, "lib.rs"]
    pattern = re.compile(r" - d([0-9]+) \(line ([0-9]+)\): test$", re.MULTILINE)
    return [(int(m[1]), int(m[2])) for m in pattern.finditer(_run(command, folder))]


def _write(texts: Sequence[str], folder: Path) -> list[int]:
    """Write a crate whose modules hold the texts; the lines put before each text."""
    heads: list[int] = []
    modules: list[str] = []
    for number, text in enumerate(texts):
        # rustdoc takes away what all lines of a doc attribute are indented by, blank lines above
        head = "x\n\n"
        heads.append(head.count("\n"))
        # and the last line end of the whole.
        (folder / f"d{number}.md").write_text(head + text + "\n", encoding="utf-8", newline="")
        modules.append(f'#[doc = include_str!("d{number}.md")]\npub mod d{number} {{}}\n')
    (folder / "lib.rs").write_text("".join(modules), encoding="utf-8")
    return heads


def _run(command: list[str], folder: Path, **environment: str) -> str:
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        timeout=_SECONDS,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr.decode()[-2000:])
    return done.stdout.decode()


def _tested(entry: dict[str, object], head: int) -> Tested:
    said = entry["doctest_attributes"]
    assert isinstance(said, dict)
    ignore: str | dict[str, list[str]] = said["ignore"]
    targets: tuple[str, ...] = ()
    if isinstance(ignore, dict):
        targets = tuple(ignore["Some"])
        ignore = "Some"
    words = {"None": Ignore.NO, "All": Ignore.ALWAYS, "Some": Ignore.ON_TARGETS}
    line, text = entry["line"], entry["original_code"]
    assert isinstance(line, int)
    assert isinstance(text, str)
    return Tested(
        line=line - head,
        ignore=words[ignore].value,
        targets=targets,
        should_panic=said["should_panic"],
        no_run=said["no_run"],
        compile_fail=said["compile_fail"],
        test_harness=said["test_harness"],
        standalone_crate=said["standalone_crate"],
        edition=said["edition"],
        unknown=tuple(said["unknown"]),
        text=text,
    )
