"""Functions for services, as integrators type them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, assert_type

from sor_addressing import Register
from sor_addressing.serving import QuestionError, SchemaUnknown, answer_question, schema, schema_names
from sor_addressing.serving.eas import (
    FOLLOWS,
    OPERATIONS,
    by_gp_id,
    by_message_type_and_postal_code,
    by_patients_gp,
    by_sor_id,
    gps_by_postal_code,
)


def asks(register: Register) -> None:
    assert_type(FOLLOWS, str)
    assert_type(OPERATIONS, Mapping[str, Callable[..., dict[str, Any]]])
    assert_type(by_sor_id(register, ["9000011000016006"], "HCO 1.1"), dict[str, Any])
    assert_type(by_gp_id(register, "990001", ["HCO", "FCTL"]), dict[str, Any])
    assert_type(by_patients_gp(register, "990001"), dict[str, Any])
    assert_type(gps_by_postal_code(register, ("9999", "9998")), dict[str, Any])
    assert_type(by_message_type_and_postal_code(register, "HCO", "9999"), dict[str, Any])


def asks_as_json(register: Register) -> None:
    assert_type(answer_question(register, {"id": "990001"}, language="da"), dict[str, object])
    assert_type(QuestionError("id is missing").text("da"), str)


def looks_at_answers() -> None:
    assert_type(schema("Verdict"), dict[str, Any])
    assert_type(schema_names(), tuple[str, ...])
    assert_type(SchemaUnknown("no answer").text("da"), str)
