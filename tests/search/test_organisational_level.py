"""The organisational level of units: from the tables that have it, and from a Sor.xml that has it, to a field and a filter."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from sor_addressing import Filter, Register
from sor_addressing.model import OrganisationalLevel
from sor_addressing.testing import MadeUpExtract, RegisterBuilder, write_sor_entity, write_sor_xml

CLINIC, WARD = ("991000005100", "Prøveklinik"), ("", "Prøveafsnit")


@pytest.fixture
def extract() -> MadeUpExtract:
    build = RegisterBuilder()
    house = build.institution(build.owner("Ejer"), "Hus", location_number=True)
    build.unit(house, "Klinikken", location_number=True, organisational_level=CLINIC)
    build.unit(house, "Afsnittet", location_number=True, organisational_level=WARD)
    return build.extract()


def names(register: Register, **asked: object) -> list[str]:
    found = register.find(Filter(**asked))  # type: ignore[arg-type]
    return [one.recipient.unit.name for one in found]


def check(register: Register) -> None:
    levels = {unit.name: unit.organisational_level for unit in register}
    assert levels == {
        "Ejer": None,
        "Hus": None,
        "Klinikken": OrganisationalLevel(*CLINIC),
        "Afsnittet": OrganisationalLevel(None, WARD[1]),
    }
    for asked in ("991000005100", "Prøveklinik", "prøveklinik", " Prøveklinik "):
        assert names(register, organisational_level=asked) == ["Klinikken"]
    assert names(register, organisational_level=["Prøveafsnit", "991000005100"]) == ["Klinikken", "Afsnittet"]
    (unknown,) = register.find(organisational_level="Prøveafsnitt").unknown
    assert (unknown.field, unknown.alike[0]) == ("organisational_level", "Prøveafsnit")
    assert [match.unit.name for match in register.search("klinikken", organisational_level="Prøveklinik")] == [
        "Klinikken"
    ]
    unit = next(unit for unit in register if unit.name == "Klinikken")
    assert unit.to_dict()["organisational_level"] == {"code": CLINIC[0], "name": CLINIC[1]}


def test_it_is_a_field_and_a_filter(extract: MadeUpExtract, tmp_path: Path) -> None:
    register = extract.to_register()
    check(register)
    register.save(tmp_path / "a.sor")
    check(Register.open(tmp_path / "a.sor", clock=lambda: extract.snapshot_date))


def test_the_tables_of_sor2_have_it(extract: MadeUpExtract) -> None:
    target = io.BytesIO()
    write_sor_entity(extract, target)
    day = extract.snapshot_date
    register = Register.load(target.getvalue(), snapshot_date=day, clock=lambda: day)
    check(register)
    assert "organisational levels" not in register.load_report.not_known
    write_sor_entity(
        extract, bare := io.BytesIO(), header={"organisational_level_code": None, "organisational_level": None}
    )
    without = Register.load(bare.getvalue(), snapshot_date=day, clock=lambda: day)
    assert "organisational levels" in without.load_report.not_known


@pytest.mark.parametrize(
    "said",
    [
        "<OrganisationalLevelCode>991000005100</OrganisationalLevelCode><OrganisationalLevelName>Prøveklinik</OrganisationalLevelName>",
        (
            "<OrganisationalLevelIdentifier>991000005100</OrganisationalLevelIdentifier>"
            "<OrganizationalLevelName>Prøveklinik</OrganizationalLevelName>"
        ),
        (
            "<OrganisationalLevel><OrganisationalLevelCode>991000005100</OrganisationalLevelCode>"
            "<OrganisationalLevelName> Prøveklinik </OrganisationalLevelName></OrganisationalLevel>"
        ),
    ],
)
def test_a_sor_xml_may_have_it(said: str, extract: MadeUpExtract) -> None:
    target = io.BytesIO()
    write_sor_xml(extract, target, indent=False, newline="\n")
    text = target.getvalue().decode("utf-8-sig")
    name = "EntityName>Klinikken</"
    begin = text.index(name)
    end = text.index(">", begin + len(name)) + 1
    register = Register.load((text[:end] + said + text[end:]).encode(), clock=lambda: extract.snapshot_date)
    assert next(unit for unit in register if unit.name == "Klinikken").organisational_level == OrganisationalLevel(
        *CLINIC
    )
    assert register.load_report.problem_counts == {}
