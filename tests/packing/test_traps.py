"""Adversarial snippets: packed, isolated and rustdoc one by one give the same verdicts."""

import subprocess

import pytest

from harness.units import packing, routing
from tests.packing.compared import differences, verdicts
from tests.packing.traps import EVERY
from tests.parity.test_verdict_parity import rustdoc_verdicts

pytestmark = pytest.mark.compiler

FENCE = "`" * 4

KNOWN_DEVIATIONS = {
    "bad_closed": "rustdoc drops what follows the statements that it parsed, and passes the rest",
    "good_folder": "rustdoc runs a block in its own working directory, we in an empty folder",
    "good_once": "rustdoc runs a block in its own working directory, we in an empty folder",
}
"""Blocks on which we part from rustdoc on purpose, alone as well as packed."""


def page():
    """All traps as one page; the name of each block by the line of its fence."""
    lines, names = [], {}
    for trap in EVERY:
        for block in trap.blocks:
            names[len(lines) + 1] = block.name
            lines += [f"{FENCE}rust,{block.info}".rstrip(","), *block.code.split("\n"), FENCE, ""]
    return "\n".join(lines), names


def test_there_are_enough_traps():
    assert sum(len(trap.blocks) for trap in EVERY) >= 95


@pytest.mark.parametrize("edition", ["2021", "2024"])
def test_a_trap_fools_nobody(edition, tmp_path):
    text, names = page()
    file = tmp_path / "traps.md"
    file.write_text(text, encoding="utf-8")
    settings = {"verb": "test", "context": "none", "edition": edition, "deps": "stub"}
    compared, found = differences([file], **settings)
    assert found == []
    assert compared >= len(names)
    ours = {v["line"]: v["as_rustdoc"] for v in verdicts([file], isolated=False, **settings)}
    theirs = dict(zip(names, rustdoc_verdicts(text, edition), strict=True))
    differing = {names[line] for line in names if ours[line] != theirs[line]}
    assert differing <= set(KNOWN_DEVIATIONS)


def test_a_trap_is_what_its_name_says(tmp_path):
    """rustdoc, with a run of its own for each block, accepts the good ones and no other."""
    wrong = []
    for trap in EVERY:
        for block in trap.blocks:
            text = f"{FENCE}rust,{block.info}\n{block.code}\n{FENCE}\n".replace("rust,\n", "rust\n")
            (tmp_path / "x.md").write_text(text, encoding="utf-8")
            command = ["rustdoc", "--test", "--edition", "2021", "x.md"]
            done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
            if (done.returncode == 0) != block.name.startswith("good"):
                wrong.append(block.name)
    assert set(wrong) <= set(KNOWN_DEVIATIONS)


@pytest.mark.real
@pytest.mark.parametrize("rule", ["FOREIGN_IMPL", "ABOVE", "SYMBOLS", "ATTRIBUTE", "MAIN"])
def test_without_its_rule_a_trap_works(rule, tmp_path, monkeypatch):
    """The traps are traps: what they try does happen where the rule is off."""

    def without(unit):
        reason = routing.reason_to_go_alone(unit)
        is_off = reason is routing.Alone[rule] and unit.text.startswith("#![allow(unused)]")
        return None if is_off else reason

    text, names = page()
    file = tmp_path / "traps.md"
    file.write_text(text, encoding="utf-8")
    settings = {"verb": "test", "context": "none", "edition": "2021", "deps": "stub"}
    wanted = {v["line"]: v["as_rustdoc"] for v in verdicts([file], isolated=False, **settings)}
    monkeypatch.setattr(packing, "reason_to_go_alone", without)
    fooled = {v["line"]: v["as_rustdoc"] for v in verdicts([file], isolated=False, **settings)}
    assert {names[line] for line in names if fooled[line] == "PASS" != wanted[line]}
