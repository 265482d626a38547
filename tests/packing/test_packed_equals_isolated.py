"""Packed and isolated compilations: equal verdicts, codes, words and places, everywhere.

The default set takes a few minutes; `-m real` (`nox -s packing`) takes every corpus, whole.
"""

import os
import shutil
from pathlib import Path

import pytest

from tests.packing.compared import differences

ROOT = Path(__file__).parents[2]
CORPORA = ROOT.parent / "shared" / "corpora"
REGISTRY = Path(os.environ.get("CARGO_HOME") or Path.home() / ".cargo") / "registry" / "src"

pytestmark = pytest.mark.compiler

BOOKS = [
    pytest.param("rust-by-example", "2021", "check", "none"),
    pytest.param("edition-guide", "2015", "test", "none", marks=pytest.mark.real),
    pytest.param("edition-guide", "2021", "test", "none", marks=pytest.mark.real),
    pytest.param("edition-guide", "2015", "check", "added", marks=pytest.mark.real),
    pytest.param("edition-guide", "2021", "check", "added", marks=pytest.mark.real),
    pytest.param("rust-by-example", "2021", "test", "none", marks=pytest.mark.real),
    pytest.param("rust-by-example", "2024", "check", "added", marks=pytest.mark.real),
    pytest.param("book", "2021", "test", "none", marks=pytest.mark.real),
    pytest.param("book", "2024", "test", "none", marks=pytest.mark.real),
    pytest.param("book", "2024", "check", "added", marks=pytest.mark.real),
    pytest.param("book", "2021", "check", "added", marks=pytest.mark.real),
]


@pytest.mark.parametrize(("book", "edition", "verb", "context"), BOOKS)
def test_a_book(book, edition, verb, context, record_property):
    folder = CORPORA / book
    if not folder.is_dir():
        pytest.skip(f"the corpus {book} is not on this machine")
    compared, found = differences(
        [folder], edition=edition, verb=verb, context=context, deps="stub"
    )
    record_property("compared", compared)
    print(f"{book} {edition} {verb} {context}: {compared} verdicts, {len(found)} differences")
    assert found == []
    assert compared > 150


@pytest.mark.real
def test_the_reference_document():
    folder = ROOT / "fixtures" / "reference-document"
    if not (ROOT.parent / "shared" / "seeds").is_dir():
        pytest.skip("../shared/seeds is absent")
    compared, found = differences([folder], deps="stub")
    assert found == []
    assert compared >= 28


@pytest.mark.real
@pytest.mark.parametrize("verb", ["check", "test"])
def test_the_shipped_pages(verb):
    """With light crates as they are, and stubs for the others."""
    compared, found = differences([ROOT / "snippets"], verb=verb)
    assert found == []
    assert compared > 100


@pytest.mark.real
@pytest.mark.parametrize("verb", ["check", "test"])
def test_the_read_me_of_every_crate(verb, tmp_path):
    """Pages by hundreds of authors; blocks that name crates are compiled as they stand."""
    pages = sorted(REGISTRY.glob("*/*/README.md"))
    if not pages:
        pytest.skip("Cargo's registry folder holds no crates")
    for page in pages:
        shutil.copyfile(page, tmp_path / f"{page.parent.name}.md")
    settings = {"context": "none", "edition": "2021", "deps": "stub", "offline": True}
    compared, found = differences([tmp_path], verb=verb, **settings)
    assert found == []
    assert compared > 100
