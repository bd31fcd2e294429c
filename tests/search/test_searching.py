"""Searching: what a word finds and where, in which order, and what is never found wanting."""

from __future__ import annotations

import datetime as dt
import json
import random
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sor_addressing import Filter, Match, Register, SnapshotError
from sor_addressing.index.opening import open_compiled
from sor_addressing.search import MatchedField, MatchedWord
from sor_addressing.search.columns import make_columns
from sor_addressing.testing import RegisterBuilder, made_up_nation

DAY = dt.date(2026, 1, 15)
YESTERDAY = DAY - dt.timedelta(1)
TYPE, SPECIALITY = "22232009", "Kirurgisk speciale"


@pytest.fixture(scope="module")
def register() -> Register:
    """A hospital with wards, a municipality, and a practice, all in one small region."""
    build = RegisterBuilder(DAY)
    region = build.owner("Region Nordhav", cvr_number="99000018")
    hospital = build.institution(
        region,
        "Ådal Sygehus",
        location_number=True,
        types=TYPE,
        shak_code="9901",
        postal_address={
            "street": "Åkandevej",
            "postcode": "0110",
            "district": "Ådal",
            "municipality_code": "0901",
            "region_code": "1081",
        },
    )
    build.unit(hospital, "Hjerteafdelingen", location_number=True, specialities=[SPECIALITY])
    build.unit(hospital, "Øre-Næse-Hals Klinik", inherits=True)
    build.unit(hospital, "Sengeafsnit B12", location_number=True)
    build.unit(hospital, "Sengeafsnit B13", location_number=True)
    build.unit(hospital, "Klinik for Ældre", location_number=True, to_date=YESTERDAY)
    other = build.institution(region, "Engby Hospital", location_number=True)
    build.unit(other, "Hjerteafdelingen", location_number=True)
    care = build.owner("Engby Kommune", location_number=True)
    nursing = build.institution(care, "Hjemmesygeplejen", location_number=True)
    build.registers(nursing, "XDIS91 XD9134L", receive=True)
    practice = build.owner("Lægerne Åkandevej")
    build.institution(practice, "Lægerne Åkandevej", location_number=True, provider_number="990019")
    return build.build()


def names(register: Register, text: str, limit: int = 3) -> list[str]:
    return [match.name for match in register.search(text, limit=limit)]


def first(register: Register, text: str) -> tuple[str, str]:
    """Name of the best match, and of the unit above it."""
    unit = register.search(text)[0].unit
    return unit.name, unit.parent.name if unit.parent else ""


HEART = ("Hjerteafdelingen", "Ådal Sygehus")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hjerteafdelingen ådal", HEART),
        ("hjerteafdeling aadal", HEART),
        ("hjerte afdeling adal", HEART),
        ("ådal hjerteafd.", HEART),
        ("hjerte afd ådal sgh.", HEART),
        ("hjretafdelingen ådal", HEART),
        ("hjertafdelngen ådal", HEART),
        ("HJERTEAFDELINGENS, Ådals sygehus", HEART),
        ("kirurgisk ådal hjerte", HEART),
        ("hjerteafdelingen ukendtord ådal", HEART),
        ("hjerteafdelingen engby hosp", ("Hjerteafdelingen", "Engby Hospital")),
        ("ørenæsehals", ("Øre-Næse-Hals Klinik", "Ådal Sygehus")),
        ("oere naese hals klin.", ("Øre-Næse-Hals Klinik", "Ådal Sygehus")),
        ("sengeafsnit b 13", ("Sengeafsnit B13", "Ådal Sygehus")),
        ("engby komm.", ("Engby Kommune", "")),
        ("kommunen engby", ("Engby Kommune", "")),
        ("lægehus åkandevej", ("Lægerne Åkandevej", "Lægerne Åkandevej")),
        ("laegerne aakande vej", ("Lægerne Åkandevej", "Lægerne Åkandevej")),
    ],
)
def test_what_people_type_finds_what_they_mean(register, text, expected):
    assert first(register, text) == expected


@pytest.mark.parametrize(
    ("text", "field", "shown"),
    [
        ("ådal", MatchedField.NAME, "Ådal Sygehus"),
        ("sygehus", MatchedField.NAME, "Ådal Sygehus"),
        ("åkandevej 0110", MatchedField.STREET, "Åkandevej"),
        ("0110", MatchedField.POSTAL_CODE, "0110"),
        ("0901", MatchedField.MUNICIPALITY, "0901"),
        ("nordjylland", MatchedField.REGION, "Region Nordjylland"),
    ],
)
def test_each_match_says_what_matched_where(register, text, field, shown):
    found = [word for match in register.search(text) for word in match.matched if match.name == "Ådal Sygehus"]
    assert (field, shown) in [(word.field, word.text) for word in found]


def test_types_and_specialities_are_searched_in_words(register):
    (match,) = register.search("speciale", limit=1)
    heart = match.unit
    assert match.matched == (MatchedWord("speciale", SPECIALITY, MatchedField.SPECIALITY, heart.sor_code, 100.0),)


def test_a_word_of_the_hospital_is_found_above_its_ward(register):
    match = register.search("hjerteafdelingen ådal xyzzy")[0]
    hospital = match.unit.parent
    assert match.matched == (
        MatchedWord("hjerteafdelingen", "Hjerteafdelingen", MatchedField.NAME, match.sor_code, 100.0),
        MatchedWord("ådal", "Ådal Sygehus", MatchedField.ABOVE, hospital.sor_code, 100.0),
    )
    assert match.missed == ("xyzzy",)


def identifiers(register: Register):
    by_name = {unit.name: unit for unit in register}
    hospital, practice = by_name["Ådal Sygehus"], by_name["Lægerne Åkandevej"]
    number = hospital.location.number
    yield hospital, hospital.sor_code
    yield hospital, f"urn:oid:1.2.208.176.1.1|{hospital.sor_code}"
    yield hospital, hospital.sor_code[:-9]
    yield hospital, number
    yield hospital, f"{number[:4]} {number[4:8]} {number[8:]}"
    yield hospital, number[-6:]
    yield hospital, number[5:12]
    yield hospital, "9901"
    yield by_name["Region Nordhav"], "99000018"
    yield practice, practice.provider_number
    yield practice, practice.provider_number.lstrip("0")


def test_identifiers_are_found_whole_and_in_part(register):
    for unit, text in identifiers(register):
        match = register.search(text)[0]
        assert match.unit.name == unit.name, text
        assert {word.field for word in match.matched} == {MatchedField.IDENTIFIER}, text


def test_three_digits_are_not_looked_for_in_identifiers(register):
    assert register.search("579") == ()


def test_among_equals_those_that_can_be_used_come_first_and_the_others_say_why_not():
    build = RegisterBuilder(DAY)
    owner = build.owner("Ejer")
    place = build.institution(owner, "Huset", location_number=True)
    build.unit(place, "Klinikken", to_date=YESTERDAY, location_number=True)
    build.unit(place, "Klinikken")
    build.unit(place, "Klinikken", inherits=True)
    build.unit(place, "Klinikken", location_number=True)
    speaks = build.unit(place, "Klinikken", location_number=True)
    build.registers(speaks, "XDIS91 XD9134L", "XCTL02", "XCTL03", send=True, receive=True)
    converts = build.unit(place, "Klinikken", location_number=True)
    build.registers(converts, "DIS91 D9134L", "CTL02", "CTL03", send=True, receive=True)
    register = build.build()
    in_order = [unit for unit in register if unit.name == "Klinikken"]
    closed, without, inherits, own, speaks_it, converts_it = in_order

    found = register.search("klinikken")
    assert [match.unit for match in found] == [own, speaks_it, converts_it, inherits, closed, without]
    reasons = {match.unit: {finding.code for finding in match.findings} for match in found}
    assert reasons[closed] == {"unit-closed"}
    assert reasons[without] == {"location-missing"}
    assert [match.addressable for match in found] == [True] * 4 + [False] * 2
    assert [match.verdict for match in found] == [None] * 6

    asked = register.search("klinikken", message_type="XDIS91")
    assert [match.unit for match in asked][:3] == [speaks_it, converts_it, own]
    assert [str(match.verdict.outcome) for match in asked][:3] == ["supported", "converted", "support_unknown"]
    assert len(asked) == 6
    narrowed = register.search("klinikken", filter=Filter(message_type="XDIS91"))
    assert [(match.unit, match.verdict.deliverable) for match in narrowed] == [(speaks_it, True)]


def test_a_closed_unit_that_matches_better_comes_before_open_ones_that_match_worse(register):
    match = register.search("klinik for ældre")[0]
    assert match.name == "Klinik for Ældre"
    assert [finding.code for finding in match.findings] == ["unit-closed"]
    assert register.search("klinik for ældre", on=YESTERDAY)[0].addressable


def test_filters_leave_out_what_does_not_fit(register):
    assert {match.name for match in register.search("hjerteafdelingen", region="1081")} == {"Hjerteafdelingen"}
    assert register.search("hjerteafdelingen", kind="IE") == ()
    owners = register.search("", kind="IE")
    assert [(match.name, match.score, match.matched) for match in owners] == [
        ("Engby Kommune", 0.0, ()),
        ("Region Nordhav", 0.0, ()),
        ("Lægerne Åkandevej", 0.0, ()),
    ]


def test_a_filter_leaves_the_wards_of_a_hospital_that_it_takes_away(register):
    found = register.search("ådal", kind="OE")
    assert {match.name for match in found} == {
        "Hjerteafdelingen",
        "Øre-Næse-Hals Klinik",
        "Sengeafsnit B12",
        "Sengeafsnit B13",
        "Klinik for Ældre",
    }
    assert {word.field for match in found for word in match.matched} == {MatchedField.ABOVE}
    assert found[-1].name == "Klinik for Ældre"


def test_a_filter_finds_its_units_among_many_that_have_the_word():
    build = RegisterBuilder(DAY)
    owner = build.owner("Ejer", location_number=True)
    places = [build.institution(owner, f"Huset {number}") for number in range(40)]
    for place in places:
        for _ in range(150):
            build.unit(place, "Nattevagt")
    register = build.build()
    last = register.by_sor_code[places[-1]]
    found = register.search("nattevagt", within=last, limit=200)
    assert [match.unit for match in found] == list(last.children)


@pytest.mark.parametrize("text", ["", "  ", "\n\t"])
def test_blank_text_without_a_filter_is_an_error_of_the_caller(register, text):
    with pytest.raises(
        ValueError, match=r"^nothing to search for: type part of a name, place or identifier, or give a filter$"
    ):
        register.search(text)


def test_text_that_nobody_types_is_refused(register):
    assert register.search("hjerte " * 71)  # 497 characters
    with pytest.raises(ValueError, match=r"^a text of 501 characters is no search: 500 are the most"):
        register.search("x" * 501)


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_below_one_is_refused(register, limit):
    with pytest.raises(ValueError, match=f"^limit is {limit}: ask for 1 match or more$"):
        register.search("hjerte", limit=limit)


def test_the_limit_takes_the_first_of_the_same_order(register):
    found = register.search("klinik hjerteafdelingen ådal", limit=50)
    assert len(found) > 1
    for limit in range(1, len(found) + 1):
        assert register.search("klinik hjerteafdelingen ådal", limit=limit) == found[:limit]


@pytest.mark.parametrize("text", ["qqqqqq", "!!!", "…", "xyzzy zyxxy"])
def test_what_is_like_nothing_finds_nothing(register, text):
    assert register.search(text) == ()


def test_an_empty_register_finds_nothing():
    assert Register.from_records([], snapshot_date=DAY).search("hjerte 5790") == ()


def test_a_match_shows_what_it_is(register):
    match = register.search("klinik for ældre", message_type="XDIS91")[0]
    assert repr(match) == f"<Match 100: {match.sor_code} 'Klinik for Ældre' (unit-closed)>"
    plain = match.to_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert {
        key: plain[key] for key in ("score", "name", "missed", "status", "addressable", "outcome", "deliverable")
    } == {
        "score": 100.0,
        "name": "Klinik for Ældre",
        "missed": [],
        "status": "not_addressable",
        "addressable": False,
        "outcome": "not_resolved",
        "deliverable": False,
    }
    assert match == register.search("klinik for ældre", message_type="XDIS91")[0]
    assert isinstance(match, Match)
    assert len({match, register.search("klinik for ældre")[0]}) <= 2
    assert match.recipient is None


def nation(tmp_path: Path) -> tuple[Register, Path]:
    made = made_up_nation(400)
    register = Register.from_records(made.units, made.registrations, snapshot_date=made.snapshot_date)
    register.save(tmp_path / "a.sor")
    return register, tmp_path / "a.sor"


def test_equal_indexes_give_equal_columns(tmp_path):
    register, path = nation(tmp_path)
    index, _, _ = open_compiled(path)
    assert make_columns(index) == make_columns(register._index)


def test_a_flipped_byte_is_found_out_or_changes_no_answer(tmp_path):
    register, path = nation(tmp_path)
    index, _, _ = open_compiled(path)
    texts = ["hjerte afd", "nattevagt", "laegerne vej", "5790999000017", "region nordhav"]

    def answers(of: Register) -> list[list[dict[str, object]]]:
        return [[match.to_dict() for match in of.search(text)] for text in texts]

    right = answers(register)
    sections = [
        section for name, section in index.columns._sections.items() if name.startswith("kept.words") and section.size
    ]
    chance, raised = random.Random(5), 0  # noqa: S311 (the same bytes every time)
    data = path.read_bytes()
    for section in sections:
        place = section.offset + chance.randrange(section.size)
        damaged = tmp_path / "b.sor"
        damaged.write_bytes(data[:place] + bytes([data[place] ^ 1 << chance.randrange(8)]) + data[place + 1 :])
        try:
            found = answers(Register.open(damaged, clock=lambda: DAY))
        except SnapshotError:
            raised += 1
        else:
            assert found == right, section.name
    assert raised > len(sections) // 2


SAMPLE = Register.sample()


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=510) | st.text(alphabet="aæøå 0579-.,|", max_size=510))
def test_any_text_finds_units_in_bounded_time_or_is_refused(text):
    begun = time.perf_counter()
    if len(text) > 500 or not text.strip():
        with pytest.raises(ValueError, match="search"):
            SAMPLE.search(text)
    else:
        found = SAMPLE.search(text)
        assert len(found) <= 10
        assert len({match.unit for match in found}) == len(found)
        assert all(0 <= match.score <= 100 and len(match.matched) for match in found)
    assert time.perf_counter() - begun < 5


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(alphabet="abcdeæøå -B1", min_size=1, max_size=12), min_size=1, max_size=8))
@example(["de"])
@example(["af de", "de"])
def test_every_unit_is_found_by_its_own_name(unit_names):
    build = RegisterBuilder(DAY)
    for name in unit_names:
        build.owner(name, location_number=True)
    register = build.build()
    for unit in register:
        if any(char.isalnum() for char in unit.name):
            found = register.search(unit.name, limit=1)[0]
            same = [other for other in register if other.name == found.name]
            assert found.score > 90, (unit.name, found)
            assert found.unit in same
