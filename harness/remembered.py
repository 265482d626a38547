"""Documents in, out what an earlier run said of each, if all that decides it is the same.

One entry a document and way of asking. It holds facts with their answers: everything that was
read to come to the verdicts, and every file that would have been read had it been there. It is
believed only while each answer is the same, so that the worst that a change can do is to have a
document looked at again.
"""

import json
import os
from collections.abc import Iterable
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from harness.cache import (
    Cache,
    compiler_identity,
    digest,
    environment_identity,
    file_identity,
)
from harness.inputs.facts import Fact, Facts
from harness.inputs.found import Found
from harness.inputs.places import repository_root
from harness.model.said import Said
from harness.model.settings import CheckSettings, RunnerChoice, Verb
from harness.model.toolchain import Toolchain
from harness.packages import cargo_settings_identity
from harness.shipped import harness_identity, registry_identity
from harness.verdict_rows import row_of, verdict_of

LAST = "last"
"""The folder of what the last runs said of each document, for claims."""
Answers = tuple[tuple[Fact, str], ...]


def may_remember(settings: CheckSettings) -> bool:
    """Whether whole documents may be taken from an earlier run.

    Not where programs run, where an image decides, where units are to be written, and where only
    some blocks or documents are asked for.
    """
    return (
        settings.is_cached
        and settings.verb is Verb.CHECK
        and settings.runner is RunnerChoice.LOCAL
        and settings.workspace is None
        and not settings.select
        and settings.changed_since is None
        and settings.changes is None
    )


def last_file(document: Path, cache: Path) -> Path:
    """Where it is kept what the last runs said of a document."""
    name = sha256(str(document.absolute()).encode(errors="replace")).hexdigest()
    return cache / LAST / f"{name[:32]}.json"


class Remembered:
    """What earlier runs said of documents."""

    def __init__(
        self,
        kept: Cache,
        settings: CheckSettings,
        toolchain: Toolchain,
        cache: Path,
        run_key: str | None = None,
    ) -> None:
        """`cache` is the folder that bases and the last verdicts are kept in.

        `run_key` is that of the same run at its start, where it is known: what comes of a run is
        kept under what was in force when it began.
        """
        self._kept = kept
        self._settings = settings
        self._toolchain = toolchain
        self._cache = cache
        self._facts = Facts()
        if run_key is not None:
            self.run_key = run_key

    def recall(self, found: Found) -> Said | None:
        """What was said of a document; None where it must be looked at again."""
        data = self._kept.get(self._key(found))
        if data is None:
            return None
        try:
            entry = json.loads(data)
            if not self._facts.hold((tuple(fact), answer) for fact, answer in entry["facts"]):
                return None
            said = _said_of(entry["said"])
        except (ValueError, KeyError, TypeError):
            return None
        place = last_file(found.path, self._cache)
        if entry["last"] != repr(file_identity(place)):
            return None  # another run said something since; what it kept for claims is taken over
        return said

    def keep(self, found: Found, said: Said, answers: Answers) -> None:
        """Keep what was said of a document, after the last report of it was written."""
        place = last_file(found.path, self._cache)
        entry = {
            "facts": answers,
            "said": _row_of(said),
            "last": repr(file_identity(place)),
        }
        self._kept.put(self._key(found), json.dumps(entry).encode())

    def _key(self, found: Found) -> str:
        # A link above the document may lead to another project with the same page in it.
        real = os.path.realpath(found.path)
        of_walk = (found.path, real, found.root, found.book, found.config)
        return digest("document", self.run_key, found.id, [str(place) for place in of_walk])

    @cached_property
    def run_key(self) -> str:
        """What decides the verdicts on each document of a run besides the document."""
        settings = self._settings
        asked = (
            settings.deps.value,
            settings.context.value,
            settings.edition,
            settings.look_at_ignored,
            settings.compile_seconds,
            settings.offline,
            settings.is_isolated,
            settings.max_document_bytes,
            str(settings.config),
            repr(settings.cargo),
        )
        here = Path.cwd()
        return digest(
            harness_identity(),
            registry_identity(),
            compiler_identity(self._toolchain.rustc),
            self._toolchain.verbose,
            str(self._toolchain.cargo),
            environment_identity(),
            asked,
            str(here),
            str(repository_root(here)),
            str(self._cache),
            cargo_settings_identity(self._cache / "bases"),
        )


def answered(facts: Iterable[Fact], known: Facts) -> Answers | None:
    """The facts with their answers; None where one cannot be known."""
    found: list[tuple[Fact, str]] = []
    for fact in dict.fromkeys(facts):
        answer = known.answer(fact)
        if answer is None:
            return None
        found.append((fact, answer))
    return tuple(found)


def _row_of(said: Said) -> list[Any]:
    rows = [row_of(verdict) for verdict in said.verdicts]
    told = (said.id, said.path, rows, said.editions, said.blocks, said.units, said.deny, said.allow)
    return [*told, said.toolchain, said.has_project, said.notes]


def _said_of(row: list[Any]) -> Said:
    name, path, rows, editions, blocks, units, deny, allow, toolchain, has_project, notes = row
    return Said(
        id=name,
        path=path,
        verdicts=tuple(verdict_of(each) for each in rows),
        editions=tuple(editions),
        blocks=blocks,
        units=units,
        deny=tuple(deny),
        allow=tuple(allow),
        toolchain=toolchain,
        has_project=has_project,
        notes=tuple(notes),
    )
