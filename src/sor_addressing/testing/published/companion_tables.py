"""Writes the seven tables of ``Sor_complete.zip`` that stand beside the units.

Their published headers are not known. :data:`HEADERS` has two spellings of each, English as in the one file of the set whose
columns are known, and Danish as in the older files; any column can be called otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Literal, Protocol, Unpack, get_args

from sor_addressing.model import ADDRESS_FIELDS, LocationRecord, RegistrationRecord, UnitRecord
from sor_addressing.testing.published.message_types import Directions, direction_cells, direction_fields, has_direction
from sor_addressing.testing.published.sor_xml import IMPOSSIBLE_DATE
from sor_addressing.testing.published.table_options import Dates, TableOptions, write_table, written_day
from sor_addressing.texts import entries

__all__ = [
    "HEADERS",
    "Language",
    "RecordsOfADay",
    "write_classifications",
    "write_geolocations",
    "write_location_message_types",
    "write_locations",
    "write_message_type_list",
    "write_replaced_units",
    "write_shak_map",
]

Language = Literal["en", "da"]
"""Which spelling of the headers is written."""

Target = str | Path | IO[bytes]

HEADERS: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "locations": {
        "en": {
            "location_number": "EanLocationCode", "sor_code": "SorId", "location_status": "Status",
            "internal_only": "OnlyInternalIndicator", "system_code": "SystemTypeIdentifier",
            "supplier_code": "SystemSupplierIdentifier", "net_operator_code": "CommunicationSupplierIdentifier",
            "administrator_code": "EdiAdministratorIdentifier", "region_code": "RegionCode",
            "note": "SorNote", "from_date": "FromDate", "to_date": "ToDate",
            "first_from_date": "FirstFromDate", "updated_at": "UpdatedAt",
        },
        "da": {
            "location_number": "Lokationsnummer", "sor_code": "SOR-kode", "location_status": "Lokationsnummerstatus",
            "internal_only": "Kun internt", "system": "EDB-system", "supplier": "Systemleverandør",
            "net_operator": "Netoperatør", "administrator": "EDI-administrator", "region": "Region", "note": "Bemærkning",
            "from_date": "Gældende fra dato", "to_date": "Ophørt dato", "first_from_date": "Oprettet dato",
            "updated_at": "Sidst ændret dato",
        },
    },
    "location_message_types": {
        "en": {
            "location_number": "EanLocationCode", "message_type_id": "EDITypeId", "direction": "Direction",
            "may_send": "CanSend", "may_receive": "CanReceive",
        },
        "da": {
            "location_number": "Lokationsnummer", "message_type_id": "Meddelelsestype-id", "direction": "Retning",
            "may_send": "Kan sende", "may_receive": "Kan modtage",
        },
    },
    "message_type_list": {
        "en": {
            "message_type_id": "EDITypeId", "message_type": "EDITypeCode", "message_version": "Version",
            "message_name": "EDITypeName",
        },
        "da": {
            "message_type_id": "Id", "message_type": "Kode", "message_version": "Versionskode", "message_name": "Betegnelse",
        },
    },
    "replaced_units": {
        "en": {"replaced_sor_code": "ReplacedSorId", "replacing_sor_code": "ReplacingSorId", "from_date": "FromDate"},
        "da": {"replaced_sor_code": "SOR-kode", "replacing_sor_code": "Erstattet af", "from_date": "Gyldig fra"},
    },
    "shak_map": {
        "en": {"shak_code": "ShakIdentifier", "sor_code": "SorId", "from_date": "ValidFrom", "to_date": "ValidTo"},
        "da": {"shak_code": "SHAK-kode", "sor_code": "SOR-kode", "from_date": "Fra dato", "to_date": "Til dato"},
    },
    "classifications": {
        "en": {
            "classification_code": "ClassificationCode", "classification_text": "ClassificationText",
            "classification_group": "ClassificationType",
        },
        "da": {"classification_code": "Kode", "classification_text": "Tekst", "classification_group": "Klassifikation"},
    },
    "geolocations": {
        "en": {"sor_code": "SorId", "easting": "CoordETRS89z32EMeasure", "northing": "CoordETRS89z32NMeasure"},
        "da": {"sor_code": "SOR-kode", "easting": "Koordinat øst", "northing": "Koordinat nord"},
    },
}  # fmt: skip
"""Layout to language to field to header."""

_EASTING, _NORTHING = ADDRESS_FIELDS.index("easting"), ADDRESS_FIELDS.index("northing")
_YES_NO = {True: "1", False: "0"}


class RecordsOfADay(Protocol):
    """What is written: a :class:`~sor_addressing.testing.MadeUpExtract`, or anything else with these."""

    @property
    def units(self) -> Sequence[UnitRecord]:
        """The units."""

    @property
    def registrations(self) -> Sequence[RegistrationRecord]:
        """The registrations."""


def write_locations(
    extract: RecordsOfADay, target: Target, *, language: Language = "en", **options: Unpack[TableOptions]
) -> None:
    """Write ``LocationsCodes.csv``: each unit's own location number, with what stands behind it, a row an owner.

    A period without days is not written, so a number that only *has* a status loses it.

    Args:
        extract: its units.
        target: a path, or a binary file, which is left open.
        language: spelling of the headers.
        options: how the table is written, see :class:`~sor_addressing.testing.published.table_options.TableOptions`.
    """
    dates = options.get("dates", "iso")
    rows = (_location_row(unit.sor_code, unit.location, dates) for unit in extract.units if unit.location is not None)
    write_table(_names("locations", language), rows, target, **options)


def write_location_message_types(
    extract: RecordsOfADay,
    target: Target,
    *,
    language: Language = "en",
    by: Literal["id", "code", "code version"] = "id",
    directions: Directions | None = None,
    **options: Unpack[TableOptions],
) -> None:
    """Write ``LocationsCodeEDITypeMap.csv``: the registrations, by identifiers of :func:`write_message_type_list`.

    Args:
        extract: its registrations.
        target: a path, or a binary file, which is left open.
        language: spelling of the headers.
        by: ``"code"`` and ``"code version"`` write these instead of the identifier, in a column called the same.
        directions: as in :func:`~sor_addressing.testing.write_message_types`.
        options: how the table is written, see :class:`~sor_addressing.testing.published.table_options.TableOptions`.
    """
    if directions is None:
        directions = "two-rows" if any(map(has_direction, extract.registrations)) else "none"
    fields = ("location_number", "message_type_id", *direction_fields(directions))
    names = _names("location_message_types", language)
    identifiers = _identifiers(extract)

    def rows() -> Iterator[Sequence[str]]:
        for record in extract.registrations:
            text = record.message_type
            spelt = identifiers[text] if by == "id" else text.partition(" ")[0] if by == "code" else text
            for direction in direction_cells(record, directions):
                yield record.location_number, spelt, *direction

    write_table({field: names[field] for field in fields}, rows(), target, **options)


def write_message_type_list(
    extract: RecordsOfADay, target: Target, *, language: Language = "en", **options: Unpack[TableOptions]
) -> None:
    """Write ``EDITypes.csv``: each message type that is registered, numbered from 1; arguments as in :func:`write_locations`."""
    rows = []
    for text, identifier in _identifiers(extract).items():
        code, _, version = text.partition(" ")
        rows.append((identifier, code, version, f"Opdigtet meddelelse {code}"))
    write_table(_names("message_type_list", language), rows, target, **options)


def write_replaced_units(
    extract: RecordsOfADay, target: Target, *, language: Language = "en", **options: Unpack[TableOptions]
) -> None:
    """Write ``SORReplacedEntities.csv``: who took over from whom, each pair once; arguments as in :func:`write_locations`.

    The day is the first of the unit that took over.
    """
    dates = options.get("dates", "iso")
    begins = {unit.sor_code: unit.from_date for unit in extract.units}
    pairs: dict[tuple[str, str], None] = {}
    for unit in extract.units:
        pairs.update(dict.fromkeys((replaced, unit.sor_code) for replaced in unit.replaces))
        pairs.update(dict.fromkeys((unit.sor_code, replacing) for replacing in unit.replaced_by))
    rows = ((old, new, written_day(begins.get(new), dates)) for old, new in pairs)
    write_table(_names("replaced_units", language), rows, target, **options)


def write_shak_map(
    extract: RecordsOfADay, target: Target, *, language: Language = "en", **options: Unpack[TableOptions]
) -> None:
    """Write ``SHAKSORMap.csv``: the SHAK codes of the units, for the unit's own period; arguments as in :func:`write_locations`."""
    dates = options.get("dates", "iso")
    rows = ((unit.shak_code, unit.sor_code, *_period(unit, dates)) for unit in extract.units if unit.shak_code)
    write_table(_names("shak_map", language), rows, target, **options)


def write_classifications(
    extract: RecordsOfADay, target: Target, *, language: Language = "en", **options: Unpack[TableOptions]
) -> None:
    """Write ``SORClassifications.csv``: every code in use and a text; arguments as in :func:`write_locations`.

    Texts are those that this library knows, else made up.
    """
    known = entries("codes")

    def rows() -> Iterator[Sequence[str]]:
        for group, codes in _codes_in_use(extract).items():
            for code in codes:
                texts = known.get(f"{group}.{code}")
                yield code, texts["da"] if texts else f"Opdigtet {group} {code}", group

    write_table(_names("classifications", language), rows(), target, **options)


def write_geolocations(
    extract: RecordsOfADay,
    target: Target,
    *,
    language: Language = "en",
    decimal: Literal[",", "."] = ",",
    **options: Unpack[TableOptions],
) -> None:
    """Write ``Geolocations.csv``: where each unit lies that has coordinates in an address of its own.

    The activity address goes before the visiting one, and that before the postal one. Arguments as in
    :func:`write_locations`; ``decimal`` is what stands before decimals.
    """
    rows = (
        (unit.sor_code, *(text.replace(".", decimal) for text in place))
        for unit in extract.units
        if (place := _place(unit)) is not None
    )
    write_table(_names("geolocations", language), rows, target, **options)


def _names(layout: str, language: Language) -> Mapping[str, str]:
    names = HEADERS[layout].get(language)
    if names is None:
        raise ValueError(f"language is one of {', '.join(get_args(Language))}, not {language!r}")
    return names


def _location_row(sor_code: str, location: LocationRecord, dates: Dates) -> Sequence[str]:
    return (
        location.number,
        sor_code,
        "Inaktiv" if location.inactive else "Aktiv",
        _YES_NO[location.internal_only],
        location.system,
        location.supplier,
        location.net_operator,
        location.administrator,
        location.region_code,
        location.note,
        *(_period(location, dates) if location.has_status else ("", "")),
        written_day(location.first_from_date, dates) if location.has_status else "",
        location.updated_at,
    )


def _period(record: UnitRecord | LocationRecord, dates: Dates) -> tuple[str, str]:
    """First and last day; an unreadable period gets an impossible date, where ``Sor.xml`` has it too."""
    from_date, to_date = written_day(record.from_date, dates), written_day(record.to_date, dates)
    if record.period_unreadable:
        return (from_date, IMPOSSIBLE_DATE) if from_date else (IMPOSSIBLE_DATE, to_date)
    return from_date, to_date


def _identifiers(extract: RecordsOfADay) -> dict[str, str]:
    types = dict.fromkeys(record.message_type for record in extract.registrations)
    return {text: str(number) for number, text in enumerate(types, start=1)}


def _codes_in_use(extract: RecordsOfADay) -> dict[str, list[str]]:
    """Group to its codes, each once, in the order of their first use; the groups are those of ``texts/codes.toml``."""
    found: dict[str, dict[str, None]] = {
        group: {} for group in ("type", "speciality", "system", "supplier", "net-operator", "administrator", "region")
    }
    for unit in extract.units:
        found["type"].update(dict.fromkeys(unit.types))
        found["speciality"].update(dict.fromkeys(code for code, _ in unit.specialities))
        if (location := unit.location) is not None:
            for group, code in (
                ("system", location.system),
                ("supplier", location.supplier),
                ("net-operator", location.net_operator),
                ("administrator", location.administrator),
                ("region", location.region_code),
            ):
                found[group][code] = None
    return {group: [code for code in codes if code] for group, codes in found.items()}


def _place(unit: UnitRecord) -> tuple[str, str] | None:
    for address in (unit.activity_address, unit.visiting_address, unit.postal_address):
        if address is not None and address[_EASTING] and address[_NORTHING]:
            return address[_EASTING], address[_NORTHING]
    return None
