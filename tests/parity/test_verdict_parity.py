"""`as_rustdoc` against stable rustdoc, one by one, over whole books."""

import re
import subprocess
import tempfile
from pathlib import Path

import pytest

from harness.corpus import read_corpus
from harness.pipeline import check
from harness.planning import snippets_of
from harness.progress import Progress
from harness.runners.executor import Executor
from tests.support import check_settings

CORPORA = Path(__file__).parents[3] / "shared" / "corpora"
_LINE = re.compile(r"^test .*\(line (\d+)\)[^.]* \.\.\. (ok|FAILED|ignored)", re.MULTILINE)

KNOWN_DEVIATIONS: dict[tuple[str, int], str] = {}
"""(path, line of the fence) → why the verdict differs from rustdoc's."""


def rustdoc_verdicts(text: str, edition: str) -> list[str]:
    """`PASS`, `FAIL` or `IGNORED` of each block of an expanded text, in order, from rustdoc."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "page.md"
        file.write_text(text)
        done = subprocess.run(
            ["rustdoc", "--test", "--edition", edition, file.name],
            cwd=folder,
            capture_output=True,
            text=True,
            errors="replace",
        )
    words = {"ok": "PASS", "FAILED": "FAIL", "ignored": "IGNORED"}
    found = {int(line): words[word] for line, word in _LINE.findall(done.stdout)}
    return [found[line] for line in sorted(found)]


@pytest.mark.compiler
@pytest.mark.skipif(not CORPORA.is_dir(), reason="../shared/corpora is absent")
@pytest.mark.parametrize(
    ("book", "edition"),
    [
        ("rust-by-example", "2021"),
        ("edition-guide", "2015"),
        ("edition-guide", "2021"),
        ("book", "2021"),
    ],
)
def test_every_block_of_a_book_has_rustdocs_verdict(book, edition, tmp_path):
    settings = check_settings(
        "test", context="none", edition=edition, look_at_ignored=False, cache=tmp_path
    )
    corpus = read_corpus([CORPORA / book], 64 << 20, None)
    report = check([CORPORA / book], settings, Executor(), Progress(is_quiet=True))
    ours = {
        (v.path, v.line, v.id): v.as_rustdoc or "IGNORED"
        for v in report.verdicts
        if v.kind == "snippet"
    }
    differences = []
    compared = 0
    for source in corpus.sources:
        tested = [s for s in snippets_of(source) if s.attributes.gap is None]
        if not tested:
            continue
        theirs = rustdoc_verdicts("\n".join(line.text for line in source.lines), edition)
        assert len(theirs) == len(tested), source.document.path
        for snippet, verdict in zip(tested, theirs, strict=True):
            compared += 1
            key = (snippet.path, snippet.line)
            mine = ours[(snippet.path, snippet.line, snippet.id)]
            if mine != verdict and key not in KNOWN_DEVIATIONS:
                differences.append((snippet.path, snippet.line, snippet.info, mine, verdict))
    print(f"{book} {edition}: {compared} blocks compared, {len(differences)} differences")
    assert differences == []
    assert compared > 100
