"""A chart over days as plain inline SVG: lines with marks, a level, and days. Readable without colour: by dashes, marks and numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from html import escape
from typing import NamedTuple

from sor_addressing.pages.charts import COLOURS

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 640, 260, 60, 16, 22, 28
_DOT = 3
_APART = 14
"""Signs that would stand closer together are left out: what they stand for is told under the chart."""


class DatedLine(NamedTuple):
    """A line: what it is in words, a value for each of its days, how it is dashed, and whether its points are marked."""

    words: str
    points: Sequence[tuple[dt.date, float]]
    dash: str = "none"
    dots: bool = False


class DayMark(NamedTuple):
    """A day that is marked across the chart: the sign above it, and what it is in words."""

    sign: str
    day: dt.date
    words: str


class Level(NamedTuple):
    """A value that is marked along the chart, and what it is in words."""

    value: float
    words: str


def dated_chart(
    lines: Sequence[DatedLine], *, days: Sequence[DayMark] = (), level: Level | None = None, label: str
) -> str:
    """The chart, and under it what each line and mark is; days stand where they are in time, whatever lies between them."""
    shown = [day for line in lines for day, _ in line.points] + [one.day for one in days]
    if not shown:
        return ""
    place = _Places(
        min(shown),
        max(shown),
        max([1.0, level.value if level else 0.0, *(value for line in lines for _, value in line.points)]),
    )
    parts = [*_axes(place)]
    if level is not None:
        y = place.y(level.value)
        parts.append(
            f'<line x1="{_LEFT}" y1="{y:.1f}" x2="{_WIDTH - _RIGHT}" y2="{y:.1f}" stroke-dasharray="1 4" {_pen(3)}/>'
        )
    parts += _signs(days, place)
    for at, line in enumerate(lines):
        drawn = [(place.x(day), place.y(value)) for day, value in line.points]
        way = " ".join(f"{x:.1f},{y:.1f}" for x, y in drawn)
        parts.append(f'<polyline points="{way}" fill="none" stroke-dasharray="{line.dash}" {_pen(at)}/>')
        parts += [_dot(x, y, at) for x, y in drawn] if line.dots else []
    svg = f'<svg class="lines" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(label)}">{"".join(parts)}</svg>'
    return svg + _key(lines, days, level)


class _Places:
    """Where a day and a value are in the chart."""

    def __init__(self, first: dt.date, last: dt.date, largest: float) -> None:
        self.first, self.last, self.largest = first, last, largest
        self._span = max(1, (last - first).days)

    def x(self, day: dt.date) -> float:
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * (day - self.first).days / self._span

    def y(self, value: float) -> float:
        return _TOP + (_HEIGHT - _TOP - _BOTTOM) * (1 - value / self.largest)


def _axes(place: _Places) -> Sequence[str]:
    bottom = _HEIGHT - _BOTTOM
    axes = [
        f'<line class="axis" x1="{_LEFT}" y1="{_TOP}" x2="{_LEFT}" y2="{bottom}"/>',
        f'<line class="axis" x1="{_LEFT}" y1="{bottom}" x2="{_WIDTH - _RIGHT}" y2="{bottom}"/>',
        f'<text x="{_LEFT - 4}" y="{_TOP + 9}" text-anchor="end">{place.largest:.0f}</text>',
        f'<text x="{_LEFT - 4}" y="{bottom}" text-anchor="end">0</text>',
        f'<text x="{_LEFT}" y="{_HEIGHT - 8}">{place.first.isoformat()}</text>',
    ]
    if place.last > place.first:
        axes.append(f'<text x="{_WIDTH - _RIGHT}" y="{_HEIGHT - 8}" text-anchor="end">{place.last.isoformat()}</text>')
    return axes


def _pen(at: int) -> str:
    return f'stroke="{COLOURS[at % len(COLOURS)]}" stroke-width="2"'


def _dot(x: float, y: float, at: int) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{_DOT}" fill="{COLOURS[at % len(COLOURS)]}"/>'


def _signs(days: Sequence[DayMark], place: _Places) -> Iterator[str]:
    """A line for each day, and above it the signs of all that is on it."""
    signs: dict[dt.date, list[str]] = {}
    for one in days:
        signs.setdefault(one.day, []).append(one.sign)
    taken: list[float] = []
    for day, above in signs.items():
        x = place.x(day)
        yield f'<line x1="{x:.1f}" y1="{_TOP}" x2="{x:.1f}" y2="{_HEIGHT - _BOTTOM}" stroke-dasharray="4 4" {_pen(4)}/>'
        if all(abs(x - other) >= _APART for other in taken):
            taken.append(x)
            yield f'<text x="{x:.1f}" y="{_TOP - 6}" text-anchor="middle">{escape(" ".join(above))}</text>'


def _key(lines: Sequence[DatedLine], days: Sequence[DayMark], level: Level | None) -> str:
    """What each line and mark is: beside the chart, where names can't run into one another."""
    told = [
        (f'stroke-dasharray="{line.dash}" {_pen(at)}', _dot(16, 8, at) if line.dots else "", line.words)
        for at, line in enumerate(lines)
    ]
    if level is not None:
        told.append((f'stroke-dasharray="1 4" {_pen(3)}', "", level.words))
    keys = [
        f'<li><svg viewBox="0 0 32 16" aria-hidden="true"><line x1="0" y1="8" x2="32" y2="8" {style}/>{mark}</svg> {escape(words)}</li>'
        for style, mark, words in told
    ]
    keys += [f"<li><strong>{escape(one.sign)}</strong> {escape(one.words)}</li>" for one in days]
    return f'<ul class="key">{"".join(keys)}</ul>'
