"""Settings in CSV, row by row."""

from __future__ import annotations

from pathlib import Path

import pytest

from sor_addressing.errors import PolicyError
from sor_addressing.written_data.rows import read_rows


@pytest.mark.parametrize("sign", ["\u2028", "\x85", "\v", "\x1c"])
def test_only_line_ends_part_rows(tmp_path: Path, sign: str) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(f"name;note\nA;one{sign}two\r\n# left out\rB;\n", "utf-8", newline="")
    assert read_rows(path, PolicyError, required=("name", "note")) == [
        (2, {"name": "A", "note": f"one{sign}two"}),
        (4, {"name": "B", "note": ""}),
    ]
