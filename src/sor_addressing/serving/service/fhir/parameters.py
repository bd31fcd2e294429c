"""What EAS's operations take: their published parameters, and the Parameters resource of a request held against them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sor_addressing.hiding import must_hide, shown
from sor_addressing.identifiers import IdentifierKind, kind_of_system
from sor_addressing.serving.service.problems import ServiceProblem
from sor_addressing.serving.service.resources import Resource

_MOST = 5_000


class Parameter(NamedTuple):
    """A parameter of an OperationDefinition: its type, how often it has to stand, and whether it may stand more than once."""

    kind: str
    least: int
    is_several: bool
    argument: str


_TYPES = Parameter("string", 0, True, "message_type")
PARAMETERS: Mapping[str, Mapping[str, Parameter]] = {
    "getReceivingOrganizationBySORId": {"sorId": Parameter("string", 1, True, "sor_id"), "messageType": _TYPES},
    "getReceivingOrganizationByGPId": {"gpId": Parameter("string", 1, False, "gp_id"), "messageType": _TYPES},
    "getReceivingOrganizationByPatientId": {
        "easCorePatient": Parameter("Patient", 1, False, "gp_id"),
        "messageType": _TYPES,
    },
    "getListOfGpByPostalCode": {"postalCode": Parameter("string", 0, True, "postal_code")},
    # A draft of EAS: no definition is published, use case 5 is followed.
    "getReceivingOrganizationByMessageTypeAndPostalCode": {
        "messageType": Parameter("string", 1, True, "message_type"),
        "postalCode": Parameter("string", 1, True, "postal_code"),
    },
}
"""Each operation's parameters, by its ``$code`` (EAS 2.0.0, OperationDefinitions)."""


def methods_of(operation: str) -> list[str]:
    """How an operation may be asked: by ``GET`` too where it takes nothing but texts, as FHIR has it."""
    return ["GET", "POST"] if all(one.kind == "string" for one in PARAMETERS[operation].values()) else ["POST"]


def parameters_of(query: Mapping[str, object]) -> Resource:
    """What stands in a query, as a Parameters resource."""
    parts = [
        {"name": name, "valueString": value}
        for name, values in query.items()
        for value in (values if isinstance(values, list) else [values])
    ]
    return {"resourceType": "Parameters", "parameter": parts}


def arguments_of(operation: str, resource: Resource) -> dict[str, Any]:
    """The arguments of the function that answers an operation.

    Raises:
        ServiceProblem: the resource is no Parameters, or has not what the definition says.
    """
    if resource.get("resourceType") != "Parameters":
        raise ServiceProblem("fhir-not-parameters", 400)
    known = PARAMETERS[operation]
    given: dict[str, list[Any]] = {name: [] for name in known}
    parts = resource.get("parameter", [])
    if not isinstance(parts, list) or len(parts) > _MOST:
        raise ServiceProblem("fhir-not-parameters", 400)
    for part in parts:
        name = part.get("name") if isinstance(part, dict) else None
        if not isinstance(name, str) or name not in known:
            raise ServiceProblem("fhir-parameter-unknown", 400, name=shown(str(name)), known=", ".join(known))
        given[name].append(_value(name, known[name], part))
    arguments = {}
    for name, values in given.items():
        parameter = known[name]
        if len(values) < parameter.least:
            raise ServiceProblem("parameter-missing", 400, name=name)
        if len(values) > 1 and not parameter.is_several:
            raise ServiceProblem("parameter-twice", 400, name=name)
        arguments[parameter.argument] = values if parameter.is_several else values[0]
    return arguments


def _value(name: str, parameter: Parameter, part: Resource) -> str:
    if parameter.kind == "Patient":
        return _practice_of(part.get("resource"))
    value = part.get("valueString")
    others = [key for key in part if key not in ("id", "name", "valueString", "extension")]
    if not isinstance(value, str) or not value.strip() or others:
        raise ServiceProblem("fhir-no-string", 400, name=name)
    return value


def _practice_of(patient: object) -> str:
    """The provider number of a patient's general practitioner. Who the patient is, is never looked at.

    Raises:
        ServiceProblem: the patient names none.
    """
    if not isinstance(patient, dict) or patient.get("resourceType") != "Patient":
        raise ServiceProblem("fhir-no-patient", 400)
    practices = patient.get("generalPractitioner")
    for one in practices if isinstance(practices, list) else [practices]:
        identifier = one.get("identifier") if isinstance(one, dict) else None
        # As XML has it, where nothing tells that there is one at most.
        found = identifier[0] if isinstance(identifier, list) and identifier else identifier
        system, value = (found.get("system"), found.get("value")) if isinstance(found, dict) else (None, None)
        if not (isinstance(system, str) and isinstance(value, str)) or must_hide(value):
            continue
        if kind_of_system(system) is IdentifierKind.PROVIDER_NUMBER and value.strip():
            return value
    raise ServiceProblem("fhir-no-practice", 422)
