"""What is expected of a snippet, what was seen of it, and the verdict where nothing was."""

import hashlib

from harness.model.reasons import Reason
from harness.model.settings import SnippetSettings, Verb
from harness.model.source import Attributes, Ignore, Snippet
from harness.model.unit import Attempt, Compilation, Run
from harness.model.values import dataclass
from harness.model.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Observed:
    """All that a run of the harness saw of one snippet."""

    attempts: tuple[Attempt, ...]
    """In the order of the ladder; the first is rustdoc's own program."""
    syntax_alone: Compilation | None = None
    """The text where nothing but its grammar was looked at; None where that was not needed."""
    more: Compilation | None = None
    """A second pass without the failing bodies; None where it was not sound or not needed."""
    run: Run | None = None
    """Of the chosen unit."""
    rustdoc_run: Run | None = None
    """Of rustdoc's own program."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What is expected of a snippet in this run."""

    snippet: Snippet
    settings: SnippetSettings
    verb: Verb
    target: str
    stubs_checked: bool
    environment_macros: frozenset[str]
    """Names of macros that ask something outside, such as a database, while they expand."""


def content_hash(snippet: Snippet) -> str:
    """SHA-256 of what a reader sees as the block: info string and text."""
    return text_hash(f"{snippet.info}\0{snippet.code}")


def text_hash(text: str) -> str:
    """SHA-256 of a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def is_ignored(attributes: Attributes, target: str) -> bool:
    """Whether rustdoc would leave the block out on this target."""
    if attributes.ignore is Ignore.ON_TARGETS:
        return any(part in target for part in attributes.ignored_targets)
    return attributes.ignore is Ignore.ALWAYS


def must_run(snippet: Snippet, target: str, verb: Verb) -> bool:
    """Whether the block's program is to be run."""
    attributes = snippet.attributes
    return (
        verb is Verb.TEST
        and attributes.gap is None
        and not attributes.no_run
        and not attributes.compile_fail
        and not is_ignored(attributes, target)
    )


def blank_verdict(snippet: Snippet, reason: Reason, message: str = "") -> Verdict:
    """A verdict for a snippet that was not compiled."""
    return Verdict(
        id=snippet.id,
        kind="snippet",
        path=snippet.path,
        line=snippet.line,
        column=snippet.column,
        reason=reason,
        message=message,
        info=snippet.info,
        content_hash=content_hash(snippet),
    )
