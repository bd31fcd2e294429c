"""What is there and can't be read, or is said twice, counts against a number or a unit: in Sor.xml and in tables, in any spelling."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.extracts.by_hand import CODES, DAY, NUMBERS, house, owner, read, tree

from sor_addressing import Register

ENTITY = "<EanLocationCodeEntity><EanLocationCode>{number}</EanLocationCode>{facts}</EanLocationCodeEntity>"
NUMBER = NUMBERS[0]


def loaded(document: str) -> Register:
    return Register.load(document.encode(), snapshot_date=DAY, clock=lambda: DAY)


def reason_in_xml(*facts: str) -> str | None:
    """Why no letter can go to a house with ``facts`` in its element."""
    document = tree(owner(CODES[0], "Ejer", house(CODES[1], "Hus", facts=facts)))
    reason = loaded(document).resolve(CODES[1]).reason
    return reason.code if reason else None


def of_number(facts: str) -> str:
    return f"<OptionalEanLocationCode>{ENTITY.format(number=NUMBER, facts=facts)}</OptionalEanLocationCode>"


YES = ["true", "TRUE", "True", "1", "yes", "YES", "ja", "Ja", " ja ", "\n true\n", "<![CDATA[true]]>", "tr<!-- x -->ue"]
NO = ["false", "FALSE", "0", "no", "No", "nej", "NEJ", " 0\t"]
NEITHER = ["", " ", "måske", "x", "2", "-", "sandt nok", "truefalse", "<b>true</b>", "null"]
FLAGS = {"NonActiveIndicator": "location-inactive", "OnlyInternalIndicator": "location-internal-only"}


@pytest.mark.parametrize("flag", FLAGS)
def test_yes_and_no_are_read_in_any_spelling_and_nothing_else_is(flag: str) -> None:
    for said, expected in ((YES, FLAGS[flag]), (NO, None), (NEITHER, "location-state-unreadable")):
        got = {text: reason_in_xml(of_number(f"<{flag}>{text}</{flag}>")) for text in said}
        assert got == dict.fromkeys(said, expected)
    assert reason_in_xml(of_number(f"<{flag}/>")) == "location-state-unreadable"
    assert reason_in_xml(of_number("")) is None


@pytest.mark.parametrize("flag", FLAGS)
@pytest.mark.parametrize(("one", "other"), [("false", "false"), ("false", "true"), ("true", "false"), ("", "false")])
def test_a_flag_that_is_said_twice_counts_against_the_number(flag: str, one: str, other: str) -> None:
    assert reason_in_xml(of_number(f"<{flag}>{one}</{flag}><{flag}>{other}</{flag}>")) in (
        "location-state-unreadable",
        FLAGS[flag],
    )


def period(*elements: str) -> str:
    return f"<SorStatus>{''.join(elements)}</SorStatus>"


OPEN, SHUT = "<ToDate>2030-01-01</ToDate>", "<ToDate>2020-01-01</ToDate>"
BEGUN = "<FromDate>2010-01-01</FromDate>"


@pytest.mark.parametrize(
    "status",
    [
        period(BEGUN, OPEN, OPEN),
        period(BEGUN, OPEN, "<ToDate/>"),
        period(BEGUN, "<ToDate/>", OPEN),
        period(BEGUN, OPEN, SHUT),
        period(BEGUN, BEGUN, OPEN),
        period(BEGUN, "<ToDate>i morgen</ToDate>"),
        period(BEGUN, "<ToDate>2030-13-01</ToDate>"),
        period(BEGUN, "<ToDate><b>2020-01-01</b></ToDate>"),
        period(BEGUN) + period(BEGUN, OPEN),
        period(BEGUN, OPEN) + period(BEGUN, OPEN),
    ],
)
def test_a_date_that_can_not_be_read_or_is_said_twice_counts_against_the_period(status: str) -> None:
    assert reason_in_xml(of_number(""), status) == "period-unreadable"
    assert reason_in_xml(of_number(status), period(BEGUN)) == "period-unreadable"


@pytest.mark.parametrize("status", [period(BEGUN), period(BEGUN, OPEN), period(BEGUN, "<ToDate/>"), period()])
def test_a_period_that_is_said_once_is_read(status: str) -> None:
    assert reason_in_xml(of_number(status), status) is None


def test_two_numbers_in_one_element_are_none_to_rely_on() -> None:
    second = f"<EanLocationCode>{NUMBERS[1]}</EanLocationCode>"
    assert reason_in_xml(of_number(second)) == "location-state-unreadable"
    entities = "".join(ENTITY.format(number=number, facts="") for number in NUMBERS[:2])
    assert (
        reason_in_xml(f"<OptionalEanLocationCode>{entities}</OptionalEanLocationCode>") == "location-state-unreadable"
    )
    document = tree(owner(CODES[0], "Ejer", facts=(entities,)))
    reason = loaded(document).resolve(CODES[0]).reason
    assert reason is not None
    assert reason.code == "location-state-unreadable"
    assert reason_in_xml(of_number(f"<EanLocationCode>{NUMBER}</EanLocationCode>")) is None


def test_what_is_wrong_is_a_problem_with_its_line() -> None:
    document = tree(
        owner(
            CODES[0],
            "Ejer",
            facts=(
                of_number(
                    "<NonActiveIndicator>false</NonActiveIndicator>\n<NonActiveIndicator>false</NonActiveIndicator>"
                ),
                period(BEGUN, "\n", OPEN, "\n", OPEN),
            ),
        )
    )
    _, problems = read(document)
    assert [(one.code, one.identifier, one.details["field"]) for one in problems] == [
        ("said-twice", CODES[0], "NonActiveIndicator"),
        ("said-twice", CODES[0], "ToDate"),
    ]
    lines = document.splitlines()
    assert [lines[(one.line or 0) - 1].strip("</>") for one in problems] != []
    for problem in problems:
        for language in ("da", "en"):
            assert CODES[0] in problem.text(language)


# Tables


def reason_in_table(folder: Path, header: str, *rows: str, asked: str = CODES[2]) -> str | None:
    file = folder / "SorEntity_daily.csv"
    file.write_text("\n".join([header, *rows]) + "\n", "utf-8")
    register = Register.load(file, snapshot_date=DAY, clock=lambda: DAY)
    reason = register.resolve(asked).reason
    return reason.code if reason else None


HEAD = "SorId;SorType;EntityName;ParentSorId;EanLocationCode;Inherited;NonActive;OnlyInternal"


@pytest.mark.parametrize("source", ["own", "inherited"])
@pytest.mark.parametrize("column", ["location-inactive", "location-internal-only"])
def test_a_flag_on_a_row_counts_whether_the_number_is_its_own_or_inherited(
    source: str, column: str, tmp_path: Path
) -> None:
    """Also where the number's owner is not in the file."""
    for texts, expected in (
        (("ja", "Ja", "TRUE", "1", "x", "yes"), column),
        (("nej", "FALSE", "0", "no", "", "-"), None),
        (("måske", "2", "sandt nok"), "location-state-unreadable"),
    ):
        for text in texts:
            flags = f"{text};nej" if column == "location-inactive" else f"nej;{text}"
            row = f"{CODES[2]};OE;Afsnit;{CODES[1]};{NUMBER};{source};{flags}"
            assert reason_in_table(tmp_path, HEAD, row) == expected, text


def test_the_strictest_of_all_rows_that_show_a_number_counts_for_its_owner(tmp_path: Path) -> None:
    rows = (
        f"{CODES[0]};IE;Ejer;;{NUMBER};own;nej;nej",
        f"{CODES[1]};SI;Hus;{CODES[0]};{NUMBER};inherited;nej;nej",
        f"{CODES[2]};OE;Afsnit;{CODES[1]};{NUMBER};inherited;ja;nej",
    )
    for code in CODES[:3]:
        assert reason_in_table(tmp_path, HEAD, *rows, asked=code) == "location-inactive"
        assert reason_in_table(tmp_path, HEAD, *rows[:2], asked=CODES[0]) is None
        assert reason_in_table(tmp_path, HEAD, *rows[1:], asked=CODES[1]) == "location-inactive"


def test_what_stands_behind_a_number_is_known_from_the_rows_that_show_it(tmp_path: Path) -> None:
    file = tmp_path / "SorEntity_daily.csv"
    header = f"{HEAD};SystemTypeName;SystemSupplierName;CommunicationSupplierName;EanLocationCodeRegionName"
    rows = (
        f"{CODES[1]};SI;Hus;{CODES[0]};{NUMBER};inherited;nej;nej;;;KMD;",
        f"{CODES[2]};OE;Afsnit;{CODES[1]};{NUMBER};inherited;nej;nej;Cosmic;Leverandøren;;Region Nordjylland",
    )
    file.write_text("\n".join([header, *rows]) + "\n", "utf-8")
    register = Register.load(file, snapshot_date=DAY, clock=lambda: DAY)
    for code in CODES[1:3]:
        location = register.by_sor_code[code].location
        assert (location.system, location.supplier, location.net_operator, location.owner.name) == (
            "Cosmic",
            "Leverandøren",
            "KMD",
            "Hus",
        )


def test_sor_csv_tells_of_a_number_that_is_inherited_and_inactive(tmp_path: Path) -> None:
    file = tmp_path / "sor.csv"
    file.write_text(
        "Enhedsnavn;SOR-kode;SOR-type;Parent-SOR-kode;Lokationsnummer;Nedarvningsstatus;Lokationsnummerstatus\n"
        f"Afsnit;{CODES[2]};OE;{CODES[1]};{NUMBER};nedarvet;inaktiv\n",
        "latin-1",
    )
    register = Register.load(file, snapshot_date=DAY, clock=lambda: DAY)
    assert register.resolve(CODES[2]).reason.code == "location-inactive"
    assert register.resolve(NUMBER).reason.code == "location-inactive"
    assert not register.validate(NUMBER, "XDIS91").deliverable


def test_two_rows_that_own_one_number_count_together_as_long_as_both_are_in_force(tmp_path: Path) -> None:
    head = HEAD + ";ToDate"
    top = f"{CODES[0]};IE;Ejer;;;;;;"
    for flags, last, expected in (
        ("ja;nej", "", "location-inactive"),
        ("nej;ja", "", "location-internal-only"),
        ("nej;hvad", "", "location-state-unreadable"),
        ("nej;nej", "", None),
        ("ja;nej", "2020-01-01", None),
    ):
        rows = [
            f"{CODES[1]};SI;Hus;{CODES[0]};{NUMBER};nej;{flags};{last}",
            f"{CODES[2]};SI;Hus;{CODES[0]};{NUMBER};nej;nej;nej;",
        ]
        for order in (rows, rows[::-1]):
            for asked in (CODES[2], NUMBER):
                assert reason_in_table(tmp_path, head, top, *order, asked=asked) == expected, (flags, last, asked)


# Directions


def test_a_direction_that_cannot_be_read_lets_nothing_through() -> None:
    """Neither alone nor beside rows that can be read; what these say stands."""
    document = tree(owner(CODES[0], "Ejer", facts=(of_number(""),)))
    for rows, outcomes in (
        (("sned",), ("support_unknown", "unsupported")),
        (("sned", "Send"), ("unsupported", "supported")),
        (("sned", "Modtag"), ("supported", "unsupported")),
        (("Modtag", "Ja"), ("supported", "unsupported")),
        (("",), ("supported", "support_unknown")),
    ):
        table = "EAN;EDI-type;Retning\n" + "".join(f"{NUMBER};XDIS91;{row}\n" for row in rows)
        register = Register.load(document.encode(), message_types=table.encode(), snapshot_date=DAY, clock=lambda: DAY)
        got = tuple(register.validate(NUMBER, "XDIS91", direction=side).outcome for side in ("receive", "send"))
        assert (rows, got) == (rows, outcomes)
