"""Sets of registrations as bits: what a question about a message type is answered by."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import NamedTuple

from sor_addressing.index.columns import REGISTRATION_SHIFT
from sor_addressing.index.keys import unreadable


class RegistrationMasks(NamedTuple):
    """A set of registrations as bits: bit ``n`` stands for the index's registered type ``n``.

    ``receives`` are those that count as received: registered to receive, or without any direction. A set may leave open what is
    received, or what is sent, whatever the type: where its file speaks of the other direction alone. EER never says what is sent, so that it
    leaves that open of FHIR types, whatever SOR-EDI says of others.
    """

    send: int
    receive: int
    send_not_known: int
    receive_not_known: int
    receives: int
    receiving_is_open: bool
    sending_is_open: bool
    sending_fhir_is_open: bool = False


class Planes(dict[int, int]):
    """Entries of registrations as bits that can be put together: one plane of types for each of the four bits of directions."""

    __slots__ = ("_width",)

    def __init__(self, width: int) -> None:
        super().__init__()
        self._width = width

    def __missing__(self, entry: int) -> int:
        position = entry >> REGISTRATION_SHIFT
        if position >= self._width:
            raise unreadable()
        bit = 1 << position
        found = 0
        for plane in range(REGISTRATION_SHIFT):
            if entry >> plane & 1:
                found |= bit << plane * self._width
        self[entry] = found
        return found

    def masks(self, entries: Sequence[int], *, sending_fhir_is_open: bool) -> RegistrationMasks:
        """The registrations of a set as bits."""
        width = self._width
        bits = reduce(or_, map(self.__getitem__, entries), 0)
        types = (1 << width) - 1
        send, receives = bits & types, bits >> width & types
        receive, send_not_known, receive_not_known = receives, 0, 0
        bits >>= 2 * width
        if bits:
            send_not_known, receive_not_known = bits & types, bits >> width
            receives |= send_not_known & receive_not_known
        return RegistrationMasks(
            send,
            receive,
            send_not_known,
            receive_not_known,
            receives,
            not receives and receive_not_known > 0,
            not send | (send_not_known & receive_not_known) and send_not_known > 0,
            sending_fhir_is_open,
        )
