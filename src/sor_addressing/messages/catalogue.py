"""The catalogue of message types (*meddelelsestyper*): codes, versions, formats, families, names, receipts.

A **family** is the same letter in its formats: DIS91 (EDI), XDIS91 (XML) and FDIS91 (FHIR) are the family DIS91. It
follows from code **and** version: each of the codes RPT01 and XRPT01 stands for two families. Lists disagree about
which version is current, and old versions are in use, so ``current`` informs and never refuses.

>>> catalogue().parse("meddis91 (D9134L)")
MessageType('DIS91 D9134L')
>>> catalogue().parse("XDIS91").family
'DIS91'
>>> catalogue().parse("zzz 99")
MessageType('ZZZ 99', known=False)
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from enum import StrEnum
from functools import cache, partial

from sor_addressing.errors import MalformedMessageType
from sor_addressing.frozen import Frozen, fill
from sor_addressing.hiding import hide
from sor_addressing.messages.spelling import Spellings, is_numeric
from sor_addressing.shipped import shipped_rows

_COLUMNS = ("family", "code", "format", "version", "current")
_MORE_COLUMNS = (
    "name_da",
    "name_en",
    "approved_to_send",
    "approved_to_receive",
    "urn",
    "expects_reply",
    "receipts",
)
_REMEMBERED = 4096
LONGEST_REMEMBERED = 200


class MessageFormat(StrEnum):
    """The three formats a letter can have: EDIFACT, OIOXML and HL7 FHIR."""

    EDI = "EDI"
    XML = "XML"
    FHIR = "FHIR"


class MessageType(Frozen):
    """A message type (*meddelelsestype*): what it was read as, and what the catalogue knows of it.

    Attributes:
        code: such as ``XDIS91``; of a type that is in no catalogue, what stands with its version, or the whole text as it was written.
        version: such as ``XD9134L`` or ``5.0``; None where none was given.
        format: EDI, XML or FHIR; None where the code is not known.
        family: such as ``DIS91``; None where it is not known.
        known: whether code and version (or the bare code, where no version was given) stand in the catalogue.
        current: whether that version is on the national list; None where it is not known or no version was given.
        family_certain: False where the code stands for two families and no version says which: ``family`` is then
            the one with a current version.
    """

    _names = __match_args__ = ("code", "version", "format", "family", "known", "current", "family_certain")
    __slots__ = (*_names, "_hash")
    code: str
    version: str | None
    format: MessageFormat | None
    family: str | None
    known: bool
    current: bool | None
    family_certain: bool
    _hash: int

    def __init__(
        self,
        code: str,
        version: str | None = None,
        format: MessageFormat | None = None,  # noqa: A002 (the word of the glossary)
        family: str | None = None,
        known: bool = False,
        current: bool | None = None,
        family_certain: bool = True,
    ) -> None:
        fill(
            self,
            code=code,
            version=version,
            format=format,
            family=family,
            known=known,
            current=current,
            family_certain=family_certain,
            _hash=hash((code, version, format, family, known, current, family_certain)),
        )

    def __hash__(self) -> int:
        return self._hash

    @property
    def text(self) -> str:
        """Code and version, or the code alone: ``XDIS91 XD9134L``."""
        return f"{self.code} {self.version}" if self.version else self.code

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"MessageType({self.text!r})" if self.known else f"MessageType({self.text!r}, known=False)"

    def name(self, language: str = "en") -> str:
        """What the letter is called in Danish (``"da"``) or English (``"en"``); the text of a type that is not known.

        >>> catalogue().parse("XDIS91").name("da")
        'Korrespondancebrev'
        """
        return catalogue().name(self, language)

    @staticmethod
    def parse(text: str) -> MessageType:
        """The message type that ``text`` means, in any spelling: :meth:`Catalogue.parse` of the shipped catalogue.

        Raises:
            MalformedMessageType: the text is blank, or has nothing that can be seen.
        """
        return catalogue().parse(text)

    @property
    def urn(self) -> str | None:
        """The EHMI code of the type with its version, as the endpoint register writes it; None where there is none.

        >>> catalogue().parse("DIS91 D9134L").urn
        'urn:dk:healthcare:medcom:messaging:edifact:meddis:dis91:d9134l'
        """
        return catalogue().urn(self)

    @property
    def official_spellings(self) -> dict[str, tuple[str, ...]]:
        """How the type is spelt in MedCom's and EHMI's publications, by the place: ``ehmi-urn``, ``list-name``, ``event-code`` and others.

        Those of code and version together; of a type without a version, those that name the code alone. Each of them is read as this type.

        >>> catalogue().parse("FDIS91 5.0").official_spellings["list-name"]
        ('CareCommunication (5.0)',)
        """
        from sor_addressing.messages.published import spellings

        return spellings(self.code, self.version)

    def to_dict(self) -> dict[str, object]:
        """Plain types, every field, and the text."""
        return {
            "text": self.text,
            "code": self.code,
            "version": self.version,
            "format": None if self.format is None else self.format.value,
            "family": self.family,
            "known": self.known,
            "current": self.current,
            "family_certain": self.family_certain,
        }


class Catalogue:
    """The message types that exist, and what is known of each: :func:`catalogue`, or :meth:`load` for one of your own.

    Attributes:
        types: every line of the catalogue as a message type, in its order.
        families: every family, in the catalogue's order.
    """

    __slots__ = (
        "_by_code",
        "_by_family",
        "_by_version",
        "_families_of_code",
        "_memory",
        "_receipts",
        "_replying",
        "_rows",
        "_spellings",
        "families",
        "types",
    )

    def __reduce__(self) -> tuple[object, ...]:
        return (catalogue, ()) if self is catalogue() else (Catalogue, ([row for _, row in self._rows.values()],))

    def __init__(self, rows: Iterable[list[str]]) -> None:
        """Build from rows in the order of the shipped table's columns; nothing is checked (see :meth:`load`)."""
        formats: dict[str, MessageFormat] = {member.value: member for member in MessageFormat}
        self._rows: dict[tuple[str, str], tuple[MessageType, list[str]]] = {}
        self._by_code: dict[str, list[MessageType]] = {}
        self._by_version: dict[str, list[MessageType]] = {}
        self._by_family: dict[str, list[MessageType]] = {}
        self._receipts: dict[tuple[str | None, MessageFormat], tuple[str, ...]] = {}
        self._replying: set[str] = set()
        for row in rows:
            family, code, format_text, version, current = row[:5]
            format_ = formats[format_text]
            found = MessageType(code, version, format_, family, True, current == "yes")
            self._rows[code, version] = found, row
            self._by_code.setdefault(code, []).append(found)
            self._by_version.setdefault(version, []).append(found)
            self._by_family.setdefault(family, []).append(found)
            receipts = tuple(row[11].split())
            self._receipts.setdefault((family, format_), receipts)
            if receipts:
                self._receipts.setdefault((None, format_), receipts)
            if row[10] == "yes":
                self._replying.add(family)
        self.types: tuple[MessageType, ...] = tuple(message_type for message_type, _ in self._rows.values())
        self.families: tuple[str, ...] = tuple(self._by_family)
        self._families_of_code = {code: _default_first(types) for code, types in self._by_code.items()}
        self._spellings = Spellings(
            self._rows,
            numbered=(code for code, types in self._by_code.items() if is_numeric(types[0].version or "-")),
            names=partial(shipped_rows, "sor_addressing.messages", "data", "type_names.csv"),
        )
        self._memory: dict[str, MessageType] = {}

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Catalogue:
        """A catalogue of your own, in place of the shipped one, from a CSV with the shipped table's columns.

        Needed are family, code, format, version and current (yes or no); the other columns may be left out.

        Raises:
            PolicyError: the file can't be read, or a row is not a message type; the text names file and line.
        """
        from sor_addressing.messages.catalogue_check import checked_rows

        return cls(checked_rows(path, required=_COLUMNS, optional=_MORE_COLUMNS))

    def parse(self, text: str | MessageType) -> MessageType:
        """The message type that ``text`` means, in any spelling; a :class:`MessageType` is returned as it is.

        What is not in the catalogue is kept as it stands (white space collapsed, upper case) with ``known=False``;
        a known code with an unknown version keeps both. Never raises on a text that isn't blank.

        >>> catalogue().parse("r0130f")
        MessageType('RPT01 R0130F')

        Raises:
            MalformedMessageType: the text is blank, or has nothing that can be seen.
            TypeError: it is no text.
        """
        found = self.read(text)
        if found is None:
            raise MalformedMessageType(
                "a message type is needed, such as 'DIS91' or 'XDIS91 XD9134L'; the text is blank"
            )
        return found

    def read(self, text: str | MessageType) -> MessageType | None:
        """As :meth:`parse`; None where the text says nothing: it is blank, or has characters alone that nobody sees."""
        if isinstance(text, MessageType):
            return text
        if not isinstance(text, str):
            raise TypeError(f"a message type is text or a MessageType, not {type(text).__name__}")
        return self._memory.get(text) or self._read_anew(text)

    def _read_anew(self, text: str) -> MessageType | None:
        # As the catalogue writes it itself, and a register the types that it holds: nothing to find out.
        code, _, version = text.partition(" ")
        row = self._rows.get((code, version))
        if row is not None:
            found = row[0]
        elif text in self._by_code:
            found = self._of_code(text)
        else:
            spelt = self._read(text)
            if spelt is None:
                return None
            found = spelt
        if len(text) <= LONGEST_REMEMBERED:
            if len(self._memory) >= _REMEMBERED:
                self._memory.clear()
            self._memory[text] = found
        return found

    def _read(self, text: str) -> MessageType | None:
        kept, code, version = self._spellings.read(hide(text))  # no type has ten digits: they are somebody's CPR number
        found = self._found(code, version) if code else None
        if found is not None or not kept:
            return found
        code, version = (kept, "") if code else self._spellings.apart(kept)
        return MessageType(code, version or None)

    def _found(self, code: str, version: str) -> MessageType | None:
        """What code and version mean together; None where they contradict each other."""
        if not version:
            return self._of_code(code)
        families = self._families_of_code[code]
        format_ = self._by_code[code][0].format
        row = self._rows.get((code, version))
        if row is not None:
            return row[0]
        if is_numeric(version):
            # 2.0 is 2.0.0: lists write two numbers and definitions three.
            same = [one for one in self._by_code[code] if _numbers(one.version or "") == _numbers(version)]
            if same:
                return same[0]
        elsewhere = [] if is_numeric(version) else self._by_version.get(version, [])
        if elsewhere:
            # A version that stands under another code says more than its last letter does.
            fitting = [other.family for other in elsewhere if other.format is format_ and other.family in families]
            return MessageType(code, version, format_, fitting[0]) if fitting else None
        alike = {other.family for other in self._by_code[code] if (other.version or "")[-1:] == version[-1]}
        if len(families) == 1 or len(alike) != 1:
            return MessageType(code, version, format_, families[0], family_certain=len(families) == 1)
        return MessageType(code, version, format_, alike.pop())

    def _of_code(self, code: str) -> MessageType:
        """What a code of the catalogue means without a version."""
        families = self._families_of_code[code]
        return MessageType(code, None, self._by_code[code][0].format, families[0], True, None, len(families) == 1)

    def types_of_family(self, family: str) -> tuple[MessageType, ...]:
        """Every line of a family; empty where the family is not known."""
        return tuple(self._by_family.get(family, ()))

    def types_of_code(self, code: str) -> tuple[MessageType, ...]:
        """Every line of a code, of all its families; empty where the code is not known."""
        return tuple(self._by_code.get(code, ()))

    def families_of_code(self, code: str) -> tuple[str, ...]:
        """The families a code stands for, the one that the bare code is taken for first.

        >>> catalogue().families_of_code("XRPT01")
        ('RPT01', 'RPT01F')
        """
        return self._families_of_code.get(code, ())

    def formats_of_family(self, family: str) -> tuple[MessageFormat, ...]:
        """The formats a family has, in the order EDI, XML, FHIR."""
        formats = {message_type.format for message_type in self._by_family.get(family, ())}
        return tuple(format_ for format_ in MessageFormat if format_ in formats)

    def current_versions(self, code: str, family: str) -> tuple[str, ...]:
        """The versions of a code in a family that are on the national list."""
        return tuple(
            message_type.version
            for message_type in self._by_code.get(code, ())
            if message_type.current and message_type.family == family and message_type.version
        )

    def name(self, message_type: MessageType, language: str = "en") -> str:
        """What a type is called in Danish (``"da"``) or English (``"en"``); its text where it has no name.

        Raises:
            ValueError: the language is neither.
        """
        column = _name_column(language)
        for other in self._by_code.get(message_type.code, ()):
            if other.family == message_type.family:
                return self._column(other, column) or message_type.text
        return message_type.text

    def family_name(self, family: str, language: str = "en") -> str:
        """What a family is called: the name of its first line; the family itself where it is not known.

        Raises:
            ValueError: the language is neither ``"da"`` nor ``"en"``.
        """
        column = _name_column(language)
        types = self._by_family.get(family)
        return (self._column(types[0], column) if types else "") or family

    def expects_reply(self, family: str | None) -> bool:
        """Whether a reply to a letter of the family comes back in the same family, as in a correspondence."""
        return family in self._replying

    def is_receipt(self, family: str | None) -> bool:
        """Whether the family is itself a receipt (*kvittering*): no receipt is sent for it."""
        types = self._by_family.get(family or "", ())
        return bool(types) and not any(self._receipts[family, other.format] for other in types if other.format)

    def receipts(
        self,
        format: MessageFormat,  # noqa: A002 (the word of the glossary)
        family: str | None,
    ) -> tuple[str, ...]:
        """Codes of the receipts that answer a letter of the family in that format; none for receipts.

        >>> catalogue().receipts(MessageFormat.XML, "DIS91")
        ('XCTL02', 'XCTL03')
        """
        found = self._receipts.get((family, format))
        if found is not None:
            return found
        return () if self.is_receipt(family) else self._receipts.get((None, format), ())

    def urn(self, message_type: MessageType) -> str | None:
        """MedCom's URN of a type with its version, or the event of a FHIR message; None where there is none."""
        return self._column(message_type, 9) or None

    def approved_to_send(self, message_type: MessageType) -> int | None:
        """How many systems are approved to send this version; None where it is not on the approval list."""
        count = self._column(message_type, 7)
        return int(count) if count else None

    def approved_to_receive(self, message_type: MessageType) -> int | None:
        """How many systems are approved to receive this version; None where it is not on the approval list."""
        count = self._column(message_type, 8)
        return int(count) if count else None

    def _column(self, message_type: MessageType, column: int) -> str:
        row = self._rows.get((message_type.code, message_type.version or ""))
        return row[1][column] if row else ""


def _numbers(version: str) -> tuple[str, ...]:
    """The numbers of a version, at least two of them, without a third that is zero."""
    numbers = version.split(".")
    while len(numbers) > 2 and numbers[-1] == "0":
        numbers.pop()
    return tuple(numbers)


def _default_first(types: list[MessageType]) -> tuple[str, ...]:
    """The families of one code: the one with a current version first, else in the catalogue's order."""
    families = dict.fromkeys(message_type.family for message_type in types if message_type.family)
    if len(families) == 1:
        return tuple(families)
    ordered = sorted(types, key=lambda message_type: not message_type.current)
    return tuple(dict.fromkeys(message_type.family for message_type in ordered if message_type.family))


def _name_column(language: str) -> int:
    if language not in ("da", "en"):
        raise ValueError(f"no names in language {language!r}: use 'da' or 'en'")
    return 5 if language == "da" else 6


@cache
def catalogue() -> Catalogue:
    """The catalogue shipped in the package, read once."""
    return Catalogue(shipped_rows("sor_addressing.messages", "data", "message_types.csv"))
