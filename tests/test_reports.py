"""Reports: every promised field, and nothing that a document wrote reaches a terminal raw."""

import json
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from harness.escaping import printable
from tests.command_line import Page, by_name, harness, report_of_run

VERDICT_FIELDS = {
    "id",
    "kind",
    "path",
    "line",
    "column",
    "outcome",
    "reason",
    "level",
    "as_rustdoc",
    "codes",
    "basis",
    "info",
    "message",
    "diagnostics",
}
DIAGNOSTIC_FIELDS = {"path", "line", "column", "code", "level", "text"}
KINDS = {"snippet", "contract", "bench", "claim", "document"}
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")


@pytest.fixture(scope="module")
def attacked(tmp_path_factory):
    """A document whose every part attacks whatever prints it, in all formats from one run."""
    folder = tmp_path_factory.mktemp("attacked")
    page = Page()
    page.add("plain", "let a = 1;")
    page.add("\x1b[31mred\x1b[0m ::error::x", 'let a: u8 = "\x1b[2J";')
    page.add("bidi \u202e\u2066", 'let b: u8 = "\u202e\u2066";')
    page.add("text", '// \x1b]0;title\x07\nlet c: u8 = "::error file=a::b";')
    page.add("names", "let \u200eword = missing\u0301;\nmissing_one();\nmissing_two();")
    page.add("macro", 'compile_error!("\\n::error::injected\\n::set-output name=a::b\\u{1b}[31m");')
    page.add("markup", 'let a: u8 = "[bold]x[/bold] :smile: <b>&amp;</b> | `x`";')
    page.add("info", "let a = 1;", "rs,::error::x,\x1b[31m,\u202e")
    page.add("misspelt", "let a = 1;", "rust,no-run\x1b[31m,should_panics")
    page.add("comment", "let a = 1;", before='<!-- harness: "\x1b[31m\u202e" = 1 -->\n')
    page.add("crate", "use no_such_crate::x;")
    page.add("other crate", "use no_such_crate::y;")
    page.add("ignored", "let a = 1;", "rust,ignore")
    page.add("warns", "#![warn(unused)]\nlet a = 1;")
    page.write(folder, "::error::page.md")
    (folder / "line\nbreak\x1b[31m.md").write_text('```rust\nlet a: u8 = "";\n```\n')
    done = harness(
        "check",
        ".",
        "--output-format",
        "json",
        "--report",
        "text=out/text",
        "--report",
        "concise=out/concise",
        "--report",
        "json=out/json",
        cwd=folder,
    )
    return page, done, folder / "out"


@pytest.fixture(scope="module")
def report(attacked):
    return report_of_run(attacked[1])


@pytest.mark.compiler
def test_every_report_of_a_run_says_the_same(attacked, report):
    again = json.loads((attacked[2] / "json").read_text())
    assert again["verdicts"] == report["verdicts"]
    errors = sum(v["level"] in ("error", "warning") for v in report["verdicts"])
    assert len((attacked[2] / "concise").read_text().splitlines()) == errors


@pytest.mark.compiler
def test_json_has_the_fields_that_are_promised(report):
    assert report["schema"] == 1
    assert {"environment", "summary", "verdicts"} <= set(report)
    assert {"rustc", "target", "runner", "harness"} <= set(report["environment"])
    for verdict in report["verdicts"]:
        assert set(verdict) >= VERDICT_FIELDS
        assert verdict["kind"] in KINDS
        assert verdict["outcome"] in ("PASS", "FAIL", "SKIP", "ERROR")
        assert verdict["level"] in ("none", "note", "warning", "error")
        assert verdict["as_rustdoc"] in ("PASS", "FAIL", None)
        assert {"dependencies", "context"} <= set(verdict["basis"])
        assert verdict["basis"]["dependencies"] in ("none", "real", "stub", "fictional")
        assert verdict["basis"]["context"] in ("none", "given", "added")
        assert verdict["line"] >= 1
        assert verdict["column"] >= 1
        for diagnostic in verdict["diagnostics"]:
            assert set(diagnostic) >= DIAGNOSTIC_FIELDS
            assert diagnostic["level"] in ("error", "warning", "panic")
            assert diagnostic["line"] >= 1
            assert diagnostic["column"] >= 1


@pytest.mark.compiler
def test_the_counts_of_a_report_add_up(report):
    summary = report["summary"]
    snippets = [v for v in report["verdicts"] if v["kind"] == "snippet"]
    parts = ("pass", "fail", "could_not_tell", "ignored", "skip")
    assert summary["blocks"] == len(snippets) == sum(summary[part] for part in parts)
    assert sum(summary["ignored_as"].values()) == summary["ignored"]
    assert sum(summary["reasons"].values()) == len(report["verdicts"])
    assert summary["tested_by_rustdoc"] + summary["looked_at_by_us_only"] == len(snippets)


@pytest.mark.compiler
def test_each_block_has_one_verdict(attacked, report):
    own = [v for v in report["verdicts"] if v["path"].startswith("::error")]
    by_name(attacked[0], report | {"verdicts": own})
    ids = [v["id"] for v in report["verdicts"] if v["kind"] == "snippet"]
    assert len(set(ids)) == len(ids)


@pytest.mark.compiler
@pytest.mark.parametrize("form", ["text", "concise"])
def test_no_control_or_direction_character_of_a_document_is_printed(form, attacked):
    text = (attacked[2] / form).read_text()
    assert not CONTROL.search(text.replace("\t", " "))
    assert "\\x1b" in text


@pytest.mark.compiler
@pytest.mark.parametrize("form", ["text", "concise"])
def test_no_line_of_a_report_begins_with_what_a_ci_obeys(form, attacked):
    lines = (attacked[2] / form).read_text().split("\n")
    assert not [line for line in lines if line.lstrip().startswith(("::", "##["))]


@pytest.mark.compiler
def test_markup_of_a_document_is_text(attacked):
    text = (attacked[2] / "text").read_text()
    assert "[bold]x[/bold] :smile: <b>&amp;</b>" in text


@pytest.mark.compiler
def test_a_concise_line_is_one_finding_that_a_tool_can_take_apart(attacked):
    form = re.compile(
        r"(?P<path>.+?\.md):(\d+):(\d+): (error|warning): [a-z-]+( \w+(,\w+)*)?"
        r"(: .*)? \[.+\]"
    )
    for line in (attacked[2] / "concise").read_text().splitlines():
        assert form.fullmatch(line), line


@pytest.mark.compiler
def test_blocks_with_one_cause_are_one_group_with_one_cure(attacked):
    text = (attacked[2] / "text").read_text()
    assert len(re.findall(r"no crate no_such_crate", text)) == 1
    assert "2 blocks: no crate no_such_crate" in text
    assert "[dependencies]" in text


@pytest.mark.compiler
def test_text_puts_the_worst_first_and_ends_with_the_exit_code(attacked):
    lines = (attacked[2] / "text").read_text().splitlines()
    levels = [m[1] for line in lines if (m := re.match(r"(error|warning)\[", line))]
    assert levels == sorted(levels)
    assert {"error", "warning"} <= set(levels)
    assert lines[-1].startswith("exit")
    assert str(attacked[1].returncode) in lines[-1]


def coloured(folder, **environment):
    (folder / "page.md").write_text('```rust\nlet a: u8 = "";\n```\n')
    return harness("check", "page.md", cwd=folder, **environment).stdout


@pytest.mark.compiler
def test_colour_is_asked_for_and_no_color_wins(tmp_path):
    assert "\x1b[" not in coloured(tmp_path, NO_COLOR=None, FORCE_COLOR=None)
    assert "\x1b[" in coloured(tmp_path, NO_COLOR=None, FORCE_COLOR="1")
    assert "\x1b[" not in coloured(tmp_path, NO_COLOR="1", FORCE_COLOR="1")
    assert "\x1b[" in coloured(tmp_path, NO_COLOR="", FORCE_COLOR="1")


@pytest.mark.compiler
def test_machine_output_stands_alone_on_standard_output(tmp_path):
    page = Page()
    for number in range(4):
        page.add(f"block {number}", f"let a = {number};")
    page.write(tmp_path)
    done = harness("check", "page.md", "--output-format", "json", cwd=tmp_path)
    json.loads(done.stdout)
    quiet = harness("check", "page.md", "-q", "--output-format", "concise", cwd=tmp_path)
    assert quiet.stdout == ""
    assert quiet.stderr == ""


@pytest.mark.compiler
def test_show_prints_nothing_raw(tmp_path):
    page = Page().add("a \x1b[31m", '// \x1b[2J \u202e\nlet a: u8 = "\x1b";')
    page.write(tmp_path)
    done = harness("show", "page.md:5", cwd=tmp_path)
    assert "E0308" in done.stdout
    assert not CONTROL.search(done.stdout.replace("\t", " "))


def test_list_prints_nothing_raw(tmp_path):
    page = Page().add("a \x1b[31m \u202e", "let a = 1;", "rust,\x1b[31m")
    page.write(tmp_path, "::a\x1b.md")
    done = harness("list", ".", cwd=tmp_path)
    assert not CONTROL.search(done.stdout)
    assert not any(line.startswith("::") for line in done.stdout.splitlines())


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "\x1b[31m\u202e.md"],
        ["check", ".", "--select", "\x1b[31m"],
        ["explain", "\x1b[31m"],
        ["check", ".", "--deny", "\x1b[31m"],
        ["check", ".", "--config", "\x1b[31m"],
    ],
)
def test_an_error_message_prints_nothing_raw(arguments, tmp_path):
    (tmp_path / "page.md").write_text("```rust\n1;\n```\n")
    done = harness(*arguments, cwd=tmp_path)
    assert done.returncode != 0
    assert not CONTROL.search(done.stderr)


def test_an_error_in_a_configuration_prints_nothing_raw(tmp_path):
    (tmp_path / "page.md").write_text("```rust\n1;\n```\n")
    (tmp_path / "harness.toml").write_text('"\\u001b[31m\\n::error::x" = 1\n')
    done = harness("list", "page.md", cwd=tmp_path)
    assert done.returncode == 3
    assert not CONTROL.search(done.stderr)
    assert not any(line.startswith("::") for line in done.stderr.splitlines())


@given(st.text())
@example("\x1b[31m\n::error::")
@example("\u202e\u2066\u200f\ufeff\ud800")
def test_printable_text_stays_on_its_line_and_says_what_it_was(text):
    shown = printable(text)
    assert not CONTROL.search(shown.replace("\t", " "))
    assert "\n" not in shown
    shown.encode()
    if not CONTROL.search(text) and "\n" not in text and "\ufeff" not in text:
        assert shown == text or any(0xD800 <= ord(c) <= 0xDFFF for c in text)
