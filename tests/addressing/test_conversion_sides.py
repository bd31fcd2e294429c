"""Conversion with both sides and time: who sends, on which day, what the sender writes by itself, and which of several types to send."""

from __future__ import annotations

import datetime as dt

import pytest

from sor_addressing import AddressingPolicy, Register
from sor_addressing.errors import PolicyError
from sor_addressing.messages import ConversionModel, ConversionRow
from sor_addressing.testing import register_of

DAY = dt.date(2026, 1, 15)
SENDER = {"sender_scope": "region", "sender_scope_value": "1081"}
MODEL = ConversionModel(
    "sides",
    [
        ConversionRow("*", "XML", "EDI", "receiver"),
        ConversionRow("*", "XML", "EDI", "receiver-operator", **SENDER),
        ConversionRow("*", "EDI", "XML", "receiver", to_date=DAY + dt.timedelta(90)),
    ],
)
POLICY = AddressingPolicy(conversion_model=MODEL)


@pytest.fixture(scope="module")
def register() -> Register:
    return register_of(
        {
            "Edi": {"provider_number": "990077", "registers": ["DIS91 D9134L", "CTL02", "CTL03"]},
            "Xml": {"provider_number": "990078", "registers": ["XDIS91 XD9134L", "XCTL02", "XCTL03"]},
            "Both": {"provider_number": "990079", "registers": ["DIS91 D9134L", "XDIS91 XD9134L"]},
            "Nord": {"provider_number": "990080", "location": {"region_code": "1081"}, "location_number": True},
        }
    )


def number_of(register: Register, provider_number: str) -> str:
    return register.resolve(provider_number).unwrap().location_number or ""


def who(register: Register, **asked: object) -> str:
    conversion = register.validate("990077", "XDIS91", policy=POLICY, **asked).conversion  # type: ignore[arg-type]
    assert conversion is not None
    return str(conversion.by)


def test_the_sender_chooses_the_row_by_its_number_or_by_what_is_known_of_it(register: Register) -> None:
    assert who(register) == "receiver"
    assert who(register, sender=number_of(register, "990080")) == "receiver-operator"
    assert who(register, sender=number_of(register, "990078")) == "receiver"
    assert who(register, sender={"region": "1081"}) == "receiver-operator"
    # What is given goes before what the register knows, and a number that nobody has is one all the same.
    assert who(register, sender={"region": "1082", "location_number": number_of(register, "990080")}) == "receiver"
    assert who(register, sender="5790999099998") == "receiver"


def test_the_sender_of_the_policy_is_asked_where_none_is_given(register: Register) -> None:
    policy = POLICY.but(sender={"region": "Nordjylland"})
    by = register.validate("990077", "XDIS91", policy=policy).conversion
    assert by is not None
    assert by.by == "receiver-operator"
    other = register.validate("990077", "XDIS91", policy=policy, sender={"region": "1082"}).conversion
    assert other is not None
    assert other.by == "receiver"


def test_many_and_one_agree_on_the_sender(register: Register) -> None:
    sender = number_of(register, "990080")
    (many,) = register.validate_many([("990077", "XDIS91")], policy=POLICY, sender=sender)
    assert many == register.validate("990077", "XDIS91", policy=POLICY, sender=sender)


def test_a_sender_that_is_none_is_an_error_whatever_the_model_asks(register: Register) -> None:
    with pytest.raises(PolicyError, match="sender is 'me': expected a location number of 13 digits"):
        register.validate("990077", "XDIS91", sender="me")


@pytest.mark.parametrize(
    ("day", "outcome", "ends"), [(0, "converted", True), (-1, "converted", False), (91, "unsupported", False)]
)
def test_a_conversion_that_ends_is_told_of_in_time(register: Register, day: int, outcome: str, ends: bool) -> None:
    verdict = register.validate("990078", "DIS91", on=DAY + dt.timedelta(day), policy=POLICY)
    assert verdict.outcome == outcome
    told = [finding for finding in verdict.findings if finding.code == "conversion-ends"]
    assert bool(told) is ends
    if told:
        assert told[0].details["date"] == "2026-04-15"
        assert "After that nobody converts" in told[0].text()
        assert verdict.deliverable


def test_who_converts_after_the_end_is_said(register: Register) -> None:
    after = ConversionRow("*", "EDI", "XML", "sender-operator", from_date=DAY + dt.timedelta(91))
    policy = AddressingPolicy(
        conversion_model=ConversionModel("sides", [*MODEL.rows, after]), conversion_notice_days=90
    )
    (told,) = (f for f in register.validate("990078", "DIS91", policy=policy).findings if f.code == "conversion-ends")
    assert "After that the sender's net operator converts" in told.text("en")


@pytest.mark.parametrize(
    ("provider", "asked", "native", "possible"),
    [
        ("990079", "XDIS91", "EDI", True),
        ("990079", "DIS91", "EDI", False),
        ("990079", "XDIS91", "FHIR", False),
        ("990079", "XDIS91", None, False),
        ("990077", "XDIS91", "EDI", True),
        ("990078", "XDIS91", "EDI", False),
    ],
)
def test_a_letter_in_another_format_than_the_senders_own_is_told_of(
    register: Register, provider: str, asked: str, native: str | None, possible: bool
) -> None:
    verdict = register.validate(provider, asked, policy=AddressingPolicy(native_format=native))  # type: ignore[arg-type]
    assert ("native-format-possible" in {finding.code for finding in verdict.findings}) is possible


@pytest.mark.parametrize(
    ("provider", "types", "native", "chosen", "because"),
    [
        ("990079", ["XDIS91", "DIS91"], None, "XDIS91", "no-conversion"),
        ("990079", ["XDIS91", "DIS91"], "EDI", "DIS91", "native-format"),
        ("990079", ["XDIS91", "DIS91"], "FHIR", "XDIS91", "no-conversion"),
        ("990077", ["XDIS91", "DIS91"], "XML", "DIS91", "no-conversion"),
        ("990077", ["XDIS91", "FDIS91"], None, "FDIS91", "others-convert"),
        ("990077", ["XDIS91", "FDIS91"], "XML", "FDIS91", "others-convert"),
        ("990077", ["XDIS91"], None, "XDIS91", "sender-converts"),
        ("990077", ["XREF01", "REF01"], "EDI", "XREF01", "nothing-fits"),
    ],
)
def test_what_needs_no_conversion_is_chosen_then_the_native_format_then_what_the_model_allows(
    register: Register, provider: str, types: list[str], native: str | None, chosen: str, because: str
) -> None:
    policy = AddressingPolicy(native_format=native)  # type: ignore[arg-type]
    verdict = register.choose(provider, types, policy=policy)
    assert (verdict.message_type.text, verdict.chosen_because) == (chosen, because)
    assert verdict == register.validate(provider, chosen, policy=policy)
    assert verdict.to_dict()["chosen_because"] == because
    assert "Valgt" in verdict.explain("da") or because == "nothing-fits"


def test_a_verdict_that_nobody_chose_says_nothing_of_it(register: Register) -> None:
    verdict = register.validate("990077", "DIS91")
    assert verdict.chosen_because is None
    assert "chosen_because" not in verdict.to_dict()


def test_a_policy_file_names_the_sender_and_the_native_format(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "policy.toml"
    path.write_text('native_format = "XML"\nconversion_notice_days = 5\n[sender]\nregion = "1082"\n', "utf-8")
    policy = AddressingPolicy.load(path)
    assert (policy.native_format, policy.conversion_notice_days) == ("XML", 5)
    assert policy.sender == AddressingPolicy(sender={"region": "1082"}).sender
    path.write_text('sender = "5790999000017"\n', "utf-8")
    assert AddressingPolicy.load(path).to_dict()["sender"] == {"location_number": "5790999000017"}
    for text, message in (
        ("sender = 5\n", "sender is 5"),
        ('[sender]\nward = "1"\n', "sender names ward"),
        ('native_format = "PDF"\n', "native_format is 'PDF': use one of EDI, XML, FHIR"),
    ):
        path.write_text(text, "utf-8")
        with pytest.raises(PolicyError, match=message) as refused:
            AddressingPolicy.load(path)
        assert str(path) in str(refused.value)


def test_a_model_says_what_it_means_in_sentences() -> None:
    rows = [*MODEL.rows, ConversionRow("DIS91", "XML", "EDI", "nobody", "system", "9101", from_date=DAY)]
    told = ConversionModel("sides", rows).explain("en").splitlines()
    assert told[0] == "The model sides has 4 rules."
    assert told[2] == (
        "Every sort of letter: XML to EDI is converted by the receiver's net operator, where the sender is in region 1081."
    )
    assert told[3] == "Every sort of letter: EDI to XML is converted by the receiver, until 2026-04-15 inclusive."
    assert told[4].endswith(
        ": XML to EDI is not converted, where the receiver uses the system 9101, from 2026-01-15 on."
    )
    assert told[5].startswith("No rule holds for everybody between EDI → XML, EDI → FHIR")
    assert ConversionModel("sides", rows).explain("da").splitlines()[0] == "Modellen sides har 4 regler."
