"""What a plan would do: to letters, receipts and replies, numbers, remarks; day by day; and what its rows are about."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from pathlib import Path

import pytest

from sor_addressing import AddressingPolicy, Register, audit, what_if
from sor_addressing.changes import WhatIf
from sor_addressing.errors import AddressBookError, PlanError
from sor_addressing.testing import made_up_nation, register_of

DAY = dt.date(2026, 1, 15)


@pytest.fixture(scope="module")
def register() -> Register:
    edi = ["DIS91 D9134L", "CTL02 C0230Q", "CTL03 C0330Q"]
    both = [*edi, "XDIS91 XD9134L", "XCTL02 XC0230Q", "XCTL03 XC0330Q"]
    return register_of(
        {
            "Kun EDI": {"provider_number": "990077", "registers": edi, "location": {"system": "9101"}},
            "Begge": {"provider_number": "990078", "registers": both, "location": {"system": "9102"}},
            "Ingen": {"provider_number": "990079", "location": {"system": "9101"}},
        }
    )


PAIRS = [("990077", "DIS91"), ("990078", "DIS91"), ("990078", "XDIS91"), ("990077", "XDIS91"), ("990079", "DIS91")]
PLAN = [
    {"change": "remove", "format": "EDI", "system": "9102", "from_date": "2026-02-01"},
    {"change": "remove", "format": "EDI", "system": "9101", "from_date": "2026-03-01"},
    {"change": "add", "message_type": ["XDIS91 XD9134L", "XCTL02"], "system": "9101", "from_date": "2026-04-01"},
    {"change": "remove", "format": "FHIR", "system": "9102"},
]


def told(found: WhatIf) -> dict[str, list[tuple[str, str]]]:
    return {
        outcome: [(one.recipient, one.message_type) for one in found.total.becoming(outcome)]
        for outcome in ("undeliverable", "converted", "supported", "unknown")
    }


def test_letters_become_undeliverable_converted_or_supported(register: Register) -> None:
    found = what_if(register, PLAN[:1], traffic=PAIRS, rules=[])
    assert told(found) == {
        "undeliverable": [],
        "converted": [("990078", "DIS91")],
        "supported": [],
        "unknown": [],
    }
    (pair,) = found.total.changed
    assert (pair.by, pair.before, pair.after, pair.name) == ("receiver", "supported", "converted", "Begge")
    none = what_if(register, PLAN[:2], traffic=PAIRS, rules=[], policy=AddressingPolicy(conversion_model="none"))
    assert told(none)["undeliverable"] == [("990077", "DIS91"), ("990078", "DIS91")]
    assert none.total.emptied == (register.resolve("990077").unwrap().location_number,)
    assert told(what_if(register, PLAN, traffic=PAIRS, rules=[]))["supported"] == [
        ("990077", "XDIS91"),
    ]


def test_receipts_and_replies_that_then_lack_are_told(register: Register) -> None:
    plan = [{"change": "remove", "message_type": ["CTL03", "DIS91"], "direction": "send", "system": "9101"}]
    found = what_if(register, plan, traffic=PAIRS, rules=[])
    (pair,) = found.total.lacking
    assert (pair.recipient, pair.lacks, pair.after) == ("990077", ("receipt-missing", "reply-impossible"), "supported")
    back = what_if(
        register.with_changes(plan),
        [{"change": "add", "message_type": "CTL03 C0330Q", "system": "9101"}],
        traffic=PAIRS,
        rules=[],
    )
    assert [one.regains for one in back.total.changed] == [("receipt-missing",)]


def test_a_plan_by_days_shows_each_step(register: Register) -> None:
    found = what_if(register, PLAN, traffic=PAIRS, rules=[])
    assert [(step.day and step.day.isoformat(), step.effect.numbers) for step in found.steps] == [
        (None, 0),
        ("2026-02-01", 1),
        ("2026-03-01", 1),
        ("2026-04-01", 2),
    ]
    assert found.on == dt.date(2026, 4, 1)
    assert [len(step.effect.becoming("undeliverable")) for step in found.steps] == [0, 0, 1, 0]
    sooner = what_if(register, PLAN, traffic=PAIRS, rules=[], on=dt.date(2026, 2, 15))
    assert (sooner.later, len(sooner.rows), len(sooner.steps)) == (2, 2, 2)


def test_remarks_of_the_audit_begin_and_cease_as_two_audits_say(register: Register) -> None:
    plan = [{"change": "remove", "message_type": "CTL03", "system": "9101"}]
    found = what_if(register, plan)
    before, after = audit(register), audit(register.with_changes(plan))
    assert len(found.total.remarks_begun) - len(found.total.remarks_ceased) == len(after.remarks) - len(before.remarks)
    assert found.total.by_rule["receipt-missing"] == (2, 0)
    assert what_if(register, plan, rules=["receipt-missing"]).total.by_rule == {"receipt-missing": (2, 0)}


def test_rows_that_change_nothing_or_name_what_is_not_there_are_told(register: Register) -> None:
    found = what_if(
        register, [*PLAN, {"change": "remove", "message_type": "ZZZ", "location_number": "5790999099998"}], rules=[]
    )
    assert [(one.not_there, one.changed) for one in found.idle_rows] == [((), 0), (("5790999099998", "ZZZ"), 0)]


def test_the_traffic_can_be_an_address_book(register: Register, tmp_path: Path) -> None:
    path = tmp_path / "book.csv"
    path.write_text("ydernummer;meddelelsestyper;navn\n990078;DIS91, XDIS91;Begge\n", "utf-8")
    assert what_if(register, PLAN, traffic=path, rules=[]).total.pairs == 2
    assert (
        what_if(register, PLAN, traffic=[{"provider_number": "990078", "message_types": "DIS91"}], rules=[]).total.pairs
        == 1
    )
    with pytest.raises(PlanError, match="pair 2 of the traffic is no recipient and message type: 'x'"):
        what_if(register, PLAN, traffic=[("a", "b"), "x"])  # type: ignore[list-item]
    with pytest.raises(AddressBookError):
        what_if(register, PLAN, traffic=tmp_path / "gone.csv")


def test_the_report_is_written_in_every_form_and_both_languages(register: Register, tmp_path: Path) -> None:
    found = what_if(register, PLAN, traffic=PAIRS)
    assert json.loads(json.dumps(found.to_dict())) == found.to_dict()
    for language in ("da", "en"):
        markdown, page = found.to_markdown(language=language), found.to_html(tmp_path / "p.html", language=language)
        assert "{" not in markdown
        assert "?" not in markdown
        assert (tmp_path / "p.html").read_text("utf-8") == page
        assert markdown.count("\n## ") == page.count("<section")
    target = io.StringIO()
    found.to_csv(target)
    rows = list(csv.DictReader(target.getvalue().splitlines(), delimiter=";"))
    assert len(rows) == len(found.total.changed)
    assert "1 pair" in what_if(register, PLAN, traffic=PAIRS[:1]).to_markdown()


def test_a_long_table_is_cut_and_says_so() -> None:
    nation = made_up_nation(units=2_500).to_register()
    found = what_if(
        nation, [{"change": "remove", "format": "EDI", "region": ["1081", "1082", "1083", "1084", "1085"]}], rules=[]
    )
    assert len(found.total.emptied) > 5
    assert f"These are the first 5 of {len(found.total.emptied)}." in found.to_markdown(limit=5)
