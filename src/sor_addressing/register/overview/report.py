"""Who converts what, as it was counted: :class:`Conversions`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import attrs

from sor_addressing.addressing.policy import AddressingPolicy, ShippedModel, for_sender
from sor_addressing.clock import date_of
from sor_addressing.errors import PolicyError
from sor_addressing.index.lookup import Index
from sor_addressing.messages.conversion_rows import ConversionParty
from sor_addressing.messages.conversions import ConversionModel
from sor_addressing.register.overview.counting import ConversionKind, CountedConversions, count_conversions
from sor_addressing.register.sectioned import SectionedReport
from sor_addressing.whole_file import Target, written_text

if TYPE_CHECKING:
    from sor_addressing.pages.sections import ReportSection

GROUPS = ("region", "municipality", "net_operator", "supplier", "system", "administrator")
"""What the location numbers can be counted by."""

_OTHER_NAMES = {"operator": "net_operator"}
Model = ShippedModel | ConversionModel | str


@attrs.frozen(slots=True)
class ConversionCount:
    """How many location numbers take a family in a format, or have it converted.

    Attributes:
        family: of the letter.
        asked: the format that the sender writes.
        registered: the formats of the family that the numbers receive, such as ``EDI+XML``.
        arrives: the format that arrives; empty where nobody converts.
        by: ``direct``, who converts, or ``nobody``.
        group: the values that numbers are counted by, in the order of ``Conversions.by``; empty where the register doesn't say.
        numbers: how many location numbers, under each model.
    """

    family: str
    asked: str
    registered: str
    arrives: str
    by: str
    group: tuple[str, ...]
    numbers: tuple[int, ...]

    @property
    def difference(self) -> tuple[int, ...]:
        """How many more there are under each model than under the first."""
        return tuple(one - self.numbers[0] for one in self.numbers)


@attrs.frozen(slots=True, kw_only=True, repr=False)
class Conversions(SectionedReport):
    """Who converts what in a register, counted in location numbers; made by ``Register.conversions``.

    Of each family, those location numbers are counted that receive it in some format and that letters can go to on the day.

    Attributes:
        models: the names of the conversion models.
        by: what is counted by.
        on: the day.
        snapshot_date: that of the register.
        sender: what is known of the sender; None where nothing is.
        counts: the counts, by family and format, the groups in order.
        not_in_use: how many location numbers no letter can go to on the day.
        without_registrations: how many have nothing registered.
    """

    models: tuple[str, ...]
    by: tuple[str, ...]
    on: dt.date
    snapshot_date: dt.date
    sender: ConversionParty | None
    counts: tuple[ConversionCount, ...]
    not_in_use: int
    without_registrations: int
    _index: Index
    _counted: CountedConversions

    def __repr__(self) -> str:
        return f"<Conversions on {self.on} by {', '.join(self.models)}: {len(self.counts)} counts>"

    def location_numbers(self, count: ConversionCount, model: str | None = None) -> tuple[str, ...]:
        """The location numbers behind a count, under one of the models; under the first where None.

        Raises:
            ValueError: there is no such model.
        """
        at = self._place_of(model)
        kind = ConversionKind(count.family, count.asked, count.registered, count.arrives, count.by, count.group)
        cells = self._counted.kinds[kind][at]
        return tuple(sorted(self._index.number_text(number) for cell in cells for number in self._counted.cells[cell]))

    def group_names(self, group: tuple[str, ...], language: str = "en") -> tuple[str, ...]:
        """What the values of a group are called: the words for their codes, with the codes."""
        from sor_addressing.register.overview.writing import group_name

        return tuple(group_name(self._index, name, code, language) for name, code in zip(self.by, group, strict=True))

    def matrix(self, model: str | None = None) -> dict[tuple[str, str], dict[str, int]]:
        """For each family and format asked for: how many numbers take it directly, by whom it is converted, and ``total``.

        Raises:
            ValueError: there is no such model.
        """
        at = self._place_of(model)
        found: dict[tuple[str, str], dict[str, int]] = {}
        for count in self.counts:
            row = found.setdefault((count.family, count.asked), {"total": 0})
            row[count.by] = row.get(count.by, 0) + count.numbers[at]
            row["total"] += count.numbers[at]
        return found

    def _place_of(self, model: str | None) -> int:
        if model is None:
            return 0
        if model not in self.models:
            raise ValueError(f"the models are {', '.join(self.models)}, not {model!r}")
        return self.models.index(model)

    def details(self) -> Iterator[dict[str, str]]:
        """One row for each location number, family, format and model: what becomes of the letter."""
        for count in self.counts:
            for model in self.models:
                for number in self.location_numbers(count, model):
                    yield {
                        "model": model,
                        "family": count.family,
                        "asked": count.asked,
                        "registered": count.registered,
                        "arrives": count.arrives,
                        "by": count.by,
                        **dict(zip(self.by, count.group, strict=True)),
                        "location_number": number,
                    }

    def to_dict(self, *, details: bool = False) -> dict[str, object]:
        """Plain types, stable keys; with ``details`` the location numbers of every count."""
        rows = []
        for count in self.counts:
            row: dict[str, object] = {
                "family": count.family,
                "asked": count.asked,
                "registered": count.registered,
                "arrives": count.arrives or None,
                "by": count.by,
                **dict(zip(self.by, count.group, strict=True)),
                "numbers": dict(zip(self.models, count.numbers, strict=True)),
            }
            if details:
                row["location_numbers"] = {one: list(self.location_numbers(count, one)) for one in self.models}
            rows.append(row)
        return {
            "models": list(self.models),
            "by": list(self.by),
            "on": self.on.isoformat(),
            "snapshot_date": self.snapshot_date.isoformat(),
            "sender": self.sender.to_dict() if self.sender else None,
            "not_in_use": self.not_in_use,
            "without_registrations": self.without_registrations,
            "counts": rows,
        }

    def to_csv(self, target: Target, *, details: bool = False, delimiter: str = ";") -> None:
        """Write a row a count, the models side by side; with ``details`` a row a location number and model.

        Args:
            target: a path or an open text file.
            details: which numbers, instead of how many.
            delimiter: between cells.

        Raises:
            NotWritten: it can't be written there.
        """
        from sor_addressing.register.overview.writing import write_counts, write_details

        with written_text(target) as file:
            (write_details if details else write_counts)(self, file, delimiter)

    def title(self, language: str = "en") -> str:
        """What the report is called."""
        from sor_addressing.register.overview.writing import title

        return title(language)

    def sections(self, language: str = "en") -> tuple[ReportSection, ...]:
        """The overview part by part, as tables of texts."""
        from sor_addressing.register.overview.writing import sections_of

        return tuple(sections_of(self, language))


def conversions_of(
    index: Index,
    *,
    by: str | Iterable[str],
    models: Model | Iterable[Model],
    day: int,
    sender: str | Mapping[str, str] | ConversionParty | None,
    policy: AddressingPolicy,
    families: Iterable[str] | None,
) -> Conversions:
    """The overview of an index.

    Raises:
        PolicyError: there is no such model, one is named twice, the sender is none, or ``by`` is nothing that numbers are counted by.
    """
    given: Sequence[Model] = (models,) if isinstance(models, (str, ConversionModel)) else tuple(models)
    policies = [policy.but(conversion_model=one) for one in given]
    names = tuple(one.conversion_model.name for one in policies)
    if not names or len(set(names)) < len(names):
        raise PolicyError(f"give at least one conversion model, each once; these are {', '.join(names) or 'none'}")
    if sender is not None:
        policies = [for_sender(one, sender) for one in policies]
    groups = tuple(_OTHER_NAMES.get(one, one) for one in ((by,) if isinstance(by, str) else by))
    for one in groups:
        if one not in GROUPS:
            raise PolicyError(f"location numbers are counted by {', '.join(GROUPS)}, not by {one!r}")
    counted = count_conversions(index, policies, groups, day, families)
    sizes = [len(cell) for cell in counted.cells]
    counts = [
        ConversionCount(*kind, tuple([sum([sizes[cell] for cell in cells]) for cells in having]))
        for kind, having in sorted(counted.kinds.items(), key=_order)
    ]
    given_sender = None if sender is None else ConversionParty.of(sender)
    return Conversions(
        models=names,
        by=groups,
        on=date_of(day) or dt.date.max,
        snapshot_date=index.snapshot_date,
        sender=given_sender or policy.sender,
        counts=tuple(counts),
        not_in_use=counted.not_in_use,
        without_registrations=counted.without_registrations,
        index=index,
        counted=counted,
    )


def _order(entry: tuple[ConversionKind, object]) -> tuple[object, ...]:
    kind = entry[0]
    return kind.family, kind.asked, kind.group, kind.by, kind.arrives, kind.registered
