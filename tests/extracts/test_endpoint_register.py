"""The endpoint register of EHMI (EER): Bundle, NDJSON, one resource a file, JSON and XML, with the quirks of what is published."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sor_addressing import Register
from sor_addressing.companions import DeviceRecord, EndpointRecord, OrganizationRecord
from sor_addressing.errors import ExtractError
from sor_addressing.extracts.fhir.reader import EndpointRegisterReader
from sor_addressing.extracts.fhir.telling import looks_like_endpoint_register
from sor_addressing.model import Problem
from sor_addressing.testing import RegisterBuilder
from sor_addressing.written_data import json_stream

EXAMPLE = (Path(__file__).parent / "eer_example.json").read_bytes()
RESOURCES: list[dict[str, Any]] = [entry["resource"] for entry in json.loads(EXAMPLE)["entry"]]
DAY = dt.date(2026, 11, 1)
NOBODY = 12 * "9" + "4"  # published so: "Not used for anything"
GLN = "http://www.gs1.org/gln"
SOR = "urn:oid:1.2.208.176.1.1"
CODES = "http://medcomehmi.dk/ig/terminology/CodeSystem/ehmi-message-definition-uri"
HCO = "urn:dk:healthcare:medcom:messaging:fhir:structuredefinition:homecareobservation:1.1"


def records(data: bytes, problems: list[Problem] | None = None) -> list[Any]:
    report = (problems if problems is not None else []).append
    return list(EndpointRegisterReader(io.BytesIO(data), file="eer.json", report=report))


def load(*sources: Any, **more: Any) -> Register:
    return Register.load(*sources, **{"snapshot_date": DAY, "clock": lambda: DAY, **more})


def organization(code: str, **more: Any) -> dict[str, Any]:
    identifier = [{"system": SOR, "value": code}]
    return {"resourceType": "Organization", "id": code, "identifier": identifier, "name": code, "active": True, **more}


def endpoint(number: str, manager: str, *codes: str, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Endpoint",
        "id": number,
        "identifier": [{"system": GLN, "value": number}],
        "status": "active",
        "managingOrganization": {"reference": f"Organization/{manager}"},
        "period": {"start": "2026-01-01"},
        "payloadType": [{"coding": [{"system": CODES, "code": code}]} for code in codes],
        **more,
    }


def bundle(*resources: dict[str, Any], **more: Any) -> bytes:
    return json.dumps(
        {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": one} for one in resources], **more}
    ).encode()


def ndjson(resources: list[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in resources).encode()


def xml_of(value: Any, name: str) -> str:
    if isinstance(value, list):
        return "".join(xml_of(one, name) for one in value)
    if isinstance(value, dict):
        url = f' url="{value["url"]}"' if "url" in value else ""
        inner = "".join(
            xml_of(one, key) for key, one in value.items() if key not in ("url", "resourceType") and key[0] != "_"
        )
        return f"<{name}{url}>{inner}</{name}>"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f'<{name} value="{text.replace("&", "&amp;").replace("<", "&lt;")}"/>'


def resource_xml(resource: dict[str, Any], *, ns: bool = True) -> str:
    kind = resource["resourceType"]
    inner = xml_of({key: value for key, value in resource.items() if key != "resourceType"}, kind)
    return inner.replace(f"<{kind}>", f'<{kind} xmlns="http://hl7.org/fhir">', 1) if ns else inner


def bundle_xml(resources: list[dict[str, Any]]) -> bytes:
    entries = "".join(f"<entry><resource>{resource_xml(one, ns=False)}</resource></entry>" for one in resources)
    return f'<?xml version="1.0"?><Bundle xmlns="http://hl7.org/fhir"><type value="collection"/>{entries}</Bundle>'.encode()


def answers(register: Register) -> list[Any]:
    return [
        (unit.to_dict(), unit.location.to_dict() if unit.location else None) for unit in register.by_sor_code.values()
    ]


def test_the_example_of_the_specification_is_a_small_register() -> None:
    register = load(EXAMPLE)
    assert register.load_report.problems == ()
    unit = register.by_sor_code["9000021000016002"]
    assert (unit.name, unit.parent, str(unit.kind)) == (
        "Eksempel Akutteam",
        register.by_sor_code["9000011000016006"],
        "OE",
    )
    assert unit.location is not None
    assert [
        (str(one.message_type), one.source, one.may_send, one.may_receive) for one in unit.location.registrations
    ] == [
        ("FCTL 2.0.0", "EER", None, True),
        ("SBDHACK 1.0", "EER", None, True),
    ]
    assert (unit.location.number, unit.location.inherited) == ("5790999901031", False)
    assert register.code_text("system", unit.location.system or "") == "Eksempel EOJ"
    assert unit.location.supplier == "Eksempel Leverandør A/S"


def test_every_form_is_the_same_register(tmp_path: Path) -> None:
    wanted = answers(load(EXAMPLE))
    folder = tmp_path / "folder"
    folder.mkdir()
    for one in RESOURCES:
        (folder / f"{one['resourceType']}-{one['id']}.json").write_text(json.dumps(one, indent=1), "utf-8")
    (folder / "StructureDefinition-x.json").write_text('{"resourceType":"StructureDefinition"}', "utf-8")
    archive = tmp_path / "eer.zip"
    with zipfile.ZipFile(archive, "w") as target:
        for path in sorted(folder.iterdir()):
            target.write(path, path.name)
    xml_folder = tmp_path / "xml"
    xml_folder.mkdir()
    for one in RESOURCES:
        (xml_folder / f"{one['id']}.xml").write_text(resource_xml(one), "utf-8")
    packed = tmp_path / "eer.json.gz"
    packed.write_bytes(gzip.compress(EXAMPLE))
    forms: list[Any] = [
        ndjson(RESOURCES), b"\xef\xbb\xbf" + EXAMPLE, json.dumps(RESOURCES).encode(), bundle_xml(RESOURCES),
        json.dumps(json.loads(EXAMPLE), indent=4).encode(), folder, archive, xml_folder, packed,
    ]  # fmt: skip
    for form in forms:
        register = load(form)
        assert sorted(map(str, answers(register))) == sorted(map(str, wanted)), form
    assert len(load(folder).load_report.sources) == 1
    assert load(folder).load_report.sources[0].file == str(folder)


def test_what_streams_in_parts_is_what_is_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = records(EXAMPLE)
    for block in (1, 7, 64, 1000, 5000):
        monkeypatch.setattr(json_stream, "_BLOCK", block)
        monkeypatch.setattr(json_stream, "_WHOLE", min(block, 200))
        found = records(json.dumps(json.loads(EXAMPLE), ensure_ascii=False).encode())
        assert [(type(one), one.names) for one in found] == [(type(one), one.names) for one in wanted]
        assert len(records(ndjson(RESOURCES))) == len(RESOURCES)


def test_lines_of_problems_are_those_of_the_resource() -> None:
    problems: list[Problem] = []
    broken = [RESOURCES[0], {**RESOURCES[3], "status": "aktiv"}, {**RESOURCES[4], "period": {"start": "i går"}}]
    records(ndjson(broken), problems)
    assert [(one.code, one.line, one.identifier) for one in problems] == [
        ("endpoint-status-unreadable", 2, "5790999901017"),
        ("row-period-unreadable", 3, "5790999901024"),
    ]


# What is published has quirks.


def test_names_lose_the_sor_code_they_end_in() -> None:
    found = records(bundle(organization("9000001000016009", name="EG (9000001000016009)")))[0]
    assert found.name == "EG"
    without = records(bundle({"resourceType": "Organization", "id": "x", "name": "EG (9000001000016009)"}))[0]
    assert (without.name, without.sor_code) == ("EG", "9000001000016009")


def test_the_default_organisation_and_its_number_load() -> None:
    register = load(bundle(organization("99999999999"), endpoint(NOBODY, "99999999999", HCO)))
    assert {one.code for one in register.load_report.problems} >= {"sor-code-shape"}
    assert register.by_location_number[NOBODY][0].sor_code == "99999999999"


def test_two_endpoints_of_one_unit_of_which_it_names_one() -> None:
    code, listed, other = "9000001000016009", "5790999901017", "5790999901024"
    unit = organization(code, endpoint=[{"reference": f"Endpoint/{listed}"}])
    register = load(bundle(unit, endpoint(other, code, HCO), endpoint(listed, code, HCO)))
    assert register.by_sor_code[code].location.number == listed  # type: ignore[union-attr]
    assert [one.code for one in register.load_report.problems] == [
        "owner-has-several-numbers",
        "registration-without-unit",
    ]


def test_made_from_sor_and_not_switched_on_is_not_closed_and_receives_nothing() -> None:
    code, number = "9000001000016009", "5790999901017"
    register = load(bundle(organization(code, active=False), endpoint(number, code, HCO, status="suspended")))
    verdict = register.validate(code, "HCO 1.1")
    assert (str(verdict.resolution.status), str(verdict.outcome)) == ("resolved", "unsupported")
    only_inactive = load(bundle(organization(code, active=False), endpoint(number, code, HCO)))
    assert not only_inactive.validate(code, "HCO 1.1").deliverable


def test_where_both_references_contradict_each_other_the_literal_one_counts() -> None:
    parent, child = "9000001000016009", "9000011000016006"
    part_of = {"reference": f"Organization/{parent}", "identifier": {"system": SOR, "value": child}}
    register = load(bundle(organization(child, partOf=part_of), organization(parent)))
    assert register.by_sor_code[child].parent == register.by_sor_code[parent]
    alone = load(bundle(organization(child, partOf=part_of)))
    assert [one.code for one in alone.load_report.problems] == ["parent-missing"]


def test_an_inherited_endpoint_is_inherited_also_without_a_tree() -> None:
    above, below, number = "9000001000016009", "9000011000016006", "5790999901017"
    refers = {"reference": f"https://eer.example.dk/Endpoint/{number}/_history/1"}
    register = load(
        bundle(
            organization(above),
            organization(below, endpoint=[refers]),
            organization("9000021000016002"),
            endpoint(number, above, HCO),
        )
    )
    location = register.by_sor_code[below].location
    assert location is not None
    assert (location.number, location.inherited, location.owner.sor_code) == (number, True, above)
    assert register.by_sor_code["9000021000016002"].location is None


@pytest.mark.parametrize(
    "system",
    [
        "http://www.gs1.org/gln",
        "https://www.gs1.org/gln",
        "urn:oid:1.3.88",
        "http://gs1.org/gln",
        "iso6523-actorid-upis",
        None,
    ],
)
def test_a_location_number_is_read_in_every_spelling(system: str | None) -> None:
    value = "0088:5790999901017" if system and "6523" in system else "5790999901017"
    kind = {"type": {"coding": [{"code": "GLN"}]}} if system is None else {"system": system}
    found = records(
        bundle({"resourceType": "Endpoint", "id": "x", "status": "active", "identifier": [{**kind, "value": value}]})
    )[0]
    assert found.number == "5790999901017"


def test_a_type_counts_whatever_else_stands_in_its_coding() -> None:
    coding = {"system": CODES, "code": HCO, "extension": [{"url": "https://example.org/note", "valueString": "x"}]}
    (found,) = records(bundle(endpoint("5790999901017", "x", payloadType=[{"coding": [coding]}])))
    assert found.types == (HCO,)


def test_the_envelope_is_no_type_and_old_codes_stand_beside_new() -> None:
    envelope = "urn:dk:healthcare:ehmi:messaging:envelope:xml:sbdh:1.0"
    found = records(
        bundle(endpoint("5790999901017", "x", envelope, HCO, HCO.replace("1.1", "1.2"), "urn:other:thing"))
    )[0]
    assert found.types == (HCO, HCO.replace("1.1", "1.2"), "urn:other:thing")
    text = endpoint(
        "5790999901017",
        "x",
        payloadType=[
            {"text": "HomeCareObservation 1.1"},
            {"coding": [{"code": "unknown", "system": "http://terminology.hl7.org/CodeSystem/data-absent-reason"}]},
        ],
    )
    assert records(bundle(text))[0].types == ("HomeCareObservation 1.1",)


@pytest.mark.parametrize(
    ("code", "environment"),
    [("urn:dk:medcom:test:messaging:fhir", "test"), ("urn:dk:medcom:prod:messaging:sbdh", "production")],
)
def test_a_payload_kind_names_the_environment(code: str, environment: str) -> None:
    kind = {
        "coding": [
            {"system": "http://medcomehmi.dk/ig/terminology/CodeSystem/ehmi-payload-type", "code": code},
            {"system": CODES, "code": HCO},
        ]
    }
    found = records(bundle(endpoint("5790999901017", "x", payloadType=[kind])))[0]
    assert (found.types, found.environment) == ((HCO,), environment)


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ({"start": "2026", "end": "2026"}, dt.date(2026, 1, 1), dt.date(2026, 12, 31)),
        ({"start": "2026-02", "end": "2028-02"}, dt.date(2026, 2, 1), dt.date(2028, 2, 29)),
        ({"start": "2026-10-01T00:00:00.000+02:00"}, dt.date(2026, 10, 1), None),
        ({}, None, None),
        ({"end": "9999-12-31"}, None, dt.date(9999, 12, 31)),
        ({"start": "0001-01-01", "end": "9999"}, dt.date(1, 1, 1), dt.date(9999, 12, 31)),
    ],
)
def test_periods_in_every_precision(period: dict[str, str], first: dt.date | None, last: dt.date | None) -> None:
    found = records(bundle(endpoint("5790999901017", "x", HCO, period=period)))[0]
    assert (found.from_date, found.to_date, found.period_unreadable) == (first, last, False)


def test_owners_of_access_points_are_no_units_and_persons_are_not_read() -> None:
    profile = {"profile": ["http://medcomehmi.dk/ig/eer/StructureDefinition/eer-ap-organization-owner"]}
    owner = {
        "resourceType": "Organization",
        "id": "ap",
        "meta": profile,
        "name": "AP",
        "identifier": [{"system": "http://cvr.dk", "value": "99000007"}],
    }
    person = {
        "resourceType": "Patient",
        "id": "p",
        "identifier": [{"system": "urn:oid:1.2.208.176.1.2", "value": "9901019999"}],
    }
    problems: list[Problem] = []
    found = records(bundle(owner, person, organization("9000001000016009", name="født 3102999999")), problems)
    assert [one.is_unit for one in found] == [False, True]
    assert "3102999999" not in repr(found)
    assert problems == []


def test_the_day_of_a_bundle_is_its_own() -> None:
    register = Register.load(bundle(organization("9000001000016009"), timestamp="2026-03-01T10:00:00+01:00"))
    assert (register.snapshot_date, register.load_report.sources[0].origin) == (dt.date(2026, 3, 1), "file")
    assert Register.load(
        bundle(organization("9000001000016009"), meta={"lastUpdated": "2026-03-02T10:00:00Z"})
    ).snapshot_date == dt.date(2026, 3, 2)


# Damage and hostility: an error of ours, and nothing else.


@pytest.mark.parametrize(
    "data",
    [
        EXAMPLE[:-4], EXAMPLE[:5000], EXAMPLE[:-4] + b",]}", EXAMPLE + b"]", EXAMPLE + b'{"resourceType"', EXAMPLE.replace(b'"active"', b'"\xff"', 1),
        EXAMPLE.replace(b'"active":true', b'"active":NaN', 1), EXAMPLE.decode().encode("utf-16"),
        b'{"resourceType":"Organization","a":' + b"[" * 200_000, b'{"resourceType":"Organization","a":' + b'{"a":' * 200_000,
        b'{"resourceType":"Bundle","entry":[' + b'{"resource":' * 100_000,
        b'<Bundle xmlns="http://hl7.org/fhir"><entry>', b'<!DOCTYPE a><Bundle xmlns="http://hl7.org/fhir"/>',
        b'{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Endpoint"}},]}',
    ],
)  # fmt: skip
def test_a_damaged_file_is_refused_with_an_error_of_ours(data: bytes) -> None:
    with pytest.raises(ExtractError):
        load(data)


def test_a_bundle_of_two_lists_or_with_keys_twice_says_nothing_twice() -> None:
    twice = EXAMPLE.replace(b'"status":"active"', b'"status":"active","status":"off"', 1)
    register = load(twice)
    assert [one.code for one in register.load_report.problems] == ["endpoint-status-unreadable"]


def test_a_message_is_none_of_the_register() -> None:
    assert not looks_like_endpoint_register(b'{"resourceType":"Bundle","type":"message","entry":[]}')
    with pytest.raises(ExtractError):
        load(b'{"resourceType":"Bundle","type":"message","entry":[]}')


def test_endpoints_alone_make_no_register() -> None:
    with pytest.raises(ExtractError, match="holds no units of the endpoint register"):
        load(bundle(endpoint("5790999901017", "x", HCO)))


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["identifier", "system", "value", "coding", "code", "reference", "url",
         "extension", "start", "end", "name", "text", "type", "x"]), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip
FIELDS = ["id", "meta", "identifier", "active", "type", "name", "telecom", "address", "partOf", "endpoint", "extension", "status", "period",
          "managingOrganization", "payloadType", "manufacturer", "deviceName", "resourceType"]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, len(RESOURCES) - 1), st.dictionaries(st.sampled_from(FIELDS), anything, max_size=4)),
        max_size=4,
    )
)
def test_whatever_stands_in_a_resource_gives_records_or_problems(changes: list[tuple[int, dict[str, Any]]]) -> None:
    resources = [dict(one) for one in RESOURCES]
    for at, change in changes:
        resources[at] = {**resources[at], **change}
    found = records(bundle(*resources))
    assert all(isinstance(one, OrganizationRecord | EndpointRecord | DeviceRecord) for one in found)
    try:
        register = load(bundle(*resources))
    except ExtractError:
        return
    for unit in register.by_sor_code.values():
        register.validate(unit, "FDIS91 5.0").to_dict()


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(EXAMPLE) - 1), st.binary(min_size=1, max_size=3), st.booleans())
def test_damage_anywhere_gives_a_register_or_an_error_of_ours(at: int, put: bytes, cut: bool) -> None:
    data = EXAMPLE[:at] if cut else EXAMPLE[:at] + put + EXAMPLE[at + 1 :]
    try:
        load(data)
    except ExtractError:
        pass


def test_a_manager_that_sor_has_elsewhere_is_told_beside_sor(tmp_path: Path) -> None:
    build = RegisterBuilder(snapshot_date=DAY)
    owner = build.owner("Ejeren")
    house = build.institution(owner, "Huset", location_number=True)
    other = build.institution(owner, "Det andet hus", location_number=True)
    below = build.unit(house, "Afsnittet", inherits=True)
    written = build.write(tmp_path)
    numbers = {unit: build.extract().unit(unit).location.number for unit in (house, other)}  # type: ignore[union-attr]
    managed = [endpoint(number, unit, HCO) for unit, number in numbers.items()]

    def told(*referred: str) -> list[tuple[str | None, Any]]:
        endpoints = [{"reference": f"Endpoint/{numbers[one]}"} for one in referred]
        units = [organization(house), organization(other), organization(below, endpoint=endpoints)]
        problems = load(written.units, bundle(*units, *managed)).load_report.problems
        assert all(one.text("da") and one.text("en") for one in problems)
        found = [one for one in problems if one.code == "endpoint-manager-not-above"]
        return [(one.identifier, dict(one.details)) for one in found]

    assert told(house) == told() == []
    assert told(house, other) == [(below, {"number": numbers[other], "manager": other})]
