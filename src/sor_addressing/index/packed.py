"""The packed record: all of a unit that has no column of its own, as one text, and the only room that takes it apart.

Fields are parted by the control characters that ASCII has for it: unit separator between fields, record separator between
the parts of a field, group separator between the halves of a part. Texts hold none of these.

Who wants one unit reads a :class:`Packed` by name. Who goes through all of them takes what it needs with a function that :func:`fields`,
:func:`texts` or :func:`parts` makes of names. The order is a column's neighbour (:data:`sor_addressing.index.columns.RECORD_FIELDS`); it
stands in the header of a compiled file, and a file with another one is refused.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from operator import itemgetter
from typing import TYPE_CHECKING, AnyStr

from sor_addressing.errors import SnapshotError
from sor_addressing.index.columns import RECORD_FIELDS

if TYPE_CHECKING:
    from sor_addressing.model import UnitRecord

FIELDS = tuple(RECORD_FIELDS)
"""The fields of a packed record in their order."""

_FIELD, _PART, _HALF = "\x1f", "\x1e", "\x1d"
_FIELD_BYTE = _FIELD.encode()


class _Field:
    """A field of the record, which stands where the order of fields has its name."""

    place: int
    made_of: int

    def __set_name__(self, _owner: type, name: str) -> None:
        self.place = FIELDS.index(name)
        self.made_of = len(RECORD_FIELDS[name])


class _Text(_Field):
    """A field that holds one text."""

    def __get__(self, record: Packed, _owner: object = None) -> str:
        return record.text(self.place)


class _Day(_Field):
    """A field that holds a day, or nothing."""

    def __get__(self, record: Packed, _owner: object = None) -> dt.date | None:
        text = record.text(self.place)
        try:
            return dt.date.fromisoformat(text) if text else None
        except ValueError:
            raise _unreadable() from None


class _Parts(_Field):
    """A field that holds several texts: as many as there are, or those that it is made of; empty where it says nothing."""

    def __get__(self, record: Packed, _owner: object = None) -> tuple[str, ...]:
        text = record.text(self.place)
        found = tuple(text.split(_PART)) if text else ()
        if found and self.made_of and len(found) != self.made_of:
            raise _unreadable()
        return found


class _Pairs(_Field):
    """A field that holds several pairs of texts."""

    def __get__(self, record: Packed, _owner: object = None) -> tuple[tuple[str, str], ...]:
        text = record.text(self.place)
        return tuple([_halves(pair) for pair in text.split(_PART)]) if text else ()


class Packed:
    """One packed record. A field is taken apart when it is asked for; ``record["name"]`` is the field as it is packed.

    Raises:
        SnapshotError: the bytes are no such record.
    """

    __slots__ = ("_fields",)

    name = _Text()
    types = _Parts()
    provider_number = _Text()
    shak_code = _Text()
    cvr_number = _Text()
    pharmacy_number = _Text()
    local_code = _Text()
    first_from_date = _Day()
    updated_at = _Text()
    specialities = _Pairs()
    postal_address = _Parts()
    visiting_address = _Parts()
    activity_address = _Parts()
    contact = _Parts()
    geographical_parent = _Parts()
    replaces = _Parts()
    replaced_by = _Parts()
    information = _Parts()
    local_attributes = _Parts()
    organisational_level = _Parts()

    def __init__(self, data: bytes) -> None:
        self._fields = data.split(_FIELD_BYTE)
        if len(self._fields) != len(FIELDS):
            raise _unreadable()

    def __getitem__(self, name: str) -> bytes:
        return self._fields[_PLACES[name]]

    def text(self, place: int) -> str:
        """The field at ``place``, for the fields themselves."""
        return _decoded(self._fields[place])


_PLACES = {name: place for place, name in enumerate(FIELDS)}


def pack(record: UnitRecord) -> bytes:
    """``record`` as bytes: everything of it that has no column of its own. A list of one empty text says nothing and comes back empty."""
    join = _PART.join
    return _FIELD.join(
        (
            record.name,
            join(record.types),
            record.provider_number,
            record.shak_code,
            record.cvr_number,
            record.pharmacy_number,
            record.local_code,
            record.first_from_date.isoformat() if record.first_from_date else "",
            record.updated_at,
            join([code + _HALF + kind for code, kind in record.specialities]) if record.specialities else "",
            join(record.postal_address or ()),
            join(record.visiting_address or ()),
            join(record.activity_address or ()),
            join(record.contact or ()),
            join(record.geographical_parent or ()),
            join(record.replaces),
            join(record.replaced_by),
            join(record.information or ()),
            join(record.local_attributes),
            join(record.organisational_level or ()),
        )
    ).encode()


def name_in(data: bytes) -> str:
    """The name in a packed record, which stands first so that nothing else need be looked at."""
    return _decoded(data.partition(_FIELD_BYTE)[0])


def fields(*names: str) -> Callable[[bytes], tuple[bytes, ...]]:
    """A function that takes the fields called ``names`` out of a packed record, as they are packed."""
    return _taker(_FIELD.encode(), FIELDS, names)


def texts(*names: str) -> Callable[[bytes], tuple[str, ...]]:
    """As :func:`fields`, each field as text."""
    take = _taker(_FIELD, FIELDS, names)
    return lambda data: take(_decoded(data))


def parts(name: str, *names: str) -> Callable[[bytes], tuple[bytes, ...]]:
    """A function that takes the parts called ``names`` out of the field called ``name``, as it is packed."""
    return _taker(_PART.encode(), RECORD_FIELDS[name], names)


def parts_of_text(name: str, *names: str) -> Callable[[str], tuple[str, ...]]:
    """As :func:`parts`, for a field as text."""
    return _taker(_PART, RECORD_FIELDS[name], names)


def _taker(between: AnyStr, order: tuple[str, ...], names: tuple[str, ...]) -> Callable[[AnyStr], tuple[AnyStr, ...]]:
    places = tuple(map(order.index, names))
    most = max(places) + 1
    # With one name alone itemgetter gives no tuple, so the last is asked for twice and left out again.
    choose: Callable[[list[AnyStr]], tuple[AnyStr, ...]] = itemgetter(*places, places[-1])

    def take(data: AnyStr) -> tuple[AnyStr, ...]:
        try:
            return choose(data.split(between, most))[:-1]
        except IndexError:
            raise _unreadable() from None

    return take


def split(field: AnyStr) -> list[AnyStr]:
    """The parts of a field as it is packed, or as text; none where it says nothing."""
    if not field:
        return []
    if isinstance(field, str):
        return field.split(_PART)
    return field.split(_PART.encode())


def codes(field: AnyStr) -> list[AnyStr]:
    """The first half of each part of a field, as it is packed or as text: the codes of specialities, or of types."""
    if isinstance(field, str):
        return [part.partition(_HALF)[0] for part in split(field)]
    return [part.partition(_HALF.encode())[0] for part in split(field)]


def _halves(pair: str) -> tuple[str, str]:
    first, _, second = pair.partition(_HALF)
    return first, second


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise _unreadable() from None


def _unreadable() -> SnapshotError:
    return SnapshotError("a record in the compiled register can't be read; compile it again from the extract")
