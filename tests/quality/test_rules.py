"""Each rule: what raises it, and the near miss that does not."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from tests.quality.one_practice import DAY, NUMBER, STANDING, TOMORROW, YESTERDAY, One

from sor_addressing import Register, audit
from sor_addressing.model import LocationSource
from sor_addressing.quality import Approvals, Package
from sor_addressing.testing import numbers, register_of, write_shak

RECEIPTS = ("CTL02 C0230Q", "CTL03 C0330Q", "XCTL02 XC0230Q", "XCTL03 XC0330Q", "FCTL 2.0.0")


def test_an_old_format_beside_the_new_one_is_seen() -> None:
    one = One().registers("FDIS91 5.0", "DIS91 D9134L", "XDIS91")
    assert one.details("old-format-kept") == [{"new": ("FDIS91 5.0",), "old": ("DIS91 D9134L", "XDIS91")}]


@pytest.mark.parametrize("types", [("FDIS91 5.0", "DIS01", "REF01"), ("DIS91", "XDIS91"), ("FDIS20", "DIS91")])
def test_formats_that_replace_nothing_are_no_matter(types: tuple[str, ...]) -> None:
    assert One().registers(*types).details("old-format-kept") == []


def test_an_old_format_that_goes_no_way_is_no_matter() -> None:
    one = One().registers("FDIS91").registers("DIS91", send=False, receive=False)
    assert one.details("old-format-kept") == []


def test_hospital_notifications_replace_two_old_letters() -> None:
    one = One().registers("FDIS20 3.0.0", "DIS20", "DIS17")
    assert [sorted(found["old"]) for found in one.details("old-format-kept")] == [["DIS17", "DIS20"]]


def test_correspondence_that_only_goes_out_is_seen() -> None:
    one = One().registers("XDIS91 XD9134L", receive=False)
    assert one.details("correspondence-one-way") == [{"message_types": ("XDIS91 XD9134L",)}]
    assert one.details("correspondence-one-way-fhir") == []


def test_correspondence_that_comes_back_in_another_format_is_no_matter() -> None:
    one = One().registers("XDIS91", receive=False).registers("DIS91", send=False)
    assert one.details("correspondence-one-way") == []


def test_other_letters_may_go_one_way() -> None:
    assert One().registers("REF01", "DIS01", receive=False).details("correspondence-one-way") == []


def test_correspondence_in_fhir_has_to_come_back_in_fhir() -> None:
    one = One().registers("FDIS91 5.0", receive=False).registers("XDIS91", send=False)
    assert one.details("correspondence-one-way-fhir") == [{"message_types": ("FDIS91 5.0",)}]
    assert one.details("correspondence-one-way") == []
    assert One().registers("FDIS91 5.0").details("correspondence-one-way-fhir") == []


def test_registrations_on_a_number_of_nobody_are_seen() -> None:
    one = One()
    one.build.registers("5790999000024", "DIS91", send=True, receive=True)
    found = audit(one.build.build(), rules=["registrations-without-unit"])
    assert [(seen.unit, seen.location_number) for seen in found.remarks] == [(None, "5790999000024")]
    assert found.remarks[0].text() == "5790999000024 has DIS91, but no unit of the register has the number."
    assert One().registers("DIS91").details("registrations-without-unit") == []


def test_a_receipt_is_missing_for_each_format_and_direction() -> None:
    one = One().registers("DIS91", "FDIS91").registers("CTL02", "FCTL").registers("CTL03", send=False)
    assert one.details("receipt-missing") == [
        {"format": "EDI", "receipts": ("CTL03",), "direction": "send", "message_types": ("DIS91",)}
    ]
    assert One().registers("XREF15", send=False).details("receipt-missing") == [
        {"format": "XML", "receipts": ("XCTL02", "XCTL03"), "direction": "send", "message_types": ("XREF15",)}
    ]


def test_receipts_in_the_directions_of_the_letters_are_enough() -> None:
    one = One().registers("DIS91", send=False).registers("CTL02", "CTL03", receive=False)
    assert one.details("receipt-missing") == []
    assert One().registers("CTL02", "XCTL01", "SOMETHING").details("receipt-missing") == []


def test_without_directions_a_receipt_counts_in_either() -> None:
    one = One().registers("DIS91", "CTL02", send=None, receive=None)
    assert one.details("receipt-missing") == [
        {"format": "EDI", "receipts": ("CTL03",), "direction": "send", "message_types": ("DIS91",)}
    ]


def test_a_type_of_no_catalogue_is_seen() -> None:
    one = One().registers("HYGIEJNE1", "DIS91 D9199L", "DIS91 D9134L")
    assert one.details("message-type-unknown") == [{"message_types": ("DIS91 D9199L", "HYGIEJNE1")}]
    assert One().registers("DIS91", "XDIS91 XD9134L").details("message-type-unknown") == []


def test_a_withdrawn_type_is_seen() -> None:
    one = One().registers("RPT01F R0131F", "DIS91 D9133L")
    assert one.details("message-type-withdrawn") == [{"message_types": ("RPT01F R0131F",)}]
    assert One().registers("DIS91 D9133L", "RPT01 R0131K", "NEWS").details("message-type-withdrawn") == []


def test_an_old_version_is_seen_with_the_current_one() -> None:
    one = One().registers("DIS91 D9133L", "RPT01F R0131F")
    assert one.details("version-not-current") == [{"message_type": "DIS91 D9133L", "current": ("D9134L",)}]
    assert One().registers("DIS91 D9134L", "DIS91", "NEWS").details("version-not-current") == []


def test_registrations_on_a_closed_number_are_seen_and_nothing_else_of_them() -> None:
    closed = One(location={**STANDING, "to_date": YESTERDAY}).registers("XDIS91", receive=False)
    assert closed.details("registrations-on-closed-number") == [{"last_day": YESTERDAY, "message_types": ("XDIS91",)}]
    assert closed.details("receipt-missing") == closed.details("correspondence-one-way") == []
    last_day = One(location={**STANDING, "to_date": DAY}).registers("XDIS91")
    assert last_day.details("registrations-on-closed-number") == []
    assert One(location={**STANDING, "to_date": YESTERDAY}).details("registrations-on-closed-number") == []


def test_a_number_that_another_owner_keeps_open_is_not_closed() -> None:
    one = One(location={**STANDING, "to_date": YESTERDAY}).registers("XDIS91")
    one.build.institution(one.owner, "Anden", location_number=NUMBER)
    assert one.details("registrations-on-closed-number") == []


def test_an_open_number_on_a_closed_unit_is_seen_with_those_that_inherit_it() -> None:
    one = One(to_date=YESTERDAY)
    one.below()
    one.below("Lukket", to_date=YESTERDAY)
    assert one.details("open-number-on-closed-unit") == [{"last_day": YESTERDAY, "inheriting": 1}]
    assert One(to_date=DAY).details("open-number-on-closed-unit") == []
    closed_too = One(to_date=YESTERDAY, location={**STANDING, "to_date": YESTERDAY})
    assert closed_too.details("open-number-on-closed-unit") == []
    assert One(period_unreadable=True).details("open-number-on-closed-unit") == []


def test_a_number_without_registrations_is_seen() -> None:
    assert One().details("number-without-registrations") == [{}]
    assert One().registers("DIS91", send=False, receive=False).details("number-without-registrations") == [{}]
    assert One().registers("DIS91").details("number-without-registrations") == []


@pytest.mark.parametrize(
    "unit",
    [
        {"location": {"inactive": True}},
        {"location": {"internal_only": True}},
        {"location": {"from_date": TOMORROW}},
        {"location": {"to_date": YESTERDAY}},
        {"from_date": TOMORROW},
        {"to_date": YESTERDAY},
    ],
    ids=str,
)
def test_a_number_not_in_use_needs_no_registrations(unit: dict[str, object]) -> None:
    assert One(**unit).details("number-without-registrations") == []


@pytest.mark.parametrize(
    ("flag", "rule"), [("inactive", "inactive-number-inherited"), ("internal_only", "internal-number-inherited")]
)
def test_an_idle_number_that_others_inherit_is_seen(flag: str, rule: str) -> None:
    one = One(location={**STANDING, flag: True})
    one.below()
    one.below("To")
    assert one.details(rule) == [{"inheriting": 2}]
    alone = One(location={**STANDING, flag: True})
    alone.below(to_date=YESTERDAY)
    assert alone.details(rule) == []
    usable = One()
    usable.below()
    assert usable.details(rule) == []


def test_a_system_that_is_not_said_or_called_unknown_is_seen() -> None:
    assert One(location={}).details("system-unknown") == [{"value": None}]
    assert One(location={"system": "Ukendt"}).details("system-unknown") == [{"value": "Ukendt"}]
    assert One(location={"system": "9101"}).details("system-unknown") == []
    assert One(to_date=YESTERDAY, location={}).details("system-unknown") == []


def test_a_net_operator_that_is_not_said_or_called_unknown_is_seen() -> None:
    rule = "net-operator-unknown"
    assert One(location={}).details(rule) == [{"value": None}]
    assert One(location={"net_operator": "11000035002"}).details(rule) == [{"value": "11000035002"}]
    assert One().details(rule) == []


def test_broken_inheritance_is_seen() -> None:
    def one(**fields: object) -> One:
        made = One()
        above = made.build.institution(made.owner, "Uden")
        made.build.unit(above, "Arver", inherits=True, **fields)
        return made

    assert one().details("inheritance-broken") == [{}]
    assert one(to_date=YESTERDAY).details("inheritance-broken") == []
    whole = One()
    whole.below()
    assert whole.details("inheritance-broken") == []


def test_a_provider_number_that_the_owner_of_the_number_has_not_is_seen() -> None:
    one = One()
    one.below(provider_number="990001")
    assert one.details("inherits-despite-own-provider-number") == [{"provider_number": "990001", "owner": one.unit}]
    same = One(provider_number="990001")
    same.below(provider_number="990001")
    own = One()
    own.below(provider_number="990001", inherits=False, location_number=True)
    closed = One()
    closed.below(provider_number="990001", to_date=YESTERDAY)
    for near_miss in (same, own, closed):
        assert near_miss.details("inherits-despite-own-provider-number") == []


def test_a_ceased_provider_number_on_an_open_unit_is_seen() -> None:
    one = One(provider_number="990001")
    one.build.provider_ceased("990001", YESTERDAY)
    assert one.details("provider-ceased-unit-open") == [{"provider_number": "990001", "last_day": YESTERDAY}]
    last_day = One(provider_number="990001")
    last_day.build.provider_ceased("990001", DAY)
    closed = One(provider_number="990001", to_date=YESTERDAY)
    closed.build.provider_ceased("990001", YESTERDAY)
    for near_miss in (last_day, closed, One(provider_number="990001")):
        assert near_miss.details("provider-ceased-unit-open") == []


def test_a_shak_code_that_leads_nowhere_is_seen() -> None:
    rule = "shak-code-without-successor"
    earlier = dt.date(2020, 1, 1)
    one = One(shak_code="9901", to_date=earlier)
    one.below("Senere", shak_code="9901", to_date=YESTERDAY)
    assert one.details(rule) == [{"shak_code": "9901", "last_day": YESTERDAY}]
    kept = One(shak_code="9901", to_date=earlier)
    kept.below(shak_code="9901")
    followed = One()
    followed.below(shak_code="9901", to_date=earlier, replaced_by=followed.unit)
    for near_miss in (kept, followed, One(shak_code="9901")):
        assert near_miss.details(rule) == []


def test_a_shak_code_in_use_that_no_unit_has_is_seen(tmp_path: Path) -> None:
    one = One(shak_code="9901")
    units = one.build.write(tmp_path).units
    others = One(shak_code="9901")
    others.below("Uden enhed", shak_code="9902")
    others.below("Ophørt", shak_code="9903", to_date=YESTERDAY)
    write_shak(others.build.extract(), tmp_path / "shakcomplete.txt")
    register = Register.load(units, tmp_path / "shakcomplete.txt", snapshot_date=DAY, clock=lambda: DAY)
    found = audit(register, rules=["shak-code-without-unit"])
    assert [dict(seen.details) for seen in found.remarks] == [{"shak_code": "9902", "name": "Uden enhed"}]
    assert found.remarks[0].unit is None


def test_units_of_one_name_in_one_municipality_are_seen() -> None:
    place = {"municipality_code": "0901", "street": "Prøvevej", "postcode": "9999"}

    def two(**fields: object) -> One:
        one = One(visiting_address=place)
        settings = {"visiting_address": place, "location_number": True, **fields}
        one.build.institution(one.owner, settings.pop("name", "PRAKSIS."), **settings)
        return one

    one = two()
    (first, second) = one.details("same-name-in-municipality")
    assert (first["count"], second["count"]) == (1, 1)
    assert second == {"count": 1, "others": (one.unit,), "municipality": "0901"}
    for near_miss in (
        two(name="Praksis 2"),
        two(to_date=YESTERDAY),
        two(location_number=NUMBER),
        two(visiting_address={**place, "municipality_code": "0902"}),
        two(location_number=False),
    ):
        assert near_miss.details("same-name-in-municipality") == []


@pytest.mark.parametrize(
    ("rule", "fields", "expected"),
    [
        ("sor-code-check-digit", {"sor_code": "9009001000016001"}, "0"),
        ("location-number-check-digit", {"location_number": "5790999000018"}, "7"),
        ("cvr-number-check-digit", {"cvr_number": "99000001"}, "7"),
    ],
)
def test_a_wrong_check_digit_is_seen_with_the_right_one(rule: str, fields: dict[str, object], expected: str) -> None:
    (found,) = audit(One(**fields).build.build(), rules=[rule]).remarks
    assert found.details["identifier"] == next(iter(fields.values()))
    assert found.details["expected"] == expected
    assert One(cvr_number="99000007").details(rule) == []


def test_an_identifier_of_another_shape_has_no_right_digit() -> None:
    (found,) = audit(One(location_number="PRØVE").build.build(), rules=["location-number-check-digit"]).remarks
    assert (found.details["identifier"], found.details["expected"]) == ("PRØVE", None)


def listed(*rows: tuple[str, str, str], system: str = "Journal") -> Approvals:
    made = []
    for line, (text, direction, status) in enumerate(rows, start=2):
        code, _, version = text.partition(" ")
        row = {"system": system, "code": code, "version": version, "direction": direction, "status": status}
        made.append((line, {**row, "system_type": "EOJ-systemer"}))
    return Approvals(made)


def test_a_type_that_the_system_is_not_approved_for_is_seen() -> None:
    approvals = listed(("DIS91 D9134L", "send", "approved"), ("DIS91 D9134L", "receive", "not approved"))
    one = One().registers("DIS91 D9134L").registers("REF01 H0131R", send=False)
    assert one.details("type-not-approved", approvals=approvals) == [
        {
            "systems": ("Journal",),
            "message_types": ("DIS91 D9134L", "REF01 H0131R"),
            "send": (),
            "receive": ("DIS91 D9134L", "REF01 H0131R"),
        }
    ]
    sender = One().registers("DIS91 D9134L", receive=False)
    assert sender.details("type-not-approved", approvals=approvals) == []
    elsewhere = One(location={"system": "Andet Program"}).registers("REF01")
    assert elsewhere.details("type-not-approved", approvals=approvals) == []


def test_without_directions_one_approved_direction_is_enough() -> None:
    approvals = listed(("DIS91 D9134L", "send", "approved"), ("DIS91 D9134L", "receive", "not approved"))
    one = One().registers("DIS91 D9134L", "REF01", send=None, receive=None)
    (found,) = one.details("type-not-approved", approvals=approvals)
    assert found["message_types"] == ("REF01",)


def test_a_type_whose_test_is_not_done_is_seen() -> None:
    approvals = listed(
        ("DIS91 D9134L", "send", "testing"),
        ("XDIS91 XD9134L", "send", "not tested"),
        ("REF01 H0131R", "send", "approved"),
    )
    one = One().registers("DIS91 D9134L", "XDIS91 XD9134L", "REF01 H0131R", "BIN01", receive=False)
    (found,) = one.details("type-not-tested", approvals=approvals)
    assert found["message_types"] == ("DIS91 D9134L", "XDIS91 XD9134L")
    (found,) = one.details("type-not-approved", approvals=approvals)
    assert found["message_types"] == ("BIN01",)


def test_edi_where_the_system_has_none_is_seen() -> None:
    rule = "edi-without-edi-system"
    approvals = listed(("CareCommunication 5.0", "send", "approved"), ("CTL01 C0130Q", "receive", "approved"))
    one = One().registers("DIS91 D9134L", "FDIS91 5.0", *RECEIPTS)
    assert one.details(rule, approvals=approvals) == [
        {"systems": ("Journal",), "formats": ("FHIR",), "message_types": ("DIS91 D9134L",)}
    ]
    assert One().registers("FDIS91 5.0", *RECEIPTS).details(rule, approvals=approvals) == []
    both = listed(("CareCommunication 5.0", "send", "approved"), ("DIS01 D0134L", "send", "testing"))
    assert one.details(rule, approvals=both) == []
    assert one.details(rule, approvals=listed(("SUP 3.0", "send", "approved"))) == []


def test_types_of_a_package_that_are_missing_are_seen() -> None:
    rule = "package-types-missing"
    package = Package(
        name="p", unit_type="394761003", should_send=["DIS91", "FDIS91"], should_receive=["RPT01", "XREF15"]
    )
    one = One(types="394761003").registers("XDIS91", "RPT01 R0131K", "REF15")
    assert one.details(rule, packages=[package]) == [{"package": "p", "send": ("FDIS91",), "receive": ("XREF15",)}]
    assert One(types="22232009").registers("DIS91").details(rule, packages=[package]) == []
    whole = One(types="394761003").registers("DIS91", "FDIS91", "RPT01", "XREF15")
    assert whole.details(rule, packages=[package]) == []


def test_types_beyond_a_package_are_seen() -> None:
    rule = "package-types-beyond"
    barred = Package(name="p", unit_name="praksis", must_not=["DIS91"])
    assert One().registers("DIS91 D9134L", "XDIS91").details(rule, packages=[barred]) == [
        {"package": "p", "message_types": ("DIS91 D9134L",)}
    ]
    assert One().registers("XDIS91", "REF01").details(rule, packages=[barred]) == []
    complete = Package(name="c", speciality="Prøvespeciale", should_send="DIS91", may_receive="REF01", complete=True)
    one = One(specialities=["Prøvespeciale"]).registers("DIS91", receive=False).registers("REF01", *RECEIPTS)
    assert one.details(rule, packages=[complete]) == [{"package": "c", "message_types": ("REF01",)}]


def test_a_package_can_be_for_a_sort_of_system() -> None:
    package = Package(name="p", system_type="EOJ-systemer", should_send="FDIS91")
    other = Package(name="o", system_type="RIS-systemer", should_send="FDIS91")
    approvals = listed(("DIS91 D9134L", "send", "approved"))
    one = One().registers("DIS91")
    found = one.details("package-types-missing", packages=[package, other], approvals=approvals)
    assert [seen["package"] for seen in found] == ["p"]
    assert one.details("package-types-missing", packages=[package]) == []


def test_the_source_of_an_inherited_number_that_is_not_known_raises_nothing() -> None:
    extract = One().registers("DIS91", *RECEIPTS).build.extract()
    extract.units[1].location_source = LocationSource.UNKNOWN
    found = audit(extract.to_register(), rules=["inheritance-broken", "inherits-despite-own-provider-number"])
    assert found.counts == {"inheritance-broken": 0, "inherits-despite-own-provider-number": 0}


def test_edi_beside_xml_is_a_remark_that_is_made_on_request() -> None:
    both = ["DIS91 D9134L", "XDIS91 XD9134L", "REF01 H0130R", "CTL02", "CTL03", "XCTL02", "XCTL03"]
    register = register_of(
        {"Begge": {"registers": both}, "Kun XML": {"registers": both[1:2]}, "Sender": {"sends": both}}
    )
    (remark,) = audit(register, rules=["edi-beside-xml"]).remarks
    assert (remark.name, remark.severity) == ("Begge", "info")
    assert dict(remark.details) == {"superfluous": ("DIS91 D9134L",), "kept": ("XDIS91 XD9134L",)}
    assert "only a remark" in remark.text("en")
    assert "kun en bemærkning" in remark.text("da")
    assert remark.title("da") == "EDI ved siden af XML"
    assert "edi-beside-xml" not in {one.rule for one in audit(register).remarks}


# EHMI: governance of FHIR, the conversion service, two registers.


def test_a_number_takes_xdis91_or_fdis91_and_not_both() -> None:
    both = One().registers("XDIS91 XD9134L", "FDIS91 5.0", "FCTL 2.0.0")
    assert both.details("xdis91-and-fdis91") == [{"message_types": ("FDIS91 5.0", "XDIS91 XD9134L")}]
    assert One().registers("DIS91", "FDIS91 5.0").details("xdis91-and-fdis91") == []
    one = One().registers("XDIS91 XD9134L")
    one.build.registers_in_eer(NUMBER, "FDIS91 5.0")
    assert len(one.details("xdis91-and-fdis91")) == 1


def test_who_sends_fhir_receives_its_acknowledgement() -> None:
    assert One().registers("FDIS91 5.0").details("fhir-without-acknowledgement") == [{"message_types": ("FDIS91 5.0",)}]
    assert One().registers("FDIS91 5.0", "FCTL").details("fhir-without-acknowledgement") == []
    only_receives = One()
    only_receives.build.registers_in_eer(NUMBER, "HCO 1.1", "SBDHACK 1.0")
    assert only_receives.details("fhir-without-acknowledgement") == []
    assert only_receives.details("receipt-missing") == []
    writes = One()
    writes.build.registers_in_eer(NUMBER, "FDIS91 5.0")
    assert len(writes.details("fhir-without-acknowledgement")) == 1


def test_attachments_of_converted_letters_have_to_be_received() -> None:
    xml = One().registers("XDIS91", "BIN01")
    assert xml.details("attachments-not-received") == [{"message_types": ("XDIS91",), "missing": "XBIN01"}]
    sends = One().registers("DIS91").registers("BIN01", send=True, receive=False)
    assert sends.details("attachments-not-received") == [{"message_types": ("DIS91",), "missing": "BIN01"}]
    for fine in (["XDIS91"], ["XDIS91", "XBIN01"], ["FDIS91", "XDIS91", "BIN01"], ["BIN01"]):
        assert One().registers(*fine).details("attachments-not-received") == []


def test_registers_that_disagree_are_remarked_once_a_family() -> None:
    one = One().registers("XDIS91 XD9134L", "DIS01 D0134L")
    one.build.registers_in_eer(NUMBER, "FDIS91 5.0", "HCO 1.1")
    assert one.details("registers-disagree") == [
        {"family": "DIS91", "sor_edi": ("XDIS91 XD9134L",), "eer": ("FDIS91 5.0",)}
    ]
    assert One().registers("XDIS91").details("registers-disagree") == []


def test_an_endpoints_manager_lies_above_those_that_refer_to_it() -> None:
    def unit(code: str, above: str | None, *endpoints: str) -> dict[str, object]:
        part_of = {"partOf": {"reference": f"Organization/{above}"}} if above else {}
        return {
            "resourceType": "Organization", "id": code, "identifier": [{"system": "urn:oid:1.2.208.176.1.1", "value": code}], "name": code,
            "endpoint": [{"reference": f"Endpoint/{one}"} for one in endpoints], **part_of,
        }  # fmt: skip

    top, other, below = (numbers.sor_code(n) for n in (1, 2, 3))
    number = numbers.location_number(1)
    endpoint = {
        "resourceType": "Endpoint", "id": number, "identifier": [{"system": "http://www.gs1.org/gln", "value": number}], "status": "active",
        "managingOrganization": {"reference": f"Organization/{other}"}, "payloadType": [{"text": "HCO 1.1"}],
    }  # fmt: skip
    for above, count in ((top, 1), (other, 0)):
        resources = [unit(top, None), unit(other, None, number), unit(below, above, number), endpoint]
        data = "\n".join(json.dumps(one) for one in resources).encode()
        register = Register.load(data, snapshot_date=DAY, clock=lambda: DAY)
        found = audit(register, rules=["endpoint-manager-not-above"])
        assert [dict(one.details) for one in found.remarks] == [{"manager": other}] * count
