"""How the entries of an address book stand: ok, to be looked at, or broken; why, since when, and what should stand there instead."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json

import pytest

from sor_addressing import AddressingPolicy, Register, Severity, review
from sor_addressing.addressing.severities import BOOK_CODES, DEFAULT_SEVERITIES
from sor_addressing.changes import BookEntry, EntryState, Replacement, ReviewedEntry
from sor_addressing.testing import RegisterBuilder
from sor_addressing.testing.numbers import location_number, provider_number, shak_code, sor_code

DAY = dt.date(2026, 1, 15)
OK, WARNING, BROKEN = EntryState
# Far from each other, so that no number is one slip away from another.
HOSPITAL, CLINIC, CLOSED, SPLIT, FIRST, SECOND, MOVED = (
    location_number(n) for n in (10203, 23416, 35047, 47158, 58269, 61370, 74581)
)


class Nation:
    """A hospital with a ward below it, a clinic, and units that are closed in every way. ``previous`` is the same a month before."""

    def __init__(self, *, previous: bool = False, message_types: bool = True) -> None:
        day = DAY - dt.timedelta(days=31) if previous else DAY
        build = RegisterBuilder(day)
        last = dt.date(2025, 12, 31)
        region = build.owner("Region Opdigt")
        there = {"municipality_code": "0901"}
        self.hospital = build.institution(
            region, "Prøve Sygehus", location_number=HOSPITAL, visiting_address=there, shak_code="9901"
        )
        self.ward = build.unit(
            self.hospital, "Hjertemedicinsk Sengeafsnit", inherits=True, shak_code=shak_code(1, "ward")
        )
        self.clinic = build.institution(
            region,
            "Klinikken Lærkevej" if not previous else "Klinikken Spurvevej",
            location_number=CLINIC,
            provider_number=provider_number(1),
            visiting_address=there,
        )
        self.closed = build.institution(
            region,
            "Den lukkede",
            location_number=CLOSED,
            to_date=last,
            replaced_by=self.clinic,
            provider_number=provider_number(5),
        )
        self.first = build.institution(region, "Efterfølger Et", location_number=FIRST)
        self.second = build.institution(region, "Efterfølger To", location_number=SECOND)
        self.split = build.institution(
            region, "Den delte", location_number=SPLIT, to_date=last, replaced_by=(self.first, self.second)
        )
        self.old_ward = build.unit(self.hospital, "Det gamle afsnit", inherits=True, to_date=last)
        self.dead = build.unit(
            self.hospital, "Hjertemedicinsk Klinik", location_number=location_number(85692), to_date=last
        )
        self.mover = build.institution(
            region,
            "Flyttefuglen",
            location_number=MOVED if previous else location_number(96703),
            provider_number=provider_number(3),
        )
        self.taker = build.institution(
            region, "Overtageren", location_number=location_number(7814) if previous else MOVED
        )
        for unit in (self.hospital, self.clinic, self.first):
            build.registers(unit, "XDIS91 XD9134L", "XCTL02", "XCTL03", send=True, receive=True)
        if not message_types:
            build.without_message_types()
        self.register: Register = build.build()


NATION = Nation()
BEFORE = Nation(previous=True)


def reviewed(previous: Register | None = None, **fields: object) -> ReviewedEntry:
    """The one entry of a book, reviewed."""
    (entry,) = review([BookEntry(**fields)], NATION.register, previous).entries  # type: ignore[arg-type]
    return entry


def changes(entry: ReviewedEntry) -> list[tuple[str, str | None, str, str]]:
    return [(one.field, one.seen, one.suggested, one.reason) for one in entry.replacements]


def test_an_entry_that_the_register_agrees_with_is_ok() -> None:
    entry = reviewed(
        sor_code=NATION.clinic,
        location_number=CLINIC,
        provider_number=provider_number(1),
        name="Klinikken, Lærkevej",
        message_types="XDIS91",
    )
    assert (entry.state, entry.findings, entry.since, entry.replacements, entry.candidates) == (OK, (), None, (), ())
    assert (entry.sor_code, entry.location_number, entry.recipient) == (NATION.clinic, CLINIC, "Klinikken Lærkevej")


def test_a_ward_with_the_number_that_it_inherits_is_ok() -> None:
    entry = reviewed(sor_code=NATION.ward, location_number=HOSPITAL)
    assert (entry.state, [one.code for one in entry.findings], entry.sor_code) == (
        OK,
        ["location-inherited"],
        NATION.ward,
    )


def test_a_closed_unit_is_broken_since_the_day_after_its_last_and_its_one_successor_stands_in() -> None:
    entry = reviewed(sor_code=NATION.closed, location_number=CLOSED, provider_number=provider_number(5))
    assert (entry.state, entry.reasons, entry.since) == (BROKEN, ("unit-closed", "unit-replaced"), dt.date(2026, 1, 1))
    assert changes(entry) == [
        ("sor_code", NATION.closed, NATION.clinic, "unit-replaced"),
        ("location_number", CLOSED, CLINIC, "unit-replaced"),
        ("provider_number", provider_number(5), provider_number(1), "unit-replaced"),
    ]
    assert entry.candidates == ()


def test_what_the_book_does_not_have_is_not_put_in() -> None:
    assert changes(reviewed(location_number=CLOSED)) == [("location_number", CLOSED, CLINIC, "unit-replaced")]


def test_several_successors_are_candidates_and_none_is_taken() -> None:
    entry = reviewed(sor_code=NATION.split, name="Efterfølger To")
    assert entry.replacements == ()
    assert [(one.sor_code, one.reason) for one in entry.candidates] == [
        (NATION.second, "unit-replaced"),
        (NATION.first, "unit-replaced"),
    ]


def test_candidates_are_searched_by_name_in_the_same_hospital() -> None:
    entry = reviewed(sor_code=NATION.dead, name="Hjertemedicinsk")
    assert (entry.state, entry.replacements) == (BROKEN, ())
    assert [(one.sor_code, one.name, one.above[0], one.reason) for one in entry.candidates] == [
        (NATION.ward, "Hjertemedicinsk Sengeafsnit", "Prøve Sygehus", "name")
    ]


def test_the_name_of_the_closed_unit_is_searched_for_where_the_book_has_none() -> None:
    assert [one.sor_code for one in reviewed(sor_code=NATION.dead).candidates] == [NATION.ward]


def test_no_candidates_are_given_where_none_are_wanted() -> None:
    (entry,) = review([BookEntry(sor_code=NATION.dead)], NATION.register, candidates=0).entries
    assert entry.candidates == ()


def test_a_sor_code_that_is_gone_becomes_that_of_the_owner_of_the_number() -> None:
    entry = reviewed(sor_code=sor_code(99_000), location_number=CLINIC)
    assert (entry.state, entry.reasons) == (WARNING, ("identifiers-disagree",))
    assert changes(entry) == [("sor_code", sor_code(99_000), NATION.clinic, "identifiers-disagree")]


def test_a_closed_ward_beside_a_number_that_works_becomes_the_owner_of_the_number() -> None:
    entry = reviewed(sor_code=NATION.old_ward, location_number=HOSPITAL)
    assert (entry.state, entry.sor_code, entry.since) == (WARNING, NATION.hospital, dt.date(2026, 1, 1))
    assert changes(entry) == [("sor_code", NATION.old_ward, NATION.hospital, "unit-closed")]


def test_a_number_that_is_gone_becomes_the_one_that_the_unit_has() -> None:
    entry = reviewed(sor_code=NATION.clinic, location_number=location_number(99_999))
    assert (entry.state, entry.reasons) == (BROKEN, ("recipient-unknown", "identifiers-disagree"))
    assert changes(entry) == [("location_number", location_number(99_999), CLINIC, "recipient-unknown")]


def test_identifiers_of_two_units_are_a_warning_and_neither_is_changed() -> None:
    entry = reviewed(sor_code=NATION.clinic, location_number=FIRST)
    assert (entry.state, entry.reasons, changes(entry)) == (WARNING, ("identifiers-disagree",), [])
    assert entry.findings[0].details["names"] == ("Efterfølger Et", "Klinikken Lærkevej")
    assert entry.findings[0].text("da").startswith("posten: ")


class TestMistyped:
    wrong = CLINIC[:-1] + str((int(CLINIC[-1]) + 1) % 10)

    def test_the_right_check_digit_is_put_in_where_nothing_else_is_one_slip_away(self) -> None:
        entry = reviewed(location_number=self.wrong)
        assert (entry.state, entry.reasons) == (BROKEN, ("check-digit-wrong",))
        assert changes(entry) == [("location_number", self.wrong, CLINIC, "check-digit-wrong")]

    def test_where_another_number_is_one_slip_away_both_are_candidates_unless_the_name_tells(self) -> None:
        build = RegisterBuilder(DAY)
        owner = build.owner("Ejer")
        wrong = location_number(1)[:-1] + "0"  # one slip from the third of these numbers too
        near = next(
            n for n in range(2, 90_000) if sum(a != b for a, b in zip(location_number(n), wrong, strict=True)) == 1
        )
        first = build.institution(owner, "Rønnehuset", location_number=location_number(1))
        second = build.institution(owner, "Elmehuset", location_number=location_number(near))
        register = build.build()
        blank, named = review([{"GLN": wrong, "navn": ""}, {"GLN": wrong, "navn": "Rønnehuset"}], register).entries
        assert blank.replacements == ()
        assert {one.sor_code for one in blank.candidates} == {first, second}
        assert changes(named) == [("location_number", wrong, location_number(1), "check-digit-wrong")]

    def test_a_mistyped_ward_beside_its_number_is_the_ward_and_not_the_owner(self) -> None:
        wrong = NATION.ward[:-1] + str((int(NATION.ward[-1]) + 1) % 10)
        entry = reviewed(sor_code=wrong, location_number=HOSPITAL)
        assert changes(entry) == [("sor_code", wrong, NATION.ward, "check-digit-wrong")]


class TestSpreadsheets:
    def test_a_number_without_its_digits_is_put_right_from_the_other_identifiers(self) -> None:
        entry = reviewed(location_number="5,79E+12", provider_number=provider_number(1))
        assert (entry.state, entry.reasons) == (BROKEN, ("identifier-mangled",))
        assert changes(entry) == [("location_number", "5,79E+12", CLINIC, "identifier-mangled")]
        assert entry.findings[0].details["variant"] == "lost"

    def test_a_number_without_its_digits_alone_can_only_be_searched_for_by_name(self) -> None:
        entry = reviewed(location_number="5.79E+12", name="Klinikken Lærkevej")
        assert entry.replacements == ()
        assert [one.sor_code for one in entry.candidates] == [NATION.clinic]

    def test_digits_that_are_left_and_differ_are_not_put_right(self) -> None:
        assert changes(reviewed(location_number="4,2E+12", provider_number=provider_number(1))) == []

    def test_a_zeroed_sor_code_is_put_right_from_its_check_digit(self) -> None:
        unit = next(one for one in NATION.register if one.sor_code[-1] != "0")
        zeroed = unit.sor_code[:-1] + "0"
        assert changes(reviewed(sor_code=zeroed)) == [("sor_code", zeroed, unit.sor_code, "identifier-mangled")]

    def test_a_number_with_decimals_is_put_right(self) -> None:
        assert changes(reviewed(location_number=CLINIC + ",0")) == [
            ("location_number", CLINIC + ",0", CLINIC, "identifier-mangled")
        ]

    def test_zeros_in_front_are_put_back(self) -> None:
        build = RegisterBuilder(DAY)
        unit = build.institution(
            build.owner("Ejer"), "Huset", location_number=True, provider_number="000099", shak_code="0099"
        )
        (entry,) = review([{"ydernr": 99, "SHAK": 99}], build.build()).entries
        assert (entry.state, entry.reasons, entry.sor_code) == (WARNING, ("identifier-zeros-lost",), unit)
        assert changes(entry) == [
            ("provider_number", "99", "000099", "identifier-zeros-lost"),
            ("shak_code", "99", "0099", "identifier-zeros-lost"),
        ]


class TestSwapped:
    def test_exchanged_identifiers_are_exchanged_back(self) -> None:
        entry = reviewed(sor_code=CLINIC, location_number=NATION.clinic)
        assert (entry.state, entry.reasons) == (BROKEN, ("identifier-in-wrong-column",))
        assert entry.sor_code == NATION.clinic
        assert sorted(changes(entry)) == [
            ("location_number", NATION.clinic, CLINIC, "identifier-in-wrong-column"),
            ("sor_code", CLINIC, NATION.clinic, "identifier-in-wrong-column"),
        ]

    def test_an_identifier_in_the_wrong_column_moves_and_the_unit_s_own_takes_its_place(self) -> None:
        assert changes(reviewed(location_number=NATION.clinic)) == [
            ("sor_code", None, NATION.clinic, "identifier-in-wrong-column"),
            ("location_number", NATION.clinic, CLINIC, "identifier-in-wrong-column"),
        ]

    def test_what_the_unit_does_not_have_leaves_the_cell_empty(self) -> None:
        assert changes(reviewed(location_number=FIRST, provider_number=FIRST)) == [
            ("provider_number", FIRST, "", "identifier-in-wrong-column")
        ]

    def test_an_identifier_in_a_column_whose_own_place_is_taken_stays(self) -> None:
        entry = reviewed(sor_code=NATION.clinic, location_number=NATION.hospital)
        assert entry.reasons == ("identifier-in-wrong-column",)
        assert entry.sor_code == NATION.clinic

    def test_a_system_in_front_tells_the_kind(self) -> None:
        entry = reviewed(location_number=f"urn:oid:1.2.208.176.1.1|{NATION.clinic}")
        assert (entry.reasons, entry.sor_code) == (("identifier-in-wrong-column",), NATION.clinic)


class TestNames:
    @pytest.mark.parametrize(
        "name",
        [
            "klinikken lærkevej",
            "Klin. Lærkevej",
            "LAERKEVEJ",
            "Lærkevejs klinik",
            "Klinikken Lærkevej, Prøveby v/ Opdigt",
        ],
    )
    def test_a_name_as_people_write_it_fits(self, name: str) -> None:
        assert reviewed(sor_code=NATION.clinic, name=name).state is OK

    @pytest.mark.parametrize("name", ["Klinikken Spurvevej", "Tandlægen", "Prøve Sygehus"])
    def test_the_name_of_another_does_not(self, name: str) -> None:
        entry = reviewed(sor_code=NATION.clinic, name=name)
        assert (entry.state, entry.reasons) == (WARNING, ("name-differs",))
        assert entry.findings[0].details["book_name"] == name

    def test_a_ward_may_be_called_by_the_hospital(self) -> None:
        assert reviewed(sor_code=NATION.ward, name="Hjertemed. sengeafsnit, Prøve Sygehus").state is OK

    def test_how_like_a_name_has_to_be_is_the_caller_s_to_say(self) -> None:
        book = [BookEntry(sor_code=NATION.clinic, name="Tandlægen")]
        assert review(book, NATION.register, name_likeness=0).entries[0].state is OK


class TestPrevious:
    def test_only_what_was_not_so_on_the_previous_day_is_new(self) -> None:
        now_closed = reviewed(BEFORE.register, sor_code=NATION.split)
        assert now_closed.new == ("unit-closed", "unit-replaced")
        assert reviewed(BEFORE.register, sor_code=sor_code(99_000)).new == ()

    def test_a_number_that_another_unit_has_now_is_told(self) -> None:
        entry = reviewed(BEFORE.register, location_number=MOVED)
        assert (entry.state, entry.reasons, entry.new) == (WARNING, ("recipient-changed",), ("recipient-changed",))
        assert entry.findings[0].details == {
            "name": "Overtageren",
            "sor_code": NATION.taker,
            "old_name": "Flyttefuglen",
            "old_sor_code": NATION.mover,
            "previous": "2025-12-15",
        }
        assert entry.replacements == ()
        assert [(one.sor_code, one.reason) for one in entry.candidates] == [(NATION.mover, "recipient-changed")]

    def test_where_the_sor_code_says_who_is_meant_the_unit_s_new_number_is_put_in(self) -> None:
        entry = reviewed(BEFORE.register, location_number=MOVED, sor_code=NATION.mover)
        assert changes(entry) == [("location_number", MOVED, location_number(96703), "recipient-changed")]

    def test_a_number_that_nobody_has_any_more_becomes_the_unit_s_new_one(self) -> None:
        entry = reviewed(BEFORE.register, location_number=location_number(7814))
        assert (entry.state, entry.reasons) == (BROKEN, ("recipient-unknown",))
        assert changes(entry) == [("location_number", location_number(7814), MOVED, "recipient-unknown")]

    def test_a_renamed_unit_s_name_is_put_right(self) -> None:
        entry = reviewed(BEFORE.register, sor_code=NATION.clinic, name="Klin. Spurvevej")
        assert (entry.state, entry.reasons) == (WARNING, ("name-differs",))
        assert "Klinikken Spurvevej" in entry.findings[0].text()
        assert changes(entry) == [("name", "Klin. Spurvevej", "Klinikken Lærkevej", "name-differs")]

    def test_a_previous_day_without_message_types_says_nothing_of_them(self) -> None:
        before = Nation(previous=True, message_types=False).register
        entry = reviewed(before, sor_code=NATION.clinic, message_types="XREF15")
        assert (entry.state, entry.new) == (BROKEN, ())

    def test_days_in_the_wrong_order_are_refused(self) -> None:
        with pytest.raises(ValueError, match="2026-01-15, and the register of 2025-12-15: exchange them"):
            review([BookEntry(sor_code=NATION.clinic)], BEFORE.register, NATION.register)


class TestMessageTypes:
    def test_each_type_is_validated(self) -> None:
        entry = reviewed(sor_code=NATION.clinic, message_types="XDIS91; XREF15")
        assert (entry.state, entry.reasons) == (BROKEN, ("message-type-unsupported",))

    def test_a_register_without_message_types_is_said_once_and_breaks_no_entry(self) -> None:
        found = review(
            [BookEntry(sor_code=NATION.clinic, message_types=["XREF15"])], Nation(message_types=False).register
        )
        assert found.entries[0].state is OK
        assert [(one.code, one.severity) for one in found.findings] == [("message-types-not-loaded", Severity.WARNING)]

    def test_the_policy_decides_what_is_accepted(self) -> None:
        policy = AddressingPolicy(severities={"name-differs": "error"})
        found = review([BookEntry(sor_code=NATION.clinic, name="Tandlægen")], NATION.register, policy=policy)
        assert found.entries[0].state is BROKEN


class TestDuplicates:
    def test_the_same_recipient_twice_is_told_at_each_with_the_line_of_the_other(self) -> None:
        first, second, other = review(
            [{"GLN": CLINIC}, {"GLN": " 579-" + CLINIC[3:]}, {"GLN": FIRST}], NATION.register
        ).entries
        assert [one.details["lines"] for one in (first.findings[0], second.findings[0])] == [(2,), (1,)]
        assert (first.state, second.state, other.state) == (WARNING, WARNING, OK)

    def test_a_line_for_each_message_type_is_no_duplicate(self) -> None:
        book = [{"GLN": CLINIC, "type": None, "standard": one} for one in ("XDIS91", "XCTL02")]
        assert {one.state for one in review(book, NATION.register).entries} == {OK}

    def test_a_hundred_times_the_same_names_the_first_few(self) -> None:
        found = review([{"GLN": CLINIC}] * 100, NATION.register)
        assert found.entries[99].findings[0].details["lines"] == (1, 2, 3, 4, 5)


def test_an_entry_without_identifiers_is_broken_and_searched_for_in_the_nation() -> None:
    entry = reviewed(name="Efterfølger Et")
    assert (entry.state, entry.reasons) == (BROKEN, ("entry-without-identifier",))
    assert entry.candidates[0].sor_code == NATION.first


def test_the_age_of_the_register_is_said_once() -> None:
    register = Nation().register
    late = Register(register._index, register.load_report, clock=lambda: DAY + dt.timedelta(days=20))
    found = review([BookEntry(sor_code=NATION.clinic, message_types="XDIS91")], late)
    assert [(one.code, one.severity) for one in found.findings] == [("register-stale", Severity.ERROR)]
    assert found.entries[0].state is OK


def test_the_day_can_be_another() -> None:
    (entry,) = review([BookEntry(sor_code=NATION.dead)], NATION.register, on=dt.date(2025, 12, 1)).entries
    assert (entry.state, entry.reasons) == (WARNING, ("unit-closing",))


class TestReports:
    book = (
        BookEntry(sor_code=NATION.closed, key="7", name="Den lukkede"),
        BookEntry(location_number=CLINIC),
        BookEntry(sor_code=NATION.split),
    )
    found = review(book, NATION.register)

    def test_the_summary_counts_entries_by_state_and_reason(self) -> None:
        assert repr(self.found) == "<Review of 3 entries on 2026-01-15: 1 ok, 0 warning, 2 broken>"
        assert self.found.summary() == {
            "file": None,
            "on": "2026-01-15",
            "snapshot_date": "2026-01-15",
            "previous_date": None,
            "entries": 3,
            "ok": 1,
            "warning": 0,
            "broken": 2,
            "new": 0,
            "with_replacements": 1,
            "with_candidates": 1,
            "not_searched": 0,
            "by_reason": {"unit-closed": 2, "unit-replaced": 2},
            "findings": [],
            "problems": [],
        }
        assert (len(self.found.broken), len(self.found.warnings), self.found.new) == (2, 0, ())

    def test_it_is_plain_types(self) -> None:
        document = json.loads(json.dumps(self.found.to_dict()))
        assert document["columns"] == {
            "sor_code": "sor_code",
            "location_number": "location_number",
            "key": "key",
            "name": "name",
        }
        first = document["entries"][0]
        assert first["replacements"] == [
            {"field": "sor_code", "seen": NATION.closed, "suggested": NATION.clinic, "reason": "unit-replaced"}
        ]
        assert first["findings"][0]["text"].keys() == {"da", "en"}

    def test_as_csv_and_json_lines(self, tmp_path) -> None:
        stream = io.StringIO()
        self.found.to_csv(stream, language="da")
        rows = list(csv.DictReader(io.StringIO(stream.getvalue())))
        assert [(row["line"], row["key"], row["state"], row["replacements"]) for row in rows] == [
            ("1", "7", "broken", f"sor_code={NATION.clinic}"),
            ("2", "", "ok", ""),
            ("3", "", "broken", ""),
        ]
        assert rows[2]["candidates"] == f"{NATION.first} Efterfølger Et | {NATION.second} Efterfølger To"
        assert "er lukket" in rows[0]["text"]
        self.found.to_json_lines(tmp_path / "review.jsonl")
        lines = (tmp_path / "review.jsonl").read_text("utf-8").splitlines()
        assert [json.loads(line) for line in lines] == [one.to_dict() for one in self.found.entries]
        assert [path.name for path in tmp_path.iterdir()] == ["review.jsonl"]

    @pytest.mark.parametrize(("language", "said"), [("da", "2 virker ikke"), ("en", "2 are broken")])
    def test_as_markdown(self, language: str, said: str) -> None:
        text = self.found.to_markdown(language=language, limit=1)
        assert said in text
        assert "(`unit-closed`) | 2 |" in text
        assert text.count("\n## ") == 1
        assert NATION.clinic in text

    def test_a_name_can_t_steer_markdown(self) -> None:
        found = review([BookEntry(sor_code=NATION.closed, name="<b>[x](y)</b>\n# z")], NATION.register)
        assert "<b>" not in found.to_markdown()


def test_what_looks_like_a_cpr_number_is_never_shown() -> None:
    secret = "0101" + "70" + "1234"
    found = review(
        [{"GLN": secret, "navn": f"Hansen {secret}", "id": secret, "kontakt": "Person Opdigt"}], NATION.register
    )
    shown = json.dumps(found.to_dict()) + found.to_markdown() + repr(found)
    assert secret not in shown
    assert "Person" not in shown + repr(found.entries)


def test_every_code_of_a_book_has_been_seen() -> None:
    entries = [
        BookEntry(),
        BookEntry(is_misshapen=True),
        BookEntry(location_number="5,79E+12"),
        BookEntry(location_number=NATION.clinic, provider_number="9901"[2:]),
        BookEntry(sor_code=NATION.clinic, name="Tandlægen"),
        BookEntry(location_number=MOVED),
        BookEntry(location_number=MOVED),
    ]
    found = review(entries, NATION.register, BEFORE.register)
    codes = {one.code for entry in found.entries for one in entry.findings}
    assert BOOK_CODES - codes == {"identifier-zeros-lost"}  # seen among the spreadsheets
    assert set(DEFAULT_SEVERITIES) >= BOOK_CODES
    for entry in found.entries:
        for finding in entry.findings:
            for language in ("da", "en"):
                assert "?" not in finding.text(language).replace("modtager?", "").replace("recipient?", "")


def test_a_replacement_is_plain_types() -> None:
    one = Replacement("name", "A", "B", "name-differs")
    assert one.to_dict() == {"field": "name", "seen": "A", "suggested": "B", "reason": "name-differs"}


@pytest.mark.parametrize("gone", ["closed", "unknown"])
def test_a_sor_code_that_is_gone_becomes_that_of_the_ward_which_its_shak_code_names(gone: str) -> None:
    code = NATION.old_ward if gone == "closed" else sor_code(99_000)
    entry = reviewed(sor_code=code, location_number=HOSPITAL, shak_code=shak_code(1, "ward"))
    assert [(one.field, one.suggested) for one in entry.replacements] == [("sor_code", NATION.ward)]


def test_a_location_number_in_the_column_of_sor_codes_makes_room_for_the_ward_s_code() -> None:
    entry = reviewed(sor_code=HOSPITAL, shak_code=shak_code(1, "ward"))
    assert {one.field: one.suggested for one in entry.replacements}["sor_code"] == NATION.ward
