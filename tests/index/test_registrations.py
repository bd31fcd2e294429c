"""Registrations gathered: rows of one type and number become one registration, equal sets are kept once."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sor_addressing import Register
from sor_addressing.index.lookup import RegistrationMasks
from sor_addressing.index.registrations import Registrations
from sor_addressing.index.unit import registrations_of_number
from sor_addressing.messages.catalogue import catalogue
from sor_addressing.model import LocationRecord, LocationSource, RegistrationRecord, UnitKind, UnitRecord
from sor_addressing.testing.numbers import location_number, sor_code

DAY = dt.date(2026, 1, 15)
ONE, TWO, THREE = map(location_number, range(3))
XDIS91, DIS91, FDIS91 = map(catalogue().parse, ("XDIS91 XD9134L", "DIS91 D9134L", "FDIS91"))
SAID = [None, False, True]


def register_of(rows, *numbers: str) -> Register:
    units = [
        UnitRecord(
            sor_code(n),
            UnitKind.INSTITUTION_OWNER,
            location_source=LocationSource.OWN,
            location=LocationRecord(number),
        )
        for n, number in enumerate(numbers or (ONE, TWO, THREE))
    ]
    return Register.from_records(units, [RegistrationRecord(*row) for row in rows], snapshot_date=DAY)


def registered(register: Register, number: str):
    (unit,) = register.by_location_number[number]
    return [(one.message_type.text, one.may_send, one.may_receive) for one in unit.location.registrations]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([(True, False), (False, True)], (True, True)),
        ([(False, True), (True, False)], (True, True)),
        ([(True, True), (False, False)], (True, True)),
        ([(True, False), (True, False)], (True, False)),
        ([(None, True), (True, None)], (True, True)),
        ([(None, None), (False, True)], (False, True)),
        ([(False, True), (None, None)], (False, True)),
        # A row without a direction beside one that has it is a registration of its own, to receive.
        ([(None, None), (True, False), (None, None)], (True, True)),
        ([(None, None), (None, False)], (None, True)),
        ([(None, None), (None, None)], (None, None)),
        ([(False, False)], (False, False)),
    ],
)
def test_two_rows_of_one_type_are_one_registration_and_what_is_known_wins(rows, expected):
    register = register_of([(ONE, "XDIS91 XD9134L", *row) for row in rows])
    assert registered(register, ONE) == [("XDIS91 XD9134L", *expected)]
    assert register.load_report.counts["registrations"] == 1


def test_spellings_of_one_type_are_one_type():
    spellings = ["XDIS91 XD9134L", "xd9134l (xdis91)", "XDIS91:XD9134L", "XD9134L"]
    register = register_of([(ONE, spelling, None, None) for spelling in spellings])
    assert registered(register, ONE) == [("XDIS91 XD9134L", None, None)]
    assert register.load_report.counts["registered_types"] == 1
    assert register.load_report.unknown_types == {}


def test_unknown_types_are_kept_and_their_rows_counted_whatever_the_spelling():
    rows = ["PRØVE 1", "prøve  1", "PRØVE 1", "XDIS91", "ANDEN", " prøve 1", "PRØVE 1"]
    register = register_of([(ONE, text, None, None) for text in rows])
    assert register.load_report.unknown_types == {"PRØVE 1": 5, "ANDEN": 1}
    assert register.load_report.counts["unknown_types"] == 2
    assert [text for text, _, _ in registered(register, ONE)] == ["ANDEN", "PRØVE 1", "XDIS91"]


def test_equal_sets_are_kept_once_in_whatever_order_their_rows_stand():
    rows = [(ONE, "XDIS91"), (TWO, "DIS91"), (ONE, "DIS91"), (TWO, "XDIS91"), (THREE, "XDIS91")]
    register = register_of(rows)
    columns = register._index.columns
    assert len(columns.set_start) - 1 == 2
    assert registered(register, ONE) == registered(register, TWO) == [("DIS91", None, None), ("XDIS91", None, None)]
    assert registered(register, THREE) == [("XDIS91", None, None)]
    assert register.load_report.counts["registrations"] == 5


def test_numbers_are_read_in_any_spelling_and_remember_their_first_line():
    gathered = Registrations().extend(
        [
            RegistrationRecord(f"{ONE[:4]} {ONE[4:]}", "XDIS91", line=2),
            RegistrationRecord(TWO, "XDIS91", line=3),
            RegistrationRecord(f"{ONE[:4]}-{ONE[4:]}", "DIS91", line=4),
        ]
    )
    assert list(gathered.numbers()) == [ONE, TWO]
    assert gathered.first_line == {ONE: 2, TWO: 3}


@pytest.mark.parametrize(
    ("said", "expected"), [((None, None), False), ((False, None), True), ((None, False), True), ((True, True), True)]
)
def test_one_row_with_a_direction_makes_a_file_with_directions(said, expected):
    register = register_of([(ONE, "XDIS91", None, None), (TWO, "XDIS91", *said)])
    assert register._index.has_directions is expected


def test_a_number_that_no_unit_has_is_kept_and_reported():
    register = register_of([(TWO, "XDIS91", None, True, 7), (ONE, "XDIS91"), ("???", "DIS91")], ONE)
    assert TWO not in register.by_location_number
    assert list(register.by_location_number) == [ONE]
    index = register._index
    number = index.number_of(TWO)
    assert (index.number_text(number), list(index.rows_of_number(number))) == (TWO, [])
    assert [one.to_dict() for one in registrations_of_number(index, number)] == [
        {"message_type": catalogue().parse("XDIS91").to_dict(), "may_send": None, "may_receive": True}
    ]
    problems = register.load_report.problems
    assert [(one.code, one.identifier, one.line) for one in problems] == [
        ("registration-without-unit", TWO, 7),
        ("registration-without-unit", "???", None),
    ]
    counts = register.load_report.counts
    assert (counts["location_numbers"], counts["location_numbers_without_unit"], counts["registrations"]) == (1, 2, 3)


def test_no_registrations_are_not_the_same_as_none_loaded():
    nothing = UnitRecord(sor_code(1), UnitKind.INSTITUTION_OWNER)
    none_loaded = Register.from_records([nothing], None, snapshot_date=DAY)
    loaded = Register.from_records([nothing], [], snapshot_date=DAY)
    assert (none_loaded.has_message_types, loaded.has_message_types) == (False, True)
    assert none_loaded._index.registered_types() == loaded._index.registered_types() == ()


SPELLINGS = ["XDIS91", "xdis91", "XDIS91 XD9134L", "XD9134L", "DIS91:D9134L", "PRØVE", "prøve", "RPT01 R0130F"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from([ONE, TWO, THREE, "???"]),
            st.sampled_from(SPELLINGS),
            st.sampled_from(SAID),
            st.sampled_from(SAID),
        )
    )
)
def test_any_rows_against_a_dictionary(rows):
    expected: dict[str, dict[str, list[set]]] = {}
    for number, text, send, receive in rows:
        said = expected.setdefault(number, {}).setdefault(catalogue().parse(text).text, [set(), set()])
        said[0].add(send)
        # Without any direction it is a registration of its own, to receive.
        said[1].add("registered" if send is receive is None else receive)

    def settled(said: set, other: set) -> bool | None:
        if "registered" in said and {True, False} & (said | other):
            return True
        return True if True in said else False if False in said else None

    wanted = {
        number: [
            (text, settled(send, receive), settled(receive, send)) for text, (send, receive) in sorted(types.items())
        ]
        for number, types in expected.items()
    }
    register = register_of(rows, ONE, TWO, "???", location_number(9))
    for number in (ONE, TWO, "???", location_number(9)):
        assert registered(register, number) == wanted.get(number, [])
    counts = register.load_report.counts
    assert counts["registrations"] == sum(map(len, wanted.values()))
    assert counts["registered_types"] == len({text for types in expected.values() for text in types})
    assert counts["location_numbers_without_unit"] == (THREE in wanted)
    assert counts["location_numbers_without_registrations"] == 4 - len(wanted.keys() - {THREE})
    unknown = Counter(catalogue().parse(text).text for _, text, _, _ in rows if not catalogue().parse(text).known)
    assert register.load_report.unknown_types == dict(unknown)
    sets = {tuple(types) for types in wanted.values()}
    assert len(register._index.columns.set_start) - 1 == len(sets)


def test_a_set_as_bits_and_remembered():
    register = register_of(
        [
            (ONE, "DIS91", True, False),
            (ONE, "FDIS91", None, True),
            (ONE, "PRØVE", False, None),
            (ONE, "XDIS91", True, True),
        ]
    )
    index = register._index
    assert [one.text for one in index.registered_types()] == ["DIS91", "FDIS91", "PRØVE", "XDIS91"]
    registration_set = index.columns.number_set[index.number_of(ONE)]
    masks = index.masks(registration_set)
    assert masks == RegistrationMasks(
        send=0b1001,
        receive=0b1010,
        send_not_known=0b0010,
        receive_not_known=0b0100,
        receives=0b1010,
        receiving_is_open=False,
        sending_is_open=False,
    )
    assert index.masks(registration_set) is masks


def test_the_columns_do_not_depend_on_the_order_of_the_rows():
    rows = [(ONE, "XDIS91"), (ONE, "DIS91"), (TWO, "PRØVE")]
    one, other = register_of(rows)._index.columns, register_of([rows[1], rows[2], rows[0]])._index.columns
    assert (one.set_start, one.set_entry) == (other.set_start, other.set_entry)
    assert one.type_text == other.type_text


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["5790999000000", "5790 9990 0000 0", "5790999000017", "x"]),
        st.sampled_from(["XDIS91 XD9134L", "D9134L", "DIS91", "PRØVE"]),
        st.sampled_from([None, True, False]),
        st.sampled_from([None, True, False]),
    ),
    max_size=30,
)


@given(rows=ROWS)
def test_rows_taken_number_by_number_are_the_rows_taken_one_by_one(rows):
    one_by_one = Registrations().extend(RegistrationRecord(*row, line) for line, row in enumerate(rows, start=2))
    together, line = [], 2
    for number, group in itertools.groupby(rows, lambda row: row[0]):
        said = tuple(row[1:] for row in group)
        together.append((number, said, range(line, line + len(said))))
        line += len(said)
    by_number = Registrations().extend_by_number(together)
    assert by_number.sets() == one_by_one.sets()
    assert by_number.unknown_types == one_by_one.unknown_types
    assert by_number.first_line == one_by_one.first_line
    assert by_number.has_directions == one_by_one.has_directions
    for number in one_by_one.numbers():
        assert by_number.types_of(number) == one_by_one.types_of(number)


def test_only_so_many_sets_are_remembered_and_the_others_are_worked_out_again(monkeypatch):
    monkeypatch.setattr("sor_addressing.index.registrations._SETS_REMEMBERED", 1)
    said = (("XDIS91 XD9134L", None, True),), (("DIS91 D9134L", True, None),)
    groups = [(location_number(n), said[n % 2], (n + 2,)) for n in range(4)]
    gathered = Registrations().extend_by_number(groups)
    assert [gathered.types_of(number) for number, _, _ in groups] == [{"XDIS91 XD9134L"}, {"DIS91 D9134L"}] * 2
