"""What the macros of a page's project find in their package's folder is part of what is known."""

import time

import pytest

from harness.pipeline import check
from harness.progress import Progress
from harness.runners.executor import Executor
from tests.support import check_settings

READS = """extern crate proc_macro;
#[proc_macro]
pub fn template(_: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let home = std::env::var("CARGO_MANIFEST_DIR").unwrap();
    std::fs::read_to_string(home + "/FILE").unwrap().parse().unwrap()
}
"""


def put(file, text=""):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def run(page, folder):
    settings = check_settings(cache=folder / "cache", deps="stub", offline=True)
    report = check([page], settings, Executor(), Progress(is_quiet=True))
    return [verdict.outcome.value for verdict in report.verdicts]


def project(folder, file):
    """A project whose blocks use a macro that makes code of a file."""
    put(
        folder / "one" / "Cargo.toml",
        '[package]\nname = "one"\nversion = "0.1.0"\nedition = "2021"\n'
        '[dependencies]\nmaker = { path = "../maker" }\n',
    )
    put(folder / "one" / "src" / "lib.rs")
    put(
        folder / "maker" / "Cargo.toml",
        '[package]\nname = "maker"\nversion = "0.1.0"\nedition = "2021"\n[lib]\nproc-macro = true\n',
    )
    put(folder / "maker" / "src" / "lib.rs", READS.replace("FILE", file))
    return put(folder / "one" / "README.md", "```\nlet x: u8 = maker::template!();\n```\n")


@pytest.mark.compiler
class TestHome:
    """A file that a macro made code of changes, and the block turns red."""

    @pytest.mark.parametrize("name", ["templates/a.rs.in", "assets/.hidden/a", "a/node_modules/a"])
    def test_a_file_of_the_package(self, tmp_path, name):
        page = project(tmp_path, name)
        file = put(tmp_path / "one" / name, "1")
        time.sleep(0.1)
        assert run(page, tmp_path) == ["PASS"]
        put(file, "true")
        assert run(page, tmp_path) == ["FAIL"]

    def test_a_file_in_a_folder_behind_a_link(self, tmp_path):
        page = project(tmp_path, "templates/a")
        file = put(tmp_path / "shared" / "a", "1")
        (tmp_path / "one" / "templates").symlink_to(tmp_path / "shared")
        time.sleep(0.1)
        assert run(page, tmp_path) == ["PASS"]
        put(file, "true")
        assert run(page, tmp_path) == ["FAIL"]

    def test_queries_of_the_workspace(self, tmp_path):
        page = project(tmp_path, "../.sqlx/a")
        file = put(tmp_path / ".sqlx" / "a", "1")
        time.sleep(0.1)
        assert run(page, tmp_path) == ["PASS"]
        put(file, "true")
        assert run(page, tmp_path) == ["FAIL"]

    @pytest.mark.parametrize("name", ["templates/a.md", "../outside/a"])
    def test_what_is_not_known_and_a_block_names(self, tmp_path, name):
        """Prose beside, which pages are, and what is outside."""
        page = project(tmp_path, name)
        page.write_text(f'```\nlet x: u8 = maker::template!("{name}");\n```\n')
        file = put(tmp_path / "one" / name, "1")
        time.sleep(0.1)
        assert run(page, tmp_path) == ["PASS"]
        put(file, "true")
        assert run(page, tmp_path) == ["FAIL"]
