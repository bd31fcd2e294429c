"""Files of message types that speak of one direction alone, or leave it open in a row: what they don't say is not known."""

from __future__ import annotations

import io

import pytest

from sor_addressing import AddressingPolicy, Filter, Register
from sor_addressing.testing import RegisterBuilder, write_sor_xml


def register_of(rows: str) -> tuple[Register, str]:
    """A register of one clinic, and of a file of message types on its number."""
    build = RegisterBuilder()
    code = build.institution(build.owner("Ejer"), "Klinikken", location_number=True)
    extract = build.extract()
    units = io.BytesIO()
    write_sor_xml(extract, units)
    number = extract.unit(code).location.number  # type: ignore[union-attr]  # it was given one
    types = rows.replace("N;", f"{number};").encode()
    day = extract.snapshot_date
    return Register.load(units.getvalue(), message_types=types, snapshot_date=day, clock=lambda: day), code


def said(rows: str, message_type: str, direction: str = "receive", **policy: object) -> tuple[str, bool, list[str]]:
    register, code = register_of(rows)
    verdict = register.validate(code, message_type, direction=direction, policy=AddressingPolicy(**policy))  # type: ignore[arg-type]
    return str(verdict.outcome), verdict.deliverable, [finding.code for finding in verdict.findings]


UNKNOWN = ("support_unknown", False, ["direction-not-known"])


@pytest.mark.parametrize("header", ["Kan sende", "CanSend", "afsende"])
@pytest.mark.parametrize("answer", ["Ja", "Nej", "1", "0", "X", "true", "false"])
@pytest.mark.parametrize("asked", ["DIS91", "XDIS91", "FDIS91", "XREF01", "XABC01"])
def test_who_may_send_says_nothing_of_who_receives(header: str, answer: str, asked: str) -> None:
    rows = f"Lokationsnummer;Type;{header}\nN;DIS91 D9134L;{answer}\n"
    outcome, deliverable, codes = said(rows, asked)
    assert (outcome, deliverable) == UNKNOWN[:2]
    assert "direction-not-known" in codes
    assert said(rows, asked, unknown_support="accept")[1]


@pytest.mark.parametrize(("answer", "outcome"), [("Ja", "supported"), ("Nej", "unsupported")])
def test_and_what_it_says_it_says(answer: str, outcome: str) -> None:
    rows = f"Lokationsnummer;Type;Kan sende\nN;DIS91 D9134L;{answer}\n"
    assert said(rows, "DIS91", "send")[0] == outcome


@pytest.mark.parametrize("answer", ["Ja", "Nej"])
@pytest.mark.parametrize("asked", ["DIS91", "XREF01"])
def test_who_may_receive_says_nothing_of_who_sends(answer: str, asked: str) -> None:
    rows = f"Lokationsnummer;Type;Kan modtage\nN;DIS91 D9134L;{answer}\n"
    assert said(rows, asked, "send") == UNKNOWN


def test_nor_of_receipts_and_replies() -> None:
    assert said("Lokationsnummer;Type;Kan modtage\nN;DIS91 D9134L;Ja\n", "DIS91") == ("supported", True, [])


def test_what_is_known_of_one_type_leaves_the_others_as_they_are() -> None:
    rows = "Lokationsnummer;Type;Retning\nN;DIS91 D9134L;Send\nN;XREF01;Modtag\n"
    assert said(rows, "DIS91")[0] == "unsupported"
    assert said(rows, "XREF01")[0] == "supported"


@pytest.mark.parametrize("blank", ["", "-", " "])
@pytest.mark.parametrize("order", [1, -1])
def test_a_blank_direction_beside_a_given_one_is_a_registration_of_its_own(blank: str, order: int) -> None:
    rows = "\n".join(["N;DIS91 D9134L;Send", f"N;DIS91 D9134L;{blank}"][::order])
    table = f"Lokationsnummer;Type;Retning\n{rows}\n"
    assert said(table, "DIS91")[:2] == ("supported", True)
    assert said(table, "DIS91", "send")[0] == "supported"
    register, code = register_of(table)
    (registration,) = register.by_sor_code[code].location.registrations  # type: ignore[union-attr]  # it has a number
    assert (registration.may_send, registration.may_receive) == (True, True)


def test_a_blank_direction_alone_counts_as_receive() -> None:
    table = "Lokationsnummer;Type;Retning\nN;DIS91 D9134L;\nN;XREF01;Send\n"
    assert said(table, "DIS91")[:2] == ("supported", True)
    assert said(table, "DIS91", "send")[0] == "support_unknown"
    assert said(table, "XREF01")[0] == "unsupported"


def test_rules_exports_and_the_compiled_file_say_the_same(tmp_path: object) -> None:
    register, code = register_of("Lokationsnummer;Type;Kan sende\nN;DIS91 D9134L;Ja\n")
    found = register.find(Filter(message_type="DIS91"))
    assert (len(found), found.counts[-1].reasons) == (0, {"direction-not-known": 1})
    assert len(register.find(Filter(message_type="DIS91", direction="send"))) == 1
    path = tmp_path / "register.sor"  # type: ignore[operator]  # a Path
    register.save(path)
    opened = Register.open(path, clock=lambda: register.snapshot_date)
    assert not opened.validate(code, "DIS91").deliverable
    text = opened.validate(code, "DIS91").findings[0].text("da")
    assert text.endswith("kan modtage DIS91; filen siger kun, hvem der sender. Brug en fil med begge retninger.")
