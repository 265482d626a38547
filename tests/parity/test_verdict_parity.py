"""`as_rustdoc` against stable rustdoc, one by one, over whole books."""

import os
import re
import subprocess
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from harness.document.markdown import normalised
from harness.inputs.corpus import read_corpus
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


def _locked_crates():
    """`name-version` of every crate in the locks that this project ships."""
    root = Path(__file__).parents[2] / "rust-workspace"
    found = set()
    for name in ("Cargo.lock", "registry.lock"):
        if (root / name).is_file():
            table = tomllib.loads((root / name).read_text())
            found |= {f"{p['name']}-{p['version']}" for p in table["package"] if "source" in p}
    return found


def _readmes():
    """The READMEs that Cargo has put on the machine for those crates."""
    home = Path(os.environ.get("CARGO_HOME", Path.home() / ".cargo"))
    locked = _locked_crates()
    return sorted(
        path
        for path in home.glob("registry/src/*/*/README.md")
        if path.parent.name in locked and "```" in path.read_text(errors="replace")
    )


@pytest.mark.compiler
def test_every_block_of_the_locks_readmes_has_rustdocs_verdict(tmp_path):
    paths = _readmes()
    if not paths:
        pytest.skip("Cargo has no crate's README on this machine yet")
    texts = {}
    for number, path in enumerate(paths):
        folder = tmp_path / f"r{number:04}"
        folder.mkdir()
        texts[folder / "page.md"] = normalised(path.read_bytes().decode("utf-8-sig", "replace"))
        (folder / "page.md").write_text(texts[folder / "page.md"])
    settings = check_settings(
        "test", context="none", edition="2021", look_at_ignored=False, cache=tmp_path / "cache"
    )
    report = check([tmp_path], settings, Executor(), Progress(is_quiet=True))
    ours = {}
    for verdict in report.verdicts:
        if verdict.kind == "snippet" and verdict.reason.value != "not-tested-by-rustdoc":
            ours.setdefault(verdict.id.split("/")[0], []).append(verdict)
    differences, compared = [], 0
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        theirs = pool.map(lambda text: rustdoc_verdicts(text, "2021"), texts.values())
        for file, path, known in zip(texts, paths, theirs, strict=True):
            mine = ours.get(file.parent.name, [])
            assert len(known) == len(mine), path.parent.name
            for verdict, wanted in zip(mine, known, strict=True):
                compared += 1
                got = verdict.as_rustdoc or "IGNORED"
                if got != wanted:
                    differences.append((path.parent.name, verdict.line, got, wanted))
    print(f"{len(paths)} READMEs: {compared} blocks compared, {len(differences)} differences")
    assert differences == []
