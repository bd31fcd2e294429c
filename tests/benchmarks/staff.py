"""How well and how fast search finds what staff type, beside the full-text search of SQLite: by trigrams, and by beginnings of words."""

from __future__ import annotations

import re
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import closing

from tests.benchmarks.measuring import Asked, Row
from tests.benchmarks.nation import opened_nation
from tests.search.made_up_queries import MadeUpQuery, Quality, quality, shown
from tests.search.staff_queries import NICKNAMES, UNITS, staff_queries

from sor_addressing import Register, Unit

_FIRST, _TEN = 0.92, 0.98
_LEAST_OF_A_KIND = 0.85
_MEDIAN, _SLOW = 2.5, 5.0


def staff(asked: Asked) -> Iterator[Row]:
    """Queries that staff type, over the nation that they were written for; and their time over the whole nation."""
    register = opened_nation(UNITS)
    both = staff_queries(register)
    queries = [*both.open, *both.held_out]
    ours = quality(queries, [shown(register.search(query.text, words=NICKNAMES), query.meant) for query in queries])
    rivals = {name: quality(queries, answers) for name, answers in _rivals(register, queries)}
    for kind, found in ours.items():
        first, ten = found.first / found.queries, found.first_ten / found.queries
        beside = ", ".join(f"{name} {_shares(rival[kind])}" for name, rival in rivals.items())
        yield Row(f"first hit, {kind}", first, "share", _FIRST if kind == "all" else _LEAST_OF_A_KIND, "", beside)
        if kind == "all":
            yield Row("among ten, all", ten, "share", _TEN, "", beside)
    whole = opened_nation(asked.units)
    times = sorted(_times(lambda text: whole.search(text, words=NICKNAMES), queries))
    yield Row("search of what staff type, median", 1e3 * statistics.median(times), "ms", _MEDIAN, "")
    yield Row("search of what staff type, p95", 1e3 * times[len(times) * 95 // 100], "ms", _SLOW, "")


def _shares(found: Quality) -> str:
    return f"{found.first / found.queries:.2f}/{found.first_ten / found.queries:.2f}"


def _times(ask: Callable[[str], object], queries: list[MadeUpQuery]) -> Iterator[float]:
    ask("hjerte")  # the first search verifies and views the columns
    for query in queries:
        begun = time.process_time()
        ask(query.text)
        yield time.process_time() - begun


def _rivals(register: Register, queries: list[MadeUpQuery]) -> Iterator[tuple[str, list[list[str]]]]:
    units = list(register)
    texts = [_text(unit) for unit in units]
    for name, tokenizer, ask in (("trigrams", "trigram", _trigrams), ("beginnings", "unicode61", _beginnings)):
        with closing(sqlite3.connect(":memory:")) as database:
            database.execute(f"create virtual table units using fts5(text, tokenize='{tokenizer}')")
            database.executemany("insert into units values (?)", [(text,) for text in texts])
            answers = []
            for query in queries:
                asked = ask(query.text)
                rows = database.execute(
                    "select rowid from units where units match ? order by rank limit 10", (asked,)
                ).fetchall() if asked else []  # fmt: skip
                answers.append([units[row - 1].sor_code for (row,) in rows])
            yield name, answers


def _text(unit: Unit) -> str:
    address = unit.visiting_address
    parts = [unit.name, *[above.name for above in unit.ancestors], *(address.lines if address else ())]
    return " ".join(parts).lower()


def _trigrams(text: str) -> str:
    words = [word for word in re.findall(r"\w+", text.lower()) if len(word) > 2]
    return " OR ".join(f'"{word[at : at + 3]}"' for word in words for at in range(len(word) - 2))


def _beginnings(text: str) -> str:
    return " OR ".join(f'"{word}"*' for word in re.findall(r"\w+", text.lower()))
