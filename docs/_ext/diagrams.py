"""Pictures from a text: boxes and arrows as SVG in the page, drawn here, so that a build needs no program and no network.

A line makes a box or an arrow; boxes lie in layers, in the order in which they are written::

    hospital [own]: Grævlingelund Sygehus | 5790999000024
    ward: Hjerteafdelingen
    hospital -> ward: inherits
"""

from __future__ import annotations

import math
import re
from html import escape

import attrs
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

_EDGE = re.compile(r"(\w+) -> (\w+)(?: *: *(.+))?")
_BOX = re.compile(r"(\w+)(?: \[(\w+)\])? *: *(.+)")
_LETTER, _LINE, _PADDING = 8, 18, 12
_BETWEEN, _BETWEEN_LAYERS, _MARGIN = 24, 48, 2.0

# Told apart by the line around a box too, not by colour alone.
_STYLES = {
    "": "stroke:currentColor",
    "own": "stroke:#0a7d55;stroke-width:3",
    "inherited": "stroke:#2a6fb8;stroke-width:2;stroke-dasharray:7 4",
    "closed": "stroke:#b3541e;stroke-width:2;stroke-dasharray:2 3",
    "quiet": "stroke:currentColor;stroke-opacity:.35",
}


@attrs.define
class Box:
    """A box, with its place once it has one: the middle of it."""

    lines: list[str]
    style: str
    x: float = 0
    y: float = 0

    @property
    def width(self) -> float:
        return max(map(len, self.lines)) * _LETTER + 2 * _PADDING

    @property
    def height(self) -> float:
        return len(self.lines) * _LINE + _PADDING


@attrs.frozen
class Arrow:
    """From one box to another, perhaps with a word beside it."""

    start: str
    end: str
    word: str


class Drawing:
    """The boxes and arrows of a text, laid out."""

    def __init__(self, text: str, *, sideways: bool) -> None:
        self.boxes: dict[str, Box] = {}
        self.arrows: list[Arrow] = []
        self.sideways = sideways
        for line in filter(None, map(str.strip, text.splitlines())):
            if found := _EDGE.fullmatch(line):
                self.arrows.append(Arrow(found[1], found[2], found[3] or ""))
            elif (found := _BOX.fullmatch(line)) and (found[2] or "") in _STYLES:
                self.boxes[found[1]] = Box([part.strip() for part in found[3].split("|")], found[2] or "")
            else:
                raise ValueError(f"a diagram can't read the line {line!r}")
        if unknown := {end for arrow in self.arrows for end in (arrow.start, arrow.end)} - self.boxes.keys():
            raise ValueError(f"a diagram has arrows to boxes that it doesn't have: {', '.join(sorted(unknown))}")
        self.width, self.height = self._place()

    def _layers(self) -> list[list[Box]]:
        depth = dict.fromkeys(self.boxes, 0)
        for _ in self.boxes:  # as many turns as there are boxes is enough for the longest way, and ends a circle too
            for arrow in self.arrows:
                depth[arrow.end] = max(depth[arrow.end], min(depth[arrow.start] + 1, len(self.boxes) - 1))
        found: list[list[Box]] = [[] for _ in range(max(depth.values()) + 1)]
        for name, box in self.boxes.items():
            found[depth[name]].append(box)
        return [layer for layer in found if layer]

    def _place(self) -> tuple[float, float]:
        words = max((len(arrow.word) * _LETTER for arrow in self.arrows), default=0)
        between_layers = max(_BETWEEN_LAYERS, words + 20) if self.sideways else _BETWEEN_LAYERS
        at, middles = _MARGIN, dict[int, float]()
        for layer in self._layers():
            deep = max(box.width if self.sideways else box.height for box in layer)
            self._spread(layer, middles)
            for box in layer:
                middle, place = middles[id(box)], at + deep / 2
                box.x, box.y = (place, middle) if self.sideways else (middle, place)
            at += deep + between_layers
        boxes = self.boxes.values()
        left = min(box.x - box.width / 2 for box in boxes) - _MARGIN
        top = min(box.y - box.height / 2 for box in boxes) - _MARGIN
        for box in boxes:
            box.x, box.y = box.x - left, box.y - top
        return max(box.x + box.width / 2 for box in boxes) + _MARGIN, max(
            box.y + box.height / 2 for box in boxes
        ) + _MARGIN

    def _spread(self, layer: list[Box], middles: dict[int, float]) -> None:
        """Put the boxes of a layer side by side, as near as they can come to what points at them."""
        wanted = {}
        for box in layer:
            above = [self.boxes[arrow.start] for arrow in self.arrows if self.boxes[arrow.end] is box]
            known = [middles[id(one)] for one in above if id(one) in middles]
            wanted[id(box)] = sum(known) / len(known) if known else 0
        layer.sort(key=lambda box: wanted[id(box)])
        end = -math.inf
        for box in layer:
            half = (box.height if self.sideways else box.width) / 2
            middles[id(box)] = max(wanted[id(box)], end + _BETWEEN + half)
            end = middles[id(box)] + half
        aside = sum(wanted[id(box)] - middles[id(box)] for box in layer) / len(layer)
        for box in layer:
            middles[id(box)] += aside

    def _arrow(self, arrow: Arrow) -> list[str]:
        start, end = self.boxes[arrow.start], self.boxes[arrow.end]
        if self.sideways:
            x1, y1, x2, y2 = start.x + start.width / 2, start.y, end.x - end.width / 2, end.y
        else:
            x1, y1, x2, y2 = start.x, start.y + start.height / 2, end.x, end.y - end.height / 2
        drawn = [
            f'<line x1="{x1:.0f}" y1="{y1:.0f}" x2="{x2:.0f}" y2="{y2:.0f}" stroke="currentColor" marker-end="url(#arrow)"/>'
        ]
        if arrow.word:
            anchor, dx, dy = ("middle", 0, -6) if self.sideways else ("start", 8, 4)
            drawn.append(
                f'<text x="{(x1 + x2) / 2 + dx:.0f}" y="{(y1 + y2) / 2 + dy:.0f}" text-anchor="{anchor}" font-style="italic">'
                f"{escape(arrow.word)}</text>"
            )
        return drawn

    def _box(self, box: Box) -> list[str]:
        left, top = box.x - box.width / 2, box.y - box.height / 2
        shape = f'x="{left:.0f}" y="{top:.0f}" width="{box.width:.0f}" height="{box.height:.0f}" rx="5" fill="none"'
        drawn = [f'<rect {shape} style="{_STYLES[box.style]}"/>']
        for number, line in enumerate(box.lines):
            weight = ' font-weight="600"' if number == 0 else ""
            y = top + _PADDING / 2 + (number + 0.72) * _LINE
            drawn.append(f'<text x="{box.x:.0f}" y="{y:.0f}" text-anchor="middle"{weight}>{escape(line)}</text>')
        return drawn

    def svg(self, title: str) -> str:
        """The picture, with ``title`` for those who can't see it."""
        room = 0 if self.sideways else max((len(arrow.word) * _LETTER for arrow in self.arrows), default=0) / 2
        size = f"0 0 {self.width + room:.0f} {self.height:.0f}"
        shapes = [part for arrow in self.arrows for part in self._arrow(arrow)]
        shapes += [part for box in self.boxes.values() for part in self._box(box)]
        head = (
            '<marker id="arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto">'
        )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{size}" role="img" aria-label="{escape(title)}" '
            f'style="max-width:{self.width + room:.0f}px;width:100%;height:auto;font:13px system-ui,sans-serif" fill="currentColor">'
            f'<title>{escape(title)}</title><defs>{head}<path d="M0 0L10 5L0 10z"/></marker></defs>{"".join(shapes)}</svg>'
        )


class Diagram(SphinxDirective):
    """A picture of the boxes and arrows in the content; the argument says in words what it shows."""

    required_arguments, final_argument_whitespace, has_content = 1, True, True
    option_spec = {"sideways": directives.flag}  # noqa: RUF012 (docutils' way to say it)

    def run(self) -> list[nodes.Node]:
        title = " ".join(self.arguments[0].split())
        try:
            drawing = Drawing("\n".join(self.content), sideways="sideways" in self.options)
        except ValueError as error:
            raise self.error(str(error)) from error
        picture = nodes.raw("", drawing.svg(title), format="html")
        figure = nodes.figure("", picture, nodes.caption("", title))
        return [figure]
