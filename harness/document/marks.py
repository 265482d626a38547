"""Line of a document and a place in it in, which kind of Markdown block begins there out."""

import re

from harness.document.cursor import BLANK, RULE

_LABEL = r"(?>\\[!-/:-@\[-`{-~]|[^\[\]])*+"
HEADING = re.compile(r"(#{1,6})(?=[ \t\x0b\x0c]|\Z)")
UNDERLINE = re.compile(r"(?:=+|-+)[ \t\x0b\x0c]*\Z")
FENCE = re.compile(r"`{3,}+(?=[^`]*\Z)|~{3,}+")
_FOOTNOTE = re.compile(rf"\[\^({_LABEL})\]:[ \t\x0b\x0c]*")
_ITEM = re.compile(r"(?:[-+*]|([0-9]{1,9})[.)])(?=[ \t]|\Z)")
_WHITE = r"[ \t\x0b\x0c]*"
_BREAK = rf"(?:{_WHITE}\n{_WHITE}|[ \t\x0b\x0c]+)"
_TITLE = r"(?:\"(?:\\.|[^\"\\])*+\"|'(?:\\.|[^'\\])*+'|\((?:\\.|[^()\\])*+\))"
_REFERENCE = re.compile(
    rf"\[({_LABEL})\]:{_BREAK}?(<(?:\\.|[^<>\n])*+>|(?!<)[^\x00-\x20]+)"
    rf"(?:{_BREAK}{_TITLE}{_WHITE}(?=\n|\Z)|{_WHITE}(?=\n|\Z))",
    re.DOTALL,
)
_OPEN_REFERENCE = re.compile(rf"\[{_LABEL}(?:\]:{_WHITE})?\Z")
_MOST_PARENTHESES = 6

_TABLE_HEAD = re.compile(r" {0,3}([:|-][ :|-]*)\Z")
_PIPE = re.compile(r"(?<!\\)\|")

_ENDED_HTML = (
    (re.compile(r"<pre(?=[ \t\x0b\x0c>]|\Z)", re.IGNORECASE), "</pre>"),
    (re.compile(r"<style(?=[ \t\x0b\x0c>]|\Z)", re.IGNORECASE), "</style>"),
    (re.compile(r"<script(?=[ \t\x0b\x0c>]|\Z)", re.IGNORECASE), "</script>"),
    (re.compile(r"<textarea(?=[ \t\x0b\x0c>]|\Z)", re.IGNORECASE), "</textarea>"),
    (re.compile(r"<!--"), "-->"),
    (re.compile(r"<\?"), "?>"),
    (re.compile(r"<!\[CDATA\["), "]]>"),
    (re.compile(r"<![A-Za-z]"), ">"),
)
# The elements that CommonMark 0.31, section 4.6, names for its sixth kind of HTML block.
_ELEMENTS = (
    "address article aside base basefont blockquote body caption center col colgroup dd details "
    "dialog dir div dl dt fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 "
    "head header hr html iframe legend li link main menu menuitem nav noframes ol optgroup option "
    "p param search section summary table tbody td tfoot th thead title tr track ul"
)
_ELEMENT = re.compile(rf"</?(?:{'|'.join(_ELEMENTS.split())})(?=[ \t>]|/>|\Z)", re.IGNORECASE)
_VALUE = r"(?:\"[^\"]*\"|'[^']*'|[^ \"'=<>`]+)"
_TAG = re.compile(
    rf"<(?:[A-Za-z][A-Za-z0-9-]*+(?:[ \t\x0b\x0c]+[A-Za-z_:][A-Za-z0-9_.:-]*+"
    rf"(?:{_WHITE}={_WHITE}{_VALUE})?)*+{_WHITE}/?|/[A-Za-z][A-Za-z0-9-]*+{_WHITE})>{_WHITE}\Z"
)


def html_end(text: str, at: int) -> str | None:
    """What ends the HTML block that begins here: a text, "" for a blank line, None for no block."""
    end = _ended_html(text, at)
    if end is not None:
        return end
    return "" if _ELEMENT.match(text, at) or _TAG.match(text, at) else None


def _ended_html(text: str, at: int) -> str | None:
    return next((end for begin, end in _ENDED_HTML if begin.match(text, at)), None)


def footnote_end(text: str, at: int) -> int:
    """The place after the mark of a footnote definition, `[^label]:`; 0 where none begins."""
    match = _FOOTNOTE.match(text, at)
    return match.end() if match and match.group(1).strip() else 0


def reference_lines(text: str) -> int:
    """The lines of the link reference definition that a paragraph's text begins with; else 0.

    Its label, address and title may each stand on lines of their own.
    """
    match = _REFERENCE.match(text)
    if match is None or not match.group(1).strip() or re.search(r"\n\s*\n", match.group(1)):
        return 0
    if not match.group(2).startswith("<") and not _is_balanced(match.group(2)):
        return 0
    return match.group().count("\n") + 1


def needs_more(text: str, after: str) -> bool:
    """Whether a definition that begins in this line may go on in the line after it."""
    if _OPEN_REFERENCE.match(text):
        return True
    if after.lstrip("> \t").startswith(("'", '"', "(")):
        return True
    return "]:" in text and reference_lines(text) == 0


def _is_balanced(address: str) -> bool:
    depth = 0
    for mark in re.findall(r"\\[!-/:-@\[-`{-~]|[()]", address):
        depth += {"(": 1, ")": -1}.get(mark, 0)
        if not 0 <= depth <= _MOST_PARENTHESES:
            return False
    return depth == 0


def table_columns(text: str) -> int:
    """The columns of a table's delimiter row, `|---|---|`; 0 where it is none."""
    match = _TABLE_HEAD.match(text)
    if match is None:
        return 0
    row = match.group(1)
    if "|" not in row or "-" not in row:
        return 0
    cells = row.removeprefix("|").split("|")
    if any("-" not in cell for cell in cells[:-1]):
        return 0
    return len(cells) - 1 + bool(cells[-1].strip(" "))


def header_columns(text: str, at: int) -> int:
    """The columns of a table's header row from here on; 0 where it has no pipe."""
    pipes = [match.start() for match in _PIPE.finditer(text, at)]
    if not pipes:
        return 0
    count = len(pipes) - (text[at] == "|")
    return count if BLANK.match(text, pipes[-1] + 1) else count + 1


def interrupts(text: str, at: int, is_inside: bool, is_table: bool) -> bool:
    """Whether what stands here ends a paragraph, or a table, above it.

    `is_inside`: the line continues every open container. An empty item, or one that counts
    from other than 1, ends a table, or a paragraph outside, but not a paragraph inside.
    """
    if at >= len(text):
        return True
    first = text[at]
    if first.isalpha():
        return False
    if first == ">" or RULE.match(text, at):
        return True
    if first == "#":
        return HEADING.match(text, at) is not None
    if first in "`~":
        return FENCE.match(text, at) is not None
    if first == "<":
        return _ended_html(text, at) is not None or _ELEMENT.match(text, at) is not None
    if first == "[":
        return footnote_end(text, at) > 0
    item = _ITEM.match(text, at)
    if item is None:
        return False
    if is_table or not is_inside:
        return True
    return int(item.group(1) or 1) == 1 and not BLANK.match(text, item.end())
