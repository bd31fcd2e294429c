"""A type is the same type in every spelling that is published or seen, whether a catalogue has it or not."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sor_addressing import FilterError, Register
from sor_addressing.errors import MalformedMessageType
from sor_addressing.messages.catalogue import catalogue
from sor_addressing.model import RegistrationRecord
from sor_addressing.shipped import shipped_rows
from sor_addressing.testing import RegisterBuilder

parse = catalogue().parse

# From MedCom's lists and terminologies, the EHMI guides, and what systems wrote before; what says no version has none.
SPELLINGS = list(csv.DictReader((Path(__file__).parent / "type_spellings.csv").read_text("utf-8").splitlines()))


def test_the_package_has_the_whole_table() -> None:
    shipped = shipped_rows("sor_addressing.messages", "data", "type_spellings.csv")
    assert shipped == [list(row.values()) for row in SPELLINGS]
    assert len(shipped) == 397


def test_a_type_tells_its_official_spellings_and_each_is_read_as_it() -> None:
    told = 0
    for row in SPELLINGS:
        found = parse(f"{row['code']} {row['version']}".strip())
        official = not row["kind"].endswith(("-old", "-by-rule", "-seen"))
        assert (row["spelling"] in found.official_spellings.get(row["kind"], ())) is official
        told += official
    assert told > 300
    assert parse("FDIS91").official_spellings["event-code"] == ("care-communication-message",)
    assert parse("FDIS91 5.0").official_spellings["ehmi-urn"] == (parse("FDIS91 5.0").urn,)
    assert parse("FDIS91 9.9").official_spellings == parse("zzz").official_spellings == {}
    assert parse("FDIS91 9.9").urn is None


@pytest.mark.parametrize("row", SPELLINGS, ids=lambda row: f"{row['kind']} {row['spelling']}")
def test_every_spelling_that_is_published_is_read(row: dict[str, str]) -> None:
    for written in (row["spelling"], row["spelling"].upper(), f" {row['spelling']}\u200b"):
        found = parse(written)
        assert (found.code, found.version or "") == (row["code"], row["version"])
        assert found.family is not None


UNKNOWN = [
    "XABC01 XA0130M", "XABC01 (XA0130M)", "xabc01 (xa0130m)", "XABC01(XA0130M)", "[XABC01] XA0130M", "XABC01:XA0130M", "XABC01/XA0130M",
    "XABC01-XA0130M", "XABC01|XA0130M", "XABC01;XA0130M", "XABC01, XA0130M", "XABC01_XA0130M", "XA0130M XABC01", "XA0130M (XABC01)",
    "XA0130M:XABC01", "  XABC01\u00a0XA0130M ", "XABC01\u200b XA0130M",
    "urn:dk:healthcare:medcom:messaging:oioxml:schema:xsd:medabc:xabc01:xa0130m", "MCM:XABC01 XA0130M",
]  # fmt: skip


@pytest.mark.parametrize("registered", UNKNOWN)
@pytest.mark.parametrize("asked", [*UNKNOWN[:8], UNKNOWN[12], UNKNOWN[-2], "XABC01", "(xabc01)"])
def test_a_type_in_no_catalogue_is_supported_in_whichever_spelling_either_side_uses(
    registered: str, asked: str
) -> None:
    build = RegisterBuilder()
    unit = build.owner("Klinikken", location_number=True)
    build.registers(unit, registered)
    verdict = build.build().validate(unit, asked)
    assert (str(verdict.outcome), verdict.deliverable) == ("supported", True)
    assert "version-differs" not in [finding.code for finding in verdict.findings]


def test_another_version_of_a_type_in_no_catalogue_is_supported_and_told() -> None:
    build = RegisterBuilder()
    unit = build.owner("Klinikken", location_number=True)
    build.registers(unit, "XABC01 (XA0130M)")
    register = build.build()
    other = register.validate(unit, "XABC01 XA0131M")
    assert str(other.outcome) == "supported"
    assert "version-differs" in [finding.code for finding in other.findings]
    assert str(register.validate(unit, "XABC02 XA0130M").outcome) == "unsupported"
    assert [unit.sor_code for unit in register.find(message_type="xabc01")] == [unit]


@pytest.mark.parametrize("version", ["2.0", "2.0.0"])
@pytest.mark.parametrize("registered", ["FCTL 2.0", "FCTL 2.0.0", "Acknowledgement (2.0)"])
def test_two_numbers_and_three_are_one_fhir_version(registered: str, version: str) -> None:
    build = RegisterBuilder()
    unit = build.owner("Klinikken", location_number=True)
    build.registers(unit, registered)
    verdict = build.build().validate(unit, f"FCTL {version}")
    assert str(verdict.outcome) == "supported"
    assert {finding.code for finding in verdict.findings} & {"version-differs", "message-type-unknown"} == set()


code = st.from_regex(r"X?[A-Z]{3}[0-9]{2}", fullmatch=True)
version = st.from_regex(r"X?[A-Z][0-9]{4}[A-Z]", fullmatch=True)
forms = st.sampled_from(["{0} {1}", "{1} {0}", "{0} ({1})", "{1} ({0})", "{0}:{1}", "{0}/{1}", "{1}|{0}", "{0};{1}"])


@given(code, version, forms, forms)
def test_two_spellings_of_a_pair_are_one_type(code: str, version: str, one: str, other: str) -> None:
    first, second = parse(one.format(code, version)), parse(other.format(code.lower(), version.lower()))
    if first.known or first.family or second.family:
        return
    assert first == second or first.version is None


INVISIBLE = ["\u200b", "\u00ad", "\x7f", "\ufeff", "\u2060", "\x01", "\u200b \u00ad", "\ue000"]


@pytest.mark.parametrize("text", INVISIBLE)
def test_a_type_that_nobody_can_see_is_missing_and_stops_nothing(text: str) -> None:
    rows = f"Lokationsnummer;EDI-type\n5790999000017;{text}\n5790999000017;XDIS91\n".encode()
    sample = Path(__file__).parents[2] / "src" / "sor_addressing" / "sample"
    register = Register.load(sample / "Sor.xml", message_types=rows)
    assert [(one.code, one.line) for one in register.load_report.problems if one.code == "message-type-missing"] == [
        ("message-type-missing", 2)
    ]
    assert str(register.validate("5790999000017", "XDIS91").outcome) == "supported"
    assert catalogue().read(text) is None
    with pytest.raises(FilterError, match="message_type is"):
        register.find(message_type=text)
    with pytest.raises(MalformedMessageType):
        catalogue().parse(text)
    assert register.validate("5790999000017", text).reason.code == "message-type-missing"
    with pytest.raises(MalformedMessageType):
        Register.from_records([], [RegistrationRecord("5790999000017", text)], snapshot_date=register.snapshot_date)
