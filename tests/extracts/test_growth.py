"""No reader, and no loading, does more than its share of work where a file is twice as large in any one way.

Told by counting what Python does (lines and calls), never by time: twice the file may cost twice the steps, and no more.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import pytest
from tests.extracts.test_corpus import DAY, GIVEN, by_key

from sor_addressing import Register
from sor_addressing.errors import SorAddressingError
from sor_addressing.extracts import published
from sor_addressing.extracts.detect import recognise
from sor_addressing.extracts.tables import text_blocks
from sor_addressing.testing import numbers

SMALL = 500  # so that a file has more than one block
MOST = 2.3
"""Twice, and something for blocks and logarithms."""


def steps(work: Callable[[], object]) -> int:
    """How many lines and calls it takes."""
    count = 0

    def trace(frame: FrameType, _event: str, _arg: object) -> Any:
        nonlocal count
        count += 1
        return trace if "sor_addressing" in frame.f_code.co_filename else None

    def profile(_frame: object, event: str, _arg: object) -> None:
        nonlocal count
        count += event == "c_call"

    tracing, profiling = sys.gettrace(), sys.getprofile()
    sys.settrace(trace)
    sys.setprofile(profile)
    try:
        work()
    finally:
        sys.settrace(tracing)
        sys.setprofile(profiling)
    return count


def read(key: str, data: bytes) -> None:
    content = by_key(key)
    problems: list[object] = []
    try:
        recognise(data[:65_536], file="fil")
    except SorAddressingError as error:
        problems.append(error)
    needed = {name: GIVEN[name] for name in content.needs}
    try:
        for record in content.read(io.BytesIO(data), file="fil", report=problems.append, **needed):
            repr(record)
    except SorAddressingError as error:
        problems.append(error)


HEADERS = {
    "units_table": "SorId;SorType;EntityName;ParentSorId;EanLocationCode;EanLocationCodeInheritance;FromDate;ToDate",
    "sor_csv": "SOR-kode;SOR-type;Enhedsnavn;Parent-SOR-kode;Lokationsnummer;Nedarvningsstatus;Postadresse;P_X",
    "organisations": "SOR-kode;Enhedsnavn;Regionskode;Regionsnavn;Ydernummer;P_Postnummer;P_By;CVR",
    "message_types": "Lokationsnummer;EDI-type;Version;Retning;Fra dato;Til dato",
    "location_message_types": "LocationsCode;EDITypeId;Direction;FromDate;ToDate",
    "message_type_list": "EDITypeId;Code;Version;Name",
    "locations": "EanLocationCode;SorId;Status;SystemType;FromDate;ToDate",
    "replaced_units": "ReplacedSorId;ReplacingSorId;FromDate",
    "shak_map": "SHAK;SorId;FromDate;ToDate",
    "classifications": "Code;Text;Group",
    "geolocations": "SorId;CoordETRS89z32EMeasure;CoordETRS89z32NMeasure",
}
CELLS: dict[str, Callable[[int], str]] = {
    "good": lambda _n: "",
    "other in each row": lambda n: f"Xx{n}",
    "mangled": lambda _n: "5,79E+12",
    "odd": lambda n: f'="{n}"' if n % 2 else "\N{NO-BREAK SPACE}\u200b",
    "mixed encodings": lambda _n: "\xc3\xa6 \xe6",
}


def cells_of(header: str, n: int, kind: str) -> list[str]:
    found = []
    for name in header.split(";"):
        lower = name.lower()
        if kind != "good":
            found.append(CELLS[kind](n))
        elif "sor" in lower and "type" not in lower:
            found.append(numbers.sor_code(n % 9_000))
        elif "kation" in lower or "ean" in lower or "location" in lower:
            found.append(numbers.location_number(n % 900))
        elif lower.endswith("type"):
            found.append("OE")
        else:
            found.append(f"{n % 7}")
    return found


def rows(header: str, kind: str, n: int) -> bytes:
    lines = [header, *(";".join(cells_of(header, one, kind)) for one in range(n))]
    return "\r\n".join(lines).encode("windows-1252" if kind == "mixed encodings" else "utf-8")


TABLES: dict[str, Callable[[str, int], bytes]] = {
    **{f"rows, {kind}": (lambda header, n, kind=kind: rows(header, kind, n)) for kind in CELLS},  # type: ignore[misc]
    "columns": lambda header, n: "\n".join(
        [";".join([header, *(f"Ekstra {one}" for one in range(n))]), ";" * n, ";" * n]
    ).encode(),
    "same columns": lambda header, n: (";".join([header] * (n // 10)) + "\n").encode(),
    "ragged rows": lambda header, n: "\n".join(
        [header, *("x" * (one % 3) + ";" * (one % 40) for one in range(n))]
    ).encode(),
    "blank rows": lambda header, n: (header + "\n" * n + header).encode(),
    "long cell": lambda header, n: (header + "\n" + "x " * n * 10).encode(),
    "quotes": lambda header, n: (header + "\n" + '"a""b";' * n).encode(),
    "lines in cells": lambda header, n: (header + "\n" + '"a\nb"\n' * n).encode(),
    "an open quote": lambda header, n: (header + '\n"' + "a\n" * n).encode(),
    "blank beginning": lambda header, n: ("\n" * n + header + "\n").encode(),
}


@pytest.mark.parametrize("way", TABLES)
@pytest.mark.parametrize("key", HEADERS)
def test_a_table_of_twice_the_size_takes_twice_the_steps(key: str, way: str) -> None:
    assert_linear(lambda n: TABLES[way](HEADERS[key], n), lambda data: read(key, data))


def assert_linear(make: Callable[[int], bytes], work: Callable[[bytes], object]) -> None:
    small, large = make(SMALL), make(2 * SMALL)
    work(make(3))  # what is made once is made; what is remembered of texts is not
    one, two = steps(lambda: work(small)), steps(lambda: work(large))
    assert two <= MOST * one + 2_000


V2 = "urn:oio:nsi:2.0.0"


def unit(n: int, inside: str = "", name: str = "Enhed") -> str:
    code = numbers.sor_code(n % 9_000)
    described = f"<SorIdentifier>{code}</SorIdentifier><EntityName>{name}</EntityName>{inside}"
    return f"<InstitutionOwnerEntity><InstitutionOwner>{described}</InstitutionOwner></InstitutionOwnerEntity>"


def house(n: int) -> str:
    code = numbers.sor_code(n)
    return f"<HealthInstitutionEntity><HealthInstitution><SorIdentifier>{code}</SorIdentifier></HealthInstitution></HealthInstitutionEntity>"


def child(n: int) -> str:
    if not n:
        return f"{numbers.sor_code(0)};OE;A;;{numbers.location_number(0)};own;;"
    return f"{numbers.sor_code(n)};OE;A;{numbers.sor_code(0)};;inherited;;"


def sor(*inside: str, attributes: str = "") -> bytes:
    return (
        f'<SorTree xmlns="{V2}"{attributes}><SnapshotDate>2026-01-15</SnapshotDate>{"".join(inside)}</SorTree>'.encode()
    )


def yder(*inside: str) -> bytes:
    return f'<etds1040025XML><Start OpgDato="20260115"/>{"".join(inside)}<Slut AntPost="1"/></etds1040025XML>'.encode()


def attributes(n: int) -> str:
    return " ".join(f"a{one}='b'" for one in range(n))


ONE = '<Yder YdernrYder="990001" PrakBetegn="A"/>'
XML: dict[str, tuple[str, Callable[[int], bytes]]] = {
    "units": ("sor_xml", lambda n: sor(*map(unit, range(n)))),
    "units of one owner": ("sor_xml", lambda n: sor("<InstitutionOwnerEntity>" + "".join(
        map(house, range(n))) + "</InstitutionOwnerEntity>")),
    "one unit again and again": ("sor_xml", lambda n: sor(*(unit(1) for _ in range(n)))),
    "attributes": ("sor_xml", lambda n: sor(unit(1, f"<SorStatus {attributes(n)}/>"))),
    "namespaces": ("sor_xml", lambda n: sor(unit(1), attributes="".join(f' xmlns:a{one}="b{one}"' for one in range(n)))),
    "elements not known": ("sor_xml", lambda n: sor(unit(1, "<Nyt/>" * n))),
    "other elements not known": ("sor_xml", lambda n: sor(unit(1, "".join(f"<Nyt{one}/>" for one in range(n))))),
    "the same said again": ("sor_xml", lambda n: sor(unit(1, "<EntityName>A</EntityName>" * n))),
    "periods in one unit": ("sor_xml", lambda n: sor(unit(1, "<SorStatus><ToDate>2026-01-01</ToDate></SorStatus>" * n))),
    "successors": ("sor_xml", lambda n: sor(unit(1, "<ReplacesEntityCollection>" + "".join(
        f"<SorIdentifier>{numbers.sor_code(one)}</SorIdentifier>" for one in range(n)) + "</ReplacesEntityCollection>"))),
    "specialities": ("sor_xml", lambda n: sor(unit(1, "<ClinicalSpecialityCollection>" + "".join(
        f"<ClinicalSpeciality><SpecialityCode>{one}</SpecialityCode></ClinicalSpeciality>"
        for one in range(n)) + "</ClinicalSpecialityCollection>"))),
    "a long name": ("sor_xml", lambda n: sor(unit(1, name="x " * n * 10))),
    "comments in a name": ("sor_xml", lambda n: sor(unit(1, name="x<!-- y -->" * n))),
    "comments": ("sor_xml", lambda n: sor("<!-- x --><?y z?>" * n, unit(1))),
    "depth": ("sor_xml", lambda n: sor("<InstitutionOwnerEntity>" + "<HealthInstitutionEntity>" + "<OrganizationalUnitEntity>" * (n // 9)
        + "</OrganizationalUnitEntity>" * (n // 9) + "</HealthInstitutionEntity></InstitutionOwnerEntity>")),
    "strangers beside units": ("sor_xml", lambda n: sor("<Fremmed/>" * n, unit(1))),
    "providers": ("providers", lambda n: yder(*(ONE for _ in range(n)))),
    "persons": ("providers", lambda n: yder(ONE, '<Person Navn="x"/>' * n)),
    "things in a person": ("providers", lambda n: yder(ONE, "<Person>" + "<Mere/>" * n + "</Person>")),
    "attributes of a provider": ("providers", lambda n: yder(f'<Yder YdernrYder="990001" {attributes(n)}/>')),
    "other elements": ("providers", lambda n: yder(ONE, *(f"<E{one}/>" for one in range(n)))),
    "providers in other elements": ("providers", lambda n: yder(*(f"<E{one}>{ONE}</E{one}>" for one in range(n)))),
    "a long practice": ("providers", lambda n: yder(f'<Yder YdernrYder="990001" PrakBetegn="{"x  " * n * 10}"/>')),
    "starts": ("providers", lambda n: yder(ONE, '<Start OpgDato="x"/>' * n)),
}  # fmt: skip


@pytest.mark.parametrize("way", XML)
def test_xml_of_twice_the_size_takes_twice_the_steps(way: str) -> None:
    key, make = XML[way]
    assert_linear(make, lambda data: read(key, data))


def shak_line(n: int, name: str = "Navn") -> str:
    return f"afd{n % 90 + 990_000:<20}201001012010010125000101{name:<120}".ljust(214)


SHAK: dict[str, tuple[str, Callable[[int], bytes]]] = {
    "lines": ("shak", lambda n: "\r\n".join(map(shak_line, range(n))).encode()),
    "one long line": ("shak", lambda n: shak_line(1, "x" * n * 10).encode()),
    "short lines": ("shak", lambda n: ("afd990001              20100101\n" * n).encode()),
    "lines not known": ("shak", lambda n: (shak_line(1) + "\nxyz" * n).encode()),
    "hospitals": (
        "shak_hospitals",
        lambda n: "".join(
            f"99{one % 90:02}\tA\t20100101\t25000101\t1\t1\t1081\t{numbers.sor_code(one)}\n" for one in range(n)
        ).encode(),
    ),
    "ragged hospitals": ("shak_hospitals", lambda n: ("9901\tA\t\t\t\t\t\t\n" + "9901\tA" * n + "\n9901" * n).encode()),
}


@pytest.mark.parametrize("way", SHAK)
def test_the_shak_register_of_twice_the_size_takes_twice_the_steps(way: str) -> None:
    key, make = SHAK[way]
    assert_linear(make, lambda data: read(key, data))


def bundle(*resources: str) -> bytes:
    entries = ",\n".join(f'{{"resource":{one}}}' for one in resources)
    return f'{{"resourceType":"Bundle","type":"searchset","entry":[\n{entries}]}}'.encode()


def organization(more: str = "", one: int = 0) -> str:
    identifier = f'[{{"system":"urn:oid:1.2.208.176.1.1","value":"{numbers.sor_code(one % 9_000)}"}}]'
    return f'{{"resourceType":"Organization","id":"o{one}","identifier":{identifier},"name":"A","active":true{more}}}'


def endpoint(more: str = "", one: int = 0) -> str:
    identifier = f'[{{"system":"https://www.gs1.org/gln","value":"{numbers.location_number(one % 900)}"}}]'
    return f'{{"resourceType":"Endpoint","id":"e{one}","identifier":{identifier},"status":"active"{more}}}'


JSON: dict[str, tuple[str, Callable[[int], bytes]]] = {
    "organisations": ("endpoint_register", lambda n: bundle(*(organization("", one) for one in range(n)))),
    "endpoints": ("endpoint_register", lambda n: bundle(*(endpoint("", one) for one in range(n)))),
    "a resource a line": ("endpoint_register", lambda n: "\n".join(endpoint("", one) for one in range(n)).encode()),
    "types of an endpoint": (
        "endpoint_register",
        lambda n: bundle(endpoint(f""","payloadType":[{",".join(['{"coding":[{"code":"XDIS91"}]}'] * n)}]""")),
    ),
    "names of an organisation": ("endpoint_register", lambda n: bundle(organization(f',"alias":["{"x  " * n}"]'))),
    "fields nobody needs": (
        "endpoint_register",
        lambda n: bundle(organization("".join(f',"f{one}":1' for one in range(n)))),
    ),
    "blanks between": ("endpoint_register", lambda n: bundle(organization(), " " * n + organization())),
    "other resources": (
        "endpoint_register",
        lambda n: bundle(organization(), *('{"resourceType":"Patient"}' for _ in range(n))),
    ),
}


@pytest.mark.parametrize("way", JSON)
def test_resources_of_twice_the_size_take_twice_the_steps(way: str) -> None:
    key, make = JSON[way]
    assert_linear(make, lambda data: read(key, data))


def test_letters_in_two_encodings_are_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = 0
    count_of = text_blocks.line_ends

    def counted(data: bytes) -> int:
        nonlocal seen
        seen += len(data)
        return count_of(data)

    monkeypatch.setattr(text_blocks, "line_ends", counted)
    data = b"Lokationsnummer;EDI-type\n5790999000017;\xe6" + b"\xc3\xa6" * 100_000
    read("message_types", data)
    assert seen <= 3 * len(data)


def test_every_published_file_is_among_them() -> None:
    read_here = {
        *HEADERS,
        *(key for key, _ in XML.values()),
        *(key for key, _ in SHAK.values()),
        *(key for key, _ in JSON.values()),
    }
    assert read_here == {content.key for content in published.FILES}


def entity(*lines: str) -> bytes:
    return "\n".join([HEADERS["units_table"], *lines]).encode()


def chain(n: int, *, circle: bool = False, shows: bool = False) -> Iterator[str]:
    for one in range(n):
        above = numbers.sor_code((one - 1) % n) if one or circle else ""
        number = numbers.location_number(1) if shows or not one else ""
        yield f"{numbers.sor_code(one)};OE;A{one};{above};{number};{'inherited' if one else 'own'};;"


WHOLE: dict[str, Callable[[int], bytes]] = {
    "a chain of parents": lambda n: entity(*chain(n)),
    "a chain that shows its number": lambda n: entity(*chain(n, shows=True)),
    "a circle of parents": lambda n: entity(*chain(n, circle=True)),
    "children of one": lambda n: entity(*map(child, range(n))),
    "owners of one number": lambda n: entity(
        *(f"{numbers.sor_code(one)};IE;A;;{numbers.location_number(0)};own;;" for one in range(n))
    ),
    "rows of one unit": lambda n: entity(
        *(f"{numbers.sor_code(0)};IE;A;;;;{1900 + one % 120}-01-01;{1900 + one % 120}-12-31" for one in range(n))
    ),
    "parents that are missing": lambda n: entity(
        *(f"{numbers.sor_code(one)};OE;A;{numbers.sor_code(one + 9_000)};;inherited;;" for one in range(n))
    ),
}  # fmt: skip


@pytest.mark.parametrize("way", WHOLE)
def test_loading_twice_the_units_takes_twice_the_steps(way: str) -> None:
    def load(data: bytes) -> None:
        register = Register.load(data, snapshot_date=DAY, clock=lambda: DAY)
        register.resolve(numbers.location_number(0))
        assert register.load_report.to_json()

    assert_linear(WHOLE[way], load)


REGISTERED: dict[str, Callable[[int], bytes]] = {
    "types of one number": lambda n: "".join(
        f"{numbers.location_number(0)};XA{one};V{one}\n" for one in range(n)
    ).encode(),
    "rows of one type": lambda n: f"{numbers.location_number(0)};XDIS91;XD9134L\n".encode() * n,
    "types of two numbers in turn": lambda n: "".join(
        f"{numbers.location_number(one % 2)};XA{one};V{one}\n" for one in range(n)
    ).encode(),
}


@pytest.mark.parametrize("way", REGISTERED)
def test_loading_twice_the_registrations_takes_twice_the_steps(way: str) -> None:
    units = entity(f"{numbers.sor_code(0)};IE;A;;{numbers.location_number(0)};own;;")

    def load(data: bytes) -> None:
        Register.load(
            units,
            message_types=b"Lokationsnummer;EDI-type;Version\n" + data,
            snapshot_date=DAY,
            clock=lambda: DAY,
        )

    assert_linear(REGISTERED[way], load)
