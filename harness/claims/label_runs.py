"""A text in, the stretches of it out whose digits together are a name, a date or a code."""

# ruff: noqa: RUF001

import re

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
    "month": LabelKind.DATE,
    "hash": LabelKind.CODE,
    "widths": LabelKind.NAME,
    "rule": LabelKind.NAME,
    "manual": LabelKind.NAME,
    "course": LabelKind.NAME,
    "follows": LabelKind.PLACE,
    "adds": LabelKind.VERSION,
    "keys": LabelKind.CODE,
    "day": LabelKind.DATE,
    "years": LabelKind.DATE,
    "until": LabelKind.DATE,
    "present": LabelKind.DATE,
    "snippet": LabelKind.CODE,
    "tex": LabelKind.NOTATION,
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
_LEGEND_TEXT = r"(?:\A|(?<=[,;(|]\s)|(?<=[,;(|])|(?<=:\s)|(?<=\s-\s))\d{1,3}\s?=\s?(?=[^\W\d_]{2})"
_EXPLAINED = re.compile(r"\(\d{1,3}\s?=\s?[^\W\d]+(?:\s[^\W\d]+)?\)")
_LEGEND = re.compile(_LEGEND_TEXT)
_LED = re.compile(
    rf"""
    (?P<stamp>\d{{1,2}}:\d\d:\d\d[.,]\d+(?:[-+]\d\d(?::?\d\d)?)?)
    |(?P<phone>(?<![\w.])(?:\+?\d{{1,3}}[-.\ ])?(?:\(\d{{3}}\)\ ?|\d{{3}}[-.\ ])
        \d{{3}}[-.]\d{{4}}(?!\w))
    |(?P<address>(?<![\w.])\d{{1,3}}(?:\.\d{{1,3}}){{3}}(?::\d{{1,5}}|/\d{{1,2}})?(?![.\w]))
    |(?P<cron>(?<![\w*])(?:[\d*][\d*/,-]{{0,9}}\ ){{4,5}}[\d*?][\d*/,-]{{0,9}}(?!\w)
       |(?<=\*/)\d+(?=\ \*))
    |(?P<years>(?<![\w/.-])(?:19|20)\d\d[/-](?:(?:19|20)\d\d|\d\d)(?![\w/-]))
    |(?P<present>(?:19|20)\d\d(?=\s?[-–]\s?(?:present|now|today)\b))
    |(?P<snippet>8<(?=-))
    |(?P<tex>(?<=\$)\d+(?=\$(?!\d)))
    |(?P<slashed>(?<![\w/.$€£])\d{{1,4}}(?:/\d{{1,4}}){{2,9}}(?![\w/])(?!\s?=))
    |(?P<tree>\b\d(?:-\d)+\s(?:search\s)?[Tt]rees?\b)
    |(?P<dashed>(?<![\w.$€£–-])(?!(?:19|20)\d\d-)\d{{1,4}}(?:[-–]\d{{1,4}}){{2,9}}(?![\w–-]))
    |(?P<short>(?<=[\s(]['’])(?:[0-3]\d|[89]\d)(?![\w'’]))
    |(?P<rating>(?<![\w.])\d\.\d/(?:5|10)(?![\w.]))
    |(?P<until>(?:(?<=\son\s)|(?<=until\s)|(?<=since\s)|(?<=before\s)|(?<=after\s)|(?<=as\sof\s))
        \d{{1,2}}/\d{{1,2}}(?![\w/])(?!\s(?:of|the)\b))
    |(?P<month>(?<![\w/.])(?:0?[1-9]|1[0-2])/(?:19|20)\d\d(?![\w/]))
    |(?P<hash>(?<=\()\d[0-9a-f]{{6}}(?=\))(?<!0000))
    |(?P<widths>(?<![\w.])\d{{1,3}}-(?:(?:,|\sand|\sor|,\sand|,\sor)?\s\d{{1,3}}-){{0,4}}
        (?:(?:,|\sand|\sor|,\sand|,\sor)\s\d{{1,3}}-\s?bits?\b))
    |(?P<rule>(?<![\w.])\d{{1,3}}[/–-]\d{{1,3}}(?=\s[Rr]ule\b)
       |\d{{1,2}}(?=[\ -][Ff]actor\s[a-z]+s\b))
    |(?P<manual>(?<=\w\()\d(?=\)(?!\s?[-+*/=×→])))
    |(?P<course>(?<=[a-z]\s)101(?=\s?\Z|[:?!)]))
    |(?P<follows>(?<=[a-z,]\s)\d\.(?=\s[a-z]+\s[a-z]))
    |(?P<adds>(?:(?<=[.!]\s)|\A)\d\.\d{{1,2}}(?=\s(?:includes|introduces|adds|removes|brings|ships|supports|
        deprecates|was\sreleased|is\sout|has\sbeen\sreleased)\b))
    |(?P<day>\d{{1,2}}-{_MONTH}[a-z]*-\d{{2,4}}|(?:19|20)\d\d-{_MONTH}[a-z]*-\d{{1,2}}|(?<![\w/.])(?:0\d/\d\d?|\d\d?/0\d)(?![\w/]))
    |(?P<hour>(?<![\w.:])\d{{1,2}}(?:\s?[-–]\s?\d{{1,2}})?(?=\s?(?:[ap]\.m\.|[ap]m\b|[AP]M\b)))
    |(?P<many>(?<![\w.])\d{{1,3}}:(?:many|[nNmM])\b
       |(?<![\w.-])1[-–]1(?=s\b|\s(?:mapping|relation|correspond|with\b|to\b)))
    |(?P<bits>(?<![\w.])0[-/]1(?=[\ -][A-Za-z]+)(?!\ [a-z]+[^s\W]s\b))
    |(?P<newer>(?<![\w.$€£])(?:\d+\.\d+(?=\+?\s(?:or|and)\s(?:higher|above|up|lower|below|greater)\b)
       |\d+(?:\.\d+)?(?=\+?\s(?:or|and)\s(?:newer|later|older|earlier)\b)))
    |(?P<edition>\d+(?:\.\d+)?(?=\ ?(?:版本|버전|バージョン)))
    |(?P<wild>(?<![\w.])\d+(?:\.\d+)*\.[xXyYnN*](?:\.[xXyYzZ*])?(?![\w.]))
    |(?P<item>(?<=<)\d{{1,2}}(?=>)|(?:(?<=[\s,;:])|\A)\d{{1,2}}\)(?=\s\w))
    |(?P<legend>{_LEGEND_TEXT})
    |(?P<compliant>\d+(?=[\ -]compliant\b|-[Cc]lause\b))
    |(?P<clause>(?<![\w.])\d+(?:\.\d+)+(?=\s(?:says|specifies|defines|describes|states|mandates)\b))
    """,
    re.VERBOSE,
)
"""What begins with a digit."""
_OPENED = re.compile(
    r"""
    (?P<phone>(?<![\w.])\(\d{3}\)\ ?\d{3}[-.]\d{4}(?!\w))
    |(?P<colour>\b(?:rgb|hsl)a?\([\d.,%/\ ]+\))
    |(?P<listed>\b(?:[Vv]ersions?|[Kk]ernels?|[Rr]eleases?):?\ (?:are\ )?
        (?:v?\d+(?:\.\d+)+(?:,\ |\ ?/\ ?|,?\ (?:and|or)\ )){1,20}v?\d+(?:\.\d+)+)
    |(?P<edition>(?:版本|버전|バージョン)\ ?[:：]?\ ?v?\d+(?:\.\d+)?)
    |(?P<ordinal>第\ ?\d+)
    |(?P<keys>\b[0-9A-F]{4}(?:\ {1,2}[0-9A-F]{4}){4,}\b)
    """,
    re.VERBOSE,
)
"""What begins with something else."""
_MAY_OPEN = re.compile(
    r"[0-9A-F]{4} [0-9A-F]{4} |(?:rgb|hsl)a?\(|[版버バ第]|\(\d{3}\)|(?:ersion|ernel|elease)s?:? "
)
_HOSTS = re.compile(r"(?:10|127|192\.168|169\.254|172|0\.0|255|224|239|8\.8|1\.1)\.")
_CAPITAL = re.compile(r"\b[A-Z][a-z]+\s\Z")
_ADDRESSED = re.compile(r"\b(?:IPs?|IPv4|address(?:es)?|hosts?|subnets?|at)\s\W?\Z", re.IGNORECASE)


class Runs:
    """The stretches of one text, asked for from its beginning to its end."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._opened: list[Run] = []
        if _MAY_OPEN.search(text):
            self._opened = [_run(match) for match in _OPENED.finditer(text)]
            self._opened.reverse()
        self._end = 0
        self._kind = LabelKind.NAME

    def kind(self, start: int) -> LabelKind | None:
        """What the number at a position is as a part of a stretch; None where it is in none."""
        while self._opened and self._opened[-1][1] <= start:
            self._opened.pop()
        if self._opened and self._opened[-1][0] <= start:
            return self._opened[-1][2]
        if start < self._end:
            return self._kind
        match = _LED.match(self._text, start)
        if match is None or not _holds(self._text, match):
            return None
        _, self._end, self._kind = _run(match)
        return self._kind


def _run(match: re.Match[str]) -> Run:
    sort = match.lastgroup or ""
    kind = _KINDS[sort]
    if sort == "slashed":
        parts = [int(part) for part in match[0].split("/")]
        if len(parts) == 3 and max(parts[:2]) <= 31 and min(parts[:2]) <= 12:
            kind = LabelKind.DATE
    return *match.span(), kind


def _holds(text: str, match: re.Match[str]) -> bool:
    """What a pattern cannot say of a stretch."""
    start, found = match.start(), match[0]
    match match.lastgroup:
        case "address":
            return _is_address(text, start, found)
        case "cron":
            return "* *" in found or "*/" in found or found.endswith("*") or found.isdigit()
        case "course":
            return _CAPITAL.search(text, max(0, start - 24), start) is not None
        case "years":
            return _are_years(found)
        case "until":
            month, day = sorted(int(part) for part in found.split("/"))
            return 0 < month <= 12 and 0 < day <= 31
        case "item" if found.endswith(")"):
            return text.rfind("(", 0, start) <= text.rfind(")", 0, start)
        case "legend":
            return (
                len(_LEGEND.findall(text)) > 1
                or _EXPLAINED.match(text, max(0, start - 1)) is not None
            )
        case _:
            return True


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
    """`2022/2023`, `2021-22`: a year and the next; `2028/01`: a year and a month."""
    first, second = int(found[:4]), found[5:]
    if found[4] == "/" and len(second) == 2 and 0 < int(second) <= 12:
        return True
    return int(second) == (first + 1) % (100 if len(second) == 2 else 10000)
