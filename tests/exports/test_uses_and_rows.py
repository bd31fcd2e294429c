"""Extracts made for a use: one row a recipient, under a key that is unique, with the owner chosen and the reason told."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from sor_addressing import AddressingPolicy, Filter, Register, export
from sor_addressing.exports import ExportError, Use
from sor_addressing.testing import RegisterBuilder, made_up_nation

DAY = dt.date(2026, 1, 15)
USES = sorted(Use.shipped())


def rows_of(register: Register, use: str | Use, folder: Path, **options: Any) -> list[dict[str, Any]]:
    export(register, use, folder / "x.jsonl", **options)
    return [json.loads(line) for line in (folder / "x.jsonl").read_text("utf-8").splitlines()]


def nation(units: int, seed: int) -> Register:
    made = made_up_nation(units, seed=seed)
    return Register.from_records(
        made.units, made.registrations, snapshot_date=made.snapshot_date, ceased_providers=made.ceased_providers
    )


@pytest.fixture(scope="module", params=[(300, 1), (2_000, 2), (5_000, 7)], ids=str)
def register(request: pytest.FixtureRequest) -> Register:
    return nation(*request.param)


def check_keys_and_names(register: Register, folder: Path) -> None:
    for name in USES:
        for only_addressable in (True, False):
            manifest = export(register, name, folder / "x.csv", only_addressable=only_addressable)
            with (folder / "x.csv").open(encoding="utf-8", newline="") as file:
                rows = list(csv.DictReader(file))
            keys = [row[manifest.key] for row in rows]
            names = [row["display_name"].casefold() for row in rows]
            assert len(rows) == manifest.rows > 0
            assert all(keys)
            assert Counter(keys).most_common(1)[0][1] == 1, name
            assert all(names)
            assert Counter(names).most_common(1)[0][1] == 1, name
            refused = sum(manifest.not_addressable.values())
            assert [row["addressable"] for row in rows].count("false") == (0 if only_addressable else refused)
            assert Counter(row["reason"] for row in rows if row["reason"]) == (
                {} if only_addressable else manifest.not_addressable
            )


def test_key_and_display_name_are_unique_and_every_reason_is_counted(register: Register, tmp_path: Path) -> None:
    check_keys_and_names(register, tmp_path)


@pytest.mark.national
@pytest.mark.parametrize("seed", [1, 2])
def test_key_and_display_name_are_unique_in_the_whole_nation(seed: int, tmp_path: Path) -> None:
    check_keys_and_names(nation(90_000, seed), tmp_path)


def test_all_addresses_are_those_that_find_gives_and_their_recipients(register: Register, tmp_path: Path) -> None:
    found = {one.location_number: (one.sor_code, one.recipient.unit_certain) for one in register.find(on=DAY)}
    rows = rows_of(register, "all-addresses", tmp_path, on=DAY)
    assert {row["location_number"]: (row["sor_code"], row["unit_certain"]) for row in rows} == found


def test_a_row_says_what_the_unit_says(register: Register, tmp_path: Path) -> None:
    for row in rows_of(register, "hospitals", tmp_path, only_addressable=False, language="en"):
        unit = register.by_sor_code[row["sor_code"]]
        location, address, contact = unit.location, unit.visiting_address, unit.contact
        assert row["name"] == (unit.name or None)
        assert row["location_number"] == (location.number if location else None)
        assert row["location_source"] == (("inherited" if location.inherited else "own") if location else None)
        assert row["location_owner_sor_code"] == (location.owner.sor_code if location else None)
        assert row["type_codes"] == list(unit.types)
        assert row["speciality_codes"] == [one.code for one in unit.specialities]
        assert (row["provider_number"], row["shak_code"]) == (unit.provider_number, unit.shak_code)
        assert (row["cvr_number"], row["pharmacy_number"]) == (unit.cvr_number, unit.pharmacy_number)
        assert (row["region_code"], row["municipality_code"]) == (unit.region, unit.municipality)
        assert (row["postcode"], row["town"]) == ((address.postcode, address.district) if address else (None, None))
        lines = address.lines if address else ()
        assert row["street"] == (", ".join(lines[:-1]) or None)
        told = (contact.telephone, contact.email, contact.website) if contact else (None, None, None)
        assert (row["telephone"], row["email"], row["website"]) == told
        above = [unit, *unit.ancestors]
        owner = next((one for one in above if one.kind == "IE"), None)
        institution = next((one for one in above if one.kind == "SI"), None)
        assert row["owner_sor_code"] == (owner.sor_code if owner else None)
        assert row["institution_name"] == (institution.name if institution else None)
        period = unit.period
        assert row["open_from"] == (period.from_date.isoformat() if period.from_date else None)
        assert row["open_to"] == (period.to_date.isoformat() if period.to_date else None)
        registered = location.registrations if location else ()
        assert row["receives"] == [one.message_type.text for one in registered if one.may_receive is not False]
        assert row["sends"] == [one.message_type.text for one in registered if one.may_send]
        assert row["has_registrations"] == bool(registered)


def test_practices_stand_for_what_their_provider_number_resolves_to(register: Register, tmp_path: Path) -> None:
    rows = rows_of(register, "general-practice", tmp_path, only_addressable=False, on=DAY)
    for row in rows:
        resolution = register.resolve(provider_number=row["provider_number"], on=DAY)
        recipient = resolution.recipient
        assert row["addressable"] == (recipient is not None)
        if recipient is not None:
            assert (row["sor_code"], row["location_number"]) == (recipient.sor_code, recipient.location_number)
            assert row["unit_certain"] == recipient.unit_certain
        else:
            assert row["reason"] in {finding.code for finding in resolution.findings}
            assert row["reason_text"]


def test_the_same_register_gives_the_same_bytes(register: Register, tmp_path: Path) -> None:
    for name in ("x.csv", "x.jsonl", "x.sqlite", "x.fhir.json"):
        one = export(register, "municipalities", tmp_path / name)
        before = (tmp_path / name).read_bytes(), one.manifest_path.read_bytes()
        other = export(register, "municipalities", tmp_path / name)
        assert ((tmp_path / name).read_bytes(), other.manifest_path.read_bytes()) == before
        assert one == other


@pytest.fixture
def region() -> Register:
    build = RegisterBuilder(DAY)
    owner = build.owner("Region Prøve")
    house = build.institution(owner, "Skejby", types=("22232009",), location_number=True)
    heart = build.unit(house, "Hjerteafdelingen, Skejby", location_number=True)
    build.unit(heart, "Ambulatorium", location_number=True)
    lungs = build.unit(house, "Lungeafdelingen", inherits=True)
    build.unit(lungs, "Ambulatorium", inherits=True)
    build.unit(house, "Lukket", location_number=True, to_date=DAY - dt.timedelta(1))
    return build.build()


def test_the_hospital_stands_in_front_and_the_next_name_above_sets_apart(region: Register, tmp_path: Path) -> None:
    assert [row["display_name"] for row in rows_of(region, "hospitals", tmp_path)] == [
        "Skejby",
        "Skejby, Hjerteafdelingen",
        "Skejby, Hjerteafdelingen, Ambulatorium",
        "Skejby, Lungeafdelingen",
        "Skejby, Lungeafdelingen, Ambulatorium",
    ]


def test_a_hospital_is_one_where_the_file_has_words_in_place_of_codes(tmp_path: Path) -> None:
    build = RegisterBuilder(DAY)
    owner = build.owner("Ejer", types="sygehus")
    for name, kind in (
        ("Huset", "psykiatrisk hospital"),
        ("Klinikken", "klinik uden for sygehus"),
        ("Koden", "22232009"),
    ):
        build.institution(owner, name, types=kind, location_number=True)
    assert [row["name"] for row in rows_of(build.build(), "hospitals", tmp_path)] == ["Huset", "Koden"]


def test_an_address_is_one_row_for_its_owner_with_those_that_inherit(region: Register, tmp_path: Path) -> None:
    first, *_ = rows_of(region, "all-addresses", tmp_path)
    house = region.by_sor_code[first["sor_code"]]
    assert (first["name"], first["location_source"], first["unit_certain"]) == ("Skejby", "own", True)
    inheriting = [unit for unit in house.descendants if unit.location and unit.location.inherited]
    assert first["other_sor_codes"] == [unit.sor_code for unit in inheriting]
    assert len(inheriting) == 2


def test_what_no_letter_can_go_to_is_left_out_and_counted_or_told(region: Register, tmp_path: Path) -> None:
    manifest = export(region, "hospitals", tmp_path / "x.csv")
    assert (manifest.rows, manifest.not_addressable) == (5, {"unit-closed": 1})
    *_, closed = rows_of(region, "hospitals", tmp_path, only_addressable=False, language="en")
    assert (closed["name"], closed["addressable"], closed["reason"]) == ("Lukket", False, "unit-closed")
    assert "2026-01-14" in closed["reason_text"]


def test_a_policy_decides_what_is_accepted(region: Register, tmp_path: Path) -> None:
    manifest = export(region, "hospitals", tmp_path / "x.csv", policy=AddressingPolicy(inherited="refuse"))
    assert (manifest.rows, manifest.not_addressable) == (3, {"location-inherited": 2, "unit-closed": 1})
    assert manifest.policy["inherited"] == "refuse"


def test_message_types_can_be_columns(tmp_path: Path) -> None:
    build = RegisterBuilder(DAY)
    owner = build.owner("Ejer", location_number=True)
    below = build.institution(owner, "Praksis", location_number=True)
    build.registers(owner, "XDIS91 XD9134L", send=True, receive=True)
    build.registers(below, "XDIS91 XD9134L", send=False, receive=True)
    build.registers(below, "DIS91 D9134L", send=True, receive=False)
    rows = rows_of(build.build(), "all-addresses", tmp_path, message_types="columns")
    assert [(row["XDIS91 XD9134L"], row["DIS91 D9134L"]) for row in rows] == [
        ("send receive", None),
        ("receive", "send"),
    ]
    assert "receives" not in rows[0]


def test_without_message_types_nothing_is_said_of_them(tmp_path: Path) -> None:
    build = RegisterBuilder(DAY)
    build.owner("Ejer", location_number=True)
    record = Register.from_records(build.extract().units, snapshot_date=DAY)
    (row,) = rows_of(record, "all-addresses", tmp_path)
    assert (row["has_registrations"], row["receives"], row["sends"]) == (None, None, None)


def test_a_use_of_ones_own_comes_from_toml(region: Register, tmp_path: Path) -> None:
    path = tmp_path / "uses.toml"
    path.write_text(
        '[wards]\nda = "Afdelinger"\nkey = "sor_code"\nfront = "owner"\n[[wards.where]]\nkind = "OE"\n'
        'owner_name = ["region *"]\ninstitution_type = ["sygehus"]\n',
        "utf-8",
    )
    use = Use.load(path)["wards"]
    assert use.description("da") == "Afdelinger"
    assert use.where[0].filter == Filter(kind="OE")
    rows = rows_of(region, use, tmp_path)
    assert [row["display_name"] for row in rows][:1] == ["Region Prøve, Hjerteafdelingen, Skejby"]
    assert {row["level"] for row in rows} == {"OE"}


def test_a_use_goes_by_the_organisational_level(tmp_path: Path) -> None:
    build = RegisterBuilder(DAY)
    house = build.institution(build.owner("Ejer"), "Hus")
    build.unit(house, "Klinikken", location_number=True, organisational_level=("991000005100", "Prøveklinik"))
    build.unit(house, "Afsnittet", location_number=True)
    path = tmp_path / "uses.toml"
    path.write_text('[x]\nkey = "sor_code"\n[[x.where]]\norganisational_level = "Prøveklinik"', "utf-8")
    assert [row["name"] for row in rows_of(build.build(), Use.load(path)["x"], tmp_path)] == ["Klinikken"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[x]", "line 1: x: key is missing: use location_number, provider_number or sor_code"),
        ('[x]\nkey = "sor_code"\nfront = "top"', "line 3: x: front is 'top': use institution, owner or none"),
        ('[x]\nkey = "sor_code"\nnext = 1', "x: there is no key 'next'; the keys are key, front, where, da, en"),
        ('[x]\nkey = "sor_code"\nwhere = 1', "line 3: x: where is 1: write tables, each under [[x.where]]"),
        ('[x]\nkey = "sor_code"\n[[x.where]]\ntype = "OE"', "line 4: x.where 1: there is no key 'type' (did you mean "),
        (
            '[x]\nkey = "sor_code"\n[[x.where]]\nowner_name = 1',
            "line 4: x.where 1: owner_name is 1: write a text or a list of texts",
        ),
        ('[x]\nkey = "sor_code"\n[[x.where]]\nkind = "XX"', "kind is 'XX'"),
        ("x = 1", "line 1: x is 1: write a table, [x] and its keys below"),
        ("[x", "not TOML"),
    ],
)
def test_a_use_that_cannot_be_is_refused_with_what_is_wrong(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "uses.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(ExportError, match=re.escape(said)):
        Use.load(path)


def test_values_that_no_unit_has_are_told(region: Register, tmp_path: Path) -> None:
    path = tmp_path / "uses.toml"
    path.write_text('[x]\nkey = "sor_code"\n[[x.where]]\ninstitution_type = ["sygehuset"]', "utf-8")
    manifest = export(region, Use.load(path)["x"], tmp_path / "x.csv")
    assert manifest.rows == 0
    assert [(one.field, one.value, one.alike) for one in manifest.unknown] == [
        ("institution_type", "sygehuset", ("sygehus",))
    ]
