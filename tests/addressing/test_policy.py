"""Policies: each field does what it says, and what makes no sense is refused with the reason."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import attrs
import pytest

from sor_addressing import AddressingPolicy, PolicyError, Register, Severity
from sor_addressing.addressing.policy import levels_of
from sor_addressing.addressing.severities import DEFAULT_SEVERITIES
from sor_addressing.messages import ConversionModel
from sor_addressing.testing import RegisterBuilder

DAY = dt.date(2026, 1, 15)


@pytest.fixture
def build() -> RegisterBuilder:
    return RegisterBuilder(DAY)


def codes(register: Register, recipient: str, policy: AddressingPolicy) -> list[str]:
    return [finding.code for finding in register.resolve(recipient, policy=policy).findings]


def test_the_defaults_are_those_that_are_documented() -> None:
    assert AddressingPolicy().to_dict() == {
        "severities": {},
        "inherited": "accept",
        "addressed_unit": "as-given",
        "narrow_by_message_type": False,
        "follow_successors": False,
        "max_age_days": 2,
        "refuse_after_days": 14,
        "closing_notice_days": 30,
        "version": "any",
        "conversion_model": "current-practice",
        "own_conversion": False,
        "internal_only": "refuse",
        "unknown_support": "refuse",
        "sender": None,
        "native_format": None,
        "conversion_notice_days": 90,
        "registers": ["SOR-EDI", "EER"],
        "environment": "production",
        "fhir_version": "any",
    }


def test_inherited_numbers_are_accepted_warned_of_or_refused(build: RegisterBuilder) -> None:
    house = build.institution(build.owner("Ejer"), "Huset", location_number=True)
    unit = build.unit(house, "Afsnittet", inherits=True)
    register = build.build()
    found = {}
    for inherited in ("accept", "warn", "refuse"):
        resolution = register.resolve(unit, policy=AddressingPolicy(inherited=inherited))
        assert [finding.code for finding in resolution.findings] == ["location-inherited"]
        found[inherited] = (str(resolution.status), str(resolution.findings[0].severity))
    assert found == {
        "accept": ("resolved", "info"),
        "warn": ("resolved", "warning"),
        "refuse": ("not_addressable", "error"),
    }


def test_refusing_inherited_numbers_leaves_the_owner(build: RegisterBuilder) -> None:
    house = build.institution(build.owner("Ejer"), "Huset", location_number=True, shak_code="9999")
    build.unit(house, "Afsnittet", inherits=True, shak_code="9999")
    recipient = build.build().resolve("9999", policy=AddressingPolicy(inherited="refuse")).unwrap()
    assert (recipient.name, recipient.unit_certain, recipient.findings) == ("Huset", True, ())


def test_internal_numbers_are_refused_unless_accepted(build: RegisterBuilder) -> None:
    unit = build.owner("Intern", location={"internal_only": True})
    register = build.build()
    assert register.resolve(unit).status == "not_addressable"
    accepted = register.resolve(unit, policy=AddressingPolicy(internal_only="accept"))
    assert (accepted.status, accepted.findings[0].severity) == ("resolved", "info")


def test_closing_notice_is_counted_in_days(build: RegisterBuilder) -> None:
    unit = build.owner("Lukker", location_number=True, to_date=DAY + dt.timedelta(days=10))
    register = build.build()
    assert codes(register, unit, AddressingPolicy(closing_notice_days=10)) == ["unit-closing"]
    assert codes(register, unit, AddressingPolicy(closing_notice_days=9)) == []


def test_the_exact_version_can_be_demanded(build: RegisterBuilder) -> None:
    unit = build.owner("Klinikken", location_number=True)
    bare = build.owner("Uden version", location_number=True)
    build.registers(unit, "XDIS91 XD9133L", "XCTL02", "XCTL03")
    build.registers(bare, "XDIS91", "XCTL02", "XCTL03")
    register = build.build()
    exact = AddressingPolicy(version="exact")
    refused = register.validate(unit, "XDIS91 XD9134L", policy=exact)
    assert (refused.outcome, [finding.code for finding in refused.findings]) == (
        "unsupported",
        ["message-type-unsupported", "version-differs"],
    )
    unknown = register.validate(bare, "XDIS91 XD9134L", policy=exact)
    assert (unknown.outcome, [finding.code for finding in unknown.findings]) == (
        "unsupported",
        ["message-type-unsupported", "version-unknown"],
    )
    assert register.validate(unit, "XDIS91 XD9133L", policy=exact).outcome == "supported"
    assert register.validate(unit, "XDIS91", policy=exact).outcome == "supported"


def test_raising_a_warning_stops_a_letter(build: RegisterBuilder) -> None:
    unit = build.owner("Klinikken", location_number=True)
    build.registers(unit, "DIS91 D9134L")
    register = build.build()
    assert register.validate(unit, "DIS91").deliverable
    raised = register.validate(unit, "DIS91", policy=AddressingPolicy(severities={"receipt-missing": "error"}))
    assert (raised.outcome, raised.deliverable) == ("supported", False)
    assert raised.findings[0].severity is Severity.ERROR


def test_raising_a_finding_on_the_recipient_names_the_recipient_as_the_cause(build: RegisterBuilder) -> None:
    from sor_addressing import RecipientNotAddressable

    unit = build.owner("Lukker", location_number=True, to_date=DAY)
    build.registers(unit, "DIS91 D9134L")
    policy = AddressingPolicy(severities={"unit-closing": "error"})
    with pytest.raises(RecipientNotAddressable):
        build.build().validate(unit, "DIS91", policy=policy).require()


def test_lowering_an_error_never_revives_a_unit(build: RegisterBuilder) -> None:
    unit = build.owner("Lukket", location_number=True, to_date=dt.date(2025, 1, 1))
    build.registers(unit, "DIS91 D9134L")
    policy = AddressingPolicy(severities={"unit-closed": "info", "message-type-unsupported": "info"})
    register = build.build()
    resolution = register.resolve(unit, policy=policy)
    assert (resolution.status, resolution.findings[0].severity) == ("not_addressable", "info")
    assert not register.validate(unit, "DIS91", policy=policy).deliverable


def test_lowering_an_error_on_the_type_does_not_make_it_supported(build: RegisterBuilder) -> None:
    unit = build.owner("Klinikken", location_number=True)
    build.registers(unit, "DIS91 D9134L")
    policy = AddressingPolicy(severities={"message-type-unsupported": "info"})
    assert not build.build().validate(unit, "REF01", policy=policy).deliverable


def test_strict_stops_at_every_doubt() -> None:
    levels = levels_of(AddressingPolicy.strict())
    raised = {code for code in levels if levels[code] != DEFAULT_SEVERITIES[code]}
    assert raised == {"provider-ceased", "owner-shared", "unit-shared", "conversion-unproven", "register-stale"}
    assert {str(levels[code]) for code in raised} == {"error"}


def test_lenient_converts_follows_and_accepts() -> None:
    policy = AddressingPolicy.lenient()
    assert (policy.own_conversion, policy.follow_successors, policy.unknown_support) == (True, True, "accept")


def test_a_stale_register_can_be_a_note_until_it_is_refused(build: RegisterBuilder) -> None:
    unit = build.owner("Klinikken", location_number=True)
    build.registers(unit, "CTL03")
    policy = AddressingPolicy(severities={"register-stale": "info"})
    severities = [
        str(
            build.build(clock=lambda age=age: DAY + dt.timedelta(days=age))
            .validate(unit, "CTL03", policy=policy)
            .findings[0]
            .severity
        )
        for age in (3, 15)
    ]
    assert severities == ["info", "error"]


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"inherited": "maybe"}, "inherited is 'maybe': use one of accept, warn, refuse"),
        ({"addressed_unit": "owner"}, "addressed_unit"),
        ({"version": "newest"}, "version"),
        ({"internal_only": "warn"}, "internal_only"),
        ({"unknown_support": "x"}, "unknown_support"),
        ({"max_age_days": -1}, "max_age_days is -1: use a whole number of days, 0 or more"),
        ({"refuse_after_days": 1.5}, "refuse_after_days"),
        ({"closing_notice_days": True}, "closing_notice_days"),
        ({"own_conversion": "yes"}, "own_conversion is 'yes': use true or false"),
        ({"severities": {"no-such-code": "error"}}, "no-such-code"),
        ({"severities": {"unit-shared": "fatal"}}, "use error, warning or info"),
        ({"conversion_model": "magic"}, "no conversion model 'magic'"),
    ],
)
def test_what_makes_no_sense_is_refused(fields: dict[str, object], text: str) -> None:
    with pytest.raises(PolicyError, match=text):
        AddressingPolicy(**fields)


def test_policies_are_frozen_values() -> None:
    assert AddressingPolicy(severities={"unit-shared": "error"}) == AddressingPolicy(
        severities={"unit-shared": "error"}
    )
    assert hash(AddressingPolicy()) == hash(AddressingPolicy())
    assert AddressingPolicy() != AddressingPolicy(max_age_days=3)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        AddressingPolicy().max_age_days = 3  # type: ignore[misc]


class TestFromToml:
    def load(self, tmp_path: Path, text: str) -> AddressingPolicy:
        file = tmp_path / "policy.toml"
        file.write_text(text, "utf-8")
        return AddressingPolicy.load(file)

    def test_fields_stand_by_name(self, tmp_path: Path) -> None:
        policy = self.load(tmp_path, 'max_age_days = 5\ninherited = "warn"\n[severities]\nunit-shared = "error"\n')
        assert policy == AddressingPolicy(max_age_days=5, inherited="warn", severities={"unit-shared": "error"})

    def test_an_empty_file_is_the_default(self, tmp_path: Path) -> None:
        assert self.load(tmp_path, "") == AddressingPolicy()

    def test_a_preset_is_where_it_starts_from(self, tmp_path: Path) -> None:
        policy = self.load(tmp_path, 'preset = "strict"\n[severities]\nunit-shared = "info"\nunit-closing = "error"\n')
        assert policy.severities == {
            **AddressingPolicy.strict().severities,
            "unit-shared": "info",
            "unit-closing": "error",
        }
        assert self.load(tmp_path, 'preset = "lenient"') == AddressingPolicy.lenient()

    def test_a_conversion_model_lies_beside_it(self, tmp_path: Path) -> None:
        (tmp_path / "model.csv").write_text(
            "family,from_format,to_format,by,scope,scope_value\n*,XML,EDI,receiver,all,\n", "utf-8"
        )
        policy = self.load(tmp_path, 'conversion_model = "model.csv"')
        assert isinstance(policy.conversion_model, ConversionModel)
        assert policy.conversion_model.row_for("DIS91", "XML", "EDI") is not None
        assert self.load(tmp_path, 'conversion_model = "none"').conversion_model.name == "none"

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("max_age_days = ", "line 1: not TOML: Invalid value"),
            ('preset = "harsh"', "preset is 'harsh'"),
            (
                "max_age = 3",
                r"line 1: there is no key 'max_age' \(did you mean max_age_days\?\); the keys are preset, severities",
            ),
            ("levels = 3", "there is no key 'levels'"),
            ("severities = 3", "severities is 3: write a table"),
            ('preset = ["x"]', r"preset is \['x'\]: use default, strict or lenient"),
            ("max_age_days = [1]", r"line 1: max_age_days is \[1\]: use a whole number of days, 0 or more"),
            (
                '\n[severities]\nunit-shared = "fatal"',
                "line 3: severities: unit-shared is 'fatal': use error, warning or info",
            ),
            ('[severities]\nunit-share = "error"', r"there is no key 'unit-share' \(did you mean unit-shared\?\)"),
            ("conversion_model = 3", "conversion_model is 3"),
            ('conversion_model = "absent.toml"', "absent.toml"),
            ("max_age_days = -1", "max_age_days is -1"),
        ],
    )
    def test_what_is_wrong_is_named_with_the_file(self, tmp_path: Path, text: str, reason: str) -> None:
        with pytest.raises(PolicyError, match=reason) as caught:
            self.load(tmp_path, text)
        assert "policy.toml" in str(caught.value)

    def test_a_missing_file_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(PolicyError, match=r"absent\.toml"):
            AddressingPolicy.load(tmp_path / "absent.toml")


def test_a_policy_has_no_other_attributes():
    with pytest.raises(AttributeError, match=r"^'AddressingPolicy' object has no attribute 'max_age'$"):
        AddressingPolicy().max_age  # noqa: B018 (the attribute is what is tried)
