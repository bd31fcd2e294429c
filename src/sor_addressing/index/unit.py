"""What users see of a unit: :class:`Unit`, a light view on a row of an index, and the :class:`Location` it can be reached at."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from sor_addressing.field_names import UNIT_INFORMATION_FIELDS
from sor_addressing.index.addresses import Holding, holding
from sor_addressing.index.columns import (
    DECLARES_INHERITED,
    DECLARES_NOTHING,
    INACTIVE,
    INTERNAL_ONLY,
    LOCATION_BROKEN,
    LOCATION_INHERITED,
    LOCATION_OWN,
    LOCATION_PERIOD_UNREADABLE,
    LOCATION_SOURCE_NOT_KNOWN,
    LOCATION_STATE_UNREADABLE,
    NOTHING,
    PERIOD_UNREADABLE,
)
from sor_addressing.index.lookup import Index, NumberFact
from sor_addressing.index.packed import Packed
from sor_addressing.index.told.registration import Registration as Registration
from sor_addressing.index.told.registration import day_of as day_of
from sor_addressing.index.told.registration import registrations_of_number as registrations_of_number
from sor_addressing.model import (
    ADDRESS_FIELDS,
    KINDS,
    Address,
    Contact,
    LocationSource,
    OrganisationalLevel,
    Period,
    Speciality,
    UnitKind,
)

_REGION_CODE = ADDRESS_FIELDS.index("region_code")

ADDRESS_INHERITANCE = "inheritance of addresses"
"""Among what a register does not know: its file shows addresses on every row, and not whose they are."""

_KIND_OF_ADDRESS = {"postal_address": "postal", "visiting_address": "visiting", "activity_address": "activity"}


@attrs.frozen(slots=True)
class Location:
    """The location number (*lokationsnummer*) a unit is reached at, and what stands behind it.

    ``owner`` is the unit that declares the number its own; ``inherited`` tells whether that is another unit.
    ``active`` is False where the register marks the number inactive, ``internal_only`` True where only the owner's own organisation may
    use it; both are None where none of the files can say so. ``period`` is the number's own, apart from the unit's; a number without one is
    always in force, and ``period_known`` is False where none of the files has periods of numbers.
    ``system``, ``supplier``, ``net_operator`` and ``administrator`` are codes of the register; None is "not said".
    """

    number: str
    owner: Unit
    inherited: bool
    active: bool | None
    internal_only: bool | None
    period: Period
    system: str | None
    supplier: str | None
    net_operator: str | None
    region: str | None
    administrator: str | None
    note: str | None
    period_known: bool = True

    @property
    def registrations(self) -> tuple[Registration, ...]:
        """Message types registered on the number in SOR-EDI and EER, sorted by type; empty where none are, or none were loaded."""
        index = self.owner._index
        return registrations_of_number(index, index.number_of(self.number))

    def to_dict(self) -> dict[str, object]:
        """Plain types; the owner by its SOR code and name."""
        return {
            "number": self.number,
            "owner": {"sor_code": self.owner.sor_code, "name": self.owner.name},
            "inherited": self.inherited,
            "active": self.active,
            "internal_only": self.internal_only,
            "period": self.period.to_dict(),
            "period_known": self.period_known,
            "system": self.system,
            "supplier": self.supplier,
            "net_operator": self.net_operator,
            "region": self.region,
            "administrator": self.administrator,
            "note": self.note,
            "registrations": [registration.to_dict() for registration in self.registrations],
        }


class Unit:
    """A unit of the register (*enhed*): an institution owner, a health institution or an organisational unit.

    A view on one row: cheap to make, equal and hashable by SOR code within its register, and alive as long as it is held.
    What the file does not say is None, or empty where there can be several.
    """

    __slots__ = ("_index", "_row")

    def __init__(self, index: Index, row: int) -> None:
        self._index = index
        self._row = row

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Unit):
            return NotImplemented
        return self._row == other._row and self._index is other._index

    def __hash__(self) -> int:
        return hash((id(self._index), self._row))

    def __repr__(self) -> str:
        return f"<Unit {self.sor_code} {self.name!r}>"

    def _record(self) -> Packed:
        return self._index.record(self._row)

    @property
    def sor_code(self) -> str:
        """SOR code (*SOR-kode*), the unit's only unique identifier."""
        return self._index.sor_code(self._row)

    @property
    def name(self) -> str:
        """Name (*enhedsnavn*) as the register writes it."""
        return self._index.name(self._row)

    @property
    def kind(self) -> UnitKind:
        """``IE`` institution owner, ``SI`` health institution or ``OE`` organisational unit."""
        return KINDS[self._index.columns.unit_kind[self._row]]

    @property
    def types(self) -> tuple[str, ...]:
        """Codes of the unit's types; a unit can have several."""
        return self._record().types

    @property
    def period(self) -> Period:
        """When the unit is in force; the last day is inclusive."""
        columns, row = self._index.columns, self._row
        record = self._record()
        return Period(
            day_of(columns.unit_from[row]),
            day_of(columns.unit_to[row]),
            record.first_from_date,
            record.updated_at or None,
            not columns.unit_flags[row] & PERIOD_UNREADABLE,
        )

    @property
    def parent(self) -> Unit | None:
        """The unit directly above; None at the top, and where the one above is missing from the extract."""
        self._index.check_standing()
        row = self._index.columns.unit_parent[self._row]
        return None if row == NOTHING else Unit(self._index, row)

    @property
    def children(self) -> tuple[Unit, ...]:
        """The units directly below, in the order of the extract."""
        return tuple(Unit(self._index, row) for row in self._index.children(self._row))

    @property
    def ancestors(self) -> tuple[Unit, ...]:
        """The units above, nearest first."""
        return tuple(Unit(self._index, row) for row in self._index.ancestors(self._row))

    @property
    def descendants(self) -> Iterator[Unit]:
        """All units below, each before those below it."""
        waiting = list(reversed(self._index.children(self._row)))
        while waiting:
            row = waiting.pop()
            yield Unit(self._index, row)
            waiting.extend(reversed(self._index.children(row)))

    def is_within(self, other: Unit) -> bool:
        """Whether this unit is ``other`` or lies somewhere below it."""
        return self == other or any(
            row == other._row and self._index is other._index for row in self._index.ancestors(self._row)
        )

    @property
    def location(self) -> Location | None:
        """Where the unit can be reached: its own location number or the nearest inherited one; None where there is neither."""
        index, columns = self._index, self._index.columns
        index.check_standing()
        row = columns.unit_location[self._row]
        if row == NOTHING:
            return None
        flags = columns.location_flags[row]
        text = index.text

        def not_known(fact: NumberFact, value: bool, *, said: bool) -> bool | None:
            return None if not said and (fact in index.not_known or flags & LOCATION_STATE_UNREADABLE) else value

        return Location(
            index.number_text(columns.location_number[row]),
            Unit(index, columns.location_owner[row]),
            columns.unit_location_state[self._row] == LOCATION_INHERITED,
            not_known(NumberFact.INACTIVE, not flags & INACTIVE, said=bool(flags & INACTIVE)),
            not_known(NumberFact.INTERNAL, bool(flags & INTERNAL_ONLY), said=bool(flags & INTERNAL_ONLY)),
            Period(
                day_of(columns.location_from[row]),
                day_of(columns.location_to[row]),
                day_of(columns.location_first_from[row]),
                text(columns.location_updated[row]) or None,
                not flags & LOCATION_PERIOD_UNREADABLE,
            ),
            text(columns.location_system[row]) or None,
            text(columns.location_supplier[row]) or None,
            text(columns.location_net_operator[row]) or None,
            text(columns.location_region[row]) or None,
            text(columns.location_administrator[row]) or None,
            text(columns.location_note[row]) or None,
            NumberFact.PERIODS not in index.not_known,
        )

    @property
    def location_source(self) -> LocationSource:
        """Where the register says that the unit's location number comes from: its own, inherited, none, or not said."""
        columns = self._index.columns
        flags = columns.unit_flags[self._row]
        if flags & LOCATION_SOURCE_NOT_KNOWN:
            return LocationSource.UNKNOWN
        if flags & DECLARES_INHERITED:
            return LocationSource.INHERITED
        if columns.unit_location_state[self._row] == LOCATION_OWN:
            return LocationSource.OWN
        return LocationSource.NONE if flags & DECLARES_NOTHING else LocationSource.UNKNOWN

    @property
    def inherits_location(self) -> bool:
        """Whether the register says that the unit's location number comes from above, also where the way up is broken."""
        return self.location_source is LocationSource.INHERITED

    @property
    def inheritance_is_broken(self) -> bool:
        """Whether the unit should inherit a location number and the way up ends at a unit without one."""
        return self._index.columns.unit_location_state[self._row] == LOCATION_BROKEN

    @property
    def provider_number(self) -> str | None:
        """Provider number (*ydernummer*), canonical; several units can share it."""
        return self._record().provider_number or None

    @property
    def shak_code(self) -> str | None:
        """SHAK code (*SghAfd-kode*); several units can share it."""
        return self._record().shak_code or None

    @property
    def cvr_number(self) -> str | None:
        """CVR number of the legal entity."""
        return self._record().cvr_number or None

    @property
    def pharmacy_number(self) -> str | None:
        """Pharmacy number (*apoteksnummer*): pharmacy and branch, parted by a comma."""
        return self._record().pharmacy_number or None

    @property
    def local_code(self) -> str | None:
        """A code of the owner's own (*lokalkode*)."""
        return self._record().local_code or None

    @property
    def organisational_level(self) -> OrganisationalLevel | None:
        """Organisational level (*organisatorisk niveau*), where the file has it."""
        parts = self._record().organisational_level
        return OrganisationalLevel(parts[0] or None, parts[1] or None) if any(parts) else None

    @property
    def specialities(self) -> tuple[Speciality, ...]:
        """Clinical specialities, up to eight, as the register orders them."""
        return tuple(Speciality(code, kind or None) for code, kind in self._record().specialities)

    @property
    def region(self) -> str | None:
        """Region code (``1081`` to ``1085``) of the visiting address, or the postal one in its place, else of the location number."""
        held = self._holding("visiting_address")
        if held is not None and (code := getattr(held.record, held.field)[_REGION_CODE]):
            return str(code)
        location = self.location
        return location.region if location is not None else None

    @property
    def municipality(self) -> str | None:
        """Municipality code (four digits) of the visiting address, else of the postal one, own or inherited."""
        return self._index.text(self._index.columns.unit_municipality[self._row]) or None

    @property
    def postal_address(self) -> Address | None:
        """Postal address: its own, else that of the nearest unit above with one."""
        return self._address("postal_address")

    @property
    def visiting_address(self) -> Address | None:
        """Visiting address: its own, else the postal one in its place, which the rules of ``Sor.xml`` say; of a table its own alone."""
        return self._address("visiting_address")

    @property
    def activity_address(self) -> Address | None:
        """Address of activity: its own, else the visiting one in its place, as for that."""
        return self._address("activity_address")

    def _holding(self, asked: str) -> Holding | None:
        return holding(self._index, self._row, asked)

    def _address(self, asked: str) -> Address | None:
        held = self._holding(asked)
        if held is None:
            return None
        known = ADDRESS_INHERITANCE not in self._index.not_known
        if held.field == "postal_address" != asked and not known:
            return None  # where the file shows addresses on every row, one that is not there is none
        parts: tuple[str, ...] = getattr(held.record, held.field)
        return Address(
            **{name: part or None for name, part in zip(ADDRESS_FIELDS, parts, strict=True)},
            kind=_KIND_OF_ADDRESS[held.field],
            stands_for=None if held.field == asked else _KIND_OF_ADDRESS[asked],
            inherited_from=self._whose(held),
            inheritance_known=known,
        )

    def _whose(self, held: Holding) -> str | None:
        """SOR code of the unit above from which an address or a contact comes; None for its own."""
        return None if held.row == self._row else self._index.sor_code(held.row)

    @property
    def contact(self) -> Contact | None:
        """E-mail, website, telephone and fax: its own, else those of the nearest unit above with any."""
        held = self._holding("contact")
        if held is None:
            return None
        email, website, telephone, fax = (part or None for part in held.record.contact)
        return Contact(email, website, telephone, fax, self._whose(held))

    @property
    def replaces(self) -> tuple[str, ...]:
        """SOR codes of the units that this one took over from, by its word or by theirs; they need not be in the register."""
        return self._index.replaces(self._row)

    @property
    def replaced_by(self) -> tuple[str, ...]:
        """SOR codes of the units that took over from this one, by its word or by theirs; they need not be in the register."""
        return self._index.replaced_by(self._row)

    @property
    def geographical_parent(self) -> tuple[str, str | None] | None:
        """Relation code (1 own, 2 organisational parent, 3 other, 4 none, 5 unknown) and the SOR code it names."""
        parts = self._record().geographical_parent
        return (parts[0], parts[1] or None) if parts else None

    @property
    def information(self) -> dict[str, str]:
        """What the register says of an organisational unit's activity, by name, as it writes it."""
        return {
            name: text for name, text in zip(UNIT_INFORMATION_FIELDS, self._record().information, strict=False) if text
        }

    @property
    def local_attributes(self) -> tuple[str, ...]:
        """The owner's five free attributes; empty texts where one is not said, empty where none is."""
        return self._record().local_attributes

    def to_dict(self) -> dict[str, object]:
        """Plain types, stable keys; units above by SOR code and name."""
        location = self.location
        return {
            "sor_code": self.sor_code,
            "name": self.name,
            "kind": str(self.kind),
            "types": list(self.types),
            "period": self.period.to_dict(),
            "ancestors": [{"sor_code": unit.sor_code, "name": unit.name} for unit in self.ancestors],
            "location": location.to_dict() if location else None,
            "inheritance_is_broken": self.inheritance_is_broken,
            "provider_number": self.provider_number,
            "shak_code": self.shak_code,
            "cvr_number": self.cvr_number,
            "pharmacy_number": self.pharmacy_number,
            "local_code": self.local_code,
            "organisational_level": level.to_dict() if (level := self.organisational_level) else None,
            "specialities": [speciality.to_dict() for speciality in self.specialities],
            "region": self.region,
            "municipality": self.municipality,
            "postal_address": _dict_or_none(self.postal_address),
            "visiting_address": _dict_or_none(self.visiting_address),
            "activity_address": _dict_or_none(self.activity_address),
            "contact": _dict_or_none(self.contact),
            "replaces": list(self.replaces),
            "replaced_by": list(self.replaced_by),
            "geographical_parent": list(self.geographical_parent) if self.geographical_parent else None,
            "information": self.information,
            "local_attributes": list(self.local_attributes),
        }


def _dict_or_none(value: Address | Contact | None) -> dict[str, object] | None:
    return None if value is None else value.to_dict()
