"""The description of the service: valid, whole, and of the questions that are really asked."""

from __future__ import annotations

import re

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from tests.serving.recorded import references

from sor_addressing import Register
from sor_addressing.field_names import FILTERS, LISTED_FILTERS
from sor_addressing.serving.eas import OPERATIONS
from sor_addressing.serving.openapi import ROUTES, openapi
from sor_addressing.serving.questions import ASKS, answer_question
from sor_addressing.serving.schemas import schema_names
from sor_addressing.serving.service.fhir.parameters import PARAMETERS, methods_of

DOCUMENT = openapi()
ASKED = {
    "resolve": "resolve",
    "validate": "validate",
    "validateMany": "validate",
    "unit": "unit",
    "search": "search",
    "find": "find",
}
IN_THE_PATH = {"id", "message_type", "sor_code"}


def test_it_is_valid() -> None:
    OpenAPIV31SpecValidator(DOCUMENT).validate()


def test_every_answer_is_in_it_and_every_reference_leads_somewhere() -> None:
    assert set(DOCUMENT["components"]["schemas"]) >= set(schema_names()) - {"Question", "Reply"}
    for reference in references(DOCUMENT):
        found: object = DOCUMENT
        for part in reference.removeprefix("#/").split("/"):
            assert isinstance(found, dict)
            found = found[part]


def test_it_is_another_document_each_time() -> None:
    openapi()["paths"].clear()
    openapi()["components"]["schemas"]["Verdict"]["properties"].clear()
    assert openapi() == DOCUMENT


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_a_route_has_every_part_of_its_path_and_every_status(route) -> None:
    operation = DOCUMENT["paths"][route.path][route.method]
    named = {one["name"] for one in operation["parameters"] if one.get("in") == "path"}
    assert named == set(re.findall(r"{(\w+)}", route.path))
    assert {"200", "400", "406", "503", "default"} <= operation["responses"].keys()
    assert ("401" in operation["responses"]) is not route.is_open
    assert ("requestBody" in operation) is (route.method == "post")


@pytest.mark.parametrize(("name", "ask"), ASKED.items())
def test_a_query_has_the_keys_of_its_question(name: str, ask: str) -> None:
    route = next(route for route in ROUTES if route.name == name)
    operation = DOCUMENT["paths"][route.path][route.method]
    keys = {one["name"] for one in operation["parameters"] if one.get("in") == "query"} - {"short"}
    asked = set(ASKS[ask][0]) - {"ask", "ref", "id"}
    path = {"message_type"} if "{message_type}" in route.path or route.method == "post" else set()
    assert keys == asked - path


@pytest.mark.parametrize(("name", "more"), [("find", {}), ("search", {"text": "klinik"})])
def test_parameters_are_what_questions_take(name: str, more: dict[str, str]) -> None:
    schemas = {one.get("name"): one.get("schema", {}) for one in DOCUMENT["paths"][f"/{name}"]["get"]["parameters"]}
    assert {one for one in FILTERS if schemas[one].get("type") == "array"} == set(LISTED_FILTERS)
    least, most = schemas["limit"]["minimum"], schemas["limit"]["maximum"]
    refused = [
        "error" in answer_question(Register.sample(), {"ask": name, "limit": limit, **more})
        for limit in (least - 1, least, most, most + 1)
    ]
    assert refused == [True, False, False, True]


def test_the_names_of_operations_are_names_of_functions() -> None:
    names = [route.name for route in ROUTES]
    assert len(names) == len(set(names))
    assert all(name.isidentifier() for name in names)


def test_the_operations_of_eas_that_are_published_are_there() -> None:
    there = {route.path.rpartition("$")[2] for route in ROUTES if "$" in route.path}
    assert there <= OPERATIONS.keys()
    assert {"getReceivingOrganizationBySORId", "getReceivingOrganizationByGPId", "getListOfGpByPostalCode"} <= there


@pytest.mark.parametrize("code", [code for code in PARAMETERS if "GET" in methods_of(code)])
def test_a_query_of_eas_has_the_parameters_of_its_operation(code: str) -> None:
    described = DOCUMENT["paths"][f"/fhir/Organization/${code}"]["get"]["parameters"]
    assert {
        one["name"]: (one["required"], one["schema"].get("type") == "array")
        for one in described
        if one.get("in") == "query" and one["name"] != "_format"
    } == {name: (parameter.least > 0, parameter.is_several) for name, parameter in PARAMETERS[code].items()}


def test_a_letter_is_sent_as_the_bytes_that_it_is() -> None:
    """Without a format generated clients send it as JSON: in quotes, or in Base64."""
    body = DOCUMENT["paths"]["/letters"]["post"]["requestBody"]["content"]["application/octet-stream"]["schema"]
    assert (body["type"], body["format"]) == ("string", "binary")
