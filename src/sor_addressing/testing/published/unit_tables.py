"""Writes the published tables of units: ``sor.csv``, and ``SorEntity_daily.csv`` or ``SOREntity.csv``.

Not all headers of the published files are known; those that aren't are named here the way the others are, and every one can
be given. Both tables lack some of what ``Sor.xml`` has, see :data:`NOT_IN_SOR_CSV` and :data:`NOT_IN_SOR_ENTITY`.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO

from sor_addressing.cells import raw_csv_writer
from sor_addressing.model import ADDRESS_FIELDS, CONTACT_FIELDS, LocationRecord, LocationSource, UnitKind, UnitRecord
from sor_addressing.testing.published.sor_xml import IMPOSSIBLE_DATE, UnitsOfADay
from sor_addressing.texts import entries
from sor_addressing.whole_file import written_binary

__all__ = [
    "NOT_IN_SOR_CSV",
    "NOT_IN_SOR_ENTITY",
    "ORGANISATIONS_HEADER",
    "SOR_CSV_HEADER",
    "SOR_ENTITY_HEADER",
    "write_organisations",
    "write_sor_csv",
    "write_sor_entity",
]

SOR_CSV_HEADER: Mapping[str, str] = {
    "sor_code": "SOR-kode",
    "unit_kind": "SORtype",
    "unit_name": "Enhedsnavn",
    "unit_type": "Enhedstype",
    "parent_sor_code": "Parent-SOR-kode",
    "institution_owner": "Institutionsejer",
    "health_institution": "Sundhedsinstitution",
    "from_date": "Gaeldende_fra_dato",
    "to_date": "Ophoert_dato",
    "updated_at": "Sidst_aendret_dato",
    "cvr_number": "CVR",
    "provider_number": "Ydernummer",
    "shak_code": "SghAfd-kode",
    "pharmacy_number": "Apoteksnummer",
    "local_code": "Lokalkode",
    "speciality": "Hovedspeciale",
    **{
        f"{kind}_{field}": f"{letter}_{name}" if field != "address" else whole
        for kind, letter, whole in (
            ("postal", "P", "Postadresse"),
            ("visiting", "B", "Besoegsadresse"),
            ("activity", "A", "Aktivitetsadresse"),
        )
        for field, name in {
            "address": "",
            "postcode": "Postnummer",
            "district": "By",
            "municipality_code": "KK",
            "region": "Region",
            "street_code": "VK",
            "easting": "X",
            "northing": "Y",
        }.items()
    },
    "telephone": "Telefon",
    "fax": "Fax",
    "email": "E-mail",
    "website": "Hjemmeside",
    "location_number": "Lokationsnummer",
    "location_source": "Nedarvningsstatus",
    "location_status": "Lokationsnummerstatus",
    "region": "Region",
    "system": "EDBsystem",
    "supplier": "Systemleverandoer",
    "net_operator": "Netoperatoer",
}
"""The columns of ``sor.csv`` as they are called unless told otherwise, by the names that ``columns=`` has for them."""

_SOR_ENTITY_ADDRESS = {
    "street": "StreetName",
    "building": "StreetBuildingId",
    "floor": "FloorId",
    "suite": "SuiteId",
    "sublocation": "AdditionalAddressInfo",
    "postcode": "PostCodeId",
    "district": "DistrictName",
    "easting": "CoordETRS89z32EMeasure",
    "northing": "CoordETRS89z32NMeasure",
}
_KINDS_OF_ADDRESS = ("postal", "visiting", "activity")

ORGANISATIONS_HEADER: Mapping[str, str] = {
    field: SOR_CSV_HEADER[field]
    for field in SOR_CSV_HEADER
    if field not in ("unit_kind", "parent_sor_code", "institution_owner", "health_institution", "region")
} | {"region_code": "Regionskode", "region": "Regionsnavn"}
"""The columns of ``organisations.csv`` as they are called unless told otherwise."""

SOR_ENTITY_HEADER: Mapping[str, str] = {
    "sor_code": "SorId",
    "unit_kind": "SorType",
    "unit_name": "EntityName",
    "unit_type": "EntityTypeName",
    "first_from_date": "FirstFromDate",
    "from_date": "FromDate",
    "to_date": "ToDate",
    "updated_at": "UpdatedAt",
    "parent_sor_code": "ParentSorId",
    "health_institution_sor_code": "HealthInstitutionSorId",
    "health_institution": "HealthInstitutionEntityName",
    "institution_owner_sor_code": "InstitutionOwnerSorId",
    "institution_owner": "InstitutionOwnerEntityName",
    "provider_number": "ProviderId",
    "shak_code": "ShakId",
    "cvr_number": "CvrNumberId",
    "pharmacy_number": "PharmacyId",
    "local_code": "LocalCode",
    "organisational_level_code": "OrganisationalLevelCode",
    "organisational_level": "OrganisationalLevelName",
    "location_number": "EanLocationCode",
    "location_source": "EanLocationCodeInheritance",
    "internal_only": "EanLocationCodeOnlyInternalIndicator",
    "inactive": "EanLocationCodeNonActiveIndicator",
    "region": "EanLocationCodeRegionName",
    "system": "EanLocationCodeSystemTypeName",
    "supplier": "EanLocationCodeSystemSupplierName",
    "net_operator": "EanLocationCodeCommunicationSupplierName",
    "administrator": "EanLocationCodeEdiAdministratorName",
    **{f"speciality_{number}": f"PrioritizedEntitySpeciality{number}Name" for number in range(1, 9)},
    "telephone": "VirtualAddressTelephoneNumber",
    "fax": "VirtualAddressFaxNumber",
    "email": "VirtualAddressEmailAddress",
    "website": "VirtualAddressWebsite",
    **{
        f"{kind}_{field}": f"{kind.title()}Address{name}"
        for kind in _KINDS_OF_ADDRESS
        for field, name in _SOR_ENTITY_ADDRESS.items()
    },
}
"""The columns of ``SorEntity_daily.csv`` and ``SOREntity.csv`` as they are called unless told otherwise."""

_ALWAYS_LOST = (
    "a second type",
    "the period and the note of a location number",
    "types of specialities",
    "geographical parent",
    "successors",
    "information about units",
    "local attributes",
)
NOT_IN_SOR_CSV = (
    *_ALWAYS_LOST,
    "first_from_date",
    "organisational level",
    "administrator and internal_only of a location number",
    "a second speciality",
    "parts of addresses",
    "whether nothing is known of a location number or there is none",
)
"""What ``sor.csv`` has no column for."""

NOT_IN_SOR_ENTITY = (*_ALWAYS_LOST, "parts of addresses")
"""What ``SorEntity_daily.csv`` and ``SOREntity.csv`` have no column for."""

_SOURCE_WORDS = {LocationSource.OWN: "egen", LocationSource.INHERITED: "nedarvet"}
_CODE_COLUMNS = frozenset({"sor_code", "parent_sor_code", "health_institution_sor_code", "institution_owner_sor_code"})
_DATES = ("from_date", "to_date", "first_from_date")


def write_sor_csv(
    extract: UnitsOfADay,
    target: str | Path | IO[bytes],
    *,
    header: Mapping[str, str | None] | None = None,
    delimiter: str = ";",
    encoding: str = "windows-1252",
    newline: str = "\r\n",
    date_format: str = "%Y-%m-%d",
    words: Mapping[str, str] | None = None,
) -> None:
    """Write the units of an extract as ``sor.csv``.

    As in the published file a unit that inherits its location number shows the number, marked *nedarvet*, and quotes are
    characters like any other.

    Args:
        extract: its units, in the order of their rows.
        target: a path, or a binary file, which is left open.
        header: other names for some of the columns in :data:`SOR_CSV_HEADER`, as in ``Register.load(columns=…)``;
            None leaves a column out.
        delimiter: between the cells.
        encoding: any that Python knows.
        newline: between the rows.
        date_format: of days, as ``strftime`` takes it.
        words: code to word, for types, specialities and what stands behind location numbers; codes that are not in it
            are written as they are.

    Raises:
        ValueError: a column that there isn't, or a text that the file can't hold.
    """
    _write_flat(
        extract,
        target,
        _names(SOR_CSV_HEADER, header),
        delimiter=delimiter,
        encoding=encoding,
        newline=newline,
        date_format=date_format,
        words=words or {},
    )


def write_organisations(
    extract: UnitsOfADay,
    target: str | Path | IO[bytes],
    *,
    header: Mapping[str, str | None] | None = None,
    delimiter: str = ";",
    encoding: str = "iso-8859-1",
    newline: str = "\r\n",
    date_format: str = "%Y-%m-%d",
    words: Mapping[str, str] | None = None,
) -> None:
    """Write the units of an extract as the ``organisations.csv`` of MedCom's statistics; arguments as in :func:`write_sor_csv`.

    The tree and the levels of units are not in it.
    """
    _write_flat(
        extract,
        target,
        _names(ORGANISATIONS_HEADER, header),
        delimiter=delimiter,
        encoding=encoding,
        newline=newline,
        date_format=date_format,
        words=words or {},
    )


def _write_flat(
    extract: UnitsOfADay,
    target: str | Path | IO[bytes],
    names: Mapping[str, str],
    *,
    delimiter: str,
    encoding: str,
    newline: str,
    date_format: str,
    words: Mapping[str, str],
) -> None:
    tree = _Tree(extract.units)
    text = io.StringIO(newline="")
    text.write(delimiter.join(names.values()) + newline)
    for record in extract.units:
        cells = _facts(record, tree, date_format, words)
        cells |= _addresses_in_one(record)
        location = tree.location_of(record)
        if location is not None:
            cells["location_number"] = location.number
            cells["location_status"] = "inaktiv" if location.inactive else "aktiv"
        cells["location_source"] = _SOURCE_WORDS.get(record.location_source, "")
        row = [cells.get(field, "") for field in names]
        for cell in row:
            if delimiter in cell or "\n" in cell or "\r" in cell:
                raise ValueError(f"sor.csv has no way to write {cell!r} of {record.sor_code}")
        text.write(delimiter.join(row) + newline)
    _write(text, target, encoding)


def write_sor_entity(
    extract: UnitsOfADay,
    target: str | Path | IO[bytes],
    *,
    daily: bool = True,
    header: Mapping[str, str | None] | None = None,
    delimiter: str = ";",
    encoding: str = "utf-8-sig",
    newline: str = "\r\n",
    date_format: str = "%Y-%m-%d",
    excel: bool = True,
    history: Iterable[UnitRecord] = (),
    words: Mapping[str, str] | None = None,
) -> None:
    """Write the units of an extract as ``SorEntity_daily.csv`` or ``SOREntity.csv``.

    Args:
        extract: its units, in the order of their rows.
        target: a path, or a binary file, which is left open.
        daily: whether units that have closed by the extract's day are left out, as in ``SorEntity_daily.csv``.
        header: other names for some of the columns in :data:`SOR_ENTITY_HEADER`; None leaves a column out.
        delimiter: between the cells.
        encoding: any that Python knows; ``utf-8-sig`` is UTF-8 with a byte order mark.
        newline: between the rows.
        date_format: of days, as ``strftime`` takes it.
        excel: whether SOR codes are written as ``="…"``, as for a spreadsheet that would round them.
        history: what units were before: rows of their own, just above that of the unit with the same SOR code.
        words: code to word, as in :func:`write_sor_csv`.

    Raises:
        ValueError: a column that there isn't.
    """
    names = _names(SOR_ENTITY_HEADER, header)
    tree = _Tree(extract.units)
    earlier: dict[str, list[UnitRecord]] = {}
    for record in history:
        earlier.setdefault(record.sor_code, []).append(record)
    text = io.StringIO(newline="")
    writer = raw_csv_writer(text, delimiter=delimiter, end=newline)
    writer.writerow(names.values())
    for unit in extract.units:
        for record in (*earlier.get(unit.sor_code, ()), unit):
            if daily and record.to_date is not None and record.to_date < extract.snapshot_date:
                continue
            cells = _facts(record, tree, date_format, words or {})
            cells["location_source"] = str(record.location_source)
            if excel:
                cells |= {field: f'="{cells[field]}"' for field in _CODE_COLUMNS if cells.get(field)}
            writer.writerow([cells.get(field, "") for field in names])
    _write(text, target, encoding)


class _Tree:
    """The units by code, for what a row says of the units above."""

    def __init__(self, units: Iterable[UnitRecord]) -> None:
        self._units = {unit.sor_code: unit for unit in units}

    def above(self, record: UnitRecord) -> Iterator[UnitRecord]:
        """The unit itself and those above it, up to where the chain ends or bites its tail."""
        passed: set[str] = set()
        unit: UnitRecord | None = record
        while unit is not None and unit.sor_code not in passed:
            yield unit
            passed.add(unit.sor_code)
            unit = self._units.get(unit.parent_sor_code or "")

    def location_of(self, record: UnitRecord) -> LocationRecord | None:
        """The location number of a unit, its own or the one that it inherits."""
        for unit in self.above(record):
            if unit.location is not None or unit.location_source is not LocationSource.INHERITED:
                return unit.location
        return None


def _names(known: Mapping[str, str], header: Mapping[str, str | None] | None) -> dict[str, str]:
    if unknown := sorted(set(header or ()) - known.keys()):
        raise ValueError(f"no columns {', '.join(unknown)}; there are {', '.join(known)}")
    return {field: name for field, name in {**known, **(header or {})}.items() if name is not None}


def _facts(record: UnitRecord, tree: _Tree, date_format: str, words: Mapping[str, str]) -> dict[str, str]:
    """Field to cell: what both tables write alike."""
    cells = {
        "sor_code": record.sor_code,
        "unit_kind": record.kind.value,
        "unit_name": record.name,
        "unit_type": next((words.get(code, code) for code in record.types), ""),
        "parent_sor_code": record.parent_sor_code or "",
        "updated_at": record.updated_at,
        "provider_number": record.provider_number,
        "shak_code": record.shak_code,
        "cvr_number": record.cvr_number,
        "pharmacy_number": record.pharmacy_number,
        "local_code": record.local_code,
        **dict(
            zip(("organisational_level_code", "organisational_level"), record.organisational_level or (), strict=False)
        ),
        **dict(zip(CONTACT_FIELDS, record.contact or (), strict=False)),
    }
    days = {field: getattr(record, field) for field in _DATES}
    cells |= {field: day.strftime(date_format) for field, day in days.items() if day is not None}
    if record.period_unreadable:
        cells["to_date" if record.from_date else "from_date"] = IMPOSSIBLE_DATE
    for number, (code, _) in enumerate(record.specialities, 1):
        cells[f"speciality_{number}"] = words.get(code, code)
    cells["speciality"] = cells.get("speciality_1", "")
    location = record.location
    if location is not None:
        cells |= {
            "location_number": location.number,
            "internal_only": "true" if location.internal_only else "false",
            "inactive": "true" if location.inactive else "false",
            "region": words.get(location.region_code, location.region_code),
            "region_code": location.region_code,
            "system": words.get(location.system, location.system),
            "supplier": words.get(location.supplier, location.supplier),
            "net_operator": words.get(location.net_operator, location.net_operator),
            "administrator": words.get(location.administrator, location.administrator),
        }
    for kind in _KINDS_OF_ADDRESS:
        address: tuple[str, ...] = getattr(record, f"{kind}_address") or ()
        for field, part in zip(ADDRESS_FIELDS, address, strict=False):
            name = "region" if field == "region_code" else field
            cells[f"{kind}_{name}"] = part.replace(".", ",") if field in ("easting", "northing") else part
    for unit in tree.above(record):
        if unit.kind is UnitKind.HEALTH_INSTITUTION:
            cells |= {"health_institution_sor_code": unit.sor_code, "health_institution": unit.name}
        elif unit.kind is UnitKind.INSTITUTION_OWNER:
            cells |= {"institution_owner_sor_code": unit.sor_code, "institution_owner": unit.name}
    return cells


def _addresses_in_one(record: UnitRecord) -> dict[str, str]:
    """Street and building with floor and suite, as one text, of each address; regions by their names."""
    cells = {}
    for kind in _KINDS_OF_ADDRESS:
        address: tuple[str, ...] = getattr(record, f"{kind}_address") or ()
        parts = dict(zip(ADDRESS_FIELDS, address, strict=False))
        house = " ".join(filter(None, (parts.get("street"), parts.get("building"))))
        door = " ".join(filter(None, (parts.get("floor"), parts.get("suite"))))
        cells[f"{kind}_address"] = ", ".join(filter(None, (house, door)))
        region = entries("codes").get(f"region.{parts.get('region_code')}")
        if region is not None:
            cells[f"{kind}_region"] = region["da"]
    return cells


def _write(text: io.StringIO, target: str | Path | IO[bytes], encoding: str) -> None:
    data = text.getvalue().encode(encoding)
    with written_binary(target) as file:
        file.write(data)
