"""No error on the list keeps the compiler from finding another unit's, or is told otherwise."""

import json
import re
import subprocess
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness.model.unit import Base, CrateType, Depth, Request, Unit
from harness.model.verdict import Basis, Position
from harness.rust.known import PLAIN_ERRORS
from harness.rust.program import as_rustdoc
from harness.units.routing import reason_to_go_alone

pytestmark = [pytest.mark.compiler, pytest.mark.real]

PROBES = {
    "E0308 E0425": 'fn a() { let x: u8 = missing_name(); let y: u8 = "a"; }',
    "E0308": 'fn b() { let y: u8 = "a"; }',
    "E0382": "fn c() { let b = String::new(); drop(b); drop(b); }",
    "E0004": "fn d(o: Option<u8>) { match o { None => {} } }",
    "E0277": 'fn e() { let x = 1u8 + "a"; }',
    "E0106": "struct F { x: &str }",
    "E0072": "fn g() { struct L { l: Option<L> } }",
}


def programs():
    """Every example of the error index that names no feature, as rustdoc would compile it."""
    for number in range(1, 900):
        told = subprocess.run(
            ["rustc", "--explain", f"E{number:04}"], capture_output=True, text=True, check=False
        )
        for block in re.findall(r"^```[^\n]*\n(.*?)^```", told.stdout, re.DOTALL | re.MULTILINE):
            text = as_rustdoc(block, "2021").text
            if "feature(" not in block and reason_to_go_alone(_unit(text)) is None:
                yield text


def _unit(text):
    place = Position("page.md", 1, 1, 1, 1)
    unit = Unit(
        "page", "rustdoc", text, (), (), place, "2021", CrateType.BIN, False, Base(), Basis()
    )
    return Request(unit, Depth.METADATA, 60.0).unit


def codes(folder, root):
    """The codes that the compiler tells of each file."""
    argv = ["rustc", root, "--edition", "2021", "--error-format=json", "--emit=metadata=out"]
    ended = subprocess.run(argv, cwd=folder, capture_output=True, check=False)
    found = defaultdict(list)
    for line in ended.stderr.splitlines():
        message = json.loads(line) if line.startswith(b"{") else {}
        if message.get("level") != "error" or not message.get("spans"):
            continue
        span = next(s for s in message["spans"] if s["is_primary"])
        while span["file_name"].startswith("/") and span.get("expansion"):
            span = span["expansion"]["span"]
        found[span["file_name"]].append((message["code"] or {}).get("code", "-"))
    return {file: " ".join(sorted(told)) for file, told in found.items()}


def beside_the_probes(text, folder):
    """What is told of a program alone, of the same beside the probes, and of each probe."""
    folder.mkdir()
    (folder / "unit.rs").write_text(text)
    alone = codes(folder, "unit.rs").get("unit.rs", "")
    modules = ["unit"]
    for number, code in enumerate(PROBES.values()):
        modules.append(f"probe{number}")
        (folder / f"probe{number}.rs").write_text(code)
    root = "".join(f"pub mod {module};\n" for module in modules)
    (folder / "root.rs").write_text(root + "fn main() {}\n")
    told = codes(folder, "root.rs")
    return alone, told.get("unit.rs", ""), [told.get(f"{m}.rs", "") for m in modules[1:]]


def test_errors_on_the_list_hide_nothing(tmp_path, record_property):
    with ThreadPoolExecutor(2) as pool:
        folders = (tmp_path / str(number) for number in range(10_000))
        seen = list(pool.map(beside_the_probes, programs(), folders))
    plain = [s for s in seen if s[0] and set(s[0].split()) <= PLAIN_ERRORS]
    record_property("programs", len(plain))
    assert len(plain) > 100
    assert [s for s in plain if s[0] != s[1] or s[2] != list(PROBES)] == []


def test_some_errors_do_hide_others(tmp_path):
    """Else the rule would guard against nothing."""
    _, _, probes = beside_the_probes(
        "struct A;\nimpl Missing for A {}\nfn main() {}", tmp_path / "a"
    )
    assert probes != list(PROBES)
