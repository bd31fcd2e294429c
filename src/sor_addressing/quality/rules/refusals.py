"""Rules on what came back: a registration that letters show to be wrong."""

from __future__ import annotations

from collections.abc import Iterator

from sor_addressing.quality.defining import rule
from sor_addressing.quality.scope import AuditScope, Seen

_WRONG = "registered-yet-refused"


@rule(_WRONG, "warning", needs=("registrations", "deliveries"))
def registered_yet_refused(scope: AuditScope) -> Iterator[Seen]:
    """A type is registered, and the last letter of that type was refused as if it were not.

    Source: the sender's own ledger of deliveries.
    """
    wanted = set(scope.numbers)
    for cause in scope.deliveries.causes(scope.register) if scope.deliveries is not None else ():
        if cause.kind == _WRONG and scope.index.number_of(cause.number) in wanted:
            refusal = cause.refusal
            day = refusal.came.date().isoformat() if refusal.came else None
            details = {
                "message_type": refusal.message_type,
                "day": day,
                "refusal": refusal.reason,
                "about": refusal.about,
            }
            yield scope.seen(cause.number, **details)


RULES = (registered_yet_refused,)
