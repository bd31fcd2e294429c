"""Whole made-up nations and random small trees, every identifier in them, against a second saying of the rules.

A disagreement shows the question, what the register answered and what the oracle did; the oracle names its reading of the rules.
"""

from __future__ import annotations

import datetime as dt
import random
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Any, NamedTuple

import attrs
import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from tests.addressing import oracle
from tests.addressing.oracle import Oracle
from tests.addressing.small_trees import (
    BEYOND,
    CODES,
    DEFAULT,
    NUMBERS,
    POLICIES,
    PROVIDER_NUMBERS,
    REGISTERED_TYPES,
    SHAK_CODES,
    SNAPSHOT,
    days,
    message_types,
    register_of,
    registrations,
    trees,
)

from sor_addressing import AddressingPolicy, Finding, Register, Resolution, UnitKind, Verdict
from sor_addressing.identifiers import CvrNumber, IdentifierKind, LocationNumber, SorCode
from sor_addressing.model import LocationRecord, LocationSource, RegistrationRecord, UnitRecord
from sor_addressing.testing import MadeUpExtract, RegisterBuilder, made_up_nation

# Those that decide which unit is meant.
CHOOSING = (
    "inherited refused",
    "owner addressed",
    "owner addressed, inherited refused",
    "narrowed",
    "narrowed, versions exact",
    "successors followed",
    "successors followed to owners",
)

MESSAGE_TYPES = (
    "DIS91",
    "DIS91 D9134L",
    "D9133L",
    "XDIS91 (XD9134L)",
    "XDIS91",
    "FDIS91 5.0",
    "DIS91 D9139L",
    "XREF01 XH0131R",
    "REF01",
    "RPT01",
    "RPT01 R0130K",
    "RPT01 R0131F",
    "RPT01 R0199K",
    "XRPT01",
    "XRPT05",
    "GGOP",
    "CTL02",
    "ZZZ 99",
)


class Asked(NamedTuple):
    """One identifier, and the kind that it is."""

    kind: IdentifierKind
    value: str


def identifiers_of(units: Iterable[UnitRecord], registrations: Iterable[RegistrationRecord] = ()) -> list[Asked]:
    """Every identifier that a recipient can be asked for by, numbers without a unit among them."""
    found: dict[Asked, None] = {}
    for unit in units:
        for kind, value in (
            (IdentifierKind.SOR_CODE, unit.sor_code),
            (IdentifierKind.LOCATION_NUMBER, unit.location.number if unit.location else ""),
            (IdentifierKind.PROVIDER_NUMBER, unit.provider_number),
            (IdentifierKind.PROVIDER_NUMBER, unit.provider_number.lstrip("0")),
            (IdentifierKind.SHAK_CODE, unit.shak_code),
        ):
            if value:
                found[Asked(kind, value)] = None
    for registration in registrations:
        found[Asked(IdentifierKind.LOCATION_NUMBER, registration.location_number)] = None
    return list(found)


def oracle_of(extract: MadeUpExtract, today: dt.date | None = None) -> Oracle:
    registrations = extract.registrations if extract.has_message_types else None
    return Oracle(extract.units, registrations, extract.snapshot_date, extract.ceased_providers, today)


def codes(findings: Iterable[Finding]) -> frozenset[str]:
    return frozenset(finding.code for finding in findings)


def resolution_as_said(resolution: Resolution) -> oracle.Resolution:
    recipient = resolution.recipient
    return oracle.Resolution(
        status=resolution.status.value,
        findings=codes(resolution.findings),
        candidates=frozenset(
            oracle.Candidate(
                candidate.sor_code,
                candidate.usable,
                codes(candidate.findings),
                candidate.outcome.value if candidate.outcome else None,
            )
            for candidate in resolution.candidates
        ),
        recipient=recipient.sor_code if recipient else None,
        unit_certain=recipient.unit_certain if recipient else None,
    )


def verdict_as_said(verdict: Verdict) -> oracle.Verdict:
    return oracle.Verdict(
        outcome=verdict.outcome.value,
        findings=codes(verdict.findings),
        deliverable=verdict.deliverable,
        send_as=verdict.send_as.text if verdict.send_as else None,
        arrives_as=verdict.arrives_as.text if verdict.arrives_as else None,
        by=verdict.conversion.by.value if verdict.conversion else None,
        receipts=tuple(verdict.receipts),
        alternatives=frozenset(message_type.text for message_type in verdict.alternatives),
    )


def wrong_severities(findings: Iterable[Finding], expected: Oracle, policy: AddressingPolicy) -> list[Finding]:
    wrong = []
    for finding in findings:
        severity = expected.severity(finding.code, policy)
        if finding.severity.value != severity and (severity is not None or finding.severity.value == "error"):
            wrong.append(finding)
    return wrong


class Comparison:
    """Asks a register and the oracle the same, and keeps what they disagree on and which answers were seen."""

    def __init__(self, register: Register, expected: Oracle) -> None:
        self.register = register
        self.oracle = expected
        self.disagreements: list[tuple[object, ...]] = []
        self.seen: set[str] = set()
        self.seen_resolved: set[str] = set()

    def resolve(
        self, identifier: str, kind: IdentifierKind | None, on: dt.date, policy: AddressingPolicy, **options: Any
    ) -> None:
        asked: dict[str, Any] = {kind.value: identifier} if kind else {"identifier": identifier}
        answer = self.register.resolve(**asked, on=on, policy=policy, **options)
        said = resolution_as_said(answer)
        expected = self.oracle.resolve(identifier, kind, on=on, policy=policy, **options)
        self.seen |= {said.status, *said.findings}
        if said.status == "resolved":
            self.seen_resolved |= said.findings
        findings = [*answer.findings, *(each for candidate in answer.candidates for each in candidate.findings)]
        wrong = wrong_severities(findings, self.oracle, policy)
        if said != expected or wrong:
            self.disagreements.append((asked, on, policy, options, said, expected, wrong))

    def validate(self, identifier: str, message_type: str, policy: AddressingPolicy, **options: Any) -> None:
        answer = self.register.validate(identifier, message_type, policy=policy, **options)
        said = verdict_as_said(answer)
        resolution, expected = self.oracle.validate(identifier, message_type, policy=policy, **options)
        self.seen |= {said.outcome, *said.findings, *([said.by] if said.by else [])}
        wrong = wrong_severities(answer.findings, self.oracle, policy)
        if said not in expected or resolution_as_said(answer.resolution) != resolution or wrong:
            asked = (identifier, message_type, policy, options)
            self.disagreements.append((*asked, said, expected, answer.resolution, resolution, wrong))


def test_every_policy_field_is_tried_with_another_value_than_its_default() -> None:
    tried = {
        field.name
        for field in attrs.fields(AddressingPolicy)
        for policy in POLICIES.values()
        if field.init and getattr(policy, field.name) != getattr(DEFAULT, field.name)
    }
    assert tried == {field.name for field in attrs.fields(AddressingPolicy) if field.init}


# Resolve, in whole nations


@pytest.mark.parametrize(
    ("units", "seed", "days"),
    [(1_500, 1, (0,)), (600, 2, (-1, 1)), (400, 3, (-400, -30, 30, 400))],
)
def test_every_identifier_of_a_nation_resolves_as_the_rules_say(units: int, seed: int, days: Sequence[int]) -> None:
    nation = made_up_nation(units=units, seed=seed, snapshot_date=SNAPSHOT)
    comparison = Comparison(nation.to_register(), oracle_of(nation))
    for day, asked in product(days, identifiers_of(nation, nation.registrations)):
        for kind in (None, asked.kind):
            comparison.resolve(asked.value, kind, SNAPSHOT + dt.timedelta(day), DEFAULT)
    assert comparison.disagreements[:3] == []
    assert comparison.seen >= {"resolved", "ambiguous", "not_addressable", "unit-replaced", "location-without-unit"}
    assert "kind-ambiguous" in comparison.seen


@pytest.fixture(scope="module")
def small_nation() -> MadeUpExtract:
    return made_up_nation(units=300, seed=4, snapshot_date=SNAPSHOT)


@pytest.fixture(scope="module")
def answering(small_nation: MadeUpExtract) -> tuple[Register, Oracle]:
    return small_nation.to_register(), oracle_of(small_nation)


@pytest.mark.parametrize("name", POLICIES)
def test_every_identifier_resolves_as_the_rules_say_under_a_policy(
    name: str, small_nation: MadeUpExtract, answering: tuple[Register, Oracle]
) -> None:
    comparison = Comparison(*answering)
    for asked in identifiers_of(small_nation):
        comparison.resolve(asked.value, None, SNAPSHOT, POLICIES[name], message_type="DIS91")
    assert comparison.disagreements[:3] == []


def test_provider_numbers_resolve_as_the_rules_say_with_and_without_their_leading_zeros() -> None:
    nation = made_up_nation(units=400, seed=5, snapshot_date=SNAPSHOT)
    for unit in nation:
        if unit.provider_number:
            unit.provider_number = f"0099{unit.provider_number[-2:]}"
        if unit.shak_code:
            # Some are then what a provider number is without its zeros.
            unit.shak_code = unit.shak_code[:4] if len(unit.shak_code) == 6 else unit.shak_code
    comparison = Comparison(nation.to_register(), oracle_of(nation))
    for asked in identifiers_of(nation):
        for kind in (None, IdentifierKind.PROVIDER_NUMBER, IdentifierKind.SHAK_CODE):
            comparison.resolve(asked.value, kind, SNAPSHOT, DEFAULT)
    assert comparison.disagreements[:3] == []
    short = {asked.value for asked in identifiers_of(nation) if len(asked.value) == 4}
    assert short & {unit.shak_code for unit in nation}
    assert short - {unit.shak_code for unit in nation}


# Spellings and mistakes


def spellings(asked: Asked) -> Iterator[str]:
    """The same identifier as people and systems write it."""
    value = asked.value
    yield f" {value[:3]} {value[3:5]}-{value[5:]}\n"
    yield "\N{NO-BREAK SPACE}".join(value)
    yield f"{value[:4]}\N{EN DASH}{value[4:]}"
    yield "".join(unicodedata.lookup(f"FULLWIDTH DIGIT {unicodedata.name(char).split()[-1]}") for char in value)
    for system in ("urn:oid:1.2.208.176.1.1", "urn:oid:1.2.208.176.1.4", "https://www.gs1.org/gln", "urn:oid:1.3.88"):
        for mark in "|#:/":
            yield f"{system}{mark}{value}"
    yield f"http://example.org/of-our-own|{value}"


def mistypings(value: str) -> Iterator[str]:
    """Each digit changed, two neighbours exchanged, one lost, one doubled."""
    for place, char in enumerate(value):
        yield f"{value[:place]}{(int(char) + 1 + place % 9) % 10}{value[place + 1 :]}"
        yield f"{value[:place]}{value[place + 1 : place + 2]}{char}{value[place + 2 :]}"
        yield f"{value[:place]}{value[place + 1 :]}"
        yield f"{value[:place]}{char}{value[place:]}"


def some_of_each_kind(nation: MadeUpExtract, how_many: int) -> Iterator[Asked]:
    found = identifiers_of(nation)
    for kind in IdentifierKind:
        yield from [asked for asked in found if asked.kind is kind and asked.value.isdigit()][:how_many]


def test_an_identifier_in_any_spelling_resolves_as_the_rules_say(small_nation: MadeUpExtract) -> None:
    comparison = Comparison(small_nation.to_register(), oracle_of(small_nation))
    for asked in some_of_each_kind(small_nation, 12):
        for spelt in spellings(asked):
            for kind in (None, *oracle.KINDS):
                comparison.resolve(spelt, kind, SNAPSHOT, DEFAULT)
    assert comparison.disagreements[:3] == []
    assert comparison.seen >= {"resolved", "unknown", "malformed"}


def test_a_mistyped_identifier_resolves_as_the_rules_say(small_nation: MadeUpExtract) -> None:
    comparison = Comparison(small_nation.to_register(), oracle_of(small_nation))
    for asked in some_of_each_kind(small_nation, 12):
        for mistyped in mistypings(asked.value):
            for kind in (None, asked.kind):
                comparison.resolve(mistyped, kind, SNAPSHOT, DEFAULT)
    assert comparison.disagreements[:3] == []
    assert comparison.seen >= {"resolved", "unknown", "malformed", "check-digit-wrong", "identifier-malformed"}


@pytest.mark.parametrize("kind", [SorCode, LocationNumber])
def test_a_wrong_check_digit_is_answered_with_the_right_one(
    kind: type[SorCode] | type[LocationNumber], small_nation: MadeUpExtract
) -> None:
    register = small_nation.to_register()
    for asked in some_of_each_kind(small_nation, 12):
        if asked.kind is kind.kind:
            right = asked.value[-1]
            for wrong in "0123456789".replace(right, ""):
                (finding,) = register.resolve(asked.value[:-1] + wrong).findings
                assert finding.code == "check-digit-wrong"
                assert right in finding.details.values()


@pytest.mark.parametrize("text", ["", " ", "-", "|", "?", "ø", "not a number", "9" * 10, "9" * 19, "990001990001"])
def test_what_is_no_identifier_resolves_as_the_rules_say(text: str, small_nation: MadeUpExtract) -> None:
    comparison = Comparison(small_nation.to_register(), oracle_of(small_nation))
    for kind in (None, *oracle.KINDS):
        comparison.resolve(text, kind, SNAPSHOT, DEFAULT)
    assert comparison.disagreements == []
    assert comparison.seen <= {"malformed", "identifier-malformed", "unknown", "recipient-unknown"}


def test_a_cvr_number_is_never_resolved_and_the_finding_says_so(small_nation: MadeUpExtract) -> None:
    register = small_nation.to_register()
    comparison = Comparison(register, oracle_of(small_nation))
    held = [unit.cvr_number for unit in small_nation if CvrNumber.is_valid(unit.cvr_number)][:12]
    for number in held:
        comparison.resolve(number, None, SNAPSHOT, DEFAULT)
        comparison.resolve(f"cvr.dk/{number}", None, SNAPSHOT, DEFAULT)
        assert "CVR" in register.resolve(number).findings[0].text("en")
    assert comparison.disagreements == []
    assert (bool(held), comparison.seen) == (True, {"unknown", "recipient-unknown"})


# Validate, in whole nations


def without_directions(nation: MadeUpExtract) -> MadeUpExtract:
    registered = [attrs.evolve(each, may_send=None, may_receive=None) for each in nation.registrations]
    return attrs.evolve(nation, registrations=registered)


def location_numbers_of(nation: MadeUpExtract) -> list[str]:
    found = identifiers_of(nation, nation.registrations)
    return [asked.value for asked in found if asked.kind is IdentifierKind.LOCATION_NUMBER]


@pytest.mark.parametrize("direction", ["receive", "send"])
@pytest.mark.parametrize("message_types", ["with directions", "without directions", "not loaded"])
def test_every_message_type_on_every_number_is_validated_as_the_rules_say(
    message_types: str, direction: str, small_nation: MadeUpExtract
) -> None:
    nation = small_nation
    if message_types == "without directions":
        nation = without_directions(nation)
    elif message_types == "not loaded":
        nation = attrs.evolve(nation, has_message_types=False)
    comparison = Comparison(nation.to_register(), oracle_of(nation))
    for number, message_type in product(location_numbers_of(nation), MESSAGE_TYPES):
        comparison.validate(number, message_type, DEFAULT, direction=direction)
    assert comparison.disagreements[:3] == []
    known = {"supported", "unsupported"} if direction == "receive" or message_types == "with directions" else set()
    assert comparison.seen >= (known if message_types != "not loaded" else {"message-types-not-loaded"})
    assert ("converted" in comparison.seen) is (direction == "receive" and message_types != "not loaded")


@pytest.mark.parametrize("name", POLICIES)
def test_every_number_is_validated_as_the_rules_say_under_a_policy(
    name: str, small_nation: MadeUpExtract, answering: tuple[Register, Oracle]
) -> None:
    comparison = Comparison(*answering)
    for number, message_type in product(location_numbers_of(small_nation)[::4], MESSAGE_TYPES):
        comparison.validate(number, message_type, POLICIES[name])
    assert comparison.disagreements[:3] == []


@pytest.mark.parametrize("age", [-13_000, -2, -1, 0, 1, 2, 3, 13, 14, 15, 19, 20, 21, 30, 31])
def test_a_register_of_any_age_validates_as_the_rules_say(age: int, small_nation: MadeUpExtract) -> None:
    today = SNAPSHOT + dt.timedelta(age)
    comparison = Comparison(small_nation.to_register(clock=lambda: today), oracle_of(small_nation, today))
    days = (None, SNAPSHOT - dt.timedelta(1), SNAPSHOT, today)
    for asked, on, name in product(
        some_of_each_kind(small_nation, 8), days, ("default", "strict", "stale at once", "stale late")
    ):
        comparison.validate(asked.value, "XDIS91", POLICIES[name], on=on)
    assert comparison.disagreements[:3] == []
    assert ("register-stale" in comparison.seen) is (age > 0)


def test_units_resolutions_and_recipients_are_validated_as_what_they_came_from(
    small_nation: MadeUpExtract, answering: tuple[Register, Oracle]
) -> None:
    register, _ = answering
    same_day_elsewhere = small_nation.to_register()
    different = []
    for asked, message_type in product(some_of_each_kind(small_nation, 60), ("DIS91", "XDIS91 XD9133L")):
        resolution = register.resolve(asked.value)
        verdict = verdict_as_said(register.validate(asked.value, message_type))
        others = [register.validate(resolution, message_type)]
        if resolution.recipient is not None:
            others.append(register.validate(resolution.recipient, message_type))
        if asked.kind is IdentifierKind.SOR_CODE:
            others.append(register.validate(register.by_sor_code[asked.value], message_type))
            others.append(register.validate(same_day_elsewhere.by_sor_code[asked.value], message_type))
        different += [(asked, message_type, verdict, other) for other in others if verdict_as_said(other) != verdict]
    assert different[:3] == []


# Random small trees


@settings(max_examples=150, deadline=None)
@given(
    units=trees(),
    registered=registrations(),
    ceased=st.dictionaries(st.sampled_from(PROVIDER_NUMBERS), days, max_size=2),
    on=days,
    policy=st.sampled_from(list(POLICIES.values())),
    choosing_policy=st.sampled_from([POLICIES[name] for name in CHOOSING]),
    message_type=message_types,
    direction=st.sampled_from(["receive", "receive", "send"]),
    leaves_out=st.booleans(),
)
def test_any_small_tree_answers_as_the_rules_say(
    units: list[UnitRecord],
    registered: list[RegistrationRecord] | None,
    ceased: dict[str, dt.date],
    on: dt.date,
    policy: AddressingPolicy,
    choosing_policy: AddressingPolicy,
    message_type: str,
    direction: str,
    leaves_out: bool,
) -> None:
    register = register_of(units, registered, ceased, leaves_out=leaves_out)
    comparison = Comparison(register, Oracle(units, registered, SNAPSHOT, ceased, leaves_out=leaves_out))
    for asked in identifiers_of(units, registered or ()):
        comparison.resolve(asked.value, None, on, choosing_policy, message_type=message_type)
        comparison.resolve(asked.value, asked.kind, on, policy)
        comparison.validate(asked.value, message_type, policy, on=on, direction=direction)
    for unheld in (BEYOND, *NUMBERS, *PROVIDER_NUMBERS, *SHAK_CODES):
        comparison.resolve(unheld, None, on, policy)
    assert comparison.disagreements[:1] == []


# Crossroads: few units, all with the same provider number, of which some are to be chosen or followed


def crossroads(chance: random.Random) -> tuple[list[UnitRecord], list[RegistrationRecord]]:
    codes_here = CODES[: chance.randint(2, 5)]
    units = [
        UnitRecord(
            code,
            UnitKind.INSTITUTION_OWNER,
            to_date=chance.choice([None, SNAPSHOT, SNAPSHOT - dt.timedelta(1), SNAPSHOT - dt.timedelta(1)]),
            location_source=LocationSource.OWN,
            location=LocationRecord(chance.choice(NUMBERS), inactive=chance.random() < 0.1),
            provider_number=chance.choice((PROVIDER_NUMBERS[1], PROVIDER_NUMBERS[1], PROVIDER_NUMBERS[2])),
            replaced_by=tuple(chance.choices((*codes_here, BEYOND), k=chance.choice([0, 1, 1, 1, 2]))),
        )
        for code in codes_here
    ]
    registered = [
        RegistrationRecord(number, message_type, chance.random() < 0.5, True)
        for number in NUMBERS
        for message_type in chance.sample(REGISTERED_TYPES[:7], chance.randint(0, 2))
    ]
    return units, registered


@pytest.mark.parametrize("name", ["narrowed", "successors followed", "successors followed to owners", "lenient"])
def test_who_is_chosen_or_followed_among_several_is_as_the_rules_say(name: str) -> None:
    chance = random.Random(1)  # noqa: S311  nothing here is secret
    seen: set[str] = set()
    seen_resolved: set[str] = set()
    for _ in range(250):
        units, registered = crossroads(chance)
        register = Register.from_records(units, registered, snapshot_date=SNAPSHOT)
        comparison = Comparison(register, Oracle(units, registered, SNAPSHOT))
        for asked in (*PROVIDER_NUMBERS[1:], *NUMBERS[:2], CODES[0]):
            comparison.resolve(asked, None, SNAPSHOT, POLICIES[name], message_type="XDIS91")
        assert comparison.disagreements == []
        seen |= comparison.seen
        seen_resolved |= comparison.seen_resolved
    assert seen >= {"resolved", "ambiguous", "not_addressable", "unit-replaced", "unit-shared"}
    assert ("narrowed-by-message-type" in seen_resolved) is POLICIES[name].narrow_by_message_type
    assert ("unit-replaced" in seen_resolved) is POLICIES[name].follow_successors


# What the rules say where two of them meet, each once by itself


def test_a_number_without_a_status_is_always_in_force_whatever_dates_its_record_has() -> None:
    location = LocationRecord(NUMBERS[0], has_status=False, to_date=SNAPSHOT - dt.timedelta(1))
    owner = UnitRecord(CODES[0], UnitKind.INSTITUTION_OWNER, location_source=LocationSource.OWN, location=location)
    resolution = Register.from_records([owner], snapshot_date=SNAPSHOT).resolve(CODES[0])
    assert (resolution.status, codes(resolution.findings)) == ("resolved", frozenset())


def test_a_unit_is_followed_only_where_the_answer_says_that_it_is_closed() -> None:
    successor = UnitRecord(
        CODES[1],
        UnitKind.INSTITUTION_OWNER,
        location_source=LocationSource.OWN,
        location=LocationRecord(NUMBERS[0]),
    )
    unit = UnitRecord(
        CODES[0],
        UnitKind.INSTITUTION_OWNER,
        # As read where the first date is damaged, and the last one isn't.
        period_unreadable=True,
        to_date=SNAPSHOT - dt.timedelta(1),
        replaced_by=(CODES[1],),
    )
    register = Register.from_records([unit, successor], snapshot_date=SNAPSHOT)
    resolution = register.resolve(CODES[0], policy=AddressingPolicy(follow_successors=True))
    (candidate,) = resolution.candidates
    is_said_closed = {"unit-closed", "unit-replaced"} <= codes(candidate.findings)
    assert (resolution.status == "resolved") is is_said_closed


def test_a_conversion_to_a_code_of_two_families_without_a_version_says_that_the_version_is_unknown() -> None:
    build = RegisterBuilder(SNAPSHOT)
    owner = build.owner("Laboratorium", location_number=True)
    build.registers(owner, "RPT01", "CTL02", "CTL03", send=True, receive=True)
    verdict = build.build().validate(owner, "XRPT01 XR0131K", policy=AddressingPolicy(own_conversion=True))
    assert verdict.outcome == "converted"
    assert codes(verdict.findings) == {"conversion-needed", "conversion-unproven", "version-unknown"}
