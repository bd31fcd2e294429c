"""Whether the columns of a compiled file can be what this library wrote: rows that there are, ways up that end, keys in order.

Checksums tell a file that was damaged. One that somebody forged has right ones, and could send who reads it round in a circle or beyond
the end of a column. A column is checked as a whole when it is first touched, thousands of values in one step each: the values stand
side by side in one long number.
"""

from __future__ import annotations

import operator
from array import array
from bisect import bisect_left
from itertools import islice

from sor_addressing.field_names import ENVIRONMENTS
from sor_addressing.index.columns import ENVIRONMENT_SHIFT, OPEN_END, REGISTRATION_SHIFT
from sor_addressing.index.keys import ODD_FROM, key_of, text_of_key

_LAST_DAY = 3_652_059
_POSITIONS = {
    # column: what it holds positions in, and the least value
    "unit_parent": ("unit_key", -1),
    "unit_postal": ("unit_key", -1),
    "unit_contact": ("unit_key", -1),
    "unit_location": ("location_number", -1),
    "unit_municipality": ("text_start", 0),
    "child": ("unit_key", 0),
    "sor_row": ("unit_key", 0),
    "replaced_unit": ("unit_key", 0),
    "replaced_by_unit": ("unit_key", 0),
    "replacing_unit": ("unit_key", 0),
    "replacing_of_unit": ("unit_key", 0),
    "location_number": ("number_key", 0),
    "location_owner": ("unit_key", 0),
    "number_unit": ("unit_key", 0),
    "number_set": ("set_start", -1),
    "number_told": ("told_start", -1),
    "provider_unit": ("unit_key", 0),
    "shak_unit": ("unit_key", 0),
    "cvr_unit": ("unit_key", 0),
    **dict.fromkeys(
        (
            "location_system",
            "location_supplier",
            "location_net_operator",
            "location_region",
            "location_administrator",
            "location_note",
            "location_updated",
            "shak_period_name",
            "code_word",
            "history_parent",
            "history_number",
            "odd_text",
            "type_text",
            "told_status",
        ),
        ("text_start", 0),
    ),
}
_STARTS = {
    "unit_record": "records",
    "child_start": "child",
    "number_start": "number_unit",
    "provider_start": "provider_unit",
    "shak_start": "shak_unit",
    "cvr_start": "cvr_unit",
    "history_record": "records",
    "set_start": "set_entry",
    "told_start": "told_entry",
    "text_start": "texts",
}
_NEVER_EMPTY = ("provider_start", "shak_start", "cvr_start")
_KEYS = ("sor_key", "number_key", "provider_key", "shak_key", "cvr_key", "ceased_key", "retired_key", "code_key")
_KEYS_REPEATED = ("history_key", "shak_period_key")
_DAYS = ("unit_from", "unit_to", "location_from", "location_to", "location_first_from", "ceased_day", "retired_day",
         "shak_period_from", "shak_period_to", "history_from", "history_to", "told_from", "told_to")  # fmt: skip
BESIDE = {"child": ("unit_parent", "child_start"), "unit_key": ("sor_key", "sor_row")}
"""Columns that others are held against, which are checked first."""

_MOST = {"unit_kind": 2, "history_kind": 2, "unit_location_state": 4}


def is_sound(name: str, column: memoryview, lengths: dict[str, int], other: dict[str, memoryview]) -> bool:
    """Whether a column can have been written by this library.

    Args:
        name: of the column.
        column: its values.
        lengths: how many values each column has.
        other: the columns that it is held against.
    """
    if name in _POSITIONS:
        target, least = _POSITIONS[name]
        most = lengths[target] - (target.endswith("_start"))
        if not _within(column, most, least):
            return False
        if name == "unit_parent":
            return _ends(column)
        return name != "child" or _are_children(column, other)
    if name == "unit_key":
        return list(map(column.__getitem__, other["sor_row"])) == list(other["sor_key"])
    if name in _STARTS:
        # Histories have their records behind those of the units.
        if name in _NEVER_EMPTY and not all(map(operator.lt, column, islice(column, 1, None))):
            return False
        first_is_right = name == "history_record" or column[0] == 0
        return first_is_right and column[-1] <= lengths[_STARTS[name]] and _rises(column)
    if name in _KEYS:
        return all(map(operator.lt, column, islice(column, 1, None))) and _are_keys(column)
    if name in _KEYS_REPEATED:
        return all(map(operator.le, column, islice(column, 1, None)))
    if name in _DAYS:
        days = set(column) - ({OPEN_END} if name.endswith("_to") else set())
        return not days or (min(days) >= (not name.endswith("_from")) and max(days) <= _LAST_DAY)
    if name == "number_owners":
        return not len(column) or (min(column) >= 0 and max(column) <= lengths["number_unit"])
    if name == "told_entry":
        return not len(column) or max(column) >> REGISTRATION_SHIFT < lengths["type_text"]
    if name == "told_flags":
        return not len(column) or max(column) >> ENVIRONMENT_SHIFT < len(ENVIRONMENTS)
    return name not in _MOST or not len(column) or max(column) <= _MOST[name]


def _are_keys(keys: memoryview) -> bool:
    """Whether sorted keys stand for texts as :mod:`sor_addressing.index.keys` makes them: digits behind a 1, or letters and digits."""
    positive = bisect_left(keys, 0)
    digits = sum(bisect_left(keys, 2 * 10**place) - bisect_left(keys, 10**place) for place in range(19))
    if digits != len(keys) - positive:
        return False
    return all(key <= ODD_FROM or key_of(text_of_key(key)) == key for key in keys[:positive])


def _lanes(column: memoryview) -> tuple[int, int, int]:
    """The values as one number, the lowest bit of each, and how many bits each has."""
    size = column.itemsize
    ones = b"\1".ljust(size, b"\0") * len(column)
    return int.from_bytes(column, "little"), int.from_bytes(ones, "little"), 8 * size


def _within(column: memoryview, most: int, least: int) -> bool:
    """Whether every value is below ``most``, and none below ``least``, which is 0 or -1."""
    values, ones, bits = _lanes(column)
    negative = values >> bits - 1 & ones
    if negative:
        mask = (negative << bits) - negative
        if least == 0 or values & mask != mask:
            return False
        values ^= mask
    if most < 1:
        return negative == ones
    half = 1 << bits - 1
    return not (values + (half - most) * ones) >> bits - 1 & ones


def _rises(column: memoryview) -> bool:
    """Whether no value is below the one before it, and none negative."""
    values, ones, bits = _lanes(column)
    highest = ones << bits - 1
    if values & highest:
        return False
    ones >>= bits
    highest = ones << bits - 1
    before = values & (ones << bits) - ones
    return ((values >> bits) + highest - before) & highest == highest


def _ends(parents: memoryview) -> bool:
    """Whether every way up ends. Where all parents stand before their children, as in most files, it does."""
    if all(map(operator.lt, parents, range(len(parents)))):
        return True
    from sor_addressing.index.making.tree import ways

    return not any(row in way for way, row in ways(parents))


def _are_children(child: memoryview, other: dict[str, memoryview]) -> bool:
    from sor_addressing.index.making.tree import children

    right = children(array("i", other["unit_parent"]))
    return all(
        bytes(column) == array("i", right[name]).tobytes()
        for name, column in (("child", child), ("child_start", other["child_start"]))
    )
