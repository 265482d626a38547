# ruff: noqa: E501 - a block of a page stays on its line
"""Pages to measure with: made from a seed, or the pages of a book with their includes put in."""

import random
from collections.abc import Iterator
from pathlib import Path

from harness.inputs.corpus import read_corpus

_TYPES = ("u8", "i32", "u64", "f64", "String")
_SHAPES = (
    "let values: Vec<{t}> = Vec::new();\nlet count = values.iter().count();\nassert_eq!(count, 0);",
    (
        "struct Pair{n}<T> {{ left: T, right: T }}\nimpl<T: Clone> Pair{n}<T> {{\n    fn swapped(&self) "
        "-> Self {{\n        Pair{n} {{ left: self.right.clone(), right: self.left.clone() }}\n    }}\n}}\n"
        "let pair = Pair{n} {{ left: {n}, right: 2 }};\nassert_eq!(pair.swapped().left, 2);"
    ),
    (
        "trait Shape{n} {{\n    fn area(&self) -> f64;\n    fn name(&self) -> String {{\n        "
        'String::from("shape")\n    }}\n}}\nstruct Square(f64);\nimpl Shape{n} for Square {{\n    '
        "fn area(&self) -> f64 {{\n        self.0 * self.0\n    }}\n}}\n"
        "let all: Vec<Box<dyn Shape{n}>> = vec![Box::new(Square(2.0))];\n"
        "let total: f64 = all.iter().map(|s| s.area()).sum();\nassert!(total > 3.0);"
    ),
    (
        "use std::collections::{c};\nlet mut seen = {c}::new();\nfor number in 0..{n} {{\n    "
        "seen.insert(number % 7, number);\n}}\nassert!(seen.len() <= 7);"
    ),
    (
        "let add = |x: {i}| move |y: {i}| x + y;\nlet all: Vec<{i}> = (0..9).map(add({m})).collect();\n"
        "assert_eq!(all.len(), 9);"
    ),
    (
        "#[derive(Debug, Clone, PartialEq)]\nenum State{n} {{\n    Idle,\n    Busy {{ since: u64 }},\n    "
        "Done(Result<u8, String>),\n}}\nlet state = State{n}::Busy {{ since: {n} }};\nmatch &state {{\n    "
        "State{n}::Idle => {{}}\n    State{n}::Busy {{ since }} => assert_eq!(*since, {n}),\n    "
        "State{n}::Done(_) => unreachable!(),\n}}\nassert_eq!(state.clone(), state);"
    ),
    (
        "fn largest<T: PartialOrd + Copy>(values: &[T]) -> Option<T> {{\n    let mut all = "
        "values.iter();\n    let mut best = *all.next()?;\n    for value in all {{\n        if *value > "
        "best {{\n            best = *value;\n        }}\n    }}\n    Some(best)\n}}\n"
        "assert_eq!(largest(&[1{i}, {m}, 3]), Some(if {m} > 3 {{ {m} }} else {{ 3 }}));"
    ),
    (
        "struct Count{n} {{ left: u32 }}\nimpl Iterator for Count{n} {{\n    type Item = u32;\n    fn "
        "next(&mut self) -> Option<u32> {{\n        self.left = self.left.checked_sub(1)?;\n        "
        "Some(self.left)\n    }}\n}}\nlet sum: u32 = Count{n} {{ left: 5 }}.filter(|x| x % 2 == 0).sum();\n"
        "assert_eq!(sum, 6);"
    ),
    (
        "use std::fmt;\nstruct Point{n}(i32, i32);\nimpl fmt::Display for Point{n} {{\n    fn fmt(&self, "
        'f: &mut fmt::Formatter<\'_>) -> fmt::Result {{\n        write!(f, "({{}}, {{}})", self.0, '
        'self.1)\n    }}\n}}\nassert_eq!(Point{n}(1, {n}).to_string(), "(1, {n})");'
    ),
    (
        'let text = "one two three {n}";\nlet words: Vec<&str> = text.split_whitespace().collect();\n'
        "let lengths = words.iter().map(|w| w.len()).fold(0, |a, b| a + b);\nassert!(lengths >= 12);"
    ),
)
_BREAKS = (
    'let broken: u8 = "{n}";',
    "let broken = missing_{n}();",
    "let b = String::new(); drop(b); drop(b);",
)


def synthetic(count: int, broken: int, seed: int = 1, refused: int = 0) -> str:
    """A page of `count` blocks, of which some are broken and some are stated to be refused."""
    chance = random.Random(seed)  # noqa: S311 - the same pages each time
    bad = set(chance.sample(range(count), broken + refused))
    stated = set(sorted(bad)[:refused])
    out = []
    for number in range(count):
        names = {
            "n": number,
            "m": 1 + number % 100,
            "t": chance.choice(_TYPES),
            "i": chance.choice(("i32", "u32", "u64", "i64", "u16")),
            "c": chance.choice(("HashMap", "BTreeMap")),
        }
        code = chance.choice(_SHAPES).format(**names)
        if number in bad:
            code += "\n" + chance.choice(_BREAKS).format(**names)
        info = "compile_fail" if number in stated else ""
        out.append(f"## Block {number}\n\n```{info}\n{code}\n```\n")
    return "\n".join(out)


def book_pages(book: Path) -> Iterator[tuple[str, str]]:
    """Name and text of each page of a book, as mdBook hands it to rustdoc."""
    for number, source in enumerate(read_corpus([book], 64 << 20, None).sources):
        yield f"page{number:03}.md", "".join(line.text + "\n" for line in source.lines)
