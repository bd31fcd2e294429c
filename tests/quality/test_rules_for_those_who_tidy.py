"""Rules for those who put the register right: duplicates of provider numbers, types that are several things, shared names, dates."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from tests.quality.one_practice import DAY, NUMBER, TOMORROW, YESTERDAY, One

from sor_addressing import PolicyError, audit
from sor_addressing.quality import Superseded
from sor_addressing.quality.rule_set import rules_on_request
from sor_addressing.quality.rules.unit_types import things_in
from sor_addressing.testing import made_up_nation

MARKED = "provider-number-marked-duplicate"


def test_a_provider_number_with_99_in_front_is_a_duplicate_of_what_stands_behind() -> None:
    one = One(provider_number="990012")
    duplicate = one.build.institution(one.owner, "Dublet", provider_number="99990012")
    assert one.details(MARKED) == [
        {"provider_number": "99990012", "original": "990012", "count": 1, "others": (one.unit,)}
    ]
    (remark,) = audit(one.build.build(), rules=[MARKED]).remarks
    assert remark.sor_code == duplicate
    assert remark.text() == (
        f"Dublet ({duplicate}) has provider number 99990012: 99 in front marks it as a duplicate of 990012, which 1 unit has: {one.unit}."
    )


def test_a_duplicate_of_a_number_that_nobody_has_is_one_all_the_same() -> None:
    assert One(provider_number="99990012").details(MARKED) == [
        {"provider_number": "99990012", "original": "990012", "count": 0, "others": ()}
    ]


@pytest.mark.parametrize(("marked", "zeros"), [("9990019", "090019"), ("999001", "009001")])
def test_99_in_front_of_a_number_without_its_zeros_is_a_mark_where_the_number_is_there(marked: str, zeros: str) -> None:
    one = One(provider_number=marked.removeprefix("99"))
    assert one.build.build().by_provider_number[zeros]
    one.build.institution(one.owner, "Dublet", provider_number=marked)
    assert [(seen["provider_number"], seen["original"]) for seen in one.details(MARKED)] == [(marked, zeros)]
    assert One(provider_number=marked).details(MARKED) == []


@pytest.mark.parametrize("number", ["990012", "999912", "99A90012", "999900123", "99", "9999"])
def test_a_number_that_merely_begins_with_99_is_none(number: str) -> None:
    assert One(provider_number=number).details(MARKED) == []


def test_a_closed_duplicate_is_no_matter_and_one_closing_today_is_open() -> None:
    assert One(provider_number="99990012", to_date=YESTERDAY).details(MARKED) == []
    assert len(One(provider_number="99990012", to_date=DAY).details(MARKED)) == 1


def test_made_up_numbers_are_no_duplicates_of_one_another() -> None:
    register = made_up_nation(1_500, seed=3).to_register()
    assert audit(register, rules=[MARKED]).counts == {MARKED: 0}


@pytest.mark.parametrize(
    ("name", "things"),
    [
        ("Handicap og psykiatri", ("Handicap", "psykiatri")),
        ("handicap OG Psykiatri", ("handicap", "Psykiatri")),
        ("Handicap/psykiatri", ("Handicap", "psykiatri")),
        ("Handicap & psykiatri", ("Handicap", "psykiatri")),
        ("Handicap, psykiatri", ("Handicap", "psykiatri")),
        ("Handicap, psykiatri og misbrug", ("Handicap", "psykiatri", "misbrug")),
        ("Handicap og/eller psykiatri", ("Handicap", "psykiatri")),
        ("Fysio- og ergoterapi", ("Fysio-", "ergoterapi")),
        ("Hud- og kønssygdomme og psykiatri", ("Hud- og kønssygdomme", "psykiatri")),
        ("A\u030abne og lukkede", ("Åbne", "lukkede")),
    ],
)
def test_a_name_that_joins_things_is_taken_apart(name: str, things: tuple[str, ...]) -> None:
    assert things_in(name) == things


@pytest.mark.parametrize(
    "name",
    [
        "Øre-, næse- og halssygdomme",
        "Afdeling for øre-, næse- og halssygdomme",
        "HUD- OG KOENSSYGDOMME",
        "hud og kønssygdomme",
        "Børne- og ungdomspsykiatri",
        "Gynækologi og obstetrik",
        "Sygehus, privat",
        "Bosted og andet",
        "Rådgivning m.v.",
        "Klinik v/læge",
        "R&D",
        "Hospital",
        "Vogn",
        "og",
        "Hospital,",
        "",
    ],
)
def test_a_name_of_one_thing_stays_whole(name: str) -> None:
    assert things_in(name) == (name,)


def test_a_unit_whose_type_is_several_things_is_seen_on_request() -> None:
    one = One(types=["Handicap og psykiatri", "Hud- og kønssygdomme"])
    assert one.details("unit-type-combined") == [
        {"unit_type": "Handicap og psykiatri", "name": "Handicap og psykiatri", "parts": ("Handicap", "psykiatri")}
    ]
    assert "unit-type-combined" not in audit(one.build.build()).counts
    assert One(types="Handicap og psykiatri", to_date=YESTERDAY).details("unit-type-combined") == []


def test_units_of_one_name_in_one_region_are_seen() -> None:
    def two(**fields: object) -> One:
        one = One(visiting_address={"region_code": "1081", "municipality_code": "0851"})
        settings = {"location_number": True, "visiting_address": {"region_code": "1081"}, **fields}
        one.build.institution(one.owner, settings.pop("name", "Praksis"), **settings)
        return one

    one = two()
    (first, second) = one.details("same-name-in-region")
    assert second == {"count": 1, "others": (one.unit,), "region": "1081"}
    assert first["count"] == 1
    assert "same-name-in-region" not in audit(one.build.build()).counts
    for near_miss in (
        two(name="Praksissen"),
        two(to_date=YESTERDAY),
        two(location_number=NUMBER),
        two(visiting_address={"region_code": "1082"}),
        two(visiting_address={}),
    ):
        assert near_miss.details("same-name-in-region") == []


DATED = [Superseded("FDIS91", ["DIS91", "XDIS91"], by=YESTERDAY)]


def test_an_old_format_past_its_date_is_seen() -> None:
    one = One().registers("FDIS91 5.0", "XDIS91", "DIS20", "FDIS20")
    expected = {"new": ("FDIS91 5.0",), "old": ("XDIS91",), "by": YESTERDAY}
    assert one.details("old-format-past-date", superseded=DATED) == [expected]
    kept = one.details("old-format-kept", superseded=DATED)
    assert [seen["new"] for seen in kept] == [("FDIS20",)]  # the other is told of once


@pytest.mark.parametrize(
    "given",
    [
        [Superseded("FDIS91", ["XDIS91"], by=DAY)],
        [Superseded("FDIS91", ["XDIS91"], by=TOMORROW)],
        [Superseded("FDIS91", ["XDIS91"])],
        [Superseded("FDIS91", "DIS91", by=YESTERDAY)],
        [],
    ],
    ids=str,
)
def test_until_its_date_an_old_format_is_kept_and_not_late(given: list[Superseded]) -> None:
    one = One().registers("FDIS91", "XDIS91")
    assert one.details("old-format-past-date", superseded=given) == []
    assert len(one.details("old-format-kept", superseded=given)) == 1


def test_codes_count_in_any_case() -> None:
    one = One().registers("FDIS91", "XDIS91")
    assert len(one.details("old-format-past-date", superseded=[Superseded("fdis91", " xdis91 ", by=YESTERDAY)])) == 1


def test_without_dates_nothing_is_late_and_it_is_said() -> None:
    found = audit(One().registers("FDIS91", "XDIS91").build.build(), rules=["old-format-past-date"])
    assert [one.missing for one in found.not_checked] == [("superseded",)]
    assert "days by which old formats are to be gone" in found.not_checked[0].text()


def test_dates_are_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "dates.toml"
    path.write_text('[[superseded]]\nnew = "FDIS91"\nold = "XDIS91"\nby = 2026-01-14\nsource = "us"\n', "utf-8")
    assert Superseded.load(path) == (Superseded("FDIS91", "XDIS91", by=YESTERDAY, source="us"),)
    assert len(One().registers("FDIS91", "XDIS91").details("old-format-past-date", superseded=path)) == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[[superseded]]\nold = "XDIS91"\n', "line 1: superseded 1: new is missing: write a text"),
        ('[[superseded]]\nnew = "A"\nold = []\n', r"line 3: superseded 1: old is \[\]: write the codes"),
        ('[[superseded]]\nnew = "A"\nold = ["A"]\n', "line 3: superseded 1: old is .*: A can't take its own place"),
        ('[[superseded]]\nnew = "A"\nold = "B"\nby = "soon"\n', "line 4: superseded 1: by is 'soon': write a day"),
        ('[[superseded]]\nnew = "A"\nold = "B"\nuntil = 1\n', "there is no key 'until'"),
        ("[superseded]\n", "write tables"),
    ],
)
def test_a_file_of_dates_that_is_none_is_refused_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "dates.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(PolicyError, match=told):
        Superseded.load(path)


@pytest.mark.parametrize(
    "arguments",
    [
        {"new": 5},
        {"new": " "},
        {"old": 5},
        {"old": []},
        {"old": [5]},
        {"by": "soon"},
        {"by": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)},
    ],
)
def test_what_can_not_be_dated_is_refused(arguments: dict[str, object]) -> None:
    with pytest.raises(PolicyError, match="give a"):
        Superseded(**{"new": "FDIS91", "old": "XDIS91", **arguments})


def test_the_shipped_table_has_no_dates_for_none_is_public() -> None:
    assert all(one.by is None for one in Superseded.shipped())


def test_rules_on_request_are_followed_by_code_alone() -> None:
    codes = [one.code for one in rules_on_request()]
    found = audit(One().build.build(), rules=codes)
    assert list(found.counts) == codes


@pytest.mark.parametrize("given", [5, [5], [None], ["FDIS91"], {"new": "FDIS91"}])
@pytest.mark.parametrize("argument", ["superseded", "packages"])
def test_what_is_no_list_of_them_is_refused(argument: str, given: object) -> None:
    with pytest.raises(PolicyError, match=rf"{argument} is .*: give the path of a TOML file, or a list of"):
        audit(One().build.build(), **{argument: given})


def test_a_name_that_hundreds_share_at_one_number_is_told_of_at_the_others() -> None:
    one = One(visiting_address={"region_code": "1081"})
    for _ in range(40):
        one.below("Praksis", visiting_address={"region_code": "1081"})
    away = one.build.institution(one.owner, "Praksis", location_number=True, visiting_address={"region_code": "1081"})
    found = one.details("same-name-in-region")
    assert [seen["count"] for seen in found] == [1] * 41 + [41]
    assert {seen["others"] for seen in found[:-1]} == {(away,)}
    assert len(found[-1]["others"]) == 5


@pytest.mark.parametrize(
    ("arguments", "told"), [({"approvals": 5}, "approvals is 5: give the path"), ({"rules": 5}, "given as a list")]
)
def test_what_an_audit_can_not_be_given_is_refused(arguments: dict[str, object], told: str) -> None:
    with pytest.raises(PolicyError, match=told):
        audit(One().build.build(), **arguments)
