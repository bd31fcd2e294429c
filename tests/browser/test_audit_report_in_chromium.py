"""The audit's HTML report in headless Chromium: ``python -m pytest -m browser``.

Screenshots are left in pytest's folder for temporary files, or in the one that ``SOR_ADDRESSING_SCREENSHOTS`` names.
"""

from __future__ import annotations

import datetime as dt
import html
import os
import re
import shutil
import struct
import subprocess
from pathlib import Path

import pytest

from sor_addressing import audit
from sor_addressing.quality import trend
from sor_addressing.testing import made_up_nation

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
SECONDS = 60
CHROMIUM = next((path for path in map(shutil.which, PROGRAMS) if path), None)
DAY = dt.date(2026, 1, 15)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason=f"none of {', '.join(PROGRAMS)} is on the PATH"),
]

# A page of its own around the one that is measured, since no window can be made as narrow as a phone. The report itself allows no script, so
# the frame holds its text in a page without that policy.
PHONE = """<!DOCTYPE html><html lang="en"><title>phone</title><iframe width="360" height="1500" srcdoc="{page}"></iframe>
<script>
addEventListener("load", () => {{
  const page = document.querySelector("iframe").contentDocument;
  page.querySelectorAll("details").forEach((one) => one.open = true);
  const wide = [...page.querySelectorAll("body *")].filter((one) =>
    !one.closest(".scrolls") && one.getBoundingClientRect().right > page.documentElement.clientWidth + 1);
  const bars = [...page.querySelectorAll("svg.bar rect")].map((one) => one.getBoundingClientRect().width);
  document.body.dataset.width = page.documentElement.scrollWidth;
  document.body.dataset.wide = wide.map((one) => one.outerHTML.slice(0, 80)).join(" | ");
  document.body.dataset.bars = Math.max(...bars);
  document.body.dataset.lines = page.querySelector("svg.lines").getBoundingClientRect().height;
}});
</script></html>"""


def chromium(folder: Path, page: Path, *options: str) -> subprocess.CompletedProcess[str]:
    assert CHROMIUM is not None
    command = [
        CHROMIUM,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--hide-scrollbars",
        "--virtual-time-budget=8000",
        f"--user-data-dir={folder / 'profile'}",
        *options,
        page.as_uri(),
    ]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=True, timeout=SECONDS)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    named = os.environ.get("SOR_ADDRESSING_SCREENSHOTS")
    path = Path(named).absolute() if named else tmp_path_factory.mktemp("chromium")
    path.mkdir(parents=True, exist_ok=True)
    return path


@pytest.fixture(scope="module", params=["da", "en"])
def report(request: pytest.FixtureRequest, folder: Path) -> Path:
    nations = [made_up_nation(300, snapshot_date=DAY - dt.timedelta(day)) for day in range(3)]
    seen = trend(nation.to_register() for nation in nations)
    target = folder / f"audit-{request.param}.html"
    audit(nations[0].to_register()).to_html(target, language=request.param, trend=seen)
    return target


def test_the_page_is_shown_as_it_was_written(report: Path, folder: Path) -> None:
    ended = chromium(folder, report, "--dump-dom", "--enable-logging=stderr")
    assert "Content Security Policy" not in ended.stderr
    assert "Uncaught" not in ended.stderr
    for tag in ("table", "svg", "details", "polyline", "h2"):
        assert ended.stdout.count(f"<{tag}") == report.read_text("utf-8").count(f"<{tag}") > 0


def test_nothing_is_wider_than_a_phone(report: Path, folder: Path) -> None:
    page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", report.read_text("utf-8"))
    phone = report.with_name(f"phone-{report.name}")
    phone.write_text(PHONE.format(page=html.escape(page)), "utf-8")
    dom = chromium(folder, phone, "--dump-dom").stdout
    told = {name: html.unescape(value) for name, value in re.findall(r'data-(\w+)="([^"]*)"', dom)}
    assert (int(told["width"]) <= 360, told["wide"]) == (True, "")
    assert float(told["bars"]) > 300, "the longest bar is as wide as the page"
    assert float(told["lines"]) > 100


@pytest.mark.parametrize("width", [500, 1200])
def test_a_screenshot_can_be_taken(report: Path, folder: Path, width: int) -> None:
    target = folder / f"{report.stem}-{width}.png"
    chromium(folder, report, f"--screenshot={target}", f"--window-size={width},2000")
    head = target.read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", head[16:24]) == (width, 2000)
