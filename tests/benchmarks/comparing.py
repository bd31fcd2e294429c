"""How long two days take to compare, against hashing every record of both once."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path

from tests.benchmarks.measuring import Asked, Row, least_times, slower
from tests.benchmarks.nation import SEED, kept_folder

from sor_addressing import Register, compare
from sor_addressing.index.lookup import Index
from sor_addressing.testing import made_up_nation

_CHANGED_PER_THOUSAND = 2


def compare_days(asked: Asked) -> Iterator[Row]:
    """Compare two compiled days of which the second has two units of a thousand changed."""
    old, new = _days(asked.units)

    def hashing() -> None:
        for path in (old, new):
            _hash_records(Register.open(path)._index)

    hashed, compared = least_times(hashing, lambda: compare(Register.open(old), Register.open(new)), turns=7)
    yield slower("compare, compiled days", compared, hashed, 2.0, "hashing the records of both")


def _hash_records(index: Index) -> None:
    columns = index.columns
    records = bytes(columns.records[0 : len(columns.records)])
    for begin, end in pairwise(columns.unit_record):
        blake2b(records[begin:end], digest_size=8).digest()


def _days(units: int) -> tuple[Path, Path]:
    """The nation compiled, and the nation of the next day."""
    folder = kept_folder(f"compiled-{units}")
    old, new = folder / "day-1.compiled", folder / "day-2.compiled"
    made_up_nation(units, seed=SEED).to_register().save(old)
    extract = made_up_nation(units, seed=SEED)
    extract.snapshot_date += dt.timedelta(1)
    chance = random.Random(SEED)  # noqa: S311 (nothing secret: the same changes every time)
    for record in chance.sample(extract.units, units * _CHANGED_PER_THOUSAND // 1000):
        record.name += " ny"
        if record.location is not None:
            record.location.system = "4711"
    extract.to_register().save(new)
    return old, new
