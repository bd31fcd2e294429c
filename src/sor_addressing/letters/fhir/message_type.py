"""The message type of a FHIR message: its event, and the version that stands in the address of its definition.

``MessageHeader.definition`` ends in ``|5.0`` (the sender adds the minor version), in ``|4.0.0``, or without a bar in ``…Definition1.1``;
most types have none. The catalogue writes some versions with two numbers and some with three.
"""

from __future__ import annotations

import re

from sor_addressing.addressing.findings import Finding
from sor_addressing.letters.header import hide, letter_finding
from sor_addressing.messages.catalogue import MessageFormat, MessageType, catalogue

# Codes and versions are tokens; what is not one is text that someone put in the wrong place, and is not shown.
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,99}")
_VERSION = re.compile(r"v?(\d[A-Za-z0-9.-]{0,29})")
_VERSION_WITHOUT_BAR = re.compile(r"[A-Za-z/_-]v?(\d{1,4}(?:\.\d{1,4}){1,3})$")


def type_of(event: str | None, definition: str | None, findings: list[Finding]) -> MessageType | None:
    """Type and version of a message; None where no event code says.

    A definition that belongs to another type is a finding: the event says the type, and the definition the version.

    >>> type_of("care-communication-message", "http://example.org/MedComCareCommunicationMessageDefinition|5.0", [])
    MessageType('FDIS91 5.0')
    >>> type_of("new-message", None, [])
    MessageType('NEW-MESSAGE', known=False)
    """
    own = None if event is None else catalogue().read(hide(event))
    if event is None or own is None or not (own.known or (_CODE.fullmatch(event) and hide(event) == event)):
        return None
    if definition is None:
        return own
    version = version_in(definition)
    defined = catalogue().read(hide(definition))
    if defined is not None and defined.format is MessageFormat.FHIR and defined.code != own.code:
        details = {"message_type": own.code, "version": version, "belongs_to": defined.code}
        findings.append(letter_finding("type-contradicts-version", **details))
    if version is None:
        return own
    return catalogue().parse(f"{own.code} {_without_minor(own.code, version)}")


def version_in(definition: str) -> str | None:
    """The version in the address of a definition, after the bar or as its last letters; None where it has none.

    >>> version_in("http://example.org/Definition|5.0"), version_in("http://example.org/Definition1.1")
    ('5.0', '1.1')
    """
    _, bar, after = definition.rpartition("|")
    match = _VERSION.fullmatch(after.strip()) if bar else _VERSION_WITHOUT_BAR.search(definition.strip())
    return hide(match[1]) if match else None


def _without_minor(code: str, version: str) -> str:
    """``version`` as the catalogue has it, where the sender added a number to it: 5.0.2 is 5.0."""
    numbers = version.split(".")
    fitting = [
        one.version
        for one in catalogue().types_of_code(code)
        if one.version and numbers[: one.version.count(".") + 1] == one.version.split(".")
    ]
    return fitting[0] if len(fitting) == 1 else version
