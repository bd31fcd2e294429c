"""Loading: any published file in any wrapping gives the same register, with its day, its sources and its problems."""

from __future__ import annotations

import datetime as dt
import gc
import gzip
import hashlib
import io
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest

from sor_addressing import ExtractError, Outcome, PolicyError, Register, Status
from sor_addressing.model import LocationRecord, LocationSource, Problem, SourceDay, UnitKind, UnitRecord
from sor_addressing.testing import RegisterBuilder, WrittenExtract, made_up_nation, numbers

DAY = dt.date(2026, 1, 15)
ELEVEN_AT_NIGHT = dt.datetime(2026, 1, 17, 23, 30, tzinfo=dt.UTC).timestamp()
"""Half past midnight in Denmark, on the 18th."""
HOSPITAL, WARD = numbers.sor_code(1), numbers.sor_code(2)


def builder() -> RegisterBuilder:
    build = RegisterBuilder(DAY)
    owner = build.owner("Region Prøve")
    hospital = build.institution(owner, "Prøve Sygehus", location_number=True, provider_number="990001")
    ward = build.unit(hospital, "Afsnit Øst", inherits=True)
    build.registers(hospital, "XDIS91 XD9134L", send=True, receive=True)
    assert (hospital, ward) == (HOSPITAL, WARD)
    return build


@pytest.fixture
def written(tmp_path: Path) -> WrittenExtract:
    files = builder().write(tmp_path / "udtræk")
    for path in files:
        assert path is not None
        os.utime(path, (0, ELEVEN_AT_NIGHT))
    return files


@pytest.fixture
def units(written: WrittenExtract) -> Path:
    return written.units


@pytest.fixture
def types(written: WrittenExtract) -> Path:
    assert written.message_types is not None
    return written.message_types


def load(*sources: Any, **options: Any) -> Register:
    return Register.load(*sources, clock=lambda: DAY, **options)


def without_day(path: Path) -> Path:
    data = path.read_bytes()
    changed = data.replace(b"<sor1:SnapshotDate>2026-01-15</sor1:SnapshotDate>", b"")
    assert changed != data
    path.write_bytes(changed)
    os.utime(path, (0, ELEVEN_AT_NIGHT))
    return path


def zipped(path: Path, *members: tuple[str, bytes], day: tuple[int, int, int] = (2026, 1, 16)) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name, date_time=(*day, 22, 0, 0)), data)
    os.utime(path, (0, ELEVEN_AT_NIGHT))
    return path


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def digests(register: Register) -> list[str | None]:
    return [source.digest for source in register.load_report.sources]


def answers(register: Register) -> bool:
    verdict = register.validate(WARD, "XDIS91")
    assert len(register) == 3
    assert register.snapshot_date == DAY
    assert verdict.resolution.recipient is not None
    assert verdict.resolution.recipient.unit.name == "Afsnit Øst"
    assert verdict.outcome is Outcome.SUPPORTED
    return True


# Every wrapping gives the same register.


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("compressed", [None, "gz", "zip"])
@pytest.mark.parametrize("wrapping", ["path", "text", "bytes", "bytearray", "open file", "folder", "argument"])
def test_units_and_message_types_may_come_in_any_wrapping(
    version: Any, compressed: Any, wrapping: str, tmp_path: Path
) -> None:
    files = builder().write(tmp_path, version=version, compressed=compressed)
    assert files.message_types is not None
    both = [files.units, files.message_types]
    if wrapping == "path":
        register = load(*both)
    elif wrapping == "text":
        register = load(*map(str, reversed(both)))
    elif wrapping == "bytes":
        register = load(*[path.read_bytes() for path in both])
    elif wrapping == "bytearray":
        register = load(*[bytearray(path.read_bytes()) for path in both])
    elif wrapping == "open file":
        with files.units.open("rb") as first, files.message_types.open("rb") as second:
            register = load(first, message_types=second)
            assert not first.closed
            assert not second.closed
    elif wrapping == "folder":
        register = load(tmp_path)
    else:
        register = load(files.units, message_types=files.message_types)
    assert answers(register)
    assert [source.layout for source in register.load_report.sources] == [str(version), None]


def test_one_zip_may_hold_everything(units: Path, types: Path, tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "alt.zip",
        ("Sor.xml", units.read_bytes()),
        ("../Edityper.csv", types.read_bytes()),
        ("læs mig", b"hej"),
    )
    register = load(path)
    assert answers(register)
    digest = sha256(path)
    assert register.load_report.sources == (
        SourceDay(f"{path}!Sor.xml", "Sor.xml", DAY, "file", "2", digest),
        SourceDay(f"{path}!../Edityper.csv", "Edityper.csv", dt.date(2026, 1, 16), "zip-member", digest=digest),
    )
    assert register.load_report.problem_counts == {"file-not-recognised": 1, "snapshot-date-assumed": 1}
    assert answers(load(path.read_bytes()))


@pytest.mark.parametrize("compressed", [None, "gz", "zip"])
def test_the_report_has_the_digest_of_each_file_as_it_lies_there(compressed: Any, tmp_path: Path) -> None:
    units, types = builder().write(tmp_path, compressed=compressed)
    assert types is not None
    expected = [sha256(units), sha256(types)]
    assert digests(load(units, types)) == expected
    assert digests(load(units.read_bytes(), types.read_bytes())) == expected
    with units.open("rb") as first, types.open("rb") as second:
        assert digests(load(first, second)) == expected
    load(units, types).save(tmp_path / "compiled.sor")
    assert digests(Register.open(tmp_path / "compiled.sor")) == expected


def test_no_digest_is_told_of_what_can_only_be_read_once(units: Path) -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    assert digests(load(Pipe(units.read_bytes()))) == [None]


@pytest.mark.parametrize("change", ["written again", "deleted"])
def test_no_digest_is_told_of_a_file_that_changed_while_it_was_read(change: str, units: Path) -> None:
    def meddle(*_: object) -> None:
        if change == "deleted":
            units.unlink(missing_ok=True)
        else:
            os.utime(units, ns=(0, 0))

    assert digests(load(units, progress=meddle)) == [None]


def test_a_file_is_known_by_its_content_and_not_by_its_name(units: Path, types: Path, tmp_path: Path) -> None:
    (tmp_path / "mappe").mkdir()
    units.rename(tmp_path / "mappe" / "uden endelse")
    types.rename(tmp_path / "mappe" / "andet.xml")
    assert answers(load(tmp_path / "mappe"))


def test_other_files_of_a_folder_are_passed_over_and_reported(units: Path) -> None:
    folder = units.parent
    (folder / "a.txt").write_text("Hej\n", "utf-8")
    (folder / "b.xml").write_text("<html/>", "utf-8")
    (folder / "c.done").write_bytes(b"")
    (folder / "d.zip").write_bytes(b"PK\x03\x04")
    register = load(folder)
    assert answers(register)
    found = [
        (Path(one.file).name, one.text("en"))
        for one in register.load_report.problems
        if one.code == "file-not-recognised"
    ]
    assert [name for name, _ in found] == ["a.txt", "b.xml", "c.done", "d.zip"]
    assert found[1][1] == (
        f"{folder / 'b.xml'}: the file is no known extract and was not read: the root element is html, expected SorTree; "
        "give a Sor.xml"
    )
    assert found[2][1].endswith("was not read: the file is empty; fetch it again")


def test_a_register_without_message_types_knows_nothing_of_them(units: Path) -> None:
    register = load(units)
    assert not register.has_message_types
    assert register.validate(WARD, "XDIS91").outcome is Outcome.SUPPORT_UNKNOWN


def test_message_types_with_other_words_are_read_by_the_callers_map(units: Path, types: Path, tmp_path: Path) -> None:
    number = load(units).by_sor_code[HOSPITAL].location
    assert number is not None
    types.write_text(f"Modtagers nr;Brev\n{number.number};XDIS91\n", "utf-8")
    columns = {"location_number": "Modtagers nr", "message_type": "Brev"}
    table = tmp_path / "kort.toml"
    table.write_text("[columns]\n" + "".join(f'{field} = "{header}"\n' for field, header in columns.items()), "utf-8")
    for given in (columns, table, str(table)):
        assert answers(load(units, types, columns=given))
        assert answers(load(units.parent, columns=given))
        assert answers(load(units, message_types=types, columns=given))
    with pytest.raises(PolicyError):
        load(units, types, columns={"lokation": "x"})


# Days.


def days_of(register: Register) -> list[tuple[str, dt.date | None, str]]:
    return [(source.content, source.day, source.origin) for source in register.load_report.sources]


def day_problems(register: Register) -> list[Problem]:
    return [one for one in register.load_report.problems if one.code.startswith("snapshot-date")]


def test_the_day_inside_the_file_goes_before_all_others(units: Path, tmp_path: Path) -> None:
    register = load(zipped(tmp_path / "Sor.zip", ("Sor.xml", units.read_bytes())), snapshot_date=dt.date(2026, 1, 1))
    assert register.snapshot_date == DAY
    assert days_of(register) == [("Sor.xml", DAY, "file")]
    (problem,) = day_problems(register)
    assert problem == Problem(
        "snapshot-date-differs",
        f"{tmp_path / 'Sor.zip'}!Sor.xml",
        None,
        None,
        {"given": "2026-01-01", "inside": "2026-01-15"},
    )
    assert problem.text("en").endswith(
        "the file is of 2026-01-15, but 2026-01-01 was given; the file's own day was used."
    )
    assert day_problems(load(units, snapshot_date=DAY)) == []


def test_then_the_day_that_is_given(units: Path, tmp_path: Path) -> None:
    data = without_day(units).read_bytes()
    for source in (units, zipped(tmp_path / "Sor.zip", ("Sor.xml", data)), data):
        register = load(source, snapshot_date=dt.date(2026, 1, 2))
        assert register.snapshot_date == dt.date(2026, 1, 2)
        assert days_of(register) == [("Sor.xml", dt.date(2026, 1, 2), "argument")]
        assert day_problems(register) == []


def test_then_that_of_the_zip_member(units: Path, tmp_path: Path) -> None:
    path = zipped(tmp_path / "Sor.zip", ("Sor.xml", without_day(units).read_bytes()))
    register = load(path)
    assert register.snapshot_date == dt.date(2026, 1, 16)
    assert days_of(register) == [("Sor.xml", dt.date(2026, 1, 16), "zip-member")]
    details = {"day": "2026-01-16", "origin": "zip-member"}
    assert day_problems(register) == [Problem("snapshot-date-assumed", f"{path}!Sor.xml", None, None, details)]


def test_then_that_of_the_file(units: Path, tmp_path: Path) -> None:
    path = zipped(tmp_path / "Sor.zip", ("Sor.xml", without_day(units).read_bytes()), day=(1980, 1, 1))
    for source, name in ((units, str(units)), (path, f"{path}!Sor.xml")):
        register = load(source)
        assert register.snapshot_date == dt.date(2026, 1, 18)
        details = {"day": "2026-01-18", "origin": "file-time"}
        assert day_problems(register) == [Problem("snapshot-date-assumed", name, None, None, details)]


def test_without_any_day_there_is_no_register(units: Path) -> None:
    with pytest.raises(ExtractError) as caught:
        load(without_day(units).read_bytes())
    assert str(caught.value) == "<bytes>: nothing tells the day of the extract: give snapshot_date="


@pytest.mark.parametrize("day", [dt.date(2062, 1, 15), dt.date(1970, 1, 1), dt.date.min, dt.date.max])
def test_a_day_inside_that_no_extract_can_be_of_stands_unless_the_caller_says_better(
    day: dt.date, units: Path, types: Path
) -> None:
    units.write_bytes(units.read_bytes().replace(b"SnapshotDate>2026-01-15<", f"SnapshotDate>{day}<".encode()))
    wrong = load(units, types)
    assert (wrong.snapshot_date, days_of(wrong)[0]) == (day, ("Sor.xml", day, "file"))
    assert not wrong.validate("990001", "DIS91").deliverable
    impossible = Problem("snapshot-date-impossible", str(units), None, None, {"day": day.isoformat()})
    assert day_problems(wrong)[0] == impossible
    right = load(units, types, snapshot_date=DAY)
    assert days_of(right) == [("Sor.xml", DAY, "argument"), ("Edityper.csv", DAY, "argument")]
    assert (right.snapshot_date, day_problems(right)) == (DAY, [impossible])
    assert right.validate("990001", "DIS91", on=DAY).deliverable


@pytest.mark.parametrize("moment", [0, 2_900_000_000])
def test_a_files_own_time_that_cannot_be_is_no_day(moment: int, units: Path, types: Path) -> None:
    os.utime(types, (moment, moment))
    register = load(units, types)
    assert answers(register)
    assert days_of(register) == [("Sor.xml", DAY, "file"), ("Edityper.csv", None, "unknown")]
    assert [one.code for one in day_problems(register)] == ["snapshot-date-impossible", "snapshot-date-unknown"]
    without_day(units)
    os.utime(units, (moment, moment))
    with pytest.raises(ExtractError, match=r"for its own time says .*, which no extract is of; set that right"):
        load(units)


def test_a_day_inside_that_cannot_be_read_is_reported_and_the_next_is_used(units: Path) -> None:
    units.write_bytes(units.read_bytes().replace(b"SnapshotDate>2026-01-15<", b"SnapshotDate>2026-02-31<"))
    register = load(units, snapshot_date=DAY)
    assert answers(load(units, units.parent / "Edityper.csv", snapshot_date=DAY))
    assert [(one.code, one.line) for one in day_problems(register)] == [("snapshot-date-unreadable", 4)]


def test_the_registers_day_is_the_oldest_of_its_sources(units: Path, types: Path) -> None:
    os.utime(types, (0, ELEVEN_AT_NIGHT - 10 * 86_400))
    register = load(units, types)
    assert register.snapshot_date == dt.date(2026, 1, 8)
    assert days_of(register) == [("Sor.xml", DAY, "file"), ("Edityper.csv", dt.date(2026, 1, 8), "file-time")]


def test_message_types_of_no_day_do_not_count_towards_the_registers(units: Path, types: Path) -> None:
    register = load(units, types.read_bytes())
    assert answers(register)
    assert days_of(register) == [("Sor.xml", DAY, "file"), ("Edityper.csv", None, "unknown")]
    assert day_problems(register) == [Problem("snapshot-date-unknown", "<bytes>")]
    assert day_problems(register)[0].text("da").startswith("<bytes>: intet fortæller filens dag")


def test_no_file_has_the_history_that_an_earlier_day_needs(units: Path) -> None:
    with pytest.raises(ExtractError) as caught:
        load(units, as_of=dt.date(2025, 1, 1))
    assert str(caught.value) == (
        f"{units}: as_of builds an earlier day from history, and a Sor.xml has none; "
        "ask with on= for what can be said of another day"
    )


# Progress.


def test_progress_tells_the_name_the_bytes_and_the_total(units: Path, types: Path, tmp_path: Path) -> None:
    made_up_nation(200, seed=1).write(tmp_path / "nation")
    big = tmp_path / "nation" / "Sor.xml"
    told: list[tuple[str, int, int | None]] = []
    load(big, types, progress=lambda *args: told.append(args))
    assert {name for name, _, _ in told} == {str(big), str(types)}
    for path in (big, types):
        counts = [(done, total) for name, done, total in told if name == str(path)]
        assert [done for done, _ in counts] == sorted(done for done, _ in counts)
        assert {total for _, total in counts} == {path.stat().st_size}
        assert counts[-1][0] == path.stat().st_size
    assert len(told) > 5


def test_progress_counts_what_a_zip_inflates_to_and_knows_no_total_of_a_gzip(units: Path, tmp_path: Path) -> None:
    data = units.read_bytes()
    path = zipped(tmp_path / "Sor.zip", ("Sor.xml", data))
    told: list[tuple[str, int, int | None]] = []
    load(path, progress=lambda *args: told.append(args))
    assert told[-1] == (f"{path}!Sor.xml", len(data), len(data))
    load(gzip.compress(data), progress=lambda *args: told.append(args))
    assert told[-1] == ("<bytes>", len(data), None)


@pytest.mark.parametrize("compressed", [None, "gz", "zip"])
@pytest.mark.parametrize("call", [1, 2, 5])
def test_who_watches_may_stop_the_loading(call: int, compressed: Any, tmp_path: Path) -> None:
    class StopError(Exception):
        pass

    calls = []

    def stop(*args: object) -> None:
        calls.append(args)
        if len(calls) == call:
            raise StopError

    files = made_up_nation(200, seed=1).write(tmp_path, compressed=compressed)
    with pytest.raises(StopError):
        load(*files, progress=stop)
    gc.collect()  # a file left open would warn here, and warnings are errors
    assert gc.isenabled()
    for path in files:
        assert path is not None
        path.unlink()


# Units of which something is wrong.


def changed(path: Path, *changes: tuple[str, str]) -> Path:
    text = path.read_bytes().decode("utf-8-sig")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_bytes(text.encode())
    return path


def line_of(path: Path, text: str, *, nth: int = 1) -> int:
    lines = [number for number, line in enumerate(path.read_text("utf-8").splitlines(), 1) if text in line]
    return lines[nth - 1]


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        ({"to_date": dt.date(2020, 1, 1)}, {}, 2),
        ({}, {"to_date": dt.date(2020, 1, 1)}, 1),
        ({}, {"from_date": dt.date(2027, 1, 1)}, 1),
        ({"from_date": dt.date(2011, 1, 1)}, {"from_date": dt.date(2012, 1, 1)}, 2),
        ({"from_date": dt.date(2013, 1, 1)}, {"from_date": dt.date(2012, 1, 1)}, 1),
        ({}, {}, 1),
        ({"period_unreadable": True}, {}, 2),
        ({"to_date": dt.date(2020, 1, 1)}, {"to_date": dt.date(2021, 1, 1)}, 1),
    ],
)
def test_of_two_units_with_one_sor_code_the_better_is_kept_and_the_children_of_both(
    first: Any, second: Any, kept: int, tmp_path: Path
) -> None:
    build = RegisterBuilder(DAY)
    codes = [numbers.sor_code(n) for n in range(10, 20)]
    owner = build.owner("Ejer", sor_code=codes[0])
    one = build.institution(owner, "Hus 1", sor_code=codes[1], location_number=True, **first)
    build.unit(one, "Barn 1", sor_code=codes[2], inherits=True)
    two = build.institution(owner, "Hus 2", sor_code=codes[3], location_number=True, **second)
    build.unit(two, "Barn 2", sor_code=codes[4], inherits=True)
    path = changed(build.write(tmp_path).units, (f">{codes[3]}<", f">{codes[1]}<"))
    register = load(path)
    unit = register.by_sor_code[codes[1]]
    assert unit.name == f"Hus {kept}"
    assert sorted(child.name for child in unit.children) == ["Barn 1", "Barn 2"]
    assert unit.location is not None
    assert {child.location.number for child in unit.children if child.location} == {unit.location.number}
    lines = [line_of(path, f">{codes[1]}<", nth=nth) for nth in (1, 2)]
    repeated = [one for one in register.load_report.problems if one.code == "sor-code-repeated"]
    details = {"other_line": lines[0], "kept_line": lines[kept - 1]}
    assert repeated == [Problem("sor-code-repeated", str(path), lines[1], codes[1], details)]
    assert repeated[0].text("en") == (
        f"{path}, line {lines[1]}: SOR code {codes[1]} also stands on line {lines[0]}; the one on line {lines[kept - 1]} was used "
        "(in force, else begun last, else first). The units below both were kept. Have it corrected in SOR."
    )


@pytest.mark.parametrize("number", ["???", "579099900001", "5790999000018", "57909990000173", "ABC"])
def test_a_location_number_that_is_not_right_is_kept_reported_and_found(number: str, units: Path) -> None:
    old = load(units).by_sor_code[HOSPITAL].location
    assert old is not None
    path = changed(units, (f">{old.number}<", f">{number}<"))
    register = load(path)
    problems = [one for one in register.load_report.problems if one.code.startswith("location-number")]
    assert [(one.identifier, one.details["value"]) for one in problems] == [(HOSPITAL, number)]
    for resolution in (register.resolve(number), register.resolve(location_number=number), register.resolve(WARD)):
        assert resolution.status is Status.RESOLVED
        assert resolution.unwrap().location_number == number


@pytest.mark.parametrize("code", ["12", "9000011000016007", "X9"])
def test_a_sor_code_that_is_not_right_is_kept_reported_and_found(code: str, units: Path) -> None:
    register = load(changed(units, (f">{HOSPITAL}<", f">{code}<")))
    assert register.by_sor_code[WARD].parent == register.by_sor_code[code]
    assert register.resolve(code).unwrap().sor_code == code
    assert register.resolve(WARD).status is Status.RESOLVED
    problems = [one for one in register.load_report.problems if one.code.startswith("sor-code")]
    assert [(one.identifier, one.details["value"]) for one in problems] == [(code, code)]


def test_nothing_is_inherited_through_a_unit_without_a_sor_code(tmp_path: Path) -> None:
    build = RegisterBuilder(DAY)
    owner = build.owner("Ejer", location_number=True)
    house = build.institution(owner, "Hus", inherits=True)
    gone = build.unit(house, "Uden", inherits=True)
    below = build.unit(gone, "Under", inherits=True)
    lowest = build.unit(below, "Nederst", inherits=True)
    beside = build.unit(house, "Ved siden af", inherits=True)
    path = build.write(tmp_path).units
    register = load(changed(path, (f"<sor1:SorIdentifier>{gone}</sor1:SorIdentifier>", "")))
    assert [ancestor.name for ancestor in register.by_sor_code[below].ancestors] == ["Hus", "Ejer"]
    assert register.resolve(beside).status is Status.RESOLVED
    for code in (below, lowest):
        resolution = register.resolve(code)
        assert resolution.status is Status.NOT_ADDRESSABLE
        assert [finding.code for finding in resolution.findings] == ["inheritance-broken"]
    assert register.load_report.counts["broken_inheritance"] == 2
    (problem,) = [one for one in register.load_report.problems if one.code == "sor-code-missing"]
    assert problem.text("da") == (
        f"{path}, linje {problem.line}: en enhed (OrganizationalUnitEntity) har ingen SOR-kode og kan ikke kendes: navn "
        '"Uden", lokationsnummer "". Enhederne under den er beholdt, men arver intet gennem den. Få det rettet i SOR.'
    )


def test_a_parent_that_is_missing_or_in_a_circle_makes_a_root_that_inherits_nothing() -> None:
    codes = [numbers.sor_code(n) for n in range(5)]

    def ward(code: str, parent: str | None) -> UnitRecord:
        return UnitRecord(
            code, UnitKind.ORGANISATIONAL_UNIT, f"Afsnit {code}", parent, line=int(code[5]) + 10,
            location_source=LocationSource.INHERITED,
        )  # fmt: skip

    records = [
        ward(codes[0], codes[1]),
        ward(codes[1], codes[2]),
        ward(codes[2], codes[1]),
        ward(codes[3], numbers.sor_code(77)),
        ward(codes[4], codes[4]),
    ]
    register = Register.from_records(records, snapshot_date=DAY)
    assert [unit.parent.sor_code if unit.parent else None for unit in register] == [codes[1], None, None, None, None]
    assert {register.resolve(code).findings[0].code for code in codes} == {"inheritance-broken"}
    assert [(one.code, one.identifier, one.line, dict(one.details)) for one in register.load_report.problems] == [
        ("parent-missing", codes[3], 13, {"parent": numbers.sor_code(77)}),
        ("parent-in-circle", codes[1], 11, {"circle": (codes[1], codes[2])}),
        ("parent-in-circle", codes[2], 12, {"circle": (codes[1], codes[2])}),
        ("parent-in-circle", codes[4], 14, {"circle": (codes[4],)}),
    ]
    assert register.load_report.sources == (SourceDay("<records>", "records", DAY, "argument"),)


def test_records_are_cleaned_and_registrations_without_unit_are_reported() -> None:
    build = builder()
    number = build.location_number()
    build.registers(number, "XDIS91")
    extract = build.extract()
    extract.units[0].name = "Region\nPrøve"
    register = extract.to_register()
    assert register.by_sor_code[numbers.sor_code(0)].name == "Region Prøve"
    assert [(one.code, one.identifier, one.line) for one in register.load_report.problems] == [
        ("registration-without-unit", number, None)
    ]


def test_a_registration_on_a_number_that_no_unit_has_is_kept_and_reported(units: Path, types: Path) -> None:
    number = numbers.location_number(99)
    with types.open("a", encoding="utf-8") as file:
        file.write(types.read_text("utf-8-sig").splitlines()[1].replace(numbers.location_number(0), number) + "\n")
    register = load(units, types)
    problems = [one for one in register.load_report.problems if one.code == "registration-without-unit"]
    assert [(one.file, one.line, one.identifier) for one in problems] == [(str(types), 4, number)]
    assert register.resolve(number).findings[0].code == "location-without-unit"
    assert register.load_report.counts["location_numbers_without_unit"] == 1


def test_a_number_with_an_impossible_day_is_kept_and_not_used(tmp_path: Path) -> None:
    build = RegisterBuilder(DAY)
    owner = build.owner("Ejer", location_number=True, from_date=dt.date(2019, 3, 4))
    path = changed(build.write(tmp_path).units, ("FromDate>2019-03-04<", "FromDate>2019-02-30<"))
    register = load(path)
    assert [finding.code for finding in register.resolve(owner).findings] == ["period-unreadable"]
    assert register.load_report.counts["period_unreadable"] == 1


# The rest.


def test_garbage_collection_is_left_as_it_was(units: Path) -> None:
    assert gc.isenabled()
    load(units)
    assert gc.isenabled()
    with pytest.raises(ExtractError):
        load(b"<html/>")
    assert gc.isenabled()
    gc.disable()
    try:
        load(units)
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_a_nation_read_from_files_is_the_nation_of_its_records(tmp_path: Path) -> None:
    extract = made_up_nation(2_200, seed=3)
    loaded = load(*extract.write(tmp_path, compressed="zip"), snapshot_date=extract.snapshot_date)
    at_hand = extract.to_register(ceased_providers={})
    assert len(loaded) == len(at_hand) == 2_200
    for first, second in zip(loaded, at_hand, strict=True):
        assert first.to_dict() == second.to_dict()
    shown = {"problems", "sources", "snapshot_date"}
    counts = [{key: n for key, n in one.load_report.counts.items() if key not in shown} for one in (loaded, at_hand)]
    assert counts[0] == counts[1]


def test_a_location_that_says_nothing_of_its_period_is_in_force() -> None:
    record = UnitRecord(
        numbers.sor_code(1), UnitKind.INSTITUTION_OWNER, "Ejer",
        location=LocationRecord(numbers.location_number(1)), location_source=LocationSource.OWN,
    )  # fmt: skip
    register = Register.from_records([record], snapshot_date=DAY)
    assert register.resolve(numbers.location_number(1)).status is Status.RESOLVED


def test_the_same_open_file_can_be_loaded_again(units: Path) -> None:
    file = io.BytesIO(units.read_bytes())
    assert len(load(file)) == 3
    file.seek(0)
    assert len(load(file)) == 3
