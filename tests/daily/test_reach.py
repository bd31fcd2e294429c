"""A file that reads well and leaves nobody reachable is held back by the store, and taken where somebody says that it is right."""

from __future__ import annotations

import re

import pytest
from tests.daily.made_up_days import Mirror, day

from sor_addressing import Register
from sor_addressing.daily.reach import reach_of
from sor_addressing.daily.store import RegisterStore
from sor_addressing.testing import made_up_nation


def test_what_can_be_done_with_the_units_of_a_register():
    register = Register.sample()
    reach = reach_of(register)
    units = list(register)
    assert reach["usable_units"] == sum(
        register.resolve(sor_code=unit.sor_code, on=register.snapshot_date).recipient is not None for unit in units
    )
    assert reach["named_units"] == len([unit for unit in units if unit.name])
    assert reach["provider_numbers"] == len({unit.provider_number for unit in units} - {None})
    assert reach["units_with_municipality"] == len([unit for unit in units if unit.municipality])
    assert reach["units_with_type"] == len([unit for unit in units if unit.types])
    assert 0 < reach["deliverable_types"] < register.load_report.counts["registrations"]


@pytest.mark.parametrize(
    ("file", "pattern", "instead", "expected"),
    [
        ("Sor.xml", r"(<sor1:EntityName>)[^<]*", r"\1 ", {"names-lost"}),
        ("Sor.xml", r"<(sor1:)?ProviderIdentifier>[^<]*</(sor1:)?ProviderIdentifier>", "", {"provider-numbers-lost"}),
        ("Sor.xml", r"<EntityTypeIdentifier>[^<]*", "<EntityTypeIdentifier>", {"types-lost"}),
        ("Sor.xml", r"(<sor1:FromDate>)20", r"\g<1>29", {"usable-units-lost", "deliverable-lost"}),
        ("Sor.xml", r"(NonActiveIndicator>)false", r"\1true", {"usable-units-lost", "deliverable-lost"}),
        ("Edityper.csv", r"57909990", "57909999", {"deliverable-lost"}),
    ],
    ids=["nameless", "without provider numbers", "without types", "not open", "inactive", "types of other numbers"],
)
def test_the_store_holds_back_what_leaves_nobody_reachable(tmp_path, file, pattern, instead, expected):
    mirror = Mirror(tmp_path / "mirror")
    mirror.path.mkdir()
    store = RegisterStore(tmp_path / "home", origin=mirror, clock=lambda: day(3))
    made_up_nation(400, seed=5, snapshot_date=day(0)).write(mirror.path)
    store.update()
    made_up_nation(400, seed=5, snapshot_date=day(1)).write(mirror.path)
    text = (mirror.path / file).read_text("utf-8-sig")
    changed = re.sub(pattern, instead, text)
    assert changed != text
    (mirror.path / file).write_text(changed, "utf-8")
    result = store.update()
    assert (str(result.state), result.snapshot_date, result.held) == ("kept-old", day(0), day(1))
    assert expected <= {str(reason.code) for reason in result.reasons}
    assert "accept" in result.text()
    assert store.update().held == day(1)  # also when it is judged again
    assert store.update(accept=True).snapshot_date == day(1)
