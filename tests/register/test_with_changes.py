"""A register with changes, against one that was loaded with those registrations from the start."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.addressing.small_trees import (
    CODES,
    NUMBERS,
    REGISTERED_TYPES,
    WITHOUT_UNIT,
    message_types,
    register_of,
    registrations,
    trees,
)
from tests.addressing.small_trees import SNAPSHOT as DAY

from sor_addressing import Register, Unit, compare
from sor_addressing.addressing.inside import raws_of
from sor_addressing.errors import PlanError
from sor_addressing.messages.catalogue import catalogue
from sor_addressing.model import RegistrationRecord, UnitRecord
from sor_addressing.register.proposals.overlay import lay_over
from sor_addressing.register.proposals.planned_rows import ChangePlan, PlanRow
from sor_addressing.testing import made_up_nation

NOBODY = "5790999099998"
PARSE = catalogue().parse


@st.composite
def plan_rows(draw: st.DrawFn) -> PlanRow:
    add = draw(st.booleans())
    by_format = not add and draw(st.booleans())
    asks: dict[str, object] = draw(
        st.one_of(
            st.fixed_dictionaries(
                {"location_number": st.lists(st.sampled_from([*NUMBERS, WITHOUT_UNIT, NOBODY]), min_size=1)}
            ),
            st.fixed_dictionaries(
                {"system": st.sampled_from(["9101", "9102", "9103"])},
                optional={"region": st.just("Region Midtjylland")},
            ),
            st.fixed_dictionaries({"supplier": st.just(["9201", "9202"])}),
            st.fixed_dictionaries({"within": st.sampled_from(CODES)}),
        )
    )
    return PlanRow(
        change="add" if add else "remove",
        message_type=None if by_format else draw(st.lists(message_types, min_size=1, max_size=2)),
        format=draw(st.sampled_from(["EDI", "XML", "FHIR"])) if by_format else None,
        direction=draw(st.sampled_from(["both", "both", "send", "receive"])),
        from_date=draw(st.none() | st.integers(0, 3).map(lambda n: DAY + dt.timedelta(n))),
        **asks,
    )


plans = st.lists(plan_rows(), max_size=5)


def concerned(row: PlanRow, register: Register) -> set[str]:
    """The numbers that a row is about, looked at unit by unit."""
    owners: dict[str, list[Unit]] = {number: [] for number in (*NUMBERS, WITHOUT_UNIT)}
    for unit in register:
        if unit.location is not None and unit.location.owner == unit:
            owners[unit.location.number].append(unit)

    def fits(number: str, name: str, values: tuple[str, ...]) -> bool:
        if name == "location_number":
            return number in values
        if name == "within":
            return any(
                {owner.sor_code, *(above.sor_code for above in owner.ancestors)} & {*values} for owner in owners[number]
            )
        wanted = {"1082"} if values == ("Region Midtjylland",) else {*values}
        return any(getattr(owner.location, name) in wanted for owner in owners[number])

    return {
        number
        for number in owners
        if (owners[number] or number == WITHOUT_UNIT)
        and all(fits(number, name, values) for name, values in row.asks.items())
    }


def done(rows: list[PlanRow], records: list[RegistrationRecord], register: Register) -> list[RegistrationRecord]:
    """The registrations with the rows done one after the other, the slow way."""
    directed = records[0].may_send is not None
    state = {(one.location_number, PARSE(one.message_type).text): (one.may_send, one.may_receive) for one in records}
    for row in rows:
        for number in concerned(row, register):
            if row.change == "add":
                for one in row.message_type:
                    send, receive = state.get((number, one.text), (False, False) if directed else (None, None))
                    if directed:
                        state[number, one.text] = (
                            send or row.direction != "receive",
                            receive or row.direction != "send",
                        )
                    elif row.direction != "send":
                        state[number, one.text] = (None, None)
                continue
            for of, text in list(state):
                registered = PARSE(text)
                meant = (
                    registered.format == row.format
                    if row.format
                    else any(
                        registered.code == one.code
                        and (registered.family == one.family or not registered.family_certain)
                        and one.version in (None, registered.version)
                        for one in row.message_type
                    )
                )
                if of != number or not meant:
                    continue
                send, receive = state.pop((of, text))
                if not directed:
                    left = (None, None) if row.direction == "send" else (False, False)
                else:
                    left = (send and row.direction == "receive", receive and row.direction == "send")
                if left != (False, False):
                    state[of, text] = left
    return [RegistrationRecord(number, text, *directions) for (number, text), directions in state.items()]


def answers(register: Register) -> Iterator[object]:
    """Everything that registrations can change in an answer."""
    for number in (*NUMBERS, WITHOUT_UNIT):
        for direction in ("receive", "send"):
            for text in (*REGISTERED_TYPES[:10], "FCTL", "zzz 99", "REF01"):
                verdict = register.validate(number, text, direction=direction)  # type: ignore[arg-type]
                yield (
                    verdict.outcome,
                    verdict.deliverable,
                    [raw[0] for raw in raws_of(verdict)],
                    verdict.send_as,
                    verdict.arrives_as,
                    sorted(one.text for one in verdict.alternatives),
                )


@settings(max_examples=80, deadline=None)
@given(trees(), registrations(), plans)
def test_a_plan_done_is_the_register_that_was_loaded_so(
    units: list[UnitRecord], records: list[RegistrationRecord] | None, rows: list[PlanRow]
) -> None:
    directed = bool(records) and records[0].may_send is not None
    # A number without unit that loses its last registration would be unknown where it was never loaded.
    records = [RegistrationRecord(WITHOUT_UNIT, "ÅÅÅ", directed or None, directed or None), *(records or ())]
    before = register_of(units, records)
    as_it_was = list(answers(before))
    planned = before.with_changes(rows)
    loaded = register_of(units, done(rows, records, before))
    assert list(answers(planned)) == list(answers(loaded))
    assert not compare(planned, loaded).changes
    assert list(answers(before)) == as_it_was


@settings(max_examples=40, deadline=None)
@given(trees(), registrations(), plans, plans, st.none() | st.integers(0, 3).map(lambda n: DAY + dt.timedelta(n)))
def test_two_plans_one_after_the_other_are_their_rows_in_order(
    units: list[UnitRecord],
    records: list[RegistrationRecord] | None,
    first: list[PlanRow],
    then: list[PlanRow],
    on: dt.date | None,
) -> None:
    register = register_of(units, records or [])
    apart = register.with_changes(first, on=on).with_changes(ChangePlan(tuple(then)), on=on)
    together = register.with_changes(ChangePlan(tuple(first)) + ChangePlan(tuple(then)), on=on)
    assert list(answers(apart)) == list(answers(together))
    assert apart.plan_rows == together.plan_rows


def of_the_nation() -> Register:
    return made_up_nation(units=3_000).to_register()


def test_the_untouched_rest_of_a_nation_answers_as_before() -> None:
    nation = of_the_nation()
    planned = nation.with_changes([{"change": "remove", "format": "EDI", "region": "1082"}])
    touched = 0
    for number, units in nation.by_location_number.items():
        now = planned.by_location_number[number]
        if any(unit.location.region == "1082" for unit in units if unit.location):
            assert all(one.message_type.format != "EDI" for one in now[0].location.registrations)
            touched += 1
        else:
            assert planned.validate(number, "XDIS91").to_dict() == nation.validate(number, "XDIS91").to_dict()
    assert touched > 20


def test_a_planned_register_is_saved_and_opened_with_its_mark(tmp_path: Path) -> None:
    planned = Register.sample().with_changes(
        [{"change": "add", "message_type": "ZZZ 99", "location_number": "5790999000314"}]
    )
    planned.save(tmp_path / "later.sor")
    opened = Register.open(tmp_path / "later.sor")
    assert opened.validate("990001", "ZZZ").outcome == "supported"
    assert "with a plan of 1 rows done" in repr(opened)
    assert (planned.plan_rows, opened.plan_rows, Register.sample().plan_rows) == (1, 1, 0)
    again = opened.with_changes([{"change": "remove", "message_type": "ZZZ", "location_number": "5790999000314"}])
    assert [(one.validate("990001", "ZZZ").outcome, one.plan_rows) for one in (again, opened)] == [
        ("unsupported", 2),
        ("supported", 1),
    ]


def test_a_register_without_message_types_has_nothing_to_change() -> None:
    with pytest.raises(PlanError, match="the register has no message types to change"):
        register_of([], None).with_changes([])


CSV = """change;message_type;format;from_date;location_number;system;within
remove;;edi;2026-03-01;;Prøvesystem|Andet;
add;FDIS91 5.0|FCTL;;;579 0999 000314;;
"""
TOML = """
name = "forår"
[[rows]]
action = "remove"
format = "EDI"
from = 2026-03-01
system = ["Prøvesystem", "Andet"]
[[rows]]
change = "add"
type = ["FDIS91 5.0", "FCTL"]
number = 5790999000314
"""
ROWS = (
    PlanRow(change="remove", format="EDI", from_date="2026-03-01", system=["Prøvesystem", "Andet"]),
    PlanRow(change="add", message_type=["FDIS91 5.0", "FCTL"], location_number="5790999000314"),
)


@pytest.mark.parametrize(
    ("name", "text"), [("forår.csv", CSV), ("plan.toml", TOML), ("forår.csv", CSV.replace(";", "\t"))]
)
def test_a_plan_is_read_from_csv_and_toml(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    assert ChangePlan.load(path) == ChangePlan(ROWS, "forår")
    assert ChangePlan.of([row.to_dict() for row in ROWS]).rows == ROWS
    assert ChangePlan.load(path).days == (dt.date(2026, 3, 1),)


def test_a_row_says_itself_in_words() -> None:
    assert ROWS[0].text("en") == "remove format EDI where system is Prøvesystem or Andet from 2026-03-01"
    assert ROWS[1].text("da") == "tilføj FDIS91 5.0, FCTL, hvor lokationsnummer er 5790999000314"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"change": "swap"}, "row 1: change is 'swap': use one of add, remove"),
        ({}, "row 1: change is missing: write add or remove"),
        ({"change": "add"}, "row 1: a row has to name a message_type, or a format to remove"),
        ({"change": "add", "format": "EDI"}, "row 1: a format can only be removed: to add, name the message types"),
        ({"change": "remove", "format": "EDI"}, "row 1: a row has to say which location numbers it is about: give"),
        ({"change": "remove", "format": "PDF", "system": "x"}, "row 1: format is 'PDF': use one of EDI, XML, FHIR"),
        (
            {"change": "remove", "format": "EDI", "message_type": "DIS91"},
            "row 1: a row names message_type or format, not",
        ),
        (
            {"change": "add", "message_type": "DIS91", "number": "12"},
            "row 1: location_number is '12': expected 13 digits",
        ),
        ({"change": "add", "message_type": "DIS91", "from": "1/3"}, "row 1: from_date is '1/3': write a day such as"),
        ({"change": "add", "message_type": "DIS91", "system": 7}, "row 1: 7 is no text: write a text, or a list of"),
        ({"change": "add", "message_type": [7], "system": "x"}, "row 1: 7 is no text: write it in quotes, for leading"),
        ({"change": "add", "direction": "up"}, "row 1: direction is 'up': use one of both, send, receive"),
        ({"change": "add", "ward": "x"}, "row 1: there is no field 'ward'; the fields are change, message_type,"),
    ],
)
def test_a_row_that_can_mean_nothing_is_refused(fields: Mapping[str, object], message: str) -> None:
    with pytest.raises(PlanError) as refused:
        ChangePlan.of([fields])
    assert str(refused.value).startswith(message)
    assert refused.value.text("da").startswith("række 1: ")


@pytest.mark.parametrize("given_", [5, b"x", {"change": "add"}, [5]])
def test_what_is_no_plan_is_refused(given_: object) -> None:
    with pytest.raises(PlanError):
        ChangePlan.of(given_)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("p.csv", "", "p.csv: is empty"),
        ("p.csv", "change,why\n", "p.csv, line 1: unknown column 'why'"),
        ("p.csv", "change,format,system\nadd,EDI,x\n", "p.csv, line 2: a format can only be removed"),
        ("p.toml", "rows = [", "p.toml, line 1: not TOML"),
        ("p.toml", '[[rows]]\nwhy = "x"\n', "p.toml, line 2: rows 1: there is no key 'why'"),
        ("p.toml", '[[rows]]\nchange = "add"\nsystem = true\n', "p.toml, line 1: rows 1: True is no text"),
        ("gone.csv", None, "gone.csv: "),
    ],
)
def test_a_faulty_file_is_refused_with_file_and_line(tmp_path: Path, name: str, text: str | None, message: str) -> None:
    path = tmp_path / name
    if text is not None:
        path.write_text(text, "utf-8")
    with pytest.raises(PlanError) as refused:
        ChangePlan.load(path)
    assert str(refused.value).startswith(f"{tmp_path / message}")


def test_a_plan_tells_what_each_row_did() -> None:
    index = Register.sample()._index
    rows = [
        PlanRow(change="add", message_type="FCTL", location_number="5790999000314", from_date="2026-05-01"),
        PlanRow(change="remove", message_type="FCTL", location_number="5790999000314", from_date="2026-03-01"),
        PlanRow(change="remove", message_type="ZZZ", location_number=["5790999000314", "5790999099998"], within="1"),
        PlanRow(change="remove", format="EDI", system="ukendt"),
    ]
    told = [(one.numbers, one.changed, one.not_there, one.out_of_order) for one in lay_over(index, rows)[1]]
    assert told == [
        (1, 1, (), 0),
        (1, 1, (), 1),
        (0, 0, ("5790999099998", "1", "ZZZ"), 0),
        (0, 0, ("system ukendt",), 0),
    ]
