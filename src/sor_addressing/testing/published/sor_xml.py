"""Writes ``Sor.xml`` in the layout of version 1 or 2, piece by piece, so that a whole nation needs no memory.

Source: the publisher's schemas ``urn:oio:sundhedsstyrelsen:organisation:1.0.0`` and ``urn:oio:nsi:2.0.0`` with the OIO
namespaces that they take in. Where the schema is not public, in version 2, this writer had to choose: the CVR number
follows the type, and the elements that are new in addresses follow the country.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal, Protocol

from sor_addressing.model import LocationRecord, LocationSource, UnitKind, UnitRecord
from sor_addressing.testing.published.sor_xml_layout import (
    CONTACT_ELEMENTS,
    ELEMENTS_OF_KIND,
    INFORMATION_ELEMENTS,
    NOT_IN_VERSION_1,
    PARENTS_OF_KIND,
    STAIRWAY,
    Tags,
)
from sor_addressing.whole_file import written_binary

if TYPE_CHECKING:
    import datetime as dt

__all__ = ["NOT_IN_VERSION_1", "UnitsOfADay", "write_sor_xml"]


class UnitsOfADay(Protocol):
    """What is written: a :class:`~sor_addressing.testing.MadeUpExtract`, or anything else with these."""

    @property
    def snapshot_date(self) -> dt.date:
        """The day that is shown."""

    @property
    def created_at(self) -> dt.datetime:
        """When the file is said to be written."""

    @property
    def units(self) -> Sequence[UnitRecord]:
        """The units, in document order."""


IMPOSSIBLE_DATE = "2020-02-31"
"""Stands where a period is to be unreadable."""


def write_sor_xml(
    extract: UnitsOfADay,
    target: str | Path | IO[bytes],
    *,
    version: Literal[1, 2] = 2,
    bom: bool = True,
    newline: str = "\r\n",
    indent: bool = True,
) -> None:
    r"""Write the units of an extract as the publisher's ``Sor.xml``.

    Reading the file gives the same records back, but for what the layout has no place for: ``line``, ``gap_above``, and
    in version 1 everything in :data:`NOT_IN_VERSION_1`. An unreadable period is written with an impossible date: as
    first day where the record has none, else as last day. A fact on a level where the schema has no
    element for it (a provider number on an owner, say) is written where the levels that have it place it.

    Args:
        extract: its units in document order.
        target: a path, or a binary file, which is left open.
        version: 1, or 2, which is today's.
        bom: whether a byte order mark comes first.
        newline: between the lines; ``"\r\n"`` in published files.
        indent: False writes everything in one line.

    Raises:
        ValueError: a unit doesn't follow its parent, or lies where the layout can't have it; or XML can't hold a text.
    """
    if version not in (1, 2):
        raise ValueError(f"version 1 or 2 of Sor.xml, not {version!r}")
    with written_binary(target) as file:
        pieces: list[str] = ["\ufeff"] if bom else []
        size = 0
        for piece in _document(extract, Tags(version), newline=newline, indent=indent):
            pieces.append(piece)
            size += len(piece)
            if size > 1_000_000:
                file.write("".join(pieces).encode())
                pieces.clear()
                size = 0
        file.write("".join(pieces).encode())


def _document(extract: UnitsOfADay, tags: Tags, *, newline: str, indent: bool) -> Iterator[str]:
    margin = [newline + "  " * depth if indent else "" for depth in range(3)]
    declarations = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in tags.prefixes.items())
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'{margin[0]}<SorTree xmlns="{tags.root_namespace}"{declarations}>'
    yield margin[1] + _element(tags["CreatedAtTime"], extract.created_at.isoformat())
    yield margin[1] + _element(tags["SnapshotDate"], extract.snapshot_date.isoformat())
    open_units: list[UnitRecord] = []
    for record in extract.units:
        while open_units and open_units[-1].sor_code != record.parent_sor_code:
            yield _end(open_units, margin)
        _check_place(record, open_units)
        open_units.append(record)
        depth = len(open_units)
        while len(margin) <= depth + 1:
            margin.append(margin[-1] + "  " if indent else "")
        lines = _unit(record, tags)
        if not indent:
            lines = [line.lstrip(" ") for line in lines]
        entity = ELEMENTS_OF_KIND[record.kind][0]
        inner = margin[depth + 1]
        yield f"{margin[depth]}<{entity}>{inner}{inner.join(lines)}"
    while open_units:
        yield _end(open_units, margin)
    yield f"{margin[0]}</SorTree>{margin[0]}"


def _end(open_units: list[UnitRecord], margin: list[str]) -> str:
    closing = margin[len(open_units)]
    return f"{closing}</{ELEMENTS_OF_KIND[open_units.pop().kind][0]}>"


def _check_place(record: UnitRecord, open_units: list[UnitRecord]) -> None:
    if not open_units and record.parent_sor_code is not None:
        raise ValueError(
            f"unit {record.sor_code} stands after the units below its parent {record.parent_sor_code}, or without it; "
            "put the units in document order: every unit followed by all below it"
        )
    above = open_units[-1].kind if open_units else None
    if above not in PARENTS_OF_KIND[record.kind]:
        raise ValueError(
            f"unit {record.sor_code} is of kind {record.kind} and lies in {above or 'nothing'}; in Sor.xml an SI lies "
            "in an IE, and an OE in an SI or OE"
        )


def _unit(record: UnitRecord, tags: Tags) -> list[str]:
    """The lines of one unit; the order is that of the schema, all three kinds laid over one another."""
    _, element, type_name = ELEMENTS_OF_KIND[record.kind]
    lines = [
        f"<{element}>",
        "  " + _element(tags["SorIdentifier"], record.sor_code),
        "  " + _element(tags["EntityName"], record.name),
    ]
    lines += ["  " + _element(tags[type_name], code) for code in record.types]
    if record.cvr_number and tags.version == 2:
        lines.append("  " + _element(tags["CVRnumberIdentifier"], record.cvr_number))
    for name, text in (
        ("LocalCode", record.local_code),
        ("PharmacyIdentifier", record.pharmacy_number),
        ("ShakIdentifier", record.shak_code),
        ("ProviderIdentifier", record.provider_number),
    ):
        if text:
            lines.append("  " + _element(tags[name], text))
    _location_option(lines, record, tags)
    if record.geographical_parent is not None:
        lines += _block(
            "GeographicalParent",
            ("GeographicalParentRelation", "GeographicalParentSorIdentifier"),
            record.geographical_parent,
        )
    _address(lines, "PostalAddressInformation", record.postal_address, tags)
    _address(lines, "VisitingAddressInformation", record.visiting_address, tags)
    _address(lines, "ActivityAddressInformation", record.activity_address, tags)
    if record.contact is not None:
        names = [tags[name] for name in CONTACT_ELEMENTS]
        lines += _block(tags["VirtualAddressInformation"], names, record.contact)
    if record.specialities:
        lines.append("  <ClinicalSpecialityCollection>")
        names = [tags["SpecialityCode"], "SpecialityType"]
        for speciality in record.specialities:
            lines += ["  " + line for line in _block("ClinicalSpeciality", names, speciality)]
        lines.append("  </ClinicalSpecialityCollection>")
    _status(lines, record, tags, "  ")
    for name, codes in (
        ("ReplacesEntityCollection", record.replaces),
        ("ReplacedByEntityCollection", record.replaced_by),
    ):
        if codes:
            lines += _block(name, [tags["SorIdentifier"]] * len(codes), codes)
    if record.information is not None:
        lines += _block("OrganizationalUnitInformation", INFORMATION_ELEMENTS, record.information)
    if record.local_attributes:
        names = [f"LocalAttribute{number}" for number in range(1, len(record.local_attributes) + 1)]
        lines += _block("LocalAttributeCollection", names, record.local_attributes)
    lines.append(f"</{element}>")
    return lines


def _location_option(lines: list[str], record: UnitRecord, tags: Tags) -> None:
    source = record.location_source
    if (record.location is None) is (source is LocationSource.OWN):
        raise ValueError(f"unit {record.sor_code}: its location number and its location source {source} disagree")
    if record.kind is UnitKind.INSTITUTION_OWNER:
        if source is LocationSource.INHERITED:
            raise ValueError(f"unit {record.sor_code} is an institution owner, which can't inherit a location number")
        if record.location is not None:
            lines += _location(record.location, tags, "  ")
        return
    if source is LocationSource.UNKNOWN:
        return
    option = tags["OptionalEanLocationCode"]
    lines.append(f"  <{option}>")
    if record.location is not None:
        lines += _location(record.location, tags, "    ")
    else:
        inherits = "true" if source is LocationSource.INHERITED else "false"
        lines.append("    " + _element(tags["EntityInheritedIndicator"], inherits))
    lines.append(f"  </{option}>")


def _location(location: LocationRecord, tags: Tags, pad: str) -> list[str]:
    inner = pad + "  "
    lines = [
        f"{pad}<EanLocationCodeEntity>",
        inner + _element(tags["EanLocationCode"], location.number),
        inner + _element(tags["OnlyInternalIndicator"], "true" if location.internal_only else "false"),
        inner + _element(tags["NonActiveIndicator"], "true" if location.inactive else "false"),
    ]
    for tag, field in tags.location:
        text = getattr(location, field)
        if text:
            lines.append(inner + _element(tag, text))
    if location.has_status:
        _status(lines, location, tags, inner)
    lines.append(f"{pad}</EanLocationCodeEntity>")
    return lines


def _status(lines: list[str], record: UnitRecord | LocationRecord, tags: Tags, pad: str) -> None:
    status = tags["SorStatus"]
    inner = pad + "  "
    lines.append(f"{pad}<{status}>")
    from_date, to_date = _day(record.from_date), _day(record.to_date)
    if record.period_unreadable:
        from_date, to_date = (from_date, IMPOSSIBLE_DATE) if from_date else (IMPOSSIBLE_DATE, to_date)
    for name, text in (
        ("FromDate", from_date),
        ("ToDate", to_date),
        ("UpdatedAt", record.updated_at),
        ("FirstFromDate", _day(record.first_from_date)),
    ):
        if text:
            lines.append(inner + _element(tags[name], text))
    lines.append(f"{pad}</{status}>")


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day is not None else ""


def _address(lines: list[str], name: str, address: tuple[str, ...] | None, tags: Tags) -> None:
    if address is None:
        return
    postal = tags["AddressPostal"]
    lines += [f"  <{name}>", f"    <{postal}>"]
    for tag, position in tags.address:
        text = address[position]
        if text:
            attribute = ' scheme="iso3166-alpha2"' if tag == "dkcc:CountryIdentificationCode" else ""
            lines.append(f"      <{tag}{attribute}>{_escaped(text)}</{tag}>")
    lines.append(f"    </{postal}>")
    if address[STAIRWAY]:
        lines.append("    " + _element("Stairway", address[STAIRWAY]))
    lines.append(f"  </{name}>")


def _block(name: str, tags: Sequence[str], texts: Sequence[str]) -> list[str]:
    inner = [f"    {_element(tag, text)}" for tag, text in zip(tags, texts, strict=True) if text]
    return [f"  <{name}>", *inner, f"  </{name}>"]


_NEEDS_CARE = re.compile("[&<>\x00-\x1f\ufffe\uffff\ud800-\udfff]")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def _escaped(text: str) -> str:
    if _NEEDS_CARE.search(text) is None:
        return text
    if _FORBIDDEN.search(text):
        raise ValueError(f"XML can't hold the text {text!r}")
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


def _element(tag: str, text: str) -> str:
    return f"<{tag}>{_escaped(text)}</{tag}>"
