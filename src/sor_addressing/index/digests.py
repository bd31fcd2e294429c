"""Digests of what an index says of each unit and each location number: equal ones need no second look when days are compared.

A unit's digest covers its SOR code, its packed record, its place in the tree, its period, its SHAK codes in use, and the location number it is
reached at with the owner of it; of a unit that owns its number also what stands behind the number. A number's digest covers the number and its
registrations. Digests are the same for the same facts in every register and process, so that they can be kept in the compiled file.
"""

from __future__ import annotations

import gc
from array import array
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from itertools import pairwise
from struct import Struct

from sor_addressing.index.columns import LOCATION_OWN, NOTHING, REGISTRATION_SHIFT, Slices
from sor_addressing.index.keys import ODD_FROM
from sor_addressing.index.lookup import Index

UNITS, NUMBERS = "digest_units", "digest_numbers"
_SIZE = 8
_DIRECTIONS = (1 << REGISTRATION_SHIFT) - 1
_OF_UNIT = Struct("<qqqqQiiBBB16s").pack
_BEHIND = Struct("<ii8s").pack
_NOTHING_BEHIND = bytes(16)
_SPREAD, _WIDEST = 0x9E3779B97F4A7C15, (1 << 64) - 1
"""An odd factor that spreads keys over all 64 bits."""


def make_digests(index: Index) -> dict[str, array[int]]:
    """Both columns: one value for each row, and one for each location number; written into the compiled file by ``Register.save``."""
    was_on = gc.isenabled()
    gc.disable()  # nothing made here is part of a cycle
    try:
        return {UNITS: _of_units(index), NUMBERS: _of_numbers(index)}
    finally:
        if was_on:
            gc.enable()


def digests(index: Index, name: str) -> Sequence[int]:
    """The digests of an index, by :data:`UNITS` or :data:`NUMBERS`: kept with it, or made when somebody first asks."""
    known = index.digests.get(name)
    if known is None:
        kept: Slices | None = index.columns.kept(name)
        if kept is None:
            index.digests.update(make_digests(index))
            return index.digests[name]
        known = index.digests[name] = kept[0 : len(kept)]
    return known


def _of_units(index: Index) -> array[int]:
    columns = index.columns
    keys = list(_keys(index, columns.unit_key))
    above = [*keys, 0]  # the last stands for no parent
    numbers = list(_keys(index, columns.number_key))
    states = columns.unit_location_state
    # One more location than there are stands for none; so does -1, which is NOTHING.
    number_at = [*(numbers[number] for number in columns.location_number), 0]
    owner_at = [*(keys[owner] for owner in columns.location_owner), 0]
    behind = [*_behind(index), _NOTHING_BEHIND]
    packed = map(
        _OF_UNIT,
        keys,
        [above[parent] for parent in columns.unit_parent],
        [number_at[location] for location in columns.unit_location],
        [owner_at[location] for location in columns.unit_location],
        _shak_codes(index),
        columns.unit_from,
        columns.unit_to,
        columns.unit_kind,
        columns.unit_flags,
        states,
        [
            behind[location if state == LOCATION_OWN else NOTHING]
            for location, state in zip(columns.unit_location, states, strict=True)
        ],
    )
    records = bytes(columns.records[0 : len(columns.records)])
    return _joined(
        blake2b(facts + records[begin:end], digest_size=_SIZE).digest()
        for facts, (begin, end) in zip(packed, pairwise(columns.unit_record), strict=True)
    )


def _behind(index: Index) -> Iterator[bytes]:
    """What stands behind each location, as bytes of one length: its period, and a digest of the rest, which many share."""
    columns, text = index.columns, index.text
    known: dict[tuple[int, ...], bytes] = {}
    for first, last, *rest in zip(
        columns.location_from,
        columns.location_to,
        columns.location_flags,
        columns.location_system,
        columns.location_supplier,
        columns.location_net_operator,
        columns.location_administrator,
        strict=True,
    ):
        shared = tuple(rest)
        digest = known.get(shared)
        if digest is None:
            said = "\x1f".join([str(shared[0]), *map(text, shared[1:])])
            digest = known[shared] = blake2b(said.encode(), digest_size=_SIZE).digest()
        yield _BEHIND(first, last, digest)


def _shak_codes(index: Index) -> list[int]:
    """Of each unit its SHAK codes in use, all in one value."""
    columns = index.columns
    found = [0] * len(index)
    retired = set(columns.retired_key)
    starts, units = columns.shak_start, columns.shak_unit
    keys = _keys(index, columns.shak_key)
    for key, own_key, (begin, end) in zip(keys, columns.shak_key, pairwise(starts), strict=True):
        if own_key not in retired:
            for row in units[begin:end]:
                found[row] ^= key * _SPREAD & _WIDEST
    return found


def _of_numbers(index: Index) -> array[int]:
    columns = index.columns
    of_set = [*_of_sets(index), 0]  # the last stands for no registrations
    keys = _keys(index, columns.number_key)
    return array(
        "Q",
        [of_set[number] ^ key * _SPREAD & _WIDEST for key, number in zip(keys, columns.number_set, strict=True)],
    )


def _of_sets(index: Index) -> array[int]:
    columns = index.columns
    texts = [index.text(position).encode() for position in columns.type_text]
    entries = columns.set_entry[0 : len(columns.set_entry)]
    # An entry names its type by a position that another register gives to another type.
    said = {
        entry: _number(b"%s %d" % (texts[entry >> REGISTRATION_SHIFT], entry & _DIRECTIONS)) for entry in set(entries)
    }
    every = array("Q", map(said.__getitem__, entries)).tobytes()
    return _joined(
        blake2b(every[begin * _SIZE : end * _SIZE], digest_size=_SIZE).digest()
        for begin, end in pairwise(columns.set_start)
    )


def _keys(index: Index, keys: Sequence[int]) -> Iterator[int]:
    """The keys, with others for odd identifiers, whose own keys mean something in one index only."""
    if not len(index.columns.odd_text):
        return iter(keys)
    return (
        key
        if key > ODD_FROM
        else ODD_FROM - (_number(index.text(index.columns.odd_text[ODD_FROM - key]).encode()) >> 2)
        for key in keys
    )


def _number(data: bytes) -> int:
    return int.from_bytes(blake2b(data, digest_size=_SIZE).digest(), "little")


def _joined(found: Iterator[bytes]) -> array[int]:
    values = array("Q")
    values.frombytes(b"".join(found))
    return values
