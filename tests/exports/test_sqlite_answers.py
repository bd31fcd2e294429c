"""The SQLite extract answers as the library does: every identifier, in every spelling and kind, with every type that was asked for."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.addressing.small_trees import POLICIES, SNAPSHOT, register_of, registrations, trees

from sor_addressing import AddressingPolicy, MalformedMessageType, MessageType, Register, Verdict, export
from sor_addressing.exports import ExportError
from sor_addressing.messages.conversions import ConversionModel, ConversionRow
from sor_addressing.model import RegistrationRecord, UnitRecord
from sor_addressing.testing import RegisterBuilder, made_up_nation

KINDS = ("sor_code", "location_number", "provider_number", "shak_code")
ASKED = ("XDIS91 XD9134L", "dis91", "FDIS91", "XREF15 (XR1530R)", "FDIS20", "CTL03", "NONSUCH N0101X")
SAMPLE = Register.sample()


def nation(units: int = 400, seed: int = 7) -> Register:
    made = made_up_nation(units, seed=seed)
    return Register.from_records(made.units, made.registrations, snapshot_date=made.snapshot_date)


def plain(verdict: Verdict) -> dict[str, Any]:
    """A verdict as the view ``may_send`` tells it."""
    resolution, recipient = verdict.resolution, verdict.resolution.recipient
    conversion, reason = verdict.conversion, verdict.reason
    return {
        "outcome": str(verdict.outcome),
        "deliverable": verdict.deliverable,
        "sor_code": recipient and recipient.sor_code,
        "name": recipient and recipient.name,
        "unit_certain": recipient and recipient.unit_certain,
        "location_number": recipient and recipient.location_number,
        "send_as": verdict.send_as and verdict.send_as.text,
        "arrives_as": verdict.arrives_as and verdict.arrives_as.text,
        "converted_by": conversion and str(conversion.by),
        "receipts": " ".join(verdict.receipts),
        "reason": reason.code if reason else "",
        "reasons": " ".join(finding.code for finding in verdict.findings),
        "status": str(resolution.status),
    }


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Any]:
    databases = []

    def of(register: Register, **options: Any) -> sqlite3.Connection:
        path = tmp_path / f"{len(databases)}.sqlite"
        export(register, "all-addresses", path, **options)
        database = sqlite3.connect(path)
        database.row_factory = sqlite3.Row
        databases.append(database)
        return database

    yield of
    for database in databases:
        database.close()


QUERY = """
SELECT m.outcome, m.deliverable, m.sor_code, m.name, m.unit_certain, m.location_number, m.send_as, m.arrives_as, m.converted_by,
       m.receipts, m.reason, m.reasons, i.status
FROM may_send m JOIN identifier i USING (identifier, kind) WHERE m.identifier = ? AND m.kind = ? AND m.spelling = ?
"""


def assert_agrees(
    register: Register,
    database: sqlite3.Connection,
    types: tuple[str, ...],
    policy: AddressingPolicy | None = None,
    on: dt.date | None = None,
) -> int:
    """Ask the database and the library the same of every identifier that the register holds; how many pairs there were."""
    identifiers: list[tuple[str, str | None]] = [
        *((code, "sor_code") for code in register.by_sor_code),
        *((number, "location_number") for number in register.by_location_number),
        *((number, "provider_number") for number in register.by_provider_number),
        *((code, "shak_code") for code in register.by_shak_code),
    ]
    identifiers += [(text.lstrip("0") or "0", kind) for text, kind in identifiers if kind == "provider_number"]
    identifiers += [(text.lower(), kind) for text, kind in identifiers if not text.isdigit()]
    identifiers += [(text, None) for text, _ in identifiers]
    identifiers += [(number, None) for number in register.by_cvr_number]
    pairs = 0
    for text, kind in dict.fromkeys(identifiers):
        for asked in types:
            expected = plain(register.validate(text, asked, kind=kind, policy=policy, on=on))  # type: ignore[arg-type]
            found = [dict(row) for row in database.execute(QUERY, (text, kind or "any", asked))]
            if policy and policy.narrow_by_message_type:  # the table of identifiers knows no message type
                found = [{**row, "status": expected["status"]} for row in found]
            assert found == [expected], (text, kind, asked)
            pairs += 1
    return pairs


@pytest.mark.parametrize("seed", [3, 4])
def test_every_pair_of_a_nation_is_answered_as_by_the_library(opened: Any, seed: int) -> None:
    register = nation(seed=seed)
    assert assert_agrees(register, opened(register, ask=ASKED), tuple(one for one in ASKED)) > 5_000


@pytest.mark.parametrize(
    "policy",
    [
        AddressingPolicy(narrow_by_message_type=True),
        AddressingPolicy.strict(),
        AddressingPolicy.lenient(),
        AddressingPolicy(inherited="refuse", addressed_unit="location-owner", internal_only="accept"),
        AddressingPolicy(follow_successors=True, version="exact", native_format="EDI"),
        AddressingPolicy(severities={"message-type-unsupported": "warning", "conversion-not-agreed": "info"}),
        AddressingPolicy(severities={"message-type-unknown": "error", "location-inherited": "error"}),
        AddressingPolicy(conversion_model="none"),
    ],
    ids=range(8),
)
def test_policies_are_those_of_the_library(opened: Any, policy: AddressingPolicy) -> None:
    for register in (nation(120, 5), SAMPLE):
        assert_agrees(register, opened(register, ask=ASKED, policy=policy), ASKED, policy)


def test_a_conversion_model_bound_to_receivers_and_days_is_followed(opened: Any) -> None:
    register = nation(150, 6)
    numbers = list(register.by_location_number)
    regions = sorted({unit.region for unit in register if unit.region})
    rows = [
        ConversionRow("*", "EDI", "XML", "receiver", "region", regions[0]),
        ConversionRow("*", "XML", "EDI", "sender", "location_number", numbers[3], to_date=register.snapshot_date),
        ConversionRow("DIS91", "XML", "EDI", "receiver-operator"),
    ]
    policy = AddressingPolicy(conversion_model=ConversionModel("own", rows), sender={"region": regions[-1]})
    assert_agrees(register, opened(register, ask=ASKED, policy=policy), ASKED, policy)


def test_what_two_registers_say_is_answered(opened: Any) -> None:
    build = RegisterBuilder()
    owner = build.owner("Ejer", location_number=True)
    both = build.institution(owner, "Begge", location_number=True)
    one = build.institution(owner, "Kun EER", location_number=True)
    build.registers(both, "FDIS91 5.0", "XDIS91 XD9134L", receive=True, send=True)
    build.registers_in_eer(both, "FDIS91 4.0")
    build.registers_in_eer(one, "FDIS91 5.0")
    build.registers_in_eer(one, "FCTL 2.0.0", environment="test")
    register = build.build()
    asked = ("FDIS91 5.0", "FDIS91 4.0", "FDIS91", "FCTL", "XDIS91")
    for policy in (
        AddressingPolicy(),
        AddressingPolicy(registers=("EER",)),
        AddressingPolicy(registers=("EER",), environment="test"),
    ):
        assert_agrees(register, opened(register, ask=asked, policy=policy), asked, policy)


def test_without_message_types_support_is_unknown(opened: Any) -> None:
    build = RegisterBuilder()
    build.owner("Ejer", location_number=True, provider_number="990001", cvr_number="99000017")
    build.without_message_types()
    register = build.build()
    assert_agrees(register, opened(register, ask=["DIS91"]), ("DIS91",))
    alone = opened(register, ask="dis91")
    assert [row["message_type"] for row in alone.execute("SELECT message_type FROM message_type")] == ["DIS91"]
    assert opened(register).execute("SELECT count(*) FROM message_type").fetchone()[0] == 0


def test_where_no_type_is_named_every_registered_one_is_answered_in_each_of_its_spellings(opened: Any) -> None:
    database = opened(SAMPLE)
    spellings = dict(tuple(row) for row in database.execute("SELECT spelling, message_type FROM spelling"))
    registered = {one.message_type for unit in SAMPLE if unit.location for one in unit.location.registrations}
    assert {one.text for one in registered} | {one.code for one in registered} == set(spellings.values())
    for spelling, text in spellings.items():
        assert (MessageType.parse(spelling), spelling) == (MessageType.parse(text), spelling)
    assert spellings["XD9134L"] == spellings["XDIS91 (XD9134L)"] == "XDIS91 XD9134L"
    types = ("xdis91:xd9134l", "XD9134L", "urn:dk:healthcare:medcom:messaging:edifact:meddis:dis91:d9134l", "DIS91")
    assert_agrees(SAMPLE, database, types)


def test_who_receives_is_what_find_gives(opened: Any) -> None:
    register = nation(600, 9)
    database = opened(register, ask=ASKED)
    for asked in ASKED[:-1]:
        rows = database.execute("SELECT location_number, outcome FROM who_receives WHERE spelling = ?", (asked,))
        assert sorted(map(tuple, rows)) == sorted(
            (one.location_number, str(one.verdict.outcome))
            for one in register.find(message_type=asked)
            if one.verdict is not None
        )


def test_every_candidate_is_there_with_what_is_said_of_it(opened: Any) -> None:
    for register in (nation(200, 11), SAMPLE):
        database = opened(register)
        for text in (*register.by_provider_number, *register.by_location_number, *register.by_shak_code):
            found = database.execute(
                "SELECT sor_code, location_number, usable, findings FROM who_is WHERE identifier = ? AND kind = 'any' ORDER BY place",
                (text,),
            )
            assert [tuple(row) for row in found] == [
                (one.sor_code, one.location_number, one.usable, " ".join(each.code for each in one.findings))
                for one in register.resolve(text).candidates
            ]
        for text, units in register.by_cvr_number.items():
            rows = database.execute(
                "SELECT sor_code FROM who_is WHERE identifier = ? AND kind = 'cvr_number'", (text,)
            ).fetchall()
            assert [row[0] for row in rows] == [unit.sor_code for unit in units]


def test_reasons_have_words(opened: Any) -> None:
    database = opened(SAMPLE, ask=["XREF15"])
    number = next(
        number
        for number in SAMPLE.by_location_number
        if "message-type-unsupported" in {one.code for one in SAMPLE.validate(number, "XREF15").findings}
    )
    rows = database.execute(
        "SELECT code, severity, da, en FROM why WHERE identifier = ? AND kind = 'any' AND spelling = 'XREF15'",
        (number,),
    ).fetchall()
    expected = SAMPLE.validate(number, "XREF15").findings
    assert sorted(map(tuple, rows)) == sorted(
        {(one.code, str(one.severity), one.title("da"), one.title("en")) for one in expected}
    )


@pytest.mark.parametrize("raised", [{}, {"severities": {"registrations-not-historical": "error"}}])
def test_a_day_before_the_registrations_is_told(opened: Any, raised: dict[str, Any]) -> None:
    before, policy = SAMPLE.snapshot_date - dt.timedelta(1), AddressingPolicy(**raised)
    database = opened(SAMPLE, ask=ASKED, on=before, policy=policy)
    assert_agrees(SAMPLE, database, ASKED, policy, before)
    told = database.execute("SELECT DISTINCT deliverable FROM deliverable WHERE reasons LIKE '%not-historical'")
    assert sorted(row[0] for row in told) == ([0] if raised else [0, 1])


def test_a_cvr_number_that_another_unit_has_as_its_provider_number_has_no_recipient(opened: Any) -> None:
    build = RegisterBuilder()
    build.owner("Ejer", location_number=True, cvr_number="99000017")
    other = build.owner("Yder", location_number=True, provider_number="99000017")
    database = opened(build.build(), ask=["DIS91"])
    rows = database.execute("SELECT kind, status, sor_code FROM identifier WHERE identifier = '99000017'")
    assert {row["kind"]: (row["status"], row["sor_code"]) for row in rows} == {
        "cvr_number": ("unknown", None),
        "provider_number": ("resolved", other),
        "any": ("resolved", other),
    }


def test_capitals_do_not_matter_in_danish_letters_either(opened: Any) -> None:
    build = RegisterBuilder()
    build.owner("Ejer", location_number=True, shak_code="99ÅB")
    register = build.build()
    assert_agrees(register, opened(register, ask=["DIS91"]), ("DIS91",))


@pytest.mark.parametrize(
    "asked",
    [
        "SELECT * FROM may_send WHERE identifier = '990001' AND kind = 'any' AND spelling = 'DIS91'",
        "SELECT * FROM who_is WHERE identifier = '990001' AND kind = 'any' ORDER BY place",
        "SELECT * FROM identifier WHERE identifier = '990001' AND kind = 'any'",
        "SELECT * FROM deliverable WHERE location_number = '5790999000314' AND message_type = 'DIS91'",
        "SELECT * FROM deliverable WHERE address = 1 AND message_type = 'DIS91'",
    ],
)
def test_a_question_is_a_look_up(opened: Any, asked: str) -> None:
    plan = opened(SAMPLE).execute("EXPLAIN QUERY PLAN " + asked).fetchall()
    assert not [row["detail"] for row in plan if row["detail"].startswith("SCAN")]


def test_only_sqlite_is_asked_for_types_and_a_blank_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="only sqlite answers for message types, and this is csv"):
        export(SAMPLE, "all-addresses", tmp_path / "x.csv", ask=["DIS91"])
    with pytest.raises(MalformedMessageType):
        export(SAMPLE, "all-addresses", tmp_path / "x.sqlite", ask=["DIS91", " "])
    assert list(tmp_path.iterdir()) == []


def test_whom_a_message_type_narrows_an_identifier_to_is_answered(opened: Any) -> None:
    build = RegisterBuilder()
    first, other = (build.owner(name, location_number=True, provider_number="009901") for name in ("A", "B"))
    build.registers(first, "DIS91", receive=True)
    build.registers(other, "XREF15", receive=True)
    database = opened(
        build.build(), ask=["DIS91", "XREF15", "RPT01"], policy=AddressingPolicy(narrow_by_message_type=True)
    )
    found = "SELECT spelling, sor_code, deliverable FROM may_send WHERE identifier = '9901' AND kind = 'any' AND spelling = ?"
    rows = [tuple(database.execute(found, (one,)).fetchone()) for one in ("DIS91", "XREF15", "RPT01")]
    assert rows == [("DIS91", first, 1), ("XREF15", other, 1), ("RPT01", None, 0)]


RANDOM_TYPES = ("XDIS91 XD9134L", "DIS91", "FDIS91", "R0130K", "CTL03", "zzz 99")


@settings(max_examples=12, deadline=None)
@given(trees(), registrations(), st.sampled_from(sorted(POLICIES)), st.sampled_from([None, -31, 1, 400]))
def test_random_registers_are_answered_as_by_the_library(
    units: list[UnitRecord], registered: list[RegistrationRecord] | None, named: str, days: int | None
) -> None:
    policy, register = POLICIES[named], register_of(units, registered)
    on = None if days is None else SNAPSHOT + dt.timedelta(days)
    with TemporaryDirectory() as folder:
        path = Path(folder, "x.sqlite")
        export(register, "all-addresses", path, ask=RANDOM_TYPES, policy=policy, on=on)
        with closing(sqlite3.connect(path)) as database:
            database.row_factory = sqlite3.Row
            assert_agrees(register, database, RANDOM_TYPES, policy, on)


@pytest.mark.national
def test_every_pair_of_a_whole_nation(opened: Any) -> None:
    made = made_up_nation(90_000, seed=2)
    register = Register.from_records(made.units, made.registrations, snapshot_date=made.snapshot_date)
    assert assert_agrees(register, opened(register, ask=ASKED[:3]), ASKED[:3]) > 900_000
