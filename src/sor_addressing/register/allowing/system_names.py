"""Which system of an approval list a system of the register is: the same name, nearly the same, or what a table of aliases says."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from enum import StrEnum

import attrs

from sor_addressing.cells import is_blank
from sor_addressing.errors import PolicyError
from sor_addressing.search.words.folding import words_in
from sor_addressing.written_data.rows import read_rows
from sor_addressing.written_data.tables import WrittenTable

ALIAS_COLUMNS = ("registered", "approved")

LIKE_ENOUGH = 90.0
"""From here on, of 100, a name that is spelt otherwise counts as the same; unless another one is nearly as like."""

_MARGIN = 5.0
_SHORTEST_FUZZY = 5
_MOST_ALIKE = 3
_FAR = 60.0
_SORT = re.compile(r"[\[(].*?[\])]")
_VERSION = re.compile(r"\s+(?:version\s+|v\.?\s?)?(\d+(?:\.\d+)*)$", re.IGNORECASE | re.ASCII)


class MatchKind(StrEnum):
    """How a system was found on the approval list, or why not."""

    ALIAS = "alias"
    SAME_NAME = "same-name"
    LIKE_NAME = "like-name"
    NO_NAME = "no-name"
    SEVERAL = "several"
    NONE = "none"


@attrs.frozen(slots=True)
class SystemMatch:
    """A system of the register and the systems of the approval list that it is; none where it can't be told.

    Attributes:
        code: the system as the register writes it.
        name: what the code stands for, None where nothing tells.
        kind: how it was found, or why not: ``no-name`` (only a code is known), ``several`` (several systems on the list have that name), or
            ``none``.
        approved: names on the list; several where a table of aliases says so.
        alike: names on the list that come close, where none was taken; of ``several``, those that have the name.
    """

    code: str
    name: str | None
    kind: MatchKind
    approved: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return {
            "code": self.code,
            "name": self.name,
            "kind": str(self.kind),
            "approved": list(self.approved),
            "alike": list(self.alike),
        }


class SystemNames:
    """The names of an approval list, each with its suppliers, and what else they are called.

    Args:
        suppliers: name of each system to the names of its suppliers.
        aliases: a code or name of the register to the name or names on the list.

    Raises:
        PolicyError: an alias leads to a name that is not on the list.
    """

    def __init__(self, suppliers: Mapping[str, Iterable[str]], aliases: Mapping[str, Iterable[str]]) -> None:
        self._suppliers = {name: {folded(supplier) for supplier in of} for name, of in suppliers.items()}
        self._folded: dict[str, list[str]] = {}
        for name in suppliers:
            for key in dict.fromkeys((folded(name), folded(_SORT.sub(" ", name)))):
                if key:
                    self._folded.setdefault(key, []).append(name)
        self._versions: dict[str, list[str]] = {}
        for name in suppliers:
            if version_in(name):
                self._versions.setdefault(folded(_without_version(name)), []).append(name)
        self._aliases: dict[str, tuple[str, ...]] = {}
        for registered, approved in aliases.items():
            names = tuple(self._on_the_list(name, registered) for name in approved)
            self._aliases.update(dict.fromkeys(filter(None, (registered, folded(registered))), names))

    def _on_the_list(self, name: str, registered: str) -> str:
        if name not in self._suppliers:
            raise PolicyError(f"the alias {registered!r} leads to {name!r}, which is not on the approval list")
        return name

    def match(self, code: str, name: str | None, supplier: str | None) -> SystemMatch:
        """The systems on the list that a registered system is."""
        for known in (code, folded(name or "")):
            if known in self._aliases:
                return SystemMatch(code, name, MatchKind.ALIAS, self._aliases[known])
        if not name:
            return SystemMatch(code, None, MatchKind.NO_NAME)
        own = self._narrowed(self._folded.get(folded(name), []), name, supplier)
        if len(own) == 1:
            return SystemMatch(code, name, MatchKind.SAME_NAME, tuple(own))
        if own:
            return SystemMatch(code, name, MatchKind.SEVERAL, alike=tuple(own))
        versions = self._versions.get(folded(name), [])
        if len(versions) > 1:  # the register names no version, and the list has several
            return SystemMatch(code, name, MatchKind.SEVERAL, alike=tuple(versions))
        return self._like(code, name, supplier)

    def _like(self, code: str, name: str, supplier: str | None) -> SystemMatch:
        from rapidfuzz import fuzz, process

        wanted = folded(name)
        found = process.extract(
            wanted, list(self._folded), scorer=fuzz.token_sort_ratio, limit=_MOST_ALIKE, score_cutoff=_FAR
        )
        alike = tuple(dict.fromkeys(other for key, _, _ in found for other in self._folded[key]))
        best = [key for key, score, _ in found if score >= LIKE_ENOUGH and score > found[0][1] - _MARGIN]
        taken = self._narrowed(
            list(dict.fromkeys(other for key in best for other in self._folded[key])), name, supplier
        )
        # Another number is another version or another system, however like the names are.
        same = [one for one in taken if _numbers(one) == _numbers(name)]
        if len(wanted) >= _SHORTEST_FUZZY and len(taken) == 1 and same:
            return SystemMatch(code, name, MatchKind.LIKE_NAME, tuple(taken))
        if len(same) > 1:
            return SystemMatch(code, name, MatchKind.SEVERAL, alike=tuple(same))
        return SystemMatch(code, name, MatchKind.NONE, alike=alike)

    def _narrowed(self, names: list[str], written: str, supplier: str | None) -> list[str]:
        """The one that is written just so, or the only one of that supplier; all of them where neither tells."""
        if written in names:
            return [written]
        wanted = folded(supplier or "")
        of_supplier = [name for name in names if wanted and wanted in self._suppliers[name]]
        return of_supplier if len(of_supplier) == 1 else names


def version_in(name: str) -> str:
    """The number at the end of a system's name; empty where there is none.

    >>> version_in("Omsorg 2.1"), version_in("Omsorg v3"), version_in("C2"), version_in("2000")
    ('2.1', '3', '', '')
    """
    found = _VERSION.search(name)
    return found[1] if found else ""


def _without_version(name: str) -> str:
    return _VERSION.sub("", name)


def _numbers(name: str) -> list[str]:
    return re.findall(r"\d+", name)


def folded(name: str) -> str:
    """A name in the letters that names are compared in.

    >>> folded("EG  Clinea [LPS]"), folded("Éclair-Journal")
    ('eg clinea lps', 'eclair journal')
    """
    return " ".join(word.folded for word in words_in(name))


def aliases_of(
    given: Mapping[str, str | Iterable[str]] | str | os.PathLike[str] | None,
) -> dict[str, tuple[str, ...]]:
    """Aliases as they are given, or read from a CSV with the columns ``registered`` and ``approved``; a name with several rows is several systems.

    Raises:
        PolicyError: the file can't be read as such a table.
    """
    if given is None:
        return {}
    if isinstance(given, Mapping):
        return {_alias(name): tuple(map(_alias, _listed(to) or (to,))) for name, to in given.items()}
    found: dict[str, tuple[str, ...]] = {}
    for line, row in read_rows(given, PolicyError, required=ALIAS_COLUMNS):
        registered, approved = map(WrittenTable(row, os.fspath(given), PolicyError, line=line).text, ALIAS_COLUMNS)
        found[registered] = (*found.get(registered, ()), approved)
    return found


def _listed(to: object) -> tuple[object, ...]:
    return tuple(to) if isinstance(to, Iterable) and not isinstance(to, str) else (to,)


def _alias(text: object) -> str:
    if isinstance(text, str) and not is_blank(text):
        return text
    raise PolicyError(f"an alias has {text!r}: give a code or name of the register, and its name or names on the list")
