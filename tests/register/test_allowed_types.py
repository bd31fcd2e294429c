"""Which message types may stand on a number by the approvals: beside an answer worked out by hand, and what can't be told."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
from pathlib import Path

import pytest

from sor_addressing import AmbiguousRecipient, PolicyError, Register, UnknownRecipient
from sor_addressing.messages.catalogue import catalogue
from sor_addressing.quality import Approvals
from sor_addressing.register import AllowedTypes
from sor_addressing.testing import RegisterBuilder

DAY = dt.date(2026, 1, 15)
TYPES = (
    ("DIS91", "D9134L"),
    ("DIS91", "D9133L"),
    ("XDIS91", "XD9134L"),
    ("FDIS91", "5.0"),
    ("CTL02", "C0230Q"),
    ("CTL03", "C0330Q"),
    ("XCTL03", "XC0330Q"),
    ("RPT01", "R0130F"),
    ("RPT01", "R0131K"),
)
STATUSES = ("approved", "approved", "testing", "not approved")
DIRECTIONS = ("send", "receive")


def rows_of(*rows: tuple[str, str, str, str, str, str]) -> list[tuple[int, dict[str, str]]]:
    names = ("system", "system_type", "code", "version", "direction", "status")
    return [(line, dict(zip(names, row, strict=True))) for line, row in enumerate(rows, start=2)]


def number_with(
    system: str, *registered: tuple[str, bool | None, bool | None], supplier: str = ""
) -> tuple[Register, str]:
    build = RegisterBuilder(DAY)
    number = build.location_number()
    owner = build.owner("Ejer")
    build.institution(
        owner, "Klinikken", location_number=number, location={"system": system, "supplier": supplier} if system else {}
    )
    for message_type, send, receive in registered:
        build.registers(number, message_type, send=send, receive=receive)
    return build.build(), number


def told(found: AllowedTypes) -> set[tuple[str, str, str, bool]]:
    return {(one.message_type.text, str(one.direction), str(one.standing), one.only_some) for one in found.types}


def of_the_same(one: tuple[str, str], other: tuple[str, str], *, with_version: bool = True) -> bool:
    """Whether two types are one, by the catalogue's rows alone."""
    parsed = [catalogue().parse(" ".join(filter(None, pair))) for pair in (one, other)]
    same = parsed[0].family == parsed[1].family and parsed[0].format == parsed[1].format
    return same and (not with_version or not one[1] or one[1] == other[1])


@pytest.mark.parametrize("seed", range(60))
def test_every_type_stands_as_an_answer_by_hand_says(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311  the same lists every time
    sorts = ("EOJ", "PPR")[: dice.choice((1, 1, 2))]
    rows = [
        ("Omsorg", dice.choice(sorts), *dice.choice(TYPES), dice.choice(DIRECTIONS), dice.choice(STATUSES))
        for _ in range(dice.randrange(1, 14))
    ]
    rows.append(("Andet", "EOJ", "XREF15", "XH1530M", "send", "approved"))
    stands = {
        (code, version if dice.random() < 0.8 else ""): (dice.random() < 0.5, dice.random() < 0.5)
        for code, version in dice.sample(TYPES[:7], dice.randrange(5))
    }
    build, number = number_with("Omsorg", *((" ".join(filter(None, key)), *sides) for key, sides in stands.items()))
    found = build.allowed_types(number, approvals=Approvals(rows_of(*rows)))

    approvals = [
        [row for row in rows if row[:2] == ("Omsorg", sort)] for sort in dict.fromkeys(row[1] for row in rows[:-1])
    ]
    expected = set()
    for key, sides in stands.items():
        for direction, is_so in zip(DIRECTIONS, sides, strict=True):
            if is_so:
                having = [
                    any(row[4] == direction and row[5] == "approved" and of_the_same(key, row[2:4]) for row in approval)
                    for approval in approvals
                ]
                standing = "approved" if any(having) else "not-approved"
                text = catalogue().parse(" ".join(filter(None, key))).text
                expected.add((text, direction, standing, any(having) and not all(having)))
    for _, _, code, version, direction, status in rows[:-1]:
        if status != "approved":
            continue
        side = DIRECTIONS.index(direction)
        there = [
            key
            for key, sides in stands.items()
            if sides[side] and of_the_same(key, (code, version), with_version=False)
        ]
        if any(of_the_same(key, (code, version)) for key in there):
            continue
        having = [any(row[2:] == (code, version, direction, "approved") for row in approval) for approval in approvals]
        text = catalogue().parse(f"{code} {version}").text
        expected.add((text, direction, "other-version" if there else "missing", not all(having)))
    assert told(found) == expected
    assert found.is_certain == (len(approvals) == 1)
    for one in found.types:
        known = catalogue().receipts(one.message_type.format, one.message_type.family)  # type: ignore[arg-type]
        assert tuple(receipt.code for receipt in one.receipts) == known
        for receipt in one.receipts:
            side = DIRECTIONS.index("receive" if one.direction == "send" else "send")
            assert receipt.registered == any(
                sides[side] for key, sides in stands.items() if of_the_same(key, (receipt.code, ""), with_version=False)
            )


VERSIONS = rows_of(
    ("Omsorg 1", "EOJ", "DIS91", "D9134L", "receive", "approved"),
    ("Omsorg 2", "EOJ", "DIS91", "D9134L", "receive", "approved"),
    ("Omsorg 2", "EOJ", "FDIS91", "5.0", "receive", "approved"),
    ("Klinik [Fys]", "Fys", "XDIS91", "XD9134L", "send", "testing"),
)


def test_versions_of_one_name_are_told_apart() -> None:
    register, number = number_with("Omsorg", ("DIS91 D9134L", False, True), ("FDIS91 5.0", False, True))
    found = register.allowed_types(number, approvals=Approvals(VERSIONS))
    assert [(one.system, one.version) for one in found.approvals] == [("Omsorg 1", "1"), ("Omsorg 2", "2")]
    assert told(found) == {("DIS91 D9134L", "receive", "approved", False), ("FDIS91 5.0", "receive", "approved", True)}
    assert [note.code for note in found.notes] == ["several-approvals"]
    fhir = next(one for one in found.types if one.only_some)
    assert [one.version for one in fhir.approved_by] == ["2"]
    assert "Omsorg 2 (EOJ): approved (approvals, line 4)." in [one.text() for one in fhir.reasons]
    # A version that the register names is that version, and one that the list has not is none of them.
    for system, names in (("Omsorg 2", ["Omsorg 2"]), ("Omsorg 3", [])):
        register, number = number_with(system)
        assert [one.system for one in register.allowed_types(number, approvals=Approvals(VERSIONS)).approvals] == names


def test_a_list_may_tell_versions_and_days_in_columns(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        "system,system_version,code,version,direction,status,date\n"
        "Omsorg,7.1,DIS91,D9134L,receive,approved,2025-11-03\nOmsorg,8.0,DIS91,D9134L,receive,testing,\n",
        "utf-8",
    )
    register, number = number_with("Omsorg", ("DIS91", None, None))
    found = register.allowed_types(number, approvals=path)
    assert [one.label for one in found.approvals] == ["Omsorg 7.1", "Omsorg 8.0"]
    (one,) = found.types
    assert (one.direction, str(one.standing), one.only_some) == (None, "approved", True)
    assert one.reasons[0].text("da") == f"Omsorg 7.1: godkendt 2025-11-03 ({path}, linje 2)."
    assert one.reasons[1].text("da") == f"Omsorg 8.0: under test ({path}, linje 3)."
    path.write_text("system,code,version,direction,status,date\nO,DIS91,,send,approved,i går\n", "utf-8")
    with pytest.raises(PolicyError, match="line 2: date is 'i går': write a day"):
        Approvals.load(path)


def test_several_systems_none_and_unknown_ones_are_told() -> None:
    build = RegisterBuilder(DAY)
    owner = build.owner("Ejer")
    shared = build.location_number()
    for name, system in (("Nord", "Omsorg 1"), ("Syd", "Omsorg 2")):
        build.institution(owner, name, location_number=shared, location={"system": system})
    bare = build.location_number()
    build.institution(owner, "Bar", location_number=bare)
    strange = build.location_number()
    build.institution(owner, "Fremmed", location_number=strange, location={"system": "Ukendt Program"})
    alone = "5790999999991"
    for number in (shared, bare, strange, alone):
        build.registers(number, "FDIS91 5.0", send=False, receive=True)
    register, approvals = build.build(), Approvals(VERSIONS)
    found = register.allowed_types(shared, approvals=approvals)
    assert [one.name for one in found.systems] == ["Omsorg 1", "Omsorg 2"]
    assert ("FDIS91 5.0", "receive", "approved", True) in told(found)
    assert not found.is_certain
    for number, note in ((bare, "no-system"), (strange, "system-not-on-list")):
        found = register.allowed_types(number, approvals=approvals)
        assert [one.code for one in found.notes] == [note]
        assert told(found) == {("FDIS91 5.0", "receive", "not-told", False)}
    assert [one.code for one in register.allowed_types(alone, approvals=approvals).notes] == ["no-system", "no-unit"]
    named = register.allowed_types(bare, system="omsorg 2", approvals=approvals)
    assert ("DIS91 D9134L", "receive", "missing", False) in told(named)


def test_whatever_names_a_number_may_be_asked(tmp_path: Path) -> None:
    register, number = number_with("Omsorg 1", ("DIS91 D9134L", True, True))
    unit = register.by_location_number[number][0]
    approvals = Approvals(VERSIONS)
    expected = register.allowed_types(number, approvals=approvals).to_dict()
    resolution = register.resolve(unit.sor_code)
    for asked in (unit, unit.sor_code, resolution, resolution.recipient, f"{number[:4]} {number[4:]}"):
        assert register.allowed_types(asked, approvals=approvals).to_dict() | {"asked": number} == expected | {
            "asked": number
        }
    path = tmp_path / "r.sor"
    register.save(path)
    assert Register.open(path).allowed_types(number, approvals=approvals, on=DAY).to_dict() == expected


def test_a_system_is_asked_by_its_name() -> None:
    register, _ = number_with("Omsorg 1")
    approvals = Approvals(VERSIONS)
    found = register.allowed_types("OMSORG", approvals=approvals)
    assert [one.version for one in found.approvals] == ["1", "2"]
    assert told(found) == {
        ("DIS91 D9134L", "receive", "may-stand", False),
        ("FDIS91 5.0", "receive", "may-stand", True),
    }
    assert register.allowed_types(system="klinik", approvals=approvals).types == ()
    with pytest.raises(
        PolicyError, match=r"'Klinikerne Fys' is no system on the approval list; the nearest are Klinik \[Fys\]"
    ) as error:
        register.allowed_types("Klinikerne Fys", approvals=approvals)
    assert error.value.text("da") == "'Klinikerne Fys' er ikke et system på godkendelseslisten; det ligner Klinik [Fys]"
    with pytest.raises(PolicyError, match=r"'Zzzz' is no system on the approval list$"):
        register.allowed_types(system="Zzzz", approvals=approvals)
    with pytest.raises(UnknownRecipient):
        register.allowed_types("5790999999991", approvals=approvals)
    for nothing in ({}, {"system": " "}):
        with pytest.raises(PolicyError):
            register.allowed_types(approvals=approvals, **nothing)
    with pytest.raises(TypeError, match="approvals is an approval list or the path of one, not int"):
        register.allowed_types("5790999999991", approvals=3)  # type: ignore[arg-type]


def test_several_numbers_none_and_closed_ones() -> None:
    build = RegisterBuilder(DAY)
    owner = build.owner("Ejer")
    for name in ("Nord", "Syd"):
        build.institution(owner, name, location_number=True, provider_number="990001")
    closed = build.location_number()
    build.institution(
        owner, "Lukket", location_number=closed, location={"system": "Omsorg 1"}, to_date=dt.date(2025, 1, 1)
    )
    register, approvals = build.build(), Approvals(VERSIONS)
    with pytest.raises(AmbiguousRecipient):
        register.allowed_types("990001", approvals=approvals)
    with pytest.raises(Exception, match="location number"):
        register.allowed_types(owner, approvals=approvals)
    found = register.allowed_types(closed, approvals=approvals)
    assert [note.code for note in found.notes] == ["no-registrations", "not-in-use"]
    assert found.notes[-1].text("da").startswith(f"Der kan ikke sendes breve til {closed}: ")


@pytest.mark.parametrize("language", ["da", "en"])
def test_it_is_told_in_both_languages_and_every_form(language: str) -> None:
    register, number = number_with("=Omsorg", ("DIS91 D9134L", True, True), ("CTL02", True, None))
    rows = rows_of(
        ("=Omsorg", "<b>", "DIS91", "D9134L", "receive", "approved"), ("=Omsorg", "", "FMK", "1.4", "send", "approved")
    )
    found = register.allowed_types(number, approvals=Approvals(rows))
    assert found.others == ("FMK 1.4",)
    assert "?" not in found.explain(language)
    assert "<b>" not in found.to_html(language=language)
    assert found.to_markdown(language=language).startswith("# ")
    written = io.StringIO()
    found.to_csv(written)
    lines = list(csv.DictReader(io.StringIO(written.getvalue().lstrip("\ufeff")), delimiter=";"))
    assert [(line["message_type"], line["direction"], line["standing"]) for line in lines] == [
        (one.message_type.text, str(one.direction or ""), str(one.standing)) for one in found.types
    ]
    assert not any(cell.startswith("=Omsorg") for line in lines for cell in line.values())


def test_one_system_of_two_suppliers_is_each_of_theirs() -> None:
    build = RegisterBuilder(DAY)
    number, owner = build.location_number(), build.owner("Ejer")
    for supplier in ("Alfa", "Beta"):
        location = {"system": "Omsorg", "supplier": supplier}
        build.institution(owner, f"Hos {supplier}", location_number=number, location=location)
    build.registers(number, "DIS91 D9134L", send=True, receive=False)
    rows = [
        (line, {"system": f"Omsorg [{supplier}]", "supplier": supplier, "code": "DIS91", "version": "D9134L", **row})
        for line, (supplier, row) in enumerate(
            [
                ("Alfa", {"direction": "send", "status": "approved"}),
                ("Beta", {"direction": "send", "status": "not approved"}),
            ]
        )
    ]
    found = build.build().allowed_types(number, approvals=Approvals(rows))
    assert [(one.supplier, [own.system for own in one.approvals]) for one in found.systems] == [
        ("Alfa", ["Omsorg [Alfa]"]),
        ("Beta", ["Omsorg [Beta]"]),
    ]
    assert not found.is_certain
    assert [one.code for one in found.notes] == ["several-systems"]
    assert [(str(one.standing), one.only_some) for one in found.types] == [("approved", True)]
