"""A number and the characters around it in, the label that they alone decide out."""

# ruff: noqa: RUF001

import re

from harness.claims.label_kinds import LabelKind

_MONTHS = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?"
_MONTH_BEFORE = re.compile(rf"\b{_MONTHS}\s(?:\d{{1,2}},?\s)?\Z")
_MONTH_AFTER = re.compile(rf"(?:st|nd|rd|th)?\s(?:of\s)?{_MONTHS}(?![a-z])")
_ORDINAL = re.compile(r"(?:st|nd|rd|th)(?![A-Za-z0-9])|'s\b|s(?![A-Za-z0-9])(?<=0s)")
_LETTERS_AFTER = re.compile(r"[A-Za-zÀ-ɏͰ-Ͽ_]")
_OF = re.compile(r"-(?:of|out-of)-\d")
_OF_BEFORE = re.compile(r"\d-(?:of|out-of)-\Z")
_HYPHENED = re.compile(r"-[A-Za-z]{3,}(?![\w])")
_POWER = re.compile(r"\^-?\d")
_STATUS = re.compile(
    r"[ :\"”'-]{0,3}\(?(?:OK|Created|Accepted|No Content|Partial Content|Moved Permanently|Found|"
    r"Not Modified|Bad Request|Unauthorized|Forbidden|Not Found|Method Not Allowed|"
    r"Not Acceptable|Request Timeout|Conflict|Gone|Payload Too Large|Unprocessable \w+|"
    r"Too Many Requests|Internal Server Error|Not Implemented|Bad Gateway|Service Unavailable|"
    r"Gateway Timeout|Continue|Switching Protocols|Precondition Failed|Precondition Required|"
    r"Length Required|Expectation Failed|Misdirected Request|Locked|See Other|Multiple Choices|"
    r"(?:Temporary|Permanent) Redirect|Insufficient Storage|Loop Detected|Upgrade Required|"
    r"Proxy Authentication Required|Payment Required|Range Not Satisfiable|URI Too Long|"
    r"not found|bad request|internal server error|Unsupported Media Type|Reset Content|"
    r"Multi-Status)(?!\w)"
)
_RESPONSE = re.compile(
    r"s(?!\w)|[ ](?:\w+[ ])?(?:errors?|responses?|status(?:es)?|redirects?|pages?|links?|"
    r"handling)(?!\w)"
)
_CODED = re.compile(r"[ ](?:response|status|HTTP)(?:[ ]codes?)?(?![\w-])(?![ ](?:times?|rates?))")
"""`200 response`, but not "200 responses", which counts them."""
_SINGLE = re.compile(
    r"[.,;)](?!\d)|\s(?:must|should|is|was|will|may|can|to|on|from|for|when|if|means|instead)\b"
)
"""After "a 404": nothing is counted."""
_RETURNED = re.compile(
    r"\b(?:returns?|returned|returning|responds? with)\s(?:an?\s|the\s)?(?:HTTP\s)?\Z"
)
_ENDS = re.compile(r"[.;,)](?!\d)|\Z|\s(?:if|when|and|or|on|for|unless|with)\s")
_WITH_STATUS = re.compile(
    r"\b(?:returns?|returned|returning|responds? with|response|HTTP|status|raises?|throws?|"
    r"exception on|gets?|got|receives?)\s(?:an?\s|the\s)?"
    r"(?:HTTP\s)?\Z"
)
_COUNTED = re.compile(r"\s[a-z-]+[^\Ws]s\b")
_STATUSES = frozenset(
    str(code)
    for codes in (range(200, 209), range(301, 309), range(400, 432), (451,), range(500, 512))
    for code in codes
)
_PRERELEASE = re.compile(
    r"-(?:alpha|beta|rc|pre|dev|nightly|snapshot|wip|draft)(?![a-z])", re.IGNORECASE
)
_NUMBERED = re.compile(r"0\d-[A-Z]{3,}\b|[01]-(?:rtt|RTT)\b")
"""`03-NETCODE`, `0-RTT`"""
_WIDTHS = frozenset(("8", "16", "24", "32", "48", "64", "80", "96", "128", "160", "256", "512"))
_PREFIX = re.compile(r"(?:\A|[\s(`])/\Z")
_DIVIDED = re.compile(r"\d\s?/\Z")
_SUBSCRIPT = re.compile(r"[A-Za-z_]\[\Z")
_VARIABLE = re.compile(r"(?<![\w-])(?:[A-Z]\w*_[A-Z_]\w*|[a-z]+_[a-z_]+)=\Z")
"""`PASS_ALL=1`: a variable that is set."""
_FOOTNOTE = re.compile(r"(?:\A|\s)\*\Z")
_SECTION = re.compile(r"\d{1,2}(?:\.\d{1,2})+\.?\s+[A-Z][a-z]")
_ENDINGS = frozenset("snrt'")
_MATH_MARKS = frozenset("√∑∫π∞ ∈≡⊕⌊⌈!(")
_MATH_AFTER = re.compile(r"[√∑∫π∞]|\s?[∈≡⊕⌊⌈!]|\s?\((?:mod|MOD)\b|\s?mod\s")
_MATH_BEFORE = re.compile(r"(?:(?<![\d)] )\^|[√∑∫∂λ⌊⌈⊕≡_\\])\s?\Z|\b(?:mod|log|ln|O)\s?\(?\Z")
_VOLUME = re.compile(r"\(\d{1,3}\):\s?\d")
_ISSUE = re.compile(r"\):\s?\d")


def shape_label(text: str, match: re.Match[str]) -> LabelKind | None:
    """What the characters around the digits alone decide."""
    start, end = match.span()
    before, after = text[start - 1 : start], text[end : end + 1]
    if _is_status(text, start, end):
        return LabelKind.CODE
    if before == "-" and _OF_BEFORE.search(text, max(0, start - 10), start):
        return LabelKind.NAME
    if after == "-":
        if (
            _NUMBERED.match(text, start)
            or _OF.match(text, end)
            or text[end : end + 4].lower() == "-bit"
        ):
            return LabelKind.NAME
        if _LETTERS_AFTER.match(text, end + 1) and not _HYPHENED.match(text, end):
            return LabelKind.NAME
    elif after in _ENDINGS and _ORDINAL.match(text, end) and match.lastgroup == "plain":
        if after not in "s'":
            return LabelKind.ORDINAL
        if is_year(match[0]):
            return LabelKind.DATE
        if after == "s":
            return None
    if _MONTH_AFTER.match(text, end) or _MONTH_BEFORE.search(text, max(0, start - 18), start):
        return LabelKind.DATE
    if _VOLUME.match(text, end) or (
        _ISSUE.match(text, end) and text[start - 2 : start - 1].isdigit()
    ):
        return LabelKind.PLACE
    if match[0] == "24/7" or after in ("\ufe0f", "\u20e3"):
        return LabelKind.NAME
    return _near_label(text, match) or _math_label(text, start, end, match.lastgroup or "")


def _near_label(text: str, match: re.Match[str]) -> LabelKind | None:
    """`C++11`, `input[2]`, `/24`, `*3`, `1.3-beta`, `64bit`, "4.1 Routing"."""
    start, end = match.span()
    near = text[max(0, start - 14) : start]
    if _VARIABLE.search(text, max(0, start - 40), start):
        return LabelKind.CODE
    if near.endswith("++") or _SUBSCRIPT.search(near):
        return LabelKind.NAME
    if match[0] in _WIDTHS and text[end : end + 4].lower().startswith(("bit", "-bit")):
        return None if text[end + 3 : end + 4].isalpha() else LabelKind.NAME
    if _PREFIX.search(near) and not _DIVIDED.search(near) and match[0].isdigit():
        return LabelKind.CODE
    if _FOOTNOTE.search(near) and match[0].isdigit():
        return LabelKind.PLACE
    if "." in match[0] and _PRERELEASE.match(text, end):
        return LabelKind.VERSION
    if (not near.strip() or near.endswith("\n")) and _SECTION.match(text, start):
        return LabelKind.PLACE
    return None


def _is_status(text: str, start: int, end: int) -> bool:
    """`404 Not Found`, "returns 404", "404s", "a 503 response": a status of HTTP."""
    if end - start != 3 or text[start] not in "12345" or not text[start:end].isdigit():
        return False
    if _STATUS.match(text, end):
        return True
    if text[start:end] not in _STATUSES or text.startswith("0s", end - 1):
        return False
    near = text[max(0, start - 30) : start]
    if text[start] in "45" and near.endswith((" a ", "A ")) and _SINGLE.match(text, end):
        return True
    if _CODED.match(text, end) or (_ENDS.match(text, end) and _RETURNED.search(near)):
        return True
    if text[start] not in "345":
        return False
    return _RESPONSE.match(text, end) is not None or (
        _WITH_STATUS.search(near) is not None and not _COUNTED.match(text, end)
    )


def _math_label(text: str, start: int, end: int, group: str) -> LabelKind | None:
    """`x^2`, `O(3`, `⌊7`, `5!`: notation; `10^6` alone is a number."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if text.startswith("**", end) or text.endswith(("**", "**-", "**−"), 0, start):
        return LabelKind.NOTATION
    if _MATH_BEFORE.search(text, max(0, start - 6), start):
        return LabelKind.NOTATION
    if after and after in "^²³":
        is_power = _POWER.match(text, end) is not None and before not in ("^", "\\", "_")
        return None if is_power else LabelKind.NOTATION
    is_factorial = after != "!" or end - start < 4
    if (
        after in _MATH_MARKS
        and is_factorial
        and group != "fraction"
        and _MATH_AFTER.match(text, end)
    ):
        return LabelKind.NOTATION
    return None


def is_year(digits: str) -> bool:
    """A whole number that may be a year of this century or the last."""
    return len(digits) == 4 and digits.isdigit() and "1900" <= digits <= "2099"
