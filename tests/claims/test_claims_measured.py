"""A changed figure held against the run of a bench that was made before the change."""

import json
from pathlib import Path

import pytest

from tests.command_line import harness

PAGE = "# Page\n\nAn append takes at most {figure}.\n"
CLAIM = '[claims.append]\nfigure = "{figure}"\nbench = "append"\n'


def row(**changed: object) -> dict[str, object]:
    """A row of a saved run: 16 to 18 ns on one core of two, where 20 ns were stated."""
    point = {"cores": 1, "value": 1.7e-8, "low": 1.6e-8, "high": 1.8e-8, "samples": 1000}
    return {
        "id": "page/bench/append",
        "claim": "append",
        "bench": "append",
        "figure": "20 ns",
        "stated": 2e-8,
        "dimension": "time",
        "side": "at most",
        "tolerance": 0.0,
        "statistic": "mean",
        "statistic_stated": "",
        "cores_stated": 1,
        "cores_here": 2,
        "reason": "met",
        "message": "",
        "bound": None,
        "points": [{**point, "launches": 12, "doubts": []}],
        **changed,
    }


def seen(tmp_path: Path, figure: str, saved: dict[str, object], more: str = "") -> tuple[str, int]:
    """Reason of the page's number by a saved run, and the exit code."""
    own = tmp_path / "own"
    own.mkdir()
    (own / "page.md").write_text(PAGE.format(figure=figure))
    (own / "harness.toml").write_text(CLAIM.format(figure=figure) + more)
    (own / ".git").mkdir()
    verdict = {
        "id": saved["id"],
        "kind": "bench",
        "outcome": "PASS",
        "reason": saved["reason"],
        "message": "",
    }
    report = tmp_path / "bench.json"
    report.write_text(json.dumps({"verdicts": [verdict], "benches": [saved]}))
    done = harness(
        *("claims", "--output-format", "json", "--report-from", report),
        cwd=own,
        cache=tmp_path / "cache",
    )
    (found,) = json.loads(done.stdout)["verdicts"]
    return found["reason"], done.returncode


@pytest.mark.parametrize(
    ("figure", "changed", "more", "reason"),
    [
        ("20 ns", {}, "", "met"),
        ("30 ns", {}, "", "met"),
        ("10 ns", {}, "", "missed"),
        ("17 ns", {}, "", "undecided"),
        ("15 ns", {}, 'tolerance = "30 %"\n', "met"),
        ("20 s", {}, "", "met"),
        ("20 MB", {}, "", "dimension-error"),
        ("10 ns", {"bench": "other"}, "", "not-run"),
        ("10 ns", {}, "cores = 2\n", "not-run"),
        ("10 ns", {}, 'statistic = "mean"\n', "missed"),
        ("10 ns", {}, 'statistic = "p99"\n', "not-run"),
        ("10 ns", {"statistic": "p99", "statistic_stated": "p99"}, "", "not-run"),
        (
            "10 ns",
            {"statistic": "p99", "statistic_stated": "p99"},
            'statistic = "p99"\n',
            "missed",
        ),
        ("10 ns", {"points": [], "reason": "not-measurable"}, "", "not-measurable"),
        ("20 ns", {"quick": True}, "", "not-run"),
        ("10 ns", {"quick": True}, "", "not-run"),
        ("20 ns", {"quick": False}, "", "met"),
    ],
)
def test_a_changed_figure_is_judged_again(
    tmp_path: Path, figure: str, changed: dict[str, object], more: str, reason: str
) -> None:
    failed = reason in ("missed", "dimension-error")
    assert seen(tmp_path, figure, row(**changed), more) == (reason, int(failed))


def test_a_quick_run_decides_no_claim_and_says_so(tmp_path: Path) -> None:
    page = CLAIM.format(figure="20 ns").replace("[claims.append]", "[claims.renamed]")
    seen(tmp_path, "20 ns", row(quick=True))
    own, options = tmp_path / "own", ("--report-from", tmp_path / "bench.json")
    told = harness("claims", *options, cwd=own, cache=tmp_path / "cache").stdout
    assert "a quick run decides nothing" in told, told
    (own / "harness.toml").write_text(page)
    done = harness("claims", *options, "--output-format", "json", cwd=own, cache=tmp_path / "cache")
    assert [v["reason"] for v in json.loads(done.stdout)["verdicts"]] == ["not-run"]


def test_a_doubt_that_could_turn_it_leaves_it_undecided(tmp_path: Path) -> None:
    (point,) = row()["points"]  # type: ignore[misc]
    doubt = {"kind": "waited for a core", "text": "waited 40 %", "low": 0.5, "high": 1.0}
    assert seen(tmp_path, "10 ns", row(points=[{**point, "doubts": [doubt]}]))[0] == "undecided"


def test_a_row_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    broken = row()
    del broken["cores_here"]
    own = tmp_path / "own"
    own.mkdir()
    (own / "page.md").write_text(PAGE.format(figure="10 ns"))
    (own / "harness.toml").write_text(CLAIM.format(figure="10 ns"))
    (tmp_path / "bench.json").write_text(json.dumps({"verdicts": [], "benches": [broken]}))
    done = harness(
        "claims", "--report-from", tmp_path / "bench.json", cwd=own, cache=tmp_path / "cache"
    )
    assert (done.returncode, "cannot be read" in done.stderr) == (3, True), done.stderr
