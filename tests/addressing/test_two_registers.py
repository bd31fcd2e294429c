"""SOR-EDI and the endpoint register together: one answer, the same as an oracle's that counts by hand."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sor_addressing import AddressingPolicy, PolicyError, Register
from sor_addressing.errors import ExtractError
from sor_addressing.model import EndpointRegistration, LocationRecord, UnitKind, UnitRecord

DAY = dt.date(2026, 6, 1)
UNIT, NUMBER = "9000001000016009", "5790999901017"
CODES = "http://medcomehmi.dk/ig/terminology/CodeSystem/ehmi-message-definition-uri"
_FHIR = "urn:dk:healthcare:medcom:messaging:fhir:structuredefinition"
URNS = {
    "FDIS91 5.0": f"{_FHIR}:carecommunication:5.0",
    "FDIS91 4.0": f"{_FHIR}:carecommunication:4.0",
    "HCO 1.1": f"{_FHIR}:homecareobservation:1.1",
    "HCO 1.2": f"{_FHIR}:homecareobservation:1.2",
    "FCTL 2.0.0": f"{_FHIR}:acknowledgement:2.0",
    "XDIS91 XD9134L": "urn:dk:healthcare:medcom:messaging:oioxml:schema:xsd:meddis:xdis91:xd9134l",
}


def eer(*endpoints: dict[str, Any], active: bool = True) -> bytes:
    unit = {
        "resourceType": "Organization", "id": UNIT, "identifier": [{"system": "urn:oid:1.2.208.176.1.1", "value": UNIT}],
        "name": "Klinikken", "active": active, "type": [{"coding": [{"code": "IE"}]}],
    }  # fmt: skip
    entries = [{"resource": one} for one in (unit, *endpoints)]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()


def endpoint(
    *types: str, status: str = "active", environment: str = "", number: str = NUMBER, **period: str
) -> dict[str, Any]:
    kinds = [{"coding": [{"system": CODES, "code": URNS[one]}]} for one in types]
    if environment:
        kinds.append({"coding": [{"code": f"urn:dk:medcom:{environment}:messaging:fhir"}]})
    return {
        "resourceType": "Endpoint", "id": number, "identifier": [{"system": "http://www.gs1.org/gln", "value": number}], "status": status,
        "managingOrganization": {"reference": f"Organization/{UNIT}"}, "period": period, "payloadType": kinds,
    }  # fmt: skip


def load(sor_edi: dict[str, str] | None, *endpoints: dict[str, Any], **more: Any) -> Register:
    """A register of one unit; ``sor_edi`` is type to direction words, None where SOR-EDI isn't loaded."""
    rows = None
    if sor_edi is not None:
        lines = [f"{NUMBER};{one};{words}" for one, words in sor_edi.items()]
        # A number that nobody asks about, so that the file is never empty.
        rows = "\n".join(["Lokationsnummer;EDI-type;Retning", *lines, "5790999901024;DIS01;Modtag"]).encode()
    return Register.load(eer(*endpoints), message_types=rows, snapshot_date=DAY, clock=lambda: DAY, **more)


def codes(register: Register, asked: str, **more: Any) -> tuple[str, list[str]]:
    verdict = register.validate(UNIT, asked, **more)
    return str(verdict.outcome), [one.code for one in verdict.findings if one.code != "location-state-not-known"]


def test_what_only_eer_has_is_supported_and_nothing_is_in_doubt() -> None:
    register = load({"XDIS91 XD9134L": "Modtag"}, endpoint("HCO 1.1"))
    assert codes(register, "HCO 1.1") == ("supported", [])
    assert register.has_message_types


def test_one_has_fdis91_and_the_other_has_not() -> None:
    register = load({"XDIS91 XD9134L": "Begge"}, endpoint("FDIS91 5.0"))
    outcome, found = codes(register, "FDIS91 5.0")
    assert outcome == "supported"
    assert found == ["registers-disagree"]
    finding = register.validate(UNIT, "XDIS91").findings[-1]
    assert (finding.code, str(finding.severity)) == ("registers-disagree", "warning")
    assert finding.details == {
        "family": "DIS91", "sor_edi": ("XDIS91 XD9134L",), "eer": ("FDIS91 5.0",), "location_number": NUMBER,
    }  # fmt: skip
    assert "EER has FDIS91 5.0" in finding.text("en")
    assert "EER har FDIS91 5.0" in finding.text("da")


@pytest.mark.parametrize(
    ("sor_edi", "ours", "disagree"),
    [
        ("FDIS91 5.0", endpoint("FDIS91 5.0"), False),
        ("FDIS91", endpoint("FDIS91 5.0"), False),
        ("FDIS91 4.0", endpoint("FDIS91 5.0"), True),
        ("FDIS91 5.0", endpoint("FDIS91 5.0", end="2026-05-31"), True),
        ("FDIS91 5.0", endpoint("FDIS91 5.0", status="suspended"), True),
        ("FDIS91 5.0", endpoint("HCO 1.1"), False),
        ("FDIS91 5.0", endpoint("FDIS91 4.0", environment="test"), False),
    ],
)
def test_versions_and_closings_differ_too(sor_edi: str, ours: dict[str, Any], disagree: bool) -> None:
    register = load({sor_edi: "Begge"}, ours)
    assert ("registers-disagree" in codes(register, "FDIS91")[1]) is disagree
    for registers in ("SOR-EDI", "EER"):
        policy = AddressingPolicy(registers=(registers,))
        assert "registers-disagree" not in codes(register, "FDIS91", policy=policy)[1]


def test_what_the_registers_tell_is_worked_out_again_where_too_much_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sor_addressing.addressing.support._KNOWN_LIMIT", 0)
    register = load({"XDIS91 XD9134L": "Begge"}, endpoint("FDIS91 5.0"))
    assert [codes(register, "FDIS91 5.0") for _ in range(2)] == [("supported", ["registers-disagree"])] * 2


def test_the_policy_says_which_registers_count() -> None:
    register = load({"XDIS91 XD9134L": "Modtag"}, endpoint("HCO 1.1"))
    only_eer, only_edi = AddressingPolicy(registers=["EER"]), AddressingPolicy(registers="SOR-EDI")  # type: ignore[arg-type]
    assert codes(register, "HCO 1.1", policy=only_edi)[0] == "unsupported"
    assert codes(register, "XDIS91", policy=only_eer)[0] == "unsupported"
    assert codes(register, "HCO", policy=only_eer)[0] == codes(register, "XDIS91", policy=only_edi)[0] == "supported"
    without = load(None, endpoint("HCO 1.1"))
    assert codes(without, "HCO", policy=only_edi) == ("support_unknown", ["message-types-not-loaded"])
    assert [unit.sor_code for unit in register.find(message_type="HCO")] == [UNIT]
    assert list(register.find(message_type="HCO", policy=only_edi)) == []


@pytest.mark.parametrize("value", [(), "SOR", ["EER", "x"], None, 3])
def test_registers_that_do_not_exist_are_refused(value: Any) -> None:
    with pytest.raises(PolicyError, match="registers is"):
        AddressingPolicy(registers=value)


def test_an_environment_counts_only_where_it_is_asked_for() -> None:
    for how in ({"environment": "test"}, {}):
        ours = endpoint("HCO 1.1", environment="" if how else "test")
        register = load({"XDIS91 XD9134L": "Modtag"}, ours, **how)
        assert codes(register, "HCO")[0] == "unsupported"
        assert codes(register, "HCO", policy=AddressingPolicy(environment="test"))[0] == "supported"
        assert codes(register, "HCO", policy=AddressingPolicy(environment="pilot"))[0] == "unsupported"
        alone = load(None, ours, **how)
        assert codes(alone, "HCO") == ("support_unknown", ["no-registrations"])
    with pytest.raises(ExtractError, match="environment is"):
        load(None, endpoint("HCO 1.1"), environment="staging")


def test_periods_count_on_the_day_that_is_asked_about() -> None:
    register = load(None, endpoint("HCO 1.1", start="2026-06-10", end="2026-06-20"))
    outcomes = [codes(register, "HCO", on=dt.date(2026, 6, day))[0] for day in (9, 10, 20, 21)]
    assert outcomes == ["unsupported", "supported", "supported", "unsupported"]


def test_a_fhir_type_wants_its_version_where_the_policy_does() -> None:
    register = load({"XDIS91 XD9134L": "Modtag", "FCTL": "Begge"}, endpoint("FDIS91 4.0"))
    exact = AddressingPolicy(fhir_version="exact")
    assert codes(register, "FDIS91 5.0")[0] == "supported"
    assert codes(register, "FDIS91 5.0", policy=exact)[0] == "unsupported"
    assert codes(register, "FDIS91 4.0", policy=exact)[0] == codes(register, "FDIS91", policy=exact)[0] == "supported"
    assert codes(register, "FCTL 2.0.0", policy=exact)[0] == "unsupported"  # registered without its version
    assert codes(register, "XDIS91 XD9133L", policy=exact)[0] == "supported"


def test_eer_never_says_what_is_sent_so_that_no_receipt_is_missed() -> None:
    register = load({"XDIS91 XD9134L": "Begge"}, endpoint("HCO 1.1"))
    assert "receipt-missing" not in codes(register, "HCO")[1]
    assert "receipt-missing" in codes(register, "XDIS91")[1]
    assert codes(register, "HCO", direction="send")[0] == "support_unknown"


def test_a_number_tells_each_registration_with_its_source() -> None:
    register = load({"FDIS91 5.0": "Begge"}, endpoint("FDIS91 5.0", "HCO 1.2", start="2026-01-01", environment="prod"))
    location = register.by_sor_code[UNIT].location
    assert location is not None
    said = [(str(one.message_type), one.source, one.may_send, one.environment) for one in location.registrations]
    assert said == [
        ("FDIS91 5.0", "SOR-EDI", True, None), ("FDIS91 5.0", "EER", None, "production"), ("HCO 1.2", "EER", None, "production"),
    ]  # fmt: skip
    assert location.registrations[1].period is not None
    assert location.registrations[1].to_dict()["source"] == "EER"
    assert set(location.registrations[0].to_dict()) == {"message_type", "may_send", "may_receive"}
    assert register.load_report.counts["endpoint_registrations"] == 2


def test_a_compiled_register_answers_the_same(tmp_path: Any) -> None:
    loaded = load(
        {"XDIS91 XD9134L": "Modtag"}, endpoint("HCO 1.1", end="2026-07-01"), endpoint("FDIS91 5.0", environment="test")
    )
    loaded.save(tmp_path / "both.sor")
    opened = Register.open(tmp_path / "both.sor", clock=lambda: DAY)
    for asked in URNS:
        for environment in ("production", "test"):
            policy = AddressingPolicy(environment=environment)  # type: ignore[arg-type]
            for on in (DAY, dt.date(2026, 8, 1)):
                one, other = (register.validate(UNIT, asked, on=on, policy=policy) for register in (loaded, opened))
                assert one.to_dict() == other.to_dict()
    assert opened.by_sor_code[UNIT].location.to_dict() == loaded.by_sor_code[UNIT].location.to_dict()  # type: ignore[union-attr]


# The oracle: lists of what is said, gone through for every question.

DAYS = [None, "2026-05-01", "2026-05-31", "2026-06-01", "2026-06-02", "2026-07-01"]
ENDPOINTS = st.lists(
    st.builds(
        lambda types, status, environment, first, last: endpoint(
            *types,
            status=status,
            environment=environment,
            **({"start": first} if first else {}),
            **({"end": last} if last else {}),
        ),
        st.lists(st.sampled_from(list(URNS)), min_size=1, max_size=3),
        st.sampled_from(["active", "active", "active", "suspended", "off", "test"]),
        st.sampled_from(["", "", "prod", "test"]),
        st.sampled_from(DAYS),
        st.sampled_from(DAYS),
    ),
    max_size=4,
)
SOR_EDI = st.none() | st.dictionaries(
    st.sampled_from([*URNS, "FDIS91", "FCTL"]), st.sampled_from(["Modtag", "Send", "Begge"]), max_size=4
)


def counting(
    sor_edi: dict[str, str] | None, endpoints: list[dict[str, Any]], policy: AddressingPolicy, on: dt.date
) -> set[str] | None:
    """The types that are received, as texts; None where nobody says anything of the number."""
    found: set[str] = set()
    speaks = False
    if "SOR-EDI" in policy.registers and sor_edi:
        speaks = True
        found |= {one for one, words in sor_edi.items() if words != "Send"}
    for one in endpoints if "EER" in policy.registers else []:
        texts = [kind["coding"][0]["code"] for kind in one["payloadType"]]
        environment = "test" if any(":test:" in text for text in texts) else "production"
        if environment != policy.environment:
            continue
        speaks = True
        period = one["period"]
        if one["status"] == "active" and period.get("start", "0") <= on.isoformat() <= period.get("end", "9"):
            found |= {name for name, urn in URNS.items() if urn in texts}
    return found if speaks else None


@settings(max_examples=250)
@given(
    SOR_EDI, ENDPOINTS, st.sampled_from([("SOR-EDI", "EER"), ("SOR-EDI",), ("EER",)]), st.sampled_from(["production", "test", "pilot"]),
    st.sampled_from([dt.date(2026, 5, 31), DAY, dt.date(2026, 6, 3)]), st.booleans(),
)  # fmt: skip
def test_the_answer_is_the_oracles(
    sor_edi: dict[str, str] | None,
    endpoints: list[dict[str, Any]],
    registers: Any,
    environment: Any,
    on: dt.date,
    exact: bool,
) -> None:
    if not endpoints:
        endpoints = [endpoint("HCO 1.1", status="off")]
    register = load(sor_edi, *endpoints)
    policy = AddressingPolicy(
        registers=registers, environment=environment, conversion_model="none", fhir_version="exact" if exact else "any"
    )
    types = counting(sor_edi, endpoints, policy, on)
    loaded = {"EER"} | ({"SOR-EDI"} if sor_edi is not None else set())
    for asked in ("FDIS91 5.0", "HCO 1.2", "XDIS91 XD9134L", "FCTL", "HCO"):
        outcome = str(register.validate(UNIT, asked, on=on, policy=policy).outcome)
        if not loaded & set(registers) or types is None:
            assert outcome == "support_unknown"
            continue
        code, _, version = asked.partition(" ")
        same = {one for one in types if one.split(" ")[0] == code}
        if exact and version and code != "XDIS91":
            same &= {asked}
        wanted = "supported" if same else "unsupported"
        if outcome == "support_unknown":
            # SOR-EDI speaks of sending alone: what is received is not said.
            assert not types
            continue
        assert outcome == wanted, (asked, types)


def of_records(**said: Any) -> Register:
    unit = UnitRecord(UNIT, UnitKind.ORGANISATIONAL_UNIT, location=LocationRecord(NUMBER))
    given = {"location_number": NUMBER, "message_type": "FDIS91 5.0"} | said
    return Register.from_records([unit], None, snapshot_date=DAY, endpoints=[EndpointRegistration(**given)])


def test_endpoints_of_records_are_read_as_other_records_are(tmp_path) -> None:
    spaced = of_records(location_number=" 579 0999 901017 ", status="act\udc80ive", message_type="FDIS91\x015.0")
    spaced.save(tmp_path / "a.sor")
    opened = Register.open(tmp_path / "a.sor")
    assert opened.load_report.problems == ()
    (found,) = opened.by_sor_code[UNIT].location.registrations
    assert (found.message_type.text, found.status) == ("FDIS91 5.0", "act\ufffdive")
    with pytest.raises(
        ExtractError, match="environment is 'prod': use one of production, pilot, test, or leave it out"
    ):
        of_records(environment="prod")


def test_the_report_tells_of_many_files_what_is_so_of_all_of_them(tmp_path) -> None:
    files = [tmp_path / "eer" / "organizations.json", tmp_path / "eer" / "endpoints.json"]
    files[0].parent.mkdir()
    for file, parts in zip(files, ((), (endpoint("FDIS91 5.0"),)), strict=True):
        file.write_bytes(eer(*parts))
    packed = tmp_path / "eer.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for file in files:
            archive.write(file, file.name)

    def sources(*given: Path | bytes) -> list[tuple[str, str | None]]:
        report = Register.load(*given, snapshot_date=DAY).load_report
        return [(source.file, source.digest) for source in report.sources]

    def sha256(file: Path) -> str:
        return hashlib.sha256(file.read_bytes()).hexdigest()

    assert sources(files[0].parent) == [(str(files[0].parent), None)]
    assert sources(packed) == [(str(packed), sha256(packed))]
    assert sources(files[1]) == [(str(files[1]), sha256(files[1]))]
    assert {digest for _, digest in sources(*[file.read_bytes() for file in files])} == set(map(sha256, files))
