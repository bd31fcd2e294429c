"""What an entry of an address book becomes when one kind of identifier is left for another: :class:`EntryConversion`."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Literal

import attrs

from sor_addressing.errors import PolicyError
from sor_addressing.identifiers import IdentifierKind
from sor_addressing.texts import text_of, title_of

ConvertedKind = IdentifierKind | Literal["sor_code", "location_number", "provider_number"]
"""What an address book can be converted to."""

CONVERTED_KINDS = (IdentifierKind.SOR_CODE, IdentifierKind.LOCATION_NUMBER, IdentifierKind.PROVIDER_NUMBER)
_MOST_ASKED_ABOUT = 3


class ConversionState(StrEnum):
    """How far an entry is on the way to another kind of identifier.

    ``certain`` (the identifier is known and put in), ``already`` (it stands there) and ``restored`` (the entry is as it was before an earlier
    conversion) are ready; the others need somebody.
    """

    CERTAIN = "certain"
    ALREADY = "already"
    RESTORED = "restored"
    ASK = "ask"
    CLOSED = "closed"
    NO_SUCCESSOR = "no-successor"
    NOT_ADDRESSABLE = "not-addressable"
    LACKING = "lacking"
    SHARED = "shared"
    UNKNOWN = "unknown"
    UNREADABLE = "unreadable"
    WITHOUT_IDENTIFIER = "without-identifier"


READY = frozenset({ConversionState.CERTAIN, ConversionState.ALREADY, ConversionState.RESTORED})
"""The states in which nobody is to be asked."""


def kind_to_convert_to(given: str) -> IdentifierKind:
    """The kind that a book is to be converted to.

    Raises:
        PolicyError: it is none that a book can be converted to.
    """
    for kind in CONVERTED_KINDS:
        if given == kind:
            return kind
    raise PolicyError(f"a book can't be converted to {given!r}: use {', '.join(CONVERTED_KINDS)}")


@attrs.frozen(slots=True)
class ConversionCandidate:
    """A unit that an entry could mean, with what sets it apart from the others.

    Attributes:
        sor_code: SOR code of the unit.
        name: its name.
        value: its identifier of the kind that is converted to; None where it has none.
        location_number: the number it is reached at.
        apart: what sets it apart: name of the fact to its text. Facts in which all candidates are alike are left out.
    """

    sor_code: str
    name: str
    value: str | None
    location_number: str | None
    apart: tuple[tuple[str, str], ...] = ()

    @property
    def label(self) -> str:
        """The name, and in brackets the first fact that sets the unit apart."""
        return _label(self, ())

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return {
            "sor_code": self.sor_code,
            "name": self.name,
            "value": self.value,
            "location_number": self.location_number,
            "apart": dict(self.apart),
        }


def _label(candidate: ConversionCandidate, others: Iterable[ConversionCandidate]) -> str:
    """A label with more facts where others have the same name and are alike in the first; with the SOR code where nothing else helps."""
    alike = [one for one in others if one is not candidate and one.name == candidate.name]
    told: list[str] = []
    for fact, text in candidate.apart:
        left = [one for one in alike if dict(one.apart).get(fact) == text]
        if fact != "name" and text and (not told or len(left) < len(alike)):
            told.append(text)
            alike = left
            if not alike:
                break
    if alike or not told:
        told.append(candidate.sor_code)
    return f"{candidate.name} ({'; '.join(told)})"


@attrs.frozen(slots=True, kw_only=True)
class EntryConversion:
    """One entry on the way to another kind of identifier.

    Attributes:
        to: the kind.
        state: how far it is.
        kinds: the kinds of identifiers that it has, in the order of a book's columns.
        value: what stands there when it is converted; None where that isn't certain.
        reasons: codes that tell why it isn't certain, or what to look at though it is.
        sor_code: the unit that is meant, where it is known.
        name: its name.
        candidates: units that it could mean, the first few of them.
        candidate_count: how many there are.
        cells: what is written into its cells: field to text, empty where a cell is emptied.
        is_restored: whether its cells are first put back to what they were before an earlier conversion.
    """

    to: IdentifierKind
    state: ConversionState
    kinds: tuple[IdentifierKind, ...] = ()
    value: str | None = None
    reasons: tuple[str, ...] = ()
    sor_code: str | None = None
    name: str | None = None
    candidates: tuple[ConversionCandidate, ...] = ()
    candidate_count: int = 0
    cells: tuple[tuple[IdentifierKind, str], ...] = ()
    is_restored: bool = False

    @property
    def is_ready(self) -> bool:
        """Whether nobody is to be asked."""
        return self.state in READY

    @property
    def kind(self) -> str:
        """What the entry names its recipient by, such as ``provider_number`` or ``location_number+provider_number``; ``none`` for nothing."""
        return "+".join(self.kinds) or "none"

    def question(self, language: str = "en") -> str:
        """What somebody is to be asked, as ``"da"`` or ``"en"``; empty where there is nothing to ask or nobody to choose from."""
        labels = [_label(one, self.candidates) for one in self.candidates[:_MOST_ASKED_ABOUT]]
        if self.is_ready or not labels:
            return ""
        more = max(self.candidate_count, len(self.candidates)) - len(labels)
        if more:
            code = "question.more" if more > 1 else "question.one-more"
            return _say(code, language, names=", ".join(labels), count=more)
        if len(labels) == 1:
            code = "question.successor" if self.state is ConversionState.CLOSED else "question.one"
            return _say(code, language, first=labels[0])
        return _say("question.several", language, names=", ".join(labels[:-1]), last=labels[-1])

    def text(self, language: str = "en") -> str:
        """How far the entry is, and why not further, in a sentence or two."""
        said = [_say(f"state.{self.state}", language, kind=self.to, value=self.value, name=self.name)]
        if self.reasons:
            titles = ", ".join(title_of(*_room_of(code), language) for code in self.reasons)
            said.append(_say("reasons", language, titles=titles))
        return " ".join(said)

    def to_dict(self) -> dict[str, object]:
        """Plain types, stable keys."""
        return {
            "to": str(self.to),
            "state": str(self.state),
            "ready": self.is_ready,
            "kind": self.kind,
            "value": self.value,
            "reasons": list(self.reasons),
            "sor_code": self.sor_code,
            "name": self.name,
            "candidates": [one.to_dict() for one in self.candidates],
            "candidate_count": self.candidate_count,
            "cells": {str(kind): text for kind, text in self.cells},
            "question": {language: self.question(language) for language in ("da", "en")} if self.candidates else None,
        }


OWN_REASONS = ("conversion-outdated", "provider-number-shared")
"""Reasons that are no findings: the entry was changed after an earlier conversion; a provider number stands for others too."""


def _room_of(code: str) -> tuple[str, str]:
    return ("leaving", code) if code in OWN_REASONS else ("findings", code)


def _say(code: str, language: str, **values: object) -> str:
    return text_of("leaving", code, language, values)
