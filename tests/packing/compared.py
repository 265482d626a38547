"""Both engines over the same paths, and what of their verdicts must be equal."""

import json
import re

from harness.pipeline import check
from harness.progress import Progress
from harness.reports.json_report import as_table
from harness.runners.executor import Executor
from tests.support import check_settings


def verdicts(paths, *, isolated, **settings):
    """Every verdict with its diagnostics, as the JSON report has it."""
    chosen = check_settings(**settings, is_isolated=isolated, is_cached=False)
    report = check(paths, chosen, Executor(), Progress(is_quiet=True))
    # A linker's own words name the folder of the run and files with names made at random.
    text = re.sub(
        r"/[^ \"\\]*/runs/run-[^ \"\\]*", "FILE", json.dumps(as_table(report)["verdicts"])
    )
    return json.loads(text)


def differences(paths, **settings):
    """How many verdicts both engines gave, and those that differ: outcome, reason, codes, places,
    words."""
    packed = verdicts(paths, isolated=False, **settings)
    isolated = verdicts(paths, isolated=True, **settings)
    assert len(packed) == len(isolated)
    pairs = zip(packed, isolated, strict=True)
    found = [
        (one["path"], one["line"], key, one[key], other[key])
        for one, other in pairs
        for key in one
        if one[key] != other[key]
    ]
    return len(packed), found
