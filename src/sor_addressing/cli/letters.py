"""``validate-file``: message files before they leave, or a table of recipients and message types."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click
from rich.console import Console

from sor_addressing.addressing.kinds import RESOLVABLE, kind_named
from sor_addressing.cells import csv_writer, json_line_writer
from sor_addressing.cli.options.asking import Asking, deliveries_option, ledger_of, print_json, question_options
from sor_addressing.cli.options.completion import complete_path
from sor_addressing.cli.options.register import LoadedRegister
from sor_addressing.cli.output.letters import CSV_COLUMNS, csv_rows, show_letters, show_statistics, show_summary
from sor_addressing.cli.output.progress import CountingProgress, LoadingProgress
from sor_addressing.cli.output.rendering import Screen
from sor_addressing.cli.output.terminal import console
from sor_addressing.identifiers import IdentifierKind
from sor_addressing.letters.batch import BatchSummary, FileReport
from sor_addressing.letters.files import count_files
from sor_addressing.letters.statistics import LetterCounter
from sor_addressing.tables.csv_files import ANY, TrafficTable, looks_like_table
from sor_addressing.whole_file import STANDARD_OUTPUT, written_text

if TYPE_CHECKING:
    from sor_addressing.deliveries.ledger import DeliveryLedger

_TABLE, _CSV, _JSON_LINES = "table", "csv", "jsonl"


@click.command("validate-file")
@click.argument("paths", shell_complete=complete_path, metavar="PATH...", nargs=-1, required=True)
@click.option(
    "--format",
    "shape",
    type=click.Choice([_TABLE, _CSV, _JSON_LINES]),
    help="How results are written: a table for people, CSV, or JSON lines; for a CSV file, CSV by default.",
)
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False), help="Write CSV or JSON lines here, not to standard output."
)
@click.option("--explain", is_flag=True, help="Tell of each letter how its answer was found.")
@click.option("--statistics", is_flag=True, help="Count the letters, each once: families, formats, net operators.")
@click.option("--recipient-column", metavar="HEADER", help="In a CSV file, the column with identifiers.")
@click.option(
    "--kind",
    type=click.Choice([*map(str, RESOLVABLE), ANY]),
    help="In a CSV file, what kind the identifiers are; by default what the header of their column says, else any.",
)
@click.option("--type-column", metavar="HEADER", help="In a CSV file, the column with message types.")
@deliveries_option
@question_options
def validate_file(
    asking: Asking,
    paths: tuple[str, ...],
    shape: str | None,
    output: str | None,
    explain: bool,
    statistics: bool,
    recipient_column: str | None,
    type_column: str | None,
    kind: str | None,
    ledger: str | None,
) -> None:
    """Whether the letters in message files will arrive, before they are sent.

    PATH is a message file (EDIFACT, OIOXML, FHIR, VANSEnvelope, SBDH), a folder, a pattern, or a zip archive with such files; or one CSV file with
    a column of identifiers and one of message types. Exit code 1 says that something would fail.
    """
    tables = [path for path in paths if looks_like_table(Path(path))]
    if tables and len(paths) > 1:
        raise click.UsageError("a CSV file is validated alone, for its columns go into the answer")
    if tables and (explain or statistics or shape == _TABLE):
        raise click.UsageError("--explain, --statistics and --format table are for message files, not for a CSV file")
    if not tables and (recipient_column or type_column or kind):
        raise click.UsageError("--recipient-column, --type-column and --kind are for a CSV file")
    shape = shape or (_CSV if tables else _TABLE)
    if output and (asking.as_json or shape == _TABLE):
        raise click.UsageError("--output takes --format csv or jsonl")
    loaded = asking.load()
    if tables:
        ask = partial(loaded.register.validate_many, on=asking.on, policy=asking.policy, deliveries=ledger_of(ledger))
        named: IdentifierKind | Literal["any"] | None = ANY if kind == ANY else kind_named(kind) if kind else None
        with (
            LoadingProgress(console(stderr=True)) as progress,
            TrafficTable(
                paths[0], ask, kind=named, recipient=recipient_column, message_type=type_column, progress=progress
            ) as traffic,
        ):
            good = _check_table(asking, loaded, traffic, shape, output)
    else:
        given = ledger_of(ledger)
        good = _check_letters(asking, loaded, paths, shape, output, explain=explain, count=statistics, deliveries=given)
    asking.finish(loaded, good=good)


def _check_letters(
    asking: Asking,
    loaded: LoadedRegister,
    paths: Sequence[str],
    shape: str,
    output: str | None,
    *,
    explain: bool,
    count: bool,
    deliveries: DeliveryLedger | None,
) -> bool:
    summary, counter = BatchSummary(), LetterCounter() if count else None
    shown: list[FileReport] = []
    documents: list[dict[str, object]] = []
    with (
        CountingProgress(console(stderr=True), total=partial(count_files, paths)) as progress,
        written_text(output or STANDARD_OUTPUT) as target,
    ):
        table, write = csv_writer(target), json_line_writer(target)
        if shape == _CSV and not asking.as_json:
            table.writerow(CSV_COLUMNS)
        for report in loaded.register.validate_messages(
            paths, on=asking.on, policy=asking.policy, deliveries=deliveries
        ):
            summary.add(report)
            if counter is not None:
                for letter in report.letters:
                    counter.add(letter)
            if asking.as_json:
                documents.append(report.to_dict())
            elif shape == _JSON_LINES:
                write(report.to_dict())
            elif shape == _CSV:
                table.writerows(csv_rows(report, asking.language))
            else:
                shown.append(report)
            progress(report.file)
    counted = counter.statistics() if counter else None
    if asking.as_json:
        statistics = {"statistics": counted.to_dict()} if counted else {}
        print_json({"files": documents, "summary": summary.to_dict(), **statistics, **loaded.mark()})
        return not summary.would_fail
    # Where results are read by machine, what people read goes to standard error.
    screen = asking.screen if shape == _TABLE else Screen(asking.language, _beside())
    asking.head(screen, loaded)
    if shape == _TABLE:
        show_letters(screen, shown, explain=explain)
    show_summary(screen, summary)
    if counted:
        show_statistics(screen, counted)
    asking.foot(screen, loaded)
    return not summary.would_fail


def _check_table(asking: Asking, loaded: LoadedRegister, traffic: TrafficTable, shape: str, output: str | None) -> bool:
    if asking.as_json:
        print_json({"rows": list(traffic.documents()), "summary": traffic.summary.to_dict(), **loaded.mark()})
        return not traffic.summary.would_fail
    # The mark is for spreadsheets; whoever reads JSON stumbles over it.
    encoding = traffic.encoding_for_output if shape == _CSV else "utf-8"
    with written_text(output or STANDARD_OUTPUT, encoding=encoding) as target:
        if shape == _CSV:
            traffic.write(target)
        else:
            write = json_line_writer(target)
            for document in traffic.documents():
                write(document)
    screen = Screen(asking.language, _beside())
    asking.head(screen, loaded)
    for problem in traffic.summary.problems:
        screen.line(problem.text(asking.language))
    show_summary(screen, traffic.summary)
    asking.foot(screen, loaded)
    return not traffic.summary.would_fail


def _beside() -> Console:
    return console(stderr=True)
