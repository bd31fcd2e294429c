"""How well and how fast search finds, beside brute force over all names: queries by seed over the made-up nation."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from rapidfuzz import fuzz, process, utils
from tests.benchmarks.measuring import faster
from tests.benchmarks.nation import compiled_nation
from tests.search.made_up_queries import MadeUpQuery, made_up_queries, quality

from sor_addressing import Register


def search(units: int, _repeats: int) -> None:
    """Recall and reciprocal rank by category, the size of the index, and the time of a query, against ``WRatio`` over all names."""
    path = compiled_nation(units)
    register = Register.open(path)
    queries = made_up_queries(register)
    codes = [unit.sor_code for unit in register]
    names = [unit.name for unit in register]
    register.search(queries[0].text)  # the first search verifies and views the columns

    def ours(text: str) -> list[str]:
        return [match.sor_code for match in register.search(text)]

    def brute_force(text: str) -> list[str]:
        found = process.extract(text, names, scorer=fuzz.WRatio, processor=utils.default_process, limit=10)
        return [codes[place] for _, _, place in found]

    print(f"{len(queries)} queries over {len(names):,} units; index of words: {_megabytes(path):.1f} MB (budget 25)")
    our_answers, _ = _timed(ours, queries)
    their_answers, their_times = _timed(brute_force, queries)
    # Once more apart from brute force, whose memory traffic leaves nothing in the processor's caches.
    _, our_times = _timed(ours, queries)
    theirs = quality(queries, their_answers)
    for category, found in quality(queries, our_answers).items():
        print(f"  {category:<20} {found}   against {theirs[category]}")
    first_ten = quality(queries, our_answers)["all"].first_ten, theirs["all"].first_ten
    print(f"recall@10 {'no lower' if first_ten[0] >= first_ten[1] else 'LOWER'} than brute force")
    figures = f"{statistics.mean(our_times) * 1e3:.1f} ms against {statistics.mean(their_times) * 1e3:.0f} ms a query"
    faster("search", "WRatio over all names", sum(their_times) / sum(our_times), 50.0, figures)
    median, slow = statistics.median(our_times), sorted(our_times)[len(our_times) * 95 // 100]
    verdict = "within" if slow <= 4 * median else "MISSED"
    print(f"median {median * 1e3:.2f} ms, p95 {slow * 1e3:.2f} ms: {slow / median:.1f} x (budget 4 x)  {verdict}")


def _timed(ask: Callable[[str], list[str]], queries: list[MadeUpQuery]) -> tuple[list[list[str]], list[float]]:
    answers, times = [], []
    for query in queries:
        begun = time.perf_counter()
        answers.append(ask(query.text))
        times.append(time.perf_counter() - begun)
    return answers, times


def _megabytes(path: Path) -> float:
    from sor_addressing.index.opening import open_compiled

    index, _, _ = open_compiled(path)
    sections = index.columns._sections  # type: ignore[attr-defined]
    return sum(section.size for name, section in sections.items() if name.startswith("kept.words")) / 1e6
