"""``allowed-types``: in every form, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sor_addressing import Register

NUMBER = "5790999000284"


@pytest.fixture
def approvals(tmp_path: Path) -> str:
    path = tmp_path / "approvals.csv"
    path.write_text("system,code,version,direction,status\nJournal Alfa,XDIS91,XD9134L,send,approved\n", "utf-8")
    return str(path)


def test_a_number_is_held_against_the_list_in_every_form(run, approvals: str, tmp_path: Path) -> None:
    asked = ("allowed-types", NUMBER, "--sample", "--system", "journal alfa", "--approvals", approvals)
    found = Register.sample().allowed_types(NUMBER, system="journal alfa", approvals=approvals)
    ran = run(*asked, "--json")
    assert ran.code == 1
    assert ran.json == json.loads(json.dumps(found.to_dict() | {"made_up": True}))
    shown = run(*asked, "--lang", "da")
    assert all(section.heading in shown.out for section in found.sections("da"))
    assert run(*asked, "--format", "markdown").out == found.to_markdown()
    assert run(*asked, "--format", "html", "-o", str(tmp_path / "a.html")).code == 1
    assert (tmp_path / "a.html").read_text("utf-8") == found.to_html()
    assert run(*asked, "--format", "csv").out.count("\n") == len(found.types) + 1
    assert run("allowed-types", "--system", "Journal Alfa", "--sample", "--approvals", approvals).code == 0
    told = run("allowed-types", NUMBER, "--sample", "--approvals", approvals, "--aliases", approvals)
    assert told.code == 2
    named = run("allowed-types", NUMBER, "--sample", "--json", SOR_ADDRESSING_APPROVALS=approvals)
    assert named.json["approval_list"] == approvals
    unnamed = run("allowed-types", NUMBER, "--sample", "--lang", "da")
    assert (unnamed.code, "nævn listen i SOR_ADDRESSING_APPROVALS" in unnamed.err) == (2, True)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--sample",), "give NUMBER or --system"),
        ((NUMBER, "--sample", "--output", "x"), "--output takes --format csv, markdown or html"),
        (("Journal Alpa", "--sample"), ""),
        (("Helt Andet", "--sample"), "is no system on the approval list"),
    ],
)
def test_what_can_not_be_asked_is_told(run, approvals: str, given: tuple[str, ...], said: str) -> None:
    ran = run("allowed-types", *given, "--approvals", approvals)
    assert said in ran.err
    assert ran.code == (2 if said else 0)
