"""Verdicts of a run kept in the cache, each document's by itself; and read again.

They are what claims that name a contract or a bench rest on where no report is named. What was
decided of another text of the page, of other files beside it, with another toolchain or of other
crates of this machine is forgotten; so is what rests on crates that files cannot tell apart.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.cache import digest
from harness.errors import HarnessError
from harness.files import read_regular, write_atomically
from harness.inputs import facts
from harness.inputs.cargo_places import manifest_around
from harness.inputs.facts import Fact, Facts
from harness.inputs.places import BESIDE, is_of_page
from harness.model.cargo_choice import CargoChoice
from harness.model.decision import Decision
from harness.model.reasons import Reason
from harness.model.settings import CheckSettings
from harness.model.toolchain import Toolchain
from harness.model.values import dataclass
from harness.model.verdict import Verdict
from harness.remembered import answered, last_file
from harness.runners.known_toolchain import chosen_identity

if TYPE_CHECKING:
    from harness.inputs.corpus import Source

_LONGEST = 120
CLAIMS_FILE = "claims.toml"
_NAMED = re.compile(r'"([^"\n\0]{1,200}\.(?:rs|sql))"')
"""What a comment in the page may name; one name too many costs an earlier verdict, no more."""
_UNDECIDED = frozenset(
    {Reason.COMPILES, Reason.COMPILES_WITH_CONTEXT, Reason.NOT_RUN, Reason.NO_EVIDENCE}
)
"""Of a contract or a bench: nothing was run, so that an earlier run still tells more."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a run was asked for, as far as others must know it to tell whether all is the same."""

    options: str
    """In words; runs that differ in it are kept apart."""
    is_off: bool
    manifest: str | None
    """Of `CargoChoice`, absolute."""
    folder: str
    """The folder whose toolchain was in force."""
    rustc: str
    """The compiler that this was."""


def asked_of(settings: CheckSettings, toolchain: Toolchain, folder: Path, image: str) -> Asked:
    """What a run with these settings rests on, with the folder that chose its toolchain.

    `image` is that of its containers; empty without.
    """
    cargo, runner = settings.cargo, settings.runner.value
    options = (settings.deps.value, settings.context.value, settings.edition, cargo, runner, image)
    manifest = None if cargo.manifest is None else str(Path(cargo.manifest).resolve())
    return Asked(
        repr(options), cargo.is_off, manifest, str(folder.absolute()), str(toolchain.rustc)
    )


class Fingerprints:
    """What decisions on documents rest on, as one text each; every file is looked at once."""

    def __init__(self, known: Facts | None = None) -> None:
        """`known` are answers of this moment."""
        self._facts = known or Facts()
        self._pages: dict[Path, str] = {}
        self._toolchains: dict[tuple[str, str], str | None] = {}

    def of(self, source: "Source", asked: Asked) -> str | None:
        """None where something cannot be known, which is equal to nothing."""
        chosen = asked.folder, asked.rustc
        if chosen not in self._toolchains:
            self._toolchains[chosen] = chosen_identity(Path(asked.folder), Path(asked.rustc))
        try:
            crates = answered(_crates(source, asked), self._facts)
        except HarnessError:  # the project that was named is gone
            return None
        toolchain = self._toolchains[chosen]
        if toolchain is None or crates is None:
            return None
        if source.file not in self._pages:
            self._pages[source.file] = _fingerprint(source)
        return digest(self._pages[source.file], toolchain, crates)

    def of_all(self, sources: "Iterable[Source]", asked: Asked) -> dict[Path, str | None]:
        """Those of some documents, by their files."""
        return {source.file: self.of(source, asked) for source in sources}


def _crates(source: "Source", asked: Asked) -> Iterator[Fact]:
    """The crates of this machine that a document's blocks may call."""
    stated = source.configuration
    folder = stated.folder or source.folder
    for table in stated.dependencies.values():
        if isinstance(path := table.get("path"), str):
            yield facts.package(folder / path)
    if stated.locks is not None:
        yield facts.locks(folder / stated.locks)
    choice = CargoChoice(is_off=asked.is_off, manifest=asked.manifest)
    found = manifest_around(source.folder, stated, choice)
    if found is not None:
        yield facts.project(found[0], is_whole=True)


def keep_verdicts(
    verdicts: Iterable[Verdict],
    sources: "Iterable[Source]",
    cache: Path,
    asked: Asked,
    before: Mapping[Path, str | None],
) -> None:
    """Keep what a run said of each document, with what earlier runs said and this one did not.

    `before` are the documents' fingerprints from before anything was planned or compiled: where
    one is another now, nobody knows what was decided of which.
    """
    told, now = tuple(verdicts), Fingerprints()
    for source in sources:
        fresh = _decided(told, source)
        if fresh:
            runs = [_without(run, fresh) for run in _current_runs(source, cache, now)]
            own = now.of(source, asked)
            if own is not None and own == before.get(source.file):
                earlier = [d for run in runs if run.asked == asked for d in run.decisions]
                runs = [run for run in runs if run.asked != asked]
                runs.append(_Run(asked, own, (*earlier, *fresh.values())))
            _write(source, cache, runs)


def decisions(
    source: "Source", cache: Path, fresh: Iterable[Verdict], now: Fingerprints
) -> tuple[Decision, ...]:
    """What is known of a document: from earlier runs, and over it from one that just ended."""
    return tuple({**_by_id(recall(source, cache, now)), **_decided(fresh, source)}.values())


def _decided(verdicts: Iterable[Verdict], source: "Source") -> dict[str, Decision]:
    """The verdicts on a document that decide something, by their ids."""
    prefix = f"{source.document.id}/"
    return {
        v.id: _decision(v)
        for v in verdicts
        if v.id.startswith(prefix)
        and v.kind not in ("document", "claim")
        and (v.kind == "snippet" or v.reason not in _UNDECIDED)
    }


def _by_id(known: Iterable[Decision]) -> dict[str, Decision]:
    return {decision.id: decision for decision in known}


def recall(source: "Source", cache: Path, now: Fingerprints) -> tuple[Decision, ...]:
    """What the last runs said of all that a document is now; nothing where none did."""
    return tuple(d for run in _current_runs(source, cache, now) for d in run.decisions)


@dataclass(frozen=True, slots=True)
class _Run:
    """What runs with the same options decided last; no other run decided any of it since."""

    asked: Asked
    of: str
    decisions: tuple[Decision, ...]


def _current_runs(source: "Source", cache: Path, now: Fingerprints) -> list[_Run]:
    """Those that decided of what the document is now."""
    try:
        kept = json.loads(last_file(source.file, cache).read_text(encoding="utf-8"))
        runs = [_run(row) for row in kept["runs"]]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return [run for run in runs if now.of(source, run.asked) == run.of]


def _run(row: Mapping[str, Any]) -> _Run:
    options, is_off, manifest, folder, rustc = row["asked"]
    manifest = None if manifest is None else str(manifest)
    asked = Asked(str(options), bool(is_off), manifest, str(folder), str(rustc))
    return _Run(asked, str(row["of"]), tuple(Decision(*map(str, d)) for d in row["verdicts"]))


def _without(run: _Run, fresh: Mapping[str, Decision]) -> _Run:
    return replace(run, decisions=tuple(d for d in run.decisions if d.id not in fresh))


def _decision(verdict: Verdict) -> Decision:
    return Decision(
        verdict.id,
        verdict.kind,
        verdict.outcome.value,
        verdict.reason.value,
        verdict.message[:_LONGEST],
    )


def _write(source: "Source", cache: Path, runs: Iterable[_Run]) -> None:
    rows = [
        {
            "asked": astuple(run.asked),
            "of": run.of,
            "verdicts": [[d.id, d.kind, d.outcome, d.reason, d.message] for d in run.decisions],
        }
        for run in runs
        if run.decisions
    ]
    write_atomically(last_file(source.file, cache), json.dumps({"runs": rows}) + "\n")


def _fingerprint(source: "Source") -> str:
    """SHA-256 of the page with its includes, of its configuration, and of what either names."""
    digest = hashlib.sha256(source.document.text.encode(errors="replace"))
    for line in source.lines:
        digest.update(line.text.encode(errors="replace") + b"\n")
    for path in dict.fromkeys(files_of(source)):
        if path.is_file():
            digest.update(f"\0{path}\0".encode(errors="replace"))
            digest.update(read_regular(path))
    return digest.hexdigest()


def files_of(source: "Source") -> Iterator[Path]:
    """Files by the page's name beside it, and those that its configuration or comments name."""
    folder = source.configuration.folder or source.folder
    if source.configuration.path is not None:
        yield source.configuration.path
    yield folder / CLAIMS_FILE
    for beside in BESIDE:
        for path in sorted((source.folder / beside).glob("*")):
            if is_of_page(path.name, source.file.stem):
                yield path
    named = set(_NAMED.findall(source.document.text))
    for own in source.configuration.snippets.values():
        named.update(n for n in (own.context, own.charitable, own.contract, own.schema) if n)
    for name in sorted(named):
        yield folder / name
        yield (folder / name).with_suffix(".context.rs")
