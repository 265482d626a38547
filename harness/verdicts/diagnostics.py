"""rustc's JSON messages and a program's panics in, diagnostics at the document's places out.

Only the JSON's codes, levels and spans decide anything; the compiler's English is carried
along as text for a person.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from harness.model.unit import Unit
from harness.model.verdict import Diagnostic, Position
from harness.verdicts.foreign_places import portable

Span = Mapping[str, Any]

_SHOWN_LEVELS = ("error", "warning")
_IDENTIFIER = re.compile(r"(?:r#)?[^\W\d]\w*\Z")


def read_messages(stderr: bytes, unit: Unit, unit_file: str) -> tuple[Diagnostic, ...]:
    """The errors and warnings of one rustc call, in the compiler's order, each once.

    `unit_file` is the file name that rustc was given for the unit's text.
    A message without any place comes out at the snippet's fence; the compiler's own summary
    lines ("aborting due to …") are left out, since they are no finding.
    """
    found: dict[Diagnostic, None] = {}
    for message in parse_lines(stderr):
        if message.get("level") in _SHOWN_LEVELS and not is_summary(message):
            found[_diagnostic(message, unit, unit_file)] = None
    return tuple(found)


def has_internal_error(stderr: bytes) -> bool:
    """Whether the compiler reported a failure of its own."""
    return any(
        str(message.get("level", "")).startswith("error: internal")
        for message in parse_lines(stderr)
    )


def parse_lines(stderr: bytes) -> Iterator[Mapping[str, Any]]:
    """The compiler's messages, one a line; lines of another sort are left out."""
    for line in stderr.split(b"\n"):
        if line.startswith(b"{"):
            try:
                message = json.loads(line)
            except ValueError:
                continue
            if isinstance(message, dict) and "message" in message:
                yield message


def is_summary(message: Mapping[str, Any]) -> bool:
    """An error or warning without code, place and children only counts the others.

    rustc's own summary ends the stream; a real error that has no place at all still has a
    child, a code, or stands alone, and then `judge` finds a rejected unit without errors and
    says so.
    """
    return not message.get("spans") and not message.get("code") and not message.get("children")


def _diagnostic(message: Mapping[str, Any], unit: Unit, unit_file: str) -> Diagnostic:
    spans: list[Span] = list(message.get("spans") or ())
    place, in_context, span = _place(spans, unit, unit_file)
    code = message.get("code") or {}
    marked = _marked(span)
    return Diagnostic(
        level=str(message["level"]),
        code=code.get("code"),
        text=str(message["message"]),
        position=place,
        labels=tuple(_labels(message, spans, unit_file)),
        source=_source_line(span),
        marked=marked,
        path_before=_path_before(span),
        in_context=in_context,
        macros=tuple(_macros(spans)),
        is_macro_name=not code and _is_macro_name(span, marked),
    )


def _labels(message: Mapping[str, Any], spans: list[Span], unit_file: str) -> Iterator[str]:
    """What is said at the marked place, then elsewhere in the unit, then the notes and helps."""
    for span in sorted(spans, key=lambda span: not span.get("is_primary")):
        if span.get("label") and (span.get("is_primary") or _is_in_unit([span], unit_file)):
            yield str(span["label"])
    for child in message.get("children") or ():
        yield f"{child.get('level', 'note')}: {child.get('message', '')}"


def _place(spans: list[Span], unit: Unit, unit_file: str) -> tuple[Position, bool, Span | None]:
    """The best place: in the snippet before in its context, primary before secondary.

    A span inside a macro of another crate leads outwards through `expansion` to the call.
    """
    ordered = sorted(spans, key=lambda span: not span.get("is_primary"))
    in_context: tuple[Position, Span] | None = None
    for span in ordered:
        for outer in _outwards(span):
            mapped = map_span(outer, unit, unit_file)
            if mapped is None:
                continue
            position, source = mapped
            if source == 0:
                return position, False, outer
            in_context = in_context or (position, outer)
            break
    if in_context is not None:
        return in_context[0], True, in_context[1]
    nowhere = bool(spans)
    return unit.fence, nowhere and _is_in_unit(ordered, unit_file), None


def _is_in_unit(spans: Iterable[Span], unit_file: str) -> bool:
    return any(outer.get("file_name") == unit_file for span in spans for outer in _outwards(span))


def _outwards(span: Span) -> Iterator[Span]:
    current: Span | None = span
    while current is not None:
        yield current
        expansion = current.get("expansion")
        current = expansion.get("span") if expansion else None


def map_span(span: Span, unit: Unit, unit_file: str) -> tuple[Position, int] | None:
    """The place of a span of the unit's file, and which source it is in; None if in neither."""
    if span.get("file_name") != unit_file:
        return None
    start = map_point(unit, int(span["line_start"]), int(span["column_start"]))
    if start is None:
        return None
    end = map_point(unit, int(span["line_end"]), int(span["column_end"]))
    position, source = start
    if end is None or end[1] != source or end[0].path != position.path:
        return position, source
    return (
        Position(
            position.path,
            position.line,
            position.column,
            end[0].line,
            end[0].column,
            position.included_at,
        ),
        source,
    )


def map_point(unit: Unit, line: int, column: int) -> tuple[Position, int] | None:
    """The place in a document of a line and column of the unit's text; None for nobody's text."""
    if not 1 <= line <= len(unit.origins):
        return None
    origin = unit.origins[line - 1]
    if origin is None:
        return None
    source = unit.sources[origin.source][origin.line]
    found = source.column(max(1, column + origin.shift))
    included = source.included_from
    at = f"{included[0]}:{included[1]}" if included else None
    return Position(source.path, source.line, found, source.line, found, at), origin.source


def _macros(spans: Iterable[Span]) -> Iterator[str]:
    primary = next((span for span in spans if span.get("is_primary")), None)
    expansion = primary.get("expansion") if primary else None
    while expansion:
        yield str(expansion.get("macro_decl_name", ""))
        expansion = (expansion.get("span") or {}).get("expansion")


def _marked(span: Span | None) -> str:
    if span is None or not span.get("text") or span["line_start"] != span["line_end"]:
        return ""
    line = span["text"][0]
    return str(line["text"])[line["highlight_start"] - 1 : line["highlight_end"] - 1]


_PATH_END = re.compile(r"((?:\w+\s*::\s*)+)(?:\{[^{}]*)?\Z")


def _path_before(span: Span | None) -> str:
    if span is None or not span.get("text"):
        return ""
    line = span["text"][0]
    found = _PATH_END.search(str(line["text"])[: line["highlight_start"] - 1])
    return "".join(found[1].split()).removesuffix("::") if found else ""


def _source_line(span: Span | None) -> str:
    if span is None or not span.get("text"):
        return ""
    return str(span["text"][0]["text"])


def _is_macro_name(span: Span | None, marked: str) -> bool:
    """Rustc gives no code to an unknown macro, attribute or derive: look at the text marked."""
    if span is None or not marked or not _IDENTIFIER.match(marked):
        return False
    line = span["text"][0]
    before = str(line["text"])[: line["highlight_start"] - 1].rstrip()
    after = str(line["text"])[line["highlight_end"] - 1 :].lstrip()
    if after.startswith("!") and not after.startswith("!="):
        return True
    is_attribute = re.search(r"#!?\[\s*(?:[\w:]+\s*::\s*)?\Z", before)
    is_derive = re.search(r"#!?\[\s*derive\s*\([^)]*\Z", before)
    return bool(is_attribute or is_derive)


_PANIC = re.compile(
    r"^(?:\n)?thread '(?P<thread>[^\n]*?)' (?:\(\d+\) )?panicked at "
    r"(?P<file>[^\n]*?):(?P<line>\d+):(?P<column>\d+):\n(?P<text>[^\n]*)",
    re.MULTILINE,
)


def read_panics(stderr: str, unit: Unit, unit_file: str) -> tuple[Diagnostic, ...]:
    """The panics that a program reported, each at its place in the document.

    std's report of a panic has had this form since 1.73; a text that a program forges can
    only add a diagnostic, since the exit status decides.
    A panic inside std or another crate, for which no place of the snippet is known, comes out
    at the snippet's fence and names the place in its labels.
    """
    found = []
    for match in _PANIC.finditer(stderr):
        where = f"{portable(match['file'])}:{match['line']}:{match['column']}"
        mapped = _map_shown(unit, match) if match["file"] == unit_file else None
        position = unit.fence if mapped is None else mapped[0]
        found.append(
            Diagnostic(
                level="panic",
                code=None,
                text=match["text"],
                position=position,
                labels=() if mapped else (f"the panic is raised at {where}",),
                in_context=mapped is not None and mapped[1] != 0,
            )
        )
    return tuple(found)


def _map_shown(unit: Unit, match: re.Match[str]) -> tuple[Position, int] | None:
    """As `map_point`, for a column as a running program tells it.

    std counts it in cells of a terminal, a tab as four of them.
    """
    lines = unit.text.split("\n")
    number = int(match["line"])
    text = lines[number - 1] if 1 <= number <= len(lines) else ""
    cells, column = 1, 1
    for character in text:
        if cells >= int(match["column"]):
            break
        cells += _cells(character)
        column += 1
    return map_point(unit, number, column)


def _cells(character: str) -> int:
    if character == "\t":
        return 4
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def name_document(text: str, unit: Unit, unit_file: str) -> str:
    """A program's output with every place of the unit's file replaced by the document's place."""

    def replaced(match: re.Match[str]) -> str:
        mapped = _map_shown(unit, match)
        if mapped is None:
            return f"{unit.fence.path}:{unit.fence.line}"
        position = mapped[0]
        return f"{position.path}:{position.line}:{position.column}"

    pattern = re.compile(re.escape(unit_file) + r":(?P<line>\d+):(?P<column>\d+)")
    return pattern.sub(replaced, text)
