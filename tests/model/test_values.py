"""The values that files are shown as: periods, addresses, problems."""

from __future__ import annotations

import datetime as dt
import json

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sor_addressing import Period, Problem
from sor_addressing.model import (
    ADDRESS_FIELDS,
    CONTACT_FIELDS,
    Address,
    Contact,
    LocationRecord,
    RegistrationRecord,
    SourceDay,
    Speciality,
    UnitRecord,
)

DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2020, 1, 10))


@given(st.none() | DAYS, st.none() | DAYS, DAYS, st.booleans())
def test_a_period_contains_its_first_and_last_day_and_those_between(from_date, to_date, on, readable):
    period = Period(from_date, to_date, readable=readable)
    begun = from_date is None or from_date <= on
    ended = to_date is not None and to_date < on
    assert (period.is_after(on), period.is_before(on)) == (not begun, ended)
    assert period.contains(on) is (readable and begun and not ended)


def test_a_period_in_plain_types():
    period = Period(dt.date(2020, 1, 2), None, dt.date(2010, 1, 1), "2021-02-03T04:05:06", readable=False)
    assert period.to_dict() == {
        "from_date": "2020-01-02",
        "to_date": None,
        "first_from_date": "2010-01-01",
        "updated_at": "2021-02-03T04:05:06",
        "readable": False,
    }
    assert Period(to_date=dt.date(2020, 1, 2)).to_dict() == {
        "from_date": None,
        "to_date": "2020-01-02",
        "first_from_date": None,
        "updated_at": None,
        "readable": True,
    }


@pytest.mark.parametrize(
    ("fields", "lines"),
    [
        ({}, ()),
        ({"country": "DK"}, ()),
        ({"street": "Prøvevej"}, ("Prøvevej",)),
        ({"building": "7"}, ("7",)),
        ({"street": "Prøvevej", "building": "7", "suite": "tv"}, ("Prøvevej 7, tv",)),
        ({"floor": "2", "suite": "tv"}, ("2 tv",)),
        (
            {
                "sublocation": "Port B",
                "street": "Prøvevej",
                "building": "7",
                "floor": "2",
                "suite": "th",
                "district_subdivision": "Lilleby",
                "postcode": "9999",
                "district": "Prøveby",
            },
            ("Port B", "Prøvevej 7, 2 th", "Lilleby", "9999 Prøveby"),
        ),
        ({"district": "Prøveby"}, ("Prøveby",)),
        ({"post_office_box": "12", "postcode": "9999", "district": "Prøveby"}, ("Postboks 12", "9999 Prøveby")),
        ({"street": "Prøvevej", "post_office_box": "Postboks 12"}, ("Prøvevej", "Postboks 12")),
    ],
)
def test_an_address_as_it_is_written_on_a_letter(fields, lines):
    assert Address(**fields).lines == lines


def test_addresses_contacts_and_specialities_in_plain_types():
    address = Address(street="Prøvevej", kind="visiting", stands_for="activity", inherited_from="x")
    assert address.to_dict() == {
        **dict.fromkeys(ADDRESS_FIELDS),
        "street": "Prøvevej",
        "kind": "visiting",
        "stands_for": "activity",
        "inherited_from": "x",
        "inheritance_known": True,
    }
    assert Contact(fax="1").to_dict() == {**dict.fromkeys(CONTACT_FIELDS), "fax": "1", "inherited_from": None}
    assert Speciality("408443003").to_dict() == {"code": "408443003", "type": None}


def test_the_fields_of_records_are_the_fields_of_values_in_order():
    assert tuple(attrs.fields_dict(Address))[: len(ADDRESS_FIELDS)] == ADDRESS_FIELDS
    assert tuple(attrs.fields_dict(Contact))[: len(CONTACT_FIELDS)] == CONTACT_FIELDS


def test_a_problem_in_plain_types_and_in_words():
    problem = Problem("parent-in-circle", "Sor.xml", 7, "A", {"circle": ("A", "B")})
    assert problem.text() == (
        "Sor.xml, line 7: A lies below itself (A, B); the unit was made a root and inherits no location number. "
        "Have it corrected in SOR."
    )
    assert problem.text("da").startswith("Sor.xml, linje 7: A ligger under sig selv (A, B); enheden er gjort til rod")
    assert problem.to_dict() == {
        "code": "parent-in-circle",
        "file": "Sor.xml",
        "line": 7,
        "identifier": "A",
        "details": {"circle": ["A", "B"]},
        "text": problem.text(),
    }
    assert json.loads(json.dumps(problem.to_dict())) == problem.to_dict()


def test_problems_are_compared_with_their_details():
    one = Problem("parent-missing", "Sor.xml", 7, "A", {"parent": "B"})
    assert one == Problem("parent-missing", "Sor.xml", 7, "A", {"parent": "B"})
    assert one != Problem("parent-missing", "Sor.xml", 7, "A", {"parent": "C"})
    assert len({one, Problem("parent-missing", "Sor.xml", 7, "A", {"parent": "B"})}) == 1


def test_the_day_of_a_source_in_plain_types():
    assert SourceDay("Sor.xml", "Sor.xml", dt.date(2026, 1, 15), "file", "2").to_dict() == {
        "file": "Sor.xml",
        "content": "Sor.xml",
        "day": "2026-01-15",
        "origin": "file",
        "layout": "2",
        "digest": None,
    }
    assert SourceDay("a.csv", "Edityper.csv", None, "unknown").to_dict()["day"] is None
    assert SourceDay("a.csv", "Edityper.csv", None, "unknown", digest="ab").to_dict()["digest"] == "ab"


def test_the_day_of_a_source_on_one_line():
    assert SourceDay("Sor.xml", "Sor.xml", dt.date(2026, 1, 15), "file", "2", "ab").to_line() == (
        "Sor.xml 2026-01-15 file ab Sor.xml"
    )
    assert SourceDay("a\nb.csv", "Edityper.csv", None, "unknown").to_line() == "Edityper.csv - unknown - a b.csv"


@pytest.mark.parametrize("value", [Period(), Address(), Contact(), Speciality("1"), Problem("a", "b")])
def test_values_are_frozen(value):
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        value.code = "2"


@pytest.mark.parametrize("record", [UnitRecord("1", "IE"), LocationRecord("1"), RegistrationRecord("1", "DIS91")])
def test_records_are_filled_in_place_but_take_no_field_that_is_not_theirs(record):
    first = attrs.fields(type(record))[0].name
    setattr(record, first, "2")
    assert getattr(record, first) == "2"
    with pytest.raises(AttributeError):
        record.nickname = "?"
