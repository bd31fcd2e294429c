"""A scheduled update with a report: today's register, what changed since the last one, and what that means for an address book.

``python scheduled_update.py MIRROR HOME BOOK.csv`` is for a scheduler, once a day: it takes the newest extract from the folder ``MIRROR`` into the
store ``HOME``, and writes two files there: ``changes.html``, a page about everything that changed, and ``mail.txt``, what is new in the
address book, its first line the subject. It ends with 1 where somebody should look. Without arguments it shows itself on two made-up days.
"""

from __future__ import annotations

import datetime as dt
import pathlib
import shutil
import sys

from sor_addressing import Register, RegisterStore, StoreError, compare, review
from sor_addressing.changes import WatchMemory, watch
from sor_addressing.daily import FolderOrigin
from sor_addressing.testing import RegisterBuilder


def run(store: RegisterStore, book: pathlib.Path) -> bool:
    """Update the store and write the two reports. Whether all is as it should be."""
    before = latest_or_none(store)
    result = store.update()
    print(result.text("en"))
    now = store.latest()  # yesterday's where today's was held back: the answers go on, and the text above says why
    if before is not None and before.snapshot_date < now.snapshot_date:
        write_changes(before, now, store.home / "changes.html")
    return not result.reasons and not mail(before, now, book, store.home)


def latest_or_none(store: RegisterStore) -> Register | None:
    try:
        return store.latest()
    except StoreError:
        return None  # the first time


def write_changes(before: Register, now: Register, target: pathlib.Path) -> None:
    """One page that needs nothing else: what changed, why, and for whom."""
    found = compare(before, now)
    found.to_html(target, language="da", registers=(before, now))
    print(f"{len(found)} changes, in {target.name}")


def mail(before: Register | None, now: Register, book: pathlib.Path, home: pathlib.Path) -> bool:
    """Write what is new in the address book, once. Whether there is anything."""
    told = home / "told.json"
    memory = WatchMemory.load(told)
    found = watch(review(book, now, before), memory, register=now, previous=before)
    (home / "mail.txt").write_text(found.text("en"), encoding="utf-8")
    found.memory.save(told)
    print(found.subject("en"))
    return found.is_new


def made_up_day(folder: pathlib.Path, number: int) -> None:
    """The extract of a made-up day; between the first two, a clinic closes and another takes over."""
    builder = RegisterBuilder(dt.date(2026, 1, 15) + dt.timedelta(number))
    house = builder.institution(builder.owner("Region Nordhav"), "Grævlingelund Sygehus")
    closed = builder.unit(
        house,
        "Klinikken der lukker",
        location_number=True,
        to_date=None if number == 0 else builder.snapshot_date - dt.timedelta(1),
    )
    other = builder.unit(house, "Klinikken der overtager", location_number=True, replaces=closed)
    # As many as it takes for one that closes not to look like a damaged extract.
    more = [builder.unit(house, f"Klinik {one}", location_number=True) for one in range(1, 20)]
    for clinic in (closed, other, *more):
        builder.registers(clinic, "DIS91 D9134L", "CTL02", "CTL03")
    shutil.rmtree(folder, ignore_errors=True)
    builder.write(folder)


def main() -> int:
    if len(sys.argv) == 4:
        mirror, home, book = map(pathlib.Path, sys.argv[1:])
        return 0 if run(RegisterStore(home, origin=FolderOrigin(mirror)), book) else 1
    mirror, book = pathlib.Path("mirror"), pathlib.Path("book.csv")
    day = dt.date(2026, 1, 15)
    store = RegisterStore("store", origin=FolderOrigin(mirror), clock=lambda: day)
    for number in range(2):
        made_up_day(mirror, number)
        if number == 0:
            (closing,) = (unit for unit in Register.load(mirror) if unit.name == "Klinikken der lukker")
            book.write_text(
                f"Navn;Lokationsnummer;Meddelelsestype\n{closing.name};{closing.location.number};DIS91\n",
                encoding="utf-8",
            )
        day = dt.date(2026, 1, 15) + dt.timedelta(number)
        print(f"-- {day}: {'all is well' if run(store, book) else 'somebody should look'}")
    print()
    print((store.home / "mail.txt").read_text("utf-8"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
