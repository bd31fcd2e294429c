"""The message type of a FHIR message: its event, and the version that stands in the address of its definition.

``MessageHeader.definition`` ends in ``|5.0`` (the sender adds the minor version), in ``|4.0.0``, or without a bar in ``…Definition1.1``;
most types have none. The catalogue writes some versions with two numbers and some with three.
"""

from __future__ import annotations

import re
from functools import cache

from sor_addressing.addressing.findings import Finding
from sor_addressing.letters.header import hide, letter_finding
from sor_addressing.messages.catalogue import MessageFormat, MessageType, catalogue

# Codes and versions are tokens; what is not one is text that someone put in the wrong place, and is not shown.
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,99}")
_VERSION = re.compile(r"v?(\d[A-Za-z0-9.-]{0,29})")
_VERSION_WITHOUT_BAR = re.compile(r"[A-Za-z/_-]v?(\d{1,4}(?:\.\d{1,4}){1,3})$")
_NOT_LETTERS = re.compile(r"[^a-z]+")
_EVENT = "event:"


def type_of(event: str | None, definition: str | None, findings: list[Finding]) -> MessageType | None:
    """Type and version of a message; None where no event code says.

    A definition that belongs to another type is a finding: the event says the type, and the definition the version.

    >>> type_of("care-communication-message", "http://example.org/MedComCareCommunicationMessageDefinition|5.0", [])
    MessageType('FDIS91 5.0')
    >>> type_of("homecareobservation-message", None, [])
    MessageType('HOMECAREOBSERVATION-MESSAGE', known=False)
    """
    if event is None:
        return None
    code, word = _events().get(event.lower(), (event, ""))
    if not word and (not _CODE.fullmatch(event) or hide(event) != event):
        return None
    if definition is None:
        return catalogue().parse(code)
    version = version_in(definition)
    belongs_to = _code_in(definition, word)
    if belongs_to:
        code = catalogue().parse(code).code
        findings.append(
            letter_finding("type-contradicts-version", message_type=code, version=version, belongs_to=belongs_to)
        )
    if version is None:
        return catalogue().parse(code)
    found = catalogue().parse(f"{code} {version}")
    return found if found.known else catalogue().parse(f"{code} {_spelling(code, version)}")


def version_in(definition: str) -> str | None:
    """The version in the address of a definition, after the bar or as its last letters; None where it has none.

    >>> version_in("http://example.org/Definition|5.0"), version_in("http://example.org/Definition1.1")
    ('5.0', '1.1')
    """
    _, bar, after = definition.rpartition("|")
    match = _VERSION.fullmatch(after.strip()) if bar else _VERSION_WITHOUT_BAR.search(definition.strip())
    return hide(match[1]) if match else None


def _spelling(code: str, version: str) -> str:
    """``version`` as the catalogue writes it, where it differs only in how many numbers it has: 5.0.2 is 5.0, and 3.0 is 3.0.0."""
    numbers = version.split(".")
    fitting = []
    for other in catalogue().types_of_code(code):
        known = (other.version or "").split(".")
        shorter = min(len(numbers), len(known))
        if shorter > 1 and numbers[:shorter] == known[:shorter]:
            fitting.append(other.version or "")
    return fitting[0] if len(fitting) == 1 else version


def _code_in(definition: str, own: str) -> str | None:
    """The code of the type that a definition belongs to, where it isn't that of ``own``, the word of the event."""
    name = definition.partition("|")[0].rpartition("/")[2].lower()
    if own and own in name:
        return None
    name = _NOT_LETTERS.sub("", name)
    if own and own in name:
        return None
    return next((code for code, word in _events().values() if word in name), None)


@cache
def _events() -> dict[str, tuple[str, str]]:
    """Code of each event that the catalogue knows, and its name without hyphens and last word: FDIS91, ``carecommunication``."""
    known = catalogue()
    events = ((known.urn(one) or "", one.code) for one in known.types if one.format is MessageFormat.FHIR)
    return {
        event: (code, _NOT_LETTERS.sub("", event.removesuffix("-message")))
        for event, code in ((urn.removeprefix(_EVENT), code) for urn, code in events if urn.startswith(_EVENT))
    }
