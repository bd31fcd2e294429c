"""What keeps a cell from doing anything: no spreadsheet takes it for a formula, and no file is broken by what stands in it."""

from __future__ import annotations

import re

LONGEST_IN_SHEET = 32_767
"""A cell of a workbook holds no more characters."""

# Spreadsheets pass over blanks in front, and some take the signs of East Asian keyboards for the common ones.
_SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20"
_UNSEEN = "\\s\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u2060\ufeff"
_RISKY = re.compile(f"[\t\r\n]|[{_UNSEEN}]*[{_SIGNS}]")
_ERROR_WORD = re.compile(r"#(?:N/A|NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|GETTING_DATA|SPILL!|CALC!)", re.IGNORECASE)
_CONTROLS = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127), " ")
_SURROGATE = re.compile("[\ud800-\udfff]")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class _Formula(str):
    """A cell that is a formula on purpose."""

    __slots__ = ()


def is_risky(text: str) -> bool:
    """Whether a spreadsheet may take a text for a formula.

    >>> is_risky("=1+1"), is_risky(" -1"), is_risky("1-1")
    (True, True, False)
    """
    return not text[:1].isalnum() and _RISKY.match(text) is not None and not isinstance(text, _Formula)


def harmless(text: str) -> str:
    """``text`` so that no spreadsheet takes it for a formula: with an apostrophe in front where one might.

    >>> harmless("=HYPERLINK(1)"), harmless("Hjerteafdelingen")
    ("'=HYPERLINK(1)", 'Hjerteafdelingen')
    """
    return f"'{text}" if is_risky(text) else text


def identifier_cell(identifier: str) -> str:
    """An identifier as spreadsheets keep it: no zero in front is lost, and no digit at the end. It is a formula on purpose.

    >>> identifier_cell("0042"), harmless(identifier_cell("0042"))
    ('="0042"', '="0042"')
    """
    return _Formula('="' + identifier.replace('"', '""') + '"')


def writable(text: str) -> str:
    r"""``text`` as any program can read it: a space for each control character but tabs and line breaks, an escape for what is no Unicode.

    Names of files can be none; a name with such a byte reads ``\udcff``.
    """
    if text.isprintable():
        return text
    clean = text.translate(_CONTROLS)
    if _SURROGATE.search(clean):
        clean = clean.encode("utf-8", "backslashreplace").decode()
    return _Formula(clean) if isinstance(text, _Formula) else clean


def sheet_text(text: str) -> str:
    """``text`` as a cell of a workbook can hold it, which is XML: not longer, and without what XML has no place for."""
    if not text.isprintable():
        text = _NOT_IN_XML.sub(" ", writable(text))
    return text if len(text) <= LONGEST_IN_SHEET else text[: LONGEST_IN_SHEET - 1] + "…"


def is_typed(text: str) -> bool:
    """Whether a workbook has to be told that ``text`` is a text, for it looks like a formula or an error."""
    return is_risky(text) or (text[:1] == "#" and _ERROR_WORD.match(text) is not None)
