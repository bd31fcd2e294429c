"""Address books as Excel workbooks: the first sheet read as entries, and written again with some cells changed, all else as it was.

What is numbers in a sheet has lost its zeros already, and of a SOR code its last digit; that is told of the entries as it is of a CSV file.
"""

from __future__ import annotations

import hashlib
import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

from sor_addressing.cells import json_text, plain_cell, sheet_text
from sor_addressing.changes.book.columns import columns_of
from sor_addressing.changes.book.entries import MOST_ENTRIES, Book, BookEntry, BookFormat, entry_of
from sor_addressing.errors import AddressBookError
from sor_addressing.extracts.tables.text import cleaned

if TYPE_CHECKING:
    from lxml.etree import _Element

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_WORKBOOK, _RELATIONS, _SHARED = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml"
_CALCULATED, _CONTENTS = "xl/calcChain.xml", "[Content_Types].xml"
_NAMES_CALCULATED = re.compile(rb"<(?:Override|Relationship)\b[^<>]*calcChain\.xml[^<>]*/>")
_MOST_BYTES = 512 * 1024 * 1024
_MOST_COLUMNS = 16_384
_PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_DECIMAL = re.compile(r"-?\d{1,15}\.\d{1,15}")
_WHOLE_NUMBER = re.compile(r"-?\d{1,15}")


_DAMAGED = (zipfile.BadZipFile, zlib.error, OSError, ValueError, KeyError, RuntimeError, NotImplementedError, EOFError)
"""What the archive of a damaged workbook raises."""


class _Sheet(NamedTuple):
    """A sheet: its member of the archive, its tree, and the texts that its cells name by number."""

    member: str
    root: _Element
    shared: list[str]

    def rows(self) -> Iterator[tuple[int, _Element]]:
        """The rows that stand in the file, with their numbers."""
        number = 0
        for row in self.root.iterfind(f"{_MAIN}sheetData/{_MAIN}row"):
            given = row.get("r", "")
            number = int(given) if given.isdigit() and len(given) < 8 else number + 1
            yield number, row

    def cells(self, row: _Element) -> dict[int, _Element]:
        """The cells of a row by column, the first of which is 0."""
        found: dict[int, _Element] = {}
        at = -1
        for cell in row.iterfind(f"{_MAIN}c"):
            place = _PLACE.fullmatch(cell.get("r", ""))
            at = _column(place[1]) if place else at + 1
            if at < _MOST_COLUMNS:
                found[at] = cell
        return found

    def value(self, cell: _Element) -> str | int | float | None:
        """What stands in a cell."""
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return "".join(one.text or "" for one in cell.iter(f"{_MAIN}t"))
        text = cell.findtext(f"{_MAIN}v")
        if not text:  # written by a program that doesn't calculate
            return _constant(cell.findtext(f"{_MAIN}f") or "")
        if kind == "e":
            return None
        if kind == "s":
            return self.shared[int(text)] if text.isdigit() and int(text) < len(self.shared) else None
        return text if kind != "n" else _number(text)

    def text(self, cell: _Element) -> str:
        """What stands in a cell, as text; whole numbers as their digits."""
        value = self.value(cell)
        return "" if value is None else cleaned(str(value))


def is_workbook(path: Path) -> bool:
    """Whether the archive at ``path`` is a workbook."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _WORKBOOK in archive.namelist()
    except AddressBookError:
        raise
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError):
        return False


def read_sheet(path: Path, named: Mapping[str, str], *, by_name: bool = False) -> Book:
    """The book in the first sheet of the workbook at ``path`` that isn't hidden; arguments as for a CSV file.

    Raises:
        AddressBookError: it can't be read, or its columns can't be told.
    """
    file = str(path)
    data = path.read_bytes()
    sheet = _opened(data, file)
    header: list[str] = []
    columns: dict[str, int] = {}
    header_line = 0
    entries: list[BookEntry] = []
    for line, row in sheet.rows():
        texts = {at: text for at, cell in sheet.cells(row).items() if (text := sheet.text(cell))}
        if not texts:
            continue
        if not header_line:
            header = [texts.get(at, "") for at in range(max(texts) + 1)]
            columns = columns_of(header, named, file=file, line=line, by_name=by_name)
            header_line = line
            continue
        if len(entries) == MOST_ENTRIES:
            raise AddressBookError(f"more than {MOST_ENTRIES:,} entries in one book", file=file, line=line)
        values = {field: texts.get(at, "") for field, at in columns.items()}
        entries.append(entry_of(values, line, file))
    if not header_line:
        raise AddressBookError("the file is empty", file=file)
    return Book(
        file=file,
        format=BookFormat.WORKBOOK,
        columns={field: header[at] for field, at in columns.items()},
        entries=tuple(entries),
        digest=hashlib.sha256(data).hexdigest(),
        header_line=header_line,
    )


def rewritten_sheet(
    book: Book,
    data: bytes,
    dropped: Collection[str],
    added: Sequence[str],
    rewrite: Callable[[int, Callable[[str], str]], Mapping[str, object] | None],
) -> bytes:
    """The workbook again. ``rewrite`` is given the line of each row and what gives its cells as JSON, by header, and answers the cells that change.

    Columns ``dropped`` are emptied, new ones ``added`` come after the last that anything stands in, header or not. Other sheets, formats
    and formulas stay as they are.
    """
    sheet = _opened(data, book.file or "")
    formulas = _formulas(sheet)
    places: dict[str, int] = {}
    end = 1 + max(
        (at for _, row in sheet.rows() for at, cell in sheet.cells(row).items() if sheet.text(cell)), default=0
    )
    for line, row in sheet.rows():
        cells = sheet.cells(row)
        if line < book.header_line or not cells:
            continue
        if line == book.header_line:
            heads = {at: sheet.text(cell) for at, cell in cells.items()}
            places = {head: at for at, head in sorted(heads.items(), reverse=True) if head}
            for name in added:
                if name not in places:
                    places[name], end = end, end + 1
                _put(row, cells, places[name], line, name)
            for name in dropped:
                if name not in added and name in places:
                    _put(row, cells, places[name], line, None)
            continue

        made = rewrite(line, partial(_json_in, sheet, cells, places))
        if made is None:
            continue
        for name in dropped:
            if name not in made and name in places:
                _put(row, cells, places[name], line, None)
        for name, value in made.items():
            if name in places:
                _put(row, cells, places[name], line, value)
    for stale in sheet.root.findall(f"{_MAIN}dimension"):
        sheet.root.remove(stale)
    _without_orphans(sheet)
    out = io.BytesIO()
    try:
        _pack(out, data, sheet, formulas_went=_formulas(sheet) < formulas)
    except _DAMAGED:
        pass
    else:
        return out.getvalue()
    raise _unreadable(book.file or "")


def _without_orphans(sheet: _Sheet) -> None:
    """Cells that share the formula of one that has none any more keep their values alone; a sheet that names it is damaged."""
    shared = [one for one in sheet.root.iter(f"{_MAIN}f") if one.get("t") == "shared"]
    there = {one.get("si") for one in shared if one.text}
    for one in shared:
        cell = one.getparent()
        if cell is not None and one.get("si") not in there:
            cell.remove(one)


def _formulas(sheet: _Sheet) -> int:
    return sum(1 for _ in sheet.root.iter(f"{_MAIN}f"))


def _json_in(sheet: _Sheet, cells: Mapping[int, _Element], places: Mapping[str, int], name: str) -> str:
    """What stands below a header, as JSON; nothing where the cell is blank."""
    cell = cells.get(places.get(name, -1))
    value = None if cell is None else sheet.value(cell)
    return "" if value is None else json_text(value)


def _put(row: _Element, cells: dict[int, _Element], at: int, line: int, value: object) -> None:
    """Let a cell hold a text, a number, or nothing; it keeps its style."""
    cell = cells.get(at)
    if value is None or value == "":
        if cell is not None:
            _empty(cell)
        return
    if cell is None:
        cell = row.makeelement(f"{_MAIN}c", {"r": f"{_letters(at)}{line}"})
        before = sum(1 for one in cells if one < at)
        row.insert(before, cell)
        cells[at] = cell
        row.attrib.pop("spans", None)
    _empty(cell)
    if isinstance(value, (int, float)):
        number = cell.makeelement(f"{_MAIN}v")
        number.text = str(value)
        cell.append(number)
        return
    cell.set("t", "inlineStr")
    inside = cell.makeelement(f"{_MAIN}is")
    text = inside.makeelement(f"{_MAIN}t", {"{http://www.w3.org/XML/1998/namespace}space": "preserve"})
    text.text = sheet_text(str(value))
    inside.append(text)
    cell.append(inside)


def _empty(cell: _Element) -> None:
    for inside in list(cell):
        cell.remove(inside)
    cell.attrib.pop("t", None)


def _opened(data: bytes, file: str) -> _Sheet:
    """The first sheet of a workbook that people see.

    Raises:
        AddressBookError: the archive or what is in it can't be read.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if sum(one.file_size for one in archive.infolist()) > _MOST_BYTES:
                raise AddressBookError("the workbook is larger than any address book; give the right one", file=file)
            workbook = _tree(archive, _WORKBOOK, file)
            targets = {one.get("Id"): one.get("Target", "") for one in _tree(archive, _RELATIONS, file)}
            shown = [one for one in workbook.iter(f"{_MAIN}sheet") if one.get("state", "visible") == "visible"]
            target = targets.get(shown[0].get(_REL), "") if shown else ""
            member = posixpath.normpath(posixpath.join("xl", target)).lstrip("/")
            if target and member in names:
                shared = list(_tree(archive, _SHARED, file)) if _SHARED in names else []
                texts = ["".join(one.text or "" for one in item.iter(f"{_MAIN}t")) for item in shared]
                return _Sheet(member, _tree(archive, member, file), texts)
    except AddressBookError:
        raise
    except _DAMAGED:
        pass
    raise _unreadable(file)


def _unreadable(file: str) -> AddressBookError:
    reason = "the workbook can't be read; open it, save it again as xlsx or as CSV, UTF-8, and give that"
    return AddressBookError(reason, file=file)


def _tree(archive: zipfile.ZipFile, member: str, file: str) -> _Element:
    from sor_addressing.safe_xml.parsing import XmlFault, tree_of
    from sor_addressing.safe_xml.prolog import as_one_byte, prolog_of

    with archive.open(member) as packed:
        data = packed.read(_MOST_BYTES + 1)
    root = None if len(data) > _MOST_BYTES or prolog_of(as_one_byte(data)).is_doctype else tree_of(data, "utf-8")
    if root is None or isinstance(root, XmlFault):
        raise AddressBookError(f"the workbook holds a part that is no XML as workbooks have it ({member})", file=file)
    return root


def _pack(target: IO[bytes], data: bytes, sheet: _Sheet, *, formulas_went: bool) -> None:
    """Write the workbook with its sheet as it is now to an open file."""
    from lxml import etree

    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.infolist():
            if one.filename == sheet.member:
                part = etree.tostring(sheet.root, xml_declaration=True, encoding="UTF-8", standalone=True)
            elif one.filename == _CALCULATED and formulas_went:
                continue  # it names cells that are no formulas any more; who opens the workbook makes it anew
            else:
                part = old.read(one)
                if formulas_went and one.filename in (_CONTENTS, _RELATIONS):
                    part = _NAMES_CALCULATED.sub(b"", part)
            new.writestr(one, part, compress_type=one.compress_type)


def _constant(formula: str) -> str | None:
    """The text of a formula that is nothing but one, as ``"000099"``."""
    written = f"={formula}"
    text = plain_cell(written)
    return None if text == written else text


def _number(text: str) -> str | int | float:
    """A number as sheets write it, such as ``5.790999000017E12``: a whole one as its digits."""
    if _WHOLE_NUMBER.fullmatch(text):
        return int(text)
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    if value.is_finite() and abs(value) < 10**18 and value == value.to_integral_value():
        return int(value)
    return float(text) if _DECIMAL.fullmatch(text) else text


def _column(letters: str) -> int:
    """The place of a column, 0 for A."""
    at = 0
    for letter in letters:
        at = at * 26 + ord(letter) - 64
    return at - 1


def _letters(at: int) -> str:
    """What sheets call a column.

    >>> _letters(0), _letters(27), _column("AB")
    ('A', 'AB', 27)
    """
    text = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        text = chr(65 + rest) + text
    return text
