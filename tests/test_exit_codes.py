"""The exit code of the command, run as a user runs it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

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
