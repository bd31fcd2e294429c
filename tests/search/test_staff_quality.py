"""How well search finds what staff type: exact counts of hand-written queries on a fixed seed, so that no rule mends one kind and harms another."""

from __future__ import annotations

import pytest
from tests.search.made_up_queries import MadeUpQuery, quality
from tests.search.staff_queries import UNITS, StaffQueries, staff_queries

from sor_addressing import Register
from sor_addressing.testing.nation.compiled import cached_nation

# Queries, how many have a unit that is meant first, and how many among the first ten.
OPEN: dict[str, tuple[int, int, int]] = {
    "everyday names": (34, 5, 6),
    "all": (275, 115, 174),
    "latin and danish": (32, 8, 15),
    "nicknames": (17, 6, 10),
    "hospitals": (11, 7, 10),
    "municipal functions": (42, 15, 22),
    "practice and place": (37, 18, 31),
    "ward and town": (21, 20, 21),
    "postal codes": (18, 8, 17),
    "joined words": (15, 5, 5),
    "numerals": (17, 7, 14),
    "misspelt": (19, 8, 12),
    "unfinished": (12, 8, 11),
}
HELD_OUT: dict[str, tuple[int, int, int]] = {
    "everyday names": (34, 7, 9),
    "all": (271, 122, 172),
    "latin and danish": (32, 9, 11),
    "nicknames": (17, 7, 11),
    "hospitals": (11, 7, 10),
    "municipal functions": (42, 11, 22),
    "practice and place": (37, 23, 33),
    "ward and town": (20, 13, 17),
    "postal codes": (18, 14, 17),
    "joined words": (14, 4, 6),
    "numerals": (16, 9, 15),
    "misspelt": (18, 10, 12),
    "unfinished": (12, 8, 9),
}


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Register:
    return cached_nation(tmp_path_factory.mktemp("nation"), UNITS)


@pytest.fixture(scope="module")
def queries(register: Register) -> StaffQueries:
    return staff_queries(register)


def counts(register: Register, queries: list[MadeUpQuery]) -> dict[str, tuple[int, int, int]]:
    answers = [[match.sor_code for match in register.search(query.text)] for query in queries]
    return {name: (one.queries, one.first, one.first_ten) for name, one in quality(queries, answers).items()}


def test_there_are_as_many_held_out_as_open(queries: StaffQueries) -> None:
    assert abs(len(queries.open) - len(queries.held_out)) < 10
    assert len(queries.open) + len(queries.held_out) > 400


def test_what_rules_were_tried_on(register: Register, queries: StaffQueries) -> None:
    assert counts(register, queries.open) == OPEN


def test_what_was_held_out(register: Register, queries: StaffQueries) -> None:
    assert counts(register, queries.held_out) == HELD_OUT
