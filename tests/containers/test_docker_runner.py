"""What `--runner docker` says is what `--runner local` says, and nothing is left of it."""

import pytest

from tests.command_line import Page, harness, report_of_run
from tests.test_bases import page_of_doubled_crates

pytestmark = [pytest.mark.containers, pytest.mark.compiler]

VOLATILE = {"seconds", "notes"}


def verdicts(folder, file, verb, runner, cache):
    done = harness(
        verb,
        file,
        "--runner",
        runner,
        "--no-cache",
        "--output-format",
        "json",
        cwd=folder,
        cache=cache,
    )
    report = report_of_run(done)
    return report, [
        (v["id"], v["outcome"], v["reason"], v["as_rustdoc"], v["codes"], v["message"])
        for v in report["verdicts"]
    ]


def page():
    page = Page()
    page.add("value", 'let x: i32 = 3;\nprintln!("{x}");\nassert_eq!(x, 3);')
    page.add("wrong type", 'let s: u8 = "no";')
    page.add("panics", 'panic!("on purpose");')
    page.add("as stated", "let x: u8 = 1u16;", info="rust,compile_fail,E0308")
    page.add("aborts", "std::process::abort();")
    page.add("exit status", "std::process::exit(139);")
    page.add(
        "folder", 'std::fs::write("a", "b").unwrap();\nassert!(std::path::Path::new("a").exists());'
    )
    page.add("listens", 'std::net::TcpListener::bind("127.0.0.1:0").unwrap();')
    page.add("threads", "std::thread::spawn(|| 1).join().unwrap();")
    page.add("not Rust", "let let let")
    return page


@pytest.mark.parametrize("verb", ["check", "test"])
def test_the_verdicts_are_those_of_the_local_runner(verb, containers, tmp_path):
    file = page().write(tmp_path / "book")
    cache = tmp_path / "cache"
    here = verdicts(file.parent, file.name, verb, "local", cache)
    there = verdicts(file.parent, file.name, verb, "docker", cache)
    assert here[1] == there[1]
    environment = there[0]["environment"]
    assert environment["runner"] == "docker"
    assert environment["image"].startswith("sha256:")
    assert any(package.startswith("gcc ") for package in environment["packages"])


def test_crates_that_were_built_for_macros_as_well_are_told_apart(containers, tmp_path):
    folder = tmp_path / "book"
    page_of_doubled_crates(folder)
    found = verdicts(folder, "page.md", "check", "docker", tmp_path / "cache")[1]
    assert [(outcome, message) for _, outcome, _, _, _, message in found] == [("PASS", "")]


def test_what_is_said_of_definitions_in_other_crates_is_that_of_the_local_runner(
    containers, tmp_path
):
    page = Page().add("stub", "use ethers_flashbots::FlashbotsMiddleware as Of;\nfn f(_: Of) {}")
    page.add("real", "fn f(_: lru::LruCache) {}")
    file = page.write(tmp_path / "book")
    cache = tmp_path / "cache"
    labels = []
    for runner in ("local", "docker"):
        report, _ = verdicts(file.parent, file.name, "check", runner, cache)
        labels.append([d["labels"] for v in report["verdicts"] for d in v["diagnostics"]])
    assert labels[0] == labels[1]
    assert "struct defined here" in str(labels[0])
