"""Names in ``Sor.xml``: the namespaces of its versions, and qualified tags by their local names, of which each has one meaning under one parent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeVar

ROOT_NAMESPACES = {
    "urn:oio:sundhedsstyrelsen:organisation:1.0.0": "1",
    "urn:oio:nsi:2.0.0": "2",
}
"""Namespace of the root to version of the layout."""

_KNOWN_NAMESPACES = frozenset(
    {
        *ROOT_NAMESPACES,
        "http://rep.oio.dk/xkom.dk/xml/schemas/2006/01/06/",
        "http://rep.oio.dk/xkom.dk/xml/schemas/2005/03/15/",
        "http://rep.oio.dk/ebxml/xml/schemas/dkcc/2003/02/13/",
        "http://rep.oio.dk/ebxml/xml/schemas/dkcc/2005/03/15/",
        "http://rep.oio.dk/kms.dk/xml/schemas/2007/05/23/",
        "http://rep.oio.dk/cvr.dk/xml/schemas/2005/03/22/",
        "http://rep.oio.dk/cpr.dk/xml/schemas/core/2005/03/18/",
        "http://rep.oio.dk/osak.dk/xml/schemas/2006/04/25/",
    }
)

_T = TypeVar("_T")
_MANY_TAGS = 10_000
_MANY_COMPLAINTS = 1_000


class LocalNames(dict[object, str]):
    """Qualified tag to local name; remembers tags of namespaces that no known version uses."""

    def __init__(self) -> None:
        super().__init__()
        self.foreign: dict[str, None] = {}

    def __missing__(self, tag: object) -> str:
        namespace, _, local = str(tag).rpartition("}")
        if namespace[1:] not in _KNOWN_NAMESPACES and len(self.foreign) < _MANY_COMPLAINTS:
            self.foreign[str(tag)] = None
        if len(self) < _MANY_TAGS:
            self[tag] = local
        return local


class ByTag(dict[object, _T | None], Generic[_T]):
    """Qualified tag to what the local name means under one parent, so that an element costs one look-up; None is unknown."""

    def __init__(self, local: LocalNames, meanings: Mapping[str, _T]) -> None:
        super().__init__()
        self._local = local
        self._meanings = meanings

    def __missing__(self, tag: object) -> _T | None:
        meaning = self._meanings.get(self._local[tag])
        if len(self) < _MANY_TAGS:
            self[tag] = meaning
        return meaning
