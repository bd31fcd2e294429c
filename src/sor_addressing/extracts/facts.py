"""Which fact is in which published file, from ``data/facts.csv``: what a register can't know, whatever is asked of it."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Mapping
from functools import cache

import attrs

from sor_addressing.written_data.shipped import shipped_bytes

__all__ = ["Fact", "facts", "not_known"]


@attrs.frozen(slots=True)
class Fact:
    """A fact and the files that have it.

    Attributes:
        name: what it is, in words.
        files: ``yes``, ``partly`` or ``no`` for each file, by the name of its ``Content`` in lower case: ``sor_xml``.
        note: in what way a file has it partly, or what else is to be known.
        columns: the fields of which at least one has to have a column in a table that tells it.
    """

    name: str
    files: Mapping[str, str] = attrs.field(hash=False)
    note: str = ""
    columns: frozenset[str] = frozenset()

    def known_from(self, contents: Iterable[str], found_columns: Mapping[str, Collection[str]] | None = None) -> str:
        """``yes``, ``partly`` or ``no``: what the best of several files has; ``found_columns`` are the fields that have one, by table."""
        tables = found_columns or {}
        found = {
            self.files[content]
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
    return tuple(
        Fact(row.pop("fact"), note=row.pop("note"), columns=frozenset(row.pop("columns").split()), files=row)
        for row in rows
    )


def not_known(contents: Iterable[str], found_columns: Mapping[str, Collection[str]] | None = None) -> tuple[str, ...]:
    """Names of the facts that none of these files has.

    Args:
        contents: the files, by the names of their ``Content`` in lower case.
        found_columns: of a table, the fields that it has a column for; a table that is not here counts as having all.

    >>> "registrations" in not_known(["sor_xml"]), "registrations" in not_known(["sor_xml", "message_types"])
    (True, False)

    Raises:
        KeyError: there is no file of that name.
    """
    given = tuple(contents)
    return tuple(fact.name for fact in facts() if fact.known_from(given, found_columns) == "no")
