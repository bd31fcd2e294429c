"""``handover``: in every form, before and after, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sor_addressing import Register
from sor_addressing.changes import check_handover, handover

WHOSE = ("--supplier", "9221", "--to", "MedCom")


def test_numbers_are_handed_over_and_held_against_the_register_of_after(run, tmp_path: Path) -> None:
    sample = Register.sample()
    found = handover(sample, supplier="9221", to="MedCom")
    ran = run("handover", "--sample", *WHOSE, "--json")
    assert ran.code == 0
    assert ran.json == json.loads(json.dumps(found.to_dict() | {"made_up": True}))
    before = tmp_path / "before.json"
    assert run("handover", "--sample", *WHOSE, "--format", "json", "-o", before).code == 0
    shown = run("handover", "--sample", *WHOSE, "--lang", "da")
    assert all(section.heading in shown.out for section in found.sections("da"))
    same = run("handover", "--sample", "--compare", before)
    assert same.code == 0
    assert "Nothing was lost." in same.out
    after = tmp_path / "after.sor"
    later = sample.with_changes([{"change": "remove", "message_type": "DIS91", "location_number": "5790999000314"}])
    later.save(after)
    lost = run("handover", "--compare", before, after, "--json")
    check = check_handover(before, Register.open(after))
    assert lost.code == 1
    assert lost.json["counts"] == check.counts
    assert lost.json["counts"]["changed"] == 1
    for shape in ("markdown", "html", "csv"):
        assert run("handover", "--compare", before, after, "--format", shape).code == 1
    page = run("handover", "--compare", before, "--register", after, "--format", "html", "--lang", "da").out
    assert page.rstrip("\n") == check.to_html(language="da").rstrip("\n")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--sample",), "give --supplier, --system or --administrator, or --compare"),
        (("--sample", "--supplier", "x", "--compare", "y"), "leave the others out"),
        (("--sample", "--supplier", "x", "AFTER"), "AFTER goes with --compare BEFORE"),
        (("--sample", "--compare", "x", "AFTER"), "give one of them"),
        (("--sample", "--supplier", "x", "--rules", "a", "--no-audit"), "--rules and --no-audit: give one of them"),
        (("--sample", "--supplier", "x", "--format", "excel"), "--format excel takes --output"),
        (("--sample", "--supplier", "x", "-o", "y"), "--output takes --format json, csv, excel, markdown or html"),
        (("--sample", "--supplier", "no such"), "no location number is one of 'no such'"),
        (("--sample", "--compare", "no-such-file.json"), "no-such-file.json"),
    ],
)
def test_what_can_not_be_asked_is_told(run, given: tuple[str, ...], said: str) -> None:
    ran = run("handover", *given)
    assert (ran.code, said in ran.err) == (2, True)
