"""Recipients by rule: one row an address, in a stable order, and an empty answer that explains itself."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from sor_addressing import AddressingPolicy, Filter, Found, Register, Unit
from sor_addressing.index.columns import TYPECODES
from sor_addressing.model import RegistrationRecord
from sor_addressing.search import Step, UnknownValue
from sor_addressing.search.kept import kept_columns
from sor_addressing.search.rules import facets
from sor_addressing.search.rules.explain import explain_found
from sor_addressing.search.rules.facet_columns import make_facet_columns
from sor_addressing.testing import RegisterBuilder, made_up_nation

DAY = dt.date(2026, 1, 15)
HERE: dict[str, str] = {"street": "Prøvevej", "postcode": "9999", "municipality_code": "0999", "region_code": "1081"}


def place(easting: int, northing: int, **more: str) -> dict[str, str]:
    return {**HERE, "easting": f"{easting}.25", "northing": f"{northing}.00", **more}


@pytest.fixture(scope="module")
def register() -> Register:
    """A municipality with a care centre that two units inherit from, a closed unit, one without a number, and a far one."""
    build = RegisterBuilder(DAY)
    owner = build.owner("Prøve Kommune", types="kommune", postal_address=place(500_000, 6_200_000))
    care = build.institution(owner, "Plejen", types="pleje", location_number=True, location={"system": "Omsorgssystem"})
    build.unit(care, "Plejen Nord", types="pleje", inherits=True)
    build.unit(care, "Plejen Syd", types=("pleje", "genoptræning"), inherits=True, specialities=["geriatri"])
    build.unit(care, "Plejen Lukket", types="pleje", inherits=True, to_date=dt.date(2025, 12, 31))
    build.unit(care, "Plejen Uden", types="pleje")
    far = build.unit(
        care,
        "Genoptræningen",
        types="genoptræning",
        location_number=True,
        visiting_address=place(503_000, 6_204_000, postcode="9000", municipality_code="0998", region_code=""),
        location={"region_code": "1082", "net_operator": "41000035001"},
    )
    build.registers(care, "XDIS91 XD9134L", "XCTL02", "XCTL03", send=True, receive=True)
    build.registers(far, "DIS91 D9134L", "XREF15 XH1530R", receive=True)
    return build.build()


def names(found: Found) -> list[str]:
    return [one.name for one in found]


def test_units_with_one_location_number_are_one_recipient(register):
    found = register.find(unit_type="pleje")
    assert names(found) == ["Plejen"]
    assert [unit.name for unit in found[0].units] == ["Plejen", "Plejen Nord", "Plejen Syd"]
    assert found.counts == (
        Step("unit_type", 7, 5),
        Step("addressable", 5, 3, {"unit-closed": 1, "location-missing": 1}),
        Step("addresses", 3, 1),
    )
    assert [step.taken for step in found.counts] == [2, 2, 2]
    assert found[0].sor_code == found[0].recipient.unit.sor_code == found[0].units[0].sor_code
    assert repr(found[0]) == f"<FoundRecipient 'Plejen' at {found[0].location_number}, 3 units>"


def test_the_recipient_of_an_address_need_not_be_one_of_the_units_that_fit(register):
    found = register.find(speciality="geriatri")
    assert names(found) == ["Plejen"]
    assert [unit.name for unit in found[0].units] == ["Plejen Syd"]
    assert found[0].recipient == register.resolve(location_number=found[0].location_number).recipient


def test_a_found_list_is_a_sequence_that_a_limit_cuts(register):
    found = register.find()
    assert (len(found), found.total, bool(found)) == (2, 2, True)
    assert names(found) == ["Plejen", "Genoptræningen"]
    assert found[-1] == list(found)[1] == found[1:][0]
    assert found[0] in found
    cut = register.find(limit=1)
    assert (names(cut), cut.total) == (["Plejen"], 2)
    assert repr(cut) == "<Found 1 of 2 recipients on 2026-01-15>"
    assert repr(found) == "<Found 2 recipients on 2026-01-15>"
    assert cut.explain("da").split("\n")[-1] == "Fundne modtagere: 2, heraf vist de første 1."
    assert (len(register.find(limit=0)), register.find(limit=0).total) == (0, 2)
    with pytest.raises(ValueError, match="a limit of -1"):
        register.find(limit=-1)


def test_a_filter_and_fields_beside_it_are_one_filter(register):
    asked = Filter(unit_type="genoptræning", message_type="XDIS91")
    assert names(register.find(asked, message_type="XREF15")) == ["Genoptræningen"]
    assert register.find(asked, message_type=None) == register.find(unit_type="genoptræning")
    assert register.find(asked).filter == asked


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"municipality": "0998"}, ["Genoptræningen"]),
        ({"municipality": ["998", "999"]}, ["Plejen", "Genoptræningen"]),
        ({"postal_code": "9990-9999"}, ["Plejen"]),
        ({"postal_code": "9000-9999"}, ["Plejen", "Genoptræningen"]),
        ({"region": "1082"}, ["Genoptræningen"]),
        ({"region": "Region Midtjylland"}, ["Genoptræningen"]),
        ({"region": ["MIDTJYLLAND", "north denmark"]}, ["Plejen", "Genoptræningen"]),
        ({"unit_type": "Genoptraening"}, ["Plejen", "Genoptræningen"]),
        ({"kind": "SI"}, ["Plejen"]),
        ({"system": "omsorgssystem"}, ["Plejen"]),
        ({"net_operator": "kmd"}, ["Genoptræningen"]),
        ({"own_location_only": True, "kind": "OE"}, ["Genoptræningen"]),
        ({"message_type": "XREF15"}, ["Genoptræningen"]),
        ({"message_type": "DIS91"}, ["Plejen", "Genoptræningen"]),
        ({"message_type": "DIS91", "conversion": "direct"}, ["Genoptræningen"]),
        ({"message_type": "XDIS91", "direction": "send"}, ["Plejen"]),
    ],
    ids=str,
)
def test_each_filter_leaves_what_fits_it(register, fields, expected):
    found = register.find(**fields)
    assert names(found) == expected
    assert found.unknown == ()


def test_within_a_unit_is_that_unit_and_everything_below_it(register):
    far = next(unit for unit in register if unit.name == "Genoptræningen")
    assert names(register.find(within=far)) == ["Genoptræningen"]
    assert names(register.find(within=far.parent)) == ["Plejen", "Genoptræningen"]
    assert names(register.find(within=far.parent, kind="SI")) == ["Plejen"]


def test_the_verdict_stands_beside_the_recipient_where_a_type_was_asked_for(register):
    one = register.find(message_type="DIS91", unit_type="pleje")[0]
    assert one.verdict is not None
    assert (str(one.verdict.outcome), one.verdict.deliverable) == ("converted", True)
    assert register.find(unit_type="pleje")[0].verdict is None


def test_what_the_policy_refuses_is_left_out_with_its_reason(register):
    refused = AddressingPolicy(severities={"reply-impossible": "error"})
    found = register.find(message_type="DIS91", policy=refused)
    assert names(found) == ["Plejen"]
    assert found.counts[-1] == Step("message_type", 2, 1, {"reply-impossible": 1})
    stale = register.find(message_type="DIS91", policy=AddressingPolicy(refuse_after_days=0))
    assert stale.total == 2
    old = Register(register._index, register._load_report, clock=lambda: dt.date(2026, 3, 1))
    assert old.find(message_type="DIS91").counts[-1] == Step("message_type", 2, 0, {"register-stale": 2})


def test_a_register_without_message_types_says_so():
    build = RegisterBuilder(DAY)
    build.owner("Ejer", location_number=True)
    build.without_message_types()
    found = build.build().find(message_type="XDIS91")
    assert (found.total, found.unknown) == (0, ())
    assert found.counts[-1] == Step("message_type", 1, 0, {"message-types-not-loaded": 1})
    assert "not known, for no message types were loaded" in found.explain()


def test_a_number_without_unit_is_no_recipient():
    build = RegisterBuilder(DAY)
    build.owner("Ejer", location_number=True)
    extract = build.extract()
    extract.registrations.append(RegistrationRecord("5790999000109", "XDIS91"))
    assert extract.to_register().find(message_type="XDIS91").total == 0


# Near


def test_the_nearest_comes_first_and_each_says_how_far_it_is(register):
    found = register.find(near=(503_000, 6_204_000))
    assert [(one.name, one.distance_m) for one in found] == [("Genoptræningen", 0), ("Plejen", 5_000)]
    assert repr(found[1]).endswith("3 units, 5000 m away>")
    assert names(register.find(near=(503_000, 6_204_000), max_distance_m=4_999)) == ["Genoptræningen"]
    assert names(register.find(near=(503_000, 6_204_000), max_distance_m=5_000)) == ["Genoptræningen", "Plejen"]


@pytest.mark.parametrize(
    "address",
    [
        None,
        HERE,
        {**HERE, "easting": "500000.00"},
        {**HERE, "easting": "0", "northing": "6200000"},
        {**HERE, "easting": "east", "northing": "6200000"},
        {**HERE, "easting": "nan", "northing": "inf"},
        {**HERE, "easting": "500000", "northing": "99999999999"},
    ],
    ids=str,
)
def test_a_unit_without_readable_coordinates_is_taken_away_in_a_step_of_its_own(address):
    build = RegisterBuilder(DAY)
    build.owner("Uden sted", location_number=True, **({} if address is None else {"postal_address": address}))
    build.owner("Med sted", location_number=True, postal_address=place(500_000, 6_200_000))
    found = build.build().find(near=(500_000, 6_200_000), max_distance_m=10)
    assert names(found) == ["Med sted"]
    assert found.counts[:2] == (Step("near", 2, 1), Step("max_distance_m", 1, 1))


# What nobody has


def test_a_value_that_no_unit_has_is_named_with_what_comes_close(register):
    found = register.find(municipality="0997", region=["1081", "Midtjyland"], message_type="ZZZ 9", provider_number="1")
    assert not found
    assert found.unknown == (
        UnknownValue("region", "Midtjyland", ("Region Midtjylland", "Region Nordjylland")),
        UnknownValue("municipality", "0997", ("0998", "0999")),
        UnknownValue("provider_number", "000001"),
        UnknownValue("message_type", "ZZZ 9"),
    )
    nobody = register.find(within="9000991000016003", speciality="geriatr", postal_code="1000-1999")
    assert nobody.unknown == (
        UnknownValue("postal_code", "1000-1999"),
        UnknownValue("speciality", "geriatr", ("geriatri",)),
        UnknownValue("within", "9000991000016003"),
    )


def test_a_word_out_of_several_brings_up_the_whole(register):
    assert register.find(unit_type="genoptræning i hjemmet").unknown == (
        UnknownValue("unit_type", "genoptræning i hjemmet", ("genoptræning",)),
    )
    assert Register.sample().find(unit_type="praksis").unknown == (
        UnknownValue("unit_type", "praksis", ("almen praksis",)),
    )


def test_a_type_of_which_another_format_is_registered_is_not_unknown(register):
    assert register.find(message_type="FDIS91").unknown == ()


def test_an_empty_answer_explains_itself(register):
    found = register.find(municipality="0998", unit_type="plejee", message_type="FDIS20")
    assert found.explain("da") == (
        "Søgt pr. 2026-01-15:\n"
        "  enheder i kommune 0998: 1 af 7 tilbage (6 fra).\n"
        "  enheder af typen plejee: 0 af 1 tilbage (1 fra).\n"
        "  enheder, der kan nås: 0 af 0 tilbage (0 fra).\n"
        "  adresser, hvor enheder med samme lokationsnummer er én: 0 af 0 tilbage (0 fra).\n"
        "  adresser, der kan modtage FDIS20, eventuelt konverteret: 0 af 0 tilbage (0 fra).\n"
        'Ingen enhed i registret har type "plejee". Det ligner: pleje.\n'
        'Intet lokationsnummer i registret har meddelelsestypen "FDIS20" eller et andet format af den registreret.\n'
        "Ingen modtager opfylder det hele."
    )
    assert found.explain().split("\n")[-2:] == [
        'No location number of the register has message type "FDIS20" registered, nor another format of it.',
        "No recipient fits all of it.",
    ]
    with pytest.raises(ValueError, match="language"):
        found.explain("de")


def test_an_explanation_names_every_filter(register):
    found = register.find(
        region="1081",
        municipality="0999",
        postal_code=["9999", "1000-9999"],
        unit_type="pleje",
        kind="OE",
        within=next(iter(register)),
        own_location_only=True,
        near=(500_000, 6_200_000.4),
        max_distance_m=12.5,
        in_force_only=True,
        message_type="XDIS91",
        direction="send",
    )
    assert explain_found(found, "en").split("\n")[1:-1] == [
        "  units in region 1081: 6 of 7 left (1 taken away).",
        "  units in municipality 0999: 6 of 6 left (0 taken away).",
        "  units with postal code 9999, 1000-9999: 6 of 6 left (0 taken away).",
        "  units of type pleje: 5 of 6 left (1 taken away).",
        "  units of kind OE: 4 of 5 left (1 taken away).",
        "  units in or below 9000001000016009: 4 of 4 left (0 taken away).",
        "  units with a location number of their own: 0 of 4 left (4 taken away).",
        "  units with coordinates, measured from (500000, 6200000): 0 of 0 left (0 taken away).",
        "  units at most 12.5 m away: 0 of 0 left (0 taken away).",
        "  units in force: 0 of 0 left (0 taken away).",
        "  units that can be reached: 0 of 0 left (0 taken away).",
        "  addresses, where units with one location number are one: 0 of 0 left (0 taken away).",
        "  addresses that may send XDIS91: 0 of 0 left (0 taken away).",
    ]


def test_a_reason_without_words_of_its_own_is_told_by_its_code(register):
    policy = AddressingPolicy(severities={"receipt-missing": "error"})
    assert "taken away: 1 receipt-missing" in register.find(message_type="DIS91", policy=policy).explain()


def test_units_not_in_force_are_counted_by_reason():
    build = RegisterBuilder(DAY)
    owner = build.owner("Ejer", location_number=True)
    build.institution(owner, "Lukket", to_date=dt.date(2025, 1, 1))
    build.institution(owner, "Kommende", from_date=dt.date(2026, 2, 1))
    build.institution(owner, "Ulæselig", period_unreadable=True)
    reasons = {"unit-closed": 1, "unit-not-yet-open": 1, "period-unreadable": 1}
    register = build.build()
    assert register.find(in_force_only=True).counts[0] == Step("in_force_only", 4, 1, reasons)
    assert register.find().counts[0] == Step("addressable", 4, 1, reasons)
    assert register.find(on=dt.date(2026, 2, 1)).counts[0].reasons == {
        "unit-closed": 1,
        "location-missing": 1,
        "period-unreadable": 1,
    }


def test_an_answer_is_plain_types_for_logs(register):
    found = register.find(message_type="XREF15", near=(503_000, 6_204_000), municipality=["0998", "0997"])
    document = json.loads(json.dumps(found.to_dict()))
    assert list(document) == ["filter", "on", "total", "results", "counts", "unknown"]
    assert document["filter"] == found.filter.to_dict()
    assert document["total"] == 1
    (result,) = document["results"]
    assert list(result) == ["location_number", "recipient", "units", "verdict", "distance_m"]
    assert (result["recipient"]["name"], result["distance_m"]) == ("Genoptræningen", 0)
    assert result["units"] == [{"sor_code": found[0].sor_code, "name": "Genoptræningen"}]
    assert (result["verdict"]["outcome"], result["verdict"]["deliverable"]) == ("supported", True)
    assert document["counts"][0] == {"name": "municipality", "before": 7, "taken": 6, "left": 1, "reasons": {}}
    assert document["unknown"] == [{"field": "municipality", "value": "0997", "alike": ["0998", "0999"]}]
    assert register.find(limit=1).to_dict()["results"][0]["verdict"] is None


def test_a_word_that_the_registers_classifications_know_fits_its_codes(register, monkeypatch):
    called = {"0998": "Prøveby Kommune", "41000035001": "Et net"}
    monkeypatch.setattr(facets, "words_of", lambda _index, _kind, code, _language="da": called.get(code))
    assert names(register.find(municipality="prøveby")) == ["Genoptræningen"]
    assert names(register.find(municipality="Prøveby Kommune")) == ["Genoptræningen"]
    assert names(register.find(net_operator="ET NET")) == ["Genoptræningen"]
    assert register.find(municipality="kommune").unknown == (UnknownValue("municipality", "kommune", ()),)


def test_a_municipality_that_the_file_writes_with_three_digits_is_found():
    build = RegisterBuilder(DAY)
    build.owner("Ejer", location_number=True, postal_address={**HERE, "municipality_code": "101"})
    register = build.build()
    assert [register.find(municipality=code).total for code in ("101", "0101")] == [1, 1]


def test_a_register_of_nothing_finds_nothing_read_or_opened(tmp_path):
    register = RegisterBuilder(DAY).build()
    register.save(tmp_path / "empty")
    for one in (register, Register.open(tmp_path / "empty")):
        found = one.find(region="1081", near=(500_000, 6_200_000))
        assert (found.total, found.counts[0]) == (0, Step("region", 0, 0))


# An index, not a scan


class Counted(Sequence[int]):
    """A column that counts the values it is asked for."""

    def __init__(self, column: Sequence[int], counter: list[int]) -> None:
        self._column = column
        self._counter = counter

    def __len__(self) -> int:
        return len(self._column)

    def __getitem__(self, place: Any) -> Any:
        values = self._column[place]
        self._counter[0] += len(values) if isinstance(place, slice) else 1
        return values

    def __iter__(self) -> Iterator[int]:
        self._counter[0] += len(self._column)
        return iter(self._column)


def test_a_message_type_and_a_municipality_are_answered_from_an_index(monkeypatch):
    register = made_up_nation(6_000, seed=5).to_register()
    unit = next(unit for unit in register if unit.name.startswith("Sygehusadviser"))
    assert unit.municipality is not None
    expected = register.find(message_type="FDIS20", municipality=unit.municipality)
    assert names(expected) == [unit.name]
    having = sum(1 for one in register if one.municipality == unit.municipality)
    index, counter = register._index, [0]
    for name in TYPECODES:
        setattr(index.columns, name, Counted(getattr(index.columns, name), counter))
    kept = kept_columns(index, make_facet_columns)
    for name in list(kept._made or {}):
        kept._known[name] = Counted(kept[name], counter)
    assert register.find(message_type="FDIS20", municipality=unit.municipality) == expected
    assert counter[0] < 1_000 + 20 * having < len(register)


def test_units_of_a_found_address_are_units_of_the_register(register):
    found = register.find()
    assert found
    for one in found:
        assert one.units
        assert all(isinstance(unit, Unit) and register.by_sor_code[unit.sor_code] == unit for unit in one.units)


def test_a_word_that_is_the_code_of_some_units_and_the_text_of_the_code_of_others_means_both():
    build = RegisterBuilder(DAY)
    build.owner("Med ordet", location_number=True, types="sygehus")
    build.owner("Med koden", location_number=True, types="22232009")
    assert sorted(names(build.build().find(unit_type="sygehus"))) == ["Med koden", "Med ordet"]
