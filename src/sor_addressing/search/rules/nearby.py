"""How far units lie from a point, in the metres of ETRS89, UTM zone 32 N."""

from __future__ import annotations

from math import hypot

from sor_addressing.index.lookup import Index
from sor_addressing.search.kept import kept_columns
from sor_addressing.search.rules.facet_columns import NO_PLACE, make_facet_columns


class Nearby:
    """Distances of units from one point; a unit lies where its visiting address does, or the one that stands for it."""

    __slots__ = ("_easting", "_eastings", "_northing", "_northings")

    def __init__(self, index: Index, point: tuple[float, float]) -> None:
        self._easting, self._northing = point
        columns = kept_columns(index, make_facet_columns)
        eastings, northings = (columns[name] for name in ("place_easting", "place_northing"))
        self._eastings = eastings[0 : len(eastings)]
        self._northings = northings[0 : len(northings)]

    def has_place(self, row: int) -> bool:
        """Whether the register has coordinates of the unit in ``row``."""
        return self._eastings[row] != NO_PLACE

    def distance(self, row: int) -> float:
        """Metres to the unit in ``row``, of which :meth:`has_place` is true."""
        return hypot(self._eastings[row] - self._easting, self._northings[row] - self._northing)
