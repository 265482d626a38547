"""What an earlier run decided is forgotten as soon as anything that it was decided of changes."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from harness.inputs.corpus import read_corpus
from harness.last_report import Asked, Fingerprints, files_of, keep_verdicts, recall
from harness.model.reasons import Reason
from harness.model.verdict import Verdict

CRATE = '[package]\nname = "one"\nversion = "0.1.0"\nedition = "2021"\n'
FILES = {
    "page.md": "A call takes at most 200 ns.\n",
    "harness.toml": (
        'locks = "locks"\n[dependencies]\none = { path = "../one" }\n'
        '[snippets."page/x"]\ncontext = "shared/given.rs"\ncontract = "held/x.rs"\n'
    ),
    "../one/Cargo.toml": CRATE,
    "../one/src/lib.rs": "pub fn one() {}\n",
    "locks/one.lock": "# locked\n",
    "claims/page.toml": '[claims.call]\nquote = "at most 200 ns"\nbench = "call"\n',
    "claims.toml": "",
    "benches/page.rs": "fn call() {}\n",
    "contracts/page.rs": "fn a() {}\n",
    "contexts/page.rs": "fn b() {}\n",
    "shared/given.rs": "fn c() {}\n",
    "held/x.rs": "fn d() {}\n",
    "held/x.context.rs": "fn e() {}\n",
}


OPTIONS = Asked("auto", is_off=False, manifest=None, folder="", rustc="")


def source_of(folder):
    (source,) = read_corpus([folder / "page.md"], 1 << 20, None).sources
    return source


def decide(own, asked, reason=Reason.MET, meanwhile=lambda: None):
    """A run that measures the page's claim, and changes something while it does."""
    source = source_of(own)
    row = f"{source.document.id}/bench/call"
    verdict = Verdict(id=row, kind="bench", path="page.md", line=1, column=1, reason=reason)
    before = Fingerprints().of_all([source], asked)
    meanwhile()
    keep_verdicts([verdict], [source], own.parent / "cache", asked, before)


def known_of(own):
    return [d.reason for d in recall(source_of(own), own.parent / "cache", Fingerprints())]


@pytest.fixture
def asked(tmp_path, monkeypatch):
    """The options of a run, with a compiler that is a file."""
    rustc = tmp_path / "toolchain" / "bin" / "rustc"
    rustc.parent.mkdir(parents=True)
    rustc.write_text("")
    rustc.chmod(0o755)
    monkeypatch.setenv("RUSTC", str(rustc))
    return replace(OPTIONS, folder=str(tmp_path / "own"), rustc=str(rustc))


@pytest.fixture
def kept(tmp_path, asked):
    own = tmp_path / "own"
    (own / ".git").mkdir(parents=True)
    for name, text in FILES.items():
        path = own / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    decide(own, asked)
    return own


def test_nothing_changed(kept):
    assert known_of(kept) == ["met"]


@pytest.mark.parametrize("name", FILES)
def test_a_file_changed(kept, name):
    with (kept / name).open("a") as file:
        file.write("\n# more\n" if name.endswith(("toml", "lock")) else "\n// more\n")
    assert known_of(kept) == []


@pytest.mark.parametrize("name", ["claims/page.toml", "contracts/page.rs", "held/x.context.rs"])
def test_a_file_went(kept, name):
    (kept / name).unlink()
    assert known_of(kept) == []


def test_a_project_came_around_the_page(kept):
    (kept / "Cargo.toml").write_text(CRATE)
    assert known_of(kept) == []


def test_a_project_of_which_files_do_not_tell_all(kept, asked):
    (kept / "Cargo.toml").write_text(CRATE)
    decide(kept, asked)
    assert known_of(kept) == ["met"]
    (kept / "build.rs").write_text("fn main() {}\n")
    decide(kept, asked)
    assert known_of(kept) == []
    decide(kept, replace(asked, is_off=True))
    assert known_of(kept) == ["met"]


def test_the_project_that_was_named_is_gone(kept, asked):
    project = kept.parent / "project"
    project.mkdir()
    (project / "Cargo.toml").write_text(CRATE)
    decide(kept, replace(asked, manifest=str(project)))
    assert known_of(kept) == ["met"]
    (project / "Cargo.toml").unlink()
    assert known_of(kept) == []


def test_another_compiler(kept, asked):
    Path(asked.rustc).write_text("another")
    assert known_of(kept) == []


@pytest.mark.parametrize("place", ["own", "."])
def test_another_toolchain_is_chosen(kept, place):
    (kept.parent / place / "rust-toolchain").write_text("another\n")
    assert known_of(kept) == []


def test_a_compiler_that_is_asked_every_time(kept, asked, monkeypatch):
    wrapper = kept.parent / "rustc"
    wrapper.write_text("")
    wrapper.chmod(0o755)
    monkeypatch.setenv("RUSTC", str(wrapper))
    decide(kept, asked)
    assert known_of(kept) == []


def test_something_changed_during_the_run(kept, asked):
    library = kept / "../one/src/lib.rs"
    decide(kept, asked, meanwhile=lambda: library.write_text("pub fn other() {}\n"))
    assert known_of(kept) == []


def test_the_last_run_decides_whatever_its_options(kept, asked):
    other = replace(asked, options="real")
    decide(kept, other, Reason.MISSED)
    assert known_of(kept) == ["missed"]
    decide(kept, asked)
    assert known_of(kept) == ["met"]


@pytest.mark.parametrize("asked_of_run", [None, [], [1, 2, 3, 4, 5], {}])
def test_an_entry_that_is_spoilt(kept, asked_of_run):
    (file,) = (kept.parent / "cache" / "last").iterdir()
    table = json.loads(file.read_text())
    table["runs"][0]["asked"] = asked_of_run
    file.write_text(json.dumps(table))
    assert known_of(kept) == []


@pytest.mark.parametrize("name", ["v1.2.rs", "v1.2.faults.toml"])
def test_a_page_with_a_dot_in_its_name(kept, name):
    page = kept / "v1.2.md"
    page.write_text("Nothing.\n")
    own = kept / "contracts" / name
    own.write_text("")
    (kept / "contracts" / "v1.rs").write_text("")
    (source,) = read_corpus([page], 1 << 20, None).sources
    found = list(files_of(source))
    assert own in found
    assert kept / "contracts" / "v1.rs" not in found
