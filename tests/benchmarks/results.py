"""The table of a run, kept as JSON, and beside an earlier one."""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from lxml import etree
from tests.benchmarks.measuring import Row

_WIDTH = 42


def facts(units: int) -> dict[str, object]:
    """What a result was measured with."""
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"],  # noqa: S607 (whichever git there is)
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        check=False,
    )
    return {
        "commit": commit.stdout.strip(),
        "day": dt.datetime.now(dt.UTC).date().isoformat(),
        "python": platform.python_version(),
        "lxml": etree.__version__,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "units": units,
    }


def head(facts: Mapping[str, object], *, compared: bool) -> str:
    """What stands above the rows."""
    about = ", ".join(f"{name} {value}" for name, value in facts.items())
    before = f"{'before':>8} " if compared else ""
    return f"{about}\n\n{'job':<{_WIDTH}} {'CPU':>8} {'wall':>8} {before}{'budget':>8} {'':<8} {'verdict':<8} against (figures)"


def line(row: Row, earlier: Mapping[str, float] | None) -> str:
    """One row as the table shows it."""
    wall = "" if row.wall is None else f"{row.wall:.2f}"
    before = ""
    if earlier is not None:
        before = f"{earlier[row.job]:8.2f} " if row.job in earlier else f"{'new':>8} "
    verdict = "within" if row.within else "MISSED"
    figures = f" ({row.figures})" if row.figures else ""
    return f"{row.job:<{_WIDTH}} {row.measured:8.2f} {wall:>8} {before}{row.budget:8.2f} {row.unit:<8} {verdict:<8} {row.against}{figures}"


def keep(path: Path, facts: Mapping[str, object], rows: Iterable[Row]) -> None:
    """Write a result."""
    made = {**facts, "rows": [{**row._asdict(), "within": row.within} for row in rows]}
    path.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def measured_before(path: Path) -> dict[str, float]:
    """What a result that was kept has measured, by job."""
    return {row["job"]: row["measured"] for row in json.loads(path.read_text(encoding="utf-8"))["rows"]}
