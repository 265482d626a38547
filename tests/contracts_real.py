"""The shipped pages with real crates only, page by page: verdicts, contracts, seeded faults.

`nox -s contracts_real` runs it; `-- q06 q19` takes pages by their beginnings. What was seen goes
to docs/contracts-real.toml, from which docs/contracts.md has the outcomes. Pages whose crates
build fastest come first, so that a run that is stopped has shown something.
"""

import datetime as dt
import os
import shutil
import sys
import time
import tomllib
from pathlib import Path

import toml

from harness.files import cache_folder
from harness.model.settings import CheckSettings, ContextChoice, DependencyChoice, Verb
from harness.pipeline import check, selftest
from harness.progress import Progress
from harness.runners.executor import Executor

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "snippets" / "chain-systems"
RECORD = ROOT / "docs" / "contracts-real.toml"
LATE = ("q28", "q16", "q15", "q04", "q06", "q12", "q26", "q19", "q24", "q10", "q18")
"""Pages with heavy crates, the dearest last."""
LEAST_FREE = 6 << 30
"""Bytes; below, what was built for other pages goes before the next page's crates are built."""


def _settings(cache: Path) -> CheckSettings:
    return CheckSettings(
        verb=Verb.TEST,
        deps=DependencyChoice.REAL,
        context=ContextChoice.ADDED,
        edition=None,
        look_at_ignored=True,
        run_seconds=60.0,
        compile_seconds=600.0,
        workers=int(os.environ.get("CARGO_BUILD_JOBS") or os.cpu_count() or 1),
        select=(),
        deny=(),
        allow=(),
        strict=False,
        offline=False,
        run_directory=None,
        workspace=None,
        cache=cache,
        max_document_bytes=64 << 20,
        config=None,
    )


def look_at(page: Path, cache: Path) -> dict[str, object]:
    """What one page shows: its blocks, the outcome of each test, and the faults."""
    started = time.monotonic()
    settings, progress = _settings(cache), Progress()
    report = check([page], settings, Executor(), progress)
    blocks = [v for v in report.verdicts if v.kind == "snippet"]
    tests = [v for v in report.verdicts if v.kind == "contract"]
    bases = sorted({v.basis.dependencies.value for v in (*blocks, *tests)})
    caught = selftest([page], settings, Executor(), progress)
    return {
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
        "rustc": report.environment.rustc,
        "seconds": round(time.monotonic() - started),
        "rests-on": bases,
        "blocks-pass": sum(v.outcome.value == "PASS" for v in blocks),
        "blocks": len(blocks),
        "kept": sorted(v.id.rsplit("/", 1)[1] for v in tests if v.reason.value == "kept"),
        "broken": sorted(v.id.rsplit("/", 1)[1] for v in tests if v.reason.value != "kept"),
        "faults-caught": sum(c.is_caught and not c.unrelated for c in caught),
        "faults": len(caught),
        "not-caught": sorted(
            f"{c.fault.line} {c.fault.test}: {c.cause or ', '.join(c.unrelated)}"
            for c in caught
            if not c.is_caught or c.unrelated
        ),
    }


def is_good(seen: dict[str, object]) -> bool:
    """All blocks pass, all tests hold, all faults are caught, and no stub was linked."""
    return (
        seen["blocks-pass"] == seen["blocks"]
        and not seen["broken"]
        and seen["faults-caught"] == seen["faults"]
        and set(seen["rests-on"]) <= {"none", "real"}
    )


def main(wanted: list[str]) -> int:
    """Look at all pages, or those whose names begin as wanted; 1 where one is not as it should."""
    cache = cache_folder() / "contracts-real"
    record = tomllib.loads(RECORD.read_text()) if RECORD.is_file() else {}
    pages = sorted(
        PAGES.glob("q*.md"),
        key=lambda p: (LATE.index(p.stem[:3]) + 1 if p.stem[:3] in LATE else 0, p),
    )
    if wanted:
        pages = [p for p in pages if p.stem.startswith(tuple(wanted))]
    good = 0
    for number, page in enumerate(pages, 1):
        if shutil.disk_usage(cache.parent).free < LEAST_FREE:
            print("disk is short: what was built so far goes", flush=True)
            shutil.rmtree(cache / "target", ignore_errors=True)
        seen = look_at(page, cache)
        record[page.stem] = seen
        RECORD.write_text(toml.dumps(dict(sorted(record.items()))), encoding="utf-8")
        good += is_good(seen)
        tests = len(seen["kept"]), len(seen["kept"]) + len(seen["broken"])
        print(
            f"{number} of {len(pages)}  {page.stem:<24} blocks {seen['blocks-pass']}/{seen['blocks']}"
            f"  tests {tests[0]}/{tests[1]}  faults {seen['faults-caught']}/{seen['faults']}"
            f"  {seen['seconds']} s  {'good' if is_good(seen) else 'LOOK'}",
            flush=True,
        )
    print(f"{good} of {len(pages)} pages are good")
    return 0 if good == len(pages) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
