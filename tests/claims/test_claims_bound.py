"""Bound claims: quotes, figures, formulas with units, counts, evidence, and what they end in."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from harness.claims import Audit, ClaimKind, ClaimVerdict, Evidence, audit, read_settings
from harness.claims.locate import digest
from harness.errors import ConfigurationError

TEXT = """# Notes

## Q1: cost

The build costs $1.26M and saves $28K/mo, so it is paid back in 63mo.
We append at p95 18 ms on 8 cores; memory is 8GB, later 8GB again.

## Q2: other

It saves $28K/mo there. RTO 5min, RPO 5min.
"""


def run(table: Mapping[str, object], text: str = TEXT, **given: object) -> Audit:
    """The audit of a text with one `[claims]` table."""
    settings = replace(read_settings(table), **given)  # type: ignore[arg-type]
    seen = audit("notes.md", text, settings)
    assert seen.summary.adds_up
    return seen


def on(seen: Audit, name: str) -> ClaimVerdict:
    """The verdict on a bound claim's own number, not on what it is computed from."""
    named = [v for v in seen.verdicts if v.name == name]
    return max(named, key=lambda v: (v.reason.value != "disputed", bool(v.recomputed)))


PAYBACK: dict[str, object] = {
    "question": "Q1",
    "figure": "63mo",
    "formula": "payback = cost / saving_per_month",
    "with": {"cost": "$1.26M", "saving_per_month": "$28K/mo"},
}


def test_a_formula_over_named_quantities() -> None:
    verdict = on(run({"pay-back": PAYBACK}), "pay-back")
    assert (verdict.reason.value, verdict.recomputed) == ("claim-wrong", "45mo")
    assert verdict.message == "stated 63mo, recomputed 45mo: $1.26M / $28K/mo = 45mo"
    assert (verdict.line, verdict.column) == (5, 65)
    right = on(
        run({"pay-back": {**PAYBACK, "figure": "45mo"}}, TEXT.replace("63mo", "45mo")), "pay-back"
    )
    assert right.reason.value == "claim-right"


def test_other_claims_are_named_quantities() -> None:
    table = {
        "the cost": {"quote": "costs $1.26M", "reason": "an offer"},
        "the saving": {"quote": "saves $28K/mo, so", "reason": "an estimate"},
        "pay-back": {"quote": "back in 63mo", "formula": "the_cost / the_saving"},
    }
    seen = run(table)
    assert on(seen, "pay-back").recomputed == "45mo"
    assert [v.reason.value for v in seen.verdicts[:3]] == ["disputed", "disputed", "claim-wrong"]


def test_dimensions_are_checked() -> None:
    table = {"pay-back": {**PAYBACK, "formula": "cost / cost"}}
    verdict = on(run(table), "pay-back")
    assert verdict.reason.value == "dimension-error"
    assert "a plain number" in verdict.message
    assert "time" in verdict.message
    table = {"pay-back": {**PAYBACK, "formula": "cost + saving_per_month"}}
    assert on(run(table), "pay-back").reason.value == "dimension-error"


def test_a_sign_is_part_of_what_is_stated() -> None:
    figures = {"before": "$28K/mo", "after": "$14K/mo"}
    for figure, reason in (
        ("-50%", "claim-right"),
        ("50%", "claim-right"),
        ("+50%", "claim-wrong"),
    ):
        table = {"c": {"figure": figure, "with": figures, "formula": "(after - before) / before"}}
        seen = run(table, f"It falls {figure}, from $28K/mo to $14K/mo there.")
        assert on(seen, "c").reason.value == reason


def test_a_limit() -> None:
    table = {"fast": {"figure": "18 ms", "formula": "stated <= 20 ms"}}
    verdict = on(run(table), "fast")
    assert (verdict.reason.value, verdict.claim_kind) == ("claim-right", ClaimKind.LIMIT)
    table = {"fast": {"figure": "18 ms", "formula": "stated <= 15 ms"}}
    assert on(run(table), "fast").message == "18 ms ≤ 15 ms does not hold"


@pytest.mark.parametrize("key", ["bench", "contract"])
@pytest.mark.parametrize(
    "reason", ["met", "missed", "kept", "broken-promise", "undecided", "not-measurable"]
)
def test_a_bench_or_contract_decides(key: str, reason: str) -> None:
    table: dict[str, object] = {
        "append p95": {"quote": "append at p95 18 ms", "figure": "18 ms", key: "append"}
    }
    assert on(run(table), "append p95").reason.value == "not-run"
    assert on(run(table, decided={"append": reason}), "append p95").reason.value == reason


def test_a_quote_that_is_gone() -> None:
    seen = run(
        {"gone": {"quote": "costs $9M", "reason": "x"}, "none": {"figure": "9 ms", "reason": "x"}}
    )
    lost = [v for v in seen.verdicts if not v.figure]
    assert [v.reason.value for v in lost] == ["quote-not-found", "quote-not-found"]
    assert seen.summary.without_number == 2


def test_a_quote_with_several_numbers_must_name_one() -> None:
    assert (
        on(
            run({"two": {"quote": "costs $1.26M and saves $28K/mo", "reason": "x"}}), "two"
        ).reason.value
        == "unreadable-claim"
    )


def test_the_same_quantity_twice() -> None:
    table: dict[str, object] = {"memory": {"question": "Q1", "same": ["8GB@*"], "times": 2}}
    assert [v.reason.value for v in run(table).verdicts if v.name == "memory"] == [
        "claim-right"
    ] * 2
    changed = run(table, TEXT.replace("later 8GB", "later 9GB"))
    assert on(changed, "memory").reason.value in ("quote-not-found", "claim-right")
    assert changed.summary.by_reason["quote-not-found"] == 1
    table = {"recovery": {"question": "Q2", "same": ["5min", "5min@2"]}}
    assert on(run(table), "recovery").reason.value == "claim-right"
    other = TEXT.replace("RPO 5min", "RPO 6min")
    table = {"recovery": {"question": "Q2", "same": ["5min", "6min"]}}
    assert on(run(table, other), "recovery").claim_kind is ClaimKind.CONSISTENCY
    assert run(table, other).summary.by_reason["claim-wrong"] == 1


def test_a_heading_bounds_the_search() -> None:
    table = {"a": {"question": "Q2", "figure": "$28K/mo", "reason": "an estimate"}}
    assert on(run(table), "a").line == 10


def test_counts_of_the_document() -> None:
    text = "# T\n\nIt has 3 parts, 66.7% with code.\n\n## A\n\n`x`\n\n## B\n\n`y`\n\n## C\n\nz\n"
    parts = {"sections": "^[ABC]$"}
    table = {
        "parts": {"figure": "3", "count": parts},
        "with code": {
            "figure": "66.7%",
            "formula": "these / every",
            "counts": {"these": {**parts, "with": "`"}, "every": parts},
        },
    }
    seen = run(table, text)
    assert [v.reason.value for v in seen.verdicts] == ["claim-right", "claim-right"]
    wrong = run({"parts": {"figure": "3", "count": {"headings": "^[AB]$"}}}, text)
    assert on(wrong, "parts").recomputed == "2"


def test_snippet_verdicts_are_counted() -> None:
    table = {
        "status": {"figure": "28/28", "part": 1, "kind": "count", "formula": "snippets_passed"}
    }
    assert on(run(table, "28/28 pass"), "status").reason.value == "not-run"
    seen = run(table, "28/28 pass", numbers={"snippets_passed": 5})
    assert (on(seen, "status").reason.value, on(seen, "status").recomputed) == ("claim-wrong", "5")


CRITERION = '{"mean": {"point_estimate": 18200000.0}, "median": {"point_estimate": 1}}'
HYPERFINE = '{"results": [{"command": "x", "mean": 0.0182}]}'


@pytest.mark.parametrize(
    ("evidence", "text", "unit", "reason"),
    [
        ("t/estimates.json", CRITERION, "", "reported"),
        ("t/estimates.json#/mean/point_estimate", CRITERION, "ns", "reported"),
        ("t/estimates.json#/median/point_estimate", CRITERION, "ns", "claim-wrong"),
        ("t/estimates.json#/mean/point_estimate", CRITERION, "GB", "dimension-error"),
        ("t/estimates.json#/none", CRITERION, "ns", "evidence-not-found"),
        ("h.json", HYPERFINE, "", "reported"),
        ("h.json", "{", "s", "evidence-not-found"),
        ("h.json", "[" * 5000, "s", "evidence-not-found"),
        ("h.json#/a", '{"a": NaN}', "s", "evidence-not-found"),
    ],
)
def test_result_files(evidence: str, text: str, unit: str, reason: str) -> None:
    table: dict[str, object] = {"p95": {"figure": "18 ms", "evidence": evidence, "unit": unit}}
    file = Evidence(text, "2026-11-01T10:00:00", "abc123")
    verdict = on(run(table, evidence=lambda _: file), "p95")
    assert verdict.reason.value == reason
    if reason == "reported":
        assert "2026-11-01" in verdict.message
        assert "abc123" in verdict.message
    assert on(run(table), "p95").reason.value == "evidence-not-found"


def test_a_result_file_older_than_its_code() -> None:
    table = {"p95": {"figure": "18 ms", "evidence": "h.json"}}
    file = Evidence(HYPERFINE, "2026-11-01T10:00:00", "abc", "2026-11-02T00:00:00", "src/a.rs")
    verdict = on(run(table, evidence=lambda _: file), "p95")
    assert verdict.reason.value == "stale-evidence"
    assert "older than src/a.rs, changed 2026-11-02" in verdict.message


def test_comments_in_the_document() -> None:
    claim = '"answer" = { figure = "18 ms", bench = "answer" }'
    text = f"We answer in 18 ms.\n\n<!-- harness-claims:\n{claim}\n-->\n"
    assert on(run({}, text), "answer").reason.value == "not-run"
    reported = text.replace('bench = "answer"', 'evidence = "h.json"')
    file = Evidence(HYPERFINE, "2026-11-01T10:00:00", "abc")
    assert on(run({}, reported, evidence=lambda _: file), "answer").reason.value == "reported"
    broken = run({}, "18 ms\n\n<!-- harness-claims: [ -->\n")
    assert [v.reason.value for v in broken.verdicts] == ["unaccounted", "unreadable-claim"]
    assert broken.verdicts[1].line == 3


@pytest.mark.parametrize(
    "table",
    [
        {"a": {"figure": "1", "formla": "x"}},
        {"a": {"figure": "1"}},
        {"a": {"reason": "x"}},
        {"a": {"figure": 1, "reason": "x"}},
        {"a": {"figure": "1", "kind": "guess"}},
        {"a": {"figure": "1", "count": {"lines": "("}}},
        {"a": {"figure": "1", "count": {}}},
        {"a": 5},
        {"read-blocks": "x"},
    ],
)
def test_bad_configuration_is_refused(table: dict[str, object]) -> None:
    with pytest.raises(ConfigurationError) as refused:
        read_settings(table)
    assert "harness.toml" in str(refused.value)
    if "formla" in str(table):
        assert "did you mean `formula`" in str(refused.value)


@pytest.mark.parametrize(
    "formula", ["1 +", "(1", "foo(1)", "1 / 0", "unknown", "a b", "2^99", "§", "1 2", "(" * 99]
)
def test_bad_formulas_are_findings(formula: str) -> None:
    seen = run({"a": {"figure": "18 ms", "formula": formula}})
    assert on(seen, "a").reason.value == "unreadable-claim"


def test_longer_text_by_its_digest() -> None:
    passage = "It saves $28K/mo there. RTO 5min, RPO 5min."
    table = {"there": {"sha256": digest(passage), "figure": "5min", "occurrence": 2, "reason": "x"}}
    assert on(run(table), "there").column == 39
    table = {"there": {"sha256": "0" * 64, "figure": "5min", "reason": "x"}}
    assert on(run(table), "there").reason.value == "quote-not-found"
