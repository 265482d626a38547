"""docs/benches-by-page.md names the benches that claims of the shipped edition bind."""

import re
import tomllib

from tests.command_line import ROOT

TABLE = ROOT / "docs" / "benches-by-page.md"
CLAIMS = ROOT / "snippets" / "chain-systems" / "claims"


def test_each_page_has_the_benches_that_the_table_names():
    named = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if match := re.match(r"\| (q\d\d) \| [^|]* \| ([^|]*) \|", line):
            named[match[1]] = set(re.findall(r"`(\w+)`", match[2]))
    bound = {}
    for file in CLAIMS.glob("*.toml"):
        claims = tomllib.loads(file.read_text(encoding="utf-8"))["claims"].values()
        bound[file.name[:3]] = {claim["bench"] for claim in claims if "bench" in claim}
    # `--deps real` in the cell of a page is no bench: options have dashes.
    assert len(named) == 28
    assert named == bound
    assert all(bound.values()), "a page without a bench"
