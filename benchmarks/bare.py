"""A folder of pages in, its blocks compiled by rustc in crates of 500, two at a time: the floor."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from harness.document.extract import extract
from harness.inputs.corpus import read_corpus
from harness.model.source import Snippet
from harness.rust.program import as_rustdoc

_SIZE = 500


def crates(pages: Path, folder: Path) -> list[Path]:
    """The pages' blocks that are to compile, as modules of crates; their folders."""
    corpus = read_corpus([pages], 64 << 20, None)
    snippets = [s for source in corpus.sources for s in extract(source.document, source.lines)]
    wanted = [s for s in snippets if not s.attributes.compile_fail]
    found = []
    for first in range(0, len(wanted), _SIZE):
        crate = folder / f"crate{first}"
        crate.mkdir(parents=True)
        _write(crate, wanted[first : first + _SIZE])
        found.append(crate)
    return found


def _write(crate: Path, snippets: list[Snippet]) -> None:
    names = [f"m{number}" for number in range(len(snippets))]
    for name, snippet in zip(names, snippets, strict=True):
        text = as_rustdoc(snippet.code, "2021").text + "pub fn run() { let _ = main(); }\n"
        (crate / f"{name}.rs").write_text(text, encoding="utf-8")
    calls = "".join(f"    {name}::run();\n" for name in names)
    modules = "".join(f"pub mod {name};\n" for name in names)
    root = f"#![allow(unused)]\n{modules}fn main() {{\n{calls}}}\n"
    (crate / "root.rs").write_text(root, encoding="utf-8")


def build(crate: Path) -> None:
    """One call of the compiler, to the depth that `check` has; it may find errors."""
    argv = ["rustc", "root.rs", "--edition", "2021", "--error-format=json", "--emit=mir=out"]
    subprocess.run(argv, cwd=crate, capture_output=True, check=False)  # noqa: S603


def main() -> None:
    """Write the crates, then compile them."""
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(build, crates(Path(sys.argv[1]), Path(sys.argv[2]))))


if __name__ == "__main__":
    main()
