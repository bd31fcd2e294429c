"""The reader of ``Sor.xml``: every fact kept, every fault named with its line, and a damaged file refused."""

from __future__ import annotations

import datetime as dt
import gc
import io
import os
import random
import re
import string
import subprocess
import sys
from pathlib import Path
from typing import Any

import attrs
import pytest
from by_hand import (
    CODES,
    INHERITS,
    NUMBERS,
    V1,
    V2,
    described,
    house,
    line_of,
    own,
    owner,
    read,
    read_all,
    status,
    tree,
    ward,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from sor_addressing.errors import ExtractError
from sor_addressing.extracts.days import IsoDays
from sor_addressing.extracts.sor_xml import SorXmlReader
from sor_addressing.model import (
    ADDRESS_FIELDS,
    LocationRecord,
    LocationSource,
    Problem,
    UnitKind,
    UnitRecord,
)
from sor_addressing.testing import MadeUpExtract, made_up_nation, numbers, write_sor_xml
from sor_addressing.testing.builder import address, contact
from sor_addressing.testing.sor_xml import NOT_IN_VERSION_1

DAY = dt.date(2026, 1, 15)
IE, SI, OE = UnitKind.INSTITUTION_OWNER, UnitKind.HEALTH_INSTITUTION, UnitKind.ORGANISATIONAL_UNIT


def written(extract: MadeUpExtract, **options: Any) -> bytes:
    target = io.BytesIO()
    write_sor_xml(extract, target, **options)
    return target.getvalue()


def refused(document: str | bytes) -> ExtractError:
    with pytest.raises(ExtractError) as caught:
        read(document)
    assert caught.value.file == "Sor.xml"
    return caught.value


def places(units: list[UnitRecord]) -> list[tuple[str, UnitKind, str | None, bool]]:
    return [(unit.name, unit.kind, unit.parent_sor_code, unit.gap_above) for unit in units]


def problem(code: str, line: int | None, identifier: str | None, **details: object) -> Problem:
    return Problem(code, "Sor.xml", line, identifier, details)


SMALL = tree(
    owner(
        CODES[0],
        "Ejer",
        house(CODES[1], "Hus", ward(CODES[2], "Afsnit", facts=(INHERITS,)), facts=(own(NUMBERS[1]),)),
    )
)
SMALL_PLACES = [
    ("Ejer", IE, None, False),
    ("Hus", SI, CODES[0], False),
    ("Afsnit", OE, CODES[1], False),
]


# What is written is what is read.


def as_in_version_1(unit: UnitRecord) -> UnitRecord:
    lost = [ADDRESS_FIELDS.index(field) for field in NOT_IN_VERSION_1 if field in ADDRESS_FIELDS]

    def without(parts: tuple[str, ...] | None) -> tuple[str, ...] | None:
        left = tuple("" if place in lost else part for place, part in enumerate(parts or ()))
        return left if any(left) else None

    return attrs.evolve(
        unit,
        cvr_number="",
        postal_address=without(unit.postal_address),
        visiting_address=without(unit.visiting_address),
        activity_address=without(unit.activity_address),
    )


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize(("size", "seed"), [(5, 1), (60, 2), (400, 3), (2_300, 4), (2_300, 5)])
def test_a_nation_is_read_as_it_was_written_and_every_line_is_right(version: int, size: int, seed: int) -> None:
    extract = made_up_nation(size, seed=seed)
    data = written(extract, version=version)
    units, problems, reader = read_all(data)
    expected = extract.units if version == 2 else [as_in_version_1(unit) for unit in extract.units]
    assert [attrs.evolve(unit, line=0) for unit in units] == expected
    assert {one.code for one in problems} <= {"date-unreadable"}
    assert (reader.version, reader.snapshot_date) == (str(version), extract.snapshot_date)
    assert reader.created_at == extract.created_at.isoformat()
    assert_every_line_is_right(data, units)


def assert_every_line_is_right(data: bytes, units: list[UnitRecord]) -> None:
    lines = data.split(b"\n")
    wrong = [unit for unit in units if f"SorIdentifier>{unit.sor_code}<".encode() not in lines[unit.line - 1]]
    assert wrong == []
    assert len({unit.line for unit in units}) == len(units)


@pytest.mark.parametrize("version", [1, 2])
def test_lines_are_right_beyond_the_65535th(version: int) -> None:
    data = written(made_up_nation(2_200, seed=6), version=version)
    units, problems, _ = read_all(data)
    assert data.count(b"\n") > 70_000
    assert_every_line_is_right(data, units)
    for one in problems:
        assert str(one.details["value"]).encode() in data.split(b"\n")[(one.line or 0) - 1]


@pytest.mark.national
def test_lines_are_right_in_the_whole_nation() -> None:
    data = written(made_up_nation(90_000, seed=1))
    units, _ = read(data)
    assert_every_line_is_right(data, units)


texts = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), max_size=12
).map(str.strip)
some_text = texts.filter(bool)
days = st.none() | st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31))
digits = st.text(string.digits, min_size=1, max_size=9)
codes = digits.map(lambda text: "9" + text)
addresses = st.none() | st.tuples(*[texts] * len(ADDRESS_FIELDS)).filter(any)


def lists_of(strategy: st.SearchStrategy[Any], size: int) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, max_size=size, unique=True).map(tuple)


@st.composite
def locations(draw: st.DrawFn) -> LocationRecord:
    has_status = draw(st.booleans())
    location = LocationRecord(
        number=draw(codes),
        internal_only=draw(st.booleans()),
        inactive=draw(st.booleans()),
        has_status=has_status,
        **{
            name: draw(texts) for name in ("system", "supplier", "net_operator", "region_code", "administrator", "note")
        },
    )
    if has_status:
        draw_period(draw, location)
    return location


def draw_period(draw: st.DrawFn, record: LocationRecord | UnitRecord) -> None:
    record.from_date, record.to_date, record.first_from_date = draw(days), draw(days), draw(days)
    record.updated_at = draw(texts)
    record.period_unreadable = draw(st.booleans())
    if record.period_unreadable and record.from_date is not None:
        record.to_date = None


@st.composite
def extracts(draw: st.DrawFn) -> MadeUpExtract:
    units: list[UnitRecord] = []
    open_units: list[UnitRecord] = []
    for number in range(draw(st.integers(1, 6))):
        deepest = len(open_units) if number else 0
        del open_units[draw(st.integers(0, deepest)) :]
        kind = (IE, SI, OE)[min(len(open_units), 2)]
        unit = draw(unit_of(kind, f"{number}{draw(codes)}", open_units[-1].sor_code if open_units else None))
        units.append(unit)
        open_units.append(unit)
    return MadeUpExtract(snapshot_date=DAY, created_at=dt.datetime(2026, 1, 15, 21, 30), units=units)  # noqa: DTZ001


@st.composite
def unit_of(draw: st.DrawFn, kind: UnitKind, sor_code: str, parent: str | None) -> UnitRecord:
    location = draw(st.none() | locations())
    source = LocationSource.OWN if location else LocationSource.NONE
    if kind is not IE and location is None:
        source = draw(st.sampled_from([LocationSource.INHERITED, LocationSource.NONE, LocationSource.UNKNOWN]))
    unit = UnitRecord(
        sor_code=sor_code,
        kind=kind,
        name=draw(texts),
        parent_sor_code=parent,
        types=draw(lists_of(some_text, 3)),
        location_source=source,
        location=location,
        provider_number=draw(st.just("") | digits.map(lambda text: text.zfill(6))),
        shak_code=draw(st.just("") | digits),
        cvr_number=draw(st.just("") | digits),
        pharmacy_number=draw(texts),
        local_code=draw(texts),
        specialities=draw(lists_of(st.tuples(some_text, texts), 8)),
        postal_address=draw(addresses),
        visiting_address=draw(addresses),
        activity_address=draw(addresses),
        contact=draw(st.none() | st.tuples(*[texts] * 4).filter(any)),
        geographical_parent=draw(st.none() | st.tuples(some_text, st.just("") | codes)),
        replaces=draw(lists_of(codes, 3)),
        replaced_by=draw(lists_of(codes, 3)),
        information=draw(st.none() | st.tuples(*[texts] * 3).filter(any)),
        local_attributes=draw(st.just(()) | st.tuples(*[texts] * 5).filter(any)),
    )
    draw_period(draw, unit)
    return unit


@settings(max_examples=60, deadline=None)
@given(extracts(), st.sampled_from([1, 2]), st.booleans(), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_any_record_is_read_as_it_was_written(
    extract: MadeUpExtract, version: int, bom: bool, newline: str, indent: bool
) -> None:
    data = written(extract, version=version, bom=bom, newline=newline, indent=indent)
    units, problems = read(data)
    expected = extract.units if version == 2 else [as_in_version_1(unit) for unit in extract.units]
    assert [attrs.evolve(unit, line=0) for unit in units] == expected
    assert not {one.code for one in problems} & {"unknown-element", "unknown-namespace", "unit-outside-parent"}
    if indent:
        assert_every_line_is_right(data, units)


def test_line_breaks_tabs_and_control_characters_in_texts_are_read_as_spaces() -> None:
    note = "<SorNote>en\nto\tre\x85fire</SorNote>"
    document = tree(
        owner(
            CODES[0],
            "Region\n  Prøve",
            facts=(
                "<OwnerType>a\tb</OwnerType>",
                own(NUMBERS[0], note, "<SystemType>\x80s</SystemType>", "<RegionCode>10&#10;81</RegionCode>"),
                "<LocalCode>H\x9f1</LocalCode>",
                "<PharmacyIdentifier>9901,\n1</PharmacyIdentifier>",
                "<PostalAddressInformation><AddressPostal><StreetName>Prøve\r\nvej</StreetName></AddressPostal></PostalAddressInformation>",
                "<VisitingAddressInformation><AddressPostal><StreetName>\x80</StreetName></AddressPostal></VisitingAddressInformation>",
            ),
        )
    )
    (unit,), problems = read(document)
    assert problems == []
    assert (unit.name, unit.types, unit.local_code, unit.pharmacy_number) == (
        "Region   Prøve", ("a b",), "H 1", "9901, 1",
    )  # fmt: skip
    assert unit.postal_address == address(street="Prøve vej")
    assert unit.visiting_address is None
    assert unit.location is not None
    assert (unit.location.note, unit.location.system, unit.location.region_code) == ("en to re fire", "s", "10 81")


# Namespaces, and what is written around the elements.


def test_prefixes_mean_nothing() -> None:
    extract = made_up_nation(120, seed=2)
    text = written(extract).decode("utf-8-sig")
    for number, prefix in enumerate(re.findall(r" xmlns:(\w+)=", text)):
        text = re.sub(rf"(?<=[</]){prefix}:", f"ns{number}:", text).replace(f"xmlns:{prefix}=", f"xmlns:ns{number}=")
    assert "sor1:" not in text
    assert read(text)[0] == read(written(extract))[0]
    whole = re.sub(r"<(/?)(?=[A-Z])", r"<\1ns77:", text).replace('xmlns="', 'xmlns:ns77="')
    assert "<ns77:SorTree" in whole
    assert read(whole)[0] == read(written(extract))[0]


def test_version_2_may_still_say_optional_ean_location_code() -> None:
    extract = made_up_nation(120, seed=2)
    data = written(extract)
    renamed = data.replace(b"EanLocationCodeOption", b"OptionalEanLocationCode")
    assert renamed != data
    assert read(renamed) == read(data)


def test_an_unknown_element_is_reported_once_and_harms_nothing() -> None:
    wards = [ward(CODES[2 + n], f"Afsnit {n}", facts=("<Farve>grøn</Farve>",)) for n in range(3)]
    document = tree(owner(CODES[0], "Ejer", house(CODES[1], "Hus", *wards, "<Farve/>")))
    units, problems = read(document)
    assert len(units) == 5
    line = line_of(document, "<Farve>")
    assert problems == [
        problem("unknown-element", line_of(document, "<Farve/>"), None, element=f"{{{V1}}}Farve", parent="HealthInstitutionEntity"),
        problem("unknown-element", line, None, element=f"{{{V1}}}Farve", parent="OrganizationalUnit"),
    ]  # fmt: skip
    assert problems[1].text("en") == (
        f"Sor.xml, line {line}: the element {{{V1}}}Farve below OrganizationalUnit is not known and was not read; it is named "
        "the first time only. A new version of the file may need a new version of the library."
    )


UNKNOWN_PLACES = {
    "SorTree": ("{}", ""),
    "InstitutionOwnerEntity": ("<InstitutionOwnerEntity>{}", "</InstitutionOwnerEntity>"),
    "EanLocationCodeOption": ("<OptionalEanLocationCode>{}</OptionalEanLocationCode>", None),
    "EanLocationCodeEntity": (own(NUMBERS[0], "{}"), None),
    "SorStatus": ("<SorStatus>{}</SorStatus>", None),
    "AddressPostal": ("<PostalAddressInformation><AddressPostal>{}</AddressPostal></PostalAddressInformation>", None),
    "VirtualAddressInformation": ("<VirtualAddressInformation>{}</VirtualAddressInformation>", None),
    "OrganizationalUnitInformation": ("<OrganizationalUnitInformation>{}</OrganizationalUnitInformation>", None),
    "GeographicalParent": ("<GeographicalParent>{}</GeographicalParent>", None),
    "ClinicalSpeciality": (
        "<ClinicalSpecialityCollection><ClinicalSpeciality>{}</ClinicalSpeciality></ClinicalSpecialityCollection>", None,
    ),
    "LocalAttributeCollection": ("<LocalAttributeCollection>{}</LocalAttributeCollection>", None),
}  # fmt: skip


@pytest.mark.parametrize("parent", UNKNOWN_PLACES)
def test_an_unknown_element_is_reported_wherever_it_stands(parent: str) -> None:
    around, _ = UNKNOWN_PLACES[parent]
    fact = around.replace("{}", "<Farve>grøn</Farve>")
    if parent == "SorTree":
        document = tree(owner(CODES[0], "Ejer"), fact)
    elif parent == "InstitutionOwnerEntity":
        document = tree(owner(CODES[0], "Ejer", "<Farve>grøn</Farve>"))
    else:
        document = tree(owner(CODES[0], "Ejer", facts=(fact,)))
    units, problems = read(document)
    assert [unit.name for unit in units] == ["Ejer"]
    assert problems == [
        problem("unknown-element", line_of(document, "<Farve>"), None, element=f"{{{V1}}}Farve", parent=parent)
    ]


def test_an_address_inside_an_address_is_not_followed() -> None:
    depth = 200
    nested = "<AddressPostal>" * depth + "<StreetName>Prøvevej</StreetName>" + "</AddressPostal>" * depth
    units, problems = read(
        tree(owner(CODES[0], "Ejer", facts=(f"<PostalAddressInformation>{nested}</PostalAddressInformation>",)))
    )
    assert units[0].postal_address is None
    assert [(one.code, one.details["parent"]) for one in problems] == [("unknown-element", "AddressPostal")]


def test_an_element_in_an_unknown_namespace_is_read_by_its_name_and_reported() -> None:
    document = SMALL.replace("<EntityName>Hus", '<EntityName xmlns="urn:ny">Hus').replace(
        "</EntityName>\n<OptionalEan", '</EntityName>\n<Farve xmlns="">grøn</Farve>\n<OptionalEan', 1
    )
    units, problems = read(document)
    assert places(units) == SMALL_PLACES
    assert problems == [
        problem("unknown-element", line_of(document, "<Farve"), None, element="Farve", parent="HealthInstitution"),
        problem("unknown-namespace", None, None, element="{urn:ny}EntityName"),
        problem("unknown-namespace", None, None, element="Farve"),
    ]


@pytest.mark.parametrize(
    "element",
    ["InstitutionOwnerEntity", "InstitutionOwner", "HealthInstitutionEntity", "HealthInstitution",
     "OrganizationalUnitEntity", "OrganizationalUnit"],
)  # fmt: skip
def test_units_in_an_unknown_namespace_refuse_the_file(element: str) -> None:
    document = SMALL.replace(f"<{element}>", f'<x:{element} xmlns:x="urn:ny">').replace(
        f"</{element}>", f"</x:{element}>"
    )
    error = refused(document)
    assert error.line == line_of(document, f"<x:{element}")
    assert error.reason == (
        f"the element {{urn:ny}}{element} is in a namespace that no known version of the file has; a new version of the file "
        "needs a new version of this library"
    )


def test_complaints_of_unknown_names_have_an_end() -> None:
    many = "".join(f'<x:f{n} xmlns:x="urn:ny"/>' for n in range(12_000))
    units, problems = read(tree(owner(CODES[0], "Ejer", facts=(many,))))
    assert len(units) == 1
    assert len(problems) == 2_000


def test_comments_instructions_and_character_data_change_nothing() -> None:
    noise = "<!-- her --><?her også?>"
    noisy = re.sub(r"(<(?!/|SorTree)[^>]+>)", rf"{noise}\1{noise}", SMALL)
    noisy = re.sub(r"(?<=<EntityName>)(.*?)([^<>]+)(?=</EntityName>)", r"\1<![CDATA[\2]]>", noisy)
    units, problems = read(noisy)
    assert "<![CDATA[Afsnit]]>" in noisy
    assert places(units) == SMALL_PLACES
    assert units[1].location == LocationRecord(NUMBERS[1])
    assert problems == []


def test_a_comment_inside_a_text_does_not_cut_it() -> None:
    units, _ = read(SMALL.replace("Afsnit", "Af<!-- her -->s<?pi?>n<![CDATA[i]]>t"))
    assert places(units) == SMALL_PLACES


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "iso-8859-1", "windows-1252"]
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_the_encoding_is_the_one_that_the_file_declares(encoding: str, newline: str) -> None:
    declared = "utf-16" if encoding.startswith("utf-16") else encoding.removesuffix("-sig")
    document = f'<?xml version="1.0" encoding="{declared}"?>\n' + SMALL.replace("Hus", "Øre Hus")
    units, problems = read(document.replace("\n", newline).encode(encoding))
    assert [unit.name for unit in units] == ["Ejer", "Øre Hus", "Afsnit"]
    assert [unit.line for unit in units] == [line_of(document, f"<SorIdentifier>{unit.sor_code}") for unit in units]
    assert problems == []


# Where units stand.


def test_an_organisational_unit_directly_below_an_owner_is_kept_below_it() -> None:
    document = tree(owner(CODES[0], "Ejer", ward(CODES[1], "A", ward(CODES[2], "B")), house(CODES[3], "Hus")))
    units, problems = read(document)
    assert places(units) == [
        ("Ejer", IE, None, False),
        ("Hus", SI, CODES[0], False),
        ("A", OE, CODES[0], False),
        ("B", OE, CODES[1], False),
    ]
    line = line_of(document, CODES[1])
    assert problems == [problem("unit-outside-parent", line, CODES[1], element="OrganizationalUnitEntity")]
    assert problems[0].text("en") == (
        f"Sor.xml, line {line}: {CODES[1]} (OrganizationalUnitEntity) stands outside the place in the tree where such a unit "
        "belongs; it was kept below the nearest unit above it. Have it corrected in SOR."
    )


def test_a_unit_directly_below_the_root_is_a_root_and_inherits_nothing() -> None:
    document = tree(
        owner(CODES[0], "Ejer"), ward(CODES[1], "A", facts=(INHERITS,)), house(CODES[2], "Hus", facts=(INHERITS,))
    )
    units, problems = read(document)
    assert places(units) == [("Ejer", IE, None, False), ("Hus", SI, None, True), ("A", OE, None, True)]
    assert [(one.code, one.line, one.identifier) for one in problems] == [
        ("unit-outside-parent", line_of(document, CODES[2]), CODES[2]),
        ("unit-outside-parent", line_of(document, CODES[1]), CODES[1]),
    ]


def test_institutions_and_owners_inside_other_units_are_kept_below_them() -> None:
    inner_owner = owner(CODES[5], "Indre ejer", house(CODES[6], "Indre hus i ejer"))
    document = tree(
        owner(
            CODES[0],
            "Ejer",
            house(CODES[1], "Hus", house(CODES[2], "Indre hus", ward(CODES[3], "A")), ward(CODES[4], "B", inner_owner)),
            owner(CODES[7], "Anden ejer", house(CODES[8], "Andet hus")),
            house(CODES[9], "Sidste hus"),
        )
    )
    units, problems = read(document)
    assert sorted(places(units)) == sorted([
        ("Ejer", IE, None, False),
        ("Hus", SI, CODES[0], False),
        ("Indre hus", SI, CODES[1], False),
        ("A", OE, CODES[2], False),
        ("B", OE, CODES[1], False),
        ("Indre ejer", IE, CODES[4], False),
        ("Indre hus i ejer", SI, CODES[5], False),
        ("Anden ejer", IE, CODES[0], False),
        ("Andet hus", SI, CODES[7], False),
        ("Sidste hus", SI, CODES[0], False),
    ])  # fmt: skip
    assert {(one.code, one.identifier) for one in problems} == {
        ("unit-outside-parent", code) for code in (CODES[2], CODES[5], CODES[7])
    }


def test_a_unit_inside_one_without_a_code_is_kept_below_the_next_with_a_gap() -> None:
    document = tree(owner(CODES[0], "Ejer", house(None, "Uden", house(CODES[2], "Indre hus", facts=(INHERITS,)))))
    units, problems = read(document)
    assert places(units) == [("Ejer", IE, None, False), ("Indre hus", SI, CODES[0], True)] or places(units) == [
        ("Indre hus", SI, CODES[0], True),
        ("Ejer", IE, None, False),
    ]
    assert {one.code for one in problems} == {"sor-code-missing", "unit-outside-parent"}


def test_units_in_an_element_that_is_not_known_are_kept() -> None:
    document = tree(
        owner(
            CODES[0],
            "Ejer",
            "<Samling>",
            house(CODES[1], "Hus", "<Samling><Mere>", ward(CODES[2], "A", ward(CODES[3], "B")), "</Mere></Samling>"),
            ward(CODES[4], "C"),
            "</Samling>",
        ),
        f"<Rest>{ward(CODES[5], 'D')}</Rest>",
    )
    units, problems = read(document)
    assert sorted(places(units)) == sorted([
        ("Ejer", IE, None, False),
        ("Hus", SI, CODES[0], False),
        ("A", OE, CODES[1], False),
        ("B", OE, CODES[2], False),
        ("C", OE, CODES[0], False),
        ("D", OE, None, True),
    ])  # fmt: skip
    outside = {one.identifier for one in problems if one.code == "unit-outside-parent"}
    assert outside == {CODES[1], CODES[2], CODES[4], CODES[5]}
    assert [one.details["element"] for one in problems if one.code == "unknown-element"] == [
        f"{{{V1}}}Samling", f"{{{V1}}}Samling", f"{{{V1}}}Rest",
    ]  # fmt: skip


def test_an_owner_described_after_its_institutions_is_kept_and_nothing_is_inherited_from_it() -> None:
    document = tree(
        "\n".join([
            "<InstitutionOwnerEntity>",
            house(CODES[1], "Hus", facts=(INHERITS,)),
            described("InstitutionOwner", CODES[0], "Ejer", own(NUMBERS[0])),
            ward(CODES[2], "A"),
            "</InstitutionOwnerEntity>",
        ])
    )  # fmt: skip
    units, problems = read(document)
    assert places(units) == [("Hus", SI, None, True), ("Ejer", IE, None, False), ("A", OE, CODES[0], False)]
    assert [(one.code, one.identifier) for one in problems] == [("unit-outside-parent", CODES[2])]


class Slow(io.BytesIO):
    """A file that gives a few bytes at a time, so that the parser is hardly ahead of what is read."""

    block = 1

    def read(self, size: int | None = -1) -> bytes:
        return super().read(self.block if size is None or size < 0 else min(size, self.block))


@pytest.mark.parametrize("block", [1, 3, 7, 50, 32_768])
def test_what_is_read_does_not_depend_on_how_the_bytes_come(block: int) -> None:
    odd = tree(
        "\n".join([
            "<InstitutionOwnerEntity>",
            house(CODES[1], "Hus", facts=(INHERITS,)),
            described("InstitutionOwner", CODES[0], "Ejer", own(NUMBERS[0])),
            house(CODES[2], "Andet hus", ward(CODES[3], "A", house(CODES[4], "Indre hus"))),
            "</InstitutionOwnerEntity>",
            "<SnapshotDate>2026-01-15</SnapshotDate>",
        ]),
        day="",
    )  # fmt: skip
    for document in (odd, SMALL, written(made_up_nation(30, seed=9)).decode()):
        problems: list[Problem] = []
        stream = Slow(document.encode())
        stream.block = block
        reader = SorXmlReader(stream, file="Sor.xml", report=problems.append)
        assert (list(reader), problems) == read(document)
        assert reader.snapshot_date == DAY


def test_a_second_description_in_one_place_is_a_unit_of_its_own() -> None:
    document = tree(
        owner(
            CODES[0],
            "Ejer",
            described("InstitutionOwner", CODES[4], "Ejer igen"),
            described("InstitutionOwner", None, "Ejer uden"),
            house(
                CODES[1],
                "Hus",
                described("HealthInstitution", CODES[5], "Hus igen"),
                described("HealthInstitution", None, "Hus uden"),
                ward(CODES[2], "A"),
            ),
        )
    )
    units, problems = read(document)
    assert sorted(places(units)) == sorted([
        ("Ejer", IE, None, False),
        ("Ejer igen", IE, None, False),
        ("Hus", SI, CODES[0], False),
        ("Hus igen", SI, CODES[0], False),
        ("A", OE, CODES[1], False),
    ])  # fmt: skip
    assert sorted((one.code, str(one.identifier or one.details["name"])) for one in problems) == [
        ("sor-code-missing", "Ejer uden"),
        ("sor-code-missing", "Hus uden"),
        ("unit-outside-parent", CODES[4]),
        ("unit-outside-parent", CODES[5]),
    ]


def test_a_tree_within_the_tree_is_not_taken_for_it() -> None:
    inner = f"<SorTree><SnapshotDate>1999-01-01</SnapshotDate>{ward(CODES[2], 'A')}</SorTree>"
    units, problems, reader = read_all(tree(owner(CODES[0], "Ejer", house(CODES[1], "Hus"), inner)))
    assert [unit.name for unit in units] == ["Ejer", "Hus", "A"]
    assert reader.snapshot_date == DAY
    assert {one.code for one in problems} == {"unit-outside-parent", "unknown-element"}


# Units without a code.


def test_what_is_below_a_unit_without_a_code_hangs_on_the_nearest_one_above_with_a_gap() -> None:
    document = tree(
        owner(
            None,
            "Ingen",
            house(
                CODES[1],
                "Hus",
                ward(
                    None,
                    "Uden",
                    ward("-", "Heller ikke", ward(CODES[2], "A", ward(CODES[3], "B"))),
                    facts=(own(NUMBERS[4]),),
                ),
            ),
        )
    )
    units, problems = read(document)
    assert places(units) == [("Hus", SI, None, True), ("A", OE, CODES[1], True), ("B", OE, CODES[2], False)]
    assert problems == [
        problem("sor-code-missing", line_of(document, "<InstitutionOwnerEntity"), None,
                element="InstitutionOwnerEntity", name="Ingen", location_number=""),
        problem("sor-code-missing", line_of(document, "<OrganizationalUnitEntity"), None,
                element="OrganizationalUnitEntity", name="Uden", location_number=NUMBERS[4]),
        problem("sor-code-missing", line_of(document, "<SorIdentifier>-"), None,
                element="OrganizationalUnitEntity", name="Heller ikke", location_number=""),
    ]  # fmt: skip


def test_an_entity_without_a_description_is_reported() -> None:
    document = tree(
        "<InstitutionOwnerEntity>",
        "<HealthInstitutionEntity>",
        "<OrganizationalUnitEntity/>",
        "</HealthInstitutionEntity>",
        "</InstitutionOwnerEntity>",
        "<InstitutionOwnerEntity/>",
        owner(CODES[0], "Ejer"),
    )
    units, problems = read(document)
    assert [unit.name for unit in units] == ["Ejer"]
    assert [(one.code, one.line, one.details["element"]) for one in problems] == [
        ("sor-code-missing", 4, "HealthInstitutionEntity"),
        ("sor-code-missing", 5, "OrganizationalUnitEntity"),
        ("sor-code-missing", 3, "InstitutionOwnerEntity"),
        ("sor-code-missing", 8, "InstitutionOwnerEntity"),
    ]


# What a unit says.


@pytest.mark.parametrize("value", ["2020-02-31", "0000-01-01", "31-12-2020", "2026-W03-4", "i går", "2020-01-01Tnu"])
@pytest.mark.parametrize("where", ["unit", "location"])
@pytest.mark.parametrize("field", ["FromDate", "ToDate"])
def test_a_date_that_cannot_be_read_makes_the_period_unreadable(value: str, where: str, field: str) -> None:
    period = f"<SorStatus><{field}>{value}</{field}></SorStatus>"
    fact = period if where == "unit" else own(NUMBERS[0], period)
    document = tree(owner(CODES[0], "Ejer", facts=(fact,)))
    (unit,), problems = read(document)
    record = unit if where == "unit" else unit.location
    assert record is not None
    assert record.period_unreadable
    assert (record.from_date, record.to_date) == (None, None)
    assert problems == [problem("date-unreadable", line_of(document, value), CODES[0], field=field, value=value)]


def test_an_unreadable_first_day_does_not_touch_the_period() -> None:
    dates = "<SorStatus><FromDate>2010-01-01</FromDate><FirstFromDate>00-00-00</FirstFromDate></SorStatus>"
    document = tree(owner(CODES[0], "Ejer", facts=(dates,)))
    (unit,), problems = read(document)
    assert (unit.period_unreadable, unit.from_date, unit.first_from_date) == (False, dt.date(2010, 1, 1), None)
    line = line_of(document, "00-00-00")
    assert problems == [problem("first-from-date-unreadable", line, CODES[0], field="FirstFromDate", value="00-00-00")]
    assert problems[0].text("en").endswith("the validity is not affected. Have the date corrected in SOR.")


def test_dates_have_zones_times_and_space_around_them_or_are_empty() -> None:
    dates = (
        "<SorStatus><FromDate> 2010-01-01+01:00\n</FromDate><ToDate>2030-12-31T23:59:59.5Z</ToDate>"
        "<UpdatedAt> 2025-01-01T00:00:00 </UpdatedAt><FirstFromDate/></SorStatus>"
    )
    empty = "<SorStatus><FromDate> </FromDate><ToDate> \n</ToDate><FirstFromDate> </FirstFromDate></SorStatus>"
    (unit,), problems = read(tree(owner(CODES[0], "Ejer", facts=(dates, own(NUMBERS[0], empty)))))
    assert problems == []
    assert (unit.from_date, unit.to_date, unit.first_from_date) == (dt.date(2010, 1, 1), dt.date(2030, 12, 31), None)
    assert unit.updated_at == "2025-01-01T00:00:00"
    assert unit.location == LocationRecord(NUMBERS[0], has_status=True)


def test_a_period_that_ends_before_it_begins_is_kept_and_reported() -> None:
    document = tree(owner(CODES[0], "Ejer", facts=(status("2020-01-02", "2020-01-01"),)))
    (unit,), problems = read(document)
    assert (unit.from_date, unit.to_date, unit.period_unreadable) == (dt.date(2020, 1, 2), dt.date(2020, 1, 1), False)
    assert problems == [
        problem(
            "period-reversed", line_of(document, "<SorStatus>"), CODES[0], from_date="2020-01-02", to_date="2020-01-01"
        )
    ]


def test_days_are_remembered_up_to_a_bound() -> None:
    known = IsoDays()
    for number in range(200_100):
        assert known[f"x{number}"] is None
    assert len(known) == 200_000
    assert known["2026-01-15"] == DAY


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("true", LocationSource.INHERITED),
        ("1", LocationSource.INHERITED),
        (" false ", LocationSource.NONE),
        ("0", LocationSource.NONE),
        ("ja", LocationSource.UNKNOWN),
        ("", LocationSource.UNKNOWN),
        ("TRUE", LocationSource.UNKNOWN),
    ],
)
def test_where_the_number_comes_from(text: str, source: LocationSource) -> None:
    indicator = f"<EntityInheritedIndicator>{text}</EntityInheritedIndicator>"
    fact = f"<OptionalEanLocationCode>{indicator}</OptionalEanLocationCode>"
    document = tree(owner(CODES[0], "Ejer", house(CODES[1], "Hus", facts=(fact,))))
    units, problems = read(document)
    assert units[1].location_source is source
    expected = []
    if source is LocationSource.UNKNOWN:
        line = line_of(document, indicator)
        expected = [problem("boolean-unreadable", line, CODES[1], field="EntityInheritedIndicator", value=text)]
    assert problems == expected


def test_flags_that_cannot_be_read_are_not_said() -> None:
    flags = (
        "<SystemType/>",
        "<OnlyInternalIndicator>nej</OnlyInternalIndicator>",
        "<NonActiveIndicator>1</NonActiveIndicator>",
    )
    document = tree(owner(CODES[0], "Ejer", facts=(own(NUMBERS[0], *flags),)))
    (unit,), problems = read(document)
    assert unit.location == LocationRecord(NUMBERS[0], inactive=True)
    line = line_of(document, "nej")
    assert problems == [problem("boolean-unreadable", line, CODES[0], field="OnlyInternalIndicator", value="nej")]
    assert problems[0].text("da") == (
        f'Sor.xml, linje {line}: "nej" i OnlyInternalIndicator for {CODES[0]} er hverken true, false, 1 eller 0; det er læst '
        "som ikke oplyst. Få det rettet i SOR."
    )


WRONG_CODE = CODES[0][:-1] + str((int(CODES[0][-1]) + 1) % 10)
WRONG_NUMBER = NUMBERS[0][:-1] + str((int(NUMBERS[0][-1]) + 1) % 10)
WRONG_CVR = numbers.cvr_number(0)[:-1] + str((int(numbers.cvr_number(0)[-1]) + 1) % 10)


@pytest.mark.parametrize(
    ("field", "value", "code", "expected"),
    [
        ("sor_code", WRONG_CODE, "sor-code-check-digit", CODES[0][-1]),
        ("sor_code", "123", "sor-code-shape", "11 to 18 digits that end in 1000016, 00 and a check digit"),
        ("location_number", WRONG_NUMBER, "location-number-check-digit", NUMBERS[0][-1]),
        ("location_number", "???", "location-number-shape", "13 digits"),
        ("location_number", NUMBERS[0][:12], "location-number-shape", "13 digits"),
        ("provider_number", "99/01", "provider-number-shape", "1 to 9 letters or digits, normally 6 digits"),
        ("shak_code", "99", "shak-code-shape", "4 to 7 letters or digits"),
        ("cvr_number", "INGEN", "cvr-number-shape", "8 digits"),
        ("cvr_number", WRONG_CVR, "cvr-number-check-digit", numbers.cvr_number(0)[-1]),
    ],
)
def test_an_identifier_that_is_not_right_is_kept_and_reported(field: str, value: str, code: str, expected: str) -> None:
    element = {
        "provider_number": "ProviderIdentifier",
        "shak_code": "ShakIdentifier",
        "cvr_number": "CVRnumberIdentifier",
    }
    sor_code = value if field == "sor_code" else CODES[0]
    facts = own(value) if field == "location_number" else f"<{element.get(field)}>{value}</{element.get(field)}>"
    document = tree(owner(sor_code, "Ejer", facts=() if field == "sor_code" else (facts,)))
    (unit,), problems = read(document)
    kept = unit.location.number if field == "location_number" and unit.location else getattr(unit, field, None)
    assert kept == value
    assert problems == [problem(code, unit.line, sor_code, value=value, expected=expected)]
    assert unit.line == line_of(document, f"<SorIdentifier>{sor_code}")
    for language in ("da", "en"):
        assert "?" not in problems[0].text(language).replace("???", "")


def test_a_location_number_that_is_empty_is_reported() -> None:
    document = tree(owner(CODES[0], "Ejer", house(CODES[1], "Hus", facts=(own(" - "),))))
    units, problems = read(document)
    assert (units[1].location, units[1].location_source) == (None, LocationSource.UNKNOWN)
    assert problems == [problem("location-number-empty", line_of(document, "<EanLocationCodeEntity>"), CODES[1])]


def test_of_two_location_numbers_the_first_is_kept_and_both_are_named() -> None:
    document = tree(owner(CODES[0], "Ejer", facts=(own(NUMBERS[0]), own(NUMBERS[1]), INHERITS)))
    (unit,), problems = read(document)
    assert (unit.location, unit.location_source) == (LocationRecord(NUMBERS[0]), LocationSource.OWN)
    line = line_of(document, NUMBERS[1])
    assert problems == [problem("location-number-second", line, CODES[0], kept=NUMBERS[0], value=NUMBERS[1])]
    assert problems[0].text("en") == (
        f"Sor.xml, line {line}: {CODES[0]} has another location number, {NUMBERS[1]}; the unit kept the first one, {NUMBERS[0]}. "
        "Have it corrected in SOR."
    )


def test_identifiers_are_compacted() -> None:
    spaced = f" {CODES[0][:6]} {CODES[0][6:13]}-{CODES[0][13:]}\n"
    facts = (own(f"{NUMBERS[0][:4]} {NUMBERS[0][4:]}"), "<ProviderIdentifier>9906</ProviderIdentifier>",
             "<ShakIdentifier>9901 011</ShakIdentifier>", "<CVRnumberIdentifier>99 00 00 07</CVRnumberIdentifier>",
             f"<ReplacesEntityCollection><SorIdentifier>{spaced}</SorIdentifier><SorIdentifier/><SorIdentifier>{CODES[0]}"
             "</SorIdentifier></ReplacesEntityCollection>")  # fmt: skip
    (unit,), problems = read(tree(owner(spaced, "Ejer", facts=facts)))
    assert problems == []
    assert unit.sor_code == CODES[0]
    assert unit.location == LocationRecord(NUMBERS[0])
    assert (unit.provider_number, unit.shak_code, unit.cvr_number) == ("009906", "9901011", "99000007")
    assert unit.replaces == (CODES[0],)


def test_elements_that_say_nothing_say_nothing() -> None:
    nothing = (
        "<OwnerType/>", "<OwnerType>9</OwnerType>", "<OwnerType>9</OwnerType>", "<EanLocationCodeOption/>",
        "<PostalAddressInformation><AddressPostal/></PostalAddressInformation>", "<VirtualAddressInformation/>",
        "<PostalAddressInformation><AddressPostal><StreetName/></AddressPostal></PostalAddressInformation>",
        "<SorStatus><FromDate/><ToDate/><FirstFromDate/><UpdatedAt/></SorStatus>", "<EntityName/>",
        "<GeographicalParent/>", "<OrganizationalUnitInformation/>", "<LocalAttributeCollection/>",
        "<ClinicalSpecialityCollection><ClinicalSpeciality/></ClinicalSpecialityCollection>",
    )  # fmt: skip
    (unit,), problems = read(tree(owner(CODES[0], "Ejer", facts=nothing)))
    assert problems == []
    assert unit == UnitRecord(CODES[0], IE, "Ejer", line=unit.line, types=("9",), location_source=LocationSource.NONE)


def test_version_2_names_a_speciality_type_by_its_identifier_too() -> None:
    fact = (
        "<ClinicalSpecialityCollection><ClinicalSpeciality><SpecialityIdentifier>a</SpecialityIdentifier>"
        "<SpecialityTypeIdentifier>b</SpecialityTypeIdentifier></ClinicalSpeciality></ClinicalSpecialityCollection>"
    )
    (unit,), problems = read(tree(owner(CODES[0], "Ejer", facts=(fact,))))
    assert (unit.specialities, problems) == ((("a", "b"),), [])


def test_the_contact_is_read() -> None:
    fact = "<VirtualAddressInformation><Website>https://a.example</Website></VirtualAddressInformation>"
    (unit,), _ = read(tree(owner(CODES[0], "Ejer", facts=(fact,))))
    assert unit.contact == contact(website="https://a.example")


def test_a_value_shown_in_a_problem_is_short_and_hides_what_could_be_a_person() -> None:
    (unit,), problems = read(tree(owner(CODES[0], "Ejer", facts=(own("9" * 5_000),))))
    assert unit.location == LocationRecord("9" * 5_000)
    assert len(problems[0].text()) < 200
    secret = "9" * 6 + "-" + "9" * 4
    _, problems = read(tree(owner(CODES[0], "Ejer", facts=(status(secret),))))
    assert secret not in problems[0].text()


# The file's own day.


@pytest.mark.parametrize("value", ["2026-01-15", "2026-01-15T21:30:00", "2026-01-15+01:00", "2026-01-15Z"])
def test_the_day_inside_the_file_is_read(value: str) -> None:
    _, problems, reader = read_all(tree(owner(CODES[0], "Ejer"), day=value))
    assert (reader.snapshot_date, problems) == (DAY, [])


@pytest.mark.parametrize("is_first", [True, False])
def test_the_day_inside_the_file_may_stand_anywhere_and_is_complained_of_once(is_first: bool) -> None:
    days = ["<SnapshotDate>i dag</SnapshotDate>", "<CreatedAtTime>nu</CreatedAtTime>"]
    inside = [*days, owner(CODES[0], "Ejer", house(CODES[1], "Hus"))]
    document = tree(*(inside if is_first else reversed(inside)), day="")
    _, problems, reader = read_all(document)
    assert (reader.snapshot_date, reader.created_at) == (None, "nu")
    line = line_of(document, "i dag")
    assert problems == [problem("snapshot-date-unreadable", line, None, field="SnapshotDate", value="i dag")]
    assert problems[0].text("en") == (
        f'Sor.xml, line {line}: "i dag" in SnapshotDate is not a date; the file\'s day was looked for elsewhere. '
        "Give snapshot_date= if it is known."
    )


# Files that are refused.


def test_a_file_cut_off_anywhere_is_refused() -> None:
    data = written(made_up_nation(40, seed=3))
    end = data.rindex(b"</SorTree>") + len(b"</SorTree>")
    chance = random.Random(4)  # noqa: S311  the same cuts every time
    cuts = {0, 1, 2, 3, 4, end - 1, *(chance.randrange(end) for _ in range(150))}
    for cut in sorted(cuts):
        with pytest.raises(ExtractError):
            read(data[:cut])
    assert read(data[:end])[0] == read(data)[0]


def test_a_file_cut_off_names_the_line() -> None:
    cut = SMALL[: SMALL.index("Afsnit")]
    error = refused(cut)
    assert error.line == cut.count("\n") + 1
    assert re.fullmatch(
        r"the XML is not well formed or was cut off \([^()]+\); nothing of it was loaded, fetch the file again",
        error.reason,
    )
    assert "column" not in error.reason


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ("<html><body/></html>", "the root element is html, expected SorTree; give a Sor.xml"),
        ('<SorTree xmlns="urn:oio:nsi:3.0.0"/>',
         f"SorTree is in the namespace 'urn:oio:nsi:3.0.0', expected {V1} or {V2}; a new version of the file needs a new version "
         "of this library"),
        ("<SorTree/>",
         f"SorTree is in the namespace '(none)', expected {V1} or {V2}; a new version of the file needs a new version of this library"),
        (f'<SorTree xmlns="{V1}"/>', "the file holds no units; fetch it again"),
        (tree("<InstitutionOwnerEntity/>"), "the file holds no units; fetch it again"),
        ("<!DOCTYPE SorTree>" + SMALL,
         "the file has a DOCTYPE, which published extracts never have; refused unread, fetch the file again"),
        ("<!DOCTYPE SorTree []>" + SMALL,
         "the file has a DOCTYPE, which published extracts never have; refused unread, fetch the file again"),
    ],
)  # fmt: skip
def test_a_file_that_is_something_else_is_refused(document: str, reason: str) -> None:
    assert refused(document).reason == reason


DEEP = {
    "units": ("<OrganizationalUnitEntity>", "</OrganizationalUnitEntity>"),
    "institutions": ("<HealthInstitutionEntity>", "</HealthInstitutionEntity>"),
    "addresses": ("<AddressPostal>", "</AddressPostal>"),
}


@pytest.mark.parametrize("what", DEEP)
def test_a_file_nested_without_end_is_refused(what: str) -> None:
    begin, end = DEEP[what]
    document = tree(owner(CODES[0], "Ejer", house(CODES[1], "Hus", begin * 5_000, end * 5_000)))
    assert refused(document).reason == (
        "the XML is nested deeper, or has a longer text, than a published file ever has; refused, fetch the file again"
    )


def test_a_text_without_end_is_refused() -> None:
    document = tree(owner(CODES[0], "x" * 10_000_100))
    assert refused(document).reason == (
        "the XML is nested deeper, or has a longer text, than a published file ever has; refused, fetch the file again"
    )


def test_as_many_levels_as_can_be_are_read() -> None:
    inside = ""
    for level in range(60, 1, -1):
        inside = ward(numbers.sor_code(level), f"Niveau {level}", inside, facts=(INHERITS,))
    units, problems = read(tree(owner(CODES[0], "Ejer", house(CODES[1], "Hus", inside))))
    assert [unit.parent_sor_code for unit in units] == [None, *(unit.sor_code for unit in units[:-1])]
    assert len(units) == 61
    assert problems == []


@pytest.mark.parametrize("entity", ["&foo;", "&foo", "&#0;", "&#x1f;", "&#xD800;"])
def test_an_entity_that_is_not_declared_is_refused(entity: str) -> None:
    refused(SMALL.replace("Afsnit", f"Af{entity}snit"))


def test_bytes_that_are_not_of_the_encoding_are_refused() -> None:
    error = refused(SMALL.replace("Afsnit", "Øre").encode("iso-8859-1"))
    assert error.line == line_of(SMALL, "Afsnit")


# Entities and other files: the parser opens nothing and expands nothing, even where nobody looked at the DOCTYPE before.

_OPENS_NOTHING = """
import io, sys
from sor_addressing.errors import ExtractError
from sor_addressing.extracts.sor_xml import SorXmlReader
try:
    list(SorXmlReader(io.BytesIO(sys.stdin.buffer.read()), file="Sor.xml", report=print))
except ExtractError as error:
    print(type(error).__name__)
"""


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a pipe with a name")
@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE SorTree SYSTEM "file://{}">',
        '<!DOCTYPE SorTree [<!ENTITY e SYSTEM "file://{}">]>',
        '<!DOCTYPE SorTree [<!ENTITY % e SYSTEM "{}"> %e;]>',
        '<!DOCTYPE SorTree PUBLIC "-//A//B//DA" "{}">',
    ],
)
def test_no_other_file_is_opened(doctype: str, tmp_path: Path) -> None:
    # Who opens a pipe that nobody writes to waits for ever.
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    document = doctype.format(pipe) + SMALL.replace("Afsnit", "&e;" if "ENTITY e" in doctype else "Afsnit")
    outcome = subprocess.run(
        [sys.executable, "-c", _OPENS_NOTHING], input=document.encode(), capture_output=True, timeout=60, check=True
    )
    assert outcome.stdout.split() == [b"ExtractError"]


def test_entities_that_multiply_are_refused_at_once() -> None:
    rows = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    doctype = f'<!DOCTYPE SorTree [<!ENTITY e0 "{"x" * 1_000}">{rows}]>'
    error = refused(doctype + SMALL.replace("Afsnit", "&e11;"))
    assert "nested deeper" in error.reason or "DOCTYPE" in error.reason
    refused(doctype + SMALL.replace("<EntityName>", '<EntityName a="&e11;">'))


# Whatever is in a file, nothing but a reasoned refusal comes out.


def test_a_file_with_bytes_changed_gives_units_or_a_refusal() -> None:
    data = written(made_up_nation(12, seed=5), indent=False)
    chance = random.Random(6)  # noqa: S311  the same faults every time
    outcomes = {"read": 0, "refused": 0}
    for _ in range(600):
        changed = bytearray(data)
        for _ in range(chance.choice([1, 1, 2, 8])):
            at = chance.randrange(len(changed))
            deed = chance.randrange(6)
            if deed == 0:
                changed[at] ^= 1 << chance.randrange(8)
            elif deed == 1:
                del changed[at : at + chance.randrange(1, 40)]
            elif deed == 2:
                changed[at:at] = bytes(chance.choices(b"<>/&;'\"= \x00\xff\xc3Aa9", k=chance.randrange(1, 5)))
            elif deed > 3:
                at = changed.find(b">", at, -10) + 1
                changed[at : at + 1] = bytes(chance.choices(b"019xZ?- ", k=chance.randrange(1, 3)))
            else:
                start = chance.randrange(len(changed))
                changed[at:at] = changed[start : start + chance.randrange(1, 300)]
        try:
            units, problems = read(bytes(changed))
        except ExtractError as error:
            assert str(error).startswith("Sor.xml")
            outcomes["refused"] += 1
        else:
            assert units
            assert all(one.text("da") and one.text("en") for one in problems)
            outcomes["read"] += 1
    assert min(outcomes.values()) > 25


ELEMENTS = [
    "InstitutionOwnerEntity", "HealthInstitutionEntity", "OrganizationalUnitEntity", "InstitutionOwner", "HealthInstitution",
    "OrganizationalUnit", "SorIdentifier", "EntityName", "SorStatus", "FromDate", "EanLocationCodeEntity", "SnapshotDate",
    "SorTree", "Farve",
]  # fmt: skip
shapes = st.recursive(
    st.tuples(st.sampled_from(ELEMENTS), st.sampled_from(["", *CODES[:4], "2020-01-01", "x"])),
    lambda inner: st.tuples(st.sampled_from(ELEMENTS), st.lists(inner, max_size=5)),
    max_leaves=25,
)


def as_xml(shape: Any) -> str:
    name, inside = shape
    return f"<{name}>{inside if isinstance(inside, str) else ''.join(map(as_xml, inside))}</{name}>"


@settings(max_examples=250, deadline=None)
@given(st.lists(shapes, max_size=5))
def test_elements_in_any_order_and_nesting_give_units_or_a_refusal(inside: list[Any]) -> None:
    document = tree(*map(as_xml, inside))
    try:
        units, problems = read(document)
    except ExtractError as error:
        assert error.reason == "the file holds no units; fetch it again"
        return
    above = {unit.sor_code for unit in units}
    assert all(unit.parent_sor_code is None or unit.parent_sor_code in above for unit in units)
    assert all(one.text("da") and one.text("en") for one in problems)


@settings(max_examples=250, deadline=None)
@given(st.lists(shapes, max_size=5))
def test_every_unit_with_a_code_is_kept_wherever_it_stands(inside: list[Any]) -> None:
    """Against a naive reading of the whole tree: each description that is a child of its own entity."""
    root = etree.fromstring(tree(*map(as_xml, inside)))
    expected = []
    for entity, description in (
        ("InstitutionOwnerEntity", "InstitutionOwner"),
        ("HealthInstitutionEntity", "HealthInstitution"),
        ("OrganizationalUnitEntity", "OrganizationalUnit"),
    ):
        for element in root.iter(f"{{{V1}}}{entity}"):
            around = [etree.QName(above).localname for above in element.iterancestors()]
            for described_here in element.findall(f"{{{V1}}}{description}"):
                found = [child.text for child in described_here.findall(f"{{{V1}}}SorIdentifier") if child.text]
                if found and not {"InstitutionOwner", "HealthInstitution", "OrganizationalUnit"} & set(around):
                    expected.append(found[-1])
    try:
        units, _ = read(etree.tostring(root))
    except ExtractError:
        units = []
    missing = sorted(expected)
    for unit in units:
        if unit.sor_code in missing:
            missing.remove(unit.sor_code)
    assert missing == []


# Memory and files.


def live_elements() -> int:
    gc.collect()
    return sum(isinstance(thing, etree._Element) for thing in gc.get_objects())


def one_owner(institutions: int, units_each: int) -> MadeUpExtract:
    codes = (numbers.sor_code(n) for n in range(1_000_000))
    street = address(street="Prøvevej", building="7", postcode="9999", district="Prøveby", municipality_code="0901")
    top = UnitRecord(next(codes), IE, "Region Prøve", location_source=LocationSource.NONE)
    units = [top]
    for i in range(institutions):
        here = UnitRecord(next(codes), SI, f"Sygehus {i}", top.sor_code, location_source=LocationSource.INHERITED)
        units.append(here)
        for j in range(units_each - 1):
            units.append(
                UnitRecord(
                    next(codes), OE, f"Afsnit {j} på Sygehus {i}", here.sor_code,
                    location_source=LocationSource.INHERITED, visiting_address=street, from_date=DAY,
                )
            )  # fmt: skip
    return MadeUpExtract(snapshot_date=DAY, created_at=dt.datetime(2026, 1, 15, 21, 30), units=units)  # noqa: DTZ001


def test_an_owner_is_never_held_whole() -> None:
    data = written(one_owner(institutions=12, units_each=50))
    reader = iter(SorXmlReader(io.BytesIO(data), file="Sor.xml", report=print))
    most = 0
    for unit in reader:
        if unit.kind is SI and reader.gi_frame is not None:
            element = reader.gi_frame.f_locals["element"]
            most = max(most, sum(1 for _ in element.getroottree().getroot().iter()))
    whole = sum(1 for _ in etree.fromstring(data).iter())
    # The parser is fed in blocks, so it can be some units ahead of the one that is handed out.
    assert most < whole / 4


def test_nothing_of_the_tree_is_left_when_all_is_read() -> None:
    before = live_elements()
    units, _ = read(written(one_owner(institutions=2, units_each=20)))
    assert len(units) == 41
    assert live_elements() <= before


_PEAK = """
import resource, sys
from sor_addressing.extracts.sor_xml import SorXmlReader
from sor_addressing.loading import load_index
kilobytes = 1 if sys.platform != "darwin" else 1024
if sys.argv[1] == "load":
    kept = load_index([sys.argv[2]])
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // kilobytes)
elif sys.argv[1] == "stream":
    with open(sys.argv[2], "rb") as stream:
        for record in SorXmlReader(stream, file="Sor.xml", report=print):
            pass
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // kilobytes)
elif sys.argv[1] == "tree":
    from lxml import etree
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    kept = etree.parse(sys.argv[2], etree.XMLParser(remove_blank_text=True, collect_ids=False))
    print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // kilobytes)
else:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // kilobytes)
"""


def peak(*arguments: object) -> float:
    """Megabytes that a new process held at its peak."""
    command = [sys.executable, "-c", _PEAK, *map(str, arguments)]
    return int(subprocess.run(command, capture_output=True, check=True, text=True).stdout) / 1024


@pytest.mark.skipif(sys.platform == "win32", reason="Windows tells no peak of memory this way")
def test_reading_a_large_owner_takes_no_more_than_one_of_its_institutions(tmp_path: Path) -> None:
    whole, single = tmp_path / "whole.xml", tmp_path / "single.xml"
    write_sor_xml(one_owner(institutions=20, units_each=300), whole)
    write_sor_xml(one_owner(institutions=1, units_each=300), single)
    over = peak("stream", whole) - peak("nothing")
    assert over <= peak("tree", single) + 10


@pytest.mark.national
@pytest.mark.skipif(sys.platform == "win32", reason="Windows tells no peak of memory this way")
def test_loading_an_owner_of_50000_units_stays_within_the_budget(tmp_path: Path) -> None:
    whole, single = tmp_path / "whole.xml", tmp_path / "single.xml"
    write_sor_xml(one_owner(institutions=20, units_each=2_500), whole)
    write_sor_xml(one_owner(institutions=1, units_each=2_500), single)
    streamed, nothing, subtree = peak("stream", whole), peak("nothing"), peak("tree", single)
    print(f"stream {streamed:.0f} MB, modules alone {nothing:.0f} MB, subtree of an institution {subtree:.0f} MB")
    assert streamed - nothing <= subtree + 30
