"""Blocks, lines, attributes and tested text are those of stable rustdoc."""

import os
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from harness.document.extract import extract
from harness.document.includes import Binary, Outside, expand
from harness.document.markdown import normalised
from harness.model.source import Document, Snippet, SourceLine
from tests.parity import oracle
from tests.parity.cases import DOCUMENTS, INFOS
from tests.parity.deviations import DEVIATIONS, EDITIONS, Deviation
from tests.parity.generated import CODES, WORDS, documents, infos

pytestmark = pytest.mark.skipif(oracle.RUSTDOC is None, reason="no rustdoc here")
CORPORA = Path(__file__).parents[3] / "shared" / "corpora"
CARGO = Path(os.environ.get("CARGO_HOME", Path.home() / ".cargo"))
BATCH = 200
batches = settings(
    max_examples=24,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def ours_of(text: str, source: Sequence[SourceLine] | None = None) -> list[Snippet]:
    found = extract(Document("x.md", normalised(text), "x"), source)
    return [snippet for snippet in found if snippet.attributes.is_tested]


def differences(texts: Sequence[str]) -> list[str]:
    """Each text that rustdoc reads otherwise, with both answers."""
    with tempfile.TemporaryDirectory() as folder:
        theirs = oracle.found(texts, Path(folder))
    out = []
    for text, blocks in zip(texts, theirs, strict=True):
        ours = [_without_codes(oracle.of_snippet(snippet)) for snippet in ours_of(text)]
        if ours != blocks:
            out.append(f"{text!r}\n  ours   {ours}\n  theirs {blocks}")
    return out


def listed_differences(texts: Sequence[str]) -> list[str]:
    """The same as stable itself lists them, which has no words for the tested text."""
    triple = oracle.host()
    with tempfile.TemporaryDirectory() as folder:
        theirs = oracle.listed(texts, Path(folder))
    out = []
    for text, blocks in zip(texts, theirs, strict=True):
        ours = [oracle.listed_of_snippet(snippet, triple) for snippet in ours_of(text)]
        if ours != blocks:
            out.append(f"{text!r}\n  ours   {ours}\n  theirs {blocks}")
    return out


CASES = [f"```{info}\na\n```\n" for info, _ in INFOS] + [text for text, _ in DOCUMENTS]
KNOWN = {deviation.text for deviation in DEVIATIONS} | {
    text for text in CASES if text.startswith("---\ntitle") or "rust2018" in text
}


def test_cases_by_hand() -> None:
    plain = [text for text in CASES if text not in KNOWN and "E0308" not in text and text.strip()]
    assert len(plain) > 90
    assert differences(plain) == []


def test_cases_by_hand_on_stable() -> None:
    plain = [text for text in CASES if text not in KNOWN and text.strip()]
    assert listed_differences(plain) == []


@pytest.mark.parametrize("info", ["rust2018", "rust,rust2018", "rust2018,no_run"])
def test_what_rustdoc_takes_otherwise_in_crate_documentation(info: str, tmp_path: Path) -> None:
    text = f"```{info}\n```\n"
    ours = [snippet.line for snippet in ours_of(text)]
    assert ours == oracle.listed_alone(text, tmp_path)


@batches
@given(st.lists(infos(WORDS), min_size=BATCH, max_size=BATCH, unique=True))
def test_generated_info_strings(texts: list[str]) -> None:
    assert differences(texts) == []


@batches
@given(st.lists(documents(), min_size=BATCH, max_size=BATCH, unique=True))
def test_generated_documents(texts: list[str]) -> None:
    assert differences(texts) == []


@settings(batches, max_examples=3)
@given(st.lists(infos([*WORDS, *CODES * 5]), min_size=BATCH, max_size=BATCH, unique=True))
def test_generated_error_codes_on_stable(texts: list[str]) -> None:
    assert listed_differences(texts) == []


@settings(batches, max_examples=3)
@given(st.lists(documents(), min_size=BATCH, max_size=BATCH, unique=True))
def test_generated_documents_without_an_end(texts: list[str]) -> None:
    assert listed_differences([text.removesuffix("\n\nz\n") + "\n" for text in texts]) == []


@pytest.mark.parametrize("deviation", DEVIATIONS, ids=lambda deviation: deviation.name)
def test_known_deviations_are_as_described(deviation: Deviation, tmp_path: Path) -> None:
    theirs = tuple(oracle.listed_alone(deviation.text, tmp_path))
    assert theirs == deviation.theirs
    assert tuple(snippet.line for snippet in ours_of(deviation.text)) == deviation.ours


@pytest.mark.parametrize("word", EDITIONS)
def test_known_deviation_of_an_edition(word: str, tmp_path: Path) -> None:
    ((theirs,),) = oracle.found([f"```{word}\n```\n"], tmp_path)
    assert theirs.edition == word.removeprefix("edition")
    assert [snippet.attributes.edition for snippet in ours_of(f"```{word}\n```\n")] == [None]


def reader(root: Path) -> Callable[[str], str | Outside | Binary | None]:
    def read(path: str) -> str | Outside | Binary | None:
        file = root / path
        return file.read_text(encoding="utf-8-sig") if file.is_file() else None

    return read


@pytest.mark.parametrize(
    ("book", "at_least"), [("book", 652), ("rust-by-example", 257), ("edition-guide", 176)]
)
def test_public_books(book: str, at_least: int, tmp_path: Path) -> None:
    root = CORPORA / book
    if not root.is_dir():
        pytest.skip(f"no {book} in the folder of shared corpora")
    texts, ours = [], []
    for path in sorted((root / "src").rglob("*.md")):
        name = path.relative_to(root).as_posix()
        document = Document(name, normalised(path.read_text(encoding="utf-8-sig")), name)
        source, notes = expand(document, reader(root))
        # The corpora lack some files that are not Rust; a page keeps their marks, as in mdBook.
        assert {note.reason for note in notes} <= {"include-missing"}
        texts.append("\n".join(line.text for line in source))
        found = extract(document, source)
        plain = ours_of(texts[-1])
        assert [s.attributes for s in found if s.attributes.is_tested] == [
            s.attributes for s in plain
        ]
        ours.append(plain)
    theirs = oracle.found(texts, tmp_path)
    assert [[_without_codes(oracle.of_snippet(s)) for s in blocks] for blocks in ours] == theirs
    assert sum(map(len, theirs)) >= at_least


def _without_codes(block: oracle.Tested) -> oracle.Tested:
    """The oracle speaks nightly, for which an error code is no unknown word."""
    unknown = tuple(word for word in block.unknown if not re.fullmatch(r"E[0-9]{4}", word))
    return replace(block, unknown=unknown)


def test_readmes_of_crates() -> None:
    paths = sorted((CARGO / "registry" / "src").glob("*/*/README.md"))
    if not paths:
        pytest.skip("Cargo has put no crates on this machine")
    texts = [normalised(path.read_bytes().decode("utf-8-sig", "replace")) for path in paths]
    assert differences([text for text in texts if text.strip()]) == []
