"""EAS's operations on a register: inputs, Bundles and outcomes as the specification and its diagrams have them."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sor_addressing import AddressingPolicy, Register
from sor_addressing.register.inside import index_of
from sor_addressing.serving import eas
from sor_addressing.testing import RegisterBuilder, numbers

DAY = dt.date(2026, 1, 15)
NOBODY = numbers.sor_code(999)
GP = "394761003"


def made() -> tuple[Register, dict[str, str]]:
    build = RegisterBuilder(snapshot_date=DAY)
    owner = build.owner("Almen Praksis")
    place = {"street": "Prøvevej", "postcode": "9999", "district": "Prøveby"}
    codes = {
        "one": build.institution(
            owner, "Klinik A", types=GP, provider_number="990001", location_number=True, visiting_address=place
        ),
        "two": build.institution(
            owner, "Klinik B", types=GP, provider_number="990001", location_number=True, postal_address=place
        ),
        "none": build.institution(owner, "Klinik C", types=GP, provider_number="990002"),
        "closed": build.institution(
            owner,
            "Klinik D",
            types=GP,
            provider_number="990003",
            to_date=dt.date(2025, 1, 1),
            location_number=True,
        ),
    }
    codes["below"] = build.unit(codes["one"], "Sekretariat", inherits=True)
    build.registers(codes["one"], "DIS91 D9134L", receive=True)
    build.registers_in_eer(codes["one"], "HCO 1.1")
    build.registers_in_eer(codes["two"], "HCO 1.2")
    build.registers(codes["closed"], "DIS91 D9134L")
    return build.build(), codes


REGISTER, CODES = made()


def names(answer: dict[str, Any]) -> list[str]:
    return [
        one["resource"]["name"] for one in answer.get("entry", []) if one["resource"]["resourceType"] == "Organization"
    ]


def texts(answer: dict[str, Any]) -> list[tuple[str, str]]:
    found = [answer] if answer["resourceType"] == "OperationOutcome" else [
        one["resource"] for one in answer["entry"] if one["resource"]["resourceType"] == "OperationOutcome"
    ]  # fmt: skip
    return [(issue["code"], issue["details"]["text"]) for one in found for issue in one["issue"]]


def test_a_unit_by_its_sor_code_with_its_endpoints() -> None:
    answer = eas.by_sor_id(REGISTER, CODES["one"], ["HCO", "FCTL"])
    assert (answer["resourceType"], answer["type"], answer["total"]) == ("Bundle", "searchset", 1)
    unit, *endpoints = [one["resource"] for one in answer["entry"]]
    assert unit["meta"]["profile"] == [eas.PROFILE]
    assert {one["reference"] for one in unit["endpoint"]} == {f"Endpoint/{one['id']}" for one in endpoints}
    assert [one["search"]["mode"] for one in answer["entry"]] == ["match", "include", "include"]
    assert {one["connectionType"]["code"] for one in endpoints} == {"vansMessaging", "EerMessagingEdelivery"}
    assert unit["address"][0]["postalCode"] == "9999"


def test_an_inherited_endpoint_counts() -> None:
    assert names(eas.by_sor_id(REGISTER, CODES["below"], "HCO 1.1")) == ["Sekretariat"]


def test_several_message_types_mean_any_in_every_spelling() -> None:
    old = "urn:dk:healthcare:medcom:messaging:fhir:structuredefinition:homecareobservation:1.2"
    both, exact = [CODES["one"], CODES["two"]], AddressingPolicy(fhir_version="exact")
    assert names(eas.by_sor_id(REGISTER, both, [old, "Acknowledgement 2.0"], policy=exact)) == ["Klinik B"]
    assert names(eas.by_sor_id(REGISTER, both)) == ["Klinik A", "Klinik B"]


def test_a_list_in_which_one_leads_to_nobody_names_it() -> None:
    answer = eas.by_sor_id(REGISTER, [CODES["one"], CODES["none"], NOBODY, "123"], ["DIS91"])
    assert names(answer) == ["Klinik A"]
    assert texts(answer) == [
        ("not-found", "NoEerReceiverDataForSORId"), ("not-found", "NoSORInfoForSORId"), ("invalid", "NoSORInfoForSORId"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (eas.by_sor_id(REGISTER, NOBODY), ("not-found", "NoSORInfoForSORId")),
        (eas.by_sor_id(REGISTER, []), ("invalid", "SORIdMissing")),
        (eas.by_sor_id(REGISTER, CODES["none"]), ("not-found", "NoEerReceiverDataForSORId")),
        (eas.by_sor_id(REGISTER, f"urn:oid:9.9.9|{CODES['one']}"), ("invalid", "NoSORInfoForSORId")),
        (eas.by_sor_id(REGISTER, f"urn:oid:1.2.208.176.1.4|{CODES['one']}"), ("invalid", "NoSORInfoForSORId")),
        (eas.by_sor_id(REGISTER, None), ("invalid", "NoSORInfoForSORId")),  # type: ignore[arg-type]
        (eas.gps_by_postal_code(REGISTER, 99), ("invalid", "NoSORInfoForPostalCode")),  # type: ignore[arg-type]
        (eas.by_sor_id(REGISTER, [CODES["one"]] * 1_001), ("invalid", "TooManyValues")),
        (eas.by_sor_id(REGISTER, CODES["one"], ["DIS91"] * 101), ("invalid", "TooManyValues")),
        (eas.by_gp_id(REGISTER, "990009"), ("not-found", "NoSORInfoForGPId")),
        (eas.by_gp_id(REGISTER, "990003"), ("not-found", "NoSORInfoForGPId")),
        (eas.by_gp_id(REGISTER, "99-00/01 nr. 1"), ("invalid", "NoSORInfoForGPId")),
        (eas.by_gp_id(REGISTER, "urn:oid:1.2.208.176.1.1|990001"), ("invalid", "NoSORInfoForGPId")),
        (eas.by_gp_id(REGISTER, "990001", "XREF15"), ("not-found", "NoEerReceiverDataForSORId")),
        (eas.by_gp_id(REGISTER, "990001", [" "]), ("invalid", "MessageTypeUnknown")),
        (eas.by_patients_gp(REGISTER, "310299-9999"), ("invalid", "NoSORInfoForGPId")),
        (eas.gps_by_postal_code(REGISTER, "1234"), ("not-found", "NoSORInfoForPostalCode")),
        (eas.gps_by_postal_code(REGISTER, ["9999", "99"]), ("invalid", "NoSORInfoForPostalCode")),
        (eas.gps_by_postal_code(REGISTER, ["9999"] * 1_001), ("invalid", "TooManyValues")),
        (eas.by_message_type_and_postal_code(REGISTER, "HCO", ["9999"] * 1_001), ("invalid", "TooManyValues")),
        (eas.by_message_type_and_postal_code(REGISTER, [], "9999"), ("invalid", "MessageTypeMissing")),
        (eas.by_message_type_and_postal_code(REGISTER, "XREF15", "9999"), ("not-found", "NoEerReceiverDataForSORId")),
    ],
)
def test_every_case_has_its_outcome(answer: dict[str, Any], expected: tuple[str, str]) -> None:
    assert answer["resourceType"] == "OperationOutcome"
    assert texts(answer) == [expected]
    assert {issue["severity"] for issue in answer["issue"]} == {"error"}
    assert "310299" not in json.dumps(answer)


def test_a_code_that_the_register_has_is_found_though_its_check_digit_is_wrong() -> None:
    build = RegisterBuilder(snapshot_date=DAY)
    wrong = f"{int(CODES['one']) + 1}"
    build.institution(build.owner("Ejer"), "Klinik E", sor_code=wrong, location_number=True)
    build.registers(wrong, "DIS91 D9134L", receive=True)
    assert names(eas.by_sor_id(build.build(), wrong)) == ["Klinik E"]


def test_all_units_that_share_a_provider_number_are_returned() -> None:
    for ask in (eas.by_gp_id, eas.by_patients_gp):
        assert names(ask(REGISTER, "990001")) == ["Klinik A", "Klinik B"]
        assert names(ask(REGISTER, "urn:oid:1.2.208.176.1.4|990001", ["HCO"])) == ["Klinik A", "Klinik B"]
        assert names(ask(REGISTER, "990001", "DIS91")) == ["Klinik A"]


def test_gps_by_postal_code_are_those_in_force_with_an_endpoint() -> None:
    assert names(eas.gps_by_postal_code(REGISTER, ["9999"])) == ["Klinik A", "Klinik B"]
    assert names(eas.gps_by_postal_code(REGISTER)) == ["Klinik A", "Klinik B"]
    assert names(
        eas.by_message_type_and_postal_code(REGISTER, "HCO 1.2", "9999", policy=AddressingPolicy(fhir_version="exact"))
    ) == ["Klinik B"]


def test_the_operations_go_by_their_names() -> None:
    assert set(eas.OPERATIONS) == {
        "getReceivingOrganizationBySORId", "getReceivingOrganizationByGPId", "getReceivingOrganizationByPatientId", "getListOfGpByPostalCode",
        "getReceivingOrganizationByMessageTypeAndPostalCode",
    }  # fmt: skip
    assert eas.FOLLOWS.startswith("EAS 2.0.0")


@given(st.text(max_size=30), st.lists(st.text(max_size=20), max_size=3))
def test_whatever_is_asked_is_answered(text: str, types: list[str]) -> None:
    for answer in (
        eas.by_sor_id(REGISTER, [text], types), eas.by_gp_id(REGISTER, text, types), eas.by_patients_gp(REGISTER, text, types),
        eas.gps_by_postal_code(REGISTER, [text]), eas.by_message_type_and_postal_code(REGISTER, types, [text]),
    ):  # fmt: skip
        assert answer["resourceType"] in ("Bundle", "OperationOutcome")
        json.dumps(answer)


def test_the_unit_that_the_policy_addresses_is_returned() -> None:
    build = RegisterBuilder(snapshot_date=DAY)
    owner = build.owner("Ejer")
    new = build.institution(owner, "Ny", location_number=True)
    old = build.institution(
        owner, "Gammel", location_number=True, to_date=dt.date(2025, 12, 1), replaced_by=[new], provider_number="990001"
    )
    below = build.unit(new, "Nedenfor", inherits=True)
    for unit in (new, old):
        build.registers(unit, "DIS91 D9134L", receive=True)
    register = build.build()
    for types in ([], ["DIS91"]):
        assert names(eas.by_sor_id(register, old, types)) == []
        assert names(eas.by_sor_id(register, old, types, policy=AddressingPolicy(follow_successors=True))) == ["Ny"]
        to_owner = AddressingPolicy(addressed_unit="location-owner")
        assert names(eas.by_sor_id(register, [below, new], types, policy=to_owner)) == ["Ny"]


@pytest.mark.parametrize(("days", "severity"), [(20, "warning"), (40, "error")])
def test_a_register_that_is_too_old_is_told_and_refused_as_the_policy_has_it(days: int, severity: str) -> None:
    register = made()[0]
    register = Register(index_of(register), lambda: register.load_report, clock=lambda: DAY + dt.timedelta(days))
    policy = AddressingPolicy(max_age_days=10, refuse_after_days=30)
    for ask, asked in ((eas.by_sor_id, CODES["one"]), (eas.by_gp_id, "990001"), (eas.gps_by_postal_code, "9999")):
        answer = ask(register, asked, policy=policy, language="da")
        assert texts(answer) == [("processing", "register-stale")]
        assert bool(names(answer)) is (severity == "warning")
        outcome = answer if severity == "error" else answer["entry"][-1]["resource"]
        assert outcome["issue"][0]["severity"] == severity
        assert "dage" in outcome["issue"][0]["diagnostics"]
    assert ("processing", "register-stale") in texts(eas.by_gp_id(register, "990009", policy=policy))
