"""The rest of a unit: what resolving and validating never touch, packed into one text a unit and unpacked when asked for.

Fields are parted by the control characters that ASCII has for it: unit separator between fields, record separator between
the parts of a field, group separator within a part. Texts hold no control characters.
"""

from __future__ import annotations

import attrs

from sor_addressing.model import UnitRecord

_FIELD = "\x1f"
_PART = "\x1e"
_PAIR = "\x1d"
_CONTROL = dict.fromkeys(range(32), " ")


@attrs.define(slots=True)
class UnitRest:
    """One unit's packed record, unpacked."""

    name: str
    types: tuple[str, ...]
    provider_number: str
    shak_code: str
    cvr_number: str
    pharmacy_number: str
    local_code: str
    first_from_date: str
    updated_at: str
    specialities: tuple[tuple[str, str], ...]
    postal_address: tuple[str, ...]
    visiting_address: tuple[str, ...]
    activity_address: tuple[str, ...]
    contact: tuple[str, ...]
    geographical_parent: tuple[str, ...]
    replaces: tuple[str, ...]
    replaced_by: tuple[str, ...]
    information: tuple[str, ...]
    local_attributes: tuple[str, ...]


def pack(record: UnitRecord) -> bytes:
    """``record`` as bytes: everything of it that has no column of its own."""
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
            join([code + _PAIR + kind for code, kind in record.specialities]) if record.specialities else "",
            join(record.postal_address or ()),
            join(record.visiting_address or ()),
            join(record.activity_address or ()),
            join(record.contact or ()),
            join(record.geographical_parent or ()),
            join(record.replaces),
            join(record.replaced_by),
            join(record.information or ()),
            join(record.local_attributes),
        )
    ).encode()


def unpack(data: bytes) -> UnitRest:
    """What :func:`pack` packed."""
    name, types, provider, shak, cvr, pharmacy, local_code, first_from, updated, pairs, *lists = data.decode().split(
        _FIELD
    )
    specialities = tuple([(code, kind) for code, _, kind in (pair.partition(_PAIR) for pair in _parts(pairs))])
    postal, visiting, activity, contact, geographical, replaces, replaced_by, information, attributes = map(
        _parts, lists
    )
    return UnitRest(
        name,
        _parts(types),
        provider,
        shak,
        cvr,
        pharmacy,
        local_code,
        first_from,
        updated,
        specialities,
        postal,
        visiting,
        activity,
        contact,
        geographical,
        replaces,
        replaced_by,
        information,
        attributes,
    )


def unpack_name(data: bytes) -> str:
    """The name alone."""
    return data.split(b"\x1f", 1)[0].decode()


def _parts(field: str) -> tuple[str, ...]:
    return tuple(field.split(_PART)) if field else ()


def without_control_characters(record: UnitRecord) -> UnitRecord:
    """``record`` with a space for each control character in its texts: for records that no reader of ours has seen to."""
    for field in attrs.fields(UnitRecord):
        value = getattr(record, field.name)
        if isinstance(value, str) and not value.isprintable():
            setattr(record, field.name, type(value)(value.translate(_CONTROL)))
        elif isinstance(value, tuple):
            setattr(record, field.name, _cleaned(value))
    return record


def _cleaned(values: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(
        value.translate(_CONTROL) if isinstance(value, str) else _cleaned(value) if isinstance(value, tuple) else value
        for value in values
    )
