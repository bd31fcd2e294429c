"""The sorts of changes there are, the most important first."""

from __future__ import annotations

from enum import StrEnum


class ChangeKind(StrEnum):
    """What sort of change it is. The order is that of summaries: what stops letters comes first."""

    CLOSED = "closed"
    REMOVED_FROM_EXTRACT = "removed-from-extract"
    REPLACED = "replaced"
    MERGED = "merged"
    SPLIT = "split"
    CLOSING = "closing"
    LOCATION_NUMBER_LOST = "location-number-lost"
    LOCATION_NUMBER_CHANGED = "location-number-changed"
    LOCATION_NUMBER_PASSED = "location-number-passed"
    LOCATION_NUMBER_DEACTIVATED = "location-number-deactivated"
    LOCATION_NUMBER_INTERNAL = "location-number-internal"
    LOCATION_NUMBER_CLOSING = "location-number-closing"
    MESSAGE_TYPE_LOST = "message-type-lost"
    FORMAT_REPLACED = "format-replaced"
    VERSION_REPLACED = "version-replaced"
    MOVED = "moved"
    RENAMED = "renamed"
    OPENED = "opened"
    REOPENED = "reopened"
    OPENING = "opening"
    CLOSING_CANCELLED = "closing-cancelled"
    NEW_IN_EXTRACT = "new-in-extract"
    LOCATION_NUMBER_GAINED = "location-number-gained"
    LOCATION_NUMBER_INHERITED = "location-number-inherited"
    LOCATION_NUMBER_OWN = "location-number-own"
    LOCATION_NUMBER_REACTIVATED = "location-number-reactivated"
    LOCATION_NUMBER_NOT_INTERNAL = "location-number-not-internal"
    MESSAGE_TYPE_GAINED = "message-type-gained"
    SYSTEM_CHANGED = "system-changed"
    SUPPLIER_CHANGED = "supplier-changed"
    NET_OPERATOR_CHANGED = "net-operator-changed"
    ADMINISTRATOR_CHANGED = "administrator-changed"
    PROVIDER_NUMBER_CHANGED = "provider-number-changed"
    SHAK_CODE_CHANGED = "shak-code-changed"
    TYPE_CHANGED = "type-changed"
    SPECIALITY_CHANGED = "speciality-changed"
    ADDRESS_CHANGED = "address-changed"
    CONTACT_CHANGED = "contact-changed"


IMPORTANCE = {kind: place for place, kind in enumerate(ChangeKind)}
"""Each kind to its place in summaries."""
