"""The table of speeds: parts of several sessions in one page, each figure beside its goal."""

from benchmarks import goals
from benchmarks.perf import _ANY_SLEEP, _SLEEP
from benchmarks.perf_table import read_parts, table, write


def _row(pages, what, ratios, ours=1.0, **more):
    row = {"pages": pages, "edition": "2021", "fences": 652, "is_book": False, "sleeps": (0, 0)}
    row |= {"what": what, "walls": [ours], "ratios": ratios, "cpu_ratio": 1.0}
    return row | {"ours": ours, "theirs": 1.0, "cpu": 1.0, "peak": 100.0} | more


DOCUMENTS = {
    "where": "here",
    "rows": [
        _row("300-clean", goals.CHECK, [1.0]),
        _row("300-tenth-broken", goals.CHECK, [24.0, 26.0, 30.0], ours=1.7),
    ],
}
BOOKS = {
    "where": "there",
    "rows": [
        _row("book", goals.CHECK, [14.0], is_book=True),
        _row("book", goals.SLEEPLESS, [6.0], is_book=True),
        _row("book", goals.WITH_CONTEXT, [3.0], ours=1.4, is_book=True, sleeps=(40, 2)),
    ],
}
START = {
    "where": "",
    "rows": [{"what": "no-op", "wall": 0.2, "cpu": 0.2, "over": [0.12, 0.13, 0.2]}],
}


def test_sessions_are_joined_and_the_last_of_each_part_counts(tmp_path):
    write({"documents": DOCUMENTS}, tmp_path)
    write({**read_parts(tmp_path), "books": {**BOOKS, "where": "old"}}, tmp_path)
    write({**read_parts(tmp_path), "books": BOOKS}, tmp_path)
    text = (tmp_path / "perf.md").read_text()
    assert text.index("300 blocks") < text.index("Whole books")
    assert "there" in text
    assert "old" not in text
    assert "<svg" in (tmp_path / "perf.svg").read_text()


def test_each_goal_is_met_or_missed():
    text = "\n".join(table({"documents": DOCUMENTS, "books": BOOKS, "start": START}))
    lines = [line for line in text.split("\n") if "met" in line or "missed" in line]
    assert [("missed" in line) for line in lines] == [False, True, True, False, False, False]
    assert "26.0 (24.0 to 30.0)" in lines[0]
    assert "| 1.70 |" in lines[1]
    assert "| 40 | 2 | 1.40 |" in lines[4]
    assert "| 0.130 | ≤ 0.13 s: met |" in lines[5]


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
