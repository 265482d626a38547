"""A report in, JUnit XML out: one suite a document, one `testcase` a verdict, at file and line.

The element names are JUnit's. What gates is a `failure`, or an `error` where nothing could be
told; what is shown, counted or known is `skipped`, with the reason as its message.
"""

from itertools import groupby
from xml.etree import ElementTree as ET

from harness.escaping import printable, xml_text
from harness.model.reasons import Level, Outcome
from harness.model.report import Report
from harness.model.verdict import Verdict
from harness.verdicts.wording import details, gone_lines, headline, place

_NAME = "harness"


def render(report: Report, is_coloured: bool) -> str:
    """The whole report."""
    del is_coloured
    root = ET.Element("testsuites", name=_NAME, time=f"{report.seconds:.3f}")
    for path, members in groupby(report.verdicts, key=lambda verdict: verdict.path):
        _suite(root, printable(path), [_element(verdict) for verdict in members])
    if gone := gone_lines(report):
        _suite(root, "baseline", [_gone(number, line) for number, line in enumerate(gone, 1)])
    for attribute in ("tests", "failures", "errors", "skipped"):
        root.set(attribute, str(sum(int(suite.get(attribute, "0")) for suite in root)))
    ET.indent(root, " ")
    return xml_text(ET.tostring(root, encoding="unicode", xml_declaration=False) + "\n")


def _suite(root: ET.Element, name: str, members: list[ET.Element]) -> None:
    suite = ET.SubElement(root, "testsuite", name=name)
    suite.set("tests", str(len(members)))
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(attribute, str(sum(1 for member in members if member.find(tag) is not None)))
    suite.extend(members)


def _element(verdict: Verdict) -> ET.Element:
    path, line, column = place(verdict)
    element = ET.Element("testcase")
    element.set("classname", printable(verdict.path))
    element.set("name", _named(verdict))
    element.set("file", printable(path))
    element.set("line", str(line))
    element.set("column", str(column))
    if (tag := _tag(verdict)) is not None:
        outcome = ET.SubElement(element, tag, message=headline(verdict), type=verdict.reason.value)
        if tag != "skipped":
            lines = (f"{printable(path)}:{line}:{column}: {headline(verdict)}", *details(verdict))
            # Each line is set in, so that none begins with what a document wrote.
            outcome.text = "".join(f"\n | {text}" for text in lines) + "\n"
    return element


def _named(verdict: Verdict) -> str:
    """The id; findings beside the verdict on a block add their reason, so that names differ."""
    suffix = f" ({verdict.reason.value})" if verdict.kind == "document" else ""
    return printable(verdict.id) + suffix


def _tag(verdict: Verdict) -> str | None:
    if verdict.effective_level is Level.ERROR:
        return "error" if verdict.outcome is Outcome.ERROR else "failure"
    return None if verdict.outcome is Outcome.PASS else "skipped"


def _gone(number: int, line: str) -> ET.Element:
    element = ET.Element("testcase", classname="baseline", name=f"gone-{number}")
    ET.SubElement(element, "failure", message=line, type="gone")
    return element
