"""The Organizations of a FHIR message: which of them a reference means, and which identifiers it has.

A Bundle holds more Organizations than sender and receivers (service provider, producer, the author's unit), so they are never told by
their order. ``fullUrl`` is absolute, relative or a ``urn:uuid:``, and a reference is too; the published examples mix them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from sor_addressing.errors import LetterError
from sor_addressing.identifiers import IdentifierKind, kind_of_system, parse, without_system
from sor_addressing.letters.header import LetterIdentifier, LetterIdentifierKind, Role, identifier_of

_ORGANIZATION = re.compile(r"(.*/)?Organization/([^/#?|]+)(?:/_history/[^/]+)?")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_URN = "urn:uuid:"

MAX_IDENTIFIERS = 100
"""How many identifiers an Organization may have; real ones have two or three."""

_REFERENCES = {
    Role.SENDER: "MessageHeader.sender",
    Role.RECEIVER: "MessageHeader.destination.receiver",
    Role.COPY_RECEIVER: "MessageHeader.destination.receiver",
}


class Identifier(NamedTuple):
    """One ``Identifier`` as it stands in the message: its system, and its value."""

    system: str
    value: str


class Reference(NamedTuple):
    """A reference to a resource: by address, by identifier, or by both."""

    reference: str | None = None
    identifier: Identifier | None = None


class Organization(NamedTuple):
    """One Organization of the message: ``fullUrl`` of its entry, and the resource, of which id and identifiers are read when needed."""

    full_url: str | None
    resource: Any


NO_REFERENCE = Reference()
"""Where a message says nothing of whom it means."""


# Stands where several Organizations with different identifiers are meant.
_SEVERAL = Organization(None, None)

_Index = dict[str, Organization]


class Organizations:
    """The Organizations of one message, found by reference.

    Args:
        bundled: those that are entries of the Bundle.
        contained: those inside the MessageHeader.
        header_url: ``fullUrl`` of the MessageHeader, against which a relative reference counts.
        read: gives the identifiers of a resource.
        id_of: gives its id.
    """

    __slots__ = ("_bundled", "_by_id", "_by_unplaced_id", "_by_url", "_contained", "_header_url", "_id_of", "_read")

    def __init__(
        self,
        bundled: Sequence[Organization],
        contained: Sequence[Organization],
        header_url: str | None,
        read: Callable[[Any], tuple[Identifier, ...]],
        id_of: Callable[[Any], str | None],
    ) -> None:
        self._id_of = id_of
        self._read = read
        self._bundled = bundled
        self._contained = contained
        self._header_url = header_url
        self._by_id: _Index | None = None
        self._by_unplaced_id: _Index = {}
        by_url: _Index = {}
        for organization in bundled:
            url = organization.full_url
            if url and by_url.setdefault(url, organization) is not organization:
                self._put(by_url, url, organization)
        self._by_url = by_url

    def identifiers_of(self, reference: Reference, role: Role) -> tuple[LetterIdentifier, ...]:
        """The identifiers of the Organization that is meant, and those in the reference itself; none where it leads nowhere.

        Raises:
            LetterError: several Organizations with different identifiers are meant.
        """
        organization = self._find(reference.reference) if reference.reference else None
        if organization is _SEVERAL:
            raise LetterError(
                f"{_REFERENCES[role]} means several Organizations of the Bundle, and their identifiers differ;"
                " give each Organization an id and a fullUrl of its own"
            )
        found = _known(self._identifiers(organization), "Organization.identifier") if organization else []
        if reference.identifier:
            found += _known((reference.identifier,), f"{_REFERENCES[role]}.identifier")
        if len(found) < 3 and not are_alike(found):
            return tuple(found)
        unique: dict[tuple[LetterIdentifierKind, str], LetterIdentifier] = {}
        for one in found:
            unique.setdefault((one.kind, one.value), one)
        return tuple(unique.values())

    def _find(self, reference: str) -> Organization | None:
        """What a reference means: what has that address, else what has that id and isn't known to be elsewhere."""
        found = self._by_url.get(reference)
        if found:
            return found
        if reference[0] == "#":
            contained: _Index = {}
            for organization in self._contained:
                self._put(contained, f"#{self._id_of(organization.resource)}", organization)
            return contained.get(reference)
        ending, elsewhere = _id_in(reference)
        if not ending:
            return None
        by_id = self._ids()
        if elsewhere:
            return self._by_unplaced_id.get(ending)
        server = (self._header_url or "").rpartition("MessageHeader/")[0]
        beside = self._by_url.get(f"{server}Organization/{ending}") if server else None
        return beside or by_id.get(ending)

    def _ids(self) -> _Index:
        """The Organizations by the id that ends their address, and by their own, made when first needed."""
        if self._by_id is None:
            self._by_id = {}
            for organization in self._bundled:
                ending, placed = _id_in(organization.full_url or "")
                for key in {ending, self._id_of(organization.resource)}:
                    if key:
                        self._put(self._by_id, key, organization)
                        if not placed:
                            self._put(self._by_unplaced_id, key, organization)
        return self._by_id

    def _put(self, index: _Index, key: str, organization: Organization) -> None:
        other = index.setdefault(key, organization)
        if other is organization or other is _SEVERAL:
            return
        if frozenset(self._identifiers(other)) != frozenset(self._identifiers(organization)):
            index[key] = _SEVERAL

    def _identifiers(self, organization: Organization) -> tuple[Identifier, ...]:
        found = self._read(organization.resource)
        if len(found) > MAX_IDENTIFIERS:
            raise LetterError(
                f"an Organization has {len(found):,} identifiers, and none has more than {MAX_IDENTIFIERS}"
            )
        return found


def are_alike(identifiers: Sequence[LetterIdentifier]) -> bool:
    """Whether the first two identifiers, which are mostly all there are, are of one kind."""
    return len(identifiers) > 1 and identifiers[0].kind is identifiers[1].kind


def _id_in(url: str) -> tuple[str | None, bool]:
    """The id of the Organization at an address, and whether the address names the server that it is on."""
    if url.startswith(_URN):
        return url[len(_URN) :], False
    match = _ORGANIZATION.fullmatch(url)
    if not match:
        return None, False
    return match[2], bool(match[1] and _ABSOLUTE.match(match[1]))


def _known(identifiers: Iterable[Identifier], place: str) -> list[LetterIdentifier]:
    """Those identifiers whose system is known, in the order of the message."""
    found = []
    for system, value in identifiers:
        kind = kind_of_system(system)
        if kind is not None:
            found.append(identifier_of(LetterIdentifierKind(kind.value), without_system(value), place))
    return found


def identifier_in_link(endpoint: str, place: str) -> LetterIdentifier | None:
    """The SOR code that an endpoint links to; None where it links to something else.

    >>> identifier_in_link("https://sor2.sum.dsdn.dk/#id=9000011000016006", "MessageHeader.source.endpoint").value
    '9000011000016006'
    """
    parsed = parse(endpoint)
    if parsed.kind is not IdentifierKind.SOR_CODE:
        return None
    return identifier_of(LetterIdentifierKind.SOR_CODE, parsed.value, place)
