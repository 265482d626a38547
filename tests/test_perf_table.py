"""The table of speeds: parts of several sessions in one page, each figure beside its goal."""

import pytest

from benchmarks import goals, pages
from benchmarks.one_crate import check_argv, one_crate
from benchmarks.perf import _ANY_SLEEP, _SLEEP, edit, editable, measure
from benchmarks.perf_table import joined, read_parts, table, write


def _row(pages, what, ratios, ours=1.0, **more):
    row = {"pages": pages, "edition": "2021", "fences": 652, "is_book": False, "sleeps": (0, 0)}
    row |= {"what": what, "where": "here", "walls": [ours], "ratios": ratios, "cpu_ratio": 1.0}
    return row | {"ours": ours, "theirs": 1.0, "cpu": 1.0, "peak": 100.0} | more


DOCUMENTS = [
    _row("300-clean", goals.CHECK, [1.0]),
    _row("300-tenth-broken", goals.CHECK, [24.0, 26.0, 30.0], ours=1.7),
]
BOOKS = [
    _row("book", goals.CHECK, [14.0], is_book=True),
    _row("book", goals.SLEEPLESS, [6.0], is_book=True),
    _row("book", goals.WITH_CONTEXT, [3.0], ours=1.4, is_book=True, sleeps=(40, 2)),
]
START = [{"what": "no-op", "where": "", "wall": 0.2, "cpu": 0.2, "over": [0.12, 0.13, 0.2]}]


def test_sessions_are_joined_and_the_last_of_each_figure_counts(tmp_path):
    def add(name, rows, where):
        found = joined(read_parts(tmp_path), name, [{**row, "where": where} for row in rows])
        write(found, tmp_path)

    add("books", BOOKS, "first")
    add("documents", DOCUMENTS, "second")
    add("books", [_row("guide", goals.CHECK, [2.0], is_book=True)], "third")
    text = (tmp_path / "perf.md").read_text()
    assert text.index("second") < text.index("first") < text.index("third")
    add("books", BOOKS, "fourth")
    text = (tmp_path / "perf.md").read_text()
    assert text.index("Whole books") < text.index("third") < text.index("fourth")
    assert "first" not in text
    assert "<svg" in (tmp_path / "perf.svg").read_text()


def test_a_command_that_fails_otherwise_than_it_may_is_no_figure(tmp_path):
    assert measure("false", cwd=tmp_path, due=(0, 1)).wall > 0
    with pytest.raises(RuntimeError, match="ended with 1"):
        measure("false", cwd=tmp_path)
    with pytest.raises(RuntimeError, match="ended with 0"):
        measure("true", cwd=tmp_path, says=b"exit")


def test_blocks_are_counted_edited_and_put_into_crates(tmp_path):
    pages.pages_of(7, tmp_path / "pages")
    first = editable(tmp_path / "pages")
    edit(first, 1)
    edit(first, 2)
    blocks = pages.tested_blocks(tmp_path / "pages")
    assert len(blocks) == 7
    assert [f"let _edited = 2; {first.text}"] == [
        line.text for block in blocks for line in block.lines if "_edited" in line.text
    ]
    pages.crates_of(tmp_path / "pages", tmp_path / "crates", size=4)
    assert len(list((tmp_path / "crates").glob("*/m*.rs"))) == 7


def test_each_goal_is_met_or_missed():
    text = "\n".join(table({"documents": DOCUMENTS, "books": BOOKS, "start": START}))
    lines = [line for line in text.split("\n") if "met" in line or "missed" in line]
    assert [("missed" in line) for line in lines] == [False, True, True, False, False, False]
    assert "26.0 (24.0 to 30.0)" in lines[0]
    assert "| 1.70 |" in lines[1]
    assert "| 40 | 2 | 1.40 |" in lines[4]
    assert "| 0.130 | ≤ 0.13 s: met |" in lines[5]


@pytest.mark.compiler
def test_one_crate_holds_the_units_that_compile(tmp_path):
    for name, text in (
        ("good", "pub struct A;\npub fn a() -> A { A }\n"),
        ("bad", "pub struct A;\npub fn a() -> A { 1 }\n"),
        ("bad_in_a_macro", "macro_rules! m { () => { 1 + '1' }; }\npub fn a() -> u8 { m!() }\n"),
    ):
        unit = tmp_path / "ws" / "base" / name
        (unit / "src").mkdir(parents=True)
        (unit / "src" / "lib.rs").write_text(text)
        (unit / "Cargo.toml").write_text("[package]\nname = 'unit'\n[dependencies]\n")
    assert one_crate(tmp_path / "ws", tmp_path / "crate") == ["good"]
    measure(*check_argv(tmp_path / "crate"), cwd=tmp_path / "crate")


def test_crates_are_held_against_one_check():
    row = {"pages": "page", "units": 3, "ours": 3.0, "cpu": 4.0, "theirs": 2.0, "ratios": [0.5]}
    text = "\n".join(table({"crates": [{**row, "where": "here"}]}))
    assert "| page | 3.00 | 4.00 | 2.00 | 3 | 2.00 (2.00 to 2.00) | ≤ 1.5" in text
    assert text.count("**missed**") == 1


def test_the_marginal_block():
    assert goals.slope([(1000, 1.0), (3000, 3.0), (10_000, 10.0)]) == 1.0
    assert goals.slope([(1000, 1.0)]) is None


def test_sleeps_are_put_to_nothing():
    text = "thread::sleep(Duration::from_millis(10)); sleep(std::time::Duration::from_secs(1)); sleep(d)"
    put = _SLEEP.sub(r"sleep(\1::from_millis(0))", text)
    assert (
        put
        == "thread::sleep(Duration::from_millis(0)); sleep(std::time::Duration::from_millis(0)); sleep(d)"
    )
    assert len(_ANY_SLEEP.findall(text)) == 3
