"""Requests in, out what the compiler said of them earlier, if all that decides it is the same."""

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path

from harness.cache import (
    Cache,
    compiler_identity,
    digest,
    environment_identity,
    file_identity,
)
from harness.files import read_regular
from harness.inputs import facts
from harness.inputs.facts import Fact, Facts
from harness.model.project import Project
from harness.model.toolchain import Toolchain
from harness.model.unit import Base, Compilation, Compiled, Depth, Request
from harness.packages import LOCK, cargo_settings_identity, sources_identity
from harness.remembered import Answers, answered
from harness.runners.cargo import BaseFolders, Broken, Built, LockError, write_package
from harness.runners.local import UNIT_FILE
from harness.shipped import harness_identity
from harness.verdicts.diagnostics import read_messages

# A text that reads variables or files while it is compiled, under any name that it gives a macro.
_ASKS = re.compile(
    r"\b(?:env|option_env|include|file)\s*!|\binclude_(?:str|bytes)\b"
    r"|\b(?:env|option_env|include)\s+as\b"
    r"|#\s*!?\s*\[\s*(?:path\b|cfg_attr\b[^\]]*\bpath\s*=)"
)
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
        self._bases_of: dict[str, set[Base]] = {}
        self._units: Counter[str] = Counter()
        self._doubtful: set[str] = set()
        self.recalled = 0
        """Units that an earlier run had compiled."""
        self.unhashed = 0
        """Units of which something could not be hashed: they are never kept."""

    def rests_of(self, snippets: Iterable[str]) -> Answers | None:
        """What all that was compiled for some snippets rests on besides their documents.

        None where one of the compilations cannot be remembered.
        """
        names = frozenset(snippets)
        if names & self._doubtful:
            return None
        rests: dict[Fact, str] = {}
        for base in {b for name in names for b in self._bases_of.get(name, ())}:
            found = self._facts_of(base)
            if found is None:
                return None
            rests |= dict(found)
        return tuple(rests.items())

    def units_of(self, snippets: Iterable[str]) -> int:
        """How many units were asked for, compiled or remembered."""
        return sum(self._units[name] for name in snippets)

    def recall(self, request: Request) -> Compilation | None:
        """The compilation of an earlier run; None where it must be made."""
        self._bases_of.setdefault(request.unit.snippet_id, set()).add(request.unit.base)
        self._units[request.unit.snippet_id] += 1
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
        if key is None or compilation.status not in _KEPT:
            self._doubtful.add(request.unit.snippet_id)
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

    def _facts_of(self, base: Base) -> Answers | None:
        """The files that decide what a base holds, with what they hold now."""
        if not base.crates:
            return ()
        if self._base_key(base) is None:
            return None
        project = self._projects.get(base.project)
        known = Facts()
        if project is None:
            package = write_package(base, self._folders)
            paths = (_path(dict(crate.table)) for crate in base.crates)
            return answered(
                (
                    facts.file(package / LOCK),
                    *(facts.package(package / path) for path in paths if path is not None),
                ),
                known,
            )
        built = self._built(base)
        if isinstance(built, Broken):
            return None
        return answered(
            (
                facts.project(Path(project.manifest)),
                facts.file(Path(project.folder) / LOCK),
                *(facts.identity(library) for _, library in built.externs),
            ),
            known,
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
        try:
            package = write_package(base, self._folders)
        except LockError:
            return None
        sources: list[str] = []
        for crate in base.crates:
            path = _path(dict(crate.table))
            if path is not None:
                found = sources_identity(package / path)
                if found is None:
                    return None
                sources.append(found)
        settings = cargo_settings_identity(package)
        try:
            lock_text = (package / LOCK).read_bytes()
        except OSError:
            return None
        return None if settings is None else digest(base.crates, lock_text, sources, settings)


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
