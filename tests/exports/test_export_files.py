"""The files of extracts: each format, what spreadsheets do to it, and what becomes of a file that can't be written."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft6Validator

from sor_addressing import MissingExtra, Register, export
from sor_addressing.cells import harmless
from sor_addressing.exports import ExportError, Use
from sor_addressing.exports.formats.csv_file import dialect_of
from sor_addressing.exports.formats.sqlite import has_full_text_search
from sor_addressing.messages.catalogue import catalogue
from sor_addressing.testing import RegisterBuilder, made_up_nation

SAMPLE = Register.sample()
DANGEROUS = "=1+1"


@pytest.fixture(scope="module")
def nation() -> Register:
    made = made_up_nation(1_500, seed=3)
    return Register.from_records(made.units, made.registrations, snapshot_date=made.snapshot_date)


@pytest.fixture
def odd() -> Register:
    build = RegisterBuilder()
    owner = build.owner('Ejer "A", B; C', location_number=True)
    build.institution(owner, DANGEROUS, location_number=True)
    build.institution(owner, "-2\N{NO-BREAK SPACE}x", location_number=True)
    return build.build()


def lines_of(register: Register, folder: Path, use: str = "all-addresses", **options: Any) -> list[dict[str, Any]]:
    export(register, use, folder / "x.jsonl", **options)
    return [json.loads(line) for line in (folder / "x.jsonl").read_text("utf-8").splitlines()]


def plain(value: object) -> str:
    """A value of JSON as CSV and Excel show it."""
    if isinstance(value, list):
        return " | ".join(value)
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def test_csv_is_what_the_csv_module_would_write(nation: Register, odd: Register, tmp_path: Path) -> None:
    for register in (nation, odd, SAMPLE):
        for message_types in ("list", "columns"):
            export(register, "all-addresses", tmp_path / "x.csv", message_types=message_types, only_addressable=False)
            written = (tmp_path / "x.csv").read_bytes().decode()
            again = io.StringIO()
            csv.writer(again).writerows(csv.reader(io.StringIO(written, newline="")))
            assert again.getvalue() == written


def test_csv_and_json_lines_say_the_same(nation: Register, tmp_path: Path) -> None:
    export(nation, "hospitals", tmp_path / "x.csv")
    with (tmp_path / "x.csv").open(encoding="utf-8", newline="") as file:
        shown = list(csv.DictReader(file))
    assert shown == [
        {name: harmless(plain(value)) for name, value in line.items()}
        for line in lines_of(nation, tmp_path, "hospitals")
    ]


@pytest.mark.parametrize("cell", ["=x", "+x", "-x", "@x", "\tx", "\rx"])
@pytest.mark.parametrize("spreadsheet", [True, False])
def test_no_cell_begins_as_a_formula(cell: str, spreadsheet: bool) -> None:
    pack = dialect_of(spreadsheet=spreadsheet).pack
    delimiter = ";" if spreadsheet else ","
    assert next(csv.reader([pack(("a", cell, cell))], delimiter=delimiter)) == ["a", f"'{cell}", f"'{cell}"]
    assert next(csv.reader([pack((cell,))], delimiter=delimiter)) == [f"'{cell}"]


def test_the_form_for_spreadsheets_keeps_identifiers(odd: Register, tmp_path: Path) -> None:
    manifest = export(odd, "all-addresses", tmp_path / "x.csv", spreadsheet=True)
    data = (tmp_path / "x.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))
    units = list(odd)
    assert [row["sor_code"] for row in rows] == [f'="{unit.sor_code}"' for unit in units]
    assert [row["name"] for row in rows] == [units[0].name, "'=1+1", "'-2\N{NO-BREAK SPACE}x"]
    assert manifest.more == {"spreadsheet": True}


def test_sqlite_answers_who_receives_a_type_and_finds_words(tmp_path: Path) -> None:
    manifest = export(SAMPLE, "all-addresses", tmp_path / "x.sqlite")
    lines = lines_of(SAMPLE, tmp_path)
    with closing(sqlite3.connect(tmp_path / "x.sqlite")) as database:
        database.row_factory = sqlite3.Row
        rows = [dict(row) for row in database.execute("SELECT * FROM recipients ORDER BY rowid")]
        for row, line in zip(rows, lines, strict=True):
            lists = {name: json.loads(row[name]) for name, value in line.items() if isinstance(value, list)}
            assert {**row, **lists} == line
        received = database.execute(
            "SELECT location_number FROM message_types WHERE message_type = 'FDIS91 5.0' AND receives"
        )
        assert {number for (number,) in received} == {
            line["location_number"] for line in lines if "FDIS91 5.0" in line["receives"]
        }
        about = dict(database.execute("SELECT name, value FROM about").fetchall())
        assert (about["use"], about["key"], about["snapshot_date"]) == (
            "all-addresses",
            "location_number",
            "2026-01-15",
        )
        with pytest.raises(sqlite3.IntegrityError):
            database.execute("INSERT INTO recipients (location_number) VALUES (?)", (lines[0]["location_number"],))
        assert manifest.more == {"full_text_search": has_full_text_search()}
        if has_full_text_search():
            found = database.execute(
                "SELECT display_name FROM recipients WHERE rowid IN "
                "(SELECT rowid FROM recipients_search WHERE recipients_search MATCH 'hjerteafdelingen')"
            )
            assert [name for (name,) in found] == ["Grævlingelund Sygehus, Hjerteafdelingen"]


def test_without_fts5_the_database_is_there_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sor_addressing.exports.formats.sqlite.has_full_text_search", lambda: False)
    manifest = export(SAMPLE, "hospitals", tmp_path / "x.db")
    assert manifest.to_dict()["full_text_search"] is False
    with closing(sqlite3.connect(tmp_path / "x.db")) as database:
        assert database.execute("SELECT count(*) FROM recipients").fetchone() == (manifest.rows,)
        assert database.execute("SELECT name FROM sqlite_master WHERE name = 'recipients_search'").fetchall() == []


def test_parquet_has_types(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    export(SAMPLE, "all-addresses", tmp_path / "x.parquet", only_addressable=False)
    lines = lines_of(SAMPLE, tmp_path, only_addressable=False)
    table = parquet.read_table(tmp_path / "x.parquet").to_pylist()
    dates = ("open_from", "open_to")
    shown = [{**row, **{name: row[name] and row[name].isoformat() for name in dates}} for row in table]
    assert shown == lines


def test_excel_has_text_and_no_formula(odd: Register, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    export(odd, "all-addresses", tmp_path / "x.xlsx")
    before = (tmp_path / "x.xlsx").read_bytes()
    (tmp_path / "x.xlsx").unlink()
    export(odd, "all-addresses", tmp_path / "x.xlsx")
    assert (tmp_path / "x.xlsx").read_bytes() == before
    head, *rows = openpyxl.load_workbook(tmp_path / "x.xlsx")["recipients"].iter_rows()
    shown = [dict(zip([cell.value for cell in head], [plain(cell.value) for cell in row], strict=True)) for row in rows]
    assert shown == [{name: plain(value) for name, value in line.items()} for line in lines_of(odd, tmp_path)]
    assert {cell.data_type for row in rows for cell in row} == {"s", "n"}  # n: nothing at all
    assert DANGEROUS in [row["name"] for row in shown]


def bundle_of(register: Register, folder: Path, use: str = "all-addresses", **options: Any) -> dict[str, Any]:
    export(register, use, folder / "x.fhir.json", **options)
    document: dict[str, Any] = json.loads((folder / "x.fhir.json").read_text("utf-8"))
    return document


def references(value: object) -> set[str]:
    if isinstance(value, list):
        return set().union(*map(references, value))
    if isinstance(value, dict):
        own = {value["reference"]} if "reference" in value else set()
        return own.union(*map(references, value.values()))
    return set()


R4 = json.loads(Path(__file__).with_name("fhir_r4_schema.json").read_text("utf-8"))


def faults(document: dict[str, Any], definition: str) -> list[str]:
    """Where a resource is not as the base FHIR R4 schema has it."""
    validator = Draft6Validator({**R4, "$ref": f"#/definitions/{definition}"})
    return [error.json_path for error in validator.iter_errors(document)]


@pytest.mark.parametrize("use", sorted(Use.shipped()))
def test_a_bundle_is_fhir_and_whole(nation: Register, use: str, tmp_path: Path) -> None:
    assert faults(bundle_of(SAMPLE, tmp_path, use, only_addressable=False), "Bundle") == []
    for register in (nation, SAMPLE):
        bundle = bundle_of(register, tmp_path, use, only_addressable=False)
        some = [one["resource"] for one in bundle["entry"][:: max(1, len(bundle["entry"]) // 300)]]
        assert [(one["id"], faults(one, one["resourceType"])) for one in some if faults(one, one["resourceType"])] == []
        urls = [entry["fullUrl"] for entry in bundle["entry"]]
        assert len(set(urls)) == len(urls)
        assert references(bundle) <= set(urls)


def test_the_schema_sees_what_is_no_fhir(tmp_path: Path) -> None:
    bundle = bundle_of(SAMPLE, tmp_path, "all-addresses")
    bundle["entry"][0]["resource"]["status"] = "a word of its own"
    bundle["entry"][0]["resource"]["nosuchfield"] = 1
    assert faults(bundle, "Bundle") != []


def test_a_bundle_has_units_as_organizations_and_numbers_as_endpoints(tmp_path: Path) -> None:
    bundle = bundle_of(SAMPLE, tmp_path, "general-practice")
    entries = {(one["resource"]["resourceType"], one["resource"]["id"]): one for one in bundle["entry"]}
    unit = SAMPLE.by_provider_number["990001"][0]
    assert unit.parent is not None
    assert unit.location is not None
    organization = entries["Organization", unit.sor_code]["resource"]
    assert organization["identifier"] == [
        {"use": "official", "system": "urn:oid:1.2.208.176.1.1", "value": unit.sor_code},
        {"use": "official", "system": "https://www.gs1.org/gln", "value": unit.location.number},
        {"use": "official", "system": "urn:oid:1.2.208.176.1.4", "value": "990001"},
    ]
    assert organization["partOf"]["reference"] == entries["Organization", unit.parent.sor_code]["fullUrl"]
    endpoint = entries["Endpoint", unit.location.number]
    assert organization["endpoint"] == [{"reference": endpoint["fullUrl"], "type": "Endpoint"}]
    assert endpoint["resource"]["status"] == "active"
    assert endpoint["resource"]["connectionType"]["code"] == "vansMessaging"
    assert endpoint["resource"]["managingOrganization"]["identifier"]["value"] == unit.sor_code
    received = [one.message_type for one in unit.location.registrations if one.may_receive]
    assert [one["text"] for one in endpoint["resource"]["payloadType"]] == [one.text for one in received]
    assert [one["coding"][0]["code"] for one in endpoint["resource"]["payloadType"]] == [
        catalogue().urn(one) for one in received
    ]
    location = entries["Location", unit.sor_code]["resource"]
    assert location["managingOrganization"]["reference"] == entries["Organization", unit.sor_code]["fullUrl"]


def test_a_number_that_cannot_be_used_is_an_endpoint_that_is_off(tmp_path: Path) -> None:
    bundle = bundle_of(SAMPLE, tmp_path, only_addressable=False)
    status = {
        one["resource"]["id"]: one["resource"]["status"]
        for one in bundle["entry"]
        if one["resource"]["resourceType"] == "Endpoint"
    }
    lines = lines_of(SAMPLE, tmp_path, only_addressable=False)
    assert status == {line["location_number"]: "active" if line["addressable"] else "off" for line in lines}
    assert set(status.values()) == {"active", "off"}


def test_the_manifest_says_what_was_made_of_what(tmp_path: Path) -> None:
    manifest = export(SAMPLE, "municipalities", tmp_path / "x.csv", language="en")
    document = json.loads((tmp_path / "x.csv.manifest.json").read_text("utf-8"))
    assert document == manifest.to_dict()
    data = (tmp_path / "x.csv").read_bytes()
    assert (document["bytes"], document["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
    assert (document["file"], document["use"], document["key"]) == ("x.csv", "municipalities", "location_number")
    assert (document["on"], document["snapshot_date"]) == ("2026-01-15", "2026-01-15")
    assert document["description"] == "The units of municipalities: one row an address"
    assert [source["content"] for source in document["sources"]] == ["Sor.xml", "Edityper.csv"]
    assert repr(manifest) == f"<Manifest of x.csv: {manifest.rows} rows by location_number, register of 2026-01-15>"


@pytest.mark.parametrize("name", ["x.csv", "x.fhir.json"])
def test_progress_is_told_to_the_end(name: str, nation: Register, tmp_path: Path) -> None:
    told: list[tuple[str, int, int | None]] = []
    rows = export(nation, "all-addresses", tmp_path / name, progress=lambda *said: told.append(said)).rows
    assert (told[0], told[-1]) == ((name, 0, rows), (name, rows, rows))


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("x.txt", {}, "the name tells no format"),
        ("x.csv", {"format": "dbf"}, "there is no format 'dbf'"),
        ("x.jsonl", {"spreadsheet": True}, "spreadsheet is a form of csv"),
        ("none/x.csv", {}, "can't be written"),
        ("folder.csv", {}, "can't be written"),
    ],
)
def test_what_cannot_be_written_is_said_and_leaves_nothing(
    name: str, options: dict[str, Any], said: str, tmp_path: Path
) -> None:
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "folder.csv" / "full").touch()
    with pytest.raises(ExportError, match=said):
        export(SAMPLE, "hospitals", tmp_path / name, **options)
    assert [path.name for path in tmp_path.iterdir()] == ["folder.csv"]


def test_an_unknown_use_language_or_form_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="there is no use 'wards': take municipalities"):
        export(SAMPLE, "wards", tmp_path / "x.csv")
    with pytest.raises(ValueError, match="language 'sv'"):
        export(SAMPLE, "hospitals", tmp_path / "x.csv", language="sv")
    with pytest.raises(ValueError, match="message_types is 'rows'"):
        export(SAMPLE, "hospitals", tmp_path / "x.csv", message_types="rows")


def test_an_interrupted_write_leaves_yesterdays_file(tmp_path: Path) -> None:
    def interrupt(_file: str, _done: int, _total: int | None) -> None:
        raise KeyboardInterrupt

    export(SAMPLE, "hospitals", tmp_path / "x.csv")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(KeyboardInterrupt):
        export(SAMPLE, "all-addresses", tmp_path / "x.csv", progress=interrupt)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize(
    ("name", "package", "extra"), [("x.parquet", "pyarrow", "arrow"), ("x.xlsx", "openpyxl", "excel")]
)
def test_a_missing_package_names_its_extra(
    name: str, package: str, extra: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtra, match=rf"sor-addressing\[{extra}\]"):
        export(SAMPLE, "hospitals", tmp_path / name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", ["csv", "jsonl", "sqlite", "xlsx"])
def test_a_type_that_is_called_like_a_column_has_a_column_of_its_own(tmp_path: Path, ending: str) -> None:
    build = RegisterBuilder()
    owner = build.owner("Ejer", location_number=True)
    for text in ("name", "Sor_Code", "rowid", "XDIS91"):
        build.registers(owner, text, receive=True)
    manifest = export(build.build(), "all-addresses", tmp_path / f"a.{ending}", message_types="columns")
    names = [name.casefold() for name in manifest.columns]
    assert len(set(names)) == len(names)
    assert manifest.columns[-4:] == ("NAME (message type)", "ROWID (message type)", "SOR_CODE (message type)", "XDIS91")
    if ending == "sqlite":
        with closing(sqlite3.connect(tmp_path / "a.sqlite")) as database:
            found = database.execute('SELECT name, "NAME (message type)" FROM recipients').fetchall()
        assert found == [("Ejer", "receive")]


def test_more_columns_than_sqlite_holds_are_told(tmp_path: Path) -> None:
    build = RegisterBuilder()
    owner = build.owner("Ejer", location_number=True)
    for number in range(2_100):
        build.registers(owner, f"TYPE{number}", receive=True)
    with pytest.raises(ExportError, match=r"columns are more than a table of SQLite holds \(2,000\)"):
        export(build.build(), "all-addresses", tmp_path / "a.sqlite", message_types="columns")
    assert list(tmp_path.iterdir()) == []
