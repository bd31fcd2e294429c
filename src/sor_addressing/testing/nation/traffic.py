"""What stands behind location numbers, and which message types are registered on them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sor_addressing.model import RegistrationRecord
from sor_addressing.testing.nation.chance import Chance
from sor_addressing.testing.nation.ground import Ground, Standing
from sor_addressing.testing.nation.words import data

__all__ = ["Traffic", "draw_standing"]


def draw_standing(chance: Chance, sector: str) -> Standing:
    """A system of that sector, its supplier, one of its net operators and an administrator."""
    traffic = data("traffic")
    systems = [system for system in traffic["systems"] if sector in system["sectors"]]
    system = chance.one_of(systems)
    return Standing(
        system=system["system"],
        supplier=system["supplier"],
        net_operator=traffic["net_operators"][chance.one_of(system["net_operators"])],
        administrator=chance.one_of(traffic["administrators"]),
        formats=tuple(system["formats"]),
    )


class Traffic:
    """Makes the registrations of a nation, number by number, and plants what is odd in real ones."""

    def __init__(self, ground: Ground, examples: dict[str, list[str]]) -> None:
        self._ground = ground
        self._chance = ground.chance
        self._examples = examples
        traffic = data("traffic")
        self._sectors: dict[str, dict[str, list[str]]] = traffic["sectors"]
        self._families: dict[str, dict[str, str]] = traffic["families"]
        self._receipts: dict[str, Any] = traffic["receipts"]
        self._older: dict[str, str] = traffic["older"]
        self._unknown: list[str] = traffic["odd"]["unknown"]
        self._notes: list[str] = traffic["notes"]
        # Turns rather than chance: every oddity is there in a small nation too.
        self._turn = self._chance.below(1_000)

    def all(self) -> Iterator[RegistrationRecord]:
        """The registrations of every number, in the order of units, then of numbers that no unit has."""
        seen = set()
        for unit in self._ground.units:
            location = unit.location
            if location is None or location.number in seen:
                continue
            seen.add(location.number)
            location.note = self._chance.one_of(self._notes)
            yield from self._of_number(location.number)
        count = len(self._ground.units) // 500 + (len(self._ground.units) >= 20)
        for _ in range(count):
            number = self._ground.new_location_number()
            self._example("location-without-unit", number)
            yield RegistrationRecord(number, "DIS91 D9134L", True, True)
            yield RegistrationRecord(number, "CTL02 C0230Q", True, True)

    def _of_number(self, number: str) -> Iterator[RegistrationRecord]:
        sector, standing = self._ground.standings[number]
        self._turn += 1
        turn = self._turn
        if turn % 13 == 6 and sector != "notification":
            self._example("no-registrations", number)
            return
        types = self._types_of(sector, standing.formats)
        if turn % 23 == 5:
            self._one_way(types, number, send=True)
        elif turn % 23 == 11:
            self._one_way(types, number, send=False)
        without_receipts = turn % 17 == 4
        if without_receipts:
            self._example("receipt-missing", number)
        else:
            for form in standing.formats:
                types.update(dict.fromkeys(self._receipts[form], (True, True)))
                if form in self._receipts["vans"] and self._chance.hits(0.3):
                    types[self._receipts["vans"][form]] = (False, True)
        if turn % 41 == 9:
            self._example("message-type-unknown", number)
            types[self._chance.one_of(self._unknown)] = (True, True)
        older = turn % 19 == 7
        bare = turn % 29 == 3
        if bare:
            self._example("version-unknown", number)
        for message_type, (send, receive) in types.items():
            if older and message_type in self._older:
                if not bare:
                    self._example("version-not-current", number)
                message_type = self._older[message_type]
            yield RegistrationRecord(number, message_type.split(" ")[0] if bare else message_type, send, receive)

    def _types_of(self, sector: str, formats: tuple[str, ...]) -> dict[str, tuple[bool, bool]]:
        """Message types of a sector in the formats of a system, with may send and may receive."""
        families = self._sectors[sector]
        types: dict[str, tuple[bool, bool]] = {}
        for family in dict.fromkeys((*families["receives"], *families["sends"])):
            if family != "DIS91" and sector != "notification" and self._chance.hits(0.3):
                continue
            spellings = self._families[family]
            spoken = [form for form in formats if form in spellings] or [next(iter(spellings))]
            for form in spoken:
                types[spellings[form]] = (family in families["sends"], family in families["receives"])
        return types

    def _one_way(self, types: dict[str, tuple[bool, bool]], number: str, *, send: bool) -> None:
        for spelling in self._families["DIS91"].values():
            if spelling in types:
                types[spelling] = (send, not send)
                self._example("send-only" if send else "receive-only", number)

    def _example(self, name: str, number: str) -> None:
        examples = self._examples.setdefault(name, [])
        if number not in examples[-1:]:
            examples.append(number)
