"""Programs made from texts, and the way back from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.rust.lexer import lex
from harness.rust.program import Frame, Program, as_rustdoc, as_written, take_apart, wrapping
from harness.rust.shape import shape_of
from harness.rust.shaped import Asks, Setting, setting_for, shaped

LINES = st.lists(
    st.sampled_from(
        [
            "#![allow(a)]",
            "#![feature(b)]",
            "//! doc",
            "extern crate c;",
            "fn f() {}",
            "let x = 1;",
            "fn main() {}",
            "// ![no_std]",
            "Ok(())",
            "é",
            "",
            "  y;",
            "if x {",
            "}",
            "m! { z }",
            "#[a]",
            "#![no_std] /* d",
            "*/ extern crate e; g();",
            '"s',
            't";',
        ]
    ),
    max_size=8,
).map("\n".join)


def frame(code: str, *, test_harness: bool = False) -> str:
    return as_rustdoc(code, "2021", test_harness=test_harness).frame.value


FRAMES = {
    "": "main",
    "let x = 1;": "main",
    "fn main() {}": "none",
    "fn main() {} let x = 1;": "main",
    "fn main() {};": "main",
    "m! { fn main() {} }": "none",
    "mod a { fn main() {} }": "main",
    "#![no_std] fn f() {}": "none",
    "#![feature(a)]\n// #![no_std]\nfn f() {}": "none",
    "// #![no_std]\nfn f() {}": "main",
    'let s = "#![no_std]";': "main",
    "Ok(())": "main-with-outcome",
    "Ok(()) // c": "main-with-outcome",
    "Ok(( ))": "main",
    "Ok(());": "main",
    "fn main() {} Ok(())": "main-with-outcome",
    "a b": "as-written",
    "fn f() {": "as-written",
    "#!/bin/sh\nfn main() {}": "as-written",
    "} fn f() {": "main",
}


@pytest.mark.parametrize("code", FRAMES)
def test_frames(code: str) -> None:
    assert frame(code) == FRAMES[code]


def test_a_test_harness_gets_no_main() -> None:
    assert frame("let x = 1;", test_harness=True) == "none"
    assert frame("Ok(())", test_harness=True) == "none"


def test_the_whole_program() -> None:
    code = "#![allow(a)] #![feature(b)]\nextern crate c;\nlet x = 1;\nOk(())\n"
    assert as_rustdoc(code, "2021").text == (
        "#![allow(unused)]\n"
        "#![feature(b)]\n"
        "#![allow(a)]\n"
        "extern crate c;\n"
        "fn main() { #[allow(non_snake_case)] fn _doctest_main()"
        " -> core::result::Result<(), impl core::fmt::Debug> {\n"
        f"{' ' * 27}\n{' ' * 15}\n"
        "let x = 1;\n"
        "Ok(())\n"
        "} _doctest_main().unwrap() }\n"
    )


def test_the_way_back() -> None:
    code = "  #![allow(a)] #![feature(b)]\nlet x = 1;"
    program = as_rustdoc(code, "2021")
    assert program.place(1, 1) is None
    assert program.place(2, 1) == (1, 16)
    assert program.place(3, 4) == (1, 6)
    assert program.place(4, 1) is None
    assert program.place(6, 5) == (2, 5)
    assert program.place(7, 1) is None
    assert program.place(0, 1) is None
    assert program.place(99, 1) is None


def test_an_attribute_over_several_lines_keeps_its_lines() -> None:
    code = "let x = 1;\n  #[a(\n    b\n  )] extern crate c;\n"
    program = as_rustdoc(code, "2021")
    lines = program.text.split("\n")
    assert lines[1:4] == ["#[a(", "    b", "  )] extern crate c;"]
    assert [program.place(n, 1) for n in (2, 3, 4)] == [(2, 3), (3, 1), (4, 1)]


def test_what_rustdoc_drops_is_told() -> None:
    for code, dropped in {
        "f(); /// d": "/// d",
        "f(); #[a] // b": "#[a]",
        "f(); } fn g() {": "} fn g() {",
        "f(); // a": "",
        "f(); …": "…",
    }.items():
        program = as_rustdoc(code, "2021")
        assert "".join(code[start:end] for start, end in program.left_out) == dropped
        assert "f();" in program.text
        assert not dropped or dropped not in program.text


def test_as_written_is_the_text() -> None:
    program = as_written("a\n b")
    assert program.text == "a\n b\n"
    assert [program.place(n, 2) for n in (1, 2)] == [(1, 2), (2, 2)]


@given(LINES)
def test_every_token_is_there_once_and_its_place_leads_back(code: str) -> None:
    program = as_rustdoc(code, "2021")
    dropped = [range(start, end) for start, end in program.left_out]
    wanted = [t for t in lex(code) if not any(t.start in span for span in dropped)]
    assert_leads_back(program, code)
    if program.frame is Frame.AS_WRITTEN:
        assert program.text.rstrip("\n") == code.rstrip("\n")
        return
    added = [t.text for t in lex("\n".join(("#![allow(unused)]", *wrapping(program.frame))))]
    found = sorted(t.text.rstrip() for t in lex(program.text))
    assert found == sorted([*added, *(t.text.rstrip() for t in wanted)])


@given(LINES)
def test_the_text_keeps_its_lines_together(code: str) -> None:
    program = as_rustdoc(code, "2021")
    body = [i - o.line for i, o in enumerate(program.origins) if o and o.shift == 0]
    parts = take_apart(code, "2021")
    if parts is None or not parts.hoisted:
        assert len(set(body)) == 1


def assert_leads_back(program: Program, *texts: str) -> None:
    lines = program.text.split("\n")[:-1]
    assert len(lines) == len(program.origins)
    sources = [text.split("\n") for text in texts]
    for line, origin in zip(lines, program.origins, strict=True):
        if origin is None:
            continue
        source = sources[origin.text][origin.line]
        assert len(line) + origin.shift <= len(source)
        for column, char in enumerate(line):
            assert char in (" ", source[column + origin.shift])


SETTINGS = {
    "let x = 1;": Setting(),
    "1 + 1": Setting(drops_value=True),
    "a?;": Setting(asks=Asks.RESULT),
    "a?": Setting(asks=Asks.RESULT, drops_value=True),
    "a?; Ok(())": Setting(asks=Asks.RESULT, returns_tail=True),
    "Ok(1)": Setting(asks=Asks.RESULT, returns_tail=True),
    "let a = b?; Some(a)": Setting(asks=Asks.OPTION, returns_tail=True),
    "Some(1)": Setting(drops_value=True),
    "a.await;": Setting(is_async=True),
    "a.await?": Setting(is_async=True, asks=Asks.RESULT, drops_value=True),
    "fn f(&self) {}": Setting(at_top=True, is_method=True),
    "self.a;": Setting(is_method=True),
    "struct S;": Setting(at_top=True),
    "": Setting(at_top=True),
    "fn main() {}": None,
    "fn main() {} x;": Setting(),
    "a b": None,
}


@pytest.mark.parametrize("code", SETTINGS)
def test_settings(code: str) -> None:
    assert setting_for(shape_of(code)) == SETTINGS[code]


def test_a_shaped_program() -> None:
    program = shaped(
        "#![allow(a)]\nself.x?",
        "2021",
        Setting(is_method=True, asks=Asks.RESULT, drops_value=True),
        above=("#![feature(b)]\nstruct Context;",),
    )
    assert program
    assert program.text == (
        "#![allow(unused)]\n#![feature(b)]\n#![allow(a)]\n"
        f"{' ' * 14}\nstruct Context;\n"
        "struct Context_;\nimpl Context_ {\n"
        "fn _snippet(&mut self) -> ::std::result::Result<(),"
        " ::std::boxed::Box<dyn ::std::error::Error>> {\n"
        "let _ = {\n"
        f"{' ' * 12}\nself.x?\n"
        "}; ::std::result::Result::Ok(())\n}\n}\nfn main() {}\n"
    )
    assert program.place(11, 6) == (2, 6)
    assert program.place(5, 1) is None
    origin = program.origins[4]
    assert origin == (1, 0, 1)


def test_a_receiver_may_be_given() -> None:
    setting = Setting(at_top=True, is_method=True, receiver="Pool")
    program = shaped("fn f(&self) {}", "2021", setting, above=("struct Pool;",))
    assert program
    assert "impl Pool {\nfn f(&self) {}\n}\n" in program.text
    assert program.text.count("struct") == 1


@pytest.mark.parametrize("code", ["}", "} fn f() {", "fn f() {", "(]"])
def test_a_text_cannot_end_its_setting(code: str) -> None:
    assert shaped(code, "2021", Setting()) is None
    assert shaped("f();", "2021", Setting(), above=(code,)) is None


@given(LINES, LINES, st.booleans(), st.booleans(), st.sampled_from(Asks))
def test_every_line_of_a_shaped_program_leads_back(
    code: str, above: str, at_top: bool, is_method: bool, asks: Asks
) -> None:
    setting = Setting(at_top=at_top, is_method=is_method, asks=asks)
    program = shaped(code, "2021", setting, above=(above,))
    if program:
        assert_leads_back(program, code, above)
