"""Memory while reading ``Sor.xml``: one institution at a time, also where one owner is a whole region."""

from __future__ import annotations

import datetime as dt
import gc
import subprocess
import sys
from pathlib import Path

import pytest
from lxml import etree
from tests.extracts.by_hand import (
    DAY,
    IE,
    OE,
    SI,
    read,
    written,
)

from sor_addressing.model import (
    LocationSource,
    UnitRecord,
)
from sor_addressing.testing import MadeUpExtract, numbers, write_sor_xml
from sor_addressing.testing.builder import address


def live_elements() -> int:
    gc.collect()
    return sum(isinstance(thing, etree._Element) for thing in gc.get_objects())


def one_owner(institutions: int, units_each: int) -> MadeUpExtract:
    codes = (numbers.sor_code(n) for n in range(1_000_000))
    street = address(street="Prøvevej", building="7", postcode="9999", district="Prøveby", municipality_code="0901")
    top = UnitRecord(next(codes), IE, "Region Prøve", location_source=LocationSource.NONE)
    units = [top]
    for i in range(institutions):
        here = UnitRecord(next(codes), SI, f"Sygehus {i}", top.sor_code, location_source=LocationSource.INHERITED)
        units.append(here)
        for j in range(units_each - 1):
            units.append(
                UnitRecord(
                    next(codes), OE, f"Afsnit {j} på Sygehus {i}", here.sor_code,
                    location_source=LocationSource.INHERITED, visiting_address=street, from_date=DAY,
                )
            )  # fmt: skip
    return MadeUpExtract(snapshot_date=DAY, created_at=dt.datetime(2026, 1, 15, 21, 30), units=units)  # noqa: DTZ001


def test_an_owner_is_never_held_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    data = written(one_owner(institutions=12, units_each=50))
    sizes = []

    class Watched(etree.iterparse):  # type: ignore[type-arg]
        def __next__(self) -> tuple[str, etree._Element]:
            event = super().__next__()
            sizes.append(sum(1 for _ in event[1].getroottree().iter()))
            return event

    whole = sum(1 for _ in etree.fromstring(data).iter())
    monkeypatch.setattr(etree, "iterparse", Watched)
    units, _ = read(data)
    assert len(units) == 601
    assert len(sizes) == 14
    # An institution, and the block that the parser is ahead.
    assert max(sizes) < whole / 4


def test_nothing_of_the_tree_is_left_when_all_is_read() -> None:
    before = live_elements()
    units, _ = read(written(one_owner(institutions=2, units_each=20)))
    assert len(units) == 41
    assert live_elements() <= before


_PEAK = """
import re, sys
from pathlib import Path
from lxml import etree
from sor_addressing.extracts.xml.sor_tree import SorXmlReader
from sor_addressing.loading.from_files import load_index

def kilobytes():
    # Unlike getrusage's, this peak does not begin with that of the process that started this one.
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])

before = kilobytes()
if sys.argv[1] == "load":
    kept = load_index([sys.argv[2]])
elif sys.argv[1] == "stream":
    with open(sys.argv[2], "rb") as stream:
        for record in SorXmlReader(stream, file="Sor.xml", report=print):
            pass
else:
    kept = etree.parse(sys.argv[2], etree.XMLParser(remove_blank_text=True, collect_ids=False))
print(kilobytes() - before)
"""

measurable = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux to tell a peak of memory")


def peak(job: str, path: Path) -> float:
    """Megabytes that a new process takes for a job at its peak."""
    command = [sys.executable, "-c", _PEAK, job, str(path)]
    return int(subprocess.run(command, capture_output=True, check=True, text=True).stdout) / 1024


@measurable
def test_reading_a_large_owner_takes_little_more_than_one_of_its_institutions(tmp_path: Path) -> None:
    whole, single = tmp_path / "whole.xml", tmp_path / "single.xml"
    write_sor_xml(one_owner(institutions=20, units_each=300), whole)
    write_sor_xml(one_owner(institutions=1, units_each=300), single)
    assert peak("tree", whole) > peak("tree", single) + 10
    assert peak("stream", whole) < peak("tree", single) + 10


@pytest.mark.national
@measurable
def test_reading_an_owner_of_50000_units_stays_within_the_budget(tmp_path: Path) -> None:
    whole, single = tmp_path / "whole.xml", tmp_path / "single.xml"
    write_sor_xml(one_owner(institutions=20, units_each=2_500), whole)
    write_sor_xml(one_owner(institutions=1, units_each=2_500), single)
    streamed, subtree, loaded = peak("stream", whole), peak("tree", single), peak("load", whole)
    tree_whole = peak("tree", whole)
    print(
        f"stream {streamed:.0f} MB, one institution {subtree:.0f} MB, load {loaded:.0f} MB, whole tree {tree_whole:.0f} MB"
    )
    assert streamed <= subtree + 30
    assert loaded < tree_whole
