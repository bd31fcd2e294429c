"""What stands beside every extract: :class:`Manifest`, what it was made of, for what, and what it leaves out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import attrs

from sor_addressing.cells import json_text
from sor_addressing.model import SourceDay
from sor_addressing.search.rules.facets import UnknownValue

SUFFIX = ".manifest.json"


@attrs.frozen(slots=True, repr=False, kw_only=True)
class Manifest:
    """What an extract is, as the file beside it says: nothing in it depends on when or where it was made.

    ``rows`` is how many rows the file has, ``not_addressable`` counts the keys that no letter can go to by the code of the finding against
    them, and ``without_key`` the units of the use that have no key: rows and ``not_addressable`` together are all keys, or rows alone are
    where ``only_addressable`` is False. ``unknown`` are values of the use that no unit of the register has. ``more`` is what a format says of
    itself, such as ``full_text_search`` of SQLite.
    """

    path: Path
    format: str
    use: str
    description: str
    key: str
    rows: int
    columns: tuple[str, ...]
    on: dt.date
    snapshot_date: dt.date
    only_addressable: bool
    message_types: str
    has_message_types: bool
    language: str
    not_addressable: Mapping[str, int] = attrs.field(hash=False)
    without_key: Mapping[str, int] = attrs.field(hash=False)
    unknown: tuple[UnknownValue, ...]
    policy: Mapping[str, object] = attrs.field(hash=False)
    sources: tuple[SourceDay, ...]
    library_version: str
    bytes: int
    sha256: str
    more: Mapping[str, object] = attrs.field(factory=dict, hash=False)

    def __repr__(self) -> str:
        return f"<Manifest of {self.path.name}: {self.rows} rows by {self.key}, register of {self.snapshot_date}>"

    @property
    def manifest_path(self) -> Path:
        """Where this manifest stands as a file: beside the extract."""
        return self.path.with_name(self.path.name + SUFFIX)

    def to_dict(self) -> dict[str, object]:
        """Plain types, stable keys; the file by its name alone."""
        return {
            "file": self.path.name,
            "format": self.format,
            "use": self.use,
            "description": self.description,
            "key": self.key,
            "rows": self.rows,
            "columns": list(self.columns),
            "on": self.on.isoformat(),
            "snapshot_date": self.snapshot_date.isoformat(),
            "only_addressable": self.only_addressable,
            "message_types": self.message_types,
            "has_message_types": self.has_message_types,
            "language": self.language,
            "not_addressable": dict(self.not_addressable),
            "without_key": dict(self.without_key),
            "unknown": [value.to_dict() for value in self.unknown],
            "policy": dict(self.policy),
            "sources": [source.to_dict() for source in self.sources],
            "library_version": self.library_version,
            "bytes": self.bytes,
            "sha256": self.sha256,
            **self.more,
        }

    def to_json(self) -> str:
        """What the file beside the extract says."""
        return json_text(self.to_dict(), indent=2) + "\n"
