"""What changed between two sets of registrations on a location number."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from sor_addressing.changes.compare.kinds import ChangeKind
from sor_addressing.index.columns import MAY_RECEIVE, MAY_SEND, RECEIVE_NOT_KNOWN, SEND_NOT_KNOWN
from sor_addressing.messages.catalogue import MessageType, catalogue

_SIDES = (("send", MAY_SEND, SEND_NOT_KNOWN), ("receive", MAY_RECEIVE, RECEIVE_NOT_KNOWN))


class TypeChange(NamedTuple):
    """One message type that is registered otherwise; ``direction`` where only that direction changed."""

    kind: ChangeKind
    old: str | None
    new: str | None
    direction: str | None = None


def type_changes(old: Mapping[str, int], new: Mapping[str, int], *, with_directions: bool) -> Iterator[TypeChange]:
    """The changes from one set of registrations to another, a type's text to what is said of its directions.

    A type without a version is taken for any version of its code: the file that has none does not know them.
    """
    if old == new:
        return
    parse = catalogue().parse
    lost = [parse(text) for text in sorted(old.keys() - new.keys())]
    gained = [parse(text) for text in sorted(new.keys() - old.keys())]
    lost, gained = _without_unknown_versions(lost, gained, old, new)
    yield from _replaced(ChangeKind.VERSION_REPLACED, lost, gained, lambda one: (one.code, one.family))
    yield from _replaced(ChangeKind.FORMAT_REPLACED, lost, gained, lambda one: one.family)
    for one in lost:
        yield TypeChange(ChangeKind.MESSAGE_TYPE_LOST, one.text, None)
    for one in gained:
        yield TypeChange(ChangeKind.MESSAGE_TYPE_GAINED, None, one.text)
    if with_directions:
        yield from _directions(old, new)


def _without_unknown_versions(
    lost: list[MessageType], gained: list[MessageType], old: Mapping[str, int], new: Mapping[str, int]
) -> tuple[list[MessageType], list[MessageType]]:
    before, after = (list(map(catalogue().parse, types)) for types in (old, new))
    codes_before, codes_after = ({one.code for one in types} for types in (before, after))
    bare_before, bare_after = ({one.code for one in types if one.version is None} for types in (before, after))
    return (
        [one for one in lost if not (one.code in bare_after or (one.version is None and one.code in codes_after))],
        [one for one in gained if not (one.code in bare_before or (one.version is None and one.code in codes_before))],
    )


def _replaced(
    kind: ChangeKind, lost: list[MessageType], gained: list[MessageType], key: Callable[[MessageType], object]
) -> Iterator[TypeChange]:
    """Types lost and gained that are alike, taken out of both lists. Several may be replaced by one."""
    groups: dict[object, list[MessageType]] = {}
    for one in gained:
        if one.family is not None:
            groups.setdefault(key(one), []).append(one)
    used: dict[str, MessageType] = {}
    places: dict[object, int] = {}
    for one in [*lost]:
        if one.family is None or key(one) not in groups:
            continue
        group = groups[key(one)]
        place = places.get(key(one), 0)
        places[key(one)] = place + 1
        other = group[min(place, len(group) - 1)]
        used[other.text] = other
        lost.remove(one)
        yield TypeChange(kind, one.text, other.text)
    gained[:] = [one for one in gained if one.text not in used]


def _directions(old: Mapping[str, int], new: Mapping[str, int]) -> Iterator[TypeChange]:
    for text in sorted(old.keys() & new.keys()):
        for direction, may, not_known in _SIDES:
            if (old[text] | new[text]) & not_known or not (old[text] ^ new[text]) & may:
                continue
            if old[text] & may:
                yield TypeChange(ChangeKind.MESSAGE_TYPE_LOST, text, None, direction)
            else:
                yield TypeChange(ChangeKind.MESSAGE_TYPE_GAINED, None, text, direction)
