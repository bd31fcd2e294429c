"""A review as one HTML file."""

from __future__ import annotations

import io

import pytest

from sor_addressing import Register, review
from sor_addressing.changes.review import html as review_html

BOOK = [
    {"key": "1", "sor_code": "9005001000016002", "name": "Klinikken <b>"},
    {"key": "2", "location_number": "5790999000314", "message_types": "DIS91"},
    {"key": "3", "location_number": "5790999099998"},
    {"key": "4", "provider_number": "990003"},
]


def html(**options: object) -> str:
    register = Register.sample()
    stream = io.StringIO()
    review(BOOK, register).to_html(stream, register=register, **options)  # type: ignore[arg-type]
    return stream.getvalue()


@pytest.mark.parametrize(("language", "said"), [("da", "Organisationer i bogen"), ("en", "Organisations in the book")])
def test_a_review_is_one_page_with_reasons_entries_and_a_tree(language, said):
    found = html(language=language)
    assert said in found
    assert "Klinikken &lt;b&gt;" in found
    assert "<b>" not in found
    assert 'id="broken"' in found
    assert "9005081000016005" in found, "the successor is suggested"
    assert "Lægehuset Entydig (9000311000016009)" in found
    assert found.count("<details") == found.count("</details>")


def test_what_is_left_out_is_counted(monkeypatch):
    monkeypatch.setattr(review_html, "MOST_ENTRIES", 1)
    assert "entries more." in html()


def test_without_a_register_there_is_no_tree():
    stream = io.StringIO()
    review(BOOK, Register.sample()).to_html(stream)
    assert 'id="organisations"' not in stream.getvalue()
