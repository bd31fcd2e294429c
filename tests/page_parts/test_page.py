"""Pages and charts: one file, everything escaped, readable without colour."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from sor_addressing.pages.charts import COLOURS, Bar, Line, bars, lines
from sor_addressing.pages.document import contents, details, items, page, paragraph, section, table

NASTY = "<script>alert('&\"')</script>"


class Reader(HTMLParser):
    """Which elements a page has, and whether they are closed as they were opened."""

    VOID = frozenset({"meta", "rect", "line", "polyline", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    assert reader.open == []
    return reader


def test_a_page_is_whole_and_loads_nothing():
    html = page(
        NASTY, "da", [paragraph(NASTY), section("a", NASTY, [items([NASTY]), details(NASTY, [paragraph("x")])])]
    )
    found = read(html)
    assert "script" not in found.tags
    assert html.startswith("<!DOCTYPE html>")
    assert '<html lang="da">' in html
    assert "default-src 'none'" in html
    assert not re.search(r"(src|href)=\"(?!#)", html)
    assert found.text.count(NASTY) == 6


def test_links_lead_to_sections_and_tables_tell_numbers_from_texts():
    html = contents([("one", "Én")]) + table(["a", "b"], [["x", "1"], [NASTY, "2"]], numeric={1})
    found = read(html)
    assert '<a href="#one">Én</a>' in html
    assert html.count("class=number") == 3
    assert found.tags.count("tr") == 3


def test_bars_are_as_long_as_their_share_and_say_their_numbers_in_words():
    html = bars([Bar("Region", "3 og 1", (3, 1)), Bar("Kommune", "2", (2, 0)), Bar("Ingen", "0", (0, 0))])
    read(html)
    assert re.findall(r'width="([\d.]+)"', html) == ["75.00", "25.00", "50.00"]
    assert html.count(COLOURS[0]) == 2
    assert "Region: 3 og 1" in html
    assert bars([]) == ""


def test_lines_go_from_the_first_day_to_the_last_and_are_told_apart_without_colour():
    html = lines(["2026-01-15", "2026-01-16", "2026-01-19"], [Line("a", [0, 2, 4]), Line(NASTY, [1, 1, 1])], "label")
    found = read(html)
    assert found.tags.count("polyline") == 2
    assert len(set(re.findall(r'stroke-dasharray="([^"]+)"', html))) == 2
    assert "2026-01-15" in html
    assert f"{NASTY}: 1" in "".join(found.text)
    assert lines(["2026-01-15"], [Line("a", [1])], "label") == ""
    assert "NaN" not in lines(["a", "b"], [Line("a", [0, 0])], "label")
