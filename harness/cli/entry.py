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
        from harness.files import next_step

        place = f"{error.filename}: " if error.filename else ""
        told = f"{place}{error.strerror or error}"
        _tell("; ".join(filter(None, (told, next_step(error)))))
        return MissingToolError.exit_code
    except HarnessError as error:
        _tell(str(error))
        return error.exit_code
    except Exception:  # noqa: BLE001 - with Python's own code for it a crash would be a finding
        _tell_defect()
        return _COULD_NOT_TELL
    return code if isinstance(code, int) else 0


_COULD_NOT_TELL = 6


def _tell(message: str) -> None:
    from harness.escaping import printable

    sys.stderr.write(f"harness: {printable(message)}\n")


def _tell_defect() -> None:
    """Python's own words for the error that is being handled, which may quote a document."""
    import traceback

    from harness.escaping import no_command, printable

    for line in traceback.format_exc().splitlines():
        sys.stderr.write(no_command(printable(line)) + "\n")
    _tell("this is a defect of the harness; report it with the lines above")
