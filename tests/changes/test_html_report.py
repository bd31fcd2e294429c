"""A comparison as one HTML file: counts, causes, the tree of organisations, and the days before."""

from __future__ import annotations

import datetime as dt
import io

import pytest

from sor_addressing import Register, compare
from sor_addressing.changes import Comparison
from sor_addressing.changes.compare import html as html_report
from sor_addressing.testing import RegisterBuilder, made_up_nation
from sor_addressing.testing.numbers import location_number, sor_code

FIRST = dt.date(2026, 1, 15)


def day(number: int, name: str = "Klinikken", *, with_number: bool = True, wards: int = 3) -> Register:
    build = RegisterBuilder(FIRST + dt.timedelta(number))
    region = build.owner("Region <Opdigt> & Co", sor_code=sor_code(10))
    given = {"location_number": location_number(1)} if with_number else {}
    house = build.institution(region, name, sor_code=sor_code(11), **given)
    for ward in range(wards):
        build.unit(house, f"Afsnit {ward}", sor_code=sor_code(20 + ward), inherits=True)
    return build.build()


def html(comparison: Comparison, **options: object) -> str:
    stream = io.StringIO()
    comparison.to_html(stream, **options)  # type: ignore[arg-type]
    return stream.getvalue()


@pytest.mark.parametrize(("language", "said"), [("da", "Berørte organisationer"), ("en", "Organisations affected")])
def test_a_comparison_is_one_page_with_its_tree_causes_and_days(language, said):
    registers = (day(0), day(2, "Klinikken <ved> Åen", with_number=False))
    between = day(1, "Klinikken <ved> Åen")
    days = [compare(registers[0], between), compare(between, registers[1])]
    found = html(compare(*registers), language=language, registers=registers, days=days)
    assert said in found
    assert "Klinikken &lt;ved&gt; Åen" in found
    assert "<ved>" not in found
    assert "Region &lt;Opdigt&gt; &amp; Co (9000101000016005): 5" in found
    assert found.count("<polyline") == 3
    assert found.count("</details>") == found.count("<details")
    assert f'lang="{language}"' in found


def test_without_registers_there_is_no_tree_and_without_days_no_chart():
    found = html(compare(day(0), day(1, "Ny")))
    assert 'id="organisations"' not in found
    assert "<polyline" not in found
    assert 'id="changes"' in found


def test_a_comparison_without_changes_says_so():
    found = html(compare(day(0), day(0)), registers=(day(0),))
    assert "Nothing changed." in found
    assert 'id="changes"' not in found


def test_what_is_left_out_of_a_long_page_is_said(monkeypatch):
    monkeypatch.setattr(html_report, "MOST_CHANGES", 1)
    monkeypatch.setattr(html_report, "_MOST_EFFECTS", 1)
    found = html(compare(day(0), day(1, with_number=False)))
    assert "1 of 4 are shown here." in found
    assert "1 of 3 are shown here." in found


def test_every_unit_that_changed_is_in_the_tree():
    old = made_up_nation(400, seed=3, snapshot_date=FIRST).to_register()
    new = made_up_nation(400, seed=4, snapshot_date=FIRST + dt.timedelta(1)).to_register()
    comparison = compare(old, new)
    found = html(comparison, registers=(old, new))
    tree = found.partition('id="organisations"')[2].partition("</section>")[0]
    assert len(comparison) > 100
    assert [one.sor_code for one in comparison if f"({one.sor_code})" not in tree] == []
