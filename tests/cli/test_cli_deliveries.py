"""What came back, on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from sor_addressing import Register
from sor_addressing.testing import MadeUpLetter, MadeUpParty, edifact_of, write_returned_letters


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    monkeypatch.setenv("SOR_ADDRESSING_DELIVERIES", str(tmp_path / "deliveries.sqlite"))
    outbox, inbox = write_returned_letters(tmp_path)
    return str(outbox), str(inbox)


def test_files_are_added_once_and_told(run, folders: tuple[str, str]) -> None:
    added = run("deliveries", "add", *folders)
    assert (added.code, added.out) == (0, "12 new letters, 9 new receipts; 0 known before, 0 passed over.\n")
    again = run("deliveries", "add", *folders, "--lang", "da")
    assert again.out == "0 nye breve, 0 nye kvitteringer; 21 kendt i forvejen, 0 forbigået.\n"
    state = run("deliveries", "state", "5790999000468", "XDIS91", "--lang", "da")
    assert state.code == 1
    assert "blev afvist 2026-01-15: modtageren er ikke kendt (ukendt_lokationsnummer)" in state.out
    told = run("deliveries", "state", folders[0])
    assert told.out.count("  refused\n") == 6
    assert run("deliveries", "state", folders[0], "--json").json["letters"][0]["fared"] == "answered"
    assert run("deliveries", "state", "5790999000468", "XDIS91", "--json").json["last_refused"] is True


def test_a_file_that_cannot_be_read_is_told(run, folders: tuple[str, str]) -> None:
    run("deliveries", "add", *folders)
    told = run("deliveries", "state", folders[0], "misspelt.edi", "other.edi")
    assert told.code == 1
    assert told.out.count("  refused\n") == 6
    assert "misspelt.edi" in told.out
    documents = run("deliveries", "state", folders[0], "misspelt.edi", "other.edi", "--json")
    assert (documents.code, [bool(one["error"]) for one in documents.json["letters"]].count(True)) == (1, 2)


def test_what_is_overdue_is_named_with_its_file_and_rule(run, folders: tuple[str, str]) -> None:
    run("deliveries", "add", *folders)
    found = run("deliveries", "overdue", folders[0])
    assert found.code == 1
    assert "11-fhir-silent.json: FDIS91 5.0 to 5790999000529" in found.out
    assert "but MFC 040 says not more than 3 times" in found.out
    assert "Plain VANS: no waiting time is published" in found.out
    assert run("deliveries", "overdue", "--json").json["overdue"][0]["waiting"]["minutes"] == 30


def test_a_report_is_a_table_a_file_or_a_page(run, folders: tuple[str, str], tmp_path: Path) -> None:
    run("deliveries", "add", *folders)
    assert run("deliveries", "report", "--by", "type").lines[0].startswith("12 letters: 3 answered, 6 refused")
    page = tmp_path / "report.html"
    assert run("deliveries", "report", "--format", "html", "-o", str(page), "--lang", "da").code == 0
    assert "Det, der kom tilbage" in page.read_text("utf-8")
    assert run("deliveries", "report", "--json").json["total"]["refused"] == 6
    csv = run("deliveries", "report", "--format", "csv", "--by", "operator", "--sample")
    assert "Net operator;Letters" in csv.out
    causes = run("deliveries", "report", "--causes", "--sample")
    assert "the register does not know the receiver" in causes.out
    assert run("deliveries", "report", "-o", "x").code == 2


def test_what_came_back_is_told_by_the_other_commands(run, tmp_path: Path) -> None:
    number = Register.sample().resolve("990001").unwrap().location_number
    letter = MadeUpLetter(code="DIS91", version="D9134L", receiver=MadeUpParty(location_number=number))
    receipt = MadeUpLetter(
        code="CTL02",
        version="C0230Q",
        sender=letter.receiver,
        receiver=letter.sender,
        answers=letter,
        answer_positive=False,
    )
    for name, one in (("letter", letter), ("receipt", receipt)):
        (tmp_path / name).write_bytes(edifact_of(one))
    ledger = str(tmp_path / "ledger")
    run("deliveries", "add", str(tmp_path / "letter"), str(tmp_path / "receipt"), "--ledger", ledger)
    book = tmp_path / "book.csv"
    book.write_text(f"GLN;message_types\n{number};DIS91\n", "utf-8")
    assert "was refused on 2026-01-15" in run("validate", "990001", "DIS91", "--sample", "--deliveries", ledger).out
    found = run("find", "--message-type", "DIS91", "--sample", "--json", "--deliveries", ledger)
    assert "last-delivery-refused" in found.out
    assert "last-delivery-refused" in run("review", str(book), "--sample", "--json", "--deliveries", ledger).out
    assert "was refused on 2026-01-15" in run("watch", str(book), "--sample", "--dry-run", "--deliveries", ledger).out
    checked = run("validate-file", str(tmp_path / "letter"), "--sample", "--json", "--deliveries", ledger)
    assert "last-delivery-refused" in checked.out
    audited = run("audit", "--sample", "--rules", "registered-yet-refused", "--deliveries", ledger)
    assert "Registered, yet refused" in audited.out
    refused = run("validate", "990001", "DIS91", "--sample", "--deliveries", str(tmp_path / "nothing"))
    assert refused.code == 1
    assert "there is no ledger here yet" in refused.err


def test_forgetting_takes_days_and_a_clock_that_is_right(run, folders: tuple[str, str]) -> None:
    run("deliveries", "add", *folders)
    assert run("deliveries", "forget").code == 2
    assert run("deliveries", "forget", "--days", "10", "--on", "2026-03-01").out == (
        "Forgotten for good: 12 letters and 9 receipts of before 2026-02-19.\n"
    )
    assert run("deliveries", "rebuild", *folders).code == 0
    assert run("deliveries", "add").code == 2
    assert run("deliveries", "rebuild").code == 2
    assert run("deliveries", "state").code == 2
    assert run("deliveries", "report", "--by", "type").lines[0].startswith("12 letters")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("report --causes --format csv", "--causes takes --format json alone, and neither --by nor --output"),
        ("report --causes -o x", "--causes takes --format json alone, and neither --by nor --output"),
        ("report --causes --by type", "--causes takes --format json alone, and neither --by nor --output"),
        ("report x", "deliveries report takes no PATH"),
        ("state x --format csv", "deliveries state takes no --format"),
        ("overdue -o x", "deliveries overdue takes no --output"),
        ("add x --days 3", "deliveries add takes no --days"),
        ("forget --days 3 --sender 5790999000468", "deliveries forget takes no --sender"),
    ],
)
def test_an_option_is_refused_where_it_would_change_nothing(
    run, folders: tuple[str, str], arguments: str, said: str
) -> None:
    run("deliveries", "add", *folders)
    refused = run("deliveries", *arguments.split(), "--sample")
    assert (refused.code, refused.out) == (2, "")
    assert said in " ".join(refused.err.split())


def test_causes_are_json_where_that_is_the_format(run, folders: tuple[str, str]) -> None:
    run("deliveries", "add", *folders)
    causes = ("deliveries", "report", "--causes", "--sample")
    assert run(*causes, "--format", "json").json == run(*causes, "--json").json
