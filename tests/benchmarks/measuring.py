"""How the benchmarks measure, and what they found: a job and what it is held against, turn by turn in one run, the least of each.

Ratios are of processor time, which other work on a machine moves least; the time on the wall stands beside it.
"""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

Job = Callable[[], object]


class Asked(NamedTuple):
    """How large the nation is, and how many turns a job of seconds takes; short ones take more."""

    units: int
    turns: int


class Time(NamedTuple):
    """Seconds of this process and of those that it started and waited for."""

    cpu: float
    wall: float


class Row(NamedTuple):
    """One line of the table: a job, what was measured, and what it may come to.

    Attributes:
        job: its name, by which results are compared.
        measured: the figure.
        unit: what it counts: ``x`` times the time of ``against``, ``x faster`` than it, ``MB``, or a share.
        budget: what it may come to.
        against: what it is held against.
        figures: what else is worth seeing.
        wall: the same ratio by time on the wall; None where it is none.
    """

    job: str
    measured: float
    unit: str
    budget: float
    against: str
    figures: str = ""
    wall: float | None = None

    @property
    def within(self) -> bool:
        """Whether the budget holds: the figure is no lower where more is better, else no higher."""
        return self.measured >= self.budget if self.unit in ("x faster", "share") else self.measured <= self.budget


def least_times(*jobs: Job, turns: int) -> list[Time]:
    """The time of each job, the least of so many turns; the jobs take turns."""
    least = [Time(float("inf"), float("inf"))] * len(jobs)
    for _ in range(turns):
        for position, job in enumerate(jobs):
            cpu, wall = _cpu(), time.perf_counter()
            job()
            cpu, wall = _cpu() - cpu, time.perf_counter() - wall
            least[position] = Time(min(least[position].cpu, cpu), min(least[position].wall, wall))
    return least


def _cpu() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def cpu_of(pids: Sequence[int]) -> float:
    """Seconds of processor time that running processes have taken until now, as Linux tells them."""
    ticks = os.sysconf("SC_CLK_TCK")
    told = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in pids]
    return sum(int(fields[11]) + int(fields[12]) for fields in told) / ticks


def slower(job: str, done: Time, other: Time, budget: float, against: str, figures: str = "") -> Row:
    """The row of a job that may take ``budget`` times as long as another."""
    ratio = done.cpu / other.cpu
    return Row(job, ratio, "x", budget, against, figures or _both(done, other), done.wall / other.wall)


def faster(job: str, done: Time, other: Time, budget: float, against: str, figures: str = "") -> Row:
    """The row of a job that is to be ``budget`` times as fast as another."""
    return Row(
        job, other.cpu / done.cpu, "x faster", budget, against, figures or _both(done, other), other.wall / done.wall
    )


def _both(done: Time, other: Time) -> str:
    return f"{_shown(done.cpu)} against {_shown(other.cpu)}"


def _shown(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1e3:.0f} ms"
