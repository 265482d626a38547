"""The words after a bare number in, whether they are what it counts out."""

# ruff: noqa: RUF001

import re

PLURAL = re.compile(r"[A-Za-z'’-]*[^\Ws]s(?!\w)")
_SECOND = re.compile(r"\s[A-Za-z'’-]+\s([A-Za-z'’-]+)")
_MEASURING_TEXT = (
    "node core byte bit step stage way year month week day hour line person people machine star "
    "dollar percent points of times more or to in for out gas wei data and MB GB KB TB"
)
_MEASURING = frozenset(_MEASURING_TEXT.split())
_VERBS_TEXT = (
    "is was has had does gets goes makes takes gives needs uses requires supports adds removes "
    "saves sends receives returns opens closes reads writes runs starts stops ends becomes comes "
    "contains includes introduces brings works fails passes shows says sees sets calls knows "
    "defines describes specifies allows creates deletes updates drops leaves wants tries holds "
    "keeps appears enters reaches formalizes moves changes covers "
    "follows continues checks tracks stores waits joins ships"
)
_TOUCHES = re.compile(
    r"\s[a-z]+s\s(?:the|a|an|its|their|our|this|that|it|all|you|your|several|some|many|how|what)\s"
)
"""A verb has an object after it: "Vite 8 touches the core"."""
_VERBS = frozenset(_VERBS_TEXT.split())
SCALED = re.compile(
    r"\s?(?:[BM]illions?|[个台次种条秒万亿千百天年月小分核倍名]|개|명|milli|млн|тыс|миллион|میلیون|مليون|मिलियन|هزار)"
)


def is_no_count(text: str, end: int, noun: str) -> bool:
    """Neither of the two words that follow is a plural, and the first is no measure."""
    if noun in _VERBS or _TOUCHES.match(text, end):
        return True
    if noun in _MEASURING or PLURAL.fullmatch(noun) or SCALED.match(text, end):
        return False
    second = _SECOND.match(text, end)
    return second is None or PLURAL.fullmatch(second[1]) is None
