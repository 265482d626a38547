"""Texts that are no Rust: what a shared crate says of their grammar is what each alone shows."""

import random

import pytest

from benchmarks.pages import synthetic
from harness.pipeline import check
from harness.progress import Progress
from harness.runners.executor import Executor
from harness.rust.lexer import lex
from tests.command_line import Page
from tests.packing.compared import differences
from tests.support import check_settings

pytestmark = pytest.mark.compiler

TEXTS = {
    "statement": "let = 1;",
    "two": "let = 1;\nlet x 2;",
    "recovered": "let x = 1..=;\nlet = 2;",
    "item": "struct S { a u8 }",
    "field": "struct S { a: u8 b: u8 }",
    "prose": "this is no Rust at all",
    "dots": "fn f() {\n    ...\n}",
    "inner": "let x = 1;\n#![allow(unused)]\nlet = 2;",
    "doc": "fn f() {\n    let = 1;\n    /// nothing\n}",
    "unstable": "let x = box 1;\nlet = 2;",
    "unstable alone": "auto trait A {}\nlet x = = 2;",
    "escapes": "}\nimpl Missing for u8 {}\nfn g() {\n    let = 1;",
    "open": "fn f() {\n    let x = 1;",
    "closed": "let x = 1; }",
    "mixed": "let x = (1];",
    "quote": 'let x = "open;\nlet = 1;',
    "comment": "let x = 1; /* open\nlet = 1;",
    "letters": "let \u00fc = = 1;\nlet \u0430 = 2;",
    "unknown": "let x = 1 \u2013 2;",
    "signature": "fn f(x: u8) -> u8;\nlet = 1;",
    "macro": "macro_rules! m { ($x:pat | $y:pat) => {} }\nlet = 1;",
    "arms": "match x {\n    1 => 2\n    3 => 4\n}",
    "text direction": 'let x = "\u202e";\nlet = 1;',
    "number": "let x = 0b12;\nlet = 1;",
    "prefix": 'let x = z"a";\nlet = 1;',
    "keyword": "let async = 1;\nlet = 2;",
    "nested": "mod a {\n    fn f() { let = 1; }\n}",
}


@pytest.mark.parametrize("edition", ["2015", "2021", "2024"])
def test_grammar_is_told_as_alone(edition, tmp_path):
    page = Page()
    for name, text in TEXTS.items():
        page.add(name, text)
    page.write(tmp_path)
    compared, found = differences([tmp_path], edition=edition, deps="stub", context="added")
    assert found == []
    assert compared >= len(TEXTS)


@pytest.mark.parametrize("seed", range(3))
def test_texts_with_a_word_less_or_twice(seed, tmp_path):
    chance = random.Random(seed)
    blocks = []
    for block in synthetic(80, 0, seed + 1).split("```\n")[1::2]:
        token = chance.choice(lex(block))
        edges = (token.start, token.start + len(token.text))
        blocks.append(block[: chance.choice(edges)] + block[chance.choice(edges) :])
    (tmp_path / "page.md").write_text("\n".join(f"```\n{code}\n```\n" for code in blocks))
    _, found = differences([tmp_path], edition="2021", deps="stub", context="none")
    assert found == []


def test_readings_share_crates(tmp_path):
    page = Page()
    for number in range(12):
        page.add(f"broken {number}", f"let = {number};")
    page.write(tmp_path)
    chosen = check_settings(edition="2021", deps="stub", context="none", cache=tmp_path / "cache")
    report = check([tmp_path], chosen, Executor(), Progress(is_quiet=True))
    assert {v.reason.value for v in report.verdicts} == {"not-rust"}
    assert report.packing.packed >= 24
