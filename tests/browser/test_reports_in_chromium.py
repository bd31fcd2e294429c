"""The reports in HTML in headless Chromium: ``python -m pytest -m browser``.

Each is opened from its file as whoever gets it by mail opens it, on a wide window and a narrow one, and looked at after the browser has laid it out.
Screenshots are left in pytest's folder for temporary files, or in the one that ``SOR_ADDRESSING_SCREENSHOTS`` names.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest

from sor_addressing import Register, compare, review
from sor_addressing.testing import made_up_nation

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
CHROMIUM = next((path for path in map(shutil.which, PROGRAMS) if path), None)
SECONDS = 60
FIRST = dt.date(2026, 1, 15)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason=f"none of {', '.join(PROGRAMS)} is on the PATH"),
]


@pytest.fixture(scope="module")
def days() -> tuple[Register, ...]:
    return tuple(
        made_up_nation(1_500, seed=seed, snapshot_date=FIRST + dt.timedelta(n)).to_register()
        for n, seed in enumerate((3, 4, 5))
    )


@pytest.fixture(scope="module", params=["compare", "review"])
def report(request, days, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("reports") / f"{request.param}.html"
    if request.param == "compare":
        between = [compare(one, two) for one, two in pairwise(days)]
        compare(days[0], days[-1]).to_html(path, language="da", registers=(days[0], days[-1]), days=between)
    else:
        book = [{"sor_code": unit.sor_code, "name": unit.name} for unit in list(days[0])[:400]]
        review(book, days[-1], days[0]).to_html(path, language="da", register=days[-1])
    return path


def chromium(*arguments: str) -> str:
    assert CHROMIUM is not None
    flags = ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--allow-file-access-from-files")
    ended = subprocess.run(
        [CHROMIUM, *flags, *arguments], capture_output=True, text=True, encoding="utf-8", timeout=SECONDS, check=True
    )
    return ended.stdout


def test_a_report_is_laid_out_and_asks_nobody_for_anything(report: Path) -> None:
    dom = chromium("--dump-dom", report.as_uri())
    assert 'lang="da"' in dom
    assert dom.count("<svg") > 0
    assert dom.count("<details") > 10
    assert re.findall(r'(?:src|href)="(?!#)[^"]*', dom) == []


@pytest.mark.parametrize(("width", "height"), [(1280, 1600), (500, 1600)])
def test_a_report_is_looked_at_wide_and_narrow(report: Path, width: int, height: int, tmp_path: Path) -> None:
    folder = Path(os.environ.get("SOR_ADDRESSING_SCREENSHOTS") or tmp_path)
    picture = folder / f"{report.stem}-{width}.png"
    chromium(f"--window-size={width},{height}", f"--screenshot={picture}", report.as_uri())
    assert picture.stat().st_size > 10_000
