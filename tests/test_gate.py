"""The table of reasons, the levels of a run, and the exit code."""

import dataclasses

import pytest

from harness.errors import UsageError
from harness.model.reasons import TABLE, Level, Outcome, Reason
from harness.model.report import Environment, Report
from harness.model.verdict import Verdict
from harness.verdicts.explain import explain
from harness.verdicts.gate import Levels, apply_levels, exit_code, read_levels
from tests.command_line import Page, harness, report_of_run

# What the design states: outcome, level, and the reasons that it names.
STATED = {
    "PASS none": "compiles compiles-with-context fails-as-stated ran",
    "FAIL error": "compile-error needs-context unknown-crate failed-for-another-reason "
    "compiles-though-it-should-fail compiles-only-if panicked time-limit out-of-memory",
    "SKIP warning": "not-tested-by-rustdoc needs-environment",
    "SKIP note": "ignored-but-compiles ignored-and-broken",
    "ERROR error": "no-evidence dependency-broken stub-lacks",
}
LEVELS = {
    Outcome.PASS: {Level.NONE},
    Outcome.FAIL: {Level.ERROR},
    Outcome.SKIP: {Level.WARNING, Level.NOTE},
    Outcome.ERROR: {Level.ERROR},
}


def test_every_reason_has_its_row_and_every_row_its_reason():
    assert set(TABLE) == set(Reason)


@pytest.mark.parametrize("reason", Reason, ids=lambda r: r.value)
def test_a_reason_has_a_name_a_meaning_and_a_next_step(reason):
    assert reason.value == reason.value.lower()
    assert all(part.isalpha() for part in reason.value.split("-"))
    assert len(reason.entry.meaning) > 10
    assert reason.entry.next_step
    assert "\n" not in reason.entry.meaning + reason.entry.next_step
    assert reason.value == reason.name.lower().replace("_", "-")


# A block that waits for its project: the project's own finding, in the same report, gates.
CARRIED = {Reason.NEEDS_PROJECT: Reason.PROJECT_BROKEN}
GATING = [reason for reason in Reason if reason not in CARRIED]


def test_what_another_finding_gates_for_is_only_counted():
    for reason, gating in CARRIED.items():
        assert (reason.outcome, reason.level) == (gating.outcome, Level.NOTE)


@pytest.mark.parametrize("reason", GATING, ids=lambda r: r.value)
def test_a_level_fits_its_outcome(reason):
    assert reason.level in LEVELS[reason.outcome]


@pytest.mark.parametrize(("head", "names"), STATED.items())
def test_the_reasons_that_the_design_states_are_as_it_states_them(head, names):
    for name in names.split():
        reason = Reason(name)
        assert f"{reason.outcome.value} {reason.level.value}" == head, name


def test_explain_prints_every_reason_with_outcome_and_level():
    rows = {row.split()[2]: row.split()[:2] for row in explain(None).splitlines()}
    assert rows == {r.value: [r.outcome.value, r.level.value] for r in Reason}


@pytest.mark.parametrize("reason", Reason, ids=lambda r: r.value)
def test_explain_prints_one_reason_with_its_next_step(reason):
    told = explain(reason.value)
    assert told.startswith(reason.value)
    assert reason.entry.next_step in told


def test_explain_knows_the_compilers_codes():
    assert "rustc --explain E0308" in explain("E0308")


def test_explain_names_the_nearest_reason():
    with pytest.raises(UsageError, match="needs-context"):
        explain("neds-context")


# Levels


def verdict(reason, level=None):
    return Verdict(
        id="a/b-1", kind="snippet", path="a.md", line=1, column=1, reason=reason, level=level
    )


def report(*reasons, deny=(), allow=(), is_strict=False):
    levels = read_levels(deny, allow, is_strict=is_strict)
    environment = Environment(
        **{
            field.name: "x"
            for field in dataclasses.fields(Environment)
            if field.default is dataclasses.MISSING
        }
    )
    return Report(
        environment=environment,
        verdicts=tuple(apply_levels(verdict(r), levels) for r in reasons),
        editions=(),
        documents=1,
        left_out=(),
        seconds=0.0,
        compilations=0,
    )


CODES = {Outcome.PASS: 0, Outcome.FAIL: 1, Outcome.SKIP: 0, Outcome.ERROR: 6}


@pytest.mark.parametrize("reason", GATING, ids=lambda r: r.value)
def test_each_reason_alone_gives_the_exit_code_of_its_outcome(reason):
    assert exit_code(report(reason)) == CODES[reason.outcome]


def test_no_verdict_is_clean_and_findings_win_over_what_could_not_be_told():
    assert exit_code(report()) == 0
    assert exit_code(report(Reason.STUB_LACKS, Reason.COMPILE_ERROR)) == 1
    assert exit_code(report(Reason.COMPILE_ERROR, Reason.STUB_LACKS)) == 1
    assert exit_code(report(Reason.STUB_LACKS, Reason.COMPILES)) == 6


@pytest.mark.parametrize(
    "reason", [r for r in Reason if r.outcome is Outcome.SKIP], ids=lambda r: r.value
)
def test_a_denied_reason_gates(reason):
    assert exit_code(report(reason, deny=(reason.value,))) == 1


@pytest.mark.parametrize(
    "reason", [r for r in Reason if r.level is Level.ERROR], ids=lambda r: r.value
)
def test_an_allowed_reason_is_only_counted(reason):
    given = report(reason, allow=(reason.value,))
    assert exit_code(given) == 0
    assert given.verdicts[0].effective_level is Level.NOTE


def test_what_is_denied_and_allowed_is_denied():
    name = Reason.NEEDS_CONTEXT.value
    assert exit_code(report(Reason.NEEDS_CONTEXT, deny=(name,), allow=(name,))) == 1


@pytest.mark.parametrize("reason", Reason, ids=lambda r: r.value)
def test_strict_lets_warnings_and_what_nobody_could_tell_gate_and_nothing_else(reason):
    gates = exit_code(report(reason, is_strict=True)) != 0
    told = (Reason.UNACCOUNTED, Reason.NOT_MEASURABLE)
    is_meant = reason.level in (Level.WARNING, Level.ERROR) or reason in told
    assert gates == is_meant


def test_the_command_line_wins_over_a_configuration():
    context, crate = Reason.NEEDS_CONTEXT, Reason.UNKNOWN_CRATE
    line = Levels(deny=frozenset({context}), allow=frozenset({crate}))
    file = Levels(deny=frozenset({crate}), allow=frozenset({context}))
    assert line.over(file) == line
    assert Levels().over(file) == file


@pytest.mark.parametrize("option", ["deny", "allow"])
def test_a_reason_that_does_not_exist_is_2_before_anything_is_compiled(option, tmp_path):
    (tmp_path / "page.md").write_text("```rust\n1;\n```\n")
    done = harness(
        "check", "page.md", f"--{option}", "no-such", cwd=tmp_path, PATH=str(tmp_path), RUSTC=None
    )
    assert done.returncode == 2
    assert "no-such" in done.stderr


PAGE = (
    Page()
    .add("warned", "let a = 1;", "rs")
    .add("ignored", 'let a: u8 = "";', "rust,ignore")
    .add("misspelt", "let a = 1;", "rust,should-panic")
)


def levels(folder, *options, configuration=""):
    PAGE.write(folder)
    if configuration:
        (folder / "harness.toml").write_text(configuration)
    done = harness("check", "page.md", "--output-format", "json", *options, cwd=folder)
    return done.returncode, {v["reason"]: v["level"] for v in report_of_run(done)["verdicts"]}


@pytest.mark.compiler
@pytest.mark.parametrize(
    ("options", "configuration", "code", "reason", "level"),
    [
        ((), "", 0, "not-tested-by-rustdoc", "warning"),
        ((), "", 0, "ignored-and-broken", "note"),
        (("--strict",), "", 1, "not-tested-by-rustdoc", "error"),
        (("--strict",), "", 1, "ignored-and-broken", "note"),
        (("--deny", "ignored-and-broken"), "", 1, "ignored-and-broken", "error"),
        (("--allow", "not-tested-by-rustdoc"), "", 0, "not-tested-by-rustdoc", "note"),
        (("--strict", "--exit-zero"), "", 0, "not-tested-by-rustdoc", "error"),
        ((), 'deny = ["ignored-and-broken"]\n', 1, "ignored-and-broken", "error"),
        ((), 'allow = ["misspelt-attribute"]\n', 0, "misspelt-attribute", "note"),
        (
            ("--allow", "ignored-and-broken"),
            'deny = ["ignored-and-broken"]\n',
            None,
            "ignored-and-broken",
            "",
        ),
    ],
)
def test_options_and_configuration_move_levels(
    options, configuration, code, reason, level, tmp_path
):
    ended, found = levels(tmp_path, *options, configuration=configuration)
    if code is None:
        assert reason in found
        return
    assert found[reason] == level
    assert ended == code
