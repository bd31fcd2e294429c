"""A nation that can't be kept is made anew."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from sor_addressing.testing import cached_nation


def test_a_folder_that_can_t_be_written_is_no_reason_to_have_no_nation(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    register = cached_nation(tmp_path / "file" / "below", 50)
    assert len(register) == 50
    assert cached_nation(tmp_path / "file" / "below", 50, clock=lambda: dt.date(2030, 1, 1)).age_days > 1_000


def test_nor_is_a_disk_that_is_full(tiny_disk: Path) -> None:
    assert len(cached_nation(tiny_disk, 500)) == 500
    assert list(tiny_disk.iterdir()) == []
