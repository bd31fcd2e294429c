"""``review``: how the entries of an address book stand, and the corrected book beside it."""

from __future__ import annotations

import click
from rich.console import Console

from sor_addressing.addressing.age import OF_AGE
from sor_addressing.changes.review.address_book import review
from sor_addressing.changes.review.conversion import CONVERTED_KINDS, ConvertedKind
from sor_addressing.changes.review.entry import ReviewedEntry
from sor_addressing.changes.review.judging import EntryState
from sor_addressing.changes.review.report import Review
from sor_addressing.changes.review.writing import write_lines, write_report
from sor_addressing.cli.options.asking import (
    Asking,
    deliveries_option,
    ledger_of,
    print_json,
    question_options,
    written_options,
)
from sor_addressing.cli.options.completion import complete_path
from sor_addressing.cli.options.register import RegisterChoice
from sor_addressing.cli.output.readiness import show_questions, show_readiness
from sor_addressing.cli.output.rendering import BAD, GOOD, LOUD, WARNING, Cell, Column, Screen
from sor_addressing.cli.output.terminal import console
from sor_addressing.errors import AddressBookError
from sor_addressing.hiding import shown
from sor_addressing.register.face import Register
from sor_addressing.texts import text_of, title_of
from sor_addressing.whole_file import STANDARD_OUTPUT, written_text

_TABLE, _CSV, _JSON_LINES, _MARKDOWN, _HTML = "table", "csv", "jsonl", "markdown", "html"
_STYLES = {EntryState.BROKEN: BAD, EntryState.WARNING: WARNING, EntryState.OK: GOOD}
_MOST_IN_MARKDOWN = 50


@click.command("review")
@click.argument("book", shell_complete=complete_path, metavar="BOOK")
@click.option(
    "--previous",
    shell_complete=complete_path,
    metavar="PATH",
    help="Register of an earlier day, to tell what is new since then.",
)
@click.option(
    "--corrected",
    shell_complete=complete_path,
    metavar="FILE",
    help="Write the book with certain replacements made; never over BOOK.",
)
@click.option(
    "--to",
    type=click.Choice([str(kind) for kind in CONVERTED_KINDS]),
    help="What the entries become that have provider numbers and SHAK codes, and what has to be asked; provider_number is the way back.",
)
@click.option(
    "--converted",
    shell_complete=complete_path,
    metavar="FILE",
    help="With --to, write the book with the new identifiers; never over BOOK.",
)
@click.option(
    "--only",
    type=click.Choice([str(EntryState.BROKEN), str(EntryState.WARNING)]),
    help="Show only entries in this state.",
)
@written_options(
    _TABLE,
    _CSV,
    _JSON_LINES,
    _MARKDOWN,
    _HTML,
    told="A table of what is not all right, for people; every entry as CSV or JSON lines; a summary in Markdown; or a page.",
    target="Write it to this file.",
)
@click.option(
    "--book-columns",
    metavar="FIELD=HEADER",
    multiple=True,
    help="Which column of the book is which, where a header is not known; repeatable.",
)
@deliveries_option
@question_options
def review_book(
    asking: Asking,
    book: str,
    previous: str | None,
    corrected: str | None,
    to: ConvertedKind | None,
    converted: str | None,
    only: str | None,
    shape: str,
    output: str | None,
    book_columns: tuple[str, ...],
    ledger: str | None,
) -> None:
    """How the entries of an address book stand: which are broken, why, since when, and what should stand there instead.

    BOOK is a CSV file, an Excel workbook, or JSON: a list of objects, or an object a line. It has SOR codes, location numbers, provider
    numbers or SHAK codes, and may have names, message types and a key. Exit code 1 says that an entry is broken; with --to, that one is not
    ready.
    """
    if output and (asking.as_json or shape == _TABLE):
        raise click.UsageError("--output needs a --format that is not table")
    if converted and to is None:
        raise click.UsageError("--converted needs --to")
    columns = columns_of_book(book_columns)
    loaded = asking.load()
    earlier = _previous(previous, loaded.register, asking.language)
    found = review(
        book,
        loaded.register,
        earlier,
        on=asking.on,
        policy=asking.policy,
        columns=columns,
        deliveries=ledger_of(ledger),
        to=to,
    )
    written = found.write_corrected(corrected) if corrected else None
    converted_book = found.write_converted(converted) if converted else None
    entries = [one for one in found.entries if only is None or one.state == only]
    readiness = found.readiness
    good = not found.counts[EntryState.BROKEN] if readiness is None else readiness.ready == readiness.entries
    if asking.as_json:
        document = found.to_dict() | {"entries": [one.to_dict() for one in entries]}
        document["corrected"] = str(written) if written else None
        if to is not None:
            document["converted"] = str(converted_book) if converted_book else None
        print_json({**document, **loaded.mark()})
        asking.finish(loaded, good=good)
        return
    with written_text(output or STANDARD_OUTPUT, error=AddressBookError) as target:
        if shape == _CSV:
            write_report(entries, target, asking.language, converted=to is not None)
        elif shape == _JSON_LINES:
            write_lines(entries, target)
        elif shape == _MARKDOWN:
            found.to_markdown(target, language=asking.language, limit=_MOST_IN_MARKDOWN)
        elif shape == _HTML:
            found.to_html(target, language=asking.language, register=loaded.register)
    # Where results are read by machine, what people read goes to standard error.
    screen = asking.screen if shape == _TABLE else Screen(asking.language, _beside())
    asking.head(screen, loaded)
    if shape == _TABLE and readiness is None:
        _show(screen, [one for one in entries if one.state is not EntryState.OK])
    elif shape == _TABLE:
        show_questions(screen, entries)
    _show_summary(screen, found)
    if readiness is not None:
        show_readiness(screen, readiness)
    if written is not None:
        count = sum(1 for one in found.entries if one.replacements)
        screen.line(screen.say("review-corrected", path=str(written), count=count))
    if converted_book is not None:
        count = sum(
            1 for one in found.entries if one.conversion and (one.conversion.cells or one.conversion.is_restored)
        )
        screen.line(screen.say("review-converted", path=str(converted_book), count=count))
    asking.foot(screen, loaded)
    asking.finish(loaded, good=good)


def columns_of_book(given: tuple[str, ...]) -> dict[str, str]:
    """The value for ``columns=``: field to header."""
    if any("=" not in text for text in given):
        raise click.UsageError("--book-columns takes FIELD=HEADER")
    pairs = (text.partition("=") for text in given)
    return {field.strip(): header.strip() for field, _, header in pairs}


def _previous(path: str | None, register: Register, language: str) -> Register | None:
    if path is None:
        return None
    earlier = RegisterChoice(path=path).load(language).register
    if earlier.snapshot_date > register.snapshot_date:
        values = {"previous": earlier.snapshot_date.isoformat(), "snapshot_date": register.snapshot_date.isoformat()}
        raise click.UsageError(text_of("cli", "review-order", language, values))
    return earlier


def _show(screen: Screen, entries: list[ReviewedEntry]) -> None:
    say = screen.say
    columns = (
        Column(say("head.line")),
        Column(say("head.entry"), flows=True),
        Column(say("head.state")),
        Column(say("head.since")),
        Column(say("head.reasons"), flows=True),
        Column(say("head.instead"), flows=True),
    )
    rows = [
        (
            str(one.entry.line),
            " ".join(filter(None, (shown(one.entry.key), shown(one.entry.name) or one.recipient))),
            Cell(text_of("names", one.state, screen.language, {}), _STYLES[one.state]),
            one.since.isoformat() if one.since else "",
            ", ".join(title_of("findings", code, screen.language) + "*" * (code in one.new) for code in one.reasons),
            _instead(screen, one),
        )
        for one in entries
    ]
    if rows:
        screen.table(columns, rows)
        screen.line()


def _instead(screen: Screen, one: ReviewedEntry) -> str:
    sure = [screen.say("review-instead", field=two.field, suggested=two.suggested or "–") for two in one.replacements]
    maybe = [screen.say("review-perhaps", name=two.name, sor_code=two.sor_code) for two in one.candidates]
    return "; ".join([*sure, *maybe])


def _show_summary(screen: Screen, found: Review) -> None:
    counts = found.counts
    said = screen.say(
        "review-counts",
        entries=len(found.entries),
        broken=counts[EntryState.BROKEN],
        warning=counts[EntryState.WARNING],
        ok=counts[EntryState.OK],
    )
    screen.line(said, BAD if counts[EntryState.BROKEN] else LOUD)
    screen.pairs((title_of("findings", code, screen.language), str(count)) for code, count in found.by_reason.items())
    if found.previous_date is not None:
        screen.line(screen.say("review-new", count=len(found.new), previous=found.previous_date.isoformat()))
    if found.not_searched:
        screen.line(screen.say("review-not-searched", count=found.not_searched))
    screen.findings(one for one in found.findings if one.code not in OF_AGE)
    for problem in found.problems:
        screen.line(problem.text(screen.language))


def _beside() -> Console:
    return console(stderr=True)
