"""How well search finds: exact counts on a fixed seed, so that quality never falls unseen; and the same answers from every register."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.search.made_up_queries import MadeUpQuery, made_up_queries, quality, shown

from sor_addressing import Match, Register
from sor_addressing.testing import made_up_nation

# Queries, how many have a unit that is meant first, and how many among the first ten. What is missing could as well mean the units
# that come before: a left-out word was the one that told them apart.
EXPECTED: dict[str, tuple[int, int, int]] = {
    "one typo": (40, 39, 40),
    "all": (400, 376, 397),
    "two typos": (40, 40, 40),
    "words left out": (40, 29, 39),
    "order": (40, 38, 40),
    "compounds": (40, 38, 38),
    "abbreviations": (40, 40, 40),
    "spelling of æøå": (40, 40, 40),
    "identifiers": (40, 40, 40),
    "hospital and ward": (40, 38, 40),
    "place": (40, 34, 40),
}


@pytest.fixture(scope="module")
def register() -> Register:
    nation = made_up_nation(5_000)
    return Register.from_records(nation.units, nation.registrations, snapshot_date=nation.snapshot_date)


@pytest.fixture(scope="module")
def queries(register: Register) -> list[MadeUpQuery]:
    return made_up_queries(register)


@pytest.fixture(scope="module")
def opened(register: Register, tmp_path_factory: pytest.TempPathFactory) -> Register:
    path = tmp_path_factory.mktemp("compiled") / "a.sor"
    register.save(path)
    return Register.open(path, clock=lambda: register.snapshot_date)


@pytest.fixture(scope="module")
def found(register: Register, queries: list[MadeUpQuery]) -> list[list[Match]]:
    return [list(register.search(query.text)) for query in queries]


@pytest.fixture(scope="module")
def answers(found: list[list[Match]]) -> list[list[str]]:
    return [[match.sor_code for match in matches] for matches in found]


def test_there_are_queries_of_every_difficulty(queries: list[MadeUpQuery]) -> None:
    assert len(queries) == 40 * len(EXPECTED) - 40
    assert all(query.meant for query in queries)


def test_quality_is_what_it_was(queries: list[MadeUpQuery], found: list[list[Match]]) -> None:
    answers = [shown(matches, query.meant) for query, matches in zip(queries, found, strict=True)]
    counts = {name: (one.queries, one.first, one.first_ten) for name, one in quality(queries, answers).items()}
    assert counts == EXPECTED


def test_a_register_saved_and_opened_again_finds_the_same(
    opened: Register, queries: list[MadeUpQuery], found: list[list[Match]]
) -> None:
    for query, matches in zip(queries, found, strict=True):
        assert [match.to_dict() for match in opened.search(query.text)] == [match.to_dict() for match in matches], query


def test_threads_find_what_one_alone_finds(
    opened: Register, queries: list[MadeUpQuery], answers: list[list[str]]
) -> None:
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda query: [match.sor_code for match in opened.search(query.text)], queries))
    assert found == answers
