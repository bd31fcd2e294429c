"""Every sentence that people read stands in Danish and in English, and both speak of the same things."""

from __future__ import annotations

import string
from pathlib import Path

import pytest

import sor_addressing
from sor_addressing.addressing.severities import DEFAULT_SEVERITIES
from sor_addressing.texts import LANGUAGES, entries

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


def test_the_codes_with_a_severity_are_the_codes_with_a_text() -> None:
    assert {name.partition(".")[0] for name in entries("findings")} == set(DEFAULT_SEVERITIES)
