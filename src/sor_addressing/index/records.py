"""Records as readers make them, of records that no reader of ours has seen to: made by hand, by a test or by a program of the caller's."""

from __future__ import annotations

from typing import TypeVar

import attrs

from sor_addressing.identifiers import CvrNumber, LocationNumber, ProviderNumber, ShakCode, SorCode
from sor_addressing.model import (
    ADDRESS_FIELDS,
    CONTACT_FIELDS,
    EndpointRegistration,
    LocationRecord,
    RegistrationRecord,
    UnitRecord,
)

Record = TypeVar("Record", UnitRecord, LocationRecord, RegistrationRecord, EndpointRegistration)

_CONTROL = dict.fromkeys(range(32), " ") | dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
"""Half characters (surrogates) are in names of files that are no Unicode; no file can hold them."""


def cleaned_record(record: Record) -> Record:
    """``record``, or a copy with a space for each control character in its texts, and a mark for each half character."""
    result = record
    for field in attrs.fields(type(record)):
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
    return cleaned_record(value) if isinstance(value, LocationRecord) else value


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
    "organisational_level": ("code", "name"),
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
