"""Documents with their claims' settings in, a verdict on every number out."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from harness.claims import Audit, ClaimSettings, ClaimVerdict, Evidence, audit, read_settings
from harness.errors import ConfigurationError
from harness.inputs.corpus import Source
from harness.model.reasons import Reason
from harness.model.verdict import Verdict

CLAIMS_FILE = "claims.toml"


def audit_source(source: Source, report_from: Path | None) -> Audit:
    """Audit one document: by its `[claims]`, else by the claims.toml beside its harness.toml."""
    folder = source.configuration.folder or source.folder
    settings = claim_settings(source)
    settings = replace(settings, evidence=dict(_evidence(settings, folder)))
    if report_from is not None:
        settings = _with_report(settings, report_from, source.document.id)
    return audit(source.document.path, source.document.text, settings)


def claim_settings(source: Source) -> ClaimSettings:
    """The bound claims of one document: those of its configuration that are about it."""
    folder = source.configuration.folder or source.folder
    table = dict(source.configuration.claims) or _claims_file(folder)
    settings = read_settings(table, source=str(source.configuration.path or folder / CLAIMS_FILE))
    own = tuple(c for c in settings.claims if c.document in ("", source.file.stem))
    return replace(settings, claims=own)


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


def _claims_file(folder: Path) -> Mapping[str, Any]:
    path = folder / CLAIMS_FILE
    if not path.is_file():
        return {}
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        message = f"{path}: cannot be read: {error}"
        raise ConfigurationError(message) from error
    claims = table.get("claims", {})
    if not isinstance(claims, dict) or set(table) - {"claims"}:
        message = f"{path}: holds one table, [claims]"
        raise ConfigurationError(message)
    return claims


def _evidence(settings: ClaimSettings, folder: Path) -> Iterator[tuple[str, Evidence]]:
    """The result files that claims name and that are there; a missing one is a finding."""
    for name in settings.evidence_names:
        path = folder / name
        try:
            written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        yield name, Evidence(text, written=written.strftime("%Y-%m-%dT%H:%M:%SZ"))


def _with_report(settings: ClaimSettings, path: Path, document: str) -> ClaimSettings:
    """What a JSON report of the harness decided, for claims that rest on it."""
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
        verdicts = report["verdicts"]
        decided = {str(v["id"]): str(v["reason"]) for v in verdicts}
        benches = f"{document}/bench/"
        decided |= {
            f"bench:{key.removeprefix(benches)}": reason
            for key, reason in decided.items()
            if key.startswith(benches)
        }
        snippets = [v for v in verdicts if v["kind"] == "snippet"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"{path}: is no JSON report of the harness: {error}"
        raise ConfigurationError(message) from error
    passed = sum(1 for v in snippets if v["outcome"] == "PASS")
    numbers = {"snippets": len(snippets), "snippets_passed": passed}
    return replace(settings, decided=decided, numbers=numbers)
