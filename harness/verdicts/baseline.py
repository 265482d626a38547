"""Verdicts and a baseline's entries in, how each stands to the other out; and the file's text.

Matching goes by content hash first, then by id. All of it is pure; `baseline_files` reads and
writes.
"""

import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import fields, replace
from enum import Enum

from harness import toml_text
from harness.model.baseline import KnownFinding, Standing
from harness.model.reasons import Level, Outcome
from harness.model.values import dataclass
from harness.model.verdict import Verdict

VERSION = 1
_DIGITS = 16
_KEYS = {"id": "id", "hash": "content_hash", "reason": "reason", "verb": "verb", "deps": "deps"}
_HEAD = """\
# Findings that are known: they do not gate. One line each, sorted.
# `harness check --update-baseline` writes this file, `--prune-baseline` only takes lines away.
version = 1
known = [
"""


class BaselineTextError(ValueError):
    """The text of a baseline is not one; the message says where."""


def parse(text: str) -> tuple[KnownFinding, ...]:
    """The entries of a baseline; any other text is a `BaselineTextError`."""
    try:
        table = toml_text.parse(text)
    except tomllib.TOMLDecodeError as error:
        message = f"not TOML: {error}"
        raise BaselineTextError(message) from None
    if table.get("version") != VERSION:
        message = f"`version` must be {VERSION}, not {table.get('version')!r}"
        raise BaselineTextError(message)
    entries = table.get("known")
    if not isinstance(entries, list) or set(table) != {"version", "known"}:
        message = "it must hold `version` and the array `known`, and nothing else"
        raise BaselineTextError(message)
    return tuple(_entry(item, number) for number, item in enumerate(entries))


def _entry(item: object, number: int) -> KnownFinding:
    if (
        not isinstance(item, dict)
        or set(item) != set(_KEYS)
        or not all(isinstance(value, str) for value in item.values())
    ):
        message = f"known[{number}] must hold {', '.join(_KEYS)}, all of them strings"
        raise BaselineTextError(message)
    return KnownFinding(**{_KEYS[key]: value for key, value in item.items()})


def render(entries: Iterable[KnownFinding]) -> str:
    """The text of a baseline: sorted, one line an entry."""
    ordered = tuple(sorted(entries))
    text = _HEAD + "".join(f"  {_line(entry)},\n" for entry in ordered) + "]\n"
    assert parse(text) == ordered, "a baseline reads back as it was written"
    return text


def _line(entry: KnownFinding) -> str:
    names = {field: key for key, field in _KEYS.items()}
    pairs = (f"{names[f.name]} = {_quoted(getattr(entry, f.name))}" for f in fields(entry))
    return "{ " + ", ".join(pairs) + " }"


def _quoted(text: str) -> str:
    """A TOML basic string."""
    return '"' + "".join(_character(c) for c in text) + '"'


def _character(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"


@dataclass(frozen=True, slots=True)
class Judged:
    """What a run looked at, as far as one baseline is concerned."""

    verb: str
    deps: str
    documents: frozenset[str] = frozenset()
    """Ids of the documents whose blocks were judged."""
    whole: frozenset[str] = frozenset()
    """Those that a walk found and of which every block was judged."""
    is_everything: bool = False
    """A walk saw the whole folder of the baseline, so that a missing document is not there."""
    passed_over: tuple[str, ...] = ()
    """Ids of documents that exist and were left out, and what such ids begin with."""


@dataclass(frozen=True, slots=True)
class Held:
    """Verdicts held against a baseline."""

    verdicts: tuple[Verdict, ...]
    """With their standing; a known finding no longer gates."""
    gone: tuple[KnownFinding, ...]
    not_found: tuple[KnownFinding, ...]
    """Not seen by a run that looked at their documents only in part."""
    not_judged: tuple[KnownFinding, ...]

    def count(self, standing: Standing) -> int:
        """How many findings stand so."""
        return sum(1 for verdict in self.verdicts if verdict.standing is standing)


def hold(verdicts: Sequence[Verdict], known: Iterable[KnownFinding], run: Judged) -> Held:
    """Match findings with the entries that were made by the same verb with the same crates."""
    entries = tuple(known)
    standings, left = _match(verdicts, [e for e in entries if _is_of(e, run)])
    seen = _Seen.of(verdicts)
    fates: dict[_Fate, list[KnownFinding]] = {fate: [] for fate in _Fate}
    fates[_Fate.NOT_JUDGED] = [e for e in entries if not _is_of(e, run)]
    for entry in left:
        fates[_fate(entry, seen, run)].append(entry)
    return Held(
        tuple(_standing(v, standings.get(n)) for n, v in enumerate(verdicts)),
        tuple(sorted(fates[_Fate.GONE])),
        tuple(sorted(fates[_Fate.NOT_FOUND])),
        tuple(sorted(fates[_Fate.NOT_JUDGED])),
    )


def _is_of(entry: KnownFinding, run: Judged) -> bool:
    return (entry.verb, entry.deps) == (run.verb, run.deps)


def accepted(held: Held, run: Judged) -> tuple[KnownFinding, ...]:
    """The entries after `--update-baseline`: all findings, and what this run says nothing about."""
    found = (v for v in held.verdicts if v.standing is not None)
    kept = (*held.not_found, *held.not_judged)
    return tuple(sorted((*(entry_of(v, run) for v in found), *kept)))


def pruned(known: Iterable[KnownFinding], held: Held) -> tuple[KnownFinding, ...]:
    """The entries after `--prune-baseline`: those that are gone taken away, no other touched."""
    return tuple(sorted((Counter(known) - Counter(held.gone)).elements()))


def difference(before: Iterable[KnownFinding], after: Iterable[KnownFinding]) -> tuple[int, int]:
    """How many lines were added and how many removed."""
    old, new = Counter(before), Counter(after)
    return (new - old).total(), (old - new).total()


def entry_of(verdict: Verdict, run: Judged) -> KnownFinding:
    """The line that a finding has in a baseline."""
    return KnownFinding(
        verdict.id, verdict.content_hash[:_DIGITS], verdict.reason.value, run.verb, run.deps
    )


_Key = Callable[[str, str, str], Hashable]


def _match(
    verdicts: Sequence[Verdict], entries: Sequence[KnownFinding]
) -> tuple[dict[int, Standing], list[KnownFinding]]:
    """The standing of each matched finding by its index, and the entries that none matched."""
    free = Counter(entries)
    standings: dict[int, Standing] = {}
    findings = {n: v for n, v in enumerate(verdicts) if v.outcome is not Outcome.PASS}

    def pair(key: _Key, standing: Standing, wanted: Callable[[Verdict], bool]) -> None:
        pool: dict[Hashable, list[KnownFinding]] = defaultdict(list)
        for entry in sorted(free.elements(), reverse=True):
            pool[key(entry.id, entry.content_hash, entry.reason)].append(entry)
        for number, verdict in findings.items():
            if number in standings or not wanted(verdict):
                continue
            found = pool[key(verdict.id, verdict.content_hash[:_DIGITS], verdict.reason.value)]
            if found:
                free[found.pop()] -= 1
                standings[number] = standing

    pair(lambda i, h, r: (i, h, r), Standing.KNOWN, lambda _: True)
    pair(lambda _, h, r: (h, r), Standing.KNOWN, lambda v: bool(v.content_hash))
    pair(lambda i, _, r: (i, r), Standing.CHANGED, _gates)
    pair(lambda i, _, __: i, Standing.CHANGED, lambda v: _gates(v) and is_judged(v))
    pair(lambda _, h, __: h, Standing.CHANGED, lambda v: _gates(v) and is_judged(v) and _hashed(v))
    return standings, list(free.elements())


def _gates(verdict: Verdict) -> bool:
    return verdict.effective_level is Level.ERROR


def _hashed(verdict: Verdict) -> bool:
    return bool(verdict.content_hash)


def is_judged(verdict: Verdict) -> bool:
    """Whether the verdict says anything about the block itself."""
    return verdict.outcome is not Outcome.ERROR and verdict.reason.value not in _NOT_JUDGED


_NOT_JUDGED = frozenset(
    {
        "ignored",
        "needs-environment",
        "not-measurable",
        "not-run",
        "not-selected-target",
        "undecided",
    }
)
"""Reasons that leave open how the block or the number would fare."""


def _standing(verdict: Verdict, standing: Standing | None) -> Verdict:
    if standing is None:
        return replace(verdict, standing=Standing.NEW) if _gates(verdict) else verdict
    level = Level.NOTE if standing is Standing.KNOWN and _gates(verdict) else verdict.level
    return replace(verdict, standing=standing, level=level)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was judged and what was not, to tell whether an entry is gone."""

    judged: frozenset[str]
    unjudged: frozenset[str]
    unjudged_hashes: frozenset[str]

    @classmethod
    def of(cls, verdicts: Iterable[Verdict]) -> "_Seen":
        blocks = [v for v in verdicts if v.kind != "document"]
        unjudged = [v for v in blocks if not is_judged(v)]
        return cls(
            frozenset(v.id for v in blocks if is_judged(v)),
            frozenset(v.id for v in unjudged),
            frozenset(v.content_hash[:_DIGITS] for v in unjudged) - {""},
        )


class _Fate(Enum):
    GONE = "gone"
    NOT_FOUND = "not found"
    NOT_JUDGED = "not judged"


def _fate(entry: KnownFinding, seen: _Seen, run: Judged) -> _Fate:
    """What became of an entry that no finding matches."""
    if entry.id in seen.unjudged or entry.content_hash in seen.unjudged_hashes:
        return _Fate.NOT_JUDGED
    document = entry.id.rpartition("/")[0]
    if document in run.whole:
        return _Fate.GONE
    if document in run.documents:
        return _Fate.NOT_FOUND if entry.id in seen.judged else _Fate.NOT_JUDGED
    is_there = any(entry.id == p or entry.id.startswith(f"{p}/") for p in run.passed_over)
    return _Fate.GONE if run.is_everything and not is_there else _Fate.NOT_JUDGED


def documents_of(ids: Iterable[str], documents: Iterable[str]) -> Iterator[str]:
    """For each id of a block, the document that it belongs to; empty where there is none."""
    known = frozenset(documents)
    for name in ids:
        parts = name.split("/")
        prefixes = ("/".join(parts[:n]) for n in range(len(parts) - 1, 0, -1))
        yield next((p for p in prefixes if p in known), "")
