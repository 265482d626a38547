"""What an earlier run decided is forgotten as soon as anything that it was decided of changes."""

import pytest

from harness.inputs.corpus import read_corpus
from harness.last_report import keep_verdicts, recall
from harness.model.reasons import Reason
from harness.model.verdict import Verdict

FILES = {
    "page.md": "A call takes at most 200 ns.\n",
    "harness.toml": '[snippets."page/x"]\ncontext = "shared/given.rs"\ncontract = "held/x.rs"\n',
    "claims/page.toml": '[claims.call]\nquote = "at most 200 ns"\nbench = "call"\n',
    "claims.toml": "",
    "benches/page.rs": "fn call() {}\n",
    "contracts/page.rs": "fn a() {}\n",
    "contexts/page.rs": "fn b() {}\n",
    "shared/given.rs": "fn c() {}\n",
    "held/x.rs": "fn d() {}\n",
    "held/x.context.rs": "fn e() {}\n",
}


def source_of(folder):
    (source,) = read_corpus([folder / "page.md"], 1 << 20, None).sources
    return source


@pytest.fixture
def kept(tmp_path):
    own = tmp_path / "own"
    for name, text in FILES.items():
        path = own / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (own / ".git").mkdir()
    source = source_of(own)
    met = Verdict(
        id=f"{source.document.id}/bench/call",
        kind="bench",
        path="page.md",
        line=1,
        column=1,
        reason=Reason.MET,
    )
    keep_verdicts([met], [source], tmp_path / "cache")
    return own


def test_nothing_changed(kept):
    (decision,) = recall(source_of(kept), kept.parent / "cache")
    assert decision.reason == "met"


@pytest.mark.parametrize("name", FILES)
def test_a_file_changed(kept, name):
    with (kept / name).open("a") as file:
        file.write("\n# more\n" if name.endswith("toml") else "\n// more\n")
    assert recall(source_of(kept), kept.parent / "cache") == ()


@pytest.mark.parametrize("name", ["claims/page.toml", "contracts/page.rs", "held/x.context.rs"])
def test_a_file_went(kept, name):
    (kept / name).unlink()
    assert recall(source_of(kept), kept.parent / "cache") == ()
