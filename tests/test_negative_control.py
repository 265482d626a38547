"""A document that passes is broken in many ways: each turns the run red, at the right line."""

import os
import shutil

import pytest

from tests.command_line import ROOT, Page, by_name, harness, report_of_run

pytestmark = pytest.mark.compiler

CONTEXT = """pub struct Ledger { pub entries: Vec<u64> }
impl Ledger { pub fn total(&self) -> u64 { self.entries.iter().sum() } }
"""

BLOCKS = {
    "counter": (
        (
            "use std::collections::HashMap;\n"
            "\n"
            "#[derive(Debug, Default)]\n"
            "pub struct Counter {\n"
            "    seen: HashMap<String, u32>,\n"
            "}\n"
            "\n"
            "impl Counter {\n"
            "    pub fn add(&mut self, word: &str, times: u32) {\n"
            "        *self.seen.entry(word.to_owned()).or_insert(0) += times;\n"
            "    }\n"
            "\n"
            "    pub fn most(&self) -> Option<&String> {\n"
            "        self.seen.iter().max_by_key(|(_, n)| **n).map(|(w, _)| w)\n"
            "    }\n"
            "}\n"
        ),
        "rust",
    ),
    "use of counter": (
        (
            "let mut counter = Counter::default();\n"
            'counter.add("a", 2);\n'
            'counter.add("b", 1);\n'
            'assert_eq!(counter.most().map(String::as_str), Some("a"));\n'
        ),
        "rust",
    ),
    "moves": (
        (
            'let name = String::from("x");\n'
            "let other = name.clone();\n"
            'println!("{name} {other}");\n'
            "let numbers = [1u8, 2, 3];\n"
            "let third = numbers[2];\n"
            "assert_eq!(third, 3);\n"
        ),
        "rust",
    ),
    "question": (
        (
            'let number: i32 = "12".parse()?;\n'
            "assert_eq!(number, 12);\n"
            "# Ok::<(), std::num::ParseIntError>(())\n"
        ),
        "rust",
    ),
    "borrow": (
        (
            "let first;\n"
            "{\n"
            "    let inner = String::new();\n"
            "    first = &inner;\n"
            "}\n"
            'println!("{first}");\n'
        ),
        "rust,compile_fail,E0597",
    ),
    "with test": (
        (
            "pub fn double(n: u32) -> u32 {\n"
            "    n * 2\n"
            "}\n"
            "\n"
            "#[cfg(test)]\n"
            "mod tests {\n"
            "    #[test]\n"
            "    fn doubles() {\n"
            "        assert_eq!(super::double(2), 4);\n"
            "    }\n"
            "}\n"
        ),
        "rust",
    ),
    "ledger": ("pub fn audit(ledger: &Ledger) -> bool {\n    ledger.total() > 0\n}\n", "rust"),
    "cell": (
        "use near::Cell;\n\npub fn fill(cell: &mut Cell) {\n    cell.put(3);\n}\n",
        "rust",
    ),
    "panics": (
        'let empty: Vec<u8> = Vec::new();\nempty.first().expect("one");\n',
        "rust,should_panic",
    ),
}
BEFORE = {"ledger": '<!-- harness: context = "ledger.rs" -->\n'}

BREAKS = [
    # name of the break, block, what is replaced, by what, line within the block, reason or code
    ("renamed method", "use of counter", 'counter.add("b", 1)', 'counter.plus("b", 1)', 3, "E0599"),
    ("dropped import", "counter", "use std::collections::HashMap;", "", 5, "needs-context"),
    ("wrong arity", "use of counter", 'counter.add("a", 2)', 'counter.add("a")', 2, "E0061"),
    ("use after move", "moves", "name.clone()", "name", 3, "E0382"),
    ("misspelt macro", "moves", 'println!("{name}', 'printn!("{name}', 3, "needs-context"),
    ("wrong type", "moves", "[1u8, 2, 3]", '["1", 2, 3]', 4, "E0308"),
    (
        "missing brace",
        "counter",
        "        *self.seen.entry",
        "    }\n        *self.seen.entry",
        17,
        "not-rust",
    ),
    ("closing brace gone", "with test", "    n * 2\n}\n", "    n * 2\n", 1, "not-rust"),
    ("missing semicolon", "moves", "name.clone();", "name.clone()", 2, "not-rust"),
    ("not mutable", "use of counter", "let mut counter", "let counter", 1, "E0596"),
    ("private field", "use of counter", "counter.most()", "counter.seen.gone()", 4, "E0599"),
    ("misspelt variable", "moves", "{other}", "{othr}", 3, "needs-context"),
    ("index out of bounds", "moves", "numbers[2]", "numbers[3]", 5, "compile-error"),
    ("wrong return type", "counter", "Option<&String>", "Option<String>", 14, "E0308"),
    ("misspelt type", "counter", "times: u32", "times: u23", 9, "needs-context"),
    ("misspelt derive", "counter", "Debug, Default", "Debug, Defalt", 3, "needs-context"),
    ("missing trait", "use of counter", "Counter::default()", "Counter::new()", 1, "E0599"),
    ("wrong error type", "question", "ParseIntError", "ParseFloatError", 1, "E0277"),
    (
        "fault mended",
        "borrow",
        "first = &inner;",
        "first = inner;",
        0,
        "compiles-though-it-should-fail",
    ),
    ("another fault", "borrow", "String::new()", "String::none()", 0, "failed-for-another-reason"),
    (
        "another code stated",
        "borrow",
        None,
        "rust,compile_fail,E0382",
        0,
        "failed-for-another-reason",
    ),
    ("fault in test code", "with test", "super::double(2)", 'super::double("2")', 9, "E0308"),
    ("test of what is gone", "with test", "super::double(2)", "super::triple(2)", 9, "E0425"),
    ("context's method", "ledger", "ledger.total()", "ledger.sum()", 2, "E0599"),
    ("crate's method", "cell", "cell.put(3)", "cell.set(3)", 4, "E0599"),
    ("crate's item", "cell", "near::Cell", "near::Cel", 1, "E0432"),
    ("another crate", "cell", "near::Cell", "nearby::Cell", 1, "unknown-crate"),
    ("lifetime", "counter", "-> Option<&String>", "-> Option<&'static String>", 14, ""),
    # The string then ends where the next one began, and that one never ends.
    ("unbalanced string", "moves", '"x"', '"x', 3, ""),
    ("edition", "moves", 'let name = String::from("x");', 'let async = String::from("x");', 1, ""),
]


def page_of(blocks=BLOCKS, before=BEFORE):
    page = Page()
    for name, (code, info) in blocks.items():
        page.add(name, code, info, before.get(name, ""))
    return page


def write_around(folder):
    """The context file, the crate and the configuration that the document needs."""
    crate = folder / "near"
    (crate / "src").mkdir(parents=True, exist_ok=True)
    (crate / "Cargo.toml").write_text(
        '[package]\nname = "near"\nversion = "1.0.0"\nedition = "2021"\n[workspace]\n'
    )
    (crate / "src" / "lib.rs").write_text(
        "pub struct Cell(u8);\nimpl Cell { pub fn put(&mut self, n: u8) { self.0 = n } }\n"
    )
    (folder / "ledger.rs").write_text(CONTEXT)
    (folder / "harness.toml").write_text(f'[dependencies]\nnear = {{ path = "{crate}" }}\n')


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


def run(folder, cache, *options, verb="check"):
    done = harness(verb, "page.md", "--output-format", "json", *options, cwd=folder, cache=cache)
    return done.returncode, report_of_run(done)


@pytest.fixture(scope="module")
def whole(tmp_path_factory, cache):
    """The unbroken document: green before anything is broken, and after."""
    folder = tmp_path_factory.mktemp("whole")
    write_around(folder)
    page = page_of()
    page.write(folder)
    code, report = run(folder, cache, verb="test")
    assert code == 0, [v for v in report["verdicts"] if v["outcome"] != "PASS"]
    yield folder
    page.write(folder)
    write_around(folder)
    assert run(folder, cache, verb="test")[0] == 0


def broken(block, old, new):
    """The document with one block changed: its code, or with no `old` its info string."""
    code, info = BLOCKS[block]
    if old is None:
        return page_of(BLOCKS | {block: (code, new)})
    assert code.count(old) == 1, "a break must change one place"
    return page_of(BLOCKS | {block: (code.replace(old, new), info)})


def test_there_are_twenty_ways_and_more():
    assert len({name for name, *_ in BREAKS}) >= 20


@pytest.mark.parametrize(
    ("block", "old", "new", "line", "why"), [b[1:] for b in BREAKS], ids=[b[0] for b in BREAKS]
)
def test_a_broken_block_turns_the_run_red_at_its_line(block, old, new, line, why, whole, cache):
    page = broken(block, old, new)
    page.write(whole)
    selected = ["--select", f"page.md:{page.fences[block]}"]
    done = harness("check", "page.md", "--output-format", "json", *selected, cwd=whole, cache=cache)
    report = report_of_run(done)
    assert done.returncode == 1
    red = [v for v in report["verdicts"] if v["level"] == "error" and v["kind"] == "snippet"]
    assert [v["line"] for v in red] == [page.fences[block]]
    verdict = red[0]
    assert verdict["outcome"] == "FAIL"
    assert not why or why in (verdict["reason"], *verdict["codes"]), verdict
    if line:
        assert page.fences[block] + line in {d["line"] for d in verdict["diagnostics"]}, verdict
    else:
        assert verdict["line"] == page.fences[block]


def test_all_other_blocks_stay_green_beside_a_broken_one(whole, cache):
    page = broken("moves", "name.clone()", "name")
    page.write(whole)
    code, report = run(whole, cache)
    verdicts = by_name(page, report)
    assert code == 1
    assert {name for name, v in verdicts.items() if v["outcome"] != "PASS"} == {"moves"}


def test_a_block_whose_earlier_definition_is_gone_fails_at_its_use(whole, cache):
    page = page_of({name: block for name, block in BLOCKS.items() if name != "counter"})
    page.write(whole)
    code, report = run(whole, cache)
    verdicts = by_name(page, report)
    assert code == 1
    assert verdicts["use of counter"]["reason"] == "needs-context"
    assert verdicts["use of counter"]["names"] == ["Counter"]
    first = verdicts["use of counter"]["diagnostics"][0]
    assert first["line"] == page.fences["use of counter"] + 1
    assert {n for n, v in verdicts.items() if v["outcome"] != "PASS"} == {"use of counter"}


def test_a_definition_that_comes_later_is_none(whole, cache):
    names = ["use of counter", *(name for name in BLOCKS if name != "use of counter")]
    page = page_of({name: BLOCKS[name] for name in names})
    page.write(whole)
    code, report = run(whole, cache)
    assert code == 1
    assert by_name(page, report)["use of counter"]["outcome"] == "FAIL"


@pytest.mark.parametrize("text", ["", "\n", "// nothing\n", "pub struct Ledger;\n", "pub struct {"])
def test_an_emptied_or_broken_context_file_turns_the_run_red(text, whole, cache):
    page = page_of()
    page.write(whole)
    (whole / "ledger.rs").write_text(text)
    try:
        code, report = run(whole, cache)
    finally:
        write_around(whole)
    verdicts = by_name(page, report)
    assert code == 1
    assert {n for n, v in verdicts.items() if v["outcome"] != "PASS"} == {"ledger"}
    if text != "pub struct {":
        line = verdicts["ledger"]["diagnostics"][0]["line"]
        assert line in (page.fences["ledger"] + 1, page.fences["ledger"] + 2)
    else:
        told = [v["message"] for v in report["verdicts"] if v["kind"] == "document"]
        told += [f"{d['path']}:{d['line']}" for d in verdicts["ledger"]["diagnostics"]]
        assert any("ledger.rs:1" in words for words in told), "the place in the context file"


def test_a_crate_that_loses_a_method_turns_the_run_red(whole, cache):
    page = page_of()
    page.write(whole)
    (whole / "near" / "src" / "lib.rs").write_text("pub struct Cell(pub u8);\n")
    try:
        code, report = run(whole, cache)
    finally:
        write_around(whole)
    verdict = by_name(page, report)["cell"]
    assert code == 1
    assert verdict["codes"] == ["E0599"]
    assert verdict["diagnostics"][0]["line"] == page.fences["cell"] + 4


def test_a_crate_that_does_not_build_is_told_from_a_broken_block(whole, cache):
    page = page_of()
    page.write(whole)
    (whole / "near" / "src" / "lib.rs").write_text("pub struct Cell(u8\n")
    try:
        code, report = run(whole, cache)
    finally:
        write_around(whole)
    verdicts = by_name(page, report)
    assert code == 6
    assert verdicts["cell"]["reason"] == "dependency-broken"
    assert {n for n, v in verdicts.items() if v["outcome"] != "PASS"} == {"cell"}


@pytest.mark.parametrize("what", ["deleted", "emptied", "replaced"])
def test_an_artifact_that_is_damaged_between_runs_never_makes_a_verdict(what, whole, tmp_path):
    """It is built anew, or the run says that it could not tell; never a fault of the block."""
    cache = tmp_path / "cache"
    page_of().write(whole)
    assert run(whole, cache)[0] == 0
    # Another text, so that no earlier answer will do.
    code, info = BLOCKS["cell"]
    page = page_of(BLOCKS | {"cell": (code + "// more\n", info)})
    page.write(whole)
    found = list((cache / "target").rglob("libnear-*.r*"))
    assert found
    for path in found:
        stamp = path.stat()
        path.unlink()
        if what == "emptied":
            path.write_bytes(b"")
        elif what == "replaced":
            path.write_bytes(b"\x7fELF" * 1000)
        if what != "deleted":
            os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    code, report = run(whole, cache)
    verdicts = by_name(page, report)
    has_artifact = bool(list((cache / "target").rglob("libnear-*.rlib")))
    if code == 0:
        assert has_artifact
        assert verdicts["cell"]["basis"]["dependencies"] == "real"
    else:
        assert code == 6
        assert {n for n, v in verdicts.items() if v["outcome"] != "PASS"} == {"cell"}
        assert verdicts["cell"]["outcome"] == "ERROR"


STUBBED = {
    "plain": ("let a = 1;\n", "rust"),
    "redis": (
        (
            'pub fn get() -> redis::Cmd {\n    let mut c = redis::cmd("GET");\n'
            '    c.arg("key");\n    c\n}\n'
        ),
        "rust",
    ),
}


@pytest.mark.parametrize("how", ["emptied", "broken", "without the function", "gone"])
def test_a_stub_that_is_emptied_turns_the_run_red(how, tmp_path):
    """One broken stub must never make everything pass."""
    installed = tmp_path / "installed"
    built = ("target", "__pycache__")
    for name, left_out in (("harness", built), ("rust-workspace", (*built, "crates", "units"))):
        shutil.copytree(ROOT / name, installed / name, ignore=shutil.ignore_patterns(*left_out))
    page = page_of(STUBBED, {})
    page.write(tmp_path)
    cache = tmp_path / "cache"
    options = ("check", "page.md", "--deps", "stub", "--output-format", "json")
    green = harness(*options, cwd=tmp_path, cache=cache, PYTHONPATH=str(installed))
    assert green.returncode == 0, green.stdout
    assert by_name(page, report_of_run(green))["redis"]["basis"]["dependencies"] == "stub"
    library = installed / "rust-workspace" / "stubs" / "redis" / "src" / "lib.rs"
    text = library.read_text()
    if how == "gone":
        library.unlink()
    else:
        library.write_text(
            {
                "emptied": "",
                "broken": text + "}",
                "without the function": text.replace("pub fn cmd(", "pub fn other("),
            }[how]
        )
    red = harness(*options, cwd=tmp_path, cache=cache, PYTHONPATH=str(installed))
    verdicts = by_name(page, report_of_run(red))
    assert red.returncode in (1, 6)
    assert verdicts["redis"]["outcome"] == "ERROR"
    wanted = "dependency-broken" if how in ("broken", "gone") else "stub-lacks"
    assert verdicts["redis"]["reason"] == wanted
    if wanted == "stub-lacks":
        assert verdicts["redis"]["diagnostics"][0]["line"] in (
            page.fences["redis"] + 1,
            page.fences["redis"] + 2,
        )
    assert verdicts["plain"]["outcome"] == "PASS"


FENCES = [
    ("unclosed", "```rust\nlet a = 1;\n", "unclosed-fence", 1),
    ("tilde for backtick", "```rust\nlet a = 1;\n~~~\n", "", 1),
    ("shorter end", "````rust\nlet a = 1;\n```\n", "", 1),
    ("misspelt word", "```Rust\nlet a = 1;\n```\n", "not-tested-by-rustdoc", 1),
    ("misspelt attribute", "```rust,no-run\nlet a = 1;\n```\n", "misspelt-attribute", 1),
]


@pytest.mark.parametrize(
    ("text", "reason", "line"), [f[1:] for f in FENCES], ids=[f[0] for f in FENCES]
)
def test_a_broken_fence_is_told_at_its_line(text, reason, line, tmp_path, cache):
    (tmp_path / "page.md").write_text(text)
    done = harness(
        "check", "page.md", "--strict", "--output-format", "json", cwd=tmp_path, cache=cache
    )
    report = report_of_run(done)
    if reason:
        assert reason in {v["reason"] for v in report["verdicts"] if v["line"] == line}
        assert done.returncode == 1
    else:
        assert done.returncode == 1 or not report["verdicts"]
