"""What a cell is: how one is read, and how one is written, in every table and text of this library."""

from __future__ import annotations

__all__ = ["plain_cell", "without_control_characters"]

_CONTROL = dict.fromkeys((*range(32), *range(127, 160)), " ")


def plain_cell(cell: str) -> str:
    """The stripped ``cell`` without the form that keeps a spreadsheet from changing digits.

    >>> plain_cell('="0099"'), plain_cell("0099")
    ('0099', '0099')
    """
    if len(cell) >= 7 and cell.startswith('"=""') and cell.endswith('"""'):
        cell = cell[1:-1].replace('""', '"')
    if len(cell) >= 3 and cell.startswith('="') and cell.endswith('"'):
        return cell[2:-1].replace('""', '"').strip()
    return cell


def without_control_characters(text: str) -> str:
    """``text`` with a space for each control character; XML lets through line breaks, tabs and those above ASCII."""
    return text.translate(_CONTROL).strip()
