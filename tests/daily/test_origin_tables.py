"""A folder with a table of a published name whose header is not understood: not left behind in silence by an update."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import pytest

from sor_addressing import RegisterStore
from sor_addressing.daily import origin as origins
from sor_addressing.errors import StoreError
from sor_addressing.testing import RegisterBuilder, write_complete

DAY = dt.date(2026, 1, 15)


def written(folder: Path) -> Path:
    build = RegisterBuilder(DAY)
    house = build.institution(build.owner("Ejer"), "Huset", location_number=True)
    build.registers(house, "XDIS91 XD9134L")
    headers = {"location_message_types": {"location_number": "Nummeret", "message_type_id": "Hvad"}}
    write_complete(build.extract(), folder, headers=headers)
    return folder


def test_an_update_says_which_columns_a_table_of_the_set_lacks(tmp_path: Path) -> None:
    source = written(tmp_path / "source")
    store = RegisterStore(tmp_path / "store", origin=origins.FolderOrigin(source))
    outcome = store.update()
    assert outcome.snapshot_date is None
    assert f"{source / 'LocationsCodeEDITypeMap.csv'}, line 1: no column for location_number" in outcome.text("en")


def zipped(source: Path, target: Path, *names: str) -> None:
    with zipfile.ZipFile(target, "w") as archive:
        for name in names:
            archive.write(source / "SOREntity.csv", name)


def test_of_two_tables_of_units_in_one_archive_the_daily_one_is_not_meant(tmp_path: Path) -> None:
    mirror, day = tmp_path / "mirror", tmp_path / "day"
    mirror.mkdir()
    day.mkdir()
    zipped(written(tmp_path / "source"), mirror / "units.zip", "SOREntity.csv", "SorEntity_daily.csv")
    assert origins.FolderOrigin(mirror).fetch(day, {}).files == (day / "units.zip",)


def test_of_two_daily_tables_nobody_can_tell_which_is_meant(tmp_path: Path) -> None:
    mirror = tmp_path / "mirror"
    mirror.mkdir()
    for name in ("a_daily.zip", "b_daily.zip"):
        zipped(written(tmp_path / "source"), mirror / name, "SorEntity_daily.csv")
    with pytest.raises(
        StoreError, match=r"more than one file is a SorEntity_daily\.csv \(a_daily\.zip, b_daily\.zip\)"
    ):
        origins.FolderOrigin(mirror).fetch(tmp_path, {})


def test_an_empty_table_that_answers_hang_on_is_not_passed_over(tmp_path: Path) -> None:
    source = written(tmp_path / "source")
    (source / "LocationsCodeEDITypeMap.csv").unlink()
    (source / "LocationsCodes.csv").write_bytes(b"")
    (tmp_path / "day").mkdir()
    with pytest.raises(StoreError, match=r"LocationsCodes\.csv: the file is empty; fetch it again"):
        origins.FolderOrigin(source).fetch(tmp_path / "day", {})
