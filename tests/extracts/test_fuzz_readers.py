"""Any bytes at all, to every reader: they are read or refused with an error of this library, in bounded time.

A short run by default. For a long one, give the number of examples for each reader::

    SOR_ADDRESSING_FUZZ=20000 python -m pytest tests/extracts/test_fuzz_readers.py

What fails is kept in ``.hypothesis`` and tried first the next time.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import os
from collections.abc import Callable, Iterable
from functools import cache, partial

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sor_addressing.companions import MessageTypeRow
from sor_addressing.errors import ExtractError
from sor_addressing.extracts.detect import Content, recognise
from sor_addressing.extracts.tables.companions import (
    read_classifications,
    read_geolocations,
    read_location_message_types,
    read_locations,
    read_message_type_list,
    read_replaced_units,
    read_shak_map,
)
from sor_addressing.extracts.tables.headers import layouts
from sor_addressing.extracts.tables.layouts import table_content
from sor_addressing.extracts.tables.message_types import read_message_types
from sor_addressing.extracts.tables.shak import read_shak
from sor_addressing.extracts.tables.units import read_sor_csv, read_units_table
from sor_addressing.extracts.xml.providers import ProviderReader
from sor_addressing.extracts.xml.sor_tree import SorXmlReader
from sor_addressing.model import Problem
from sor_addressing.testing import (
    MadeUpExtract,
    RegisterBuilder,
    numbers,
    write_classifications,
    write_geolocations,
    write_location_message_types,
    write_locations,
    write_message_type_list,
    write_message_types,
    write_providers,
    write_replaced_units,
    write_shak,
    write_shak_map,
    write_sor_csv,
    write_sor_entity,
    write_sor_xml,
)

EXAMPLES = int(os.environ.get("SOR_ADDRESSING_FUZZ", "40"))

fuzzing = settings(
    max_examples=EXAMPLES,
    deadline=dt.timedelta(seconds=5),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)

Reader = Callable[..., Iterable[object]]
Writer = Callable[..., None]

TYPES = [MessageTypeRow("1", "XDIS91", "XD9134L"), MessageTypeRow("2", "DIS91"), MessageTypeRow("2", "DIS20")]

FILES: dict[Content, tuple[Reader, Writer]] = {
    Content.SOR_XML: (SorXmlReader, write_sor_xml),
    Content.MESSAGE_TYPES: (read_message_types, write_message_types),
    Content.LOCATIONS: (read_locations, write_locations),
    Content.LOCATION_MESSAGE_TYPES: (partial(read_location_message_types, types=TYPES), write_location_message_types),
    Content.MESSAGE_TYPE_LIST: (read_message_type_list, write_message_type_list),
    Content.REPLACED_UNITS: (read_replaced_units, write_replaced_units),
    Content.SHAK_MAP: (read_shak_map, write_shak_map),
    Content.CLASSIFICATIONS: (read_classifications, write_classifications),
    Content.GEOLOCATIONS: (read_geolocations, write_geolocations),
    Content.SOR_CSV: (read_sor_csv, write_sor_csv),
    Content.UNITS_TABLE: (read_units_table, write_sor_entity),
    Content.SHAK: (read_shak, write_shak),
    Content.PROVIDERS: (ProviderReader, partial(write_providers, persons=1)),
}


@cache
def extract() -> MadeUpExtract:
    build = RegisterBuilder()
    place = {"street": "Prøvevej", "easting": "574123.25", "northing": "6223123.5"}
    owner = build.owner("Region Prøve", types="550891000005100")
    hospital = build.institution(owner, "Prøve Sygehus", location_number=True, shak_code=numbers.shak_code(1))
    ward = build.unit(
        hospital, "Afsnit Ærø", inherits=True, shak_code=numbers.shak_code(1, "ward"), visiting_address=place
    )
    build.unit(
        hospital,
        "Læge",
        location={"system": "1", "from_date": dt.date(2020, 1, 1)},
        provider_number="990001",
        replaces=ward,
    )
    build.registers(hospital, "XDIS91 XD9134L", "DIS91", send=True, receive=True)
    build.provider_ceased("990001", dt.date(2025, 12, 31))
    return build.extract()


@cache
def written(content: Content) -> bytes:
    target = io.BytesIO()
    FILES[content][1](extract(), target)
    return target.getvalue()


def read(content: Content, data: bytes) -> None:
    """Read to the end, or be refused; look at everything that came out."""
    problems: list[Problem] = []
    errors: list[ExtractError] = []
    count = 0
    try:
        recognise(data[:65_536], file="fil")
    except ExtractError as error:
        errors.append(error)
    try:
        for record in FILES[content][0](io.BytesIO(data), file="fil", report=problems.append):
            count += 1
            assert attrs.asdict(record)  # type: ignore[call-overload]
    except ExtractError as error:
        errors.append(error)
    assert {said.file for said in (*errors, *problems)} <= {"fil"}
    assert all(len(str(error)) < 5_000 for error in errors)
    assert count <= data.count(b"\n") + data.count(b"\r") + data.count(b"<") + 1
    for problem in problems:
        assert problem.text("da")
        assert json.dumps(problem.to_dict())


ALL = pytest.mark.parametrize("content", FILES, ids=lambda content: content.name.lower())

JUNK = st.one_of(
    st.binary(min_size=1, max_size=12),
    st.sampled_from(
        [b'"', b'""', b'="', b";", b"\n", b"\r", b"\r\n", b"\0", b"\xff", b"\xc3\xa6", b"\xe6", b"<", b">", b"&", b"&a;", b"]]>",
         b"<!--", b"<!DOCTYPE a>", b"<?a", b"5,79E+12", b"31.02.2020", b"25000101", b"00000000", b"x" * 300, b"9" * 40, b"  ",
         "\N{ARABIC-INDIC DIGIT ONE}".encode(), "\N{ZERO WIDTH SPACE}".encode(), "\N{LINE SEPARATOR}".encode(), b"\x1a", b"\x85"]
    ),
)  # fmt: skip


@ALL
@fuzzing
@given(data=st.binary(max_size=400))
def test_any_bytes(content: Content, data: bytes) -> None:
    read(content, data)


@ALL
@fuzzing
@given(junk=st.lists(JUNK, max_size=20), lines=st.integers(0, 3))
def test_a_good_beginning_and_any_bytes_after_it(content: Content, junk: list[bytes], lines: int) -> None:
    begin = b"".join(written(content).splitlines(keepends=True)[:lines])
    read(content, begin + b"".join(junk))


@ALL
@fuzzing
@given(data=st.data())
def test_a_good_file_with_anything_changed(content: Content, data: st.DataObject) -> None:
    changed = bytearray(written(content))
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(changed)))
        end = min(len(changed), start + data.draw(st.sampled_from([0, 0, 1, 2, 7, 40, 10_000])))
        junk = data.draw(st.one_of(JUNK, st.just(b"")))
        if data.draw(st.booleans()):
            changed[start:end] = junk
        else:
            changed[start:start] = changed[start:end] + junk
    read(content, bytes(changed))


@ALL
@fuzzing
@given(
    cells=st.lists(st.lists(st.text(max_size=12), min_size=1, max_size=5), max_size=6),
    delimiter=st.sampled_from(";,\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_any_cells_under_a_good_header(content: Content, cells: list[list[str]], delimiter: str, encoding: str) -> None:
    header = written(content).splitlines()[0].decode("utf-8-sig", "replace").replace(";", delimiter)
    text = "\r\n".join([header, *(delimiter.join(row) for row in cells)])
    read(content, text.encode(encoding, "replace"))


HEADERS = [alias for layout in layouts().values() for alias in layout.aliases] + [
    "Navn",
    "Kode",
    "Id",
    "Type",
    "",
    "Farve",
]


@fuzzing
@given(
    header=st.lists(st.one_of(st.sampled_from(HEADERS), st.text(max_size=8)), max_size=12),
    file=st.sampled_from(["a.csv", "sor.csv", "EDITypes.csv", "z.zip!SHAKSORMap.csv", "SORClassifications.csv"]),
)
def test_any_header_is_one_table_or_none_or_refused(header: list[str], file: str) -> None:
    found, said = None, ""
    try:
        found = table_content(header, file=file)
    except ExtractError as error:
        said = str(error)
    assert found is None or layouts()[found].fits(header)
    assert not said or (said.startswith(f"{file}: not recognised: ") and "columns={" in said)


def test_these_are_all_files_that_are_recognised() -> None:
    assert set(FILES) == set(Content)
