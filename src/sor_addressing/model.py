"""What the files say, before any question is asked: records, and the values they are shown as.

Readers yield **records** (:class:`UnitRecord`, :class:`RegistrationRecord`): slotted, filled in place, without navigation.
Users see **values** (:class:`Period`, :class:`Address`, :class:`Contact`, …): frozen and slotted.
``None`` in a record always means *the file does not say*; it never stands for "no".
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

import attrs

from sor_addressing.field_names import ADDRESS_FIELDS, CONTACT_FIELDS, EER, ENVIRONMENTS, PRODUCTION, REGISTERS, SOR_EDI
from sor_addressing.hiding import hide

__all__ = [
    "ADDRESS_FIELDS",
    "CONTACT_FIELDS",
    "EER",
    "ENVIRONMENTS",
    "PRODUCTION",
    "REGISTERS",
    "SOR_EDI",
    "Address",
    "Contact",
    "EndpointRegistration",
    "LocationRecord",
    "LocationSource",
    "Period",
    "Problem",
    "Progress",
    "RegistrationRecord",
    "SourceDay",
    "Speciality",
    "UnitKind",
    "UnitRecord",
]

Progress = Callable[[str, int, int | None], None]
"""Told of work that takes a while: the name of a file, how much of it is done, and how much there is, None where that is not known."""


class UnitKind(StrEnum):
    """The three levels of SOR: owner, institution, and organisational units of any depth."""

    INSTITUTION_OWNER = "IE"
    HEALTH_INSTITUTION = "SI"
    ORGANISATIONAL_UNIT = "OE"


KINDS = (UnitKind.INSTITUTION_OWNER, UnitKind.HEALTH_INSTITUTION, UnitKind.ORGANISATIONAL_UNIT)
"""The kinds in the order of the numbers that stand for them in the column ``unit_kind``."""


class LocationSource(StrEnum):
    """Where a unit says that its location number comes from."""

    OWN = "own"
    INHERITED = "inherited"
    NONE = "none"
    UNKNOWN = "unknown"


@attrs.define(slots=True)
class LocationRecord:
    """A location number as one unit declares it its own, with what stands behind the number.

    The number has a period of its own (``SorStatus`` inside the location element), apart from the unit's.
    ``has_status`` is False where the file gives none: such a number is always in force, and its dates don't count.
    ``state_unreadable`` is set where the file says of inactive or internal use something that can't be read: it is then not known.
    Texts are codes as the file writes them; an empty text is "not said".
    """

    number: str
    internal_only: bool = False
    inactive: bool = False
    system: str = ""
    supplier: str = ""
    net_operator: str = ""
    region_code: str = ""
    administrator: str = ""
    note: str = ""
    has_status: bool = False
    from_date: dt.date | None = None
    to_date: dt.date | None = None
    first_from_date: dt.date | None = None
    updated_at: str = ""
    period_unreadable: bool = False
    state_unreadable: bool = False


@attrs.define(slots=True)
class UnitRecord:
    """One unit (*enhed*) as a file says it.

    ``to_date`` is the last valid day, inclusive. ``period_unreadable`` is set where the file has a date in
    ``from_date`` or ``to_date`` that can't be read; the unit can then not be used. ``gap_above`` is set where
    an ancestor had to be left out, so that nothing may be inherited through that gap. ``inherited_number`` is the number that the file
    shows on the unit's own row although it is inherited, and ``inherited_location`` what that row says of it, where it says anything; most
    files show none. Where ``location`` is given and ``location_source`` is unknown, the file shows a number and not whose it is.
    ``types`` and specialities are codes, or words in files that have no codes. ``organisational_level`` is code and name, one of which may
    be empty.
    Identifiers are compacted, not checked.
    Texts hold no control characters: readers see to that.
    """

    sor_code: str
    kind: UnitKind
    name: str = ""
    parent_sor_code: str | None = None
    line: int = 0
    types: tuple[str, ...] = ()
    from_date: dt.date | None = None
    to_date: dt.date | None = None
    first_from_date: dt.date | None = None
    updated_at: str = ""
    period_unreadable: bool = False
    location_source: LocationSource = LocationSource.UNKNOWN
    location: LocationRecord | None = None
    provider_number: str = ""
    shak_code: str = ""
    cvr_number: str = ""
    pharmacy_number: str = ""
    local_code: str = ""
    specialities: tuple[tuple[str, str], ...] = ()
    postal_address: tuple[str, ...] | None = None
    visiting_address: tuple[str, ...] | None = None
    activity_address: tuple[str, ...] | None = None
    contact: tuple[str, ...] | None = None
    geographical_parent: tuple[str, str] | None = None
    replaces: tuple[str, ...] = ()
    replaced_by: tuple[str, ...] = ()
    information: tuple[str, ...] | None = None
    local_attributes: tuple[str, ...] = ()
    gap_above: bool = False
    inherited_number: str = ""
    inherited_location: LocationRecord | None = None
    organisational_level: tuple[str, str] | None = None


@attrs.define(slots=True)
class RegistrationRecord:
    """One message type on one location number, as a file says it.

    ``message_type`` is the text as written, code and version joined by a space where they stand in two columns.
    ``may_send`` and ``may_receive`` are both None where the file has no direction.
    """

    location_number: str
    message_type: str
    may_send: bool | None = None
    may_receive: bool | None = None
    line: int = 0


@attrs.define(slots=True)
class EndpointRegistration:
    """One message type that an endpoint of EER receives, on its location number.

    ``in_use`` is False where the endpoint's status, or its organisation, says that nothing goes there; ``status`` is FHIR's word.
    ``environment`` is one of :data:`ENVIRONMENTS`.
    """

    location_number: str
    message_type: str
    from_date: dt.date | None = None
    to_date: dt.date | None = None
    status: str = "active"
    in_use: bool = True
    environment: str = ""
    period_unreadable: bool = False
    file: str = ""
    line: int = 0


Said = tuple[str, bool | None, bool | None]
"""What a row says of its location number: message type as written, may send, may receive."""


class RowsOfNumber(NamedTuple):
    """Rows of one location number that follow each other; ``lines`` has the line of each."""

    location_number: str
    said: tuple[Said, ...]
    lines: Sequence[int]


@attrs.frozen(slots=True)
class Period:
    """When a unit or a location number is in force: from the first day to the last, both inclusive.

    An absent ``from_date`` or ``to_date`` is open. ``readable`` is False where the file had a date
    that can't be read; such a period contains no day.

    >>> Period(dt.date(2020, 1, 1), dt.date(2020, 12, 31)).contains(dt.date(2020, 12, 31))
    True
    """

    from_date: dt.date | None = None
    to_date: dt.date | None = None
    first_from_date: dt.date | None = None
    updated_at: str | None = None
    readable: bool = True

    def contains(self, on: dt.date) -> bool:
        """Whether ``on`` lies in the period."""
        return self.readable and not self.is_before(on) and not self.is_after(on)

    def is_before(self, on: dt.date) -> bool:
        """Whether the period ended before ``on``."""
        return self.to_date is not None and self.to_date < on

    def is_after(self, on: dt.date) -> bool:
        """Whether the period begins after ``on``."""
        return self.from_date is not None and self.from_date > on

    def to_dict(self) -> dict[str, object]:
        """Plain types: dates as ISO texts."""
        return {
            "from_date": self.from_date.isoformat() if self.from_date else None,
            "to_date": self.to_date.isoformat() if self.to_date else None,
            "first_from_date": self.first_from_date.isoformat() if self.first_from_date else None,
            "updated_at": self.updated_at,
            "readable": self.readable,
        }


def address_lines(parts: Sequence[str | None]) -> list[str]:
    """The lines of :attr:`Address.lines`, from the fields of an address in their order; what is not said is None or empty."""
    street, building, floor, suite, sublocation, _, subdivision, box, postcode, district, *_ = parts
    street = " ".join(filter(None, (street, building)))
    first = ", ".join(filter(None, (street, " ".join(filter(None, (floor, suite))))))
    if box and box.isdigit():
        box = f"Postboks {box}"
    town = " ".join(filter(None, (postcode, district)))
    return list(filter(None, (sublocation, first, box, subdivision, town)))


@attrs.frozen(slots=True)
class Address:
    """A postal, visiting or activity address. What the file does not say is None.

    ``easting`` and ``northing`` are metres in ETRS89, UTM zone 32 N, as texts with a decimal point.
    ``municipality_code`` has four digits. ``inherited_from`` is the SOR code of the unit above whose address
    it is, and ``stands_for`` says which address was asked for where another one is used in its place
    (no visiting address means the own postal one, no activity address the visiting one). ``inheritance_known`` is False where the file
    shows addresses on every row and not whose they are.
    """

    street: str | None = None
    building: str | None = None
    floor: str | None = None
    suite: str | None = None
    sublocation: str | None = None
    street_for_addressing: str | None = None
    district_subdivision: str | None = None
    post_office_box: str | None = None
    postcode: str | None = None
    district: str | None = None
    country: str | None = None
    stairway: str | None = None
    municipality_code: str | None = None
    street_code: str | None = None
    region_code: str | None = None
    easting: str | None = None
    northing: str | None = None
    kind: str = "postal"
    stands_for: str | None = None
    inherited_from: str | None = None
    inheritance_known: bool = True

    @property
    def lines(self) -> tuple[str, ...]:
        """The address as it is written on a letter, without the name.

        >>> Address(street="Prøvevej", building="7", floor="2", postcode="9999", district="Prøveby").lines
        ('Prøvevej 7, 2', '9999 Prøveby')
        """
        return tuple(address_lines([getattr(self, name) for name in ADDRESS_FIELDS]))

    def to_dict(self) -> dict[str, object]:
        """Plain types, every field."""
        return attrs.asdict(self)


@attrs.frozen(slots=True)
class Contact:
    """Electronic contact (*virtuel adresse*). ``inherited_from`` as in :class:`Address`."""

    email: str | None = None
    website: str | None = None
    telephone: str | None = None
    fax: str | None = None
    inherited_from: str | None = None

    def to_dict(self) -> dict[str, object]:
        """Plain types, every field."""
        return attrs.asdict(self)


@attrs.frozen(slots=True)
class Speciality:
    """A clinical speciality (*klinisk speciale*): its code, and the type the register gives it (main or secondary)."""

    code: str
    type: str | None = None

    def to_dict(self) -> dict[str, object]:
        """Plain types, every field."""
        return attrs.asdict(self)


@attrs.frozen(slots=True)
class OrganisationalLevel:
    """The organisational level of a unit (*organisatorisk niveau*), which SOR2 has since 2025: its code and name, None where not said."""

    code: str | None = None
    name: str | None = None

    def to_dict(self) -> dict[str, object]:
        """Plain types, every field."""
        return attrs.asdict(self)


def _without_person(identifier: str | None) -> str | None:
    return identifier and hide(identifier)


def _without_persons(details: Mapping[str, object]) -> Mapping[str, object]:
    """What a file says, as it may stand in a report."""
    return {name: _hidden(value) for name, value in details.items()}


def _hidden(value: object) -> object:
    if isinstance(value, str):
        return hide(value)
    return tuple(map(_hidden, value)) if type(value) is tuple else value


@attrs.frozen(slots=True)
class Problem:
    """Something in a file that is not as it should be, and what was done about it.

    ``code`` is stable; ``details`` fills the texts. ``line`` counts from 1, None where it is not known. What looks like a CPR number is hidden.
    """

    code: str
    file: str
    line: int | None = None
    identifier: str | None = attrs.field(default=None, converter=_without_person)
    details: Mapping[str, object] = attrs.field(factory=dict, eq=True, hash=False, converter=_without_persons)

    def title(self, language: str = "en") -> str:
        """What the problem is called in lists, in English (``"en"``) or Danish (``"da"``)."""
        from sor_addressing.texts import title_of

        return title_of("problems", self.code, language)

    def text(self, language: str = "en") -> str:
        """The problem as a sentence, in English (``"en"``) or Danish (``"da"``)."""
        from sor_addressing.texts import text_of

        return text_of("problems", self.code, language, self._values())

    def _values(self) -> dict[str, object]:
        return {"file": self.file, "line": self.line, "identifier": self.identifier, **self.details}

    def to_dict(self) -> dict[str, object]:
        """Plain types, with the English text."""
        return {
            "code": self.code,
            "file": self.file,
            "line": self.line,
            "identifier": self.identifier,
            "details": {
                name: list(value) if isinstance(value, tuple) else value for name, value in self.details.items()
            },
            "text": self.text(),
        }


@attrs.frozen(slots=True)
class SourceDay:
    """One source of a register: its file, what it was recognised as, its day, and where that day was found.

    ``digest`` is the SHA-256 of the file as it lay there, in hexadecimal; None where it could not be told.
    ``origin`` is ``file`` (inside it), ``argument``, ``zip-member``, ``file-time`` or ``unknown``.
    """

    file: str
    content: str
    day: dt.date | None
    origin: str
    layout: str | None = None
    digest: str | None = None

    def to_dict(self) -> dict[str, object]:
        """Plain types: the day as an ISO text."""
        return {
            "file": self.file,
            "content": self.content,
            "day": self.day.isoformat() if self.day else None,
            "origin": self.origin,
            "layout": self.layout,
            "digest": self.digest,
        }

    def to_line(self) -> str:
        """Everything on one line, for people who look into a compiled file."""
        shown = (self.content, self.day, self.origin, self.digest, self.file)
        return " ".join("-" if part is None else str(part) for part in shown).replace("\n", " ")
