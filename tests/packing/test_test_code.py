"""Test code of many units in one crate: what the compiler says of each is what it says alone."""

from dataclasses import replace

import pytest

from benchmarks import pages
from harness.model.unit import Depth, Request
from harness.pipeline import check
from harness.progress import Progress
from harness.runners.executor import Executor
from harness.units.alone import Alone
from harness.units.assembly import rustdoc_unit
from harness.units.packing import reason
from tests.command_line import Page
from tests.packing.compared import differences
from tests.support import check_settings

pytestmark = pytest.mark.compiler

MODULE = """pub fn double(x: u8) -> u8 {{
    x * 2
}}

#[cfg(test)]
mod tests {{
    use super::*;

    {}
}}
"""
ASSERT = "fn f<const N: usize>() { const { assert!(N > 3) } }"
TESTS = {
    "same names": "#[test]\n    fn it_works() { assert_eq!(double(2), 4); }",
    "same names again": "#[test]\n    fn it_works() { assert_eq!(double(3), 6); }",
    "result": "#[test]\n    fn it() -> Result<(), String> { Ok(()) }",
    "panics": '#[test]\n    #[should_panic(expected = "x")]\n    fn it() { panic!("x") }',
    "wrong type": '#[test]\n    fn it() { double("2"); }',
    "wrong type again": '#[test]\n    fn it() { double("3"); }',
    "argument": "#[test]\n    fn it(x: u8) {}",
    "no result": "#[test]\n    fn it() -> u8 { 1 }",
    "generic": "#[test]\n    fn it<T>() {}",
    "borrow": "#[test]\n    fn it() { let s = String::new(); drop(s); drop(s); }",
    "missing": "#[test]\n    fn it() { missing(); }",
    "missing trait": "struct S;\n    impl Missing for S {}",
    "no test": "struct It;",
    "generated": f"{ASSERT}\n    #[test]\n    fn it() {{ f::<1>() }}",
    "not generated": f"{ASSERT}\n    fn it() {{ f::<1>() }}",
    "two": "#[test]\n    fn it() {}\n    #[test]\n    fn it() {}",
    "above": "use super::super::*;\n    #[test]\n    fn it() {}",
    "root": "#[test]\n    fn it() { crate::double(2); }",
    "warning": "#![warn(unused_variables)]\n    #[test]\n    fn it() { let x = 1; }",
}
PROGRAMS = {
    "main": "fn main() {}\n\n#[test]\nfn it() {}",
    "main with a result": "fn main() -> Result<(), String> { Ok(()) }\n\n#[test]\nfn it() {}",
    "statements": "let x = 1;\n\n#[test]\nfn it() {}",
    "bench": "#[bench]\nfn it() {}\n\n#[test]\nfn other() {}",
}


def page(folder):
    page = Page()
    for name, code in TESTS.items():
        page.add(name, MODULE.format(code))
    for name, code in PROGRAMS.items():
        page.add(name, code)
    page.write(folder)
    return page


@pytest.mark.parametrize("context", ["none", "added"])
def test_test_code_is_told_as_alone(context, tmp_path):
    page(tmp_path)
    settings = {"edition": "2021", "deps": "stub", "context": context}
    compared, found = differences([tmp_path], **settings, cache=tmp_path / "cache")
    assert found == []
    assert compared == len(TESTS) + len(PROGRAMS)


def test_test_code_shares_crates(tmp_path):
    page = Page()
    for number in range(20):
        page.add(f"test {number}", MODULE.format(f"#[test]\n    fn it() {{ double({number}); }}"))
    page.write(tmp_path)
    chosen = check_settings(edition="2021", deps="stub", context="none", cache=tmp_path / "cache")
    report = check([tmp_path], chosen, Executor(), Progress(is_quiet=True))
    assert "test code" not in dict(report.packing.alone)
    assert report.compilations == 2


def test_programs_of_tests_do_not_share(tmp_path):
    """A program with the tests of two units would run both."""
    (tmp_path / "page.md").write_text("```\n#[test]\nfn it() {}\n```\n")
    unit = replace(rustdoc_unit(pages.tested_blocks(tmp_path)[0], "2021"), with_tests=True)
    assert reason(Request(unit, Depth.LINK, 1.0)) is Alone.TEST_CODE
    assert reason(Request(unit, Depth.MIR, 1.0)) is None
