"""The Organizations of a FHIR message: which of them a reference means, and which identifiers it has.

A Bundle holds more Organizations than sender and receivers (service provider, producer, the author's unit), so they are never told by
their order. ``fullUrl`` is absolute, relative or a ``urn:uuid:``, and a reference is too; the published examples mix them. A reference to
a version is to the Organization whose ``meta.versionId`` says that version, or says none; FHIR's rules for resolving references in Bundles.
What nothing is called exactly is looked for in other letter case too: UUIDs and servers are the same in any.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import attrs

from sor_addressing.errors import LetterError
from sor_addressing.identifiers import IdentifierKind, kind_of_system, parse, without_system
from sor_addressing.letters.fhir.days import period_of
from sor_addressing.letters.header import LetterIdentifier, LetterIdentifierKind, Outdated, Role, identifier_of

_ORGANIZATION = re.compile(r"(.*/)?Organization/([^/#?|]+)", re.IGNORECASE)
_VERSION = re.compile(r"/_history/([^/#?|]+)\Z", re.IGNORECASE)
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_USES = frozenset(["usual", "official", "temp", "secondary"])
_URN = "urn:uuid:"

MAX_IDENTIFIERS = 100
"""How many identifiers an Organization may have; real ones have two or three."""

_REFERENCES = {
    Role.SENDER: "MessageHeader.sender",
    Role.RECEIVER: "MessageHeader.destination.receiver",
    Role.COPY_RECEIVER: "MessageHeader.destination.receiver",
}


class Identifier(NamedTuple):
    """One ``Identifier`` as it stands in the message: its system, its value, its use, and the ends of its period where it has one."""

    system: str
    value: str
    use: str | None = None
    period: tuple[str | None, str | None] | None = None


class OwnWords(NamedTuple):
    """What an Organization says of itself: its identifiers, and whether it is active (where it doesn't say, it is)."""

    identifiers: tuple[Identifier, ...]
    is_active: bool = True


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

_Found = dict[tuple[str, str | None], Organization]


class Resources(NamedTuple):
    """How one format's resources are read."""

    said: Callable[[Any], OwnWords]
    id: Callable[[Any], str | None]
    version: Callable[[Any], str | None]


class _Index(NamedTuple):
    """The Organizations by address, by the id that ends it or is their own, and those of the latter that aren't known to be elsewhere.

    With each key stands a version: None where versions are not asked for.
    """

    by_url: _Found
    by_id: _Found
    unplaced: _Found


class Organizations:
    """The Organizations of one message, found by reference.

    Args:
        bundled: those that are entries of the Bundle.
        contained: those inside the MessageHeader.
        header_url: ``fullUrl`` of the MessageHeader, against which a relative reference counts.
        resources: how they are read.
    """

    __slots__ = ("_bundled", "_by_url", "_contained", "_header_url", "_indexes", "_resources")

    def __init__(
        self,
        bundled: Sequence[Organization],
        contained: Sequence[Organization],
        header_url: str | None,
        resources: Resources,
    ) -> None:
        self._resources = resources
        self._bundled = bundled
        self._contained = [
            Organization(f"#{name}", one.resource) for one in contained if (name := resources.id(one.resource))
        ]
        self._header_url = header_url or ""
        self._indexes: dict[tuple[bool, bool], _Index] = {}
        by_url: dict[str, Organization] = {}
        for organization in bundled:
            url = organization.full_url
            if url and by_url.setdefault(url, organization) is not organization:
                by_url[url] = self._one_of(by_url[url], organization)
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
        found = _known(self._said(organization), "Organization.identifier") if organization else []
        if reference.identifier:
            found += _known(OwnWords((reference.identifier,)), f"{_REFERENCES[role]}.identifier")
        if len(found) < 3 and not are_alike(found):
            return tuple(found)
        # Of two that say the same, the one that counts now is another than the one that did.
        unique: dict[tuple[object, ...], LetterIdentifier] = {}
        for one in found:
            unique.setdefault((one.kind, one.value, one.withdrawn, one.period), one)
        return tuple(unique.values())

    def _find(self, reference: str) -> Organization | None:
        """What a reference means, in its own letter case or else in any."""
        found = self._by_url.get(reference)
        if found:
            return found
        place, version = _apart(reference)
        return self._look(place, version, any_case=False) or self._look(place, version, any_case=True)

    def _look(self, place: str, version: str | None, *, any_case: bool) -> Organization | None:
        """What has that address, else what has that id and isn't known to be elsewhere."""
        index = self._index(is_versioned=version is not None, any_case=any_case)
        header_url = self._header_url
        if any_case:
            place, header_url = place.casefold(), header_url.casefold()
            version = version and version.casefold()
        found = _get(index.by_url, place, version)
        ending, elsewhere = _id_in(place)
        if found or not ending:
            return found
        if elsewhere:
            return _get(index.unplaced, ending, version)
        server, _, _ = header_url.rpartition("messageheader/" if any_case else "MessageHeader/")
        kind = "organization" if any_case else "Organization"
        beside = _get(index.by_url, f"{server}{kind}/{ending}", version) if server else None
        return beside or _get(index.by_id, ending, version)

    def _index(self, *, is_versioned: bool, any_case: bool) -> _Index:
        """The Organizations by what they can be called, made when first needed."""
        known = self._indexes.get((is_versioned, any_case))
        if known is not None:
            return known
        index = self._indexes[is_versioned, any_case] = _Index({}, {}, {})
        for organization in (*self._bundled, *self._contained):
            url, version = _apart(organization.full_url or "")
            own = self._resources.id(organization.resource) if url[:1] != "#" else None
            if is_versioned:
                version = self._resources.version(organization.resource) or version or ""
            else:
                version = None
            if any_case:
                url, own, version = url.casefold(), own and own.casefold(), version and version.casefold()
            if url:
                self._put(index.by_url, (url, version), organization)
            ending, placed = _id_in(url)
            for key in {ending, own}:
                if key:
                    self._put(index.by_id, (key, version), organization)
                    if not placed:
                        self._put(index.unplaced, (key, version), organization)
        return index

    def _put(self, found: _Found, key: tuple[str, str | None], organization: Organization) -> None:
        other = found.setdefault(key, organization)
        if other is not organization:
            found[key] = self._one_of(other, organization)

    def _one_of(self, one: Organization, other: Organization) -> Organization:
        """Either of two where they say the same."""
        if one is _SEVERAL:
            return one
        of_one, of_other = self._said(one), self._said(other)
        same = of_one.is_active == of_other.is_active and set(of_one.identifiers) == set(of_other.identifiers)
        return one if same else _SEVERAL

    def _said(self, organization: Organization) -> OwnWords:
        found = self._resources.said(organization.resource)
        if len(found.identifiers) > MAX_IDENTIFIERS:
            raise LetterError(
                f"an Organization has {len(found.identifiers):,} identifiers, and none has more than {MAX_IDENTIFIERS}"
            )
        return found


def are_alike(identifiers: Sequence[LetterIdentifier]) -> bool:
    """Whether the first two identifiers, which are mostly all there are, are of one kind."""
    return len(identifiers) > 1 and identifiers[0].kind is identifiers[1].kind


def _id_in(url: str) -> tuple[str | None, bool]:
    """The id of the Organization at an address, and whether the address names the server that it is on."""
    if url[: len(_URN)].lower() == _URN:
        return url[len(_URN) :], False
    match = _ORGANIZATION.fullmatch(url)
    if not match:
        return None, False
    return match[2], bool(match[1] and _ABSOLUTE.match(match[1]))


def _apart(url: str) -> tuple[str, str | None]:
    """An address without the version at its end, and that version; None where it names none."""
    match = _VERSION.search(url) if "_" in url else None
    return (url[: match.start()], match[1]) if match else (url, None)


def _get(found: _Found, key: str, version: str | None) -> Organization | None:
    """What has that key in that version, or has it and says no version."""
    exact = found.get((key, version))
    return exact if exact or version is None else found.get((key, ""))


def _known(said: OwnWords, place: str) -> list[LetterIdentifier]:
    """Those identifiers whose system is known, in the order of the message, with what the message says against them."""
    found = []
    for system, value, use, period in said.identifiers:
        kind = kind_of_system(system)
        if kind is None:
            continue
        one = identifier_of(LetterIdentifierKind(kind.value), without_system(value), place)
        against = _against(use) if use else None
        if not said.is_active:
            against = Outdated.INACTIVE
        if against or period:
            one = attrs.evolve(one, withdrawn=against, period=period_of(*period) if period else None)
        found.append(one)
    return found


def _against(use: str) -> Outdated | None:
    """What ``Identifier.use`` says against an identifier; a use that FHIR doesn't have can mean anything."""
    use = use.lower()
    return None if use in _USES else Outdated.OLD if use == "old" else Outdated.UNREADABLE


def identifier_in_link(endpoint: str, place: str) -> LetterIdentifier | None:
    """The SOR code that an endpoint links to; None where it links to something else.

    >>> identifier_in_link("https://sor2.sum.dsdn.dk/#id=9000011000016006", "MessageHeader.source.endpoint").value
    '9000011000016006'
    """
    parsed = parse(endpoint)
    if parsed.kind is not IdentifierKind.SOR_CODE:
        return None
    return identifier_of(LetterIdentifierKind.SOR_CODE, parsed.value, place)
