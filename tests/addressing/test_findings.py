"""Findings: one question for each code, and texts in both languages that say who, what and when."""

from __future__ import annotations

import datetime as dt
import io
import json

import pytest

from sor_addressing import AddressingPolicy, Finding, Register, Severity, Verdict
from sor_addressing.addressing.findings import _DETAILS
from sor_addressing.addressing.severities import BOOK_CODES, DEFAULT_SEVERITIES, LETTER_CODES
from sor_addressing.messages import ConversionModel, ConversionRow
from sor_addressing.testing import (
    MadeUpDeliveries,
    RegisterBuilder,
    register_of,
    sample_extract,
    write_shak,
    write_sor_entity,
)
from sor_addressing.testing.numbers import sor_code
from sor_addressing.testing.sample import sample_questions

DAY = dt.date(2026, 1, 15)


@pytest.fixture(scope="module")
def register() -> Register:
    return sample_extract().to_register()


def two_addresses() -> Register:
    build = RegisterBuilder(DAY)
    for name, message_type in (("A", "DIS91 D9134L"), ("B", "REF01 H0131R")):
        unit = build.owner(name, location_number=True, provider_number="990001")
        build.registers(unit, message_type)
    return build.build()


def of_tables() -> tuple[Register, str]:
    """A register of files that can't say everything, and a SHAK code that is not in use any more; a unit with it is in force."""
    build = RegisterBuilder(DAY)
    build.institution(build.owner("Ejer"), "Klinikken", location_number=True, shak_code="9901")
    gone = RegisterBuilder(DAY)
    gone.institution(gone.owner("Ejer"), "Klinikken", shak_code="9901", to_date=DAY - dt.timedelta(days=9))
    units, shak = io.BytesIO(), io.BytesIO()
    write_sor_entity(build.extract(), units, header={"location_source": None})
    write_shak(gone.extract(), shak)
    register = Register.load(units.getvalue(), shak.getvalue(), snapshot_date=DAY, clock=lambda: DAY)
    return register, "9901"


def of_odd_numbers() -> list[Verdict]:
    """What rows of a table say of numbers: unreadable, no GLN, another one than the tree tells; and a unit above that was left out."""
    build = RegisterBuilder(DAY)
    owner = build.owner("Ejer", location_number=True)
    other = build.owner("Anden ejer", location_number="5790999000010")
    gone = build.institution(owner, "Lukket", inherits=True, to_date=DAY - dt.timedelta(1))
    below = build.unit(gone, "Under lukket", inherits=True)
    extract = build.extract()
    differs = build.unit(build.institution(owner, "Hus", inherits=True), "Viser et andet", inherits=True)
    shows = build.extract()
    shows.unit("Viser et andet").inherited_number = "5790999000010"
    shows.unit("Ejer").location.state_unreadable = True
    register = shows.to_register()
    file = io.BytesIO()
    write_sor_entity(extract, file)
    daily = Register.load(file.getvalue(), snapshot_date=DAY, clock=lambda: DAY)
    return [
        daily.validate(below, "DIS91"),
        *(register.validate(code, "DIS91") for code in (owner, other, differs)),
    ]


def asked(register: Register) -> list[Verdict]:
    """The sample's own questions, and those that files alone can't bring about."""
    verdicts = [register.validate(question.identifier, question.message_type) for question in sample_questions()]
    first = sample_questions()[0].identifier
    none = AddressingPolicy(conversion_model="none")
    ending = ConversionModel("ends", [ConversionRow("*", "XML", "EDI", "receiver", to_date=DAY)])
    narrow = AddressingPolicy(narrow_by_message_type=True)
    old = sample_extract().to_register(clock=lambda: DAY + dt.timedelta(days=5))
    ahead = sample_extract().to_register(clock=lambda: DAY - dt.timedelta(days=5))
    extract = sample_extract()
    extract.has_message_types = False
    undirected = sample_extract()
    for registration in undirected.registrations:
        registration.may_send = registration.may_receive = None
    tables, retired = of_tables()
    both = register_of(Klinikken={"provider_number": "990077", "registers": "XDIS91", "registers_in_eer": "FDIS91 5.0"})
    ceased = next(unit.sor_code for unit in extract.units if "Ophørt" in unit.name)
    return [
        *verdicts,
        register.validate(first, "XDIS91", policy=none),
        register.validate(first, "XDIS91", policy=AddressingPolicy(native_format="EDI", conversion_model=ending)),
        old.validate(first, "DIS91"),
        ahead.validate(first, "DIS91"),
        register.validate(first, "DIS91", on=DAY - dt.timedelta(days=9)),
        extract.to_register().validate(first, "DIS91"),
        undirected.to_register().validate(first, "DIS91", direction="send"),
        two_addresses().validate("990001", "DIS91", policy=narrow),
        register.validate(ceased, "DIS91"),
        tables.validate(retired, "DIS91"),
        tables.validate(sor_code(900), "DIS91"),
        *of_odd_numbers(),
        register.validate("", "DIS91"),
        register.validate("5,79E+12", "DIS91"),
        register.validate(first, ""),
        *register.validate_many([(1, "DIS91"), (first, 1)]),  # type: ignore[list-item]
        register.validate("990001", "DIS91", deliveries=MadeUpDeliveries(refused="LOK")),
        register.validate("990001", "DIS91", deliveries=MadeUpDeliveries(overdue=True)),
        both.validate("990077", "FDIS91"),
    ]


def test_every_code_can_come_about_but_those_of_letters(register: Register) -> None:
    verdicts = asked(register)
    found = {finding.code for verdict in verdicts for finding in verdict.findings}
    found |= {f.code for v in verdicts for c in v.resolution.candidates for f in c.findings}
    assert set(DEFAULT_SEVERITIES) - found - LETTER_CODES - BOOK_CODES == set()


def test_every_finding_has_texts_without_a_gap_in_both_languages(register: Register) -> None:
    for verdict in asked(register):
        for finding in verdict.findings:
            for language in ("da", "en"):
                text = finding.text(language)
                assert "?" not in text, (finding.code, text)
                assert "{" not in text, (finding.code, text)
            assert finding.text("da") != finding.text("en")
            assert finding.text() == finding.text("en")


def test_every_finding_serialises(register: Register) -> None:
    for verdict in asked(register):
        assert json.loads(json.dumps(verdict.to_dict())) == verdict.to_dict()
        for finding in verdict.findings:
            assert set(finding.to_dict()) == {"code", "severity", "details", "text"}


def test_a_document_says_what_its_parts_say_and_shares_nothing_between_them(register: Register) -> None:
    """What is said of recipient, candidate and verdict is worked out once; who changes one of them changes no other, and nothing of the register."""

    def held(value: object) -> list[object]:
        below = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
        return [] if below is None else [value, *(one for part in below for one in held(part))]

    documents = []
    for question in sample_questions():
        verdict = register.validate(question.identifier, question.message_type, on=DAY)
        document, resolution = verdict.to_dict(), verdict.resolution
        told = document["resolution"]
        assert isinstance(told, dict)
        assert document["findings"] == [finding.to_dict() for finding in verdict.findings]
        assert told == resolution.to_dict()
        assert told["recipient"] == (resolution.recipient.to_dict() if resolution.recipient else None)
        assert told["candidates"] == [candidate.to_dict() for candidate in resolution.candidates]
        documents.append(document)
    parts = held(documents)
    assert len(parts) > 1_000
    assert len(set(map(id, parts))) == len(parts)


def test_every_code_knows_its_details_and_its_severity() -> None:
    assert set(_DETAILS) == set(DEFAULT_SEVERITIES) - LETTER_CODES - BOOK_CODES
    assert {str(severity) for severity in DEFAULT_SEVERITIES.values()} == {"error", "warning", "info"}


def test_findings_of_letters_are_worded_too() -> None:
    differs = Finding("envelope-differs", Severity.WARNING, {"envelope": "1", "letter": "2", "field": "id"})
    assert differs.text("en") == (
        "The envelope and the letter differ in id: 1 and 2. Check that this is meant (a copy, central visitation)."
    )
    unknown = Finding("identifiers-disagree", Severity.WARNING, {"variant": "unknown", "names": ("Huset", "Klinikken")})
    assert "Huset, Klinikken" in unknown.text("da")


def test_a_language_that_is_neither_is_refused() -> None:
    with pytest.raises(ValueError, match="use 'da' or 'en'"):
        Finding("unit-closed", Severity.ERROR).text("sv")


def test_findings_are_values() -> None:
    assert Finding("unit-closed", Severity.ERROR, {"a": 1}) == Finding("unit-closed", Severity.ERROR, {"a": 1})
    assert hash(Finding("unit-closed", Severity.ERROR, {"a": 1})) == hash(Finding("unit-closed", Severity.ERROR))


def test_all_questions_show_what_they_promise(register: Register) -> None:
    for question in sample_questions():
        verdict = register.validate(question.identifier, question.message_type)
        shown = {
            str(verdict.outcome),
            str(verdict.resolution.status),
            *(finding.code for finding in verdict.findings),
        }
        assert set(question.shows) <= shown, question
