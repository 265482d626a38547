"""Documents with their claims' settings in, a verdict on every number out."""

import json
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from typing import Any

from harness import toml_text
from harness.claims import (
    Audit,
    ClaimReason,
    ClaimSettings,
    ClaimVerdict,
    audit,
    decided,
    read_settings,
)
from harness.claims.account import read_document
from harness.dating import Dated, is_touched
from harness.errors import ConfigurationError
from harness.inputs.corpus import Corpus, Source
from harness.last_report import CLAIMS_FILE, files_of
from harness.measuring.again import judged_again
from harness.model.bench import Stated
from harness.model.changes import Changes
from harness.model.decision import Decision
from harness.model.reasons import Reason
from harness.model.verdict import Verdict
from harness.runners.executor import Runs

CLAIMS_FOLDER = "claims"


def audit_source(
    source: Source,
    decisions: Iterable[Decision],
    executor: Runs | None = None,
    benches: Mapping[str, Mapping[str, Any]] | None = None,
) -> Audit:
    """Audit one document by its claims.

    `executor` asks git how old result files are; `benches` are rows of a saved run by their id.

    They stand in `[claims]` of its harness.toml or in claims.toml beside that, and in
    `claims/<page>.toml` beside the page.
    """
    folder = source.configuration.folder or source.folder
    settings = claim_settings(source)
    told = tuple(decisions)
    snippets = [d for d in told if d.kind == "snippet"]
    numbers = {"snippets": len(snippets)} if snippets else {}
    if snippets:
        numbers["snippets_passed"] = sum(1 for d in snippets if d.outcome == "PASS")
    settings = replace(
        settings,
        evidence=Dated(folder, executor),
        measured=measured_by(benches or {}, source.document.id),
        decided=decided(told, source.document.id),
        numbers=numbers,
    )
    return audit(source.document.path, source.document.text, settings)


def claim_settings(source: Source) -> ClaimSettings:
    """The bound claims of one document, wherever they stand."""
    folder = source.configuration.folder or source.folder
    stated = dict(source.configuration.claims)
    where = str(source.configuration.path)
    if not stated:
        where = str(folder / CLAIMS_FILE)
        stated = dict(_claims_file(folder / CLAIMS_FILE))
    settings = read_settings(_of_document(stated, source.document.id, where), where)
    page = source.folder / CLAIMS_FOLDER / f"{source.file.stem}.toml"
    own = read_settings(_claims_file(page), str(page))
    _refuse_twice(settings, own, str(page))
    return replace(
        settings,
        claims=(*settings.claims, *own.claims),
        read_blocks=(*settings.read_blocks, *own.read_blocks),
    )


def are_claims_touched(source: Source, changes: Changes) -> bool:
    """Whether the claims of a document changed, or a file that they rest on."""
    if any(changes.has(path) for path in files_of(source) if path.is_file()):
        return True
    folder = source.configuration.folder or source.folder
    if any(changes.names(path.resolve()) for path in _claims_files(source)):
        return True
    _, claims = read_document(source.document.path, source.document.text, claim_settings(source))
    return any(is_touched(folder, claim, changes) for claim in claims)


def _claims_files(source: Source) -> tuple[Path, Path]:
    """Where a document's claims may stand besides its configuration."""
    folder = source.configuration.folder or source.folder
    return folder / CLAIMS_FILE, source.folder / CLAIMS_FOLDER / f"{source.file.stem}.toml"


def check_documents(corpus: Corpus) -> None:
    """Refuse a claim whose `document` names none, where all documents that could be were read."""
    walked = [Path(folder) for folder in corpus.scope.walked]
    seen: dict[Path, list[Source]] = {}
    for source in corpus.sources:
        if source.configuration.path is not None:
            seen.setdefault(source.configuration.path, []).append(source)
    for path, sources in seen.items():
        if not any(path.absolute().parent.is_relative_to(folder) for folder in walked):
            continue
        for name, table in sources[0].configuration.claims.items():
            wanted = table.get("document") if isinstance(table, Mapping) else None
            if wanted and not any(_is_of(source.document.id, str(wanted)) for source in sources):
                message = f'{path}: claims."{name}": no document is called `{wanted}`'
                raise ConfigurationError(message)


def claim_verdict(found: ClaimVerdict, document_id: str) -> Verdict:
    """The audit's verdict on one number, as reports have verdicts."""
    formula = f"{found.formula}" if found.formula else ""
    told = f"{found.figure}: {found.message}" if found.message else found.figure
    return Verdict(
        id=f"{document_id}/{found.id.rpartition('/')[2]}",
        kind="claim",
        path=found.path,
        line=found.line,
        column=found.column,
        reason=Reason(found.reason.value),
        message=told if not formula or formula in told else f"{told} ({formula})",
        content_hash=found.content_hash,
    )


def measured_by(
    benches: Mapping[str, Mapping[str, Any]], document_id: str
) -> dict[str, Callable[[Stated], tuple[ClaimReason, str]]]:
    """What holds a document's claims, as they stand, against a saved run of its benches."""
    prefix = f"{document_id}/bench/"
    return {
        name.removeprefix(prefix): partial(_held, row)
        for name, row in benches.items()
        if name.startswith(prefix)
    }


def _held(row: Mapping[str, Any], stated: Stated) -> tuple[ClaimReason, str]:
    try:
        reason, why = judged_again(stated, row)
        return ClaimReason(reason.value), why
    except (KeyError, TypeError, ValueError) as error:
        message = f"the report's bench `{stated.name}` cannot be read: {error}"
        raise ConfigurationError(message) from error


def read_decisions(path: Path) -> tuple[tuple[Decision, ...], dict[str, Mapping[str, Any]]]:
    """What a JSON report of the harness decided, and its bench rows by their ids."""
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
        decisions = tuple(
            Decision(*(str(v.get(key) or "") for key in _DECISION)) for v in report["verdicts"]
        )
        benches = {str(row["id"]): row for row in report.get("benches", ())}
        return tuple(_unless_quick(one, benches) for one in decisions), benches
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        message = f"{path}: is no JSON report of the harness: {error}"
        raise ConfigurationError(message) from error


def _unless_quick(decision: Decision, benches: Mapping[str, Mapping[str, Any]]) -> Decision:
    """The verdict, which is not-run where a quick run gave it."""
    if not benches.get(decision.id, {}).get("quick"):
        return decision
    return replace(decision, outcome=Reason.NOT_RUN.outcome.value, reason=Reason.NOT_RUN.value)


_DECISION = ("id", "kind", "outcome", "reason", "message")


def _of_document(table: Mapping[str, Any], document_id: str, where: str) -> dict[str, Any]:
    """The claims that are this document's: those without `document`, and those that name it."""
    kept: dict[str, Any] = {}
    for name, value in table.items():
        if not isinstance(value, Mapping) or "document" not in value:
            kept[name] = value
            continue
        if not isinstance(value["document"], str):
            message = f'{where}: claims."{name}".document must be text'
            raise ConfigurationError(message)
        if _is_of(document_id, value["document"]):
            kept[name] = {key: item for key, item in value.items() if key != "document"}
    return kept


def _is_of(document_id: str, wanted: str) -> bool:
    """A document is named by its id, the last part of it, or a glob of either."""
    name = document_id.rpartition("/")[2]
    return fnmatchcase(document_id, wanted) or fnmatchcase(name, wanted)


def _refuse_twice(one: ClaimSettings, other: ClaimSettings, where: str) -> None:
    twice = {claim.name for claim in one.claims} & {claim.name for claim in other.claims}
    if twice:
        message = f'{where}: claims."{min(twice)}" stands in the configuration, too'
        raise ConfigurationError(message)


def _claims_file(path: Path) -> Mapping[str, Any]:
    if not path.is_file():
        return {}
    try:
        table = toml_text.parse(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        message = f"{path}: cannot be read: {error}"
        raise ConfigurationError(message) from error
    claims = table.get("claims", {})
    if not isinstance(claims, dict) or set(table) - {"claims"}:
        message = f"{path}: holds one table, [claims]"
        raise ConfigurationError(message)
    return claims
