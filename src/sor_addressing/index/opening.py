"""An index in a file, mapped into memory by every process that asks; :mod:`sor_addressing.index.saving` writes it.

The file is a fixed preamble, a header of text lines, and sections: the columns as they are, and heaps. Nothing in it is code, and
nothing in it is trusted: the header has a checksum, verified when the file is opened, as is that the sections lie in the file and are as
long as they should be; each column has a checksum of its own, and each 64 KiB block of a heap, verified when first touched.
A file that was damaged raises; it never answers wrongly. Opening reads the header and nothing else, so that processes share one copy of
everything they do not touch.

Layout, all numbers little-endian::

    8 bytes   magic "SORADDR" and a zero
    4 bytes   layout version
    4 bytes   length of the header
    4 bytes   CRC-32 of the header
    header    UTF-8 lines: "key value" of the register, then "section name typecode offset size crc"
    sections  each begins at a multiple of 8; offsets count from the end of the header
"""

from __future__ import annotations

import datetime as dt
import mmap
import os
import sys
import zlib
from collections.abc import Callable
from typing import NamedTuple, NoReturn

from sor_addressing.errors import SnapshotError
from sor_addressing.field_names import REGISTERS
from sor_addressing.index.columns import EQUALLY_LONG, RECORD_ORDER, TYPECODES, Column, Columns
from sor_addressing.index.lookup import Index
from sor_addressing.index.standing import StandingFile, Stretch
from sor_addressing.texts import counted

MAGIC = b"SORADDR\x00"
LAYOUT = 5
"""To be counted up with every change of what a column means; which columns there are is checked besides."""

_LONGEST_COUNT = 18

PREAMBLE = 20
ALIGNMENT = 8
BLOCK = 65_536
BYTES = "B"
HEAPS = ("set_entry", "records", "texts")
"""Sections of which an answer takes a small slice: verified block by block, not as a whole."""

REPORT = "report"
KEPT = "kept."
"""In front of the names of sections that a floor above keeps in the file, each with checksums of its blocks beside it."""

PACKED = "packed"
"""The fact in the header that says what stands where in the packed records."""

CHECKSUMS = "_crc"
MOST_HEADER = 1 << 20

ITEM_SIZES = {"B": 1, "i": 4, "I": 4, "q": 8, "Q": 8}
"""Bytes of one value of each type code, on every machine that Python is built for."""

SECTIONS: dict[str, str] = {
    **TYPECODES,
    "records": BYTES,
    "texts": BYTES,
    **{f"{heap}_crc": "I" for heap in HEAPS},
    REPORT: BYTES,
}
"""Name of each section to its type code, in the order of the file."""


class Section(NamedTuple):
    """Where a section lies in the file, and what its bytes add up to."""

    name: str
    typecode: str
    offset: int
    size: int
    crc: int

    @property
    def end(self) -> int:
        """Where the next section begins."""
        return self.offset + aligned(self.size)


class Header(NamedTuple):
    """What the header says: facts of the register by name, and the sections."""

    facts: dict[str, str]
    sections: dict[str, Section]
    standing: StandingFile


class Heap:
    """A heap in the file, asked for slices only; the blocks of a slice are verified before it is handed out."""

    __slots__ = ("_checksums", "_file", "_items", "_name", "_standing", "_verified", "_view")

    def __init__(self, view: memoryview, checksums: Column, *, name: str, file: str, standing: StandingFile) -> None:
        self._view = view
        self._standing = standing
        self._items = BLOCK // view.itemsize
        self._checksums = checksums
        self._verified = bytearray(len(checksums))
        self._name = name
        self._file = file

    def __len__(self) -> int:
        return len(self._view)

    def __getitem__(self, part: slice) -> memoryview:
        start, stop, _ = part.indices(len(self._view))
        verified, items = self._verified, self._items
        first, last = start // items, (stop - 1) // items
        if first != last or not verified[first]:
            for block in range(first, last + 1):
                if not verified[block]:
                    self._verify(block)
        return self._view[start:stop]

    def _verify(self, block: int) -> None:
        self._standing.check()
        if zlib.crc32(self._view[block * self._items : (block + 1) * self._items]) != self._checksums[block]:
            raise _damaged(self._file, f"block {block} of {self._name}")
        self._verified[block] = 1


class MappedColumns(Columns):
    """Columns of a mapped file; each is verified and viewed when it is first asked for."""

    __slots__ = ("_at_once", "_map", "_path", "_sections", "_standing", "_waiting")
    _map: mmap.mmap
    _path: str
    _sections: dict[str, Section]
    _standing: StandingFile

    def __init__(self, mapped: mmap.mmap, header: Header, path: str) -> None:
        self._map = mapped
        self._sections = header.sections
        self._standing = header.standing
        self._path = path
        self._waiting: list[str] = []
        self._at_once = False

    def __getattr__(self, name: str) -> object:
        # Asked only for what is not there yet.
        if name not in _ATTRIBUTES:
            raise AttributeError(name)
        value: object
        if name in HEAPS:
            value = Heap(
                self._view(name), self._verified(f"{name}_crc"), name=name, file=self._path, standing=self._standing
            )
        else:
            value = self._verified(name)
        if name in _ASKED_FIRST and not self._at_once:
            self._waiting.append(name)
        elif name not in HEAPS:
            self.check_from_now()
            self._check(name)
        setattr(self, name, value)
        return value

    def check_from_now(self) -> None:
        """Check what was touched by one question, which would cost a new process more than that itself, and all else when it is touched.

        Raises:
            SnapshotError: the file was forged.
        """
        self._at_once = True
        while self._waiting:
            name = self._waiting[-1]
            self._check(name)
            self._waiting.pop()

    def _check(self, name: str) -> None:
        from sor_addressing.index.making.sound import BESIDE, is_sound

        lengths = {one.name: one.size // ITEM_SIZES.get(one.typecode, 1) for one in self._sections.values()}
        needed = BESIDE.get(name, ())
        if not is_sound(name, self._view(name), lengths, {one: getattr(self, one) for one in needed}):
            raise _damaged(self._path, f"{name} holds what can't be")

    def doubted(self, error: Exception) -> NoReturn:
        """For who met with something that no file of this library can bring about.

        Raises:
            SnapshotError: always.
        """
        self.check_from_now()
        raise _damaged(self._path, f"it can't be read: {type(error).__name__}") from error

    def kept(self, name: str) -> Heap | None:
        section = KEPT + name
        if section not in self._sections:
            return None
        checksums = self._verified(section + CHECKSUMS)
        return Heap(self._view(section), checksums, name=section, file=self._path, standing=self._standing)

    def report(self) -> bytes:
        """The load report as it was written."""
        return bytes(self._verified(REPORT))

    def _view(self, name: str) -> memoryview:
        _, typecode, offset, size, _ = self._sections[name]
        return memoryview(self._map)[offset : offset + size].cast(typecode)  # type: ignore[call-overload, no-any-return]  # one of ITEM_SIZES

    def _verified(self, name: str) -> memoryview:
        self._standing.check()
        view = self._view(name)
        if zlib.crc32(view) != self._sections[name].crc:
            raise _damaged(self._path, name)
        return view


_ATTRIBUTES = frozenset((*TYPECODES, "records", "texts"))

_QUESTION = """
    number_key number_owners number_start number_unit number_set location_number location_owner location_flags
    location_from location_to unit_flags unit_from unit_to unit_quiet_from unit_quiet_to unit_parent unit_location
    unit_location_state set_start type_text text_start odd_text sor_key sor_row provider_key provider_start provider_unit
    shak_key shak_start shak_unit ceased_key retired_key
"""
_ASKED_FIRST = frozenset(_QUESTION.split())
"""What answering one question touches; it is checked as soon as anything else is, or the answer meets with what can't be."""


def aligned(size: int) -> int:
    """``size`` rounded up to where a section can begin."""
    return -(-size // ALIGNMENT) * ALIGNMENT


def require_little_endian(path: str) -> None:
    """The columns lie in the file as they lie in memory, so machines of the other byte order are refused.

    Raises:
        SnapshotError: this is one.
    """
    if sys.byteorder != "little":
        raise SnapshotError(
            f"{path}: compiled registers are little-endian and this machine is not; load the extract instead"
        )


def open_compiled(path: str | os.PathLike[str]) -> tuple[Index, dict[str, str], Callable[[], bytes]]:
    """The index in a compiled file, the facts in its header, and a function that reads the load report.

    Raises:
        SnapshotError: there is no such file, it is none, it is damaged, or it has another layout.
    """
    file = os.fspath(path)
    mapped, header = _map(file)
    columns = MappedColumns(mapped, header, file)
    facts = header.facts
    try:
        registers = tuple(facts["registers"].split())
        if facts["has_message_types"] != str(int(bool(registers))) or not set(registers) <= set(REGISTERS):
            raise ValueError("registers")
        index = Index(
            columns,
            standing=header.standing,
            snapshot_date=dt.date.fromisoformat(facts["snapshot_date"]),
            registers=registers,
            has_directions=facts["has_directions"] == "1",
            not_known=frozenset(filter(None, facts["not_known"].split("; "))),
            registrations_day=dt.date.fromisoformat(facts["registrations_day"]),
        )
    except (KeyError, ValueError) as error:
        raise _damaged(file, f"header: {error}") from error
    return index, facts, columns.report


def count_among(facts: dict[str, str], name: str, path: str | os.PathLike[str]) -> int:
    """A count that a floor above had written among the facts of a compiled file; 0 where there is none.

    Raises:
        SnapshotError: what stands there is none.
    """
    written = facts.get(name, "0")
    if not (written.isascii() and written.isdigit() and len(written) <= _LONGEST_COUNT):
        raise _damaged(os.fspath(path), f"header: {name}")
    return int(written)


def verify_compiled(path: str | os.PathLike[str]) -> None:
    """Read a whole compiled file and verify every checksum in it; it is closed again when this returns.

    Raises:
        SnapshotError: it is damaged, or none.
    """
    file = os.fspath(path)
    mapped, header = _map(file)
    try:
        for section in header.sections.values():
            # Read, not mapped: a file that is cut off meanwhile would end the process.
            if not header.standing.has(Stretch(section.offset, section.size, section.crc)):
                raise _damaged(file, section.name)
    finally:
        _closed(mapped, header.standing)


def is_compiled(path: str | os.PathLike[str]) -> bool:
    """Whether there is a file at ``path`` that begins as a compiled register does."""
    if not os.path.isfile(path):  # noqa: PTH113 (as below)
        return False
    with open(path, "rb") as file:  # noqa: PTH123 (pathlib costs a new process more than opening the register)
        return file.read(len(MAGIC)) == MAGIC


def _map(file: str) -> tuple[mmap.mmap, Header]:
    require_little_endian(file)
    try:
        with open(file, "rb") as stream:  # noqa: PTH123 (as above)
            size = os.fstat(stream.fileno()).st_size
            if size < PREAMBLE:
                raise SnapshotError(f"{file}: {size} bytes are no compiled register; compile it from the extract")
            mapped = mmap.mmap(stream.fileno(), size, access=mmap.ACCESS_READ)
            descriptor = os.dup(stream.fileno())
    except (OSError, ValueError) as error:
        raise SnapshotError(f"{file}: can't be opened: {getattr(error, 'strerror', None) or error}") from error
    standing = StandingFile(file, descriptor, mapped)
    try:
        return mapped, _header(mapped, standing, file, size)
    except SnapshotError:
        _closed(mapped, standing)
        raise


def _closed(mapped: mmap.mmap, standing: StandingFile) -> None:
    mapped.close()
    standing.close()


def _header(mapped: mmap.mmap, standing: StandingFile, file: str, size: int) -> Header:
    layout, length, crc = (int.from_bytes(mapped[start : start + 4], "little") for start in (8, 12, 16))
    if mapped[: len(MAGIC)] != MAGIC:
        raise SnapshotError(f"{file}: not a compiled register; an extract is read with Register.load")
    if layout != LAYOUT:
        age = "an older" if layout < LAYOUT else "a newer"
        raise SnapshotError(
            f"{file}: was compiled by {age} version of the library (layout {layout}; this one reads {LAYOUT}); "
            "compile it again from the extract"
        )
    begins = PREAMBLE + length
    text = mapped[PREAMBLE:begins] if length <= MOST_HEADER else b""
    if len(text) != length or zlib.crc32(text) != crc:
        raise _damaged(file, "header")
    facts: dict[str, str] = {}
    sections: dict[str, Section] = {}
    try:
        for line in text.decode().split("\n"):
            key, _, value = line.partition(" ")
            if key == "section":
                section = _section(value, begins)
                if section.name in sections:
                    raise ValueError(f"two sections {section.name}")
                sections[section.name] = section
            elif key:
                facts[key] = value
    except ValueError as error:
        raise _damaged(file, f"header: {error}") from error
    _check_structure(sections, file, size)
    if facts.get(PACKED) != RECORD_ORDER:
        raise SnapshotError(
            f"{file}: was compiled by a version of the library that keeps the fields of a unit in another order; compile it again from the extract"
        )
    standing.watch(
        Stretch(0, begins, zlib.crc32(mapped[:begins])),
        [Stretch(section.offset, section.size, section.crc) for section in sections.values()],
    )
    return Header(facts, sections, standing)


def _section(line: str, begins: int) -> Section:
    name, typecode, *numbers = line.split(" ")
    if len(numbers) != 3 or not all(number.isascii() and number.isdigit() for number in numbers):
        raise ValueError(f"section {name}")
    offset, size, crc = map(int, numbers)
    return Section(name, typecode, begins + offset, size, crc)


def _check_structure(sections: dict[str, Section], file: str, size: int) -> None:
    """Every section is there, of its type, inside the file, and as long as those it stands beside."""
    missing = [name for name in SECTIONS if name not in sections]
    if missing:
        raise _damaged(file, f"no {', '.join(missing)}")
    for section in sections.values():
        if section.offset % ALIGNMENT or section.end > size:
            raise SnapshotError(f"{file}: the compiled register was cut off ({section.name}); compile it again")
        if section.typecode != SECTIONS.get(section.name, section.typecode):
            raise _damaged(file, f"type of {section.name}")
        if section.size % ITEM_SIZES.get(section.typecode, 1):
            raise _damaged(file, f"size of {section.name}")
    end = max(section.end for section in sections.values())
    if end != size:
        raise SnapshotError(f"{file}: {counted(size, 'byte', 'bytes')} where {end} were written; compile it again")
    for columns in EQUALLY_LONG.split(","):
        length = None
        for column in columns.split():
            name, _, more = column.partition("+")
            values = sections[name].size // ITEM_SIZES[sections[name].typecode] - int(more or 0)
            if length not in (None, values):
                raise _damaged(file, f"length of {name}")
            length = values
    for heap in (*HEAPS, *(name for name in sections if name.startswith(KEPT) and not name.endswith(CHECKSUMS))):
        if f"{heap}_crc" not in sections:
            raise _damaged(file, f"no {heap}_crc")
        if sections[f"{heap}_crc"].size != -(-sections[heap].size // BLOCK) * ITEM_SIZES["I"]:
            raise _damaged(file, f"length of {heap}_crc")


def _damaged(file: str, what: str) -> SnapshotError:
    return SnapshotError(f"{file}: the compiled register is damaged ({what}); compile it again from the extract")
