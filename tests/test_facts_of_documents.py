"""No file is read for a document without being asked for again in a later run."""

import sys
import time
from pathlib import Path

import pytest

from harness import judged
from harness.packages import closure, members_around
from harness.pipeline import check
from harness.progress import Progress
from harness.runners.executor import Executor
from tests.support import check_settings

GOOD = "```\nlet x: u8 = 1;\n```\n"
USES = "```\nlet x: u8 = one::one();\n```\n"
MANIFEST = '[package]\nname = "one"\nversion = "0.1.0"\nedition = "2021"\n'
CONTRACT = "#[test]\nfn kept() {}\n"
LIBRARY = "pub fn one() -> u8 { 1 }\n"

FOLDERS = {
    "book": {
        "book.toml": '[book]\nsrc = "src"\n[rust]\nedition = "2021"\n',
        "src/SUMMARY.md": "[Page](page.md)\n",
        "src/page.md": GOOD + "\n```rust\n{{#include part.rs}}\n```\n",
        "src/part.rs": "fn part() {}\n",
        "src/contexts/page.rs": "struct Around;\n",
        "harness.toml": 'allow = ["ignored"]\n',
    },
    "path dependency": {
        "docs/page.md": USES,
        "docs/harness.toml": '[dependencies]\none = { path = "../one" }\n',
        "one/Cargo.toml": MANIFEST,
        "one/src/lib.rs": LIBRARY,
    },
    "path dependency that leads on": {
        "docs/page.md": USES,
        "docs/harness.toml": '[dependencies]\none = { path = "../one" }\n',
        "Cargo.toml": '[workspace]\nmembers = ["one"]\ndependencies.two = { path = "two" }\n',
        "one/Cargo.toml": MANIFEST + "[dependencies]\ntwo.workspace = true\n",
        "one/src/lib.rs": LIBRARY,
        "two/Cargo.toml": MANIFEST.replace("one", "two"),
        "two/src/lib.rs": "",
    },
    "project": {
        "README.md": USES,
        "Cargo.toml": MANIFEST + '[dependencies]\ntwo = { path = "two" }\n',
        "Cargo.lock": "",
        "src/lib.rs": LIBRARY,
        "two/Cargo.toml": MANIFEST.replace("one", "two"),
        "two/src/lib.rs": "",
    },
    "package of a workspace, and a crate beside": {
        "Cargo.toml": '[workspace]\nmembers = ["one", "other"]\n',
        "one/Cargo.toml": MANIFEST,
        "one/src/lib.rs": LIBRARY,
        "other/Cargo.toml": MANIFEST.replace("one", "other"),
        "other/src/lib.rs": "",
        "other/page.md": "```\nlet x: u8 = one::one() + two::two();\n```\n",
        "other/harness.toml": 'package = "one"\n[dependencies]\ntwo = { path = "../two" }\n',
        "two/Cargo.toml": MANIFEST.replace("one", "two") + "[workspace]\n",
        "two/src/lib.rs": LIBRARY.replace("one", "two"),
    },
    "locks": {
        "page.md": USES,
        "harness.toml": 'locks = "locks"\n[dependencies]\none = { path = "one" }\n',
        "locks/one.lock": "version = 4\n",
        "locks/other.lock": "version = 4\n",
        "one/Cargo.toml": MANIFEST,
        "one/src/lib.rs": LIBRARY,
    },
    "contract of a page": {
        "page.md": GOOD,
        "contracts/page.rs": CONTRACT,
        "contracts/page.real.rs": CONTRACT,
        "contracts/page.faults.toml": "",
        "benches/page.rs": "fn bench() {}\n",
    },
    "contract of a block": {
        "page.md": "# A\n\n" + GOOD,
        "harness.toml": '[snippets.a]\nheading = "A"\ncontract = "own/a.rs"\n',
        "own/a.rs": CONTRACT,
        "own/a.context.rs": "",
    },
    "contract in a comment": {
        "page.md": '<!-- harness: contract = "own/a.rs" -->\n' + GOOD,
        "own/a.rs": CONTRACT,
        "own/a.context.rs": "",
    },
    "charitable": {
        "page.md": "# A\n\n```\nlet x: Named = 1;\n```\n",
        "harness.toml": (
            '[snippets.a]\nheading = "A"\ncontext = "around.rs"\n'
            'charitable = "kind.rs"\nassumption = "a name"\n'
        ),
        "around.rs": "struct Other;\n",
        "kind.rs": "type Named = u8;\n",
    },
    "schema": {
        "page.md": '# A\n\n```\nlet x = sqlx::query!("SELECT a FROM t");\n```\n',
        "harness.toml": '[snippets.a]\nheading = "A"\nschema = "tables.sql"\n',
        "tables.sql": "CREATE TABLE t (a INTEGER);\n",
    },
    "claims": {
        "page.md": GOOD + "\n2 + 2 = 4\n",
        "claims.toml": "[claims]\n",
        "claims/page.toml": "",
    },
}
ANEW = {"SUMMARY.md", "exclude", ".gitignore", "rust-toolchain", "rust-toolchain.toml"}
"""The walk and the choice of a toolchain are made in each run, whatever is remembered."""


def laid_out(folder, files):
    (folder / ".git").mkdir(parents=True)
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.fixture
def opened():
    """Every file that Python opens while the list holds a mark that it is on."""
    found, is_on = set(), [True]

    def listen(event, arguments):
        if is_on[0] and event == "open" and isinstance(arguments[0], str | Path):
            found.add(str(Path(arguments[0]).absolute()))

    sys.addaudithook(listen)
    yield found
    is_on[0] = False


ABOVE = ("Cargo.toml", "Cargo.lock", ".env", ".cargo/config", ".cargo/config.toml")


def is_named(file, fact):
    """Whether a file decides the answer of a fact."""
    kind, *arguments = fact
    place = Path(arguments[0])
    if kind in ("file", "include"):
        return Path(arguments[-1]).resolve() == file.resolve()
    if kind == "beside":
        return file.parent.parent == place and file.name.startswith(f"{arguments[1]}.")
    if kind == "locks":
        return file.parent == place and file.suffix == ".lock"
    if kind not in ("package", "project"):
        return False
    folder = place if kind == "package" else place.parent
    packages = [folder, *closure(folder, *(members_around(folder) if arguments[1:] else ()))]
    return any(
        file.is_relative_to(package)
        or any(file == above / name for above in package.parents for name in ABOVE)
        for package in packages
    )


@pytest.mark.compiler
@pytest.mark.parametrize("files", FOLDERS.values(), ids=FOLDERS)
def test_whatever_is_opened_for_a_document_is_in_its_facts(tmp_path, opened, files):
    root = laid_out((tmp_path / "repository").resolve(), files)
    time.sleep(0.1)  # what is written while a run begins is not believed
    facts = []
    real = judged._answers

    def told(page, *arguments):
        answers = real(page, *arguments)
        assert page.answers is not None
        facts.extend(fact for fact, _ in answers or (*page.source.read, *page.answers))
        return answers

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(judged, "_answers", told)
        settings = check_settings(cache=tmp_path / "cache", deps="stub", offline=True)
        check([root], settings, Executor(), Progress(is_quiet=True))
    read = {Path(name) for name in opened if name.startswith(str(root))}
    assert read, "nothing was opened"
    assert facts
    unnamed = {
        file for file in read if file.name not in ANEW and not any(is_named(file, f) for f in facts)
    }
    assert {str(file.relative_to(root)) for file in unnamed} == set()
