"""A made-up nation of any size by seed, with everything odd that the real register has."""

from __future__ import annotations

import datetime as dt

from sor_addressing.misspelt import suggests_arguments
from sor_addressing.testing.extract import MadeUpExtract
from sor_addressing.testing.nation.chance import Chance
from sor_addressing.testing.nation.ground import Ground
from sor_addressing.testing.nation.hospitals import Hospitals
from sor_addressing.testing.nation.lives import close_some
from sor_addressing.testing.nation.municipalities import Municipalities
from sor_addressing.testing.nation.naming import rename_some
from sor_addressing.testing.nation.oddities import Oddities
from sor_addressing.testing.nation.practices import Practices
from sor_addressing.testing.nation.traffic import Traffic

__all__ = ["made_up_nation"]

_FEWEST, _MOST = 5, 200_000
_PER_CENT_IN_REGIONS, _PER_CENT_IN_MUNICIPALITIES = 45, 25


@suggests_arguments
def made_up_nation(units: int = 90_000, seed: int = 1, snapshot_date: dt.date = dt.date(2026, 1, 15)) -> MadeUpExtract:
    """A nation of made-up health organisations: the same for the same seed, on every machine.

    Five regions own hospitals, with departments and wards up to eight levels deep, the largest half of all units in
    regions; 98 municipalities care and nurse, each with a unit that takes hospital notifications; practices,
    dentists, pharmacies and laboratories are small owners in the thousands. About an eighth of all units are closed.

    From 2,000 units on everything odd is there, and ``examples`` of the extract names where: successors in chains,
    splits, merges, loops and dead ends (``successor-chain`` …); inheritance that breaks; closed, future, inactive and
    internal numbers, two owners of one; shared and reassigned provider numbers; units closing soon, not yet open or
    with unreadable periods; numbers without registrations (``no-registrations``) or unit (``location-without-unit``);
    registrations that go one way (``send-only``, ``receive-only``), in old versions, without version, of unknown types,
    without receipts.

    Args:
        units: how many there are in all, from 5 to 200,000. Beyond some 180,000 the made-up location numbers run
            short, and more units inherit.
        seed: another seed gives another nation.
        snapshot_date: the day it shows.

    Raises:
        ValueError: ``units`` is outside its range.

    >>> nation = made_up_nation(200)
    >>> len(nation), nation.units[0].name
    (200, 'Region Nordhav')
    """
    if not _FEWEST <= units <= _MOST:
        raise ValueError(f"a made-up nation has from {_FEWEST} to {_MOST:,} units, not {units:,}")
    ground = Ground(Chance(seed), snapshot_date)
    in_regions = units * _PER_CENT_IN_REGIONS // 100
    in_municipalities = units * _PER_CENT_IN_MUNICIPALITIES // 100
    Hospitals(ground).grow(in_regions)
    Municipalities(ground).grow(in_municipalities)
    Practices(ground).grow(units - in_regions - in_municipalities)
    rename_some(ground, seed)
    close_some(ground)
    examples: dict[str, list[str]] = {}
    Oddities(ground, examples).plant()
    registrations = list(Traffic(ground, examples).all())
    return MadeUpExtract(
        snapshot_date=snapshot_date,
        created_at=dt.datetime.combine(snapshot_date, dt.time(21, 30)),
        units=ground.units,
        registrations=registrations,
        ceased_providers=_ceased_providers(ground, examples),
        examples={name: tuple(identifiers) for name, identifiers in examples.items()},
    )


def _ceased_providers(ground: Ground, examples: dict[str, list[str]]) -> dict[str, dt.date]:
    """Provider numbers that ended while their unit is still open: it was closed, but not in the register."""
    ceased: dict[str, dt.date] = {}
    for unit in ground.units:
        if unit.provider_number and unit.to_date is None and (ground.chance.hits(0.01) or not ceased):
            ceased[unit.provider_number] = ground.snapshot_date - dt.timedelta(ground.chance.between(1, 700))
            examples.setdefault("provider-ceased", []).append(unit.sor_code)
    return ceased
