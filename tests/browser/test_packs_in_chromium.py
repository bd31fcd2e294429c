"""The pages of packs in headless Chromium: ``python -m pytest -m browser``.

Screenshots are left in pytest's folder for temporary files, or in the one that ``SOR_ADDRESSING_SCREENSHOTS`` names.
"""

from __future__ import annotations

import datetime as dt
import html
import re
from pathlib import Path

import pytest
from tests.browser.test_audit_report_in_chromium import chromium, folder, pytestmark

from sor_addressing import audit
from sor_addressing.quality import Audit, Packs
from sor_addressing.testing import RegisterBuilder

__all__ = ["folder", "pytestmark"]

DAY = dt.date(2026, 1, 15)
LONG = "Afdelingen for Kæbekirurgi og Tværfaglig Smertebehandling med et-meget-langt-sammensat-ord-uden-mellemrum-som-ikke-kan-brydes"

# As in the test of reports: no window can be made as narrow as a phone, and the page allows no script.
PHONE = """<!DOCTYPE html><html lang="en"><title>phone</title><body style="margin:0">
<iframe width="380" height="2000" style="border:0" srcdoc="{page}"></iframe>
<script>
addEventListener("load", () => {{
  const page = document.querySelector("iframe").contentDocument;
  page.querySelectorAll("details").forEach((one) => one.open = true);
  const wide = [...page.querySelectorAll("body *")].filter((one) =>
    !one.closest(".scrolls") && one.getBoundingClientRect().right > page.documentElement.clientWidth + 1);
  document.body.dataset.width = page.documentElement.scrollWidth;
  document.body.dataset.wide = wide.map((one) => one.outerHTML.slice(0, 80)).join(" | ");
}});
</script></html>"""


def hospital_of(day: dt.date, units: int) -> Audit:
    build = RegisterBuilder(day)
    region = build.owner("Region Nordhav")
    hospital = build.institution(region, f"Sygehuset {LONG}", types="22232009", location_number=True)
    for number in range(units):
        unit = build.unit(hospital, f"{LONG if number % 9 == 0 else 'Afsnit'} {number}", location_number=True)
        if number % 7 == 0:
            build.registers(unit, "DIS91 D9134L", "XDIS91 XD9134L", "HYGIEJNE1", send=True, receive=True)
    build.institution(region, "Sygehus Fejlfrit", types="22232009")
    return audit(build.build())


@pytest.fixture(scope="module", params=["da", "en"])
def packs(request: pytest.FixtureRequest, folder: Path) -> Packs:
    now, before = hospital_of(DAY, 700), hospital_of(DAY - dt.timedelta(7), 800)
    return now.packs(folder / f"packs-{request.param}", language=request.param, before=before, until=DAY, csv_only=True)


def test_a_pack_and_the_overview_are_shown_as_they_were_written(packs: Packs, folder: Path) -> None:
    for page in (packs.packs[0].folder / "page.html", packs.index):
        ended = chromium(folder, page, "--dump-dom", "--enable-logging=stderr")
        assert "Content Security Policy" not in ended.stderr
        for tag in ("table", "svg", "details", "ol", "h2", "a"):
            assert ended.stdout.count(f"<{tag} ") == page.read_text("utf-8").count(f"<{tag} ")


def test_neither_is_wider_than_a_phone(packs: Packs, folder: Path) -> None:
    for page in (packs.packs[0].folder / "page.html", packs.index):
        text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page.read_text("utf-8"))
        phone = folder / f"phone-{page.name}"
        phone.write_text(PHONE.format(page=html.escape(text)), "utf-8")
        dom = chromium(folder, phone, "--dump-dom").stdout
        told = {name: html.unescape(value) for name, value in re.findall(r'data-(\w+)="([^"]*)"', dom)}
        assert (int(told["width"]) <= 380, told["wide"]) == (True, "")


def test_a_printed_page_leaves_long_lists_to_the_list(packs: Packs, folder: Path) -> None:
    target = folder / "pack.pdf"
    chromium(folder, packs.packs[0].folder / "page.html", "--no-pdf-header-footer", f"--print-to-pdf={target}")
    assert 2 <= len(re.findall(rb"/Type\s*/Page\b", target.read_bytes())) <= 10
