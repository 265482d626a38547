"""`--bless` rewrites expected files; without it a difference shows the command that would."""

import os

import pytest


def pytest_addoption(parser):
    parser.addoption("--bless", action="store_true", help="rewrite expected files")


def pytest_configure(config):
    if config.getoption("--bless") and os.environ.get("CI"):
        raise pytest.UsageError("--bless is refused where CI is set")


@pytest.fixture
def bless(request):
    """Compare a text with an expected file, or with `--bless` write it."""

    def compare(path, actual):
        if request.config.getoption("--bless"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(actual, encoding="utf-8")
            return
        expected = path.read_text(encoding="utf-8") if path.is_file() else ""
        command = f"pytest {request.node.nodeid} --bless"
        assert actual == expected, f"{path.name} differs; to accept it, run `{command}`"

    return compare
