"""A made-up register in one line: the units by name, each with what makes it different."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, cast

from sor_addressing.misspelt import check_names, nearest
from sor_addressing.testing.builder import RegisterBuilder, UnitFields

if TYPE_CHECKING:
    from sor_addressing.index.unit import Unit
    from sor_addressing.register.face import Register

__all__ = ["LineUnit", "register_of", "unit_named"]

_DAY = dt.date(2026, 1, 15)


class LineUnit(UnitFields, total=False):
    """What a unit of :func:`register_of` can be given: everything that a unit of a builder can, and where it lies and what it registers.

    ``below`` is the name of the unit above; without it the unit lies in a made-up institution. ``registers`` are the message types that it may
    send and receive, ``receives`` and ``sends`` those it may only receive or only send: one text or several.
    """

    below: str
    registers: str | Sequence[str]
    receives: str | Sequence[str]
    sends: str | Sequence[str]
    registers_in_eer: str | Sequence[str]


def register_of(
    units: Mapping[str, LineUnit] | None = None,
    /,
    *,
    registers: str | Sequence[str] = (),
    message_types: bool = True,
    ceased: Mapping[str, dt.date] | None = None,
    snapshot_date: dt.date | str = _DAY,
    clock: Callable[[], dt.date] | None = None,
    **named: LineUnit,
) -> Register:
    """A made-up register of the units that are named, each with what makes it different.

    A unit has a location number of its own unless it says ``inherits=True`` or ``location_number=False``.

    Args:
        units: name to fields, for names that are no words of Python.
        registers: message types that every unit with a number of its own may send and receive.
        message_types: False makes a register without a file of message types.
        ceased: provider numbers that the provider register has ended, with their last day.
        snapshot_date: the day of the register, as a date or as ISO text.
        clock: tells today's date; it stands still on the snapshot date by default.
        named: name to fields; see :class:`LineUnit`.

    >>> register = register_of(Klinikken={"provider_number": "990077"}, registers="DIS91 D9134L")
    >>> register.validate("990077", "DIS91").outcome
    <Outcome.SUPPORTED: 'supported'>
    """
    day = dt.date.fromisoformat(snapshot_date) if isinstance(snapshot_date, str) else snapshot_date
    builder = RegisterBuilder(day)
    house = builder.institution(builder.owner("Opdigtet Ejer"), "Opdigtet Institution")
    codes: dict[str, str] = {}
    for name, given in {**(units or {}), **named}.items():
        codes[name] = _add(builder, name, given, codes, house, registers)
    for provider_number, last_day in (ceased or {}).items():
        builder.provider_ceased(provider_number, last_day)
    if not message_types:
        builder.without_message_types()
    return builder.build() if clock is None else builder.build(clock=clock)


def unit_named(register: Register, name: str) -> Unit:
    """The one unit of a register with this name, as it is written there.

    Raises:
        LookupError: no unit has it, or several do.

    >>> from sor_addressing import Register
    >>> unit_named(Register.sample(), "Klinikken Kun XML").provider_number
    '990005'
    """
    found = [unit for unit in register if unit.name == name]
    if len(found) != 1:
        raise LookupError(f"{len(found)} units of this register are called {name!r}")
    return found[0]


def _add(
    builder: RegisterBuilder,
    name: str,
    given: LineUnit,
    codes: Mapping[str, str],
    house: str,
    registers: str | Sequence[str],
) -> str:
    _check(name, given)
    fields = dict(given)
    below = fields.pop("below", None)
    if below is not None and below not in codes:
        raise ValueError(f"{name!r} lies below {below!r}, which is not named before it")
    registered = {key: _texts(fields.pop(key, ())) for key in ("registers", "receives", "sends")}
    in_eer = _texts(fields.pop("registers_in_eer", ()))
    if not {"location_number", "inherits", "location"} & fields.keys():
        fields["location_number"] = True
    own = bool(fields.get("location_number", "location" in fields))
    parent = house if below is None else codes[str(below)]
    code = builder.unit(parent, name, **cast("UnitFields", fields))
    both = (*registered["registers"], *(_texts(registers) if own else ()))
    for types, directions in (
        (both, {"send": True, "receive": True}),
        (registered["receives"], {"receive": True}),
        (registered["sends"], {"send": True}),
    ):
        if types:
            builder.registers(code, *types, **directions)
    if in_eer:
        builder.registers_in_eer(code, *in_eer)
    return code


def _check(name: str, given: object) -> None:
    """Refuse what is no unit: an argument that is misspelt is taken for one, or a field is misspelt."""
    if isinstance(given, Mapping) and given.keys() <= LineUnit.__annotations__.keys():
        return
    meant = nearest(name, ("registers", "message_types", "ceased", "snapshot_date", "clock"))
    if meant is not None:
        raise TypeError(
            f"register_of has no argument {name!r}: did you mean {meant!r}? A unit called so has only fields of a unit"
        )
    if not isinstance(given, Mapping):
        raise TypeError(f"the unit {name!r} is given as {type(given).__name__}: give its fields by name, as a mapping")
    check_names(f"the unit {name!r}", given, LineUnit.__annotations__)


def _texts(given: object) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(cast("Sequence[str]", given))
