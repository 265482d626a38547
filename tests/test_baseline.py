"""The baseline: what is known, changed, new and gone, in every situation that people met.

Each situation starts from one repository whose three findings are known, changes something, and
says the exit code and the counts.
"""

import json
import shutil
import string
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.model.baseline import KnownFinding, Standing
from harness.model.reasons import Level, Reason
from harness.model.verdict import Verdict
from harness.verdicts import baseline
from harness.verdicts.baseline import BaselineTextError, Judged
from tests.command_line import harness

NAME = "harness-baseline.toml"


def block(code, info="rust"):
    return f"```{info}\n{code}\n```\n\n"


ONE = block('let one: u8 = "";')
TWO = block('let two: u8 = "";')
THREE = block('let three: u8 = "";')
GOOD = block("let good = 1;")
NEW = block('let new: u8 = "";')
PAGES = {"book/a.md": f"# A\n\n{ONE}{GOOD}# B\n\n{TWO}", "book/b.md": f"# A\n\n{THREE}"}


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def started(tmp_path_factory, cache):
    """A repository with its findings known."""
    folder = tmp_path_factory.mktemp("started")
    (folder / ".git").mkdir()
    write(folder, PAGES)
    done = harness("check", "-q", "--update-baseline", cwd=folder, cache=cache)
    assert done.returncode == 0, done.stdout
    assert "+3 \N{MINUS SIGN}0" in done.stdout
    return folder


def write(folder, pages):
    for name, text in pages.items():
        if text is None:
            (folder / name).unlink()
        else:
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text)


def counts(done):
    """known, changed, new, gone, not found, not judged: over all baselines of the run."""
    states = json.loads(done.stdout)["baselines"] if done.stdout else []
    keys = ("known", "changed", "new", "gone", "not_found", "not_judged")
    sizes = [[len(s[k]) if k == "gone" else s[k] for k in keys] for s in states]
    return tuple(map(sum, zip(*sizes, strict=True))) if sizes else ()


@dataclass
class Situation:
    """What is changed, what is run, and what is expected."""

    name: str
    pages: dict = field(default_factory=dict)
    run: tuple = ("check",)
    exit: int = 0
    counts: tuple = ()
    """known, changed, new, gone, not found, not judged."""
    lines: int | None = 3
    """Entries in the file afterwards."""
    before: tuple = ()
    """A run before this one."""
    told: str = ""


def a(text):
    return {"book/a.md": text}


EDITED = ONE.replace('""', '"edited"')
FIXED = block("let one: u8 = 1;")
FIXED_PAGE = a(f"# A\n\n{FIXED}{GOOD}# B\n\n{TWO}")
CONFLICT = "<<<<<<< ours\nversion = 1\n=======\nversion = 1\n>>>>>>> theirs\n"

SITUATIONS = [
    Situation("nothing changed", counts=(3, 0, 0, 0, 0, 0)),
    Situation("a new broken block", a(PAGES["book/a.md"] + NEW), exit=1, counts=(3, 0, 1, 0, 0, 0)),
    Situation(
        "moved below another heading",
        a(f"# A\n\n{GOOD}# B\n\n{TWO}{ONE}"),
        counts=(3, 0, 0, 0, 0, 0),
    ),
    Situation(
        "moved to another document",
        {"book/a.md": f"# A\n\n{GOOD}# B\n\n{TWO}", "book/b.md": PAGES["book/b.md"] + ONE},
        counts=(3, 0, 0, 0, 0, 0),
    ),
    Situation(
        "moved to another document that alone is named",
        {"book/a.md": f"# A\n\n{GOOD}# B\n\n{TWO}", "book/b.md": PAGES["book/b.md"] + ONE},
        run=("check", "book/b.md"),
        counts=(2, 0, 0, 0, 0, 1),
    ),
    Situation(
        "heading renamed",
        a(PAGES["book/a.md"].replace("# B", "# Other")),
        counts=(3, 0, 0, 0, 0, 0),
    ),
    Situation(
        "document renamed",
        {"book/b.md": None, "book/c.md": PAGES["book/b.md"]},
        counts=(3, 0, 0, 0, 0, 0),
    ),
    Situation(
        "a good block inserted above",
        a(f"# A\n\n{GOOD}{ONE}{GOOD}# B\n\n{TWO}"),
        counts=(3, 0, 0, 0, 0, 0),
    ),
    Situation(
        "a broken block inserted above",
        a(f"# A\n\n{NEW}{ONE}{GOOD}# B\n\n{TWO}"),
        exit=1,
        counts=(3, 0, 1, 0, 0, 0),
    ),
    Situation(
        "a known block copied", a(PAGES["book/a.md"] + ONE), exit=1, counts=(3, 0, 1, 0, 0, 0)
    ),
    Situation(
        "edited, still broken",
        a(f"# A\n\n{EDITED}{GOOD}# B\n\n{TWO}"),
        exit=1,
        counts=(2, 1, 0, 0, 0, 0),
        told='"standing": "known, changed"',
    ),
    Situation(
        "another reason, the text as it was",
        a(f"# A\n\n{GOOD}# B\n\n{TWO}{block('f(1);')}"),
        exit=1,
        counts=(2, 1, 0, 0, 0, 0),
        before=(
            a(f"# A\n\n{block('fn f(_: &str) {}')}{GOOD}# B\n\n{TWO}{block('f(1);')}"),
            ("check", "--update-baseline"),
        ),
    ),
    Situation("fixed", FIXED_PAGE, exit=1, counts=(2, 0, 0, 1, 0, 0)),
    Situation(
        "fixed, and stale entries allowed",
        FIXED_PAGE,
        run=("check", "--allow-stale"),
        counts=(2, 0, 0, 1, 0, 0),
    ),
    Situation(
        "fixed, and pruned",
        FIXED_PAGE,
        run=("check", "--prune-baseline"),
        counts=(2, 0, 0, 0, 0, 0),
        lines=2,
        told="+0 \\u22121",
    ),
    Situation(
        "fixed, something new, and pruned: the new one is not accepted",
        a(f"# A\n\n{FIXED}{GOOD}{NEW}# B\n\n{TWO}"),
        run=("check", "--prune-baseline"),
        exit=1,
        counts=(2, 0, 1, 0, 0, 0),
        lines=2,
        told="+0 \\u22121",
    ),
    Situation(
        "edited, something new, and all accepted",
        a(f"# A\n\n{EDITED}{GOOD}{NEW}# B\n\n{TWO}"),
        run=("check", "--update-baseline"),
        counts=(4, 0, 0, 0, 0, 0),
        lines=4,
        told="+2 \\u22121",
    ),
    Situation(
        "marked `ignore`",
        a(PAGES["book/a.md"].replace("```rust\nlet one", "```rust,ignore\nlet one")),
        exit=1,
        counts=(2, 0, 0, 1, 0, 0),
    ),
    Situation(
        "a block removed", a(f"# A\n\n{GOOD}# B\n\n{TWO}"), exit=1, counts=(2, 0, 0, 1, 0, 0)
    ),
    Situation("a document removed", {"book/b.md": None}, exit=1, counts=(2, 0, 0, 1, 0, 0)),
    Situation(
        "a document removed, a part of the repository walked",
        {"book/b.md": None},
        run=("check", "book"),
        counts=(2, 0, 0, 0, 0, 1),
    ),
    Situation("a document excluded", run=("check", "--exclude", "b.md"), counts=(2, 0, 0, 0, 0, 1)),
    Situation("a document ignored by git", {".gitignore": "b.md\n"}, counts=(2, 0, 0, 0, 0, 1)),
    Situation(
        "one block selected, another one fixed",
        FIXED_PAGE,
        run=("check", "--select", "book/a/b-1"),
        counts=(1, 0, 0, 0, 0, 2),
    ),
    Situation(
        "the fixed block alone selected",
        FIXED_PAGE,
        run=("check", "--select", "book/a/a-1"),
        counts=(0, 0, 0, 0, 1, 2),
    ),
    Situation(
        "one file named, another one fixed",
        FIXED_PAGE,
        run=("check", "book/b.md"),
        counts=(1, 0, 0, 0, 0, 2),
    ),
    Situation(
        "the fixed file alone named",
        FIXED_PAGE,
        run=("check", "book/a.md"),
        counts=(1, 0, 0, 0, 1, 1),
    ),
    Situation(
        "the fixed file alone named, and all accepted",
        FIXED_PAGE,
        run=("check", "book/a.md", "--update-baseline"),
        counts=(1, 0, 0, 0, 1, 1),
        told="+0 \\u22120",
    ),
    Situation(
        "the fixed file alone named, and pruned",
        FIXED_PAGE,
        run=("check", "book/a.md", "--prune-baseline"),
        counts=(1, 0, 0, 0, 1, 1),
    ),
    Situation("another verb", run=("test",), exit=1, counts=(0, 0, 3, 0, 0, 3)),
    Situation(
        "another verb, everything fixed",
        {"book/a.md": f"# A\n\n{GOOD}", "book/b.md": GOOD},
        run=("test",),
        counts=(0, 0, 0, 0, 0, 3),
    ),
    Situation("other crates", run=("check", "--deps", "real"), exit=1, counts=(0, 0, 3, 0, 0, 3)),
    Situation(
        "two matrix entries in one file: the first",
        lines=6,
        counts=(3, 0, 0, 0, 0, 3),
        before=({}, ("test", "--update-baseline")),
    ),
    Situation(
        "two matrix entries in one file: the second",
        run=("test",),
        lines=6,
        counts=(3, 0, 0, 0, 0, 3),
        before=({}, ("test", "--update-baseline")),
    ),
    Situation(
        "two matrix entries, one of them updated",
        FIXED_PAGE,
        run=("check", "--update-baseline"),
        lines=5,
        counts=(2, 0, 0, 0, 0, 3),
        before=({}, ("test", "--update-baseline")),
    ),
    Situation(
        "a dependency that does not build: not judged, not gone",
        {"harness.toml": '[dependencies]\nnothere = { path = "nowhere" }\n'},
        exit=6,
        counts=(3, 0, 1, 0, 0, 1),
        lines=4,
        before=({"book/c.md": block("use nothere::x;")}, ("check", "--update-baseline")),
    ),
    Situation(
        "a warning accepted under --strict, then counted as before",
        lines=4,
        counts=(4, 0, 0, 0, 0, 0),
        before=(
            {"book/c.md": block("let c = 1;", "rs")},
            ("check", "--strict", "--update-baseline"),
        ),
    ),
    Situation(
        "findings, without gating",
        a(PAGES["book/a.md"] + NEW),
        run=("check", "--exit-zero"),
        counts=(3, 0, 1, 0, 0, 0),
    ),
    Situation("no baseline", {NAME: None}, exit=1, lines=None),
    Situation("a file named that is missing", run=("check", "--baseline", "nowhere.toml"), exit=2),
    Situation(
        "a file elsewhere",
        run=("check", "--baseline", "ci/known.toml", "--update-baseline"),
        counts=(3, 0, 0, 0, 0, 0),
    ),
    Situation(
        "nothing to prune", {NAME: None}, run=("check", "--prune-baseline"), exit=2, lines=None
    ),
    Situation(
        "update and prune at once", run=("check", "--prune-baseline", "--update-baseline"), exit=2
    ),
    Situation("a corrupt file", {NAME: CONFLICT}, exit=3, lines=None),
    Situation(
        "a corrupt file is not overwritten",
        {NAME: CONFLICT},
        run=("check", "--update-baseline"),
        exit=3,
        lines=None,
    ),
    Situation("a file of another version", {NAME: "version = 2\nknown = []\n"}, exit=3, lines=None),
]


def play(situation, started, folder, cache):
    """Run a situation; exit code, counts and lines as seen."""
    shutil.copytree(started, folder, dirs_exist_ok=True)
    if situation.before:
        pages, run = situation.before
        write(folder, pages)
        first = harness(*run, "-q", cwd=folder, cache=cache)
        assert first.returncode == 0, first.stdout + first.stderr
    write(folder, situation.pages)
    corrupt = situation.pages.get(NAME)
    options = ("-q", "--output-format", "json")
    done = harness(*situation.run, *options, cwd=folder, cache=cache)
    assert done.returncode not in (2, 3) or done.stderr.startswith("harness: ")
    if corrupt is not None:
        assert (folder / NAME).read_text() == corrupt
        assert NAME in done.stderr
        return done, None
    file = folder / NAME
    return done, len(baseline.parse(file.read_text())) if file.is_file() else None


@pytest.mark.compiler
@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda s: s.name)
def test_situation(situation, started, tmp_path, cache):
    done, lines = play(situation, started, tmp_path, cache)
    seen = (done.returncode, counts(done), lines)
    assert seen == (situation.exit, situation.counts, situation.lines)
    assert situation.told in done.stdout


@pytest.mark.compiler
def test_the_text_says_what_is_known_changed_and_gone(started, tmp_path, cache):
    shutil.copytree(started, tmp_path, dirs_exist_ok=True)
    write(
        tmp_path,
        {"book/a.md": f"# A\n\n{EDITED}{GOOD}{NEW}# B\n\n", "book/b.md": PAGES["book/b.md"]},
    )
    done = harness("check", "-q", cwd=tmp_path, cache=cache)
    assert done.returncode == 1
    rows = dict(line.split(None, 1) for line in done.stdout.splitlines() if line[:1].isalpha())
    assert rows["known"] == f"1 in {NAME}, 1 gone, 1 known, changed"
    assert rows["gone"] == "1 no longer found: book/a/b-1; take them out with --prune-baseline"
    assert "[book/a/a-1]  KNOWN, CHANGED" in done.stdout
    assert "[book/a/a-3]  NEW" in done.stdout


@pytest.mark.compiler
def test_each_configuration_has_its_baseline_beside_it(started, tmp_path, cache):
    shutil.copytree(started, tmp_path, dirs_exist_ok=True)
    write(tmp_path, {"notes/harness.toml": "", "notes/n.md": NEW})
    done = harness("check", "-q", "--update-baseline", cwd=tmp_path, cache=cache)
    assert done.returncode == 0
    assert "new" not in (tmp_path / NAME).read_text()
    assert len(baseline.parse((tmp_path / "notes" / NAME).read_text())) == 1
    for run in (("check",), ("check", "notes"), ("check", "notes/n.md"), ("check", tmp_path)):
        assert harness(*run, "-q", cwd=tmp_path, cache=cache).returncode == 0
    inside = harness("check", "-q", cwd=tmp_path / "notes", cache=cache)
    assert inside.returncode == 0
    assert "known     1 in notes/harness-baseline.toml" in inside.stdout


# The pure part

TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
ENTRIES = st.lists(st.builds(KnownFinding, TEXTS, TEXTS, TEXTS, TEXTS, TEXTS), max_size=6)


@given(ENTRIES)
def test_a_baseline_reads_back_as_it_was_written(entries):
    text = baseline.render(entries)
    assert baseline.parse(text) == tuple(sorted(entries))
    assert len(text.split("\n")) == len(entries) + 6
    assert baseline.render(reversed(entries)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "version = 1",
        "known = []",
        "version = 1\nknown = 3",
        "version = '1'\nknown = []",
        "version = 1\nknown = [1]",
        'version = 1\nknown = [{ id = "a" }]',
        "version = 1\nknown = []\nx = 1",
        'version = 1\nknown = [{ id = 1, hash = "", reason = "", verb = "", deps = "" }]',
        "\0",
        CONFLICT,
    ],
)
def test_any_other_text_is_no_baseline(text):
    with pytest.raises(BaselineTextError):
        baseline.parse(text)


RUN = Judged("check", "auto", frozenset({"p"}), frozenset({"p"}), is_everything=True)
REASONS = st.sampled_from([Reason.COMPILES, Reason.COMPILE_ERROR, Reason.NEEDS_CONTEXT])


@st.composite
def verdicts(draw):
    """The verdicts on the blocks of a page; equal texts fare equally."""
    texts = draw(st.lists(st.sampled_from(string.ascii_lowercase[:5]), max_size=8))
    fates = {text: draw(REASONS) for text in set(texts)}
    return [
        Verdict(f"p/a-{n}", "snippet", "p.md", n, 1, fates[text], content_hash=text)
        for n, text in enumerate(texts, 1)
    ]


@given(verdicts())
def test_what_was_accepted_is_known_and_nothing_is_gone(found):
    after = baseline.accepted(baseline.hold(found, (), RUN), RUN)
    held = baseline.hold(found, after, RUN)
    assert held.gone == held.not_found == held.not_judged == ()
    assert not any(v.effective_level is Level.ERROR for v in held.verdicts)
    assert baseline.accepted(held, RUN) == after


@given(verdicts(), verdicts())
def test_each_entry_and_each_finding_is_counted_once(before, now):
    known = baseline.accepted(baseline.hold(before, (), RUN), RUN)
    held = baseline.hold(now, known, RUN)
    matched = held.count(Standing.KNOWN) + held.count(Standing.CHANGED)
    assert matched + len(held.gone) + len(held.not_found) + len(held.not_judged) == len(known)
    findings = [v for v in now if v.reason is not Reason.COMPILES]
    assert matched + held.count(Standing.NEW) == len(findings)


@given(verdicts(), verdicts(), st.sets(st.integers(0, 7)))
def test_a_partial_run_makes_nothing_gone_and_accepting_there_keeps_the_rest(before, now, kept):
    known = baseline.accepted(baseline.hold(before, (), RUN), RUN)
    partial = Judged("check", "auto", frozenset({"p"}))
    held = baseline.hold([v for n, v in enumerate(now) if n in kept], known, partial)
    assert held.gone == ()
    assert baseline.pruned(known, held) == known


@given(verdicts(), verdicts())
def test_another_verb_says_nothing(before, now):
    known = baseline.accepted(baseline.hold(before, (), RUN), RUN)
    other = Judged("test", "auto", RUN.documents, RUN.whole, is_everything=True)
    held = baseline.hold(now, known, other)
    assert held.not_judged == known
    assert held.gone == ()
    assert set(known) <= set(baseline.accepted(held, other))
