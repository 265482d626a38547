"""The ways in which the harness cannot work, each with the exit code that it ends in.

Findings about a document are values (`Verdict`) and are never raised.
"""


class HarnessError(Exception):
    """The harness cannot go on; the text says where, why and what to do next."""

    exit_code = 4


class UsageError(HarnessError):
    """The command line asks for something that does not exist."""

    exit_code = 2


class ConfigurationError(HarnessError):
    """A configuration or a document cannot be read."""

    exit_code = 3


class MissingToolError(HarnessError):
    """Something that the harness needs is missing here: cargo, an engine, disk space."""

    exit_code = 4


class NothingFoundError(HarnessError):
    """A folder or book holds no Rust block, or a selection matches none."""

    exit_code = 5
