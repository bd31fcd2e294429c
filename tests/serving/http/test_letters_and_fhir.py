"""Letters as bodies, and EAS's operations as FHIR has them."""

from __future__ import annotations

import asyncio
import datetime as dt
import gzip
import hashlib
import io
import json
import zipfile
from typing import Any
from urllib.parse import urlencode

import pytest
from lxml import etree
from tests.serving.http import inside
from tests.serving.http.running import Running

from sor_addressing import Register
from sor_addressing.serving.eas import OPERATIONS, by_gp_id, by_patients_gp, by_sor_id, gps_by_postal_code
from sor_addressing.serving.service.fhir.parameters import PARAMETERS
from sor_addressing.serving.service.resources import resource_in, written
from sor_addressing.testing import MadeUpLetter, edifact_of, fhir_of, oioxml_of

REGISTER = Register.sample()
MARK = {"made_up": True, "snapshot_date": "2026-01-15"}
PRACTICE = "urn:oid:1.2.208.176.1.4"


def zipped(data: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("letter.xml", data)
    return target.getvalue()


@pytest.mark.parametrize("make", [edifact_of, oioxml_of, fhir_of])
@pytest.mark.parametrize("kind", ["application/octet-stream", "text/xml; charset=utf-8", "no type at all", ""])
def test_a_letter_is_checked_whatever_it_is_sent_as(service: Running, make: Any, kind: str) -> None:
    letter = make(MadeUpLetter())
    answer = service.ask("/letters", "POST", letter, {"Content-Type": kind})
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    expected = [report.to_dict() for report in REGISTER.validate_message(letter)]
    assert answer.json == json.loads(json.dumps({"letters": expected, **MARK}))
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("letter", "status", "code"),
    [
        (b"", 400, "body-empty"),
        (b"no letter", 422, "letter-error"),
        (b"\0" * 1000, 422, "letter-error"),
        (b"UNA:+.? '", 422, "letter-error"),
        (b"<a>" * 10_000, 422, "letter-error"),
        (b"[" * 100_000, 422, "letter-error"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 422, "letter-error"),
        (zipped(b"0" * 50_000_000), 422, "letter-error"),
        (gzip.compress(b"0" * 50_000_000), 422, "letter-error"),
        (b"0" * 1_100_000, 413, "too-large"),
    ],
)
def test_what_is_no_letter_is_a_problem(service: Running, letter: bytes, status: int, code: str) -> None:
    answer = service.ask("/letters", "POST", letter, {"Accept-Language": "da"})
    assert (answer.status, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.json["code"] == code


def test_a_letter_that_is_too_large_is_refused_also_where_it_does_not_say_so(service: Running) -> None:
    answer = service.ask("/letters", "POST", iter([b"0" * 65_536] * 20))
    assert (answer.status, answer.json["code"]) == (413, "too-large")


def test_the_day_of_a_letter_may_be_given(service: Running) -> None:
    letter = edifact_of(MadeUpLetter())
    expected = [report.to_dict() for report in REGISTER.validate_message(letter, on=dt.date(2026, 3, 1))]
    assert service.ask("/letters?on=2026-03-01", "POST", letter).json["letters"] == json.loads(json.dumps(expected))
    assert service.ask("/letters?on=tomorrow", "POST", letter).status == 400


def parameters(**given: Any) -> dict[str, Any]:
    parts = []
    for name, values in given.items():
        for value in values if isinstance(values, list) else [values]:
            shape = {"resource": value} if isinstance(value, dict) else {"valueString": value}
            parts.append({"name": name, **shape})
    return {"resourceType": "Parameters", "parameter": parts}


PATIENT = {
    "resourceType": "Patient",
    "identifier": [{"system": "urn:oid:1.2.208.176.1.2", "value": "3102" + "999999"}],
    "generalPractitioner": [{"identifier": {"system": PRACTICE, "value": "990001"}}],
}
UNIT = REGISTER.by_provider_number["990001"][0]
NUMBER = {"resourceType": "Parameters", "parameter": [{"name": "gpId", "valueInteger": 1}]}
BY_SOR, BY_GP = "getReceivingOrganizationBySORId", "getReceivingOrganizationByGPId"
ASKED: list[tuple[str, dict[str, Any], Any]] = [
    (BY_SOR, parameters(sorId=[UNIT.sor_code], messageType=["DIS91"]), lambda: by_sor_id(REGISTER, [UNIT.sor_code], ["DIS91"])),
    (BY_GP, parameters(gpId="990001", messageType=["DIS91", "FDIS91"]), lambda: by_gp_id(REGISTER, "990001", ["DIS91", "FDIS91"])),
    (BY_GP, parameters(gpId="990999"), lambda: by_gp_id(REGISTER, "990999")),
    ("getReceivingOrganizationByPatientId", parameters(easCorePatient=PATIENT), lambda: by_patients_gp(REGISTER, "990001")),
    ("getListOfGpByPostalCode", parameters(postalCode=["0100", "0200"]), lambda: gps_by_postal_code(REGISTER, ["0100", "0200"])),
    ("getListOfGpByPostalCode", parameters(), lambda: gps_by_postal_code(REGISTER, [])),
]  # fmt: skip


@pytest.mark.parametrize(("operation", "sent", "expected"), ASKED)
@pytest.mark.parametrize("shape", ["json", "xml"])
def test_an_operation_of_eas_is_answered_as_its_function_answers(
    service: Running, operation: str, sent: dict[str, Any], expected: Any, shape: str
) -> None:
    kind = f"application/fhir+{shape}"
    answer = service.ask(
        f"/fhir/Organization/${operation}", "POST", written(sent, kind), {"Content-Type": kind, "Accept": kind}
    )
    resource = expected()
    assert answer.headers["content-type"] == kind
    assert answer.body == written(resource, kind)
    assert answer.status == {"Bundle": 200, "OperationOutcome": 404}[resource["resourceType"]]


@pytest.mark.parametrize(("operation", "sent", "expected"), [one for one in ASKED if "Patient" not in one[0]])
def test_an_operation_may_be_asked_by_its_texts_in_a_query(
    service: Running, operation: str, sent: dict[str, Any], expected: Any
) -> None:
    query = urlencode([(part["name"], part["valueString"]) for part in sent["parameter"]])
    for sign in "$", "%24":
        assert service.ask(f"/fhir/Organization/{sign}{operation}?{query}").json == expected()


@pytest.mark.parametrize("system", ["1.2.208.176.1.4", "https://www.ehealth.sundhed.dk/fhir/NamingSystem/ydernummer/"])
def test_a_practice_is_found_in_every_spelling_of_its_system(service: Running, system: str) -> None:
    patient = {**PATIENT, "generalPractitioner": [{"identifier": {"system": system, "value": "990001"}}]}
    path = "/fhir/Organization/$getReceivingOrganizationByPatientId"
    assert service.ask(path, "POST", json.dumps(parameters(easCorePatient=patient))).json["resourceType"] == "Bundle"


def test_nothing_of_a_patient_comes_back_or_is_logged(service: Running) -> None:
    cpr = PATIENT["identifier"][0]["value"]  # type: ignore[index]
    without = {key: value for key, value in PATIENT.items() if key != "generalPractitioner"}
    answer = service.ask(
        "/fhir/Organization/$getReceivingOrganizationByPatientId",
        "POST",
        json.dumps(parameters(easCorePatient=without)),
    )
    assert (answer.status, answer.json["issue"][0]["details"]["text"]) == (422, "fhir-no-practice")
    assert cpr not in answer.body.decode()
    assert cpr not in service.log


@pytest.mark.parametrize(
    ("operation", "sent", "status", "issue"),
    [
        (BY_SOR, parameters(), 400, ("invalid", "parameter-missing")),
        (BY_SOR, parameters(sorId=["x"]), 400, ("invalid", "NoSORInfoForSORId")),
        (BY_GP, parameters(gpId=["990001", "990002"]), 400, ("invalid", "parameter-twice")),
        (BY_GP, parameters(gpId="990001", message=["DIS91"]), 400, ("invalid", "fhir-parameter-unknown")),
        (BY_GP, NUMBER, 400, ("invalid", "fhir-no-string")),
        ("getReceivingOrganizationByPatientId", parameters(easCorePatient="990001"), 400, ("invalid", "fhir-no-patient")),
        ("getListOfGpByPostalCode", parameters(postalCode=["01000"]), 400, ("invalid", "NoSORInfoForPostalCode")),
        ("getListOfGpByPostalCode", {"resourceType": "Patient"}, 400, ("invalid", "fhir-not-parameters")),
        ("getListOfGpByPostalCode", {"resourceType": "Parameters", "parameter": "x"}, 400, ("invalid", "fhir-not-parameters")),
        ("getListOfGpByPostalCode", parameters(postalCode=["0100"] * 1_001), 400, ("invalid", "TooManyValues")),
        ("getListOfDentists", parameters(), 404, ("not-found", "fhir-no-operation")),
    ],
)  # fmt: skip
def test_parameters_are_held_against_the_published_definitions(
    service: Running, operation: str, sent: dict[str, Any], status: int, issue: tuple[str, str]
) -> None:
    answer = service.ask(
        f"/fhir/Organization/${operation}", "POST", json.dumps(sent), {"Content-Type": "application/json"}
    )
    first = answer.json["issue"][0]
    assert (answer.status, (first["code"], first["details"]["text"])) == (status, issue)


@pytest.mark.parametrize(
    ("sent", "kind", "status"),
    [
        (b"", "application/fhir+json", 400),
        (b"{", "application/fhir+json", 400),
        (b"[1]", "application/fhir+json", 400),
        (b"<a/>", "application/fhir+xml", 400),
        (b"<a", "application/fhir+xml", 400),
        (b'<!DOCTYPE Parameters [<!ENTITY a "b">]><Parameters xmlns="http://hl7.org/fhir"/>', "application/fhir+xml", 400),
        (b"<a>" * 1_000, "application/fhir+xml", 400),
        (b'<Parameters><parameter><name value="postalCode"/><valueString value="0100"/></parameter></Parameters>', "application/fhir+xml", 400),
        (b"[" * 10_000, "application/fhir+json", 400),
        (b"x", "text/csv", 415),
    ],
)  # fmt: skip
def test_a_body_that_is_no_resource_is_an_outcome(service: Running, sent: bytes, kind: str, status: int) -> None:
    answer = service.ask("/fhir/Organization/$getListOfGpByPostalCode", "POST", sent, {"Content-Type": kind})
    assert (answer.status, answer.json["resourceType"]) == (status, "OperationOutcome")


@pytest.mark.parametrize(
    ("asked", "kind"),
    [("json", "json"), ("application/fhir%2Bxml", "xml"), ("text/xml", "xml"), ("application/fhir+json", "json")],
)
def test_the_format_may_be_asked_for_in_the_query(service: Running, asked: str, kind: str) -> None:
    answer = service.ask(f"/fhir/metadata?_format={asked}", headers={"Accept": "text/html"})
    assert answer.headers["content-type"] == f"application/fhir+{kind}"
    assert service.ask("/fhir/metadata?_format=ttl").status == 406
    assert service.ask("/fhir/nothing", headers={"Accept": "application/fhir+xml"}).body.startswith(b"<?xml")


def test_the_capability_statement_names_every_published_operation(service: Running) -> None:
    statement = service.ask("/fhir/metadata").json
    operations = statement["rest"][0]["resource"][0]["operation"]
    published = [name for name in OPERATIONS if name != "getReceivingOrganizationByMessageTypeAndPostalCode"]
    assert [one["name"] for one in operations] == published
    assert all(one["definition"].endswith("/G" + one["name"][1:]) for one in operations)
    assert set(PARAMETERS) == set(OPERATIONS)
    tag = service.ask("/fhir/metadata").headers["etag"]
    assert service.ask("/fhir/metadata", headers={"If-None-Match": tag}).status == 304


def test_a_mark_before_json_is_none_of_it_and_no_number_of_a_patient_comes_back(service: Running) -> None:
    cpr = "3102" + "999999"
    sent = "\ufeff" + json.dumps(parameters(gpId="990001", messageType=[cpr]))
    answer = service.ask(f"/fhir/Organization/${BY_GP}", "POST", sent.encode())
    assert answer.json["issue"][0]["details"]["text"] == "NoEerReceiverDataForSORId"
    for given in (answer, service.ask(f"/validate/990001/{cpr}"), service.ask(f"/validate/{cpr}/{cpr[:6]}-{cpr[6:]}")):
        assert "9999" not in given.body.decode()


def test_the_capability_statement_has_another_tag_where_a_token_is_needed() -> None:
    token = "a-token-of-the-tests-1"  # noqa: S105 (made up)
    answers = [
        asyncio.run(inside.ask(inside.application(tokens=tokens), "/fhir/metadata", authorization=f"Bearer {token}"))
        for tokens in ((), (hashlib.sha256(token.encode()).digest(),))
    ]
    assert ["security" in answer.json["rest"][0] for answer in answers] == [False, True]
    assert answers[0].headers["etag"] != answers[1].headers["etag"]


def test_xml_says_what_json_says() -> None:
    for _, sent, expected in ASKED:
        for resource in (sent, expected()):
            assert (
                etree.fromstring(written(resource, "application/fhir+xml")).tag
                == f"{{http://hl7.org/fhir}}{resource['resourceType']}"
            )
        if "easCorePatient" in str(sent):
            continue  # nothing in XML tells that an identifier stands once at most
        assert (
            resource_in(written(sent, "application/fhir+xml"), "application/fhir+xml").get("parameter", [])
            == sent["parameter"]
        )


WITHOUT_AN_ANSWER = [
    "getReceivingOrganizationBySORId?sorId=1",
    "getReceivingOrganizationBySORId?sorId=9009991000016009&messageType=DIS91",
    "getReceivingOrganizationBySORId?sorId=9000011000016006&messageType=XREF15",
    "getReceivingOrganizationByGPId?gpId=-1-",
    "getReceivingOrganizationByGPId?gpId=990999",
    "getReceivingOrganizationByGPId?gpId=990001&messageType=XREF15&messageType=DIS20",
    "getReceivingOrganizationByGPId?gpId=990001&messageType=%20",
    "getListOfGpByPostalCode?postalCode=x",
    "getListOfGpByPostalCode?postalCode=0999",
    "getReceivingOrganizationByMessageTypeAndPostalCode?postalCode=0999&messageType=XREF15",
]


@pytest.mark.parametrize("asked", WITHOUT_AN_ANSWER)
def test_a_case_of_eas_is_told_in_the_language_asked_for(service: Running, asked: str) -> None:
    said: dict[str, list[str]] = {}
    for language in ("da", "en"):
        answer = service.ask(f"/fhir/Organization/${asked}", "GET", None, {"Accept-Language": language})
        assert answer.json["resourceType"] == "OperationOutcome"
        said[language] = [issue["diagnostics"] for issue in answer.json["issue"]]
    assert len(said["da"]) == len(said["en"])
    assert not set(said["da"]) & set(said["en"])


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/letters", {}),
        ("/letters", {"Content-Encoding": "gzip"}),
        ("/fhir/Organization/$getListOfGpByPostalCode", {"Content-Type": "application/fhir+json"}),
    ],
)
def test_a_body_that_is_missing_or_packed_is_told_in_danish(
    service: Running, path: str, headers: dict[str, str]
) -> None:
    answer = service.ask(path, "POST", b"", {**headers, "Accept-Language": "da"})
    told = answer.json.get("detail") or answer.json["issue"][0]["diagnostics"]
    assert told in (
        "Der er intet i forespørgslen; send en meddelelsesfil, eller en Parameters-ressource under /fhir",
        "Indholdet er pakket (Content-Encoding); send det, som det er",
    )
