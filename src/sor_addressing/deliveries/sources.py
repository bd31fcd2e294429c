"""What can be added to a ledger, in the portions that are taken in one go."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import islice

from sor_addressing.deliveries.audit_events import read_letters_or_events
from sor_addressing.errors import LetterError
from sor_addressing.letters.batch import FileReport
from sor_addressing.letters.files import message_files
from sor_addressing.letters.header import LetterHeader
from sor_addressing.letters.report import LetterReport

Deliverable = str | os.PathLike[str] | bytes | LetterHeader | LetterReport | FileReport
"""A message file, folder, archive or pattern; the bytes of a message; or what was read of one."""

_BATCH = 20_000


def batches(
    source: Deliverable | Iterable[Deliverable], unreadable: list[tuple[str, LetterError]]
) -> Iterator[list[tuple[LetterHeader, bool]]]:
    """What is to be taken in one go: a file each, or many headers that were read already."""
    read: list[tuple[LetterHeader, bool]] = []
    kinds = (str, os.PathLike, bytes, bytearray, memoryview, LetterHeader, LetterReport, FileReport)
    if not isinstance(source, kinds) and not isinstance(source, Iterable):
        raise TypeError(f"a ledger takes message files, headers and reports, not {type(source).__name__}")
    for one in (source,) if isinstance(source, kinds) else source:
        if isinstance(one, LetterHeader):
            read.append((one, False))
        elif isinstance(one, LetterReport):
            read.append(_of_report(one))
        elif isinstance(one, FileReport):
            read += map(_of_report, one.letters)
            if one.error is not None:
                unreadable.append((one.file, one.error))
        elif isinstance(one, (str, os.PathLike, bytes, bytearray, memoryview)):
            if read:
                yield read
                read = []
            for file in message_files(
                [bytes(one) if isinstance(one, (bytearray, memoryview)) else one], read_letters_or_events
            ):
                if file.error is not None:
                    unreadable.append((file.name, file.error))
                for part in _parts(file.headers):
                    yield [(header, False) for header in part]
        else:
            raise TypeError(f"a ledger takes message files, headers and reports, not {type(one).__name__}")
        if len(read) >= _BATCH:
            yield read
            read = []
    if read:
        yield read


def _parts(headers: tuple[LetterHeader, ...]) -> Iterator[list[LetterHeader]]:
    rest = iter(headers)
    while part := list(islice(rest, _BATCH)):
        yield part


def _of_report(report: LetterReport) -> tuple[LetterHeader, bool]:
    first = report.receivers[0].verdict if report.receivers else None
    return report.header, first is not None and first.conversion is not None
