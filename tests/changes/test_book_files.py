"""Address books as files: read in every shape, refused with file and line where they can't be, written again beside the old one."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sor_addressing import PolicyError, Register, review
from sor_addressing.cells import csv_text
from sor_addressing.cells.user_rows import raw_cells
from sor_addressing.changes import AddressBookError, BookEntry, EntryState, Review
from sor_addressing.changes.book.entries import types_of_value
from sor_addressing.testing import RegisterBuilder
from sor_addressing.testing.numbers import location_number

GOOD, OLD, NEW = (location_number(n) for n in (10203, 23416, 35047))


def made() -> Register:
    build = RegisterBuilder()
    owner = build.owner("Ejer")
    build.institution(owner, "Rønnehuset", location_number=GOOD, provider_number="000099")
    successor = build.institution(owner, "Elmehuset", location_number=NEW)
    day = build.snapshot_date.replace(month=1, day=1)
    build.institution(owner, "Bøgehuset", location_number=OLD, to_date=day, replaced_by=successor)
    return build.build()


REGISTER = made()


def book(path: Path, text: str | bytes, encoding: str = "utf-8") -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return path


def refused(path: object, **options: object) -> AddressBookError:
    with pytest.raises(AddressBookError) as caught:
        review(path, REGISTER, **options)  # type: ignore[arg-type]
    return caught.value


def corrected(found: Review, path: Path) -> str:
    written = found.write_corrected(path)
    assert written == path
    return path.read_bytes().decode("utf-8")


class TestReading:
    @pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1252"])
    def test_csv_in_any_delimiter_and_encoding(self, tmp_path: Path, delimiter: str, encoding: str) -> None:
        rows = (("Løbenr", "Navn", "EAN-nummer"), ("1", "Rønnehuset", GOOD), ("2", "Bøgehuset", OLD))
        path = book(tmp_path / "book.csv", "\n".join(delimiter.join(row) for row in rows) + "\n", encoding)
        found = review(path, REGISTER)
        assert found.columns == {"key": "Løbenr", "name": "Navn", "location_number": "EAN-nummer"}
        assert [(one.entry.line, one.entry.key, one.entry.name, one.state) for one in found.entries] == [
            (2, "1", "Rønnehuset", EntryState.OK),
            (3, "2", "Bøgehuset", EntryState.BROKEN),
        ]

    def test_a_json_list_and_json_lines(self, tmp_path: Path) -> None:
        rows = [{"gln": GOOD, "type": ["XDIS91"]}, {"gln": int(OLD), "meddelelsestype": "DIS91"}]
        as_list = book(tmp_path / "a.json", json.dumps(rows, indent=1))
        as_lines = book(tmp_path / "b.jsonl", "\n".join(map(json.dumps, rows)))
        without_suffix = book(tmp_path / "book", json.dumps(rows))
        assert [one.entry.line for one in review(as_list, REGISTER).entries] == [2, 8]
        for path in (as_lines, without_suffix):
            found = review(path, REGISTER)
            assert [one.entry.location_number for one in found.entries] == [GOOD, OLD]
            assert found.entries[1].entry.message_types == ("DIS91",)

    def test_mappings_and_entries(self) -> None:
        by_mapping = review(iter([{"GLN": GOOD}]), REGISTER).entries[0].entry
        by_entry = review([BookEntry(location_number=GOOD)], REGISTER).entries[0].entry
        assert by_mapping == by_entry == BookEntry(location_number=GOOD, line=1)

    def test_columns_can_be_named(self, tmp_path: Path) -> None:
        path = book(tmp_path / "book.csv", f"adresse;andet\n{GOOD};x\n")
        found = review(path, REGISTER, columns={"location_number": "adresse"})
        assert found.entries[0].state is EntryState.OK

    @pytest.mark.parametrize(
        ("cell", "types"),
        [
            ("", ()),
            ("XDIS91", ("XDIS91",)),
            ("XDIS91, XREF15;DIS91|REF01", ("XDIS91", "XREF15", "DIS91", "REF01")),
            ("XDIS91 XREF15", ("XDIS91", "XREF15")),
            ("XDIS91 XD9134L", ("XDIS91 XD9134L",)),
            ("DIS91 (D9134L)\nREF01", ("DIS91 (D9134L)", "REF01")),
            ("noget andet", ("noget andet",)),
            ("DIS91, DIS91", ("DIS91",)),
        ],
    )
    def test_one_or_several_types_in_a_cell(self, cell: str, types: tuple[str, ...]) -> None:
        assert types_of_value(cell) == types


class TestRefused:
    def test_there_is_no_such_file(self, tmp_path: Path) -> None:
        error = refused(tmp_path / "none.csv")
        assert (error.file, error.line) == (str(tmp_path / "none.csv"), None)
        assert "can't be read (No such file or directory)" in str(error)

    @pytest.mark.parametrize(
        ("name", "content", "line", "says"),
        [
            ("a.csv", b"", None, "the file is empty"),
            ("a.csv", b"GLN;navn\n", 1, "a header and no entries"),
            ("a.csv", b"navn;by\nA;B\n", 1, "no column has identifiers"),
            ("a.csv", b"GLN;EAN\n1;2\n", 1, "2 columns could be location_number (GLN, EAN)"),
            ("a.csv", b"GLN;GLN\n1;2\n", 1, "2 columns could be location_number (GLN, GLN)"),
            ("a.csv", "GLN;navn\n1;ø\n2;".encode() + b"\xf8\n", 2, "save the whole file in one encoding"),
            ("a.csv", "GLN;navn\n".encode("utf-16"), 1, "UTF-16"),
            ("a.csv", b"PK\x03\x04....", None, "save it as CSV"),
            (
                "a.xls",
                b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....",
                None,
                "a workbook of the old kind, or one with a password",
            ),
            ("a.csv", b'GLN;navn\n1;"a\n2;b\n3;c\n', 2, "a quote is opened here"),
            ("a.json", b"", None, "the file is empty"),
            ("a.json", b"[]", 1, "the list is empty"),
            ("a.json", b'"x"', 1, "neither a list of objects nor an object a line"),
            ("a.json", b'{\n"entries": []\n}', 1, "neither a list of objects nor an object a line"),
            ("a.json", b'[{"GLN": "1"},\n{"GLN": }]', 2, "not JSON from here on"),
            ("a.json", b'[{"GLN": "1"}\n{"GLN": "2"}]', 2, "a comma or the end of the list is missing"),
            ("a.json", b'[{"GLN": "1"}', 1, "a comma or the end of the list is missing"),
            ("a.json", b'[{"GLN": "1"}]\n[]', 2, "something stands after the end of the list"),
            ("a.json", b'[\n["GLN"]]', 2, "an entry is no object"),
            ("a.json", b'[{"GLN": "1",\n"GLN": "2"}]', 1, "a key stands twice"),
            ("a.json", b'[{"GLN": NaN}]', 1, "NaN and Infinity"),
            ("a.json", b'[\n{"GLN": {"a": 1}}]', 2, "location_number: the value is of the type dict"),
            ("a.json", b'[{"GLN": ' + b"9" * 9_999 + b"}]", 1, "too many digits"),
            ("a.json", b'[{"GLN": "\xf8"}]', 1, "not UTF-8"),
            ("a.jsonl", b'{"GLN": "1"}\n{"GLN": "2"} x\n', 2, "something stands after the object"),
            ("a.json", b'[{"navn": "1"}]', None, "no column has identifiers"),
        ],
    )
    def test_what_is_no_address_book(
        self, tmp_path: Path, name: str, content: bytes, line: int | None, says: str
    ) -> None:
        path = book(tmp_path / name, content)
        error = refused(path)
        assert says in error.reason
        assert (error.file, error.line) == (str(path), line)

    @pytest.mark.parametrize("bomb", [b"[" * 100_000, b'[{"a":' * 50_000, b'[{"GLN": ' + b"[" * 100_000])
    def test_nesting_bombs(self, tmp_path: Path, bomb: bytes) -> None:
        assert "nested deeper" in refused(book(tmp_path / "a.json", bomb)).reason

    def test_a_cell_without_end(self, tmp_path: Path) -> None:
        error = refused(book(tmp_path / "a.csv", f"GLN;navn\n{GOOD};{'x' * 20_000}\n"))
        assert "name has 20000 characters" in error.reason

    def test_columns_that_don_t_exist(self, tmp_path: Path) -> None:
        path = book(tmp_path / "a.csv", f"GLN;navn\n{GOOD};A\n")
        with pytest.raises(PolicyError, match="'telefon', which is no field"):
            review(path, REGISTER, columns={"telefon": "navn"})
        with pytest.raises(PolicyError, match="one header for two fields"):
            review(path, REGISTER, columns={"name": "navn", "key": "navn"})
        with pytest.raises(PolicyError, match="no header for name"):
            review(path, REGISTER, columns={"name": " "})
        error = refused(path, columns={"name": "betegnelse"})
        assert (error.line, error.reason.partition(";")[0]) == (
            1,
            "there is no column 'betegnelse', which is named as name",
        )

    def test_a_first_line_that_is_an_entry_is_not_shown(self, tmp_path: Path) -> None:
        error = refused(book(tmp_path / "a.csv", f"Kontakt Opdigt;{GOOD}\nA;{OLD}\n"))
        assert "the first line looks like an entry" in error.reason
        assert "Opdigt" not in str(error)

    def test_things_that_are_no_book(self) -> None:
        assert "is empty" in refused([]).reason
        assert "entry 2 is no mapping" in refused([{"GLN": GOOD}, 7]).reason
        assert "one or the other" in refused([{"GLN": GOOD}, BookEntry(location_number=GOOD)]).reason
        assert "entries say themselves" in refused([BookEntry(location_number=GOOD)], columns={"name": "a"}).reason
        for wrong in (b"GLN", {"GLN": GOOD}, 7):
            with pytest.raises(TypeError, match="an address book is a path"):
                review(wrong, REGISTER)  # type: ignore[arg-type]

    def test_candidates_are_a_count(self) -> None:
        with pytest.raises(ValueError, match="candidates is -1"):
            review([{"GLN": GOOD}], REGISTER, candidates=-1)

    @settings(max_examples=200, deadline=None)
    @given(st.binary(max_size=60))
    def test_any_bytes_are_a_book_or_refused(self, tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
        folder = tmp_path_factory.mktemp("any")
        for name in ("a.csv", "a.json", "a"):
            path = book(folder / name, data)
            with suppress(AddressBookError):
                assert review(path, REGISTER).file == str(path)


class TestCorrected:
    def test_csv_keeps_everything_but_what_was_wrong(self, tmp_path: Path) -> None:
        text = (
            "sep=;\r\n"
            'Nr;Navn;GLN;"Fri ""tekst""";tlf\r\n'
            f'1;"Rønne;huset";{GOOD};  a ;="0099"\r\n'
            "\r\n"
            f'2;Bøgehuset;="{OLD}"; "b;\r\nc" ;="0098"\r\n'
            f"3;;5,79E+12;;"
        )
        path = book(tmp_path / "book.csv", text, "utf-8-sig")
        out = tmp_path / "new.csv"
        review(path, REGISTER).write_corrected(out)
        assert path.read_bytes() == text.encode("utf-8-sig")
        assert out.read_bytes().decode("utf-8-sig") == (
            "sep=;\r\n"
            'Nr;Navn;GLN;"Fri ""tekst""";tlf;review_state;review_reasons;review_changed\r\n'
            f'1;"Rønne;huset";{GOOD};  a ;="0099";ok;;\r\n'
            "\r\n"
            f'2;Bøgehuset;"=""{NEW}""";'
            ' "b;\r\nc" ;="0098";broken;unit-closed unit-replaced;'
            f"location_number: {OLD} -> {NEW}\r\n"
            "3;;5,79E+12;;;broken;identifier-mangled;"
        )
        assert sorted(one.name for one in tmp_path.iterdir()) == ["book.csv", "new.csv"]

    def test_the_encoding_stays(self, tmp_path: Path) -> None:
        path = book(tmp_path / "book.csv", f"GLN;navn\n{OLD};Bøgehuset\n", "windows-1252")
        review(path, REGISTER).write_corrected(tmp_path / "new.csv")
        assert (
            (tmp_path / "new.csv").read_bytes().decode("windows-1252").splitlines()[1].startswith(f"{NEW};Bøgehuset;")
        )

    def test_a_corrected_book_can_be_corrected_again(self, tmp_path: Path) -> None:
        path = book(tmp_path / "a.csv", f"GLN,navn\n{OLD},B\n")
        once = corrected(review(path, REGISTER), tmp_path / "b.csv")
        twice = corrected(review(tmp_path / "b.csv", REGISTER, name_likeness=0), tmp_path / "c.csv")
        assert once.splitlines()[1] == f"{NEW},B,broken,unit-closed unit-replaced,location_number: {OLD} -> {NEW}"
        assert twice.splitlines() == ["GLN,navn,review_state,review_reasons,review_changed", f"{NEW},B,ok,,"]

    def test_rows_with_too_few_and_too_many_cells(self, tmp_path: Path) -> None:
        path = book(tmp_path / "a.csv", f"GLN;navn;by\n{OLD}\n{GOOD};a;b;c\n{OLD};a;b;;\n{GOOD};x;y\n{GOOD};x;y\n")
        found = review(path, REGISTER, name_likeness=0)
        assert [one.code for one in found.problems] == ["ragged-line", "ragged-line"]
        assert found.entries[1].reasons == ("entry-misshapen",)
        assert corrected(found, tmp_path / "b.csv").splitlines()[1:4] == [
            f"{NEW};;;broken;unit-closed unit-replaced entry-duplicate;location_number: {OLD} -> {NEW}"
            if "entry-duplicate" in found.entries[0].reasons
            else f"{NEW};;;broken;unit-closed unit-replaced;location_number: {OLD} -> {NEW}",
            f"{GOOD};a;b;broken;entry-misshapen;;c",
            f"{NEW};a;b;broken;unit-closed unit-replaced;location_number: {OLD} -> {NEW}",
        ]

    def test_json_keeps_everything_but_what_was_wrong(self, tmp_path: Path) -> None:
        text = f'[\n  {{"GLN": "{GOOD}", "x": 1.50, "æ": [1,  2]}},\n  {{"GLN": {OLD}, "x": null}}\n]\n'
        written = corrected(review(book(tmp_path / "a.json", text), REGISTER), tmp_path / "b.json")
        first, second = written.splitlines()[1:3]
        assert first == (
            f'  {{"GLN": "{GOOD}", "x": 1.50, "æ": [1,  2], '
            '"review_state": "ok", "review_reasons": "", "review_changed": ""},'
        )
        assert json.loads(second) == {
            "GLN": NEW,
            "x": None,
            "review_state": "broken",
            "review_reasons": "unit-closed unit-replaced",
            "review_changed": f"location_number: {OLD} -> {NEW}",
        }

    def test_json_lines_stay_lines(self, tmp_path: Path) -> None:
        text = f'{{"GLN": "{GOOD}"}}\n\n{{"ydernr": 99}}\n'
        written = corrected(review(book(tmp_path / "a.jsonl", text), REGISTER), tmp_path / "b.jsonl")
        assert [json.loads(line)["review_changed"] for line in written.splitlines() if line] == [
            "",
            "provider_number: 99 -> 000099",
        ]

    @pytest.mark.parametrize("suffix", [".csv", ".json", ".jsonl"])
    def test_a_book_in_memory_is_written_by_the_name_of_the_file(self, tmp_path: Path, suffix: str) -> None:
        found = review([{"GLN": OLD, "x": "1,5"}, {"GLN": GOOD, "y": None}], REGISTER)
        text = corrected(found, tmp_path / f"book{suffix}")
        if suffix == ".csv":
            assert text.splitlines()[:2] == [
                "GLN,x,y,review_state,review_reasons,review_changed",
                f'{NEW},"1,5",,broken,unit-closed unit-replaced,location_number: {OLD} -> {NEW}',
            ]
        else:
            rows = json.loads(text) if suffix == ".json" else [json.loads(line) for line in text.splitlines()]
            assert [(row["GLN"], row["review_state"]) for row in rows] == [(NEW, "broken"), (GOOD, "ok")]

    def test_message_types_that_are_no_texts_are_refused_also_where_they_can_be_looked_at_once_only(self) -> None:
        for types in ([5j], iter([5j])):
            error = refused([{"sor_code": "9000011000016006", "message_types": types}])
            assert str(error) == "line 1: message_types: the value is of the type complex; give text"

    def test_what_json_can_t_hold_is_refused_without_showing_it(self, tmp_path: Path) -> None:
        found = review([{"GLN": OLD, "x": object()}], REGISTER)
        with pytest.raises(AddressBookError, match="a value that JSON can't hold"):
            found.write_corrected(tmp_path / "a.json")
        assert list(tmp_path.iterdir()) == []

    def test_never_over_the_old_one(self, tmp_path: Path) -> None:
        path = book(tmp_path / "a.csv", f"GLN\n{OLD}\n")
        (tmp_path / "soft.csv").symlink_to(path)
        os.link(path, tmp_path / "hard.csv")
        (tmp_path / "folder").mkdir()
        found = review(path, REGISTER)
        for other in (
            path,
            str(path),
            tmp_path / "soft.csv",
            tmp_path / "hard.csv",
            tmp_path / "folder" / ".." / "a.csv",
        ):
            with pytest.raises(AddressBookError, match="this is the address book itself"):
                found.write_corrected(other)
        assert path.read_text("utf-8") == f"GLN\n{OLD}\n"

    def test_a_book_that_has_changed_since_is_refused(self, tmp_path: Path) -> None:
        path = book(tmp_path / "a.csv", f"GLN\n{OLD}\n")
        found = review(path, REGISTER)
        book(path, f"GLN\n{GOOD}\n")
        with pytest.raises(AddressBookError, match="has changed since it was reviewed"):
            found.write_corrected(tmp_path / "b.csv")
        path.unlink()
        with pytest.raises(AddressBookError, match="can't be read again"):
            found.write_corrected(tmp_path / "b.csv")
        assert list(tmp_path.iterdir()) == []

    def test_a_place_that_can_t_be_written_to_is_told(self, tmp_path: Path) -> None:
        found = review(book(tmp_path / "a.csv", f"GLN\n{OLD}\n"), REGISTER)
        with pytest.raises(AddressBookError, match="can't be written"):
            found.write_corrected(tmp_path / "none" / "b.csv")
        with pytest.raises(AddressBookError, match="can't be written"):
            found.to_csv(tmp_path / "none" / "b.csv")

    @pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
    def test_the_new_one_has_the_rights_of_the_old_one(self, tmp_path: Path) -> None:
        path = book(tmp_path / "a.csv", f"GLN\n{OLD}\n")
        path.chmod(0o640)
        found = review(path, REGISTER)
        assert found.write_corrected(tmp_path / "b.csv").stat().st_mode & 0o777 == 0o640


@given(st.lists(st.text(alphabet='a;," =\n\r', max_size=6), min_size=2, max_size=5))
def test_the_cells_of_a_row_are_found_as_they_are_written(cells: list[str]) -> None:
    cells = [cell.strip(" ") for cell in cells]
    row = csv_text(["x", *cells], ";")
    assert raw_cells(row, ";") == [csv_text([cell], ";") if cell else "" for cell in ["x", *cells]]
