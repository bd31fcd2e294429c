"""What two registers can be compared in: a fact that one of them can't know never counts as changed."""

from __future__ import annotations

import attrs

from sor_addressing.index.lookup import Index
from sor_addressing.texts import text_of

_FACTS = (
    "tree",
    "closed units",
    "future units",
    "periods of units",
    "unit types",
    "specialities",
    "provider numbers",
    "SHAK codes",
    "location numbers",
    "inheritance of location numbers",
    "periods of location numbers",
    "inactive location numbers",
    "internal location numbers",
    "systems and suppliers",
    "administrators",
    "registrations",
    "directions of registrations",
    "successors",
    "postal addresses",
    "visiting addresses",
    "activity addresses",
    "inheritance of addresses",
    "contacts",
)
"""The facts that are compared, by their names in ``facts.csv``."""

_TELL_TABLES_APART = frozenset({"inheritance of addresses", "visiting addresses", "municipalities"})
"""What ``Sor.xml``, ``sor.csv`` and the tables of SOR2 differ in, whatever is loaded beside them."""

_SHAK_MAP = "days of SHAK codes"
_ADDRESSES = ("postal addresses", "visiting addresses", "activity addresses")


@attrs.frozen(slots=True)
class NotCompared:
    """A fact that was not compared, by its name in the documentation's table of files, and why.

    ``reason`` is ``old-not-known`` or ``new-not-known`` where one of the days can't know it, ``neither-known`` where both can't,
    ``kept-differently`` where the two sets of files say it in ways that can't be compared, and ``codes-and-words`` where one has codes
    and the other words.
    """

    fact: str
    reason: str

    def text(self, language: str = "en") -> str:
        """The fact and the reason as a sentence, in English (``"en"``) or Danish (``"da"``)."""
        return text_of("changes", f"not-compared.{self.reason}", language, {"fact": self.fact})

    def to_dict(self) -> dict[str, object]:
        """Plain types, with the English text."""
        return {"fact": self.fact, "reason": self.reason, "text": self.text()}


class Comparable:
    """Which facts the two registers both know, and in the same way."""

    def __init__(self, old: Index, new: Index) -> None:
        missing = [_not_known(index) for index in (old, new)]
        self._found: dict[str, str] = {}
        self._mixed: dict[str, str] = {}
        for fact in _FACTS:
            unknown = fact in missing[0], fact in missing[1]
            if any(unknown):
                self._found[fact] = {
                    (True, False): "old-not-known",
                    (False, True): "new-not-known",
                    (True, True): "neither-known",
                }[unknown]
        same_files = missing[0] & _TELL_TABLES_APART == missing[1] & _TELL_TABLES_APART
        self.same_files = same_files
        """Whether both say what they know in the same way; else only what is wholly different counts as changed where one can have more."""
        if not same_files and "inheritance of addresses" in self._found:
            # A table has an address on the row of every unit, in its own spelling, or has none there that is inherited.
            for fact in (*_ADDRESSES, "contacts", "specialities"):
                self._found.setdefault(fact, "kept-differently")
        if "inheritance of addresses" in self._found:
            # Of itself this is nothing that changes.
            del self._found["inheritance of addresses"]
        self.shak_maps = tuple(_SHAK_MAP not in index.not_known for index in (old, new))
        """Whether SHAK codes are also from a table beside the units: it can have several for a unit."""

    def __contains__(self, fact: str) -> bool:
        """Whether the fact can be compared."""
        return fact not in self._found

    def has_codes_and_words(self, fact: str) -> None:
        """Note that one register has codes where the other has words, at least for some units."""
        self._mixed[fact] = "codes-and-words"

    def not_compared(self) -> tuple[NotCompared, ...]:
        """Every fact that was not compared, in the order of the table of files."""
        found = self._mixed | self._found
        return tuple(NotCompared(fact, found[fact]) for fact in _FACTS if fact in found)


def _not_known(index: Index) -> frozenset[str]:
    missing = set(index.not_known)
    if not index.has_message_types:
        missing |= {"registrations", "directions of registrations"}
    elif not index.has_directions:
        missing.add("directions of registrations")
    return frozenset(missing)
