"""Every sentence that people read stands in Danish and in English, and both speak of the same things."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

import sor_addressing
from sor_addressing.texts import LANGUAGES, entries

ROOT = Path(__file__).parents[2]
SUBJECTS = sorted(path.stem for path in (Path(sor_addressing.__file__).parent / "texts").glob("*.toml"))


def placeholders(template: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(template) if field is not None}


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_text_stands_in_both_languages_with_the_same_names_to_fill_in(subject: str) -> None:
    different = {
        code: texts
        for code, texts in entries(subject).items()
        if not set(LANGUAGES) <= set(texts)
        or not all(texts[language].strip() for language in LANGUAGES)
        or len({frozenset(placeholders(texts[language])) for language in LANGUAGES}) > 1
    }
    assert different == {}


def test_the_page_of_findings_says_once_how_severe_each_is() -> None:
    lists = (ROOT / "docs" / "findings.md").read_text("utf-8").partition("## Their texts")[0]
    listed = re.findall(r"`([a-z-]+)`", lists)
    assert len(listed) == len(set(listed))
    assert set(entries("findings")) - set(listed) == set()
