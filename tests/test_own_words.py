"""Nothing in the project repeats the reference document's wording or code."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT.parent / "shared" / "seeds" / "000_d80e3e4b93c73160.txt"
_WORD = re.compile(r"[A-Za-z_]{2,}")


def runs_of_words(text, length=8):
    words = [word.lower() for word in _WORD.findall(text)]
    return {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}


def long_lines(text):
    lines = {" ".join(line.split()) for line in text.split("\n")}
    return {line for line in lines if len(line) >= 40 and not line.startswith("use ")}


@pytest.fixture(scope="module")
def source():
    if not SOURCE.is_file():
        pytest.skip("../shared/seeds is absent")
    return SOURCE.read_text(encoding="utf-8")


def test_the_check_sees_what_it_is_to_see(source):
    passage = " ".join(_WORD.findall(source)[1000:1010])
    assert runs_of_words(f"before {passage} after") & runs_of_words(source)
    line = next(iter(long_lines(source)))
    assert long_lines(f"x\n   {line}  \n") & long_lines(source)


def test_no_tracked_file_repeats_eight_words_or_a_long_line(source):
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False
    ).stdout.decode()
    names = [name for name in listed.split("\0") if name and not name.endswith(".lock")]
    if not names:
        pytest.skip("not a git checkout")
    known_runs, known_lines = runs_of_words(source), long_lines(source)
    found = []
    for name in names:
        try:
            text = (ROOT / name).read_text(encoding="utf-8")
        except (UnicodeDecodeError, OSError):
            continue
        if runs_of_words(text) & known_runs or long_lines(text) & known_lines:
            found.append(name)
    assert found == []
