"""Days of tables: every spelling that was seen, and none that could mean two days."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sor_addressing.extracts.days import TableDays

DAY = dt.date(2019, 4, 12)


@pytest.mark.parametrize(
    "text",
    [
        "2019-04-12",
        "12-04-2019",
        "12.04.2019",
        "12.4.2019",
        "20190412",
        "2019-04-12 00:00:00",
        "2019-04-12 00:00:00.000",
        "2019-04-12T23:59:59",
        "2019-04-12T00:00:00+02:00",
        "2019-04-12T00:00:00Z",
        "2019-04-12+02:00",
        "12-04-2019 00:00",
        "12.04.2019 00.00.00",
    ],
)
def test_every_spelling_is_read_as_the_day_that_is_written(text: str) -> None:
    assert TableDays()[text] == DAY


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "04/12/2019",
        "31-02-2019",
        "2019-13-01",
        "99.99.9999",
        "00000000",
        "12-04.2019",
        "12-04-19",
        "2019-W15-5",
        "2019-04-12x",
        "2019-04-12 ",
        "43567",
        "٢٠١٩-٠٤-١٢",
    ],
)
def test_what_is_no_day_is_none(text: str) -> None:
    assert TableDays()[text] is None


@given(st.dates())
def test_a_day_in_each_spelling_comes_back(day: dt.date) -> None:
    days = TableDays()
    year = f"{day.year:04d}"
    spellings = (
        day.isoformat(),
        f"{day.day:02d}-{day.month:02d}-{year}",
        f"{day.day}.{day.month}.{year}",
        f"{year}{day.month:02d}{day.day:02d}",
    )
    assert [days[text] for text in spellings] == [day] * 4


@given(st.text(max_size=30))
def test_any_text_is_a_day_or_none(text: str) -> None:
    days = TableDays()
    assert days[text] == days[text]


def test_texts_are_remembered_and_not_without_bound() -> None:
    days = TableDays()
    for number in range(200_010):
        assert days[str(number)] is None or number > 10_000_000
    assert len(days) == 200_000
