"""Names in ``Sor.xml``: the namespaces of its versions, and qualified tags by their local names, of which each has one meaning under one parent."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import chain
from typing import Any, Generic, TypeVar

from sor_addressing.shipped import shipped_toml

_T = TypeVar("_T")
_MANY_TAGS = 10_000
_MANY_COMPLAINTS = 1_000


@cache
def root_namespaces() -> Mapping[str, str]:
    """Namespace of the root to version of the layout."""
    roots: dict[str, str] = _namespaces()["roots"]
    return roots


@cache
def _namespaces() -> dict[str, Any]:
    return shipped_toml("sor_addressing.extracts", "data", "namespaces.toml")


class LocalNames(dict[object, str]):
    """Qualified tag to local name; remembers tags of namespaces that no known version uses.

    Attributes:
        foreign: those tags, in the order in which they were seen.
        known: the namespaces that are known, to which that of a later version's root can be added.
    """

    def __init__(self) -> None:
        super().__init__()
        self.foreign: dict[str, None] = {}
        self.known = {*root_namespaces(), *chain.from_iterable(_namespaces()["inside"].values())}

    def __missing__(self, tag: object) -> str:
        namespace, _, local = str(tag).rpartition("}")
        if namespace[1:] not in self.known and len(self.foreign) < _MANY_COMPLAINTS:
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
