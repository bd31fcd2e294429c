"""What converts into what: the published evidence for a pair of versions.

A line says that a version of one format can become a version of another. That a pair has none doesn't mean that it can't be
converted: the published table is of 2015.
"""

from __future__ import annotations

from functools import cache

from sor_addressing.frozen import Frozen, fill
from sor_addressing.messages.catalogue import MessageFormat, MessageType, catalogue
from sor_addressing.shipped import shipped_rows


class ConversionEvidence(Frozen):
    """A published line on one pair of versions.

    Attributes:
        family: the family converted from; the version converted to belongs to another where ``crosses_families``.
        known_from: where the line was published.
        note: what it says of limits; empty where it says nothing.
        loses_content: whether a loss is noted, or can't be ruled out.
    """

    _names = __slots__ = __match_args__ = (
        "family",
        "from_format",
        "from_version",
        "to_format",
        "to_version",
        "known_from",
        "note",
        "loses_content",
    )
    family: str
    from_format: MessageFormat
    from_version: str
    to_format: MessageFormat
    to_version: str
    known_from: str
    note: str
    loses_content: bool

    def __init__(
        self,
        family: str,
        from_format: MessageFormat,
        from_version: str,
        to_format: MessageFormat,
        to_version: str,
        known_from: str,
        note: str,
        loses_content: bool,
    ) -> None:
        fill(
            self,
            family=family,
            from_format=from_format,
            from_version=from_version,
            to_format=to_format,
            to_version=to_version,
            known_from=known_from,
            note=note,
            loses_content=loses_content,
        )

    @property
    def target(self) -> MessageType:
        """The message type that comes out.

        >>> cross_family_conversions("GGOP")[0].target
        MessageType('XDIS91 XD9134L')
        """
        for message_type in catalogue().types_of_family(self.family):
            if message_type.format is self.to_format and message_type.version == self.to_version:
                return message_type
        return catalogue().parse(self.to_version)

    @property
    def crosses_families(self) -> bool:
        """Whether another letter comes out: possible, and never offered as a conversion."""
        return self.target.family not in (self.family, None)

    def to_dict(self) -> dict[str, object]:
        """Plain types, every field."""
        values: dict[str, object] = {name: getattr(self, name) for name in self._names}
        return values | {"from_format": str(self.from_format), "to_format": str(self.to_format)}


@cache
def _evidence() -> dict[tuple[str, str, str, str, str], ConversionEvidence]:
    lines = {}
    for row in shipped_rows("sor_addressing.messages", "data", "conversions.csv"):
        family, from_format, from_version, to_format, to_version, known_from, note, loses = row
        lines[family, from_format, from_version, to_format, to_version] = ConversionEvidence(
            family,
            MessageFormat(from_format),
            from_version,
            MessageFormat(to_format),
            to_version,
            known_from,
            note,
            loses == "yes",
        )
    return lines


def conversion_evidence(source: MessageType, target: MessageType) -> ConversionEvidence | None:
    """The published line on converting ``source`` to ``target``; None without one, or across families.

    >>> parse = catalogue().parse
    >>> conversion_evidence(parse("XDIS91 XD9134L"), parse("DIS91 D9134L")).known_from
    'MedCom EDI/XML converter (2015)'
    >>> conversion_evidence(parse("DIS01 D0134L"), parse("XDIS01 XD0134L")) is None
    True
    """
    if source.family is None or source.family != target.family or source.format is None or target.format is None:
        return None
    if source.version is None or target.version is None:
        return None
    return _evidence().get((source.family, source.format, source.version, target.format, target.version))


@cache
def cross_family_conversions(family: str) -> tuple[ConversionEvidence, ...]:
    """The published lines from a family to another one: alternatives to name, never offered as a conversion."""
    return tuple(line for line in _evidence().values() if line.family == family and line.crosses_families)
