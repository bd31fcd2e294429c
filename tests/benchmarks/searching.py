"""How well and how fast search finds, beside ``WRatio`` over all names, which were processed once: queries by seed over the nation."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator

from rapidfuzz import fuzz, process, utils
from tests.benchmarks.measuring import Asked, Row, Time, faster
from tests.benchmarks.nation import compiled_nation, opened_nation
from tests.benchmarks.processes import bytes_of
from tests.search.made_up_queries import MadeUpQuery, made_up_queries, quality

_TYPED_BY_STAFF = ("one typo", "words left out", "order", "abbreviations")


def search(asked: Asked) -> Iterator[Row]:
    """Time of what staff type, recall of every sort of query, and the size of the index of words."""
    register = opened_nation(asked.units)
    queries = sorted(made_up_queries(register), key=lambda query: query.category not in _TYPED_BY_STAFF)
    typed = sum(query.category in _TYPED_BY_STAFF for query in queries)
    units = list(register)
    codes = [unit.sor_code for unit in units]
    names = [utils.default_process(unit.name) for unit in units]
    register.search(queries[0].text)  # the first search verifies and views the columns

    def ours(text: str) -> list[str]:
        return [unit.sor_code for match in register.search(text) for unit in (match.unit, *match.others)][:10]

    def rival(text: str) -> list[str]:
        found = process.extract(utils.default_process(text), names, scorer=fuzz.WRatio, processor=None, limit=10)
        return [codes[place] for _, _, place in found]

    our_answers, first = _asked(ours, queries)
    their_answers, theirs = _asked(rival, queries)
    # Once more apart from the rival, whose memory traffic leaves nothing in the processor's caches.
    times = [min(both) for both in zip(first, _asked(ours, queries)[1], strict=True)]
    found, beside = quality(queries, our_answers), quality(queries, their_answers)
    mean, mean_theirs = (statistics.mean(cpu for cpu, _ in one[:typed]) for one in (times, theirs))
    yield faster(
        "search, as staff types",
        _sum(times[:typed]),
        _sum(theirs[:typed]),
        50.0,
        "WRatio over processed names",
        f"{mean * 1e3:.2f} ms against {mean_theirs * 1e3:.0f} ms a query",
    )
    walls = sorted(cpu for cpu, _ in times)
    slow = walls[len(walls) * 95 // 100] / statistics.median(walls)
    yield Row("search, p95 of all sorts", slow, "x", 4.0, f"its median, {statistics.median(walls) * 1e3:.2f} ms")
    for category in found:
        shares = [one[category].first_ten / one[category].queries for one in (found, beside)]
        first_hit = found[category].first / found[category].queries
        yield Row(f"recall@10, {category}", shares[0], "share", shares[1], "WRatio's", f"the first {first_hit:.2f}")
    yield Row(
        "words of search in the compiled file", bytes_of(compiled_nation(asked.units), "kept.words") / 1e6, "MB", 12, ""
    )


def _asked(ask: Callable[[str], list[str]], queries: list[MadeUpQuery]) -> tuple[list[list[str]], list[Time]]:
    answers, times = [], []
    for query in queries:
        cpu, wall = time.process_time(), time.perf_counter()
        answers.append(ask(query.text))
        times.append(Time(time.process_time() - cpu, time.perf_counter() - wall))
    return answers, times


def _sum(times: list[Time]) -> Time:
    return Time(sum(cpu for cpu, _ in times), sum(wall for _, wall in times))
