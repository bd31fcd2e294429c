"""Whether a file is one of the endpoint register, by how it begins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml import etree

_FHIR = "{http://hl7.org/fhir}"
_KINDS = ("Organization", "Endpoint", "Device")
_JSON_KIND = re.compile(rb'"resourceType"\s*+:\s*+"(?:Bundle|Organization|Endpoint|Device)"')
_XML_KIND = re.compile(
    rb"(?:[\xef\xbb\xbf\xfe\xff\s]|<\?[^>]*+>|<!--(?:[^-]|-(?!->))*+-->)*+"
    rb"<(?:[\w.-]++:)?(?:Bundle|Organization|Endpoint|Device)(?=\s)(?:(?!http://hl7\.org/fhir)[^>])*+http://hl7\.org/fhir"
)
_MESSAGE = re.compile(rb'"type"\s*+:\s*+"message"|"resourceType"\s*+:\s*+"MessageHeader"')


def looks_like_endpoint_register(head: bytes) -> bool:
    """Whether a text begins as JSON resources of the endpoint register do; a message is a Bundle too, and none of its."""
    bare = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not bare.startswith((b"{", b"[")):
        return False
    return _JSON_KIND.search(bare) is not None and _MESSAGE.search(bare) is None


def looks_like_resource(head: bytes) -> bool:
    """Whether a text begins as a resource of the endpoint register does, in JSON or XML, in whatever Unicode it is written."""
    plain = head.replace(b"\0", b"")
    return _XML_KIND.match(plain) is not None or looks_like_endpoint_register(plain)


def is_endpoint_register(started: Sequence[etree._Element]) -> bool:
    """Whether a file that begins with these elements is one of resources of the endpoint register."""
    root = started[0]
    if root.tag == f"{_FHIR}Bundle":
        kinds = [one.get("value") for one in started if one.tag == f"{_FHIR}type" and one.getparent() is root]
        return "message" not in kinds and not any(one.tag == f"{_FHIR}MessageHeader" for one in started)
    return root.tag in {_FHIR + kind for kind in _KINDS}
