"""Who converts: models that say whose task a conversion between the formats of a family is.

Nothing is agreed nationally, so there are several models, as rows with a scope, and callers load their own. Which versions are
known to convert into which is another question, for :mod:`sor_addressing.messages.evidence`.

>>> ConversionModel.shipped("current-practice").row_for("DIS91", "XML", "FHIR").by
<Converter.NATIONAL_SERVICE: 'national-service'>
>>> ConversionModel.shipped("none").row_for("DIS91", "XML", "FHIR") is None
True
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterable, Mapping
from functools import cache

from sor_addressing.clock import danish_today, day_number
from sor_addressing.errors import PolicyError, SorAddressingError
from sor_addressing.frozen import Frozen, fill
from sor_addressing.identifiers import LocationNumber
from sor_addressing.messages.catalogue import MessageFormat, catalogue
from sor_addressing.messages.conversion_rows import (
    ANY_FAMILY,
    NOBODY,
    NOT_KNOWN,
    ConversionParty,
    ConversionRow,
    ConversionScope,
    Converter,
    PartyFacts,
    region_coded,
)
from sor_addressing.shipped import shipped_rows

__all__ = [
    "ANY_FAMILY",
    "NOBODY",
    "ConversionModel",
    "ConversionParty",
    "ConversionRow",
    "ConversionScope",
    "Converter",
]

_Key = tuple[str, str, str, str, str, str, str]
"""Receiver's scope and its value, sender's scope and its value, family, from-format, to-format."""

_ALL = ConversionScope.ALL
_SCOPES = tuple(sorted(ConversionScope, key=lambda scope: scope is ConversionScope.SUPPLIER))
_WIDTH = {scope: position for position, scope in enumerate(ConversionScope)}
"""How narrow a scope is; one less is its place among the facts of a party."""


class ConversionModel(Frozen):
    """Who converts, as rows; of those in force on a day the narrowest that fits receiver and sender wins.

    A row bound to both parties is narrower than one bound to the receiver, that than one bound to the sender, that than one for all. Within
    these the receiver's scope decides, then the sender's, then whether the family is named.

    Raises:
        PolicyError: two equally narrow rows differ in who converts on the same day; the text names both.
    """

    _names = __match_args__ = ("name", "rows")
    __slots__ = ("_bound", "_index", "_wide", "by_senders", "ends", "name", "only_wide", "rows")
    name: str
    rows: tuple[ConversionRow, ...]
    only_wide: bool
    """Whether no row is bound to a party or to days."""
    by_senders: bool
    """Whether a row is bound to a sender."""
    ends: bool
    """Whether a row is bound to days."""
    _bound: tuple[tuple[ConversionScope, ConversionScope], ...]
    _index: dict[_Key, tuple[ConversionRow, ...]]
    _wide: dict[tuple[str, str, str], ConversionRow]

    def __init__(self, name: str, rows: Iterable[ConversionRow] = ()) -> None:
        rows = tuple(rows)
        gathered: dict[_Key, list[ConversionRow]] = {}
        for row in rows:
            gathered.setdefault(_key_of(row), []).append(row)
        index = {key: _agreed(alike) for key, alike in gathered.items()}
        only_wide = all(row.is_wide for row in rows)
        fill(
            self,
            name=name,
            rows=rows,
            only_wide=only_wide,
            by_senders=any(row.sender_scope is not _ALL for row in rows),
            ends=any(row.from_date or row.to_date for row in rows),
            _bound=tuple(sorted({(row.scope, row.sender_scope) for row in rows}, key=_narrowness, reverse=True)),
            _index=index,
            # Apart, since most models have no other rows and this is asked for every letter that needs converting.
            _wide={key[4:]: alike[0] for key, alike in index.items()} if only_wide else {},
        )

    def __repr__(self) -> str:
        return f"ConversionModel(name={self.name!r})"

    def row_for(
        self,
        family: str | None,
        from_format: MessageFormat | str,
        to_format: MessageFormat | str,
        *,
        region: str | None = None,
        net_operator: str | None = None,
        system: str | None = None,
        location_number: str | None = None,
        supplier: str | None = None,
        sender: ConversionParty | Mapping[str, str] | str | None = None,
        on: dt.date | None = None,
    ) -> ConversionRow | None:
        """The row that says who converts for this receiver; None where none does, or the narrowest says nobody.

        Args:
            family: that of the letter.
            from_format: what the sender writes.
            to_format: what the receiver takes.
            region: the receiver's, as are net operator, system, location number and supplier.
            net_operator: the receiver's.
            system: the receiver's.
            location_number: the receiver's.
            supplier: the receiver's.
            sender: what is known of the sender; rows bound to a sender don't hold where it is None.
            on: the day; today by default.
        """
        facts = (region, net_operator, supplier, system, location_number)
        sending = NOT_KNOWN if sender is None else ConversionParty.of(sender).facts
        day = 0 if not self.ends else danish_today().toordinal() if on is None else day_number(on)
        return self.row_on(family, from_format, to_format, facts, sending, day)

    def row_on(
        self,
        family: str | None,
        from_format: str,
        to_format: str,
        receiver: PartyFacts = NOT_KNOWN,
        sender: PartyFacts = NOT_KNOWN,
        day: int = 0,
    ) -> ConversionRow | None:
        """What :meth:`row_for` gives, asked with what was worked out: the facts of both parties, and a day number."""
        if family is None:
            return None
        if self.only_wide:
            wide = self._wide
            row = wide.get((family, from_format, to_format)) or wide.get((ANY_FAMILY, from_format, to_format))
            return row if row is not None and row.by is not None else None
        get = self._index.get
        for scope, sender_scope in self._bound:
            value, sender_value = _value(receiver, scope), _value(sender, sender_scope)
            if value is None or sender_value is None:
                continue
            for named in (family, ANY_FAMILY):
                for row in get((scope, value, sender_scope, sender_value, named, from_format, to_format), ()):
                    if row.holds_on(day):
                        return row if row.by is not None else None
        return None

    def explain(self, language: str = "en") -> str:
        """What the model says, in sentences, in English (``"en"``) or Danish (``"da"``)."""
        from sor_addressing.messages.model_sentences import sentences_of

        return "\n".join(sentences_of(self.name, self.rows, language))

    @classmethod
    def shipped(cls, name: str) -> ConversionModel:
        """A model of the package: ``none``, ``current-practice``, ``receiver-converts`` or ``sender-converts``.

        Raises:
            PolicyError: there is none of that name.
        """
        models = _shipped_models()
        if name not in models:
            raise PolicyError(f"no conversion model {name!r}: there are {', '.join(models)}; load your own from a file")
        return models[name]

    @classmethod
    def load(cls, path: str | os.PathLike[str], *, name: str | None = None) -> ConversionModel:
        """A model of your own, from TOML (``name``, ``[[rows]]``) or CSV (the columns of a row, and perhaps ``model``).

        Args:
            path: a file that ends in ``.toml``, else a CSV.
            name: which model of a CSV that has several; else the one that is there, called as the file says or is.

        Raises:
            PolicyError: the file can't be read, or a row names something that doesn't exist; the text names the place.
        """
        from sor_addressing.messages.model_files import read_model_file

        return cls._of_entries(os.fspath(path), *read_model_file(path, name))

    @classmethod
    def load_all(cls, path: str | os.PathLike[str]) -> tuple[ConversionModel, ...]:
        """Every model in a file, in its order: a CSV can have several.

        Raises:
            PolicyError: as for :meth:`load`.
        """
        from sor_addressing.messages.model_files import read_model_files

        return tuple(cls._of_entries(os.fspath(path), *model) for model in read_model_files(path))

    @classmethod
    def _of_entries(
        cls, file: str, name: str, entries: Iterable[tuple[Callable[[str], SorAddressingError], dict[str, str]]]
    ) -> ConversionModel:
        rows = [_checked_row(cells, fault) for fault, cells in entries]
        reason = ""
        try:
            return cls(name, tuple(rows))
        except PolicyError as error:
            reason = error.reason
        raise PolicyError(reason, file=file)


def _key_of(row: ConversionRow) -> _Key:
    return (
        row.scope,
        row.scope_value.casefold(),
        row.sender_scope,
        row.sender_scope_value.casefold(),
        row.family,
        row.from_format,
        row.to_format,
    )


def _value(facts: PartyFacts, scope: ConversionScope) -> str | None:
    """What a row of that scope has to be bound to, to fit a party; None where that isn't known of it."""
    if scope is _ALL:
        return ""
    value = facts[_WIDTH[scope] - 1]
    if value and scope is ConversionScope.REGION:
        value = region_coded(value)
    return value.casefold() if value else None


def _narrowness(scopes: tuple[ConversionScope, ConversionScope]) -> tuple[bool, bool, int, int]:
    scope, sender_scope = scopes
    return scope is not _ALL, sender_scope is not _ALL, _WIDTH[scope], _WIDTH[sender_scope]


def _agreed(alike: list[ConversionRow]) -> tuple[ConversionRow, ...]:
    """Rows of the same families, formats and parties; of several that hold on a day and agree, the one that ends last comes first.

    Raises:
        PolicyError: two differ on a day on which both hold.
    """
    if len(alike) == 1:
        return tuple(alike)
    # Of one converter all that hold are alike, so each row need only meet the one of every other that began before it and ends last.
    latest: dict[Converter | None, ConversionRow] = {}
    for row in sorted(alike, key=lambda row: row.from_date or dt.date.min):
        for by, other in latest.items():
            if by is not row.by and other.meets(row):
                first, second = (other, row) if alike.index(other) <= alike.index(row) else (row, other)
                raise PolicyError(f"two rows contradict each other: {first}; {second}")
        known = latest.get(row.by)
        if known is None or _last_day(known) < _last_day(row):
            latest[row.by] = row
    return tuple(sorted(dict.fromkeys(alike), key=_last_day, reverse=True))


def _last_day(row: ConversionRow) -> dt.date:
    return row.to_date or dt.date.max


@cache
def _shipped_models() -> dict[str, ConversionModel]:
    rows: dict[str, list[ConversionRow]] = {"none": []}
    for name, *fields in shipped_rows("sor_addressing.messages", "data", "conversion_models.csv"):
        rows.setdefault(name, []).append(ConversionRow(*fields))
    return {name: ConversionModel(name, model_rows) for name, model_rows in rows.items()}


def _checked_row(cells: Mapping[str, str], fault: Callable[[str], SorAddressingError]) -> ConversionRow:
    """A row as a caller wrote it; an error names the place, what was seen and what is allowed."""
    family = cells["family"].upper()
    if family != ANY_FAMILY and family not in catalogue().families:
        raise fault(f"family is {cells['family']!r}: expected a family of the catalogue, or * for all")
    by = cells["by"].lower()
    allowed = (
        ("from_format", cells["from_format"].upper(), tuple(MessageFormat)),
        ("to_format", cells["to_format"].upper(), tuple(MessageFormat)),
        ("by", by, (*Converter, NOBODY)),
        ("scope", cells.get("scope", "").lower() or "all", _SCOPES),
        ("sender_scope", cells.get("sender_scope", "").lower() or "all", _SCOPES),
    )
    for column, value, values in allowed:
        if value not in values:
            raise fault(f"{column} is {cells[column]!r}: expected {', '.join(values)}")
    from_format, to_format, _, scope, sender_scope = (value for _, value, _ in allowed)
    scope_value = _scope_value(cells, "scope_value", scope, fault)
    sender_value = _scope_value(cells, "sender_scope_value", sender_scope, fault)
    days = cells.get("from_date"), cells.get("to_date")
    reason = ""
    try:
        return ConversionRow(family, from_format, to_format, by, scope, scope_value, sender_scope, sender_value, *days)
    except PolicyError as error:
        reason = error.reason
    raise fault(reason)


def _scope_value(cells: Mapping[str, str], column: str, scope: str, fault: Callable[[str], SorAddressingError]) -> str:
    value = cells.get(column, "")
    if scope == ConversionScope.LOCATION_NUMBER and value:
        value = LocationNumber.compact(value)
        if not LocationNumber.fits(value):
            raise fault(f"{column} is {cells[column]!r}: expected 13 digits")
    return value
