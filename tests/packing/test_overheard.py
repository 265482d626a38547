"""What is shown of a broken block is what a crate of its own shows, though many share one."""

import re
import subprocess

import pytest

from benchmarks.pages import synthetic
from harness.pipeline import check
from harness.progress import Progress
from harness.runners.executor import Executor
from harness.verdicts import overheard
from harness.verdicts.overheard import Overheard
from tests.packing.compared import differences
from tests.support import check_settings

pytestmark = pytest.mark.compiler

NEVER = re.compile(r"(?!)")

RULES = {
    "names": [
        "let x: i8 = 5;\nlet y: Option<i8> = Some(5);\nlet sum = x + y;",
        "enum Option<T> {\n    Some(T),\n    None,\n}\nlet b = 1u8 + 'b';",
        "struct Point(u8);\nlet p: Point = 1;",
        "struct Point(i8);\nlet p: u8 = Point(1);",
        "mod a {\n    pub struct Foo {\n        pub y: u8,\n    }\n}\nlet f: a::Foo = 1u8;",
        "let b = String::new(); drop(b); drop(b);",
    ],
    "last step": [
        "struct Bar;\nimpl Missing for Bar {}",
        'let x: u8 = missing();\nlet y: u8 = "a";',
        "let a = String::new(); drop(a); drop(a);",
        'let x: u16 = "b";',
    ],
    "place": [
        "#[cfg(no_such_thing)]\nfn taken_away() {}\n\nfn main() {\n    taken_away();\n}",
        "use self::missing::Thing;\nfn main() {}",
        "mod a {\n    pub use super::b::X;\n}\nfn main() {}",
        "let b = String::new(); drop(b); drop(b);",
    ],
    "imports": [
        "use nowhere::Thing;\nlet t: Thing;",
        "use elsewhere::prelude::*;\nuse elsewhere::inner::Other;\nfn main() {}",
        (
            "mod a {\n    pub use super::b::X;\n}\nmod b {\n    pub use super::a::X;\n}\n"
            "fn main() {\n    let x: u8 = 'c';\n}"
        ),
        "let b = String::new(); drop(b); drop(b);",
    ],
    "cut off": [
        "fn need<T: std::str::FromStr>() {}\nstruct No;\nfn main() {\n    need::<No>();\n}",
        """
use std::str::FromStr;

struct Yes;

impl FromStr for Yes {
    type Err = ();

    fn from_str(_: &str) -> Result<Yes, ()> {
        Ok(Yes)
    }
}

fn main() {
    let a = String::new();
    drop(a);
    drop(a);
}
""",
    ],
}


def page(folder, blocks):
    file = folder / "page.md"
    file.write_text("\n".join(f"```\n{code}\n```\n" for code in blocks))
    return file


SETTINGS = {"edition": "2021", "deps": "stub", "context": "none"}


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_keeps_the_words(rule, tmp_path):
    _, found = differences([page(tmp_path, RULES[rule])], **SETTINGS)
    assert found == []


SWITCHED_OFF = {
    "names": (Overheard, "speaks_of_others", lambda *_: False),
    "last step": (Overheard, "_is_late", lambda *_: True),
    "place": (overheard, "_BY_PLACE", NEVER),
    "imports": (Overheard, "_may_lack_an_import", lambda *_: False),
}
"""No case was found where the rule for lists that are cut off is all that keeps the words."""


@pytest.mark.parametrize("rule", SWITCHED_OFF)
def test_without_the_rule_the_words_differ(rule, tmp_path, monkeypatch):
    monkeypatch.setattr(*SWITCHED_OFF[rule])
    _, found = differences([page(tmp_path, RULES[rule])], **SETTINGS)
    assert found != []


def test_broken_blocks_cost_few_compilations(tmp_path):
    file = tmp_path / "page.md"
    file.write_text(synthetic(100, 20, refused=10))
    chosen = check_settings(**SETTINGS, cache=tmp_path / "cache", is_cached=False)
    report = check([file], chosen, Executor(), Progress(is_quiet=True))
    assert sum(v.outcome.value == "FAIL" for v in report.verdicts) == 20
    assert sum(v.reason.value == "fails-as-stated" for v in report.verdicts) == 10
    assert report.packing.units >= 100
    assert report.compilations <= 15


@pytest.mark.real
def test_every_example_of_the_error_index(tmp_path):
    """Hundreds of broken programs, one and more for each code that the compiler explains."""
    texts = []
    for number in range(1, 900):
        told = subprocess.run(
            ["rustc", "--explain", f"E{number:04}"], capture_output=True, text=True, check=False
        )
        if told.returncode == 0:
            texts.append(f"# E{number:04}\n\n{told.stdout}\n")
    assert len(texts) > 400
    for part in range(0, len(texts), 40):
        (tmp_path / f"codes{part:03}.md").write_text("\n".join(texts[part : part + 40]))
    compared, found = differences([tmp_path], **SETTINGS)
    # The compiler names a file at random where a type is too long to be shown.
    assert [f for f in found if "long-type" not in str(f)] == []
    assert compared > 1000
