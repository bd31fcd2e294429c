"""Who converts: models that say whose task a conversion between the formats of a family is.

Nothing is agreed nationally, so there are several models, as rows with a scope, and callers load their own. Which versions are
known to convert into which is another question, for :mod:`sor_addressing.messages.evidence`.

>>> ConversionModel.shipped("current-practice").row_for("DIS91", "XML", "FHIR").by
<Converter.NATIONAL_SERVICE: 'national-service'>
>>> ConversionModel.shipped("none").row_for("DIS91", "XML", "FHIR") is None
True
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from functools import cache

from sor_addressing.errors import PolicyError, SorAddressingError
from sor_addressing.frozen import Frozen, fill
from sor_addressing.identifiers import LocationNumber
from sor_addressing.messages.catalogue import MessageFormat, catalogue
from sor_addressing.shipped import shipped_rows

ANY_FAMILY = "*"
"""The family of a row that holds for all families."""

NOBODY = "nobody"
"""How a table writes that nobody converts: a row that switches a wider one off."""


class Converter(StrEnum):
    """Who converts a letter on its way."""

    SENDER = "sender"
    SENDER_OPERATOR = "sender-operator"
    RECEIVER = "receiver"
    RECEIVER_OPERATOR = "receiver-operator"
    NATIONAL_SERVICE = "national-service"

    @property
    def on_senders_side(self) -> bool:
        """Whether the sender, or the net operator that works for it, has to convert."""
        return self in (Converter.SENDER, Converter.SENDER_OPERATOR)


class ConversionScope(StrEnum):
    """For which receivers a row holds, from the widest to the narrowest."""

    ALL = "all"
    REGION = "region"
    NET_OPERATOR = "net_operator"
    SYSTEM = "system"
    LOCATION_NUMBER = "location_number"


class ConversionRow(Frozen):
    """One statement of a model: who converts letters of a family from one format to another.

    Attributes:
        family: such as ``DIS91``; ``*`` holds for all.
        by: who converts; None where nobody does, which switches a wider row off.
        scope: for which receivers the row holds.
        scope_value: the code or name of the region, the code of the net operator or system, or the location number; empty for ``all``.
    """

    _names = __slots__ = __match_args__ = ("family", "from_format", "to_format", "by", "scope", "scope_value")
    family: str
    from_format: MessageFormat
    to_format: MessageFormat
    by: Converter | None
    scope: ConversionScope
    scope_value: str

    def __init__(
        self,
        family: str,
        from_format: MessageFormat | str,
        to_format: MessageFormat | str,
        by: Converter | str | None,
        scope: ConversionScope | str = ConversionScope.ALL,
        scope_value: str = "",
    ) -> None:
        fill(
            self,
            family=family,
            from_format=MessageFormat(from_format),
            to_format=MessageFormat(to_format),
            by=None if by is None or by == NOBODY else Converter(by),
            scope=ConversionScope(scope),
            scope_value=_region(scope_value) if scope == ConversionScope.REGION else scope_value,
        )
        if self.from_format is self.to_format:
            raise PolicyError(f"from_format and to_format are both {self.to_format}: there is nothing to convert")
        if self.scope is ConversionScope.ALL and self.scope_value:
            raise PolicyError(f"scope_value is {self.scope_value!r} and the scope is all: name a scope")
        if self.scope is not ConversionScope.ALL and not self.scope_value:
            raise PolicyError(f"the scope is {self.scope}, and scope_value is missing: say which {self.scope}")

    def __str__(self) -> str:
        scope = f" ({self.scope} {self.scope_value})" if self.scope_value else ""
        return f"{self.family} {self.from_format} to {self.to_format} by {self.by or NOBODY}{scope}"

    def to_dict(self) -> dict[str, object]:
        """Plain types, every field; ``by`` is ``nobody`` where nobody converts."""
        return {**{name: str(getattr(self, name)) for name in self._names}, "by": str(self.by or NOBODY)}


_Key = tuple[str, str, str, str, str]


@cache
def _region(name: str) -> str:
    """The code of a region that is given by code or name; imported late, for most models are bound to none."""
    from sor_addressing.authorities import region_code

    return region_code(name)


"""Scope, its value, family, from-format, to-format."""


class ConversionModel(Frozen):
    """Who converts, as rows; the narrowest row that fits a receiver wins.

    Raises:
        PolicyError: two rows say the same of the same receivers and differ in who converts.
    """

    _names = __match_args__ = ("name", "rows")
    __slots__ = ("_index", "_wide", "name", "only_wide", "rows")
    name: str
    rows: tuple[ConversionRow, ...]
    only_wide: bool
    """Whether no row is bound to a region, net operator, system or location number."""
    _index: dict[_Key, ConversionRow]
    _wide: dict[tuple[str, str, str], ConversionRow]

    def __init__(self, name: str, rows: Iterable[ConversionRow] = ()) -> None:
        rows = tuple(rows)
        index: dict[_Key, ConversionRow] = {}
        for row in rows:
            key = (row.scope, row.scope_value.casefold(), row.family, row.from_format, row.to_format)
            other = index.setdefault(key, row)
            if other.by is not row.by:
                raise PolicyError(f"two rows contradict each other: {other}; {row}")
        # Apart, since most models have no other rows and this is asked for every letter that needs converting.
        wide = {key[2:]: row for key, row in index.items() if row.scope is ConversionScope.ALL}
        fill(self, name=name, rows=rows, only_wide=len(wide) == len(index), _index=index, _wide=wide)

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
    ) -> ConversionRow | None:
        """The row that says who converts for this receiver; None where none does, or the narrowest says nobody.

        A row for one location number is narrower than one for a system, then net operator, region, all; within a
        scope a row that names the family is narrower than one for all families.
        """
        if family is None:
            return None
        row = None
        if not self.only_wide:
            region = region and _region(region)
            row = (
                self._row(ConversionScope.LOCATION_NUMBER, location_number, family, from_format, to_format)
                or self._row(ConversionScope.SYSTEM, system, family, from_format, to_format)
                or self._row(ConversionScope.NET_OPERATOR, net_operator, family, from_format, to_format)
                or self._row(ConversionScope.REGION, region, family, from_format, to_format)
            )
        if row is None:
            wide = self._wide
            row = wide.get((family, from_format, to_format)) or wide.get((ANY_FAMILY, from_format, to_format))
        return row if row is not None and row.by is not None else None

    def _row(
        self, scope: ConversionScope, value: str | None, family: str, from_format: str, to_format: str
    ) -> ConversionRow | None:
        if value is None:
            return None
        value = value.casefold()
        get = self._index.get
        return get((scope, value, family, from_format, to_format)) or get(
            (scope, value, ANY_FAMILY, from_format, to_format)
        )

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

        own_name, entries = read_model_file(path, name)
        rows = [_checked_row(cells, fault) for fault, cells in entries]
        reason = ""
        try:
            return cls(own_name, tuple(rows))
        except PolicyError as error:
            reason = error.reason
        raise PolicyError(reason, file=os.fspath(path))


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
        ("scope", cells.get("scope", "").lower() or "all", tuple(ConversionScope)),
    )
    for column, value, values in allowed:
        if value not in values:
            raise fault(f"{column} is {cells[column]!r}: expected {', '.join(values)}")
    from_format, to_format, _, scope = (value for _, value, _ in allowed)
    scope_value = cells.get("scope_value", "")
    if scope == ConversionScope.LOCATION_NUMBER and scope_value:
        scope_value = LocationNumber.compact(scope_value)
        if not LocationNumber.fits(scope_value):
            raise fault(f"scope_value is {cells['scope_value']!r}: expected 13 digits")
    reason = ""
    try:
        return ConversionRow(family, from_format, to_format, by, scope, scope_value)
    except PolicyError as error:
        reason = error.reason
    raise fault(reason)
