"""What was said of each document in, what a report says of all of them out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from harness import __version__
from harness.errors import NothingFoundError, UsageError
from harness.inputs.cargo_places import toolchain_file
from harness.model.report import Environment
from harness.model.said import Said
from harness.model.settings import CheckSettings, RunnerChoice
from harness.model.toolchain import Toolchain
from harness.model.verdict import Verdict
from harness.verdicts.gate import apply_levels, read_levels

Stated = Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]
"""Id of a document → `deny` and `allow` of its configuration."""


def with_levels(
    verdicts: Iterable[Verdict], configured: Stated, settings: CheckSettings
) -> Iterator[Verdict]:
    """Each verdict with its level: by the command line, then by its document's configuration."""
    stated = read_levels(settings.deny, settings.allow, is_strict=settings.strict)
    known = {
        name: stated.over(read_levels(deny, allow, is_strict=False))
        for name, (deny, allow) in configured.items()
    }
    for verdict in verdicts:
        parts = verdict.id.split("/")
        ids = ("/".join(parts[:n]) for n in range(len(parts), 0, -1))
        yield apply_levels(verdict, next((known[i] for i in ids if i in known), stated))


def ordered(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """The verdicts in the order of reports."""
    return tuple(sorted(verdicts, key=lambda v: (v.path, v.line, v.column, v.kind, v.id)))


def all_said(
    said: Sequence[Said], others: Iterable[Verdict], settings: CheckSettings
) -> tuple[Verdict, ...]:
    """The verdicts of all documents, and others, as a report has them."""
    verdicts = [verdict for each in said for verdict in each.verdicts]
    configured = {each.id: (each.deny, each.allow) for each in said}
    return ordered(with_levels([*verdicts, *others], configured, settings))


def editions_of(said: Iterable[Said]) -> tuple[str, ...]:
    """The editions in force, each once."""
    return tuple(dict.fromkeys(edition for each in said for edition in each.editions))


def notes_of(said: Sequence[Said], settings: CheckSettings) -> tuple[str, ...]:
    """What a reader of the report must know of projects, and of what is not in force."""
    told = dict.fromkeys(note for each in said for note in each.notes)
    return (*told, *_toolchain_notes(said, settings))


def refuse_nothing(said: Iterable[Said], *, named_files_only: bool) -> None:
    """A folder or a book without a Rust block is a mistake."""
    if not named_files_only and not any(each.blocks for each in said):
        message = "no Rust block found; name a file, a folder or an mdBook that has some"
        raise NothingFoundError(message)


def refuse_unused_options(said: Iterable[Said], settings: CheckSettings) -> None:
    """An option about packages or features that no document's project heeds is a mistake."""
    asked = settings.cargo
    if any(each.has_project for each in said) or not (
        asked.packages or asked.features or asked.all_features or asked.no_default_features
    ):
        return
    message = (
        "--package and options about features are for a Cargo project, and no document is in "
        "one; name it with --manifest-path"
    )
    raise UsageError(message)


def environment(
    settings: CheckSettings,
    toolchain: Toolchain,
    runner: str,
    image: str = "",
    packages: tuple[str, ...] = (),
) -> Environment:
    """What the verdicts of a run depend on."""
    return Environment(
        harness=__version__,
        rustc=toolchain.version,
        target=toolchain.target,
        runner=runner,
        deps=settings.deps.value,
        context=settings.context.value,
        verb=settings.verb.value,
        image=image,
        packages=packages,
    )


def _toolchain_notes(said: Sequence[Said], settings: CheckSettings) -> Iterator[str]:
    """The documents whose own toolchain is not that of the run."""
    if settings.runner is not RunnerChoice.LOCAL:
        return  # the runner's own note says that none is
    files = {each.toolchain: None for each in said}
    stated = {folder: toolchain_file(Path(folder)) for folder in files}
    others: dict[str, list[str]] = {}
    in_force = stated[said[0].toolchain] if said else None
    for each in said:
        own = stated[each.toolchain]
        if (own or ("", b""))[1] != (in_force or ("", b""))[1]:
            others.setdefault(own[0] if own else "no file", []).append(each.path)
    for file, documents in others.items():
        more = f" and {len(documents) - 1} more" if len(documents) > 1 else ""
        used = in_force[0] if in_force else "the default one"
        yield (
            f"{documents[0]}{more}: the toolchain ({file}) is not in force, this run has one for "
            f"all documents ({used}); check them in a run of their own"
        )
