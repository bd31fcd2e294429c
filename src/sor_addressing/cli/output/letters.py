"""Letters for people and as rows: what each is, whether it may go and why not, and what a pile of them comes to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from sor_addressing.addressing.severities import Severity
from sor_addressing.cli.output.rendering import BAD, GOOD, LOUD, Cell, Column, Row, Screen
from sor_addressing.errors import LetterError
from sor_addressing.letters.batch import BatchSummary, FileReport
from sor_addressing.letters.explain import correction_text, name_of_party
from sor_addressing.letters.report import LetterReport
from sor_addressing.letters.statistics import LetterSort, LetterStatistics
from sor_addressing.texts import text_of, title_of

CSV_COLUMNS = (
    "file",
    "letter",
    "format",
    "message_type",
    "family",
    "letter_id",
    "envelope_id",
    "sent",
    "sender",
    "receivers",
    "deliverable",
    "outcome",
    "arrives_as",
    "findings",
    "errors",
    "corrections",
    "error",
)
"""The columns of a letter as CSV; several values in a cell are parted by spaces, receivers by `` | ``."""


class Counted(Protocol):
    """What a summary tells of letters or rows."""

    @property
    def deliverable(self) -> int: ...
    @property
    def would_fail(self) -> int: ...
    def to_dict(self) -> dict[str, object]: ...


def csv_rows(report: FileReport, language: str) -> Iterator[Sequence[object]]:
    """A row a letter; one with the error, for a file that can't be read."""
    if report.error is not None:
        yield (report.file, *[""] * (len(CSV_COLUMNS) - 2), _why_unread(report.error, language))
    for letter in report.letters:
        header = letter.header
        verdicts = letter.verdicts
        reasons = list(letter.reasons)
        yield (
            report.file,
            header.position,
            header.format or "",
            header.message_type.text if header.message_type else "",
            header.family or "",
            header.letter_id or "",
            header.envelope_id or "",
            header.sent.isoformat() if header.sent else "",
            name_of_party(header.sender, language),
            " | ".join(name_of_party(party, language) for party in header.receivers),
            "true" if letter.deliverable else "false",
            " ".join(verdict.outcome for verdict in verdicts),
            " ".join(verdict.arrives_as.text.replace(" ", "_") for verdict in verdicts if verdict.arrives_as),
            " ".join(dict.fromkeys(finding.code for finding in reasons)),
            " ".join(dict.fromkeys(f.code for f in reasons if f.severity is Severity.ERROR)),
            " ".join(correction_text(correction, language) for correction in letter.corrections),
            "",
        )


def _why_unread(error: LetterError, language: str) -> str:
    """Why a file can't be read, without its name, which stands beside it."""
    return error.text(language).removeprefix(f"{error.file}: ")


def show_letters(screen: Screen, reports: Iterable[FileReport], *, explain: bool) -> None:
    """A table with a row a letter; or each letter with all that is to be said of it."""
    shown = list(reports)
    if explain:
        for report in shown:
            _explain(screen, report)
        return
    say = screen.say
    columns = (
        Column(say("head.file"), flows=True),
        Column(say("head.message-type")),
        Column(say("head.sender"), flows=True),
        Column(say("head.receiver"), flows=True),
        Column(say("head.deliverable")),
        Column(say("head.reasons"), flows=True),
    )
    rows: list[Row] = []
    for report in shown:
        if report.error is not None:
            why = _why_unread(report.error, screen.language)
            rows.append((Cell(report.file, LOUD), "", "", "", Cell(say("no"), BAD), why))
        rows += [_row(screen, report, letter) for letter in report.letters]
    if rows:
        screen.table(columns, rows)
    corrections = [
        (letter.header.file, correction_text(one, screen.language))
        for report in shown
        for letter in report.letters
        for one in letter.corrections
    ]
    if corrections:
        screen.line()
        for file, text in corrections:
            screen.line(f"{file}: {text}")


def _row(screen: Screen, report: FileReport, letter: LetterReport) -> Row:
    header = letter.header
    file = report.file if len(report.letters) == 1 else f"{report.file} ({header.position})"
    good = letter.deliverable
    titles = dict.fromkeys(f.title(screen.language) for f in letter.reasons if f.severity is not Severity.INFO)
    return (
        Cell(file, LOUD),
        header.message_type.text if header.message_type else "",
        name_of_party(header.sender, screen.language),
        ", ".join(name_of_party(party, screen.language) for party in header.receivers),
        Cell(screen.say("yes"), GOOD) if good else Cell(screen.say("no"), BAD),
        ", ".join(titles),
    )


def _explain(screen: Screen, report: FileReport) -> None:
    if report.error is not None:
        screen.line(report.error.text(screen.language), BAD)
    for letter in report.letters:
        lines = letter.explain(screen.language).split("\n")
        screen.line(lines[0], GOOD if letter.deliverable else BAD)
        for line in lines[1:]:
            screen.line(line)
        screen.line()


def show_summary(screen: Screen, summary: Counted) -> None:
    """How many would arrive, how many would fail, and the reasons by frequency."""
    screen.line()
    unreadable = summary.unreadable if isinstance(summary, BatchSummary) else 0
    said = screen.say("letters-summary", deliverable=summary.deliverable, would_fail=summary.would_fail)
    screen.line(said, BAD if summary.would_fail else GOOD)
    if unreadable:
        screen.line(screen.say("letters-unreadable", unreadable=unreadable), BAD)
    reasons = summary.to_dict()["by_reason"]
    if isinstance(reasons, dict):
        screen.pairs((title_of("findings", code, screen.language), str(count)) for code, count in reasons.items())


def show_statistics(screen: Screen, counted: LetterStatistics) -> None:
    """The letters by their sort, each counted once, and what came back."""
    say = screen.say
    screen.line()
    screen.line(say("letters-counted", letters=counted.letters, seen=counted.seen), LOUD)
    columns = [Column(say(f"head.{name.replace('_', '-')}")) for name in LetterSort._fields]
    rows: list[Row] = []
    for sort, count in counted.sorts:
        texts = [_text(screen, value) for value in sort]
        rows.append((*texts, str(count)))
    if rows:
        screen.table((*columns, Column(say("head.letters"))), rows)
    if counted.needless_edi:
        letters = sum(count for _, count in counted.needless_edi)
        screen.line()
        screen.line(say("letters-needless", count=letters), LOUD)
        needless = [Column(say(f"head.{name}")) for name in ("family", "sender-system", "receiver", "letters")]
        screen.table(
            needless, [(*(_text(screen, one) for one in by), str(count)) for by, count in counted.needless_edi]
        )
    if counted.old_number_uses:
        screen.line()
        screen.line(say("letters-old-numbers", count=counted.with_old_numbers, letters=counted.letters), LOUD)
        heads = [
            Column(say(f"head.{name}")) for name in ("sender-system", "party", "names-by", "letters", "sor-code-known")
        ]
        screen.table(
            heads,
            [
                (
                    _text(screen, one.sender_system),
                    text_of("names", one.party, screen.language, {}),
                    text_of("names", one.kind, screen.language, {}),
                    str(one.letters),
                    str(one.replaceable),
                )
                for one in counted.old_number_uses
            ],
        )
    screen.pairs(
        [
            *((answer, str(count)) for answer, count in counted.answered),
            (say("letters-unanswered"), str(counted.unanswered)),
            (say("letters-stray"), str(counted.stray_receipts) if counted.stray_receipts else ""),
            *((reason, str(count)) for reason, count in counted.refusals),
        ]
    )


def _text(screen: Screen, value: object) -> str:
    if isinstance(value, bool):
        return screen.say("yes") if value else screen.say("no")
    return screen.say("not-known") if value is None else str(value)
