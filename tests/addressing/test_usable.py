"""Whether a unit can be used: one unit asked, and whole columns gone through, say the same and give the same reason."""

from __future__ import annotations

import datetime as dt
from array import array

import hypothesis.strategies as st
import pytest
from hypothesis import event, given, settings
from tests.addressing.small_trees import POLICIES, SNAPSHOT, days, register_of, trees

from sor_addressing import AddressingPolicy, Register
from sor_addressing.addressing.severities import DEFAULT_SEVERITIES, Severity
from sor_addressing.addressing.usable import Usable, against_unit, assess
from sor_addressing.index.columns import OPEN_END
from sor_addressing.index.making.builder import Beside, IndexBuilder
from sor_addressing.model import LocationRecord, LocationSource, UnitKind, UnitRecord
from sor_addressing.testing import made_up_nation

NOT_SAID = frozenset({"inactive location numbers", "internal location numbers", "periods of location numbers"})


def reason_of_one(register: Register, row: int, day: int, policy: AddressingPolicy) -> str | None:
    """The first finding on one unit for which it can't be used, whatever the policy says of severities."""
    usable, raws = assess(register._index, row, day, policy)
    stops = {code for code, usual in DEFAULT_SEVERITIES.items() if usual is Severity.ERROR}
    if policy.internal_only == "accept":
        stops.discard("location-internal-only")
    if policy.inherited == "refuse":
        stops.add("location-inherited")
    found = next((code for code, _, _ in raws if code in stops), None)
    assert (found is None) is usable
    return found


def same(register: Register, day: int, policy: AddressingPolicy) -> set[str | None]:
    index = register._index
    rows = range(len(index))
    one_by_one = [reason_of_one(register, row, day, policy) for row in rows]
    usable = Usable(index, day, policy)
    kept, reasons = usable.divide(rows)
    assert kept == [row for row in rows if one_by_one[row] is None]
    assert reasons == {code: one_by_one.count(code) for code in one_by_one if code is not None}
    assert [usable.against(row) for row in rows] == one_by_one
    for row in rows:
        reason = against_unit(index, row, day)
        assert (reason is None) is index.is_in_force(row, day)
        assert reason in (None, one_by_one[row])
    return set(one_by_one)


@settings(deadline=None)
@given(units=trees(), day=days, policy=st.sampled_from(list(POLICIES.values())), leaves_out=st.booleans())
def test_quiet_days_are_those_on_which_nothing_is_said(
    units: list[UnitRecord], day: dt.date, policy: AddressingPolicy, leaves_out: bool
) -> None:
    quiet = quiet_rows(register_of(units, leaves_out=leaves_out), day.toordinal(), policy)
    event(f"quiet: {bool(quiet)}")


def quiet_rows(register: Register, day: int, policy: AddressingPolicy) -> set[int]:
    """The rows whose day is quiet; what is said of each is the same where no day is."""
    index = register._index
    columns = index.columns
    rows = range(len(index))
    quiet = {row for row in rows if columns.unit_quiet_from[row] <= day <= columns.unit_quiet_to[row]}
    said = [assess(index, row, day, policy) for row in rows]
    columns.unit_quiet_to = array("i", [0]) * len(index)
    assert [assess(index, row, day, policy) for row in rows] == said
    missed = {row for row in rows if not said[row].raws and said[row].usable and columns.unit_to[row] == OPEN_END}
    assert missed <= quiet
    return quiet


def test_most_units_of_a_nation_are_quiet_today() -> None:
    nation = made_up_nation(600, seed=11).to_register()
    assert len(quiet_rows(nation, SNAPSHOT.toordinal(), AddressingPolicy())) > 300


def test_no_day_is_quiet_where_the_files_leave_open_whether_numbers_can_be_used() -> None:
    builder = IndexBuilder()
    builder.add(
        UnitRecord(
            "9000011000016006",
            UnitKind.INSTITUTION_OWNER,
            location=LocationRecord("5790999000017"),
            location_source=LocationSource.OWN,
        )
    )
    index = builder.build(snapshot_date=SNAPSHOT, beside=Beside(not_known=NOT_SAID))
    assert [code for code, _, _ in assess(index, 0, SNAPSHOT.toordinal(), AddressingPolicy()).raws] == [
        "location-state-not-known"
    ]


@settings(deadline=None)
@given(
    units=trees(),
    day=days,
    policy=st.sampled_from(list(POLICIES.values())),
    not_known=st.sampled_from([frozenset(), NOT_SAID]),
    leaves_out=st.booleans(),
)
def test_one_unit_and_whole_columns_say_the_same(
    units: list[UnitRecord], day: dt.date, policy: AddressingPolicy, not_known: frozenset[str], leaves_out: bool
) -> None:
    register = register_of(units, leaves_out=leaves_out)
    register._index.not_known |= not_known
    same(register, day.toordinal(), policy)


@pytest.mark.parametrize("name", ["default", "inherited refused", "internal numbers accepted", "severities lowered"])
def test_the_same_holds_for_a_whole_nation_with_everything_odd(name: str) -> None:
    nation = made_up_nation(600, seed=11).to_register()
    seen = same(nation, SNAPSHOT.toordinal(), POLICIES[name])
    assert seen >= {None, "unit-closed", "unit-not-yet-open", "location-missing", "inheritance-broken"}
