"""A table of location numbers that was cut off at the end of a line is not taken in silence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import attrs
import pytest

from sor_addressing import Register, RegisterStore
from sor_addressing.daily.origin import FolderOrigin
from sor_addressing.testing import MadeUpExtract, RegisterBuilder, write_message_types, write_sor_xml
from sor_addressing.testing.published.complete_set import write_complete

UNITS = 60


def build(order: Callable[[int], int] = lambda n: n, numbers: int = UNITS) -> MadeUpExtract:
    """A register of some owners, and one of whose numbers each eighth has no message types; rows in some order."""
    builder = RegisterBuilder()
    owners = [builder.owner(f"Ejer {n}", location_number=True) for n in range(numbers)]
    for n in sorted(range(numbers), key=order):
        if n % 8 != 3:
            builder.registers(owners[n], "XDIS91 XD9134L", receive=True)
            builder.registers(owners[n], "XREF01", send=True)
    return builder.extract()


def cut(path: Path, share: float = 0.1) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[: round(len(lines) * (1 - share))]))


def loaded(extract: MadeUpExtract, folder: Path, share: float) -> list[tuple[str, str | None, dict[str, object]]]:
    write_sor_xml(extract, folder / "Sor.xml")
    write_message_types(extract, folder / "Edityper.csv")
    cut(folder / "Edityper.csv", share)
    register = Register.load(folder, clock=lambda: extract.snapshot_date)
    return [
        (problem.code, problem.identifier, dict(problem.details))
        for problem in register.load_report.problems
        if problem.code == "numbers-end-early"
    ]


@pytest.mark.parametrize("share", [0.1, 0.3])
@pytest.mark.parametrize("upwards", [True, False])
def test_one_that_was_cut_off_between_two_lines_is_told(tmp_path: Path, share: float, upwards: bool) -> None:
    extract = build()
    if not upwards:  # the units in the order of the table, and their numbers not
        kept = {unit.sor_code: unit for unit in extract.units}
        numbers = [unit.location for unit in kept.values()]
        for unit, location in zip(kept.values(), reversed(numbers), strict=True):
            unit.location = location
        extract = attrs.evolve(extract, registrations=extract.registrations[::-1])
    ((code, identifier, details),) = loaded(extract, tmp_path, share)
    assert code == "numbers-end-early"
    assert identifier
    assert details["order"] == ("numbers" if upwards else "units")
    assert details["after"] in ({6} if share == 0.1 else {17, 18})
    assert details["without"] in {5, 6, 7}


def test_a_whole_one_is_not(tmp_path: Path) -> None:
    assert loaded(build(), tmp_path, 0) == []


def test_one_whose_rows_are_in_no_order_says_nothing(tmp_path: Path) -> None:
    assert loaded(build(lambda n: n * 7 % UNITS), tmp_path, 0.1) == []


def test_one_of_few_numbers_says_nothing(tmp_path: Path) -> None:
    assert loaded(build(numbers=8), tmp_path, 0.5) == []


@pytest.mark.parametrize("member", ["LocationsCodeEDITypeMap.csv", "LocationsCodes.csv"])
def test_those_of_the_complete_set_too(tmp_path: Path, member: str) -> None:
    extract = build()
    write_complete(extract, tmp_path / "set")
    cut(tmp_path / "set" / member)
    register = Register.load(tmp_path / "set", snapshot_date=extract.snapshot_date, clock=lambda: extract.snapshot_date)
    (problem,) = [one for one in register.load_report.problems if one.code == "numbers-end-early"]
    assert Path(problem.file).name == member
    assert "may have been cut off" in problem.text()


def test_the_store_holds_it_back_in_whatever_order_it_is(tmp_path: Path) -> None:
    extract = build(lambda n: n * 7 % UNITS)
    mirror = tmp_path / "mirror"
    mirror.mkdir()
    write_sor_xml(extract, mirror / "Sor.xml")
    write_message_types(extract, mirror / "Edityper.csv")
    store = RegisterStore(tmp_path / "store", origin=FolderOrigin(mirror), clock=lambda: extract.snapshot_date)
    store.update()
    cut(mirror / "Edityper.csv")
    assert [reason.code for reason in store.update().reasons] == ["registered-numbers-lost"]
