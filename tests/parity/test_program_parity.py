"""Programs against rustdoc's own word on them: books, hand-made texts, and where both may part."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from harness.rust.lexer import lex
from harness.rust.program import Frame, as_rustdoc, as_written, take_apart, wrapping
from harness.rust.shape import shape_of
from harness.rust.shaped import setting_for, shaped
from tests.parity.program_texts import STATEMENTS, UNDECIDED
from tests.parity.wrapper_oracle import Wrapped, ask, ask_about, book

pytestmark = pytest.mark.compiler

CORPORA = Path(__file__).parents[3] / "shared" / "corpora"
# Blocks of pages that are no Rust: types and signatures by themselves.
UNDECIDED_IN_BOOKS = {"book": 3, "edition-guide": 0, "rust-by-example": 3}
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
    found = [(block, what) for block in blocks if (what := difference(block))]
    assert {what for _, what in found} <= {"frame main, rustdoc has as-written"}
    assert len(found) == UNDECIDED_IN_BOOKS[name]
    for number, (block, _) in enumerate(found):
        assert_neither_compiles(block.original, block.edition, tmp_path / f"n{number}")


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
    assert_neither_compiles(code, "2021", tmp_path / "n")


def test_verdicts_are_those_of_rustdoc(tmp_path: Path) -> None:
    """Every hand-made text, whatever it parses as: refused or accepted as rustdoc does it."""
    fence = "`" * 12
    pages = [f"{fence}no_run\n{code}\n{fence}\n" for code in STATEMENTS]
    starts = [1]
    for page in pages:
        starts.append(starts[-1] + page.count("\n"))
    (tmp_path / "x.md").write_text("".join(pages), encoding="utf-8")
    command = ["rustdoc", "--test", "--edition", "2021", "x.md", "--test-args", "--test-threads=2"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    word = re.findall(
        r"^test x\.md - \(line (\d+)\) - compile \.\.\. (\w+)$", ran.stdout.decode(), re.MULTILINE
    )
    theirs = {int(line): state == "ok" for line, state in word}
    assert sorted(theirs) == starts[:-1]
    blocks = {b.original for b in ask_about(STATEMENTS, "2021", tmp_path)}
    assert blocks == set(STATEMENTS), "a text with hidden lines"
    ours = {}
    for start, code in zip(starts, STATEMENTS, strict=False):
        program = as_rustdoc(code, "2021")
        ours[start] = not compile_errors(program.text, "2021", tmp_path / f"p{start}")
    assert {s: ok for s, ok in ours.items() if ok is not theirs[s]} == {}
    assert 100 < sum(ours.values()) < len(STATEMENTS) - 100


SHAPED = {
    "statements": "let x = 1; let y = x;",
    "value": "1 + 1",
    "value after statements": "let x = vec![1]; x.len()",
    "unit": 'println!("a")',
    "question": 'let x: u8 = "1".parse()?;',
    "question and value": 'let x: u8 = "1".parse()?; x + 1',
    "question at the end": 'std::fs::read("x")?',
    "question and ok": 'let x: u8 = "1".parse()?; Ok(x)',
    "ok alone": "Ok(())",
    "option": "let x = Some(1)?; Some(x)",
    "await": "async fn f() -> u8 { 1 } let x = f().await;",
    "await and question": "async fn f() -> Result<u8, std::fmt::Error> { Ok(1) } f().await?",
    "methods": "fn f(&self) -> u8 { 1 } pub fn g(&mut self) { self.f(); } fn n() { todo!() }",
    "self": "let x = &self;",
    "items": "struct S; mod m { pub fn f(_: super::S) {} } fn g() { crate::m::f(S) }",
    "attributes": '#![allow(dead_code)]\n//! text\n#![recursion_limit = "200"]\nlet x = 1;',
    "extern crate": "let x = 1; extern crate std as other; other::mem::drop(x)",
    "nothing": "// nothing",
    "block at the end": "if true { 1 } else { 2 }",
    "return": "if true { return; } let x = 1;",
}


@pytest.mark.parametrize("code", SHAPED.values(), ids=SHAPED.keys())
def test_a_text_compiles_in_the_setting_that_its_shape_asks_for(code: str, tmp_path: Path) -> None:
    setting = setting_for(shape_of(code))
    assert setting
    program = shaped(code, "2021", setting, above=("use std::fmt::Debug;\nstruct Above;",))
    assert program
    assert compile_errors(program.text, "2021", tmp_path / "p") == []


def assert_neither_compiles(code: str, edition: str, folder: Path) -> None:
    """Both what we make of a text and the other thing that rustdoc could make are refused."""
    folder.mkdir()
    for name, program in (("ours", as_rustdoc(code, edition)), ("theirs", as_written(code))):
        assert compile_errors(program.text, edition, folder / name), name


def compile_errors(text: str, edition: str, folder: Path) -> list[str | None]:
    """The codes of a program's errors, None for an error without one."""
    folder.mkdir()
    (folder / "main.rs").write_text(text, encoding="utf-8")
    command = ["rustc", "--error-format=json", "--emit=metadata", "--edition", edition, "main.rs"]
    ran = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    messages = [json.loads(line) for line in ran.stderr.splitlines() if line.startswith(b"{")]
    errors = [m for m in messages if m.get("level") == "error"]
    return [m["code"] and m["code"]["code"] for m in errors]
