"""Ids are stable, distinct, and safe wherever they are written."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.document.extract import extract
from harness.document.headings import plain, slug
from harness.model.source import Document

FENCE = "```rust\nlet x = 1;\n```\n"


def ids(text: str) -> list[str]:
    return [snippet.id for snippet in extract(Document("a/b.md", text, "a/b"))]


def test_blocks_count_within_their_heading() -> None:
    assert ids(f"# Pool\n{FENCE}{FENCE}# Moves\n{FENCE}") == [
        "a/b/pool-1",
        "a/b/pool-2",
        "a/b/moves-1",
    ]


def test_what_stands_before_the_first_heading() -> None:
    assert ids(FENCE) == ["a/b/top-1"]
    assert ids(f"{FENCE}# Top\n{FENCE}") == ["a/b/top-1", "a/b/top~2-1"]


def test_equal_headings_have_slugs_of_their_own() -> None:
    text = f"# Moves\n{FENCE}{FENCE}# Moves\n{FENCE}# Moves 2\n{FENCE}"
    assert ids(text) == ["a/b/moves-1", "a/b/moves-2", "a/b/moves~2-1", "a/b/moves-2-1"]


def test_a_fence_under_one_heading_does_not_move_another() -> None:
    assert ids(f"# A\n# A\n{FENCE}") == ["a/b/a~2-1"]
    assert ids(f"# A\n{FENCE}# A\n{FENCE}") == ["a/b/a-1", "a/b/a~2-1"]


def test_blocks_of_other_languages_do_not_count() -> None:
    assert ids(f"# A\n```toml\n```\n{FENCE}") == ["a/b/a-1"]


def test_a_heading_in_a_container_ends_with_it() -> None:
    assert ids(f"# A\n> # B\n> ```\n> ```\n\n{FENCE}") == ["a/b/b-1", "a/b/a-1"]
    assert ids(f"# A\n- # B\n  ```\n  ```\n\n{FENCE}") == ["a/b/b-1", "a/b/a-1"]


def test_an_underlined_heading() -> None:
    assert ids(f"One\ntwo\n===\n{FENCE}") == ["a/b/one-two-1"]
    assert ids(f"One\n---\n{FENCE}") == ["a/b/one-1"]


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("Hello, World!", "hello-world"),
        ("`Vec<T>` and *more*", "vec-t-and-more"),
        ("[a link](https://x.y/z)", "a-link"),
        ("What's new?", "whats-new"),
        ("Q7. How?", "q7-how"),
        ("snake_case", "snake_case"),
        ("", "section"),
        ("..", "section"),
        ("-", "section"),
        ("../../etc/passwd", "etc-passwd"),
        ("CON", "con"),
        ("\u202eabc", "abc"),
        ("日本語", "日本語"),
        ("Straße", "straße"),
        ("é", "é"),
        ("e\u0301", "é"),
        ("a" * 500, "a" * 60),
        ("a " * 500, "-".join(["a"] * 30)),
        ("Custom {#id .class}", "custom"),
    ],
)
def test_slug(heading: str, expected: str) -> None:
    assert slug(plain(heading)) == expected


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("a `b` **c** _d_", "a b c d"),
        ("x ![alt](u) y", "x alt y"),
        ("1 &lt; 2 \\* 3", "1 < 2 * 3"),
        ("<a id=x></a>Name", "Name"),
        ("snake_case_name", "snake_case_name"),
    ],
)
def test_plain_heading(heading: str, expected: str) -> None:
    assert plain(heading) == expected


@given(st.lists(st.text(max_size=20), max_size=8))
def test_ids_are_distinct_and_safe(headings: list[str]) -> None:
    lines = [re.sub(r"[\r\n]", " ", heading) for heading in headings]
    found = ids("".join(f"# {line}\n\n{FENCE}\n" for line in lines))
    assert len(set(found)) == len(found)
    for name in found:
        last = name.removeprefix("a/b/")
        assert re.fullmatch(r"[^\W_](?:[\w~-]*)-[0-9]+|_[\w~-]*-[0-9]+", last), last
        assert len(last) < 75


@given(st.lists(st.sampled_from(["# A\n", "# B\n", "text\n\n", FENCE, "- ```\n", "> q\n"])))
def test_a_fence_at_the_end_changes_no_earlier_id(parts: list[str]) -> None:
    text = "".join(parts)
    before = ids(text)
    assert ids(f"{text}\n\n# Z\n{FENCE}")[: len(before)] == before
