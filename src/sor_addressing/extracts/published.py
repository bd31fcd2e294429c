"""The published files, one row each: what a file is called, how it is recognised and read, what it can say, and how it is joined.

Recognising, loading, facts, the origins of the store and the documentation loop over :data:`FILES`. A further file is a row here and a
reader beside the others, for a table also its layout in ``data/columns.toml``; the test kit has a writer for it under the same key.

Readers are named and not imported, so that telling files apart needs none of them. A row is one object: files are compared with ``is``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

import attrs

if TYPE_CHECKING:
    from lxml import etree

__all__ = ["COMPLETE", "FILES", "Content", "in_complete_set", "must_be_read", "of_layout"]

COMPLETE = "Sor_complete.zip"
"""The archive that holds the complete set."""

# Packed, a file is the same file.
_PACKED = (".gz", ".zip")


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split(", ")) if text else ()


@attrs.frozen(slots=True, eq=False, kw_only=True)
class Content:
    """What a file can be: one of the published files.

    Attributes:
        key: its name in code, and in facts, layouts and writers.
        name: its name as it is published; how it is shown.
        about: what it holds, for the documentation.
        generation: of which set of files it is.
        layout: of a table, the layout in ``columns.toml`` that its header tells it by.
        member: its name in the complete set, where it is part of that.
        always_read: names under which it is never passed over among other files.
        decisive: of a table, whether an answer would be another one without it: one called like it is never passed over.
        lesser: what stands in the names of those that are not meant where there are others.
        tells_its_day: whether its reader finds the file's own day inside.
        own_rhythm: whether it is a register of its own, published on other days than SOR: it is as old as it is, and SOR is not.
        many_files: whether its records may lie in many files, which are then read together.
        joined: how its records come into a register: a name that ``loading`` has the meaning of. Of several files with
            units, or with registrations, the first row is the one taken.
        needs: what its reader is given beside stream, name and report, and a table's columns: ``on`` (the day), ``types``.
        says: the facts that it has, by their names in ``facts.csv``.
        partly: the facts that it has in part.
    """

    key: str
    name: str
    about: str
    generation: str
    joined: str
    layout: str | None = None
    member: str = ""
    always_read: tuple[str, ...] = ()
    decisive: bool = False
    lesser: str = ""
    tells_its_day: bool = False
    own_rhythm: bool = False
    many_files: bool = False
    needs: tuple[str, ...] = ()
    says: tuple[str, ...] = attrs.field(converter=_listed)
    partly: tuple[str, ...] = attrs.field(default="", converter=_listed)
    _reader: str
    _begins: str = ""
    _elements: str = ""

    def __str__(self) -> str:
        return self.name

    @property
    def is_table(self) -> bool:
        """Whether it is known by its header and read by its columns."""
        return self.layout is not None

    def knows(self, fact: str) -> str:
        """Whether it has a fact: ``yes``, ``partly`` or ``no``."""
        return "yes" if fact in self.says else "partly" if fact in self.partly else "no"

    def read(self, *arguments: Any, **more: Any) -> Iterable[Any]:
        """What its reader makes of a stream: its records. One that finds the file's own ``day`` has it afterwards, and ``version``."""
        return _called(self._reader)(*arguments, **more)  # type: ignore[no-any-return]  # the reader is named by a text

    def begins_like(self, head: bytes) -> bool:
        """Whether it is known by how its text begins, and this begins so."""
        return bool(self._begins) and bool(_called(self._begins)(head))

    def has_elements(self, started: Sequence[etree._Element]) -> bool:
        """Whether it is known by its XML, and these are the elements that it begins with, the root first."""
        return bool(self._elements) and bool(_called(self._elements)(started))


def _called(name: str) -> Callable[..., Any]:
    module, _, attribute = name.partition(":")
    found: Callable[..., Any] = getattr(import_module(module), attribute)
    return found


_TABLES = "sor_addressing.extracts.tables"
_XML = "sor_addressing.extracts.xml"

SOR_XML = Content(
    key="sor_xml",
    name="Sor.xml",
    about="all units as a tree, location numbers, periods, successors",
    generation="legacy",
    elements=f"{_XML}.sor_tree:is_sor_tree",
    reader=f"{_XML}.sor_tree:SorXmlReader",
    always_read=("sor", "sor.xml"),
    tells_its_day=True,
    joined="units",
    says="units, tree, closed units, future units, periods of units, unit types, specialities, provider numbers, SHAK codes, "
    "pharmacy numbers, local codes, location numbers, inheritance of location numbers, periods of location numbers, inactive location "
    "numbers, internal location numbers, systems and suppliers, administrators, regions, successors, postal addresses, visiting "
    "addresses, activity addresses, inheritance of addresses, contacts, geographical parents",
    partly="CVR numbers, municipalities, coordinates, organisational levels",
)
UNITS_TABLE = Content(
    key="units_table",
    name="SorEntity_daily.csv",
    about="active, closing and future units, one row a unit; in the complete set closed ones too, and several rows a unit: one a period",
    generation="SOR2",
    layout="units",
    reader=f"{_TABLES}.units:read_units_table",
    member="SOREntity.csv",
    decisive=True,
    # It lies beside the complete set, and leaves closed units out.
    lesser="daily",
    joined="units",
    says="units, future units, periods of units, unit types, specialities, regions, postal addresses, visiting addresses, activity "
    "addresses, coordinates, contacts",
    partly="tree, closed units, history of units, organisational levels, "
    "provider numbers, SHAK codes, CVR numbers, pharmacy numbers, local codes, location "
    "numbers, inheritance of location numbers, inactive location numbers, internal location numbers, systems and suppliers, administrators",
)
SOR_CSV = Content(
    key="sor_csv",
    name="sor.csv",
    about="one row a unit, flat",
    generation="legacy",
    layout="sor_csv",
    reader=f"{_TABLES}.units:read_sor_csv",
    joined="units",
    says="units, tree, periods of units, unit types, provider numbers, SHAK codes, CVR numbers, pharmacy numbers, local codes, location "
    "numbers, inheritance of location numbers, systems and suppliers, regions, municipalities, postal addresses, visiting addresses, "
    "activity addresses, coordinates, contacts",
    partly="closed units, future units, specialities, inactive location numbers",
)
ORGANISATIONS = Content(
    key="organisations",
    name="organisations.csv",
    about="units of MedCom's statistics, one row a unit, without the tree",
    generation="MedCom",
    layout="organisations",
    reader=f"{_TABLES}.units:read_organisations",
    joined="units",
    says="units, provider numbers, SHAK codes, regions, postal addresses, visiting addresses, activity addresses, contacts",
    partly="closed units, future units, periods of units, unit types, specialities, CVR numbers, pharmacy numbers, local codes, location "
    "numbers, inheritance of location numbers, inactive location numbers, internal location numbers, systems and suppliers, municipalities, "
    "coordinates",
)
MESSAGE_TYPES = Content(
    key="message_types",
    name="Edityper.csv",
    about="location numbers joined to message types",
    generation="legacy",
    layout="message_types",
    reader=f"{_TABLES}.message_types:read_rows_of_numbers",
    always_read=("edityper", "edityper.csv"),
    decisive=True,
    joined="registrations by number",
    needs=("on",),
    says="registrations",
    partly="location numbers, directions of registrations",
)
LOCATION_MESSAGE_TYPES = Content(
    key="location_message_types",
    name="LocationsCodeEDITypeMap.csv",
    about="location numbers joined to identifiers of message types",
    generation="SOR2",
    layout="location_message_types",
    reader=f"{_TABLES}.locations:read_location_message_types",
    member="LocationsCodeEDITypeMap.csv",
    decisive=True,
    joined="registrations",
    needs=("on", "types"),
    says="registrations",
    partly="location numbers, directions of registrations",
)
LOCATIONS = Content(
    key="locations",
    name="LocationsCodes.csv",
    about="location numbers, their owners, periods and status, and what stands behind them",
    generation="SOR2",
    layout="locations",
    reader=f"{_TABLES}.locations:read_locations",
    member="LocationsCodes.csv",
    decisive=True,
    joined="numbers",
    says="location numbers, periods of location numbers, inactive location numbers, internal location numbers, systems and suppliers, "
    "administrators, regions",
)
MESSAGE_TYPE_LIST = Content(
    key="message_type_list",
    name="EDITypes.csv",
    about="message types: identifier, code, version, name",
    generation="SOR2",
    layout="message_type_list",
    reader=f"{_TABLES}.locations:read_message_type_list",
    member="EDITypes.csv",
    joined="message types",
    says="names of message types",
)
REPLACED_UNITS = Content(
    key="replaced_units",
    name="SORReplacedEntities.csv",
    about="who took over from whom",
    generation="SOR2",
    layout="replaced_units",
    reader=f"{_TABLES}.companions:read_replaced_units",
    member="SORReplacedEntities.csv",
    joined="successors",
    says="successors",
    partly="days of succession",
)
SHAK_MAP = Content(
    key="shak_map",
    name="SHAKSORMap.csv",
    about="which SHAK code is whose, and when",
    generation="SOR2",
    layout="shak_map",
    reader=f"{_TABLES}.companions:read_shak_map",
    member="SHAKSORMap.csv",
    joined="SHAK map",
    says="SHAK codes, days of SHAK codes",
    partly="retired SHAK codes",
)
CLASSIFICATIONS = Content(
    key="classifications",
    name="SORClassifications.csv",
    about="codes and their texts",
    generation="SOR2",
    layout="classifications",
    reader=f"{_TABLES}.companions:read_classifications",
    member="SORClassifications.csv",
    joined="texts of codes",
    says="texts of codes",
)
GEOLOCATIONS = Content(
    key="geolocations",
    name="Geolocations.csv",
    about="coordinates of units",
    generation="SOR2",
    layout="geolocations",
    reader=f"{_TABLES}.companions:read_geolocations",
    member="Geolocations.csv",
    joined="places",
    says="coordinates",
)
SHAK = Content(
    key="shak",
    name="shakcomplete.txt",
    about="hospital department codes, with their history",
    generation="SHAK",
    begins=f"{_TABLES}.shak:looks_like_shak",
    reader=f"{_TABLES}.shak:read_shak",
    own_rhythm=True,
    joined="SHAK register",
    says="SHAK codes, days of SHAK codes, names of SHAK codes, retired SHAK codes",
)
SHAK_HOSPITALS = Content(
    key="shak_hospitals",
    name="SHAKregion.txt",
    about="hospitals of the SHAK register, with their history and the SOR codes of their units",
    generation="SHAK",
    begins=f"{_TABLES}.shak:looks_like_hospitals",
    reader=f"{_TABLES}.shak:read_hospitals",
    own_rhythm=True,
    joined="SHAK hospitals",
    says="SHAK codes, days of SHAK codes",
    partly="names of SHAK codes, retired SHAK codes",
)
PROVIDERS = Content(
    key="providers",
    name="provider register",
    about="provider numbers, opened and ceased, in XML",
    generation="provider register",
    elements=f"{_XML}.providers:is_provider_register",
    reader=f"{_XML}.providers:ProviderReader",
    tells_its_day=True,
    own_rhythm=True,
    joined="providers",
    says="provider numbers, regions, contacts, ceased provider numbers, names of providers",
    partly="postal addresses",
)

ENDPOINT_REGISTER = Content(
    key="endpoint_register",
    name="endpoint register",
    about="EER of EHMI: units, endpoints with the message types they receive, and products, as FHIR resources in JSON or XML",
    generation="EHMI",
    begins="sor_addressing.extracts.fhir.telling:looks_like_endpoint_register",
    elements="sor_addressing.extracts.fhir.telling:is_endpoint_register",
    reader="sor_addressing.extracts.fhir.reader:EndpointRegisterReader",
    tells_its_day=True,
    own_rhythm=True,
    many_files=True,
    joined="endpoints",
    says="units, tree, registrations",
    partly="unit types, CVR numbers, location numbers, inheritance of location numbers, systems and suppliers, directions of registrations, "
    "postal addresses, contacts",
)

FILES: tuple[Content, ...] = (
    SOR_XML,
    UNITS_TABLE,
    SOR_CSV,
    ORGANISATIONS,
    MESSAGE_TYPES,
    LOCATIONS,
    LOCATION_MESSAGE_TYPES,
    MESSAGE_TYPE_LIST,
    REPLACED_UNITS,
    SHAK_MAP,
    CLASSIFICATIONS,
    GEOLOCATIONS,
    SHAK,
    SHAK_HOSPITALS,
    PROVIDERS,
    ENDPOINT_REGISTER,
)
"""Every published file that can be read."""


def of_layout(layout: str) -> Content:
    """The table that has a layout.

    >>> str(of_layout("units"))
    'SorEntity_daily.csv'

    Raises:
        KeyError: none has it.
    """
    return {content.layout: content for content in FILES}[layout]


def in_complete_set() -> tuple[Content, ...]:
    """The members of the complete set, the units first."""
    return tuple(content for content in FILES if content.member)


def must_be_read(name: str) -> bool:
    """Whether a file of this name is one that is never passed over among others.

    >>> must_be_read("folder/SOR.zip"), must_be_read("sor.csv")
    (True, False)
    """
    own = name.rpartition("/")[2].casefold()
    stem = next((own.removesuffix(end) for end in _PACKED if own.endswith(end)), own)
    return any(stem in content.always_read for content in FILES)
