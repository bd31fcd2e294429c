"""Rules of EHMI's governance and of the conversion service: what FHIR wants, and where the endpoint register and SOR-EDI part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sor_addressing.addressing.support import differing
from sor_addressing.field_names import PRODUCTION, REGISTERS
from sor_addressing.index.columns import LOCATION_INHERITED, NOTHING
from sor_addressing.index.told.seen import View
from sor_addressing.index.upward import LiesAbove
from sor_addressing.messages.catalogue import MessageFormat, catalogue
from sor_addressing.quality.defining import rule
from sor_addressing.quality.scope import AuditScope, Details, Said, Seen

_REGISTRATIONS = ("registrations",)


@rule("xdis91-and-fdis91", "error", needs=_REGISTRATIONS)
def xdis91_and_fdis91(scope: AuditScope) -> Iterable[Seen]:
    """A number receives correspondence both as XML and as FHIR.

    Source: MedCom's conversion service for FDIS91, 3.1.0: SOR may hold no receiver that takes both XDIS91 and FDIS91.
    """
    xml, fhir = scope.bits_of_codes("XDIS91"), scope.bits_of_codes("FDIS91")

    def judge(said: Said) -> Iterator[Details]:
        received = said.receive_perhaps
        if received & xml and received & fhir:
            yield {"message_types": scope.names(received & (xml | fhir))}

    return scope.on_registrations(judge)


@rule("fhir-without-acknowledgement", "warning", needs=_REGISTRATIONS)
def fhir_without_acknowledgement(scope: AuditScope) -> Iterable[Seen]:
    """A number sends FHIR letters, or receives such as it has to be able to send, and does not receive FCTL.

    Who only receives, as a practice does home care observations, needs none.

    Source: MedCom's governance of FHIR messaging: every message is acknowledged, so a sender receives FCTL; who receives correspondence sends it.
    """
    known = catalogue()
    letters = scope.bits(lambda one: one.format is MessageFormat.FHIR and not known.is_receipt(one.family))
    replying = scope.bits(lambda one: one.format is MessageFormat.FHIR and known.expects_reply(one.family))
    receipts = scope.bits_of_codes("FCTL")

    def judge(said: Said) -> Iterator[Details]:
        used = (said.send & letters) | (said.receive_perhaps & replying)
        if used and not said.receive_perhaps & receipts:
            yield {"message_types": scope.names(used)}

    return scope.on_registrations(judge)


@rule("attachments-not-received", "info", needs=_REGISTRATIONS)
def attachments_not_received(scope: AuditScope) -> Iterable[Seen]:
    """FHIR correspondence is converted for a number that knows attachments, but not as the letters that they become.

    Who has no attachments registered in any form is passed over: nobody expects it to take them.

    Source: MedCom's conversion service for FDIS91, 3.1.0: a letter is mapped with its attachments all the same, and the receiver refuses them.
    """
    fhir = scope.bits_of_codes("FDIS91")
    pairs = [
        (scope.bits_of_codes("XDIS91"), scope.bits_of_codes("XBIN01"), "XBIN01"),
        (scope.bits_of_codes("DIS91"), scope.bits_of_codes("BIN01"), "BIN01"),
    ]

    known = pairs[0][1] | pairs[1][1]

    def judge(said: Said) -> Iterator[Details]:
        received = said.receive_perhaps
        if received & fhir or not said.all & known:
            return
        for letters, attachments, code in pairs:
            if received & letters:
                if not received & attachments:
                    yield {"message_types": scope.names(received & letters), "missing": code}
                return

    return scope.on_registrations(judge)


@rule("registers-disagree", "warning", needs=_REGISTRATIONS)
def registers_disagree(scope: AuditScope) -> Iterable[Seen]:
    """SOR-EDI and the endpoint register (EER) say different things of one family on one number.

    Source: EHMI's endpoint register takes over from SOR-EDI type by type; while both are kept, they are to say the same.
    """
    if len(scope.index.registers) < len(REGISTERS):
        return
    view = View(REGISTERS, PRODUCTION, scope.day)
    families = {one.family: scope.bits_of_family(one.family) for one in scope.types if one.family}
    for place in scope.in_use:
        if scope.index.told(place.number):
            for family, bits in families.items():
                found = differing(scope.index, place.number, bits, view)
                if found is not None:
                    yield Seen(place.row, place.number, {"family": family, "sor_edi": found[0], "eer": found[1]})


@rule("endpoint-manager-not-above", "warning", needs=("registrations", "location numbers"))
def endpoint_manager_not_above(scope: AuditScope) -> Iterable[Seen]:
    """A unit refers to an endpoint of EER whose manager is neither the unit nor lies above it.

    Source: EHMI's endpoint register: an endpoint's manager is always the unit or an ancestor. A unit without a unit above it is passed over, for
    then nobody knows.
    """
    index, columns = scope.index, scope.columns
    lies_above = LiesAbove(index)
    for row in scope.rows if index.has_endpoints else ():
        if columns.unit_location_state[row] != LOCATION_INHERITED or not scope.unit_is_in_force(row):
            continue
        location = columns.unit_location[row]
        owner, number = columns.location_owner[location], columns.location_number[location]
        known = owner != NOTHING and columns.unit_parent[row] != NOTHING
        if known and index.told(number) and not lies_above(owner, row):
            yield Seen(row, number, {"manager": index.sor_code(owner)})


RULES = (
    xdis91_and_fdis91,
    fhir_without_acknowledgement,
    attachments_not_received,
    registers_disagree,
    endpoint_manager_not_above,
)
