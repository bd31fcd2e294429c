"""Audits told by owner, institution and hospital: every remark counted once, and told where else its number is."""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from sor_addressing import PolicyError, Register, Unit, audit
from sor_addressing.quality import Audit, trend
from sor_addressing.search.rules.places import names_a_hospital
from sor_addressing.testing import RegisterBuilder, made_up_nation

HOSPITAL = "22232009"
KINDS = {"owner": "IE", "institution": "SI", "hospital": "SI"}
NUMBER = "5790999000017"


@pytest.fixture(scope="module")
def shared() -> Register:
    """A number that units of a hospital and of a clinic both own, and one of the region that both inherit."""
    build = RegisterBuilder(dt.date(2026, 1, 15))
    region = build.owner("Prøveregionen", location_number=True)
    hospital = build.institution(region, "Prøvesygehuset", types=HOSPITAL, inherits=True)
    build.unit(hospital, "Afsnit A", location_number=NUMBER)
    clinic = build.institution(region, "Prøveklinikken", inherits=True)
    build.unit(clinic, "Stue 1", location_number=NUMBER)
    build.unit(clinic, "Stue 2", location_number=True)
    return build.build()


@pytest.fixture(scope="module")
def found(shared: Register) -> Audit:
    return audit(shared, rules=["number-without-registrations"])


@pytest.fixture(scope="module")
def nation() -> Register:
    return made_up_nation(units=2500).to_register()


def place_of(unit: Unit | None, kind: str) -> str:
    """By the units themselves: the nearest one of the kind, at the unit or above it."""
    for one in () if unit is None else (unit, *unit.ancestors):
        if str(one.kind) == KINDS[kind] and (kind != "hospital" or HOSPITAL in one.types):
            return one.sor_code
    return ""


def check_against_loops(register: Register, outcome: Audit, kind: str) -> None:
    remarks, shared = defaultdict(list), defaultdict(Counter)
    having: dict[str, set[str]] = defaultdict(set)
    for unit in register:
        if unit.location:
            having[unit.location.number].add(place_of(unit, kind))
    for one in outcome.remarks:
        home = place_of(one.unit, kind)
        remarks[home].append(one)
        for other in having[one.location_number or ""] - {home}:
            shared[other][home] += 1
    units = Counter(place_of(unit, kind) for unit in register)
    groups = outcome.by(kind)
    assert sum(group.remarks for group in groups) == len(outcome.remarks)
    assert sum(group.units for group in groups) == len(register)
    assert {group.code for group in groups} == {*units, *remarks, *shared}
    for group in groups:
        assert group.remarks == len(remarks[group.code])
        assert group.units == units[group.code]
        assert Counter(one.rule for one in remarks[group.code]) == Counter(group.by_rule)
        assert dict(group.shared) == dict(shared[group.code])


@pytest.mark.parametrize("kind", KINDS)
def test_every_remark_is_counted_once_as_plain_loops_count_it(
    kind: str, shared: Register, found: Audit, nation: Register
) -> None:
    check_against_loops(shared, found, kind)
    sample = Register.sample()
    check_against_loops(sample, audit(sample), kind)
    check_against_loops(nation, audit(nation), kind)


def test_a_shared_number_is_counted_once_and_told_where(found: Audit, tmp_path: Path) -> None:
    assert len(found.remarks) == 3
    told = {group.name(): (group.remarks, group.shared) for group in found.by("institution")}
    codes = {group.name(): group.code for group in found.by("institution")}
    outside = "(ikke under nogen sundhedsinstitution)"
    assert told == {
        outside: (1, {}),
        "Prøvesygehuset": (1, {"": 1}),
        "Prøveklinikken": (1, {"": 1, codes["Prøvesygehuset"]: 1}),
    }
    assert codes[outside] == ""
    found.to_csv(tmp_path / "a.csv", language="da")
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        also = {row["Enhed"]: row["Nummeret findes også i"] for row in csv.DictReader(file, delimiter=";")}
    assert also["Afsnit A"] == f"{codes['Prøveklinikken']} Prøveklinikken"
    assert also["Stue 2"] == ""
    assert "Prøvesygehuset" in also["Prøveregionen"]
    assert "Prøveklinikken" in also["Prøveregionen"]


def test_what_lies_below_no_hospital_is_told_as_such(found: Audit, tmp_path: Path) -> None:
    groups = {group.code: group for group in found.by("hospital")}
    assert len(groups) == 2
    assert groups[""].name("da") == "(ikke under noget sygehus)"
    assert groups[""].name("en") == "(below no hospital)"
    assert groups[""].units == 4
    written = found.write_cleaning_lists(tmp_path, by="hospital")
    assert max(one.path.name for one in written if one.path) == "hospital-none.csv"
    assert sum(one.rows for one in written) == len(found.remarks)


def test_what_a_hospital_is() -> None:
    for word in ("sygehus", "Psykiatrisk Sygehus", "privathospital", "hospital, privat", "hospital for børn"):
        assert names_a_hospital(word), word
    for word in ("", "hospice", "sygehusapotek", "apotek på sygehus", "klinik uden for sygehus", "hospitalsafdeling"):
        assert not names_a_hospital(word), word


def test_files_with_words_in_place_of_codes_have_hospitals_too() -> None:
    build = RegisterBuilder()
    owner = build.owner("Ejer", types="hospital")
    house = build.institution(owner, "Huset", types=("privathospital", "hospice"), location_number=True)
    build.unit(house, "Afsnit", types="hospital", location_number=True)
    build.unit(build.institution(owner, "Sygehuset i navnet alene"), "Stuen", types="hospital", location_number=True)
    groups = audit(build.build()).by("hospital")
    assert {group.name(): group.units for group in groups} == {"Huset": 2, "(ikke under noget sygehus)": 3}


def test_remarks_that_no_unit_stands_behind_are_outside(tmp_path: Path) -> None:
    build = RegisterBuilder()
    build.registers(NUMBER, "DIS91", receive=True)
    build.institution(build.owner("Ejer"), "Hus")
    outcome = audit(build.build(), rules=["registrations-without-unit"])
    assert [remark.unit for remark in outcome.remarks] == [None]
    assert {group.code: group.remarks for group in outcome.by("owner") if group.remarks} == {"": 1}


def check_tree(register: Register, outcome: Audit) -> None:
    """Against loops over the units: every sum, and that each is its own and those of its children."""
    below: dict[str, Counter[str]] = defaultdict(Counter)
    for remark in outcome.remarks:
        unit = remark.unit
        for one in () if unit is None else (unit, *unit.ancestors):
            below[one.sor_code][str(remark.severity)] += 1
    tree = outcome.tree()
    homeless = sum(remark.unit is None for remark in outcome.remarks)
    assert tree.total.remarks == len(outcome.remarks)
    assert [node.remarks for node in tree if node.unit is None] == ([homeless] if homeless else [])
    sums: Counter[str | None] = Counter()
    for node in tree:
        assert {str(name): count for name, count in node.by_severity.items() if count} == (
            {**below[node.unit.sor_code]} if node.unit else {str(k): v for k, v in node.by_severity.items() if v}
        )
        assert node.unit is None or node.depth == len(node.unit.ancestors)
        sums[node.unit.parent.sor_code if node.unit and node.unit.parent else None] += node.remarks
    for node in tree:
        assert node.remarks == node.own + sums[node.unit.sor_code if node.unit else "nobody"]
    assert sums[None] == tree.total.remarks
    assert len(tree) == len(register) + bool(homeless)
    for depth in (1, 2, 3):
        cut = outcome.tree(depth)
        assert [node.to_dict() for node in cut] == [node.to_dict() for node in tree if node.depth < depth]


def test_the_sums_of_the_tree_add_up_as_plain_loops_count_them(
    shared: Register, found: Audit, nation: Register
) -> None:
    check_tree(shared, found)
    check_tree(Register.sample(), audit(Register.sample()))
    check_tree(nation, audit(nation))


def test_the_tree_tells_where_else_a_number_is(found: Audit, tmp_path: Path) -> None:
    nodes = {node.unit.name: node for node in found.tree(2) if node.unit}
    clinic, hospital = nodes["Prøveklinikken"], nodes["Prøvesygehuset"]
    assert clinic.shared == {"": 1, hospital.unit.sor_code: 1}  # type: ignore[union-attr]
    assert nodes["Prøveregionen"].shared == {}
    written = found.tree(2).to_csv(tmp_path / "tree.csv", language="da")
    with (tmp_path / "tree.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert written.rows == len(rows) == 4
    assert [row["Enhed"] for row in rows] == ["I alt", "Prøveregionen", "Prøvesygehuset", "Prøveklinikken"]
    assert [row["Bemærkninger"] for row in rows] == ["3", "3", "1", "1"]


def test_a_filtered_audit_counts_what_was_looked_at(shared: Register) -> None:
    narrowed = audit(shared, rules=["number-without-registrations"], institution="Prøveklinikken")
    assert narrowed.tree().total.units == 3
    assert narrowed.tree().total.remarks == len(narrowed.remarks)


@pytest.mark.parametrize("depth", [0, -1])
def test_a_tree_of_no_levels_is_refused(depth: int, found: Audit) -> None:
    with pytest.raises(PolicyError, match="levels shows nothing"):
        found.tree(depth)


def test_a_chain_of_thousands_is_a_tree_too() -> None:
    build = RegisterBuilder()
    unit = build.institution(build.owner("Ejer", location_number=True), "Hus")
    for at in range(3000):
        unit = build.unit(unit, f"Led {at}")
    outcome = audit(build.build(), rules=["number-without-registrations"])
    assert outcome.tree().total.units == 3002
    assert len(outcome.tree().to_dict()["nodes"]) == 3002  # type: ignore[arg-type]
    assert "Ejer" in outcome.to_markdown(tree=5000)


def test_a_trend_by_hospital_tells_the_first_and_the_last_day(shared: Register) -> None:
    days = []
    for at, wards in enumerate((3, 1)):
        build = RegisterBuilder(dt.date(2026, 1, 1 + at))
        house = build.institution(build.owner("Ejer"), "Prøvesygehuset", types=HOSPITAL)
        for ward in range(wards):
            build.unit(house, f"Afsnit {ward}", location_number=True)
        days.append(build.build())
    seen = trend(days, by="hospital", rules=["number-without-registrations"])
    (code,) = [code for code in seen.points[0].by_group if code]
    assert seen.of_group(code) == (3, 1)
    assert seen.group_name(code) == "Prøvesygehuset"
    text = audit(days[-1], rules=["number-without-registrations"]).to_markdown(trend=seen, language="da")
    assert "## Første og sidste dag: Sygehus" in text
    assert f"| Prøvesygehuset | {code} | 3 | 1 | -2 |" in text
