"""The text of a code span in, whether it states figures and is no code out."""

# ruff: noqa: RUF001

import re

from harness.claims.units import UNITS

LONGEST = 200
"""Characters of a span that is looked at."""

_CHARACTERS = re.compile(r"[-+−×*·/÷^=≈()$€£%\w.,µ ]+\Z")
_EQUATION = re.compile(r"[\w)%$€£][  ](?:=|≈)[  ](?:[-−(]?[\d$€£(])")
_OPERATOR = re.compile(r"[\w)%$€£][  ][-+−×*·/÷^][  ](?=[-−(]?[\w$€£])")
_CODE = re.compile(r"\*\*|//|--|\+\+|==|%[  ]?[\d(]|\d%\d|,(?!\d{3}(?!\d))|\d\(|_\D|\D_")
_LETTERS = re.compile(r"[^\W\d_]+[$€£]?")
_ALONE = re.compile(r"[-−]?[$€£]?\d[\d.,]*[  ](?:%|[A-Za-zµ$€£]{1,3}(?:/[a-z]{1,5})?)\Z")
_BASE_TWO = re.compile(r"[01]{2,}\Z")
_NUMBER = re.compile(r"\d[\d.,_]*")
_MODULAR = re.compile(r"[  ]?\(?mod")
_VARIABLES = frozenset("xmqydT")
_FUNCTIONS = frozenset(("sqrt", "exp"))


def holds_figures(code: str, after: str = "") -> bool:
    """The span is a sum or product of plain figures with what it comes to, or one with a unit.

    `15 + 8 = 23 ms` and `0.5 %` are figures, set as code for their look; a variable, a function
    other than root and exponential, an operator of a programming language, figures in base two
    and congruences make it none. `after` is what follows the span.
    """
    if len(code) > LONGEST or not any(c.isdigit() for c in code):
        return False
    if not _CHARACTERS.match(code) or _CODE.search(code) or _MODULAR.match(after):
        return False
    if not all(_is_known(code, word) for word in _LETTERS.finditer(code)):
        return False
    if _ALONE.match(code):
        return True
    if not (_EQUATION.search(code) and _OPERATOR.search(code)):
        return False
    numbers = _NUMBER.findall(code)
    return not all(set(n) <= {"0", "1"} for n in numbers) or not any(
        _BASE_TWO.match(n) for n in numbers
    )


def _is_known(code: str, word: re.Match[str]) -> bool:
    """A unit after a figure, or a function of arithmetic before its bracket."""
    if word[0] in _FUNCTIONS:
        return code.startswith("(", word.end())
    before = code[max(0, word.start() - 2) : word.start()]
    follows = re.search(r"\d[  ]?\Z|[\w$€£%]/\Z|\)[  ]\Z", before) is not None
    known = word[0] in UNITS or word[0] in ("K", "k", "M", "B")
    return follows and known and word[0] not in _VARIABLES
