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
from functools import cache

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sor_addressing.companions import MessageTypeRow
from sor_addressing.errors import ExtractError
from sor_addressing.extracts import published
from sor_addressing.extracts.detect import recognise
from sor_addressing.extracts.published import Content
from sor_addressing.extracts.tables.headers import layouts
from sor_addressing.extracts.tables.layouts import table_content
from sor_addressing.model import Problem, RowsOfNumber
from sor_addressing.testing import MadeUpExtract, RegisterBuilder, numbers
from sor_addressing.testing.published.writers import WRITERS

EXAMPLES = int(os.environ.get("SOR_ADDRESSING_FUZZ", "40"))

fuzzing = settings(
    max_examples=EXAMPLES,
    deadline=dt.timedelta(seconds=5),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)

TYPES = [MessageTypeRow("1", "XDIS91", "XD9134L"), MessageTypeRow("2", "DIS91"), MessageTypeRow("2", "DIS20")]

# What a reader is given beside a stream, and what its writer is.
NEEDED: dict[str, object] = {"types": TYPES, "on": None}
MORE = {"providers": {"persons": 1}}


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
    WRITERS[content.key](extract(), target, **MORE.get(content.key, {}))
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
        needed = {name: NEEDED[name] for name in content.needs}
        for record in content.read(io.BytesIO(data), file="fil", report=problems.append, **needed):
            count += len(record.lines) if isinstance(record, RowsOfNumber) else 1
            assert isinstance(record, RowsOfNumber) or attrs.asdict(record)
    except ExtractError as error:
        errors.append(error)
    assert {said.file for said in (*errors, *problems)} <= {"fil"}
    assert all(len(str(error)) < 5_000 for error in errors)
    assert count <= data.count(b"\n") + data.count(b"\r") + data.count(b"<") + 1
    for problem in problems:
        assert problem.text("da")
        assert json.dumps(problem.to_dict())


ALL = pytest.mark.parametrize("content", published.FILES, ids=lambda content: content.key)

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
