"""Rules that hold registrations against the catalogue of message types."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sor_addressing.messages.catalogue import MessageType, catalogue
from sor_addressing.quality.defining import rule
from sor_addressing.quality.scope import AuditScope, Details, Said, Seen

_NEEDS = ("registrations",)


@rule("message-type-unknown", "warning", needs=_NEEDS)
def message_type_unknown(scope: AuditScope) -> Iterable[Seen]:
    """A registered message type, or its version, stands in no catalogue.

    Source: MedCom's lists of message types, as the catalogue of the package has them.
    """
    return _each_of(scope, scope.bits(lambda one: not one.known))


@rule("message-type-withdrawn", "warning", needs=_NEEDS)
def message_type_withdrawn(scope: AuditScope) -> Iterable[Seen]:
    """A registered message type has no version left on the national list.

    Source: MedCom's national list of message types, by the catalogue's column ``current``.
    """
    return _each_of(scope, scope.bits(_is_withdrawn))


@rule("version-not-current", "info", needs=_NEEDS)
def version_not_current(scope: AuditScope) -> Iterable[Seen]:
    """A registered version is no longer on the national list, and another version of the type is.

    Source: MedCom's national list of message types, by the catalogue's column ``current``.
    """
    older = {
        1 << bit: {"message_type": one.text, "current": _current(one)}
        for bit, one in enumerate(scope.types)
        if one.known and one.current is False and not _is_withdrawn(one)
    }
    all_older = sum(older)

    def judge(said: Said) -> Iterator[Details]:
        found = said.all & all_older
        while found:
            lowest = found & -found
            yield older[lowest]
            found ^= lowest

    return scope.on_registrations(judge)


def _each_of(scope: AuditScope, wanted: int) -> Iterable[Seen]:
    def judge(said: Said) -> Iterator[Details]:
        found = said.all & wanted
        if found:
            yield {"message_types": scope.names(found)}

    return scope.on_registrations(judge)


def _current(one: MessageType) -> tuple[str, ...]:
    return catalogue().current_versions(one.code, one.family or "")


def _is_withdrawn(one: MessageType) -> bool:
    return one.known and one.family is not None and not _current(one)


RULES = (message_type_unknown, message_type_withdrawn, version_not_current)
