"""How the benchmarks measure: two jobs turn by turn in one run, the least time of several repeats, and the ratio of the two.

Ratios of interleaved least times are steady where times are not: on a busy machine both jobs suffer alike, and the least
time of a job is the one that suffered least.
"""

from __future__ import annotations

import time
from collections.abc import Callable

Job = Callable[[], object]


def least_times(*jobs: Job, repeats: int) -> list[float]:
    """Seconds of each job, the least of ``repeats`` turns; the jobs take turns."""
    least = [float("inf")] * len(jobs)
    for _ in range(repeats):
        for position, job in enumerate(jobs):
            begun = time.perf_counter()
            job()
            least[position] = min(least[position], time.perf_counter() - begun)
    return least


def row(name: str, against: str, ratio: float, budget: float, figures: str) -> None:
    """Print one line of the report."""
    verdict = "within" if ratio <= budget else "MISSED"
    print(f"{name:<28} {ratio:6.2f} x {against:<34} budget {budget:.1f} x  {verdict}   ({figures})", flush=True)


def faster(name: str, against: str, ratio: float, budget: float, figures: str) -> None:
    """Print one line of the report for a job that is to be so many times faster than another."""
    verdict = "within" if ratio >= budget else "MISSED"
    print(
        f"{name:<28} {ratio:6.2f} x faster than {against:<22} budget {budget:.1f} x  {verdict}   ({figures})",
        flush=True,
    )
