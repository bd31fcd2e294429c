"""FHIR as XML, made what JSON would be: an object as a tuple of pairs, an element that stands several times as a list."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

from lxml import etree

from sor_addressing.extracts.xml.refusing import refused_xml
from sor_addressing.safe_xml.parsing import EndedElements

_FHIR = "{http://hl7.org/fhir}"
_RESOURCES = tuple(_FHIR + name for name in ("Organization", "Endpoint", "Device"))
_ENTRY = f"{_FHIR}entry"


def resources_in(stream: BinaryIO, file: str) -> Iterator[tuple[object, str, int, etree._Element | None]]:
    """The resources of a file: each with its address and line; at last, of a Bundle, its root with what stands beside the entries.

    Raises:
        ExtractError: the file is not well formed, was cut off, or has a DOCTYPE.
    """
    ended = EndedElements(stream, partial(refused_xml, file=file), tags=(_ENTRY, *_RESOURCES))
    for element in ended:
        parent = element.getparent()
        if element.tag == _ENTRY:
            if parent is not None and parent.getparent() is None:
                yield from _of_entry(element)
                element.clear()
                while (earlier := element.getprevious()) is not None and earlier.tag == _ENTRY:
                    parent.remove(earlier)
        elif parent is None:
            yield as_json(element), "", element.sourceline or 0, None
    root = ended.root
    if root is not None and root.tag not in _RESOURCES:
        yield None, "", 0, root


def _of_entry(entry: etree._Element) -> Iterator[tuple[object, str, int, None]]:
    url = entry.find(f"{_FHIR}fullUrl")
    for resource in entry.iterfind(f"{_FHIR}resource/*"):
        if resource.tag in _RESOURCES:
            yield as_json(resource), "" if url is None else url.get("value", ""), resource.sourceline or 0, None


def bundle_days(root: etree._Element) -> tuple[str | None, str | None]:
    """The moment of a Bundle, and when it was last changed."""
    found = [root.find(f"{_FHIR}timestamp"), root.find(f"{_FHIR}meta/{_FHIR}lastUpdated")]
    moment, changed = (None if one is None else one.get("value") for one in found)
    return moment, changed


def as_json(resource: etree._Element) -> object:
    """A resource as JSON would have it."""
    return (("resourceType", etree.QName(resource).localname), *_members(resource))


def _members(element: etree._Element) -> tuple[tuple[str, object], ...]:
    found: dict[str, object] = {}
    repeated: set[str] = set()
    if (url := element.get("url")) is not None:
        found["url"] = url
    for child in element:
        tag = child.tag
        if not isinstance(tag, str) or not tag.startswith(_FHIR):
            continue
        name = tag[len(_FHIR) :]
        written = child.get("value")
        value: object = _members(child) if written is None else written
        if name not in found:
            found[name] = value
        elif name in repeated:
            found[name].append(value)  # type: ignore[attr-defined]  # it is a list by now
        else:
            repeated.add(name)
            found[name] = [found[name], value]
    return tuple(found.items())
