"""What units are called in a register: :func:`names`, and the :class:`NameReport` it gives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from itertools import chain
from typing import TYPE_CHECKING, Unpack

import attrs

from sor_addressing.addressing.policy import DEFAULT_POLICY
from sor_addressing.clock import day_number
from sor_addressing.errors import PolicyError
from sor_addressing.index.columns import NOTHING
from sor_addressing.index.words import words_of
from sor_addressing.quality.naming.everyday import EverydayName, everyday_names
from sor_addressing.quality.naming.parts import Pattern
from sor_addressing.quality.naming.siblings import Key, NamesOf, Siblings, breaks_in, siblings_of
from sor_addressing.quality.naming.words import naming_words
from sor_addressing.quality.report.written import Written, path_of
from sor_addressing.register.face import Register
from sor_addressing.register.inside import index_of
from sor_addressing.register.sectioned import SectionedReport
from sor_addressing.search.rules.facets import UnknownValue
from sor_addressing.search.rules.filters import Filter, FilterFields
from sor_addressing.search.rules.find import unknown_values
from sor_addressing.search.rules.narrowing import rows_matching
from sor_addressing.search.words.aliases import Aliases
from sor_addressing.texts import LANGUAGES
from sor_addressing.whole_file import Target, written_text

if TYPE_CHECKING:
    from sor_addressing.index.lookup import Index
    from sor_addressing.pages.sections import ReportSection

_FEWEST = 2
_HANGS_ON = ("unit types", "regions", "location numbers")


@attrs.frozen(slots=True)
class NamePattern:
    """A way in which units are named, ``Afdeling for X``.

    Attributes:
        pattern: X is what a unit is for, N what tells it apart: a number, a letter.
        units: how many are named so.
        is_common: whether most of the names of its kind are, and enough of them.
        example: the name of one.
    """

    pattern: str
    units: int
    is_common: bool
    example: str


@attrs.frozen(slots=True)
class NameGroup:
    """How the units of one region and one type are named.

    Attributes:
        region: code of the region; empty where the register doesn't say.
        unit_type: code of the type.
        units: how many units in force there are.
        breaking: how many break the common pattern of their kind.
        patterns: how they are named, the most frequent first.
    """

    region: str
    unit_type: str
    units: int
    breaking: int
    patterns: tuple[NamePattern, ...]
    _type_words: Mapping[str, str | None] = attrs.field(hash=False, repr=False)
    _region_words: Mapping[str, str | None] = attrs.field(hash=False, repr=False)

    def name(self, language: str = "en") -> str:
        """What the unit type is called; its code where nothing tells."""
        return self._type_words.get(language) or self.unit_type

    def region_name(self, language: str = "en") -> str:
        """What the region is called; its code where nothing tells, and empty where the register says no region."""
        return self._region_words.get(language) or self.region

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return {
            "region": self.region,
            "region_name": self.region_name("da"),
            "unit_type": self.unit_type,
            "unit_type_name": self.name("da"),
            "units": self.units,
            "breaking": self.breaking,
            "patterns": [attrs.asdict(one) for one in self.patterns],
        }


@attrs.frozen(slots=True)
class NameBreak:
    """A name that is made in another way than those of its siblings.

    Attributes:
        sor_code: of the unit.
        name: as the register has it.
        region: code of its region.
        unit_type: code of the type whose units are its siblings.
        pattern: how it is named.
        common: how its siblings are.
        proposal: the name as theirs are; None where its words don't tell how that would be said.
    """

    sor_code: str
    name: str
    region: str
    unit_type: str
    pattern: str
    common: str
    proposal: str | None

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return attrs.asdict(self)


@attrs.frozen(slots=True, kw_only=True, repr=False)
class NameReport(SectionedReport):
    """What units in force are called: made by :func:`names`.

    Attributes:
        on: the day.
        snapshot_date: that of the register.
        least: from how many names of a kind on a pattern can be common.
        units: how many units were looked at.
        not_known: the facts that this hangs on and none of the loaded files tells.
        unknown: values of the filter that no unit of the register has.
        groups: each region and type with its patterns, the largest first.
        breaks: the names that break the common pattern, with a proposal.
        everyday_names: what people would call units, and those for which somebody has to write a name.
    """

    on: dt.date
    snapshot_date: dt.date
    least: int
    units: int
    not_known: tuple[str, ...]
    unknown: tuple[UnknownValue, ...]
    groups: tuple[NameGroup, ...]
    breaks: tuple[NameBreak, ...]
    everyday_names: tuple[EverydayName, ...]

    def __repr__(self) -> str:
        return f"<NameReport of {self.units} units on {self.on}: {len(self.breaks)} break a pattern>"

    @property
    def aliases(self) -> Aliases:
        """The everyday names that are proposed, as search takes them."""
        return Aliases({one.sor_code: [one.everyday_name] for one in self.everyday_names if one.everyday_name})

    def write_aliases(self, target: Target) -> Written:
        """Write the everyday names as a file to begin from, which :meth:`Aliases.load` and ``search --aliases`` read.

        Units whose name nobody would search and for which nothing is proposed are in it as comments: write a name, and take the ``#`` away.

        Args:
            target: a path or an open text file; TOML where the path ends in ``.toml``, else CSV.

        Raises:
            NotWritten: it can't be written there.
        """
        from sor_addressing.quality.naming.writing import write_alias_csv, write_alias_toml

        path = path_of(target)
        is_toml = path is not None and path.suffix.lower() == ".toml"
        # The mark is what spreadsheets know UTF-8 by.
        with written_text(target, encoding="utf-8" if is_toml else "utf-8-sig") as file:
            (write_alias_toml if is_toml else write_alias_csv)(self, file)
        return Written(path, len(self.aliases))

    def to_dict(self) -> dict[str, object]:
        """Plain types, stable keys."""
        return {
            "snapshot_date": self.snapshot_date.isoformat(),
            "on": self.on.isoformat(),
            "least": self.least,
            "units": self.units,
            "not_known": list(self.not_known),
            "unknown": [one.to_dict() for one in self.unknown],
            "groups": [one.to_dict() for one in self.groups],
            "breaks": [one.to_dict() for one in self.breaks],
            "everyday_names": [one.to_dict() for one in self.everyday_names],
        }

    def to_csv(self, target: Target, *, language: str = "en", delimiter: str = ";") -> Written:
        """Write the names that break a pattern, a row each: the identifier, the name, and what it could be.

        Args:
            target: a path or an open text file.
            language: ``da`` or ``en``.
            delimiter: between cells.

        Raises:
            NotWritten: it can't be written there.
        """
        from sor_addressing.quality.naming.writing import write_breaks

        with written_text(target, encoding="utf-8-sig") as file:
            guarded = write_breaks(self, file, language, delimiter)
        return Written(path_of(target), len(self.breaks), guarded)

    def title(self, language: str = "en") -> str:
        """What the report is called."""
        from sor_addressing.quality.naming.writing import title

        return title(language)

    def sections(self, language: str = "en") -> tuple[ReportSection, ...]:
        """The report part by part, as tables of texts."""
        from sor_addressing.quality.naming.writing import sections_of

        return tuple(sections_of(self, language))


def names(
    register: Register,
    *,
    on: dt.date | None = None,
    least: int | None = None,
    filter: Filter | None = None,  # noqa: A002 (what it is called everywhere)
    **fields: Unpack[FilterFields],
) -> NameReport:
    """How the units of each region and type are named, which names break the common pattern, and what people would say instead.

    Names are compared that have the same head (*Afdeling*, *Klinik*) and hold the same besides: what the unit is for, a number, or both. The name
    of the organisation in front or behind is set aside. A pattern is common that more than half of at least ``least`` names follow.

    Args:
        register: the register; it is only read.
        on: the day; the register's own by default. Units in force on it are looked at.
        least: from how many names of a kind on a pattern can be common; 5 where None.
        filter: which units are looked at; all of them where None.
        fields: the fields of a :class:`Filter`, in place of one or beside it: ``region="1081"`` and so on.

    Raises:
        PolicyError: ``least`` is no whole number from 2 on.
        FilterError: a field is asked for something that it can't mean; TypeError: there is no such field.

    >>> names(Register.sample())
    <NameReport of 52 units on 2026-01-15: 1 break a pattern>
    """
    used = naming_words().least if least is None else _checked(least)
    wanted = (filter or Filter()).but(**fields)
    day = register.snapshot_date if on is None else dt.date.fromordinal(day_number(on))
    index = index_of(register)
    chosen = (
        rows_matching(index, wanted, day=day.toordinal(), policy=DEFAULT_POLICY) if wanted.fields else range(len(index))
    )
    rows = [row for row in sorted(chosen) if index.is_in_force(row, day.toordinal())]
    known = NamesOf(index)
    found = siblings_of(index, rows, known, least=used)
    order = sorted(found, key=lambda key: (key[0], -len(found[key].rows), key[1]))
    located = (row for row in rows if index.columns.unit_location[row] != NOTHING)
    breaks = {
        key: [
            NameBreak(index.sor_code(row), index.name(row), *key, str(parts.pattern), str(pattern), proposal)
            for row, parts, pattern, proposal in breaks_in(found[key], known)
        ]
        for key in order
    }
    return NameReport(
        on=day,
        snapshot_date=index.snapshot_date,
        least=used,
        units=len(rows),
        not_known=tuple(name for name in _HANGS_ON if name in index.not_known),
        unknown=unknown_values(index, wanted, day.toordinal()) if wanted.fields else (),
        groups=tuple(_group(index, key, found[key], known, len(breaks[key])) for key in order),
        breaks=tuple(chain.from_iterable(breaks.values())),
        everyday_names=everyday_names(index, located, known),
    )


def _checked(least: object) -> int:
    if isinstance(least, bool) or not isinstance(least, int) or least < _FEWEST:
        raise PolicyError(f"least is {least!r}: give a whole number from {_FEWEST} on")
    return least


def _group(index: Index, key: Key, siblings: Siblings, names: NamesOf, breaking: int) -> NameGroup:
    common = {pattern for pattern, _ in siblings.common.values()}
    examples: dict[Pattern, int] = {}
    for row in siblings.rows:
        examples.setdefault(names(row).pattern, row)
    told = [
        NamePattern(str(pattern), count, pattern in common, index.name(examples[pattern]))
        for pattern, count in siblings.patterns.items()
    ]
    patterns = tuple(sorted(told, key=lambda one: (-one.units, one.pattern)))
    region, kind = (
        {language: words_of(index, name, code, language) for language in LANGUAGES}
        for name, code in zip(("region", "type"), key, strict=True)
    )
    return NameGroup(*key, len(siblings.rows), breaking, patterns, kind, region)
