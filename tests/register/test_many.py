"""Many pairs at once: the verdicts of a loop, in order, as a stream, with bounded memory; and from many threads and processes."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import os
import subprocess
import sys
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sor_addressing import AddressingPolicy, Register, Verdict
from sor_addressing.messages.catalogue import catalogue
from sor_addressing.model import LocationRecord, LocationSource, RegistrationRecord, UnitKind, UnitRecord
from sor_addressing.testing import made_up_nation
from sor_addressing.testing.numbers import location_number, sor_code

REGISTER = Register.sample()
UNITS = list(REGISTER)
IDENTIFIERS = sorted(
    {
        identifier
        for unit in UNITS
        for identifier in (unit.sor_code, unit.provider_number, unit.shak_code, unit.location and unit.location.number)
        if identifier
    }
)
RESOLUTIONS = [REGISTER.resolve(identifier) for identifier in IDENTIFIERS]
RECIPIENTS = [found.recipient for found in RESOLUTIONS if found.recipient is not None]
MESSAGE_TYPES = ["XDIS91", "DIS91 (D9134L)", "fdis91", "XREF01", "PRØVE 9", catalogue().parse("XDIS91 XD9134L")]
ADDRESSEES = [*IDENTIFIERS, *UNITS, *RESOLUTIONS, *RECIPIENTS, "???", "", "5790", "urn:oid:1.3.88|5790"]
POLICIES = [
    None,
    AddressingPolicy.strict(),
    AddressingPolicy.lenient(),
    AddressingPolicy(addressed_unit="location-owner"),
]


def assert_same(found: list[Verdict], expected: list[Verdict]) -> None:
    assert found == expected
    assert [verdict.to_dict() for verdict in found] == [verdict.to_dict() for verdict in expected]


@given(
    st.lists(st.tuples(st.sampled_from(ADDRESSEES), st.sampled_from(MESSAGE_TYPES)), max_size=12),
    st.sampled_from([None, dt.date(2026, 1, 15), dt.date(2025, 6, 1), dt.date(2026, 3, 1)]),
    st.sampled_from(["receive", "send"]),
    st.sampled_from(POLICIES),
    st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_the_verdicts_are_those_of_a_loop(pairs, on, direction, policy, as_lists):
    asked = {"on": on, "direction": direction, "policy": policy}
    expected = [REGISTER.validate(recipient, message_type, **asked) for recipient, message_type in pairs + pairs]
    given_pairs = [list(pair) if as_lists else pair for pair in pairs + pairs]
    assert_same(list(REGISTER.validate_many(given_pairs, **asked)), expected)


@pytest.mark.parametrize("kind", [tuple, list])
@pytest.mark.parametrize("recipient", [IDENTIFIERS[0], UNITS[0]])
def test_a_pair_that_comes_again_has_the_verdict_that_was_given_before(kind, recipient):
    one, other, again = REGISTER.validate_many([kind((recipient, text)) for text in ("XDIS91", "DIS91", "XDIS91")])
    assert again is one
    assert other is not one


def test_pairs_are_taken_one_by_one_when_their_verdict_is_asked_for():
    taken = []

    def pairs():
        for identifier in itertools.cycle(IDENTIFIERS):
            taken.append(identifier)
            yield identifier, "XDIS91"

    verdicts = REGISTER.validate_many(pairs())
    assert taken == []
    found = [next(verdicts) for _ in range(3)]
    assert taken == IDENTIFIERS[:3]
    assert [verdict.resolution.identifier for verdict in found] == IDENTIFIERS[:3]
    assert list(REGISTER.validate_many([])) == []


@pytest.mark.parametrize("limit", [1, 2, 5])
def test_what_is_remembered_is_bounded(monkeypatch, limit):
    monkeypatch.setattr("sor_addressing.addressing.many._MANY_REMEMBERED", limit)
    pairs = [(identifier, text) for identifier in IDENTIFIERS[:6] for text in ("XDIS91", "DIS91")] * 2
    verdicts = REGISTER.validate_many(pairs)
    found, sizes = [], []
    for verdict in verdicts:
        found.append(verdict)
        sizes.append(len(verdicts.gi_frame.f_locals["known"]))
    assert max(sizes) == limit
    assert_same(found, [REGISTER.validate(*pair) for pair in pairs])


def test_equal_answers_of_two_registers_are_not_taken_for_each_other():
    def one_unit(message_type: str, n: int) -> Register:
        location = LocationRecord(location_number(n))
        unit = UnitRecord(
            sor_code(1), UnitKind.INSTITUTION_OWNER, location_source=LocationSource.OWN, location=location
        )
        registration = RegistrationRecord(location_number(n), message_type)
        return Register.from_records([unit], [registration], snapshot_date=dt.date(2026, 1, 15))

    here, elsewhere = one_unit("XDIS91", 1), one_unit("XREF01", 2)
    for ask in (lambda r: r.resolve(sor_code(1)), lambda r: r.resolve(sor_code(1)).recipient, lambda r: next(iter(r))):
        mine, theirs = ask(here), ask(elsewhere)
        pairs = [(theirs, "XDIS91"), (mine, "XDIS91"), (theirs, "XDIS91")]
        assert_same(list(here.validate_many(pairs)), [here.validate(*pair) for pair in pairs])
        assert [verdict.outcome for verdict in here.validate_many(pairs)] == ["supported"] * 3


def test_answers_of_different_days_are_not_taken_for_each_other():
    shared = [found for found in RESOLUTIONS if found.recipient is not None and not found.recipient.unit_certain]
    assert shared
    today = shared[0].recipient
    tomorrow = REGISTER.resolve(shared[0].identifier, on=dt.date(2026, 1, 16)).recipient
    pairs = [(today, "XDIS91"), (tomorrow, "XDIS91"), (today, "XDIS91")]
    assert_same(list(REGISTER.validate_many(pairs)), [REGISTER.validate(*pair) for pair in pairs])


MISSING = [None, "", "  ", "\u200b", "-", "NaN", float("nan"), type("NAType", (), {"__slots__": ()})()]


@given(
    st.lists(
        st.tuples(st.sampled_from([*ADDRESSEES, *MISSING]), st.sampled_from([*MESSAGE_TYPES, *MISSING])), max_size=12
    ),
    st.sampled_from([None, "provider_number", "location_number"]),
    st.sampled_from(POLICIES),
)
@settings(max_examples=60, deadline=None)
def test_what_is_missing_is_a_finding_of_its_pair_in_a_batch_as_in_a_loop(pairs, kind, policy):
    asked = {"kind": kind, "policy": policy}
    expected = [REGISTER.validate(*pair, **asked) for pair in pairs]
    found = list(REGISTER.validate_many(pairs, **asked))
    assert_same(found, expected)
    for (recipient, message_type), verdict in zip(pairs, found, strict=True):
        codes = [finding.code for finding in verdict.findings]
        if any(recipient is one for one in MISSING) or recipient == "":
            assert codes == ["recipient-missing"]
        elif any(message_type is one for one in MISSING):
            assert codes[-1] == "message-type-missing"
        else:
            continue
        assert (verdict.outcome, verdict.deliverable) == ("not_resolved", False)


def test_a_batch_of_a_nation_is_the_loop():
    nation = made_up_nation(400, seed=11)
    register = nation.to_register()
    identifiers = [
        identifier
        for unit in nation.units
        for identifier in (unit.sor_code, unit.provider_number, unit.shak_code, unit.location and unit.location.number)
    ]
    pairs = [(one, MESSAGE_TYPES[n % len(MESSAGE_TYPES)]) for n, one in enumerate(identifiers)]
    assert any(one is None for one in identifiers)
    assert_same(list(register.validate_many(pairs)), [register.validate(*pair) for pair in pairs])


@pytest.mark.parametrize(
    ("pair", "code"),
    [
        ((1, "XDIS91"), "identifier-malformed"),
        ((b"990001", "XDIS91"), "identifier-malformed"),
        ((["990001"], "XDIS91"), "identifier-malformed"),
        ((1.5, 2), "identifier-malformed"),
        (("990001", ["XDIS91"]), "message-type-missing"),
        (("990001", 91), "message-type-missing"),
        ([None, "XDIS91"], "recipient-missing"),
        ((None, 91), "recipient-missing"),
        ([["x"], "y"], "identifier-malformed"),
    ],
)
def test_a_pair_of_something_else_is_answered_and_the_batch_goes_on(pair, code):
    first, odd, last = REGISTER.validate_many([("990001", "DIS91"), pair, ("990001", "DIS91")])
    assert [finding.code for finding in odd.findings] == [code]
    assert (odd.outcome, odd.deliverable) == ("not_resolved", False)
    assert odd.to_dict()
    assert odd.explain("da")
    assert all(finding.text("da") and "?" not in finding.text("da") for finding in odd.findings)
    assert first is last


@pytest.mark.parametrize(
    ("pair", "error"), [("ab", TypeError), (7, TypeError), (("990001",), ValueError), ([1] * 3, ValueError)]
)
def test_what_is_no_pair_is_an_error_of_the_caller(pair, error):
    with pytest.raises(error, match=r"^a pair is a recipient and a message type"):
        next(REGISTER.validate_many([pair]))


@pytest.mark.parametrize(("kind", "codes"), [("provider_number", []), ("shak_code", ["recipient-unknown"]), (None, [])])
def test_the_kind_is_named_once_for_all(kind, codes):
    (verdict,) = REGISTER.validate_many([("990001", "DIS91")], kind=kind)
    assert [finding.code for finding in verdict.findings] == codes
    assert verdict == REGISTER.validate("990001", "DIS91", kind=kind)
    assert REGISTER.resolve("990001", kind=kind).status == verdict.resolution.status
    assert REGISTER.choose("990001", ["DIS91"], kind=kind) == verdict


@pytest.mark.parametrize("ask", ["validate", "choose", "resolve"])
def test_a_kind_that_is_none_is_refused(ask):
    arguments = {"validate": ("990001", "DIS91"), "choose": ("990001", ["DIS91"]), "resolve": ("990001",)}[ask]
    with pytest.raises(
        ValueError, match=r"^kind='cvr_number': use sor_code, location_number, provider_number or shak_code"
    ):
        getattr(REGISTER, ask)(*arguments, kind="cvr_number")


def test_the_day_is_settled_when_the_first_verdict_is_asked_for():
    days = iter([dt.date(2026, 1, 20), dt.date(2026, 1, 21)])
    records = [UnitRecord(sor_code(1), UnitKind.INSTITUTION_OWNER)]
    register = Register.from_records(records, [], snapshot_date=dt.date(2026, 1, 15), clock=lambda: next(days))
    verdicts = list(register.validate_many([(sor_code(1), "XDIS91"), (sor_code(2), "XDIS91")]))
    assert [verdict.resolution.on for verdict in verdicts] == [dt.date(2026, 1, 20)] * 2
    assert next(days) == dt.date(2026, 1, 21)


def test_eight_threads_get_the_answers_of_one():
    nation = made_up_nation(2_000, seed=7)
    pairs = [(unit.sor_code, MESSAGE_TYPES[n % 5]) for n, unit in enumerate(nation.units[::20])]
    pairs += [(unit.location.number, "XDIS91") for unit in nation.units if unit.location][:30]
    expected = [verdict.to_dict() for verdict in map(nation.to_register().validate, *zip(*pairs, strict=True))]
    shared = nation.to_register()
    start = threading.Barrier(8)
    answers: dict[int, list[dict[str, object]]] = {}

    def ask(number: int) -> None:
        mine = pairs if number % 2 else pairs[::-1]
        start.wait()
        if number < 4:
            found = [shared.validate(*pair).to_dict() for pair in mine]
        else:
            found = [verdict.to_dict() for verdict in shared.validate_many(mine)]
        answers[number] = found if number % 2 else found[::-1]

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == list(range(8))
    assert all(found == expected for found in answers.values())


FORKING = """if True:
    import json, os
    from sor_addressing import Register
    register = Register.sample()
    def answers():
        return json.dumps([register.validate(unit, "XDIS91").to_dict() for unit in register])
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        with os.fdopen(writer, "w") as file:
            file.write(answers())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as file:
        of_child = file.read()
    assert os.waitpid(child, 0)[1] == 0
    print(json.dumps([of_child == answers(), len(of_child)]))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_process_gives_the_same_answers():
    ended = subprocess.run([sys.executable, "-W", "error", "-c", FORKING], capture_output=True, text=True, check=True)
    same, length = json.loads(ended.stdout)
    assert same
    assert length > 1_000
