"""What Cargo built of a base in, the same out in a later run, while all of it is still there.

Asking Cargo twice whether a base is fresh takes longer than to compile a snippet with it. It is
not asked again about crates whose sources stay: versions of a registry, and the shipped stubs,
whose folder is named by what they hold. Whatever else decides what Cargo builds is part of the
key, and each file that it built is looked at.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from harness.files import write_atomically
from harness.inputs import facts
from harness.inputs.facts import Facts
from harness.model.unit import Base
from harness.runners.cargo import Built

_NAME = "built.json"
Identities = Mapping[str, str]
"""File → its size, time and inode."""


def stays(base: Base, stubs: Path) -> bool:
    """Whether nobody edits the crates of a base: none is a folder's but a shipped stub's."""
    return not base.project and all(
        _is_shipped(table["path"], stubs) if "path" in table else "git" not in table
        for table in (dict(crate.table) for crate in base.crates)
    )


def _is_shipped(path: object, stubs: Path) -> bool:
    return isinstance(path, str) and Path(path).is_relative_to(stubs)


def identities(built: Built) -> Identities:
    """What tells the files of a base from others at their places."""
    now = Facts()
    return {str(file): str(now.answer(facts.identity(file))) for file in built.libraries}


def keep(package: Path, key: str, built: Built, files: Identities) -> None:
    """Write beside a base's package what Cargo built of it, and what its files were."""
    table = {
        "key": key,
        "files": dict(files),
        "externs": [(name, str(file)) for name, file in built.externs],
        "search": [str(folder) for folder in built.search],
        "packages": built.packages,
        "others": built.others,
    }
    with suppress(OSError):  # a full disk costs a later run some time, and this one nothing
        write_atomically(package / _NAME, json.dumps(table))


def recall(package: Path, key: str) -> Built | None:
    """What was built; None where that is not known, or not all of it is there."""
    try:
        table = json.loads((package / _NAME).read_bytes())
        built = _read(table) if table["key"] == key else None
        is_there = built is not None and identities(built) == table["files"]
    except (OSError, ValueError, LookupError, TypeError):  # none, or a damaged one
        return None
    return built if is_there else None


def _read(table: Mapping[str, Any]) -> Built:
    return Built(
        tuple((str(name), Path(file)) for name, file in table["externs"]),
        tuple(map(Path, table["search"])),
        packages=tuple((str(name), str(package)) for name, package in table["packages"]),
        others=tuple(map(str, table["others"])),
        libraries=tuple(map(Path, table["files"])),
    )
