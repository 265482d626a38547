"""Which names are told to be missing, from what the compiler marks."""

import pytest

from harness.pipeline import check
from harness.progress import Progress
from harness.runners.executor import Executor
from tests.support import check_settings

NAMED = {
    "a use": "use nowhere::Thing;",
    "a path": "nowhere::thing();",
    "extern crate": "extern crate nowhere;\n\nfn main() {}",
    "renamed": "pub extern crate nowhere as other;\n\nfn main() {}",
    "a raw name": "extern crate r#nowhere;\n\nfn main() {}",
    "macros of it": "#[macro_use]\nextern crate nowhere;\n\nfn main() {}",
}


@pytest.mark.compiler
def test_a_crate_that_is_not_there_is_named(tmp_path):
    blocks = "\n".join(f"```\n{code}\n```\n" for code in NAMED.values())
    page = tmp_path / "page.md"
    page.write_text(blocks)
    chosen = check_settings(cache=tmp_path / "cache", deps="stub", edition="2021")
    report = check([page], chosen, Executor(), Progress(is_quiet=True))
    told = [(v.reason.value, v.names) for v in report.verdicts]
    assert told == [("unknown-crate", ("nowhere",))] * len(NAMED)
