"""Document in, its code blocks and the Rust snippets among them out."""

from collections.abc import Sequence

from harness.document import columns, fences, headings
from harness.document.code import Code
from harness.document.escapes import unescaped
from harness.document.frontmatter import front_matter_lines
from harness.document.markdown import normalised, read_markdown
from harness.model.source import Block, Document, Snippet, SourceLine
from harness.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Contents:
    """What a document holds: all its code blocks, whatever their language, and its headings."""

    blocks: tuple[Block, ...]
    headings: tuple[tuple[str, int], ...]
    """Plain text and line of each; a line counts in the text after includes."""


def extract(document: Document, source: Sequence[SourceLine] | None = None) -> tuple[Snippet, ...]:
    """All Rust snippets of a document in order: what rustdoc tests, and what is meant to be Rust.

    `source` is the text after includes (see `includes.expand`); by default the document's own
    lines. Two calls with equal values give equal snippets.
    """
    return snippets_of(document, contents(document, source))


def contents(document: Document, source: Sequence[SourceLine] | None = None) -> Contents:
    """The code blocks and headings of a document, front matter left aside."""
    if source is None:
        lines = normalised(document.text).split("\n")
    else:
        lines = [line.text for line in source]
    if lines and not lines[-1]:
        lines.pop()
    found = read_markdown(lines, front_matter_lines(lines))

    def whole(number: int) -> SourceLine:
        if source is None:
            return SourceLine(lines[number], document.path, number + 1)
        return source[number]

    plain = {heading: headings.plain(heading[0]) for heading in found.headings}
    blocks: list[Block] = []
    for code in found.codes:
        opening, last = whole(code.first), whole(code.end - 1)
        rows = (columns.within(whole(row.line), row.at, row.spaces) for row in code.rows)
        comment_line = whole(code.comment_line).line if code.comment_line >= 0 else 0
        blocks.append(_block(code, opening, last, tuple(rows), plain, comment_line))
    return Contents(
        tuple(blocks), tuple((plain[heading], heading[1] + 1) for heading in found.headings)
    )


def snippets_of(document: Document, held: Contents) -> tuple[Snippet, ...]:
    """The blocks that are Rust or meant to be, with the ids that they have in the document."""
    slugs = headings.Slugs(held.headings)
    snippets: list[Snippet] = []
    numbers: dict[str, int] = {}
    for block in held.blocks:
        attributes = fences.read_info(unescaped(block.info))
        if not attributes.is_rust_meant:
            continue
        slug = slugs.at(block.heading_line)
        numbers[slug] = numbers.get(slug, 0) + 1
        mapped = [columns.tested(line) for line in block.lines]
        snippets.append(
            Snippet(
                id=f"{document.id}/{slug}-{numbers[slug]}",
                path=block.path,
                line=block.line,
                column=block.column,
                info=block.info,
                attributes=attributes,
                lines=tuple(line for line, _ in mapped),
                hidden=tuple(is_hidden for _, is_hidden in mapped),
                heading=block.heading,
                ordinal=len(snippets) + 1,
                comment=block.comment,
                is_closed=block.is_closed,
                comment_line=block.comment_line,
                end_line=block.end_line,
                included_from=block.included_from,
            )
        )
    return tuple(snippets)


def _block(
    code: Code,
    opening: SourceLine,
    last: SourceLine,
    lines: tuple[SourceLine, ...],
    plain: dict[tuple[str, int], str],
    comment_line: int,
) -> Block:
    return Block(
        line=opening.line,
        column=opening.column(code.at + 1),
        info=code.info,
        is_fenced=code.is_fenced,
        is_closed=code.is_closed,
        lines=lines,
        heading=plain.get(code.heading, ""),
        heading_line=code.heading[1] + 1,
        comment=code.comment,
        path=opening.path,
        comment_line=comment_line,
        end_line=last.line if last.path == opening.path else opening.line,
        included_from=opening.included_from,
    )
