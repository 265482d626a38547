"""A/A and A/B in short: one program against itself, and against one with a fifth more work.

The long run, whose numbers count, is `nox -s measuring`; a busy machine leaves pairs undecided,
so this one demands only that nothing is told that is not so.
"""

from dataclasses import replace

import pytest

from benchmarks.repeat import BENCHES, PAGE, pairs
from harness.bench_pipeline import program_of
from harness.files import cache_folder
from harness.measuring.comparing import Change
from harness.progress import Progress
from tests.support import check_settings

pytestmark = [pytest.mark.compiler, pytest.mark.network]


def test_the_same_program_is_no_change_and_more_work_is_never_less(tmp_path):
    page = tmp_path / "work.md"
    page.write_text(PAGE, encoding="utf-8")
    (tmp_path / "benches").mkdir()
    (tmp_path / "benches" / "work.rs").write_text(BENCHES, encoding="utf-8")
    settings = replace(check_settings("bench"), is_isolated=True, is_cached=False)
    quiet = Progress(is_quiet=True)
    with program_of(page, settings, cache_folder(), quiet) as (launcher, program):
        same = pairs(launcher, program, 10, "usual")
        more = pairs(launcher, program, 5, "more")
    assert same[Change.WORSE] + same[Change.BETTER] <= 1, same
    assert not more[Change.BETTER] + more[Change.SAME], more
