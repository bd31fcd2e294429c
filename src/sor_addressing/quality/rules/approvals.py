"""Rules that hold registrations against an approval list."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sor_addressing.addressing.support import Direction
from sor_addressing.index.columns import NOTHING
from sor_addressing.messages.catalogue import MessageFormat, MessageType, catalogue
from sor_addressing.quality.defining import rule
from sor_addressing.quality.scope import AuditScope, Details, Said, Seen
from sor_addressing.register.allowing.approvals import Approvals, ApprovalStatus

_NEEDS = ("registrations", "systems and suppliers", "approvals")
_DIRECTIONS = ("directions of registrations",)
_Judge = Callable[[Said, tuple[str, ...]], Iterator[Details]]


@rule("type-not-approved", "error", needs=_NEEDS, helped_by=_DIRECTIONS)
def type_not_approved(scope: AuditScope) -> Iterator[Seen]:
    """A message type is registered that the system is not approved for. Without directions, one approved direction is enough.

    Source: the stated rules for registrations: register only types the system is approved for, by MedCom's approval list.
    """
    return _with_status(scope, frozenset({None, ApprovalStatus.NOT_APPROVED}))


@rule("type-not-tested", "warning", needs=_NEEDS, helped_by=_DIRECTIONS)
def type_not_tested(scope: AuditScope) -> Iterator[Seen]:
    """A message type is registered that is on the approval list for the system, and its test is not done.

    Source: MedCom's approval list, status ``testing`` or ``not tested``.
    """
    return _with_status(scope, frozenset({ApprovalStatus.TESTING, ApprovalStatus.NOT_TESTED}))


@rule("edi-without-edi-system", "warning", needs=_NEEDS)
def edi_without_edi_system(scope: AuditScope) -> Iterator[Seen]:
    """A letter in EDI is registered, and the system has letters in XML or FHIR only, by the approval list.

    Source: the stated rules for registrations: no EDI where EDI is not used.
    """
    known = catalogue()
    edi = scope.bits(lambda one: one.format is MessageFormat.EDI and not known.is_receipt(one.family))
    approvals = scope.approvals
    if approvals is None:
        return iter(())

    def judge(said: Said, systems: tuple[str, ...]) -> Iterator[Details]:
        formats = approvals.formats(systems)
        if formats and MessageFormat.EDI not in formats and said.all & edi:
            yield {
                "systems": systems,
                "formats": tuple(str(form) for form in MessageFormat if form in formats),
                "message_types": scope.names(said.all & edi),
            }

    return _on_systems(scope, judge)


def _with_status(scope: AuditScope, wanted: frozenset[ApprovalStatus | None]) -> Iterator[Seen]:
    approvals = scope.approvals
    if approvals is None:
        return iter(())
    held: dict[tuple[str, ...], _Held] = {}

    def judge(said: Said, systems: tuple[str, ...]) -> Iterator[Details]:
        found = held.get(systems)
        if found is None:
            found = held[systems] = _Held(scope, approvals, systems, wanted)
        sent, received = said.send & found.send, said.receive & found.receive
        either = said.all & ~said.send & ~said.receive & found.either
        if sent | received | either:
            yield {
                "systems": systems,
                "message_types": scope.names(sent | received | either),
                "send": scope.names(sent),
                "receive": scope.names(received),
            }

    return _on_systems(scope, judge)


class _Held:
    """The bits of the types with which some systems have one of the wanted statuses: to send, to receive, and in the better of both."""

    def __init__(
        self,
        scope: AuditScope,
        approvals: Approvals,
        systems: tuple[str, ...],
        wanted: frozenset[ApprovalStatus | None],
    ) -> None:
        def bits(direction: Direction | None) -> int:
            def fits(one: MessageType) -> bool:
                return approvals.status(systems, one, direction) in wanted

            return scope.bits(fits)

        self.send, self.receive, self.either = bits(Direction.SEND), bits(Direction.RECEIVE), bits(None)


def _on_systems(scope: AuditScope, judge: _Judge) -> Iterator[Seen]:
    """What ``judge`` sees in the registrations of each number whose system is on the list; told once for each owner of the number."""
    judged: dict[tuple[int, tuple[str, ...]], tuple[Details, ...]] = {}
    sets = scope.columns.number_set
    for place in scope.open_places:
        registration_set = sets[place.number]
        match = scope.systems.get(scope.system_of(place.location))
        if registration_set == NOTHING or match is None or not match.approved:
            continue
        key = registration_set, match.approved
        if key not in judged:
            judged[key] = tuple(judge(scope.said(registration_set), match.approved))
        for details in judged[key]:
            yield Seen(place.row, place.number, details)


RULES = (type_not_approved, type_not_tested, edi_without_edi_system)
