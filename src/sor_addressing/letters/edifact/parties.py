"""Who is who in an EDIFACT letter: the parties of UNB and of NAD and PNA, from the roles in ``data/edifact.toml``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache

import attrs

from sor_addressing.addressing.findings import Finding
from sor_addressing.letters.edifact.segments import Segment, SegmentReader
from sor_addressing.letters.header import (
    LetterIdentifier,
    LetterIdentifierKind,
    Party,
    Role,
    identifier_of,
    letter_finding,
)
from sor_addressing.shipped import shipped_toml

MOST_HEADER_SEGMENTS = 5_000
"""Segments before the patient's part; a letter with many parties has some hundred."""

_LOCATION_NUMBER_QUALIFIER = "14"
_DIGITS_OF_A_LOCATION_NUMBER = 13


@attrs.frozen(slots=True)
class Roles:
    """The parties of one message type.

    Attributes:
        by_segment: ``NAD+SSP``, or ``NAD#1`` for the first NAD, to the role.
        element: which element holds the identifier, counted from the tag as 0.
    """

    by_segment: Mapping[str, Role]
    element: int


@attrs.frozen(slots=True)
class PartyTable:
    """``data/edifact.toml``, read."""

    messages: Mapping[str, Mapping[str, object]]
    lists: Mapping[str, LetterIdentifierKind]
    agencies: Mapping[str, LetterIdentifierKind]
    lists_of_persons: frozenset[str]
    end_tags: frozenset[bytes]
    end_segments: frozenset[str]


@cache
def party_table() -> PartyTable:
    """The table, read once."""
    data = shipped_toml("sor_addressing.letters", "data", "edifact.toml")
    ends = data["end"]["segments"]
    return PartyTable(
        messages=data["parties"],
        lists={name: LetterIdentifierKind(kind) for name, kind in data["lists"].items()},
        agencies={name: LetterIdentifierKind(kind) for name, kind in data["agencies"].items()},
        lists_of_persons=frozenset(data["persons"]["lists"]),
        end_tags=frozenset(name.encode() for name in ends if "+" not in name),
        end_segments=frozenset(name for name in ends if "+" in name),
    )


@lru_cache(maxsize=256)
def roles_of(message: str, version: str) -> Roles | None:
    """The roles in letters of a message type (``MEDDIS``) and version (``D9134L``); None where they are not known.

    >>> roles_of("MEDDIS", "D2030C").by_segment["NAD+SOR"]
    <Role.SENDER: 'sender'>
    """
    entry = party_table().messages.get(message)
    if entry is None:
        return None
    versions = entry.get("versions", {})
    if isinstance(versions, Mapping):
        entry = {**entry, **next((other for prefix, other in versions.items() if version.startswith(prefix)), {})}
    element = entry.get("element", 2)
    return Roles(
        {str(entry[role]): role for role in Role if role in entry},
        element if isinstance(element, int) else 2,
    )


def unb_identifier(text: str, qualifier: str, place: str) -> LetterIdentifier | None:
    """The party of UNB: a location number, or the name that it has in the VANS network; None where there is none.

    Receipts of the network come from an operator, whose name stands there with the qualifier of a location number.

    >>> unb_identifier("5790999000017", "14", "UNB S002").kind
    <LetterIdentifierKind.LOCATION_NUMBER: 'location_number'>
    >>> unb_identifier("DKNETNET", "14", "UNB S002").kind
    <LetterIdentifierKind.VANS_NAME: 'vans_name'>
    """
    if not text:
        return None
    is_number = (
        not text[0].isalpha()
        if qualifier == _LOCATION_NUMBER_QUALIFIER
        else not qualifier and len(text) == _DIGITS_OF_A_LOCATION_NUMBER and text.isdigit()
    )
    kind = LetterIdentifierKind.LOCATION_NUMBER if is_number else LetterIdentifierKind.VANS_NAME
    return identifier_of(kind, text, place)


def coded_identifier(components: list[str], place: str) -> LetterIdentifier | None:
    """The identifier in C082, ``9999010:SKS:SST``; None where there is none, or a person's.

    >>> coded_identifier(["9999010", "SKS", "SST"], "NAD+SSP").kind
    <LetterIdentifierKind.SHAK_CODE: 'shak_code'>
    """
    text = components[0]
    if not text:
        return None
    table = party_table()
    code_list = components[1].upper() if len(components) > 1 else ""
    if code_list in table.lists_of_persons:
        return None
    kind = table.lists.get(code_list)
    if kind is None and not code_list and len(components) > 2:
        kind = table.agencies.get(components[2])
    return identifier_of(kind or LetterIdentifierKind.OTHER, text, place)


@attrs.define(slots=True)
class NamedParties:
    """The identifiers of each party, as the letter's segments name them; those of UNB are not among them."""

    sender: list[LetterIdentifier] = attrs.field(factory=list)
    receiver: list[LetterIdentifier] = attrs.field(factory=list)
    copies: list[tuple[Role, list[LetterIdentifier]]] = attrs.field(factory=list)
    reply_to: list[LetterIdentifier] = attrs.field(factory=list)

    def add(self, role: Role, identifier: LetterIdentifier | None) -> None:
        """Put down that a segment names a party of this role, with or without an identifier."""
        found = [] if identifier is None else [identifier]
        if role is Role.SENDER:
            self.sender += found
        elif role is Role.RECEIVER:
            self.receiver += found
        elif role is Role.REPLY_TO:
            self.reply_to += found
        else:
            self.copies.append((role, found))


def read_parties(reader: SegmentReader, roles: Roles | None) -> tuple[NamedParties, int]:
    """Read the groups of the parties after UNH, up to the patient's part; with how many segments they were.

    Raises:
        LetterError: the file ends here, or the parties don't.
    """
    table = party_table()
    named, counted, current = NamedParties(), 0, None
    ordinals: dict[bytes, int] = {}
    while roles is not None:
        if counted >= MOST_HEADER_SEGMENTS:
            raise reader.error(
                f"more than {MOST_HEADER_SEGMENTS:,} segments before the patient's part; make the file again",
                reader.position,
            )
        position = reader.position
        segment = reader.following("UNT")
        tag = segment.tag
        if tag in _PARTIES:
            elements = reader.elements(segment)
            place = f"{tag.decode()}+{reader.value(elements, 1)}"
            if place in table.end_segments:
                reader.position = position
                break
            ordinals[tag] = ordinals.get(tag, 0) + 1
            current = roles.by_segment.get(place)
            if current is None:
                place = tag.decode()
                current = roles.by_segment.get(f"{place}#{ordinals[tag]}")
            if current is not None:
                named.add(current, coded_identifier(reader.components(elements, roles.element), place))
        elif tag in table.end_tags or tag[:2] == b"UN":
            reader.position = position
            break
        elif tag == b"S01":
            current = None
        elif current is Role.SENDER and tag in _REPLIES:
            named.add(Role.REPLY_TO, _reply_to(reader, segment))
        counted += 1
    return named, counted


def _reply_to(reader: SegmentReader, segment: Segment) -> LetterIdentifier | None:
    """The location number for the answer: ``RFF+LOC:5790…``, or ``COM+5790…:LOC`` in a request for renewal."""
    elements = reader.elements(segment)
    raw = reader.separators.components(elements[1]) if len(elements) > 1 else []
    qualifier, number = _REPLIES[segment.tag]
    if len(raw) < 2 or raw[qualifier].strip() != b"LOC":
        return None
    text = reader.components(elements, 1)[number]
    return identifier_of(LetterIdentifierKind.LOCATION_NUMBER, text, f"{segment.tag.decode()}+LOC") if text else None


_PARTIES = frozenset([b"NAD", b"PNA"])
# Where the qualifier stands in the first element, and where the number.
_REPLIES = {b"RFF": (0, 1), b"COM": (1, 0)}


def party_of(role: Role, identifiers: Iterable[LetterIdentifier | None]) -> Party:
    """A party with its identifiers in the letter's order, each once."""
    first: dict[tuple[LetterIdentifierKind, str], LetterIdentifier] = {}
    for one in identifiers:
        if one is not None:
            first.setdefault((one.kind, one.value), one)
    return Party(role, tuple(first.values()))


def disagreements(parties: tuple[Party, ...]) -> list[Finding]:
    """Where a party has two different identifiers of one kind."""
    found: list[Finding] = []
    for party in parties:
        identifiers = party.identifiers
        if len(identifiers) < 2 or (len(identifiers) == 2 and identifiers[0].kind is not identifiers[1].kind):
            continue
        by_kind: dict[LetterIdentifierKind, list[str]] = {}
        for one in identifiers:
            by_kind.setdefault(one.kind, []).append(one.value)
        found.extend(
            letter_finding("identifiers-disagree", variant="two", party=party.role, identifiers=tuple(values))
            for values in by_kind.values()
            if len(values) > 1
        )
    return found
