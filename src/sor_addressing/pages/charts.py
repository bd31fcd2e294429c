"""Small charts as plain inline SVG: readable without colour, in colours that colour-blind people tell apart."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

# The colours of Okabe and Ito, darkened where text would stand on them. Lines also differ in their dashes.
COLOURS = ("#b34700", "#e69f00", "#56b4e9", "#009e73", "#cc79a7")
_DASHES = ("none", "6 3", "2 3", "8 3 2 3", "1 4")
_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 340, 180, 52, 12, 12, 26


class Bar(NamedTuple):
    """A row of a bar chart: whose it is, its counts in words, and its parts, one a colour."""

    who: str
    words: str
    parts: Sequence[int]


class Line(NamedTuple):
    """A line of a chart over days: its name, and a value for each day."""

    name: str
    values: Sequence[int]


def bars(rows: Sequence[Bar], whole: int = 0) -> str:
    """A list of bars, each as long as its share of ``whole`` or of the longest, its counts in words above it."""
    largest = whole or max((sum(row.parts) for row in rows), default=0)
    drawn = "".join(
        f'<li><span class="who">{escape(row.who)}</span> <span class="counts">{escape(row.words)}</span>'
        f"{_bar(row, largest)}</li>"
        for row in rows
    )
    return f'<ul class="bars">{drawn}</ul>' if rows else ""


def _bar(row: Bar, largest: int) -> str:
    parts = []
    begin = 0.0
    for colour, part in zip(COLOURS, row.parts, strict=False):
        width = 100 * part / largest if largest else 0
        if width:
            parts.append(f'<rect x="{begin:.2f}" y="0" width="{width:.2f}" height="8" fill="{colour}"/>')
            begin += width
    label = escape(f"{row.who}: {row.words}")
    return f'<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label="{label}">{"".join(parts)}</svg>'


def lines(days: Sequence[str], series: Sequence[Line], label: str) -> str:
    """Values from day to day, each line with its name at its end; nothing for fewer than two days."""
    if len(days) < 2:
        return ""
    largest = max(1, *(max(line.values, default=0) for line in series))
    step = (_WIDTH - _LEFT - _RIGHT) / (len(days) - 1)
    high = _HEIGHT - _TOP - _BOTTOM
    parts = [
        f'<line class="axis" x1="{_LEFT}" y1="{_TOP}" x2="{_LEFT}" y2="{_TOP + high}"/>',
        f'<line class="axis" x1="{_LEFT}" y1="{_TOP + high}" x2="{_WIDTH - _RIGHT}" y2="{_TOP + high}"/>',
        f'<text x="{_LEFT - 4}" y="{_TOP + 9}" text-anchor="end">{largest}</text>',
        f'<text x="{_LEFT - 4}" y="{_TOP + high}" text-anchor="end">0</text>',
        f'<text x="{_LEFT}" y="{_HEIGHT - 8}">{escape(days[0])}</text>',
        f'<text x="{_WIDTH - _RIGHT}" y="{_HEIGHT - 8}" text-anchor="end">{escape(days[-1])}</text>',
    ]
    for place, line in enumerate(series):
        points = [(_LEFT + step * at, _TOP + high * (1 - value / largest)) for at, value in enumerate(line.values)]
        drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        style = f'stroke="{COLOURS[place % len(COLOURS)]}" stroke-dasharray="{_DASHES[place % len(_DASHES)]}"'
        parts.append(f'<polyline points="{drawn}" fill="none" stroke-width="2" {style}/>')
    chart = f'<svg class="lines" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(label)}">{"".join(parts)}</svg>'
    return chart + _key(series)


def _key(series: Sequence[Line]) -> str:
    """Which line is what: beside the chart, where names can't run into one another."""
    keys = "".join(
        '<li><svg viewBox="0 0 32 16" aria-hidden="true"><line x1="0" y1="8" x2="32" y2="8" stroke-width="3" '
        f'stroke="{COLOURS[place % len(COLOURS)]}" stroke-dasharray="{_DASHES[place % len(_DASHES)]}"/></svg> '
        f"{escape(line.name)}: {line.values[-1]}</li>"
        for place, line in enumerate(series)
    )
    return f'<ul class="key">{keys}</ul>'
