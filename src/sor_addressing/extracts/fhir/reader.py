"""The endpoint register (EER): a Bundle, resources one a line, or one resource a file, as JSON or XML.

No dump of EER is published: what can be had are answers to searches (Bundles) and the resources of its packages. Everything is read as it
streams past, an entry at a time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import BinaryIO

from sor_addressing.companions import EndpointRegisterRecord
from sor_addressing.errors import ExtractError
from sor_addressing.extracts.checks import Report
from sor_addressing.extracts.fhir.members import members, plain
from sor_addressing.extracts.fhir.resources import ResourceReader, day_in
from sor_addressing.extracts.streams import HEAD_SIZE, Unclosed
from sor_addressing.written_data.json_stream import JsonStream

__all__ = ["EndpointRegisterReader"]


class EndpointRegisterReader:
    """Reads one file of the endpoint register; iterating yields a record for each Organization, Endpoint and Device.

    Args:
        stream: the bytes of the file.
        file: the name used in errors and problems.
        report: called with each problem.

    After the iteration ``day`` holds the day that the Bundle gives itself.

    Raises:
        ExtractError: the file is no JSON or XML, was cut off, or has a DOCTYPE.
    """

    def __init__(self, stream: BinaryIO, *, file: str, report: Report) -> None:
        self._stream = stream
        self._file = file
        self._resources = ResourceReader(file=file, report=report)
        self.day: dt.date | None = None
        self.version: str | None = None

    def __iter__(self) -> Iterator[EndpointRegisterRecord]:
        head = self._stream.read(HEAD_SIZE)
        stream = Unclosed(self._stream, head)
        if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"{", b"[")):
            return self._json(stream)
        return self._xml(stream)

    def _json(self, stream: BinaryIO) -> Iterator[EndpointRegisterRecord]:
        for value, line, is_document in JsonStream(stream, self._fault, listed="entry"):
            said = members(value)
            if not is_document:
                record = self._resources.read(said.get("resource"), plain(said.get("fullUrl")), line)
            elif said.get("resourceType") == "Bundle":
                self._read_day(said.get("timestamp"), members(said.get("meta")).get("lastUpdated"))
                continue
            else:
                record = self._resources.read(value, "", line)
            if record is not None:
                yield record

    def _xml(self, stream: BinaryIO) -> Iterator[EndpointRegisterRecord]:
        from sor_addressing.extracts.fhir.xml_input import bundle_days, resources_in

        for resource, url, line, root in resources_in(stream, self._file):
            if root is not None:
                self._read_day(*bundle_days(root))
                continue
            record = self._resources.read(resource, url, line)
            if record is not None:
                yield record

    def _read_day(self, *written: object) -> None:
        """The oldest day of several Bundles, as of several files."""
        for one in written:
            day = day_in(one)
            if day is not None:
                self.day = day if self.day is None else min(self.day, day)
                return

    def _fault(self, reason: str, line: int) -> ExtractError:
        return ExtractError(f"{reason}; nothing of it was loaded, fetch the file again", file=self._file, line=line)
