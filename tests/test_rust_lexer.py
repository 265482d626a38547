"""Tokens, places and brackets of Rust text."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.rust.lexer import Kind, lex, trees

PIECES = (
    *"abr'\"#\\/*!-.:<>(){}[]=&|_0xe1\n \t$?,;é→😀\u2028",
    *(
        "fn ",
        "r#",
        'r"',
        'br#"',
        'c"',
        "b'",
        "/*",
        "*/",
        "//",
        "///",
        "//!",
        "1.",
        "..=",
        "'a",
        "#![",
    ),
)
TEXTS = st.lists(st.sampled_from(PIECES)).map("".join) | st.text()
GAP = re.compile(r"(?:[\s\x85\u200e\u200f]|//[^\n]*|/\*.*?\*/)*\Z", re.DOTALL)


def read(text: str, edition: str = "2021") -> list[tuple[str, str]]:
    return [(token.kind.value, token.text) for token in lex(text, edition)]


CASES = {
    "let x = 1;": "ident ident punct number punct",
    "r#fn r#type": "ident ident",
    "'a 'static '_": "lifetime lifetime lifetime",
    "'a' '\\'' '\\u{41}' ' ' '\"' '''": "char char char char char char",
    "b'a' b'\\'' b'\\x41'": "char char char",
    "'abc'": "char",
    "'e\u0301'": "char",
    "'a: loop {}": "lifetime punct ident open close",
    "&'a str": "punct lifetime ident",
    '"a\\"b" "\\\\" "a\nb"': "string string string",
    'r"\\" r#"a"b"# r##""#"##': "string string string",
    'b"a" br"b" br#"c"#': "string string string",
    'c"a" cr"b" cr#"c"#': "string string string",
    "1..2": "number punct number",
    "1.foo()": "number punct ident open close",
    "1. 1.0 1.0e5 1e-5f64 1_000u8": "number number number number number",
    "0x1Fu8 0b01 0o17 0xe+1": "number number number number punct number",
    "x.0.1": "ident punct number",
    "0..=9": "number punct number",
    "a::<b>>=c": "ident punct punct ident punct punct ident",
    "a->b=>c": "ident punct ident punct ident",
    "/// a\n//! b\n//// c\n//\n/**/ /***/ /**e*/ /*!*/": "doc_outer doc_inner doc_outer doc_inner",
    "/* /* */ */ a /* // */ b": "ident ident",
    "// /*\na // */": "ident",
    '"/*" a "*/"': "string ident string",
    "é ñandú 日本": "ident ident ident",
    "a→b": "ident unknown ident",
    "a\u200eb\u2028c": "ident ident ident",
    "😀": "unknown",
    '"abc': "broken",
    'r#"abc"': "broken",
    "r##abc": "broken punct ident",
    "/* /* */": "broken",
    "'": "broken",
    "$x#y@z": "punct ident punct ident punct ident",
    'z"a" z#a': "ident string ident punct ident",
    '#"a"#': "punct string punct",
    "": "",
}


@pytest.mark.parametrize("text", CASES)
def test_kinds(text: str) -> None:
    assert " ".join(kind for kind, _ in read(text)) == CASES[text]


def test_a_c_string_is_a_word_and_a_string_before_2021() -> None:
    assert read('c"a"', "2018") == [("ident", "c"), ("string", '"a"')]
    assert read('c"a"', "2021") == [("string", 'c"a"')]
    assert read('cr#"a"#', "2018")[0] == ("ident", "cr")


def test_a_raw_lifetime_is_one_token_from_2021_on() -> None:
    assert read("'r#a ", "2021") == [("lifetime", "'r#a")]
    assert [kind for kind, _ in read("'r#a ", "2018")] == ["lifetime", "punct", "ident"]


def test_what_only_a_file_begins_with() -> None:
    assert lex("#!/bin/sh\nx", is_file=True)[0].kind is Kind.SHEBANG
    assert lex("#![a]", is_file=True)[0].text == "#"
    assert lex("#! // c\n [a]", is_file=True)[0].text == "#"
    assert lex("#!/bin/sh\nx")[0].text == "#"
    found = lex("---\na = 1\n---\nx", is_file=True)
    assert [t.kind for t in found] == [Kind.FRONTMATTER, Kind.IDENT]
    assert lex("---\nx")[0].text == "-"


def test_places_count_characters() -> None:
    found = trees("é x\n\t日 y")
    assert [found.place(token.start) for token in found.tokens] == [(1, 1), (1, 3), (2, 2), (2, 4)]


def test_brackets_know_their_partners() -> None:
    found = trees("f(a[1], {b})")
    pairs = {i: p for i, p in enumerate(found.partner) if p >= 0}
    assert pairs == {1: 10, 10: 1, 3: 5, 5: 3, 7: 9, 9: 7}
    assert found.imbalance is None
    assert found.after(1) == 11
    assert found.after(0) == 1


@pytest.mark.parametrize(
    ("text", "place"), [("(]", 1), ("{ ( }", 4), ("(", 0), ("{ (", 2), (")", 0), ("} {", 0)]
)
def test_the_place_of_the_imbalance(text: str, place: int) -> None:
    found = trees(text)
    assert found.imbalance is not None
    assert found.tokens[found.imbalance].start == place


@pytest.mark.parametrize(
    ("text", "is_early"),
    [
        ("} {", True),
        ("a } b {", True),
        ("} (", False),
        ("( } ) {", False),
        ("} { {", False),
        ("} } {", False),
        ("] {", False),
        ("{ } } {", True),
        ("{ }", False),
    ],
)
def test_a_brace_that_closes_what_is_around(text: str, is_early: bool) -> None:
    assert (trees(text).early_close is not None) is is_early


@given(TEXTS, st.sampled_from(["2015", "2021", "2024"]), st.booleans())
def test_tokens_and_gaps_make_the_text(text: str, edition: str, is_file: bool) -> None:
    position = 0
    for token in lex(text, edition, is_file=is_file):
        assert GAP.match(text[position : token.start])
        assert token.text
        assert text.startswith(token.text, token.start)
        position = token.end
    assert GAP.match(text[position:])


@given(TEXTS)
def test_partners_are_mutual_and_nested(text: str) -> None:
    found = trees(text)
    opened = []
    for index, partner in enumerate(found.partner):
        if partner > index:
            opened.append(partner)
        elif partner >= 0:
            assert opened.pop() == index
            assert found.partner[partner] == index
    assert not opened
    lone = [
        i for i, t in enumerate(found.tokens) if t.text in set("()[]{}") and found.partner[i] < 0
    ]
    assert bool(lone) is (found.imbalance is not None)
    assert found.imbalance is None or found.imbalance in lone


@pytest.mark.parametrize(
    "unit",
    [
        "(",
        "'\\'",
        "r#",
        "/*",
        "#",
        '"\\',
        "→",
        "b'",
        "'a",
        "0x",
        "1.",
        "#!",
        "---\n",
        "/",
        "r",
        "\\",
    ],
)
def test_no_text_takes_long(unit: str) -> None:
    start = time.perf_counter()
    trees(unit * 100_000, is_file=True)
    assert time.perf_counter() - start < 20


def test_a_hundred_thousand_brackets() -> None:
    found = trees("(" * 100_000 + ")" * 100_000)
    assert found.partner[0] == 199_999
    assert found.imbalance is None
