"""How long two days take to compare, against hashing every record of both once."""

from __future__ import annotations

import datetime as dt
import random
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path

from tests.benchmarks.measuring import least_times, row
from tests.benchmarks.nation import SEED, nation_files

from sor_addressing import Register, compare
from sor_addressing.index.lookup import Index
from sor_addressing.testing import made_up_nation

_CHANGED_PER_THOUSAND = 2


def compare_days(units: int, repeats: int) -> None:
    """Compare two compiled days of which the second has two units of a thousand changed, and the same two registers in memory."""
    old, new, later = _days(units)

    def hashing() -> None:
        for path in (old, new):
            _hash_records(Register.open(path)._index)

    def comparing() -> None:
        compare(Register.open(old), Register.open(new))

    def without_digests() -> None:
        before, after = Register.open(old), later
        before._index.digests.clear()
        after._index.digests.clear()
        compare(before, after)

    hashed, compared, loaded = least_times(hashing, comparing, without_digests, repeats=max(repeats, 7))
    changes = compare(Register.open(old), Register.open(new))
    print(f"{len(changes):,} changes for {changes.units:,} of {units:,} units")
    against = "hashing the records of both days"
    row("compare, compiled", against, compared / hashed, 2.0, f"{compared * 1e3:.0f} ms against {hashed * 1e3:.0f} ms")
    row(
        "compare, one day not compiled",
        against,
        loaded / hashed,
        2.0,
        f"{loaded * 1e3:.0f} ms, digests made on the way",
    )


def _hash_records(index: Index) -> None:
    columns = index.columns
    records = bytes(columns.records[0 : len(columns.records)])
    for begin, end in pairwise(columns.unit_record):
        blake2b(records[begin:end], digest_size=8).digest()


def _days(units: int) -> tuple[Path, Path, Register]:
    """The nation compiled, the nation of the next day compiled, and that one in memory."""
    folder = nation_files(units)[0].parent
    old, new = folder / "day-1.compiled", folder / "day-2.compiled"
    made_up_nation(units, seed=SEED).to_register().save(old)
    extract = made_up_nation(units, seed=SEED)
    extract.snapshot_date += dt.timedelta(1)
    chance = random.Random(SEED)  # noqa: S311 (nothing secret: the same changes every time)
    for record in chance.sample(extract.units, units * _CHANGED_PER_THOUSAND // 1000):
        record.name += " ny"
        if record.location is not None:
            record.location.system = "4711"
    later = extract.to_register()
    later.save(new)
    return old, new, later
