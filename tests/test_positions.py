"""Errors, warnings and panics come out at the document's own line and column.

Each construct marks with `¦` where the compiler or the panic must point; each container puts
the lines of a block into some Markdown. The mark is taken out before the document is written.
"""

import pytest

from tests.support import report_of

pytestmark = pytest.mark.compiler

MARK = "¦"

CONSTRUCTS = {
    "unknown value": (["let a = ¦missing;"], "E0425"),
    "unknown type": (["struct S { a: ¦Missing }"], "E0425"),
    "mismatch": (["let a: u8 =", '    ¦"text";'], "E0308"),
    "after letters that are no ASCII": (['let a = "äöü→日本"; let b = ¦missing;'], "E0425"),
    "after a character beyond 16 bits": (['let a = "🦀"; let b = ¦missing;'], "E0425"),
    "after tabs": (["\tlet a =\t¦missing;"], "E0425"),
    "inside a macro": (['println!("{}", ¦missing);'], "E0425"),
    "inside format braces": (['println!("{¦missing}");'], "E0425"),
    "in a nested function": (
        ["fn f() {", "    g(1, ¦missing);", "}", "fn g(_: u8, _: u8) {}"],
        "E0425",
    ),
    "use after move": (["let v = vec![1];", "let w = v;", "¦v.len();"], "E0382"),
    "method that is not there": (["let v = vec![1];", "v.¦nothing();"], "E0599"),
    "unused result of an attribute": (["struct ¦bad_name;"], "warning"),
    "panic": (['¦panic!("no");'], "panic"),
    "panic in a function": (["fn f() {", '    ¦panic!("no");', "}", "f();"], "panic"),
    "index": (["let v: Vec<u8> = vec![];", "let i = 3;", "let x = v¦[i];"], "panic"),
    "unwrap": (["let none: Option<u8> = None;", "none.¦unwrap();"], "panic"),
    "assertion": (["let a = 1;", "¦assert_eq!(a, 2);"], "panic"),
    "arithmetic": (["let a = std::hint::black_box(0u8);", "let b = ¦a - 1;"], "panic"),
    "panic behind letters that are no ASCII": (['let _ = "→"; ¦panic!("no");'], "panic"),
    "panic behind wide and combining letters": (
        ['let _ = "日本🦀e\u0301"; ¦panic!("no");'],
        "panic",
    ),
    "panic behind tabs": (['\t\t¦panic!("no");'], "panic"),
    "after a hidden line": (["# let b = 1;", "let a = ¦missing;"], "E0425"),
    "on a hidden line": (["#   let a = ¦missing;"], "E0425"),
    "panic on a hidden line": (['# ¦panic!("no");'], "panic"),
    "behind a doubled hash": (['let s = "', '## "; let a = ¦missing;'], "E0425"),
    "behind an inner attribute": (["#![allow(dead_code)]", "let a = ¦missing;"], "E0425"),
    "in a hoisted attribute": (["#![¦nothing_such]", "let a = 1;"], None),
    "behind extern crate": (["extern crate std as other;", "let a = ¦missing;"], "E0425"),
    "own main": (["fn main() {", "    let a = ¦missing;", "}"], "E0425"),
    "question mark block": (
        ['let a: u8 = "1".parse()?;', "¦missing();", "Ok::<(), std::num::ParseIntError>(())"],
        "E0425",
    ),
}


def _fenced(lines, fence="```", info=""):
    return [fence + info, *lines, fence]


def _each(prefix, lines, first=None):
    return [
        (first if first is not None and n == 0 else prefix) + line for n, line in enumerate(lines)
    ]


CONTAINERS = {
    "plain": lambda lines: _fenced(lines, info="rust"),
    "no info": _fenced,
    "tildes": lambda lines: _fenced(lines, "~~~~"),
    "three spaces": lambda lines: _each("   ", _fenced(lines)),
    "list": lambda lines: _each("  ", _fenced(lines), "- "),
    "list after text": lambda lines: ["- text", "", *_each("  ", _fenced(lines))],
    "ordered list": lambda lines: _each("    ", _fenced(lines), "10. "),
    "nested list": lambda lines: ["- a", "  - b", "", *_each("    ", _fenced(lines))],
    "quote": lambda lines: _each("> ", _fenced(lines)),
    "quote without space": lambda lines: _each(">", _fenced(lines)),
    "nested quote": lambda lines: _each("> > ", _fenced(lines)),
    "list in quote": lambda lines: [">  - x", ">", *_each(">    ", _fenced(lines))],
    "quote in list": lambda lines: ["- x", "", *_each("  > ", _fenced(lines))],
    "indented": lambda lines: _each("    ", lines),
    "indented in list": lambda lines: ["- x", "", *_each("      ", lines)],
    "footnote": lambda lines: ["[^n]: text", "", *_each("    ", _fenced(lines))],
    "details": lambda lines: ["<details>", "", *_fenced(lines), "", "</details>"],
    "tabbed list": lambda lines: ["-\tx", "", *_each("\t", _fenced(lines))],
}
_NOT_IN_INDENTED = {"footnote"}


def _combinations():
    for container in CONTAINERS:
        for construct in ("unknown value", "panic", "mismatch", "after tabs", "on a hidden line"):
            yield container, construct
    for construct in CONSTRUCTS:
        yield "plain", construct
        yield "list", construct
        yield "quote", construct


CASES = list(dict.fromkeys(_combinations()))


def _document(cases, line_end="\n"):
    """A document with one heading a case, and where each mark was: (line, column)."""
    lines = ["text [^n]", ""]
    marks = []
    for number, (container, construct) in enumerate(cases):
        lines += [f"# Case {number}", ""]
        block = CONTAINERS[container](CONSTRUCTS[construct][0])
        if container == "footnote":
            block[0] = block[0].replace("^n", f"^n{number}")
            lines += [f"see [^n{number}]", ""]
        for line in block:
            if MARK in line:
                marks.append((len(lines) + 1, line.index(MARK) + 1))
            lines.append(line.replace(MARK, ""))
        lines += ["", "text", ""]
    assert len(marks) == len(cases)
    return line_end.join(lines), marks


@pytest.fixture(scope="module", params=["\n", "\r\n"], ids=["LF", "CRLF"])
def positions(request, tmp_path_factory):
    text, marks = _document(CASES, request.param)
    folder = tmp_path_factory.mktemp("positions")
    report = report_of(text, folder, verb="test", edition="2021", context="none")
    found = {}
    for verdict in report.verdicts:
        if verdict.kind == "snippet":
            case = int(verdict.id.rsplit("/", 1)[1].split("-")[1])
            found[case] = verdict
    return found, marks


@pytest.mark.parametrize("number", range(len(CASES)), ids=[" / ".join(case) for case in CASES])
def test_position(positions, number):
    found, marks = positions
    construct = CASES[number][1]
    wanted = CONSTRUCTS[construct][1]
    verdict = found[number]
    shown = [
        (d.position.line, d.position.column)
        for d in verdict.diagnostics
        if wanted in (None, d.code) or d.level == wanted
    ]
    assert shown, (verdict.reason, verdict.diagnostics)
    assert shown[0] == marks[number]


def test_there_are_enough_cases():
    assert len(CASES) >= 40
