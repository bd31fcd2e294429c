"""An index to a file that :mod:`sor_addressing.index.opening` maps: beside its place, verified, and renamed."""

from __future__ import annotations

import datetime as dt
import os
import zlib
from array import array
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

from sor_addressing.errors import SnapshotError
from sor_addressing.index.columns import RECORD_ORDER, TYPECODES
from sor_addressing.index.lookup import Index
from sor_addressing.index.opening import (
    BLOCK,
    CHECKSUMS,
    HEAPS,
    KEPT,
    LAYOUT,
    MAGIC,
    PACKED,
    PREAMBLE,
    REPORT,
    SECTIONS,
    aligned,
    require_little_endian,
    verify_compiled,
)
from sor_addressing.whole_file import STANDARD_OUTPUT, written_binary


def write_compiled(
    index: Index,
    path: str | os.PathLike[str],
    *,
    facts: dict[str, str],
    report: bytes,
    kept: Mapping[str, array[int]] | None = None,
) -> None:
    """Write ``index`` beside ``path``, read-only, read it back and verify everything, then rename it there.

    Equal indexes give equal bytes.

    Args:
        index: the index.
        path: where the file is to be; an existing one is replaced.
        facts: what the header says beside the index's own facts, by name.
        report: the load report, kept as it is.
        kept: columns of a floor above by name, found again by :meth:`Columns.kept`.

    Raises:
        SnapshotError: the file can't be written, or can't replace one that is open.
    """
    index.check_standing()
    target = Path(path)
    if os.fspath(path) != STANDARD_OUTPUT:
        target = target.absolute()
    require_little_endian(str(target))
    with written_binary(target, error=SnapshotError, check=verify_compiled, read_only=True) as file:
        _write(file, index, facts, report, kept or {})


def _write(file: IO[bytes], index: Index, facts: dict[str, str], report: bytes, kept: Mapping[str, array[int]]) -> None:
    sections = _sections_of(index, report) | dict(_sections_to_keep(kept))
    lines = [f"{key} {value}".replace("\n", " ") for key, value in {**_own_facts(index), **facts}.items()]
    offset = 0
    for name, (typecode, data) in sections.items():
        lines.append(f"section {name} {typecode} {offset} {len(data)} {zlib.crc32(data)}")
        offset += aligned(len(data))
    # A file's name can be one that UTF-8 can't write; people should be able to read the rest of it.
    header = "\n".join(lines).encode(errors="backslashreplace")
    header += b"\n" * (aligned(PREAMBLE + len(header)) - PREAMBLE - len(header))
    file.write(MAGIC)
    file.writelines(number.to_bytes(4, "little") for number in (LAYOUT, len(header), zlib.crc32(header)))
    file.write(header)
    for _, data in sections.values():
        file.write(data)
        file.write(bytes(aligned(len(data)) - len(data)))


def _sections_of(index: Index, report: bytes) -> dict[str, tuple[str, bytes]]:
    columns = index.columns
    data: dict[str, bytes] = {REPORT: report}
    for name in (*TYPECODES, "records", "texts"):
        column = getattr(columns, name)
        data[name] = bytes(column[0 : len(column)])
    for name in HEAPS:
        data[name + CHECKSUMS] = _checksums(data[name])
    return {name: (typecode, data[name]) for name, typecode in SECTIONS.items()}


def _sections_to_keep(kept: Mapping[str, array[int]]) -> Iterator[tuple[str, tuple[str, bytes]]]:
    for name, column in kept.items():
        data = column.tobytes()
        yield KEPT + name, (column.typecode, data)
        yield KEPT + name + CHECKSUMS, ("I", _checksums(data))


def _checksums(data: bytes) -> bytes:
    heap = memoryview(data)
    return array("I", [zlib.crc32(heap[start : start + BLOCK]) for start in range(0, len(heap), BLOCK)]).tobytes()


def _own_facts(index: Index) -> dict[str, str]:
    return {
        PACKED: RECORD_ORDER,
        "snapshot_date": index.snapshot_date.isoformat(),
        "has_message_types": str(int(index.has_message_types)),
        "registers": " ".join(index.registers),
        "has_directions": str(int(index.has_directions)),
        "not_known": "; ".join(sorted(index.not_known)),
        "registrations_day": dt.date.fromordinal(index.registrations_day).isoformat(),
    }
