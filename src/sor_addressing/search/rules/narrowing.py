"""From all units to those that fit a filter, step by step in a fixed order, each step with how many it took away."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

import attrs

from sor_addressing.addressing.plan import plan_for
from sor_addressing.addressing.policy import AddressingPolicy
from sor_addressing.addressing.severities import first_error
from sor_addressing.addressing.support import Direction, Outcome, Support, support
from sor_addressing.addressing.usable import against_unit
from sor_addressing.identifiers import IdentifierKind
from sor_addressing.index.columns import LOCATION_OWN, NOTHING
from sor_addressing.index.lookup import Index
from sor_addressing.index.told.seen import View
from sor_addressing.index.upward import Upward
from sor_addressing.messages.catalogue import MessageType
from sor_addressing.model import KINDS, UnitKind
from sor_addressing.search.rules.facet_columns import FACETS
from sor_addressing.search.rules.facets import Facet, UnknownValue
from sor_addressing.search.rules.filters import Filter, is_depth
from sor_addressing.search.rules.nearby import Nearby
from sor_addressing.search.rules.places import PlaceKind, depths_of, place_meant, rows_of_place

_EASILY_TOLD = frozenset({"kind", "own_location_only", "in_force_only"})
_FEW = 16
"""Looking up each of so many times fewer rows is quicker than going through the others."""


@attrs.frozen(slots=True)
class Step:
    """What one step took away: how many there were ``before`` it and how many were ``left``.

    ``name`` is the field of the filter, or ``addressable`` (units that can't be reached go) or ``addresses`` (units that share a location
    number become one). ``reasons`` counts what was taken away by code of the finding that speaks against it, where there are several.
    """

    name: str
    before: int
    left: int
    reasons: Mapping[str, int] = attrs.field(factory=dict, hash=False)

    @property
    def taken(self) -> int:
        """How many were taken away."""
        return self.before - self.left

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return {
            "name": self.name,
            "before": self.before,
            "taken": self.taken,
            "left": self.left,
            "reasons": dict(self.reasons),
        }


class Narrowed:
    """Rows that fit so far, sorted, with the steps gone and the values that no unit has."""

    __slots__ = ("_index", "rows", "steps", "unknown")

    def __init__(self, index: Index) -> None:
        self._index = index
        self.rows: Sequence[int] = range(len(index))
        self.steps: list[Step] = []
        self.unknown: list[UnknownValue] = []

    def take(self, name: str, rows: Sequence[int], reasons: Mapping[str, int] | None = None) -> None:
        """Go one step further, to ``rows``."""
        self.steps.append(Step(name, len(self.rows), len(rows), reasons or {}))
        self.rows = rows

    def keep(self, name: str, fits: Callable[[int], bool]) -> None:
        """Go one step further, to the rows that fit."""
        self.take(name, [row for row in self.rows if fits(row)])

    def drop(self, name: str, against: Callable[[int], str | None]) -> None:
        """Go one step further, to the rows that nothing is against, and count the reasons against the others."""
        rows: list[int] = []
        reasons: dict[str, int] = {}
        for row in self.rows:
            reason = against(row)
            if reason is None:
                rows.append(row)
            else:
                reasons[reason] = reasons.get(reason, 0) + 1
        self.take(name, rows, reasons)


class _RowsThatFit(Collection[int]):
    """Rows that are told from a column or two when they are asked about: quicker than going through a nation for the few that matter."""

    def __init__(self, index: Index, wanted: Filter, day: int) -> None:
        self._index = index
        self._day = day
        self._kinds = frozenset(map(KINDS.index, wanted.kind or KINDS))
        self._wanted = wanted

    def __contains__(self, row: object) -> bool:
        if not isinstance(row, int):
            return False
        columns, wanted = self._index.columns, self._wanted
        return (
            columns.unit_kind[row] in self._kinds
            and (not wanted.own_location_only or columns.unit_location_state[row] == LOCATION_OWN)
            and (not wanted.in_force_only or self._index.is_in_force(row, self._day))
        )

    def __iter__(self) -> Iterator[int]:
        return (row for row in range(len(self._index)) if row in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def rows_matching(index: Index, wanted: Filter, *, day: int, policy: AddressingPolicy) -> Collection[int]:
    """The rows of the units that fit a filter, in the order of the extract, quick to look a row up in.

    A unit fits a message type where its location number has it registered, or a format that it may be converted to; whether the
    unit can be reached on the day is another matter, and asked only with ``in_force_only``.
    """
    if _EASILY_TOLD.issuperset(wanted.fields):
        return _RowsThatFit(index, wanted, day)
    narrowed = narrow(index, wanted, day)
    if wanted.message_type is not None:
        columns = index.columns
        refused = refusal(index, wanted.message_type, wanted, policy, day)
        narrowed.keep(
            "message_type",
            lambda row: (
                (location := columns.unit_location[row]) != NOTHING
                and refused(columns.location_number[location], location) is None
            ),
        )
    rows = narrowed.rows
    return rows if isinstance(rows, range) else dict.fromkeys(rows)


def narrow(index: Index, wanted: Filter, day: int) -> Narrowed:
    """The units that fit everything in a filter but the message type, whether they can be reached or not."""
    columns = index.columns
    narrowed = Narrowed(index)
    for name in FACETS:
        if getattr(wanted, name):
            _by_facet(narrowed, index, name, getattr(wanted, name))
    if wanted.provider_number:
        _by_provider(narrowed, index, wanted.provider_number)
    if wanted.kind:
        kinds = {KINDS.index(kind) for kind in wanted.kind}
        narrowed.keep("kind", lambda row: columns.unit_kind[row] in kinds)
    if wanted.level:
        _by_level(narrowed, index, wanted.level)
    if wanted.within is not None:
        _within(narrowed, index, wanted.within)
    for place in PlaceKind:
        if asked := getattr(wanted, place):
            _by_place(narrowed, index, place, asked)
    if wanted.own_location_only:
        narrowed.keep("own_location_only", lambda row: columns.unit_location_state[row] == LOCATION_OWN)
    if wanted.near is not None:
        nearby = Nearby(index, wanted.near)
        narrowed.keep("near", nearby.has_place)
        limit = wanted.max_distance_m
        if limit is not None:
            narrowed.keep("max_distance_m", lambda row: nearby.distance(row) <= limit)
    if wanted.in_force_only:
        narrowed.drop("in_force_only", lambda row: against_unit(index, row, day))
    return narrowed


def _by_facet(narrowed: Narrowed, index: Index, name: str, values: tuple[str, ...]) -> None:
    facet = Facet(index, name)
    positions: dict[int, None] = {}
    for value in values:
        found = facet.positions(value)
        if not found:
            narrowed.unknown.append(UnknownValue(name, value, facet.alike(value)))
        positions.update(dict.fromkeys(found))
    narrowed.take(name, _common(narrowed.rows, _union([facet.rows(position) for position in positions])))


def _by_provider(narrowed: Narrowed, index: Index, numbers: tuple[str, ...]) -> None:
    found = []
    for number in numbers:
        rows = index.rows(IdentifierKind.PROVIDER_NUMBER, number)
        if not len(rows):
            narrowed.unknown.append(UnknownValue("provider_number", number))
        found.append(sorted(rows))
    narrowed.take("provider_number", _common(narrowed.rows, _union(found)))


def _within(narrowed: Narrowed, index: Index, sor_code: str) -> None:
    top = index.row_of_sor_code(sor_code)
    if top == NOTHING:
        narrowed.unknown.append(UnknownValue("within", sor_code))
        narrowed.take("within", ())
    elif isinstance(narrowed.rows, range):
        below = [top]
        for row in below:  # grows while it is gone through
            below.extend(index.children(row))
        narrowed.take("within", sorted(below))
    else:
        above = Upward(index.columns.unit_parent.__getitem__, top.__eq__, len(index))
        narrowed.keep("within", lambda row: row == top or above.first(row) == top)


def _by_place(narrowed: Narrowed, index: Index, kind: PlaceKind, values: tuple[str, ...]) -> None:
    tops: dict[int, None] = {}
    for value in values:
        top = place_meant(index, kind, value)
        if top == NOTHING:
            narrowed.unknown.append(UnknownValue(str(kind), value))
        else:
            tops[top] = None
    narrowed.take(str(kind), _common(narrowed.rows, _union([rows_of_place(index, kind, top) for top in tops])))


def _by_level(narrowed: Narrowed, index: Index, values: tuple[str, ...]) -> None:
    """Kinds, depths and organisational levels, in one field: whichever a value is."""
    kinds = {KINDS.index(UnitKind(value)) for value in values if value in KINDS}
    depths = {int(value) for value in values if is_depth(value)}
    facet = Facet(index, "organisational_level")
    having: set[int] = set()
    for value in values:
        if value not in KINDS and not is_depth(value):
            positions = facet.positions(value)
            if not positions:
                narrowed.unknown.append(UnknownValue("level", value, facet.alike(value)))
            having.update(row for position in positions for row in facet.rows(position))
    if depths:
        having.update(row for row, depth in enumerate(depths_of(index)) if depth in depths)
    kind_of = index.columns.unit_kind
    narrowed.keep("level", lambda row: row in having or kind_of[row] in kinds)


def refusal(
    index: Index, message_type: MessageType, wanted: Filter, policy: AddressingPolicy, day: int
) -> Callable[[int, int], str | None]:
    """A function from the position of a location number and the row of its location to why its registrations don't do, or None.

    Registrations are kept as sets that many numbers share, so where no row of the conversion model is bound to a place each set is judged
    once; and one that has nothing to do with the type needs no judging.
    """
    plan = plan_for(index, message_type)
    direction, wide = wanted.direction, policy.conversion_model.only_wide
    view = View(policy.registers, policy.environment, day)
    relevant = plan.same | plan.family | plan.uncertain_family
    receiving = direction is Direction.RECEIVE and index.has_message_types
    judged: dict[tuple[int, int], str | None] = {}

    def refused(number: int, location: int) -> str | None:
        registration_set = index.registration_set(number, view)
        if receiving and registration_set != NOTHING:
            masks = index.masks(registration_set)
            if not (masks.receives | masks.receive_not_known) & relevant and not masks.receiving_is_open:
                return "message-type-unsupported"
        # Of two numbers with the same set one can be one of which the registers disagree.
        alike = registration_set, index.told(number).start
        if not wide or alike not in judged:
            found = support(index, plan, number, location, direction, policy, day)
            judged[alike] = reason_against(found, wanted.conversion, policy)
        return judged[alike]

    return refused


def reason_against(found: Support, conversion: str, policy: AddressingPolicy) -> str | None:
    """The code of the finding for which a letter may not be sent on what is registered; None where it may."""
    outcome = found.outcome
    if outcome is Outcome.UNSUPPORTED or (outcome is Outcome.SUPPORT_UNKNOWN and policy.unknown_support != "accept"):
        return found.raws[0][0]
    if outcome is Outcome.CONVERTED and conversion == "direct":
        return "conversion-needed"
    error = first_error(found.raws)
    return error[0] if error else None


def _union(parts: Sequence[Sequence[int]]) -> Sequence[int]:
    """The rows of all parts, each of which is sorted; sorted, each once."""
    if len(parts) == 1:
        return parts[0]
    return sorted(set().union(*parts))


def _common(rows: Sequence[int], others: Sequence[int]) -> Sequence[int]:
    """The rows in both, sorted as both are. Goes through the fewer, and looks each up in the more."""
    if isinstance(rows, range):
        return others
    few, many = (rows, others) if len(rows) <= len(others) else (others, rows)
    if len(few) * _FEW > len(many):
        members = set(many)
        return [row for row in few if row in members]
    found = []
    place = 0
    for row in few:
        place = bisect_left(many, row, place)
        if place == len(many):
            break
        if many[place] == row:
            found.append(row)
    return found
