"""``watch``: what is new in an address book since the last time, for a scheduler to run after the daily update."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import click

from sor_addressing.changes.review.address_book import review
from sor_addressing.changes.review.watching import WatchMemory, watch
from sor_addressing.cli.options.asking import (
    Asking,
    ExitCode,
    deliveries_option,
    ledger_of,
    print_json,
    question_options,
)
from sor_addressing.cli.options.completion import complete_path
from sor_addressing.cli.reviewing import columns_of_book
from sor_addressing.daily.store import RegisterStore
from sor_addressing.errors import StoreError
from sor_addressing.register.face import Register


@click.command("watch")
@click.argument("book", shell_complete=complete_path, metavar="BOOK")
@click.option(
    "--state",
    "state_file",
    metavar="FILE",
    help="Where to remember what was told; a file of the store by default, one for each book.",
)
@click.option(
    "--book-columns",
    metavar="FIELD=HEADER",
    multiple=True,
    help="Which column of the book is which, where a header is not known; repeatable.",
)
@click.option("--dry-run", is_flag=True, help="Tell it, and don't remember that it was told.")
@deliveries_option
@question_options
def watch_book(
    asking: Asking,
    book: str,
    state_file: str | None,
    book_columns: tuple[str, ...],
    dry_run: bool,
    ledger: str | None,
) -> None:
    """What is new in the address book BOOK since the last time: entries that broke or were cured, and changes of the units that it uses.

    The answer is plain text that can be mailed, its first line the subject. Exit code 0 says that nothing is new, 1 that something is; run it after
    the daily update. The first time, everything that is wrong is new.
    """
    path = Path(state_file) if state_file else _usual_state(book, asking.choice.home)
    memory = WatchMemory.load(path)
    loaded = asking.load()
    register = loaded.register
    previous = _register_of(memory, register, asking.choice.home)
    columns = columns_of_book(book_columns)
    found = watch(
        review(
            book,
            register,
            previous,
            on=asking.on,
            policy=asking.policy,
            columns=columns,
            deliveries=ledger_of(ledger),
        ),
        memory,
        register=register,
        previous=previous,
    )
    if asking.as_json:
        print_json({**found.to_dict(), **loaded.mark()})
    else:
        screen = asking.screen
        for line in found.text(asking.language).splitlines():
            screen.line(line)
        asking.head(screen, loaded)
        asking.foot(screen, loaded)
    if not dry_run:
        found.memory.save(path)
    if found.is_new:
        click.get_current_context().exit(ExitCode.NO)
    asking.finish(loaded, good=True)


def _usual_state(book: str, home: str | None) -> Path:
    """A file in the store, named by the book's path."""
    name = hashlib.sha256(os.fsencode(Path(book).resolve())).hexdigest()[:16]
    return RegisterStore(home).home / "watch" / f"{name}.json"


def _register_of(memory: WatchMemory, register: Register, home: str | None) -> Register | None:
    """The register of the last time, where the store still has it."""
    if memory.day is None or memory.day >= register.snapshot_date:
        return None
    try:
        found = RegisterStore(home).on(memory.day)
    except StoreError:
        return None  # it is told all the same what is new in the book; only what changed in the register is not
    return found if found.snapshot_date == memory.day else None
