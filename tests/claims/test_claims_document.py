"""What is prose in a document, where each number stands, and that every one has one class."""

import time

import pytest

from harness.claims import ClaimReason, audit
from harness.claims.prose import PART, read_prose

SAMPLE = """---
weight: 40
---
# Title 7 ms

Some `9 ms` figure, `f(9)` code, a [link 3 ms](http://x/99) and <b id="12">html</b>.

> 1. quoted **4** ms and
>    5 ms later[^1]

```text
6 s
```

    8 s

| a | b |
|---|---|
| 1 ms | `2` 2 \\| 3 ms |

<div>
11 ms
</div>

[^1]: note 10 ms
[ref]: http://x/13
"""


def test_places_of_prose() -> None:
    seen = audit("d.md", SAMPLE)
    found = [(v.line, v.column, v.figure) for v in seen.verdicts]
    assert found == [
        (4, 9, "7 ms"), (6, 7, "9 ms"), (6, 42, "3 ms"), (8, 15, "4 ms"), (9, 6, "5 ms"),
        (19, 3, "1 ms"), (19, 14, "2"), (19, 19, "3 ms"), (25, 12, "10 ms"),
    ]  # fmt: skip


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_and_byte_order_mark(end: str) -> None:
    text = "\ufeff# A\n\n5 ms\n"
    assert audit("d.md", text.replace("\n", end)).verdicts[0].line == 3


def test_indented_lines_of_a_paragraph() -> None:
    verdict = audit("d.md", "a tree\n    │ Utils.java (200 bytes)").verdicts[0]
    assert (verdict.line, verdict.column) == (2, 19)


def test_columns_count_scalars() -> None:
    verdict = audit("d.md", "日本🦀 5 ms").verdicts[0]
    assert (verdict.line, verdict.column, verdict.end_column) == (1, 5, 9)


def test_parts_of_a_long_text_are_cut_where_no_block_goes_on() -> None:
    inside = "```text\n" + "5 ms\n\nx\n\n" * (PART // 4) + "```\n\n7 ms\n"
    assert [v.figure for v in audit("d.md", inside).verdicts] == ["7 ms"]
    outside = "5 ms\n\nx\n\n" * (PART // 4)
    seen = audit("d.md", outside)
    assert len(seen.verdicts) == PART // 4
    assert seen.verdicts[-1].line == 4 * (PART // 4) - 3


def test_ids_are_stable_and_unique() -> None:
    text = "# A b!\n\n5 ms, 5 ms, +5 ms\n\n## C\n\n5 ms\n"
    ids = [v.id for v in audit("docs/d.md", text).verdicts]
    assert ids == ["docs/d/a-b#5-ms-1", "docs/d/a-b#5-ms-2", "docs/d/a-b#5-ms-3", "docs/d/c#5-ms-1"]
    assert [v.id for v in audit("docs/d.md", "intro\n\n" + text).verdicts] == ids


def test_each_number_has_one_class() -> None:
    seen = audit("d.md", "In 2018, Rust 1.31 took 5 + 3 = 9 ms and 12 GB.")
    assert seen.summary.numbers == 6
    assert seen.summary.by_label == {"date": 1, "version": 1}
    assert sum(seen.summary.by_reason.values()) == 4
    assert seen.summary.adds_up
    assert {v.reason for v in seen.verdicts} == {
        ClaimReason.DISPUTED, ClaimReason.WRONG, ClaimReason.UNACCOUNTED,
    }  # fmt: skip


def test_headings_bound_scopes() -> None:
    outline = read_prose("# A\n\n## B 1\n\n### C\n\n## D\n")
    assert outline.scope("B") == range(2, 4)
    assert outline.scope("A") == range(1, 5)
    assert outline.scope("Z") is None


def test_time_grows_with_the_text() -> None:
    block = (
        "## Part\n\nA sum 15 + 8 + 25 = 48 ms in version 1.2.3 of 2024.\n\n"
        "| a | 5 ms |\n|---|---|\n| b | 7% |\n\n"
    )
    paragraph = "5 ms and 6 = 7 of 8, "
    for unit in (block, paragraph):
        times = []
        for size in (1 << 15, 1 << 17):
            text = unit * (size // len(unit))
            start = time.process_time()
            audit("d.md", text)
            times.append(time.process_time() - start)
        assert times[1] <= 9 * times[0]  # four times the text, not sixteen times the work
