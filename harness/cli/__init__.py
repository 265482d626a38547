"""The command line and the environment in, calls of the pipeline out."""

from harness.cli.entry import run
from harness.cli.settings import settings_of
from harness.cli.verbs import main

__all__ = ["main", "run", "settings_of"]
