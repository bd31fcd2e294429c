from __future__ import annotations

import datetime as dt
import gzip
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import sor_addressing.testing
from sor_addressing.testing import MadeUpExtract, RegisterBuilder, WrittenExtract


@pytest.fixture
def build() -> RegisterBuilder:
    build = RegisterBuilder()
    owner = build.owner("Ejer", location_number=True)
    build.institution(owner, "Hus", inherits=True)
    build.registers(owner, "DIS91 D9134L", receive=True)
    return build


def test_an_extract_is_the_sequence_of_its_units(build: RegisterBuilder) -> None:
    extract = build.extract()
    assert len(extract) == 2
    assert [unit.name for unit in extract] == ["Ejer", "Hus"]


def test_a_unit_is_found_by_name_or_sor_code(build: RegisterBuilder) -> None:
    extract = build.extract()
    assert extract.unit("Hus") is extract.units[1]
    assert extract.unit(extract.units[1].sor_code) is extract.units[1]
    with pytest.raises(LookupError, match="0 units of this extract are called 'Ingen'"):
        extract.unit("Ingen")
    build.owner("Ejer")
    with pytest.raises(LookupError, match="2 units"):
        build.extract().unit("Ejer")


def test_plain_files_lie_in_the_folder_that_is_made_for_them(build: RegisterBuilder, tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    written = build.write(folder)
    assert written == WrittenExtract(folder / "Sor.xml", folder / "Edityper.csv")
    assert sorted(path.name for path in folder.iterdir()) == ["Edityper.csv", "Sor.xml"]


def test_compressed_files_hold_the_plain_one(build: RegisterBuilder, tmp_path: Path) -> None:
    plain = build.write(tmp_path).units.read_bytes()
    packed = build.write(tmp_path, compressed="gz").units
    archived = build.write(tmp_path, compressed="zip").units
    assert (packed.name, archived.name) == ("Sor.xml.gz", "Sor.zip")
    assert gzip.decompress(packed.read_bytes()) == plain
    with zipfile.ZipFile(archived) as archive:
        assert archive.namelist() == ["Sor.xml"]
        assert archive.read("Sor.xml") == plain
        assert archive.infolist()[0].date_time == (2026, 1, 15, 21, 30, 0)


@pytest.mark.parametrize("compressed", [None, "gz", "zip"])
def test_the_same_extract_gives_the_same_bytes(build: RegisterBuilder, tmp_path: Path, compressed) -> None:  # type: ignore[no-untyped-def]
    one = build.write(tmp_path / "one", compressed=compressed)
    other = build.write(tmp_path / "other", compressed=compressed)
    assert one.units.read_bytes() == other.units.read_bytes()


def test_another_compression_is_refused(build: RegisterBuilder, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="compressed is None, 'gz' or 'zip', not 'rar'"):
        build.write(tmp_path, compressed="rar")  # type: ignore[arg-type]


def test_an_extract_without_message_types_writes_no_file_of_them(build: RegisterBuilder, tmp_path: Path) -> None:
    build.without_message_types()
    assert build.write(tmp_path) == WrittenExtract(tmp_path / "Sor.xml", None)
    assert [path.name for path in tmp_path.iterdir()] == ["Sor.xml"]


def test_options_reach_both_writers(build: RegisterBuilder, tmp_path: Path) -> None:
    written = build.write(tmp_path, version=1, delimiter=",", encoding="utf-8", directions="none")
    assert b"<OwnerType>" not in written.units.read_bytes()
    assert b"OptionalEanLocationCode" in written.units.read_bytes()
    assert written.message_types is not None
    assert written.message_types.read_bytes() == (b"Lokationsnummer,EDI-type,Version\r\n5790999000000,DIS91,D9134L\r\n")


def test_a_register_of_an_extract_takes_what_the_caller_says_first(build: RegisterBuilder) -> None:
    register = build.extract().to_register(clock=lambda: dt.date(2026, 1, 18))
    assert register.age_days == 3
    assert register.has_message_types
    build.without_message_types()
    assert not build.build().has_message_types


def test_every_public_name_of_the_kit_is_there() -> None:
    for name in sor_addressing.testing.__all__:
        assert getattr(sor_addressing.testing, name).__doc__, name
    assert sor_addressing.testing.MadeUpExtract is MadeUpExtract
    assert set(sor_addressing.testing.__all__) <= set(dir(sor_addressing.testing))
    with pytest.raises(AttributeError, match="has no attribute 'made_up_continent'"):
        sor_addressing.testing.made_up_continent  # noqa: B018


def test_importing_the_kit_imports_none_of_its_modules() -> None:
    program = (
        "import sys, sor_addressing.testing as kit; print([name for name in sys.modules if kit.__name__ + '.' in name])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env={**os.environ}
    )
    assert answer.stdout.strip() == "[]"
