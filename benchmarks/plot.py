"""Named ranges in, a bar chart as SVG out."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_LEFT, _WIDTH, _ROW = 330, 420, 22


@dataclass(frozen=True, slots=True)
class Bar:
    """One measured quantity: its median, and the smallest and largest of the repeats."""

    name: str
    low: float
    middle: float
    high: float


def chart(title: str, unit: str, bars: Sequence[Bar]) -> str:
    """Bars from zero to each median, with a line from the smallest to the largest."""
    most = max((bar.high for bar in bars), default=1.0) or 1.0
    height = _ROW * (len(bars) + 3)

    def at(value: float) -> float:
        return _LEFT + value / most * _WIDTH

    out = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{_LEFT + _WIDTH + 90}" '
            f'height="{height}" font-family="sans-serif" font-size="12">'
        ),
        f'<rect width="100%" height="100%" fill="white"/><text x="8" y="18">{escape(title)}</text>',
    ]
    for row, bar in enumerate(bars):
        top = _ROW * (row + 1) + 8
        middle = top + _ROW / 2 - 2
        out += [
            f'<text x="{_LEFT - 8}" y="{middle + 4}" text-anchor="end">{escape(bar.name)}</text>',
            (
                f'<rect x="{_LEFT}" y="{top}" width="{at(bar.middle) - _LEFT:.1f}" '
                f'height="{_ROW - 6}" fill="#4878a8"/>'
            ),
            (
                f'<line x1="{at(bar.low):.1f}" x2="{at(bar.high):.1f}" y1="{middle}" y2="{middle}" '
                'stroke="black"/>'
            ),
            f'<text x="{at(bar.high) + 6:.1f}" y="{middle + 4}">{bar.middle:.1f}</text>',
        ]
    out.append(f'<text x="{_LEFT}" y="{height - 8}">{escape(unit)}</text></svg>')
    return "\n".join(out) + "\n"
