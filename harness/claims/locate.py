"""How a configuration names numbers in, where they stand in the document out."""

import hashlib
import re
from collections.abc import Sequence

from harness.claims.bindings import Binding, FigureName
from harness.claims.inline import plain
from harness.claims.prose import Outline
from harness.claims.values import Spot, Statement
from harness.model.values import dataclass


class NotFoundError(Exception):
    """A quote, heading or figure that the document does not hold; the text says which."""


class AmbiguousError(Exception):
    """A quote with several numbers of which none is named; the text says so."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document with its numbers, ready to look figures up in."""

    path: str
    outline: Outline
    statements: Sequence[Statement]
    lines: Sequence[str]
    figures: dict[str, list[Spot]]
    """Spots by the figure's text, and by text and noun, in order."""

    def statement(self, spot: Spot) -> Statement:
        """The statement that a spot is in."""
        return self.statements[spot[0]]


def index_figures(statements: Sequence[Statement]) -> dict[str, list[Spot]]:
    """Every number by its text, and by its text with the noun after it."""
    figures: dict[str, list[Spot]] = {}
    for at, statement in enumerate(statements):
        for number, found in enumerate(statement.found):
            text = found.text.strip()
            figures.setdefault(text, []).append((at, number))
            if found.noun:
                figures.setdefault(f"{text} {found.noun}", []).append((at, number))
    return figures


def locate(document: Document, binding: Binding) -> list[Spot]:
    """The spots of a binding's own figures, in the order in which it names them."""
    if binding.quote:
        return _in_quote(document, binding)
    spots: list[Spot] = []
    for name in binding.figures:
        spots.extend(find_figure(document, name, binding))
    return spots


def find_figure(document: Document, name: FigureName, binding: Binding) -> list[Spot]:
    """The spots that a figure's name stands for; NotFoundError where one is missing."""
    found = _scoped(document, name, binding)
    if not name.which:
        if not found:
            raise NotFoundError(f"no figure `{name.text}`{_under(name, binding)}")
        return found
    if max(name.which) > len(found):
        raise NotFoundError(
            f"figure `{name.text}` stands {len(found)} times{_under(name, binding)}, "
            f"not {max(name.which)}"
        )
    return [found[which - 1] for which in name.which]


def _scoped(document: Document, name: FigureName, binding: Binding) -> list[Spot]:
    spots = document.figures.get(name.text.strip(), [])
    question = name.question or binding.question
    if question:
        scope = document.outline.scope(question)
        if scope is None:
            raise NotFoundError(f"no heading begins with `{question}`")
        spots = [spot for spot in spots if document.statement(spot).passage.section in scope]
    if binding.sha256 and not name.question:
        spots = [spot for spot in spots if digest(document.statement(spot).text) == binding.sha256]
        if not spots:
            raise NotFoundError(
                f"no passage with SHA-256 {binding.sha256[:12]}… holds `{name.text}`"
            )
    return spots


def _under(name: FigureName, binding: Binding) -> str:
    question = name.question or binding.question
    return f" under `{question}`" if question else ""


def digest(text: str) -> str:
    """SHA-256 of a passage's prose, each run of white space one blank."""
    return hashlib.sha256(" ".join(text.split()).encode(errors="replace")).hexdigest()


def _in_quote(document: Document, binding: Binding) -> list[Spot]:
    """The number in the quote, or those of its numbers that the binding names."""
    words = plain(binding.quote)[0].split()
    pattern = re.compile(r"\s+".join(re.escape(word) for word in words))
    scope = document.outline.scope(binding.question) if binding.question else None
    if binding.question and scope is None:
        raise NotFoundError(f"no heading begins with `{binding.question}`")
    for at, statement in enumerate(document.statements):
        if scope is not None and statement.passage.section not in scope:
            continue
        match = pattern.search(statement.text)
        if match is None:
            continue
        inside = [
            (at, number)
            for number, found in enumerate(statement.found)
            if found.start < match.end() and found.end > match.start()
        ]
        return _named(document, binding, inside)
    msg = "the quote is not in the document"
    raise NotFoundError(msg)


def _named(document: Document, binding: Binding, inside: list[Spot]) -> list[Spot]:
    if not inside:
        msg = "the quote holds no number"
        raise AmbiguousError(msg)
    if not binding.figures:
        claims = [
            spot for spot in inside if document.statement(spot).found[spot[1]].quantity
        ] or inside
        if len(claims) > 1:
            raise AmbiguousError(f"the quote holds {len(claims)} numbers; name one with `figure`")
        return claims
    spots: list[Spot] = []
    for name in binding.figures:
        same = [spot for spot in inside if spot in document.figures.get(name.text.strip(), [])]
        which = name.which or tuple(range(1, len(same) + 1))
        if not same or max(which) > len(same):
            raise NotFoundError(f"the quote has no figure `{name.text}`")
        spots.extend(same[number - 1] for number in which)
    return spots
