"""The store's journal: how the last update ended, and what the origin needs to know to send nothing twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import attrs

from sor_addressing.cells import json_text
from sor_addressing.daily.days import LARGEST_NUMBER
from sor_addressing.daily.outcomes import UpdateReason, UpdateState, reasons_of
from sor_addressing.errors import StoreError
from sor_addressing.whole_file import written_text
from sor_addressing.written_data.json_texts import read_json

_MOST = 10**15


@attrs.frozen(slots=True, kw_only=True)
class Journal:
    """One line of history: the last update.

    Attributes:
        updates: how many there were; by it a process that waited sees that another updated meanwhile.
        state: how the last one ended; None before the first.
        at: when it ended.
        reasons: why it did not take what there was.
        known: what the origin said of the last extract that was loaded, to be handed in next time.
        known_of: the folder in the store that holds that extract; where it is gone or damaged, ``known`` is worth nothing.
        extracts: the highest number that an extract in this store ever had.
    """

    updates: int = 0
    state: UpdateState | None = None
    at: dt.datetime | None = None
    reasons: tuple[UpdateReason, ...] = ()
    known: Mapping[str, str] = attrs.field(factory=dict, hash=False)
    known_of: str = ""
    extracts: int = 0

    def write(self, path: Path) -> None:
        """Write it, whole or not at all.

        Raises:
            NotWritten: the disk refuses.
        """
        values = {
            "updates": self.updates,
            "state": self.state,
            "at": self.at.isoformat() if self.at else None,
            "reasons": [reason.to_dict() for reason in self.reasons],
            "known": dict(self.known),
            "known_of": self.known_of,
            "extracts": self.extracts,
        }
        with written_text(path) as file:
            file.write(json_text(values, indent=1))

    @classmethod
    def read(cls, path: Path) -> Journal:
        """The journal at ``path``; a fresh one where there is none or it makes no sense, since nothing but comfort depends on it."""
        try:
            values = read_json(path, StoreError)
            return cls(
                updates=values.whole("updates", 0, _MOST),
                state=values.one_of("state", UpdateState, None),
                at=values.moment("at", None),
                reasons=reasons_of(values),
                known=values.mapped("known", lambda known, name: known.text(name, "")),
                known_of=values.text("known_of", ""),
                extracts=values.whole("extracts", 0, LARGEST_NUMBER),
            )
        except StoreError:
            return cls()
