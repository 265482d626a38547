"""Input that no one should give: a clear error, or a finding at its place; nothing half done."""

import json
import os
import socket
import subprocess
import sys
import time

import pytest

from tests.command_line import (
    Page,
    by_name,
    environment_of,
    harness,
    report_of_run,
)

GOOD = "```rust\nlet a = 1;\n```\n"


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


def listed(folder, *arguments):
    """What `list` says of a folder."""
    done = harness("list", *(arguments or (".",)), "--output-format", "json", cwd=folder)
    return json.loads(done.stdout) if done.stdout else [], done


# Paths and files


def test_a_missing_path_is_named(tmp_path):
    done = harness("list", "nowhere/page.md", cwd=tmp_path)
    assert done.returncode == 2
    assert "nowhere/page.md" in done.stderr


def test_a_folder_without_markdown_is_5(tmp_path):
    (tmp_path / "lib.rs").write_text("/// ```\n/// 1\n/// ```\n")
    done = harness("list", ".", cwd=tmp_path)
    assert done.returncode == 5
    assert "no Rust block" in done.stderr


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"\x7fELF\x02\x01\x01\x00\xff\xfe" + bytes(range(256)), "byte 8"),
        ("```rust\nlet ä = 1;\n```\n".encode("latin-1"), "byte 12"),
        ("# Ä\n".encode("utf-16"), "byte 0"),
    ],
)
def test_a_document_that_is_not_utf8_is_3_with_the_place_and_the_cure(data, place, tmp_path):
    (tmp_path / "page.md").write_bytes(data)
    done = harness("list", "page.md", cwd=tmp_path)
    assert done.returncode == 3
    assert "page.md" in done.stderr
    assert place in done.stderr
    assert "save the document as UTF-8" in done.stderr


def test_one_unreadable_document_of_a_folder_is_named_not_passed_over(tmp_path):
    (tmp_path / "a.md").write_text(GOOD)
    (tmp_path / "b.md").write_bytes(b"\xff")
    done = harness("list", ".", cwd=tmp_path)
    assert done.returncode == 3
    assert "b.md" in done.stderr


@pytest.mark.parametrize("name", ["/dev/null", "pipe.md", "socket"])
def test_what_is_neither_file_nor_folder_is_refused_by_name(name, tmp_path):
    if name == "pipe.md":
        os.mkfifo(tmp_path / name)
    elif name == "socket":
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(str(tmp_path / name))
    done = harness("list", name, cwd=tmp_path, seconds=30)
    assert done.returncode in (2, 3)
    assert name in done.stderr


def test_links_that_lead_nowhere_or_in_a_circle_end_no_run(tmp_path):
    (tmp_path / "good.md").write_text(GOOD)
    (tmp_path / "gone.md").symlink_to("nowhere.md")
    (tmp_path / "loop.md").symlink_to("loop.md")
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "up").symlink_to("..")
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "folder.md").mkdir()
    found, done = listed(tmp_path)
    assert done.returncode == 0
    assert [item["id"] for item in found] == ["good/1"] or len(found) == 1


def test_a_document_over_max_size_is_refused_with_the_option(tmp_path):
    (tmp_path / "page.md").write_bytes(b"a" * ((1 << 20) + 1))
    done = harness("list", "page.md", "--max-size", "1", cwd=tmp_path)
    assert done.returncode == 3
    assert "page.md" in done.stderr
    assert "--max-size" in done.stderr


def large(kind, size):
    """A document of about that size with a block at its end."""
    piece = {
        "prose": "Some *prose* with `code` and [a link](x.md), of a usual length, in lines.\n" * 9
        + "\n",
        "one-line": "word ",
        "list": "- an item\n  - and one below it, with text\n",
        "quotes": "> a quote\n> > and one in it\n\n",
        "headings": "## A heading of the usual kind\n\ntext\n\n",
    }[kind]
    return piece * (size // len(piece)) + "\n\n# End\n\n" + GOOD


WITH_PEAK = """
import re, sys
from harness.cli import run
code = run()
with open("/proc/self/status") as status, open("peak", "w") as peak:
    peak.write(re.search(r"VmHWM:\\s+(\\d+)", status.read())[1])
sys.exit(code)
"""
"""Runs the harness and says its own peak: what `wait4` tells counts the process it came from."""


def listed_large(folder, kind, kilobytes):
    """Exit code, what was told, processor seconds and peak in bytes of listing a document."""
    folder.mkdir()
    (folder / "page.md").write_text(large(kind, kilobytes << 10))
    with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
        process = subprocess.Popen(
            [sys.executable, "-c", WITH_PEAK, "list", "page.md"],
            cwd=folder,
            env=environment_of(),
            stdout=out,
            stderr=err,
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    peak = int((folder / "peak").read_text()) << 10
    told = (folder / "err").read_text()
    return process.returncode, told, usage.ru_utime + usage.ru_stime, peak


@pytest.mark.parametrize(
    ("kind", "megabytes"),
    [("prose", 50), ("one-line", 50), ("list", 4), ("quotes", 4), ("headings", 4)],
)
def test_a_large_document_costs_its_size_or_is_refused(kind, megabytes, tmp_path):
    """Four times the text costs about four times as much, not sixteen; 50 MB stay below 2 GB."""
    code, told, seconds, peak = listed_large(tmp_path / "whole", kind, megabytes << 10)
    assert code in (0, 3), told[-2000:]
    assert peak <= megabytes * (2 << 30) // 50
    if code == 3:
        assert "page.md" in told
        assert "--max-size" in told
    else:
        _, _, of_quarter, _ = listed_large(tmp_path / "quarter", kind, megabytes << 8)
        assert seconds <= 9 * of_quarter
        assert "page/end-1" in (tmp_path / "whole" / "out").read_text()


def test_100_000_blocks_are_listed_each_with_an_id_of_its_own(tmp_path):
    (tmp_path / "page.md").write_text("# A\n\n" + "```rust\n1;\n```\n\n" * 100_000)
    started = time.monotonic()
    found, done = listed(tmp_path, "page.md")
    assert done.returncode == 0
    assert len({item["id"] for item in found}) == 100_000
    assert [item["line"] for item in found[:2]] == [3, 7]
    assert time.monotonic() - started < 120


@pytest.mark.parametrize(
    "text",
    [
        "> " * 3000 + "a\n",
        "- " * 3000 + "a\n",
        "```rust\n" + "(" * 50_000 + ")" * 50_000 + "\n```\n",
        "```rust\n" + "{" * 50_000 + "\n```\n",
        "```rust\n" + "/*" * 50_000 + "\n```\n",
        "```rust\n" + "r" + "#" * 50_000 + '"\n```\n',
        "```rust\n" + "let a = " + "-" * 100_000 + "1;\n```\n",
        "[" * 50_000,
        "*a_ " * 50_000,
        "```rust," + "a," * 50_000 + "\n1;\n```\n",
        "# " + "a" * 1_000_000 + "\n\n" + GOOD,
        "<!-- harness: " + "[" * 5000 + " -->\n" + GOOD,
        "---\n" * 50_000,
    ],
    ids=lambda text: text[:12].replace("\n", "|"),
)
def test_text_that_nests_without_end_ends_no_listing(text, tmp_path):
    (tmp_path / "page.md").write_text(text + "\n\n" + GOOD)
    done = harness("list", "page.md", cwd=tmp_path, seconds=60)
    assert done.returncode == 0, done.stderr


# Configuration

WRONG = [
    ("editon = '2021'", "editon", "edition"),
    ("sorce = 'x.md'", "sorce", "source"),
    ("edition = 2021", "edition", ""),
    ("edition = '2022'", "edition", "2024"),
    ("source = 3", "source", ""),
    ("source = ''", "source", ""),
    ("exclude = 'a'", "exclude", ""),
    ("exclude = [1]", "exclude[0]", ""),
    ("package = []", "package", ""),
    ("stubs = true", "stubs", "checked"),
    ("locks = 1", "locks", ""),
    ("dependencies = 'tokio'", "dependencies", ""),
    ("[dependencies]\ntokio = 1", "dependencies.tokio", ""),
    ("[dependencies]\ntokio = 2024-01-01", "dependencies.tokio", ""),
    ("[dependencies]\ntokio = { version = 2024-01-01 }", "dependencies.tokio", ""),
    ("[dependencies]\ntokio = { version = '1', features = [['a']] }", "dependencies.tokio", ""),
    ("[dependencies]\ntokio = { version = '1', features = [{ a = 1 }] }", "dependencies.tokio", ""),
    ("[dependencies]\ntokio = { version = '1', extra = { a = 1 } }", "dependencies.tokio", ""),
    ("[dependencies]\n'../x' = '1'", "dependencies.../x", ""),
    ("[dependencies]\n'a b' = '1'", "dependencies.a b", ""),
    ("[dependencies]\n'' = '1'", "dependencies.", ""),
    ("snippets = 1", "snippets", ""),
    ("[snippets]\nq = 1", "snippets.q", ""),
    ("[snippets.q]\ncontxt = 'x'", "snippets.q.contxt", "context"),
    ("[snippets.q]\ncontext = 1", "snippets.q.context", ""),
    ("[snippets.q]\ntimeout = '3'", "snippets.q.timeout", ""),
    ("[snippets.q]\ntimeout = -1", "snippets.q.timeout", ""),
    ("[snippets.q]\ntimeout = nan", "snippets.q.timeout", ""),
    ("[snippets.q]\ntimeout = inf", "snippets.q.timeout", ""),
    ("[snippets.q]\ntimeout = true", "snippets.q.timeout", ""),
    ("[snippets.q]\ncompile-timeout = 0", "snippets.q.compile-timeout", ""),
    ("[snippets.q]\nedition = 'next'", "snippets.q.edition", "2021"),
    ("[snippets.q]\ncrate-type = 'cdylib'", "snippets.q.crate-type", "lib"),
    ("[snippets.q]\ndependencies = 'a'", "snippets.q.dependencies", ""),
    ("[snippets.q]\nheading = []", "snippets.q.heading", ""),
    ("[snippets.q]\nschema = 1", "snippets.q.schema", ""),
    ("[snippets.q]\ncause = 1", "snippets.q.cause", ""),
    ("[snippets.q]\nassumption = {}", "snippets.q.assumption", ""),
    ("[snippets.q]\ncharitable = false", "snippets.q.charitable", ""),
    ("claims = 3", "claims", ""),
    ("deny = 'x'", "deny", ""),
    ("deny = ['no-such-reason']", "deny", "no-such-reason"),
    ("allow = ['neds-context']", "allow", "needs-context"),
    ("edition = ]\n", "line 1", ""),
    ("a = 1\na = 2\n", "line 2", ""),
    ('[snippets.q]\ncontext = "a\\u0000b"', "snippets.q.context", ""),
]


def test_a_broken_configuration_is_3_with_the_file_the_keys_path_and_the_nearest_key(tmp_path):
    """All in one process: the command line around it is the same for each."""
    program = (
        "import json, sys\n"
        "from pathlib import Path\n"
        "from harness import cli\n"
        "import io, contextlib\n"
        "out = []\n"
        "for text in json.load(sys.stdin):\n"
        "    Path('harness.toml').write_text(text)\n"
        "    sys.argv = ['harness', 'check', 'page.md', '-q']\n"
        "    err = io.StringIO()\n"
        "    try:\n"
        "        with contextlib.redirect_stderr(err), contextlib.redirect_stdout(io.StringIO()):\n"
        "            code = cli.run()\n"
        "    except BaseException as error:\n"
        "        code, err = repr(error), io.StringIO(repr(error))\n"
        "    out.append([code, err.getvalue()])\n"
        "json.dump(out, sys.stdout)\n"
    )
    (tmp_path / "page.md").write_text("```rust\nuse tokio as _;\n```\n")
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        input=json.dumps([text for text, _, _ in WRONG]),
        env=environment_of(),
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.stdout, done.stderr
    wrong = {}
    for (text, key, near), (code, told) in zip(WRONG, json.loads(done.stdout), strict=True):
        if code != 3 or "harness.toml" not in told or key not in told or near not in told:
            wrong[text] = (code, told)
    assert not wrong


def test_a_configuration_that_is_not_utf8_is_3(tmp_path):
    (tmp_path / "harness.toml").write_bytes(b'source = "\xff"\n')
    (tmp_path / "page.md").write_text(GOOD)
    done = harness("list", "page.md", cwd=tmp_path)
    assert done.returncode == 3
    assert "harness.toml" in done.stderr


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("context", "nowhere.rs"),
        ("charitable", "nowhere.rs"),
        ("schema", "nowhere.rs"),
        ("locks", "nowhere.rs"),
    ],
)
def test_a_file_that_the_configuration_names_and_that_is_missing_is_3(key, words, tmp_path, cache):
    table = (
        "locks = 'nowhere.rs'" if key == "locks" else f'[snippets."page/top-1"]\n{key} = "{words}"'
    )
    (tmp_path / "harness.toml").write_text(table + "\n")
    (tmp_path / "page.md").write_text(GOOD)
    done = harness("check", "page.md", cwd=tmp_path, cache=cache)
    assert done.returncode == 3
    assert "harness.toml" in done.stderr
    assert words in done.stderr


@pytest.mark.parametrize(
    "book", ["rust = 3", "book = 'x'", "[rust]\nedition = '2077'", "[book]\nsrc = 3", "x ="]
)
def test_a_broken_book_toml_is_3_with_its_name(book, tmp_path, cache):
    (tmp_path / "book.toml").write_text(book + "\n")
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "SUMMARY.md").write_text("[A](a.md)\n")
    (tmp_path / "src" / "a.md").write_text(GOOD)
    done = harness("check", ".", cwd=tmp_path, cache=cache)
    assert done.returncode == 3
    assert "book.toml" in done.stderr


def test_an_unknown_edition_is_2_on_the_command_line(tmp_path):
    (tmp_path / "page.md").write_text(GOOD)
    done = harness("check", "page.md", "--edition", "2077", cwd=tmp_path)
    assert done.returncode == 2
    assert "2024" in done.stderr


# Ids


@pytest.mark.parametrize("names", [("a.md", "a.markdown"), ("one/a.md", "two/a.md")])
def test_two_documents_with_one_id_are_3_and_both_are_named(names, tmp_path):
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(GOOD)
    done = harness("list", *names, cwd=tmp_path)
    assert done.returncode == 3
    assert all(name in done.stderr for name in names)


def test_headings_that_become_the_same_name_give_each_block_an_id_of_its_own(tmp_path):
    headings = ["A b", "A-b", "*A* b", "A  b", "a B", "A b 1", "A b-1", "!", "?", "", "Ä", "ä"]
    text = "".join(f"# {heading}\n\n{GOOD}\n{GOOD}\n" for heading in headings)
    (tmp_path / "page.md").write_text(text)
    found, done = listed(tmp_path, "page.md")
    assert done.returncode == 0
    assert len({item["id"] for item in found}) == 2 * len(headings)


def test_an_id_that_the_configuration_gives_never_takes_a_block_away(tmp_path, cache):
    (tmp_path / "harness.toml").write_text('[snippets."foo-1"]\nheading = "Bar"\n')
    page = Page().add("Foo", "let a = 1;").add("Bar", 'let b: u8 = "";')
    page.write(tmp_path)
    done = harness("check", "page.md", "--output-format", "json", cwd=tmp_path, cache=cache)
    if done.returncode == 3:
        assert "foo-1" in done.stderr
    else:
        verdicts = by_name(page, report_of_run(done))
        assert [verdicts[name]["outcome"] for name in ("Foo", "Bar")] == ["PASS", "FAIL"]


NAMES = ["CON", "..", "-", "--help", "$(id)", "a\\b", "nul.", "%00", "*?[", "\uff41", "A" * 10_000]


@pytest.mark.compiler
def test_names_that_mean_something_to_a_system_are_only_names(tmp_path, cache):
    page = Page()
    for name in NAMES:
        page.add(name, "let a = 1;")
    page.write(tmp_path)
    for name in ("CON.md", "-.md", "--help.md", "...md", "a b.md", "$(id).md"):
        (tmp_path / name).write_text(GOOD)
    before = sorted(path.name for path in tmp_path.iterdir())
    done = harness(
        "check",
        ".",
        "--workspace",
        tmp_path / "out",
        "--output-format",
        "json",
        cwd=tmp_path,
        cache=cache,
    )
    report = report_of_run(done)
    assert done.returncode == 0, done.stdout[-3000:]
    assert len({v["id"] for v in report["verdicts"]}) == len(NAMES) + 6
    assert max(len(v["id"]) for v in report["verdicts"]) <= 255
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*before, "out"])
    written = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert all(len(path.name) <= 100 for path in written)
    assert len(list((tmp_path / "out" / "std").glob("*/Cargo.toml"))) == len(NAMES) + 6


@pytest.mark.compiler
def test_a_file_name_that_is_not_utf8_is_reported_not_a_crash(tmp_path, cache):
    path = os.fsencode(tmp_path) + b"/\xff.md"
    try:
        with open(path, "wb") as file:  # noqa: PTH123 - a name in bytes
            file.write(b'```rust\nlet a: u8 = "";\n```\n')
    except OSError:
        pytest.skip("this file system takes no such name")
    for form in ("text", "concise", "json"):
        done = harness(
            "check", ".", "--output-format", form, "--workspace", "out", cwd=tmp_path, cache=cache
        )
        assert done.returncode == 1
        assert "E0308" in done.stdout


# Includes


@pytest.fixture(scope="module")
def book(tmp_path_factory, cache):
    """A book whose includes are all wrong, checked."""
    folder = tmp_path_factory.mktemp("book")
    (folder.parent / "secret.rs").write_text("fn secret() {}\n")
    source = folder / "src"
    source.mkdir()
    (folder / "book.toml").write_text('[rust]\nedition = "2021"\n')
    (source / "SUMMARY.md").write_text("[A](a.md)\n")
    (source / "loop.md").write_text("{{#include loop.md}}\n")
    (source / "one.md").write_text("{{#include two.md}}\n")
    (source / "two.md").write_text("{{#include one.md}}\n")
    (source / "bytes.rs").write_bytes(b"\xff\xfe\x00")
    (source / "link.rs").symlink_to(folder.parent / "secret.rs")
    (source / "a.md").write_text(
        "{{#include loop.md}}\n"  # 1
        "{{#include one.md}}\n"  # 2
        "{{#include a.md}}\n"  # 3
        "{{#include ../../secret.rs}}\n"  # 4
        "{{#include link.rs}}\n"  # 5
        "{{#include /etc/passwd}}\n"  # 6
        "{{#include bytes.rs}}\n"  # 7
        "{{#include nowhere.rs}}\n"  # 8
        "{{#include .}}\n"  # 9
        "\n" + GOOD
    )
    done = harness("check", ".", "--output-format", "json", cwd=folder, cache=cache)
    return done, [v for v in report_of_run(done)["verdicts"] if v["kind"] == "document"]


@pytest.mark.compiler
def test_an_include_cycle_ends_and_is_a_finding_at_its_line(book):
    done, findings = book
    assert done.returncode == 1
    assert {v["line"] for v in findings if v["path"].endswith("a.md")} >= {1, 2} or {
        v["path"].rpartition("/")[2] for v in findings
    } >= {"loop.md", "two.md"}
    assert any("a.md" in v["path"] + v["message"] and "include" in v["id"] for v in findings)


@pytest.mark.compiler
@pytest.mark.parametrize("line", [4, 5, 6, 7, 8, 9])
def test_an_include_of_what_may_not_be_read_is_a_finding_at_its_line(line, book):
    _, findings = book
    here = [v for v in findings if v["path"].endswith("src/a.md") and v["line"] == line]
    assert [v["reason"] for v in here] == ["missing-include"]
    assert here[0]["message"]
    assert "fn secret" not in json.dumps(findings)


# Blocks

EARLY = {
    "brace": "}\nfn other() {",
    "brace and module": "}\nmod more {",
    "two braces": "}}\nfn a() {{",
    "brace after code": "let a = 1; }\nfn other() { let b = 2;",
    "brace before main": "} fn main() { let x = 1;",
    "method": "fn f(&self) {} }\nimpl Other {",
    "comment open": "let a = 1; /* open",
    "comment close": "let a = 1; */",
    "string open": 'let a = "open',
    "raw string": 'let a = r#"open"',
    "bracket": "let a = [1, 2;",
    "parenthesis": "foo(1;",
    "lone bracket": "]",
    "attribute open": "#[allow(",
    "character": "let a = 'ab';",
}


@pytest.fixture(scope="module")
def blocks(tmp_path_factory, cache):
    """One page with every kind of block that attacks the program around it, checked."""
    page = Page()
    for name, code in EARLY.items():
        page.add(name, code)
        page.add(f"{name} with items", f"struct S;\nfn f() {{}}\n{code}")
    page.add("nul", "let a = 1;\0\nlet b: u8 = 2;")
    page.add("bidi", 'let a = 1;\nlet b = "\u202e\u2066x";')
    page.add("replacement", 'let a = "\ufffd";')
    page.add("form feed", "let a\x0c= 1;\x0b")
    page.add("line separators", "let a = 1; // one\u2028two\u0085three\nlet b: u8 = 300u16;")
    page.add("unknown edition", "let a = 1;", "rust,edition2077")
    page.add("info attack", "let a = 1;", "rust,--edition=2015,$(id),\u202e")
    page.add("comment edition", "let a = 1;", before='<!-- harness: edition = "2077" -->\n')
    page.add("comment broken", "let a = 1;", before="<!-- harness: timeout = -->\n")
    page.add("comment key", "let a = 1;", before="<!-- harness: timeot = 3 -->\n")
    page.add("crate cfg", '#![cfg(any())]\nlet a: u8 = "";')
    page.add("crate cfg items", '#![cfg(any())]\npub fn f() { let a: u8 = ""; }')
    page.add("no core", "#![no_core]\nlet a: u8 = 1;")
    page.add("file", 'include!("/nowhere/x.rs");')
    page.add("module", "mod nowhere;")
    page.add("crate name", '#![crate_name = "../../x"]\nlet a = 1;')
    page.add("crate type", '#![crate_type = "lib"]\nlet a: u8 = "";')
    page.add("forged", 'compile_error!("\\n{\\"message\\":\\"x\\",\\"level\\":\\"warning\\"}");')
    page.add("deep", "let a = " + "(" * 3000 + "1" + ")" * 3000 + ";")
    page.add("recursion", "macro_rules! m { ($($x:tt)*) => { m!($($x)* a) } }\nm!();")
    page.add("last", 'let last: u8 = "";')
    folder = tmp_path_factory.mktemp("blocks")
    file = page.write(folder)
    with file.open("a") as more:
        more.write("# Unclosed\n\n```rust\nlet a = 1;\n")
    unclosed = page.text.count("\n") + 3
    done = harness("check", "page.md", "--output-format", "json", cwd=folder, cache=cache)
    report = report_of_run(done)
    page.fences["Unclosed"] = unclosed
    return page, report, done


@pytest.mark.compiler
@pytest.mark.parametrize("name", [*EARLY, *(f"{name} with items" for name in EARLY)])
def test_a_block_that_closes_what_is_around_it_never_passes(name, blocks):
    page, report, _ = blocks
    verdict = by_name(page, report)[name]
    assert verdict["outcome"] == "FAIL", verdict["basis"]
    assert verdict["diagnostics"], "no place"
    lines = {d["line"] for d in verdict["diagnostics"]}
    end = page.fences[name] + 5
    assert all(page.fences[name] <= line <= end for line in lines)


@pytest.mark.compiler
def test_a_block_with_nul_fails_at_its_line(blocks):
    page, report, _ = blocks
    verdict = by_name(page, report)["nul"]
    # CommonMark reads NUL as U+FFFD, which is no Rust.
    assert verdict["outcome"] == "FAIL"
    assert verdict["diagnostics"][0]["line"] == page.fences["nul"] + 1


@pytest.mark.compiler
def test_a_bidirectional_control_is_a_finding_at_its_line_and_column(blocks):
    page, report, _ = blocks
    findings = [v for v in report["verdicts"] if v["reason"] == "bidirectional-control"]
    assert [(v["line"], v["column"]) for v in findings] == [(page.fences["bidi"] + 2, 10)]


@pytest.mark.compiler
def test_an_unclosed_fence_is_a_finding_at_its_line(blocks):
    page, report, _ = blocks
    findings = [v for v in report["verdicts"] if v["reason"] == "unclosed-fence"]
    assert [v["line"] for v in findings] == [page.fences["Unclosed"]]


@pytest.mark.compiler
@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("replacement", "PASS"),
        ("unknown edition", "PASS"),
        ("info attack", "SKIP"),
        ("file", "FAIL"),
        ("module", "FAIL"),
        ("forged", "FAIL"),
        ("recursion", "FAIL"),
        ("last", "FAIL"),
        ("crate cfg", "FAIL"),
        ("no core", "FAIL"),
        ("crate type", "FAIL"),
    ],
)
def test_an_odd_block_gets_the_outcome_that_the_compiler_gives_it(name, outcome, blocks):
    page, report, _ = blocks
    assert by_name(page, report)[name]["outcome"] == outcome


@pytest.mark.compiler
def test_a_crate_that_a_condition_takes_away_whole_is_no_pass(blocks):
    page, report, _ = blocks
    assert by_name(page, report)["crate cfg items"]["outcome"] != "PASS"


@pytest.mark.compiler
def test_line_separators_that_markdown_does_not_know_move_no_line(blocks):
    page, report, _ = blocks
    verdict = by_name(page, report)["line separators"]
    assert verdict["outcome"] == "FAIL"
    assert verdict["diagnostics"][0]["line"] == page.fences["line separators"] + 2
    last = by_name(page, report)["last"]
    assert last["diagnostics"][0]["line"] >= page.fences["last"] + 1


@pytest.mark.compiler
@pytest.mark.parametrize(
    ("name", "words"),
    [("comment edition", "edition"), ("comment broken", "TOML"), ("comment key", "timeout")],
)
def test_a_comment_that_cannot_be_read_is_a_finding_at_its_line(name, words, blocks):
    page, report, _ = blocks
    line = page.fences[name] - 1
    found = [v for v in report["verdicts"] if v["kind"] == "document" and v["line"] == line]
    assert [v["reason"] for v in found] == ["unreadable-comment"]
    assert words in found[0]["message"]


@pytest.mark.compiler
@pytest.mark.parametrize("key", ["context", "charitable", "schema"])
def test_a_file_that_a_comment_names_and_that_is_missing_is_a_finding_of_that_block_alone(
    key, tmp_path, cache
):
    page = Page().add("One", "let a = 1;", before=f'<!-- harness: {key} = "gone.rs" -->\n')
    page.add("Two", "let a = 1;").write(tmp_path)
    done = harness("check", "page.md", "--output-format", "json", cwd=tmp_path, cache=cache)
    report = report_of_run(done)
    assert by_name(page, report)["Two"]["outcome"] == "PASS"
    found = [v for v in report["verdicts"] if v["reason"] == "unreadable-comment"]
    assert [v["line"] for v in found] == [page.fences["One"] - 1]
    assert "gone.rs" in found[0]["message"]


@pytest.mark.compiler
def test_a_compiler_that_crashes_is_told_from_a_block_that_is_wrong(blocks):
    page, report, _ = blocks
    assert by_name(page, report)["deep"]["reason"] in (
        "compiler-crashed",
        "compile-error",
        "not-rust",
    )


@pytest.mark.compiler
def test_all_bad_blocks_together_end_in_findings(blocks):
    assert blocks[2].returncode == 1


def test_a_context_outside_the_repository_is_not_read_for_a_comment(tmp_path, cache):
    """A document is data: it may not make the report show what lies elsewhere."""
    (tmp_path / "secret.rs").write_text("this is secret text\n")
    inner = tmp_path / "repository"
    (inner / ".git").mkdir(parents=True)
    for name in ("../secret.rs", str(tmp_path / "secret.rs")):
        comment = f"<!-- harness: context = '{name}' -->\n"
        (inner / "page.md").write_text(comment + "```rust\nmissing();\n```\n")
        done = harness("check", "page.md", "--output-format", "json", cwd=inner, cache=cache)
        assert "secret text" not in done.stdout
        assert done.returncode in (1, 3)
        assert "secret.rs" in done.stdout + done.stderr


@pytest.mark.parametrize(
    "name",
    [".gitignore", "Cargo.toml", "Cargo.lock", ".cargo/config.toml", "included.rs", "ctx.rs"],
)
def test_a_pipe_in_a_files_place_is_not_waited_for(name, tmp_path):
    package = {"Cargo.toml": '[package]\nname = "near"\nedition = "2021"\n', "src/lib.rs": ""}
    page = "```\n{{#include included.rs}}\nlet x = 1;\n```\n"
    settings = '[snippets."page/block-1"]\ncontext = "ctx.rs"\n'
    files = package | {"page.md": page, "harness.toml": settings, "ctx.rs": "fn f() {}\n"}
    for place, text in files.items():
        if place != name:
            (tmp_path / place).parent.mkdir(exist_ok=True)
            (tmp_path / place).write_text(text)
    (tmp_path / name).parent.mkdir(exist_ok=True)
    os.mkfifo(tmp_path / name)
    (tmp_path / ".git").mkdir()
    done = harness("list", ".", cwd=tmp_path, seconds=20)
    assert done.returncode in (0, 3)
