"""How long a sender waits for a receipt, and how often it sends again: rows of data, each with who says so and who says otherwise."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from sor_addressing.errors import PolicyError
from sor_addressing.shipped import shipped_rows

FHIR, CONVERTED, EHMI, VANS = CASES = ("fhir", "converted", "ehmi", "vans")
"""What a letter waits by."""

_MOST = 10 * 366 * 24 * 60


@attrs.frozen(slots=True)
class WaitingTime:
    """How long is waited in one case.

    Attributes:
        case: ``fhir``; ``converted``, while the conversion service runs; ``ehmi``, until the envelope is accepted; ``vans``, the rest.
        minutes: after so many minutes without a receipt a letter is overdue; never where None.
        resends: how many times it may be sent again; not said where None.
        source: who says so.
        otherwise: what another text says of the same; empty where none does.
    """

    case: str
    minutes: int | None
    resends: int | None
    source: str = ""
    otherwise: str = ""

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return attrs.asdict(self)


@attrs.frozen(slots=True, repr=False)
class WaitingTimes:
    """The waiting times of every case.

    >>> WaitingTimes.shipped().of("converted").minutes, WaitingTimes.shipped().of("vans").minutes
    (120, None)
    """

    _rows: tuple[WaitingTime, ...]

    @classmethod
    def shipped(cls) -> WaitingTimes:
        """Those that are published; for plain VANS none are."""
        return cls(
            tuple(
                WaitingTime(
                    case, int(minutes) if minutes else None, int(resends) if resends else None, source, otherwise
                )
                for case, minutes, resends, source, otherwise in shipped_rows(
                    "sor_addressing.deliveries", "data", "waiting.csv"
                )
            )
        )

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> WaitingTimes:
        """From a TOML file with a table a case, each with ``minutes`` and perhaps ``resends`` and ``source``; the others as published.

        Raises:
            PolicyError: it can't be read, or says what can't be; the text names file and field.
        """
        from sor_addressing.written_data.toml_files import read_toml

        table = read_toml(path, PolicyError)
        table.only(*CASES)
        rows = []
        for row in cls.shipped():
            if row.case in table:
                given = table.table(row.case).only("minutes", "resends", "source")
                row = WaitingTime(
                    row.case,
                    given.whole("minutes", 1, _MOST),
                    given.whole("resends", 0, 100) if "resends" in given else None,
                    given.text("source") if "source" in given else os.fspath(path),
                )
            rows.append(row)
        return cls(tuple(rows))

    def but(self, **minutes: Any) -> WaitingTimes:
        """The same with other minutes for the cases given.

        Raises:
            PolicyError: there is no such case, or it is no number of minutes.

        >>> WaitingTimes.shipped().but(vans=24 * 60).of("vans").minutes
        1440
        """
        for case, value in minutes.items():
            if case not in CASES:
                raise PolicyError(f"there is no case {case} to wait in: use {', '.join(CASES)}")
            if value is not None and (not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= _MOST):
                raise PolicyError(f"{case} waits {value!r}: use a whole number of minutes, 1 or more")
        return WaitingTimes(
            tuple(
                attrs.evolve(row, minutes=minutes[row.case], source="", otherwise="") if row.case in minutes else row
                for row in self._rows
            )
        )

    def of(self, case: str) -> WaitingTime:
        """The waiting time of a case."""
        return next(row for row in self._rows if row.case == case)

    def __iter__(self) -> Iterator[WaitingTime]:
        return iter(self._rows)

    def __repr__(self) -> str:
        said = ", ".join(f"{row.case} {'–' if row.minutes is None else row.minutes}" for row in self._rows)
        return f"<WaitingTimes in minutes: {said}>"

    @property
    def seconds(self) -> Mapping[str, int | None]:
        """The seconds of each case."""
        return {row.case: None if row.minutes is None else row.minutes * 60 for row in self._rows}
