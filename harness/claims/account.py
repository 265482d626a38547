"""A document's path, text and settings in, one verdict for every number and the counts out."""

import hashlib
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from harness import toml_text
from harness.claims.bindings import Binding, ClaimSettings
from harness.claims.bound import Problem, named, rule
from harness.claims.checks import automatic
from harness.claims.label_documents import with_names
from harness.claims.labels import scan
from harness.claims.locate import Document, index_figures
from harness.claims.prose import Outline, read_prose
from harness.claims.settings import read_binding
from harness.claims.values import (
    Audit,
    ClaimKind,
    ClaimReason,
    ClaimVerdict,
    Label,
    Ruling,
    Spot,
    Statement,
    Summary,
)
from harness.errors import ConfigurationError
from harness.model.values import dataclass

_WRONG = frozenset(reason for reason in ClaimReason if reason.outcome.value == "FAIL")
_MEANINGS = {
    ClaimReason.UNACCOUNTED: "nothing recomputes, measures or explains this number",
    ClaimReason.DISPUTED: "a term of a computation that does not hold; "
    "the finding stands at its outcome",
}


def audit(document_path: str, text: str, settings: ClaimSettings | None = None) -> Audit:
    """Hold every number of a document to account. Any text has an answer; nothing is raised.

    A number that is a claim has exactly one verdict, in document order; a bound claim without
    its number has one too. A number that is a name, version, date, … is a label.
    """
    settings = settings or ClaimSettings()
    document = _document(document_path, text, settings)
    outline, statements, lines = document.outline, document.statements, document.lines
    bindings, problems = _bindings(document, settings)
    rulings: list[Ruling] = []
    if bindings:
        document.figures.update(index_figures(statements))
        rulings, missing = rule(document, bindings, settings)
        problems.extend(missing)
    overruled = named(rulings)
    unasked = [
        r
        for r in automatic(list(enumerate(statements)), outline, lines)
        if r.subject not in overruled
    ]
    return _account(document, [*rulings, *unasked], problems)


def statements_of(outline: Outline) -> list[Statement]:
    """The passages of a document that hold a number, and every cell, each with its numbers."""
    return [
        Statement(passage, tuple(found))
        for passage, found in with_names((p, scan(p.text)) for p in outline.passages)
        if found or passage.kind == "cell"
    ]


def read_document(path: str, text: str, settings: ClaimSettings) -> tuple[Document, list[Binding]]:
    """A document ready to look figures up in, and its bound claims.

    Comments that cannot be read are left to the audit.
    """
    document = _document(path, text, settings)
    document.figures.update(index_figures(document.statements))
    return document, _bindings(document, settings)[0]


def _document(path: str, text: str, settings: ClaimSettings) -> Document:
    outline = read_prose(text, settings.read_blocks)
    statements = statements_of(outline)
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return Document(path, outline, statements, lines, {})


def _bindings(document: Document, settings: ClaimSettings) -> tuple[list[Binding], list[Problem]]:
    """The configured claims, and those in the document's `harness-claims` comments."""
    bindings, problems = list(settings.claims), []
    for line, comment in document.outline.comments:
        try:
            for name, table in toml_text.parse(comment).items():
                bindings.append(_commented(name, table, f"{document.path}:{line}", line))
        except (tomllib.TOMLDecodeError, ConfigurationError) as error:
            unread = Binding(f"comment in line {line}", ClaimKind.NONE, line=line)
            problems.append(Problem(unread, ClaimReason.UNREADABLE_CLAIM, str(error)))
    return bindings, problems


def _commented(name: str, table: object, where: str, line: int) -> Binding:
    """One claim of a comment; ConfigurationError where it is no table or a wrong one."""
    if not isinstance(table, Mapping):
        raise ConfigurationError(f"`{name}` must be a table")
    return read_binding(name, table, where, line)


def _account(document: Document, rulings: Sequence[Ruling], problems: Sequence[Problem]) -> Audit:
    chosen = _chosen(rulings)
    verdicts: list[ClaimVerdict] = []
    labels: list[Label] = []
    names = _Names(document.path)
    for at, statement in enumerate(document.statements):
        title = document.outline.headings[statement.passage.section].title
        entry = _Entry(document.path, statement, title, _digest(" ".join(statement.text.split())))
        for number, found in enumerate(statement.found):
            ruling = chosen.get((at, number))
            if ruling is None and found.label is not None:
                labels.append(Label(*statement.passage.place(found.start), found.text, found.label))
            else:
                verdicts.append(_verdict(entry, names.next(title, found.text), number, ruling))
    verdicts.extend(_lost(names, document.path, problem) for problem in problems)
    return Audit(tuple(verdicts), tuple(labels), _summary(verdicts, labels, len(problems)))


def _chosen(rulings: Iterable[Ruling]) -> dict[Spot, Ruling]:
    """For each number the ruling that decides it.

    Wrong before all; then what a bound claim says of it; then right as the outcome or as a term
    of a computation that holds; then a term of one that does not; last what is external.
    """
    chosen: dict[Spot, tuple[int, Ruling]] = {}

    def offer(spot: Spot, rank: int, ruling: Ruling) -> None:
        """Let a ruling decide a number where nothing of a lower rank does."""
        if spot not in chosen or rank < chosen[spot][0]:
            chosen[spot] = (rank, ruling)

    for ruling in rulings:
        if ruling.reason in _WRONG:
            offer(ruling.subject, 0, ruling)
        elif ruling.reason is ClaimReason.EXTERNAL:
            offer(ruling.subject, 6, ruling)
        else:
            offer(ruling.subject, 1 if ruling.name else 2, ruling)
        for spot in ruling.terms:
            if ruling.reason in _WRONG:
                offer(spot, 4, _as_term(ruling, spot, ClaimReason.DISPUTED))
            elif ruling.reason not in (ClaimReason.EXTERNAL, ClaimReason.NOT_RUN):
                offer(spot, 3, _as_term(ruling, spot, ClaimReason.RIGHT))
    return {spot: ruling for spot, (_, ruling) in chosen.items()}


def _as_term(ruling: Ruling, spot: Spot, reason: ClaimReason) -> Ruling:
    return Ruling(ruling.kind, reason, spot, (), ruling.formula, "", ruling.name, ruling.check)


class _Names:
    """Gives ids: the document's, the heading's slug, the figure's, and a number from 1."""

    def __init__(self, path: str) -> None:
        self._document = re.sub(r"\.(?:md|markdown|mdown)\Z", "", path)
        self._used: Counter[str] = Counter()

    def next(self, title: str, figure: str) -> str:
        """The next id for a figure under a heading."""
        words = re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-")
        slug = re.sub(r"[^0-9A-Za-z%.]+", "-", figure).strip("-") or "number"
        stem = f"{self._document}/{words or 'top'}#{slug}"
        self._used[stem] += 1
        return f"{stem}-{self._used[stem]}"


@dataclass(frozen=True, slots=True)
class _Entry:
    """What the verdicts on one statement share."""

    path: str
    statement: Statement
    title: str
    digest: str


def _verdict(entry: _Entry, name: str, number: int, ruling: Ruling | None) -> ClaimVerdict:
    found = entry.statement.found[number]
    figure = " ".join(found.text.split())
    line, column = entry.statement.passage.place(found.start)
    if ruling is None:
        ruling = Ruling(ClaimKind.NONE, ClaimReason.UNACCOUNTED, (0, 0), (), "")
    return ClaimVerdict(
        name,
        entry.path,
        line,
        column,
        column + len(found.text),
        figure,
        ruling.kind,
        ruling.reason,
        _message(ruling, figure),
        ruling.formula,
        ruling.recomputed,
        ruling.name,
        ruling.check,
        entry.title,
        _digest(f"{entry.digest} {number}"),
    )


def _message(ruling: Ruling, figure: str) -> str:
    """What a reader is told: for a wrong number what is stated, what is right, and how."""
    if ruling.reason is ClaimReason.DISPUTED:
        return f"{_MEANINGS[ruling.reason]}: {ruling.formula}"
    if ruling.reason is ClaimReason.WRONG and ruling.recomputed:
        return f"stated {figure}, recomputed {ruling.recomputed}: {ruling.formula}"
    return _MEANINGS.get(ruling.reason, ruling.formula)


def _digest(text: str) -> str:
    """SHA-256 of a text; a lone surrogate is no reason to fail."""
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()


def _lost(names: _Names, path: str, problem: Problem) -> ClaimVerdict:
    """The verdict on a bound claim that no number answers to."""
    binding = problem.binding
    line = binding.line or 1
    message = f"{binding.name}: {problem.message}"
    digest = _digest(message)
    return ClaimVerdict(
        names.next("claims", binding.name),
        path,
        line,
        1,
        1,
        "",
        binding.kind,
        problem.reason,
        message,
        name=binding.name,
        content_hash=digest,
    )


def _summary(verdicts: Sequence[ClaimVerdict], labels: Sequence[Label], lost: int) -> Summary:
    return Summary(
        len(verdicts) - lost + len(labels),
        dict(sorted(Counter(v.reason.value for v in verdicts).items())),
        dict(sorted(Counter(label.kind.value for label in labels).items())),
        lost,
    )
