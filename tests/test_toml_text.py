"""Texts that are no TOML end in one kind of error."""

import tomllib

import pytest

from harness import toml_text
from tests.command_line import harness


@pytest.mark.parametrize("text", ["x = ", "x = " + "[" * 9999, "a." * 5000 + "b = [" * 2000])
def test_one_kind_of_error(text):
    with pytest.raises(tomllib.TOMLDecodeError):
        toml_text.parse(text)


def test_a_manifest_around_a_page_that_is_nested_too_deeply_ends_no_run(tmp_path):
    (tmp_path / "Cargo.toml").write_text("x = " + "[" * 9999)
    (tmp_path / "page.md").write_text("```\nlet x = 1;\n```\n")
    done = harness("list", "page.md", "--reason", "compiles", cwd=tmp_path)
    assert done.returncode in (0, 3)
