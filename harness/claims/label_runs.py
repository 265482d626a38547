"""A text in, the stretches of it out whose digits together are a name, a date or a code."""

# ruff: noqa: RUF001

import re
from collections.abc import Iterator

from harness.claims.label_kinds import LabelKind

Run = tuple[int, int, LabelKind]
"""From where to where, and what every number in between is."""

_KINDS = {
    "phone": LabelKind.CODE,
    "address": LabelKind.CODE,
    "cron": LabelKind.CODE,
    "legend": LabelKind.CODE,
    "colour": LabelKind.CODE,
    "slashed": LabelKind.NAME,
    "dashed": LabelKind.NAME,
    "short": LabelKind.DATE,
    "compliant": LabelKind.NAME,
    "rating": LabelKind.SCORE,
    "day": LabelKind.DATE,
    "years": LabelKind.DATE,
    "until": LabelKind.DATE,
    "stamp": LabelKind.CLOCK,
    "hour": LabelKind.CLOCK,
    "many": LabelKind.CLOCK,
    "tree": LabelKind.NOTATION,
    "bits": LabelKind.NOTATION,
    "newer": LabelKind.VERSION,
    "edition": LabelKind.VERSION,
    "listed": LabelKind.VERSION,
    "wild": LabelKind.VERSION,
    "item": LabelKind.PLACE,
    "clause": LabelKind.PLACE,
    "ordinal": LabelKind.ORDINAL,
}
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_RUNS = re.compile(
    rf"""
    (?P<stamp>\d{{1,2}}:\d\d:\d\d[.,]\d+(?:[-+]\d\d(?::?\d\d)?)?)
    |(?P<phone>(?<![\w.])(?:\+?\d{{1,3}}[-.\ ])?(?:\(\d{{3}}\)\ ?|\d{{3}}[-.\ ])
        \d{{3}}[-.]\d{{4}}(?!\w))
    |(?P<address>(?<![\w.])\d{{1,3}}(?:\.\d{{1,3}}){{3}}(?::\d{{1,5}}|/\d{{1,2}})?(?![.\w]))
    |(?P<cron>(?<![\w*])(?:[\d*][\d*/,-]{{0,9}}\ ){{4,5}}[\d*?][\d*/,-]{{0,9}}(?!\w))
    |(?P<years>(?<![\w/.-])(?:19|20)\d\d[/-](?:(?:19|20)\d\d|\d\d)(?![\w/-]))
    |(?P<slashed>(?<![\w/.$€£])\d{{1,4}}(?:/\d{{1,4}}){{2,9}}(?![\w/])(?!\s?=))
    |(?P<colour>\b(?:rgb|hsl)a?\([\d.,%/\ ]+\))
    |(?P<tree>\b\d(?:-\d)+\s(?:search\s)?[Tt]rees?\b)
    |(?P<dashed>(?<![\w.$€£–-])(?!(?:19|20)\d\d-)\d{{1,4}}(?:[-–]\d{{1,4}}){{2,9}}(?![\w–-]))
    |(?P<short>(?<=[\s(])['’](?:[0-3]\d|[89]\d)(?![\w'’]))
    |(?P<rating>(?<![\w.])\d\.\d/(?:5|10)(?![\w.]))
    |(?P<until>(?<=\son\s)(?P<m1>\d{{1,2}})/(?P<d1>\d{{1,2}})(?![\w/])(?!\s(?:of|the)\b)
       |(?:(?<=until\s)|(?<=since\s)|(?<=before\s)|(?<=after\s)|(?<=as\sof\s))
        (?P<m2>\d{{1,2}})/(?P<d2>\d{{1,2}})(?![\w/])(?!\s(?:of|the)\b))
    |(?P<day>\d{{1,2}}-{_MONTH}[a-z]*-\d{{2,4}}|(?<![\w/.])(?:0\d/\d\d?|\d\d?/0\d)(?![\w/]))
    |(?P<hour>(?<![\w.:])\d{{1,2}}(?:\s?[-–]\s?\d{{1,2}})?(?=\s?(?:[ap]\.m\.|[ap]m\b|[AP]M\b)))
    |(?P<many>(?<![\w.])\d{{1,3}}:(?:many|[nNmM])\b)
    |(?P<bits>(?<![\w.])0[-/]1(?=[\ -][A-Za-z]+)(?!\ [a-z]+[^s\W]s\b))
    |(?P<newer>(?<![\w.$€£])(?:\d+\.\d+(?=\+?\s(?:or|and)\s(?:higher|above|up|lower|below|greater)\b)
       |\d+(?:\.\d+)?(?=\+?\s(?:or|and)\s(?:newer|later|older|earlier)\b)))
    |(?P<edition>\d+(?:\.\d+)?(?=\ ?(?:版本|버전|バージョン))
       |(?:版本|버전|バージョン)\ ?[:：]?\ ?v?\d+(?:\.\d+)?)
    |(?P<listed>\b(?:[Vv]ersions?|[Kk]ernels?|[Rr]eleases?):?\ (?:are\ )?
        (?:v?\d+(?:\.\d+)+(?:,\ |\ ?/\ ?|,?\ (?:and|or)\ )){{1,20}}v?\d+(?:\.\d+)+)
    |(?P<wild>(?<![\w.])\d+\.[xXyYnN*](?:\.[xXyYzZ*])?(?![\w.]))
    |(?P<item>(?:(?<=[\s,;:])|^)\d{{1,2}}\)(?=\s\w))
    |(?P<legend>(?:(?<=^)|(?<=[,;(|]\s)|(?<=[,;(|])|(?<=:\s)|(?<=\s-\s))\d{{1,3}}\s?=\s?(?=[^\W\d_]{{2}}))
    |(?P<compliant>\d+(?=[\ -]compliant\b))
    |(?P<clause>(?<![\w.])\d+(?:\.\d+)+(?=\s(?:says|specifies|defines|describes|states|mandates)\b))
    |(?P<ordinal>第\ ?\d+)
    """,
    re.VERBOSE,
)
_MAY_BE = re.compile(
    r"\d[/)=:]|\d\s?=|[-.)]\d{4}|\d\.\d{1,3}\.|\*|-[A-Z][a-z]{2}|\d\s?[aApP]\.?[mM]|\dcompl|"
    r"\d[ -]compl|[Tt]ree|0-1|\+?\s(?:or|and)\s(?:newer|later|older|earlier|higher|above|up|lower|"
    r"below|greater)|[版버バ第]|\.[xXyYnN*]|\d\s(?:says|specif|defines|describes|states|mandates)|"
    r"20\d\d-\d\d|\d[-–]\d+[-–]|['’]\d\d|(?:rgb|hsl)a?\(|(?:ersions?|ernels?|eleases?):?\s(?:are\s)?v?\d"
)
_HOSTS = re.compile(r"(?:10|127|192\.168|169\.254|172|0\.0|255|224|239|8\.8|1\.1)\.")
_ADDRESSED = re.compile(r"\b(?:IPs?|IPv4|address(?:es)?|hosts?|subnets?|at)\s\W?\Z", re.IGNORECASE)


def runs(text: str) -> list[Run]:
    """The stretches in order; none overlaps another."""
    if not _MAY_BE.search(text):
        return []
    found = [(match, match.lastgroup or "") for match in _RUNS.finditer(text)]
    legends = sum(1 for _, sort in found if sort == "legend")
    return [
        run
        for match, sort in found
        if sort != "legend" or legends > 1
        for run in _run(text, match, sort)
    ]


def _run(text: str, match: re.Match[str], sort: str) -> Iterator[Run]:
    start, end = match.span()
    groups = match.groupdict()
    sort = next((name for name in _KINDS if groups[name] is not None), sort)
    kind = _KINDS[sort]
    match sort:
        case "address":
            if not _is_address(text, start, match[0]):
                return
        case "cron":
            if not ("* *" in match[0] or "*/" in match[0] or match[0].endswith("*")):
                return
        case "years":
            if not _are_years(match[0]):
                return
        case "until":
            month, day = sorted(int(part) for part in match[0].split("/"))
            if not (0 < month <= 12 and 0 < day <= 31):
                return
        case "slashed":
            parts = [int(part) for part in match[0].split("/")]
            if len(parts) == 3 and max(parts[:2]) <= 31 and min(parts[:2]) <= 12:
                kind = LabelKind.DATE
        case "item":
            if text.rfind("(", 0, start) > text.rfind(")", 0, start):
                return
        case _:
            pass
    yield start, end, kind


def _is_address(text: str, start: int, found: str) -> bool:
    """Four bytes that are an address of the internet, and no version of four parts."""
    parts = re.split(r"[.:/]", found)
    if any(int(part) > 255 for part in parts[:4]):
        return False
    if len(parts) > 4 or _HOSTS.match(found):
        return True
    before = text[max(0, start - 16) : start]
    return _ADDRESSED.search(before) is not None


def _are_years(found: str) -> bool:
    """`2022/2023`, `2021-22`: a year and the next."""
    first, second = int(found[:4]), found[5:]
    return int(second) == (first + 1) % (100 if len(second) == 2 else 10000)
