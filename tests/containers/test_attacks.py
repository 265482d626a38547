"""Documents that attack: each is judged within its limits, and nothing of them gets out."""

import shutil
import time
from pathlib import Path

import pytest

from tests.command_line import Page, by_name, harness, report_of_run
from tests.containers import attacks, crate_attacks

pytestmark = [pytest.mark.containers, pytest.mark.compiler]

LIMITS = ("--compile-timeout", "60", "--build-timeout", "300")
SHORT = "<!-- harness: timeout = 5.0 -->\n"
SHORT_COMPILING = "<!-- harness: compile_timeout = 8.0 -->\n"


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def canary(tmp_path):
    """A file beside the document that nothing of it may touch; and what a whole folder holds."""
    file = tmp_path / "canary"
    file.write_text("alive")
    file.chmod(0o666)
    yield file
    assert file.read_text() == "alive"


def judge(page, folder, cache, verb, *options):
    """The verdicts by block, and how long all took."""
    file = page.write(folder)
    if verb == "test":
        options = ("--timeout", "60", *options)
    started = time.monotonic()
    done = harness(
        verb, file.name, "--runner", "docker", "--no-cache", *LIMITS, *options,
        "--output-format", "json", cwd=folder, cache=cache, seconds=900,
        HARNESS_TEST_SECRET="leaked",
    )  # fmt: skip
    report = report_of_run(done)
    found = by_name(page, report)
    for name, verdict in found.items():
        print(f"{name:28} {verdict['reason']:20} {verdict['message'][:60]}")
    print(f"{time.monotonic() - started:.1f} s in all")
    return found, report


def with_neighbours(page):
    for name, (code, _, _) in attacks.NEIGHBOURS.items():
        page.add(name, code)
    return page


def check_neighbours(found, column):
    for name, told in attacks.NEIGHBOURS.items():
        assert found[name]["reason"] == told[column], found[name]


def test_programs_that_attack(containers, canary, cache, tmp_path):
    page = with_neighbours(Page())
    for name, (code, reason) in attacks.RUNNING.items():
        page.add(name, code, before=SHORT if reason == "time-limit" else "")
    before = set(Path("/tmp").iterdir())
    found, _ = judge(page, tmp_path / "book", cache, "test")
    check_neighbours(found, 1)
    seen = {name: found[name]["reason"] for name in attacks.RUNNING}
    assert seen == {name: reason for name, (_, reason) in attacks.RUNNING.items()}, {
        name: found[name]["message"] for name in seen if seen[name] != attacks.RUNNING[name][1]
    }
    assert not [p for p in set(Path("/tmp").iterdir()) - before if "fill" in p.name]
    assert not list((cache / "runs").glob("run-*")), "the folder of the run is left"


def test_texts_that_attack_their_compiler(containers, canary, cache, tmp_path):
    page = with_neighbours(Page())
    secret = tmp_path / "secret.rs"
    secret.write_text('const WORD: &str = "leaked";')
    for name, (code, reasons) in attacks.COMPILING.items():
        page.add(
            name,
            code.replace("@FILE", str(secret)),
            before=SHORT_COMPILING if "compile-time-limit" in reasons else "",
        )
    found, report = judge(page, tmp_path / "book", cache, "check")
    check_neighbours(found, 2)
    for name, (_, reasons) in attacks.COMPILING.items():
        assert found[name]["reason"] in reasons, (name, found[name])
    assert "leaked" not in str(report)


def crate(folder, name, lib, *, manifest="", build=None):
    (folder / name / "src").mkdir(parents=True)
    (folder / name / "Cargo.toml").write_text(
        f'[package]\nname = "{name}"\nversion = "0.1.0"\nedition = "2021"\n{manifest}'
    )
    (folder / name / "src" / "lib.rs").write_text(lib)
    if build is not None:
        (folder / name / "build.rs").write_text(f"fn main() {{\n{build}\n}}\n")


def repository(folder, dependencies):
    (folder / ".git").mkdir(parents=True)
    (folder / "harness.toml").write_text("[dependencies]\n" + "\n".join(dependencies) + "\n")


def test_macros_that_attack(containers, canary, cache, tmp_path):
    root = tmp_path / "repository"
    repository(root, ['evil = { path = "evil" }'])
    crate(root, "evil", crate_attacks.MACRO_CRATE, manifest="[lib]\nproc-macro = true\n")
    page = with_neighbours(Page())
    for name in crate_attacks.MACROS:
        before = SHORT_COMPILING if crate_attacks.MACROS[name] == "compile-time-limit" else ""
        page.add(name, f"evil::{name}!();", before=before)
    found, _ = judge(page, root, cache, "check")
    check_neighbours(found, 2)
    for name, reason in crate_attacks.MACROS.items():
        if reason is not None:
            assert found[name]["reason"] == reason, (name, found[name])


def test_build_scripts_that_attack(containers, canary, cache, tmp_path):
    root = tmp_path / "repository"
    names = [f"evil_{name}" for name in crate_attacks.BUILD_SCRIPTS if name != "spin"]
    repository(root, [f'{name} = {{ path = "{name}" }}' for name in names])
    page = with_neighbours(Page())
    for name in names:
        crate(root, name, "", build=crate_attacks.BUILD_SCRIPTS[name.removeprefix("evil_")][0])
        page.add(name, f"use {name} as _;")
    found, _ = judge(page, root, cache, "check")
    check_neighbours(found, 2)
    for name in names:
        told = crate_attacks.BUILD_SCRIPTS[name.removeprefix("evil_")][1]
        assert found[name]["reason"] == "dependency-broken", (name, found[name])
        assert told in found[name]["message"], (name, found[name]["message"])


def test_a_build_script_without_end_is_ended(containers, cache, tmp_path):
    root = tmp_path / "repository"
    repository(root, ['evil = { path = "evil" }'])
    crate(root, "evil", "", build=crate_attacks.BUILD_SCRIPTS["spin"][0])
    page = with_neighbours(Page()).add("spin", "use evil as _;")
    found, _ = judge(page, root, cache, "check", "--build-timeout", "15")
    check_neighbours(found, 2)
    assert found["spin"]["reason"] == "dependency-broken"
    assert crate_attacks.BUILD_SCRIPTS["spin"][1] in found["spin"]["message"]


OUTSIDE = "src/lib.rs of a crate that the repository does not hold"


@pytest.mark.parametrize(
    ("dependency", "told"),
    [
        ('other = { path = "../outside" }', "leaves the repository"),
        ('other = { path = "linked" }', "leaves the repository"),
        ('other = { git = "https://192.0.2.1/other" }', "--allow-sources"),
        ('other = { version = "1", registry-index = "https://192.0.2.1/" }', "--allow-sources"),
        ('other = { path = "through" }', "--allow-sources"),
        ('other = { path = "beyond" }', "leaves the repository"),
    ],
)
def test_crates_from_elsewhere_are_refused(containers, cache, tmp_path, dependency, told):
    root = tmp_path / "repository"
    repository(root, [dependency])
    crate(tmp_path, "outside", f"// {OUTSIDE}")
    (root / "linked").symlink_to(tmp_path / "outside")
    elsewhere = '[dependencies]\nx = { git = "https://192.0.2.1/x" }\n'
    crate(root, "through", "", manifest=elsewhere)
    crate(root, "beyond", "", manifest='[dependencies]\noutside = { path = "../../outside" }\n')
    page = Page().add("uses it", "use other as _;")
    found, _ = judge(page, root, cache, "check")
    assert found["uses it"]["reason"] == "dependency-broken"
    assert told in found["uses it"]["message"]


def hostile_settings(root, mark):
    """A Cargo project whose settings name programs of its own, which leave a mark."""
    script = root / "evil.sh"
    script.write_text(f'#!/bin/sh\necho "$0 $*" >>{mark}\nexec "$@"\n')
    script.chmod(0o755)
    (root / ".git").mkdir()
    (root / ".cargo").mkdir()
    (root / ".cargo" / "config.toml").write_text(
        f'[build]\nrustc-wrapper = "{script}"\n'
        f'[source.crates-io]\nreplace-with = "mine"\n[source.mine]\ndirectory = "{root}/vendor"\n'
        f'[registry]\nglobal-credential-providers = ["{script}"]\n[alias]\nmetadata = "version"\n'
    )
    (root / "vendor").mkdir()
    (root / "Cargo.toml").write_text(
        '[package]\nname = "project"\nversion = "0.1.0"\nedition = "2021"\n'
    )
    (root / "src").mkdir()
    (root / "src" / "lib.rs").write_text("pub struct Mine;\n")


def test_settings_of_a_checkout_are_in_force_in_no_container(containers, cache, tmp_path):
    root, mark = tmp_path / "repository", tmp_path / "mark"
    root.mkdir()
    hostile_settings(root, mark)
    page = Page().add("own", "use project::Mine;\nlet _ = Mine;").add("real", "use itoa as _;")
    (root / "harness.toml").write_text('[dependencies]\nitoa = "1"\n')
    found, _ = judge(page, root, cache, "check")
    assert found["real"]["reason"] == "compiles"
    assert not mark.exists(), mark.read_text()
    # The same checkout where nothing confines it: the mark tells that the attack is one.
    harness("check", "page.md", "--no-cache", "--offline", cwd=root, cache=cache)
    assert mark.exists()


@pytest.mark.skipif(shutil.which("rustup") is None, reason="no rustup here, which reads the file")
def test_a_toolchain_file_names_no_program_of_this_machine(containers, cache, tmp_path):
    root, mark = tmp_path / "repository", tmp_path / "mark"
    (root / "evil" / "bin").mkdir(parents=True)
    (root / ".git").mkdir()
    for name in ("rustc", "cargo"):
        program = root / "evil" / "bin" / name
        program.write_text(f"#!/bin/sh\necho {name} >>{mark}\nexit 1\n")
        program.chmod(0o755)
    (root / "rust-toolchain.toml").write_text(f'[toolchain]\npath = "{root}/evil"\n')
    found, _ = judge(Page().add("good", "let x = 1;"), root, cache, "check")
    assert found["good"]["reason"] == "compiles"
    assert not mark.exists()
    harness("check", "page.md", "--no-cache", cwd=root, cache=cache)
    assert mark.exists(), "without containers the file is in force"
