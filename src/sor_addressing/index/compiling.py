"""An index to a file that :mod:`sor_addressing.index.compiled` maps: beside its place, verified, and renamed."""

from __future__ import annotations

import os
import zlib
from array import array
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import BinaryIO

from sor_addressing.errors import SnapshotError
from sor_addressing.index.columns import TYPECODES
from sor_addressing.index.compiled import (
    BLOCK,
    HEAPS,
    LAYOUT,
    MAGIC,
    PREAMBLE,
    REPORT,
    SECTIONS,
    aligned,
    require_little_endian,
    verify_compiled,
)
from sor_addressing.index.lookup import Index

_attempts = count()


def write_compiled(index: Index, path: str | os.PathLike[str], *, facts: dict[str, str], report: bytes) -> None:
    """Write ``index`` beside ``path``, read it back and verify everything, then rename it there.

    Equal indexes give equal bytes.

    Args:
        index: the index.
        path: where the file is to be; an existing one is replaced.
        facts: what the header says beside the index's own facts, by name.
        report: the load report, kept as it is.

    Raises:
        SnapshotError: the file can't be written, or can't replace one that is open.
    """
    target = Path(path).absolute()
    require_little_endian(str(target))
    # Of this process and this attempt alone, so that two that write the same file do not write into each other's.
    beside = target.parent / f".{target.name}.{os.getpid()}.{next(_attempts)}.tmp"
    try:
        with beside.open("xb") as file:
            _write(file, index, facts, report)
            file.flush()
            os.fsync(file.fileno())
        verify_compiled(beside)
        beside.replace(target)
    except PermissionError as error:
        raise SnapshotError(
            f"{target}: can't be written or replaced ({error.strerror}); where a process has it open, save under a new name"
        ) from error
    except OSError as error:
        raise SnapshotError(f"{target}: can't be written: {error.strerror or error}") from error
    finally:
        with suppress(OSError):  # it was renamed, or never made
            beside.unlink()


def _write(file: BinaryIO, index: Index, facts: dict[str, str], report: bytes) -> None:
    data = _section_data(index, report)
    lines = [f"{key} {value}".replace("\n", " ") for key, value in {**_own_facts(index), **facts}.items()]
    offset = 0
    for name, typecode in SECTIONS.items():
        size = len(data[name])
        lines.append(f"section {name} {typecode} {offset} {size} {zlib.crc32(data[name])}")
        offset += aligned(size)
    # A file's name can be one that UTF-8 can't write; people should be able to read the rest of it.
    header = "\n".join(lines).encode(errors="backslashreplace")
    header += b"\n" * (aligned(PREAMBLE + len(header)) - PREAMBLE - len(header))
    file.write(MAGIC)
    file.writelines(number.to_bytes(4, "little") for number in (LAYOUT, len(header), zlib.crc32(header)))
    file.write(header)
    for name in SECTIONS:
        file.write(data[name])
        file.write(bytes(aligned(len(data[name])) - len(data[name])))


def _section_data(index: Index, report: bytes) -> dict[str, bytes]:
    columns = index.columns
    data: dict[str, bytes] = {REPORT: report}
    for name in (*TYPECODES, "records", "texts"):
        column = getattr(columns, name)
        data[name] = bytes(column[0 : len(column)])
    for name in HEAPS:
        heap = memoryview(data[name])
        checksums = [zlib.crc32(heap[start : start + BLOCK]) for start in range(0, len(heap), BLOCK)]
        data[f"{name}_crc"] = array("I", checksums).tobytes()
    return data


def _own_facts(index: Index) -> dict[str, str]:
    return {
        "snapshot_date": index.snapshot_date.isoformat(),
        "has_message_types": str(int(index.has_message_types)),
        "has_directions": str(int(index.has_directions)),
    }
