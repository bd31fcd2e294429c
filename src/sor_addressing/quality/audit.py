"""Auditing a register: :func:`audit`, and the :class:`Audit` it gives."""

from __future__ import annotations

import datetime as dt
import gc
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, TypedDict, TypeVar, Unpack

from sor_addressing._former import former_argument
from sor_addressing.addressing.policy import DEFAULT_POLICY
from sor_addressing.cells import json_encoder, json_line_writer
from sor_addressing.clock import day_number
from sor_addressing.errors import PolicyError, RuleError, SorAddressingError
from sor_addressing.misspelt import check_names, suggests_arguments
from sor_addressing.quality.defining import GIVEN, NotChecked, Rule
from sor_addressing.quality.groups import GroupKind
from sor_addressing.quality.outcome import AuditOutcome, UnmatchedSystem
from sor_addressing.quality.packages import Package
from sor_addressing.quality.report.written import Written, path_of
from sor_addressing.quality.rule_set import RuleGiven, chosen_rules
from sor_addressing.quality.scope import AuditScope, RefusalsKept, Seen
from sor_addressing.quality.superseded import Superseded
from sor_addressing.quality.trends import Trend, TrendPoint
from sor_addressing.register.allowing.approvals import Approvals
from sor_addressing.register.face import Register
from sor_addressing.register.inside import index_of
from sor_addressing.search.rules.facets import UnknownValue
from sor_addressing.search.rules.filters import Filter, FilterFields
from sor_addressing.search.rules.find import unknown_values
from sor_addressing.search.rules.narrowing import rows_matching
from sor_addressing.search.words.aliases import Aliases, aliases_of
from sor_addressing.whole_file import BinaryTarget, Target, put_text, written_text

if TYPE_CHECKING:
    from sor_addressing.pages.sections import ReportSection
    from sor_addressing.quality.report.trees import AuditTree

if TYPE_CHECKING:
    from sor_addressing.quality.packs.texts import PackTexts
    from sor_addressing.quality.packs.writing import Packs

PathLike = str | os.PathLike[str]
_Kind = TypeVar("_Kind")


class Audit(AuditOutcome):
    """What is wrong in a register's registrations, for those who maintain them: made by :func:`audit`.

    Files come to stand whole or not at all, cleaning lists all of them together. In CSV, a cell that spreadsheets would take for a formula has
    an apostrophe in front, and how many there are is told.
    """

    __slots__ = ()

    def tree(self, depth: int | None = None) -> AuditTree:
        """Owners, institutions and units with what is at each and below it, the worst first.

        Args:
            depth: how many levels: 1 for owners, 2 for their institutions too; all of them where None. What is deeper counts above.

        Raises:
            ValueError: the depth is below 1.

        >>> [(node.depth, node.unit.name, node.remarks) for node in audit(Register.sample()).tree(2)[:2]]
        [(0, 'Lægefællesskabet Tranebærgade', 4), (1, 'Lægehuset Tranebærgade', 4)]
        """
        from sor_addressing.quality.report.trees import tree_of

        return tree_of(self, depth)

    @former_argument("path", "target")
    def to_csv(self, target: Target, *, language: str = "en", delimiter: str = ";") -> Written:
        """Write all remarks as CSV for spreadsheets, UTF-8 with a byte order mark: identifiers, whom it concerns, what to change, and why.

        Args:
            target: a path, or a text file that is open, of yours then the encoding.
            language: ``da`` or ``en``.
            delimiter: between cells; a semicolon is what Danish spreadsheets expect.

        Raises:
            NotWritten: it can't be written there.
        """
        from sor_addressing.quality.report.cleaning import write_table
        from sor_addressing.quality.report.rows import ReportRows

        return write_table(target, ReportRows(self, language), delimiter)

    @former_argument("path", "target")
    def to_excel(self, target: BinaryTarget, *, language: str = "en") -> Written:
        """Write the same as a workbook, every cell as text, to a path or an open binary file. Needs the extra ``excel``.

        Raises:
            MissingExtra: openpyxl is not installed.
            NotWritten: it can't be written there.
        """
        from sor_addressing.quality.report.cleaning import write_book
        from sor_addressing.quality.report.rows import ReportRows

        return write_book(target, ReportRows(self, language))

    @former_argument("path", "target")
    def to_json_lines(self, target: Target, *, language: str = "en") -> Written:
        """Write all remarks as JSON, one a line, each as its ``to_dict()``, to a path or an open text file.

        Raises:
            NotWritten: it can't be written there.
        """
        with written_text(target) as file:
            write = json_line_writer(file)
            for remark in self.remarks:
                write(remark.to_dict(language))
        return Written(path_of(target), len(self.remarks))

    def json_lines(self, language: str = "en") -> Iterator[str]:
        """The remarks as JSON texts."""
        encode = json_encoder()
        for remark in self.remarks:
            yield encode(remark.to_dict(language))

    @former_argument("path", "target")
    def to_markdown(
        self, target: Target | None = None, *, language: str = "en", **options: Unpack[ReportOptions]
    ) -> str:
        """The report as Markdown: by rule and by group, worst units, what was not checked, and some remarks of each rule.

        Args:
            target: a path or an open text file to write it to; it is given back either way.
            language: ``da`` or ``en``.
            options: ``by`` (kinds of groups, all by default), ``trend`` (of several days), ``limit`` (of groups), ``examples`` (of each rule),
                ``tree`` (levels of the tree of organisations; none by default), ``sections`` (more parts, such as those of a target).

        Raises:
            NotWritten: it can't be written there.
        """
        from sor_addressing.quality.report.markdown import markdown_report

        return put_text(target, markdown_report(self, language, **_with_groups(options)))

    @former_argument("path", "target")
    def to_html(self, target: Target | None = None, *, language: str = "en", **options: Unpack[ReportOptions]) -> str:
        """The report as one page of HTML that needs nothing else, with small charts; arguments as for :meth:`to_markdown`.

        Raises:
            NotWritten: it can't be written there.
        """
        from sor_addressing.quality.report.html import html_report

        return put_text(target, html_report(self, language, **_with_groups(options)))

    def write_cleaning_lists(
        self,
        folder: PathLike,
        *,
        by: str = "administrator",
        format: str = "csv",  # noqa: A002 (what it is called everywhere)
        language: str = "da",
    ) -> tuple[Written, ...]:
        """One list for each maintainer: identifiers, what to change, and why.

        Args:
            folder: made where it does not exist; files of the same names are replaced, others stay.
            by: whose lists: a :class:`GroupKind`, such as ``administrator``, ``hospital`` or ``owner``.
            format: ``csv`` or ``excel``.
            language: ``da`` or ``en``.

        Raises:
            PolicyError: there is no such format.
            ValueError: ``by`` is none of those.
            MissingExtra: openpyxl is not installed.
            NotWritten: it can't be written there.
        """
        from sor_addressing.quality.report.cleaning import write_cleaning_lists

        return write_cleaning_lists(self, folder, by=by, format=format, language=language)

    @suggests_arguments
    def packs(
        self,
        folder: PathLike,
        *,
        by: str = "hospital",
        language: str = "da",
        texts: PackTexts | PathLike | None = None,
        before: AuditOutcome | None = None,
        until: dt.date | None = None,
        csv_only: bool = False,
    ) -> Packs:
        """For each that has something to put right a folder with a list of it, a page that explains it, and a text to mail them with.

        Above the folders lie ``index.html`` and ``index.csv``. All files come to stand together or none of them, the overview last: a folder
        without an overview is not whole. Files of packs are written anew, other files stay; nothing is ever deleted.

        Args:
            folder: made where it does not exist.
            by: whose packs: a :class:`GroupKind`, such as ``hospital``, ``administrator`` or ``region``.
            language: ``da`` or ``en``.
            texts: texts of your own, or the path of a TOML file with them; see :meth:`PackTexts.load`.
            before: an audit of a former day, to compare with.
            until: by which day it is to be done.
            csv_only: leave the workbooks out, which need the extra ``excel``.

        Raises:
            PolicyError: texts are not what they should be, or ``before`` is of no former day.
            ValueError: ``by`` or ``language`` is none of those.
            MissingExtra: openpyxl is not installed.
            NotWritten: it can't be written there; everything is as it was before.
        """
        from sor_addressing.quality.packs.writing import write_packs

        return write_packs(
            self, folder, by=by, language=language, texts=texts, before=before, until=until, csv_only=csv_only
        )


class AuditOptions(FilterFields, total=False):
    """What audits of several registers are told alike: what :func:`audit` takes, but for the register and the day."""

    rules: Iterable[RuleGiven] | None
    approvals: Approvals | PathLike | None
    packages: Iterable[Package] | PathLike | None
    aliases: Mapping[str, str | Iterable[str]] | PathLike | None
    superseded: Iterable[Superseded] | PathLike | None
    everyday_names: Aliases | Mapping[str, Iterable[str]] | PathLike | None
    deliveries: RefusalsKept | None
    filter: Filter | None


class ReportOptions(TypedDict, total=False):
    """What a report can be told."""

    by: Iterable[str]
    trend: Trend | None
    limit: int
    examples: int
    tree: int | None
    sections: Iterable[ReportSection]


def _with_groups(options: ReportOptions) -> ReportOptions:
    """The options, with every kind of group where none is asked for."""
    check_names("a report", options, ReportOptions.__annotations__)
    used: ReportOptions = {"by": tuple(map(str, GroupKind)), **options}
    return used


def audit(
    register: Register,
    rules: Iterable[RuleGiven] | None = None,
    approvals: Approvals | PathLike | None = None,
    packages: Iterable[Package] | PathLike | None = None,
    on: dt.date | None = None,
    *,
    aliases: Mapping[str, str | Iterable[str]] | PathLike | None = None,
    superseded: Iterable[Superseded] | PathLike | None = None,
    everyday_names: Aliases | Mapping[str, Iterable[str]] | PathLike | None = None,
    deliveries: RefusalsKept | None = None,
    filter: Filter | None = None,  # noqa: A002 (what it is called everywhere)
    **fields: Unpack[FilterFields],
) -> Audit:
    """What is wrong in the registrations of a register, by rules, for those who maintain them.

    What the loaded files can't tell gives no remarks; the rules that would need it are in ``not_checked`` with the reason.

    Args:
        register: the register; it is only read.
        rules: codes of rules, rules, or plain functions; all of the package and of installed packages where None.
        approvals: an approval list, or the path of its CSV; without one, rules that need it are not followed.
        packages: packages of message types, or the path of a TOML file with them; likewise.
        on: the day; the register's own day by default. Registrations have no history: those of the register count whatever the day.
        aliases: what systems of the approval list are called in the register, where ``approvals`` is a path; see :class:`Approvals`.
        superseded: message types whose place new ones take, each with the day by which it is to be gone, or the path of a TOML file with them;
            without one, ``old-format-past-date`` is not followed.
        everyday_names: what people call the units, as in search: an ``Aliases``, a map from SOR code to names, or the path of a file.
        deliveries: a ledger of what came back; without one, ``registered-yet-refused`` is not followed.
        filter: which units are looked at, and with them the location numbers that they are reached at; all of them where None.
        fields: the fields of a :class:`Filter`, in place of one or beside it: ``region="1081"``, ``supplier="9221"`` and so on.

    Raises:
        PolicyError: a rule, approval list or package is not what it should be.
        RuleError: a rule failed, or one of an installed package can't be loaded; the text names it.
        FilterError: a field is asked for something that it can't mean; TypeError: there is no such field.

    >>> found = audit(Register.sample(), rules=["receipt-missing"])
    >>> found
    <Audit of 63 units on 2026-01-15: 2 remarks>
    >>> found.remarks[0].location_number
    '5790999000345'
    """
    chosen = chosen_rules(rules)
    wanted = (filter or Filter()).but(**fields)
    day = register.snapshot_date if on is None else dt.date.fromordinal(day_number(on))
    rows = None
    unknown: tuple[UnknownValue, ...] = ()
    if wanted.fields:
        unknown = unknown_values(index_of(register), wanted, day.toordinal())
        rows = sorted(rows_matching(index_of(register), wanted, day=day.toordinal(), policy=DEFAULT_POLICY))
    scope = AuditScope(
        register,
        day,
        rows=rows,
        approvals=_approvals(approvals, aliases),
        packages=_packages(packages),
        superseded=_superseded(superseded),
        everyday_names=aliases_given(everyday_names),
        deliveries=deliveries,
    )
    seen, not_checked = _followed(chosen, scope)
    return Audit(chosen, wanted, not_checked, _unmatched(scope), unknown, scope, seen)


def _approvals(
    given: Approvals | PathLike | None, aliases: Mapping[str, str | Iterable[str]] | PathLike | None
) -> Approvals | None:
    if isinstance(given, (str, os.PathLike)):
        return Approvals.load(given, aliases=aliases)
    if aliases is not None:
        raise PolicyError(
            "aliases go with the path of an approval list; give them to Approvals(…) where you make it yourself"
        )
    if not (given is None or isinstance(given, Approvals)):
        raise PolicyError(f"approvals is {given!r}: give the path of a CSV, or Approvals")
    return given


def _packages(given: Iterable[Package] | PathLike | None) -> tuple[Package, ...] | None:
    if given is None:
        return None
    return Package.load(given) if isinstance(given, (str, os.PathLike)) else _all_of(given, Package, "packages")


def _superseded(given: Iterable[Superseded] | PathLike | None) -> tuple[Superseded, ...] | None:
    if given is None:
        return None
    return Superseded.load(given) if isinstance(given, (str, os.PathLike)) else _all_of(given, Superseded, "superseded")


def _all_of(given: object, kind: type[_Kind], name: str) -> tuple[_Kind, ...]:
    found = tuple(given) if isinstance(given, Iterable) else (given,)
    wanted = tuple([one for one in found if isinstance(one, kind)])
    if len(wanted) < len(found):
        raise PolicyError(f"{name} is {given!r}: give the path of a TOML file, or a list of {kind.__name__}")
    return wanted


def aliases_given(given: Aliases | Mapping[str, Iterable[str]] | PathLike | None) -> Aliases | None:
    """Everyday names as a table: one as it is, a mapping, or the path of a file."""
    return Aliases.load(given) if isinstance(given, (str, os.PathLike)) else aliases_of(given)


def _followed(
    rules: tuple[Rule, ...], scope: AuditScope
) -> tuple[tuple[tuple[int, Seen], ...], tuple[NotChecked, ...]]:
    """What every rule saw, and the rules that could not be followed."""
    seen: list[tuple[int, Seen]] = []
    not_checked = []
    # What is made here is kept until the end: the collector would look through all of it in vain, again and again.
    was_on = gc.isenabled()
    gc.disable()
    try:
        for position, rule in enumerate(rules):
            missing = _missing(rule.needs, scope)
            if missing:
                not_checked.append(NotChecked(rule.code, missing))
                continue
            lacking = _missing(rule.helped_by, scope)
            if lacking:
                not_checked.append(NotChecked(rule.code, lacking, partly=True))
            seen.extend((position, one) for one in _checked(rule, scope))
    finally:
        if was_on:
            gc.enable()
    return tuple(seen), tuple(not_checked)


def _checked(rule: Rule, scope: AuditScope) -> list[Seen]:
    try:
        found: list[object] = list(rule(scope))
    except (
        SorAddressingError
    ):  # such as a compiled register that turns out to be damaged, which is no fault of the rule
        raise
    except Exception as error:
        raise RuleError(f"the rule {rule.code} failed: {error!r}") from error
    seen = [one for one in found if isinstance(one, Seen)]
    if len(seen) < len(found):
        strange = next(one for one in found if not isinstance(one, Seen))
        raise RuleError(f"the rule {rule.code} gave {strange!r}: give what scope.seen(…) makes")
    return seen


def _missing(names: tuple[str, ...], scope: AuditScope) -> tuple[str, ...]:
    """Those of a rule's needs that nothing tells."""
    index = scope.index
    lacking = set(index.not_known)
    if not index.has_message_types:
        lacking.add("registrations")
    if not index.has_directions:
        lacking.add("directions of registrations")
    lacking.update(name for name in GIVEN if getattr(scope, name) is None)
    return tuple(name for name in names if name in lacking)


def _unmatched(scope: AuditScope) -> tuple[UnmatchedSystem, ...]:
    if scope.approvals is None:
        return ()
    counted = Counter(scope.system_of(place.location) for place in scope.open_places)
    found = [
        UnmatchedSystem(match, supplier, counted[system, supplier])
        for (system, supplier), match in scope.systems.items()
        if not match.approved
    ]
    return tuple(sorted(found, key=lambda one: (-one.numbers, one.match.code, one.supplier)))


def trend(registers: Iterable[Register], *, by: str | None = None, **options: Unpack[AuditOptions]) -> Trend:
    """How the remarks on a register go from day to day, each day's register audited on its own day.

    Give a generator that opens one register after another, such as ``(Register.open(path) for path in paths)``: each is let go before the next
    is asked for, so that one at a time is in memory.

    Args:
        registers: of several days, in any order.
        by: also count by a :class:`GroupKind`, such as ``administrator``, ``hospital`` or ``owner``.
        options: what :func:`audit` takes, but for the day; packages and rules are used again for every register, so give lists.

    Raises:
        ValueError: ``by`` is none of those.
    """
    check_names("an audit", options, AuditOptions.__annotations__)
    kind = None if by is None else GroupKind(by)
    words: dict[str, Mapping[str, str]] = {}
    # map() lets go of each register once its point is made, which the variable of a loop would not.
    points = sorted(map(_counting(kind, words, options), registers), key=lambda point: point.on)
    return Trend(tuple(points), kind, words)


def _counting(
    kind: GroupKind | None, words: dict[str, Mapping[str, str]], options: AuditOptions
) -> Callable[[Register], TrendPoint]:
    def point(register: Register) -> TrendPoint:
        counted, called = point_of(audit(register, **options), kind)
        words.update(called)
        return counted

    return point


def point_of(found: Audit, kind: GroupKind | None = None) -> tuple[TrendPoint, Mapping[str, Mapping[str, str]]]:
    """The counts of one audit, and what its groups are called."""
    groups = () if kind is None else found.by(kind)
    counted = {group.code: group.remarks for group in groups}
    point = TrendPoint(found.on, found.units, found.numbers, found.by_severity, found.counts, counted)
    return point, {group.code: group._words for group in groups}
