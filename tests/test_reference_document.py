"""The reference document: every verdict as in the golden file, and a proof for each.

A FAIL has a repair with which its unit compiles, or the record of a search that found no way; a
PASS has breaks that fail; a `compiles-only-if` has a natural reading that fails, a charitable
one that compiles, and breaks of that.
With `--deps real` (`nox -s reference_real`) the same tests run against the real crates.
"""

import re
import shutil
import tomllib
from pathlib import Path

import pytest

from harness.pipeline import check
from harness.progress import Progress
from harness.runners.executor import Executor
from tests.support import check_settings

FOLDER = Path(__file__).parents[1] / "fixtures" / "reference-document"
CONFIGURATION = tomllib.loads((FOLDER / "harness.toml").read_text())
SOURCE = (FOLDER / CONFIGURATION["source"]).resolve()
QUESTIONS = sorted(CONFIGURATION["snippets"])

pytestmark = [
    pytest.mark.compiler,
    pytest.mark.skipif(not SOURCE.is_file(), reason="../shared/seeds is absent"),
]


@pytest.fixture(scope="module", params=["stub", pytest.param("real", marks=pytest.mark.real)])
def deps(request):
    return request.param


def _report(folder, deps):
    settings = check_settings(deps=deps)
    report = check([folder], settings, Executor(), Progress(is_quiet=True))
    return {
        verdict.id.rsplit("/", 1)[1]: verdict
        for verdict in report.verdicts
        if verdict.kind == "snippet" and verdict.id.rsplit("/", 1)[1] in QUESTIONS
    }


@pytest.fixture(scope="module")
def verdicts(deps):
    return _report(FOLDER, deps)


def _errors(verdict):
    return sorted(
        {
            (d.position.line - verdict.line, d.code)
            for d in verdict.diagnostics
            if d.level == "error"
        },
        key=str,
    )


def _golden_line(name, verdict):
    lines = ",".join(str(line) for line in sorted({line for line, _ in _errors(verdict)})) or "-"
    codes = ",".join(verdict.codes) or "-"
    basis = f"{verdict.basis.dependencies.value}/{verdict.basis.context.value}"
    cause = CONFIGURATION["snippets"][name]["cause"]
    return (
        f"{name}  {verdict.outcome.value:<5} {verdict.reason.value:<21} {codes:<17} "
        f"{lines:<9} {basis:<16} {cause}\n"
    )


def test_every_question_has_its_golden_verdict(verdicts, deps, bless):
    assert sorted(verdicts) == QUESTIONS
    assert len(verdicts) == 28
    actual = "".join(_golden_line(name, verdicts[name]) for name in QUESTIONS)
    bless(FOLDER / f"golden-{deps}.txt", actual)


def test_verdicts_are_those_worked_out_by_hand(verdicts, deps):
    by_hand = tomllib.loads((FOLDER / "by-hand.toml").read_text())
    for name in QUESTIONS:
        known, verdict = by_hand[name][deps], verdicts[name]
        assert (name, known["outcome"], known["reason"], known.get("codes", [])) == (
            name,
            verdict.outcome.value,
            verdict.reason.value,
            list(verdict.codes),
        )
        assert known["dependencies"] == verdict.basis.dependencies.value, name
        if verdict.outcome.value == "FAIL":
            assert known["lines"] == sorted({line for line, _ in _errors(verdict)}), name


def test_stub_and_real_agree_or_the_table_says_why():
    by_hand = tomllib.loads((FOLDER / "by-hand.toml").read_text())
    differing = {
        name
        for name in QUESTIONS
        if any(
            by_hand[name]["stub"].get(key) != by_hand[name]["real"].get(key)
            for key in ("outcome", "reason", "codes", "lines")
        )
    }
    explained = {name for name in differing if by_hand[name]["stub"].get("note")}
    assert differing == explained == {"q06", "q27"}


def _table(kind, name):
    file = FOLDER / kind / f"{name}.toml"
    return tomllib.loads(file.read_text()) if file.is_file() else {}


def _applies(entry, deps):
    return deps in entry.get("deps", ["stub", "real"])


def _changed_document(folder, verdicts, changes):
    """A copy of the reference folder whose source has some snippets' lines replaced.

    `changes` maps a question to a list of (first line, last line, replacement), lines within the
    snippet.
    """
    shutil.copytree(FOLDER, folder, dirs_exist_ok=True)
    lines = SOURCE.read_text(encoding="utf-8").split("\n")
    edits = [
        (verdicts[name].line + first, verdicts[name].line + last, text)
        for name, replaced in changes.items()
        for first, last, text in replaced
    ]
    for first, last, text in sorted(edits, reverse=True):
        lines[first - 1 : last] = text.removesuffix("\n").split("\n")
    (folder / "source.md").write_text("\n".join(lines), encoding="utf-8")
    text = (folder / "harness.toml").read_text()
    stated = f'source = "{CONFIGURATION["source"]}"'
    assert stated in text
    (folder / "harness.toml").write_text(text.replace(stated, 'source = "source.md"'))


def test_a_fail_has_a_repair_or_a_recorded_search(verdicts, deps, tmp_path):
    changes, searched = {}, set()
    for name, verdict in verdicts.items():
        if verdict.outcome.value != "FAIL" or verdict.reason.value == "compiles-only-if":
            continue
        known = _table("repairs", name)
        if known.get("repair") and _applies(known, deps):
            seen = _errors(verdict)
            for place in known["expected"]:
                assert (place["line"], place["code"]) in seen, (name, place)
            changes[name] = [(*r["lines"], r["replacement"]) for r in known["repair"]]
        else:
            record = known["search"]
            assert record["crate"], name
            assert len(record["found"].split()) >= 5, name
            assert record["names-searched"], name
            searched.add(name)
    assert len(changes) + len(searched) == sum(
        1
        for v in verdicts.values()
        if v.outcome.value == "FAIL" and v.reason.value != "compiles-only-if"
    )
    folder = tmp_path / "reference-document"
    _changed_document(folder, verdicts, changes)
    repaired = _report(folder, deps)
    for name in changes:
        assert repaired[name].outcome.value == "PASS", (name, _errors(repaired[name]))


def test_a_pass_and_a_charitable_reading_break_at_one_token(verdicts, deps, tmp_path):
    breaks = {
        name: [b for b in _table("breaks", name).get("break", ()) if _applies(b, deps)]
        for name, verdict in verdicts.items()
        if verdict.outcome.value == "PASS" or verdict.reason.value == "compiles-only-if"
    }
    text = SOURCE.read_text(encoding="utf-8").split("\n")
    assert breaks
    for name, known in breaks.items():
        assert len(known) >= 3, name
    for step in range(max(map(len, breaks.values()))):
        changes = {}
        for name, known in breaks.items():
            if step < len(known):
                entry = known[step]
                line = text[verdicts[name].line + entry["line"] - 1]
                assert line.count(entry["from"]) >= 1, (name, entry)
                changes[name] = [(entry["line"],) * 2 + (_broken(line, entry),)]
        folder = tmp_path / f"step-{step}"
        _changed_document(folder, verdicts, changes)
        broken = _report(folder, deps)
        for name in changes:
            reason = broken[name].reason.value
            assert broken[name].outcome.value == "FAIL", (name, step, reason)
            assert reason != "compiles-only-if", (name, step)


def _broken(line, entry):
    """The line with the one whole token `from` replaced."""
    token = re.escape(entry["from"])
    before = r"(?<!\w)" if entry["from"][:1].isalnum() else ""
    after = r"(?!\w)" if entry["from"][-1:].isalnum() else ""
    changed, count = re.subn(before + token + after, lambda _: entry["to"], line)
    assert count == 1, (entry, count)
    return changed


def test_a_charitable_reading_fails_naturally(verdicts):
    only_if = [v for v in verdicts.values() if v.reason.value == "compiles-only-if"]
    assert only_if
    for verdict in only_if:
        name = verdict.id.rsplit("/", 1)[1]
        settings = CONFIGURATION["snippets"][name]
        if verdict.basis.dependencies.value == "fictional":
            continue
        assert _errors(verdict), name
        assert verdict.message.startswith(settings["assumption"][:20]), name
        assert (FOLDER / settings["context"]).is_file()
        assert (FOLDER / settings["charitable"]).is_file()


def test_nothing_quotes_the_document():
    words = re.compile(r"[A-Za-z_]{2,}")

    def runs(text):
        found = [word.lower() for word in words.findall(text)]
        return {tuple(found[i : i + 8]) for i in range(len(found) - 7)}

    known = runs(SOURCE.read_text(encoding="utf-8"))
    for path in FOLDER.rglob("*"):
        if path.is_file() and path.suffix != ".lock":
            assert not known & runs(path.read_text(encoding="utf-8")), path
