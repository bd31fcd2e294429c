"""The provider register (*yderregister*): which provider numbers there are, whose they are, and which have ceased.

Source: public readers of the published XML. ``<etds1040025XML>`` holds one ``Start`` with the file's day, a ``Yder`` element
for each number, everything in attributes padded with blanks, and one ``Slut`` whose ``AntPost`` is how many provider and person
records there are: a file that has fewer was cut off, though it is well formed. A newer variant calls other elements otherwise; what counts is
a ``Yder``, in any namespace, that carries ``YdernrYder``.

The file also names persons with their CPR numbers. Nothing is read of any element but ``Start``, ``Yder`` and ``Slut``, of these only
the attributes listed here; all others are counted without being looked at.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import BinaryIO

from lxml import etree

from sor_addressing.companions import ProviderRecord
from sor_addressing.errors import ExtractError
from sor_addressing.extracts.checks import Report
from sor_addressing.extracts.days import TableDays
from sor_addressing.extracts.xml.refusing import refused_xml
from sor_addressing.hiding import hide, shown
from sor_addressing.identifiers import ProviderNumber
from sor_addressing.model import Problem
from sor_addressing.safe_xml.parsing import EndedElements
from sor_addressing.texts import counted

__all__ = ["ROOT", "ProviderReader", "is_provider_register", "read_providers"]

ROOT = "etds1040025XML"
"""The root element of today's file; a newer variant has another."""

_ELEMENT = "Yder"
_NUMBER = "YdernrYder"
_START, _END = "Start", "Slut"
_RECORDS = "AntPost"
_TEXTS = {
    "PrakBetegn": "name",
    "AmtKodeYder": "region_code",
    "AdrYder": "street",
    "PostnrYder": "postcode",
    "PostdistYder": "district",
    "HvdSpecKode": "speciality_code",
    "HvdSpecTxt": "speciality",
    "HvdTlf": "telephone",
    "EmailYder": "email",
    "WWW": "website",
}
_FROM, _TO = "TilgDatoYder", "AfgDatoYder"
_OF_PROVIDER = frozenset({_NUMBER, _FROM, _TO, *_TEXTS})
_DAY, _MOMENT = "OpgDato", "Timestamp"
_OF_FILE = frozenset({_DAY, _MOMENT})
_OF_END = frozenset({_RECORDS})

_BLANKS = re.compile(r"\s+")


class ProviderReader:
    """Reads one provider register; iterating yields a :class:`ProviderRecord` for each number, in the file's order.

    Memory stays the same however many there are, and however many persons.

    Args:
        stream: the bytes of the file.
        file: the name used in errors and problems.
        report: called with each problem. A number that can't be one is left out. Where the first or last day can't be
            read, the record has ``period_unreadable``.

    After the iteration ``day`` holds what the file says of its own day, and ``root`` the name of its root element.

    Raises:
        ExtractError: the file is not well formed, was cut off, has a DOCTYPE, holds no provider number, or fewer records than it says.
    """

    def __init__(self, stream: BinaryIO, *, file: str, report: Report) -> None:
        self._stream = stream
        self._file = file
        self._report = report
        self._days = TableDays()
        self.day: dt.date | None = None
        self.root: str | None = None
        self._said: int | None = None
        self._holders: set[str] = set()

    def __iter__(self) -> Iterator[ProviderRecord]:
        count = records = 0
        for element in EndedElements(self._stream, partial(refused_xml, file=self._file)):
            if self.root is None:
                self._read_root(element.getroottree().getroot())
            name = _local(element.tag)
            parent = element.getparent()
            if name == _START:
                self._read_day(element)
            elif name == _END:
                self._read_end(element)
            elif parent is not None and name not in self._holders:
                records += 1
            if name == _ELEMENT:
                if parent is not None:
                    self._holders.add(_local(parent.tag))
                record = self._provider(element)
                if record is not None:
                    count += 1
                    yield record
            _forget(element)
            # Where the next one is damaged, this frame hangs on the error, and an element knows its parser, whose log quotes the file.
            del element, parent
        if not count:
            raise ExtractError("the file holds no provider numbers; fetch it again", file=self._file)
        if self._said is not None and records < self._said:
            raise ExtractError(
                f"holds {counted(records, 'record', 'records')} of the {self._said} that it says it has: it was cut off, "
                "or lost some on the way; nothing of it "
                "was loaded, fetch the file again",
                file=self._file,
            )

    def _read_root(self, root: etree._Element) -> None:
        self.root = _local(root.tag)
        self._read_day(root)

    def _read_day(self, element: etree._Element) -> None:
        """The file's own day; the first element that tells it counts."""
        if self.day is not None:
            return
        said = _attributes(element, _OF_FILE)
        for name in (_DAY, _MOMENT):
            text = said.get(name, "")
            # A moment may be written in digits alone, its day first.
            day = self._days[text] or self._days[text[:10]] or self._days[text[:8]]
            if day is not None:
                self.day = day
                return
            if text:
                details = {"value": shown(text), "field": name}
                self._report(Problem("snapshot-date-unreadable", self._file, element.sourceline, None, details))

    def _read_end(self, element: etree._Element) -> None:
        text = _attributes(element, _OF_END).get(_RECORDS, "")
        if text.isascii() and text.isdigit() and len(text) < 19:
            self._said = int(text)
        elif text:
            details = {"value": shown(text), "field": _RECORDS}
            self._report(Problem("record-count-unreadable", self._file, element.sourceline, None, details))

    def _provider(self, element: etree._Element) -> ProviderRecord | None:
        said = _attributes(element, _OF_PROVIDER)
        if _NUMBER not in said:
            return None
        line = element.sourceline or 0
        number = ProviderNumber.compact(said[_NUMBER])
        if not ProviderNumber.fits(number):
            self._report(Problem("provider-number-unusable", self._file, line, None, {"value": shown(said[_NUMBER])}))
            return None
        texts = {field: said.get(name, "") for name, field in _TEXTS.items()}
        from_date, from_unreadable = self._day_of(said.get(_FROM, ""), "from_date", number, line)
        to_date, to_unreadable = self._day_of(said.get(_TO, ""), "to_date", number, line)
        if from_date is not None and to_date is not None and to_date < from_date:
            period = {"from_date": from_date.isoformat(), "to_date": to_date.isoformat()}
            self._report(Problem("period-reversed", self._file, line, number, period))
        return ProviderRecord(
            number=number,
            from_date=from_date,
            to_date=to_date,
            line=line,
            period_unreadable=from_unreadable or to_unreadable,
            **texts,
        )

    def _day_of(self, text: str, field: str, number: str, line: int) -> tuple[dt.date | None, bool]:
        if not text:
            return None, False
        day = self._days[text]
        if day is None:
            details = {"value": shown(text), "field": field}
            self._report(Problem("row-period-unreadable", self._file, line, number, details))
        return day, day is None


def read_providers(stream: BinaryIO, *, file: str, report: Report) -> Iterator[ProviderRecord]:
    """The provider numbers of a register, where its day is not asked for; see :class:`ProviderReader`."""
    return iter(ProviderReader(stream, file=file, report=report))


def is_provider_register(started: Sequence[etree._Element]) -> bool:
    """Whether a file that begins with these elements is a provider register: by its root, in a newer one by its first providers."""
    return _local(started[0].tag) == ROOT or any(map(_is_provider, started))


def _is_provider(element: etree._Element) -> bool:
    """Whether an element is one of the provider register's: a ``Yder`` with a provider number."""
    return _local(element.tag) == _ELEMENT and any(_local(name) == _NUMBER for name in element.keys())  # noqa: SIM118


def _local(name: str | bytes | bytearray | etree.QName) -> str:
    return str(name).rpartition("}")[2]


def _attributes(element: etree._Element, wanted: frozenset[str]) -> dict[str, str]:
    """The wanted attributes of an element, by local name, without the blanks around and in between.

    What looks like a CPR number is hidden here already, so that no text of ours ever holds one.
    """
    found = {}
    for name in element.keys():  # noqa: SIM118
        local = _local(name)
        if local in wanted:
            found[local] = hide(_BLANKS.sub(" ", element.get(name, "")).strip())
    return found


def _forget(element: etree._Element) -> None:
    """Give free what has been read: the element's content, and what was read before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and (earlier := element.getprevious()) is not None:
        parent.remove(earlier)
