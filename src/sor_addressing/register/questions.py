"""What a register is asked of recipients: who is meant, may a letter be sent there, who fits, what is it called."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Literal, TypeVar, Unpack

from sor_addressing.addressing.policy import DEFAULT_POLICY, AddressingPolicy, for_sender
from sor_addressing.addressing.question import Question
from sor_addressing.addressing.resolve import resolve
from sor_addressing.addressing.support import Direction, Side
from sor_addressing.addressing.validate import validate
from sor_addressing.clock import Clock, day_number
from sor_addressing.errors import PolicyError, SorAddressingError
from sor_addressing.identifiers import IdentifierKind
from sor_addressing.messages.catalogue import MessageType, catalogue
from sor_addressing.messages.conversion_rows import ConversionParty

if TYPE_CHECKING:
    from sor_addressing.addressing.answers import Resolution
    from sor_addressing.addressing.recipients import Recipient
    from sor_addressing.addressing.verdicts import Deliveries, Verdict
    from sor_addressing.index.lookup import Index
    from sor_addressing.index.unit import Unit
    from sor_addressing.register.overview.report import Conversions, Model
    from sor_addressing.search.rules.filters import Filter, FilterFields
    from sor_addressing.search.rules.found import Found
    from sor_addressing.search.words.aliases import Aliases
    from sor_addressing.search.words.everyday import EverydayWords
    from sor_addressing.search.words.matches import Match

Table = TypeVar("Table")
"""A table of pyarrow, polars or pandas."""

KindName = IdentifierKind | Literal["sor_code", "location_number", "provider_number", "shak_code"]
"""The kind that a recipient given as text is of."""

Sender = str | Mapping[str, str] | ConversionParty
"""Who sends: a location number, or what is known by name."""

_DIRECTIONS = {str(direction): direction for direction in Direction}


class Questions:
    """The part of a register that answers questions about recipients; each is passed to the floor that answers it."""

    __slots__ = ()
    _index: Index
    _clock: Clock

    def resolve(
        self,
        identifier: str | None = None,
        *,
        sor_code: str | None = None,
        location_number: str | None = None,
        provider_number: str | None = None,
        shak_code: str | None = None,
        kind: KindName | None = None,
        message_type: str | MessageType | None = None,
        on: dt.date | None = None,
        policy: AddressingPolicy | None = None,
    ) -> Resolution:
        """Who an identifier means: one recipient, or the reason why there is none.

        Give one identifier, either as it stands (its kind is found out) or by its kind's name.

        Args:
            identifier: in any spelling, with or without its system in front (``urn:oid:1.2.208.176.1.1|…``).
            sor_code: a SOR code.
            location_number: a location number.
            provider_number: a provider number, with or without leading zeros.
            shak_code: a SHAK code.
            kind: what kind ``identifier`` is, where that is known: the same as giving it by that kind's name.
            message_type: shows for each candidate whether it can receive the type; never changes who is meant, unless the policy says so.
            on: the day; today by default.
            policy: what is accepted; the default policy where None.

        Raises:
            TypeError: none or several identifiers were given, or one that is not text.
            ValueError: the kind is none of those four.

        >>> from sor_addressing import Register
        >>> Register.sample().resolve("no such thing").status
        <Status.MALFORMED: 'malformed'>
        """
        given = [
            (text, named)
            for text, named in (
                (identifier, _kind(kind)),
                (sor_code, IdentifierKind.SOR_CODE),
                (location_number, IdentifierKind.LOCATION_NUMBER),
                (provider_number, IdentifierKind.PROVIDER_NUMBER),
                (shak_code, IdentifierKind.SHAK_CODE),
            )
            if text is not None
        ]
        if len(given) != 1:
            raise TypeError(f"give one identifier to resolve, not {len(given)}")
        text, named = given[0]
        if not isinstance(text, str):
            raise TypeError(f"an identifier is text, for leading zeros count; this is {type(text).__name__}")
        wanted = None if message_type is None else catalogue().parse(message_type)
        if self._index.standing is not None:
            self._index.standing.check()
        day = self._clock().toordinal() if on is None else day_number(on)
        question = Question(text, named, day, policy or DEFAULT_POLICY, wanted)
        try:
            return resolve(self._index, question)
        except (IndexError, OverflowError) as error:
            self._index.doubted(error)

    def validate(
        self,
        recipient: str | Unit | Resolution | Recipient,
        message_type: str | MessageType,
        *,
        kind: KindName | None = None,
        direction: Side = "receive",
        sender: Sender | None = None,
        on: dt.date | None = None,
        policy: AddressingPolicy | None = None,
        deliveries: Deliveries | None = None,
    ) -> Verdict:
        """Whether a message type may be sent to a recipient, and why or why not.

        Args:
            recipient: an identifier in any spelling, or a unit, resolution or recipient; one from another register is resolved anew.
            message_type: in any spelling (``XDIS91``, ``DIS91 (D9134L)``, ``D9134L``), or a :class:`MessageType`.
            kind: what kind a recipient given as text is (``provider_number`` and so on); found out where None.
            direction: the recipient's side: may it ``receive`` the type, or ``send`` it.
            sender: who sends, where the conversion model asks: a location number, or region, net operator, supplier, system and location
                number by name; that of the policy where None.
            on: the day; today by default.
            policy: what is accepted; the default policy where None.
            deliveries: a ledger of what came back; adds ``last-delivery-refused`` and ``receipt-overdue``.

        What is blank, None or NaN is missing: the verdict is ``not_resolved``, with ``recipient-missing`` or ``message-type-missing``.

        Raises:
            TypeError: the recipient or the type is something else.
            ValueError: the direction or the kind is none; PolicyError, which is one too: the sender is none.
        """
        index = self._index
        if index.standing is not None:
            index.standing.check()
        today = self._clock().toordinal()
        try:
            verdict = validate(
                index,
                recipient,
                message_type,
                direction=_DIRECTIONS.get(direction) or Direction(direction),
                day=today if on is None else day_number(on),
                today=today,
                policy=(policy or DEFAULT_POLICY) if sender is None else _policy(policy, sender),
                kind=None if kind is None else _kind(kind),
            )
        except (IndexError, OverflowError) as error:
            index.doubted(error)
        if deliveries is None:
            return verdict
        from sor_addressing.addressing.verdicts import with_deliveries

        return with_deliveries(verdict, deliveries, policy or DEFAULT_POLICY)

    def validate_many(
        self,
        pairs: Iterable[tuple[str | Unit | Resolution | Recipient, str | MessageType]],
        *,
        kind: KindName | None = None,
        direction: Side = "receive",
        sender: Sender | None = None,
        on: dt.date | None = None,
        policy: AddressingPolicy | None = None,
        deliveries: Deliveries | None = None,
    ) -> Iterator[Verdict]:
        """The verdicts on pairs of recipient and message type, in their order; a pair that comes again costs next to nothing.

        Streams: a pair is taken when its verdict is asked for. The day is settled when the first one is. The verdicts are those of a loop
        over :meth:`validate`, and no pair ends them: what is no text, such as a number, is ``not_resolved`` too.
        """
        from sor_addressing.addressing.many import validate_many

        used, named = _policy(policy, sender), _kind(kind)
        verdicts = validate_many(
            self._index, pairs, direction=direction, on=on, clock=self._clock, policy=used, kind=named
        )
        if deliveries is None:
            return verdicts
        from sor_addressing.addressing.verdicts import with_deliveries

        return (with_deliveries(verdict, deliveries, used) for verdict in verdicts)

    def validate_table(
        self,
        table: Table,
        *,
        recipient: str = "recipient",
        message_type: str = "message_type",
        kind: KindName | None = None,
        direction: Side = "receive",
        sender: Sender | None = None,
        on: dt.date | None = None,
        policy: AddressingPolicy | None = None,
        deliveries: Deliveries | None = None,
        prefix: str = "",
    ) -> Table:
        """A table with verdict columns beside each row: a day's traffic checked as a column operation.

        It needs the extra ``arrow``, unless the table is of pandas.

        Added are ``outcome``, ``deliverable``, ``status`` (of the resolution), ``sor_code``, ``location_number``, ``unit_certain``,
        ``send_as``, ``arrives_as``, ``conversion_by``, ``findings`` (the codes of all findings) and ``errors`` (those that stop the letter).
        A row without a recipient or a type is ``not_resolved``, with ``recipient-missing`` or ``message-type-missing`` in ``errors``.

        Args:
            table: a pyarrow ``Table``, ``RecordBatch`` or ``RecordBatchReader`` (streamed), or a polars or pandas ``DataFrame``; the same kind
                goes out. Of anything else that hands itself over as Arrow, such as a relation of DuckDB, a pyarrow ``Table`` comes out.
            recipient: the column with identifiers, as text.
            message_type: the column with message types, as text.
            kind: what kind the identifiers are; where None, what the name of the column says (``ydernummer``, ``sor_code``), else any.
            direction: as for :meth:`validate`.
            sender: as for :meth:`validate`, of all rows.
            on: the day; today by default.
            policy: what is accepted; the default policy where None.
            deliveries: a ledger of what came back, whose findings then stand among the others.
            prefix: goes in front of the names of the new columns.

        Raises:
            MissingExtra: pyarrow is not installed.
            TypeError: the table is of another kind, or one of its two columns holds no text.
            ValueError: the table lacks one of the two columns, or has one of the new ones already; or the direction is neither.
        """
        from sor_addressing.tables.arrow import validate_table

        ask = partial(
            self.validate_many,
            direction=Direction(direction),
            sender=sender,
            on=on,
            policy=policy,
            deliveries=deliveries,
        )
        return validate_table(
            table, ask, recipient=recipient, message_type=message_type, prefix=prefix, kind=_kind(kind)
        )

    def choose(
        self,
        recipient: str | Unit | Resolution | Recipient,
        message_types: Iterable[str | MessageType],
        *,
        kind: KindName | None = None,
        sender: Sender | None = None,
        on: dt.date | None = None,
        policy: AddressingPolicy | None = None,
        deliveries: Deliveries | None = None,
    ) -> Verdict:
        """For a sender that can write a letter in several formats: which one to send.

        It is the verdict of a type that is supported, else of one that somebody else converts, else of one that is converted, else of the
        first; of several the one in the policy's ``native_format``, else the first. ``verdict.chosen_because`` says which of these it was.

        Raises:
            TypeError: the types are one text.
            ValueError: there are no types to choose from.
        """
        from sor_addressing.addressing.many import choose

        used = _policy(policy, sender)
        return choose(
            lambda one: self.validate(recipient, one, kind=kind, on=on, policy=used, deliveries=deliveries),
            message_types,
            used.native_format,
        )

    def conversions(
        self,
        *,
        by: str | Iterable[str] = (),
        models: Model | Iterable[Model] | None = None,
        model: Model | None = None,
        on: dt.date | None = None,
        sender: Sender | None = None,
        policy: AddressingPolicy | None = None,
        families: Iterable[str] | None = None,
    ) -> Conversions:
        """Who converts what, counted in location numbers: for each family and format that is sent, how many take it, or who converts.

        Args:
            by: count by ``region``, ``municipality``, ``net_operator``, ``supplier``, ``system`` or ``administrator``, one or several.
            models: conversion models, by name or of your own, side by side; that of the policy where none is given.
            model: one model alone.
            on: the day; today by default.
            sender: as for :meth:`validate`.
            policy: what is accepted; the default policy where None.
            families: these families alone, such as ``["DIS91"]``.

        Raises:
            PolicyError: there is no such model, one is given twice, the sender is none, or ``by`` is none of those.

        >>> from sor_addressing import Register
        >>> found = Register.sample().conversions(models=["current-practice", "none"], families=["DIS91"])
        >>> found.matrix("none")["DIS91", "XML"]["nobody"] > 0
        True
        """
        from sor_addressing.register.overview.report import conversions_of

        if model is not None and models is not None:
            raise PolicyError("give model or models, not both")
        given = model if models is None else models
        used = policy or DEFAULT_POLICY
        return conversions_of(
            self._index,
            by=by,
            models=used.conversion_model if given is None else given,
            day=self._day(on),
            sender=sender,
            policy=used,
            families=families,
        )

    def find(
        self,
        filter: Filter | None = None,  # noqa: A002 (what it is called everywhere)
        *,
        on: dt.date | None = None,
        policy: AddressingPolicy | None = None,
        limit: int | None = None,
        deliveries: Deliveries | None = None,
        **fields: Unpack[FilterFields],
    ) -> Found:
        """Recipients by rule, for automatic choice: every address that a letter can go to on the day and whose units fit the filter.

        Args:
            filter: what is looked for; everything where None.
            on: the day; today by default.
            policy: what is accepted; the default policy where None.
            limit: how many to give at most; ``total`` of the answer is how many there are.
            deliveries: a ledger of what came back, which the verdicts then tell; where the policy makes that an error, it takes addresses away.
            fields: the fields of a :class:`Filter`, in place of one or beside it: ``message_type="XREF15"``, ``municipality="0101"`` and so on.

        Raises:
            FilterError: a field is asked for something that it can't mean; TypeError: there is no such field.
            ValueError: the limit is negative.

        >>> from sor_addressing import Register
        >>> found = Register.sample().find(message_type="FDIS20", municipality="0901")
        >>> [recipient.name for recipient in found]
        ['Sygehusadviser, Grævlingelund Kommune']
        """
        from sor_addressing.search.rules.filters import Filter
        from sor_addressing.search.rules.find import find
        from sor_addressing.search.rules.found import Search

        wanted = (filter or Filter()).but(**fields)
        search = Search(
            self._index, wanted, self._day(on), self._clock().toordinal(), policy or DEFAULT_POLICY, deliveries
        )
        try:
            return find(search, limit=limit)
        except (IndexError, OverflowError, UnicodeDecodeError) as error:
            self._index.doubted(error)

    def search(
        self,
        text: str,
        *,
        limit: int = 10,
        filter: Filter | None = None,  # noqa: A002 (what it is called everywhere)
        on: dt.date | None = None,
        policy: AddressingPolicy | None = None,
        aliases: Aliases | Mapping[str, Iterable[str]] | None = None,
        words: EverydayWords | Mapping[str, Iterable[str]] | None = None,
        **fields: Unpack[FilterFields],
    ) -> tuple[Match, ...]:
        """Units by what people call them, best match first, for a person to choose from.

        Words are looked for in names, in the names above (hospital and ward), types, specialities, streets, towns, postal codes,
        municipalities and everyday names, and numbers in identifiers, whole or in part. Spelling need not be right. Nothing is hidden:
        what can't be used comes after its equals that can, with the reason among its findings.

        Args:
            text: a few words, in any order; at most 500 characters.
            limit: how many matches to give at most.
            filter: units that don't fit it are left out.
            on: the day; today by default.
            policy: what is accepted; the default policy where None.
            aliases: everyday names by SOR code.
            words: groups of words that stand for one another, beside those of the package.
            fields: the fields of a :class:`Filter`, in place of one or beside it. ``message_type`` is another matter here: units that can
                receive it come before their equals that can't, and each match has a verdict on it; to leave the others out, give it
                in ``filter``.

        Raises:
            ValueError: the text is blank and there is no filter, or it is too long; the limit is below 1; or a SOR code of ``aliases`` is none.
            FilterError: a field is asked for something that it can't mean.

        >>> from sor_addressing import Register
        >>> [match.name for match in Register.sample().search("sygehusadviser grævlingelund", limit=1)]
        ['Sygehusadviser, Grævlingelund Kommune']
        """
        from sor_addressing.search.rules.filters import Filter
        from sor_addressing.search.rules.narrowing import rows_matching
        from sor_addressing.search.words.aliases import aliases_of
        from sor_addressing.search.words.everyday import words_given
        from sor_addressing.search.words.query import MOST_CHARACTERS
        from sor_addressing.search.words.search import search

        message_type = fields.pop("message_type", None)
        day, used = self._day(on), policy or DEFAULT_POLICY
        wanted = (filter or Filter()).but(**fields)
        filtered = filter is not None or fields
        given, known = aliases_of(aliases), words_given(words)
        try:
            return search(
                self._index,
                text,
                limit=limit,
                message_type=message_type or wanted.message_type,
                day=day,
                today=self._clock().toordinal(),
                policy=used,
                allowed=rows_matching(self._index, wanted, day=day, policy=used) if filtered else None,
                aliases=given,
                words=known,
            )
        except (LookupError, ArithmeticError, ValueError) as error:
            if isinstance(error, SorAddressingError) or not text.strip() or len(text) > MOST_CHARACTERS or limit < 1:
                raise  # what was asked can't be answered
            self._index.doubted(error)

    def _day(self, on: dt.date | None) -> int:
        self._index.check_standing()
        return self._clock().toordinal() if on is None else day_number(on)


def _policy(policy: AddressingPolicy | None, sender: Sender | None) -> AddressingPolicy:
    used = policy or DEFAULT_POLICY
    return used if sender is None else for_sender(used, sender)


def _kind(kind: str | None) -> IdentifierKind | None:
    """The kind that is named.

    Raises:
        ValueError: it is none that can be resolved.
    """
    if kind is None:
        return None
    from sor_addressing.addressing.kinds import kind_named

    return kind_named(kind)
