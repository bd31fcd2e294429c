"""Files as others write them, with anything in them changed: read, or refused with one error of this library, in bounded memory.

SOR_ADDRESSING_FUZZ=20000 python -m pytest tests/extracts/test_fuzz_corpus.py
"""

from __future__ import annotations

import datetime as dt
import os
import tracemalloc
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.extracts.test_corpus import DAY, FILES, GIVEN, NAMES, as_published, by_key

from sor_addressing import Register
from sor_addressing.errors import ExtractError, PolicyError, SorAddressingError
from sor_addressing.extracts.detect import recognise_file
from sor_addressing.extracts.published import FILES as PUBLISHED
from sor_addressing.extracts.sources import source_files
from sor_addressing.model import Problem

EXAMPLES = int(os.environ.get("SOR_ADDRESSING_FUZZ", "40"))
fuzzing = settings(
    max_examples=EXAMPLES,
    deadline=dt.timedelta(seconds=5),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
MOST_BYTES = 60 * 1024 * 1024
PIECES = [
    b'"', b'""', b'="', b";", b",", b"\t", b"|", b"\n", b"\r", b"\r\n", b"\0", b"\xff", b"\xc3\xa6", b"\xe6", b"\xef\xbb\xbf", b"\xff\xfe",
    b"<", b">", b"/>", b"</", b"&", b"&amp;", b"&#0;", b"&#xD800;", b"&#xFFFF;", b"]]>", b"<![CDATA[", b"<!--", b"-->", b"<!DOCTYPE a>", b"<?a",
    b"?>",    b"xmlns=''", b" xmlns:a='b'", b"<a>" * 300, b"<a b='c' d='e'/>", b"5,79E+12", b"31.02.2020", b"25000101", b"00000000", b"9999-12-31",
    b"0001-01-01",    b"x" * 300, b"9" * 40, b"  ", b"-1", b"1e999", b"NaN", "\N{ARABIC-INDIC DIGIT ONE}".encode(), "\N{ZERO WIDTH SPACE}".encode(),
    "\N{LINE SEPARATOR}".encode(), b"\x1a", b"\x85", b"#TYPE x", b"sep=,", b"PK\x03\x04", b"\x1f\x8b", b"true", b"Nej", b"nedarvet", b"5790999000017",
    b"9000011000016006", b"XDIS91", b"http://www.w3.org/XML/1998/namespace",
]  # fmt: skip
DAMAGE = st.lists(
    st.tuples(
        st.integers(0, 20_000),
        st.sampled_from([0, 0, 1, 2, 7, 40, 400]),
        st.sampled_from(PIECES) | st.binary(max_size=8),
        st.booleans(),
    ),
    min_size=1,
    max_size=5,
)


@cache
def original(path: Path) -> bytes:
    return path.read_bytes()


def damaged(data: bytes, damage: list[tuple[int, int, bytes, bool]]) -> bytes:
    for start, length, piece, twice in damage:
        at = start % (len(data) + 1)
        data = data[:at] + piece + (data[at : at + length] * 2 if twice else b"") + data[at + length :]
    return data


def outcome(folder: Path, path: Path, data: bytes) -> str:
    """What is said of damaged data under a published name; every record and every text is looked at."""
    target = as_published(path, folder)
    target.write_bytes(data)
    errors: list[SorAddressingError] = []
    try:
        for file in source_files(target):
            problems: list[Problem] = []
            content = recognise_file(file).content
            with file.open() as stream:
                needed = {name: GIVEN[name] for name in content.needs}
                for record in content.read(stream, file=file.name, report=problems.append, **needed):
                    repr(record)
            for problem in problems:
                assert problem.text("da")
                assert problem.text("en")
                assert problem.file == file.name
    except (ExtractError, PolicyError) as error:
        errors.append(error)
    finally:
        target.unlink()
    for error in errors:
        assert error.text("da")
        assert target.name in str(error)
        assert len(str(error)) < 6_000
    return "".join(map(str, errors))


@pytest.mark.parametrize("content", PUBLISHED, ids=lambda content: content.key)
@fuzzing
@given(data=st.data())
def test_what_others_wrote_with_anything_changed(
    content: object, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    key = content.key  # type: ignore[attr-defined]
    path = data.draw(st.sampled_from([one for one in FILES if one.parent.name == key]))
    outcome(tmp_path_factory.getbasetemp(), path, damaged(original(path), data.draw(DAMAGE)))


UNITS = [path for path in FILES if by_key(path.parent.name).joined == "units"]
BESIDE = [path for path in FILES if path not in UNITS and path.suffix not in (".gz", ".zip")]


@fuzzing
@given(units=st.sampled_from(UNITS), beside=st.sampled_from(BESIDE), damage=DAMAGE, both=st.booleans())
def test_a_register_is_loaded_and_answers_or_one_error_says_why_not(
    tmp_path_factory: pytest.TempPathFactory,
    units: Path,
    beside: Path,
    damage: list[tuple[int, int, bytes, bool]],
    both: bool,
) -> None:
    folder = tmp_path_factory.mktemp("set")
    first, second = as_published(units, folder), as_published(beside, folder)
    second.write_bytes(damaged(original(beside), damage))
    if both:
        first.write_bytes(damaged(original(units), damage))
    register, said = None, str(folder)
    try:
        register = Register.load(folder, snapshot_date=DAY, clock=lambda: DAY)
    except SorAddressingError as error:
        said = str(error)
    assert str(folder) in said
    if register is None:
        return
    for unit in register:
        assert unit.to_dict()
        verdict = register.validate(unit, "XDIS91")
        assert verdict.to_dict()
        assert verdict.explain("da")
    for kind in ("location_number", "provider_number", "shak_code"):
        for value in getattr(register, f"by_{kind}"):
            assert register.resolve(value).to_dict()
    assert register.load_report.to_dict()


@settings(parent=fuzzing, max_examples=max(10, EXAMPLES // 20))
@given(path=st.sampled_from(FILES), damage=DAMAGE)
def test_memory_stays_bounded(
    tmp_path_factory: pytest.TempPathFactory, path: Path, damage: list[tuple[int, int, bytes, bool]]
) -> None:
    outcome(tmp_path_factory.getbasetemp(), path, original(path))  # what is read once is read
    tracemalloc.start()
    try:
        outcome(tmp_path_factory.getbasetemp(), path, damaged(original(path), damage))
        assert tracemalloc.get_traced_memory()[1] < MOST_BYTES
    finally:
        tracemalloc.stop()


def test_the_names_are_those_that_are_published() -> None:
    assert set(NAMES) <= {path.parent.name for path in FILES}
