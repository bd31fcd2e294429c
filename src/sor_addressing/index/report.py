"""What loading found: counts, sources and their days, and every problem."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import attrs

from sor_addressing.errors import SnapshotError
from sor_addressing.index.columns import (
    FROM_ENDPOINTS,
    LOCATION_BROKEN,
    LOCATION_INHERITED,
    LOCATION_NONE,
    LOCATION_NOT_KNOWN,
    LOCATION_OWN,
    NOTHING,
    PERIOD_UNREADABLE,
)
from sor_addressing.index.lookup import Index
from sor_addressing.model import KINDS, Problem, SourceDay, UnitKind

_KIND_NAMES = {
    UnitKind.INSTITUTION_OWNER: "institution_owners",
    UnitKind.HEALTH_INSTITUTION: "health_institutions",
    UnitKind.ORGANISATIONAL_UNIT: "organisational_units",
}
_STATE_NAMES = {
    LOCATION_OWN: "own_locations",
    LOCATION_INHERITED: "inherited_locations",
    LOCATION_BROKEN: "broken_inheritance",
    LOCATION_NOT_KNOWN: "inheritance_not_known",
    LOCATION_NONE: "without_location",
}


@attrs.frozen(slots=True, repr=False)
class LoadReport:
    """What was read, and everything that was not as it should be.

    ``counts`` by name: ``units`` and how many of each kind; ``open``, ``closed``, ``future`` and ``period_unreadable`` on the snapshot
    date; ``own_locations``, ``inherited_locations``, ``broken_inheritance``, ``inheritance_not_known``
    and ``without_location``; ``location_numbers``,
    ``registrations`` (those that count on the register's day; where EER was loaded ``endpoint_registrations`` and
    ``location_numbers_of_endpoints`` are what it has), ``location_numbers_without_unit``, ``location_numbers_without_registrations``,
    ``registered_types``,
    ``unknown_types`` and ``problems``. ``unknown_types`` maps each message type that no catalogue has to its number of rows.
    ``not_known`` names what none of the files can say, as in the documentation's table of files: it is neither so nor not so.
    """

    snapshot_date: dt.date
    sources: tuple[SourceDay, ...]
    counts: Mapping[str, int] = attrs.field(hash=False)
    unknown_types: Mapping[str, int] = attrs.field(hash=False)
    problems: tuple[Problem, ...]
    not_known: tuple[str, ...] = ()

    def __repr__(self) -> str:
        counts = self.counts
        return f"<LoadReport {self.snapshot_date}: {counts['units']} units, {counts['registrations']} registrations, {len(self.problems)} problems>"

    @property
    def problem_counts(self) -> dict[str, int]:
        """How many problems there are of each code, most first."""
        return dict(Counter(problem.code for problem in self.problems).most_common())

    def to_json(self) -> bytes:
        """What :meth:`from_json` reads back: everything but the texts, which follow from the codes."""
        import json

        values = self.to_dict()
        values["problems"] = [
            (problem.code, problem.file, problem.line, problem.identifier, dict(problem.details))
            for problem in self.problems
        ]
        return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode(errors="surrogatepass")

    @classmethod
    def from_json(cls, data: bytes) -> LoadReport:
        """The report that :meth:`to_json` wrote.

        Raises:
            SnapshotError: the data is not such a report.
        """
        from sor_addressing.written_data.json_texts import whole_json

        try:
            values: Any = whole_json(data.decode(errors="surrogatepass"), "", SnapshotError)
            sources = tuple(
                SourceDay(**{**source, "day": dt.date.fromisoformat(source["day"]) if source["day"] else None})
                for source in values["sources"]
            )
            problems = tuple(
                Problem(code, file, line, identifier, {key: _tupled(value) for key, value in details.items()})
                for code, file, line, identifier, details in values["problems"]
            )
            day = dt.date.fromisoformat(values["snapshot_date"])
            return cls(day, sources, values["counts"], values["unknown_types"], problems, tuple(values["not_known"]))
        except SnapshotError as error:
            reason = error.reason
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            reason = type(error).__name__
        raise SnapshotError(f"the load report in the compiled register can't be read: {reason}; compile it anew")

    def to_dict(self) -> dict[str, object]:
        """Plain types, stable keys, every problem."""
        return {
            "snapshot_date": self.snapshot_date.isoformat(),
            "sources": [source.to_dict() for source in self.sources],
            "counts": dict(self.counts),
            "unknown_types": dict(self.unknown_types),
            "not_known": list(self.not_known),
            "problem_counts": self.problem_counts,
            "problems": [problem.to_dict() for problem in self.problems],
        }


def _tupled(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _of_endpoints(index: Index) -> dict[str, int]:
    """What the endpoint register has, whatever its status and environment; nothing where none was loaded."""
    if not index.has_endpoints:
        return {}
    columns = index.columns
    sizes = [
        sum(1 for flags in columns.told_flags[begin:end] if flags & FROM_ENDPOINTS)
        for begin, end in pairwise(columns.told_start)
    ]
    told = [sizes[at] for at in columns.number_told if at != NOTHING]
    return {"endpoint_registrations": sum(told), "location_numbers_of_endpoints": sum(map(bool, told))}


def count(index: Index, *, unknown_types: int, problems: int) -> dict[str, int]:
    """The counts of a report, from the index itself."""
    columns = index.columns
    day = index.snapshot_day
    kinds = Counter(columns.unit_kind)
    states = Counter(columns.unit_location_state)
    periods: Counter[str] = Counter()
    for first, last, flags in zip(columns.unit_from, columns.unit_to, columns.unit_flags, strict=True):
        if flags & PERIOD_UNREADABLE:
            periods["period_unreadable"] += 1
        elif first > day:
            periods["future"] += 1
        elif last < day:
            periods["closed"] += 1
        else:
            periods["open"] += 1
    set_sizes = [
        columns.set_start[position + 1] - columns.set_start[position] for position in range(len(columns.set_start) - 1)
    ]
    with_unit = [index.holds_number(number) for number in range(len(columns.number_key))]
    return {
        "units": len(index),
        **{_KIND_NAMES[kind]: kinds[number] for number, kind in enumerate(KINDS)},
        **{name: periods[name] for name in ("open", "closed", "future", "period_unreadable")},
        **{name: states[state] for state, name in _STATE_NAMES.items()},
        "location_numbers": sum(with_unit),
        "registrations": sum(set_sizes[position] for position in columns.number_set if position != NOTHING),
        "location_numbers_without_unit": with_unit.count(False),
        "location_numbers_without_registrations": sum(
            held and position == NOTHING for held, position in zip(with_unit, columns.number_set, strict=True)
        ),
        **_of_endpoints(index),
        "registered_types": len(columns.type_text),
        "unknown_types": unknown_types,
        "problems": problems,
    }
