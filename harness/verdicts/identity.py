"""Snippets and what a configuration says of headings in, snippets with their final ids out."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from harness.errors import ConfigurationError
from harness.model.settings import SnippetSettings
from harness.model.source import Snippet

_EMPHASIS = re.compile(r"[*_`]")


def name_snippets(
    snippets: tuple[Snippet, ...], document_id: str, settings: Mapping[str, SnippetSettings]
) -> tuple[Snippet, ...]:
    """Give the blocks below a heading that the configuration maps the id that it maps it to.

    The first block below the heading of `[snippets.q07]` becomes `<document>/q07`, later ones
    `<document>/q07-2` and so on.
    """
    mapped = {key: value.heading for key, value in settings.items() if value.heading is not None}
    counts: Counter[str] = Counter()
    named = []
    for snippet in snippets:
        key = next((k for k, start in mapped.items() if begins(snippet.heading, start)), None)
        if key is None:
            named.append(snippet)
            continue
        counts[key] += 1
        suffix = "" if counts[key] == 1 else f"-{counts[key]}"
        named.append(replace(snippet, id=f"{document_id}/{key}{suffix}"))
    _refuse_equal(named)
    return tuple(named)


def _refuse_equal(snippets: list[Snippet]) -> None:
    first: dict[str, Snippet] = {}
    for snippet in snippets:
        other = first.setdefault(snippet.id, snippet)
        if other is not snippet:
            message = (
                f"{snippet.path}:{snippet.line} and {other.path}:{other.line} would both be "
                f"`{snippet.id}`; choose another key than the one whose `heading` leads to it"
            )
            raise ConfigurationError(message)


def begins(heading: str, start: str) -> bool:
    """Whether a heading begins with a text, emphasis ignored."""
    return _plain(heading).startswith(_plain(start))


def _plain(text: str) -> str:
    return " ".join(_EMPHASIS.sub("", text).split())


def settings_for(
    snippet: Snippet, document_id: str, settings: Mapping[str, SnippetSettings]
) -> SnippetSettings:
    """What the configuration says of a snippet: by its whole id, or by its id in the document."""
    short = snippet.id.removeprefix(document_id + "/")
    return settings.get(snippet.id) or settings.get(short) or SnippetSettings()
