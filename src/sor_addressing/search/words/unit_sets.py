"""Sets of units as the bits of long whole numbers, and counts of them, one such number a binary digit: all units are counted at once."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from typing import NamedTuple

DIGITS = 6
"""Binary digits of a count."""

MOST_COUNT = (1 << DIGITS) - 1
"""The highest count."""

_MOST_REMEMBERED = 20_000_000
"""Bytes of sets that are remembered."""

MANY = 96
"""So many units make a set that is worth being remembered."""

_FEW = 6
_ANY = re.compile(rb"[^\0]")
_BIT = [1 << bit for bit in range(8)]
_BITS = [[bit for bit in range(8) if byte >> bit & 1] for byte in range(256)]


class UnitSet(NamedTuple):
    """Units that carry a text, and those with all that stand below them."""

    own: int
    below: int


class UnitSets:
    """Makes sets of the units of one tree, and remembers those asked for by a key; shared by all threads."""

    def __init__(self, size: int, end: Sequence[int]) -> None:
        self._bytes = size // 8 + 2
        self._end = end
        self._known: dict[int, UnitSet] = {}
        self._left = _MOST_REMEMBERED
        self._adding = threading.Lock()

    def remembered(self, key: int, units: Sequence[int], begins: int, parts: int, ends: int) -> UnitSet:
        """The set of the units from ``begins`` (with others below them) and from ``parts`` (without); always the same for the same ``key``."""
        known = self._known.get(key)
        if known is None:
            known = self.of(units[begins:parts], units[parts:ends])
            with self._adding:
                self._left -= self._bytes * (1 if known.own is known.below else 2)
                if self._left < 0:
                    self._known.clear()
                    self._left = _MOST_REMEMBERED
                self._known[key] = known
        return known

    def of(self, with_units_below: Sequence[int], leaves: Sequence[int]) -> UnitSet:
        """Units with others below them, and units without."""
        own = self.bits(leaves)
        below = own
        if len(with_units_below):
            own |= self.bits(with_units_below)
            below |= self._ranges(with_units_below)
        return UnitSet(own, below)

    def bits(self, units: Sequence[int]) -> int:
        """Single units."""
        if len(units) <= _FEW:
            found = 0
            for unit in units:
                if unit >> 3 >= self._bytes:  # of a forged file: the number would fill the memory
                    raise IndexError(unit)
                found |= 1 << unit
            return found
        marks, bit = bytearray(self._bytes), _BIT
        for unit in units:
            marks[unit >> 3] |= bit[unit & 7]
        return int.from_bytes(marks, "little")

    def _ranges(self, units: Sequence[int]) -> int:
        """All from each unit to the end of what stands below it."""
        end = self._end
        starts, ends = [], []
        last = 0
        for unit in sorted(units):
            if unit >= last:  # else it stands below one before
                last = end[unit]
                starts.append(unit)
                ends.append(last)
        # As numbers, the bits from a to b are 2**b - 2**a; no two ranges overlap, so the sums of both are sets.
        return self.bits(ends) - self.bits(starts)


def members(bits: int) -> Iterator[int]:
    """The units of a set, in order."""
    data = bits.to_bytes((bits.bit_length() + 7) // 8, "little")
    for found in _ANY.finditer(data):
        place = found.start()
        for bit in _BITS[data[place]]:
            yield 8 * place + bit


class Counts:
    """How much each unit has been counted, up to :data:`MOST_COUNT`."""

    def __init__(self) -> None:
        self._digits = [0] * DIGITS

    def add(self, shares: dict[int, int]) -> None:
        """Count the units of each set as often as its key says; no unit is in two of the sets, and no sum is over :data:`MOST_COUNT`."""
        digits = self._digits
        for digit in range(DIGITS):
            carry = 0
            for share, units in shares.items():
                if share >> digit & 1:
                    carry |= units
            at = digit
            while carry and at < DIGITS:
                digits[at], carry = digits[at] ^ carry, digits[at] & carry
                at += 1

    def best_first(self, among: int) -> Iterator[tuple[int, int]]:
        """The units of ``among`` that were counted, in sets of those counted alike, the most counted first."""
        waiting = [(among, DIGITS - 1, 0)]
        while waiting:
            units, digit, count = waiting.pop()
            if not units:
                continue
            if digit < 0:
                if count:
                    yield count, units
                continue
            counted = units & self._digits[digit]
            waiting.append((units ^ counted, digit - 1, count))
            waiting.append((counted, digit - 1, count | 1 << digit))
