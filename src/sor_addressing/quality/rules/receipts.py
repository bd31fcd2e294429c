"""Rules on receipts: each format that is in use has its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sor_addressing.addressing.support import Direction
from sor_addressing.messages.catalogue import MessageFormat, catalogue
from sor_addressing.quality.defining import rule
from sor_addressing.quality.scope import AuditScope, Details, Said, Seen


@rule("receipt-missing", "error", needs=("registrations",), helped_by=("directions of registrations",))
def receipt_missing(scope: AuditScope) -> Iterable[Seen]:
    """A letter is registered, and a receipt of its format is not: sent by who receives the letter, received by who sends it.

    Without directions every letter counts as received, and a receipt in whichever direction.

    Source: the stated rules for registrations: EDI letters need CTL02 and CTL03, XML letters XCTL02 and XCTL03, FHIR FCTL.
    """
    known = catalogue()
    letters: dict[tuple[MessageFormat, tuple[str, ...]], int] = {}
    for bit, one in enumerate(scope.types):
        receipts = known.receipts(one.format, one.family) if one.format else ()
        if one.format and receipts:
            letters[one.format, receipts] = letters.get((one.format, receipts), 0) | 1 << bit
    codes = {code for _, receipts in letters for code in receipts}
    bits_of = {code: scope.bits_of_codes(code) for code in codes}

    def judge(said: Said) -> Iterator[Details]:
        for (form, receipts), bits in letters.items():
            for direction, used, answered in (
                (Direction.SEND, said.receive_perhaps, said.send_perhaps),
                (Direction.RECEIVE, said.send, said.receive_perhaps),
            ):
                missing = [code for code in receipts if not answered & bits_of[code]] if used & bits else []
                if missing:
                    yield {
                        "format": str(form),
                        "receipts": tuple(missing),
                        "direction": direction,
                        "message_types": scope.names(used & bits),
                    }

    # What a unit sends, its endpoint in EER never says.
    return (
        seen
        for seen in scope.on_registrations(judge)
        if not (
            seen.details["format"] == "FHIR"
            and seen.details["direction"] is Direction.SEND
            and scope.index.told(seen.number)
        )
    )


RULES = (receipt_missing,)
