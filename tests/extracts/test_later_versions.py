"""A namespace that nobody knew, read where the structure is known; and a register that says how many records are in it."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sor_addressing import Register
from sor_addressing.errors import ExtractError
from sor_addressing.extracts import published
from sor_addressing.extracts.detect import recognise
from sor_addressing.extracts.xml.providers import ProviderReader
from sor_addressing.extracts.xml.sor_tree import SorXmlReader
from sor_addressing.model import Problem, UnitRecord
from sor_addressing.testing import sample_extract, write_providers, write_sor_xml

LATER = ["urn:oio:nsi:3.0.0", "urn:oio:sds:sor:3.1.0", "http://sundhedsdatastyrelsen.example/sor/2027/", "urn:ny"]


def sample(version: int = 2) -> bytes:
    target = io.BytesIO()
    write_sor_xml(sample_extract(), target, version=version)  # type: ignore[arg-type]
    return target.getvalue()


def later(namespace: str, version: int = 2) -> bytes:
    known = b"urn:oio:nsi:2.0.0" if version == 2 else b"urn:oio:sundhedsstyrelsen:organisation:1.0.0"
    return sample(version).replace(known, namespace.encode())


def read(data: bytes) -> tuple[list[UnitRecord], list[Problem], SorXmlReader]:
    problems: list[Problem] = []
    reader = SorXmlReader(io.BytesIO(data), file="fil", report=problems.append)
    return list(reader), problems, reader


@pytest.mark.parametrize("namespace", LATER)
@pytest.mark.parametrize("version", [1, 2])
def test_a_later_version_with_a_known_structure_is_read_and_said_to_be_one(namespace: str, version: int) -> None:
    data = later(namespace, version)
    assert recognise(data[:65_536], file="fil") is published.SOR_XML
    units, problems, reader = read(data)
    before, said_before, _ = read(sample(version))
    assert units == before
    assert [problem for problem in problems if problem.code != "version-not-known"] == said_before
    (said,) = [problem for problem in problems if problem.code == "version-not-known"]
    assert (said.details, said.line) == ({"namespace": namespace}, 2)
    assert reader.version == {LATER[0]: "3", LATER[1]: "3"}.get(namespace, reader.version)


def test_it_loads() -> None:
    extract = sample_extract()
    register = Register.load(later(LATER[0]), clock=lambda: extract.snapshot_date)
    assert len(register) == len(extract)
    assert register.load_report.problem_counts["version-not-known"] == 1
    assert register.load_report.sources[0].layout == "3"


def test_elements_in_the_namespace_of_a_known_version_beside_it_are_read_too() -> None:
    units, problems, _ = read(later(LATER[0]))
    assert units[0].name
    assert "unknown-namespace" not in {problem.code for problem in problems}


def test_a_new_element_without_anything_in_it_is_named_and_the_rest_is_read() -> None:
    data = later(LATER[0]).replace(b"<InstitutionOwnerEntity>", b"<InstitutionOwnerEntity><Ny>a</Ny>", 1)
    units, problems, _ = read(data)
    assert len(units) == len(sample_extract())
    assert ("unknown-element", {"element": f"{{{LATER[0]}}}Ny", "parent": "InstitutionOwnerEntity"}) in [
        (problem.code, problem.details) for problem in problems
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"OrganizationalUnitEntity>", b"OrganisationalUnitEntity>"),
        (b"HealthInstitutionEntity>", b"InstitutionEntity>"),
    ],
)
def test_another_structure_is_refused_and_not_read_by_half(old: bytes, new: bytes) -> None:
    with pytest.raises(ExtractError, match=r"is not known, and neither is the file's namespace 'urn:oio:nsi:3.0.0'"):
        read(later(LATER[0]).replace(old, new))


@pytest.mark.parametrize(
    "document",
    [
        '<SorTree xmlns="urn:ny"/>',
        '<SorTree xmlns="urn:ny"><Ejer><Enhed/></Ejer></SorTree>',
        '<SorTree xmlns="urn:ny"><InstitutionOwnerEntity xmlns="urn:andet"><InstitutionOwner/></InstitutionOwnerEntity></SorTree>',
    ],
)
def test_without_the_structure_it_is_no_sor_xml(document: str) -> None:
    with pytest.raises(ExtractError, match="SorTree is in the namespace 'urn:ny', expected"):
        recognise(document.encode(), file="fil")


def providers(*, persons: int = 0, newer: bool = False) -> bytes:
    target = io.BytesIO()
    write_providers(sample_extract(), target, persons=persons, newer=newer)
    return target.getvalue()


def read_providers(data: bytes) -> tuple[list[str], list[Problem]]:
    problems: list[Problem] = []
    reader = ProviderReader(io.BytesIO(data), file="fil", report=problems.append)
    return [record.number for record in reader], problems


@pytest.mark.parametrize("persons", [0, 2])
@pytest.mark.parametrize("newer", [False, True])
def test_a_provider_register_with_as_many_records_as_it_says_is_read(persons: int, newer: bool) -> None:
    data = providers(persons=persons, newer=newer)
    assert read_providers(data)[1] == []
    assert read_providers(data.replace(b'<Slut AntPost="', b'<Slut AntPost="  000'))[1] == []


@given(persons=st.integers(0, 2), gone=st.integers(0, 30), newer=st.booleans())
def test_one_with_fewer_is_refused(persons: int, gone: int, newer: bool) -> None:
    lines = providers(persons=persons, newer=newer).splitlines(keepends=True)
    one_line = [at for at, line in enumerate(lines) if b"<Yder " in line and line.rstrip().endswith(b"/>")]
    of_persons = [at for at, line in enumerate(lines) if b'CprNr="' in line]
    lost = (of_persons or one_line)[gone % len(of_persons or one_line)]
    with pytest.raises(ExtractError, match=r"holds \d+ records of the \d+ that it says it has") as caught:
        read_providers(b"".join(lines[:lost] + lines[lost + 1 :]))
    assert "9999" not in str(caught.value)


@pytest.mark.parametrize("said", ["mange", "-1", "1e9", "9" * 30])
def test_a_number_of_records_that_is_none_is_reported(said: str) -> None:
    data = providers().replace(b'AntPost="', b'AntPost="' + said.encode() + b"x" * (said == "1e9"))
    numbers, problems = read_providers(data)
    assert numbers
    assert [problem.code for problem in problems] == ["record-count-unreadable"]


def test_a_provider_register_that_says_nothing_of_it_is_read() -> None:
    data = providers()
    begin = data.index(b"<Slut")
    assert read_providers(data[:begin] + data[data.index(b">", begin) + 1 :])[1] == []
