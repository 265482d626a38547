"""The command line in, the exit code out, whatever happens in between."""

import sys

import click

from harness.cli.verbs import main
from harness.errors import HarnessError, MissingToolError


def run() -> int:
    """Run the command line; the exit code."""
    try:
        code = main.main(prog_name="harness", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        sys.stderr.write("\nharness: interrupted; nothing was left running\n")
        return 130
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        sys.stderr.write(
            f"harness: {place}{error.strerror or error}; free some space there, "
            "or name another place with HARNESS_CACHE\n"
        )
        return MissingToolError.exit_code
    except HarnessError as error:
        from harness.escaping import printable

        sys.stderr.write(f"harness: {printable(str(error))}\n")
        return error.exit_code
    return code if isinstance(code, int) else 0
