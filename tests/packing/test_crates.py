"""Blocks that use crates share a crate too, and no crate brings another block what it never loads."""

import pytest

from harness.pipeline import check
from harness.progress import Progress
from harness.runners.executor import Executor
from tests.packing.compared import differences
from tests.support import check_settings

pytestmark = pytest.mark.compiler

CRATE = """
#[derive(Default)]
pub struct Brought;
impl std::ops::Mul<Brought> for String { type Output = (); fn mul(self, _: Brought) {} }
pub trait Wide<T> { fn wide(&self) {} }
pub fn used() -> u8 { 1 }
#[macro_export]
macro_rules! implement { ($t:ty) => { impl $crate::Wide<$t> for String {} } }
"""

BLOCKS = {
    "good_use": "use one::used;\nlet x = used();",
    "good_path": "let x = one::used() + 1;",
    "good_local": "struct S;\nimpl one::Wide<u8> for S {}\none::Wide::wide(&S);",
    "bad_type": "let x: bool = one::used();",
    "good_foreign": "#[derive(Default)] pub struct L;\nimpl one::Wide<L> for String {}",
    "good_by_macro": "#[derive(Default)] pub struct M;\none::implement!(M);",
    "bad_foreign": "fn need<T: Default>(_: T) where String: one::Wide<T> {}\nneed(Default::default());",
    "good_loads": "fn need<T: Default>(_: T) where String: std::ops::Mul<T> {}\n"
    "let _ = one::used();\nneed(Default::default());",
    "bad_never_loads": "macro_rules! never { () => { one::used() } }\n"
    "fn need<T: Default>(_: T) where String: std::ops::Mul<T> {}\nneed(Default::default());",
    "bad_taken_away": "#[cfg(any())] use one::used;\n"
    "fn need<T: Default>(_: T) where String: std::ops::Mul<T> {}\nneed(Default::default());",
    "bad_without": "fn need<T: Default>(_: T) where String: std::ops::Mul<T> {}\n"
    "need(Default::default());",
    "good_without": "let x = 1;",
    "good_without_too": "let x = 2;",
}


def test_with_crates(tmp_path):
    (tmp_path / "one" / "src").mkdir(parents=True)
    (tmp_path / "one" / "src" / "lib.rs").write_text(CRATE)
    (tmp_path / "one" / "Cargo.toml").write_text(
        '[package]\nname = "one"\nversion = "0.1.0"\nedition = "2021"\n'
    )
    (tmp_path / "harness.toml").write_text('[dependencies]\none = { path = "one" }\n')
    names, lines = {}, []
    for name, code in BLOCKS.items():
        names[len(lines) + 1] = name
        lines += ["```", *code.split("\n"), "```", ""]
    file = tmp_path / "page.md"
    file.write_text("\n".join(lines))
    settings = {"verb": "test", "context": "none", "offline": True, "edition": "2021"}
    compared, found = differences([file], **settings)
    assert found == []
    assert compared == len(BLOCKS)
    chosen = check_settings(**settings, is_cached=False)
    report = check([file], chosen, Executor(), Progress(is_quiet=True))
    outcomes = {names[v.line]: v.outcome.value for v in report.verdicts}
    wanted = {n: "PASS" if n.startswith("good") else "FAIL" for n in BLOCKS}
    assert outcomes == wanted
    # Those without the crate, and those that are sure to load it.
    assert report.packing.packed >= 6
