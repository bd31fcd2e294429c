"""``find`` and ``search``: recipients in tables and documents, and an empty answer that explains itself."""

from __future__ import annotations

import json

import pytest

from sor_addressing import Filter, Register

SAMPLE = Register.sample()


def test_a_recipient_by_rule_is_one_row(run):
    ran = run("find", "--sample", "--message-type", "FDIS20", "--municipality", "0901")
    assert (ran.code, ran.err) == (0, "")
    assert ran.lines[0] == "MADE-UP REGISTER: none of the units exists."
    head = [cell.strip() for cell in ran.lines[1].split("  ") if cell.strip()]
    assert head == ["Name", "SOR code", "Lies under", "Location number", "Units", "Outcome", "Sent as", "Reasons"]
    cells = [cell.strip() for cell in ran.lines[3].split("  ") if cell.strip()]
    assert cells == [
        "Sygehusadviser, Grævlingelund Kommune",
        "9000251000016002",
        "Grævlingelund Kommune › Sundhed og Omsorg",
        "5790999000291",
        "1",
        "supported",
        "FDIS20 3.0.0",
    ]
    assert ran.lines[-1] == "Recipients found: 1."


def test_in_danish_by_the_environment_and_by_option(run):
    ran = run("find", "--sample", "--lang", "da", "--postal-code", "0100", "--kind", "IE")
    assert ran.code == 0
    assert ran.lines[0] == "OPDIGTET REGISTER: ingen af enhederne findes."
    assert ran.lines[-1] == "Fundne modtagere: 2."
    assert "Hører under" in ran.out


def test_every_filter_is_an_option_that_can_be_given_several_times(run):
    ran = run(
        *("find", "--sample", "--json", "--message-type", "dis91 (D9134L)", "--conversion", "direct"),
        *("--direction", "receive", "--unit-type", "990121000005100", "--unit-type", "almen praksis"),
        *("--region", "Nordjylland", "--municipality", "901", "--municipality", "0901", "--postal-code", "0100-0199"),
        *("--speciality", "990701000005100", "--provider-number", "990001", "--provider-number", "990007"),
        *("--system", "9121", "--supplier", "9221", "--net-operator", "MultiMed", "--kind", "OE", "--kind", "SI"),
        *("--within", "9000291000016008", "--own-location-only", "--in-force-only"),
        *("--near", "530950,6290340", "--max-distance", "10", "--limit", "1"),
    )
    expected = SAMPLE.find(
        Filter(
            message_type="DIS91 D9134L",
            conversion="direct",
            unit_type=["990121000005100", "almen praksis"],
            region="Nordjylland",
            municipality="0901",
            postal_code="0100-0199",
            speciality="990701000005100",
            provider_number=["990001", "990007"],
            system="9121",
            supplier="9221",
            net_operator="MultiMed",
            kind=["OE", "SI"],
            within="9000291000016008",
            own_location_only=True,
            in_force_only=True,
            near=(530950, 6290340),
            max_distance_m=10,
        ),
        limit=1,
    )
    assert (ran.code, ran.err) == (0, "")
    assert ran.json == {**json.loads(json.dumps(expected.to_dict())), "made_up": True, "snapshot_date": "2026-01-15"}
    assert (ran.json["total"], len(ran.json["results"]), ran.json["results"][0]["distance_m"]) == (2, 1, 1)


def test_the_nearest_stands_first_with_its_distance(run):
    ran = run("find", "--sample", "--near", "530000,6290000", "--max-distance", "1100", "--limit", "2")
    assert ran.code == 0
    assert "Distance" in ran.lines[1]
    assert "1009 m" in ran.lines[3]
    assert ran.lines[-1] == "Recipients found: 6, of which the first 2 are shown."


def test_nothing_found_tells_what_each_filter_took_away(run):
    ran = run("find", "--sample", "--region", "Midtjyland", "--message-type", "FDIS20", "--lang", "da")
    assert ran.code == 1
    assert ran.lines == [
        "OPDIGTET REGISTER: ingen af enhederne findes.",
        "Søgt pr. 2026-01-15:",
        "  enheder i region Midtjyland: 0 af 63 tilbage (63 fra).",
        "  enheder, der kan nås: 0 af 0 tilbage (0 fra).",
        "  adresser, hvor enheder med samme lokationsnummer er én: 0 af 0 tilbage (0 fra).",
        "  adresser, der kan modtage FDIS20, eventuelt konverteret: 0 af 0 tilbage (0 fra).",
        'Ingen enhed i registret har region "Midtjyland". Det ligner: Region Nordjylland.',
        "Ingen modtager opfylder det hele.",
    ]


def test_what_each_filter_took_away_is_told_on_demand(run):
    ran = run("find", "--sample", "--kind", "IE", "--explain", "--municipality", "0901", "--municipality", "0999")
    assert ran.code == 0
    assert "  units of kind IE: 5 of 63 left (58 taken away)." in ran.lines
    assert ran.lines[-2:] == ['No unit of the register has municipality "0999".', "Recipients found: 2."]


def test_the_day_and_the_policy_count(run):
    closed = run("find", "--sample", "--json", "--on", "2026-02-15").json["total"]
    today = run("find", "--sample", "--json").json["total"]
    assert closed == SAMPLE.find(on=SAMPLE.snapshot_date.replace(month=2)).total == today - 1
    converting = run("find", "--sample", "--message-type", "XDIS91", "--policy", "lenient", "--json").json["total"]
    assert converting > run("find", "--sample", "--message-type", "XDIS91", "--json").json["total"]


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (("--near", "here"), "'here' is no point: write easting and northing in metres, as 530000,6290000"),
        (("--near", "55.6,12.5"), "those are degrees; give metres in ETRS89, UTM zone 32 N"),
        (("--max-distance", "5"), "max_distance_m says how far from near: give near too"),
        (("--region", ""), "region is empty: leave it out"),
        (("--postal-code", "9-8"), "a range goes from the lower code to the higher"),
        (("--kind", "ward"), "'ward' is not one of 'IE', 'SI', 'OE'"),
        (("--message-type", " "), "--message-type"),
        (("--limit", "0"), "--limit"),
    ],
)
@pytest.mark.parametrize("command", [("find",), ("search", "hjerte")], ids=["find", "search"])
def test_what_an_option_cant_mean_is_a_usage_error(run, command, options, text):
    ran = run(*command, "--sample", *options)
    assert ran.code == 2
    assert text in ran.err
    assert ran.out == ""


@pytest.mark.parametrize("command", [("find",), ("search", "hjerte")], ids=["find", "search"])
def test_no_register_is_an_error_of_its_own(run, command, tmp_path, monkeypatch):
    monkeypatch.setenv("SOR_ADDRESSING_HOME", str(tmp_path))
    ran = run(*command)
    assert ran.code == 3
    assert "There is no register to ask" in ran.err


def test_a_stale_register_is_told_with_its_own_code(run, folder, days_later):
    days_later(5)
    assert run("find", "--register", str(folder), "--kind", "IE").code == 4
    assert "register" in run("find", "--register", str(folder), "--kind", "IE").lines[-1]
    assert run("search", "hjerteafdelingen", "--register", str(folder)).code == 4
    assert run("find", "--register", str(folder), "--kind", "IE", "--allow-stale").code == 0


# Search


def test_a_search_shows_matches_with_what_matched(run):
    ran = run("search", "--sample", "hjerteafd", "sygehus", "--limit", "2")
    assert (ran.code, ran.err) == (0, "")
    head = [cell.strip() for cell in ran.lines[1].split("  ") if cell.strip()]
    assert head == ["Name", "SOR code", "Lies under", "Location number", "Matched", "Reachable", "Reasons"]
    assert "Hjerteafdelingen" in ran.lines[3]
    assert len(ran.lines) == 5


def test_a_search_with_a_message_type_shows_each_outcome(run):
    ran = run("search", "--sample", "lægehuset", "--message-type", "XDIS91", "--lang", "da")
    assert ran.code == 0
    assert "Svar" in ran.lines[1]
    assert "skulle konverteres" in ran.out
    assert "modtageren er ikke fundet" in ran.out


def test_a_search_is_one_document_of_the_matches(run):
    ran = run(
        "search", "--sample", "--json", "sygehusadviser grævlingelund", "--message-type", "FDIS20", "--kind", "OE"
    )
    matches = SAMPLE.search("sygehusadviser grævlingelund", message_type="FDIS20", kind="OE")
    assert ran.code == 0
    assert ran.json["text"] == "sygehusadviser grævlingelund"
    assert ran.json["message_type"]["text"] == "FDIS20"
    assert ran.json["filter"] == Filter(kind="OE").to_dict()
    assert ran.json["results"] == json.loads(json.dumps([match.to_dict() for match in matches]))
    assert (ran.json["made_up"], ran.json["snapshot_date"]) == (True, "2026-01-15")


def test_a_search_that_finds_nothing_tells_what_its_filters_left(run):
    ran = run("search", "--sample", "xqzwv", "--kind", "IE", "--municipality", "0902")
    assert ran.code == 1
    assert ran.lines == [
        "MADE-UP REGISTER: none of the units exists.",
        'No unit matches "xqzwv".',
        "  units in municipality 0902: 0 of 63 left (63 taken away).",
        "  units of kind IE: 0 of 0 left (0 taken away).",
        'No unit of the register has municipality "0902". Close to it: 0901.',
    ]
    assert run("search", "--sample", "xqzwv", "--lang", "da").lines[1:] == ['Ingen enhed passer på "xqzwv".']
    assert run("search", "--sample", "xqzwv", "--json").json["results"] == []


def test_a_text_that_is_too_long_or_blank_is_a_usage_error(run):
    assert run("search", "--sample", "x" * 501).code == 2
    assert run("search", "--sample", " ").code == 2
    assert run("search", "--sample").code == 2


def test_find_and_search_take_owner_institution_administrator_and_level(run) -> None:
    found = run("find", "--sample", "--institution", "Grævlingelund Sygehus", "--administrator", "9601", "--json").json
    assert found["total"] == 11
    found = run("find", "--sample", "--owner", "Region Nordhav", "--level", "1", "--json").json
    assert [one["recipient"]["name"] for one in found["results"]] == ["Grævlingelund Sygehus"]
    ran = run("search", "afdelingen", "--sample", "--hospital", "Grævlingelund", "--lang", "da")
    assert ran.code == 2
    assert "mente du 9000021000016002 Grævlingelund Sygehus" in ran.err


@pytest.mark.parametrize("command", [("find",), ("search", "hjerte")], ids=["find", "search"])
def test_a_place_that_no_filter_can_mean_is_one_document(run, command):
    ran = run(*command, "--sample", "--owner", "Nobody", "--json", "--lang", "da")
    assert ran.code == 2
    assert ran.json["error"]["code"] == "filter-error"
    assert "institutionsejer" in ran.json["error"]["text"]
