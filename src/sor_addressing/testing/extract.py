"""A made-up extract: the records of one day, ready to become a register or files.

It is what :class:`~sor_addressing.testing.RegisterBuilder`, :func:`~sor_addressing.testing.made_up_nation`
and :func:`~sor_addressing.testing.sample_extract` give.
"""

from __future__ import annotations

import datetime as dt
import gzip
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, NamedTuple

import attrs

from sor_addressing.misspelt import check_names
from sor_addressing.model import EndpointRegistration, RegistrationRecord, UnitRecord
from sor_addressing.testing.published.endpoint_register import write_endpoint_register
from sor_addressing.testing.published.message_types import MessageTypeOptions, write_message_types
from sor_addressing.testing.published.sor_xml import write_sor_xml
from sor_addressing.whole_file import WholeFiles, folder_made

if TYPE_CHECKING:
    from typing import Unpack

    from sor_addressing.register.face import Register

__all__ = ["MadeUpExtract", "WrittenExtract"]

_NAMES = {None: "Sor.xml", "gz": "Sor.xml.gz", "zip": "Sor.zip"}


class WrittenExtract(NamedTuple):
    """The files that :meth:`MadeUpExtract.write` wrote."""

    units: Path
    """``Sor.xml``, ``Sor.xml.gz`` or ``Sor.zip``."""

    message_types: Path | None
    """``Edityper.csv``; None where the extract has no message types."""


@attrs.define(slots=True)
class MadeUpExtract:
    """The records of one made-up day.

    Attributes:
        snapshot_date: the day the extract shows.
        created_at: when its file is said to be written.
        units: every unit in document order: each owner followed by all below it.
        registrations: the message types on location numbers.
        has_message_types: False makes an extract of which no message-type file was published; that is
            not the same as one without registrations.
        ceased_providers: provider numbers that the provider register has ended, with their last day.
            The files of SOR don't know of them, so they reach a register only through :meth:`to_register`.
        endpoints: what the endpoint register (EER) says of location numbers; empty where there is none of it.
        examples: what was planted on purpose: a keyword, and the SOR codes or location numbers that have it.
    """

    snapshot_date: dt.date
    created_at: dt.datetime
    units: list[UnitRecord]
    registrations: list[RegistrationRecord] = attrs.field(factory=list)
    has_message_types: bool = True
    ceased_providers: dict[str, dt.date] = attrs.field(factory=dict)
    examples: dict[str, tuple[str, ...]] = attrs.field(factory=dict)
    endpoints: list[EndpointRegistration] = attrs.field(factory=list)

    def __len__(self) -> int:
        """How many units there are."""
        return len(self.units)

    def __iter__(self) -> Iterator[UnitRecord]:
        """The units, in document order."""
        return iter(self.units)

    def unit(self, name_or_sor_code: str) -> UnitRecord:
        """The one unit with this name or SOR code.

        Raises:
            LookupError: no unit has it, or several do.
        """
        found = [unit for unit in self.units if name_or_sor_code in (unit.name, unit.sor_code)]
        if len(found) != 1:
            raise LookupError(f"{len(found)} units of this extract are called {name_or_sor_code!r}")
        return found[0]

    def to_register(self, **options: Any) -> Register:
        """A register of these records, without a file in between. Its clock stands still on the snapshot date.

        Args:
            options: passed on to ``Register.from_records``; what is given here wins.
        """
        from sor_addressing.register.face import Register

        today = self.snapshot_date
        settings: dict[str, Any] = {
            "snapshot_date": self.snapshot_date,
            "clock": lambda: today,
            "ceased_providers": dict(self.ceased_providers),
        }
        if self.endpoints:
            settings["endpoints"] = self.endpoints
        settings.update(options)
        registrations = self.registrations if self.has_message_types else None
        return Register.from_records(self.units, registrations, **settings)

    def write(
        self,
        folder: str | Path,
        *,
        version: Literal[1, 2] = 2,
        compressed: Literal["gz", "zip"] | None = None,
        **message_types: Unpack[MessageTypeOptions],
    ) -> WrittenExtract:
        """Write ``Sor.xml`` (or ``Sor.xml.gz``, or ``Sor.zip``) and ``Edityper.csv`` into a folder, and ``eer.json`` where there are endpoints.

        The same extract gives the same bytes every time, compressed or not.

        Args:
            folder: made where it doesn't exist.
            version: layout of ``Sor.xml``; version 1 lacks some facts, see
                :func:`~sor_addressing.testing.write_sor_xml`.
            compressed: None, ``"gz"`` or ``"zip"``; the message types are never compressed.
            message_types: passed on to :func:`~sor_addressing.testing.write_message_types`.
        """
        taken = ("version", "compressed", *MessageTypeOptions.__annotations__)
        check_names("write()", message_types, taken, what="argument")
        if compressed not in _NAMES:
            raise ValueError(f"compressed is None, 'gz' or 'zip', not {compressed!r}")
        folder = folder_made(folder)
        units, csv = folder / _NAMES[compressed], folder / "Edityper.csv"
        with WholeFiles() as files:
            with files.binary(units) as file:
                self._write_units(file, version, compressed)
            if self.endpoints:
                with files.binary(folder / "eer.json") as file:
                    write_endpoint_register(self, file)
            if not self.has_message_types:
                return WrittenExtract(units, None)
            with files.binary(csv) as file:
                write_message_types(self, file, **message_types)
        return WrittenExtract(units, csv)

    def _write_units(self, file: IO[bytes], version: Literal[1, 2], compressed: str | None) -> None:
        if compressed is None:
            write_sor_xml(self, file, version=version)
        elif compressed == "gz":
            written = int(self.created_at.replace(tzinfo=dt.UTC).timestamp())
            with gzip.GzipFile("Sor.xml", "wb", compresslevel=6, fileobj=file, mtime=written) as packed:
                write_sor_xml(self, _binary(packed), version=version)
        else:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
                member = zipfile.ZipInfo("Sor.xml", date_time=self.created_at.timetuple()[:6])
                member.compress_type = zipfile.ZIP_DEFLATED
                # Else the archive would say on which system it was made.
                member.create_system = 3
                with archive.open(member, "w", force_zip64=True) as packed_member:
                    write_sor_xml(self, packed_member, version=version)


def _binary(file: gzip.GzipFile) -> IO[bytes]:
    # GzipFile is a binary file in all but its declared type.
    return file  # type: ignore[return-value]
