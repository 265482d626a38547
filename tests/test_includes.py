"""Include marks are followed as mdBook follows them, and each line keeps its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.document.extract import extract
from harness.document.includes import Binary, Outside, expand
from harness.model.source import Document, Note, SourceLine

LISTING = (
    "one\n// ANCHOR: a\ntwo\n// ANCHOR: b\nthree\n// ANCHOR_END: a\nfour\n// ANCHOR_END: b\nfive\n"
)
FILES: dict[str, str | Outside | Binary] = {
    "src/f.rs": "l1\nl2\nl3\nl4",
    "src/a.rs": LISTING,
    "src/again.rs": "x\n// ANCHOR: a\n1\n// ANCHOR_END: a\ny\n// ANCHOR: a\n2\n// ANCHOR_END: a\n",
    "src/empty.rs": "",
    "src/dos.rs": "l1\r\nl2\r\n",
    "src/in/mid.md": "<{{#include low.txt}}>",
    "src/in/low.txt": "low",
    "src/loop.md": "a\n{{#include loop.md}}\nb",
    "src/ping.md": "{{#include pong.md}}",
    "src/pong.md": "{{#include ping.md}}",
    "src/whole.md": "# W\n\n```rust\nlet w = 1;\n```\n",
    "top.txt": "top",
    "src/photo.png": Binary(),
    "secret": Outside(),
    "src/esc.md": r"\{{#include f.rs}}",
    "src/twice.md": "{{#include twice.md:1}}\n{{#include twice.md:2}}",
}


def read(path: str) -> str | Outside | Binary | None:
    return FILES.get(path)


def expanded(text: str) -> tuple[tuple[SourceLine, ...], tuple[Note, ...]]:
    return expand(Document("src/x.md", text, "x"), read)


def text_of(text: str) -> str:
    return "\n".join(line.text for line in expanded(text)[0])


@pytest.mark.parametrize(
    ("mark", "expected"),
    [
        ("{{#include f.rs}}", "l1\nl2\nl3\nl4"),
        ("{{ #include f.rs }}", "l1\nl2\nl3\nl4"),
        ("{{#include f.rs:2}}", "l2"),
        ("{{#include f.rs:2:3}}", "l2\nl3"),
        ("{{#include f.rs:3:}}", "l3\nl4"),
        ("{{#include f.rs::2}}", "l1\nl2"),
        ("{{#include f.rs:}}", "l1\nl2\nl3\nl4"),
        ("{{#include f.rs::}}", "l1\nl2\nl3\nl4"),
        ("{{#include f.rs:0}}", "l1"),
        ("{{#include f.rs:2:x}}", "l2\nl3\nl4"),
        ("{{#include f.rs:3:100}}", "l3\nl4"),
        ("{{#include f.rs:3:2}}", ""),
        ("{{#include f.rs:9}}", ""),
        ("{{#include f.rs:2 ignored words}}", "l2"),
        ("{{#include a.rs:a}}", "two\nthree"),
        ("{{#include a.rs:b}}", "three\nfour"),
        ("{{#include a.rs:none}}", ""),
        ("{{#include again.rs:a}}", "1"),
        ("{{#include empty.rs}}", ""),
        ("{{#include dos.rs}}", "l1\nl2"),
        ("{{#include ./in/../f.rs:1}}", "l1"),
        ("{{#include ../top.txt}}", "top"),
        ("{{#include in/mid.md}}", "<low>"),
        ("{{#include esc.md}}", "{{#include f.rs}}"),
        ("{{#rustdoc_include f.rs:2}}", "# l1\nl2\n# l3\n# l4"),
        ("{{#rustdoc_include f.rs}}", "l1\nl2\nl3\nl4"),
        ("{{#rustdoc_include a.rs:b}}", "# one\n# two\nthree\nfour\n# five"),
        ("{{#rustdoc_include again.rs:a}}", "# x\n1\n# y\n2"),
        ("{{#playground f.rs}}", "```rust\nl1\nl2\nl3\nl4\n```\n"),
        ("{{#playground f.rs editable no_run}}", "```rust,editable,no_run\nl1\nl2\nl3\nl4\n```\n"),
        ("{{#playpen f.rs}}", "```rust\nl1\nl2\nl3\nl4\n```\n"),
        ("{{#title A title}}", ""),
        (r"\{{#include f.rs}}", "{{#include f.rs}}"),
        ("{{#unknown f.rs}}", "{{#unknown f.rs}}"),
        ("{{include f.rs}}", "{{include f.rs}}"),
        ("{{#include}}", "{{#include}}"),
        ("{{#include no.rs}}", "{{#include no.rs}}"),
    ],
)
def test_marks(mark: str, expected: str) -> None:
    assert text_of(mark) == expected
    assert text_of(f"a\n<{mark}>\nb") == f"a\n<{expected}>\nb"


def test_the_rest_of_a_line_stays() -> None:
    assert text_of("a {{#include f.rs:1}} b {{#include f.rs:2}} c") == "a l1 b l2 c"


@pytest.mark.parametrize(
    ("mark", "reason"),
    [
        ("{{#include no.rs}}", "include-missing"),
        ("{{#include ../secret}}", "include-outside"),
        ("{{#include photo.png}}", "include-binary"),
        ("{{#include x.md}}", "include-cycle"),
        ("{{#include a.rs:none}}", "include-empty"),
        ("{{#include f.rs:9}}", "include-empty"),
    ],
)
def test_what_cannot_be_followed_is_noted(mark: str, reason: str) -> None:
    (note,) = expanded(f"a\nb {mark}\n")[1]
    assert (note.path, note.line, note.column, note.reason) == ("src/x.md", 2, 3, reason)


def test_cycles_end() -> None:
    lines, notes = expanded("{{#include loop.md}}")
    assert [line.text for line in lines] == ["a", "", "b"]
    assert [(note.path, note.line, note.reason) for note in notes] == [
        ("src/loop.md", 2, "include-cycle")
    ]
    assert [note.reason for note in expanded("{{#include ping.md}}")[1]] == ["include-cycle"]


def test_parts_of_a_file_that_include_each_other_end() -> None:
    assert {note.reason for note in expanded("{{#include twice.md}}")[1]} == {"include-cycle"}


def test_included_lines_have_their_own_place() -> None:
    lines, _ = expanded("a\n```rust\n{{#rustdoc_include f.rs:2}}\n```\n")
    assert [(line.path, line.line) for line in lines[1:7]] == [
        ("src/x.md", 2),
        ("src/f.rs", 1),
        ("src/f.rs", 2),
        ("src/f.rs", 3),
        ("src/f.rs", 4),
        ("src/x.md", 4),
    ]
    assert lines[2].included_from == ("src/x.md", 3)
    assert lines[1].included_from is None


def test_columns_in_included_lines() -> None:
    document = Document("src/x.md", "- ```rust\n  {{#rustdoc_include f.rs:1}}\n", "x")
    source, _ = expand(document, read)
    (snippet,) = extract(document, source)
    assert (snippet.path, snippet.line, snippet.lines[0].path) == ("src/x.md", 1, "src/f.rs")
    assert (snippet.lines[0].text, snippet.lines[0].column(1)) == ("l1", 1)
    source, _ = expand(Document("src/x.md", "```\n{{#rustdoc_include f.rs:2}}\n```", "x"), read)
    (snippet,) = extract(document, source)
    assert snippet.hidden == (True, False, True, True)
    assert [line.column(1) for line in snippet.lines] == [1, 1, 1, 1]


def test_a_fence_in_an_included_page_stands_in_that_page() -> None:
    document = Document("src/x.md", "a\n\n{{#include whole.md}}\n", "x")
    source, _ = expand(document, read)
    (snippet,) = extract(document, source)
    assert (snippet.path, snippet.line, snippet.end_line) == ("src/whole.md", 3, 5)
    assert snippet.included_from == ("src/x.md", 3)
    assert snippet.id == "x/w-1"


def test_a_playground_begins_at_its_mark() -> None:
    document = Document("src/x.md", "a\n\n{{#playground f.rs ignore}}\n", "x")
    source, _ = expand(document, read)
    (snippet,) = extract(document, source)
    assert (snippet.path, snippet.line, snippet.info) == ("src/x.md", 3, "rust,ignore")
    assert (snippet.lines[0].path, snippet.lines[0].line) == ("src/f.rs", 1)


def test_a_document_without_marks_keeps_its_lines() -> None:
    lines, notes = expanded("a\r\nb\n")
    assert [(line.text, line.line) for line in lines] == [("a", 1), ("b", 2), ("", 3)]
    assert notes == ()


def test_nested_includes_name_the_document() -> None:
    (line,) = expanded("{{#include in/mid.md}}")[0]
    assert line.included_from == ("src/x.md", 1)


MARKS = [
    "{{#include ",
    "{{#rustdoc_include ",
    "{{#playground ",
    "\\",
    "}}",
    ":",
    "2",
    "a",
    "\n",
    " ",
]
MARKS += [*(path.removeprefix("src/") for path in FILES), "{{", "}", "text", "```rust\n"]


@given(st.lists(st.sampled_from(MARKS), max_size=12).map("".join) | st.text())
def test_no_text_raises_and_lines_are_whole(text: str) -> None:
    lines, notes = expanded(text)
    assert expanded(text) == (lines, notes)
    assert all("\n" not in line.text for line in lines)
    extract(Document("src/x.md", text, "x"), lines)
