"""What was built for a base in, the same in a later run out, as long as it is there."""

import json
from pathlib import Path

from harness.files import write_atomically
from harness.runners.cargo import Built
from harness.runners.containers.confinement import BASES


def keep(file: Path, built: Built) -> None:
    """Write down where the crates are, as containers see them."""
    table = {
        "externs": {name: str(path) for name, path in built.externs},
        "search": [str(path) for path in built.search],
        "packages": dict(built.packages),
        "others": list(built.others),
    }
    write_atomically(file, json.dumps(table))


def recall(file: Path, bases: Path) -> Built | None:
    """What was built in an earlier run, if all of it is still there."""
    try:
        table = json.loads(file.read_text(encoding="utf-8"))
        externs = tuple((name, Path(path)) for name, path in table["externs"].items())
        search = tuple(Path(path) for path in table["search"])
        packages = tuple(dict(table["packages"]).items())
        others = tuple(table["others"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    places = [path for _, path in externs] + list(search)
    is_there = all((bases / path.relative_to(BASES)).exists() for path in places)
    return Built(externs, search, packages=packages, others=others) if is_there else None
