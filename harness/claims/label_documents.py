"""A document's passages with their numbers in, the numbers that the document names out.

What one passage leaves open, the head of a table's column or another passage may decide.
"""

# ruff: noqa: RUF001

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from harness.claims.label_counts import is_no_count
from harness.claims.label_kinds import LabelKind
from harness.claims.label_words import CAPITAL, COUNTING, opens_sentence
from harness.claims.labels import Found
from harness.claims.prose import Passage

Read = tuple[Passage, list[Found]]

_HEADS = (
    (
        LabelKind.PLACE,
        r"#|No\.?|Nr\.?|№|Lines?|Pages?|Step|Chapter|Section|Issue|PR|Ticket|Row|Item|Rank|Priority",
    ),
    (
        LabelKind.CODE,
        (
            r"Codes?|(?:.*\W)?Ports?(?:\(s\))?|(?:HTTP |Status |Error |Exit )+(?:Status|Code)|"
            r"Errno|Opcode|PID|UID|"
            r"GID|Chain ?ID|(?:.*[\W_])?IDs?|(?:.*[\W_])?port|API ?Level|Tag|Enum|Identifier|"
            r"Index|Code ?point|Type"
        ),
    ),
    (
        LabelKind.VERSION,
        r".*\bversions?|MSRV|.*\brelease|Since|Until|Introduced|Deprecated|Removed",
    ),
    (LabelKind.DATE, r"Year|Date|Years"),
    (LabelKind.NAME, r"(?:RFC|EIP|ERC|BIP|CIP|FIP|KEP|PEP|SEP|OTEP|AIP|JEP)s?(?: (?:#|No\.?))?"),
)
_NAMING = tuple((kind, re.compile(rf"(?:{text})\s*:?", re.IGNORECASE)) for kind, text in _HEADS)
_COUNTED = re.compile(
    r".*(?:[a-rtv-z]s|\)|size|capacity|count|length|width|height|concurrency)|number of .*",
    re.IGNORECASE,
)
"""Heads a column of amounts: `Threads`, `Capacity`, `Size (KB)`."""
_SAYS_VERSION = re.compile(r"\b(?:v|versions?\s)\Z", re.IGNORECASE)
_COMPUTED = re.compile(r"\s?(?:[-+−×*/÷=≈→⟶%]|->|=>)")
_RANGED = re.compile(r"\d\s(?:to|and)\s\Z|\bbetween\s\Z")
_TO = re.compile(r"\s(?:to|and)\s\d")
_BARE = re.compile(r"(?:[<>≤≥]=?\s?)?#?[-−]?\d+(?:\.\d+)?")


def with_names(read: Iterable[Read]) -> list[Read]:
    """The same passages; numbers that a column or the rest of the document names are labels."""
    passages = _by_names(_in_series([_alone(*one) for one in _by_columns(list(read))]))
    versions = {
        found.text
        for passage, numbers in passages
        for found in numbers
        if found.label is not None
        and "." in found.text
        and _BARE.fullmatch(found.text)
        and _SAYS_VERSION.search(passage.text, max(0, found.start - 10), found.start)
    }
    if not versions:
        return passages
    return [(passage, _named(passage, numbers, versions)) for passage, numbers in passages]


def _by_columns(passages: Sequence[Read]) -> list[Read]:
    """A cell that is only a number, in a column or a row of two cells that is headed by a name."""
    heads: dict[tuple[int, int], LabelKind | None] = {}
    wide = {passage.cell[0] for passage, _ in passages if passage.cell[2] == 1}
    counted: set[int] = set()
    first: LabelKind | None = None
    told: list[Read] = []
    for passage, numbers in passages:
        table, row, column = passage.cell
        text = passage.text.strip()
        if row == 0:
            heads[table, column] = _heading(text)
        if row == 0 and column == 0 and _COUNTED.fullmatch(text.strip("*_ ")):
            counted.add(table)
        if column == 0:
            first = _heading(text.strip("*_ "))
        kind = heads.get((table, column)) if row > 0 else None
        if kind is None and column == 1 and (table, 2) not in heads:
            kind = first
        is_key = column == 0 and row > 0 and table in wide and table not in counted
        if is_key and kind is None and text.isdigit():
            kind = LabelKind.PLACE
        is_alone = len(numbers) == 1 and _BARE.fullmatch(text.strip("[]*_ ")) is not None
        if kind is not None and is_alone and numbers[0].quantity is not None:
            told.append((passage, [replace(numbers[0], quantity=None, label=kind)]))
        else:
            told.append((passage, numbers))
    return told


def _alone(passage: Passage, numbers: list[Found]) -> Read:
    """`2.1` that is all of a heading or a paragraph is a version or a section."""
    if passage.kind not in ("heading", "paragraph") or len(numbers) != 1:
        return passage, numbers
    found = numbers[0]
    if found.quantity is None or passage.text.strip(" []*_:") != found.quantity.digits:
        return passage, numbers
    if "." in found.text:
        return passage, [replace(found, quantity=None, label=LabelKind.VERSION)]
    if passage.kind == "heading" and found.text.isdigit():
        return passage, [replace(found, quantity=None, label=LabelKind.PLACE)]
    return passage, numbers


def _in_series(passages: Sequence[Read]) -> list[Read]:
    """`Play 9` is a name where headings or items begin with `Play 3` and `Play 11`, too."""
    members: dict[str, set[str]] = {}
    for passage, _ in passages:
        opened = _MEMBER.match(passage.text)
        if opened and passage.kind != "cell":
            members.setdefault(opened[1], set()).add(opened[2])
    names = {name for name, numbers in members.items() if len(numbers) > 2}
    passages = [_assigned(*one) for one in passages]
    if not names:
        return passages
    return [
        (passage, [_member(passage.text, found, names) for found in numbers])
        for passage, numbers in passages
    ]


def _by_names(passages: Sequence[Read]) -> list[Read]:
    """`Cairo 0 parity` opens a passage: a name, where others have `Cairo` inside a sentence."""
    opened: dict[str, list[tuple[int, int]]] = {}
    for at, (passage, numbers) in enumerate(passages):
        for number, found in enumerate(numbers):
            name = _opening_name(passage.text, found)
            if name:
                opened.setdefault(name, []).append((at, number))
    names = _proper([passage.text for passage, _ in passages], set(opened)) if opened else set()
    told = [(passage, list(numbers)) for passage, numbers in passages]
    for name in names:
        for at, number in opened[name]:
            numbers = told[at][1]
            numbers[number] = replace(numbers[number], quantity=None, label=LabelKind.NAME)
    return told


def _opening_name(text: str, found: Found) -> str:
    """The word before a bare number, where its capital may be only that of a sentence."""
    quantity = found.quantity
    if quantity is None or quantity.text != quantity.digits or len(quantity.digits) > 4:
        return ""
    if found.noun and not is_no_count(text, found.end, found.noun):
        return ""
    before = text[max(0, found.start - 32) : found.start]
    capital = CAPITAL.search(before)
    if capital is None or capital[1] in COUNTING or not opens_sentence(before, capital):
        return ""
    return capital[1]


def _proper(texts: Iterable[str], asked: set[str]) -> set[str]:
    """Those of the words that have a capital inside a sentence, and are never without one."""
    inside: set[str] = set()
    lower: set[str] = set()
    for text in texts:
        inside.update(asked.intersection(_INSIDE.findall(text)))
        lower.update(_LOWER.findall(text))
    return {name for name in inside if name.lower() not in lower}


_INSIDE = re.compile(r"(?<=[a-z,]\s)[A-Z][\w.+#-]*\w")
_LOWER = re.compile(r"(?<![\w-])[a-z]+")
_ASSIGNMENT = re.compile(r"\s*(?:[\w.'\"-]+\s*=\s*\S.*|\[+[\w.'\" -]+\]+|\{\{.*)\Z")


def _assigned(passage: Passage, numbers: list[Found]) -> Read:
    """Lines that are all `key = value` are a configuration file, though no fence says so."""
    lines = passage.text.split("\n") if "=" in passage.text else []
    if len(lines) < 2 or not all(_ASSIGNMENT.match(line) for line in lines):
        return passage, numbers
    if any(found.quantity and found.quantity.unit for found in numbers):
        return passage, numbers
    return passage, [
        replace(found, quantity=None, label=found.label or LabelKind.CODE) for found in numbers
    ]


_MEMBER = re.compile(r"\W{0,4}([A-Z][a-z]{2,20})\s(\d{1,3})(?![\d.,%])")
_LAST_WORD = re.compile(r"([A-Z][a-z]{2,20})\s\Z")


def _member(text: str, found: Found, names: set[str]) -> Found:
    word = _LAST_WORD.search(text, max(0, found.start - 22), found.start)
    if found.quantity is None or word is None or word[1] not in names:
        return found
    if not found.text.isdigit():
        return found
    return replace(found, quantity=None, label=LabelKind.NAME)


def _heading(text: str) -> LabelKind | None:
    return next((kind for kind, pattern in _NAMING if pattern.fullmatch(text)), None)


def _named(passage: Passage, numbers: list[Found], versions: set[str]) -> list[Found]:
    """`2.0` where the document has said "v2.0" elsewhere is the version, if nothing is counted."""
    if passage.kind == "cell" or not any(found.text in versions for found in numbers):
        return numbers
    return [
        replace(found, quantity=None, label=LabelKind.VERSION)
        if found.quantity is not None
        and found.text in versions
        and found.text == found.quantity.digits
        and not found.noun.endswith("s")
        and not _COMPUTED.match(passage.text, found.end)
        and not _RANGED.search(passage.text, max(0, found.start - 16), found.start)
        and not _TO.match(passage.text, found.end)
        else found
        for found in numbers
    ]
