"""What a search finds: :class:`Match`, a unit with what matched where, and whether it can be used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING

import attrs

from sor_addressing.addressing.answers import Resolution, Status
from sor_addressing.addressing.question import Question
from sor_addressing.addressing.resolve import resolve
from sor_addressing.addressing.support import Direction
from sor_addressing.addressing.validate import validate
from sor_addressing.index.inside import nearest_above, row_of
from sor_addressing.index.lookup import Index
from sor_addressing.index.unit import Unit
from sor_addressing.index.words import words_of
from sor_addressing.model import ADDRESS_FIELDS
from sor_addressing.search.words.columns import NAME, PLACE, STREET, TYPE
from sor_addressing.search.words.compounds import Slot
from sor_addressing.search.words.explained import explained
from sor_addressing.search.words.folding import words_in
from sor_addressing.search.words.readings import Hits, MatchedHow, Reader
from sor_addressing.search.words.retrieval import IDENTIFIER, Place, Units

if TYPE_CHECKING:
    from sor_addressing.addressing.findings import Finding
    from sor_addressing.addressing.recipients import Recipient
    from sor_addressing.addressing.verdicts import Verdict


class MatchedField(StrEnum):
    """Where a typed word was found."""

    NAME = "name"
    ABOVE = "above"
    TYPE = "type"
    SPECIALITY = "speciality"
    STREET = "street"
    TOWN = "town"
    POSTAL_CODE = "postal_code"
    MUNICIPALITY = "municipality"
    REGION = "region"
    ALIAS = "alias"
    IDENTIFIER = "identifier"


@attrs.frozen(slots=True)
class MatchedWord:
    """A typed word and where it was found.

    ``text`` is the whole text as the register writes it (a name, a street, a town), or the identifier. ``sor_code`` is that of the unit
    that has the text: the one found, or one above it. ``likeness`` is how like the word is to what stands there, from 0 to 100, and ``how``
    it stands for it: as written, inflected, misspelt, as an everyday word. Of a compound whose parts stand apart each part is told.
    """

    word: str
    text: str
    field: MatchedField
    sor_code: str
    likeness: float
    how: MatchedHow = MatchedHow.AS_WRITTEN

    def to_dict(self) -> dict[str, object]:
        """Plain types, stable keys."""
        return {
            "word": self.word,
            "text": self.text,
            "field": str(self.field),
            "sor_code": self.sor_code,
            "likeness": self.likeness,
            "how": str(self.how),
        }


@attrs.frozen(slots=True)
class SearchQuestion:
    """What all matches of one search share."""

    index: Index
    units: Units
    reader: Reader
    slots: tuple[Slot, ...]
    typed: tuple[str, ...]
    hits: Hits
    identifiers: Mapping[int, str]
    aliases: Mapping[int, str]
    question: Question
    today: int


@attrs.frozen(slots=True, repr=False, eq=False)
class Match:
    """A unit that a search found.

    ``score`` tells from 0 to 100 how well the words match; matches are not ordered by it alone. ``resolution`` tells whether a
    letter can be addressed to the unit, and ``verdict`` whether it can receive the message type that was asked for.
    """

    unit: Unit
    score: float
    _places: tuple[Place | None, ...]
    _others: tuple[int, ...]
    _asked: SearchQuestion

    def __repr__(self) -> str:
        codes = ", ".join(finding.code for finding in self.findings)
        return f"<Match {self.score:.0f}: {self.unit.sor_code} {self.unit.name!r}{codes and f' ({codes})'}>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Match):
            return NotImplemented
        return (self.unit, self.score, self.matched, self.resolution) == (
            other.unit,
            other.score,
            other.matched,
            other.resolution,
        )

    def __hash__(self) -> int:
        return hash((self.unit, self.score))

    @property
    def sor_code(self) -> str:
        """SOR code of the unit."""
        return self.unit.sor_code

    @property
    def name(self) -> str:
        """Name of the unit."""
        return self.unit.name

    @property
    def matched(self) -> tuple[MatchedWord, ...]:
        """Every typed word that was found, in the order typed, with the best place it was found in."""
        return tuple(self._matched())

    @property
    def missed(self) -> tuple[str, ...]:
        """Typed words, or parts of them, that neither the unit nor those above it have."""
        found: list[str] = []
        for typed, of_word in self._by_word():
            missing = [slot.written for slot, place in of_word if place is None]
            found += [typed] if len(missing) == len(of_word) else missing
        return tuple(found)

    @property
    def others(self) -> tuple[Unit, ...]:
        """Units that the words fit too, and that have the same location number: a letter can't tell them from this one."""
        return tuple([Unit(self._asked.index, row) for row in self._others])

    def _by_word(self) -> Iterator[tuple[str, list[tuple[Slot, Place | None]]]]:
        """Every typed word with its parts, and where each was found."""
        pairs = zip(self._asked.slots, self._places, strict=False)
        for typed, of_word in groupby(pairs, key=lambda pair: pair[0].typed):
            yield self._asked.typed[typed], list(of_word)

    def _matched(self) -> Iterator[MatchedWord]:
        slots, number = self._asked.slots, -1
        for typed, of_word in self._by_word():
            numbers = range(number + 1, number + 1 + len(of_word))
            number += len(of_word)
            stands = {place[1:] if place is not None else None for _, place in of_word}
            if len(stands) == 1:
                yield from self._word(typed, typed, numbers[0], of_word[0][1])
            else:
                for at, (slot, place) in zip(numbers, of_word, strict=True):
                    yield from self._word(slot.written, slots[at].folded, at, place)

    def _word(self, written: str, typed: str, slot: int, place: Place | None) -> Iterator[MatchedWord]:
        if place is None:
            return
        asked = self._asked
        row = asked.units.order[place[3]]
        field, text = self._field(row, place)
        likeness, how = explained(asked.reader, asked.hits, asked.units.kinds, typed, slot, place)
        yield MatchedWord(written, text, field, asked.index.sor_code(row), round(100 * likeness, 1), how)

    def _field(self, row: int, place: Place) -> tuple[MatchedField, str]:
        asked = self._asked
        if place[1] == IDENTIFIER:
            return MatchedField.IDENTIFIER, asked.identifiers[place[3]]
        if place[1] in asked.aliases:
            return MatchedField.ALIAS, asked.aliases[place[1]]
        kind = asked.units.kinds[place[1]]
        unit = Unit(asked.index, row)
        if kind == NAME:
            return (MatchedField.NAME if unit == self.unit else MatchedField.ABOVE), unit.name
        key = asked.reader.vocabulary.words[place[2]]
        texts = list(_texts_of(asked.index, unit, kind))
        return next(
            ((field, text) for field, text in texts if any(word.key == key for word in words_in(text))), texts[0]
        )

    @property
    def resolution(self) -> Resolution:
        """The unit as the answer to its own SOR code: whether a letter can be addressed to it, and why not."""
        asked = self._asked
        return resolve(asked.index, asked.question._replace(identifier=self.unit.sor_code))

    @property
    def recipient(self) -> Recipient | None:
        """The unit as a recipient; None where no letter can be addressed to it."""
        return self.resolution.recipient

    @property
    def addressable(self) -> bool:
        """Whether a letter can be addressed to the unit at all."""
        return self.resolution.status is Status.RESOLVED

    @property
    def verdict(self) -> Verdict | None:
        """Whether the message type asked for may be sent to it; None where none was asked for."""
        question = self._asked.question
        if question.message_type is None:
            return None
        return validate(
            self._asked.index,
            self.unit,
            question.message_type,
            direction=Direction.RECEIVE,
            day=question.day,
            today=self._asked.today,
            policy=question.policy,
        )

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The reasons: those of the verdict where a message type was asked for, else those of the resolution."""
        verdict = self.verdict
        return self.resolution.findings if verdict is None else verdict.findings

    def to_dict(self) -> dict[str, object]:
        """Plain types, stable keys, for logs and JSON."""
        unit, verdict, resolution = self.unit, self.verdict, self.resolution
        findings = resolution.findings if verdict is None else verdict.findings
        location = unit.location
        address = unit.visiting_address or unit.postal_address
        return {
            "score": self.score,
            "sor_code": unit.sor_code,
            "name": unit.name,
            "kind": str(unit.kind),
            "above": [{"sor_code": above.sor_code, "name": above.name} for above in nearest_above(unit)],
            "address": list(address.lines) if address else [],
            "location_number": location.number if location else None,
            "location_inherited": location.inherited if location else None,
            "matched": [word.to_dict() for word in self.matched],
            "missed": list(self.missed),
            "others": [{"sor_code": other.sor_code, "name": other.name} for other in self.others],
            "status": str(resolution.status),
            "addressable": resolution.status is Status.RESOLVED,
            "outcome": str(verdict.outcome) if verdict else None,
            "deliverable": verdict.deliverable if verdict else None,
            "findings": [finding.to_dict() for finding in findings],
        }


def _texts_of(index: Index, unit: Unit, kind: int) -> Iterator[tuple[MatchedField, str]]:
    """The texts of one kind that a unit has, as the register writes them."""
    if kind in (STREET, PLACE):
        record = index.record(row_of(unit))
        for parts in filter(None, (record.postal_address, record.visiting_address, record.activity_address)):
            yield from _texts_of_address(index, parts, kind)
    elif kind == TYPE:
        yield from ((MatchedField.TYPE, words_of(index, "type", code) or code) for code in unit.types)
    else:
        for speciality in unit.specialities:
            yield MatchedField.SPECIALITY, words_of(index, "speciality", speciality.code) or speciality.code


def _texts_of_address(index: Index, parts: tuple[str, ...], kind: int) -> Iterator[tuple[MatchedField, str]]:
    values = dict(zip(ADDRESS_FIELDS, parts, strict=True))
    if kind == STREET:
        yield from ((MatchedField.STREET, values[name]) for name in ("street", "street_for_addressing") if values[name])
        return
    yield MatchedField.POSTAL_CODE, values["postcode"]
    yield from ((MatchedField.TOWN, values[name]) for name in ("district", "district_subdivision") if values[name])
    municipality = values["municipality_code"]
    yield MatchedField.MUNICIPALITY, municipality
    yield MatchedField.MUNICIPALITY, words_of(index, "municipality", municipality) or municipality
    yield MatchedField.REGION, words_of(index, "region", values["region_code"]) or values["region_code"]
