"""Several published files at once: which is taken, what is joined to what, and what is said where they don't fit."""

from __future__ import annotations

import datetime as dt
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sor_addressing import ExtractError, Outcome, Problem, Register, Status
from sor_addressing.model import LocationSource
from sor_addressing.testing import (
    MadeUpExtract,
    RegisterBuilder,
    numbers,
    write_complete,
    write_providers,
    write_shak,
    write_sor_csv,
    write_sor_entity,
)

DAY = dt.date(2026, 1, 15)


def small() -> RegisterBuilder:
    build = RegisterBuilder(DAY)
    owner = build.owner("Region Prøve")
    house = build.institution(owner, "Prøve Sygehus", location_number=True, shak_code="9901")
    build.unit(house, "Afdelingen", inherits=True, provider_number="990001", shak_code="990102")
    build.registers(house, "XDIS91 XD9134L", receive=True)
    return build


@pytest.fixture
def extract() -> MadeUpExtract:
    return small().extract()


def load(*sources: Any, **options: Any) -> Register:
    return Register.load(*sources, **{"snapshot_date": DAY, "clock": lambda: DAY, **options})


def lines(path: Path, *rows: str) -> Path:
    path.write_text("".join(row + "\r\n" for row in rows), "utf-8-sig", newline="")
    return path


def problems(register: Register, *codes: str) -> list[tuple[str, str | None, dict[str, object]]]:
    found = register.load_report.problems
    return [(one.code, one.identifier, dict(one.details)) for one in found if one.code in codes or not codes]


def texts(register: Register, code: str) -> list[str]:
    return [problem.text("en") for problem in register.load_report.problems if problem.code == code]


def code_of(extract: MadeUpExtract, name: str) -> str:
    return extract.unit(name).sor_code


# Which file is taken


def test_of_several_files_with_units_sor_xml_is_taken_then_the_tables_of_sor2_then_sor_csv(
    extract: MadeUpExtract, tmp_path: Path
) -> None:
    xml = extract.write(tmp_path / "xml").units
    write_sor_csv(extract, tmp_path / "sor.csv")
    write_sor_entity(extract, tmp_path / "SorEntity_daily.csv")
    files = [tmp_path / "sor.csv", tmp_path / "SorEntity_daily.csv", xml]
    assert load(*files).load_report.sources[0].content == "Sor.xml"
    assert load(*files[:2]).load_report.sources[0].content == "SorEntity_daily.csv"
    assert load(*files[:1]).load_report.sources[0].content == "sor.csv"
    assert problems(load(*files)) == []


def test_beside_the_complete_set_the_daily_file_is_compared_only(extract: MadeUpExtract, tmp_path: Path) -> None:
    write_sor_entity(extract, tmp_path / "SorEntity_daily.csv")
    write_complete(extract, tmp_path / "Sor_complete.zip")
    register = load(tmp_path)
    assert [Path(source.file).name for source in register.load_report.sources][:2] == [
        "Sor_complete.zip!SOREntity.csv",
        "Sor_complete.zip!LocationsCodeEDITypeMap.csv",
    ]
    assert problems(register) == []


def test_what_the_other_file_says_differently_is_told_and_not_used(extract: MadeUpExtract, tmp_path: Path) -> None:
    taken = extract.write(tmp_path / "xml").units
    other = small()
    ward = next(unit for unit in other.extract().units if unit.name == "Afdelingen")
    build = RegisterBuilder(DAY)
    owner = build.owner("Region Prøve")
    house = build.institution(owner, "Prøvehospitalet", location_number=numbers.location_number(77), shak_code="9901")
    build.unit(house, "Afdelingen", inherits=True, provider_number="990009", shak_code="990102")
    build.owner("Helt Ny Ejer", sor_code=numbers.sor_code(500))
    build.owner("Lukket Ejer", sor_code=numbers.sor_code(501), to_date=DAY - dt.timedelta(1))
    write_sor_csv(build.extract(), tmp_path / "sor.csv")
    register = load(taken, tmp_path / "sor.csv")
    house_code, number = code_of(extract, "Prøve Sygehus"), extract.unit("Prøve Sygehus").location.number
    said = {"taken": str(taken)}
    assert problems(register) == [
        ("files-disagree", house_code, {"field": "name", "kept": "Prøve Sygehus", "other": "Prøvehospitalet", **said}),
        (
            "files-disagree",
            house_code,
            {"field": "location_number", "kept": number, "other": numbers.location_number(77), **said},
        ),
        (
            "files-disagree",
            ward.sor_code,
            {"field": "location_number", "kept": number, "other": numbers.location_number(77), **said},
        ),
        ("files-disagree", ward.sor_code, {"field": "provider_number", "kept": "990001", "other": "990009", **said}),
        ("unit-in-other-file-only", numbers.sor_code(500), said),
    ]
    assert "990009" not in register.by_provider_number
    assert numbers.sor_code(500) not in register.by_sor_code


def test_registrations_of_two_files_that_differ_are_told_number_by_number(
    extract: MadeUpExtract, tmp_path: Path
) -> None:
    write_complete(extract, tmp_path / "Sor_complete.zip")
    number = extract.unit("Prøve Sygehus").location.number
    types = lines(tmp_path / "Edityper.csv", "Lokationsnummer;EDI-type;Retning", f"{number};XREF01;Modtag")
    register = load(tmp_path / "Sor_complete.zip", types)
    assert register.validate(number, "XREF01").outcome is Outcome.SUPPORTED
    assert register.validate(number, "XDIS91").outcome is Outcome.UNSUPPORTED
    assert problems(register) == [
        (
            "registrations-disagree",
            number,
            {"only_taken": ("XREF01",), "only_other": ("XDIS91 XD9134L",), "taken": str(types)},
        )
    ]


def test_two_complete_tables_of_units_are_one_too_many(extract: MadeUpExtract, tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        write_sor_entity(extract, tmp_path / name)
    with pytest.raises(ExtractError) as caught:
        load(tmp_path)
    assert str(caught.value) == (
        f"2 files hold units: {tmp_path / 'a.csv'}, {tmp_path / 'b.csv'}; give one of them, for which is meant can't be guessed"
    )


# The complete set


def repacked(
    source: Path, target: Path, *, but: str = "", rename: dict[str, str] | None = None, twice: str = ""
) -> Path:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            if info.filename != but:
                new.writestr((rename or {}).get(info.filename, info.filename), old.read(info))
            if info.filename == twice:
                new.writestr(f"igen/{info.filename}", old.read(info))
    return target


@pytest.fixture
def complete(extract: MadeUpExtract, tmp_path: Path) -> Path:
    write_complete(extract, tmp_path / "Sor_complete.zip")
    return tmp_path / "Sor_complete.zip"


@pytest.mark.parametrize(
    "member",
    [
        "LocationsCodes.csv", "LocationsCodeEDITypeMap.csv", "EDITypes.csv", "SORReplacedEntities.csv", "SHAKSORMap.csv",
        "SORClassifications.csv", "Geolocations.csv",
    ],
)  # fmt: skip
def test_a_member_that_is_missing_is_named(member: str, complete: Path, tmp_path: Path) -> None:
    register = load(repacked(complete, tmp_path / "a.zip", but=member))
    (problem,) = [one for one in register.load_report.problems if one.code == "members-missing"]
    assert problem.details == {"missing": (member,)}
    assert problem.text("en") == (
        f"{tmp_path / 'a.zip'}!SOREntity.csv: of the complete set {member} are missing; what they tell is not known. "
        "Fetch the set again."
    )
    assert len(register) == 3


def test_a_set_without_its_units_is_no_register(complete: Path, tmp_path: Path) -> None:
    with pytest.raises(ExtractError, match=r"^no file with units among the sources \(.*LocationsCodes.csv is a "):
        load(repacked(complete, tmp_path / "a.zip", but="SOREntity.csv"))


@pytest.mark.parametrize("member", ["SOREntity.csv", "Geolocations.csv", "EDITypes.csv"])
def test_a_member_that_is_there_twice_is_refused(member: str, complete: Path, tmp_path: Path) -> None:
    with pytest.raises(ExtractError, match=rf"2 files hold .*{member}, .*igen/{member}; give one of them"):
        load(repacked(complete, tmp_path / "a.zip", twice=member))


def test_members_of_other_names_are_known_by_their_headers(complete: Path, tmp_path: Path) -> None:
    names = {"SOREntity.csv": "a.csv", "LocationsCodes.csv": "b.csv", "LocationsCodeEDITypeMap.csv": "c.csv"}
    names |= {"EDITypes.csv": "d.csv", "SHAKSORMap.csv": "e.csv", "Geolocations.csv": "F.CSV"}
    register = load(repacked(complete, tmp_path / "a.zip", rename=names))
    assert problems(register) == []
    assert register.validate("990001", "XDIS91").outcome is Outcome.SUPPORTED


# What is joined to the units


def in_folder(extract: MadeUpExtract, folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    write_complete(extract, folder)
    return folder


def test_successors_of_the_table_are_those_of_the_units(extract: MadeUpExtract, tmp_path: Path) -> None:
    folder = in_folder(extract, tmp_path / "set")
    old, new = code_of(extract, "Prøve Sygehus"), code_of(extract, "Afdelingen")
    lines(
        folder / "SORReplacedEntities.csv",
        "ReplacedSorId;ReplacingSorId",
        f"{old};{new}",
        f"{old};{numbers.sor_code(9)}",
    )
    register = load(folder)
    assert register.by_sor_code[old].replaced_by == (new, numbers.sor_code(9))
    assert register.by_sor_code[new].replaces == (old,)


def test_a_number_has_what_the_table_of_numbers_says_of_it(extract: MadeUpExtract, tmp_path: Path) -> None:
    folder = in_folder(extract, tmp_path / "set")
    number, code = extract.unit("Prøve Sygehus").location.number, code_of(extract, "Prøve Sygehus")
    stray = numbers.location_number(88)
    lines(
        folder / "LocationsCodes.csv",
        "EanLocationCode;SorId;Status;FromDate;ToDate;System;Note",
        f"{number};{code};Inaktiv;2020-01-01;2025-12-31;Prøvesystem;Se her",
        f"{number};{code};Aktiv;2010-01-01;2019-12-31;Gammelt;",
        f"{stray};;Aktiv;;;;",
        f"{stray};;Aktiv;;;;",
    )
    register = load(folder)
    location = register.by_sor_code[code].location
    assert (location.active, location.period.to_date, location.system, location.note) == (
        False, dt.date(2025, 12, 31), "Prøvesystem", "Se her",
    )  # fmt: skip
    assert register.resolve(number).status is Status.NOT_ADDRESSABLE
    assert problems(register, "number-without-unit", "row-repeated") == [
        ("row-repeated", stray, {"other_line": 4}),
        ("number-without-unit", stray, {}),
    ]


@pytest.mark.parametrize(
    ("header", "row"), [("Status;OnlyInternal", "Underlig;Nej"), ("Status;OnlyInternal", "Aktiv;måske")]
)
def test_a_state_of_a_number_that_can_not_be_read_is_not_known_and_counts_against_it(
    header: str, row: str, extract: MadeUpExtract, tmp_path: Path
) -> None:
    folder = in_folder(extract, tmp_path / "set")
    number, code = extract.unit("Prøve Sygehus").location.number, code_of(extract, "Prøve Sygehus")
    lines(
        folder / "LocationsCodes.csv", f"EanLocationCode;SorId;FromDate;{header}", f"{number};{code};2020-01-01;{row}"
    )
    write_sor_entity(extract, folder / "SOREntity.csv", daily=False, header={"inactive": None, "internal_only": None})
    register = load(folder)
    location = register.by_sor_code[code].location
    assert (location.active, location.internal_only) == (None, None)
    resolution = register.resolve(number)
    assert resolution.status is Status.NOT_ADDRESSABLE
    assert resolution.reason.code == "location-state-unreadable"
    register.save(tmp_path / "a.sor")
    assert Register.open(tmp_path / "a.sor").by_sor_code[code].location.to_dict() == location.to_dict()


def test_the_table_of_numbers_says_whose_they_are_where_the_units_do_not(
    extract: MadeUpExtract, tmp_path: Path
) -> None:
    folder = in_folder(extract, tmp_path / "set")
    house, ward = extract.unit("Prøve Sygehus"), extract.unit("Afdelingen")
    number, single = house.location.number, numbers.location_number(88)
    owner = code_of(extract, "Region Prøve")
    lines(
        folder / "SOREntity.csv",
        "SorId;SorType;EntityName;ParentSorId;LocationCode",
        f"{owner};IE;Region Prøve;;",
        f"{house.sor_code};SI;Prøve Sygehus;{owner};{number}",
        f"{ward.sor_code};OE;Afdelingen;{house.sor_code};{number}",
    )
    lines(folder / "LocationsCodes.csv", "EanLocationCode;SorId", f"{number};{house.sor_code}", f"{single};{owner}")
    register = load(folder)
    reached = {unit.name: (unit.location.number, unit.location.inherited, unit.location_source) for unit in register}
    assert reached == {
        "Region Prøve": (single, False, LocationSource.OWN),
        "Prøve Sygehus": (number, False, LocationSource.OWN),
        "Afdelingen": (number, True, LocationSource.INHERITED),
    }


def test_coordinates_go_to_the_units_own_addresses_and_the_rest_is_told(extract: MadeUpExtract, tmp_path: Path) -> None:
    build = small()
    placed = build.unit(
        code_of(extract, "Prøve Sygehus"), "Klinikken", visiting_address={"street": "Prøvevej", "postcode": "9999"}
    )
    folder = in_folder(build.extract(), tmp_path / "set")
    ward, gone = code_of(extract, "Afdelingen"), numbers.sor_code(700)
    lines(
        folder / "Geolocations.csv",
        "SorId;Easting;Northing",
        f"{placed};574123,5;6222333",
        f"{ward};574000;6222000",
        f"{gone};574000;6222000",
        f"{placed};574124;6222333",
    )
    register = load(folder)
    address = register.by_sor_code[placed].visiting_address
    assert (address.easting, address.northing, address.inheritance_known) == ("574123.5", "6222333", False)
    assert problems(register) == [
        ("row-repeated", placed, {"other_line": 2}),
        ("place-without-address", ward, {}),
        ("row-without-unit", gone, {}),
    ]


def test_texts_of_codes_are_words_for_people(extract: MadeUpExtract, tmp_path: Path) -> None:
    folder = in_folder(extract, tmp_path / "set")
    lines(folder / "SORClassifications.csv", "Code;Text;Classification", "77;Kirurgi;Speciale", "77;Ortopædi;Speciale")
    register = load(folder)
    assert register.code_text("speciality", "77") == "Kirurgi"
    assert texts(register, "code-text-differs") == [
        (
            f'{folder / "SORClassifications.csv"}, line 3: code 77 is called "Ortopædi" and also "Kirurgi"; the latter was kept. '
            "Have it corrected in SOR."
        )
    ]


# SHAK and providers


def test_the_map_of_shak_codes_holds_on_the_day_and_otherwise_as_it_was_last(
    extract: MadeUpExtract, tmp_path: Path
) -> None:
    folder = in_folder(extract, tmp_path / "set")
    house, ward = code_of(extract, "Prøve Sygehus"), code_of(extract, "Afdelingen")
    lines(
        folder / "SHAKSORMap.csv",
        "SHAK;SorId;FromDate;ToDate",
        f"9905;{house};2010-01-01;",
        f"9905;{ward};2000-01-01;2009-12-31",
        f"9906;{house};2000-01-01;2009-12-31",
        f"9906;{ward};2010-01-01;2019-12-31",
        f"9907;{house};2010-01-01;2019-12-31",
        f"9907;{ward};2010-01-01;2019-12-31",
        f"9908;{numbers.sor_code(700)};;",
        f"9909;{house};2030-01-01;",
    )
    register = load(folder)
    found = {code: [unit.sor_code for unit in units] for code, units in register.by_shak_code.items()}
    assert {code: found.get(code) for code in ("9905", "9906", "9907", "9908", "9909")} == {
        "9905": [house], "9906": [ward], "9907": [house, ward], "9908": None, "9909": None,
    }  # fmt: skip
    assert [f.code for f in register.resolve(shak_code="9906").findings if f.code.startswith("shak")] == [
        "shak-code-retired"
    ]
    assert [f.code for f in register.resolve(shak_code="9905").findings if f.code.startswith("shak")] == []
    assert problems(register) == [("row-without-unit", numbers.sor_code(700), {})]


def test_the_shak_register_names_codes_and_retires_them_and_goes_before_the_map(
    extract: MadeUpExtract, tmp_path: Path
) -> None:
    folder = in_folder(extract, tmp_path / "set")
    house = code_of(extract, "Prøve Sygehus")
    lines(folder / "SHAKSORMap.csv", "SHAK;SorId;FromDate;ToDate", f"9901;{house};2010-01-01;2019-12-31")
    write_shak(extract, folder / "shakcomplete.txt")
    register = load(folder)
    entry = register.shak("9901")
    assert (entry.name, entry.retired) == ("Prøve Sygehus", False)
    assert register.resolve(shak_code="9901").recipient.sor_code == house
    assert "shak-code-retired" not in [finding.code for finding in register.resolve(shak_code="9901").findings]


def test_a_ceased_provider_number_is_a_finding_and_one_that_nobody_has_is_told(tmp_path: Path) -> None:
    build = small()
    build.provider_ceased("990001", DAY - dt.timedelta(30))
    extract = build.extract()
    units = extract.write(tmp_path / "xml").units
    providers = RegisterBuilder(DAY)
    owner = providers.owner("Ejer")
    house = providers.institution(owner, "Huset")
    providers.unit(house, "Klinik Et", provider_number="990001")
    providers.unit(house, "Klinik To", provider_number="990077")
    providers.provider_ceased("990001", DAY - dt.timedelta(30))
    write_providers(providers.extract(), tmp_path / "yder.xml", persons=2)
    register = load(units, tmp_path / "yder.xml")
    assert [finding.code for finding in register.resolve("990001").findings if finding.severity == "warning"] == [
        "provider-ceased"
    ]
    assert problems(register) == [("provider-without-unit", "990077", {})]
    (text,) = texts(register, "provider-without-unit")
    assert text.endswith("provider number 990077 is in use, and no unit of SOR has it. Have it corrected in SOR.")


# Days


def dated(path: Path, day: dt.date) -> Path:
    moment = dt.datetime.combine(day, dt.time(12), dt.UTC).timestamp()
    os.utime(path, (moment, moment))
    return path


def test_an_older_file_beside_makes_the_register_older_and_is_told(extract: MadeUpExtract, tmp_path: Path) -> None:
    units, types = extract.write(tmp_path)
    dated(types, DAY - dt.timedelta(14))
    register = load(units, types, snapshot_date=None)
    assert register.snapshot_date == DAY - dt.timedelta(14)
    assert texts(register, "days-differ") == [
        f"{types}: is of 2026-01-01, and {units} is of 2026-01-15; the register counts as of the oldest day. Fetch both again."
    ]


def test_files_of_days_too_far_apart_are_refused_unless_that_is_meant(extract: MadeUpExtract, tmp_path: Path) -> None:
    units, types = extract.write(tmp_path)
    dated(types, DAY - dt.timedelta(15))
    with pytest.raises(ExtractError) as caught:
        load(units, types, snapshot_date=None)
    assert str(caught.value) == (
        f"{types}: is of 2025-12-31, 15 days before {units} of 2026-01-15: files of one day belong together. Fetch both anew; "
        "or, where the days told are wrong, give snapshot_date= (a store: an origin with trust_times=False, or update --ignore-times), "
        "and where it is meant, max_days_apart= (update --max-days-apart)"
    )
    assert load(units, types, snapshot_date=None, max_days_apart=15).snapshot_date == DAY - dt.timedelta(15)


def test_a_copy_made_later_says_nothing_of_the_day(extract: MadeUpExtract, tmp_path: Path) -> None:
    units, types = extract.write(tmp_path)
    dated(types, DAY + dt.timedelta(300))
    register = load(units, types, snapshot_date=None)
    assert (register.snapshot_date, texts(register, "days-differ")) == (DAY, [])


def test_the_table_of_hospitals_says_whose_codes_are_where_nothing_else_does(
    extract: MadeUpExtract, tmp_path: Path
) -> None:
    house, ward = code_of(extract, "Prøve Sygehus"), code_of(extract, "Afdelingen")
    for unit in extract.units:
        unit.shak_code = ""
    rows = [
        f"9901|Prøve Sygehus|20200101|25000101|1|1|1081|{house}",
        f"9902|Gammelt Sygehus|20000101|20101231|1|1|1081|{house}",
        f"9903|Fremmed|20000101|25000101|1|1|1081|{numbers.sor_code(99_999)}",
    ]
    hospitals = "\r\n".join(rows).replace("|", "\t").encode("iso-8859-1")
    units = extract.write(tmp_path).units
    register = load(units, hospitals)
    assert [source.content for source in register.load_report.sources] == ["Sor.xml", "SHAKregion.txt"]
    assert register.resolve(shak_code="9901").recipient.sor_code == house
    assert register.shak("9901").name == "Prøve Sygehus"
    assert (register.shak("9902").retired, register.by_shak_code["9902"][0].sor_code) == (True, house)
    assert [one.code for one in register.load_report.problems if one.file == "<bytes>"][-1] == "row-without-unit"
    table = f"SHAK;SorId;FromDate;ToDate\n9901;{ward};2020-01-01;\n".encode()
    text = f"sgh{'9901':<20}2020010120200101{'20251231'}{'Andet navn':<120}".ljust(214).encode()
    told = load(units, hospitals, table, text)
    assert [unit.sor_code for unit in told.by_shak_code["9901"]] == [ward]
    assert (told.shak("9901").name, told.shak("9901").retired) == ("Andet navn", True)


@pytest.mark.parametrize("write", [write_shak, write_providers])
def test_registers_of_another_rhythm_make_the_register_no_older(
    write: Callable[..., None], extract: MadeUpExtract, tmp_path: Path
) -> None:
    units = extract.write(tmp_path / "xml").units
    write(extract, tmp_path / "other")
    dated(tmp_path / "other", DAY - dt.timedelta(200))
    assert load(units, tmp_path / "other", snapshot_date=None).snapshot_date == DAY


# Earlier days


def with_history(extract: MadeUpExtract, folder: Path) -> Path:
    """The ward had another name and belonged to the owner until 2020."""
    from attrs import evolve

    ward = extract.unit("Afdelingen")
    then = evolve(
        ward,
        name="Den gamle afdeling",
        parent_sor_code=code_of(extract, "Region Prøve"),
        from_date=dt.date(2005, 1, 1),
        to_date=dt.date(2019, 12, 31),
        provider_number="990002",
        location_source=LocationSource.NONE,
    )
    now = evolve(ward, from_date=dt.date(2020, 1, 1))
    extract.units[extract.units.index(ward)] = now
    write_complete(extract, folder)
    write_sor_entity(extract, folder / "SOREntity.csv", daily=False, history=[then])
    return folder


def test_history_is_told_and_an_earlier_day_is_built_of_it(extract: MadeUpExtract, tmp_path: Path) -> None:
    folder = with_history(extract, tmp_path)
    ward = code_of(extract, "Afdelingen")
    today = load(folder)
    assert [one.name for one in today.history(ward)] == ["Den gamle afdeling", "Afdelingen"]
    assert problems(today) == []
    then = load(folder, as_of=dt.date(2015, 6, 1))
    unit = then.by_sor_code[ward]
    assert (then.snapshot_date, unit.name, unit.parent.name) == (
        dt.date(2015, 6, 1),
        "Den gamle afdeling",
        "Region Prøve",
    )
    assert ([u.sor_code for u in then.by_provider_number["990002"]], "990001" in then.by_provider_number) == (
        [ward],
        False,
    )
    assert [one.name for one in then.history(ward)] == ["Den gamle afdeling", "Afdelingen"]


def test_registrations_of_an_earlier_day_are_said_to_be_those_of_today(extract: MadeUpExtract, tmp_path: Path) -> None:
    folder = with_history(extract, tmp_path)
    on = dt.date(2021, 6, 1)
    then = load(folder, as_of=on, clock=lambda: on)
    verdict = then.validate(code_of(extract, "Afdelingen"), "XDIS91")
    assert verdict.outcome is Outcome.SUPPORTED
    (finding,) = [one for one in verdict.findings if one.code == "registrations-not-historical"]
    assert dict(finding.details) == {"on": "2021-06-01", "snapshot_date": "2026-01-15"}
    then.save(tmp_path / "then.sor")
    opened = Register.open(tmp_path / "then.sor", clock=lambda: on)
    assert opened.validate(code_of(extract, "Afdelingen"), "XDIS91").to_dict() == verdict.to_dict()


def test_a_day_after_the_files_can_not_be_built(extract: MadeUpExtract, tmp_path: Path) -> None:
    folder = with_history(extract, tmp_path)
    with pytest.raises(
        ExtractError, match=r"as_of is 2026-01-16, and the file is of 2026-01-15: history tells of earlier days only"
    ):
        load(folder, as_of=DAY + dt.timedelta(1))


def test_a_file_without_history_builds_no_earlier_day(extract: MadeUpExtract, tmp_path: Path) -> None:
    write_sor_csv(extract, tmp_path / "sor.csv")
    with pytest.raises(
        ExtractError, match=r"sor\.csv: as_of builds an earlier day from history, and a sor.csv has none"
    ):
        load(tmp_path, as_of=dt.date(2020, 1, 1))


def test_the_daily_file_builds_no_earlier_day(extract: MadeUpExtract, tmp_path: Path) -> None:
    write_sor_entity(extract, tmp_path / "SorEntity_daily.csv")
    with pytest.raises(ExtractError) as caught:
        load(tmp_path, as_of=dt.date(2020, 1, 1))
    assert str(caught.value) == (
        f"{tmp_path / 'SorEntity_daily.csv'}: as_of builds an earlier day from history, and this table has neither earlier periods "
        "nor closed units, as SorEntity_daily.csv; give Sor_complete.zip"
    )


def test_numbers_of_today_that_nobody_had_then_are_not_told_as_damage(extract: MadeUpExtract, tmp_path: Path) -> None:
    folder = with_history(extract, tmp_path)
    assert problems(load(folder, as_of=dt.date(2015, 6, 1)), "number-without-unit", "registration-without-unit") == []


# What is not known


def test_the_daily_file_says_of_an_unknown_code_that_closed_units_are_left_out(
    extract: MadeUpExtract, tmp_path: Path
) -> None:
    write_sor_entity(extract, tmp_path / "SorEntity_daily.csv")
    register = load(tmp_path)
    resolution = register.resolve(numbers.sor_code(900))
    assert [finding.code for finding in resolution.findings] == ["recipient-unknown", "closures-not-known"]
    assert "closed units" in register.load_report.not_known


def test_what_sor_csv_can_not_say_is_none_and_every_answer_says_so(extract: MadeUpExtract, tmp_path: Path) -> None:
    write_sor_csv(extract, tmp_path / "sor.csv")
    register = load(tmp_path)
    location = register.by_sor_code[code_of(extract, "Prøve Sygehus")].location
    assert (location.active, location.internal_only, location.period_known) == (True, None, False)
    (finding,) = register.resolve(location.number).findings
    assert (finding.code, finding.severity) == ("location-state-not-known", "warning")
    assert finding.text("da").startswith(
        f"De indlæste filer fortæller ikke læseligt alt om, hvorvidt lokationsnummer {location.number} "
    )
    assert "lokationsnumrenes gyldighed, lokationsnumre kun til intern brug" in finding.text("da")


@pytest.mark.parametrize(
    ("column", "fact", "told"),
    [
        ("inactive", "inactive location numbers", "active"),
        ("internal_only", "internal location numbers", "internal_only"),
    ],
)
def test_what_a_table_has_no_column_for_is_not_known_rather_than_no(
    column: str, fact: str, told: str, extract: MadeUpExtract, tmp_path: Path
) -> None:
    number = extract.unit("Prøve Sygehus").location.number
    write_sor_entity(extract, tmp_path / "SOREntity.csv", daily=False)
    whole = load(tmp_path)
    assert fact not in whole.load_report.not_known
    assert getattr(whole.by_location_number[number][0].location, told) is (told == "active")
    write_sor_entity(extract, tmp_path / "SOREntity.csv", daily=False, header={column: None})
    register = load(tmp_path)
    assert fact in register.load_report.not_known
    assert getattr(register.by_location_number[number][0].location, told) is None
    assert "location-state-not-known" in [finding.code for finding in register.resolve(number).findings]


def test_what_the_daily_file_lacks_is_known_where_the_complete_table_beside_it_tells_it(
    extract: MadeUpExtract, tmp_path: Path
) -> None:
    write_sor_entity(extract, tmp_path / "SOREntity.csv", daily=False)
    alone = load(tmp_path)
    write_sor_entity(extract, tmp_path / "SorEntity_daily.csv", header={"inactive": None})
    both = load(tmp_path)
    assert "inactive location numbers" not in both.load_report.not_known
    assert both.load_report.not_known == alone.load_report.not_known


def test_an_address_from_above_is_not_known_to_be_inherited_where_the_file_shows_none(
    extract: MadeUpExtract, tmp_path: Path
) -> None:
    build = RegisterBuilder(DAY)
    house = build.institution(build.owner("Ejer", postal_address={"street": "Prøvevej", "postcode": "9999"}), "Huset")
    write_sor_csv(build.extract(), tmp_path / "sor.csv")
    address = load(tmp_path).by_sor_code[house].postal_address
    assert (address.inherited_from is not None, address.inheritance_known) == (True, False)


def test_a_problem_in_a_register_from_a_file_is_kept_with_what_is_not_known(
    extract: MadeUpExtract, tmp_path: Path
) -> None:
    write_sor_csv(extract, tmp_path / "sor.csv")
    register = load(tmp_path)
    register.save(tmp_path / "a.sor")
    opened = Register.open(tmp_path / "a.sor", clock=lambda: DAY)
    assert opened.load_report == register.load_report
    number = extract.unit("Prøve Sygehus").location.number
    assert opened.resolve(number).to_dict() == register.resolve(number).to_dict()
    assert opened.by_location_number[number][0].location.internal_only is None


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize(
    ("code", "details"),
    [
        ("files-disagree", {"field": "name", "kept": "A", "other": "B", "taken": "Sor.xml"}),
        ("unit-in-other-file-only", {"taken": "Sor.xml"}),
        ("registrations-disagree", {"only_taken": ("XDIS91",), "only_other": (), "taken": "Edityper.csv"}),
        ("number-without-unit", {}),
        ("provider-without-unit", {}),
        ("row-without-unit", {}),
        ("place-without-address", {}),
        ("row-repeated", {"other_line": 3}),
        ("code-text-differs", {"kept": "A", "other": "B"}),
        ("days-differ", {"day": "2026-01-01", "newest": "2026-01-15", "newest_file": "Sor.xml"}),
        ("members-missing", {"missing": ("EDITypes.csv",)}),
    ],
)
def test_every_problem_is_worded(code: str, details: dict[str, object], language: str) -> None:
    text = Problem(code, "a.csv", 7, "12345", details).text(language)
    assert text.startswith("a.csv")
    assert "?" not in text
    assert "{" not in text
