"""Leaving one kind of identifier for another: what stands behind each entry of a book, and what is to be asked where that isn't certain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import attrs

from sor_addressing.addressing.inside import recipient_row, unit_certain
from sor_addressing.changes.book.entries import IDENTIFIERS, BookEntry
from sor_addressing.changes.book.identifiers import could_have_been
from sor_addressing.changes.review.choices import Deferred, ReplacementCandidate
from sor_addressing.changes.review.conversion import ConversionCandidate, ConversionState, EntryConversion
from sor_addressing.changes.review.judging import Judge, Judged
from sor_addressing.changes.review.meaning import EntryMeaning, meaning_of
from sor_addressing.changes.review.suggesting import Replacement
from sor_addressing.changes.review.traces import Trace, read, text_of_cell
from sor_addressing.identifiers import IdentifierKind, identifier_class
from sor_addressing.index.columns import LOCATION_INHERITED, NOTHING
from sor_addressing.index.unit import Unit

_SOR, _LOCATION = IdentifierKind.SOR_CODE, IdentifierKind.LOCATION_NUMBER
_PROVIDER, _SHAK = IdentifierKind.PROVIDER_NUMBER, IdentifierKind.SHAK_CODE
_LEFT = (_PROVIDER, _SHAK)
"""What an entry has no more when it has a SOR code or a location number instead."""

_CERTAIN, _ALREADY, _ASK = ConversionState.CERTAIN, ConversionState.ALREADY, ConversionState.ASK
_MOST_CANDIDATES = 10
# What is worth a look though the identifier is certain.
_NOTED = frozenset(
    (
        "name-differs",
        "identifier-zeros-lost",
        "identifier-mangled",
        "identifier-in-wrong-column",
        "provider-ceased",
        "shak-code-retired",
        "unit-closing",
    )
)


Candidates = Sequence[ReplacementCandidate] | Deferred
"""Units that the review gives to choose from, searched for by name only where nothing else is known."""


class Leaving:
    """Works out the conversions of the entries of one book.

    Args:
        judge: of the register.
        to: the kind of identifier that they are to have.
        previous: of an earlier day, where there is one.
    """

    def __init__(self, judge: Judge, to: IdentifierKind, previous: Judge | None = None) -> None:
        self._judge = judge
        self._to = to
        self._previous = previous
        self._known: dict[tuple[int, ...], tuple[ConversionCandidate, ...]] = {}

    def of(
        self,
        entry: BookEntry,
        judged: Judged | None,
        before: Judged | None = None,
        replacements: Sequence[Replacement] = (),
        candidates: Candidates = (),
    ) -> EntryConversion:
        """What ``entry`` becomes.

        Args:
            entry: the entry.
            judged: what the register says of it; None where nobody knows which of its cells is which.
            before: what that of the earlier day says.
            replacements: what should stand there instead, by the review.
            candidates: units that it could mean, by the review.
        """
        if judged is None:
            return EntryConversion(to=self._to, state=ConversionState.UNREADABLE, reasons=("entry-misshapen",))
        trace = read(entry.converted_from) if entry.converted_from else None
        if trace is None:
            return self._of(judged, before, replacements, candidates)
        if not _still_holds(trace, entry, judged):
            found = self._of(judged, before, replacements, candidates)
            return attrs.evolve(found, reasons=("conversion-outdated", *found.reasons))
        was = self._judge.judge(_before(entry, trace))
        if self._to is not _PROVIDER:
            anew = self._of(was, None, (), ())
            if anew.is_ready:
                return attrs.evolve(anew, is_restored=True)
            # What nobody would convert today stays as it is, and can still go back.
            return anew if self._to is not trace.to else self._of(judged, before, replacements, candidates)
        return EntryConversion(
            to=self._to,
            state=ConversionState.RESTORED,
            kinds=_kinds_of(judged),
            value=was.identifiers.given.get(_PROVIDER),
            sor_code=self._judge.index.sor_code(was.row) if was.row != NOTHING else None,
            name=self._judge.index.name(was.row) if was.row != NOTHING else None,
            is_restored=True,
        )

    def _of(
        self,
        judged: Judged,
        before: Judged | None,
        replacements: Sequence[Replacement],
        candidates: Candidates,
    ) -> EntryConversion:
        meaning = self._meaning(judged, before)
        kinds = _kinds_of(judged)
        index = self._judge.index
        row = meaning.row
        if row == NOTHING and self._to is _LOCATION:
            row = meaning.number
        if row == NOTHING:
            rows = meaning.rows or tuple(dict.fromkeys(self._suggested(replacements, candidates)))
            return EntryConversion(
                to=self._to,
                state=meaning.state,
                kinds=kinds,
                reasons=meaning.reasons,
                candidates=self._candidates(rows),
                candidate_count=len(rows),
            )
        notes = tuple(dict.fromkeys(one.code for one in judged.findings if one.code in _NOTED))
        reasons = notes if meaning.row != NOTHING else (*meaning.reasons, *notes)
        state, value, why = self._value(row, judged)
        return EntryConversion(
            to=self._to,
            state=state,
            kinds=kinds,
            value=value,
            reasons=(*why, *reasons),
            sor_code=index.sor_code(row),
            name=index.name(row),
            candidates=self._candidates((row,)) if value is None else (),
            candidate_count=int(value is None),
            cells=tuple(self._cells(judged, state, value)) if value is not None else (),
        )

    def _meaning(self, judged: Judged, before: Judged | None) -> EntryMeaning:
        """Which unit the entry means; where another one had its number on the previous day, somebody has to say which."""
        identifiers = judged.identifiers
        if judged.agreement is None:
            reason = next((one.code for one in identifiers.findings), "entry-without-identifier")
            lost = bool(identifiers.lost or identifiers.seen)
            return EntryMeaning(
                ConversionState.UNREADABLE if lost else ConversionState.WITHOUT_IDENTIFIER, reasons=(reason,)
            )
        found = meaning_of(self._judge, judged.agreement)
        row = found.row
        if row == NOTHING:
            return found
        for kind, cell in identifiers.lost.items():
            own = self._own(row, kind)
            if own is not None and not could_have_been(cell, own):
                return EntryMeaning(_ASK, rows=(row,), reasons=("identifiers-disagree", "identifier-mangled"))
        if before is not None and self._previous is not None and before.row != NOTHING and before.unit_certain:
            code = self._previous.index.sor_code(before.row)
            if code != self._judge.index.sor_code(row) and judged.unit_certain:
                then = self._judge.index.row_of_sor_code(code)
                rows = (row,) if then == NOTHING else (row, then)
                return EntryMeaning(_ASK, rows=rows, reasons=("recipient-changed",))
        return found

    def _value(self, row: int, judged: Judged) -> tuple[ConversionState, str | None, tuple[str, ...]]:
        """The identifier that the entry is to have, or why there is none for the unit in ``row``."""
        given = judged.identifiers.given.get(self._to)
        in_place = self._to in judged.identifiers.seen and self._to not in judged.identifiers.emptied
        if given is not None and in_place and self._to not in judged.identifiers.lost:
            return _ALREADY, given, ()
        value = given or self._own(row, self._to)
        if value is None:
            return ConversionState.LACKING, None, ()
        if self._to is _PROVIDER and given is None:
            back = self._judge.ask(_PROVIDER, value)
            if recipient_row(back) != row or not unit_certain(back):
                return ConversionState.SHARED, None, ("provider-number-shared",)
        return _CERTAIN, value, ()

    def _cells(self, judged: Judged, state: ConversionState, value: str) -> Iterator[tuple[IdentifierKind, str]]:
        """What changes: the identifier is put in, and those that it stands for are taken out."""
        identifiers = judged.identifiers
        if state is _CERTAIN:
            yield self._to, value
        for kind in _LEFT if self._to is not _PROVIDER else ():
            seen = identifiers.seen.get(kind)
            if kind is self._to or not seen:
                continue
            moved = kind in identifiers.emptied or kind not in identifiers.given
            if not moved or identifier_class(self._to).compact(seen) == value:
                yield kind, ""

    def _own(self, row: int, kind: IdentifierKind) -> str | None:
        index = self._judge.index
        if kind is _SOR:
            return index.sor_code(row)
        if kind is _LOCATION:
            return index.location_number(row)
        unit = Unit(index, row)
        return unit.provider_number if kind is _PROVIDER else unit.shak_code

    def _suggested(self, replacements: Iterable[Replacement], candidates: Candidates) -> Iterator[int]:
        """The units that the review itself would put in, or give to choose from."""
        for one in replacements:
            kind = next((kind for kind in IDENTIFIERS if kind == one.field), None)
            if kind is not None and one.suggested:
                row = recipient_row(self._judge.ask(kind, one.suggested))
                if row != NOTHING:
                    yield row
        for candidate in candidates.found() if isinstance(candidates, Deferred) else candidates:
            yield self._judge.index.row_of_sor_code(candidate.sor_code)

    def _candidates(self, rows: tuple[int, ...]) -> tuple[ConversionCandidate, ...]:
        shown = rows[:_MOST_CANDIDATES]
        found = self._known.get(shown)
        if found is None:
            facts = [dict(self._facts(row)) for row in shown]
            names = [fact for fact in facts[0] if len({one[fact] for one in facts}) > 1] if facts else []
            # One alone is told by where it is.
            told = names or ["address", "above"]
            found = self._known[shown] = tuple(
                ConversionCandidate(
                    self._judge.index.sor_code(row),
                    self._judge.index.name(row),
                    self._own(row, self._to),
                    self._judge.index.location_number(row),
                    tuple((fact, one[fact]) for fact in told if one[fact]),
                )
                for row, one in zip(shown, facts, strict=True)
            )
        return found

    def _facts(self, row: int) -> Iterator[tuple[str, str]]:
        """What can set a unit apart from others, in the order in which people would say it."""
        index = self._judge.index
        unit = Unit(index, row)
        address = unit.visiting_address or unit.postal_address
        location = unit.location
        yield "name", unit.name
        yield "address", ", ".join(address.lines) if address else ""
        yield "above", ", ".join(index.name(one) for one in index.nearest_above(row, 1))
        yield "types", ", ".join(index.code_text(code) or code for code in unit.types)
        yield "specialities", ", ".join(index.code_text(one.code) or one.code for one in unit.specialities)
        yield "location_number", index.location_number(row) or ""
        types = (one.message_type.text for one in location.registrations) if location else ()
        yield "message_types", ", ".join(sorted(set(types)))
        inherited = index.columns.unit_location_state[row] == LOCATION_INHERITED
        yield "location", "inherited" if inherited else "own" if location else ""


def _still_holds(trace: Trace, entry: BookEntry, judged: Judged) -> bool:
    """Whether the entry still has what was put in, and nothing where something was taken out."""
    cells = dict(zip(IDENTIFIERS, entry.cells, strict=True))
    there = trace.value in (judged.identifiers.given.get(trace.to), identifier_class(trace.to).compact(cells[trace.to]))
    return there and not any(cells[kind] for kind in trace.cells if kind is not trace.to)


def _before(entry: BookEntry, trace: Trace) -> BookEntry:
    """The entry as it was before it was converted."""
    cells = dict(zip(IDENTIFIERS, entry.cells, strict=True))
    cells.update((kind, text_of_cell(text)) for kind, text in trace.cells.items())
    if trace.is_new:
        cells[trace.to] = ""
    sor_code, location_number, provider_number, shak_code = (cells[kind] for kind in IDENTIFIERS)
    return attrs.evolve(
        entry,
        sor_code=sor_code,
        location_number=location_number,
        provider_number=provider_number,
        shak_code=shak_code,
        converted_from="",
    )


def _kinds_of(judged: Judged) -> tuple[IdentifierKind, ...]:
    """The kinds of identifiers that an entry has, those whose digits are gone among them."""
    identifiers = judged.identifiers
    return tuple(kind for kind in IDENTIFIERS if kind in identifiers.given or kind in identifiers.lost)
