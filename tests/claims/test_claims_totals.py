"""Totals of tables: what is right, what is wrong, and what is no sum."""

import pytest

from harness.claims import audit
from tests.claims.outcomes import fired


@pytest.mark.parametrize(
    ("last", "reasons"),
    [("176.4", ["claim-right"] * 3), ("177.4", ["claim-right"] * 2 + ["claim-wrong"])],
)
def test_a_column_that_rows_are_for_is_no_part_of_their_total(
    last: str, reasons: list[str]
) -> None:
    table = (
        "| size | layers | pull | build | push | total |\n|---|---|---|---|---|---|\n"
        "| 4GB | 1 | 105.7 | 23.5 | 219.4 | 348.6 |\n| 1GB | 4 | 88.5 | 34.0 | 123.8 | 246.3 |\n"
        f"| 256MB | 10 | 92.1 | 20.7 | 63.6 | {last} |\n"
    )
    seen = {v.figure: v.reason.value for v in audit("d.md", table).verdicts}
    assert [seen[figure] for figure in ("348.6", "246.3", last)] == reasons
    assert seen["1"] == seen["4"] == "unaccounted"


TABLE = (
    "| part | cost | weeks |\n|---|---|---|\n"
    "| a | $4K | 2 |\n| b | $6K | 3 |\n| **Total** | {} | {} |\n"
)


def test_totals_of_columns() -> None:
    assert fired(TABLE.format("$10K", "5")) == [("claim-right", "$10K"), ("claim-right", "5")]
    assert fired(TABLE.format("$11K", "5")) == [("claim-wrong", "$11K"), ("claim-right", "5")]


MEANS = (
    "| bucket | old TFLOPS | new TFLOPS |\n|---|---|---|\n"
    "| attention | 447 | 834 |\n| the rest | 463 | 771 |\n| **total** | {} | {} |\n"
)


@pytest.mark.parametrize(
    ("old", "new", "reasons"),
    [
        ("461", "778", []),
        ("910", "778", ["claim-right", "claim-wrong"]),
        ("461", "1,616", ["claim-wrong"]),
        ("447", "771", ["claim-wrong", "claim-wrong"]),
    ],
)
def test_a_total_between_its_least_and_its_greatest_part_is_a_mean_where_no_column_adds_up(
    old: str, new: str, reasons: list[str]
) -> None:
    assert [reason for reason, _ in fired(MEANS.format(old, new))] == reasons


DERIVED = (
    "| today | a | b |\n|---|---|---|\n| first share | 217.88 | 217.88 |\n| usage | 0.32 | 132.86 |\n"
    "| left over | 237.22 | 237.22 |\n| last share | 217.88 | 217.88 |\n| total | {} | {} |\n"
)


@pytest.mark.parametrize(
    ("a", "b", "reasons"),
    [
        ("455.42", "587.96", ["claim-right", "claim-right"]),
        ("673.30", "805.84", ["claim-right", "claim-right"]),
        ("455.42", "805.84", ["claim-wrong", "claim-right"]),
        ("459.42", "587.96", ["claim-wrong", "claim-wrong"]),
    ],
)
def test_a_row_that_others_come_from_is_no_part_of_a_total(
    a: str, b: str, reasons: list[str]
) -> None:
    assert [reason for reason, _ in fired(DERIVED.format(a, b))] == reasons


@pytest.mark.parametrize(
    ("parts", "total", "reasons"),
    [
        (["596,928.24", "813,590.00", "25.87"], "1,410,544.12", []),
        (["596,928.24", "813,590.00", "25.87"], "1,410,544.16", ["claim-wrong"]),
        (["$127,210", "$19,708", "$3,333"], "$150,252", []),
        (["$127,210", "$19,708", "$3,333"], "$150,254", ["claim-wrong"]),
        (["$66,667", "$66,667", "$66,667"], "$200,000", []),
        (["2", "2", "0", "1"], "6", ["claim-wrong"]),
        (["12 ms", "7 ms", "4 ms"], "24 ms", []),
        (["12 ms", "7 ms", "4 ms"], "25 ms", ["claim-wrong"]),
        (["5", "3", "2", "4"], "9", []),
        (["7", "7", "4", "0.03", "4", "42", "16", "27"], "54", []),
        (["5", "3", "2"], "6", ["claim-wrong"]),
        (["4", "3", "1", "6", "2", "2", "2"], "10", []),
    ],
)
def test_parts_may_be_rounded_or_sums_of_others(
    parts: list[str], total: str, reasons: list[str]
) -> None:
    rows = "".join(f"| part | {part} |\n" for part in parts)
    table = f"| what | how much |\n|---|---|\n{rows}| Total | {total} |\n"
    assert [reason for reason, _ in fired(table)] == reasons


def test_a_total_of_partial_totals_is_left_alone() -> None:
    table = (
        "| what | cost |\n|---|---|\n| a | 3 |\n| b | 4 |\n| *staff total* | 7 |\n| c | 9 |\n"
        "| Grand total | 17 |\n"
    )
    assert fired(table) == []
    assert fired(table.replace("17", "23")) == [("claim-right", "23")]


def test_totals_of_rows() -> None:
    table = "| name | x | y | Total |\n|---|---|---|---|\n| a | 1 | 2 | {} |\n"
    assert fired(table.format("3")) == [("claim-right", "3")]
    assert fired(table.format("4")) == [("claim-wrong", "4")]


@pytest.mark.parametrize(
    "head",
    ["mean", "cost/unit", "p99", "share", "rate", "accuracy", "F1", "utilization", "speedup"],
)
def test_columns_that_do_not_add_up_by_right(head: str) -> None:
    table = f"| part | {head} |\n|---|---|\n| a | 4 |\n| b | 6 |\n| Total | 5 |\n"
    assert fired(table) == []


@pytest.mark.parametrize(
    ("last", "reasons"), [(58, []), (26, ["claim-right"] + ["claim-wrong"] * 2)]
)
def test_a_table_of_which_no_total_holds_has_no_sums(last: int, reasons: list[str]) -> None:
    table = (
        "| mark | linkLen | seqLen | dateLen | total |\n|---|---|---|---|---|\n"
        f"| low | 4 | 2 | 2 | 16 |\n| medium | 8 | 4 | 4 | 32 |\n| high | 16 | 4 | 6 | {last} |\n"
    )
    assert sorted(reason for reason, _ in fired(table)) == reasons


RAGGED = (
    "| week | easy | hard | total |\n|---|---|---|---|\n| 1 | 10 | 5 | 15 |\n"
    "| 2 | 8 | 6 | 14 |\n| 3 | mixed | {} |\n| **Total** | 18 | {} | 39 |\n"
)


@pytest.mark.parametrize(("cell", "hard"), [("20", "11"), ("20", "31")])
def test_of_a_table_that_lacks_a_cell_only_what_holds_is_said(cell: str, hard: str) -> None:
    assert "claim-wrong" not in [reason for reason, _ in fired(RAGGED.format(cell, hard))]
    whole = RAGGED.format("20 | 20", hard).replace("mixed", "0")
    assert "claim-wrong" in [reason for reason, _ in fired(whole)]


@pytest.mark.parametrize(
    ("head", "first", "total"),
    [("instances", "8", "260"), ("volume", "260", "260"), ("volume", "< 8", "< 200")],
)
def test_a_total_that_weighs_its_parts_or_bounds_them_is_no_plain_sum(
    head: str, first: str, total: str
) -> None:
    rows = f"| a | 2 | 252 |\n| b | 32 | {first} |\n| c | 3 | 2 |\n"
    table = f"| part | {head} | cores |\n|---|---|---|\n{rows}| **Total** | 37 | {{}} |\n"
    assert "claim-wrong" not in [reason for reason, _ in fired(table.format(total))]
    plain = table.replace(head, "weeks").replace("< ", "").format("999")
    assert "claim-wrong" in [reason for reason, _ in fired(plain)]
