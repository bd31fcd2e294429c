"""Targets in trends: how fast remarks go, when they are gone at that speed, who is late, and what a plan does."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
import re
from collections.abc import Sequence
from statistics import median

import pytest

from sor_addressing import PolicyError, Register
from sor_addressing.addressing.severities import Severity
from sor_addressing.quality import (
    GroupKind,
    TargetOutcome,
    Trend,
    TrendPoint,
    target,
    trend,
)
from sor_addressing.quality.targets.pace import MOST_DAYS, done_on, pace_of
from sor_addressing.quality.targets.writing import TargetWords
from sor_addressing.testing import RegisterBuilder

FIRST = dt.date(2026, 1, 1)
RULES = ["receipt-missing"]


def day(after: int) -> dt.date:
    return FIRST + dt.timedelta(days=after)


def points(counts: dict[int, int], groups: dict[int, dict[str, int]] | None = None) -> Trend:
    """A trend of made-up counts by days after the first one."""
    made = [
        TrendPoint(
            day(after), 10, 10, {Severity.ERROR: count}, {"receipt-missing": count}, (groups or {}).get(after, {})
        )
        for after, count in sorted(counts.items())
    ]
    return Trend(tuple(made), GroupKind.HOSPITAL if groups else None)


def by_hand(days: Sequence[int], counts: Sequence[int]) -> float | None:
    rates = [(counts[a] - counts[b]) / (days[b] - days[a]) for a in range(len(days)) for b in range(a + 1, len(days))]
    return median(rates) if rates else None


@pytest.mark.parametrize("seed", range(30))
def test_the_pace_is_the_median_of_the_rates_between_all_days(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 (nothing secret)
    days = sorted(chance.sample(range(400), chance.randint(1, MOST_DAYS)))
    counts = [chance.randint(0, 1000) for _ in days]
    assert pace_of([day(one) for one in days], counts) == by_hand(days, counts)


def test_one_odd_day_does_not_move_the_pace_and_gaps_count_as_they_are_long() -> None:
    days = [0, 1, 2, 3, 30, 60, 61]
    counts = [200 - 2 * one for one in days]
    counts[3] = 900
    assert pace_of([day(one) for one in days], counts) == 2
    many = range(0, 5000, 5)
    assert pace_of([day(one) for one in many], [20000 - 3 * one for one in many]) == 3


def test_when_it_is_done_at_a_pace() -> None:
    assert done_on(FIRST, 10, 2.5) == day(4)
    assert done_on(FIRST, 10, 3) == day(4)
    assert done_on(FIRST, 3, 0.1 + 0.2) == day(10)
    assert done_on(FIRST, 1, 0) is done_on(FIRST, 1, -1) is done_on(FIRST, 10**9, 0.001) is None


@pytest.mark.parametrize(
    ("counts", "until", "goal", "outcome", "due"),
    [
        ({0: 100, 10: 80}, 60, 0, "on-time", 50),
        ({0: 100, 10: 80}, 50, 0, "on-time", 50),
        ({0: 100, 10: 80}, 49, 0, "late", 50),
        ({0: 100, 10: 80}, 20, 60, "on-time", 20),
        ({0: 100, 10: 80}, 10, 0, "late", 50),
        ({0: 100, 10: 80}, 5, 0, "overdue", 50),
        ({0: 100, 10: 100}, 20, 0, "never", None),
        ({0: 100, 10: 110}, 20, 0, "worsening", None),
        ({0: 100, 10: 110}, 5, 0, "overdue", None),
        ({0: 100}, 20, 0, "not-known", None),
        ({0: 100}, -5, 0, "overdue", None),
        ({0: 0}, 20, 0, "reached", None),
        ({0: 100, 10: 80}, 20, 80, "reached", None),
        ({0: 100, 10: 80}, 5, 500, "reached", None),
        ({0: 3_000_000, 3000: 2_999_999}, 4000, 0, "never", None),
    ],
)
@pytest.mark.parametrize("language", ["da", "en"])
def test_where_it_stands(
    counts: dict[int, int], until: int, goal: int, outcome: str, due: int | None, language: str
) -> None:
    found = target(points(counts), until=day(until), goal=goal)
    assert str(found.total.outcome) == outcome
    assert found.total.due == (None if due is None else day(due))
    assert found.total.is_late == (outcome in ("overdue", "worsening", "never", "late"))
    text = found.text(language)
    assert "{" not in text
    assert day(until).isoformat() in text
    if due is not None:
        assert day(due).isoformat() in text
    for page in (found.to_html(language=language), found.to_markdown(language=language)):
        assert day(until).isoformat() in page
    found.to_csv(out := io.StringIO(), language=language)
    assert outcome in out.getvalue()


def test_what_is_needed_and_since_when_it_is_reached() -> None:
    found = target(points({0: 100, 10: 80}), until=day(30), goal=20).total
    assert (found.left, found.needed, found.pace) == (60, 3.0, 2.0)
    reached = target(points({0: 9, 10: 5, 20: 7, 30: 4, 50: 5}), until=day(40), goal=5).total
    assert (reached.reached, reached.needed, reached.left) == (day(30), None, 0)
    again = target(points({0: 2, 10: 9}), until=day(40), goal=5).total
    assert (again.outcome, again.reached) == (TargetOutcome.WORSENING, None)


def test_who_is_late_comes_first() -> None:
    groups = {
        0: {
            "on time": 20,
            "late": 20,
            "later": 20,
            "stands": 5,
            "stands more": 7,
            "worse": 5,
            "done": 4,
            "never had": 0,
        },
        10: {"on time": 10, "late": 16, "later": 18, "stands": 5, "stands more": 7, "worse": 6, "new": 3},
    }
    days = points({after: sum(counts.values()) for after, counts in groups.items()}, groups)
    found = target(days, until=day(25))
    told = [(line.code, str(line.outcome)) for line in found.groups]
    assert told == [
        ("worse", "worsening"),
        ("new", "worsening"),
        ("stands more", "never"),
        ("stands", "never"),
        ("later", "late"),
        ("late", "late"),
        ("on time", "on-time"),
        ("done", "reached"),
    ]
    assert [line.code for line in found.late] == [
        code for code, outcome in told if outcome not in ("on-time", "reached")
    ]
    shares = target(days, until=day(25), goal=13)
    assert sum(line.goal for line in shares.groups) <= 13
    assert {line.code: line.goal for line in shares.groups}["later"] == 13 * 18 // days.points[-1].remarks


def practices(on: dt.date, faulty: dict[str, int]) -> Register:
    """Hospitals of five wards each; some have letters registered and no receipts."""
    build = RegisterBuilder(on)
    owner = build.owner("Prøveregionen")
    for name, wrong in faulty.items():
        house = build.institution(owner, name, types="22232009")
        for at in range(5):
            ward = build.unit(house, f"{name} {at}", location_number=True, location={"administrator": name})
            receipts = () if at < wrong else ("CTL02 C0230Q", "CTL03 C0330Q")
            for code in ("DIS91 D9134L", *receipts):
                build.registers(ward, code, send=True, receive=True)
    return build.build()


PLAN = [
    {
        "change": "add",
        "message_type": ["CTL02 C0230Q", "CTL03 C0330Q"],
        "administrator": "Nordhus",
        "from_date": "2026-02-01",
    },
    {"change": "remove", "message_type": "DIS91", "administrator": "Sydhus", "from_date": "2026-03-01"},
]


def test_the_days_of_a_plan_say_what_is_left_after_each() -> None:
    registers = [practices(day(0), {"Nordhus": 5, "Sydhus": 5}), practices(day(14), {"Nordhus": 4, "Sydhus": 5})]
    days = trend(registers, by="hospital", rules=RULES)
    found = target(days, until=dt.date(2026, 3, 1), plan=PLAN, register=registers[-1], rules=RULES)
    codes = {days.group_name(code): code for code in days.points[-1].by_group}
    per_ward = found.total.now // 9
    assert [(one.day, one.rows, one.remarks) for one in found.planned] == [
        (dt.date(2026, 2, 1), 1, 5 * per_ward),
        (dt.date(2026, 3, 1), 1, 0),
    ]
    assert found.planned[0].by_group[codes["Sydhus"]] == 5 * per_ward
    assert found.planned[0].by_group.get(codes["Nordhus"], 0) == 0
    assert found.planned_done == dt.date(2026, 3, 1)
    assert "By the plan the goal is reached on 2026-03-01: in time." in found.text()
    late = target(days, until=dt.date(2026, 2, 15), plan=PLAN, register=registers[-1], rules=RULES)
    assert "after 2026-02-15" in late.text()
    short = target(days, until=dt.date(2026, 3, 1), plan=PLAN[:1], register=registers[-1], rules=RULES)
    assert short.planned_done is None
    assert f"{5 * per_ward} are left after 2026-02-01" in short.text()
    page = found.to_html(language="da")
    for sign in ("1", "◆ 2"):
        assert f">{sign}</text>" in page
    assert "Planens dage" in found.to_markdown(language="da")
    assert "Sydhus" in found.to_markdown(language="da")


def test_rows_that_count_already_are_done_on_the_last_day() -> None:
    register = practices(day(0), {"Nordhus": 2})
    days = trend([register], rules=RULES)
    plan = [{**PLAN[0], "from_date": "2020-01-01"}, {**PLAN[0], "from_date": None}]
    found = target(days, until=day(30), plan=plan, register=register, rules=RULES)
    assert [(one.day, one.rows, one.remarks) for one in found.planned] == [(day(0), 2, 0)]


def test_the_chart_is_drawn_by_days_and_read_without_colour() -> None:
    found = target(points({0: 100, 10: 90, 100: 50}), until=day(150), goal=10)
    page = found.to_html()
    chart = re.search(r'<svg class="lines".*?</svg>', page)
    assert chart
    (way, speed) = re.findall(r'<polyline points="([^"]+)"', chart[0])
    xs = [float(point.split(",")[0]) for point in way.split()]
    assert xs[2] - xs[1] == pytest.approx(9 * (xs[1] - xs[0]), rel=0.01)
    assert float(speed.split()[0].split(",")[0]) == xs[2]
    assert len(set(re.findall(r'stroke-dasharray="([^"]+)"', chart[0]))) == 4
    assert "href" not in chart[0]
    assert "<td>2026-01-11</td><td class=number>90</td>" in page


@pytest.mark.parametrize("counts", [{0: 5}, {0: 0}, {0: 5, 1: 5}, {0: 1, 9: 10**6}, {0: 10**6, 9: 1}])
@pytest.mark.parametrize("until", [dt.date(1, 1, 1), day(3), dt.date(9999, 12, 31)])
def test_no_day_of_the_calendar_overflows(counts: dict[int, int], until: dt.date) -> None:
    found = target(points(counts), until=until, goal=1)
    assert found.to_html().count("<svg") >= 1
    assert found.to_dict()["until"] == until.isoformat()


def test_names_of_groups_are_told_and_can_do_no_harm() -> None:
    registers = [practices(day(at), {"<b>=1+1</b>": 5 - at, "=1+1": 5}) for at in (0, 1)]
    found = target(trend(registers, by="hospital", rules=RULES), until=day(20))
    page = found.to_html()
    assert "<b>" not in page
    assert "&lt;b&gt;=1+1&lt;/b&gt;" in page
    found.to_csv(out := io.StringIO())
    rows = list(csv.DictReader(io.StringIO(out.getvalue().lstrip("\ufeff")), delimiter=";"))
    assert [row["row"] for row in rows] == ["all", "group", "group", "day", "day"]
    assert "'=1+1" in {row["name"] for row in rows}
    assert all(len(row) == len(rows[0]) and None not in row for row in rows)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"goal": -1}, "goal is -1"),
        ({"goal": True}, "goal is True"),
        ({"goal": 1.5}, "goal is 1.5"),
        ({"plan": PLAN}, "a plan is laid over a register"),
    ],
)
def test_what_no_target_is_is_refused(asked: dict[str, object], told: str) -> None:
    with pytest.raises(PolicyError, match=told):
        target(points({0: 1}), until=day(3), **asked)  # type: ignore[arg-type]


def test_a_target_needs_a_day_and_options_that_there_are() -> None:
    with pytest.raises(PolicyError, match="one day at least"):
        target(Trend(()), until=day(1))
    with pytest.raises(TypeError, match="did you mean 'rules'"):
        target(points({0: 1}), until=day(1), rulse=[])  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        target(points({0: 1}), until="2026-01-01")  # type: ignore[arg-type]


def test_speeds_are_written_as_people_read_them() -> None:
    danish, english = TargetWords("da"), TargetWords("en")
    told = {pace: (danish.a_week(pace), english.a_week(pace)) for pace in (0.0, 200.0, 1.2, 0.004, 0.00001, -0.3)}
    assert told == {
        0.0: ("0,0", "0.0"),
        200.0: ("1.400", "1,400"),
        1.2: ("8,4", "8.4"),
        0.004: ("0,03", "0.03"),
        0.00001: ("<0,01", "<0.01"),
        -0.3: ("-2,1", "-2.1"),
    }
    assert danish.a_week(None) == ""
