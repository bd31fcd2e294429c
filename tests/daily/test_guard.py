"""What is held back, and what is let through: by counts, one limit at a time."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sor_addressing import PolicyError
from sor_addressing.daily.guard import Extent, GuardPolicy, reasons_to_hold_back
from sor_addressing.daily.outcomes import ReasonCode, UpdateReason
from sor_addressing.texts import entries

DAY = dt.date(2026, 1, 15)
TODAY = DAY


def extent(units=1000, locations=400, registrations=2000, day=DAY, types=True) -> Extent:
    return Extent(day, {"units": units, "location_numbers": locations, "registrations": registrations}, types)


def held_back(new: Extent, policy: GuardPolicy | None = None) -> list[tuple[str, dict[str, object]]]:
    found = reasons_to_hold_back(new, extent(), policy or GuardPolicy(), TODAY)
    return [(str(reason.code), dict(reason.details)) for reason in found]


@pytest.mark.parametrize(
    "new",
    [
        extent(),
        extent(units=950),
        extent(locations=380),
        extent(registrations=1500),
        extent(units=5000, locations=5000, registrations=5000),
        extent(day=DAY + dt.timedelta(400)),
    ],
    ids=["the same", "5 % fewer units", "5 % fewer numbers", "25 % fewer registrations", "more of all", "much later"],
)
def test_what_lost_no_more_than_the_limits_is_let_through(new):
    assert held_back(new) == []


def test_what_lost_more_units_than_the_limit_is_held_back():
    details = {"lost": 51, "before": 1000, "after": 949, "share": "5.1", "limit": "5"}
    assert held_back(extent(units=949)) == [("units-lost", details)]


def test_what_lost_more_location_numbers_than_the_limit_is_held_back():
    details = {"lost": 21, "before": 400, "after": 379, "share": "5.3", "limit": "5"}
    assert held_back(extent(locations=379)) == [("location-numbers-lost", details)]


def test_what_lost_more_registrations_than_the_limit_is_held_back():
    details = {"lost": 501, "before": 2000, "after": 1499, "share": "25.1", "limit": "25"}
    assert held_back(extent(registrations=1499)) == [("registrations-lost", details)]


def registered(numbers: int, registrations: int = 1900) -> Extent:
    counts = {
        "units": 1000,
        "location_numbers": 400,
        "registrations": registrations,
        "location_numbers_without_registrations": 400 - numbers,
    }
    return Extent(DAY, counts, True)


@pytest.mark.parametrize(
    ("numbers", "registrations", "expected"),
    [
        (324, 1800, ["registered-numbers-lost"]),  # a tenth cut off between two lines
        (342, 1800, []),
        (360, 1500, []),  # a clean-up takes types, and leaves the numbers
        (180, 900, ["registrations-lost"]),
    ],
)
def test_a_table_of_message_types_that_lost_numbers_is_held_back_where_one_that_lost_types_is_not(
    numbers: int, registrations: int, expected: list[str]
) -> None:
    found = reasons_to_hold_back(registered(numbers, registrations), registered(360, 2000), GuardPolicy(), TODAY)
    assert [reason.code for reason in found] == expected


def test_one_number_without_types_is_no_cut() -> None:
    assert reasons_to_hold_back(registered(9), registered(10), GuardPolicy(), TODAY) == ()
    (reason,) = reasons_to_hold_back(registered(8), registered(10), GuardPolicy(), TODAY)
    assert reason.text() == (
        "in the new extract 2 fewer of 10 location numbers have message types (20 %, allowed are 5 %); "
        "the file of message types may have been cut off"
    )


def test_a_share_just_over_its_limit_does_not_read_as_the_limit():
    (reason,) = reasons_to_hold_back(extent(units=949_999), extent(units=1_000_000), GuardPolicy(), TODAY)
    assert reason.text() == "the new extract has lost 50001 of 1000000 units (5.1 %, allowed are 5 %)"


def test_an_earlier_day_is_held_back():
    details = {"day": "2026-01-14", "current": "2026-01-15"}
    assert held_back(extent(day=DAY - dt.timedelta(1))) == [("older-snapshot", details)]


def test_an_extract_without_message_types_is_held_back_for_that_alone():
    assert held_back(extent(registrations=0, types=False)) == [("message-types-missing", {"before": 2000})]


def test_an_extract_whose_message_types_are_empty_has_lost_registrations():
    details = {"lost": 2000, "before": 2000, "after": 0, "share": "100", "limit": "25"}
    assert held_back(extent(registrations=0)) == [("registrations-lost", details)]


def test_message_types_that_were_never_there_are_not_missed():
    old = extent(registrations=0, types=False)
    assert reasons_to_hold_back(extent(registrations=0, types=False), old, GuardPolicy(), TODAY) == ()


def test_every_reason_is_named():
    new = extent(units=1, locations=1, registrations=1, day=DAY - dt.timedelta(1))
    assert [code for code, _ in held_back(new)] == [
        "older-snapshot",
        "units-lost",
        "location-numbers-lost",
        "registrations-lost",
    ]


def test_a_policy_moves_each_limit():
    worse = extent(units=900, locations=300, registrations=500, day=DAY - dt.timedelta(1))
    policy = GuardPolicy(max_unit_loss=0.1, max_location_loss=0.25, max_registration_loss=0.75, accept_older=True)
    assert held_back(worse, policy) == []
    stricter = GuardPolicy(max_unit_loss=0, max_location_loss=0, max_registration_loss=0)
    assert [code for code, _ in held_back(extent(999, 399, 1999), stricter)] == [
        "units-lost",
        "location-numbers-lost",
        "registrations-lost",
    ]
    missing = GuardPolicy(accept_missing_message_types=True)
    assert held_back(extent(registrations=0, types=False), missing) == []


@given(*(st.integers(0, 10**6),) * 3, st.dates(), st.booleans())
def test_the_policy_that_accepts_all_holds_nothing_back(units, locations, registrations, day, types):
    assert held_back(extent(units, locations, registrations, day, types), GuardPolicy.accept_all()) == []


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 100))
def test_units_are_held_back_exactly_where_the_share_that_went_is_above_the_limit(before, after, percent):
    found = reasons_to_hold_back(
        extent(units=after), extent(units=before), GuardPolicy(max_unit_loss=percent / 100), TODAY
    )
    assert bool(found) is (100 * (before - after) > percent * before)


@pytest.mark.parametrize("name", ["max_unit_loss", "max_location_loss", "max_registration_loss"])
@pytest.mark.parametrize("value", [-0.1, 1.1, 5, "0.05", True, None, float("nan")])
def test_a_limit_is_a_share(name, value):
    with pytest.raises(PolicyError, match=rf"^{name} is .*: use a share from 0 to 1"):
        GuardPolicy(**{name: value})


@pytest.mark.parametrize("name", ["accept_older", "accept_missing_message_types"])
def test_a_switch_is_true_or_false(name):
    with pytest.raises(PolicyError, match=rf"^{name} is 1: use True or False$"):
        GuardPolicy(**{name: 1})


@pytest.mark.parametrize("code", ReasonCode)
def test_every_reason_has_a_text(code):
    assert set(entries("store")[code]) == {"da", "en"}


def test_a_reason_comes_back_as_it_was_written():
    reason = UpdateReason(
        ReasonCode.UNITS_LOST, {"lost": 51, "before": 1000, "after": 949, "share": "5.1", "limit": "5"}
    )
    assert UpdateReason.from_dict(reason.to_dict()) == reason
    assert reason.text("da") == "det nye udtræk har mistet 51 af 1000 enheder (5.1 %, tilladt er 5 %)"


@pytest.mark.parametrize("values", [{}, {"code": "units-lost"}, {"code": "of-another-time", "details": {}}])
def test_what_is_no_reason_is_refused(values):
    with pytest.raises(ValueError):  # noqa: PT011
        UpdateReason.from_dict(values)


# ---- What can be done with the units ----

REACH = {"usable_units": 500, "named_units": 1000, "provider_numbers": 100, "deliverable_types": 1600}


def reaching(units: int = 1000, registrations: int = 2000, **reach: int) -> Extent:
    counts = {"units": units, "location_numbers": 400, "registrations": registrations}
    return Extent(DAY, counts, True, {**REACH, **reach})


def lost(new: Extent, policy: GuardPolicy | None = None, old: Extent | None = None) -> list[str]:
    return [str(one.code) for one in reasons_to_hold_back(new, old or reaching(), policy or GuardPolicy(), TODAY)]


@pytest.mark.parametrize(
    ("name", "allowed", "code"),
    [
        ("usable_units", 450, "usable-units-lost"),
        ("named_units", 900, "names-lost"),
        ("provider_numbers", 75, "provider-numbers-lost"),
        ("deliverable_types", 1200, "deliverable-lost"),
    ],
)
def test_an_extract_that_leaves_nobody_reachable_is_held_back_however_much_there_is(name, allowed, code):
    assert lost(reaching(**{name: allowed})) == []
    assert lost(reaching(**{name: allowed - 1})) == [code]
    assert lost(reaching(**{name: 0})) == [code]
    assert lost(reaching(**{name: 0}), GuardPolicy.accept_all()) == []


def test_of_fewer_units_fewer_can_be_used():
    fewer = reaching(units=960, usable_units=480, named_units=960, provider_numbers=96)
    assert lost(fewer) == []
    assert lost(reaching(units=2000)) == []  # closed ones came in


def test_what_an_older_version_did_not_count_is_not_missed():
    assert lost(reaching(usable_units=0), old=extent()) == []


def test_without_message_types_nothing_more_is_said_of_them():
    new = Extent(
        DAY, {"units": 1000, "location_numbers": 400, "registrations": 0}, False, {**REACH, "deliverable_types": 0}
    )
    assert lost(new) == ["message-types-missing"]
    assert lost(new, GuardPolicy(accept_missing_message_types=True)) == []


def test_the_text_says_what_is_left():
    (reason,) = reasons_to_hold_back(reaching(usable_units=0), reaching(), GuardPolicy(), TODAY)
    assert reason.text() == (
        "in the new extract 0 units can be used as recipients where 500 should (100 % fewer, allowed are 10 %)"
    )
    assert reason.text("da").startswith("i det nye udtræk kan 0 enheder bruges")
