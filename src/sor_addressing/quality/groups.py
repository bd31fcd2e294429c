"""Who and where an audit is told by: administrator, supplier, owner, institution, hospital and so on, with counts and shares of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

import attrs

from sor_addressing.addressing.severities import Severity
from sor_addressing.identifiers import IdentifierKind
from sor_addressing.index.columns import NOTHING
from sor_addressing.index.lookup import Index
from sor_addressing.index.words import words_of
from sor_addressing.quality.defining import Rule
from sor_addressing.quality.scope import AuditScope, Seen
from sor_addressing.search.rules.facets import Facet
from sor_addressing.search.rules.places import PlaceKind, place_rows
from sor_addressing.texts import LANGUAGES, text_of


class GroupKind(StrEnum):
    """What remarks can be told by."""

    ADMINISTRATOR = "administrator"
    SUPPLIER = "supplier"
    SYSTEM = "system"
    REGION = "region"
    MUNICIPALITY = "municipality"
    UNIT_TYPE = "unit_type"
    OWNER = "owner"
    INSTITUTION = "institution"
    HOSPITAL = "hospital"

    @property
    def place(self) -> PlaceKind | None:
        """What units belong to, where this is one of those: a group is then a unit of the register, and its code a SOR code."""
        return _PLACES.get(self)


_PLACES = {GroupKind(str(place)): place for place in PlaceKind}
_WORDS = {GroupKind.UNIT_TYPE: "type"}
Values = tuple[str, ...]
_NOT_SAID: Values = ("",)


@attrs.frozen(slots=True)
class AuditGroup:
    """What an audit has to say of one administrator, supplier, system, region, municipality, unit type, owner, institution or hospital.

    A remark on a location number counts for the unit that owns it. A unit with several types counts in each, everything else counts once;
    what the register does not say, units that lie below no hospital, and remarks that no unit stands behind, are under an empty code.

    Attributes:
        kind: what it is one of.
        code: as the register writes it; empty where it does not say.
        units: how many units were looked at.
        numbers: how many of them own their location number.
        units_with_remarks: on how many of the units there are remarks, on themselves or on their numbers.
        numbers_with_remarks: on how many of the numbers there are remarks.
        remarks: how many there are.
        by_severity: how many of each severity.
        by_rule: how many of each rule, most first.
        shared: of owners, institutions and hospitals: remarks on location numbers that units here have too, own or inherited, and that are
            counted elsewhere; how many by the code of the group that counts them.
    """

    kind: GroupKind
    code: str
    units: int
    numbers: int
    units_with_remarks: int
    numbers_with_remarks: int
    remarks: int
    by_severity: Mapping[Severity, int] = attrs.field(hash=False)
    by_rule: Mapping[str, int] = attrs.field(hash=False)
    shared: Mapping[str, int] = attrs.field(factory=dict, hash=False)
    _words: Mapping[str, str] = attrs.field(factory=dict, hash=False, repr=False)

    @property
    def share(self) -> float:
        """The share of units looked at that have remarks, from 0 to 1."""
        return self.units_with_remarks / self.units if self.units else 0.0

    @property
    def share_of_numbers(self) -> float:
        """The share of the numbers that have remarks, from 0 to 1."""
        return self.numbers_with_remarks / self.numbers if self.numbers else 0.0

    def name(self, language: str = "da") -> str:
        """What the code stands for; the code itself where nothing tells."""
        return self._words.get(language) or self.code

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return {
            "kind": str(self.kind),
            "code": self.code,
            "name": self.name(),
            "units": self.units,
            "numbers": self.numbers,
            "units_with_remarks": self.units_with_remarks,
            "share": round(self.share, 4),
            "numbers_with_remarks": self.numbers_with_remarks,
            "share_of_numbers": round(self.share_of_numbers, 4),
            "remarks": self.remarks,
            "by_severity": {str(severity): count for severity, count in self.by_severity.items()},
            "by_rule": dict(self.by_rule),
            "shared": dict(self.shared),
        }


class Grouping:
    """The groups of one kind that each row of an index is in."""

    def __init__(self, index: Index, kind: str) -> None:
        self.kind = GroupKind(kind)
        self._index = index
        self._values = self._of_rows()
        self._of_numbers: dict[int, Values] = {}

    def of(self, row: int) -> Values:
        """Codes of the groups of the unit in ``row``; one empty code where it is in none, and where there is no unit."""
        return _NOT_SAID if row == NOTHING else self._values[row]

    def elsewhere(self, row: int, number: int) -> Values:
        """Of places: the other groups with units that have the location number at ``number`` too, where the unit in ``row`` counts for it."""
        if number == NOTHING or self.kind.place is None:
            return ()
        known = self._of_numbers.get(number)
        if known is None:
            having = self._index.rows_at(IdentifierKind.LOCATION_NUMBER, number)
            known = tuple(dict.fromkeys(code for one in having for code in self._values[one]))
            self._of_numbers[number] = known
        return tuple([code for code in known if code not in self.of(row)]) if len(known) > 1 else ()

    def words(self, code: str) -> Mapping[str, str]:
        """What a code stands for, by language; empty where nothing tells."""
        if self.kind.place is not None:
            if not code:
                return {language: text_of("audit", f"outside.{self.kind}", language, {}) for language in LANGUAGES}
            row = self._index.row_of_sor_code(code)
            name = "" if row == NOTHING else self._index.name(row)
            return {"da": name, "en": name} if name else {}
        kind = _WORDS.get(self.kind, str(self.kind))
        words = {language: words_of(self._index, kind, code, language) for language in LANGUAGES}
        return {language: word for language, word in words.items() if word}

    def _of_rows(self) -> Sequence[Values]:
        index, columns = self._index, self._index.columns
        if self.kind is GroupKind.MUNICIPALITY:
            known = {position: (index.text(position),) for position in set(columns.unit_municipality)}
            return [known[position] for position in columns.unit_municipality]
        if self.kind.place is not None:
            places = place_rows(index, self.kind.place)
            named = {row: (index.sor_code(row),) for row in set(places) if row != NOTHING}
            return [named.get(row, _NOT_SAID) for row in places]
        if self.kind in (GroupKind.REGION, GroupKind.UNIT_TYPE):
            return self._of_facet()
        behind = {
            GroupKind.ADMINISTRATOR: columns.location_administrator,
            GroupKind.SUPPLIER: columns.location_supplier,
            GroupKind.SYSTEM: columns.location_system,
        }[self.kind]
        texts = [*((index.text(position),) for position in behind), _NOT_SAID]  # the last stands for no location
        return [texts[location] for location in columns.unit_location]

    def _of_facet(self) -> Sequence[Values]:
        facet = Facet(self._index, self.kind)
        values: list[Values] = [_NOT_SAID] * len(self._index)
        for position, code in enumerate(facet.values):
            for row in facet.rows(position):
                held = values[row]
                values[row] = (code,) if held is _NOT_SAID else (*held, code)
        return values


def remarks_by_group(grouping: Grouping, seen: Iterable[tuple[int, Seen]]) -> dict[str, list[int]]:
    """Places of the remarks of each group, by its code, in their order; groups without any are not there."""
    places: dict[str, list[int]] = {}
    for place, (_, (row, _, _)) in enumerate(seen):
        for code in grouping.of(row):
            places.setdefault(code, []).append(place)
    return places


def groups(
    scope: AuditScope, rules: Sequence[Rule], seen: Iterable[tuple[int, Seen]], kind: str
) -> tuple[AuditGroup, ...]:
    """The groups of one kind, the worst first: by errors, then by warnings, then by all remarks."""
    grouping = Grouping(scope.index, kind)
    units: Counter[str] = Counter()
    numbers: Counter[str] = Counter()
    for row in scope.rows:
        units.update(grouping.of(row))
    for place in scope.places:
        numbers.update(grouping.of(place.row))
    looked_at = None if scope.everything else frozenset(scope.rows)
    by_rule: dict[str, Counter[int]] = {}
    rows: dict[str, set[int]] = {}
    owning: dict[str, set[tuple[int, int]]] = {}
    places = {(place.row, place.number) for place in scope.places}
    shared: dict[str, Counter[str]] = {}
    for position, (row, number, _) in seen:
        for code in grouping.elsewhere(row, number):
            shared.setdefault(code, Counter()).update(grouping.of(row))
        for code in grouping.of(row):
            by_rule.setdefault(code, Counter())[position] += 1
            if row != NOTHING and (looked_at is None or row in looked_at):
                rows.setdefault(code, set()).add(row)
            if (row, number) in places:
                owning.setdefault(code, set()).add((row, number))
    found = []
    for code in dict.fromkeys((*units, *by_rule, *shared)):
        counts = by_rule.get(code, Counter())
        weights = Counter[Severity]()
        for position, count in counts.items():
            weights[rules[position].severity] += count
        found.append(
            AuditGroup(
                grouping.kind,
                code,
                units[code],
                numbers[code],
                len(rows.get(code, ())),
                len(owning.get(code, ())),
                counts.total(),
                {severity: weights[severity] for severity in Severity},
                {rules[position].code: count for position, count in counts.most_common()},
                dict(shared.get(code, ())),
                grouping.words(code),
            )
        )
    return tuple(sorted(found, key=_worst_first))


def _worst_first(group: AuditGroup) -> tuple[int, int, int, str]:
    weights = group.by_severity
    return -weights[Severity.ERROR], -weights[Severity.WARNING], -group.remarks, group.code
