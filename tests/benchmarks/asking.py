"""Questions to a register: validate, validate_many and find."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import cycle, islice

from stdnum import ean
from tests.benchmarks.measuring import Asked, Row, faster, least_times, slower
from tests.benchmarks.nation import DAY, SEED, opened_nation

from sor_addressing import Register

TYPES = ("DIS91 D9134L", "XDIS91", "FDIS91 5.0", "REF01", "XREF15 XH1530R", "RPT01 R0131K", "DIS20", "CTL03")
_TURNS = 9
_BATCH = 5_000
Pair = tuple[str, str]


def questions(register: Register, count: int) -> list[Pair]:
    """Half location numbers, 30 % SOR codes, 20 % provider numbers; every fifth is of a unit that inherits its number.

    Each identifier is asked once while there are others: what one question leaves behind helps no other.
    """
    chance = random.Random(SEED)  # noqa: S311 (nothing secret: the same questions every time)
    units = [unit for unit in register if unit.location]
    chance.shuffle(units)
    own: dict[str, list[str]] = {"location_number": [], "sor_code": [], "provider_number": []}
    inheriting: dict[str, list[str]] = {kind: [] for kind in own}
    for unit in units:
        kinds = inheriting if unit.location and unit.location.inherited else own
        kinds["location_number"].append(unit.location.number if unit.location else "")
        kinds["sor_code"].append(unit.sor_code)
        kinds["provider_number"] += [unit.provider_number] if unit.provider_number else []
    sources = {
        (kind, inherits): cycle(dict.fromkeys(values) or own[kind])
        for inherits, group in ((False, own), (True, inheriting))
        for kind, values in group.items()
    }
    wanted = (["location_number"] * 5 + ["sor_code"] * 3 + ["provider_number"] * 2) * 5
    pattern = [(kind, place % 5 == 0) for place, kind in enumerate(chance.sample(wanted, len(wanted)))]
    return [(next(sources[which]), chance.choice(TYPES)) for which in islice(cycle(pattern), count)]


def validate(asked: Asked) -> Iterator[Row]:
    """Validate mixed identifiers, warm and fresh, against checking a number's digits."""
    register = opened_nation(asked.units)
    pairs = questions(register, _TURNS * _BATCH)
    batches = iter([pairs[start : start + _BATCH] for start in range(0, len(pairs), _BATCH)])
    numbers = list(islice(cycle(register.by_location_number), _BATCH))
    outcomes: dict[str, int] = {}
    for recipient, message_type in questions(register, 1_000):
        outcome = register.validate(recipient, message_type).outcome
        outcomes[outcome] = outcomes.get(outcome, 0) + 1

    def verdicts() -> None:
        ask = register.validate
        for recipient, message_type in next(batches):
            ask(recipient, message_type)

    def check_digits() -> None:
        check = ean.validate
        for number in numbers:
            check(number)

    digits, asked_for = least_times(check_digits, verdicts, turns=_TURNS)
    each = 1e6 / _BATCH
    share = ", ".join(f"{name} {count / 10:.0f} %" for name, count in sorted(outcomes.items()))
    figures = f"{asked_for.cpu * each:.2f} us against {digits.cpu * each:.2f} us; {share}"
    yield slower("validate, mixed identifiers", asked_for, digits, 2.0, "stdnum.ean.validate", figures)


def many(asked: Asked) -> Iterator[Row]:
    """A million pairs of which some 20,000 are distinct, as a stream, against asking a fifth of them one by one."""
    register = opened_nation(asked.units)
    distinct = questions(register, 20_000)
    chance = random.Random(SEED)  # noqa: S311 (as above)
    pairs = [chance.choice(distinct) for _ in range(1_000_000)]

    def loop() -> None:
        ask = register.validate
        for recipient, message_type in pairs[::5]:
            ask(recipient, message_type)

    def stream() -> None:
        for _verdict in register.validate_many(pairs):
            pass

    looped, streamed = least_times(loop, stream, turns=2)
    whole = looped._replace(cpu=looped.cpu * 5, wall=looped.wall * 5)
    yield faster("validate_many, a million pairs", streamed, whole, 5.0, "validate in a loop")


def find(asked: Asked) -> Iterator[Row]:
    """Recipients of a message type in one municipality, against asking every unit of it."""
    register = opened_nation(asked.units)
    municipalities = sorted(register._index.municipalities())
    of_the_first = [unit for unit in register if unit.municipality == municipalities[0]]

    def by_rule() -> None:
        for municipality in municipalities:
            register.find(message_type="XREF15", municipality=municipality, on=DAY)

    def one_by_one() -> None:
        for unit in of_the_first:
            register.validate(unit, "XREF15")

    found, scanned = least_times(by_rule, one_by_one, turns=3)
    each = found._replace(cpu=found.cpu / len(municipalities), wall=found.wall / len(municipalities))
    yield faster("find in one municipality", each, scanned, 3.0, f"validating its {len(of_the_first)} units")
