"""Which blocks a document has, their text, and the place of each line and column."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.document.extract import contents, extract
from harness.document.markdown import normalised
from harness.model.source import Block, Document, Snippet
from tests.parity.cases import DOCUMENTS


def document(text: str) -> Document:
    return Document("x.md", normalised(text), "x")


def snippets(text: str) -> tuple[Snippet, ...]:
    return extract(document(text))


def only(text: str) -> Snippet:
    (snippet,) = snippets(text)
    return snippet


def code(text: str) -> list[tuple[int, str]]:
    """Line and code of each snippet, its lines joined by `/`."""
    return [(s.line, "/".join(line.text for line in s.lines)) for s in snippets(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    DOCUMENTS,
)
def test_blocks(text: str, expected: list[tuple[int, str]]) -> None:
    assert code(text) == expected


@pytest.mark.parametrize(
    ("line", "tested", "is_hidden"),
    [
        ("# x", "x", True),
        ("    # let a = 1; ", "let a = 1;", True),
        ("#", "", True),
        ("  #  ", "", True),
        ("##x", "#x", False),
        ("## x", "# x", False),
        ("  ##[a]", "  #[a]", False),
        ("###", "##", False),
        ("#[derive(A)]", "#[derive(A)]", False),
        ("#!x", "#!x", False),
        ("#\tx", "#\tx", False),
        ("#\u00a0x", "#\u00a0x", False),
        ("let a = 1; # b", "let a = 1; # b", False),
        ("\u3000# x", "x", True),
        ("\x1f# x", "\x1f# x", False),
    ],
)
def test_hidden_lines(line: str, tested: str, is_hidden: bool) -> None:
    snippet = only(f"```\n{line}\n```\n")
    assert (snippet.lines[0].text, snippet.hidden) == (tested, (is_hidden,))


@pytest.mark.parametrize(
    ("text", "row", "columns"),
    [
        ("```\nabc\n```\n", 0, {1: 1, 3: 3}),
        ("  ```\n  abc\n  ```\n", 0, {1: 3, 2: 4}),
        ("- ```\n  abc\n", 0, {1: 3}),
        ("> ```\n>  abc\n", 0, {1: 3, 2: 4}),
        (">```\n>abc\n", 0, {1: 2}),
        ("> - > ```\n>   > abc\n", 0, {1: 7}),
        ("```\n# abc\n", 0, {1: 3, 3: 5}),
        ("```\n    #   abc\n", 0, {1: 7, 3: 9}),
        ("```\n  ##a#b\n", 0, {1: 1, 3: 3, 4: 5, 5: 6}),
        ("> ```\n> # abc\n", 0, {1: 5}),
        ("```\n\tabc\n", 0, {1: 1, 2: 2}),
        ("```\n# \tabc\n", 0, {1: 3, 2: 4}),
        ("- ```\n\tabc\n", 0, {1: 1, 2: 1, 3: 2, 5: 4}),
        (">\t```\n>\tabc\n", 0, {1: 3}),
        ("\tabc\n", 0, {1: 2}),
        (" \tabc\n", 0, {1: 3}),
        ("-\t\tabc\n", 0, {1: 3, 2: 3, 3: 4}),
        ("> ```\n> é€😀x\n", 0, {1: 3, 4: 6}),
        ("```\n# é😀x\n", 0, {3: 5}),
        ("[^1]: ```\n      abc\n", 0, {1: 5, 3: 7}),
    ],
)
def test_columns(text: str, row: int, columns: dict[int, int]) -> None:
    line = only(text).lines[row]
    assert {column: line.column(column) for column in columns} == columns


def test_place_of_the_fence() -> None:
    snippet = only("x\n\n> - ```rust\n>   a\n>   ```\n")
    assert (snippet.line, snippet.column, snippet.end_line) == (3, 5, 5)
    assert snippet.lines[0].line == 4


def test_place_of_an_indented_block() -> None:
    snippet = only("x\n\n     a\n\n    b\n\n")
    assert (snippet.line, snippet.column, snippet.end_line) == (3, 5, 5)
    assert [line.line for line in snippet.lines] == [3, 4, 5]


def test_unclosed_fence() -> None:
    assert not only("```\na\n").is_closed
    assert not only("- ```\n  a\n\nb\n").is_closed
    assert only("```\na\n```").is_closed
    assert only("    a\n").is_closed


def test_line_ends_and_bom() -> None:
    assert code("\ufeff```\r\na\r\n```\r\n") == [(1, "a")]
    assert code("```\ra\r```\r") == [(1, "a")]
    assert normalised("a\r\n\rb") == "a\n\nb"


@pytest.mark.parametrize("character", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\0"])
def test_only_line_feeds_end_lines(character: str) -> None:
    assert code(f"```\na{character}b\n```\n") == [(1, f"a{character}b")]


def test_escapes_in_the_info_string() -> None:
    assert only("```rust&#44;no_run\n").attributes.no_run
    assert only("```no\\_run\n").attributes.no_run
    assert only("```rust&#44;no_run\n").info == "rust&#44;no_run"


def test_what_is_meant_to_be_rust_is_extracted() -> None:
    first, second = snippets("```rust,ignore=why\n```\n```c\n```\n```norun\n```\n")
    assert (first.attributes.is_tested, second.attributes.is_tested) == (False, False)
    assert [first.ordinal, second.ordinal] == [1, 2]


def test_contents_hold_blocks_of_every_language() -> None:
    held = contents(document("# A *b*\n\n```toml\nx\n```\n\n    y\n"))
    assert [block.info for block in held.blocks] == ["toml", ""]
    assert [block.is_fenced for block in held.blocks] == [True, False]
    assert held.headings == (("A b", 1),)


@pytest.mark.parametrize(
    ("text", "comment", "line"),
    [
        ("<!-- harness: timeout = 30 -->\n```\n```\n", "timeout = 30", 1),
        ("a\n<!-- harness: x = 1 -->\n\n```\n```\n", "x = 1", 2),
        ("<!-- harness:\nx = 1\ny = 2\n-->\n```\n```\n", "x = 1\ny = 2", 1),
        ("<!-- harness: x -->\n<!-- harness: y -->\n```\n```\n", "x\ny", 1),
        ("- <!-- harness: x -->\n  ```\n  ```\n", "x", 1),
        ("<!-- harness: x -->\n\n    a\n", "x", 1),
        ("<!-- harness: x -->\ntext\n\n```\n```\n", "", 0),
        ("<!-- harness: x -->\n\n# H\n```\n```\n", "", 0),
        ("<!-- other -->\n```\n```\n", "", 0),
        ("<!-- harness: x -->\n\n<!-- other -->\n```\n```\n", "", 0),
        ("<!-- harness: x --> text\n```\n```\n", "", 0),
        ("`<!-- harness: x -->`\n```\n```\n", "", 0),
    ],
)
def test_comment_before_a_block(text: str, comment: str, line: int) -> None:
    snippet = only(text)
    assert (snippet.comment, snippet.comment_line) == (comment, line)


def test_a_comment_belongs_to_one_block() -> None:
    first, second = snippets("<!-- harness: x -->\n```\n```\n```\n```\n")
    assert (first.comment, second.comment) == ("x", "")


def test_nesting_has_no_limit() -> None:
    assert code("> " * 3000 + "```\n") == [(1, "")]
    deep = "\n".join("  " * depth + "- a" for depth in range(400))
    assert code(f"{deep}\n\n{'  ' * 400}```\n") == [(402, "")]


def test_a_document_that_is_one_block() -> None:
    snippet = only("```\n" + "x\n" * 100_000)
    assert len(snippet.lines) == 100_000


PARTS = ["```rust\n", "```\n", "~~~\n", "    a\n", "\tb\n", "- ", "> ", "1. ", "text\n", "\n", "é"]
PARTS += [
    "# h\n",
    "---\n",
    "# \n",
    "## x\n",
    "<div>\n",
    "-->",
    "<!--",
    "| a |\n",
    "|---|\n",
    "[^1]:",
    "[x]: ",
]
texts = st.lists(st.sampled_from(PARTS), max_size=25).map("".join)


@given(texts | st.text())
def test_extraction_is_the_same_twice_and_never_raises(text: str) -> None:
    assert snippets(text) == snippets(text)


@given(texts)
def test_a_block_can_be_cut_out_of_the_document(text: str) -> None:
    lines = normalised(text).split("\n")
    for block in contents(document(text)).blocks:
        _check_block(block, lines)


def _check_block(block: Block, lines: list[str]) -> None:
    if block.is_fenced:
        assert lines[block.line - 1][block.column - 1] in "`~"
    for row in block.lines:
        whole = lines[row.line - 1]
        for column, character in enumerate(row.text, 1):
            at = whole[row.column(column) - 1]
            assert at == character or (at, character) == ("\t", " ")


@given(texts)
def test_tested_text_is_where_its_columns_say(text: str) -> None:
    lines = normalised(text).split("\n")
    for snippet in snippets(text):
        for row in snippet.lines:
            whole = lines[row.line - 1]
            for column, character in enumerate(row.text, 1):
                at = whole[row.column(column) - 1]
                assert at == character or (at, character) == ("\t", " ")
