"""Every sort of change, one at a time: its kind, its values, its day, and what it caused."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from tests.changes.made_up_changes import (
    CLINIC_NUMBER,
    HOSPITAL_NUMBER,
    NEW_DAY,
    OLD_DAY,
    SPARE_NUMBER,
    Edit,
    address,
    both,
    changed,
    contact,
    registers,
    setting,
    setting_number,
    told,
    without,
    world,
)

from sor_addressing import Register, compare
from sor_addressing.changes import ChangeKind
from sor_addressing.index.making.builder import Beside, IndexBuilder
from sor_addressing.model import LocationRecord, LocationSource, RegistrationRecord
from sor_addressing.testing import MadeUpExtract, write_sor_entity

BETWEEN, AFTER = dt.date(2026, 1, 17), dt.date(2026, 3, 31)
HOSPITAL, WARD, ROOM, CLINIC, OTHER_WARD, REGION = (
    "Prøve Sygehus",
    "Afsnit A",
    "Stue 1",
    "Prøve Klinik",
    "Afsnit B",
    "Region Prøve",
)
CODES = {record.name: record.sor_code for record in world(OLD_DAY).extract()}
SAME_BEHIND = setting_number(CLINIC, system="162", supplier="17", net_operator="41000035001", administrator="639")
CLOSED = setting(CLINIC, to_date=dt.date(2025, 12, 31))


def no_number(source: LocationSource = LocationSource.NONE) -> dict[str, Any]:
    return {"location": None, "location_source": source}


def number(text: str, **about: Any) -> dict[str, Any]:
    return {"location": LocationRecord(text, **about), "location_source": LocationSource.OWN}


def below(name: str, parent: str) -> Edit:
    return setting(name, parent_sor_code=CODES[parent])


def registering(*types: str, number: str = HOSPITAL_NUMBER, send: bool = True, receive: bool = True) -> Edit:
    def edit(extract: MadeUpExtract) -> None:
        extract.registrations = [one for one in extract.registrations if one.location_number != number]
        extract.registrations += [RegistrationRecord(number, text, send, receive) for text in types]

    return edit


LIVES = {
    "closed": (setting(CLINIC, to_date=BETWEEN), None, None, "2026-01-17", dt.date(2026, 1, 18)),
    "closed-long-ago": (CLOSED, None, None, "2025-12-31", None),
    "closed-as-announced": (setting(CLINIC, to_date=BETWEEN), setting(CLINIC, to_date=BETWEEN), None, "2026-01-17", dt.date(2026, 1, 18)),
    "closing": (setting(CLINIC, to_date=AFTER), None, None, "2026-03-31", dt.date(2026, 4, 1)),
    "closing-later": (setting(CLINIC, to_date=AFTER), setting(CLINIC, to_date=NEW_DAY), "2026-01-20", "2026-03-31", dt.date(2026, 4, 1)),
    "closing-cancelled": (None, setting(CLINIC, to_date=AFTER), "2026-03-31", None, None),
    "opened": (setting(CLINIC, from_date=BETWEEN), without(CLINIC), None, "2026-01-17", BETWEEN),
    "opened-as-announced": (setting(CLINIC, from_date=BETWEEN), setting(CLINIC, from_date=BETWEEN), None, "2026-01-17", BETWEEN),
    "opening": (setting(CLINIC, from_date=AFTER), without(CLINIC), None, "2026-03-31", AFTER),
    "opening-later": (setting(CLINIC, from_date=AFTER), setting(CLINIC, from_date=NEW_DAY + dt.timedelta(1)), "2026-01-21", "2026-03-31", AFTER),
    "reopened": (None, CLOSED, None, "2010-01-01", None),
    "reopened-on-a-day": (setting(CLINIC, from_date=BETWEEN), CLOSED, None, "2026-01-17", BETWEEN),
    "new-in-extract": (None, without(CLINIC), None, "2010-01-01", None),
    "removed-from-extract": (without(CLINIC), None, "2010-01-01", None, None),
}  # fmt: skip


@pytest.mark.parametrize("case", LIVES)
def test_the_life_of_a_unit(case: str) -> None:
    new, old, before, after, day = LIVES[case]
    found = changed(new, old)
    kind = next(kind for kind in sorted(ChangeKind, key=len, reverse=True) if case.startswith(kind))
    assert [(one.kind, one.name, one.old, one.new, one.day) for one in found] == [(kind, CLINIC, before, after, day)]
    assert (found[0].after, found[0].until) == (OLD_DAY, NEW_DAY)


ONE_UNIT: dict[str, tuple[Edit | None, Edit | None, list[tuple[str, str, str | None, str | None, str | None]]]] = {
    "renamed": (setting(CLINIC, name="Ny Klinik"), None, [("renamed", "Ny Klinik", CLINIC, "Ny Klinik", None)]),
    "moved": (
        below(OTHER_WARD, CLINIC),
        None,
        [
            ("moved", OTHER_WARD, CODES[HOSPITAL], CODES[CLINIC], None),
            ("address-changed", OTHER_WARD, "Prøvevej 7, 9999 Prøveby", None, OTHER_WARD),
            ("contact-changed", OTHER_WARD, "post@proeve.example", None, OTHER_WARD),
        ],
    ),
    "moved to a unit with another number": (
        both(below(WARD, CLINIC), SAME_BEHIND),
        SAME_BEHIND,
        [
            ("location-number-changed", WARD, HOSPITAL_NUMBER, CLINIC_NUMBER, WARD),
            ("message-type-lost", WARD, "REF01 D0131R", None, WARD),
            ("moved", WARD, CODES[HOSPITAL], CODES[CLINIC], None),
            ("address-changed", WARD, "Prøvevej 7, 9999 Prøveby", None, WARD),
            ("contact-changed", WARD, "post@proeve.example", None, WARD),
            ("location-number-changed", ROOM, HOSPITAL_NUMBER, CLINIC_NUMBER, WARD),
            ("message-type-lost", ROOM, "REF01 D0131R", None, WARD),
            ("address-changed", ROOM, "Prøvevej 7, 9999 Prøveby", None, WARD),
            ("contact-changed", ROOM, "post@proeve.example", None, WARD),
        ],
    ),
    "replaced": (
        both(setting(CLINIC, replaced_by=(CODES[OTHER_WARD],)), setting(OTHER_WARD, replaces=(CODES[CLINIC],))),
        None,
        [("replaced", CLINIC, None, CODES[OTHER_WARD], None)],
    ),
    "replaced, as the heir alone tells": (
        setting(OTHER_WARD, replaces=(CODES[CLINIC],)),
        None,
        [("replaced", CLINIC, None, CODES[OTHER_WARD], None)],
    ),
    "replaced, and gone from the extract": (
        both(without(CLINIC), setting(OTHER_WARD, replaces=(CODES[CLINIC],))),
        None,
        [
            ("removed-from-extract", CLINIC, "2010-01-01", None, None),
            ("replaced", CLINIC, None, CODES[OTHER_WARD], None),
        ],
    ),
    "split": (
        setting(CLINIC, replaced_by=(CODES[OTHER_WARD], CODES[WARD])),
        None,
        [("split", CLINIC, None, f"{CODES[WARD]}, {CODES[OTHER_WARD]}", None)],
    ),
    "merged": (
        both(setting(CLINIC, replaced_by=(CODES[HOSPITAL],)), setting(OTHER_WARD, replaced_by=(CODES[HOSPITAL],))),
        None,
        [
            ("merged", OTHER_WARD, None, CODES[HOSPITAL], None),
            ("merged", CLINIC, None, CODES[HOSPITAL], None),
        ],
    ),
    "location-number-gained": (
        setting(OTHER_WARD, **number(SPARE_NUMBER)),
        None,
        [("location-number-gained", OTHER_WARD, None, SPARE_NUMBER, None)],
    ),
    "location-number-gained by inheriting": (
        setting(OTHER_WARD, location_source=LocationSource.INHERITED),
        None,
        [("location-number-gained", OTHER_WARD, None, HOSPITAL_NUMBER, None)],
    ),
    "location-number-lost": (
        setting(HOSPITAL, **no_number()),
        None,
        [
            ("location-number-lost", HOSPITAL, HOSPITAL_NUMBER, None, None),
            ("location-number-lost", WARD, HOSPITAL_NUMBER, None, HOSPITAL),
            ("location-number-lost", ROOM, HOSPITAL_NUMBER, None, HOSPITAL),
        ],
    ),
    "location-number-changed": (
        both(setting_number(CLINIC, number=SPARE_NUMBER), registering("DIS91 D9134L", number=SPARE_NUMBER)),
        None,
        [("location-number-changed", CLINIC, CLINIC_NUMBER, SPARE_NUMBER, None)],
    ),
    "location-number-inherited": (
        setting(OTHER_WARD, **no_number(LocationSource.INHERITED)),
        setting(OTHER_WARD, **number(HOSPITAL_NUMBER, system="162", supplier="17", net_operator="41000035001", administrator="639")),
        [("location-number-inherited", OTHER_WARD, HOSPITAL_NUMBER, HOSPITAL_NUMBER, None)],
    ),
    "location-number-own": (
        setting(OTHER_WARD, **number(HOSPITAL_NUMBER, system="162", supplier="17", net_operator="41000035001", administrator="639")),
        setting(OTHER_WARD, **no_number(LocationSource.INHERITED)),
        [("location-number-own", OTHER_WARD, HOSPITAL_NUMBER, HOSPITAL_NUMBER, None)],
    ),
    "location-number-passed": (
        both(setting(CLINIC, **no_number()), setting(OTHER_WARD, **number(CLINIC_NUMBER))),
        None,
        [
            ("location-number-passed", OTHER_WARD, CODES[CLINIC], CODES[OTHER_WARD], None),
            ("location-number-gained", OTHER_WARD, None, CLINIC_NUMBER, OTHER_WARD),
            ("location-number-lost", CLINIC, CLINIC_NUMBER, None, OTHER_WARD),
        ],
    ),
    "location-number-passed down the tree": (
        both(
            setting(HOSPITAL, **no_number()),
            setting(WARD, **number(HOSPITAL_NUMBER, system="162", supplier="17", net_operator="41000035001", administrator="639")),
        ),
        None,
        [
            ("location-number-lost", HOSPITAL, HOSPITAL_NUMBER, None, WARD),
            ("location-number-passed", WARD, CODES[HOSPITAL], CODES[WARD], None),
            ("location-number-own", WARD, HOSPITAL_NUMBER, HOSPITAL_NUMBER, WARD),
            ("location-number-passed", ROOM, CODES[HOSPITAL], CODES[WARD], WARD),
        ],
    ),
    "location-number-deactivated": (
        setting_number(HOSPITAL, inactive=True),
        None,
        [
            ("location-number-deactivated", HOSPITAL, None, None, None),
            ("location-number-deactivated", WARD, None, None, HOSPITAL),
            ("location-number-deactivated", ROOM, None, None, HOSPITAL),
        ],
    ),
    "location-number-deactivated by its period, as announced": (
        setting_number(CLINIC, to_date=BETWEEN, has_status=True),
        setting_number(CLINIC, to_date=BETWEEN, has_status=True),
        [("location-number-deactivated", CLINIC, None, "2026-01-17", None)],
    ),
    "location-number-reactivated": (
        None,
        setting_number(CLINIC, inactive=True),
        [("location-number-reactivated", CLINIC, None, None, None)],
    ),
    "location-number-closing": (
        setting_number(CLINIC, to_date=AFTER, has_status=True),
        None,
        [("location-number-closing", CLINIC, None, "2026-03-31", None)],
    ),
    "location-number-internal": (
        setting_number(CLINIC, internal_only=True),
        None,
        [("location-number-internal", CLINIC, None, None, None)],
    ),
    "location-number-not-internal": (
        None,
        setting_number(CLINIC, internal_only=True),
        [("location-number-not-internal", CLINIC, None, None, None)],
    ),
    "message-type-gained": (
        registering("DIS91 D9134L", "XREF15 XH1530R", number=CLINIC_NUMBER),
        None,
        [("message-type-gained", CLINIC, None, "XREF15 XH1530R", None)],
    ),
    "message-type-gained in one direction": (
        None,
        registering("DIS91 D9134L", number=CLINIC_NUMBER, send=False),
        [("message-type-gained", CLINIC, None, "DIS91 D9134L", None)],
    ),
    "message-type-lost in one direction": (
        registering("DIS91 D9134L", number=CLINIC_NUMBER, receive=False),
        None,
        [("message-type-lost", CLINIC, "DIS91 D9134L", None, None)],
    ),
    "message-type-lost": (
        registering("DIS91 D9134L"),
        None,
        [
            ("message-type-lost", HOSPITAL, "REF01 D0131R", None, None),
            ("message-type-lost", WARD, "REF01 D0131R", None, HOSPITAL),
            ("message-type-lost", ROOM, "REF01 D0131R", None, HOSPITAL),
        ],
    ),
    "version-replaced": (
        registering("DIS91 D9133L", number=CLINIC_NUMBER),
        None,
        [("version-replaced", CLINIC, "DIS91 D9134L", "DIS91 D9133L", None)],
    ),
    "format-replaced": (
        registering("XDIS91 XD9134L", number=CLINIC_NUMBER),
        None,
        [("format-replaced", CLINIC, "DIS91 D9134L", "XDIS91 XD9134L", None)],
    ),
    "two formats replaced by one": (
        registering("FDIS91 5.0", number=CLINIC_NUMBER),
        registering("DIS91 D9134L", "XDIS91 XD9134L", number=CLINIC_NUMBER),
        [
            ("format-replaced", CLINIC, "DIS91 D9134L", "FDIS91 5.0", None),
            ("format-replaced", CLINIC, "XDIS91 XD9134L", "FDIS91 5.0", None),
        ],
    ),
    "provider-number-changed": (
        setting(WARD, provider_number="990002"),
        None,
        [("provider-number-changed", WARD, "990001", "990002", None)],
    ),
    "shak-code-changed": (
        setting(WARD, shak_code=""),
        None,
        [("shak-code-changed", WARD, "9901011", None, None)],
    ),
    "type-changed": (
        setting(HOSPITAL, types=("264372000",)),
        None,
        [("type-changed", HOSPITAL, "22232009", "264372000", None)],
    ),
    "speciality-changed": (
        setting(WARD, specialities=(("394802001", ""), ("394600006", ""))),
        None,
        [("speciality-changed", WARD, "394802001", "394600006, 394802001", None)],
    ),
    "address-changed": (
        setting(HOSPITAL, postal_address=address(street="Prøvevej", building="8", postcode="9999", district="Prøveby")),
        None,
        [
            ("address-changed", name, "Prøvevej 7, 9999 Prøveby", "Prøvevej 8, 9999 Prøveby", cause)
            for name, cause in ((HOSPITAL, None), (WARD, HOSPITAL), (ROOM, HOSPITAL), (OTHER_WARD, HOSPITAL))
        ],
    ),
    "contact-changed": (
        setting(WARD, contact=contact(telephone="99 00 00 01")),
        None,
        [
            ("contact-changed", WARD, "post@proeve.example", "99 00 00 01", None),
            ("contact-changed", ROOM, "post@proeve.example", "99 00 00 01", WARD),
        ],
    ),
    **{
        f"{kind}-changed": (
            setting_number(HOSPITAL, **{kind.replace("-", "_"): "4711"}),
            None,
            [
                (f"{kind}-changed", name, value, "4711", cause)
                for name, cause in ((HOSPITAL, None), (WARD, HOSPITAL), (ROOM, HOSPITAL))
            ],
        )
        for kind, value in (
            ("system", "162"),
            ("supplier", "17"),
            ("net-operator", "41000035001"),
            ("administrator", "639"),
        )
    },
}  # fmt: skip


@pytest.mark.parametrize("case", ONE_UNIT)
def test_what_changed_is_told_with_its_cause(case: str) -> None:
    new, old, expected = ONE_UNIT[case]
    found = changed(new, old)
    assert told(found) == expected
    assert all(one.text(language) for one in found for language in ("da", "en"))


def test_every_kind_has_a_case() -> None:
    cases = {*LIVES, *ONE_UNIT}
    assert {kind for kind in ChangeKind if not any(case.startswith(kind) for case in cases)} == set()


def test_nothing_changed_between_two_equal_days() -> None:
    found = changed()
    assert (list(found), bool(found), found.causes, found.counts) == ([], False, (), {})


def test_two_extracts_of_one_day_can_be_compared() -> None:
    old, new = registers(None, setting(CLINIC, name="Ny Klinik"), new_day=OLD_DAY)
    (change,) = compare(old, new)
    assert (
        change.text("en")
        == f"Ny Klinik ({CODES[CLINIC]}) was called Prøve Klinik before (renamed between two extracts of 2026-01-15)."
    )


def test_days_in_the_wrong_order_are_refused() -> None:
    old, new = registers()
    with pytest.raises(ValueError, match="wrong order: the old register is of 2026-01-20, the new one of 2026-01-15"):
        compare(new, old)


def test_a_cause_is_named_once_with_its_effects() -> None:
    found = changed(setting(HOSPITAL, **no_number()))
    (cause,) = found.causes
    assert (cause.change.name, [one.name for one in cause.effects], cause.units) == (HOSPITAL, [WARD, ROOM], 2)
    assert found.direct == (cause.change,)
    assert cause.change.text("da") == (
        f"Prøve Sygehus ({CODES[HOSPITAL]}) har ikke længere lokationsnummer {HOSPITAL_NUMBER} og har intet andet "
        "(mellem 2026-01-15 og 2026-01-20)."
    )
    assert cause.effects[0].text("en") == (
        f"Afsnit A ({CODES[WARD]}) has location number {HOSPITAL_NUMBER} no more, and no other (between 2026-01-15 and 2026-01-20). "
        f"Cause: Prøve Sygehus ({CODES[HOSPITAL]}) has location number {HOSPITAL_NUMBER} no more, and no other "
        "(between 2026-01-15 and 2026-01-20)."
    )


def test_a_filter_keeps_the_cause_outside_of_it() -> None:
    found = changed(setting(HOSPITAL, **no_number()), within=CODES[WARD])
    assert told(found) == [
        ("location-number-lost", WARD, HOSPITAL_NUMBER, None, HOSPITAL),
        ("location-number-lost", ROOM, HOSPITAL_NUMBER, None, HOSPITAL),
    ]


@pytest.mark.parametrize("swapped", [False, True])
def test_a_unit_that_fits_on_either_day_is_in(swapped: bool) -> None:
    other = setting(HOSPITAL, types=("264372000",))
    found = changed(None, other, unit_type="22232009") if swapped else changed(other, unit_type="22232009")
    assert [one.name for one in found] == [HOSPITAL]


def test_a_value_that_no_unit_has_on_either_day_is_told() -> None:
    found = changed(setting(HOSPITAL, types=("264372000",)), unit_type=["264372000", "99999"])
    assert ([one.value for one in found.unknown], len(found)) == (["99999"], 1)


def test_codes_are_told_in_words() -> None:
    found = changed(setting(HOSPITAL, types=("264372000",)))
    assert "hospital" in found[0].text("en").lower() or "sygehus" in found[0].text("en").lower()
    assert found[0].details["old_da"] != "22232009"


def test_message_types_are_no_change_where_one_day_has_none() -> None:
    old, new = registers()
    bare = registers(lambda extract: setattr(extract, "has_message_types", False))[0]
    found = compare(bare, new)
    assert list(found) == []
    assert [(one.fact, one.reason) for one in found.not_compared] == [
        ("registrations", "old-not-known"),
        ("directions of registrations", "old-not-known"),
    ]
    assert list(compare(old, new)) == []


def test_a_version_that_one_file_does_not_have_is_no_change() -> None:
    found = changed(registering("DIS91", number=CLINIC_NUMBER), registering("DIS91 D9134L", number=CLINIC_NUMBER))
    assert list(found) == []


def test_an_unreadable_period_is_no_change() -> None:
    assert list(changed(setting(CLINIC, period_unreadable=True, to_date=None))) == []


def test_a_unit_whose_parent_is_missing_did_not_move() -> None:
    found = changed(setting(OTHER_WARD, parent_sor_code="9999991000016003"))
    assert ChangeKind.MOVED not in found.counts


def test_a_set_that_leaves_closed_units_out_can_not_tell_closed_from_gone(tmp_path: Path) -> None:
    """A file without any closed unit, as the daily one: a unit that is gone may have closed, and what was closed before is no change."""

    def loaded(day: dt.date, edit: Edit, name: str) -> Register:
        extract = world(day).extract()
        edit(extract)
        write_sor_entity(extract, tmp_path / name)
        return Register.load(tmp_path / name, snapshot_date=day)

    old = loaded(
        OLD_DAY, both(setting(CLINIC, to_date=BETWEEN), setting(OTHER_WARD, to_date=dt.date(2025, 1, 1))), "old"
    )
    new = loaded(NEW_DAY, both(without(CLINIC), without(OTHER_WARD), without(ROOM)), "new")
    gone, closed = compare(old, new)
    assert (gone.kind, gone.name, gone.details["variant"]) == (ChangeKind.REMOVED_FROM_EXTRACT, ROOM, "may-be-closed")
    assert "it may have closed" in gone.text("en")
    assert (closed.kind, closed.name, closed.day) == (ChangeKind.CLOSED, CLINIC, dt.date(2026, 1, 18))
    back = loaded(NEW_DAY, setting(OTHER_WARD, to_date=dt.date(2025, 1, 1)), "back")
    told_again = compare(loaded(OLD_DAY, without(OTHER_WARD), "bare"), back)
    assert list(told_again) == []


def test_several_shak_codes_of_a_unit_are_told_together() -> None:
    def with_codes(day: dt.date, *codes: str) -> Register:
        extract = world(day).extract()
        builder = IndexBuilder()
        for record in extract:
            builder.add(record)
        index = builder.build(snapshot_date=day, beside=Beside(shak_codes=[(code, CODES[WARD]) for code in codes]))
        return Register(index, lambda: pytest.fail("nobody asks for the report"))

    found = compare(with_codes(OLD_DAY, "9901012", "9901013"), with_codes(NEW_DAY, "9901012"))
    assert told(found) == [("shak-code-changed", WARD, "9901011, 9901012, 9901013", "9901011, 9901012", None)]


@pytest.mark.parametrize("days", [1, 400])
def test_a_day_that_comes_is_found_whatever_lies_between(days: int) -> None:
    ends = setting(CLINIC, to_date=OLD_DAY)
    old, new = registers(ends, ends, new_day=OLD_DAY + dt.timedelta(days))
    assert [(one.kind, one.name, one.day) for one in compare(old, new)] == [
        (ChangeKind.CLOSED, CLINIC, OLD_DAY + dt.timedelta(1))
    ]
