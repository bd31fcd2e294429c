"""No file, however odd, costs more than in proportion to its size: counted in calls, never in time."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path

import attrs
import pytest

from sor_addressing import AddressingPolicy, Register, audit, compare, review
from sor_addressing.exports.making import export
from sor_addressing.exports.uses import Key, Use
from sor_addressing.index.lookup import MOST_NAMED
from sor_addressing.index.upward import LiesAbove
from sor_addressing.letters import LetterIdentifierKind, Party, Role, read_message_header
from sor_addressing.letters.checking import check_letter
from sor_addressing.letters.header import identifier_of
from sor_addressing.model import LocationRecord, LocationSource, RegistrationRecord, UnitKind, UnitRecord
from sor_addressing.register.inside import index_of
from sor_addressing.testing import MadeUpLetter, RegisterBuilder, oioxml_of
from sor_addressing.testing.numbers import cvr_number

DAY = dt.date(2026, 1, 15)
NUMBER = "5790999000015"
PROVIDER = "990001"
EVERY_UNIT = Use("every unit", Key.SOR_CODE)
SIZE = 250
"""Deeper than anything that is looked at a few steps at a time; twice this is the larger one."""


def code(n: int) -> str:
    return f"{900_000 + n}1000016000"


def unit(n: int, **fields: object) -> UnitRecord:
    return UnitRecord(code(n), UnitKind("OE"), name=f"Afsnit {n}", **fields)  # type: ignore[arg-type]


def inheriting(n: int, above: int | None) -> UnitRecord:
    if above is None:
        return unit(n, location=LocationRecord(NUMBER), location_source=LocationSource.OWN)
    source = LocationSource.INHERITED
    return unit(n, parent_sor_code=code(above), location_source=source, provider_number=PROVIDER)


def a_chain(size: int) -> Iterable[UnitRecord]:
    return [inheriting(n, n - 1 if n else None) for n in range(size)]


def a_chain_upwards(size: int) -> Iterable[UnitRecord]:
    return reversed(list(a_chain(size)))


def a_closed_chain(size: int) -> Iterable[UnitRecord]:
    for one in a_chain(size):
        one.to_date = dt.date(2020, 1, 1) if one.parent_sor_code else None
        yield one


def a_broken_chain(size: int) -> Iterable[UnitRecord]:
    return [
        unit(n, parent_sor_code=code(n - 1) if n else "9", location_source=LocationSource.INHERITED)
        for n in range(size)
    ]


def a_circle(size: int) -> Iterable[UnitRecord]:
    return [
        unit(n, parent_sor_code=code((n + 1) % size), location_source=LocationSource.INHERITED) for n in range(size)
    ]


def one_below_another(size: int) -> Iterable[UnitRecord]:
    return chain(a_circle(size // 2), [inheriting(size + n, size + n - 1 if n else None) for n in range(size // 2)])


def owners_of_one_number(size: int) -> Iterable[UnitRecord]:
    return [inheriting(n, None) for n in range(size)]


def many_below_one(size: int) -> Iterable[UnitRecord]:
    return [inheriting(n, 0 if n else None) for n in range(size)]


def one_provider_number(size: int) -> Iterable[UnitRecord]:
    for n in range(size):
        yield unit(n, location=LocationRecord(f"{5790999000000 + n}"), provider_number=PROVIDER)


def a_way_of_successors(size: int) -> Iterable[UnitRecord]:
    closed = dt.date(2020, 1, 1)
    return [unit(n, to_date=closed, replaced_by=(code(n + 1),), provider_number=PROVIDER) for n in range(size)]


SHAPES = [
    a_chain,
    a_chain_upwards,
    a_closed_chain,
    a_broken_chain,
    a_circle,
    one_below_another,
    owners_of_one_number,
    many_below_one,
    one_provider_number,
    a_way_of_successors,
]


def made(units: Iterable[UnitRecord], day: dt.date = DAY) -> Register:
    return Register.from_records(units, [RegistrationRecord(NUMBER, "XDIS91", None, True)], snapshot_date=day)


def calls(job: Callable[[], object]) -> int:
    """How many functions a job calls, those written in C included."""
    count = 0

    def one(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(one)
    try:
        job()
    finally:
        sys.setprofile(None)
    return count


def jobs(register: Register, folder: Path) -> Iterator[tuple[str, Callable[[], object]]]:
    codes = [one.sor_code for one in register][::25]
    book = [{"sor_code": one, "name": "Afsnit"} for one in codes]
    yield "validate each", lambda: [register.validate(one, "XDIS91") for one in codes]
    yield "ask by number", lambda: (as_json(register.resolve(NUMBER)), register.resolve(NUMBER).explain("da"))
    yield "ask by provider", lambda: (as_json(register.resolve(PROVIDER)), register.resolve(PROVIDER).explain())
    yield "explain each", lambda: [register.validate(one, "XDIS91").explain() for one in codes]
    yield "tell each", lambda: [as_json(register.resolve(one)) for one in codes]
    yield "find", lambda: [one.name for one in register.find(within=codes[0])]
    yield "search", lambda: [match.to_dict() for match in register.search("afsnit", limit=50)]
    yield "save", lambda: register.save(folder / "saved.sor")
    yield (
        "audit",
        lambda: list(audit(register).rows()) if hasattr(audit(register), "rows") else audit(register).to_dict(),
    )
    yield "review", lambda: as_json(review(book, register))
    for name, profile in (("export fhir", None), ("export eer", "eer")):
        path = folder / f"{name}.json"
        yield (
            name,
            lambda path=path, profile=profile: export(
                register, EVERY_UNIT, path, only_addressable=False, profile=profile
            ),
        )
    (header,) = read_message_header(oioxml_of(MadeUpLetter()))
    letters = [
        attrs.evolve(
            header,
            receiver=Party(
                Role.RECEIVER,
                (
                    identifier_of(LetterIdentifierKind.SOR_CODE, one, "here"),
                    identifier_of(LetterIdentifierKind.CVR_NUMBER, cvr_number(2), "here"),
                ),
            ),
        )
        for one in codes
    ]
    day, policy = DAY.toordinal(), AddressingPolicy()
    yield (
        "check letters",
        lambda: [check_letter(index_of(register), one, day=day, today=day, policy=policy) for one in letters],
    )


def as_json(answer: object) -> str:
    return json.dumps(answer.to_dict())  # type: ignore[attr-defined]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_twice_as_much_costs_no_more_than_twice(shape, tmp_path):
    sizes = (SIZE, 2 * SIZE)
    costs = {"make": [calls(lambda size=size: made(shape(size))) for size in sizes]}
    for size in sizes:
        for name, job in jobs(made(shape(size)), tmp_path):
            costs.setdefault(name, []).append(calls(job))
    later = DAY + dt.timedelta(1)
    costs["compare"] = [
        calls(lambda size=size: compare(made(shape(size)), made(list(shape(size))[:-1], later)).to_dict())
        for size in sizes
    ]
    too_dear = {name: cost for name, cost in costs.items() if cost[1] > 2.5 * cost[0] + 20_000}
    assert not too_dear


def test_managers_of_endpoints_in_a_deep_tree_are_looked_for_in_proportion():
    costs = []
    for size in (SIZE, 2 * SIZE):
        build = RegisterBuilder(DAY)
        owner = build.owner("Ejer")
        last = build.institution(owner, "Institution", location_number=True)
        build.registers_in_eer(last, "FDIS91 5.0")
        for number in range(size):
            last = build.unit(last, f"Afsnit {number}", inherits=True)
        register = build.build()
        costs.append(calls(lambda register=register: audit(register, rules=["endpoint-manager-not-above"]).to_dict()))
    assert costs[1] <= 2.5 * costs[0]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_what_is_told_grows_as_the_file_does(shape, tmp_path):
    lengths: list[list[int]] = []
    for size in (SIZE, 2 * SIZE):
        register = made(shape(size))
        register.save(tmp_path / f"{size}.sor")
        lengths.append(
            [
                len(as_json(register.resolve(NUMBER))),
                len(as_json(register.resolve(PROVIDER))),
                (tmp_path / f"{size}.sor").stat().st_size,
                len(json.dumps(register.load_report.to_dict())),
            ]
        )
    assert all(larger <= 2.2 * smaller + 10_000 for smaller, larger in zip(*lengths, strict=True)), lengths


def test_few_are_named_where_very_many_share():
    register = made(owners_of_one_number(2_000))
    (finding, *_) = [one for one in register.resolve(NUMBER).candidates[7].findings if one.code == "owner-shared"]
    assert len(finding.details["owners"]) == MOST_NAMED
    assert finding.details["names"][-1] == "…"
    assert finding.details["count"] == 2_000
    assert len(register.resolve(NUMBER).candidates) == 2_000
    assert register.resolve(NUMBER).explain().endswith("\n") is False
    assert "… and 1900 more" in register.resolve(NUMBER).explain()
    assert "… og 1900 til" in register.resolve(NUMBER).explain("da")


def test_a_very_deep_unit_inherits_and_says_so():
    register = made(a_chain(5_000))
    last = register.by_sor_code[code(4_999)]
    assert last.location is not None
    assert last.location.owner.sor_code == code(0)
    assert len(last.ancestors) == 4_999
    assert register.validate(last, "XDIS91").deliverable
    assert register.validate(last, "XDIS91").explain().count("←") == MOST_NAMED + 2
    closed = made(a_closed_chain(5_000))
    finding = next(
        one for one in closed.resolve(code(4_999)).candidates[0].findings if one.code == "ancestor-not-in-force"
    )
    assert len(finding.details["units"]) == MOST_NAMED


def test_who_lies_above_whom_is_the_same_however_deep():
    build = RegisterBuilder(DAY)
    last = side = build.institution(build.owner("Ejer"), "Institution")
    for number in range(100):
        last = build.unit(last, f"Afsnit {number}")
        if number % 40 == 0:
            side = build.unit(side if number % 80 else last, f"Team {number}")
    register = build.build()
    rows = range(len(register))
    lies_above = LiesAbove(index_of(register))
    found = {(above, row) for above in rows for row in rows if lies_above(above, row)}
    assert found == {(above, row) for row in rows for above in index_of(register).ancestors(row)}
