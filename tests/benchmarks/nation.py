"""The made-up nation that benchmarks read, written once to a folder and kept there."""

from __future__ import annotations

import tempfile
from pathlib import Path

from sor_addressing import Register
from sor_addressing.testing import made_up_nation

SEED = 1


def nation_files(units: int) -> tuple[Path, Path]:
    """``Sor.zip`` and ``Edityper.csv`` of a made-up nation; written when they aren't there yet."""
    folder = Path(tempfile.gettempdir(), f"sor-addressing-nation-{units}-{SEED}")
    units_file, types_file = folder / "Sor.zip", folder / "Edityper.csv"
    if not (units_file.exists() and types_file.exists()):
        print(f"writing a made-up nation of {units} units to {folder} ...", flush=True)
        folder.mkdir(exist_ok=True)
        made_up_nation(units, seed=SEED).write(folder, compressed="zip")
    return units_file, types_file


def compiled_nation(units: int) -> Path:
    """The nation compiled by this version of the library."""
    units_file, types_file = nation_files(units)
    target = units_file.with_name("register.compiled")
    Register.load(units_file, message_types=types_file).save(target)
    return target
