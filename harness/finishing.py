"""Verdicts in, verdicts as a report has them out: each with its level, in order."""

from collections.abc import Iterable, Iterator

from harness.inputs.corpus import Corpus
from harness.model.settings import CheckSettings
from harness.model.verdict import Verdict
from harness.verdicts.gate import apply_levels, read_levels


def with_levels(
    verdicts: Iterable[Verdict], corpus: Corpus, settings: CheckSettings
) -> Iterator[Verdict]:
    """Each verdict with its level: by the command line, then by its document's configuration."""
    stated = read_levels(settings.deny, settings.allow, is_strict=settings.strict)
    known = {
        source.document.id: stated.over(
            read_levels(source.configuration.deny, source.configuration.allow, is_strict=False)
        )
        for source in corpus.sources
    }
    for verdict in verdicts:
        parts = verdict.id.split("/")
        ids = ("/".join(parts[:n]) for n in range(len(parts), 0, -1))
        yield apply_levels(verdict, next((known[i] for i in ids if i in known), stated))


def ordered(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """The verdicts in the order of reports."""
    return tuple(sorted(verdicts, key=lambda v: (v.path, v.line, v.column, v.kind, v.id)))
