"""Numbers that are handed over: what there is of them, and what became of them, beside plain loops over the public face."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pytest

from sor_addressing import FilterError, PolicyError, Register, audit
from sor_addressing.changes import (
    Handover,
    HandoverCheck,
    HandoverError,
    HandoverOutcome,
    check_handover,
    handover,
)
from sor_addressing.messages.catalogue import catalogue
from sor_addressing.quality import AuditScope, rule
from sor_addressing.quality.scope import Seen
from sor_addressing.testing import RegisterBuilder, made_up_nation
from sor_addressing.testing.numbers import location_number, sor_code

DAY, LATER = dt.date(2026, 1, 15), dt.date(2026, 2, 2)
NUMBERS = [location_number(place) for place in range(8)]
TYPES = ("DIS91 D9134L", "XDIS91 XD9134L", "CTL03 C0330Q", "REF01 H0131R")


@pytest.fixture(scope="module")
def nation() -> Register:
    return made_up_nation(2_500, seed=3).to_register()


def test_of_a_nation_it_is_what_loops_over_the_public_face_see(nation: Register) -> None:
    owners = {
        number: [unit for unit in units if unit.location is not None and not unit.location.inherited]
        for number, units in nation.by_location_number.items()
    }
    suppliers = Counter(
        unit.location.supplier
        for units in owners.values()
        for unit in units
        if unit.location and unit.location.supplier
    )
    remarks = Counter(
        one.location_number or (one.unit.location.number if one.unit and one.unit.location else None)
        for one in audit(nation).remarks
    )
    known = catalogue()
    for supplier, _ in suppliers.most_common(3):
        assert supplier is not None
        found = handover(nation, supplier=supplier)
        expected = sorted(
            number
            for number, units in owners.items()
            if any(unit.location is not None and unit.location.supplier == supplier for unit in units)
        )
        assert [one.location_number for one in found.numbers] == expected
        types = receipts = inheriting = 0
        for one in found.numbers:
            units = nation.by_location_number[one.location_number]
            assert [unit.sor_code for unit in one.units] == [unit.sor_code for unit in units]
            assert [unit.sor_code for unit in one.owners] == [unit.sor_code for unit in owners[one.location_number]]
            assert len(one.remarks) == remarks[one.location_number]
            registered = units[0].location.registrations if units[0].location else ()
            assert [(kind.message_type, kind.may_send, kind.may_receive) for kind in one.types] == [
                (kind.message_type.text, kind.may_send, kind.may_receive) for kind in registered
            ]
            receipts += sum(known.is_receipt(kind.message_type.family) for kind in registered)
            types += len(registered)
            inheriting += len(one.inheriting)
            closed = all(
                unit.period.is_before(found.on)
                or (unit.location is not None and unit.location.period.is_before(found.on))
                for unit in owners[one.location_number]
            )
            assert (one.state == "closed") == closed
        counts = found.counts
        assert sum(counts.by_state.values()) == counts.numbers == len(expected)
        assert (counts.types + counts.receipts, counts.receipts, counts.inheriting) == (types, receipts, inheriting)
        assert counts.remarks == sum(remarks[number] for number in expected)
        held = [number for number in nation.load_report.problems if number.code == "registration-without-unit"]
        assert len(found.without_unit) >= len(held)


class Fact(NamedTuple):
    """A number of a made-up world."""

    supplier: str
    administrator: str
    closed: bool
    wards: frozenset[str]
    types: frozenset[tuple[str, str]]


def world(facts: dict[str, Fact], day: dt.date) -> Register:
    build = RegisterBuilder(day)
    owner = build.owner("Region Prøve")
    for number, fact in facts.items():
        place = NUMBERS.index(number)
        code = codes(place * 10)
        build.institution(
            owner,
            f"Klinik {number}",
            sor_code=code,
            location_number=number,
            location={"supplier": fact.supplier, "administrator": fact.administrator},
            to_date=dt.date(2026, 1, 1) if fact.closed else None,
        )
        for ward in sorted(fact.wards):
            build.unit(code, ward, sor_code=codes(place * 10 + int(ward[-1])), inherits=True)
        for name in sorted({name for name, _ in fact.types}):
            build.registers(number, name, send=(name, "send") in fact.types, receive=(name, "receive") in fact.types)
    return build.build()


def codes(place: int) -> str:
    return sor_code(900_000 + place)


def made(dice: random.Random) -> Fact:
    return Fact(
        dice.choice(("Alfa", "Alfa", "Beta")),
        dice.choice(("MedCom", "Beta Hus")),
        dice.random() < 0.1,
        frozenset(f"Afsnit {n}" for n in range(1, 4) if dice.random() < 0.4),
        frozenset((name, side) for name in TYPES for side in ("send", "receive") if dice.random() < 0.5),
    )


def edited(fact: Fact, dice: random.Random) -> Fact:
    other = made(dice)
    fields = [getattr(other if dice.random() < 0.15 else fact, name) for name in Fact._fields]
    return Fact(*fields)._replace(administrator=dice.choice(("Alfa Hus", fact.administrator)))


@pytest.mark.parametrize("seed", range(40))
def test_what_became_of_each_number_is_what_an_answer_by_hand_says(seed: int, tmp_path: Path) -> None:
    dice = random.Random(seed)  # noqa: S311  the same worlds every time
    before = {number: made(dice) for number in NUMBERS[:7]}
    before[NUMBERS[0]] = before[NUMBERS[0]]._replace(supplier="Alfa")
    after = {number: edited(fact, dice) for number, fact in before.items() if dice.random() < 0.85}
    after[NUMBERS[7]] = made(dice)
    registers = [world(before, DAY), world(after, LATER)]
    told = handover(registers[0], supplier="Alfa", to="Alfa Hus", rules=[])
    told.to_json(tmp_path / "before.json")
    check = check_handover(tmp_path / "before.json", registers[1], rules=[])
    assert check_handover(told, registers[1]).to_dict() == check.to_dict()

    handed = [number for number in before if before[number].supplier == "Alfa"]
    expected: dict[str, tuple[str, bool | None]] = {}
    losses = 0
    for number in handed:
        if number not in after:
            expected[number] = ("lost", None)
            losses += 1
            continue
        old, new = before[number], after[number]
        lost = len(old.wards - new.wards) + len(old.types - new.types) + 2 * (new.closed and not old.closed)
        losses += lost
        moved = new.administrator == "Alfa Hus"
        same = old._replace(administrator="") == new._replace(administrator="") and (
            moved or old.administrator == new.administrator
        )
        expected[number] = ("unchanged" if same else "changed", moved)
    held = {number for number, fact in before.items() if fact.administrator == "Alfa Hus"}
    for number, fact in after.items():
        if (
            number not in handed
            and number not in held
            and (fact.supplier == "Alfa" or fact.administrator == "Alfa Hus")
        ):
            expected[number] = ("new", None)
    assert {one.location_number: (str(one.outcome), one.handed_over) for one in check.numbers} == expected
    found = sum(len(one.losses) for one in check.numbers)
    assert found == losses
    assert check.is_complete == (losses == 0)
    assert sum(check.counts.values()) - check.counts["new"] == len(told.numbers) == len(handed)


def two(edit: dict[str, object] | None = None, **location: object) -> tuple[Register, Register]:
    """A clinic with a number on two days; ``edit`` is what is otherwise on the second."""
    found = []
    for day, more in ((DAY, {}), (LATER, edit or {})):
        build = RegisterBuilder(day)
        owner = build.owner("Ejer")
        fields = {
            "location_number": location_number(1),
            "location": {"supplier": "Alfa", "administrator": "MedCom", **location},
            "contact": {"email": "post@klinik.example"},
            "sor_code": codes(5),
            **more,
        }
        if not fields.pop("gone", False):
            build.institution(owner, "Klinikken", **fields)  # type: ignore[arg-type]
        build.registers(location_number(1), "DIS91 D9134L", send=True, receive=True)
        found.append(build.build())
    return found[0], found[1]


def test_a_number_without_unit_is_lost() -> None:
    before, after = two({"gone": True})
    check = check_handover(handover(before, supplier="alfa", rules=[]), after)
    (one,) = check.numbers
    assert (one.outcome, [str(difference.kind) for difference in one.differences]) == (
        HandoverOutcome.LOST,
        ["number-lost"],
    )
    assert not check.is_complete
    assert handover(before, supplier="Alfa", rules=[]).without_unit == ()


def test_contacts_names_and_parties_are_compared_and_only_losses_count() -> None:
    changed = {"contact": {"telephone": "00 11 22 33"}, "location": {"supplier": "Beta", "administrator": "Beta Hus"}}
    before, after = two(changed)
    check = check_handover(handover(before, supplier="Alfa", to="Beta Hus", rules=[]), after)
    (one,) = check.numbers
    assert [(str(difference.kind), difference.is_loss) for difference in one.differences] == [
        ("contact-lost", True),
        ("contact-changed", False),
        ("party-changed", False),
    ]
    assert one.handed_over is True
    assert check.handed_over == 1


def test_a_direction_that_is_not_said_any_more_is_no_loss() -> None:
    builds = []
    for day, sides in ((DAY, {"send": True, "receive": True}), (LATER, {})):
        build = RegisterBuilder(day)
        build.institution(build.owner("Ejer"), "K", location_number=location_number(1), location={"supplier": "A"})
        build.registers(location_number(1), "DIS91 D9134L", **sides)
        builds.append(build.build())
    check = check_handover(handover(builds[0], supplier="A", rules=[]), builds[1])
    assert check.is_complete
    assert check.differences == {"direction-not-known": 1}


def test_several_suppliers_and_last_changes_are_told() -> None:
    builds = []
    for day, name in ((DAY, "Gamle Klinik"), (LATER, "Nye Klinik")):
        build = RegisterBuilder(day)
        owner = build.owner("Ejer")
        for clinic, supplier in ((name, "Alfa"), ("Anden", "Beta")):
            build.institution(owner, clinic, location_number=location_number(1), location={"supplier": supplier})
        builds.append(build.build())
    found = handover(builds[1], supplier="Alfa", before=builds[0])
    assert (found.numbers[0].several, found.counts.several_suppliers) == (("supplier",), 1)
    assert [change.kind for change in found.numbers[0].changes] == ["renamed"]
    assert "Nye Klinik" in found.numbers[0].changes[0].texts["da"]
    assert location_number(1) in "".join(found.sections("da")[0].lines)
    assert found.audited
    assert found.numbers[0].remarks
    assert check_handover(found, builds[1]).counts == {"unchanged": 1, "changed": 0, "lost": 0, "new": 0}


@pytest.mark.parametrize("language", ["da", "en"])
def test_both_are_written_in_every_form(tmp_path: Path, language: str) -> None:
    before, after = two({"contact": {"email": "<b>@x"}, "location": {"supplier": "=1+1"}})
    found = handover(before, supplier="Alfa", to="Beta Hus")
    check = check_handover(found, after)
    for one in (found, check):
        page = one.to_html(language=language)
        assert "<b>" not in page
        assert one.to_markdown(language=language).startswith("# ")
        stream = io.StringIO()
        one.to_csv(stream, language=language)
        rows = list(csv.reader(io.StringIO(stream.getvalue()), delimiter=";"))
        assert len(rows) == 2
        assert not any(cell.startswith("=1") for cell in rows[1])
        assert {f'="{location_number(1)}"', f'="{codes(5)}"'} <= set(rows[1])
        pytest.importorskip("openpyxl")
        one.to_excel(tmp_path / "h.xlsx", language=language)
        assert (tmp_path / "h.xlsx").stat().st_size
    assert check.to_html(language=language).count("____") >= 6
    check.to_json(tmp_path / "check.json")
    assert json.loads((tmp_path / "check.json").read_text("utf-8")) == json.loads(json.dumps(check.to_dict()))
    found.to_json(tmp_path / "h.json")
    assert Handover.load(tmp_path / "h.json").to_dict() == found.to_dict()


def test_files_that_are_none_and_questions_that_mean_nothing_are_refused(tmp_path: Path) -> None:
    before, after = two()
    path = tmp_path / "h.json"
    found = handover(before, supplier="Alfa", rules=[])
    whole = found.to_dict()
    number = whole["numbers"][0]  # type: ignore[index]
    for document, said in (
        ({}, "this is no handover"),
        ({**whole, "version": 2}, "later version"),
        ({**whole, "numbers": []}, "the counts do not add up: numbers is 1, and there are 0"),
        ({**whole, "numbers": [{**number, "state": "x"}]}, "state is 'x'"),
        ({**whole, "numbers": [number, number], "counts": None}, "counts is null"),
        ([], "not an object"),
    ):
        path.write_text(json.dumps(document), "utf-8")
        with pytest.raises(HandoverError, match=said):
            Handover.load(path)
    path.write_text('{"format": ', "utf-8")
    with pytest.raises(HandoverError):
        check_handover(path, after)
    with pytest.raises(HandoverError, match="give a later one"):
        check_handover(handover(after, supplier="Alfa", rules=[]), before)
    with pytest.raises(HandoverError, match="and the handover of 2026-01-15: leave it out"):
        handover(before, supplier="Alfa", before=after, rules=[])
    with pytest.raises(FilterError, match="say whose numbers"):
        handover(before)
    with pytest.raises(FilterError, match="no location number is one of 'Alfo'; the nearest name is Alfa") as error:
        handover(before, supplier="Alfo")
    assert error.value.text("da") == "intet lokationsnummer hører til 'Alfo'; det nærmeste navn er Alfa"
    with pytest.raises(FilterError, match=r"no location number is one of 'x'$"):
        handover(before, system="x")
    assert isinstance(check_handover(found, before), HandoverCheck)


ODD = (
    None,
    "",
    "x",
    "5790999000017" * 40,
    "\ud800",
    -1,
    1.5,
    True,
    [],
    {},
    ["x"],
    {"x": 1},
    [{"x": []}],
    "\x00é",
    "2026-13-01",
)


def test_whatever_a_file_says_the_error_is_ours(tmp_path: Path) -> None:
    before, after = two()
    whole = handover(before, supplier="Alfa", to="MedCom", before=before).to_dict()
    path = tmp_path / "h.json"
    places = list(_places(whole))
    assert len(places) > 50
    for at, place in enumerate(places):
        for odd in ODD[at % 4 :: 4]:
            document = json.loads(json.dumps(whole))
            inner = document
            for key in place[:-1]:
                inner = inner[key]
            inner[place[-1]] = odd
            path.write_text(json.dumps(document), "utf-8")
            with suppress(HandoverError):
                check = check_handover(path, after, rules=[])
                check.to_markdown(language="da")
                check.to_csv(io.StringIO())


def _places(value: object, above: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield (*above, key)
        yield from _places(inner, (*above, key))


def test_a_remark_of_a_rule_that_was_not_checked_afterwards_has_not_ended(tmp_path: Path) -> None:
    build = RegisterBuilder(DAY)
    code = build.institution(
        build.owner("Prøve Region"),
        "Prøve Klinik",
        location_number=NUMBERS[0],
        location={"supplier": "9201"},
    )
    build.registers(code, "DIS91 D9134L")
    before = handover(build.build(), supplier="9201", rules=["receipt-missing", "number-without-registrations"])
    assert before.rules == {"receipt-missing": "part", "number-without-registrations": "whole"}  # no directions
    before.to_json(tmp_path / "before.json")
    check = check_handover(tmp_path / "before.json", build.build(), rules=["number-without-registrations"])
    assert check.counts["unchanged"] == 1
    assert check.not_compared == ("receipt-missing",)
    assert "receipt-missing" in check.to_markdown(language="da")
    assert check_handover(before, build.build(), rules=["receipt-missing"]).not_compared == ()
    # A rule that was not followed before has not begun to remark.
    fewer = handover(build.build(), supplier="9201", rules=["number-without-registrations"])
    check = check_handover(fewer, build.build())
    assert check.counts["unchanged"] == 1
    assert "receipt-missing" in check.not_compared


def test_a_register_without_message_types_tells_nothing_lost_and_is_refused() -> None:
    build = RegisterBuilder(DAY)
    code = build.institution(
        build.owner("Prøve Region"), "Prøve Klinik", location_number=NUMBERS[0], location={"supplier": "9201"}
    )
    without = Register.from_records(build.extract().units, None, snapshot_date=DAY)
    blind = handover(without, supplier="9201")
    assert not blind.types_known
    assert "Meddelelsestyper er ikke kendt" in blind.to_markdown(language="da")
    build.registers(code, "DIS91 D9134L")
    with pytest.raises(HandoverError, match="knows no message types"):
        check_handover(handover(build.build(), supplier="9201"), without)
    check = check_handover(blind, build.build())
    assert check.counts["unchanged"] == 1
    assert "Message types were not compared" in check.to_markdown()


def one_number(**location: object) -> RegisterBuilder:
    build = RegisterBuilder(DAY)
    build.institution(
        build.owner("Ejer"), "Praksis", location_number=NUMBERS[0], location={"supplier": "Hus", **location}
    )
    build.registers(NUMBERS[0], "XDIS91 XD9134L", send=True, receive=True)
    return build


@pytest.mark.parametrize("rules", [["receipt-missing"], None, ["net-operator-unknown", "unit-type-combined"]])
def test_only_remarks_of_rules_that_were_followed_on_both_sides_are_compared(
    rules: list[str] | None, tmp_path: Path
) -> None:
    register = one_number().build()
    handover(register, supplier="Hus", rules=rules).to_json(tmp_path / "before.json")
    for after in (None, ["receipt-missing"], ["net-operator-unknown"]):
        (checked,) = check_handover(tmp_path / "before.json", register, rules=after).numbers
        assert checked.differences == ()


def test_a_rule_of_the_callers_own_is_compared_where_it_is_given_again() -> None:
    @rule("own-rule", "info")
    def own(scope: AuditScope) -> Iterator[Seen]:
        yield from (Seen(row, -1, {}) for row in scope.rows if scope.on > DAY)

    register = one_number().build()
    told = handover(register, supplier="Hus", rules=[own, "net-operator-unknown"])
    assert list(told.rules) == ["own-rule", "net-operator-unknown"]
    assert check_handover(told, register, on=LATER).numbers[0].differences == ()


@pytest.mark.parametrize("location", [{"period_unreadable": True}, {"period_unreadable": True, "inactive": True}])
def test_a_number_whose_state_can_not_be_read_is_not_open(location: dict[str, object]) -> None:
    found = handover(one_number(**location).build(), supplier="Hus", rules=[])
    assert found.counts.by_state == {"unreadable": 1}
    check = check_handover(handover(one_number().build(), supplier="Hus", rules=[]), one_number(**location).build())
    assert [one.kind for one in check.numbers[0].losses] == ["out-of-use"]
    assert "en tilstand" not in check.to_markdown(language="da")
    assert "tilstand, der ikke kan læses" in check.to_markdown(language="da")


@pytest.mark.parametrize("name", [5, None, float("nan"), "", " ", "\0", b"9221", ["9221"]])
@pytest.mark.parametrize("side", ["supplier", "system", "administrator", "to"])
def test_a_name_that_is_no_text_is_refused(side: str, name: object) -> None:
    if side == "to" and name is None:
        return
    with pytest.raises(FilterError):
        handover(Register.sample(), **{"supplier": "9221" if side == "to" else None, side: name}, rules=[])


def test_one_rule_is_given_as_a_list_too() -> None:
    with pytest.raises(PolicyError, match="rules are given as a list"):
        handover(Register.sample(), supplier="9221", rules="receipt-missing")


def test_a_remark_that_began_or_ended_is_told_in_words_with_its_unit() -> None:
    told = handover(one_number(net_operator="41000035001").build(), supplier="Hus", rules=["net-operator-unknown"])
    unit = told.numbers[0].owners[0].sor_code
    (begun,) = check_handover(told, one_number().build(), rules=["net-operator-unknown"]).numbers[0].differences[-1:]
    assert begun.text("da") == f"Ny bemærkning: Netoperatøren er ukendt ({unit})."
    assert begun.text("en") == f"New remark: Net operator unknown ({unit})."
