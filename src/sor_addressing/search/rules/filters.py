"""What is asked of a recipient besides its name: :class:`Filter`, the same for ``find``, ``search`` and the command line."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any, Literal, TypedDict, Unpack, get_args

import attrs

from sor_addressing.addressing.support import Direction, Side
from sor_addressing.errors import FilterError
from sor_addressing.identifiers import ProviderNumber, SorCode
from sor_addressing.index.unit import Unit
from sor_addressing.messages.catalogue import MessageType, catalogue
from sor_addressing.misspelt import suggests_fields
from sor_addressing.model import KINDS, UnitKind

Conversions = Literal["allowed", "direct"]
CONVERSIONS = get_args(Conversions)
"""Whether a letter may be converted on its way."""

_RANGE = re.compile(r"(\d+)\s*[-\N{EN DASH}]\s*(\d+)", re.ASCII)
_LARGEST_DEGREE = 360
_MOST_DIGITS_OF_A_DEPTH = 5

Listed = str | Iterable[str] | None
Placed = str | Unit | Iterable[str | Unit] | None
"""Owners, institutions or hospitals: units, SOR codes or names."""
Levels = str | int | Iterable[str | int] | None


def _texts(given: Listed) -> tuple[str, ...]:
    if given is None:
        return ()
    return tuple(dict.fromkeys(" ".join(value.split()) if _is_text(value) else value for value in _values(given)))


def _values(given: object) -> tuple[Any, ...]:
    """One value or several; a blank one for an empty list, which else would mean "everything", and which is refused."""
    values = tuple(given) if isinstance(given, Iterable) and not isinstance(given, str) else (given,)
    return values or ("",)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _check_texts(_instance: object, attribute: attrs.Attribute[Any], values: tuple[object, ...]) -> None:
    for value in values:
        if not isinstance(value, str):
            raise FilterError(f"{attribute.name} is {value!r}: write it as text, for leading zeros count")
        if not value:
            raise FilterError(f"{attribute.name} is empty: leave it out, or give at least one value")


def _municipalities(given: Listed) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value.zfill(4) if _is_number(value) else value for value in _texts(given)))


def _provider_numbers(given: Listed) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ProviderNumber.compact(value) if _is_text(value) else value for value in _texts(given)))


def _is_number(value: object) -> bool:
    return isinstance(value, str) and value.isascii() and value.isdigit()


def _kinds(given: Listed) -> tuple[UnitKind, ...]:
    try:
        return tuple(dict.fromkeys(UnitKind(value.upper() if _is_text(value) else value) for value in _texts(given)))
    except ValueError:
        raise FilterError(f"kind is {given!r}: use {', '.join(UnitKind)}, one or several") from None


def _message_type(given: str | MessageType | None) -> MessageType | None:
    if given is None or isinstance(given, MessageType):
        return given
    found = catalogue().read(given) if _is_text(given) else None
    if found is None:
        raise FilterError(f"message_type is {given!r}: give one type, such as XDIS91, or leave it out")
    return found


def _direction(given: Side) -> Direction:
    try:
        return Direction(given)
    except ValueError:
        raise FilterError(f"direction is {given!r}: use {' or '.join(Direction)}") from None


def _within(given: str | Unit | None) -> str | None:
    if given is None:
        return None
    if isinstance(given, Unit):
        return given.sor_code
    if not _is_text(given) or not given.strip():
        raise FilterError(f"within is {given!r}: give a Unit or its SOR code, or leave it out")
    return SorCode.compact(given)


def _places(given: Placed) -> tuple[str, ...]:
    if isinstance(given, Unit):
        return (given.sor_code,)
    values = () if given is None else _values(given)
    return _texts([value.sor_code if isinstance(value, Unit) else value for value in values] or None)


def _levels(given: Levels) -> tuple[str, ...]:
    values = () if given is None else _values(given)
    plain = [str(value) if isinstance(value, int) and not isinstance(value, bool) else value for value in values]
    return tuple(dict.fromkeys(one.upper() if _is_kind(one) else one for one in _texts(plain or None)))


def _is_kind(value: object) -> bool:
    return _is_text(value) and value.upper() in KINDS  # type: ignore[attr-defined]  # a text it is


def _near(given: tuple[float, float] | None) -> tuple[float, float] | None:
    if given is None:
        return None
    try:
        easting, northing = map(float, given)
    except (TypeError, ValueError):
        raise FilterError(f"near is {given!r}: give easting and northing, two numbers of metres") from None
    if not (math.isfinite(easting) and math.isfinite(northing)):
        raise FilterError(f"near is {given!r}: both have to be numbers of metres")
    if abs(easting) <= _LARGEST_DEGREE and abs(northing) <= _LARGEST_DEGREE:
        raise FilterError(f"near is {given!r}: those are degrees; give metres in ETRS89, UTM zone 32 N")
    return easting, northing


def _check_switch(_instance: object, attribute: attrs.Attribute[Any], value: object) -> None:
    if not isinstance(value, bool):
        raise FilterError(f"{attribute.name} is {value!r}: use true or false")


class FilterFields(TypedDict, total=False):
    """The fields of a :class:`Filter` as they can be given."""

    message_type: str | MessageType | None
    conversion: Conversions
    direction: Side
    region: Listed
    municipality: Listed
    postal_code: Listed
    unit_type: Listed
    speciality: Listed
    organisational_level: Listed
    provider_number: Listed
    system: Listed
    supplier: Listed
    net_operator: Listed
    administrator: Listed
    kind: Listed
    level: Levels
    within: str | Unit | None
    owner: Placed
    institution: Placed
    hospital: Placed
    own_location_only: bool
    in_force_only: bool
    near: tuple[float, float] | None
    max_distance_m: float | None


@suggests_fields
@attrs.frozen(slots=True, kw_only=True, repr=False)
class Filter:
    """What recipients are looked for: exact filters, all of which have to fit. One field takes one value or several, of which one has to fit.

    Codes are as the register writes them; type, speciality, region, municipality, system, supplier, net operator and administrator can also be
    the Danish or English word for a code, where the register or this package knows one. What no unit has is not an error: the answer tells it.
    Owner, institution and hospital are one unit each, and a name that is none or several is an error of the question.

    Args:
        message_type: a type that the unit's location number must have, in any spelling.
        conversion: ``allowed``, or ``direct`` where the letter must not be converted on its way.
        direction: the recipient's side: it is to ``receive`` the type, or to ``send`` it.
        unit_type: codes or words.
        kind: ``IE`` institution owner, ``SI`` health institution or ``OE`` organisational unit.
        region: codes (``1081`` to ``1085``) or names; of the visiting address, else of the location number.
        municipality: codes, four digits (of three, the zero in front was lost), or names; of the visiting address, else of the postal one.
        postal_code: codes, or ranges such as ``8000-8999``; of the visiting address, or the one that stands for it.
        speciality: codes or words.
        organisational_level: codes or names, where the file has them (SOR2 since 2025).
        provider_number: with or without leading zeros.
        system: codes or words of the systems behind the location number.
        supplier: of the system's supplier, likewise.
        net_operator: of the net operator, likewise.
        administrator: of who maintains the location number's registrations, likewise.
        level: a kind (``IE``, ``SI``, ``OE``), how many units lie above (``0`` is at the top), or an organisational level by code or name.
        within: a unit or its SOR code: that unit and everything below it.
        owner: an institution owner as unit, SOR code or exact name: what belongs to it.
        institution: a health institution, likewise.
        hospital: a health institution with a type of hospitals, likewise.
        own_location_only: leaves out units that inherit their location number.
        in_force_only: leaves out units that are not in force on the day in a search, which otherwise puts them last. To ``find`` it makes no
            difference: it gives only what can be reached.
        near: easting and northing, metres in ETRS89, UTM zone 32 N. Units without coordinates are left out, the nearest comes first.
        max_distance_m: how far from ``near``, in metres.

    Raises:
        FilterError: a value is none of those; the text names the field.

    >>> Filter(municipality="101", postal_code=["0100", "8000-8999"]).to_dict()["municipality"]
    ['0101']
    """

    message_type: MessageType | None = attrs.field(default=None, converter=_message_type)
    conversion: Conversions = attrs.field(default="allowed")
    direction: Direction = attrs.field(default=Direction.RECEIVE, converter=_direction)
    region: tuple[str, ...] = attrs.field(default=None, converter=_texts, validator=_check_texts)
    municipality: tuple[str, ...] = attrs.field(default=None, converter=_municipalities, validator=_check_texts)
    postal_code: tuple[str, ...] = attrs.field(default=None, converter=_texts, validator=_check_texts)
    unit_type: tuple[str, ...] = attrs.field(default=None, converter=_texts, validator=_check_texts)
    speciality: tuple[str, ...] = attrs.field(default=None, converter=_texts, validator=_check_texts)
    organisational_level: tuple[str, ...] = attrs.field(default=None, converter=_texts, validator=_check_texts)
    provider_number: tuple[str, ...] = attrs.field(default=None, converter=_provider_numbers, validator=_check_texts)
    system: tuple[str, ...] = attrs.field(default=None, converter=_texts, validator=_check_texts)
    supplier: tuple[str, ...] = attrs.field(default=None, converter=_texts, validator=_check_texts)
    net_operator: tuple[str, ...] = attrs.field(default=None, converter=_texts, validator=_check_texts)
    administrator: tuple[str, ...] = attrs.field(default=None, converter=_texts, validator=_check_texts)
    kind: tuple[UnitKind, ...] = attrs.field(default=None, converter=_kinds)
    level: tuple[str, ...] = attrs.field(default=None, converter=_levels, validator=_check_texts)
    within: str | None = attrs.field(default=None, converter=_within)
    owner: tuple[str, ...] = attrs.field(default=None, converter=_places, validator=_check_texts)
    institution: tuple[str, ...] = attrs.field(default=None, converter=_places, validator=_check_texts)
    hospital: tuple[str, ...] = attrs.field(default=None, converter=_places, validator=_check_texts)
    own_location_only: bool = attrs.field(default=False, validator=_check_switch)
    in_force_only: bool = attrs.field(default=False, validator=_check_switch)
    near: tuple[float, float] | None = attrs.field(default=None, converter=_near)
    max_distance_m: float | None = attrs.field(default=None)

    @conversion.validator
    def _check_conversion(self, _attribute: object, value: object) -> None:
        if value not in CONVERSIONS:
            raise FilterError(f"conversion is {value!r}: use {' or '.join(CONVERSIONS)}")

    @postal_code.validator
    def _check_postal_code(self, _attribute: object, values: tuple[str, ...]) -> None:
        for value in values:
            ends = postal_range(value)
            if ends is not None and (len(ends[0]) != len(ends[1]) or ends[0] > ends[1]):
                raise FilterError(
                    f"postal_code is {value!r}: a range goes from the lower code to the higher, 8000-8999"
                )

    @max_distance_m.validator
    def _check_distance(self, _attribute: object, value: object) -> None:
        if value is None:
            return
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < math.inf:
            raise FilterError(f"max_distance_m is {value!r}: use a number of metres, 0 or more")
        if self.near is None:
            raise FilterError("max_distance_m says how far from near: give near too")

    def __repr__(self) -> str:
        asked = self.to_dict()
        shown = [name for name in asked if name in self.fields or asked[name] != _DEFAULTS.get(name, asked[name])]
        return f"Filter({', '.join(f'{name}={asked[name]!r}' for name in shown)})"

    def but(self, **fields: Unpack[FilterFields]) -> Filter:
        """This filter with some fields asked otherwise; None takes a field away.

        >>> Filter(region="1081", kind="SI").but(region=None, kind="OE")
        Filter(kind=['OE'])
        """
        mine = {attribute.name: getattr(self, attribute.name) for attribute in attrs.fields(type(self))}
        return Filter(**{**{name: value for name, value in mine.items() if value != ()}, **fields})

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields that narrow anything down."""
        narrowing = (attribute.name for attribute in attrs.fields(type(self)) if attribute.name not in _DEFAULTS)
        return tuple(name for name in narrowing if getattr(self, name) not in ((), None, False))

    def to_dict(self) -> dict[str, object]:
        """Plain types, every field, None where it is not asked for; ``Filter(**filter.to_dict())`` is the same filter.

        >>> Filter(**Filter(message_type="XDIS91", near=(530000, 6290000)).to_dict()).near
        (530000.0, 6290000.0)
        """
        plain: dict[str, object] = {}
        for attribute in attrs.fields(type(self)):
            value = getattr(self, attribute.name)
            if isinstance(value, tuple):
                value = [str(one) if isinstance(one, str) else one for one in value] or None
            elif isinstance(value, (MessageType, Direction)):
                value = str(value)
            plain[attribute.name] = value
        return plain


_DEFAULTS = {"conversion": "allowed", "direction": "receive"}
"""Fields that narrow nothing down by themselves; they say how another one is meant."""


def is_depth(value: str) -> bool:
    """Whether a level is how many units lie above; codes of organisational levels have more digits."""
    return value.isascii() and value.isdigit() and len(value) <= _MOST_DIGITS_OF_A_DEPTH


def postal_range(value: str) -> tuple[str, str] | None:
    """Both ends of a range of postal codes; None for a single code.

    >>> postal_range("8000-8999")
    ('8000', '8999')
    """
    found = _RANGE.fullmatch(value)
    return (found[1], found[2]) if found else None
