"""How well search finds what staff type: exact counts of hand-written queries on a fixed seed, so that no rule mends one kind and harms another."""

from __future__ import annotations

import pytest
from tests.search.made_up_queries import MadeUpQuery, quality, shown
from tests.search.staff_queries import NICKNAMES, UNITS, StaffQueries, staff_queries

from sor_addressing import Register
from sor_addressing.testing.nation.compiled import cached_nation

# Queries, how many have a unit that is meant first, and how many among the first ten.
OPEN: dict[str, tuple[int, int, int]] = {
    "everyday names": (34, 31, 34),
    "all": (275, 270, 275),
    "latin and danish": (32, 32, 32),
    "nicknames": (17, 17, 17),
    "hospitals": (11, 11, 11),
    "municipal functions": (42, 41, 42),
    "practice and place": (37, 37, 37),
    "ward and town": (21, 21, 21),
    "postal codes": (18, 18, 18),
    "joined words": (15, 14, 15),
    "numerals": (17, 17, 17),
    "misspelt": (19, 19, 19),
    "unfinished": (12, 12, 12),
}
HELD_OUT: dict[str, tuple[int, int, int]] = {
    "everyday names": (34, 31, 34),
    "all": (271, 263, 271),
    "latin and danish": (32, 32, 32),
    "nicknames": (17, 15, 17),
    "hospitals": (11, 11, 11),
    "municipal functions": (42, 42, 42),
    "practice and place": (37, 36, 37),
    "ward and town": (20, 19, 20),
    "postal codes": (18, 18, 18),
    "joined words": (14, 13, 14),
    "numerals": (16, 16, 16),
    "misspelt": (18, 18, 18),
    "unfinished": (12, 12, 12),
}


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Register:
    return cached_nation(tmp_path_factory.mktemp("nation"), UNITS)


@pytest.fixture(scope="module")
def queries(register: Register) -> StaffQueries:
    return staff_queries(register)


def counts(register: Register, queries: list[MadeUpQuery]) -> dict[str, tuple[int, int, int]]:
    answers = [shown(register.search(query.text, words=NICKNAMES), query.meant) for query in queries]
    return {name: (one.queries, one.first, one.first_ten) for name, one in quality(queries, answers).items()}


def test_there_are_as_many_held_out_as_open(queries: StaffQueries) -> None:
    assert abs(len(queries.open) - len(queries.held_out)) < 10
    assert len(queries.open) + len(queries.held_out) > 400


def test_what_rules_were_tried_on(register: Register, queries: StaffQueries) -> None:
    assert counts(register, queries.open) == OPEN


def test_what_was_held_out(register: Register, queries: StaffQueries) -> None:
    assert counts(register, queries.held_out) == HELD_OUT
