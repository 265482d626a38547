"""The published blocks of the reference document under the contracts: which promises they keep.

Most of them break some: those are findings about the document, and stand in
docs/published.md. What cannot be run has a reason there. Blocks that need heavy crates are
run with `nox -s contracts_real`.
"""

import re
import tomllib
from pathlib import Path

import pytest

from harness.pipeline import check
from harness.progress import Progress
from harness.runners.executor import Executor
from tests.support import check_settings

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "fixtures" / "reference-document"
BLOCKS = tomllib.loads((FOLDER / "harness.toml").read_text())["snippets"]
SOURCE = (FOLDER / tomllib.loads((FOLDER / "harness.toml").read_text())["source"]).resolve()
PUBLISHED = tomllib.loads((FOLDER / "published.toml").read_text())

pytestmark = pytest.mark.skipif(not SOURCE.is_file(), reason="../shared/seeds is absent")


def _needs_real(name):
    return BLOCKS[name].get("contract", "").endswith(".real.rs")


HEAVY = sorted(name for name in BLOCKS if _needs_real(name))


def test_each_block_is_adapted_or_has_a_reason():
    assert sorted(PUBLISHED) == sorted(BLOCKS)
    assert len(PUBLISHED) == 28
    for name, told in PUBLISHED.items():
        assert ("fakes" in told) == ("contract" in BLOCKS[name]), name
        assert len(told) == 1, name


def test_no_adapter_touches_the_text():
    for file in (FOLDER / "contracts").glob("*.rs"):
        assert any(
            s.get("contract", "").startswith(f"contracts/{file.name[:3]}") for s in BLOCKS.values()
        )
        assert "macro_rules" not in file.read_text(), file
    for name, settings in BLOCKS.items():
        if "contract" in settings:
            assert (FOLDER / settings["contract"]).is_file(), name


@pytest.fixture(
    scope="module",
    params=["light", *(pytest.param(name, marks=pytest.mark.real) for name in HEAVY)],
)
def side(request):
    """The blocks that need light crates only, or one that needs a heavy crate."""
    return request.param


@pytest.fixture(scope="module")
def verdicts(side):
    light = [name for name in BLOCKS if "contract" in BLOCKS[name] and name not in HEAVY]
    select = tuple(f"*/{name}" for name in (light if side == "light" else [side]))
    deps = "auto" if side == "light" else "real"
    settings = check_settings("test", deps=deps, select=select, compile_seconds=600.0)
    report = check([FOLDER], settings, Executor(), Progress(is_quiet=True))
    return [v for v in report.verdicts if v.kind == "contract"]


@pytest.mark.compiler
def test_every_promise_has_its_golden_outcome(verdicts, side, bless):
    lines = []
    for verdict in verdicts:
        name, _, test = verdict.id.rsplit("/", 3)[1:]
        told = re.match(r"Q(\d+)\.\d+ ", verdict.message)
        assert told, verdict
        assert int(told[1]) == int(name[1:])
        promise = (
            verdict.message.split(":")[0] if verdict.outcome.value == "FAIL" else verdict.message
        )
        lines.append(f"{name}  {verdict.reason.value:<14} {test}\n")
        assert promise
    assert lines
    bless(FOLDER / f"published-{side}.txt", "".join(sorted(lines)))


def _outcomes():
    for side in ("light", *HEAVY):
        golden = FOLDER / f"published-{side}.txt"
        for line in golden.read_text().splitlines() if golden.is_file() else ():
            name, reason, test = line.split()
            yield name, reason == "kept", test


def _promises(name):
    """Test → its promise, as the contract's documentation says it."""
    text = (FOLDER / BLOCKS[name]["contract"]).read_text()
    found = re.findall(r"/// (Q\d+\.\d+ [^\n]+)\n(?:#[^\n]+\n)+(?:async )?fn (\w+)", text)
    return {test: promise for promise, test in found}


def test_the_page_lists_them_all(bless):
    kept, broken = {}, {}
    for name, is_kept, test in _outcomes():
        (kept if is_kept else broken).setdefault(name, []).append(_promises(name)[test])
    page = ROOT / "docs" / "published.md"
    begin = page.read_text().split("<!-- generated -->")[0]
    adapted = [n for n in PUBLISHED if "fakes" in PUBLISHED[n]]
    total = sum(map(len, kept.values())), sum(map(len, broken.values()))
    missing = sorted(set(adapted) - {name for name, _, _ in _outcomes()})
    told = f"of {sum(total)} assertions {total[0]} hold and {total[1]} fail"
    unseen = f" Not run yet: {', '.join(missing)}." if missing else ""
    rows = [
        f"{len(adapted)} of {len(PUBLISHED)} blocks have an adapter: {told}.{unseen}\n",
        "| block | kept | broken | what stands for the rest of the world |",
        "|---|---|---|---|",
    ]
    for name in adapted:
        cells = ["<br>".join(sorted(group.get(name, ["none"]))) for group in (kept, broken)]
        rows.append(f"| {name} | {cells[0]} | {cells[1]} | {PUBLISHED[name]['fakes']} |")
    rows += ["\n| not run | why |", "|---|---|"]
    rows += [f"| {n} | {told['why']} |" for n, told in PUBLISHED.items() if "why" in told]
    bless(page, begin + "<!-- generated -->\n\n" + "\n".join(rows) + "\n")
