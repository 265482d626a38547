"""Requests in, out what the compiler said of them earlier, if all that decides it is the same."""

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path

from harness import kept_bases
from harness.cache import (
    Cache,
    compiler_identity,
    digest,
    environment_identity,
)
from harness.inputs import facts
from harness.inputs.facts import Fact, Facts
from harness.model.project import Project
from harness.model.toolchain import Toolchain
from harness.model.unit import Base, Compilation, Compiled, Depth, Request
from harness.packages import LOCK
from harness.registry import STUBS
from harness.remembered import Answers, answered
from harness.runners.cargo import BaseFolders, Broken, Built, LockError, write_package
from harness.runners.local import UNIT_FILE
from harness.shipped import harness_identity
from harness.verdicts.diagnostics import read_messages

# A text that reads variables or files while it is compiled, under any name that it gives a macro.
_ASKS = re.compile(
    r"\b(?:env|option_env|include\w*|file)\s*!|\binclude_(?:str|bytes)\b"
    r"|\b(?:env|option_env|include\w*)\s+as\b"
    r"|#\s*!?\s*\[\s*(?:path\b|cfg_attr\b[^\]]*\bpath\s*=)"
)
# What a macro of a project could look for, and is no part of what is known of its folder.
_NAMES_MORE = re.compile(r"\"[^\"\n]*(?:\.\./|\.(?:md|markdown)\b)")
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
        known: Facts | None = None,
        *,
        is_isolated: bool,
    ) -> None:
        """`place` is an image's id, or empty; `built` gives what Cargo built for a base.

        `known` holds what was looked up before, with times. `is_isolated` keeps apart what both
        engines say, so that they can be compared.
        """
        self._known = known or Facts(with_times=True)
        self._pending: dict[Base, list[tuple[str, bytes]]] = {}
        self._packages: dict[Base, Path] = {}
        self._new_bases: dict[Base, tuple[Built, kept_bases.Identities]] = {}
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

    def rests_of(self, snippets: Iterable[str], now: Facts) -> Answers | None:
        """What all that was compiled for some snippets rests on besides their documents.

        As it was before Cargo built it; what only building makes, as `now` has it. None where one
        of the compilations cannot be remembered.
        """
        names = frozenset(snippets)
        if names & self._doubtful:
            return None
        rests: dict[Fact, str] = {}
        for base in {b for name in names for b in self._bases_of.get(name, ())}:
            found = self._facts_of(base, now)
            if found is None:
                return None
            rests |= dict(found)
        return tuple(rests.items())

    def uses_project(self, snippets: Iterable[str]) -> bool:
        """Whether a unit of some snippets was given crates of a Cargo project."""
        return any(base.project for name in snippets for base in self._bases_of.get(name, ()))

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

    def recall_base(self, base: Base) -> Built | None:
        """What Cargo built of a base in an earlier run; None where it must be asked."""
        key = self._key_of_built(base)
        return None if key is None else kept_bases.recall(self._package(base), key)

    def keep_base(self, base: Base, built: Built) -> None:
        """Keep what Cargo has just built, when `settle` has seen that it is still the same."""
        self._new_bases[base] = built, kept_bases.identities(built)

    def _key_of_built(self, base: Base) -> str | None:
        stubs = self._folders.bases.parent / STUBS
        if self._place or not base.crates or not kept_bases.stays(base, stubs):
            return None
        key = self._base_key(base)
        return None if key is None else digest(self._run_key, base.profile, key)

    def forget_bases(self) -> None:
        """Look at the locks of bases anew, which building writes.

        What they are built from stays as it was before: what changes while Cargo builds is
        nothing that it was surely built from.
        """
        self._bases = {Base(): ""}

    def keep(self, request: Request, compilation: Compilation) -> None:
        """Keep what was seen, unless it is a limit's doing or a program that is gone by then.

        With crates it is kept when `settle` has seen that they are still what they were.
        """
        key = self._key(request)
        if key is None or compilation.status not in _KEPT:
            self._doubtful.add(request.unit.snippet_id)
        if key is None:
            self.unhashed += 1
            return
        is_program = request.depth is Depth.LINK and compilation.status is Compiled.ACCEPTED
        mark = _KEPT.get(compilation.status)
        if mark is None or is_program:
            return
        base, told = request.unit.base, mark + compilation.messages
        if base.crates:
            self._pending.setdefault(base, []).append((key, told))
        else:
            self._cache.put(key, told)

    def settle(self) -> None:
        """Keep what was seen since the last time, but for units whose crates have changed."""
        pending, self._pending = self._pending, {}
        new_bases, self._new_bases = self._new_bases, {}
        now = Facts()
        for base, (built, files) in new_bases.items():
            asked, key = self._asked(base), self._key_of_built(base)
            if key is not None and asked is not None and self._known.untouched(asked, now):
                kept_bases.keep(self._package(base), key, built, files)
        for base, seen in pending.items():
            asked = self._asked(base)
            if asked is None or not self._known.untouched(asked, now):
                self.unhashed += len(seen)
                continue
            for key, told in seen:
                self._cache.put(key, told)

    def _key(self, request: Request) -> str | None:
        unit = request.unit
        if unit.environment or _ASKS.search(unit.text):
            return None
        if unit.base.project and _NAMES_MORE.search(unit.text):
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

    def _facts_of(self, base: Base, now: Facts) -> Answers | None:
        """The files that decide what a base holds, with what they held before it was built."""
        if not base.crates:
            return ()
        if self._base_key(base) is None:
            return None
        project = self._projects.get(base.project)
        lock = Path(project.folder) if project else self._package(base)
        asked = tuple(fact for fact in self._asked(base) or () if fact[0] != "home")
        if project is not None:
            is_whole = bool(project.choice.packages)
            asked += (facts.project(Path(project.manifest), is_whole=is_whole),)
        before, written = answered(asked, self._known), answered((facts.file(lock / LOCK),), now)
        return None if before is None or written is None else before + written

    def _asked(self, base: Base) -> tuple[Fact, ...] | None:
        """What decides what a unit with this base is told, besides locks; None if it is broken.

        Cargo knows best what the crates of a project are made of, so it is asked to build them
        first.
        """
        if not base.crates:
            return ()
        if not base.project:
            paths = (_path(dict(crate.table)) for crate in base.crates)
            try:
                package = self._package(base)
            except LockError:
                return None
            sources = (facts.package(package / path) for path in paths if path is not None)
            return (facts.cargo_settings(self._folders.bases), *sources)
        project, built = self._projects.get(base.project), self._built(base)
        if project is None or isinstance(built, Broken):
            return None
        beside = (facts.home(Path(project.home)),) if project.home else ()
        return (*(facts.identity(file) for _, file in built.externs), *beside)

    def _package(self, base: Base) -> Path:
        """The folder of the generated package that Cargo builds the base by."""
        if base not in self._packages:
            self._packages[base] = write_package(base, self._folders)
        return self._packages[base]

    def _base_key(self, base: Base) -> str | None:
        if "DATABASE_URL" in os.environ:
            return None
        asked = self._asked(base)
        known = None if asked is None else answered(asked, self._known)
        if known is None:
            return None
        if base.project:
            built = self._built(base)
            return None if isinstance(built, Broken) else digest(base, known, built.environment)
        try:
            return digest(base.crates, known, (self._package(base) / LOCK).read_bytes())
        except OSError:
            return None


def _path(table: Mapping[str, object]) -> str | None:
    path = table.get("path")
    return path if isinstance(path, str) else None
