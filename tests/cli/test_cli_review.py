"""``sor-addressing review``: how an address book stands, for people, for programs, and the corrected one beside it."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
from pathlib import Path

import pytest

from sor_addressing import Register
from sor_addressing.testing import RegisterBuilder

GOOD, CLOSED, SUCCESSOR = "9000311000016009", "9005001000016002", "9005081000016005"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "book.csv"
    path.write_text(
        f"Nr;Navn;SOR-kode;Kontakt\n1;Lægehuset Entydig;{GOOD};Hansen\n2;Klinikken;{CLOSED};Jensen\n3;Ukendt;{GOOD};\n",
        "utf-8",
    )
    return path


def test_what_is_not_all_right_stands_in_a_table(run, book: Path) -> None:
    ran = run("review", book, "--sample")
    assert (ran.code, ran.err) == (1, "")
    assert ran.lines[0] == "MADE-UP REGISTER: none of the units exists."
    rows = [re.split(r" {2,}", line.strip()) for line in ran.lines if line.startswith("  3  ")]
    assert rows == [
        [
            "3",
            "2 Klinikken",
            "broken",
            "2025-07-01",
            "The unit is closed, The location number is closed, The unit was replaced",
            f"SOR code: {SUCCESSOR}",
        ]
    ]
    assert "3 entries: 1 is broken, 2 should be looked at, 0 are all right." in ran.lines
    assert "Hansen" not in ran.out + ran.err


def test_in_danish_only_what_is_asked_for(run, book: Path) -> None:
    ran = run("review", book, "--sample", "--only", "warning", "--lang", "da")
    assert ran.code == 1
    assert [line.split()[0] for line in ran.lines if "skal ses efter" in line and line.startswith("  ")] == []
    assert "3 poster: 1 virker ikke, 2 skal ses efter, 0 er i orden." in ran.lines
    assert not any(SUCCESSOR in line for line in ran.lines)


def test_a_book_without_fault_ends_with_0(run, tmp_path: Path) -> None:
    path = tmp_path / "good.json"
    path.write_text(json.dumps([{"SOR": GOOD}]), "utf-8")
    ran = run("review", path, "--sample")
    assert (ran.code, ran.lines[-1]) == (0, "1 entry: 0 are broken, 0 should be looked at, 1 is all right.")


def test_as_csv_every_entry_is_a_row_and_people_read_the_rest_beside_it(run, book: Path) -> None:
    ran = run("review", book, "--sample", "--format", "csv")
    rows = list(csv.DictReader(ran.lines))
    assert [(row["line"], row["state"], row["replacements"]) for row in rows] == [
        ("2", "warning", ""),
        ("3", "broken", f"sor_code={SUCCESSOR}"),
        ("4", "warning", ""),
    ]
    assert "3 entries: 1 is broken" in ran.err


def test_as_json_lines_and_markdown(run, book: Path) -> None:
    lines = run("review", book, "--sample", "--format", "jsonl", "--only", "broken").lines
    assert [json.loads(line)["key"] for line in lines] == ["2"]
    assert run("review", book, "--sample", "--format", "markdown").lines[0] == "# Review of the address book"


def test_as_one_document(run, book: Path, tmp_path: Path) -> None:
    out = tmp_path / "new.csv"
    ran = run("review", book, "--sample", "--json", "--corrected", out)
    assert (ran.code, ran.err) == (1, "")
    assert ran.json["made_up"] is True
    assert ran.json["corrected"] == str(out)
    assert ran.json["summary"]["by_reason"]["unit-closed"] == 1
    assert [one["state"] for one in ran.json["entries"]] == ["warning", "broken", "warning"]


def test_the_corrected_book_stands_beside_the_old_one(run, book: Path, tmp_path: Path) -> None:
    before = book.read_bytes()
    ran = run("review", book, "--sample", "--corrected", tmp_path / "new.csv")
    assert f"The corrected address book is {tmp_path / 'new.csv'}; 1 entry was corrected." in ran.lines
    assert book.read_bytes() == before
    assert f"2;Klinikken;{SUCCESSOR};Jensen;broken;" in (tmp_path / "new.csv").read_text("utf-8")


def test_never_over_the_old_one(run, book: Path) -> None:
    ran = run("review", book, "--sample", "--corrected", book)
    assert ran.code == 2
    assert ran.err.startswith(f"Error: {book}: this is the address book itself")


def test_what_is_new_since_the_previous_day_is_marked(run, book: Path, tmp_path: Path) -> None:
    build = RegisterBuilder(dt.date(2025, 6, 1))
    owner = build.owner("Ejer")
    build.institution(owner, "Klinikken", sor_code=CLOSED, location_number=True)
    old = tmp_path / "old.compiled"
    build.build().save(old)
    ran = run("review", book, "--sample", "--previous", old)
    assert any("The unit is closed*" in line for line in ran.lines)
    assert any(
        line.startswith("3 have something new since 2025-06-01") or "new since 2025-06-01" in line for line in ran.lines
    )


def test_days_in_the_wrong_order_are_refused(run, book: Path, tmp_path: Path) -> None:
    build = RegisterBuilder(dt.date(2026, 6, 1))
    build.owner("Ejer")
    build.build().save(tmp_path / "later.compiled")
    ran = run("review", book, "--sample", "--previous", tmp_path / "later.compiled")
    assert ran.code == 2
    assert "--previous is of 2026-06-01, and the register of 2026-01-15: exchange them" in ran.err


def test_columns_of_the_book_can_be_named(run, tmp_path: Path) -> None:
    path = tmp_path / "book.csv"
    path.write_text(f"kode\n{GOOD}\n", "utf-8")
    assert run("review", path, "--sample", "--book-columns", "sor_code=kode").code == 0
    ran = run("review", path, "--sample")
    assert (ran.code, ran.out) == (2, "")
    assert f"{path}, line 1: no column has identifiers" in ran.err
    assert run("review", path, "--sample", "--book-columns", "kode").code == 2


def test_a_book_that_can_t_be_read_is_a_document_too(run, tmp_path: Path) -> None:
    ran = run("review", tmp_path / "none.csv", "--sample", "--json")
    assert ran.code == 2
    assert ran.json["error"]["code"] == "address-book-error"
    assert ran.json["error"]["file"] == str(tmp_path / "none.csv")


def test_a_stale_register_is_said_and_ends_with_4(run, tmp_path: Path, days_later) -> None:
    Register.sample().save(tmp_path / "register.compiled")
    (tmp_path / "book.jsonl").write_text(json.dumps({"SOR": GOOD}), "utf-8")
    days_later(5)
    ran = run("review", tmp_path / "book.jsonl", "--register", tmp_path / "register.compiled")
    assert ran.code == 4
    assert sum("5 days" in line or "2026-01-15" in line for line in ran.lines) == 1


class TestLeavingProviderNumbers:
    @pytest.fixture
    def old(self, tmp_path: Path) -> Path:
        path = tmp_path / "old.csv"
        path.write_bytes("Nr;Navn;Ydernr\r\n1;Lægehuset Entydig;990001\r\n2;Lægerne To;990003\r\n".encode("cp1252"))
        return path

    def test_what_is_to_be_asked_stands_in_a_table_and_the_book_beside_the_old_one(
        self, run, old: Path, tmp_path: Path
    ) -> None:
        ran = run("review", old, "--sample", "--to", "sor_code", "--converted", tmp_path / "new.csv", "--lang", "da")
        assert (ran.code, ran.err) == (1, "")
        assert "På vej til SOR-kode: Klar: 1 af 2 poster (50 %)." in ran.lines
        assert "Er det Lægerne To Adresser A" in ran.out
        assert (tmp_path / "new.csv").read_text("cp1252").splitlines()[1:] == [
            f"1;Lægehuset Entydig;;{GOOD};certain;;sor_code+ {GOOD}: provider_number=990001",
            "2;Lægerne To;990003;;ask;recipient-ambiguous;",
        ]
        back = tmp_path / "back.csv"
        run("review", tmp_path / "new.csv", "--sample", "--to", "provider_number", "--converted", back)
        assert back.read_bytes() == old.read_bytes()

    def test_a_book_that_is_ready_ends_with_0_and_its_json_says_how_ready_it_is(self, run, tmp_path: Path) -> None:
        (tmp_path / "ready.json").write_text('[{"ydernr": "990001"}]', "utf-8")
        ran = run("review", tmp_path / "ready.json", "--sample", "--to", "sor_code", "--json")
        document = json.loads(ran.out)
        assert (ran.code, document["converted"]) == (0, None)
        assert document["summary"]["readiness"]["by_state"] == {"certain": 1}
        assert document["entries"][0]["conversion"]["value"] == GOOD

    def test_a_converted_book_needs_what_it_is_converted_to(self, run, old: Path) -> None:
        ran = run("review", old, "--sample", "--converted", "new.csv")
        assert (ran.code, ran.err.splitlines()[-1]) == (2, "Error: --converted needs --to")
