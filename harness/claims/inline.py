"""Raw inline Markdown in, plain text out, with the way back to the raw characters.

Code, links' targets, addresses, HTML, mathematics and footnote marks become one `OBJECT`. A code
span that holds figures is prose, between two backticks, and so is mathematics without variables.
"""

# ruff: noqa: RUF001

import re

from harness.claims.figures import holds_figures

OBJECT = "\ufffc"
"""Stands where something that is not prose was taken out."""

_SPECIAL = re.compile(r"[`<\[*_\\&$]|://|www\.|@|\.[a-z]{1,4}\b")
_TICKS = re.compile(r"(?<!\\)`+")
_ENTITIES = {
    "nbsp": " ",
    "lt": "<",
    "gt": ">",
    "amp": "&",
    "times": "×",
    "minus": "−",
    "le": "≤",
    "ge": "≥",
    "#8208": "-",
    "#8209": "-",
    "#8211": "–",
    "ndash": "–",
    "mdash": "—",
    "#160": " ",
    "#43": "+",
}
_FILE = r"""
      |(?<![\w.])[\w.~-]*+(?:/[\w.~-]++)++\.[a-z]{1,4}(?::\d++(?:[:-]\d++)*+)?(?![\w/])
      |(?<![\w.-])(?![A-Z][a-z]+\.js(?![\w./-]))[\w-]++\.(?:rs|toml|md|txt|py|c|h|cpp|js|ts|json|yml|yaml|sh|lock|html|so|go)
        (?::\d++(?:[:-]\d++)*+)?(?![\w/])
"""
_HAS_FILE = re.compile(r"\.(?:[a-z]{1,4})\b")
_MARKUP_TEXT = r"""
    (?P<raised><su[bp]>)
    |(?P<object>
      <!--(?:[^-]|-(?!->))*+-->|</?[A-Za-z][^<>]*+>|<[a-z][a-z0-9+.-]{1,31}:[^<>\s]*+>
      |https?://[^\s<>)\]]++|www\.[^\s<>)\]]++
      |\$\$[^$]++\$\$|\$(?=[^\s$])[^$\n]*?[\\^_{}][^$\n]*?\$(?!\d)|\\\([^\n()]*+\\\)
      |\[\^[^\]\s]++\]
      FILE
    )
    |(?P<target>\]\((?:[^()\s]|\([^()\s]*+\))*+(?:\s++"[^"]*+")?\s*+\)|\]\[[^\[\]]*+\])
    |(?P<entity>&(?:\#\d{1,7}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)
    |(?P<escape>\\(?=[!-/:-@\[-`{-~]))
    |(?P<gone>~~|(?<!\\)(?:
        (?<!\d)\*{2,}+|\*{2,}+(?!-?\d)
        |(?!(?<=\))\*[\d(])(?:\*(?=[^\s*])(?<![\w*]\*)|\*(?<=[^\s*]\*)(?![\w*]))
        |(?<!\w)_++(?=[^\s_])|(?<=[^\s_])_++(?!\w))
      |!?\[(?!\d{1,6}\][(\[])(?=[^\]]*+\][(\[]))
    """
_MARKUP = re.compile(_MARKUP_TEXT.replace("FILE", ""), re.VERBOSE)
_MARKUP_AND_FILES = re.compile(_MARKUP_TEXT.replace("FILE", _FILE), re.VERBOSE)
_MATH = re.compile(
    r"(?<![\w$\\])\$(?=[-−(\w])([-+−*/=<>≤≥≈×·÷().,!:\w ]{2,80})(?<=[\w)!])\$(?![\w$])"
)
_OPERATOR = re.compile(r"[-+−*/=<>≤≥≈×·÷]")
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]{2}|_")
_NUMBERED = re.compile(r"\[\d{1,6}\]\Z")
"""A link whose text is a number keeps its brackets: it mostly names what it leads to."""
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]+\.[\w.-]+")

Cuts = tuple[tuple[int, int], ...]
"""Pairs (position in the plain text, position in the raw text), ascending; between two pairs
the characters run in step."""


def plain(raw: str) -> tuple[str, Cuts]:
    """The prose of raw inline text, and where each part of it came from."""
    if not _SPECIAL.search(raw):
        return raw, ((0, 0),)
    masked, figures = _without_code(raw)
    pieces: list[str] = []
    cuts: list[tuple[int, int]] = [(0, 0)]
    length, last = 0, 0
    if "@" in masked:
        masked = _MAIL.sub(lambda match: OBJECT * len(match[0]), masked)
    pattern = _MARKUP_AND_FILES if _HAS_FILE.search(masked) else _MARKUP
    found = [(*match.span(), _instead(match)) for match in pattern.finditer(masked)]
    if masked.count("$") > 1:
        figures, variables = _with_math(masked, figures)
        found = _without(found, variables) + [(*span, OBJECT) for span in variables]
        found.sort()
    if figures:
        found = _with_figures(found, figures)
    for start, end, instead in found:
        kept = masked[last:start] + instead
        pieces.append(kept)
        length += len(kept)
        cuts.append((length, end))
        last = end
    pieces.append(masked[last:])
    return "".join(pieces), tuple(cuts)


Span = tuple[int, int]
Replacement = tuple[int, int, str]


def _with_figures(found: list[Replacement], figures: list[tuple[Span, Span]]) -> list[Replacement]:
    """The marks of code spans with figures, each as one backtick, among the other marks.

    What other marks would take out of such a span, or around it, stays.
    """
    kept = _without(found, [outer for outer, _ in figures])
    for outer, inner in figures:
        kept += [(outer[0], inner[0], "`"), (inner[1], outer[1], "`")]
    return sorted(kept)


def _without(found: list[Replacement], spans: list[Span]) -> list[Replacement]:
    """The replacements that touch none of the spans."""
    return [
        each for each in found if not any(each[0] < end and each[1] > start for start, end in spans)
    ]


def _with_math(
    text: str, figures: list[tuple[Span, Span]]
) -> tuple[list[tuple[Span, Span]], list[Span]]:
    """The spans with figures, and those between dollars that hold mathematics with variables.

    `$24*64 = 1536$` is figures, `$n = 4$` is not; in "$5 + tax, or 6$" there are words, and the
    dollars are money.
    """
    math: list[tuple[Span, Span]] = []
    variables: list[Span] = []
    for match in _MATH.finditer(text):
        if not _OPERATOR.search(match[1]) or _WORD.search(match[1]):
            continue
        if _LETTER.search(match[1]):
            variables.append(match.span())
        elif not any(outer[0] < match.end() and outer[1] > match.start() for outer, _ in figures):
            math.append((match.span(), match.span(1)))
    return sorted(figures + math), variables


def _instead(match: re.Match[str]) -> str:
    """What stands in the prose for a piece of markup."""
    if match.lastgroup == "raised":
        return "_" if match[0] == "<sub>" else "^"
    if match.lastgroup == "target" and _NUMBERED.search(match.string, 0, match.start() + 1):
        return "]"
    if match.lastgroup == "object":
        return OBJECT
    if match.lastgroup == "entity":
        return _ENTITIES.get(match[0][1:-1], OBJECT)
    return ""


def _without_code(raw: str) -> tuple[str, list[tuple[Span, Span]]]:
    """Raw text with code spans replaced by as many `OBJECT`s, and those that hold figures.

    A run of backticks is closed by the next run of the same length, as CommonMark has it; the
    runs are looked up by length, so that unclosed ones cost nothing.
    """
    if "`" not in raw:
        return raw, []
    runs = [match.span() for match in _TICKS.finditer(raw)]
    later: dict[int, list[int]] = {}
    for index in range(len(runs) - 1, -1, -1):
        later.setdefault(runs[index][1] - runs[index][0], []).append(index)
    pieces: list[str] = []
    figures: list[tuple[Span, Span]] = []
    index, last = 0, 0
    while index < len(runs):
        start, end = runs[index]
        same = later[end - start]
        while same and same[-1] <= index:
            same.pop()
        if not same:
            index += 1
            continue
        inner, closing = (end, runs[same[-1]][0]), same[-1]
        pieces.append(raw[last:start])
        last = runs[closing][1]
        if holds_figures(raw[slice(*inner)], raw[last : last + 8]):
            figures.append(((start, last), inner))
            pieces.append(raw[start:last])
        else:
            pieces.append(OBJECT * (last - start))
        index = closing + 1
    pieces.append(raw[last:])
    return "".join(pieces), figures
