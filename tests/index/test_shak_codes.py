"""SHAK codes: names and periods, which code leads to whom, and what is said of one that is retired."""

from __future__ import annotations

import datetime as dt

import pytest

from sor_addressing import Period, Register, Status, UnitKind
from sor_addressing.companions import ShakRecord
from sor_addressing.index.making.builder import Beside, IndexBuilder
from sor_addressing.index.words import words_of
from sor_addressing.loading.from_records import report_of
from sor_addressing.model import LocationRecord, LocationSource, UnitRecord
from sor_addressing.register import ShakEntry, ShakName
from sor_addressing.testing.numbers import location_number, sor_code

DAY = dt.date(2026, 1, 15)
LAST = dt.date(2024, 12, 31)
WARD, OTHER = sor_code(1), sor_code(2)
PERIODS = [
    ShakRecord("990102", "Afdeling Ny", dt.date(2021, 1, 1)),
    ShakRecord("990102", "Afdeling Gammel", dt.date(2010, 1, 1), dt.date(2020, 12, 31)),
    ShakRecord("9902", "Nedlagt Sygehus", None, LAST),
    ShakRecord("99Æ1", "Skæv Kode", dt.date(2010, 1, 1)),
    ShakRecord("9905", "Hospitalet", dt.date(2010, 1, 1)),
    ShakRecord("9905", "Hospitalet En Tid", dt.date(2012, 1, 1), dt.date(2013, 12, 31)),
    ShakRecord("9903", "Uvist", dt.date(2010, 1, 1), period_unreadable=True),
]


@pytest.fixture
def register() -> Register:
    builder = IndexBuilder()
    builder.add(
        UnitRecord(
            WARD,
            UnitKind.ORGANISATIONAL_UNIT,
            name="Afdelingen",
            shak_code="990102",
            location_source=LocationSource.OWN,
            location=LocationRecord(location_number(1)),
        )
    )
    builder.add(UnitRecord(OTHER, UnitKind.ORGANISATIONAL_UNIT, name="Den anden"))
    beside = Beside(
        shak_periods=PERIODS,
        shak_codes=[("990102", WARD), ("9904", WARD), ("9904", sor_code(9)), ("990102", OTHER)],
        retired_shak_codes={"9902": LAST, "9904": LAST},
        code_words={"554": "lægepraksis", "777": "kirurgi"},
    )
    index = builder.build(snapshot_date=DAY, beside=beside)
    return Register(index, report_of(index, None, [], []), clock=lambda: DAY)


def test_a_code_has_its_names_in_the_order_of_time(register: Register):
    entry = register.shak("990102")
    assert entry == ShakEntry(
        "990102",
        (
            ShakName("Afdeling Gammel", Period(dt.date(2010, 1, 1), dt.date(2020, 12, 31))),
            ShakName("Afdeling Ny", Period(dt.date(2021, 1, 1))),
        ),
        retired=False,
    )
    assert (entry.name, entry.period) == ("Afdeling Ny", Period(dt.date(2010, 1, 1)))


def test_a_name_that_is_in_use_is_the_codes_name_though_another_began_later_and_ended(register: Register):
    entry = register.shak("9905")
    assert [name.name for name in entry.names] == ["Hospitalet", "Hospitalet En Tid"]
    assert (entry.name, entry.period, entry.retired) == ("Hospitalet", Period(dt.date(2010, 1, 1)), False)


def test_a_code_of_another_shape_is_found_as_well(register: Register):
    assert register.shak("99Æ1") == ShakEntry(
        "99Æ1", (ShakName("Skæv Kode", Period(dt.date(2010, 1, 1))),), retired=False
    )


def test_a_retired_code_says_so_and_serialises(register: Register):
    entry = register.shak(" 9902 ")
    assert entry is not None
    assert entry.to_dict() == {
        "code": "9902",
        "name": "Nedlagt Sygehus",
        "period": Period(None, LAST).to_dict(),
        "retired": True,
        "names": [{"name": "Nedlagt Sygehus", "period": Period(None, LAST).to_dict()}],
    }


@pytest.mark.parametrize("code", ["9903", "9999", "not a code", ""])
def test_a_code_that_the_register_does_not_have_is_none(register: Register, code: str):
    assert register.shak(code) is None


def test_codes_of_another_file_lead_to_units_beside_their_own_and_each_unit_once(register: Register):
    found = {code: [unit.sor_code for unit in units] for code, units in register.by_shak_code.items()}
    assert found == {"990102": [WARD, OTHER], "9904": [WARD]}


def test_a_retired_code_leads_to_the_unit_that_had_it_last_with_a_warning(register: Register):
    resolution = register.resolve(shak_code="9904")
    assert (resolution.status, resolution.recipient.sor_code) == (Status.RESOLVED, WARD)
    (finding,) = resolution.findings
    assert (finding.code, finding.severity, dict(finding.details)) == (
        "shak-code-retired",
        "warning",
        {"shak_code": "9904", "date": "2024-12-31"},
    )
    assert finding.text("en") == (
        "SHAK code 9904 is not in use any more; its last day was 2024-12-31. The recipient is the unit that had it last: "
        "use its SOR code or location number."
    )


def test_before_its_last_day_a_code_is_not_retired(register: Register):
    assert register.resolve(shak_code="9904", on=LAST).findings == ()
    assert register.resolve(sor_code=WARD).findings == ()


def test_a_retired_code_that_nobody_has_is_unknown_and_says_since_when(register: Register):
    resolution = register.resolve(shak_code="9902")
    assert resolution.status is Status.UNKNOWN
    assert resolution.findings[0].text("en") == (
        'SHAK code "9902" is not in use any more (its last day was 2024-12-31), and no unit of the register has it. '
        "Look the recipient up again."
    )


@pytest.mark.parametrize("asked", [{"shak_code": "9905"}, {"identifier": "99 05"}, {"shak_code": "99æ1"}])
def test_a_code_that_the_shak_register_has_is_not_said_to_be_mistyped(register: Register, asked: dict[str, str]):
    resolution = register.resolve(**asked)
    assert resolution.status is Status.UNKNOWN
    text = resolution.findings[0].text("en")
    assert text.startswith('The SHAK register has the code "99')
    assert text.endswith(
        "so it is not mistyped, but no unit of the register has it. Look the recipient up by name, SOR code or location number."
    )
    assert "ikke skrevet forkert" in resolution.findings[0].text("da")
    assert "mistyped." in register.resolve(shak_code="9909").findings[0].text("en")


def test_a_ceased_provider_number_that_no_unit_has_says_since_when():
    builder = IndexBuilder()
    builder.add(UnitRecord(OTHER, UnitKind.ORGANISATIONAL_UNIT, name="Den anden"))
    beside = Beside(ceased_providers={"990001": LAST, "990002": dt.date(2099, 1, 1), "001234": LAST})
    index = builder.build(snapshot_date=DAY, beside=beside)
    register = Register(index, report_of(index, None, [], []), clock=lambda: DAY)
    said = 'Provider number "{}" has ceased (its last day was 2024-12-31), and no unit of the register has it. Look the recipient up again.'
    for asked in ("990001", "1234", "001234"):
        assert register.resolve(provider_number=asked).findings[0].text("en") == said.format(asked)
    for asked in ("990002", "990003"):
        assert "mistyped" in register.resolve(provider_number=asked).findings[0].text("en")


def test_the_registers_own_words_of_codes_go_before_those_of_the_package(register: Register):
    index = register._index
    assert words_of(index, "type", "554") == "lægepraksis"
    assert words_of(index, "type", "394761003", "en") == "general practice"
    assert words_of(index, "type", "394761003") == "almen praksis"
    assert words_of(index, "speciality", "123") is None
    assert words_of(index, "speciality", "Øjenlæge") == "Øjenlæge"
    assert words_of(index, "speciality", "") is None
    with pytest.raises(ValueError, match="no texts in language 'sv'"):
        words_of(index, "type", "554", "sv")


def test_all_of_it_is_the_same_from_a_file(register: Register, tmp_path):
    register.save(tmp_path / "a.sor")
    opened = Register.open(tmp_path / "a.sor", clock=lambda: DAY)
    for code in ("990102", "9902", "9903"):
        assert opened.shak(code) == register.shak(code)
    assert opened.resolve(shak_code="9904").to_dict() == register.resolve(shak_code="9904").to_dict()
    assert words_of(opened._index, "type", "777") == "kirurgi"
