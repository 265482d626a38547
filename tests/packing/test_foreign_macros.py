"""Units with macros of known crates share a crate; what could be seen through them goes alone."""

import re

import pytest

from harness.model.unit import Base, CrateSpec
from harness.model.verdict import Dependencies
from harness.pipeline import check
from harness.progress import Progress
from harness.runners import packed
from harness.runners.executor import Executor
from harness.shipped import rust_folder
from harness.units import crate_names
from harness.units.foreign_macros import KNOWN_CRATES, ForeignMacros, trusted_crates
from tests.packing.compared import differences
from tests.support import check_settings

pytestmark = [pytest.mark.compiler, pytest.mark.network]

IMPL = (
    "impl ::std::ops::Mul<L> for ::std::string::String { type Output = (); fn mul(self, _: L) {} }"
)
MAKER = f"""
extern crate proc_macro;
use proc_macro::TokenStream;

const IMPL: &str = "{IMPL}";

#[proc_macro_derive(Serialize)]
pub fn serialize(_: TokenStream) -> TokenStream {{ IMPL.parse().unwrap() }}
#[proc_macro_derive(Debug)]
pub fn debug(_: TokenStream) -> TokenStream {{ IMPL.parse().unwrap() }}
#[proc_macro_attribute]
pub fn test(_: TokenStream, item: TokenStream) -> TokenStream {{
    format!("{{item}} {{IMPL}}").parse().unwrap()
}}
#[proc_macro]
pub fn println(_: TokenStream) -> TokenStream {{ IMPL.parse().unwrap() }}
#[proc_macro]
pub fn json(_: TokenStream) -> TokenStream {{ IMPL.parse().unwrap() }}
#[proc_macro]
pub fn nothing(_: TokenStream) -> TokenStream {{ TokenStream::new() }}
"""
NEED = "fn need<T: Default>(_: T) where String: std::ops::Mul<T> {}\nneed(Default::default());"
LOCAL = "#[derive(Default)] pub struct L;\n"

SHARED = {
    "good_serialize": "use serde::{Deserialize, Serialize};\n"
    '#[derive(Debug, Serialize, Deserialize)]\n#[serde(rename_all = "camelCase")]\n'
    "struct Order { order_id: u64, #[serde(default)] lines: Vec<String> }",
    "good_by_path": "#[derive(Clone, serde::Serialize)]\nenum Side { Buy, Sell }",
    "bad_type": "#[derive(serde::Serialize)]\nstruct S(u8);\nlet s: u8 = S(1);",
    "bad_field": "struct No;\n#[derive(serde::Serialize)]\nstruct Holds { no: No }",
    "good_error": "use thiserror::Error;\n#[derive(Debug, Error)]\npub enum Failed {\n"
    '    #[error("no {0}")]\n    Missing(String),\n    #[error(transparent)]\n'
    "    Io(#[from] std::io::Error),\n}",
    "good_error_by_path": '#[derive(Debug, thiserror::Error)]\n#[error("late")]\nstruct Late;',
    "good_trait": "use async_trait::async_trait;\n#[async_trait]\npub trait Store {\n"
    "    async fn get(&self, key: u64) -> Option<u64>;\n}\nstruct One;\n#[async_trait]\n"
    "impl Store for One {\n    async fn get(&self, key: u64) -> Option<u64> { Some(key) }\n}",
    "good_trait_by_path": "#[async_trait::async_trait]\ntrait Sink { async fn put(&self); }",
    "bad_trait": "#[async_trait::async_trait]\ntrait Sink { async fn put(&self) -> u8; }\n"
    'struct S;\n#[async_trait::async_trait]\nimpl Sink for S { async fn put(&self) -> u8 { "a" } }',
    "good_main": "#[tokio::main]\nasync fn main() {\n    tokio::task::yield_now().await;\n}",
    "good_main_with_result": '#[tokio::main(flavor = "current_thread")]\n'
    "async fn main() -> Result<(), String> {\n    tokio::task::yield_now().await;\n    Ok(())\n}",
    "bad_main_when_run": "#[tokio::main]\nasync fn main() -> Result<(), String> {\n"
    '    tokio::task::yield_now().await;\n    Err("no".into())\n}',
    "bad_main_plain": "#[tokio::main]\nfn main() {}",
    "bad_main_twice": "#[tokio::main]\n#[tokio::main]\nasync fn main() {}",
    "bad_main_bare": "use tokio::task;\nasync fn main() {}",
    "good_select": "#[tokio::main]\nasync fn main() {\n    tokio::select! {\n"
    "        _ = std::future::pending::<()>() => {}\n        () = async {} => {}\n    }\n}",
    "good_joined": "#[tokio::main]\nasync fn main() {\n"
    "    let (a, b) = tokio::join!(async { 1 }, async { 2 });\n    assert_eq!(a + b, 3);\n}",
    "good_json": 'let v = serde_json::json!({"a": [1, 2]});\nassert_eq!(v["a"][1], 2);',
    "good_json_by_name": 'use serde_json::json;\nlet v = json!({"b": 1});\nassert_eq!(v["b"], 1);',
    "good_bails": 'use anyhow::bail;\nfn f() -> anyhow::Result<()> { bail!("no") }\n'
    "assert!(f().is_err());",
    "good_anyhow": 'let e = anyhow::anyhow!("no {}", 1);\nassert_eq!(e.to_string(), "no 1");',
}

TRAPS = {
    # A string of an attribute that leads to the root of the crate, where another main is.
    "strings": {
        "bad_root": "#[derive(serde::Deserialize)]\npub struct S {\n"
        '    #[serde(skip, default = "super::main")]\n    pub a: std::process::ExitCode,\n}\n'
        "fn main() {}",
        "good_beside": "#[derive(serde::Deserialize)]\npub struct S { pub a: u8 }",
    },
    # A name that a `use` brings from another crate.
    "uses": {
        "good_makes": f"use maker::Serialize;\n{LOCAL.replace('Default', 'Default, Serialize')}",
        "bad_waits": f"maker::nothing!();\n{NEED}",
        "good_plain": "use maker::nothing;\nlet x = maker::nothing as fn();",
    },
    "standard derives": {
        "good_makes": f"use maker::Debug;\n{LOCAL.replace('Default', 'Default, Debug')}",
        "bad_waits": f"use maker::Serialize as _;\n{NEED}",
    },
    "standard attributes": {
        "good_makes": f"use maker::test;\n{LOCAL}#[test]\nfn f() {{}}",
        "bad_waits": f"use maker::Serialize as _;\n{NEED}",
    },
    "standard calls": {
        "good_makes": f"use maker::println;\n{LOCAL}println!();",
        "bad_waits": f"use maker::Serialize as _;\n{NEED}",
    },
    # A crate of the known name from another place.
    "sources": {
        "good_makes": f"use serde::Serialize;\n{LOCAL.replace('Default', 'Default, Serialize')}",
        "good_makes_by_call": "use serde::Serialize as _;",
        "bad_waits": f"use serde::Serialize as _;\n{NEED}",
    },
    # A crate that is named only where nobody reads it.
    "arguments": {
        "good_loads": "let _ = one::Brought;\n" + NEED,
        "bad_names": "#![allow(malformed_diagnostic_attributes, unknown_or_malformed_diagnostic_"
        "attributes)]\n#[diagnostic::on_unimplemented(one::Brought)]\ntrait T {}\n" + NEED,
        "good_loads_too": "let _ = one::Brought;",
    },
}

OFF = {
    "strings": (ForeignMacros, "_leads_out", lambda *_: False),
    "uses": (ForeignMacros, "_knows", lambda *_: True),
    "standard derives": (ForeignMacros, "is_standard", lambda *_: True),
    "standard attributes": (ForeignMacros, "is_standard", lambda *_: True),
    "standard calls": (ForeignMacros, "is_standard", lambda *_: True),
    "sources": (
        packed,
        "trusted_crates",
        lambda base, *_: frozenset(crate.name for crate in base.crates),
    ),
    "arguments": (crate_names, "_arguments", lambda *_: frozenset()),
}
SETTINGS = {"context": "none", "edition": "2021", "deps": "auto"}


def crate(folder, name, text, *, makes_macros):
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "lib.rs").write_text(text)
    kind = "\n[lib]\nproc-macro = true\n" if makes_macros else ""
    (folder / "Cargo.toml").write_text(
        f'[package]\nname = "{name}"\nversion = "1.0.200"\nedition = "2021"\n{kind}'
    )


def page(folder, blocks, wanted=()):
    made = {
        "maker": ("maker", MAKER, True),
        "serde": ("serde", MAKER, True),
        "one": (
            "one",
            "#[derive(Default)]\npub struct Brought;\n" + IMPL.replace("L", "Brought"),
            0,
        ),
    }
    lines = ["[dependencies]"]
    for name in wanted:
        crate(folder / name, *made[name][:2], makes_macros=made[name][2])
        lines.append(f'{name} = {{ path = "{name}" }}')
    (folder / "harness.toml").write_text("\n".join(lines) + "\n")
    texts, names = [], {}
    for name, code in blocks.items():
        names[len(texts) + 1] = name
        texts += ["```", *code.split("\n"), "```", ""]
    file = folder / "page.md"
    file.write_text("\n".join(texts))
    return file, names


def test_the_known_ones_share(tmp_path):
    file, names = page(tmp_path, SHARED)
    compared, found = differences([file], verb="test", **SETTINGS)
    assert found == []
    assert compared == len(SHARED)
    chosen = check_settings(verb="test", is_cached=False, **SETTINGS)
    report = check([file], chosen, Executor(), Progress(is_quiet=True))
    outcomes = {names[v.line]: v.outcome.value for v in report.verdicts}
    assert outcomes == {n: "PASS" if n.startswith("good") else "FAIL" for n in SHARED}
    # Each good one shares a crate, those with a crate that no other names aside.
    alone = dict(report.packing.alone)
    assert "a macro that is not known" not in alone
    assert "an attribute of the crate, or one that is not known" not in alone


@pytest.mark.parametrize("trap", TRAPS)
def test_a_trap_fools_nobody(trap, tmp_path):
    wanted = {"sources": ["serde"], "arguments": ["one"], "strings": []}.get(trap, ["maker"])
    file, _ = page(tmp_path, TRAPS[trap], wanted)
    _, found = differences([file], **SETTINGS)
    assert found == []


@pytest.mark.parametrize("trap", TRAPS)
def test_without_its_rule_a_trap_works(trap, tmp_path, monkeypatch):
    wanted = {"sources": ["serde"], "arguments": ["one"], "strings": []}.get(trap, ["maker"])
    file, _ = page(tmp_path, TRAPS[trap], wanted)
    monkeypatch.setattr(*OFF[trap])
    _, found = differences([file], **SETTINGS)
    assert found != []


REGISTERED = "registry+https://github.com/rust-lang/crates.io-index#{}@{}"


@pytest.mark.parametrize(
    ("package", "others", "is_trusted"),
    [
        (REGISTERED.format("serde", "1.0.229"), [REGISTERED.format("serde_derive", "1.0.229")], 1),
        (REGISTERED.format("serde", "1.0.999"), [], 0),
        (REGISTERED.format("serde", "2.0.0"), [], 0),
        (REGISTERED.format("serde", "0.9.15"), [], 0),
        (REGISTERED.format("serde-like", "1.0.200"), [], 0),
        (REGISTERED.format("serde", "1.0.229-rc.1"), [], 0),
        ("registry+https://example.org/index#serde@1.0.229", [], 0),
        ("path+file:///home/x/serde#1.0.229", [], 0),
        ("git+https://github.com/serde-rs/serde#1.0.229", [], 0),
        ("", [], 0),
        (REGISTERED.format("serde", "1.0.229"), ["path+file:///x/serde_derive#1.0.229"], 0),
        (REGISTERED.format("serde", "1.0.229"), ["git+https://x.org/y#serde_derive@1.0.229"], 0),
    ],
)
def test_only_the_crate_of_the_registry_is_trusted(package, others, is_trusted):
    base = Base((CrateSpec("serde", "serde", Dependencies.REAL, "1", ()),))
    trusted = trusted_crates(base, {"serde": package}, [package, *others])
    assert trusted == (frozenset({"serde"}) if is_trusted else frozenset())


def test_the_registry_s_own_versions_are_known():
    """A newer lock asks for a look at the newer sources."""
    lock = (rust_folder() / "registry.lock").read_text()
    for name, known in KNOWN_CRATES.items():
        told = re.findall(rf'name = "{name.replace("_", "[-_]")}"\nversion = "([\d.]+)"', lock)
        for version in told if known.versions else ():
            number = tuple(map(int, version.split(".")))
            assert any(low <= number <= high for low, high in known.versions), (name, version)
