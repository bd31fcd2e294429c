"""Speed and memory against the budgets: ``python -m tests.benchmarks [JOB ...] [--keep FILE] [--against RESULT]``.

Needs the extra ``dev`` and a system with ``resource``. Prints one table and asserts nothing: a busy machine is no fault of the code. Two
commits are compared by keeping the result of one and measuring the other ``--against`` it.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks import (
    asking,
    books,
    comparing,
    endpoints,
    exporting,
    letters,
    lines,
    processes,
    reading,
    remembering,
    results,
    searching,
    serving,
    staff,
)
from tests.benchmarks.measuring import Asked, Row

JOBS: dict[str, Callable[[Asked], Iterator[Row]]] = {
    "load": reading.load,
    "compile": reading.compile_register,
    "memory": reading.memory,
    "tables": reading.tables,
    "start": processes.start,
    "validate": asking.validate,
    "many": asking.many,
    "answer": lines.answer,
    "deliveries": remembering.deliveries,
    "find": asking.find,
    "search": searching.search,
    "staff": staff.staff,
    "letters": letters.headers,
    "export": exporting.export_csv,
    "review": books.review_book,
    "compare": comparing.compare_days,
    "audit": reading.audit_nation,
    "eer": endpoints.endpoint_register,
    "serve": serving.serve,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("jobs", nargs="*", metavar="JOB", help=f"which to run, all by default: {', '.join(JOBS)}")
    parser.add_argument("--units", type=int, default=90_000, help="how large the made-up nation is")
    parser.add_argument("--turns", type=int, default=3, help="how many turns a job of seconds takes")
    parser.add_argument("--keep", type=Path, metavar="FILE", help="write the result as JSON")
    parser.add_argument("--against", type=Path, metavar="RESULT", help="show what a result that was kept has measured")
    asked = parser.parse_args()
    unknown = [name for name in asked.jobs if name not in JOBS]
    if unknown:
        parser.error(f"no job {', '.join(unknown)}: there are {', '.join(JOBS)}")
    facts = results.facts(asked.units)
    earlier = results.measured_before(asked.against) if asked.against else None
    print(results.head(facts, compared=earlier is not None), flush=True)
    rows = []
    for name in asked.jobs or JOBS:
        for row in JOBS[name](Asked(asked.units, asked.turns)):
            rows.append(row)
            print(results.line(row, earlier), flush=True)
    if asked.keep:
        results.keep(asked.keep, facts, rows)


if __name__ == "__main__":
    main()
