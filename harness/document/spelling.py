"""Word of an info string in, the attribute that it nearly spells out."""

import re

MDBOOK_WORDS = frozenset(
    {"editable", "noplayground", "noplaypen", "mdbook-runnable", "playground", "playpen"}
)
"""mdBook's own words: unknown to rustdoc, and no misspelling."""

_TARGETS = ("ignore", "should_panic", "no_run", "compile_fail", "test_harness", "standalone_crate")
_PLAIN = {target.replace("_", ""): target for target in _TARGETS}
_ALIASES = {
    "ignored": "ignore",
    "ignores": "ignore",
    "norunning": "no_run",
    "dontrun": "no_run",
    "shouldfail": "should_panic",
    "shouldpanics": "should_panic",
    "failcompile": "compile_fail",
    "compilefails": "compile_fail",
    "compileerror": "compile_fail",
    "failstocompile": "compile_fail",
}
_EDITION = re.compile(r"(?:rust|edition|ed)?[-_:]?(2015|2018|2021|2024)\Z", re.IGNORECASE)
_NO_EDITION = re.compile(r"edition.*\Z", re.IGNORECASE | re.DOTALL)
_LONGEST = 24


def near_attribute(word: str) -> str | None:
    """The rustdoc attribute that a word nearly spells; None for a word that is none or is exact.

    Case, hyphens and underscores do not count; else one letter may be wrong, missing, added or
    swapped, two in an attribute of more than nine letters.
    """
    if word in _TARGETS or word in MDBOOK_WORDS or len(word) > _LONGEST:
        return None
    edition = _EDITION.match(word)
    if edition:
        exact = f"edition{edition.group(1)}"
        return None if word == exact else exact
    if _NO_EDITION.match(word):
        return "edition2024"
    plain = re.sub(r"[-_.:]", "", word).lower()
    if plain in _PLAIN or plain in _ALIASES:
        return _PLAIN.get(plain) or _ALIASES[plain]
    if len(plain) < 5 or not word[0].isalpha():
        return None
    for target, attribute in _PLAIN.items():
        allowed = 2 if len(target) > 9 else 1
        if abs(len(plain) - len(target)) <= allowed and distance(plain, target) <= allowed:
            return attribute
    return None


def distance(left: str, right: str) -> int:
    """The letters to change, add, drop or swap with a neighbour to turn one word into the other."""
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        last, before, row = before, row, [i]
        for j, b in enumerate(right, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
