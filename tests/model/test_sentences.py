"""Sentences: a text for every code, its names filled in, words in the language of the sentence."""

from __future__ import annotations

import enum
import re

import pytest

from sor_addressing import texts
from sor_addressing.addressing.severities import DEFAULT_SEVERITIES, Severity
from sor_addressing.addressing.support import Direction
from sor_addressing.identifiers import IdentifierKind
from sor_addressing.messages.conversions import Converter
from sor_addressing.texts import LANGUAGES, entries, text_of


@pytest.fixture
def say(monkeypatch):
    """Fills a template given in both languages."""

    def filled(template: str, language: str = "en", **values: object) -> str:
        subjects = {"try": {"it": dict.fromkeys(LANGUAGES, template)}, "names": entries("names")}
        monkeypatch.setattr(texts, "entries", subjects.__getitem__)
        return text_of("try", "it", language, values)

    return filled


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", DEFAULT_SEVERITIES)
def test_every_finding_code_has_a_text_that_stands_by_itself(code, language):
    text = text_of("findings", code, language, {})
    template = entries("findings")[code][language].replace(":a}", "}")  # with an article, where there is a word
    template = re.sub(r":[^{}|]*\|([^{}|]*)\}", r"} \1", template)  # the word that fits a number
    assert text == template.format_map(dict.fromkeys(names_in(code, language), "?"))
    assert "{" not in text
    assert text.endswith((".", "?"))


def names_in(code: str, language: str) -> set[str]:
    import string

    return {name for _, name, _, _ in string.Formatter().parse(entries("findings")[code][language]) if name}


@pytest.mark.parametrize("language", ["de", "DA", "", "english", None])
def test_another_language_is_refused(language):
    with pytest.raises(ValueError, match=f"^no texts in language {language!r}: use 'da' or 'en'$"):
        text_of("findings", "unit-closed", language, {})


def test_a_code_without_a_text_is_a_key_error():
    with pytest.raises(KeyError, match="no-such-code"):
        text_of("findings", "no-such-code", "en", {})


def test_names_are_filled_in_and_missing_ones_are_question_marks(say):
    assert say("{a}, {b}, {c}", a="x", b=None) == "x, ?, ?"
    assert say("{a}", a="{b}", b="never filled twice") == "{b}"
    assert say("{a} {b}", a=0, b="") == "0 "


@pytest.mark.parametrize(
    ("language", "values", "text"),
    [
        ("en", {"a": True, "b": False}, "yes no"),
        ("da", {"a": True, "b": False}, "ja nej"),
        ("en", {"a": (), "b": []}, "– –"),
        ("en", {"a": ("x", 1, None), "b": ["y"]}, "x, 1, ? y"),
        ("en", {"a": IdentifierKind.SOR_CODE, "b": Converter.SENDER_OPERATOR}, "SOR code the sender's net operator"),
        ("da", {"a": IdentifierKind.SHAK_CODE, "b": Direction.RECEIVE}, "SHAK-kode at modtage"),
        ("da", {"a": (IdentifierKind.SOR_CODE, True), "b": "sor_code"}, "SOR-kode, ja sor_code"),
    ],
)
def test_values_are_shown_in_the_language_of_the_sentence(say, language, values, text):
    assert say("{a} {b}", language, **values) == text


def test_an_enum_without_a_word_of_its_own_is_shown_as_its_value(say):
    class Other(enum.StrEnum):
        ONE = "one of them"

    assert say("{a}", a=Other.ONE) == "one of them"


@pytest.mark.parametrize("kind", [IdentifierKind, Converter, Direction, Severity], ids=lambda kind: kind.__name__)
def test_every_word_that_stands_in_sentences_is_translated(kind):
    words = {member: entries("names").get(member) for member in kind}
    assert all(word is not None and set(word) - {"article"} == set(LANGUAGES) for word in words.values()), words
    for language in LANGUAGES:
        shown = [text_of("explain", "reason", language, {"severity": member, "text": "."}) for member in kind]
        assert shown == [f"{words[member][language]}: ." for member in kind]
        assert len(set(shown)) == len(shown)


def test_texts_are_read_once():
    assert entries("findings") is entries("findings")
