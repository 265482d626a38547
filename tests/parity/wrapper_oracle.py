"""Markdown texts → what rustdoc itself puts around each of their Rust blocks.

rustdoc prints this as JSON when it is told to print tests and not to run them. The flag needs a
nightly rustdoc or `RUSTC_BOOTSTRAP`, so it serves tests only.
"""

import json
import os
import re
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Wrapped:
    """rustdoc's word on one block; `crate_level` and `code` are None where it does not parse."""

    original: str
    edition: str
    is_harness: bool
    crate_level: str | None
    code: str | None
    has_wrapper: bool
    has_outcome: bool
    where: str


def ask(documents: Sequence[str], edition: str, folder: Path) -> list[Wrapped]:
    """What rustdoc does with every block of some Markdown texts."""
    lines = []
    for index, text in enumerate(documents):
        (folder / f"d{index}.md").write_text(text, encoding="utf-8", newline="")
        lines.append(f'#[doc = include_str!("d{index}.md")]\npub mod d{index} {{}}\n')
    (folder / "lib.rs").write_text("".join(lines), encoding="utf-8")
    command = ["rustdoc", "-Zunstable-options", "--output-format=doctest", "--edition", edition]
    # rustdoc imports the crate under test wherever its name occurs in a text; this one does not.
    command += ["--crate-name", "zq_no_such_crate"]
    ran = subprocess.run(
        [*command, "lib.rs"],
        cwd=folder,
        env={**os.environ, "RUSTC_BOOTSTRAP": "1"},
        capture_output=True,
        check=False,
    )
    if ran.returncode:
        raise AssertionError(ran.stderr.decode(errors="replace")[:2000])
    return [_wrapped(entry, edition) for entry in json.loads(ran.stdout)["doctests"]]


def ask_about(codes: Iterable[str], edition: str, folder: Path, info: str = "") -> list[Wrapped]:
    """What rustdoc does with each code, one document each; in no promised order."""
    return ask([f"{_FENCE}{info}\n{code}\n{_FENCE}\n" for code in codes], edition, folder)


_FENCE = "`" * 12


def _wrapped(entry: dict[str, Any], edition: str) -> Wrapped:
    attributes, code = entry["doctest_attributes"], entry["doctest_code"]
    wrapper = code and code["wrapper"]
    return Wrapped(
        original=entry["original_code"],
        edition=attributes["edition"] or edition,
        is_harness=attributes["test_harness"],
        crate_level=code and code["crate_level"],
        code=code and code["code"],
        has_wrapper=bool(wrapper),
        has_outcome=bool(wrapper and wrapper["returns_result"]),
        where=entry["name"],
    )


_INCLUDE = re.compile(r"\{\{#(?:rustdoc_)?include ([^}:]+)(?::([^}]*))?\}\}")


def book(folder: Path) -> list[str]:
    """The pages of a book, with their included listings, roughly as mdBook puts them there."""

    def included(found: re.Match[str]) -> str:
        path = (page.parent / found[1].strip()).resolve()
        lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
        anchor = found[2]
        if anchor and "rustdoc" not in found[0] and not anchor[0].isdigit():
            marks = [i for i, line in enumerate(lines) if line.rstrip().endswith(f": {anchor}")]
            lines = lines[marks[0] : marks[1]] if len(marks) > 1 else lines
        return "\n".join(line for line in lines if "ANCHOR" not in line)

    pages = []
    for page in sorted(folder.rglob("*.md")):
        text = _INCLUDE.sub(included, page.read_text(encoding="utf-8"))
        pages.append(text)
    return pages
