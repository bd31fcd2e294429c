"""The endpoint register of the test kit: written and read it is the same, and its examples show what they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from sor_addressing import AddressingPolicy, Register
from sor_addressing.testing import (
    MadeUpExtract,
    made_up_nation,
    sample_extract,
    with_endpoints,
    write_endpoint_register,
)


@pytest.fixture(scope="module", params=["nation", "sample"])
def extract(request: pytest.FixtureRequest) -> MadeUpExtract:
    return with_endpoints(made_up_nation(2_000) if request.param == "nation" else sample_extract())


def told(register: Register) -> list[object]:
    found = []
    for unit in register:
        location = unit.location
        found.append((unit.sor_code, location and [one.to_dict() for one in location.registrations]))
    return found


@pytest.mark.parametrize("form", ["bundle", "ndjson", "xml"])
def test_written_and_read_it_is_the_same(extract: MadeUpExtract, form: str, tmp_path: Path) -> None:
    written = extract.write(tmp_path / "sor")
    assert (tmp_path / "sor" / "eer.json").exists()
    write_endpoint_register(extract, tmp_path / "eer", form=form)  # type: ignore[arg-type]
    read = Register.load(written.units, written.message_types, tmp_path / "eer", clock=lambda: extract.snapshot_date)
    assert read.load_report.counts["endpoint_registrations"] == len(extract.endpoints)
    assert told(read) == told(Register.load(tmp_path / "sor", clock=lambda: extract.snapshot_date))


def test_the_examples_show_what_they_say(extract: MadeUpExtract) -> None:
    register = extract.to_register()
    shown = {
        name: numbers
        for name, numbers in extract.examples.items()
        if name.startswith("eer") or name == "registers-disagree"
    }
    assert {"eer-only", "registers-disagree"} <= shown.keys() or {"eer-only", "eer-and-sor-edi"} <= shown.keys()
    for number in shown["eer-only"][:50]:
        located = register.by_location_number[number][0].location
        assert {one.source for one in located.registrations if one.message_type.code == "HCO"} == {"EER"}  # type: ignore[union-attr]
    for number in shown.get("registers-disagree", ())[:50]:
        verdict = register.validate(number, "FDIS91 5.0", policy=AddressingPolicy(unknown_support="accept"))
        if str(verdict.resolution.status) == "resolved":
            assert "registers-disagree" in [one.code for one in verdict.findings]
    for number in shown.get("eer-test", ()):
        verdict = register.validate(number, "HCO", policy=AddressingPolicy(environment="test"))
        assert str(verdict.outcome) in ("supported", "not_resolved")
