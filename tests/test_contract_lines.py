"""Every line of the contracts has a row and a test, and every test a line: docs/contracts.md."""

import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "snippets" / "chain-systems"
RECORD = ROOT / "docs" / "contracts-real.toml"
QUESTIONS = ROOT.parents[0] / "shared" / "design" / "QUESTIONS.md"
HOW = ("real", "fake", "part", "server needed")
LINES = tomllib.loads((FOLDER / "contracts" / "lines.toml").read_text())
# A test's documentation, whose first line begins with the number, then attributes, then its name.
TEST = re.compile(
    r"/// Q(\d+)\.(\d+) [^\n]+\n(?:\s*///[^\n]*\n)*((?:\s*#\[[^\n]*\n)+)\s*(?:async )?fn (\w+)"
)


def _tests():
    """(question, line) → [(name, whether it needs real crates)]."""
    found = {}
    for file in sorted((FOLDER / "contracts").glob("*.rs")):
        text = file.read_text()
        told = TEST.findall(text)
        assert len(told) == len(re.findall(r"#\[(?:tokio::)?test\b", text)), file
        for question, line, attributes, name in told:
            assert int(question) == int(file.name[1:3]), (file, name)
            assert "test" in attributes, (file, name)
            assert "ignore" not in attributes, (file, name)
            key = int(question), int(line)
            found.setdefault(key, []).append((name, file.name.endswith(".real.rs")))
    return found


def _rows():
    for name, lines in sorted(LINES.items()):
        for number, entry in enumerate(lines, 1):
            yield (int(name[1:]), number), entry


def test_each_line_has_a_test_and_each_test_a_line():
    lines, tests = [key for key, _ in _rows()], _tests()
    assert len(lines) == 118
    assert sorted(tests) == sorted(lines)


def test_what_is_not_shown_says_what():
    for key, (how, *note) in _rows():
        assert how in HOW, key
        assert len(note) == (how in ("part", "server needed")), key


def test_a_fault_is_seeded_for_each_line():
    seeded = {
        fault["line"]
        for file in (FOLDER / "contracts").glob("*.faults.toml")
        for fault in tomllib.loads(file.read_text())["fault"]
    }
    assert seeded == {f"Q{question}.{line}" for (question, line), _ in _rows()}


def test_each_page_lists_its_lines():
    pages = {page.name[:3]: page.read_text() for page in FOLDER.glob("q*.md")}
    assert sorted(pages) == sorted(LINES)
    for name, text in pages.items():
        promises = text.split("## What the contract holds", 1)[1].split("\n## ", 1)[0]
        numbers = [int(n) for n in re.findall(r"^(\d+)\. ", promises, re.MULTILINE)]
        assert numbers == list(range(1, len(LINES[name]) + 1)), name


@pytest.mark.skipif(not QUESTIONS.is_file(), reason="../shared/design is absent")
def test_the_lines_are_those_of_the_questions():
    text = QUESTIONS.read_text(encoding="utf-8")
    counts = {}
    for question, body in re.findall(
        r"^## Q(\d+) [^\n]*\n(.*?)(?=^## )", text, re.MULTILINE | re.DOTALL
    ):
        (told,) = re.findall(r"^contract: (.+)$", body, re.MULTILINE)
        # A line that only says what the published code does is no promise.
        lines = [line for line in told.split(" · ") if not line.startswith("(published")]
        counts[f"q{int(question):02}"] = len(lines)
    assert sum(counts.values()) == 118
    assert counts == {name: len(lines) for name, lines in LINES.items()}


def _outcome(page, name, is_real, record):
    seen = record.get(page, {})
    if name in seen.get("broken", ()):
        return "broken"
    if name in seen.get("kept", ()):
        return f"kept, {seen['date']}" if is_real else "kept, CI"
    return "kept, CI" if not is_real else "not run"


def test_the_table_is_this_one(bless):
    record = tomllib.loads(RECORD.read_text()) if RECORD.is_file() else {}
    pages = {page.name[:3]: page.stem for page in FOLDER.glob("q*.md")}
    tests = _tests()
    counts = Counter(entry[0] for _, entry in _rows())
    total = sum(map(len, tests.values()))
    real = sum(is_real for found in tests.values() for _, is_real in found)
    rows = [
        f"{sum(counts.values())} lines, {total} tests, {real} of them for real crates only: "
        + ", ".join(f"{counts[how]} {how}" for how in HOW)
        + ".",
        "",
        "| line | tests | outcome | how | note |",
        "|---|---|---|---|---|",
    ]
    for key, (how, *note) in _rows():
        page = pages[f"q{key[0]:02}"]
        names = "<br>".join(f"`{name}`" for name, _ in tests[key])
        outcomes = [_outcome(page, name, is_real, record) for name, is_real in tests[key]]
        told = "<br>".join(dict.fromkeys(outcomes))
        rows.append(f"| Q{key[0]}.{key[1]} | {names} | {told} | {how} | {''.join(note)} |")
    page = ROOT / "docs" / "contracts.md"
    begin = page.read_text(encoding="utf-8").split("<!-- generated -->")[0]
    bless(page, begin + "<!-- generated -->\n\n" + "\n".join(rows) + "\n")
