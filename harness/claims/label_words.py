"""A bare number and the words around it in, the label that they decide out."""

# ruff: noqa: RUF001

import re

from harness.claims.label_kinds import LabelKind
from harness.claims.label_shapes import is_year
from harness.claims.quantity import Quantity

_PLACES = re.compile(
    r"(?:\b(?:lines?|pages?|chapters?|ch\.?|sections?|sec\.|figures?|fig\.|listings?|tables?|"
    r"steps?|"
    r"appendix|parts?|volumes?|questions?|examples?|items?|rules?|rows?|columns?|col|"
    r"no\.|nos?\.?|number|issues?|pull|PRs?|bug|pp?\.|authors?|receipts?|constraints?|vectors?|ticket|footnotes?|exercises?|lessons?|milestone|"
    r"slides?|paragraphs?|clauses?|articles?|principle|option|note|case|week|day|sprint|Q&A|"
    r"commit|revision|rev\.?|build|draft|phase|stage|tier|level|round|layer|option|variant|mo)"
    r"\s?\(?(?:[#№]\s?)?|[#№§]\s?)\Z",
    re.IGNORECASE,
)
_CODES = re.compile(
    r"\b(?:error|errno|exit|code|codes|status|port|ports|signal|opcode|HTTP|return code|"
    r"RFCs?|ISO|IEEE|EIP|ERC|BIP|PEP|FIPS|CVE|CWE|ASCII|UTF|ANSI|POSIX|ECMA|DIN|type|"
    r"address|index|seed|key|id|ID|pid|PID|U\+)\s?:?\s?\Z"
)
_VERSIONED = re.compile(
    r"\b(?:versions?|ver\.?|v|rustc?|MSRV|edition|editions|release|releases|since|before|until|"
    r"cargo|python|node|java|go|php|ruby|perl|clang|gcc|llvm|cmake|linux|macos|android|ios|"
    r"windows|unicode|openssl|tls|ssl|http|glibc|musl|api|kernel|toolchain|crate|requires?|"
    r"from|in|with|to|and|or|than|using|use|at|,|of|through|for|is|as|a|the|on|supports?|\^|>=|="
    r"|>|<|~|≥)\s?[\"“'(\[]?v?\Z",
    re.IGNORECASE,
)
_OLD_AS = re.compile(
    r"\bversions?(?::\s|\s=\s|\s(?:is|was|of)\s(?:now\s|currently\s)?|\s)\Z|"
    r"\bversions?\s(?:as (?:old|early|late) as|up to|from|before|after|prior to|older than|"
    r"newer than|at least|below|above)\s\Z",
    re.IGNORECASE,
)
_OF_A_VERSION = frozenset(
    [
        "mode",
        "compiler",
        "edition",
        "standard",
        "release",
        "version",
        "branch",
        "linker",
        "toolchain",
        "series",
    ]
)
_CAPITAL = re.compile(r"(?:^|[\s(\[/\"'“,;—–-])([A-Z][\w.+-]*|[a-z]+\d[\w.-]*|[a-z]+[A-Z]\w*)\s\Z")
_LEADING_ZERO = re.compile(r"\.0\d")
_SCORE_NEAR = re.compile(r"\b(?:scores?d?|won|wins|beats?|lost|tie[ds]?|draw)\b", re.IGNORECASE)
_ENUMERATED = re.compile(r"[\s:;,.](?:\(\d{1,2}\)|\[\d{1,3}\])(?!\()|(?:\(\d{1,2}\)|\[\d{1,3}\])\s")
_DASHED = re.compile(r"[-–](?=\d)")
_NUMBERED = re.compile(r"\(\d{1,2}[-–]\d{1,2}\)")
_PAGES = re.compile(r"\d\(\d{1,3}\):\s?\Z")


def context_label(
    text: str, start: int, match: re.Match[str], quantity: Quantity, noun: str
) -> LabelKind | None:
    """What the words before a bare number decide."""
    before = text[max(0, start - 32) : start]
    digits = match[0]
    if quantity.sign in ("+", "±") or quantity.comparison.strip() in ("~", "≈"):
        return None
    if quantity.comparison and "." not in digits:
        return None
    capital = _CAPITAL.search(before)
    if is_year(digits) and (capital or not (noun and noun.endswith("s") and noun.islower())):
        return LabelKind.DATE
    if _OLD_AS.search(before):
        return LabelKind.VERSION
    if _PLACES.search(before):
        return LabelKind.PLACE
    if _CODES.search(before):
        return LabelKind.CODE
    if re.match(r"\s?[).]?\s*\Z", before) and re.match(
        r"[.)](?:\s|\Z)", text[match.end() : match.end() + 2]
    ):
        return LabelKind.PLACE
    if _ENUMERATED.match(text, max(0, match.start() - 2)) or (
        match.start() == 1 and _ENUMERATED.match(text, 0)
    ):
        return LabelKind.PLACE
    if _is_dashed(text, start, match.end()):
        near = text[max(0, start - 30) : match.end() + 12]
        if _NUMBERED.match(text, max(0, start - 1)) or _PAGES.search(text, 0, start):
            return LabelKind.PLACE
        return LabelKind.SCORE if _SCORE_NEAR.search(near) else None
    if (
        "." in digits
        and not _LEADING_ZERO.search(digits)
        and (_VERSIONED.search(before) or capital)
    ):
        return LabelKind.VERSION if not noun or noun[0].isupper() or capital else None
    is_version = noun in _OF_A_VERSION
    if capital and (is_version or not noun) and not _opens_sentence(before, capital):
        return LabelKind.NAME
    return None


def _is_dashed(text: str, start: int, end: int) -> bool:
    """A bare pair `3-1`, without unit: not a range of anything."""
    after = _DASHED.match(text, end)
    return after is not None or (
        text[start - 1 : start] in ("-", "–") and text[start - 2 : start - 1].isdigit()
    )


def _opens_sentence(before: str, capital: re.Match[str]) -> bool:
    """The capital is only the sentence's first letter."""
    head = before[: capital.start(1)].rstrip()
    name = capital[1]
    return (not head or head[-1] in ".:;!?|") and name.isalpha() and name[1:].islower()
