"""What a text is, and what it leans on."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.rust.known import QUIET_MACROS
from harness.rust.lexer import Tokens, trees
from harness.rust.program import as_rustdoc
from harness.rust.scopes import Scopes
from harness.rust.shape import Content, Shape, shape_of
from harness.rust.shaped import Setting, shaped
from harness.rust.statements import split

PIECES = (
    "fn f(",
    "fn ",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "<",
    ">",
    ";",
    ",",
    "x",
    " ",
    "\n",
    "::",
    "if ",
    "match ",
    "else ",
    "let ",
    "=",
    "impl ",
    "for ",
    "in ",
    "|",
    "||",
    "async ",
    "move ",
    ".await",
    "?",
    "#[a]",
    "#![a]",
    "/// d\n",
    "'a",
    ":",
    "pub ",
    "use ",
    "m!",
    "unsafe ",
    "const ",
    "static ",
    "struct S",
    "macro_rules! m ",
    "self",
    "extern ",
    "crate ",
    "derive(",
    "-> ",
    "#",
    "!",
    "..",
    "1",
    '"s"',
    "return ",
    "while ",
    "loop ",
    "trait ",
    "union ",
    "mod m",
    "where ",
    "default ",
    "auto ",
)
TEXTS = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


def kinds(text: str) -> str:
    """What each statement is: an item's keyword, else the form."""
    found = split(trees(text))
    return " ".join(s.kind or s.form.value for s in found.statements)


SPLITS = {
    "let x = 1; x; x": "let expression expression",
    "fn f() {} struct S; struct T(u8); struct U { a: u8 } x": "fn struct struct struct expression",
    "fn f() -> [u8; { 1 }] where A<{ 1 }>: B { } x": "fn expression",
    "if a {} else if b {} else {} x": "expression expression",
    "if S { a: 1 } == b {} x": "expression expression",
    "if let S { a } = b {} x": "expression expression",
    "match match a { _ => b } { _ => {} } x": "expression expression",
    "match a as Vec<u8> { _ => {} } fn f() {}": "expression fn",
    "for i in 0.. {} x": "expression expression",
    "'a: loop {} x": "expression expression",
    "unsafe {} x": "expression expression",
    "if a {}.b(); x": "expression expression",
    "const X: u8 = { 1 }; const fn f() {} const { 1 }": "const fn expression",
    "static X: u8 = 1; static || 1": "static expression",
    "async fn f() {} async { 1 }": "fn expression",
    'extern crate a; extern { } extern "C" fn f() {}': "extern crate extern fn",
    "unsafe impl A for B {} unsafe trait C {} auto trait D {}": "impl trait trait",
    "m! {} m!(); m!{}.x; m![1]": "macro macro expression expression",
    "macro_rules! m { () => {} } macro_rules! n ( ); x": "macro_rules macro_rules expression",
    "union U { a: u8 } union(x); let union = 1;": "union expression let",
    "#[a] /// b\nfn f() {} ; #[c]": "fn empty",
    "pub(crate) use a::{b}; pub(in a) mod c; type T = u8;": "use mod type",
    "let S { a } = b else { return; }; x": "let expression",
}


@pytest.mark.parametrize("text", SPLITS)
def test_where_statements_end(text: str) -> None:
    assert kinds(text) == SPLITS[text]


CONTENTS = {
    "": Content.NOTHING,
    "// a": Content.NOTHING,
    "#![allow(a)]": Content.NOTHING,
    "fn f() {}": Content.ITEMS,
    "m! { a } struct S;": Content.ITEMS,
    "m!(a);": Content.STATEMENTS,
    "fn f(&self) {}": Content.METHODS,
    "pub fn f<T>(&'a mut self) {} fn g() {} const X: u8 = 1;": Content.METHODS,
    "fn f(mut self: Box<Self>) {}": Content.METHODS,
    "fn f(&self) {} struct S;": Content.ITEMS,
    "fn f(x: self::S) {}": Content.ITEMS,
    "let x = 1;": Content.STATEMENTS,
    "fn f() {} f()": Content.STATEMENTS,
    "a + b": Content.EXPRESSION,
    "a + b;": Content.STATEMENTS,
    "match a { _ => 1 }": Content.EXPRESSION,
    "a b c": Content.UNREADABLE,
    "fn f() {": Content.UNREADABLE,
    '"a': Content.UNREADABLE,
}


@pytest.mark.parametrize("text", CONTENTS)
def test_content(text: str) -> None:
    assert shape_of(text).content is CONTENTS[text]


FLAGS = {
    "has_main": (
        ["fn main() {}", "pub async fn r#main() {}", "m! { fn main() {} }", "m!(fn r#main() {});"],
        [
            "mod a { fn main() {} }",
            "m! { { fn main() {} } }",
            "macro_rules! m { () => { fn main() {} } }",
        ],
    ),
    "has_tail": (["a", "a; b", "m!(a)", "if a {}"], ["a;", "let a = b;", "fn f() {}", "m!{}"]),
    "awaits": (
        ["a.await", "if b { a.await; }", "m!(a.await)"],
        [
            "async { a.await };",
            "async move { a.await }",
            "async fn f() { a.await }",
            "x(async |a| a.await)",
            "{ async fn f() { a.await } }",
        ],
    ),
    "asks": (
        ["a?", "let b = a?.c;", "if b { a()?; }", "a || b?", "m!(a?)", "f(|x| x, y?)"],
        ["|x| x?", "f(|x| { x? }, y)", "fn f() { a? }", "async { a? }", "let x: &T<?Sized> = 1;"],
    ),
    "uses_self": (
        ["self.a;", "f(&self)"],
        ["fn f(&self) { self.a }", "self::f();", "impl A { fn f(self) {} }"],
    ),
    "has_tests": (
        ["#[test] fn f() {}", "#[cfg(test)] mod a {}", "mod a { #[test] fn f() {} }"],
        ["#[cfg(not(test))] fn f() {}", "fn test() {}", "// #[test]"],
    ),
}


@pytest.mark.parametrize("flag", FLAGS)
def test_flags(flag: str) -> None:
    true, false = FLAGS[flag]
    assert {text: getattr(shape_of(text), flag) for text in (*true, *false)} == {
        **dict.fromkeys(true, True),
        **dict.fromkeys(false, False),
    }


def test_names_that_a_text_leans_on() -> None:
    shape = shape_of(
        "use a::{b, c}; use {d::e, ::f::*, g}; use ::h; extern crate i as j; pub use r#k::l;"
        " use crate::m; fn x() { n::o::p(q); r!(s::t); <u::V as W>::y(); } #[z::main] fn w() {}"
        " ::aa::bb(); super::cc(); x.dd::<u8>();"
    )
    assert shape.roots == {"a", "d", "f", "g", "h", "i", "k", "n", "s", "u", "z", "aa"} - {"dd"}
    assert shape.macros == {"r"}
    assert "z::main" in shape.attributes


def test_derives_and_macros() -> None:
    shape = shape_of("#[derive(A, b::C)] #[cfg_attr(x, derive(D))] struct S; a::m!{} if !(x) {}")
    assert shape.derives == {"A", "C", "D"}
    assert shape.macros == {"m"}


def test_definitions_and_bodies_have_extents() -> None:
    text = "/// d\n#[a] pub fn f() { 1 }\nimpl<T> A for B<T> { fn g() { 2 } }\nmod m { fn h() {} }"
    shape = shape_of(text)
    assert [(d.kind, d.name, d.is_public) for d in shape.definitions] == [
        ("fn", "f", True),
        ("impl", "B", False),
        ("mod", "m", False),
    ]
    assert [text[d.start : d.end] for d in shape.definitions] == text.replace(
        "] pub", "]\1pub"
    ).replace("d\n#", "d\2#").replace("}\n", "}\n\n").replace("\1", " ").replace("\2", "\n").split(
        "\n\n"
    )
    assert [text[a:b] for a, b in shape.bodies] == [" 1 ", " 2 ", ""]


def test_inner_attributes() -> None:
    shape = shape_of("//! d\n#![allow(x)] #![feature(y)] #![clippy::z] fn f() {} #![late]")
    assert [(a.name, a.is_lint) for a in shape.inner_attributes] == [
        ("doc", False),
        ("allow", True),
        ("feature", False),
        ("clippy::z", False),
    ]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("struct S; impl A for S {}", 0),
        ("trait A {} impl A for u8 {}", 0),
        ("impl A for B {}", 1),
        ("struct S; impl A<S> for B {}", 1),
        ("struct S; impl A for Box<S> {}", 1),
        ("struct S; impl A for &S {}", 1),
        ("struct S; impl A for (S,) {}", 1),
        ("struct S; impl<T> A<T> for S<T> where T: B {}", 0),
        ("trait A {} impl A for dyn B {}", 0),
        ("struct S; impl A for x::S {}", 1),
        ("fn f() { impl A for B {} }", 1),
        ("m! { impl A for B {} }", 1),
        ("impl S { fn f() {} } fn g(x: impl A) -> impl B { for x in y {} }", 0),
        ("fn g(x: impl for<'a> A<'a>) {}", 0),
        ("impl<T> !Send for S<T> {}", 1),
    ],
)
def test_foreign_impls(text: str, count: int) -> None:
    assert len(foreign_impls(trees(text))) == count


def foreign_impls(tokens: Tokens) -> tuple[int, ...]:
    return tuple(Scopes(tokens, QUIET_MACROS).foreign_impls())


@given(TEXTS)
def test_any_text_has_a_shape(text: str) -> None:
    shape: Shape = shape_of(text)
    found = trees(text)
    foreign_impls(found)
    at = 0
    as_rustdoc(text, "2021")
    shaped(text, "2021", Setting(), above=(text,))
    for first, end in shape.block.inner_attributes:
        assert first == at
        at = end
    for statement in shape.block.statements:
        assert statement.first == at
        assert statement.first <= statement.start < statement.stop <= len(found.tokens)
        at = statement.stop
    assert shape.block.leftover == at


@pytest.mark.parametrize(
    "unit",
    [
        "if x ",
        "|x| ",
        "a::",
        "impl ",
        "impl<",
        "impl X ",
        "use {",
        "#[",
        "async {",
        "'a:",
        "match ",
        "m!{",
        "fn f() {",
        "mod m {",
        "derive(",
        "a<",
        "if {",
        "pub(",
        "for x ",
    ],
)
def test_no_text_takes_long(unit: str) -> None:
    start = time.perf_counter()
    shape = shape_of(unit * 10_000)
    foreign_impls(shape.tokens)
    assert time.perf_counter() - start < 20
