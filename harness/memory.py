"""Requests in, out what the compiler said of them earlier, if all that decides it is the same."""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path

from harness import workspace
from harness.cache import (
    Cache,
    cargo_settings_identity,
    compiler_identity,
    digest,
    environment_identity,
    file_identity,
    harness_identity,
    sources_identity,
)
from harness.files import read_regular
from harness.model.project import Project
from harness.model.unit import Base, Compilation, Compiled, Depth, Request
from harness.runners.cargo import BaseFolders, Broken, Built
from harness.runners.local import UNIT_FILE
from harness.runners.toolchain import Toolchain
from harness.verdicts.diagnostics import read_messages

# A text that reads variables or files while it is compiled.
_ASKS = re.compile(r"\benv\s*!|\boption_env\s*!|\binclude\w*\b|#\s*!?\s*\[\s*path\b|\bfile\s*!")
_KEPT = {Compiled.ACCEPTED: b"+", Compiled.REJECTED: b"-"}
_STATES = {mark: state for state, mark in _KEPT.items()}


class Memory:
    """What the compiler said, by everything that it said it of."""

    def __init__(
        self,
        cache: Cache,
        toolchain: Toolchain,
        folders: BaseFolders,
        place: str,
        projects: Mapping[str, Project],
        built: Callable[[Base], Built | Broken],
        *,
        is_isolated: bool,
    ) -> None:
        """`place` is an image's id, or empty; `built` gives what Cargo built for a base.

        `is_isolated` keeps apart what both engines say, so that they can be compared.
        """
        self._cache = cache
        self._is_isolated = is_isolated
        self._place = place
        self._toolchain = toolchain
        self._folders = folders
        self._projects = projects
        self._built = built
        self._bases: dict[Base, str | None] = {Base(): ""}
        self.recalled = 0
        """Units that an earlier run had compiled."""
        self.unhashed = 0
        """Units of which something could not be hashed: they are never kept."""

    def recall(self, request: Request) -> Compilation | None:
        """The compilation of an earlier run; None where it must be made."""
        key = self._key(request)
        found = None if key is None else self._cache.get(key)
        state = _STATES.get(found[:1]) if found else None
        if found is None or state is None:
            return None
        self.recalled += 1
        messages = found[1:]
        unit = request.unit
        return Compilation(unit, state, read_messages(messages, unit, UNIT_FILE), messages=messages)

    def forget_bases(self) -> None:
        """Look at the bases anew: building one can write its lock."""
        self._bases = {Base(): ""}

    def keep(self, request: Request, compilation: Compilation) -> None:
        """Keep what was seen, unless it is a limit's doing or a program that is gone by then."""
        key = self._key(request)
        if key is None:
            self.unhashed += 1
            return
        is_program = request.depth is Depth.LINK and compilation.status is Compiled.ACCEPTED
        mark = _KEPT.get(compilation.status)
        if mark is not None and not is_program:
            self._cache.put(key, mark + compilation.messages)

    def _key(self, request: Request) -> str | None:
        unit = request.unit
        if unit.environment or _ASKS.search(unit.text):
            return None
        if unit.base not in self._bases:
            self._bases[unit.base] = self._base_key(unit.base)
        base = self._bases[unit.base]
        if base is None:
            return None
        return digest(
            self._run_key,
            base,
            unit.text,
            unit.edition,
            unit.crate_type.value,
            unit.with_tests,
            request.depth.value,
            request.is_shown,
        )

    @cached_property
    def _run_key(self) -> str:
        return digest(
            harness_identity(),
            compiler_identity(self._toolchain.rustc),
            self._toolchain.verbose,
            self._is_isolated,
            self._place,
            environment_identity(),
        )

    def _project_key(self, base: Base) -> str | None:
        """Cargo knows best what its crates are made of, so it is asked to build them first."""
        project, built = self._projects.get(base.project), self._built(base)
        if project is None or isinstance(built, Broken):
            return None
        libraries = [file_identity(file) for _, file in built.externs]
        try:
            beside = list(_files_below(Path(project.home))) if project.home else []
        except OSError:
            return None
        return digest(base, libraries, built.environment, beside)

    def _base_key(self, base: Base) -> str | None:
        if "DATABASE_URL" in os.environ:
            return None
        if base.project:
            return self._project_key(base)
        lock = Path(base.lock) if base.lock else self._folders.lock
        package = workspace.write_base(base, self._folders.bases, lock)
        sources: list[str] = []
        for crate in base.crates:
            path = _path(dict(crate.table))
            if path is not None:
                found = sources_identity(package / path)
                if found is None:
                    return None
                sources.append(found)
        try:
            lock_text = (package / "Cargo.lock").read_bytes()
        except OSError:
            return None
        return digest(base.crates, lock_text, sources, cargo_settings_identity(package))


def _files_below(folder: Path) -> Iterator[tuple[str, str]]:
    """What a unit's macros may read where they find their package; prose is left out."""
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(f for f in folders if f not in _BUILT and not f.startswith("."))
        for name in sorted(files):
            if not name.endswith((".md", ".markdown")):
                file = Path(place) / name
                yield str(file), digest(read_regular(file, _MOST_BYTES))


_BUILT = frozenset({"target", "node_modules"})
_MOST_BYTES = 256 << 20
"""Of one file of a package: with a larger one, nothing is remembered."""


def _path(table: Mapping[str, object]) -> str | None:
    path = table.get("path")
    return path if isinstance(path, str) else None
