"""A report and the baselines on disk in, the report held against them out; writes them too."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import ConfigurationError, UsageError
from harness.files import write_if_changed
from harness.inputs.places import find_upwards, shown
from harness.model.baseline import BaselineState, KnownFinding, Standing
from harness.model.report import JudgedDocument, Report
from harness.model.values import dataclass
from harness.model.verdict import Verdict

if TYPE_CHECKING:
    from harness.verdicts.baseline import Held, Judged

NAME = "harness-baseline.toml"


@dataclass(frozen=True, slots=True)
class BaselineSettings:
    """What a command line asks of baselines."""

    file: Path | None = None
    """One for all documents; None: beside each document's harness.toml, else at the root."""
    update: bool = False
    prune: bool = False
    allow_stale: bool = False


def check_settings(settings: BaselineSettings, paths: Iterable[Path]) -> None:
    """Refuse what cannot be done, before anything is compiled.

    A file that is no baseline is looked for where one is likely: upwards from the paths.
    """
    if settings.update and settings.prune:
        message = "--update-baseline takes away what is gone, too; leave out --prune-baseline"
        raise UsageError(message)
    if settings.file is not None and not settings.update and not settings.file.is_file():
        message = f"--baseline {settings.file}: no such file; --update-baseline would make it"
        raise UsageError(message)
    folders = {path if path.is_dir() else path.parent for path in map(Path.absolute, paths)}
    likely = {settings.file} if settings.file else {find_upwards(f, NAME) for f in folders}
    for file in likely:
        if file is not None:
            _read(file)


def hold_against_baselines(report: Report, settings: BaselineSettings) -> Report:
    """The report with the standing of each finding; writes what the settings ask to write."""
    verdicts = list(report.verdicts)
    states: list[BaselineState] = []
    for file, documents in sorted(_files(report, settings).items()):
        known = _read(file)
        if known is None and not settings.update:
            continue
        from harness.verdicts import baseline  # noqa: PLC0415 - most runs have no baseline

        indexes = _indexes(report.verdicts, documents)
        run = _judged(report, documents)
        entries = known or ()
        found = [verdicts[n] for n in indexes]
        held, update = baseline.hold(found, entries, run), ""
        if settings.update or settings.prune:
            after = _after(entries, held, run, settings)
            update = _write(file, entries, after)
            held = baseline.hold(found, after, run)
        for index, verdict in zip(indexes, held.verdicts, strict=True):
            verdicts[index] = verdict
        states.append(_state(file, held, update, settings))
    if settings.prune and not states:
        message = f"there is no {settings.file or NAME} to prune; --update-baseline would make one"
        raise UsageError(message)
    return replace(report, verdicts=tuple(verdicts), baselines=tuple(states))


def _files(report: Report, settings: BaselineSettings) -> Mapping[Path, tuple[JudgedDocument, ...]]:
    """The baseline of each document of the run."""
    files: dict[Path, list[JudgedDocument]] = defaultdict(list)
    for document in report.scope.documents:
        files[settings.file or Path(document.home) / NAME].append(document)
    return {file: tuple(documents) for file, documents in files.items()}


def _indexes(verdicts: Iterable[Verdict], documents: tuple[JudgedDocument, ...]) -> list[int]:
    from harness.verdicts import baseline  # noqa: PLC0415

    names = (document.id for document in documents)
    owners = baseline.documents_of((v.id for v in verdicts), names)
    return [number for number, owner in enumerate(owners) if owner]


def _judged(report: Report, documents: tuple[JudgedDocument, ...]) -> "Judged":
    from harness.verdicts.baseline import Judged  # noqa: PLC0415

    scope = report.scope
    walked = [Path(folder) for folder in scope.walked]
    homes = {Path(document.home) for document in documents}
    is_everything = all(any(home.is_relative_to(w) for w in walked) for home in homes)
    whole = () if scope.is_selected else (d.id for d in documents if d.is_walked)
    return Judged(
        verb=report.environment.verb,
        deps=report.environment.deps,
        documents=frozenset(d.id for d in documents),
        whole=frozenset(whole),
        is_everything=is_everything and not scope.is_selected,
        passed_over=scope.passed_over,
    )


def _read(file: Path) -> tuple[KnownFinding, ...] | None:
    """The entries of a baseline; None where there is no file."""
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unreadable(file, error) from error
    from harness.verdicts import baseline  # noqa: PLC0415

    try:
        return baseline.parse(data.decode("utf-8"))
    except (UnicodeDecodeError, baseline.BaselineTextError) as error:
        raise _unreadable(file, error) from error


def _unreadable(file: Path, error: Exception) -> ConfigurationError:
    return ConfigurationError(
        f"{file}: not a baseline: {error}; mend it (`git checkout` brings back the last one), "
        "or remove it and run with --update-baseline"
    )


def _after(
    entries: tuple[KnownFinding, ...], held: "Held", run: "Judged", settings: BaselineSettings
) -> tuple[KnownFinding, ...]:
    from harness.verdicts import baseline  # noqa: PLC0415

    return baseline.accepted(held, run) if settings.update else baseline.pruned(entries, held)


def _write(file: Path, before: tuple[KnownFinding, ...], after: tuple[KnownFinding, ...]) -> str:
    """Write the entries; what was done, in words."""
    from harness.verdicts import baseline  # noqa: PLC0415

    added, removed = baseline.difference(before, after)
    if added or removed:
        write_if_changed(file, baseline.render(after))
    return f"+{added} \N{MINUS SIGN}{removed}"


def _state(file: Path, held: "Held", update: str, settings: BaselineSettings) -> BaselineState:
    return BaselineState(
        path=shown(file),
        known=held.count(Standing.KNOWN),
        changed=held.count(Standing.CHANGED),
        new=held.count(Standing.NEW),
        gone=held.gone,
        not_found=len(held.not_found),
        not_judged=len(held.not_judged),
        is_stale_allowed=settings.allow_stale,
        update=update,
    )
