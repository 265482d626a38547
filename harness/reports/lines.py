"""Pieces of text with their looks in, a line for a terminal or a file out."""

from collections.abc import Iterable

import click

from harness.model.values import dataclass

_TAB = 8


@dataclass(frozen=True, slots=True)
class Look:
    """How a piece of text looks on a terminal."""

    colour: str | None = None
    is_bold: bool = False
    is_dim: bool = False


PLAIN = Look()
DIM = Look(is_dim=True)
BLUE = Look("blue")
Piece = tuple[str, Look]


def line(*pieces: Piece | str) -> tuple[Piece, ...]:
    """A line of pieces; text alone is plain."""
    return tuple((piece, PLAIN) if isinstance(piece, str) else piece for piece in pieces)


def rendered(pieces: Iterable[Piece], *, is_coloured: bool) -> str:
    """The line; tabs become blanks up to the next eighth column, as a terminal shows them."""
    out: list[str] = []
    column = 0
    for text, look in pieces:
        wide = text
        if "\t" in text:
            wide = (" " * (column % _TAB) + text).expandtabs(_TAB)[column % _TAB :]
        column += len(wide)
        is_plain = not is_coloured or look == PLAIN or not wide
        out.append(wide if is_plain else _styled(wide, look))
    return "".join(out)


def _styled(text: str, look: Look) -> str:
    return click.style(text, fg=look.colour, bold=look.is_bold or None, dim=look.is_dim or None)
