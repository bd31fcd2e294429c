"""Values that answers are made of: frozen, equal and shown by their fields, copied, and known to attrs when someone asks."""

from __future__ import annotations

import copy
import pickle

import attrs
import pytest

from sor_addressing import AddressingPolicy, Register
from sor_addressing.messages import ConversionModel, conversion_evidence
from sor_addressing.messages.catalogue import catalogue
from sor_addressing.messages.conversions import ConversionRow

TYPE = catalogue().parse("XDIS91 XD9134L")
VALUES = [
    TYPE,
    ConversionRow("DIS91", "EDI", "XML", "sender"),
    conversion_evidence(TYPE, catalogue().parse("DIS91 D9134L")),
    ConversionModel.shipped("sender-converts"),
    AddressingPolicy(max_age_days=4, severities={"unit-shared": "error"}),
]


def of_class(value: object) -> str:
    return type(value).__name__


@pytest.mark.parametrize("value", VALUES, ids=of_class)
def test_a_value_never_changes(value):
    name = attrs.fields(type(value))[0].name
    for change in (lambda: setattr(value, name, 1), lambda: setattr(value, "more", 1), lambda: delattr(value, name)):
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            change()
    assert not hasattr(value, "__dict__")


@pytest.mark.parametrize("value", VALUES, ids=of_class)
def test_a_value_is_its_fields(value):
    name = attrs.fields(type(value))[0].name
    for same in (copy.copy(value), copy.deepcopy(value), attrs.evolve(value), pickle.loads(pickle.dumps(value))):  # noqa: S301 (what was just dumped)
        assert same == value
        assert hash(same) == hash(value)
        assert repr(same) == repr(value)
    assert value != attrs.astuple(value, recurse=False)
    if not isinstance(value, AddressingPolicy):
        assert attrs.evolve(value, **{name: "GGOP"}) != value


def test_a_value_is_shown_by_its_fields():
    row = ConversionRow("DIS91", "EDI", "XML", "sender")
    assert repr(row).startswith("ConversionRow(family='DIS91', from_format=<MessageFormat.EDI: 'EDI'>, to_format=")
    assert repr(ConversionModel("own", [row])) == "ConversionModel(name='own')"
    assert repr(TYPE) == "MessageType('XDIS91 XD9134L')"
    assert repr(AddressingPolicy()).startswith("AddressingPolicy(severities=mappingproxy({}), inherited='accept', ")


def test_a_policy_with_other_values_is_checked_like_a_new_one():
    policy = AddressingPolicy.strict().but(max_age_days=5)
    assert (policy.max_age_days, policy.severities) == (5, AddressingPolicy.strict().severities)
    assert policy == attrs.evolve(AddressingPolicy.strict(), max_age_days=5)
    with pytest.raises(ValueError, match="max_age_days is -1"):
        policy.but(max_age_days=-1)
    with pytest.raises(TypeError, match="did you mean 'max_age_days'"):
        policy.but(max_age_day=1)


def test_answers_never_change():
    verdict = Register.sample().validate("990001", "XDIS91")
    for answer, names in (
        (verdict, ["resolution", "message_type", "direction", "outcome", "deliverable", "findings", "more"]),
        (verdict.resolution, ["status", "kinds", "identifier", "recipient", "candidates", "findings", "more"]),
    ):
        for name in names:
            with pytest.raises(AttributeError):
                setattr(answer, name, None)
        assert not hasattr(answer, "__dict__")
