"""A passage's text in, every number in it out: a quantity, or a label with its sort."""

# ruff: noqa: RUF001

import re
from dataclasses import dataclass
from enum import Enum

from harness.claims.quantity import DIGITS, LONGEST, Quantity, read_quantity


class LabelKind(Enum):
    """Why a number claims nothing."""

    NAME = "name"
    """Part of a name: `p99`, `C7`, `sha256`, `x86_64`, `3-of-5`, `Windows 10`."""
    VERSION = "version"
    DATE = "date"
    CLOCK = "clock or ratio notation"
    """`10:30`, `16:9`; `10:1` is a quantity only beside the word ratio."""
    PLACE = "place"
    """A line, page, chapter, step, issue or list number."""
    CODE = "code"
    """Hexadecimal, an exit status, a port, an error number."""
    ORDINAL = "ordinal"
    SCORE = "score"
    NOTATION = "notation"
    """Mathematics, chemistry, and digits too long to be a statement."""


@dataclass(frozen=True, slots=True)
class Found:
    """One number of a passage, at `start` to `end` of its text.

    Exactly one of `quantity` and `label` is given. `noun` is the word after a quantity.
    """

    start: int
    end: int
    text: str
    quantity: Quantity | None
    label: LabelKind | None = None
    noun: str = ""


_DIGIT = re.compile(r"(?<![\w.)\]])\.(?=\d)|\d")
_KINDS = {
    "hex": LabelKind.CODE,
    "date": LabelKind.DATE,
    "version": LabelKind.VERSION,
    "clock": LabelKind.CLOCK,
}
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
_LIST = re.compile(r"(?:,|\s?[&/–-]|,?\s(?:and|or|to|through)|\s?…,|\s?\.{3},)\s?\Z")
_MONTHS = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?"
_MONTH_BEFORE = re.compile(rf"\b{_MONTHS}\s(?:\d{{1,2}},?\s)?\Z")
_MONTH_AFTER = re.compile(rf"(?:st|nd|rd|th)?\s(?:of\s)?{_MONTHS}(?![a-z])")
_ORDINAL = re.compile(r"(?:st|nd|rd|th)(?![A-Za-z0-9])|'s\b|s(?![A-Za-z0-9])(?<=0s)")
_LETTERS_AFTER = re.compile(r"[A-Za-zÀ-ɏͰ-Ͽ_]")
_CAPITAL = re.compile(r"(?:^|[\s(\[/\"'“,;—–-])([A-Z][\w.+-]*|[a-z]+\d[\w.-]*|[a-z]+[A-Z]\w*)\s\Z")
_NOUN = re.compile(r"[  ]([A-Za-z][A-Za-z'’-]*)")
_OF = re.compile(r"-(?:of|out-of)-\d")
_OF_BEFORE = re.compile(r"\d-(?:of|out-of)-\Z")
_HYPHENED = re.compile(r"-[A-Za-z]{3,}(?![\w])")
_EXPONENT = re.compile(r"[eE][-+−]?\d")
_POWER = re.compile(r"\^-?\d")
_LEADING_ZERO = re.compile(r"\.0\d")
_STATUS = re.compile(r" (?:OK|Created|Not Found|Bad Request|Forbidden|Unauthorized)(?!\w)")
_ENDINGS = frozenset("snrt'")
_MATH_MARKS = frozenset("√∑∫π∞ ∈≡⊕⌊⌈!(")
_MATH_AFTER = re.compile(r"[√∑∫π∞]|\s?[∈≡⊕⌊⌈!]|\s?\((?:mod|MOD)\b|\s?mod\s")
_MATH_BEFORE = re.compile(r"(?:(?<![\d)] )\^|[√∑∫∂λ⌊⌈⊕≡_\\])\s?\Z|\b(?:mod|log|ln|O)\s?\(?\Z")
_RATIO_NEAR = re.compile(r"ratio", re.IGNORECASE)
_ASPECT = re.compile(r"aspect", re.IGNORECASE)
_SCORE_NEAR = re.compile(r"\b(?:scores?d?|won|wins|beats?|lost|tie[ds]?|draw)\b", re.IGNORECASE)
_ENUMERATED = re.compile(r"[\s:;,.](?:\(\d{1,2}\)|\[\d{1,3}\])(?!\()|(?:\(\d{1,2}\)|\[\d{1,3}\])\s")
_DASHED = re.compile(r"[-–](?=\d)")
_NUMBERED = re.compile(r"\(\d{1,2}[-–]\d{1,2}\)")
_WILD = re.compile(r"\.[xX*](?![\w])")
_LEADING = re.compile(r"\b(?:leading|trailing)\s\Z")
_VOLUME = re.compile(r"\(\d{1,3}\):\s?\d")
_ISSUE = re.compile(r"\):\s?\d")
_PAGES = re.compile(r"\d\(\d{1,3}\):\s?\Z")
_STOP_TEXT = (
    "and or of in is are was were the a an to from for with on at by as but if then than "
    "that this which when where while per via vs into it its be been has have had will "
    "would can may not no yes so do does e g i s t"
)
_STOP = frozenset(_STOP_TEXT.split())


def scan(text: str) -> list[Found]:
    """Every number of a text in order; any text has an answer."""
    found: list[Found] = []
    digit = _DIGIT.search(text)
    while digit is not None:
        match = DIGITS.match(text, digit.start())
        if match is None:
            digit = _DIGIT.search(text, digit.end())
            continue
        found.append(_classify(text, match))
        if len(found) > 1 and _goes_on(text, found[-2], found[-1]):
            found[-1] = Found(match.start(), match.end(), match[0], None, found[-2].label)
        digit = _DIGIT.search(text, match.end())
    return found


def _classify(text: str, match: re.Match[str]) -> Found:
    start, end, group = match.start(), match.end(), match.lastgroup or "plain"
    if _is_glued(text, start):
        return Found(start, end, match[0], None, LabelKind.NAME)
    if group == "clock":
        return _clock(text, match)
    if group in _KINDS:
        return Found(start, end, match[0], None, _KINDS[group])
    label = _shape_label(text, match)
    if label is not None:
        return Found(start, end, match[0], None, label)
    quantity = read_quantity(text, match)
    if quantity is not None and quantity.digits == "0" and quantity.unit == "x":
        return Found(start, end, match[0], None, LabelKind.CODE)
    if match[0] == "0" and text[end : end + 1] == "s" and _LEADING.search(text, 0, start):
        return Found(start, end, match[0], None, LabelKind.NOTATION)
    if quantity is None and _EXPONENT.match(text, end):
        return Found(start, end, match[0], None, LabelKind.NOTATION)
    if quantity is None:
        kind = LabelKind.NOTATION if len(match[0]) > LONGEST else LabelKind.NAME
        return Found(start, end, match[0], None, kind)
    head = len(quantity.comparison) + len(quantity.sign) + len(quantity.money)
    start -= head
    end = start + len(quantity.text)
    noun = _noun_after(text, end)
    if not (quantity.unit or quantity.money or quantity.scale or quantity.power):
        label = _context_label(text, start, match, quantity, noun)
        if label is not None:
            return Found(match.start(), match.end(), match[0], None, label)
    return Found(start, end, quantity.text, quantity, None, noun)


def _goes_on(text: str, before: Found, after: Found) -> bool:
    """`140-2` after a name is still the name, `162` after "issues 161 and" still an issue."""
    quantity, gap = after.quantity, text[before.end : after.start]
    if before.label is None or quantity is None or len(gap) > 9:
        return False
    if gap in ("-", "–"):
        return True
    is_bare = quantity.text == quantity.digits and quantity.digits.isdigit() and not after.noun
    return before.label is LabelKind.PLACE and is_bare and _LIST.fullmatch(gap) is not None


def _is_glued(text: str, start: int) -> bool:
    """Letters stand at once before the digits, or a hyphen after letters."""
    if not start:
        return False
    before = text[start - 1]
    if (
        before == "_"
        or (before.isascii() and before.isalnum())
        or ("À" <= before < "⺀" and before.isalpha())
    ):
        return True
    if before in "-/+#.@&:" and start > 1:
        earlier = text[start - 2]
        if earlier.isascii() and (earlier.isalpha() or earlier == "_"):
            return before != "/" or not _unit_before(text, start - 1)
    return before in "#@"


def _unit_before(text: str, slash: int) -> bool:
    """`failures/30s`: the slash divides by a quantity that has a unit of its own."""
    word = re.search(r"[A-Za-z]+\Z", text[max(0, slash - 20) : slash])
    after = re.match(r"/\d+(?:ms|s|min|h|hr|d|day|mo)\b", text[slash : slash + 12])
    return word is not None and after is not None


def _noun_after(text: str, end: int) -> str:
    word = _NOUN.match(text, end)
    if word is None or word[1].lower() in _STOP:
        return ""
    return word[1]


def _clock(text: str, match: re.Match[str]) -> Found:
    """`10:1` beside the word ratio is a quantity, but no aspect ratio is."""
    start, end = match.span()
    around = text[max(0, start - 24) : end + 8]
    aspect = _ASPECT.search(text, max(0, start - 80), end + 24)
    if match[0].count(":") == 1 and _RATIO_NEAR.search(around) and not aspect:
        above, below = match[0].split(":")
        if int(below[:LONGEST] or 0) and len(match[0]) < LONGEST:
            return Found(start, end, match[0], Quantity(f"{above}/{below}"), None, "")
    return Found(start, end, match[0], None, LabelKind.CLOCK)


def _shape_label(text: str, match: re.Match[str]) -> LabelKind | None:
    """What the characters around the digits alone decide."""
    start, end = match.span()
    before, after = text[start - 1 : start], text[end : end + 1]
    if before == "-" and _OF_BEFORE.search(text, max(0, start - 10), start):
        return LabelKind.NAME
    if after == "-":
        if _OF.match(text, end) or text.startswith("-bit", end):
            return LabelKind.NAME
        if _LETTERS_AFTER.match(text, end + 1) and not _HYPHENED.match(text, end):
            return LabelKind.NAME
    elif after in _ENDINGS and _ORDINAL.match(text, end) and match.lastgroup == "plain":
        if after == "s" and not _is_year(match[0]):
            return None
        return LabelKind.DATE if after in "s'" else LabelKind.ORDINAL
    if _MONTH_AFTER.match(text, end) or _MONTH_BEFORE.search(text, max(0, start - 18), start):
        return LabelKind.DATE
    if _WILD.match(text, end):
        return LabelKind.VERSION
    if _VOLUME.match(text, end) or (
        _ISSUE.match(text, end) and text[start - 2 : start - 1].isdigit()
    ):
        return LabelKind.PLACE
    if match[0] == "24/7" or after in ("\ufe0f", "\u20e3"):
        return LabelKind.NAME
    if _STATUS.match(text, end):
        return LabelKind.CODE
    return _math_label(text, start, end, match.lastgroup or "")


def _math_label(text: str, start: int, end: int, group: str) -> LabelKind | None:
    """`x^2`, `O(3`, `⌊7`, `5!`: notation; `10^6` alone is a number."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if text.startswith("**", end) or text.endswith("**", 0, start):
        return LabelKind.NOTATION
    if _MATH_BEFORE.search(text, max(0, start - 6), start):
        return LabelKind.NOTATION
    if after and after in "^²³":
        is_power = _POWER.match(text, end) is not None and before not in ("^", "\\", "_")
        return None if is_power else LabelKind.NOTATION
    if after in _MATH_MARKS and group != "fraction" and _MATH_AFTER.match(text, end):
        return LabelKind.NOTATION
    return None


def _is_year(digits: str) -> bool:
    return len(digits) == 4 and digits.isdigit() and "1900" <= digits <= "2099"


def _context_label(
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
    if _is_year(digits) and (capital or not (noun and noun.endswith("s") and noun.islower())):
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
