"""Any path: what a walk takes, what it leaves out, and that it says so."""

import json
import re
import subprocess

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from harness.inputs.ignore_rules import IgnoreRules
from tests.command_line import harness
from tests.installed import git

BLOCK = "```rust\nlet a = 1;\n```\n"


def write(folder, *names, text=BLOCK, more=()):
    for name, content in (dict.fromkeys(names, text) | dict(more)).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)


def listed(folder, *arguments):
    """Ids that `list` finds."""
    done = harness("list", *arguments, "--output-format", "json", cwd=folder)
    assert done.returncode == 0, done.stderr
    return [item["id"] for item in json.loads(done.stdout)]


def documents(folder, *arguments):
    return [name.rpartition("/")[0] for name in listed(folder, *arguments)]


@pytest.fixture
def repository(tmp_path):
    (tmp_path / ".git").mkdir()
    return tmp_path


def test_a_walk_takes_markdown_and_leaves_out_what_is_built_or_hidden(repository):
    write(
        repository,
        "a.md",
        "b.MARKDOWN",
        "c/d.markdown",
        "e.txt",
        "target/f.md",
        "c/node_modules/g.md",
        ".hidden/h.md",
        "c/.i.md",
    )
    assert documents(repository) == ["a", "b", "c/.i", "c/d"]


def test_path_defaults_to_the_working_folder(repository):
    write(repository, "a.md", "c/d.md")
    assert documents(repository / "c") == ["c/d"]


def test_ids_are_the_same_whatever_is_named_and_wherever(repository, tmp_path):
    write(repository, "c/d.md")
    for arguments, folder in (
        ((), repository),
        (("c",), repository),
        (("c/d.md",), repository),
        (("d.md",), repository / "c"),
        ((repository / "c",), tmp_path),
    ):
        assert listed(folder, *arguments) == ["c/d/top-1"]


def test_outside_a_repository_ids_are_relative_to_the_folder_that_is_named(tmp_path):
    write(tmp_path, "a.md", "c/a.md", "c/d/a.md")
    assert documents(tmp_path) == ["a", "c/a", "c/d/a"]
    assert documents(tmp_path, "c") == ["a", "d/a"]


@pytest.mark.parametrize("name", ["notes.txt", "README", "a.rs.in", "target/a.md", ".hidden/a.md"])
def test_a_file_that_is_named_is_read_whatever_its_ending_and_place(name, repository):
    write(repository, name)
    write(repository, ".gitignore", text="*\n")
    write(repository, "harness.toml", text=f'exclude = ["{name}"]\n')
    assert len(listed(repository, name)) == 1


# .gitignore

RULES = {
    ".gitignore": "*.tmp.md\n!kept.tmp.md\n/root-only.md\nbuilt/\n\\#odd.md\n",
    "sub/.gitignore": "!back.tmp.md\nlocal.md\n",
    "sub/deep/.gitignore": "*\n!*/\n!yes.md\n",
}
FILES = [
    "a.md",
    "a.tmp.md",
    "kept.tmp.md",
    "root-only.md",
    "sub/root-only.md",
    "built/x.md",
    "sub/built/y.md",
    "#odd.md",
    "sub/back.tmp.md",
    "sub/other.tmp.md",
    "sub/local.md",
    "local.md",
    "sub/deep/no.md",
    "sub/deep/yes.md",
    "sub/deep/er/no.md",
    "sub/deep/er/yes.md",
    "info.md",
    "sub/built/.gitignore-not.md",
]


def test_what_is_ignored_is_what_git_ignores(tmp_path):
    """git itself is the oracle."""
    git(tmp_path, "init", "-q")
    write(tmp_path, *FILES)
    write(tmp_path, more=RULES)
    (tmp_path / ".git" / "info").mkdir(exist_ok=True)
    (tmp_path / ".git" / "info" / "exclude").write_text("info.md\n")
    theirs = git(tmp_path, "ls-files", "-o", "--exclude-standard", "--", "*.md").split("\n")
    found = documents(tmp_path)
    assert sorted(found) == sorted(name.removesuffix(".md") for name in theirs if name)
    assert "sub/deep/er/yes" in found
    assert "sub/deep/er/no" not in found


ALPHABET = st.sampled_from(
    ["a", "b", "*", "**", "/", "?", "!", "[ab]", "[!a]", "\\", " ", "#", "."]
)
# What git makes of `a**/a` and `***/a` hangs on where its texts lie in memory: it asks whether
# asterisks begin the pattern by comparing with an address in the path.
UNDECIDED = re.compile(r"(?<![/*])(?<!^)(?<!^!)\*{2,}|\*{2,}(?![/*]|$)|\*{3,}")
LINES = st.lists(
    st.lists(ALPHABET, min_size=1, max_size=5)
    .map("".join)
    .filter(lambda line: not UNDECIDED.search(line)),
    min_size=1,
    max_size=3,
)
PATHS = ["c", "ab", "a/a", "b/a/b", "b/ab", "a/b/a/b", ".a", "#a", "a a"]


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(lines=LINES)
@example(lines=["a/*", "!a/b/"])
@example(lines=["**/b", "!/b"])
@example(lines=["a/**", "!a/b"])
@example(lines=["b/**/b"])
@example(lines=["\\#a", "a\\ a"])
@example(lines=["[]-a]b", "[[:alpha:]]", "[a"])
def test_patterns_are_gits(lines, oracle):
    """`git check-ignore` is the oracle, for folders and files."""
    (oracle / ".gitignore").write_text("\n".join(lines) + "\n")
    command = ["git", "check-ignore", "--no-index", "--stdin", "-z"]
    asked = "\0".join([*PATHS, "d", "d/a"])
    theirs = subprocess.run(
        command, cwd=oracle, input=asked, capture_output=True, text=True, check=False
    )
    rules = IgnoreRules().entering(oracle)

    def is_ignored(path):
        heads = [oracle / path, *(p for p in (oracle / path).parents if p.is_relative_to(oracle))]
        return any(rules.ignores(p, is_folder=p.is_dir()) for p in heads if p != oracle)

    assert [p for p in asked.split("\0") if is_ignored(p)] == [
        p for p in theirs.stdout.split("\0") if p
    ]


@pytest.fixture(scope="module")
def oracle(tmp_path_factory):
    folder = tmp_path_factory.mktemp("oracle")
    git(folder, "init", "-q")
    for path in PATHS:
        if not any(other.startswith(path + "/") for other in PATHS):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text("")
    (folder / "d" / "a").mkdir(parents=True)
    return folder


def test_an_ignored_folder_that_is_named_is_walked(repository):
    write(repository, "built/x.md")
    write(repository, ".gitignore", text="built/\n")
    assert documents(repository, "built") == ["built/x"]


def test_rules_of_the_folders_above_hold_for_a_part_of_the_repository(repository):
    write(repository, "sub/a.md", "sub/draft.md")
    write(repository, ".gitignore", text="draft.md\n")
    assert documents(repository, "sub") == ["sub/a"]


def test_lines_that_are_no_patterns_are_passed_over(tmp_path):
    (tmp_path / ".gitignore").write_bytes(b"!\n\xff\xfe\n[a\n/\n\\\nx.md\r\n")
    rules = IgnoreRules().entering(tmp_path)
    assert not rules.ignores(tmp_path / "a.md", is_folder=False)
    assert rules.ignores(tmp_path / "x.md", is_folder=False)


# exclude


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        ("b.md", ["a", "c/d"]),
        ("c/", ["a", "b"]),
        ("/b.md", ["a", "c/d"]),
        ("c/*.md", ["a", "b"]),
        ("*", []),
        ("nothing", ["a", "b", "c/b", "c/d"]),
    ],
)
def test_exclude_takes_gitignores_patterns(pattern, left, repository):
    write(repository, "a.md", "b.md", "c/b.md", "c/d.md")
    expected = ["a", "c/b", "c/d"] if pattern == "/b.md" else left
    if not expected:
        assert harness("list", "--exclude", pattern, cwd=repository).returncode == 5
        return
    assert documents(repository, "--exclude", pattern) == expected
    write(repository, "harness.toml", text=f'exclude = ["{pattern}"]\n')
    assert documents(repository) == expected


def test_exclude_counts_from_the_working_folder_too(repository):
    write(repository, "book/a.md", "book/drafts/b.md")
    assert documents(repository, "book", "--exclude", "book/drafts") == ["book/a"]
    assert documents(repository, "book", "--exclude", "drafts") == ["book/a"]


def test_exclude_of_a_configuration_holds_below_it(repository):
    write(repository, "x/a.md", "y/a.md", "y/z/a.md")
    write(repository, "y/harness.toml", text='exclude = ["a.md"]\n')
    assert documents(repository) == ["x/a"]
    assert harness("list", "y/z", cwd=repository).returncode == 5


@pytest.mark.parametrize("place", ["harness.toml", "sub/harness.toml", "option"])
def test_force_exclude_holds_for_files_that_are_named(place, repository):
    write(repository, "sub/a.md", "sub/b.md")
    options = ["--force-exclude"]
    if place == "option":
        options += ["--exclude", "a.md"]
    else:
        write(repository, place, text='exclude = ["a.md"]\n')
    assert documents(repository, "sub/a.md", "sub/b.md", *options) == ["sub/b"]
    assert documents(repository, "sub/a.md", "sub/b.md", *options[1:]) == ["sub/a", "sub/b"]


@pytest.mark.compiler
def test_when_all_that_is_named_is_excluded_the_run_is_clean_and_says_why(repository):
    write(repository, "a.md", text="```rust\nlet a: u8 = 1.0;\n```\n")
    write(repository, "harness.toml", text='exclude = ["*.md"]\n')
    done = harness("check", "a.md", "--force-exclude", cwd=repository)
    assert done.returncode == 0
    assert "1 file: excluded by `exclude` (a.md)" in done.stdout
    assert harness("check", "a.md", cwd=repository).returncode == 1


# Books


@pytest.fixture
def book(repository):
    """A book below a repository, with a draft, a missing chapter and preprocessors."""
    write(
        repository,
        "README.md",
        "guide/src/one.md",
        "guide/src/part/two.md",
        "guide/src/draft.md",
        "guide/README.md",
        "guide/src/.hidden/x.md",
    )
    write(
        repository,
        "guide/src/SUMMARY.md",
        text="- [One](one.md)\n- [Two](part/two.md)\n- [Gone](gone.md)\n- [Later]()\n",
    )
    write(
        repository,
        "guide/book.toml",
        text='[book]\ntitle = "A"\n[preprocessor.katex]\n[preprocessor.links]\n'
        '[preprocessor.admonish]\ncommand = "x"\n',
    )
    return repository


def test_a_book_below_a_folder_has_its_chapters(book):
    assert documents(book) == ["README", "one", "part/two"]
    assert documents(book, "guide/src/draft.md") == ["draft"]


NOT_RUN = (
    "guide/book.toml: preprocessors are not run: admonish, katex; blocks are read as they stand "
    "before them"
)


@pytest.mark.compiler
def test_the_report_says_what_was_left_out_and_that_preprocessors_were_not_run(book):
    write(book, ".gitignore", text="built.md\n")
    write(book, "built.md", "target/a.md", "target/b.md", ".github/c.md", "skipped.md")
    done = harness("check", "-q", "--exclude", "skipped.md", cwd=book)
    rows = [
        line.split(None, 1)[1] if line[:8] != "left out" else line[10:]
        for line in done.stdout.splitlines()
        if line.startswith(("left out", "note"))
    ]
    assert rows == [
        "1 file: excluded by `exclude` (skipped.md)",
        "1 file: ignored by .gitignore (built.md)",
        "1 file: in hidden folders (.github/)",
        "2 files: in target or node_modules (target/)",
        "1 file: listed in SUMMARY.md but missing (guide/src/gone.md)",
        "2 files: not in the book's SUMMARY.md (guide/src/draft.md, guide/README.md)",
        NOT_RUN,
    ]
    assert "edition 2015" not in done.stdout
    assert "2015 (mdBook's default)" in done.stdout


def test_chapters_can_be_excluded(book):
    assert documents(book, "--exclude", "two.md") == ["README", "one"]


def test_a_chapter_outside_the_books_source_is_read(book):
    write(book, "guide/src/SUMMARY.md", text="- [R](../../README.md)\n- [One](one.md)\n")
    assert documents(book, "guide") == ["README", "one"]
