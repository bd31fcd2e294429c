"""Random filters over whole made-up nations: what ``find`` answers is what a plain loop over all units answers, step by step."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from functools import cache
from math import hypot
from pathlib import Path
from typing import Any, NamedTuple

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from sor_addressing import AddressingPolicy, Direction, Filter, Outcome, Register, Unit
from sor_addressing.addressing.plan import plan_for
from sor_addressing.addressing.policy import DEFAULT_POLICY
from sor_addressing.addressing.support import support
from sor_addressing.search.rules.narrowing import narrow, rows_matching
from sor_addressing.testing import MadeUpExtract, made_up_nation

DAY = dt.date(2026, 1, 15)
DAYS = (DAY, dt.date(2026, 3, 2), dt.date(2019, 6, 1))
MESSAGE_TYPES = (
    "DIS91",
    "XDIS91 XD9134L",
    "FDIS91",
    "DIS91 D9133L",
    "XREF15",
    "FDIS20",
    "RPT01",
    "REF01",
    "CTL02",
    "ZZZ 9",
)
POLICIES = {
    "default": AddressingPolicy(),
    "strict": AddressingPolicy.strict(),
    "lenient": AddressingPolicy.lenient(),
    "inherited refused": AddressingPolicy(inherited="refuse"),
    "owner addressed": AddressingPolicy(addressed_unit="location-owner"),
    "internal accepted": AddressingPolicy(internal_only="accept"),
    "no conversion": AddressingPolicy(conversion_model="none"),
    "version exact": AddressingPolicy(version="exact"),
    "raised": AddressingPolicy(
        severities={"unit-closing": "error", "receipt-missing": "error", "owner-shared": "error"}
    ),
    "stale at once": AddressingPolicy(max_age_days=0, refuse_after_days=0),
}


class Facts(NamedTuple):
    """What the public face says of a unit."""

    unit: Unit
    region: str | None
    municipality: str | None
    postal_code: str | None
    unit_type: frozenset[str]
    speciality: frozenset[str]
    provider_number: str | None
    system: str | None
    supplier: str | None
    net_operator: str | None
    administrator: str | None
    kind: str
    level: frozenset[str]
    within: frozenset[str]
    owner: str | None
    institution: str | None
    hospital: str | None
    own: bool
    place: tuple[int, int] | None


def nearest(unit: Unit, fits: Callable[[Unit], bool]) -> str | None:
    return next((one.sor_code for one in (unit, *unit.ancestors) if fits(one)), None)


def facts_of(unit: Unit) -> Facts:
    location, address = unit.location, unit.visiting_address
    place = None
    if address is not None and address.easting and address.northing:
        place = round(float(address.easting)), round(float(address.northing))
    return Facts(
        unit,
        unit.region,
        unit.municipality,
        address.postcode if address else None,
        frozenset(unit.types),
        frozenset(speciality.code for speciality in unit.specialities),
        unit.provider_number,
        location.system if location else None,
        location.supplier if location else None,
        location.net_operator if location else None,
        location.administrator if location else None,
        str(unit.kind),
        frozenset({str(unit.kind), str(len(unit.ancestors))}),
        frozenset({unit.sor_code, *(above.sor_code for above in unit.ancestors)}),
        nearest(unit, lambda one: one.kind == "IE"),
        nearest(unit, lambda one: one.kind == "SI"),
        nearest(unit, lambda one: one.kind == "SI" and "22232009" in one.types),
        location is not None and not location.inherited,
        place,
    )


class World(NamedTuple):
    """A register read and the same one saved and opened again, with what the public face says of its units."""

    register: Register
    opened: Register
    facts: tuple[Facts, ...]


def shuffled(extract: MadeUpExtract) -> MadeUpExtract:
    """The same units in an order in which children come before parents."""
    random.Random(7).shuffle(extract.units)  # noqa: S311 (nothing secret: the same order every time)
    return extract


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, ...]:
    folder: Path = tmp_path_factory.mktemp("registers")
    made = []
    for name, extract in (("nation", made_up_nation(1_200, seed=3)), ("mixed", shuffled(made_up_nation(600, seed=4)))):
        register = extract.to_register()
        register.save(folder / name)
        opened = Register.open(folder / name, clock=lambda: DAY)
        made.append(World(register, opened, tuple(map(facts_of, register))))
    return tuple(made)


@cache
def usable(unit: Unit, register: Register, on: dt.date, policy: AddressingPolicy) -> bool:
    return register.resolve(sor_code=unit.sor_code, on=on, policy=policy).candidates[0].usable


def in_postal_code(code: str | None, wanted: str) -> bool:
    low, _, high = wanted.partition("-")
    return code is not None and (low <= code <= high if high else code == wanted)


def predicates(asked: dict[str, Any], on: dt.date) -> dict[str, Any]:
    """For each step its rule, in the order of the steps."""
    near = asked.get("near")
    rules = {
        "region": lambda one: one.region in asked["region"],
        "municipality": lambda one: one.municipality in asked["municipality"],
        "postal_code": lambda one: any(in_postal_code(one.postal_code, wanted) for wanted in asked["postal_code"]),
        "unit_type": lambda one: bool(one.unit_type & set(asked["unit_type"])),
        "speciality": lambda one: bool(one.speciality & set(asked["speciality"])),
        "system": lambda one: one.system in asked["system"],
        "supplier": lambda one: one.supplier in asked["supplier"],
        "net_operator": lambda one: one.net_operator in asked["net_operator"],
        "administrator": lambda one: one.administrator in asked["administrator"],
        "provider_number": lambda one: one.provider_number in asked["provider_number"],
        "kind": lambda one: one.kind in asked["kind"],
        "level": lambda one: bool(one.level & set(asked["level"])),
        "within": lambda one: asked["within"] in one.within,
        "owner": lambda one: one.owner in asked["owner"],
        "institution": lambda one: one.institution in asked["institution"],
        "hospital": lambda one: one.hospital in asked["hospital"],
        "own_location_only": lambda one: one.own,
        "near": lambda one: one.place is not None,
        "max_distance_m": lambda one: distance(one, near) <= asked["max_distance_m"],
        "in_force_only": lambda one: one.unit.period.contains(on),
    }
    return {name: rule for name, rule in rules.items() if name in asked}


def distance(one: Facts, near: tuple[float, float]) -> float:
    assert one.place is not None
    return hypot(one.place[0] - near[0], one.place[1] - near[1])


class Expected(NamedTuple):
    """Each address with its units and distance, and how many every step left."""

    addresses: list[tuple[str, list[str], int | None]]
    left: list[tuple[str, int, int]]


def by_hand(world: World, asked: dict[str, Any], on: dt.date, policy: AddressingPolicy) -> Expected:
    left = []
    fitting = list(world.facts)

    def keep(name: str, rule: Any) -> None:
        nonlocal fitting
        before = len(fitting)
        fitting = [one for one in fitting if rule(one)]
        left.append((name, before, len(fitting)))

    for name, rule in predicates(asked, on).items():
        keep(name, rule)
    keep("addressable", lambda one: usable(one.unit, world.register, on, policy))
    addresses: dict[str, list[Facts]] = {}
    for one in fitting:
        assert one.unit.location is not None
        addresses.setdefault(one.unit.location.number, []).append(one)
    left.append(("addresses", len(fitting), len(addresses)))
    if "message_type" in asked:
        before = len(addresses)
        addresses = {
            number: having for number, having in addresses.items() if fits_type(world, number, asked, on, policy)
        }
        left.append(("message_type", before, len(addresses)))
    near = asked.get("near")
    found: list[tuple[str, list[str], float | None]] = [
        (number, [one.unit.sor_code for one in having], min(distance(one, near) for one in having) if near else None)
        for number, having in addresses.items()
    ]
    if near:
        found.sort(key=lambda one: one[2] or 0)
    rounded = [(number, units, None if away is None else round(away)) for number, units, away in found]
    return Expected(rounded, left)


def fits_type(world: World, number: str, asked: dict[str, Any], on: dt.date, policy: AddressingPolicy) -> bool:
    recipient = world.register.resolve(location_number=number, on=on, policy=policy)
    direction = asked.get("direction", "receive")
    verdict = world.register.validate(recipient, asked["message_type"], direction=direction, on=on, policy=policy)
    return verdict.deliverable and not (asked.get("conversion") == "direct" and verdict.outcome is Outcome.CONVERTED)


def several(draw: Any, values: list[str], *unknown: str) -> list[str]:
    return draw(st.lists(st.sampled_from([*values, *unknown]), min_size=1, max_size=3, unique=True))


@st.composite
def questions(draw: Any, facts: tuple[Facts, ...]) -> dict[str, Any]:
    """A filter around one unit, so that there is often something to find."""
    one = draw(st.sampled_from(facts))
    other = draw(st.sampled_from(facts))
    asked: dict[str, Any] = {}
    for name in ("region", "municipality", "system", "supplier", "net_operator", "administrator", "provider_number"):
        values = [value for value in (getattr(one, name), getattr(other, name)) if value]
        if values and draw(st.integers(0, 4)) == 0:
            asked[name] = several(draw, values, "9999")
    for name in ("unit_type", "speciality"):
        values = sorted(getattr(one, name) | getattr(other, name))
        if values and draw(st.integers(0, 4)) == 0:
            asked[name] = several(draw, values, "9999")
    if one.postal_code and draw(st.integers(0, 4)) == 0:
        around = f"{max(int(one.postal_code) - 300, 0):04d}-{int(one.postal_code) + 300:04d}"
        asked["postal_code"] = several(draw, [one.postal_code, around], "9999", "9990-9999")
    if draw(st.integers(0, 4)) == 0:
        asked["kind"] = several(draw, ["IE", "SI", "OE"])
    if draw(st.integers(0, 4)) == 0:
        asked["within"] = draw(st.sampled_from([*sorted(one.within), other.unit.sor_code]))
    if draw(st.integers(0, 4)) == 0:
        asked["level"] = several(draw, ["IE", "OE", "0", "1", "3", "5"], "99")
    for name in ("owner", "institution", "hospital"):
        places = [value for value in (getattr(one, name), getattr(other, name)) if value]
        if places and draw(st.integers(0, 4)) == 0:
            asked[name] = several(draw, places, "9999991000016000")
    for name in ("own_location_only", "in_force_only"):
        if draw(st.integers(0, 5)) == 0:
            asked[name] = True
    if one.place and draw(st.integers(0, 3)) == 0:
        asked["near"] = (one.place[0] + draw(st.integers(-999, 999)) / 2, one.place[1] + draw(st.integers(-999, 999)))
        if draw(st.booleans()):
            asked["max_distance_m"] = draw(st.sampled_from([0, 500, 3_000, 20_000.5, 10**6]))
    if draw(st.booleans()):
        asked["message_type"] = draw(st.sampled_from(MESSAGE_TYPES))
        asked["conversion"] = draw(st.sampled_from(["allowed", "direct"]))
        asked["direction"] = draw(st.sampled_from(["receive", "receive", "send"]))
    return asked


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_is_found_is_what_a_loop_over_all_units_finds(data, worlds):
    world = data.draw(st.sampled_from(worlds))
    asked = data.draw(questions(world.facts))
    on = data.draw(st.sampled_from(DAYS))
    policy = data.draw(st.sampled_from(list(POLICIES.values())))
    expected = by_hand(world, asked, on, policy)
    for register in (world.register, world.opened):
        found = register.find(on=on, policy=policy, **asked)
        assert [(step.name, step.before, step.left) for step in found.counts] == expected.left
        answers = [(one.location_number, [u.sor_code for u in one.units], one.distance_m) for one in found]
        assert answers == expected.addresses
        assert (len(found), found.total, bool(found)) == (len(answers), len(answers), bool(answers))
        for step in found.counts:
            assert step.taken == step.before - step.left
            assert sum(step.reasons.values()) == (step.taken if step.reasons else 0)
        for one in found[:20]:
            recipient = register.resolve(location_number=one.location_number, on=on, policy=policy)
            assert one.recipient == recipient.recipient
            if "message_type" in asked:
                direction = asked["direction"]
                verdict = register.validate(recipient, asked["message_type"], direction=direction, on=on, policy=policy)
                assert one.verdict is not None
                assert one.verdict.to_dict() == verdict.to_dict()
            else:
                assert one.verdict is None


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_the_rows_that_match_are_those_of_the_units_that_fit(data, worlds):
    world = data.draw(st.sampled_from(worlds))
    asked = data.draw(questions(world.facts))
    policy = data.draw(st.sampled_from(list(POLICIES.values())))
    fitting = [row for row, one in enumerate(world.facts) if all(rule(one) for rule in predicates(asked, DAY).values())]
    if "message_type" in asked:
        fitting = [row for row in fitting if registered(world.facts[row].unit, asked, policy)]
    among = set(fitting)
    for register in (world.register, world.opened):
        rows = rows_matching(register._index, Filter(**asked), day=DAY.toordinal(), policy=policy)
        assert list(rows) == fitting
        assert all((row in rows) == (row in among) for row in range(len(register)))


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"kind": "OE"},
        {"own_location_only": True},
        {"in_force_only": True},
        {"kind": ("SI", "IE"), "own_location_only": True, "in_force_only": True},
    ],
)
def test_what_is_told_row_by_row_is_what_going_through_all_rows_tells(asked, worlds):
    index, wanted, day = worlds[0].register._index, Filter(**asked), DAY.toordinal()
    rows = rows_matching(index, wanted, day=day, policy=DEFAULT_POLICY)
    through_all = list(narrow(index, wanted, day).rows)
    among = set(through_all)
    assert list(rows) == through_all
    assert len(rows) == len(through_all) > 0
    assert [row in rows for row in range(len(index))] == [row in among for row in range(len(index))]
    assert "a row" not in rows


def registered(unit: Unit, asked: dict[str, Any], policy: AddressingPolicy) -> bool:
    """Whether the registrations of the unit's number let the type through, whatever else is to be said of the unit."""
    index = unit._index
    location = index.columns.unit_location[unit._row]
    if unit.location is None:
        return False
    number, direction = index.columns.location_number[location], Direction(asked["direction"])
    found = support(index, plan_for(index, asked["message_type"]), number, location, direction, policy, DAY.toordinal())
    if found.outcome is Outcome.CONVERTED and asked["conversion"] == "direct":
        return False
    fine = found.outcome in (Outcome.SUPPORTED, Outcome.CONVERTED) or (
        found.outcome is Outcome.SUPPORT_UNKNOWN and policy.unknown_support == "accept"
    )
    return fine and not any(severity == "error" for _, severity, _ in found.raws)
