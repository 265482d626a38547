"""The exit code of the command, run as a user runs it."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from harness.cli import run
from harness.errors import MissingToolError
from harness.files import next_step, write_atomically

ROOT = Path(__file__).parents[1]


def harness(*arguments, cwd, **environment):
    """Run the command line in a folder, with a cache of its own."""
    return subprocess.run(
        [sys.executable, "-m", "harness", *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
        timeout=300,
    )


@pytest.mark.compiler
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("```rust\nlet a = 1;\n```\n", 0),
        ('```rust\nlet a: u8 = "";\n```\n', 1),
        ('```rust,ignore\nlet a: u8 = "";\n```\n', 0),
        ("```rs\nlet a = 1;\n```\n", 0),
        ("```rust\nlet a = 1;\n```\n\n```rust\nmissing();\n```\n", 1),
        ("no block\n", 0),
    ],
)
def test_a_documents_exit_code(text, code, tmp_path):
    (tmp_path / "page.md").write_text(text)
    assert harness("check", "page.md", cwd=tmp_path).returncode == code


def test_a_folder_without_blocks_is_5(tmp_path):
    (tmp_path / "page.md").write_text("text\n")
    done = harness("check", ".", cwd=tmp_path)
    assert done.returncode == 5
    assert "no Rust block" in done.stderr


def test_a_selection_that_names_nothing_is_5(tmp_path):
    (tmp_path / "page.md").write_text("```rust\nlet a = 1;\n```\n")
    assert harness("check", "page.md", "--select", "other*", cwd=tmp_path).returncode == 5


@pytest.mark.compiler
def test_a_dependency_that_does_not_resolve_is_6(tmp_path):
    (tmp_path / "harness.toml").write_text('[dependencies]\nnothere = { path = "nowhere" }\n')
    (tmp_path / "page.md").write_text("```rust\nuse nothere::x;\n```\n")
    done = harness("check", "page.md", cwd=tmp_path)
    assert done.returncode == 6, done.stdout
    assert "dependency-broken" in done.stdout


@pytest.mark.compiler
def test_findings_win_over_what_could_not_be_told(tmp_path):
    (tmp_path / "harness.toml").write_text('[dependencies]\nnothere = { path = "nowhere" }\n')
    (tmp_path / "page.md").write_text(
        '```rust\nuse nothere::x;\n```\n\n```rust\nlet a: u8 = "";\n```\n'
    )
    assert harness("check", "page.md", cwd=tmp_path).returncode == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "nowhere.md"),
        ("check", "--nothing"),
        ("nothing",),
        ("explain", "nothing"),
        ("check", ".", "--report", "x"),
        ("check", "--config", "nowhere.toml"),
    ],
)
def test_wrong_usage_is_2(arguments, tmp_path):
    done = harness(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr


@pytest.mark.compiler
def test_exit_zero_reports_without_gating(tmp_path):
    (tmp_path / "page.md").write_text('```rust\nlet a: u8 = "";\n```\n')
    done = harness("check", "page.md", "--exit-zero", cwd=tmp_path)
    assert done.returncode == 0
    assert "E0308" in done.stdout


def page_with_a_fault(folder):
    """A page whose contract notices nothing."""
    (folder / "contracts").mkdir()
    (folder / "page.md").write_text("# Page\n\n```rust\npub fn f() -> u8 { 1 }\n```\n")
    (folder / "contracts" / "page.rs").write_text(
        "use super::*;\n#[test]\nfn it_holds() { f(); }\n"
    )
    (folder / "contracts" / "page.faults.toml").write_text(
        '[[fault]]\nline = "1"\ntest = "it_holds"\nfind = "{ 1 }"\nreplace = "{ 2 }"\nwhy = ""\n'
    )


@pytest.mark.compiler
def test_selftest_is_1_where_a_fault_goes_unnoticed_but_for_exit_zero(tmp_path):
    page_with_a_fault(tmp_path)
    done = harness("selftest", "page.md", cwd=tmp_path)
    assert (done.returncode, "MISSED" in done.stdout) == (1, True), done.stderr
    done = harness("selftest", "page.md", "--exit-zero", cwd=tmp_path)
    assert (done.returncode, "MISSED" in done.stdout) == (0, True), done.stderr


@pytest.mark.parametrize(
    ("verb", "options"),
    [
        ("selftest", ("--strict",)),
        ("selftest", ("--deny", "compiles")),
        ("selftest", ("--workspace", "units")),
        ("bench", ("--workspace", "units")),
        ("show", ("--strict",)),
        ("show", ("--exit-zero",)),
        ("watch", ("--exit-zero",)),
    ],
)
def test_an_option_that_would_do_nothing_is_refused(verb, options, tmp_path):
    (tmp_path / "page.md").write_text("```rust\nlet a = 1;\n```\n")
    done = harness(verb, "page.md", *options, cwd=tmp_path)
    assert done.returncode == 2, done.stdout
    assert options[0] in done.stderr


@pytest.mark.parametrize("options", [("--launches", "12"), ("--measure-ms", "300")])
def test_a_quick_bench_has_its_own_launches(options, tmp_path):
    (tmp_path / "page.md").write_text("text\n")
    done = harness("bench", "--quick", *options, "page.md", cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert options[0] in done.stderr
    assert "--quick" in done.stderr


def test_a_sum_that_is_wrong_is_1_at_its_place(tmp_path):
    (tmp_path / "page.md").write_text("Text.\n\nIn all 15 + 8 + 25 = 50 ms.\n")
    done = harness("claims", "page.md", "--output-format", "concise", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith("page.md:3:22: error: claim-wrong")


def test_a_sum_that_is_right_is_0(tmp_path):
    (tmp_path / "page.md").write_text("In all 15 + 8 + 25 = 48 ms.\n")
    done = harness("claims", "page.md", cwd=tmp_path)
    assert done.returncode == 0
    assert "4 claim-right" in done.stdout


def test_strict_claims_gate_on_numbers_without_account(tmp_path):
    (tmp_path / "page.md").write_text("It takes 48 ms.\n")
    assert harness("claims", "page.md", cwd=tmp_path).returncode == 0
    assert harness("claims", "page.md", "--strict", cwd=tmp_path).returncode == 1


def test_a_reference_that_is_no_report_is_3(tmp_path):
    (tmp_path / "page.md").write_text("It takes 48 ms.\n")
    (tmp_path / "r.json").write_text("[]")
    done = harness("claims", "page.md", "--report-from", "r.json", cwd=tmp_path)
    assert done.returncode == 3


@pytest.mark.parametrize("kind", ["file", "link"])
def test_a_cache_that_cannot_be_removed_is_4_and_named(kind, tmp_path):
    cache, elsewhere = tmp_path / "cache", tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept").write_text("")
    if kind == "file":
        cache.write_text("")
    else:
        cache.symlink_to(elsewhere)
    done = harness("clean", cwd=tmp_path, HARNESS_CACHE=str(cache))
    assert (done.returncode, str(cache) in done.stderr, done.stdout) == (4, True, "")
    assert cache.exists()


# What nobody foresaw


def ended(error, monkeypatch, capsys):
    """Exit code and standard error of a run that ends with an error."""

    def ends(**_):
        raise error

    monkeypatch.setattr("harness.cli.entry.main.main", ends)
    return run(), capsys.readouterr().err


@pytest.mark.parametrize(
    "error", [KeyError("x"), RecursionError(), MemoryError(), AssertionError()]
)
def test_a_defect_of_the_harness_is_6_and_no_finding(error, monkeypatch, capsys):
    code, told = ended(error, monkeypatch, capsys)
    assert code == 6
    assert "Traceback" in told
    assert type(error).__name__ in told
    assert "defect of the harness" in told.splitlines()[-1]


def test_what_a_document_holds_reaches_no_terminal_raw_by_way_of_a_defect(monkeypatch, capsys):
    _, told = ended(ValueError("\x1b[2J\n::error::x ##[group]"), monkeypatch, capsys)
    assert "\x1b" not in told
    assert "##[" not in told
    assert not any(line.lstrip().startswith("::") for line in told.splitlines())


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EMFILE])
def test_only_a_full_disk_is_told_to_be_one(number, monkeypatch, capsys):
    error = OSError(number, os.strerror(number), "/a\x1b/b")
    code, told = ended(error, monkeypatch, capsys)
    assert code == 4
    assert told.startswith("harness: /a\\x1b/b: " + os.strerror(number))
    assert ("space" in told.partition(os.strerror(number))[2]) == (
        number in (errno.ENOSPC, errno.EDQUOT)
    )


def test_a_file_that_cannot_be_written_is_no_full_disk(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(MissingToolError, match="cannot write") as told:
        write_atomically(tmp_path / "file" / "report", "x")
    assert "space" not in str(told.value)


@pytest.mark.parametrize("path", ["bases/x", "."])
def test_in_the_cache_the_variable_is_named_that_puts_it_elsewhere(path, tmp_path, monkeypatch):
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path))
    error = OSError(errno.EACCES, "no", str(tmp_path / path))
    assert next_step(error) == "name another place with HARNESS_CACHE"
    assert not next_step(OSError(errno.EACCES, "no", str(tmp_path.parent / "report")))
    assert not next_step(OSError(errno.EACCES, "no"))
