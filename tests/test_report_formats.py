"""Every report format, from one run on one broken book whose text attacks each of them."""

import json
import os
import re
import subprocess
import xml.etree.ElementTree as ET
from contextlib import chdir
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import jsonschema
import junitparser
import pytest
from markdown_it import MarkdownIt

from harness.escaping import printable
from harness.model.reasons import Level, Outcome, Reason
from harness.model.report import Environment, Report
from harness.model.verdict import Verdict
from harness.pipeline import check
from harness.progress import Progress
from harness.reports import FORMATS, github_summary, renderer, sarif
from harness.runners.executor import Executor
from harness.verdicts.gate import exit_code
from harness.verdicts.grouping import group_findings
from tests.command_line import harness
from tests.support import check_settings

ATTACKS = (
    "::error file=a.md,line=1::pwned",
    "  ::stop-commands::pwned",
    "##[error]pwned",
    "##vso[task.complete result=Succeeded]pwned",
    "##TeamCity[buildStatus text='pwned']",
    "]]></failure><testcase name='pwned'/><!--",
    "<script>pwned</script><img src=x onerror=pwned>",
    "| pwned | [a](http://pwned) ![b](http://pwned) **b** @pwned #1 www.pwned.com",
    "```\n# pwned\n```",
    "````\n<b>pwned</b>",
    "%0A::error::pwned%25 a,b:c",
    "\x1b[31mpwned\x1b]0;title\x07 \x9b1m \u202epwned\u2028::error::pwned\ufffe",
    "&lt;pwned&gt; &#60;b&#62; \\| \\",
    "\"quoted\" 'quoted'",
)
NAME = "::error file=x,line=1::%0A `a` <b> & | ##[error]x %41.md"


def raw(text):
    """A Rust raw string, and the fence around a block that holds the text."""
    return f'r######"{text}"######'


def broken_book():
    """A chapter whose blocks each carry one attack in source, message, info string and heading."""
    parts = ["# Plain\n\n```rust\nlet a = 1;\n```\n"]
    for attack in ATTACKS:
        first = attack.strip().split("\n")[0]
        parts.append(
            f"# {first}\n\n~~~~~rust\nlet a: u8 = {raw(attack)};\n~~~~~\n\n"
            f"~~~~~rust\ncompile_error!({raw(attack)});\n~~~~~\n\n"
            f"~~~~~rust,no_runn,{first.replace(' ', '')}\nlet a = 1;\n~~~~~\n\n"
            f"~~~~~rust\npanic!({raw('{}')}, {raw(attack)});\n~~~~~\n\n"
        )
    return "".join(parts)


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    folder = tmp_path_factory.mktemp("repository")
    (folder / ".git").mkdir()
    (folder / NAME).write_text(broken_book(), encoding="utf-8")
    (folder / "other.md").write_text("```rust\nnowhere();\n```\n```rust,ignore\n1\n```\n")
    return folder


@pytest.fixture(scope="module")
def report(book):
    with chdir(book):
        return check([book], check_settings("test"), Executor(), Progress(is_quiet=True))


def rendered(report, name, is_coloured=False):
    return renderer(name)(report, is_coloured)


pytestmark = pytest.mark.compiler

SGR = re.compile(r"\x1b\[[0-9;]*m")
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029\u2066-\u2069\ufffe]")


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("is_coloured", [False, True])
def test_no_ci_and_no_terminal_obeys_what_a_document_wrote(report, name, is_coloured):
    text = rendered(report, name, is_coloured)
    if is_coloured:
        text = SGR.sub("", text)
    assert "pwned" in text
    assert CONTROL.findall(text) == []
    assert re.findall(r"(?i)##(?:\[|vso\[|teamcity\[)", text) == []
    commands = [line for line in text.split("\n") if line.lstrip().startswith("::")]
    if name == "github":
        assert all(re.match(r"::(error|warning|notice) ", line) for line in commands)
        assert 0 < len(commands) <= 23
    else:
        assert commands == []
    text.encode("utf-8")


def test_the_attacks_arrive_at_their_blocks(report):
    reasons = [v.reason for v in report.verdicts if v.kind == "snippet"]
    assert len(reasons) == 3 + 4 * len(ATTACKS)
    assert reasons.count(Reason.COMPILE_ERROR) >= 2 * len(ATTACKS)
    # The one with a direction mark in a literal does not compile.
    assert reasons.count(Reason.PANICKED) == len(ATTACKS) - 1
    assert exit_code(report) == 1


def test_the_findings_stand_in_every_format(report):
    found = [v for v in report.verdicts if v.effective_level is Level.ERROR]
    assert len(found) > 40
    concise = rendered(report, "concise")
    tree = ET.fromstring(rendered(report, "junit"))
    log = json.loads(rendered(report, "sarif"))
    listed = json.loads(rendered(report, "json"))
    ids = {v.id for v in found}
    assert all(f"[{printable(name)}]" in concise for name in ids)
    assert {e.get("name") for e in tree.iter("testcase") if e.find("failure") is not None} == {
        printable(name) for name in ids
    }
    results = log["runs"][0]["results"]
    assert {r["properties"]["id"] for r in results if r["level"] == "error"} == ids
    assert {v["id"] for v in listed["verdicts"] if v["level"] == "error"} == ids


# JSON


def schema():
    return json.loads(files("harness.reports").joinpath("schema.json").read_text())


def test_the_json_report_keeps_to_its_schema(report):
    jsonschema.Draft202012Validator.check_schema(schema())
    table = json.loads(rendered(report, "json"))
    jsonschema.validate(table, schema())
    counts = table["summary"]
    names = ("pass", "fail", "could_not_tell", "known", "ignored", "skip")
    assert counts["blocks"] == sum(counts[name] for name in names)
    assert table["verdicts"][1]["path"] == NAME


@pytest.mark.parametrize("key", ["schema", "summary", "verdicts", "environment", "baselines"])
def test_the_schema_refuses_what_lacks_a_field(report, key):
    table = json.loads(rendered(report, "json"))
    del table[key]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(table, schema())


def test_the_schema_is_published(tmp_path):
    done = harness("explain", "--schema", cwd=tmp_path)
    assert json.loads(done.stdout) == schema()


# JUnit


def test_junit_opens_in_its_readers(report):
    text = rendered(report, "junit")
    suites = junitparser.JUnitXml.fromstring(text.encode())
    elements = [element for suite in suites for element in suite]
    assert suites.tests == len(elements) == len(report.verdicts)
    kinds = [type(item) for element in elements for item in element.result]
    assert suites.failures == kinds.count(junitparser.Failure)
    assert suites.skipped == kinds.count(junitparser.Skipped)
    assert suites.failures == sum(
        1
        for v in report.verdicts
        if v.effective_level is Level.ERROR and v.outcome is not Outcome.ERROR
    )
    assert len({(e.classname, e.name) for e in elements}) == len(elements)


def test_junit_names_file_line_and_column(report):
    tree = ET.fromstring(rendered(report, "junit"))
    element = next(e for e in tree.iter("testcase") if e.get("name") == "other/top-1")
    assert (element.get("file"), element.get("line"), element.get("column")) == (
        "other.md",
        "2",
        "1",
    )
    failure = element.find("failure")
    assert "other.md:2:1" in failure.text
    assert "nowhere" in failure.get("message")


# SARIF


def sarif_schema(folder):
    """The official schema, where Cargo puts the crate that carries it."""
    (folder / "src").mkdir()
    (folder / "src" / "lib.rs").write_text("")
    (folder / "Cargo.toml").write_text(
        '[package]\nname = "probe"\nversion = "0.0.0"\nedition = "2021"\n'
        '[dependencies]\nserde-sarif = "=0.8.0"\n[workspace]\n'
    )
    fetched = subprocess.run(["cargo", "fetch"], cwd=folder, capture_output=True, check=False)
    if fetched.returncode and not os.environ.get("CI"):
        pytest.skip("the crate serde-sarif cannot be fetched here")
    assert fetched.returncode == 0, fetched.stderr.decode()
    told = subprocess.run(
        ["cargo", "metadata", "--format-version=1", "--offline"],
        cwd=folder,
        capture_output=True,
        check=True,
    )
    packages = json.loads(told.stdout)["packages"]
    manifest = next(p["manifest_path"] for p in packages if p["name"] == "serde-sarif")
    return json.loads((Path(manifest).parent / "src" / "schema.json").read_text())


@pytest.mark.network
def test_sarif_keeps_to_the_official_schema(report, tmp_path):
    official = sarif_schema(tmp_path)
    kind = jsonschema.validators.validator_for(official)
    kind.check_schema(official)
    log = json.loads(rendered(report, "sarif"))
    assert list(kind(official, format_checker=kind.FORMAT_CHECKER).iter_errors(log)) == []
    assert log["runs"][0]["results"]
    log["runs"][0]["results"][0]["level"] = "fatal"
    assert list(kind(official).iter_errors(log))


def test_sarif_paths_are_relative_uris_and_rules_are_the_reasons(report):
    run = json.loads(rendered(report, "sarif"))["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert [r["id"] for r in rules] == [r.value for r in Reason if r.outcome is not Outcome.PASS]
    for result in run["results"]:
        if "ruleIndex" in result:
            assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"[A-Za-z0-9_.~/%-]+", uri)


def fingerprints(folder):
    with chdir(folder):
        report = check([folder], check_settings(), Executor(), Progress(is_quiet=True))
    results = json.loads(rendered(report, "sarif"))["runs"][0]["results"]
    return {r["properties"]["id"]: r["partialFingerprints"] for r in results}


def test_sarif_fingerprints_outlive_lines_and_blocks_above(tmp_path):
    block = '```rust\nlet a: u8 = "";\n```\n'
    other = '```rust\nlet b: u8 = "";\n```\n'
    (tmp_path / "page.md").write_text(f"# A\n{block}{block}")
    before = fingerprints(tmp_path)
    key = "primaryLocationLineHash"
    assert before["page/a-1"][key] != before["page/a-2"][key]
    (tmp_path / "page.md").write_text(f"text\n\n# A\nmore\n\n{block}{block}")
    assert fingerprints(tmp_path) == before
    (tmp_path / "page.md").write_text(f"# A\n{other}{block}{block}")
    after = fingerprints(tmp_path)
    assert [after[f"page/a-{n}"][key] for n in (2, 3)] == [
        before[f"page/a-{n}"][key] for n in (1, 2)
    ]


def synthetic(count, message="m", reason=Reason.COMPILE_ERROR):
    """A report of that many findings."""
    environment = Environment("0", "1.95.0", "t", "local", "auto", "added", "check")
    verdicts = tuple(
        Verdict(f"page/a-{n}", "snippet", "page.md", n, 1, reason, message)
        for n in range(1, count + 1)
    )
    return Report(environment, verdicts, (), 1, (), 0.0, 0)


def test_sarif_keeps_within_the_number_of_results_and_counts_the_rest():
    report = synthetic(sarif.MOST_RESULTS + 3)
    mild = replace(report.verdicts[0], level=Level.NOTE)
    run = json.loads(rendered(replace(report, verdicts=(mild, *report.verdicts[1:])), "sarif"))
    run = run["runs"][0]
    assert len(run["results"]) == sarif.MOST_RESULTS
    assert run["properties"]["leftOut"] == 3
    told = run["invocations"][0]["toolExecutionNotifications"]
    assert "3 findings were left out" in told[0]["message"]["text"]
    assert all(result["level"] == "error" for result in run["results"])


def test_sarif_keeps_within_the_size(monkeypatch):
    monkeypatch.setattr(sarif, "MOST_BYTES", 20_000)
    run = json.loads(rendered(synthetic(4000), "sarif"))["runs"][0]
    assert 0 < len(run["results"]) < 4000
    assert run["properties"]["leftOut"] == 4000 - len(run["results"])


# GitHub


def read_command(line):
    """A workflow command as GitHub's runner reads it: kind, properties, data."""
    head, data = re.fullmatch(r"::(.*?)::(.*)", line).groups()
    kind, _, told = head.partition(" ")
    properties = {}
    for pair in told.split(","):
        key, _, value = pair.partition("=")
        for mark, text in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
            value = value.replace(mark, text)
        properties[key] = value
    for mark, text in (("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        data = data.replace(mark, text)
    return kind, properties, data


def commands(report):
    lines = rendered(report, "github").splitlines()
    return [read_command(line) for line in lines if line.startswith("::")]


def test_annotations_are_the_worst_ten_and_say_what_is_left_out(report):
    found = commands(report)
    kinds = [kind for kind, _, _ in found]
    assert kinds.count("error") == 10
    assert kinds.count("warning") == 10
    assert kinds.index("warning") > max(n for n, kind in enumerate(kinds) if kind == "error")
    groups = group_findings(report.verdicts)
    errors = [g for g in groups if g.verdicts[0].effective_level is Level.ERROR]
    notice = next(data for kind, _, data in found if kind == "notice")
    assert notice.startswith(f"{len(errors) - 10} more of level error")


def test_annotations_come_out_of_githubs_escaping_as_they_went_in(report):
    groups = group_findings(report.verdicts)
    for (kind, properties, data), group in zip(commands(report)[:10], groups, strict=False):
        verdict = group.verdicts[0]
        assert kind == "error"
        assert properties["file"] == printable(NAME)
        assert properties["title"] == f"harness: {verdict.reason.value}"
        assert int(properties["line"]) >= verdict.line
        assert f"[{printable(verdict.id)}]" in data


def test_the_step_summary_holds_no_markup_of_a_document(report):
    text = rendered(report, "github-summary")
    tokens = MarkdownIt("gfm-like", {"html": True, "linkify": False}).parse(text)
    kinds = {t.type for t in tokens} | {c.type for t in tokens for c in t.children or ()}
    assert not kinds & {"html_block", "image", "link_open", "strong_open", "em_open"}
    inline = {c.content for t in tokens for c in t.children or () if c.type == "html_inline"}
    assert inline == {"<code>", "</code>"}
    rows = sum(1 for t in tokens if t.type == "tr_open")
    assert rows == 9 + 1 + len(group_findings(report.verdicts))
    fences = [t.content for t in tokens if t.type == "fence"]
    assert len(fences) > 5
    assert any("````" in content for content in fences)
    assert [t.content for t in tokens if t.type == "heading_open"] == [""]


@pytest.mark.parametrize("text", ["", "```", "a\n````\nb", "`" * 9, "~~~", "``` x"])
def test_a_fence_holds_what_looks_like_its_end(text):
    tokens = MarkdownIt().parse(github_summary.fenced(text) + "after\n")
    assert [t.content for t in tokens if t.type == "fence"] == [text + "\n"]
    assert [t.content for t in tokens if t.type == "inline"] == ["after"]


def test_the_step_summary_stays_below_its_cap():
    report = synthetic(30_000, "a message of some length, " * 5)
    text = rendered(report, "github-summary")
    assert len(text.encode()) <= github_summary.MOST_BYTES
    shown = text.count("| error |")
    assert f"{30_000 - shown} more findings are left out" in text


# All from one run


def test_one_run_writes_every_format(book, tmp_path):
    asked = [f"--report={name}={tmp_path / name}" for name in FORMATS]
    done = harness("check", ".", "-q", *asked, cwd=book)
    assert done.returncode == 1
    assert done.stdout == (tmp_path / "text").read_text()
    assert all((tmp_path / name).stat().st_size for name in FORMATS)
    times = re.findall(r'"seconds": ([0-9.]+)', (tmp_path / "json").read_text())
    assert f'time="{float(times[0]):.3f}"' in (tmp_path / "junit").read_text()


def test_the_format_of_standard_output_has_a_variable(book):
    done = harness("check", "other.md", "-q", cwd=book, HARNESS_OUTPUT_FORMAT="github")
    assert done.stdout.startswith("::error file=other.md,line=2,col=1,")


def test_a_document_without_blocks_is_one_line(tmp_path):
    (tmp_path / "page.md").write_text("text\n")
    done = harness("check", "page.md", "-q", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.count("\n") == 1
    assert "no Rust block" in done.stdout
