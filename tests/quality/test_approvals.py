"""Approval lists: how they are read, how systems are told on them, and what cannot be told."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from sor_addressing import PolicyError, audit
from sor_addressing.quality import Approvals, ApprovalStatus, MatchKind
from sor_addressing.testing import RegisterBuilder

DAY = dt.date(2026, 1, 15)
HEADER = "system,supplier,system_type,message_name,code,version,direction,status"
ROWS = """
Klinik Alfa [Fys],Prøvehuset,Fysioterapisystemer,Korrespondancebrev,DIS91,D9134L,send,approved
Klinik Alfa [Fys],Prøvehuset,Fysioterapisystemer,Korrespondancebrev,DIS91,D9134L,receive,testing
Klinik Alfa [Kiro],Andet Hus,Kiropraktorsystemer,Korrespondancebrev,DIS91,D9134L,send,not approved
Omsorg Øst,Prøvehuset,EOJ-systemer,CareCommunication,CareCommunication,5.0,receive,approved
Omsorg Øst,Prøvehuset,EOJ-systemer,Acknowledgement,Acknowledgement,2.0,send,approved
Omsorg Øst,Prøvehuset,Specialsystemer,CareCommunication,CareCommunication,5.0,receive,not approved
C2,Tredje Hus,Lægesystemer,Korrespondancebrev,XDIS91,XD9134L,send,not tested
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    target = tmp_path / "approved.csv"
    target.write_text(HEADER + ROWS, "utf-8")
    return target


@pytest.mark.parametrize(
    ("code", "name", "supplier", "kind", "approved"),
    [
        ("1", "Omsorg Øst", None, MatchKind.SAME_NAME, ("Omsorg Øst",)),
        ("1", "OMSORG OEST", None, MatchKind.SAME_NAME, ("Omsorg Øst",)),
        ("1", "Omsorg Østt", None, MatchKind.LIKE_NAME, ("Omsorg Øst",)),
        ("1", "Øst Omsorg", None, MatchKind.LIKE_NAME, ("Omsorg Øst",)),
        ("1", "Klinik Alfa [Kiro]", None, MatchKind.SAME_NAME, ("Klinik Alfa [Kiro]",)),
        ("1", "Klinik Alfa", "Prøvehuset", MatchKind.SAME_NAME, ("Klinik Alfa [Fys]",)),
        ("1", "Klinik Alfa", None, MatchKind.SEVERAL, ()),
        ("1", "Omsorg Vestkysten", None, MatchKind.NONE, ()),
        ("1", "C3", None, MatchKind.NONE, ()),
        ("1", None, "Prøvehuset", MatchKind.NO_NAME, ()),
    ],
)
def test_a_system_is_told_by_its_name(
    path: Path, code: str, name: str | None, supplier: str | None, kind: MatchKind, approved: tuple[str, ...]
) -> None:
    match = Approvals.load(path).match(code, name, supplier=supplier)
    assert (match.code, match.name, match.kind, match.approved) == (code, name, kind, approved)


def test_what_comes_close_is_shown_where_nothing_is_taken(path: Path) -> None:
    assert Approvals.load(path).match("1", "Omsorg Vest").alike == ("Omsorg Øst",)
    assert Approvals.load(path).match("1", "Klinik Alfa").alike == ("Klinik Alfa [Fys]", "Klinik Alfa [Kiro]")
    assert Approvals.load(path).match("1", "Zzzz").to_dict() == {
        "code": "1",
        "name": "Zzzz",
        "kind": "none",
        "approved": [],
        "alike": [],
    }


def test_a_table_of_aliases_goes_first(path: Path, tmp_path: Path) -> None:
    table = tmp_path / "aliases.csv"
    table.write_text(
        "registered;approved\n9131;Klinik Alfa [Fys]\n9131;Klinik Alfa [Kiro]\nomsorg vest;Omsorg Øst\n", "utf-8"
    )
    listed = Approvals.load(path, aliases=table)
    assert listed.match("9131").approved == ("Klinik Alfa [Fys]", "Klinik Alfa [Kiro]")
    assert listed.match("1", "Omsorg  Vest").to_dict()["kind"] == "alias"
    assert Approvals.load(path, aliases={"7": "C2"}).match("7").approved == ("C2",)
    with pytest.raises(PolicyError, match="the alias '7' leads to 'C4', which is not on the approval list"):
        Approvals.load(path, aliases={"7": "C4"})


@pytest.mark.parametrize(
    ("system", "message_type", "direction", "status"),
    [
        ("Klinik Alfa [Fys]", "DIS91 D9134L", "send", ApprovalStatus.APPROVED),
        ("Klinik Alfa [Fys]", "DIS91 D9134L", "receive", ApprovalStatus.TESTING),
        ("Klinik Alfa [Fys]", "DIS91 D9134L", None, ApprovalStatus.APPROVED),
        ("Klinik Alfa [Fys]", "DIS91", "receive", ApprovalStatus.TESTING),
        ("Klinik Alfa [Fys]", "DIS91 D9133L", "send", None),
        ("Klinik Alfa [Fys]", "XDIS91", "send", None),
        ("Omsorg Øst", "FDIS91 5.0", "receive", ApprovalStatus.APPROVED),
        ("Omsorg Øst", "FCTL 2.0.0", "send", ApprovalStatus.APPROVED),
        ("C2", "XDIS91", None, ApprovalStatus.NOT_TESTED),
    ],
)
def test_a_status_is_that_of_type_version_and_direction(
    path: Path, system: str, message_type: str, direction: str | None, status: ApprovalStatus | None
) -> None:
    assert Approvals.load(path).status([system], message_type, direction) == status


def test_a_list_tells_systems_their_sorts_and_their_formats(path: Path) -> None:
    listed = Approvals.load(path)
    assert listed.systems == ("Klinik Alfa [Fys]", "Klinik Alfa [Kiro]", "Omsorg Øst", "C2")
    assert repr(listed) == "<Approvals of 4 systems>"
    assert listed.system_types(["Omsorg Øst"]) == ("EOJ-systemer", "Specialsystemer")
    assert listed.formats(["Klinik Alfa [Fys]"]) == {"EDI"}
    assert listed.formats(["Klinik Alfa [Kiro]"]) == frozenset()
    assert listed.formats(["Omsorg Øst", "C2"]) == {"FHIR", "XML"}


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ("A,,,,DIS91,,send,maybe", "line 2: status is 'maybe': use approved, testing, not tested or not approved"),
        ("A,,,,DIS91,,both,approved", "line 2: direction is 'both': use receive or send"),
        (",,,,DIS91,,send,approved", "line 2: system is '': write a text"),
        ("A,DIS91", "line 2: 2 fields where the header has 8"),
    ],
)
def test_a_row_that_is_none_is_named(tmp_path: Path, row: str, text: str) -> None:
    target = tmp_path / "approved.csv"
    target.write_text(f"{HEADER}\n{row}\n", "utf-8")
    with pytest.raises(PolicyError, match=text):
        Approvals.load(target)


def test_systems_that_cannot_be_told_are_listed_with_the_numbers_behind_them(path: Path) -> None:
    build = RegisterBuilder(DAY)
    owner = build.owner("Ejer")
    for system in ("Omsorg Øst", "Ukendt Program", "Ukendt Program", "9131", ""):
        build.institution(owner, "Praksis", location_number=True, location={"system": system, "supplier": "S"})
    found = audit(build.build(), approvals=path)
    told = [(one.match.code, str(one.match.kind), one.numbers, one.supplier) for one in found.unmatched_systems]
    assert told == [("Ukendt Program", "none", 2, "S"), ("9131", "no-name", 1, "S")]
    assert found.unmatched_systems[1].to_dict()["numbers"] == 1
    assert audit(build.build()).unmatched_systems == ()
    helped = audit(build.build(), approvals=path, aliases={"9131": "C2", "Ukendt Program": "C2"})
    assert helped.unmatched_systems == ()
    with pytest.raises(PolicyError, match="aliases go with the path"):
        audit(build.build(), aliases={"9131": "C2"})


@pytest.mark.parametrize(
    "aliases", [{"": "C2"}, {" ": "C2"}, {5: "C2"}, {"7": None}, {"7": 5}, {"7": []}, {"7": [""]}, {"7": float("nan")}]
)
def test_an_alias_without_a_text_on_either_side_is_refused(path: Path, aliases: dict[str, str]) -> None:
    with pytest.raises(PolicyError, match="an alias has"):
        Approvals.load(path, aliases=aliases)


def test_a_blank_alias_in_a_file_is_refused_with_its_line(path: Path, tmp_path: Path) -> None:
    table = tmp_path / "aliases.csv"
    table.write_text("registered;approved\n7;C2\n;C2\n", "utf-8")
    with pytest.raises(PolicyError, match=r"aliases\.csv, line 3: registered is ''"):
        Approvals.load(path, aliases=table)


def test_an_alias_of_signs_alone_is_none_of_systems_without_a_name(path: Path) -> None:
    approvals = Approvals.load(path, aliases={"…": "C2"})
    assert approvals.match("…").approved == ("C2",)
    assert approvals.match("7").kind == "no-name"
