"""The columns of locations while an index is built: what each row says of a location number, and what rows say of one together."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from operator import or_

from sor_addressing.extracts.tables.whole_columns import wrong_location_numbers
from sor_addressing.index.columns import (
    INACTIVE,
    INTERNAL_ONLY,
    LOCATION_NUMBER_SUSPECT,
    LOCATION_PERIOD_UNREADABLE,
    LOCATION_STATE_UNREADABLE,
    OPEN_END,
    TYPECODES,
)
from sor_addressing.index.making.texts import Texts
from sor_addressing.model import LocationRecord

_ALWAYS_IN_FORCE = LocationRecord("")
_TEXTS = ("system", "supplier", "net_operator", "region", "administrator", "note")
_STATE = INTERNAL_ONLY | INACTIVE | LOCATION_STATE_UNREADABLE
_COLUMNS = ("owner", "flags", "from", "to", "first_from", *_TEXTS, "updated")


class GatheredLocations:
    """Location numbers as rows of the file say them, each of its own; a row here is not yet one of the index.

    Attributes:
        numbers: the location number of each.
    """

    def __init__(self, texts: Texts) -> None:
        self._position = texts.position
        self._columns: dict[str, array[int]] = {name: array(TYPECODES[f"location_{name}"]) for name in _COLUMNS}
        self.numbers: list[str] = []

    def add(self, row: int, record: LocationRecord) -> int:
        """Take what the row of the unit in ``row`` says; gives the position that it has from now on."""
        columns, position = self._columns, self._position
        period = record if record.has_status else _ALWAYS_IN_FORCE
        self.numbers.append(record.number)
        columns["owner"].append(row)
        columns["flags"].append(
            (INTERNAL_ONLY if record.internal_only else 0)
            | (INACTIVE if record.inactive else 0)
            | (LOCATION_PERIOD_UNREADABLE if period.period_unreadable else 0)
            | (LOCATION_STATE_UNREADABLE if record.state_unreadable else 0)
        )
        columns["from"].append(period.from_date.toordinal() if period.from_date else 0)
        columns["to"].append(period.to_date.toordinal() if period.to_date else OPEN_END)
        columns["first_from"].append(period.first_from_date.toordinal() if period.first_from_date else 0)
        columns["system"].append(position(record.system))
        columns["supplier"].append(position(record.supplier))
        columns["net_operator"].append(position(record.net_operator))
        columns["region"].append(position(record.region_code))
        columns["administrator"].append(position(record.administrator))
        columns["note"].append(position(record.note))
        columns["updated"].append(position(period.updated_at))
        return len(self.numbers) - 1

    def keep(self, new_row: Mapping[int, int]) -> dict[int, int]:
        """Keep what rows of units say that are kept, by their new rows; gives old position to new one."""
        owners = self._columns["owner"]
        kept = [location for location, owner in enumerate(owners) if owner in new_row]
        self.select(kept)
        self._columns["owner"] = array("i", [new_row[row] for row in self._columns["owner"]])
        return {old: new for new, old in enumerate(kept)}

    def select(self, kept: Sequence[int]) -> None:
        """Keep these alone, in this order."""
        for name, column in self._columns.items():
            self._columns[name] = array(column.typecode, [column[location] for location in kept])
        self.numbers = [self.numbers[location] for location in kept]

    def tell_together(self, moved: Mapping[int, int], shown: Iterable[int]) -> None:
        """What other rows say of a number counts for its owner: the strictest of flags and periods, and texts that its own row doesn't have.

        Args:
            moved: locations that turned out to be another unit's, each with that unit's.
            shown: locations of rows that show the number of another unit; of a number that nobody has, they count together.
        """
        more: dict[int, list[int]] = {}
        for location, of_owner in moved.items():
            more.setdefault(of_owner, []).append(location)
        showing: dict[str, list[int]] = {}
        for location in shown:
            showing.setdefault(self.numbers[location], []).append(location)
        if not more and not showing:
            return
        said = list(zip(*(self._columns[name] for name in _COLUMNS[1:]), strict=True))
        # Once for each number, however many rows show it.
        of_number = {number: _together(map(said.__getitem__, locations)) for number, locations in showing.items()}
        together: dict[int, tuple[int, ...]] = {}
        for location, number in enumerate(self.numbers):
            others = more.get(location, ())
            if others or number in of_number:
                rows = [said[location], *map(said.__getitem__, others)]
                together[location] = _together([*rows, of_number[number]] if number in of_number else rows)
        for location, values in together.items():
            for name, value in zip(_COLUMNS[1:], values, strict=True):
                self._columns[name][location] = value

    def tell_flags_together(self, owned: Iterable[int]) -> None:
        """Where several of the locations ``owned`` have one number, the strictest of their flags count for each of them."""
        flags = self._columns["flags"]
        of_number: dict[str, list[int]] = {}
        for location in owned:
            of_number.setdefault(self.numbers[location], []).append(location)
        for locations in of_number.values():
            if len(locations) > 1:
                together = reduce(or_, map(flags.__getitem__, locations))
                for location in locations:
                    flags[location] = together & _STATE | flags[location]

    def columns(self) -> dict[str, Iterable[int]]:
        """The columns of the index, but for the position of the number."""
        flags = self._columns["flags"]
        for location in wrong_location_numbers(self.numbers):
            flags[location] |= LOCATION_NUMBER_SUSPECT
        return {f"location_{name}": column for name, column in self._columns.items()}


def _together(rows: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    """What rows say together, flags and period first; of the rest what the first says that says anything."""
    flags, first_days, last_days, *others = zip(*dict.fromkeys(rows), strict=True)
    return (reduce(or_, flags), max(first_days), min(last_days), *(next(filter(None, one), 0) for one in others))
