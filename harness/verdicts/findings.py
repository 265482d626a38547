"""Documents and snippets in, the findings that need no compiler out."""

import re
from collections.abc import Iterable, Iterator

from harness.model.reasons import Reason
from harness.model.source import Note, Snippet
from harness.model.verdict import Verdict
from harness.verdicts.expectation import content_hash

_BIDIRECTIONAL = re.compile("[\u202a-\u202e\u2066-\u2069]")


def note_verdicts(notes: Iterable[Note], document_id: str) -> Iterator[Verdict]:
    """Findings about a document's includes, each at its place."""
    for number, note in enumerate(notes, 1):
        yield Verdict(
            id=f"{document_id}/include-{number}",
            kind="document",
            path=note.path,
            line=note.line,
            column=note.column,
            reason=Reason.MISSING_INCLUDE,
            message=note.message,
        )


def snippet_findings(snippet: Snippet) -> Iterator[Verdict]:
    """Findings about how a block is written, beside the verdict on its code."""
    for word, attribute in snippet.attributes.misspelt:
        message = f"`{word}` means nothing to rustdoc; did you mean `{attribute}`"
        yield _finding(snippet, Reason.MISSPELT_ATTRIBUTE, snippet.line, snippet.column, message)
    if not snippet.is_closed:
        yield _finding(snippet, Reason.UNCLOSED_FENCE, snippet.line, snippet.column, "")
    for line in snippet.lines:
        if found := _BIDIRECTIONAL.search(line.text):
            name = f"U+{ord(found[0]):04X}"
            column = line.column(found.start() + 1)
            yield _finding(snippet, Reason.BIDIRECTIONAL_CONTROL, line.line, column, name)
            break


def _finding(snippet: Snippet, reason: Reason, line: int, column: int, message: str) -> Verdict:
    return Verdict(
        id=snippet.id,
        kind="document",
        path=snippet.path,
        line=line,
        column=column,
        reason=reason,
        message=message,
        info=snippet.info,
        content_hash=content_hash(snippet),
    )
