"""Small charts as plain inline SVG: readable without colour, colours that colour-blind people tell apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from sor_addressing.addressing.severities import Severity

# The colours of Okabe and Ito. Lines also differ in their dashes and marks.
COLOURS = {Severity.ERROR: "#b34700", Severity.WARNING: "#e69f00", Severity.INFO: "#56b4e9"}
_DASHES = {Severity.ERROR: "none", Severity.WARNING: "6 3", Severity.INFO: "2 3"}
_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 340, 180, 52, 12, 12, 26
_LINE_HEIGHT = 13


def bar(weights: Mapping[Severity, int], largest: int, label: str) -> str:
    """A bar of counts by severity, as long as its share of the largest; ``label`` is what it says to those who don't see it."""
    parts = []
    begin = 0.0
    for severity in Severity:
        width = 100 * weights.get(severity, 0) / largest if largest else 0
        if width:
            colour = COLOURS[severity]
            parts.append(f'<rect x="{begin:.2f}" y="0" width="{width:.2f}" height="8" fill="{colour}"/>')
            begin += width
    return (
        f'<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label="{escape(label)}">'
        f"{''.join(parts)}</svg>"
    )


def lines(
    days: Sequence[str], series: Mapping[Severity, Sequence[int]], names: Mapping[Severity, str], label: str
) -> str:
    """Counts by severity from day to day, each line with its name at its end; nothing for fewer than two days."""
    if len(days) < 2:
        return ""
    largest = max(1, *(max(counts) for counts in series.values()))
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
    for severity, counts in series.items():
        points = [(_LEFT + step * at, _TOP + high * (1 - count / largest)) for at, count in enumerate(counts)]
        drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(
            f'<polyline points="{drawn}" fill="none" stroke="{COLOURS[severity]}" stroke-width="2" '
            f'stroke-dasharray="{_DASHES[severity]}"/>'
        )
    ends = {severity: _TOP + high * (1 - counts[-1] / largest) - 4 for severity, counts in series.items()}
    for severity, y in _apart(ends).items():
        parts.append(f'<text x="{_WIDTH - _RIGHT - 4}" y="{y:.1f}" text-anchor="end">{escape(names[severity])}</text>')
    return f'<svg class="lines" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(label)}">{"".join(parts)}</svg>'


def _apart(wanted: Mapping[Severity, float]) -> dict[Severity, float]:
    """Heights of the names beside the ends of lines, moved down where two would stand on each other."""
    placed: dict[Severity, float] = {}
    free = float(_TOP)
    for severity in sorted(wanted, key=wanted.__getitem__):
        placed[severity] = max(wanted[severity], free)
        free = placed[severity] + _LINE_HEIGHT
    return placed
