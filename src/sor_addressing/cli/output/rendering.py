"""Lines, pairs and tables for people: with colour on a terminal, as plain text elsewhere. Nothing is ever cut off.

On a screen lines are broken between words, and go on below where they began; an identifier is never broken.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from sor_addressing.addressing.findings import Finding
from sor_addressing.addressing.severities import Severity
from sor_addressing.cli.output import terminal
from sor_addressing.texts import text_of

GOOD, BAD, WARNING, QUIET, LOUD, MADE_UP = "good", "bad", "warning", "quiet", "loud", "made-up"
SEVERITY_STYLES = {Severity.ERROR: BAD, Severity.WARNING: WARNING, Severity.INFO: "note"}

_ORDER = tuple(SEVERITY_STYLES)
_NARROWEST_TEXT = 24
_WORD = re.compile(r"\S+")


class Column(NamedTuple):
    """A column of a table; in one that ``flows`` lines may be broken, in the others (identifiers) never."""

    head: str
    flows: bool = False


class Cell(NamedTuple):
    """A text in a table, in a style."""

    text: str
    style: str = ""


Row = Sequence[str | Cell]


class Screen:
    """Standard output, in one language.

    Args:
        language: ``da`` or ``en``.
        console: where to write; standard output by default.
    """

    def __init__(self, language: str, console: Console | None = None) -> None:
        self.language = language
        self._console = console or terminal.console()
        terminal.colour(self._console)
        self.is_screen = terminal.is_screen(self._console)
        """Whether somebody looks at it, so that lines have no more room than the screen has."""

    def say(self, code: str, **values: object) -> str:
        """The command line's own words for ``code``."""
        return text_of("cli", code, self.language, values)

    def line(self, text: str = "", style: str = "") -> None:
        """One line, of any length."""
        self._write(Text(printable(text), style=style))

    def pairs(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Labels and values, aligned; pairs without a value are left out."""
        shown = [(printable(label), printable(value)) for label, value in pairs if value]
        width = max((cell_len(label) for label, _ in shown), default=0)
        for label, value in shown:
            self._write(Text.assemble("  ", (_padded(label, width), QUIET), "  ", value), indent=width + 4)

    def table(self, columns: Sequence[Column], rows: Iterable[Row]) -> None:
        """A table; where it doesn't fit the terminal, a block of lines a row."""
        cells = [[_cell(cell) for cell in row] for row in rows]
        if not self.is_screen:
            self._plain_table(columns, cells)
        elif self._fits(columns, cells):
            self._drawn_table(columns, cells)
        else:
            self._blocks(columns, cells)

    def findings(self, findings: Iterable[Finding]) -> None:
        """Findings with severity, title and text, the weightiest first."""
        found = sorted(findings, key=lambda finding: _ORDER.index(finding.severity))
        if not found:
            return
        rows = [
            (
                Cell(self.say("severity", severity=finding.severity), SEVERITY_STYLES[finding.severity]),
                Cell(finding.title(self.language), LOUD),
                finding.text(self.language),
            )
            for finding in found
        ]
        self.table((Column(""), Column(""), Column("", flows=True)), rows)

    def _write(self, text: Text, indent: int = 0) -> None:
        if self.is_screen:
            text = _broken(text, self._console.width, indent)
        self._console.print(text, soft_wrap=True)

    def _plain_table(self, columns: Sequence[Column], rows: list[list[Cell]]) -> None:
        heads = [column.head for column in columns]
        widths = [
            max(cell_len(text) for text in (head, *(row[at].text for row in rows))) for at, head in enumerate(heads)
        ]
        if any(heads):
            rows = [[Cell(head) for head in heads], [Cell("-" * width) for width in widths], *rows]
        for cells in rows:
            line = Text("  ")
            for cell, width in zip(cells, widths, strict=True):
                line.append(cell.text, cell.style)
                line.append(" " * (width - cell_len(cell.text) + 2))
            line.rstrip()
            self._write(line)

    def _fits(self, columns: Sequence[Column], rows: list[list[Cell]]) -> bool:
        needed = 1
        for at, column in enumerate(columns):
            width = max(cell_len(text) for text in (column.head, *(row[at].text for row in rows)))
            needed += 3 + (min(width, _NARROWEST_TEXT) if column.flows else width)
        return needed <= self._console.width

    def _drawn_table(self, columns: Sequence[Column], rows: list[list[Cell]]) -> None:
        table = Table(box=box.ROUNDED, show_header=any(column.head for column in columns), header_style=LOUD)
        for column in columns:
            table.add_column(column.head, no_wrap=not column.flows, overflow="fold")
        for row in rows:
            table.add_row(*(Text(cell.text, style=cell.style) for cell in row))
        self._console.print(table)

    def cards(self, cards: Iterable[Sequence[str | Cell]]) -> None:
        """A few lines for each of several, none longer than the screen is wide: the first is the heading, and blank lines are left out."""
        for card in cards:
            start = "- "
            for line in filter(lambda one: one.text, map(_cell, card)):
                text = Text.assemble(start, (line.text, line.style))
                text.truncate(self._console.width - 1, overflow="ellipsis")
                self._console.print(text, soft_wrap=True)
                start = "  "

    def _blocks(self, columns: Sequence[Column], rows: list[list[Cell]]) -> None:
        """A card a row: a heading, which is the first cell or all that have no head, and the other cells below it by their heads."""
        for number, row in enumerate(rows):
            if number:
                self._write(Text())
            cells = [(column, cell) for column, cell in zip(columns, row, strict=True) if cell.text]
            heading = [cell for column, cell in cells if not column.head and not column.flows]
            if heading:
                line = Text("  ").join(Text(cell.text, style=cell.style) for cell in heading)
                self._write(Text.assemble("  - ", line), indent=6)
                cells = [(column, cell) for column, cell in cells if cell not in heading]
            for at, (column, cell) in enumerate(cells):
                is_heading = at == 0 and not heading
                head = f"{column.head}: " if column.head and not (is_heading and column.flows) else ""
                style = cell.style or (LOUD if is_heading and not head else "")
                self._write(
                    Text.assemble("  - " if is_heading else "    ", (head, QUIET), (cell.text, style)), indent=6
                )


def printable(text: str) -> str:
    """Text without control characters, which could steer a terminal.

    >>> printable("a\\x1b[31mb")
    'a\N{REPLACEMENT CHARACTER}[31mb'
    """
    if text.isprintable():
        return text
    return "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(char) in ("Cc", "Cs") else char for char in text)


def _broken(text: Text, width: int, indent: int) -> Text:
    """Text in lines of at most ``width``, broken at spaces; the lines after the first begin at ``indent``.

    A word that is wider than a line stays where it is, and the terminal breaks it: what is copied from there is whole again.
    """
    plain = text.plain
    if cell_len(plain) <= width:
        return text
    if 2 * indent >= width:
        indent = min(6, width // 4)
    lines, begin, end, room = [], 0, 0, width
    for word in _WORD.finditer(plain):
        first, last = word.span()
        if end and cell_len(plain[begin:last]) > room and cell_len(word[0]) <= width - indent:
            lines.append(text[begin:end])
            begin, room = first, width - indent
        end = last
    lines.append(text[begin:end])
    return Text("\n" + " " * indent).join(lines)


def _cell(cell: str | Cell) -> Cell:
    return cell._replace(text=printable(cell.text)) if isinstance(cell, Cell) else Cell(printable(cell))


def _padded(text: str, width: int) -> str:
    return text + " " * (width - cell_len(text))
