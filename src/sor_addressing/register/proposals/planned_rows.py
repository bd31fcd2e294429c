"""A plan: rows that say which registrations are added or removed, on which location numbers, from which day."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum

import attrs

from sor_addressing.clock import day_given
from sor_addressing.errors import MalformedMessageType, PlanError, SorAddressingError
from sor_addressing.hiding import shown
from sor_addressing.identifiers import LocationNumber, SorCode
from sor_addressing.messages.catalogue import MessageFormat, MessageType, catalogue
from sor_addressing.misspelt import suggests_fields

WHERE = ("region", "municipality", "net_operator", "supplier", "system", "administrator")
"""What a row can ask of the numbers it is about, besides the number itself and the unit they lie within."""

Listed = str | Iterable[str] | None


class PlannedChange(StrEnum):
    """What a row does."""

    ADD = "add"
    REMOVE = "remove"


class PlannedDirection(StrEnum):
    """Which side of a registration a row is about."""

    BOTH = "both"
    SEND = "send"
    RECEIVE = "receive"


def _texts(given: object) -> tuple[str, ...]:
    if given is None:
        return ()
    if isinstance(given, str):
        given = (given,)
    if not isinstance(given, Iterable) or isinstance(given, (bytes, Mapping)):
        raise PlanError(f"{shown(repr(given))} is no text: write a text, or a list of texts")
    found = []
    for one in given:
        if not isinstance(one, str):
            raise PlanError(f"{shown(repr(one))} is no text: write it in quotes, for leading zeros count")
        if one.strip():
            found.append(one.strip())
    return tuple(dict.fromkeys(found))


def _change(given: object) -> PlannedChange:
    text = given.strip().lower() if isinstance(given, str) else ""
    if text in tuple(PlannedChange):
        return PlannedChange(text)
    raise PlanError(f"change is {shown(repr(given))}: use one of {', '.join(PlannedChange)}")


def _direction(given: object) -> PlannedDirection:
    text = given.strip().lower() if isinstance(given, str) else ""
    if text in tuple(PlannedDirection) or not given:
        return PlannedDirection(text or "both")
    raise PlanError(f"direction is {shown(repr(given))}: use one of {', '.join(PlannedDirection)}")


def _format(given: object) -> MessageFormat | None:
    if given is None or given == "":
        return None
    if isinstance(given, str) and given.strip().upper() in tuple(MessageFormat):
        return MessageFormat(given.strip().upper())
    raise PlanError(f"format is {shown(repr(given))}: use one of {', '.join(MessageFormat)}")


def _types(given: object) -> tuple[MessageType, ...]:
    if isinstance(given, MessageType):
        return (given,)
    if isinstance(given, Iterable) and not isinstance(given, (str, bytes, Mapping)):
        given = [one.text if isinstance(one, MessageType) else one for one in given]
    return tuple(dict.fromkeys(catalogue().parse(text) for text in _texts(given)))


def _day(given: object) -> dt.date | None:
    try:
        return day_given(given)
    except ValueError:
        raise PlanError(f"from_date is {shown(repr(given))}: write a day such as 2026-01-15") from None


def _numbers(given: Listed) -> tuple[str, ...]:
    found = []
    for text in _texts(given):
        number = LocationNumber.compact(text)
        if not LocationNumber.fits(number):
            raise PlanError(f"location_number is {shown(repr(text))}: expected 13 digits")
        found.append(number)
    return tuple(found)


def _codes(given: Listed) -> tuple[str, ...]:
    return tuple(SorCode.compact(text) for text in _texts(given))


@suggests_fields
@attrs.frozen(slots=True, kw_only=True)
class PlanRow:
    """One row of a plan. All that it asks of a location number has to fit; of several values of one field, one has to.

    Args:
        change: ``add`` or ``remove``.
        message_type: one type or several, in any spelling. Without a version, all versions of the code are removed; what is added is added
            as it is written.
        format: ``EDI``, ``XML`` or ``FHIR``: all types in that format, receipts too. Only to remove, and in place of types.
        direction: ``both``, or only that the number may ``send`` or ``receive``.
        from_date: the day from which the row counts; always, where None.
        location_number: the numbers it is about.
        region: of the numbers, as are municipality, net operator, supplier, system and administrator: codes, or words for them.
        municipality: of the unit that owns the number.
        net_operator: of the number.
        supplier: of the system behind the number.
        system: behind the number.
        administrator: who maintains the number's registrations.
        within: SOR codes: numbers that these units own, or units below them.

    Raises:
        PlanError: the row can't mean anything.
        MalformedMessageType: a message type is blank.

    >>> PlanRow(change="remove", format="EDI", system="Prøvesystem").text("en")
    'remove format EDI where system is Prøvesystem'
    """

    change: PlannedChange = attrs.field(converter=_change)
    message_type: tuple[MessageType, ...] = attrs.field(default=None, converter=_types)
    format: MessageFormat | None = attrs.field(default=None, converter=_format)
    direction: PlannedDirection = attrs.field(default=PlannedDirection.BOTH, converter=_direction)
    from_date: dt.date | None = attrs.field(default=None, converter=_day)
    location_number: tuple[str, ...] = attrs.field(default=None, converter=_numbers)
    region: tuple[str, ...] = attrs.field(default=None, converter=_texts)
    municipality: tuple[str, ...] = attrs.field(default=None, converter=_texts)
    net_operator: tuple[str, ...] = attrs.field(default=None, converter=_texts)
    supplier: tuple[str, ...] = attrs.field(default=None, converter=_texts)
    system: tuple[str, ...] = attrs.field(default=None, converter=_texts)
    administrator: tuple[str, ...] = attrs.field(default=None, converter=_texts)
    within: tuple[str, ...] = attrs.field(default=None, converter=_codes)

    def __attrs_post_init__(self) -> None:
        if self.format is not None and self.message_type:
            raise PlanError("a row names message_type or format, not both")
        if self.format is None and not self.message_type:
            raise PlanError("a row has to name a message_type, or a format to remove")
        if self.format is not None and self.change is PlannedChange.ADD:
            raise PlanError("a format can only be removed: to add, name the message types")
        if not self.asks:
            raise PlanError(
                f"a row has to say which location numbers it is about: give location_number, within, or {', '.join(WHERE)}"
            )

    @property
    def asks(self) -> dict[str, tuple[str, ...]]:
        """What the row asks of a location number, by field."""
        return {name: getattr(self, name) for name in ("location_number", *WHERE, "within") if getattr(self, name)}

    def holds_on(self, day: dt.date | None) -> bool:
        """Whether the row counts on ``day``; all do where no day is given."""
        return day is None or self.from_date is None or self.from_date <= day

    def text(self, language: str = "en") -> str:
        """The row in words, in English (``"en"``) or Danish (``"da"``)."""
        from sor_addressing.texts import text_of

        def say(code: str, **values: object) -> str:
            return text_of("plans", code, language, values)

        what = (
            say("row.format", format=str(self.format))
            if self.format
            else ", ".join(one.text for one in self.message_type)
        )
        asks = [say("row.asks", field=name, value=say("row.or").join(values)) for name, values in self.asks.items()]
        direction = "" if self.direction is PlannedDirection.BOTH else say(f"row.{self.direction}")
        day = say("row.from", day=self.from_date.isoformat()) if self.from_date else ""
        where = say("row.where", asks=say("row.and").join(asks))
        return say(f"row.{self.change}", what=what) + direction + where + day

    def to_dict(self) -> dict[str, object]:
        """Plain types: the fields that are given."""
        return {
            "change": str(self.change),
            **({"message_type": [one.text for one in self.message_type]} if self.message_type else {}),
            **({"format": str(self.format)} if self.format else {}),
            "direction": str(self.direction),
            **({"from_date": self.from_date.isoformat()} if self.from_date else {}),
            **{name: list(values) for name, values in self.asks.items()},
        }


@attrs.frozen(slots=True, repr=False)
class ChangePlan:
    """Rows that are done in their order; a day says from when a row counts, not when it is done.

    Args:
        rows: the rows.
        name: what the plan is called in reports.
    """

    rows: tuple[PlanRow, ...]
    name: str = ""

    def __repr__(self) -> str:
        return f"<ChangePlan {self.name or 'of'} {len(self.rows)} rows>"

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[PlanRow]:
        return iter(self.rows)

    def __add__(self, other: ChangePlan) -> ChangePlan:
        """The rows of both, those of ``other`` after."""
        return ChangePlan((*self.rows, *other.rows), " + ".join(filter(None, (self.name, other.name))))

    @property
    def days(self) -> tuple[dt.date, ...]:
        """The days from which rows count, in order."""
        return tuple(sorted({row.from_date for row in self.rows if row.from_date}))

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> ChangePlan:
        """A plan from TOML (``name``, ``[[rows]]``) or CSV, with the fields of a :class:`PlanRow` as keys or columns.

        In CSV, several values of one cell are parted by ``|``.

        Raises:
            PlanError: the file can't be read, or a row can't mean anything; the text names file and line.
        """
        from sor_addressing.register.proposals.plan_files import read_plan_file

        fields = (*(field.name for field in attrs.fields(PlanRow)), *_OTHER_NAMES)
        name, entries = read_plan_file(path, fields, _OF_ONE_VALUE)
        return cls(tuple(_row_of(row, fault) for row, fault in entries), name)

    @classmethod
    def of(cls, given: ChangePlan | str | os.PathLike[str] | Iterable[PlanRow | Mapping[str, object]]) -> ChangePlan:
        """A plan as callers give it: a plan, the path of one, or rows, also as mappings.

        Raises:
            PlanError: it is something else, or a row can't mean anything; the text names which.
        """
        if isinstance(given, ChangePlan):
            return given
        if isinstance(given, (str, os.PathLike)):
            return cls.load(given)
        if isinstance(given, (PlanRow, Mapping, bytes)) or not isinstance(given, Iterable):
            raise PlanError(f"a plan is a path or a list of rows, not {type(given).__name__}")
        return cls(tuple(_row(number, one) for number, one in enumerate(given, start=1)))

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return {"name": self.name, "rows": [row.to_dict() for row in self.rows]}


def _row(number: int, given: object) -> PlanRow:
    if isinstance(given, PlanRow):
        return given
    if not isinstance(given, Mapping):
        raise PlanError(f"row {number} is {type(given).__name__}: give PlanRow(…), or a mapping of its fields")
    return _row_of(given, lambda reason: PlanError(f"row {number}: {reason}"))


def _row_of(fields: Mapping[str, object], fault: Callable[[str], SorAddressingError]) -> PlanRow:
    """A row of the fields as they are given; ``fault`` makes the error about it."""
    known = [field.name for field in attrs.fields(PlanRow)]
    named = {_OTHER_NAMES.get(name, name): value for name, value in fields.items()}
    for name in named:
        if name not in known:
            raise fault(f"there is no field {shown(str(name))!r}; the fields are {', '.join(known)}")
    if "change" not in named:
        raise fault("change is missing: write add or remove")
    try:
        return PlanRow(**named)  # type: ignore[arg-type]  # each is read by its converter
    except PlanError as error:
        reason = error.reason
    except MalformedMessageType as error:
        reason = str(error)
    raise fault(reason)


_OTHER_NAMES = {"action": "change", "number": "location_number", "from": "from_date", "type": "message_type"}
"""What people call fields besides."""

_OF_ONE_VALUE = ("change", "action", "format", "direction", "from_date", "from")
