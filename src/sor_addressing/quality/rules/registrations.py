"""Rules on which message types stand beside each other on a location number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sor_addressing.index.columns import NOTHING
from sor_addressing.messages.catalogue import MessageFormat, catalogue
from sor_addressing.quality.defining import rule
from sor_addressing.quality.scope import AuditScope, Details, Said, Seen
from sor_addressing.quality.superseded import Superseded

_REGISTRATIONS = ("registrations",)
_DIRECTIONS = ("registrations", "directions of registrations")


@rule("old-format-kept", "warning", needs=_REGISTRATIONS)
def old_format_kept(scope: AuditScope) -> Iterable[Seen]:
    """An old format is registered beside the new one that replaces it.

    What is to be gone already by the days that were given is told by ``old-format-past-date`` instead.

    Source: the stated rules for registrations: take old formats away when the new is in use (FDIS91 for correspondence).
    """
    gone = {(one.new, code) for one in _past(scope) for code in one.old}
    pairs = []
    for one in Superseded.shipped():
        old = [code for code in one.old if (one.new, code) not in gone]
        pairs.append((scope.bits_of_codes(one.new), scope.bits_of_codes(*old)))

    def judge(said: Said) -> Iterator[Details]:
        for new, old in pairs:
            if said.all & new and said.all & old:
                yield {"new": scope.names(said.all & new), "old": scope.names(said.all & old)}

    return scope.on_registrations(judge)


@rule("old-format-past-date", "error", needs=("registrations", "superseded"))
def old_format_past_date(scope: AuditScope) -> Iterable[Seen]:
    """An old format is registered beside the new one that takes its place, after the day by which it was to be gone. The day is yours to give.

    Source: the stated rules for registrations: take old formats away when the new is in use; the day is that of whoever agreed on it.
    """
    past = [(one.by, scope.bits_of_codes(one.new), scope.bits_of_codes(*one.old)) for one in _past(scope)]

    def judge(said: Said) -> Iterator[Details]:
        for by, new, old in past:
            if said.all & new and said.all & old:
                yield {"new": scope.names(said.all & new), "old": scope.names(said.all & old), "by": by}

    return scope.on_registrations(judge)


def _past(scope: AuditScope) -> list[Superseded]:
    return [one for one in scope.superseded or () if one.by is not None and one.by < scope.on]


@rule("correspondence-one-way", "warning", needs=_DIRECTIONS)
def correspondence_one_way(scope: AuditScope) -> Iterable[Seen]:
    """Correspondence is sent in EDI or XML and can't be received in any format.

    Source: the stated rules for registrations: who sends correspondence should receive it, a wish for DIS91.
    """
    families = _replying(scope)

    def judge(said: Said) -> Iterator[Details]:
        for of_family, fhir in families:
            sent = said.send & of_family & ~fhir
            if sent and not said.receive_perhaps & of_family:
                yield {"message_types": scope.names(sent)}

    return scope.on_registrations(judge)


@rule("correspondence-one-way-fhir", "error", needs=_DIRECTIONS)
def correspondence_one_way_fhir(scope: AuditScope) -> Iterable[Seen]:
    """Correspondence is sent in FHIR and can't be received in FHIR.

    Source: the stated rules for registrations: who sends correspondence should receive it, a requirement for FDIS91.
    """
    families = _replying(scope)

    def judge(said: Said) -> Iterator[Details]:
        for of_family, fhir in families:
            sent = said.send & of_family & fhir
            if sent and not said.receive_perhaps & of_family & fhir:
                yield {"message_types": scope.names(sent)}

    return scope.on_registrations(judge)


@rule("edi-beside-xml", "info", needs=_REGISTRATIONS)
def edi_beside_xml(scope: AuditScope) -> Iterable[Seen]:
    """A letter is received as XML and as EDI: whoever has XML needs no conversion, and the registration of EDI is superfluous.

    Source: the stated rules for registrations: no EDI where EDI is not used; and the wish to avoid double conversion. It is a remark and no
    fault, for senders that have EDI alone reach the number by it as long as it is not agreed who converts for them.
    """
    known = catalogue()
    edi = scope.bits(lambda one: one.format is MessageFormat.EDI)
    xml = scope.bits(lambda one: one.format is MessageFormat.XML)
    families = [scope.bits_of_family(family) for family in known.families if not known.is_receipt(family)]
    pairs = [(of_family & edi, of_family & xml) for of_family in families if of_family & edi and of_family & xml]

    def judge(said: Said) -> Iterator[Details]:
        needless = kept = 0
        for of_edi, of_xml in pairs:
            if said.receive_perhaps & of_edi and said.receive_perhaps & of_xml:
                needless |= said.receive_perhaps & of_edi
                kept |= said.receive_perhaps & of_xml
        if needless:
            yield {"superfluous": scope.names(needless), "kept": scope.names(kept)}

    return scope.on_registrations(judge)


def _replying(scope: AuditScope) -> list[tuple[int, int]]:
    """Bits of each family that expects a reply, and of what is FHIR."""
    known = catalogue()
    fhir = scope.bits(lambda one: one.format is MessageFormat.FHIR)
    replying = [family for family in known.families if known.expects_reply(family)]
    return [(scope.bits_of_family(family), fhir) for family in replying]


@rule("registrations-without-unit", "warning", needs=("registrations", "location numbers"))
def registrations_without_unit(scope: AuditScope) -> Iterable[Seen]:
    """Message types are registered on a location number that no unit has. Looked at where no filter is given.

    Source: the rules of resolving here: nobody knows whose such a number is, and it can't be addressed (``location-without-unit``).
    """
    if not scope.everything:
        return
    index, sets = scope.index, scope.columns.number_set
    for number in scope.numbers:
        if sets[number] != NOTHING and not index.holds_number(number):
            yield Seen(NOTHING, number, {"message_types": scope.names(scope.said(sets[number]).all)})


RULES = (
    old_format_kept,
    old_format_past_date,
    correspondence_one_way,
    correspondence_one_way_fhir,
    registrations_without_unit,
)

ON_REQUEST = (edi_beside_xml,)
"""Followed only where they are asked for by code: what they remark on is usual today, and no fault."""
