"""Reports: one module a format, and the table of them."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.model.report import Report

FORMATS = {
    "text": "harness.reports.text",
    "concise": "harness.reports.concise",
    "json": "harness.reports.json_report",
    "junit": "harness.reports.junit",
    "sarif": "harness.reports.sarif",
    "github": "harness.reports.github",
    "github-summary": "harness.reports.github_summary",
}
"""Format → the module whose `render(report, style)` writes it."""


def renderer(name: str) -> "Callable[[Report, bool], str]":
    """The function that turns a report into text; the second argument asks for colour."""
    render: Callable[[Report, bool], str] = import_module(FORMATS[name]).render
    return render
