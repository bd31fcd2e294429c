from __future__ import annotations

import pytest

from sor_addressing.messages.catalogue import MessageFormat, MessageType, catalogue
from sor_addressing.messages.evidence import ConversionEvidence, conversion_evidence, cross_family_conversions
from sor_addressing.shipped import shipped_rows

parse = catalogue().parse
EDI, XML, FHIR = MessageFormat


LOST = (
    "attachments beyond ten or of other than six kinds; titles of attachments; what is answered or forwarded; "
    "subject beyond 70 characters; priority except of regarding-referral; temporary"
)


def test_a_published_pair_has_its_evidence():
    assert conversion_evidence(parse("XDIS91 XD9134L"), parse("FDIS91 5.0")) == ConversionEvidence(
        family="DIS91",
        from_format=XML,
        from_version="XD9134L",
        to_format=FHIR,
        to_version="5.0",
        known_from="national conversion service of the transition period (MedCom and the VANS operators)",
        note="temporary",
        loses_content=False,
    )


def test_the_way_back_can_lose_what_the_way_there_does_not():
    back = conversion_evidence(parse("FDIS91 5.0"), parse("XDIS91 XD9134L"))
    assert (back.note, back.loses_content) == (LOST, True)
    assert back.to_dict() == {
        "family": "DIS91",
        "from_format": "FHIR",
        "from_version": "5.0",
        "to_format": "XML",
        "to_version": "XD9134L",
        "known_from": "national conversion service of the transition period (MedCom and the VANS operators)",
        "note": LOST,
        "loses_content": True,
    }
    assert {type(value) for value in back.to_dict().values()} == {str, bool}


def test_every_published_pair_within_a_family_is_found_and_names_its_target():
    found = 0
    for family, from_format, from_version, to_format, to_version, *_ in shipped_rows(
        "sor_addressing.messages", "data", "conversions.csv"
    ):
        source = MessageType("ANY", from_version, MessageFormat(from_format), family)
        target = MessageType("ANY", to_version, MessageFormat(to_format), family)
        evidence = conversion_evidence(source, target)
        assert (evidence.family, evidence.from_version, evidence.to_version) == (family, from_version, to_version)
        if not evidence.crosses_families:
            assert (evidence.target.family, evidence.target.format) == (family, to_format)
            found += 1
    assert found == 108


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("DIS01 D0134L", "XDIS01 XD0134L"),  # today's versions are not in the table of 2015
        ("XDAO01 XA0139Z", "DAO01 A0138Z"),  # one way only
        ("XPRE60 XR6031W", "PRE60 R6031W"),  # one way only
        ("DIS91 D9134L", "XDIS91 XD9133L"),
        ("DIS91", "XDIS91 XD9134L"),  # no version
        ("DIS91 D9134L", "XDIS91"),
        ("DIS91 D9134L", "DIS91 D9134L"),
        ("RPT01 R0130K", "XRPT01 XR0130F"),  # one code, two families
        ("GGOP GGOP100", "XDIS91 XD9134L"),  # another family
        ("ZZZ99 1.0", "ZZZ99 1.0"),
    ],
)
def test_no_evidence_without_a_line_for_the_very_pair(source, target):
    assert conversion_evidence(parse(source), parse(target)) is None


def test_the_two_families_of_one_code_have_evidence_of_their_own():
    assert conversion_evidence(parse("RPT01 R0130F"), parse("XRPT01 XR0130F")).family == "RPT01F"
    assert conversion_evidence(parse("RPT01 R0130K"), parse("XRPT01 XR0130K")).family == "RPT01"


def test_a_rehabilitation_plan_crosses_to_a_clinical_e_mail_and_loses_its_structure():
    (line,) = cross_family_conversions("GGOP")
    assert line.target is parse("XDIS91 XD9134L")
    assert (line.crosses_families, line.loses_content) == (True, True)
    assert line.note == "structure is lost: becomes free text"


def test_no_other_family_crosses():
    assert [family for family in catalogue().families if cross_family_conversions(family)] == ["GGOP"]
    assert cross_family_conversions("ZZZ99") == ()


def test_the_floor_offers_its_names_lazily():
    import sor_addressing.messages as messages

    assert messages.conversion_evidence is conversion_evidence
    assert messages.MessageType is MessageType
    assert set(messages.__all__) <= set(dir(messages))
    assert all(getattr(messages, name) for name in messages.__all__)
    with pytest.raises(AttributeError, match=r"module 'sor_addressing\.messages' has no attribute 'Conversions'"):
        messages.Conversions  # noqa: B018
