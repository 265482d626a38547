"""Verdicts of a run kept in the cache, each document's by itself; and read again.

They are what claims that name a contract or a bench rest on where no report is named. What was
decided of another text of the page, or of other files beside it, is forgotten.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from harness.files import write_atomically
from harness.model.decision import Decision
from harness.model.reasons import Reason
from harness.model.verdict import Verdict
from harness.remembered import last_file

if TYPE_CHECKING:
    from harness.inputs.corpus import Source

_LONGEST = 120
_BESIDE = ("benches", "claims", "contexts", "contracts")
CLAIMS_FILE = "claims.toml"
_NAMED = re.compile(r'"([^"\n\0]{1,200}\.(?:rs|sql))"')
"""What a comment in the page may name; one name too many costs an earlier verdict, no more."""
_UNDECIDED = frozenset(
    {Reason.COMPILES, Reason.COMPILES_WITH_CONTEXT, Reason.NOT_RUN, Reason.NO_EVIDENCE}
)
"""Of a contract or a bench: nothing was run, so that an earlier run still tells more."""


def keep_verdicts(verdicts: Iterable[Verdict], sources: "Iterable[Source]", cache: Path) -> None:
    """Keep what a run said of each document, with what earlier runs said and this one did not."""
    told = tuple(verdicts)
    for source in sources:
        fresh = _decided(told, source)
        if fresh:
            _write(source, cache, {**_by_id(recall(source, cache)), **fresh}.values())


def decisions(source: "Source", cache: Path, fresh: Iterable[Verdict]) -> tuple[Decision, ...]:
    """What is known of a document: from earlier runs, and over it from one that just ended."""
    return tuple({**_by_id(recall(source, cache)), **_decided(fresh, source)}.values())


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


def recall(source: "Source", cache: Path) -> tuple[Decision, ...]:
    """What the last runs said of this very text of a document; nothing where none did."""
    try:
        kept = json.loads(last_file(source.file, cache).read_text(encoding="utf-8"))
        if kept["of"] != _fingerprint(source):
            return ()
        return tuple(Decision(*map(str, row)) for row in kept["verdicts"])
    except (OSError, ValueError, KeyError, TypeError):
        return ()


def _decision(verdict: Verdict) -> Decision:
    return Decision(
        verdict.id,
        verdict.kind,
        verdict.outcome.value,
        verdict.reason.value,
        verdict.message[:_LONGEST],
    )


def _write(source: "Source", cache: Path, decisions: Iterable[Decision]) -> None:
    rows = [[d.id, d.kind, d.outcome, d.reason, d.message] for d in decisions]
    text = json.dumps({"of": _fingerprint(source), "verdicts": rows})
    write_atomically(last_file(source.file, cache), text + "\n")


def _fingerprint(source: "Source") -> str:
    """SHA-256 of the page with its includes, of its configuration, and of what either names."""
    digest = hashlib.sha256(source.document.text.encode(errors="replace"))
    for line in source.lines:
        digest.update(line.text.encode(errors="replace") + b"\n")
    for path in dict.fromkeys(files_of(source)):
        if path.is_file():
            digest.update(f"\0{path}\0".encode(errors="replace"))
            digest.update(path.read_bytes())
    return digest.hexdigest()


def files_of(source: "Source") -> Iterator[Path]:
    """Files by the page's name beside it, and those that its configuration or comments name."""
    folder = source.configuration.folder or source.folder
    if source.configuration.path is not None:
        yield source.configuration.path
    yield folder / CLAIMS_FILE
    for beside in _BESIDE:
        for path in sorted((source.folder / beside).glob("*")):
            if path.name.partition(".")[0] == source.file.stem:
                yield path
    named = set(_NAMED.findall(source.document.text))
    for own in source.configuration.snippets.values():
        named.update(n for n in (own.context, own.charitable, own.contract, own.schema) if n)
    for name in sorted(named):
        yield folder / name
        yield (folder / name).with_suffix(".context.rs")
