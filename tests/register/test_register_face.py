"""The face of the library: what a register says of itself, and how each question reaches its answer."""

from __future__ import annotations

import datetime as dt
import inspect
import json
import subprocess
import sys

import pytest

import sor_addressing
from sor_addressing import AddressingPolicy, Direction, LoadReport, Outcome, Register, Unit, UnitKind
from sor_addressing._lazy import listing_of
from sor_addressing.messages.catalogue import catalogue
from sor_addressing.model import LocationRecord, RegistrationRecord, UnitRecord
from sor_addressing.testing import RegisterBuilder, sample_questions
from sor_addressing.testing.numbers import location_number, sor_code

DAY = dt.date(2026, 1, 15)


@pytest.fixture(scope="module")
def register() -> Register:
    build = RegisterBuilder(DAY)
    owner = build.owner("Ejer", location_number=True)
    practice = build.institution(owner, "Praksis", location_number=True, provider_number="990001", shak_code="9901")
    build.registers(owner, "FDIS91", "XDIS91", receive=True)
    build.registers(practice, "XDIS91", "XCTL02", "XCTL03", send=True, receive=True)
    build.registers(practice, "PRØVE", send=True, receive=False)
    return build.build()


def test_a_register_says_what_it_is(register):
    assert repr(register) == "<Register of 2026-01-15: 2 units>"
    assert (len(register), register.snapshot_date, register.age_days) == (2, DAY, 0)
    assert register.has_message_types
    assert isinstance(register.load_report, LoadReport)
    units = list(register)
    assert [unit.name for unit in units] == ["Ejer", "Praksis"]
    assert all(type(unit) is Unit for unit in units)
    assert units == list(register)


def test_a_register_of_no_message_types_knows_that():
    record = UnitRecord(sor_code(1), UnitKind.INSTITUTION_OWNER)
    assert not Register.from_records([record], snapshot_date=DAY).has_message_types
    assert Register.from_records([record], [], snapshot_date=DAY).has_message_types


@pytest.mark.parametrize(("today", "age"), [(DAY, 0), (dt.date(2026, 3, 1), 45), (dt.date(2026, 1, 14), -1)])
def test_the_age_is_days_from_the_snapshot_to_the_clocks_today(today, age):
    register = Register.from_records([], snapshot_date=DAY, clock=lambda: today)
    assert register.age_days == age


def test_records_at_hand_come_from_anything_that_can_be_iterated():
    units = (UnitRecord(sor_code(n), UnitKind.INSTITUTION_OWNER) for n in range(3))
    registrations = (RegistrationRecord(location_number(n), "XDIS91") for n in range(2))
    register = Register.from_records(units, registrations, snapshot_date=DAY)
    assert (len(register), register.load_report.counts["registrations"]) == (3, 2)


def test_the_sample_stands_still_on_its_own_day_and_is_whole():
    register = Register.sample()
    assert (register.snapshot_date, register.age_days, register.has_message_types) == (DAY, 0, True)
    counts = register.load_report.counts
    assert counts["units"] == len(register) > 20
    assert counts["registrations"] > 20
    assert [source.content for source in register.load_report.sources] == ["Sor.xml", "Edityper.csv"]
    assert {source.day for source in register.load_report.sources} == {DAY}
    for question in sample_questions():
        assert register.validate(question.identifier, question.message_type).resolution.on == DAY


def test_loading_nothing_is_refused():
    with pytest.raises(
        TypeError, match=r"^give at least one source: a path to Sor\.xml, a folder, bytes or an open file$"
    ):
        Register.load()


def test_the_identifiers_kind_can_be_named(register):
    _, practice = register
    for kinds, named in [
        ({"identifier": "990001"}, "provider_number"),
        ({"provider_number": "990001"}, "provider_number"),
        ({"shak_code": "9901"}, "shak_code"),
        ({"sor_code": practice.sor_code}, "sor_code"),
        ({"location_number": practice.location.number}, "location_number"),
    ]:
        resolution = register.resolve(**kinds)
        assert (resolution.status, resolution.recipient.unit, resolution.kinds) == ("resolved", practice, (named,))
    assert register.resolve(shak_code="990001").status == "unknown"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({}, "give one identifier to resolve, not 0"),
        ({"identifier": "990001", "shak_code": "9901"}, "give one identifier to resolve, not 2"),
        ({"sor_code": "", "location_number": "", "provider_number": ""}, "give one identifier to resolve, not 3"),
        ({"provider_number": 990001}, "an identifier is text, for leading zeros count; this is int"),
        ({"identifier": b"990001"}, "an identifier is text, for leading zeros count; this is bytes"),
        ({"identifier": ["990001"]}, "an identifier is text, for leading zeros count; this is list"),
    ],
)
def test_none_several_or_no_text_are_errors_of_the_caller(register, arguments, error):
    with pytest.raises(TypeError, match=f"^{error}$"):
        register.resolve(**arguments)


def test_resolving_takes_a_day_a_policy_and_a_message_type(register):
    policy = AddressingPolicy(closing_notice_days=5)
    resolution = register.resolve("990001", on=dt.date(2020, 1, 1), policy=policy, message_type="xdis91")
    assert (resolution.on, resolution._question.policy) == (dt.date(2020, 1, 1), policy)
    assert resolution.message_type == catalogue().parse("XDIS91")
    assert register.resolve("990001").on == DAY
    assert [candidate.outcome for candidate in resolution.candidates] == [Outcome.SUPPORTED]


def test_a_verdict_is_about_a_day_and_a_direction(register):
    verdict = register.validate("990001", "PRØVE", on=dt.date(2026, 1, 14), direction="send")
    assert (verdict.outcome, verdict.direction, verdict.resolution.on) == ("supported", "send", dt.date(2026, 1, 14))
    assert verdict.direction is Direction.SEND
    assert register.validate("990001", "PRØVE").outcome == "unsupported"
    assert register.validate("990001", "PRØVE", direction=Direction.SEND).outcome == "supported"


@pytest.mark.parametrize("recipient", [990001, b"990001", ["990001"], ("990001",)])
def test_a_recipient_that_is_none_is_an_error_of_the_caller(register, recipient):
    with pytest.raises(TypeError, match=f"^a recipient is an identifier as text, .* not {type(recipient).__name__}$"):
        register.validate(recipient, "XDIS91")


@pytest.mark.parametrize("direction", ["", "both", "Receive", None])
def test_a_direction_that_is_neither_is_refused(register, direction):
    with pytest.raises(ValueError, match="is not a valid Direction"):
        register.validate("990001", "XDIS91", direction=direction)
    with pytest.raises(ValueError, match="is not a valid Direction"):
        next(register.validate_many([("990001", "XDIS91")], direction=direction))


@pytest.mark.parametrize("blank", ["", "  ", "\u200b"])
def test_a_blank_message_type_is_a_finding(register, blank):
    verdict = register.validate("990001", blank)
    assert (verdict.outcome, verdict.deliverable, verdict.reason.code) == (
        "not_resolved",
        False,
        "message-type-missing",
    )
    with pytest.raises(ValueError, match="There is no message type"):
        verdict.require()


@pytest.mark.parametrize(
    ("message_types", "chosen", "outcome"),
    [
        (["XDIS91"], "XDIS91", "supported"),
        (["DIS91", "XDIS91"], "XDIS91", "supported"),
        (["FDIS91", "DIS91"], "FDIS91", "converted"),
        (["XREF01", "FDIS91", "DIS91"], "FDIS91", "converted"),
        (["FDIS91", "DIS91", "XDIS91", "XCTL02"], "XDIS91", "supported"),
        (["XREF01", "XDIS16"], "XREF01", "unsupported"),
        (["PRØVE"], "PRØVE", "unsupported"),
        (("XREF01", catalogue().parse("XDIS91")), "XDIS91", "supported"),
    ],
)
def test_the_first_supported_is_chosen_else_the_first_converted_else_the_first(
    register, message_types, chosen, outcome
):
    verdict = register.choose("990001", message_types)
    assert (verdict.message_type.text, verdict.outcome) == (chosen, outcome)
    assert verdict == register.validate("990001", chosen)
    assert register.choose("990001", iter(message_types)) == verdict


def test_choosing_takes_day_and_policy(register):
    policy, day = AddressingPolicy(conversion_model="none"), dt.date(2026, 1, 20)
    verdict = register.choose("990001", ["DIS91", "FDIS91"], on=day, policy=policy)
    assert verdict == register.validate("990001", "DIS91", on=day, policy=policy)
    assert verdict.outcome == "unsupported"


def test_choosing_for_nobody_gives_the_first():
    assert Register.sample().choose("no such thing", ["FDIS91", "XDIS91"]).message_type.text == "FDIS91"


def test_choosing_from_nothing_or_from_one_text_is_refused(register):
    with pytest.raises(ValueError, match=r"^give at least one message type to choose from$"):
        register.choose("990001", [])
    with pytest.raises(TypeError, match=r"^give the message types as a list, not one text: \['XDIS91'\]$"):
        register.choose("990001", "XDIS91")


def test_questions_change_nothing():
    register = Register.sample()

    def everything() -> str:
        columns = register._index.columns
        parts = {name: bytes(getattr(columns, name)).hex() for name in type(columns).__slots__ if name[0] != "_"}
        units = [unit.to_dict() for unit in register]
        return json.dumps([parts, units, register.load_report.to_dict()])

    before = everything()
    for unit in register:
        for identifier in (unit.sor_code, unit.provider_number, unit.shak_code, unit, "5790", "???"):
            if identifier is not None:
                for message_type in ("XDIS91", "DIS91", "PRØVE 1"):
                    verdict = register.validate(identifier, message_type, policy=AddressingPolicy.lenient())
                    verdict.to_dict(), verdict.explain("da"), verdict.alternatives, verdict.receipts
    assert everything() == before
    with pytest.raises(AttributeError):
        register.nickname = "?"


def test_every_public_name_can_be_imported_from_the_top_and_has_one_home():
    public = set(sor_addressing.__all__)
    assert list(sor_addressing.__all__) == sorted(sor_addressing.__all__)
    homes, _ = listing_of(sor_addressing)
    assert public == set(homes)
    for name in public - {"__version__"}:
        value = getattr(sor_addressing, name)
        assert inspect.isclass(value) or inspect.isfunction(value)
        assert value.__module__ == homes[name]
        assert value.__name__ == name
    assert set(dir(sor_addressing)) >= public | {"__version__", "__doc__"}
    assert dir(sor_addressing) == sorted(dir(sor_addressing))


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match=r"^module 'sor_addressing' has no attribute 'Registre'$"):
        sor_addressing.Registre  # noqa: B018 (the attribute is what is tried)
    with pytest.raises(ImportError):
        from sor_addressing import Registre  # noqa: F401


def test_names_are_imported_when_first_used():
    program = """if True:
        import sys
        import sor_addressing
        def loaded(): return sorted(name for name in sys.modules if name.startswith("sor_addressing."))
        print(loaded())
        sor_addressing.SorAddressingError
        print(loaded(), "SorAddressingError" in vars(sor_addressing), "Register" in vars(sor_addressing))
        from sor_addressing import *
        print(Register.__name__, __version__ == sor_addressing.__version__)
    """
    ended = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines() == [
        "['sor_addressing._lazy']",
        "['sor_addressing._lazy', 'sor_addressing.errors'] True False",
        "Register True",
    ]


def test_asking_a_register_at_hand_imports_no_parser():
    program = """if True:
        import datetime, sys
        from sor_addressing import Register, UnitKind
        from sor_addressing.model import UnitRecord
        record = UnitRecord("1", UnitKind.INSTITUTION_OWNER)
        register = Register.from_records([record], [], snapshot_date=datetime.date(2026, 1, 15))
        print(register.validate("1", "XDIS91").outcome)
        print(sorted({"rapidfuzz", "click", "httpx", "pyarrow"} & set(sys.modules)))
    """
    ended = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines() == ["not_resolved", "[]"]


def test_a_new_process_that_answers_imports_next_to_nothing(tmp_path):
    Register.sample().save(tmp_path / "register.compiled")
    program = """if True:
        import datetime, sys
        from sor_addressing import Register
        register = Register.open(sys.argv[1], clock=lambda: datetime.date(2026, 1, 15))
        print([register.validate(number, "XDIS91").outcome.value for number in ("5790999000314", "990001", "5790999000000")])
        print(sorted({"attr", "csv", "inspect", "lxml", "rapidfuzz", "tomllib", "zoneinfo"} & set(sys.modules)))
    """
    command = [sys.executable, "-W", "error", "-c", program, str(tmp_path / "register.compiled")]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines() == ["['converted', 'converted', 'not_resolved']", "[]"]


def test_a_day_that_is_no_date_is_named_as_such():
    register = Register.sample()
    for ask in (
        lambda: register.resolve("990001", on="2026-01-15"),
        lambda: register.validate("990001", "DIS91", on="2026-01-15"),
        lambda: register.find(on="2026-01-15"),
        lambda: register.search("klinik", on="2026-01-15"),
        lambda: list(register.validate_many([("990001", "DIS91")], on="2026-01-15")),
    ):
        with pytest.raises(TypeError, match=r"^on= is a date such as datetime\.date\(2026, 1, 15\), not '2026-01-15'$"):
            ask()


def test_half_characters_in_records_are_marked_not_raised(tmp_path):
    location = LocationRecord("5790999000015", note="a\udc80", system="\udc81")
    unit = UnitRecord("9000001000016009", UnitKind("OE"), name="Afsnit \udc80", location=location)
    register = Register.from_records(
        [unit], [RegistrationRecord("5790999000015", "X\udc80", None, True)], snapshot_date=dt.date(2026, 1, 15)
    )
    register.save(tmp_path / "a.sor")
    opened = Register.open(tmp_path / "a.sor")
    assert next(iter(opened)).name == "Afsnit \ufffd"
    assert opened.resolve("5790999000015").to_dict()["recipient"]["name"] == "Afsnit \ufffd"
