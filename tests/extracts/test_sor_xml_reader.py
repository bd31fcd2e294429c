"""The reader of ``Sor.xml``: every fact kept, and every fault of a unit named with its line."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from tests.extracts.by_hand import (
    CODES,
    DAY,
    IE,
    INHERITS,
    NUMBERS,
    SMALL,
    SMALL_PLACES,
    V1,
    house,
    line_of,
    own,
    owner,
    places,
    problem,
    read,
    read_all,
    refused,
    status,
    tree,
    ward,
    written,
)

from sor_addressing.extracts.days import IsoDays
from sor_addressing.model import (
    LocationRecord,
    LocationSource,
    UnitRecord,
)
from sor_addressing.testing import made_up_nation, numbers
from sor_addressing.testing.builder import address, contact


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
        ("ja", LocationSource.INHERITED),
        ("TRUE", LocationSource.INHERITED),
        ("", LocationSource.UNKNOWN),
        ("måske", LocationSource.UNKNOWN),
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
        "<OnlyInternalIndicator>måske</OnlyInternalIndicator>",
        "<NonActiveIndicator>1</NonActiveIndicator>",
    )
    document = tree(owner(CODES[0], "Ejer", facts=(own(NUMBERS[0], *flags),)))
    (unit,), problems = read(document)
    assert unit.location == LocationRecord(NUMBERS[0], inactive=True, state_unreadable=True)
    line = line_of(document, "måske")
    assert problems == [problem("boolean-unreadable", line, CODES[0], field="OnlyInternalIndicator", value="måske")]
    assert problems[0].text("da") == (
        f'Sor.xml, linje {line}: "måske" i OnlyInternalIndicator for {CODES[0]} er hverken ja eller nej; det vides ikke, og enhedens '
        "lokationsnummer kan ikke bruges, før det er rettet i SOR."
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


def test_of_two_sor_codes_the_first_is_kept_and_both_are_named() -> None:
    facts = (
        f"<SorIdentifier>{CODES[1]}</SorIdentifier>",
        f"<SorIdentifier>{CODES[0]}</SorIdentifier>",
        "<SorIdentifier/>",
    )
    document = tree(owner(None, "Ejer", "", facts=("<SorIdentifier> </SorIdentifier>", facts[1], *facts)))
    (unit,), problems = read(document)
    assert (unit.sor_code, unit.line) == (CODES[0], line_of(document, CODES[0]))
    line = line_of(document, CODES[1])
    assert problems == [problem("sor-code-second", line, CODES[0], value=CODES[1])]
    assert problems[0].text("en") == (
        f"Sor.xml, line {line}: {CODES[0]} has another SOR code, {CODES[1]}; the unit is known by the first one. Have it "
        "corrected in SOR."
    )


def test_identifiers_are_compacted() -> None:
    spaced = f" {CODES[0][:6]} {CODES[0][6:13]}-{CODES[0][13:]}\n"
    replaced = f"<SorIdentifier>{spaced}</SorIdentifier><SorIdentifier/><SorIdentifier>{CODES[0]}</SorIdentifier>"
    facts = (own(f"{NUMBERS[0][:4]} {NUMBERS[0][4:]}"), "<ProviderIdentifier>9906</ProviderIdentifier>",
             "<ShakIdentifier>9901 011</ShakIdentifier>", "<CVRnumberIdentifier>99 00 00 07</CVRnumberIdentifier>",
             f"<ReplacesEntityCollection>{replaced}</ReplacesEntityCollection>")  # fmt: skip
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
    secret = "310299" + "-" + "9" * 4
    _, problems = read(tree(owner(CODES[0], "Ejer", facts=(status(secret),))))
    assert secret not in problems[0].text()


# The file's own day.


@pytest.mark.parametrize("value", ["2026-01-15", "2026-01-15T21:30:00", "2026-01-15+01:00", "2026-01-15Z"])
def test_the_day_inside_the_file_is_read(value: str) -> None:
    _, problems, reader = read_all(tree(owner(CODES[0], "Ejer"), day=value))
    assert (reader.day, problems) == (DAY, [])


@pytest.mark.parametrize("is_first", [True, False])
def test_the_day_inside_the_file_may_stand_anywhere_and_is_complained_of_once(is_first: bool) -> None:
    days = ["<SnapshotDate>i dag</SnapshotDate>", "<CreatedAtTime>nu</CreatedAtTime>"]
    inside = [*days, owner(CODES[0], "Ejer", house(CODES[1], "Hus"))]
    document = tree(*(inside if is_first else reversed(inside)), day="")
    _, problems, reader = read_all(document)
    assert (reader.day, reader.created_at) == (None, "nu")
    line = line_of(document, "i dag")
    assert problems == [problem("snapshot-date-unreadable", line, None, field="SnapshotDate", value="i dag")]
    assert problems[0].text("en") == (
        f'Sor.xml, line {line}: "i dag" in SnapshotDate is not a date; the file\'s day was looked for elsewhere. '
        "Give --snapshot-date (in Python snapshot_date=) if it is known."
    )
