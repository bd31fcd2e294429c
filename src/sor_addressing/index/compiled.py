"""An index in a file: written once, then mapped into memory by every process that asks.

The file is a fixed preamble, a header of text lines, and sections: the columns as they are, and the two heaps. Nothing in it is
code, and nothing in it is trusted: the header has a checksum, verified when the file is opened; each column has its own, and
each 64 KiB block of a heap, verified when first touched. A file that was damaged raises; it never answers wrongly. Opening reads
the header and nothing else, so that processes share one copy of everything they do not touch.

Layout, all numbers little-endian::

    8 bytes   magic "SORADDR" and a zero
    4 bytes   layout version
    4 bytes   length of the header
    4 bytes   CRC-32 of the header
    header    UTF-8 lines: "key value" of the register, then "section name typecode offset size crc"
    sections  each begins at a multiple of 8
"""

from __future__ import annotations

import datetime as dt
import mmap
import os
import struct
import sys
import zlib
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from sor_addressing.errors import SnapshotError
from sor_addressing.index.columns import TYPECODES, Column, Columns
from sor_addressing.index.lookup import Index

MAGIC = b"SORADDR\x00"
LAYOUT = 1
BLOCK = 65_536

_PREAMBLE = struct.Struct("<8sIII")
_ALIGNMENT = 8
_HEAPS = ("records", "texts")
_BYTES = "B"
_MOST_HEADER = 1 << 20


class Section(NamedTuple):
    """Where a section lies in the file, and what its bytes add up to."""

    name: str
    typecode: str
    offset: int
    size: int
    crc: int


class Header(NamedTuple):
    """What the header says: facts of the register by name, and the sections."""

    facts: dict[str, str]
    sections: dict[str, Section]


class Heap:
    """A heap of text in the file; the blocks of a slice are verified before it is handed out."""

    __slots__ = ("_checksums", "_file", "_name", "_verified", "_view")

    def __init__(self, view: memoryview, checksums: Column, *, name: str, file: str) -> None:
        self._view = view
        self._checksums = checksums
        self._verified = bytearray(len(checksums))
        self._name = name
        self._file = file

    def __len__(self) -> int:
        return len(self._view)

    def __getitem__(self, part: slice) -> bytes:
        start, stop, _ = part.indices(len(self._view))
        for block in range(start // BLOCK, -(-stop // BLOCK)):
            if not self._verified[block]:
                self._verify(block)
        return bytes(self._view[start:stop])

    def _verify(self, block: int) -> None:
        data = self._view[block * BLOCK : (block + 1) * BLOCK]
        if zlib.crc32(data) != self._checksums[block]:
            raise _damaged(self._file, f"block {block} of {self._name}")
        self._verified[block] = 1

    def verify(self) -> None:
        """Verify every block."""
        for block in range(len(self._checksums)):
            self._verify(block)


class MappedColumns(Columns):
    """Columns of a mapped file; each is verified and viewed when it is first asked for."""

    __slots__ = ("_map", "_path", "_sections")
    _map: mmap.mmap
    _path: str
    _sections: dict[str, Section]

    def __init__(self, mapped: mmap.mmap, sections: dict[str, Section], path: str) -> None:
        object.__setattr__(self, "_map", mapped)
        object.__setattr__(self, "_sections", sections)
        object.__setattr__(self, "_path", path)

    def __getattr__(self, name: str) -> object:
        section = self._sections.get(name)
        if section is None:
            raise AttributeError(name)
        value: object
        if name in _HEAPS:
            checksums: Column = getattr(self, f"{name}_crc")
            value = Heap(self._bytes_of(section), checksums, name=name, file=self._path)
        else:
            value = self._verified(section)
        if name in _ATTRIBUTES:
            object.__setattr__(self, name, value)
        return value

    def _bytes_of(self, section: Section) -> memoryview:
        return memoryview(self._map)[section.offset : section.offset + section.size]

    def _verified(self, section: Section) -> memoryview:
        data = self._bytes_of(section)
        if zlib.crc32(data) != section.crc:
            raise _damaged(self._path, section.name)
        return data.cast(section.typecode)  # type: ignore[call-overload, no-any-return]  # the typecode is one of TYPECODES

    def section_bytes(self, name: str) -> bytes:
        """The bytes of a section that is no column, verified."""
        section = self._sections.get(name)
        return b"" if section is None else bytes(self._verified(section))

    def verify(self) -> None:
        """Verify every section and every block.

        Raises:
            SnapshotError: one is damaged.
        """
        for name, section in self._sections.items():
            if name in _HEAPS:
                heap = getattr(self, name)
                heap.verify()
            else:
                self._verified(section)


_ATTRIBUTES = frozenset((*TYPECODES, *_HEAPS))


def _damaged(file: str, what: str) -> SnapshotError:
    return SnapshotError(f"{file}: the compiled register is damaged ({what}); compile it again from the extract")


def write_compiled(index: Index, path: str | os.PathLike[str], *, facts: dict[str, str], report: bytes) -> None:
    """Write ``index`` beside ``path`` and rename it there; then read it back and verify everything.

    Args:
        index: the index.
        path: where the file is to be; an existing one is replaced.
        facts: what the header says beside the index's own facts, by name; no line breaks.
        report: the load report, kept as it is.

    Raises:
        SnapshotError: the file can't be written, or can't replace one that is open.
    """
    target = Path(path)
    beside = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        with beside.open("wb") as file:
            _write(file, index, facts, report)
            file.flush()
            os.fsync(file.fileno())
        columns, _ = _map(beside)
        columns.verify()
        beside.replace(target)
    except PermissionError as error:
        raise SnapshotError(
            f"{target}: can't be written or replaced ({error.strerror}); where a process has it open, save under a new name"
        ) from error
    except OSError as error:
        raise SnapshotError(f"{target}: can't be written: {error.strerror or error}") from error
    finally:
        beside.unlink(missing_ok=True)


def _write(file: BinaryIO, index: Index, facts: dict[str, str], report: bytes) -> None:
    columns = index.columns
    parts: list[tuple[str, str, bytes]] = []
    for name, typecode in TYPECODES.items():
        column = getattr(columns, name)
        data = bytes(column) if isinstance(column, memoryview) else _little_endian(array(typecode, column))
        parts.append((name, typecode, data))
    for name in _HEAPS:
        heap = getattr(columns, name)
        data = bytes(heap[0 : len(heap)])
        checksums = array("I", [zlib.crc32(data[start : start + BLOCK]) for start in range(0, len(data), BLOCK)])
        parts.append((f"{name}_crc", "I", _little_endian(checksums)))
        parts.append((name, _BYTES, data))
    parts.append(("report", _BYTES, report))
    lines = [f"{key} {value}" for key, value in {**_own_facts(index), **facts}.items()]
    # The header's own length depends on the offsets in it: they are counted from its end, which is aligned.
    sections, offset = [], 0
    for name, typecode, data in parts:
        sections.append(f"section {name} {typecode} {offset} {len(data)} {zlib.crc32(data)}")
        offset += _aligned(len(data))
    header = "\n".join((*lines, *sections)).encode()
    header += b"\n" * (_aligned(_PREAMBLE.size + len(header)) - _PREAMBLE.size - len(header))
    file.write(_PREAMBLE.pack(MAGIC, LAYOUT, len(header), zlib.crc32(header)))
    file.write(header)
    for _, _, data in parts:
        file.write(data)
        file.write(b"\0" * (_aligned(len(data)) - len(data)))


def _own_facts(index: Index) -> dict[str, str]:
    return {
        "snapshot_date": index.snapshot_date.isoformat(),
        "has_message_types": str(int(index.has_message_types)),
        "has_directions": str(int(index.has_directions)),
    }


def _little_endian(column: array[int]) -> bytes:
    if sys.byteorder != "little":
        column = array(column.typecode, column)
        column.byteswap()
    return column.tobytes()


def _aligned(size: int) -> int:
    return -(-size // _ALIGNMENT) * _ALIGNMENT


def open_compiled(path: str | os.PathLike[str]) -> tuple[Index, dict[str, str], Callable[[], bytes]]:
    """The index in a compiled file, the facts in its header, and a function that reads the load report.

    Raises:
        SnapshotError: there is no such file, it is none, it is damaged, or it has another layout.
    """
    columns, header = _map(Path(path))
    facts = header.facts
    try:
        index = Index(
            columns,
            snapshot_date=dt.date.fromisoformat(facts["snapshot_date"]),
            has_message_types=facts["has_message_types"] == "1",
            has_directions=facts["has_directions"] == "1",
        )
    except (KeyError, ValueError) as error:
        raise _damaged(str(path), f"header: {error}") from error
    return index, facts, lambda: columns.section_bytes("report")


def verify_compiled(path: str | os.PathLike[str]) -> None:
    """Verify every checksum of a compiled file.

    Raises:
        SnapshotError: it is damaged, or none.
    """
    columns, _ = _map(Path(path))
    columns.verify()


def is_compiled(path: str | os.PathLike[str]) -> bool:
    """Whether there is a file at ``path`` that begins as a compiled register does."""
    if not Path(path).is_file():
        return False
    with Path(path).open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def _map(path: Path) -> tuple[MappedColumns, Header]:
    if sys.byteorder != "little":
        raise SnapshotError(f"{path}: compiled registers are little-endian and this machine is not; load the extract")
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size < _PREAMBLE.size:
                raise SnapshotError(f"{path}: {size} bytes are no compiled register; compile it from the extract")
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except OSError as error:
        raise SnapshotError(f"{path}: can't be opened: {error.strerror or error}") from error
    header = _header(mapped, str(path), size)
    return MappedColumns(mapped, header.sections, str(path)), header


def _header(mapped: mmap.mmap, file: str, size: int) -> Header:
    magic, layout, length, crc = _PREAMBLE.unpack_from(mapped)
    if magic != MAGIC:
        raise SnapshotError(f"{file}: not a compiled register; an extract is read with Register.load")
    if layout != LAYOUT:
        raise SnapshotError(
            f"{file}: has layout {layout} and this version of the library reads {LAYOUT}; compile it again from the extract"
        )
    begins = _PREAMBLE.size + length
    text = mapped[_PREAMBLE.size : begins] if length <= _MOST_HEADER else b""
    if len(text) != length or zlib.crc32(text) != crc:
        raise _damaged(file, "header")
    facts: dict[str, str] = {}
    sections: dict[str, Section] = {}
    for line in text.decode().splitlines():
        key, _, value = line.partition(" ")
        if key == "section":
            name, typecode, offset, length_text, checksum = value.split(" ")
            sections[name] = Section(name, typecode, begins + int(offset), int(length_text), int(checksum))
        elif key:
            facts[key] = value
    _check_structure(sections, file, size)
    return Header(facts, sections)


def _check_structure(sections: dict[str, Section], file: str, size: int) -> None:
    """Every column is there, of its type, inside the file, and as long as those it stands beside."""
    missing = [name for name in (*TYPECODES, *_HEAPS, *(f"{heap}_crc" for heap in _HEAPS)) if name not in sections]
    if missing:
        raise _damaged(file, f"no {', '.join(missing)}")
    for section in sections.values():
        if section.offset % _ALIGNMENT or section.offset + section.size > size:
            raise SnapshotError(f"{file}: the compiled register was cut off ({section.name}); compile it again")
        if section.typecode != TYPECODES.get(section.name, section.typecode):
            raise _damaged(file, f"type of {section.name}")
    end = max(section.offset + _aligned(section.size) for section in sections.values())
    if end != size:
        raise SnapshotError(f"{file}: {size} bytes where {end} were written; compile it again")


def sections_of(path: str | os.PathLike[str]) -> Iterator[Section]:
    """The sections of a compiled file, for those who look into one."""
    _, header = _map(Path(path))
    yield from header.sections.values()
