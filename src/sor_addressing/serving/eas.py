"""The questions of EHMI's addressing service (EAS), answered from a register: who receives a message, and on which endpoints.

Followed are the OperationDefinitions of EAS 2.0.0 (2026-04-16), which declare no output: what comes back here is a searchset ``Bundle`` of
Organizations (EAS Messaging Organization) and the Endpoints (EER 2.0.1-draft) that they refer to, or an ``OperationOutcome``. No codes of
outcomes are published: severity ``error`` with ``not-found`` or ``invalid``, and the name that EAS's diagrams give the case, in ``details.text``.
A parameter has at most :data:`MOST` values, message types :data:`MOST_TYPES`; of more nothing is answered (``TooManyValues``). That a
register is too old is an issue of every answer, and of one that the policy refuses it is the whole answer; a policy that follows
successors, or addresses the owner of a location number, has that unit in the answer.

Several message types mean any of them, for a receiver that never sends a FHIR letter has no acknowledgement. Several units that share a
provider number are all returned; choosing is the sender's. The operation by message type and postal code is a draft of EAS. Diagnostics are in
``language``, ``da`` or ``en``.

>>> from sor_addressing import Register
>>> answer = by_gp_id(Register.sample(), "990001", ["DIS91"])
>>> [entry["resource"]["resourceType"] for entry in answer["entry"]]
['Organization', 'Endpoint']
>>> by_gp_id(Register.sample(), "990999")["issue"][0]["details"]["text"]
'NoSORInfoForGPId'
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from sor_addressing.addressing.age import said_of_age
from sor_addressing.addressing.findings import Finding, findings_of
from sor_addressing.addressing.policy import DEFAULT_POLICY, AddressingPolicy
from sor_addressing.addressing.recipients import Recipient
from sor_addressing.addressing.severities import Severity
from sor_addressing.addressing.support import Outcome
from sor_addressing.exports.formats.eer_bundle import EerWriter
from sor_addressing.hiding import must_hide, shown
from sor_addressing.identifiers import IdentifierKind, ProviderNumber, SorCode, parse
from sor_addressing.index.inside import row_of
from sor_addressing.index.unit import Unit
from sor_addressing.messages.catalogue import MessageType, catalogue
from sor_addressing.register.face import Register
from sor_addressing.register.inside import day_asked, index_of
from sor_addressing.search.rules.filters import Filter
from sor_addressing.search.rules.narrowing import rows_matching
from sor_addressing.texts import text_of

__all__ = [
    "FOLLOWS",
    "OPERATIONS",
    "by_gp_id",
    "by_message_type_and_postal_code",
    "by_patients_gp",
    "by_sor_id",
    "gps_by_postal_code",
]

FOLLOWS = "EAS 2.0.0 (2026-04-16)"
"""The version of the specification that is followed."""

PROFILE = "http://medcomehmi.dk/ig/eas/StructureDefinition/eas-messaging-organization"
GENERAL_PRACTICE = "394761003"
MOST = 1_000
"""So many values one parameter may have."""

MOST_TYPES = 100
"""So many message types: each is looked at for each unit."""

Answer = dict[str, Any]
Values = str | Iterable[str]
Types = str | MessageType | Iterable[str | MessageType]


def by_sor_id(
    register: Register,
    sor_id: Values,
    message_type: Types = (),
    *,
    on: dt.date | None = None,
    policy: AddressingPolicy | None = None,
    language: str = "en",
) -> Answer:
    """``$getReceivingOrganizationBySORId``: the units with these SOR codes that receive any of the message types; any at all where none is given.

    Of several codes those that lead to nobody are named in an OperationOutcome beside the others.
    """
    asked = _EasQuestion(register, message_type, on, policy, language)
    codes = asked.values(sor_id)
    if asked.fault or not codes:
        return asked.fault or asked.outcome("invalid", "SORIdMissing", "sor-code-missing")
    rows: list[int] = []
    issues: list[Answer] = []
    for given in codes:
        code = _given_as(IdentifierKind.SOR_CODE, given)
        unit = register.by_sor_code.get(code)
        if unit is None and SorCode.is_valid(code):
            issues.append(asked.issue("not-found", "NoSORInfoForSORId", "no-unit", given=shown(given)))
        elif unit is None:
            issues.append(asked.issue("invalid", "NoSORInfoForSORId", "no-sor-code", given=shown(given)))
        elif (recipient := asked.recipient(unit)) is None:
            issues.append(asked.not_received("unit-receives-not", given=unit.sor_code))
        else:
            rows.append(row_of(recipient.unit))
    return asked.answer(rows, issues)


def by_gp_id(
    register: Register,
    gp_id: str,
    message_type: Types = (),
    *,
    on: dt.date | None = None,
    policy: AddressingPolicy | None = None,
    language: str = "en",
) -> Answer:
    """``$getReceivingOrganizationByGPId``: every unit with this provider number that receives any of the message types."""
    asked = _EasQuestion(register, message_type, on, policy, language)
    number = ProviderNumber.compact(_given_as(IdentifierKind.PROVIDER_NUMBER, str(gp_id)))
    if asked.fault or not ProviderNumber.fits(number):
        return asked.fault or asked.outcome(
            "invalid", "NoSORInfoForGPId", "no-provider-number", given=shown(str(gp_id))
        )
    units = [unit for unit in register.by_provider_number.get(number, ()) if asked.is_open(unit)]
    if not units:
        return asked.outcome("not-found", "NoSORInfoForGPId", "nobody-in-force", given=number)
    rows = asked.recipients(units)
    return asked.answer(rows, [] if rows else [asked.not_received("units-receive-not", given=number)])


def by_patients_gp(
    register: Register,
    gp_id: str,
    message_type: Types = (),
    *,
    on: dt.date | None = None,
    policy: AddressingPolicy | None = None,
    language: str = "en",
) -> Answer:
    """``$getReceivingOrganizationByPatientId`` from its second step on, by the provider number of the patient's own GP.

    Who a patient's GP is stands in the registers of persons and of the health insurance, which no local library has: a CPR number is refused
    and never looked at.
    """
    if must_hide(str(gp_id)):
        asked = _EasQuestion(register, (), on, policy, language)
        return asked.outcome("invalid", "NoSORInfoForGPId", "cpr-number")
    return by_gp_id(register, gp_id, message_type, on=on, policy=policy, language=language)


def gps_by_postal_code(
    register: Register,
    postal_code: Values = (),
    *,
    on: dt.date | None = None,
    policy: AddressingPolicy | None = None,
    language: str = "en",
) -> Answer:
    """``$getListOfGpByPostalCode``: the general practices in force whose address has one of the postal codes, with their endpoints.

    EAS's diagram has organisations without endpoints here, its operation with them: the operation is followed.
    """
    asked = _EasQuestion(register, (), on, policy, language)
    return _by_postal_code(asked, asked.values(postal_code), GENERAL_PRACTICE)


def by_message_type_and_postal_code(
    register: Register,
    message_type: Types,
    postal_code: Values,
    *,
    on: dt.date | None = None,
    policy: AddressingPolicy | None = None,
    language: str = "en",
) -> Answer:
    """Draft of EAS (use case 5): the units whose address has one of the postal codes and that receive any of the message types."""
    asked = _EasQuestion(register, message_type, on, policy, language)
    if not asked.fault and not asked.types:
        return asked.outcome("invalid", "MessageTypeMissing", "message-type-missing")
    codes = asked.values(postal_code)
    if not asked.fault and not codes:
        return asked.outcome("invalid", "NoSORInfoForPostalCode", "postal-code-missing")
    return _by_postal_code(asked, codes, None)


OPERATIONS: Mapping[str, Callable[..., Answer]] = {
    "getReceivingOrganizationBySORId": by_sor_id,
    "getReceivingOrganizationByGPId": by_gp_id,
    "getReceivingOrganizationByPatientId": by_patients_gp,
    "getListOfGpByPostalCode": gps_by_postal_code,
    "getReceivingOrganizationByMessageTypeAndPostalCode": by_message_type_and_postal_code,
}
"""EAS's operations by their ``$code``, each as the function that answers it."""


class _EasQuestion:
    """What all questions have in common: the register, its day, and the types of which any will do."""

    __slots__ = ("day", "fault", "language", "on", "policy", "register", "said", "types")

    def __init__(
        self, register: Register, types: Types, on: dt.date | None, policy: AddressingPolicy | None, language: str
    ) -> None:
        self.register = register
        self.language = language
        self.on = on
        self.day = day_asked(register, on)
        self.policy = policy or DEFAULT_POLICY
        self.types: list[MessageType] = []
        findings = findings_of(index_of(register), said_of_age(register.age_days, self.policy))
        self.said = [_issue_of(finding, language) for finding in findings]
        is_refused = any(finding.severity is Severity.ERROR for finding in findings)
        self.fault: Answer | None = {"resourceType": "OperationOutcome", "issue": self.said} if is_refused else None
        for one in self._few(types, MOST_TYPES):
            found = catalogue().read(one if isinstance(one, MessageType) else str(one))
            if found is None:
                self.fault = self.outcome("invalid", "MessageTypeUnknown", "message-type-blank")
            else:
                self.types.append(found)

    def values(self, given: object) -> list[str]:
        """The values of one parameter, one or several, as text."""
        return [str(one) for one in self._few(given)]

    def _few(self, given: object, most: int = MOST) -> list[object]:
        """The values of one parameter; none, and the question is at fault, where they are more than there may be."""
        if isinstance(given, (str, MessageType)) or not isinstance(given, Iterable):
            return [given]
        found = list(islice(given, most + 1))
        if len(found) > most:
            self.fault = self.outcome("invalid", "TooManyValues", "too-many-values", most=most)
            return []
        return found

    def issue(self, code: str, name: str, text: str, **values: object) -> Answer:
        """What is said of a case, in the language asked for."""
        words = text_of("serving", f"eas.{text}", self.language, values)
        return {"severity": "error", "code": code, "details": {"text": name}, "diagnostics": words}

    def not_received(self, text: str, **values: object) -> Answer:
        """That one or all don't receive what was asked for."""
        types = f" {text_of('serving', 'eas.or', self.language, {})} ".join(one.text for one in self.types)
        what = types or text_of("serving", "eas.anything", self.language, {})
        return self.issue("not-found", "NoEerReceiverDataForSORId", text, what=what, **values)

    def outcome(self, code: str, name: str, text: str, **values: object) -> Answer:
        """An answer that is one issue, and what is said of the register's age."""
        return {"resourceType": "OperationOutcome", "issue": [self.issue(code, name, text, **values), *self.said]}

    def is_open(self, unit: Unit) -> bool:
        """Whether a unit is in force on the day."""
        return index_of(self.register).is_in_force(row_of(unit), self.day)

    def recipient(self, unit: Unit) -> Recipient | None:
        """Who gets what is sent to a unit, where that can be reached and has one of the types registered; any at all where none is asked for."""
        for one in self.types:
            verdict = self.register.validate(unit, one, on=self.on, policy=self.policy)
            if verdict.outcome is Outcome.SUPPORTED:
                return verdict.resolution.recipient
        if self.types:
            return None
        return self.register.resolve(sor_code=unit.sor_code, on=self.on, policy=self.policy).recipient

    def recipients(self, units: Iterable[Unit]) -> list[int]:
        """The rows of those whom :meth:`recipient` finds."""
        return [row_of(one.unit) for one in map(self.recipient, units) if one is not None]

    def answer(self, rows: Sequence[int], issues: list[Answer]) -> Answer:
        """A Bundle of these units and their endpoints; an OperationOutcome where there is none."""
        index = index_of(self.register)
        writer = EerWriter(index, self.day, self.policy)
        units: list[Answer] = []
        endpoints: dict[str, Answer] = {}
        for row in dict.fromkeys(rows):
            unit = Unit(index, row)
            location = unit.location
            own = writer.endpoints(location) if location is not None else []
            if not own:
                # Only what has an endpoint can be one of EAS's organisations.
                issues.append(self.not_received("no-endpoint", given=unit.sor_code))
                continue
            organization = writer.organization(unit)
            organization["meta"] = {"profile": [PROFILE]}
            organization.pop("contact", None)
            organization.pop("extension", None)
            units.append({"resource": organization, "search": {"mode": "match"}})
            for endpoint in own:
                endpoints[endpoint["id"]] = {"resource": endpoint, "search": {"mode": "include"}}
        if not units and not issues:
            issues.append(self.not_received("nobody-receives"))
        issues += self.said
        if not units:
            return {"resourceType": "OperationOutcome", "issue": issues}
        entries = [*units, *endpoints.values()]
        if issues:
            entries.append(
                {"resource": {"resourceType": "OperationOutcome", "issue": issues}, "search": {"mode": "outcome"}}
            )
        return {"resourceType": "Bundle", "type": "searchset", "total": len(units), "entry": entries}


def _issue_of(finding: Finding, language: str) -> Answer:
    """What the library finds, as FHIR has it."""
    severity = "information" if finding.severity is Severity.INFO else str(finding.severity)
    details = {"text": finding.code}
    return {"severity": severity, "code": "processing", "details": details, "diagnostics": finding.text(language)}


def _by_postal_code(asked: _EasQuestion, codes: Sequence[str], unit_type: str | None) -> Answer:
    if asked.fault:
        return asked.fault
    for code in codes:
        if not (code.isascii() and code.isdigit() and len(code) == 4):
            return asked.outcome("invalid", "NoSORInfoForPostalCode", "no-postal-code", given=shown(code))
    wanted = Filter(unit_type=unit_type, postal_code=codes or None, in_force_only=True)
    index = index_of(asked.register)
    found = rows_matching(index, wanted, day=asked.day, policy=asked.policy)
    if not found:
        return asked.outcome("not-found", "NoSORInfoForPostalCode", "nobody-there", given=", ".join(codes))
    return asked.answer(asked.recipients(Unit(index, row) for row in found), [])


def _given_as(kind: IdentifierKind, given: str) -> str:
    """What was given as an identifier of a kind, without its system; empty where that is the system of another kind, or an unknown one."""
    parsed = parse(given)
    return parsed.value if parsed.kind is kind or parsed.kind is parsed.system is None else ""
