"""Programs against rustdoc's own word on them: books, hand-made texts, and where both may part."""

import json
import subprocess
from pathlib import Path

import pytest
from program_texts import STATEMENTS, UNDECIDED
from wrapper_oracle import Wrapped, ask, ask_about, book

from harness.program import Frame, as_rustdoc, as_written, take_apart, wrapping
from harness.rust_lexer import lex

CORPORA = Path(__file__).parents[3] / "shared" / "corpora"
EDITIONS = ("2015", "2018", "2021", "2024")


def difference(theirs: Wrapped) -> str:
    """In what our program for a block parts from rustdoc's; empty where in nothing that counts.

    Blanks, line ends, the wrapper's inner name, and comments between what is moved to the top
    do not count.
    """
    ours = as_rustdoc(theirs.original, theirs.edition, test_harness=theirs.is_harness)
    frame = Frame.NONE if not theirs.has_wrapper else Frame.MAIN
    if theirs.has_outcome:
        frame = Frame.MAIN_WITH_OUTCOME
    if theirs.code is None or theirs.crate_level is None:
        frame = Frame.AS_WRITTEN
    if ours.frame is not frame:
        return f"frame {ours.frame.value}, rustdoc has {frame.value}"
    if theirs.code is None or theirs.crate_level is None:
        return ""
    around = wrapping(frame)
    own = [line for line in ours.text.split("\n") if not (line and line in around)]
    expected = theirs.crate_level + "\n" + theirs.code
    texts = [[t.text for t in lex(text, theirs.edition)] for text in ("\n".join(own), expected)]
    if texts[0] != texts[1]:
        return "tokens"
    parts = take_apart(theirs.original, theirs.edition)
    if parts and not parts.hoisted and theirs.original[: parts.end].strip() != theirs.code:
        return "characters"
    return ""


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("name", ["book", "edition-guide", "rust-by-example"])
def test_every_block_of_a_book(name: str, edition: str, tmp_path: Path) -> None:
    folder = CORPORA / name / "src"
    if not folder.is_dir():
        pytest.skip(f"the corpus {name} is not on this machine")
    blocks = ask(book(folder), edition, tmp_path)
    assert len(blocks) > 150
    found = {b.where: difference(b) for b in blocks if b.original not in UNDECIDED}
    assert {where: text for where, text in found.items() if text} == {}


@pytest.mark.parametrize("edition", EDITIONS)
def test_hand_made_texts(edition: str, tmp_path: Path) -> None:
    blocks = ask_about(STATEMENTS, edition, tmp_path)
    assert len(blocks) == len(STATEMENTS)
    found = {b.original: difference(b) for b in blocks if b.original not in UNDECIDED}
    assert {text: what for text, what in found.items() if what} == {}


def test_hand_made_texts_with_a_test_harness(tmp_path: Path) -> None:
    blocks = ask_about(STATEMENTS, "2021", tmp_path, info="test_harness")
    assert all(b.is_harness for b in blocks)
    found = {b.original: difference(b) for b in blocks if b.original not in UNDECIDED}
    assert {text: what for text, what in found.items() if what} == {}


@pytest.mark.parametrize("code", sorted(UNDECIDED))
def test_where_tokens_do_not_decide_the_verdict_is_the_same(code: str, tmp_path: Path) -> None:
    """Neither the program that we make nor the other one that rustdoc could make compiles."""
    for name, program in (("ours", as_rustdoc(code, "2021")), ("theirs", as_written(code))):
        errors = compile_errors(program.text, "2021", tmp_path / name)
        assert errors, name


def compile_errors(text: str, edition: str, folder: Path) -> list[str | None]:
    """The codes of a program's errors, None for an error without one."""
    folder.mkdir()
    (folder / "main.rs").write_text(text, encoding="utf-8")
    command = ["rustc", "--error-format=json", "--emit=metadata", "--edition", edition, "main.rs"]
    ran = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    messages = [json.loads(line) for line in ran.stderr.splitlines() if line.startswith(b"{")]
    errors = [m for m in messages if m.get("level") == "error"]
    return [m["code"] and m["code"]["code"] for m in errors]
