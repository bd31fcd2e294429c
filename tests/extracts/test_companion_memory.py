"""The tables beside the units are read as a stream: memory is that of a block and of what is remembered, not of the file."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from sor_addressing.companions import MessageTypeRow
from sor_addressing.extracts.tables.companions import (
    read_geolocations,
    read_location_message_types,
    read_locations,
    read_shak_map,
)
from sor_addressing.extracts.tables.shak import read_shak
from sor_addressing.testing import numbers

TYPES = [MessageTypeRow(str(n), f"XDIS{n}", f"XD{n}L") for n in range(300)]
NUMBERS = [numbers.location_number(n) for n in range(2_000)]
CODES = [numbers.sor_code(n) for n in range(2_000)]

READERS: dict[str, tuple[Callable[..., Iterator[Any]], str, Callable[[int], str]]] = {
    "map": (
        partial(read_location_message_types, types=TYPES),
        "EAN;EDITypeId;Retning",
        lambda n: f"{NUMBERS[n // 150]};{n % 300};Send/Modtag",
    ),
    "locations": (
        read_locations,
        "EAN;SorId;FromDate",
        lambda n: f"{NUMBERS[n % 2_000]};{CODES[n % 2_000]};2020-01-01",
    ),
    "shak map": (read_shak_map, "SHAK;SorId", lambda n: f"99{n % 1_000:05d};{CODES[n % 2_000]}"),
    "places": (read_geolocations, "SorId;Easting;Northing", lambda n: f"{CODES[n % 2_000]};{500_000 + n},5;6200000,25"),
    "shak": (
        read_shak,
        "",
        lambda n: f"afd{f'99{n % 1_000:05d}':<20}2019010120190101{25000101}{'Afsnit':<140}1".ljust(214),
    ),
}


class Generated(io.RawIOBase):
    """A file of many rows that is never held whole."""

    def __init__(self, header: str, row: Callable[[int], str], count: int) -> None:
        self._parts = self._generate(header, row, count)

    def _generate(self, header: str, row: Callable[[int], str], count: int) -> Iterator[bytes]:
        if header:
            yield f"{header}\r\n".encode()
        for start in range(0, count, 250):
            yield "".join(f"{row(n)}\r\n" for n in range(start, start + 250)).encode()

    def read(self, size: int | None = -1) -> bytes:
        return next(self._parts, b"")


def peak(kind: str, count: int) -> int:
    reader, header, row = READERS[kind]
    tracemalloc.start()
    try:
        problems: list[object] = []
        stream = Generated(header, row, count)
        assert sum(1 for _ in reader(stream, file="fil", report=problems.append)) == count
        assert problems == []
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("kind", ["locations", "shak map", "places", "shak"])
def test_ten_times_the_rows_take_no_more_memory(kind: str) -> None:
    peak(kind, 2_000)
    few, many = peak(kind, 2_000), peak(kind, 20_000)
    assert many - few < 1_000_000


def test_the_map_of_the_nation_takes_no_more_memory_than_its_location_numbers() -> None:
    peak("map", 1_000)
    assert peak("map", 300_000) - peak("map", 1_000) < 4_000_000
