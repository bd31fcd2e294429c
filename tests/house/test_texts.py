"""Every sentence that people read stands in Danish and in English, and both speak of the same things."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

import sor_addressing
from sor_addressing.addressing.findings import Finding
from sor_addressing.addressing.severities import DEFAULT_SEVERITIES
from sor_addressing.identifiers import IdentifierKind
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


KINDS_IN_DANISH = {
    "sor_code": "en SOR-kode",
    "location_number": "et lokationsnummer",
    "provider_number": "et ydernummer",
    "shak_code": "en SHAK-kode",
    "cvr_number": "et CVR-nummer",
}


@pytest.mark.parametrize("kind", IdentifierKind)
def test_a_kind_of_identifier_has_its_danish_gender(kind: IdentifierKind) -> None:
    details = {"identifier": "9,00001E+15", "kind": kind, "found": kind, "expected": "0"}
    for code in ("identifier-mangled", "identifier-in-wrong-column", "identifier-malformed", "check-digit-wrong"):
        assert f" {KINDS_IN_DANISH[kind]}" in Finding(code, DEFAULT_SEVERITIES[code], details).text("da")
        assert "en SOR" not in Finding(code, DEFAULT_SEVERITIES[code], details).text("en")
    assert (
        Finding("identifier-mangled", DEFAULT_SEVERITIES["identifier-mangled"])
        .text("da")
        .startswith('"?" er ikke længere ?')
    )


def test_no_danish_text_guesses_at_the_gender_of_what_is_filled_in() -> None:
    """``{kind:a}`` is the word with its article; an envelope is *en* whatever its kind."""
    guessed = [
        (subject, code)
        for subject in SUBJECTS
        for code, texts in entries(subject).items()
        if re.search(r"\b(?:et|en|intet|ingen|dette|denne|noget|nogen) \{(?!\w+:a\})", texts["da"])
    ]
    assert guessed == [("letters", "in-envelope")]
