"""Which fact is in which published file: what a register can't know, whatever is asked of it.

The facts are in ``data/facts.csv``; which a file has is said by its row in :mod:`sor_addressing.extracts.published`.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Mapping
from functools import cache

import attrs

from sor_addressing.extracts import published
from sor_addressing.shipped import shipped_bytes

__all__ = ["Fact", "facts", "not_known"]


@attrs.frozen(slots=True)
class Fact:
    """A fact.

    Attributes:
        name: what it is, in words.
        note: in what way a file has it partly, or what else is to be known.
        columns: the fields of which at least one has to have a column in a table that tells it.
    """

    name: str
    note: str = ""
    columns: frozenset[str] = frozenset()

    @property
    def files(self) -> dict[str, str]:
        """``yes``, ``partly`` or ``no`` for each published file, by its key: ``sor_xml``."""
        return {content.key: content.knows(self.name) for content in published.FILES}

    def known_from(self, contents: Iterable[str], found_columns: Mapping[str, Collection[str]] | None = None) -> str:
        """``yes``, ``partly`` or ``no``: what the best of several files has; ``found_columns`` are the fields that have one, by table."""
        tables, files = found_columns or {}, self.files
        found = {
            files[content]
            for content in contents
            if not self.columns or content not in tables or not self.columns.isdisjoint(tables[content])
        }
        return next((answer for answer in ("yes", "partly") if answer in found), "no")


@cache
def facts() -> tuple[Fact, ...]:
    """Every fact, those of units first.

    >>> facts()[0].known_from(["sor_xml", "message_types"])
    'yes'
    """
    text = shipped_bytes("sor_addressing.extracts", "data", "facts.csv").decode()
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return tuple(Fact(row["fact"], row["note"], frozenset(row["columns"].split())) for row in rows)


def not_known(contents: Iterable[str], found_columns: Mapping[str, Collection[str]] | None = None) -> tuple[str, ...]:
    """Names of the facts that none of these files has.

    Args:
        contents: the files, by their keys.
        found_columns: of a table, the fields that it has a column for; a table that is not here counts as having all.

    >>> "registrations" in not_known(["sor_xml"]), "registrations" in not_known(["sor_xml", "message_types"])
    (True, False)

    Raises:
        KeyError: there is no file of that key.
    """
    given = tuple(contents)
    return tuple(fact.name for fact in facts() if fact.known_from(given, found_columns) == "no")
