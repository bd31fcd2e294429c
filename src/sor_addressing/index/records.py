"""The rest of a unit: what resolving and validating never touch, packed into one text a unit and unpacked when asked for.

Fields are parted by the control characters that ASCII has for it: unit separator between fields, record separator between
the parts of a field, group separator within a part. Texts hold none of these.
"""

from __future__ import annotations

import attrs

from sor_addressing.identifiers import CvrNumber, LocationNumber, ProviderNumber, ShakCode, SorCode
from sor_addressing.model import ADDRESS_FIELDS, CONTACT_FIELDS, UnitRecord

FIELD, PART, PAIR = b"\x1f", b"\x1e", b"\x1d"
"""Between fields, between the parts of a field, and between the two halves of a part."""

_FIELD, _PART, _PAIR = FIELD.decode(), PART.decode(), PAIR.decode()
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


PACKED = tuple(field.name for field in attrs.fields(UnitRest))
"""The fields of a packed record in their order: for those who go through all records, and unpack what they need alone."""


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
    return data.split(FIELD, 1)[0].decode()


def _parts(field: str) -> tuple[str, ...]:
    return tuple(field.split(_PART)) if field else ()


def cleaned_record(record: UnitRecord) -> UnitRecord:
    """``record``, or a copy with a space for each control character in its texts: for records that no reader of ours has seen to."""
    result = record
    for field in attrs.fields(UnitRecord):
        value = getattr(record, field.name)
        cleaned = _cleaned(value)
        if cleaned != value:
            if result is record:
                result = attrs.evolve(record)
            setattr(result, field.name, cleaned)
    return result


def _cleaned(value: object) -> object:
    if isinstance(value, tuple):
        return tuple(map(_cleaned, value))
    if isinstance(value, str) and not value.isprintable():
        return value.translate(_CONTROL)
    return value


_IDENTIFIERS = {
    "sor_code": SorCode,
    "parent_sor_code": SorCode,
    "provider_number": ProviderNumber,
    "shak_code": ShakCode,
    "cvr_number": CvrNumber,
}
_LENGTHS = {
    "postal_address": ADDRESS_FIELDS,
    "visiting_address": ADDRESS_FIELDS,
    "activity_address": ADDRESS_FIELDS,
    "contact": CONTACT_FIELDS,
}


def with_canonical_identifiers(record: UnitRecord) -> UnitRecord:
    """A copy of ``record`` with its identifiers as readers give them: compacted, not checked.

    Raises:
        ValueError: an address or a contact has more or fewer parts than ``ADDRESS_FIELDS`` or ``CONTACT_FIELDS``.
    """
    result = attrs.evolve(record)
    for name, kind in _IDENTIFIERS.items():
        value = getattr(record, name)
        if value:
            setattr(result, name, kind.compact(value))
    result.replaces = tuple(map(SorCode.compact, record.replaces))
    result.replaced_by = tuple(map(SorCode.compact, record.replaced_by))
    if record.geographical_parent:
        relation, code = record.geographical_parent
        result.geographical_parent = (relation, SorCode.compact(code))
    if record.location is not None:
        result.location = attrs.evolve(record.location, number=LocationNumber.compact(record.location.number))
    for name, fields in _LENGTHS.items():
        parts = getattr(record, name)
        if parts and len(parts) != len(fields):
            raise ValueError(
                f"{name} of unit {record.sor_code} has {len(parts)} parts instead of {len(fields)}: {', '.join(fields)}"
            )
    return result
