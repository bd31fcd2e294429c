"""Writing packs: a folder each, and an overview above them. All files come to stand together, the overview last."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import attrs

from sor_addressing.addressing.severities import Severity
from sor_addressing.errors import PolicyError
from sor_addressing.quality.defining import Rule
from sor_addressing.quality.groups import AuditGroup, Grouping
from sor_addressing.quality.outcome import AuditOutcome
from sor_addressing.quality.packs.content import BOOK, LIST, MAIL, PAGE, Compared, PackContent, PackWords, on_one_line
from sor_addressing.quality.packs.mail import pack_mail
from sor_addressing.quality.packs.naming import folder_names
from sor_addressing.quality.packs.overview import (
    INDEX_PAGE,
    INDEX_TABLE,
    TABLE_COLUMNS,
    OverviewRow,
    overview_page,
)
from sor_addressing.quality.packs.page import pack_page
from sor_addressing.quality.packs.texts import PackTexts
from sor_addressing.quality.packs.things import Former, Thing, Things
from sor_addressing.quality.report.rows import write_csv
from sor_addressing.whole_file import WholeFiles, folder_made
from sor_addressing.workbook import check_workbooks, write_workbook

LIST_COLUMNS = (
    *("done", "severity", "name", "above", "sor_code", "location_number"),
    *("wrong", "fix", "since", "title", "rule"),
)
"""The columns of a list: one to tick off, whom it is about, what is wrong, what to do, and since when."""

_FEATURE = "writing Excel"


@attrs.frozen(slots=True)
class Pack:
    """The pack of one group.

    Attributes:
        group: whose it is, with its counts.
        folder: where it lies.
        files: what is in it.
        rows: how many things there are to do.
        neutralised: how many cells of its CSV got an apostrophe in front, for a spreadsheet would take them for a formula.
    """

    group: AuditGroup
    folder: Path
    files: tuple[Path, ...]
    rows: int
    neutralised: int

    def to_dict(self) -> dict[str, object]:
        """Plain types."""
        return {
            "code": self.group.code,
            "name": self.group.name(),
            "folder": str(self.folder),
            "files": [path.name for path in self.files],
            "rows": self.rows,
            "neutralised": self.neutralised,
        }


@attrs.frozen(slots=True)
class Packs:
    """What :meth:`Audit.packs` wrote.

    Attributes:
        folder: where they lie.
        index: the page above them.
        packs: the packs, the worst first.
        without: the groups that have nothing to do, and so no pack.
        nobodys: how many things there are that belong to none of the groups, such as what lies below no hospital: no pack has them.
        left_over: folders with packs of a former time that have none now; they are left as they are.
    """

    folder: Path
    index: Path
    packs: tuple[Pack, ...]
    without: tuple[AuditGroup, ...]
    nobodys: int
    left_over: tuple[Path, ...]

    @property
    def rows(self) -> int:
        """How many things there are to do in all packs."""
        return sum(pack.rows for pack in self.packs)

    def to_dict(self) -> dict[str, object]:
        """Plain types, stable keys."""
        return {
            "folder": str(self.folder),
            "index": str(self.index),
            "rows": self.rows,
            "packs": [pack.to_dict() for pack in self.packs],
            "without": [{"code": group.code, "name": group.name()} for group in self.without],
            "nobodys": self.nobodys,
            "left_over": [str(path) for path in self.left_over],
        }


def write_packs(
    outcome: AuditOutcome,
    folder: str | os.PathLike[str],
    *,
    by: str,
    language: str,
    texts: PackTexts | str | os.PathLike[str] | None,
    before: AuditOutcome | None,
    until: dt.date | None,
    csv_only: bool,
) -> Packs:
    """A pack for each group that has something to do; see :meth:`Audit.packs`."""
    if before is not None and before.on >= outcome.on:
        raise PolicyError(
            f"packs compare with a former day: {before.on.isoformat()} is not before {outcome.on.isoformat()}"
        )
    if not csv_only:
        check_workbooks(_FEATURE)
    said = _texts(texts, outcome)
    grouping = Grouping(outcome._scope.index, by)
    groups = outcome.by(by)
    with_something = [group for group in groups if group.remarks and group.code]
    folders = folder_names(str(grouping.kind), [(group.code, group.name("da")) for group in with_something])
    former = None if before is None else Former(before, outcome.counts)
    compared = _FormerCounts(outcome, before, former, by)
    things = Things(outcome, grouping, language, former)
    say = PackWords(language)
    target = Path(folder)
    files = (LIST,) if csv_only else (BOOK, LIST)
    total = len(outcome.remarks)
    packs = []
    with _folders(target, folders.values()), WholeFiles() as whole:
        for group in with_something:
            content = PackContent(
                group,
                _called(group, say),
                tuple(things.of(group.code)),
                _weightiest(outcome, group),
                outcome.on,
                total,
                until,
                compared.of(group.code),
                files,
            )
            packs.append(_put(whole, target / folders[group.code], content, said, say))
        left_over = _left_over(target, set(folders.values()))
        rows = [
            OverviewRow(group, _called(group, say), compared.count(group.code), folders.get(group.code, ""))
            for group in groups
        ]
        with whole.text(target / INDEX_TABLE, encoding="utf-8-sig") as text:
            write_csv(text, say.heads(*TABLE_COLUMNS), [row.row() for row in rows])
        with whole.text(target / INDEX_PAGE) as text:
            text.write(overview_page(outcome, str(grouping.kind), rows, left_over, say))
    without = tuple(group for group in groups if group.code and not group.remarks)
    nobodys = sum(group.remarks for group in groups if not group.code)
    return Packs(target, target / INDEX_PAGE, tuple(packs), without, nobodys, left_over)


def _put(whole: WholeFiles, folder: Path, content: PackContent, texts: PackTexts, say: PackWords) -> Pack:
    """Write the files of one pack, which stand when all of them do."""
    heads = say.heads(*LIST_COLUMNS)
    titles = {rule.code: rule.title(say.language) for rule in content.rules}
    rows = [_row(thing, titles, say) for thing in content.things]
    if BOOK in content.files:
        with whole.binary(folder / BOOK) as binary:
            cells = ([cell or None for cell in row] for row in rows)
            write_workbook(binary, say("list"), heads, cells, day=content.on, feature=_FEATURE)
    with whole.text(folder / LIST, encoding="utf-8-sig") as text:
        count, neutralised = write_csv(text, heads, rows)
    with whole.text(folder / PAGE) as text:
        text.write(pack_page(content, texts, say))
    with whole.text(folder / MAIL) as text:
        text.write(pack_mail(content, texts, say))
    files = tuple(folder / name for name in (*content.files, PAGE, MAIL))
    return Pack(content.group, folder, files, count, neutralised)


def _row(thing: Thing, titles: dict[str, str], say: PackWords) -> tuple[str, ...]:
    return (
        "",
        say.of_reports(f"severity.{thing.severity}"),
        thing.name,
        thing.above,
        thing.sor_code,
        thing.location_number,
        thing.wrong,
        thing.fix,
        thing.since,
        titles[thing.rule],
        thing.rule,
    )


class _FormerCounts:
    """What each group had on a former day, of the rules that are followed on both."""

    def __init__(self, outcome: AuditOutcome, before: AuditOutcome | None, former: Former | None, by: str) -> None:
        self._former = former
        self._groups = {} if before is None else {group.code: group for group in before.by(by)}
        self._partly = before is not None and set(before.counts) != set(outcome.counts)

    def of(self, code: str) -> Compared | None:
        former = self._former
        if former is None:
            return None
        counts = self._groups[code].by_rule if code in self._groups else {}
        return Compared(former.on, {rule: counts.get(rule, 0) for rule in former.rules}, self._partly)

    def count(self, code: str) -> int | None:
        found = self.of(code)
        return None if found is None else found.count


def _texts(given: PackTexts | str | os.PathLike[str] | None, outcome: AuditOutcome) -> PackTexts:
    if given is None:
        return PackTexts.shipped()
    return given if isinstance(given, PackTexts) else PackTexts.load(given, rules=outcome.rules)


def _called(group: AuditGroup, say: PackWords) -> str:
    return on_one_line(group.name(say.language)) or say.of_reports("not-said")


def _weightiest(outcome: AuditOutcome, group: AuditGroup) -> tuple[Rule, ...]:
    order = tuple(Severity)
    having = [rule for rule in outcome.rules if group.by_rule.get(rule.code)]
    return tuple(sorted(having, key=lambda rule: (order.index(rule.severity), -group.by_rule[rule.code])))


@contextmanager
def _folders(target: Path, names: Iterable[str]) -> Iterator[None]:
    """The folders of packs while they are written: those made here are gone again where that fails."""
    made: list[Path] = []
    try:
        for path in (target, *(target / name for name in names)):
            is_new = not os.path.exists(path)  # noqa: PTH110  # where it can't be looked at, the next line tells why
            folder_made(path)
            if is_new:
                made.append(path)
        yield
    except BaseException:
        for path in reversed(made):
            with suppress(OSError):  # somebody has put something there meanwhile
                path.rmdir()
        raise


def _left_over(target: Path, names: set[str]) -> tuple[Path, ...]:
    """Folders with a pack in them that is not of this time."""
    try:
        with os.scandir(target) as entries:
            others = [Path(one) for one in entries if one.name not in names and one.is_dir(follow_symlinks=False)]
    except OSError:  # it may be written into, and not be looked at
        return ()
    return tuple(sorted(path for path in others if all(os.path.isfile(path / name) for name in (LIST, PAGE))))  # noqa: PTH113
