"""Tables of units read as tests look at them: every problem has its words, and an address is told by its parts."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

from sor_addressing.extracts.tables.headers import ColumnMap
from sor_addressing.model import ADDRESS_FIELDS, Problem, UnitRecord
from sor_addressing.texts import entries

Said = tuple[str, dict[str, object]]
"""Code and details of a problem."""


def read_rows(
    reader: Callable[..., Iterator[UnitRecord]], data: bytes, *, file: str, columns: ColumnMap | None
) -> tuple[list[UnitRecord], list[Problem]]:
    """The units and the problems of a table."""
    problems: list[Problem] = []
    units = list(reader(io.BytesIO(data), file=file, columns=columns, report=problems.append))
    for problem in problems:
        assert problem.text("da")
        assert problem.text("en")
        assert problem.code in entries("problems")
    return units, problems


def the_one(units: list[UnitRecord], problems: list[Problem]) -> tuple[UnitRecord, list[Said]]:
    """The unit of a table that has one, and what is said of it."""
    assert len(units) == 1
    return units[0], [(problem.code, dict(problem.details)) for problem in problems]


def address(**parts: str) -> tuple[str, ...]:
    """An address of these parts and no others."""
    assert set(parts) <= set(ADDRESS_FIELDS)
    return tuple(parts.get(field, "") for field in ADDRESS_FIELDS)
