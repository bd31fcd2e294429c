"""Rows of the database as answers."""

from __future__ import annotations

from sor_addressing.deliveries.answers import Fared, LetterState, Refusal
from sor_addressing.deliveries.moments import moment_of
from sor_addressing.letters.header import LetterHeader


def time_of(seconds: int) -> str:
    """Seconds as texts have a time."""
    return f"{moment_of(seconds):%Y-%m-%d %H:%M}"


def type_text(code: str | None, version: str | None) -> str:
    """The type and version of a row as one text."""
    return " ".join(filter(None, (code, version)))


def refusal_of(
    code: str | None,
    version: str | None,
    sent: int | None,
    came: int | None,
    reason: str | None,
    layer: str | None,
    sure: int | None,
) -> Refusal | None:
    """The refusal that the columns of a row tell; None where they tell none."""
    if layer is None:
        return None
    return Refusal(
        message_type=type_text(code, version),
        sent=moment_of(sent),
        came=moment_of(came),
        reason=reason or "",
        by=layer,
        certain=bool(sure),
    )


def letter_state(header: LetterHeader, receiver: str, reference: str, row: tuple[object, ...] | None) -> LetterState:
    """How the letter of a header fared, by its row; None for one that the ledger does not know."""
    stated = header.message_type.text if header.message_type else "?"
    if row is None:
        return LetterState(reference=reference, file=header.file, receiver=receiver, message_type=stated)
    code, version, sent, times, state, answered, reason, layer, sure = row
    fared = (Fared.OPEN, Fared.ANSWERED, Fared.REFUSED)[state]  # type: ignore[call-overload]
    return LetterState(
        reference=reference,
        file=header.file,
        receiver=receiver,
        message_type=type_text(code, version),  # type: ignore[arg-type]
        fared=fared,
        sent=moment_of(sent),  # type: ignore[arg-type]
        times=times,  # type: ignore[arg-type]
        answered=moment_of(answered),  # type: ignore[arg-type]
        refusal=refusal_of(code, version, sent, answered, reason, layer, sure) if fared is Fared.REFUSED else None,  # type: ignore[arg-type]
    )
